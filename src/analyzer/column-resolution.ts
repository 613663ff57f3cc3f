import type { Attr, Expr } from "../functions/expr.ts";
import { childrenOf } from "../functions/expr-tree.ts";
import type { UnresolvedAttribute } from "../plan/expression.ts";
import type { Origin } from "../plan/origin.ts";
import { quoteIfNeeded } from "../types/format.ts";
import { AttributeNames } from "./attribute-names.ts";
import { ambiguousReference, fail, unresolvedColumn } from "./errors.ts";
import { withChildren } from "./expr-rewrite.ts";
import { extractField } from "./extract-value.ts";
import { splitName } from "./names.ts";
import type { ExprEnv, PlanIds, Resolved } from "./scope.ts";
import type { AnalysisState } from "./state.ts";
import { quoteParts } from "./suggestions.ts";

/** Names that are functions without parentheses where no column has them. */
const LITERAL_FUNCTIONS: Readonly<Record<string, string>> = {
  current_date: "current_date",
  current_timestamp: "current_timestamp",
  current_user: "current_user",
  user: "current_user",
  session_user: "current_user",
  grouping__id: "grouping_id",
  current_time: "current_time",
};

/** How a use of an alias to the left in the same select list is printed. */
export const LATERAL = "lateralAliasReference";

export function nameParts(e: UnresolvedAttribute): readonly string[] {
  return e.nameParts ?? splitName(e.unparsedIdentifier, e.origin);
}

/**
 * What a column name means here: a column (of the inputs, an alias to the left in the same select list, an enclosing
 * query), a field inside one, a function that needs no parentheses, a variable.
 */
export function resolveColumn(e: UnresolvedAttribute, env: ExprEnv, state: AnalysisState): Expr {
  const parts = nameParts(e);
  const found =
    e.planId === undefined
      ? lookUp(parts, env, state, e.origin, e.isMetadataColumn === true)
      : lookUpByPlanId(e, parts, e.planId, env, state);
  return found === undefined ? failUnresolved(e, parts, env) : found;
}

function failUnresolved(e: UnresolvedAttribute, parts: readonly string[], env: ExprEnv): never {
  if (e.planId !== undefined) {
    throw fail("CANNOT_RESOLVE_DATAFRAME_COLUMN", { name: `"${parts.join(".")}"` }, e.origin);
  }
  throw unresolvedColumn(
    parts,
    env.inputs.flatMap((i) => i.output),
    e.origin,
  );
}

/** As `resolveColumn`, without the error. */
export function lookUp(
  parts: readonly string[],
  env: ExprEnv,
  state: AnalysisState,
  origin: Origin | undefined,
  isMetadata = false,
): Expr | undefined {
  const local = lookUpLocal(parts, env, state, origin, isMetadata);
  if (local !== undefined) return local;
  return lookUpOuter(parts, env, state, origin) ?? lookUpVariable(parts, env, state, origin);
}

