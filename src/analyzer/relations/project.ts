import { unsupported } from "../../errors/spark-error.ts";
import type { AliasExpr, Attr, Expr, NamedExpr } from "../../functions/expr.ts";
import { prettyExpr } from "../../functions/pretty.ts";
import { entryOf } from "../../functions/registry.ts";
import type { Origin } from "../../plan/origin.ts";
import type { Project } from "../../plan/relation.ts";
import { quoteIdentifier } from "../../types/format.ts";
import { findAggregate, findGenerator, hasAggregate } from "../checks.ts";
import { LATERAL } from "../column-resolution.ts";
import { fail, quotedExpr } from "../errors.ts";
import { attrsIn, findExpr, rewriteExpr } from "../expr-rewrite.ts";
import { attrsOf } from "../output.ts";
import { resolveRelation } from "../relations.ts";
import type { ResolvedRelation } from "../resolved-relation.ts";
import type { ExprEnv, RelationScope, Resolved } from "../scope.ts";
import { resolveItems, type SelectItem } from "../select-items.ts";
import { type AnalysisState, isAggregateCall } from "../state.ts";
import type { Step } from "../steps.ts";
import { checkBareWindowFunctions } from "../windows.ts";
import { groupItems } from "./aggregate.ts";
import { leaf } from "./exact.ts";
import { extendFor, relationsBelow } from "./missing.ts";
import { withTimeWindows } from "./time-windows.ts";

const ONE_ROW: ResolvedRelation = { kind: "ROneRow" };

export function* resolveProject(rel: Project, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  const below =
    rel.input === undefined
      ? leaf(ONE_ROW)
      : ((yield resolveRelation(rel.input, belowSelect(scope), state)) as Resolved);
  const input = (yield withTimeWindows(below, rel.expressions, scope, state)) as Resolved;
  const env: ExprEnv = { inputs: [input], scope, hiddenBelow: () => relationsBelow(input) };
  if (rel.pipeClause === "EXTEND" && rel.expressions.slice(1).some((e) => e.kind === "UnresolvedStar")) {
    throw fail("INVALID_USAGE_OF_STAR_OR_REGEX", { elem: "'*'", prettyName: "expression `pipeexpression`" });
  }
  const items = (yield resolveItems(rel.expressions, env, state)) as readonly SelectItem[];
  checkPipe(rel, items);
  // A lateral alias is no column of the input.
  const aliases = new Set(
    items.flatMap((i) => (i.kind === "column" && i.expr.kind === "AliasExpr" ? [i.expr.id] : [])),
  );
  const exprs = items.map((i) => withoutAliases(exprOf(i), aliases));
  return selectFrom(extendFor(input, exprs) ?? input, items, rel.origin, state);
}

function withoutAliases(e: Expr, aliases: ReadonlySet<number>): Expr {
  if (aliases.size === 0 || !attrsIn(e).some((a) => aliases.has(a.id))) return e;
  return rewriteExpr(e, (x) =>
    x.kind === "Attr" && aliases.has(x.id)
      ? { kind: "Lit", type: x.type, nullable: true, value: null }
      : undefined,
  );
}

/** Named windows are those of one SELECT, not of what it selects from. */
export function belowSelect(scope: RelationScope): RelationScope {
  return scope.windows === undefined ? scope : { ...scope, windows: undefined };
}

/** Aggregates belong to `|> AGGREGATE` and `|> SELECT`. */
function checkPipe(rel: Project, items: readonly SelectItem[]): void {
  if (rel.pipeClause === undefined || rel.pipeClause === "SELECT") return;
  for (const item of items) {
    const aggregate = findAggregate(exprOf(item));
    if (aggregate !== undefined) {
      throw fail(
        "PIPE_OPERATOR_CONTAINS_AGGREGATE_FUNCTION",
        { expr: prettyExpr(aggregate), clause: rel.pipeClause },
        aggregate.origin,
      );
    }
  }
}

/** A select list without GROUP BY over its input; one with aggregate functions groups all rows into one. */
export function selectFrom(
  input: Resolved,
  items: readonly SelectItem[],
  origin: Origin | undefined,
  state: AnalysisState,
): Resolved {
  if (items.some((item) => hasAggregate(exprOf(item))))
    return groupItems(input, [], undefined, items, origin, state);
  return projectItems(input, items, origin, state);
}

export function exprOf(item: SelectItem): Expr {
  return item.kind === "column" ? item.expr : item.call;
}

/** A select list over its input: aliases used by items to the right first, then generators, then the list itself. */
export function projectItems(
  input: Resolved,
  written: readonly SelectItem[],
  origin: Origin | undefined,
  state: AnalysisState,
): Resolved {
  for (const item of written) checkItem(item, origin);
  const items = written.map((item) =>
    item.kind === "generator" ? { ...item, columns: generatedColumns(item, state) } : item,
  );
  const output: Attr[] = [];
  const staged = stageAliases(input, items, state);
  let plan = staged.plan;
  const columns: NamedExpr[] = [];
  for (const item of items) {
    if (item.kind === "column") {
      const expr = staged.done.get(item.expr.id) ?? item.expr;
      columns.push(expr);
    } else {
      const generated = generate(plan, item, state);
      plan = generated.plan;
      columns.push(...generated.columns);
    }
  }
  const projection: ResolvedRelation = { kind: "RProject", input: plan, columns };
  output.push(...attrsOf(columns));
  return {
    plan: projection,
    output,
    hidden: [],
    planIds: input.planIds,
    below: {
      input,
      extend: (wider, extra) =>
        projectItems(
          wider,
          [...items, ...extra.map((expr): SelectItem => ({ kind: "column", expr }))],
          origin,
          state,
        ),
    },
  };
}

