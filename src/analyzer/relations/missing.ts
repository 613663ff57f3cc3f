import type { Attr, Expr } from "../../functions/expr.ts";
import { attrsIn } from "../expr-rewrite.ts";
import { subqueriesIn } from "../resolved-tree.ts";
import type { ExprEnv, RelationScope, Resolved } from "../scope.ts";

/** An environment over one relation whose names may also come from the relations that it stands on. */
export function envWithMissing(input: Resolved, scope: RelationScope): ExprEnv {
  return { inputs: [input], scope, lookups: () => relationsBelow(input) };
}

/**
 * What an operator of a pipe stands on: no columns from below, but still the hidden ones (the other key of a USING join)
 * of all steps before.
 */
export function overPipe(input: Resolved): Resolved {
  const hidden: Attr[] = [];
  const has = (a: Attr) => hasAttr(input, a) || hidden.some((h) => h.id === a.id);
  for (const below of relationsBelow(input)) hidden.push(...below.hidden.filter((a) => !has(a)));
  const extended = extendFor(input, hidden) ?? input;
  const { below: _, grouped: __, ...rest } = extended;
  const isNew = (a: Attr) => !input.output.some((o) => o.id === a.id);
  return {
    ...rest,
    output: input.output,
    hidden: [...extended.hidden, ...extended.output.filter(isNew)],
  };
}

export function* relationsBelow(input: Resolved): Iterable<Resolved> {
  for (let below = input.below; below !== undefined; below = below.input.below) yield below.input;
}

/**
 * The input, made to hand up every column that the expressions use: each relation on the way down is built again with
 * the missing ones in its output. Undefined when one of them cannot.
 */
export function extendFor(input: Resolved, exprs: readonly Expr[]): Resolved | undefined {
  const missing = missingFrom(input, exprs);
  if (missing.length === 0) return input;
  const levels: Resolved[] = [input];
  let open = missing;
  while (open.length > 0) {
    const below = (levels[levels.length - 1] as Resolved).below;
    if (below === undefined) return undefined;
    levels.push(below.input);
    open = open.filter((a) => !hasAttr(below.input, a));
  }
  let current = levels.pop() as Resolved;
  for (let level = levels.pop(); level !== undefined; level = levels.pop()) {
    const own = level;
    const below = current;
    const extra = missing.filter((a) => !hasAttr(own, a) && hasAttr(below, a));
    if (extra.length === 0 && own.below?.input === current) {
      current = own;
      continue;
    }
    const extended = own.below?.extend(below, extra);
    if (extended === undefined) return undefined;
    current = extended;
  }
  return current;
}

function missingFrom(input: Resolved, exprs: readonly Expr[]): readonly Attr[] {
  const seen = new Set([...input.output, ...input.hidden].map((a) => a.id));
  const out: Attr[] = [];
  for (const e of exprs) {
    const outer = subqueriesIn(e).flatMap((s) => s.outer ?? []);
    for (const a of [...attrsIn(e), ...outer]) {
      if (seen.has(a.id)) continue;
      seen.add(a.id);
      out.push(a);
    }
  }
  return out;
}

function hasAttr(r: Resolved, a: Attr): boolean {
  return r.output.some((x) => x.id === a.id) || r.hidden.some((x) => x.id === a.id);
}