function lookUpLocal(
  parts: readonly string[],
  env: ExprEnv,
  state: AnalysisState,
  origin: Origin | undefined,
  isMetadata: boolean,
): Expr | undefined {
  const find = (inputs: readonly Resolved[]) =>
    findIn(inputs, parts, state, origin, isMetadata, env.passesAmbiguity === true);
  if (env.isInAggregate === true && env.insideAggregate !== undefined) {
    const inside = find([env.insideAggregate]);
    if (inside !== undefined) return inside;
  } else if (env.grouped !== undefined) {
    const grouping = find([env.grouped.input]);
    if (grouping !== undefined && env.grouped.covers(grouping)) return grouping;
  }
  const own = find(env.inputs);
  if (own !== undefined) return own;
  for (const other of env.lookups?.() ?? []) {
    const found = find([other]);
    if (found !== undefined) return found;
  }
  for (const below of env.hiddenBelow?.() ?? []) {
    if (below.hidden.length === 0 || parts.length < 2) continue;
    const hidden = find([{ ...below, output: [] }]);
    if (hidden !== undefined) return hidden;
  }
  const lateral = env.lateral?.find(parts[0] as string) ?? [];
  if (lateral.length > 1) {
    throw fail(
      "AMBIGUOUS_LATERAL_COLUMN_ALIAS",
      { name: quoteParts(parts.slice(0, 1)), n: `${lateral.length}` },
      origin,
    );
  }
  const [alias] = lateral;
  if (alias !== undefined) {
    const attr: Attr = {
      kind: "Attr",
      id: alias.id,
      name: `${LATERAL}(${parts[0]})`,
      type: alias.type,
      nullable: alias.nullable,
      qualifier: [],
      ...(origin === undefined ? {} : { origin }),
    };
    return withFields(attr, parts.slice(1), state, origin);
  }
  // `p`, `p.field`, `function.p`.
  for (const at of env.parameters === undefined ? [] : [0, 1]) {
    const parameter = env.parameters?.get((parts[at] ?? "").toLowerCase());
    if (parameter !== undefined) return withFields(parameter, parts.slice(at + 1), state, origin);
  }
  const literal = parts.length === 1 ? LITERAL_FUNCTIONS[(parts[0] as string).toLowerCase()] : undefined;
  return literal === undefined ? undefined : state.call(literal, [], origin);
}

/** Looks the name up among the inputs' columns taken together. */
function findIn(
  inputs: readonly Resolved[],
  parts: readonly string[],
  state: AnalysisState,
  origin: Origin | undefined,
  isMetadata: boolean,
  passesAmbiguity = false,
): Expr | undefined {
  const visible = isMetadata ? [] : joined(inputs, "output");
  const found = AttributeNames.of(visible, state.conf.caseSensitive).find(parts);
  if (found.attrs.length > 1) {
    if (passesAmbiguity) return undefined;
    throw ambiguousReference(parts, found.attrs, origin);
  }
  const [attr] = found.attrs;
  if (attr !== undefined) return named(attr, parts, found.used, state, origin);
  const hidden = joined(inputs, "hidden");
  if (hidden.length === 0) return undefined;
  const behind = AttributeNames.of(hidden, state.conf.caseSensitive).find(parts);
  if (behind.attrs.length > 1) throw ambiguousReference(parts, behind.attrs, origin);
  const [other] = behind.attrs;
  return other === undefined ? undefined : named(other, parts, behind.used, state, origin);
}

const joinedOutputs = new WeakMap<
  readonly Resolved[],
  { output?: readonly Attr[]; hidden?: readonly Attr[] }
>();

function joined(inputs: readonly Resolved[], which: "output" | "hidden"): readonly Attr[] {
  if (inputs.length === 1) return (inputs[0] as Resolved)[which];
  let known = joinedOutputs.get(inputs);
  if (known === undefined) {
    known = {};
    joinedOutputs.set(inputs, known);
  }
  known[which] ??= inputs.flatMap((i) => i[which]);
  return known[which] as readonly Attr[];
}

/** The column in the spelling of whoever asked for it, then the fields inside it. */
function named(
  attr: Attr,
  parts: readonly string[],
  used: number,
  state: AnalysisState,
  origin: Origin | undefined,
): Expr {
  const name = parts[used - 1] as string;
  const column =
    name === attr.name && origin === undefined
      ? attr
      : { ...attr, name, ...(origin === undefined ? {} : { origin }) };
  return withFields(column, parts.slice(used), state, origin);
}

function withFields(
  e: Expr,
  fields: readonly string[],
  state: AnalysisState,
  origin: Origin | undefined,
): Expr {
  return fields.reduce((inner, field) => extractField(inner, field, state, origin), e);
}

function lookUpOuter(
  parts: readonly string[],
  env: ExprEnv,
  state: AnalysisState,
  origin: Origin | undefined,
): Expr | undefined {
  const outer = env.scope.outer;
  if (outer === undefined) return undefined;
  let found: Expr | undefined;
  try {
    found = lookUpLocal(parts, { ...outer.env, lateral: undefined } as ExprEnv, state, undefined, false);
  } catch {
    return undefined;
  }
  return found === undefined ? undefined : asOuter(found, origin);
}