function checkItem(item: SelectItem, origin: Origin | undefined): void {
  const e = exprOf(item);
  checkBareWindowFunctions(e, origin);
  const inner = item.kind === "column" ? findGenerator(e) : undefined;
  if (inner !== undefined) {
    const top = e.kind === "AliasExpr" ? e.child : e;
    throw fail("UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS", { expression: quotedExpr(top) });
  }
  if (item.kind === "generator") {
    for (const arg of item.call.args) {
      if (findGenerator(arg) !== undefined) {
        throw fail("UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS", { expression: quotedExpr(item.call) });
      }
    }
  }
}

/**
 * Lateral column aliases: an item that uses another's alias is computed in a projection above that alias's. Gives the
 * plan below the list and, for aliases already computed there, the attribute that stands for them.
 */
function stageAliases(
  input: Resolved,
  items: readonly SelectItem[],
  _state: AnalysisState,
): { readonly plan: ResolvedRelation; readonly done: ReadonlyMap<number, NamedExpr> } {
  const aliases = new Map<number, AliasExpr>();
  const level = new Map<number, number>();
  const needed = new Set<number>();
  const levelOf = (e: Expr): number => {
    let max = 0;
    for (const a of attrsIn(e)) {
      if (!aliases.has(a.id)) continue;
      needed.add(a.id);
      max = Math.max(max, (level.get(a.id) ?? 0) + 1);
    }
    return max;
  };
  for (const item of items) {
    const e = exprOf(item);
    const own = levelOf(e);
    if (own > 0) checkLateral(e, aliases);
    if (e.kind !== "AliasExpr") continue;
    aliases.set(e.id, e);
    level.set(e.id, own);
  }
  const done = new Map<number, NamedExpr>();
  if (needed.size === 0) return { plan: input.plan, done };
  let plan = input.plan;
  let available: readonly NamedExpr[] = [...input.output, ...input.hidden];
  for (let at = 0; ; at++) {
    const now = [...needed].filter((id) => level.get(id) === at).map((id) => aliases.get(id) as AliasExpr);
    if (now.length === 0) break;
    const columns = [...available, ...now];
    plan = { kind: "RProject", input: plan, columns };
    available = attrsOf(columns);
    for (const alias of now) done.set(alias.id, asAttr(alias));
  }
  return { plan, done };
}

function asAttr(a: AliasExpr): Attr {
  return {
    kind: "Attr",
    id: a.id,
    name: a.name,
    type: a.type,
    nullable: a.nullable,
    qualifier: [],
    ...(a.metadata === undefined ? {} : { metadata: a.metadata }),
  };
}

/** Windows and aggregates do not look at aliases of the same list. */
export function checkLateral(e: Expr, aliases: ReadonlyMap<number, AliasExpr>): void {
  const window = findExpr(e, (x) => x.kind === "WindowExpr");
  if (window !== undefined) {
    const used = attrsIn(window).find((a) => aliases.has(a.id));
    if (used !== undefined) {
      throw fail("UNSUPPORTED_FEATURE.LATERAL_COLUMN_ALIAS_IN_WINDOW", {
        lca: lateralName(used),
        windowExpr: unspecifiedFrame(window),
      });
    }
  }
  const aggregate = findExpr(e, isAggregateCall);
  if (aggregate !== undefined) {
    const used = attrsIn(aggregate).find((a) => aliases.has(a.id));
    if (used !== undefined) {
      throw fail("UNSUPPORTED_FEATURE.LATERAL_COLUMN_ALIAS_IN_AGGREGATE_FUNC", {
        lca: lateralName(used),
        aggFunc: quotedExpr(aggregate),
      });
    }
  }
}

/** The window as it is printed before its frame is decided. */
function unspecifiedFrame(window: Expr): string {
  const text = quotedExpr(window);
  if (window.kind !== "WindowExpr" || !window.isDefaultFrame) return text;
  return text.replace(/(?:ROWS|RANGE) BETWEEN [A-Z ]+\)"$/, 'unspecifiedframe$())"');
}

function lateralName(a: Attr): string {
  return quoteIdentifier(a.name.slice(LATERAL.length + 1, -1));
}

/** Puts a generator over the plan; its columns under the given names or its own. */
export function generate(
  input: ResolvedRelation,
  item: Extract<SelectItem, { kind: "generator" }>,
  state: AnalysisState,
): { readonly plan: ResolvedRelation; readonly columns: readonly Attr[] } {
  const columns = generatedColumns(item, state);
  return {
    plan: { kind: "RGenerate", input, generator: item.call, isOuter: item.isOuter, columns },
    columns,
  };
}

export function generatedColumns(
  item: Extract<SelectItem, { kind: "generator" }>,
  state: AnalysisState,
  qualifier: readonly string[] = [],
): readonly Attr[] {
  if (item.columns !== undefined) return item.columns;
  const made = entryOf(item.call.fn).generates?.(item.call);
  if (made === undefined) throw unsupported(`the generator ${item.call.fn}`);
  const { names } = item;
  if (names !== undefined && names.length !== made.length) {
    throw fail("UDTF_ALIAS_NUMBER_MISMATCH", {
      aliasesSize: `${made.length}`,
      aliasesNames: names.join(","),
    });
  }
  return made.map((c, i) => ({
    kind: "Attr",
    id: state.nextId(),
    name: names?.[i] ?? c.name,
    type: c.type,
    nullable: c.nullable || item.isOuter,
    qualifier,
  }));
}