/** Columns of the enclosing query, marked as such. */
function asOuter(e: Expr, origin: Origin | undefined): Expr {
  if (e.kind === "Attr") {
    return {
      kind: "OuterAttr",
      attr: e,
      type: e.type,
      nullable: e.nullable,
      ...(origin === undefined ? {} : { origin }),
    };
  }
  const children = childrenOf(e);
  return children.length === 0
    ? e
    : withChildren(
        e,
        children.map((child) => asOuter(child, origin)),
      );
}

function lookUpVariable(
  parts: readonly string[],
  env: ExprEnv,
  state: AnalysisState,
  origin: Origin | undefined,
): Expr | undefined {
  if (env.scope.isInView) return undefined;
  for (let used = Math.min(3, parts.length); used > 0; used--) {
    const variable = state.references.variable(parts.slice(0, used));
    if (variable === undefined) continue;
    const { value } = variable;
    const literal: Expr = {
      kind: "Lit",
      type: variable.dataType,
      nullable: value.value === null,
      value: value.value,
      pretty: parts.slice(0, used).map(quoteIfNeeded).join("."),
    };
    return withFields(literal, parts.slice(used), state, origin);
  }
  return undefined;
}

/** `df["x"]`: the column `x` as that DataFrame gave it out, if it still reaches up to here. */
function lookUpByPlanId(
  e: UnresolvedAttribute,
  parts: readonly string[],
  planId: number,
  env: ExprEnv,
  state: AnalysisState,
): Expr | undefined {
  let isKnown = false;
  for (const level of levelsOf(env)) {
    const found = new Map<number, Expr>();
    for (const input of level) {
      const visible = new Set([...input.output, ...input.hidden].map((a) => a.id));
      for (const source of findPlan(input.planIds, planId)) {
        isKnown = true;
        const own: Resolved = {
          plan: input.plan,
          output: source.output ?? [],
          hidden: source.hidden ?? [],
          planIds: undefined,
        };
        const expr = findIn([own], parts, state, e.origin, e.isMetadataColumn === true);
        const attr = expr === undefined ? undefined : firstAttr(expr);
        if (expr !== undefined && attr !== undefined && visible.has(attr.id))
          found.set(attr.id, current(expr, attr, input));
      }
    }
    if (found.size > 1) throw fail("AMBIGUOUS_COLUMN_REFERENCE", { name: `"${parts.join(".")}"` }, e.origin);
    const [expr] = found.values();
    if (expr !== undefined) return expr;
  }
  if (isKnown || env.scope.outer === undefined) return undefined;
  const outer = lookUpByPlanId(e, parts, planId, env.scope.outer.env, state);
  return outer === undefined ? undefined : asOuter(outer, e.origin);
}

function* levelsOf(env: ExprEnv): Iterable<readonly Resolved[]> {
  yield env.inputs;
  for (const other of env.lookups?.() ?? []) yield [other];
}

/** The attribute as the input has it now: an outer join above may have made it nullable. */
function current(e: Expr, attr: Attr, input: Resolved): Expr {
  const now = input.output.find((a) => a.id === attr.id);
  if (now === undefined || now.nullable === attr.nullable) return e;
  if (e.kind === "Attr") return { ...e, nullable: now.nullable };
  return e;
}

function firstAttr(e: Expr): Attr | undefined {
  let inner = e;
  while (inner.kind === "Call" && inner.args.length > 0) inner = inner.args[0] as Expr;
  return inner.kind === "Attr" ? inner : undefined;
}

/** The nearest relations of that plan id on each way down. */
export function findPlan(root: PlanIds | undefined, planId: number): readonly PlanIds[] {
  const out: PlanIds[] = [];
  const stack: PlanIds[] = root === undefined ? [] : [root];
  for (let p = stack.pop(); p !== undefined; p = stack.pop()) {
    if (p.planId === planId) out.push(p);
    else for (let i = p.below.length - 1; i >= 0; i--) stack.push(p.below[i] as PlanIds);
  }
  return out;
}
