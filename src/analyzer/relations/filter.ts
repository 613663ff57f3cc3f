import type { AliasExpr, Attr, Expr } from "../../functions/expr.ts";
import type { Expression } from "../../plan/expression.ts";
import type { Origin } from "../../plan/origin.ts";
import type { Filter, Having, Qualify, Relation } from "../../plan/relation.ts";
import { quotedSqlType } from "../../types/format.ts";
import { bindCast } from "../bind-cast.ts";
import { findAggregate, findGenerator, findWindow, hasAggregate, hasOuter } from "../checks.ts";
import { fail, qualifiedText, quotedExpr, unresolvedColumn } from "../errors.ts";
import { exprKey } from "../expr-key.ts";
import { attrsIn, rewriteExpr } from "../expr-rewrite.ts";
import { resolveExpr, trim } from "../expressions.ts";
import { resolveRelation } from "../relations.ts";
import type { ExprEnv, RelationScope, Resolved } from "../scope.ts";
import { type AnalysisState, isAggregateCall } from "../state.ts";
import type { Step } from "../steps.ts";
import { checkBareWindowFunctions } from "../windows.ts";
import { aggregateOver } from "./aggregate.ts";
import { over } from "./exact.ts";
import { envWithMissing, extendFor, overPipe } from "./missing.ts";
import { trimTo } from "./sort.ts";

export function* resolveFilter(rel: Filter, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  const below = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  const input = rel.isPipe === true ? overPipe(below) : below;
  const env: ExprEnv =
    input.grouped === undefined
      ? envWithMissing(input, scope)
      : { inputs: [input], scope, lookups: () => [groupedInput(input)] };
  const written = trim((yield resolveExpr(rel.condition, env, state)) as Expr);
  const condition = withOuterAggregates(written, scope, state);
  if (input.grouped !== undefined && (hasAggregate(condition) || !readsOnly(condition, input))) {
    checkBoolean(condition, rel.origin);
    const added = addGrouped(input, [condition], rel.condition.origin);
    const filtered = over(added.resolved, (plan) => ({
      kind: "RFilter",
      input: plan,
      condition: added.exprs[0] as Expr,
    }));
    return trimTo(filtered, input.output);
  }
  checkCondition(condition, rel.origin);
  const extended = extendFor(input, [condition]);
  if (extended === undefined) throw unresolvedFrom(rel.condition, condition, input);
  const filtered = over(extended, (plan) => ({ kind: "RFilter", input: plan, condition }));
  return extended === input ? filtered : trimTo(filtered, input.output);
}

function groupedInput(input: Resolved): Resolved {
  return input.grouped?.input as Resolved;
}

/** Whether the expression reads no columns but the relation's own. */
export function readsOnly(e: Expr, input: Resolved): boolean {
  return extendFor(withoutBelow(input), [e]) !== undefined;
}

function withoutBelow({ below: _, ...rest }: Resolved): Resolved {
  return rest;
}

function withoutGroups({ grouped: _, ...rest }: Resolved): Resolved {
  return rest;
}

/** Adds to a grouped query what stands above it; a column that is neither grouped nor aggregated is not there at all. */
export function addGrouped(
  input: Resolved,
  exprs: readonly Expr[],
  origin: Origin | undefined,
): { readonly resolved: Resolved; readonly exprs: readonly Expr[] } {
  try {
    return (input.grouped as NonNullable<Resolved["grouped"]>).add(exprs);
  } catch (error) {
    throw notGrouped(error, input, exprs, origin);
  }
}

function notGrouped(
  error: unknown,
  input: Resolved,
  exprs: readonly Expr[],
  origin: Origin | undefined,
): unknown {
  const { condition } = conditionOf(error);
  if (condition !== "MISSING_AGGREGATION" && condition !== "MISSING_GROUP_BY") return error;
  const known = new Set(input.output.map((a) => a.id));
  for (const e of exprs) {
    const stray = strayColumn(e, known, input);
    if (stray !== undefined) return unresolvedColumn(stray.parts, input.output, stray.origin ?? origin);
  }
  return error;
}

function conditionOf(error: unknown): { readonly condition: string | undefined } {
  const e = error as { getCondition?: () => string };
  return { condition: typeof e?.getCondition === "function" ? e.getCondition() : undefined };
}

function strayColumn(
  root: Expr,
  known: ReadonlySet<number>,
  input: Resolved,
): { readonly parts: readonly string[]; readonly origin: Origin | undefined } | undefined {
  const stack: Expr[] = [root];
  for (let e = stack.pop(); e !== undefined; e = stack.pop()) {
    if (findAggregate(e) === e) continue;
    if (e.kind === "Attr" && !known.has(e.id) && !isGroupedBy(e, input))
      return { parts: [e.name], origin: e.origin };
    if (e.kind === "Call") stack.push(...[...e.args].reverse());
    else if (e.kind === "CastExpr" || e.kind === "AliasExpr" || e.kind === "SortExpr") stack.push(e.child);
  }
  return undefined;
}

function isGroupedBy(e: Expr, input: Resolved): boolean {
  if (input.grouped === undefined) return false;
  try {
    input.grouped.add([e]);
    return true;
  } catch {
    return false;
  }
}

export function checkBoolean(condition: Expr, origin: Origin | undefined): void {
  if (condition.type.kind === "boolean" || condition.type.kind === "null") return;
  throw fail(
    "DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN",
    { sqlExpr: quotedExpr(condition), filter: quotedExpr(condition), type: quotedSqlType(condition.type) },
    origin,
  );
}

function checkCondition(condition: Expr, origin: Origin | undefined): void {
  checkBareWindowFunctions(condition, origin);
  if (findWindow(condition) !== undefined)
    throw fail("WINDOW_FUNCTION_NOT_ALLOWED_IN_CLAUSE", { clauseName: "WHERE" });
  if (findGenerator(condition) !== undefined) {
    throw fail("UNSUPPORTED_GENERATOR.OUTSIDE_SELECT", {
      plan: `'Filter ${quotedExpr(condition).slice(1, -1)}`,
    });
  }
  checkBoolean(condition, origin);
  const aggregate = findAggregate(condition);
  if (aggregate !== undefined) {
    throw fail(
      "INVALID_WHERE_CONDITION",
      { condition: quotedExpr(condition), expressionList: qualifiedText(aggregate) },
      origin,
    );
  }
}

/** A name found further below that cannot be handed up. */
export function unresolvedFrom(written: Expression, resolved: Expr, input: Resolved): Error {
  const stray = strayColumn(resolved, new Set(input.output.map((a) => a.id)), withoutGroups(input));
  return unresolvedColumn(stray?.parts ?? ["?"], input.output, stray?.origin ?? written.origin);
}

/** HAVING. Without GROUP BY the select list below it is of one group. */
export function* resolveHaving(rel: Having, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  const input = (yield resolveGroupedInput(rel.input, scope, state)) as Resolved;
  const { grouped } = input;
  if (grouped === undefined) {
    return (yield resolveFilter({ ...rel, kind: "Filter", input: rel.input }, scope, state)) as Resolved;
  }
  const outerAggregates = new Map<string, AliasExpr>();
  const env: ExprEnv = {
    inputs: [input],
    scope,
    lookups: () => [grouped.input],
    insideAggregate: grouped.input,
    grouped,
    passesAmbiguity: true,
    outerAggregates,
  };
  const resolved = trim((yield resolveExpr(rel.condition, env, state)) as Expr);
  // Whatever is not a predicate by its form is taken for one.
  const condition =
    resolved.type.kind === "boolean"
      ? resolved
      : bindCast(
          resolved,
          { kind: "Cast", expr: rel.condition, type: { kind: "boolean" }, ...originOf(rel) },
          state,
        );
  if (findWindow(condition) !== undefined)
    throw fail("WINDOW_FUNCTION_NOT_ALLOWED_IN_CLAUSE", { clauseName: "HAVING" });
  try {
    return grouped.having(condition, [...outerAggregates.values()]);
  } catch (error) {
    throw notGrouped(error, input, [condition], rel.condition.origin);
  }
}

function originOf(rel: Having): { readonly origin?: Origin } {
  return rel.origin === undefined ? {} : { origin: rel.origin };
}

/**
 * Aggregates of the enclosing query in a condition of a subquery: all they compute over is that query's. They become
 * columns of it.
 */
function withOuterAggregates(condition: Expr, scope: RelationScope, state: AnalysisState): Expr {
  const known = scope.outer?.env.outerAggregates;
  if (known === undefined || !hasAggregate(condition)) return condition;
  return rewriteExpr(condition, (e) => {
    if (!isAggregateCall(e) || attrsIn(e).length > 0 || !hasOuter(e)) return undefined;
    const own = rewriteExpr(e, (x) => (x.kind === "OuterAttr" ? x.attr : undefined));
    const key = exprKey(own);
    let alias = known.get(key);
    if (alias === undefined) {
      alias = {
        kind: "AliasExpr",
        child: own,
        id: state.nextId(),
        name: state.pretty(own),
        type: e.type,
        nullable: e.nullable,
      };
      known.set(key, alias);
    }
    const attr: Attr = {
      kind: "Attr",
      id: alias.id,
      name: alias.name,
      type: e.type,
      nullable: e.nullable,
      qualifier: [],
    };
    return { kind: "OuterAttr", attr, type: e.type, nullable: e.nullable };
  });
}

function* resolveGroupedInput(rel: Relation, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  if (rel.kind !== "Project" || rel.input === undefined)
    return (yield resolveRelation(rel, scope, state)) as Resolved;
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  return (yield aggregateOver(
    input,
    {
      kind: "Aggregate",
      input: rel.input,
      groupType: "groupby",
      groupingExpressions: [],
      aggregateExpressions: rel.expressions,
      isSelectList: true,
      ...(rel.origin === undefined ? {} : { origin: rel.origin }),
    },
    scope,
    state,
  )) as Resolved;
}

function hasWindowColumn(input: Resolved): boolean {
  return input.plan.kind === "RProject" && input.plan.columns.some((c) => findWindow(c) !== undefined);
}

/** QUALIFY: a filter that sees window functions, over the select list and what lies below it. */
export function* resolveQualify(rel: Qualify, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  const { grouped } = input;
  const env: ExprEnv =
    grouped === undefined
      ? envWithMissing(input, scope)
      : { inputs: [input], scope, lookups: () => [grouped.input], insideAggregate: grouped.input };
  const condition = trim((yield resolveExpr(rel.condition, env, state)) as Expr);
  checkBoolean(condition, rel.origin);
  if (findWindow(condition) === undefined && !hasWindowColumn(input)) {
    throw fail("QUALIFY_REQUIRES_WINDOW_FUNCTION", {}, rel.origin);
  }
  if (grouped === undefined && hasAggregate(condition))
    throw fail("QUALIFY_AGGREGATE_NOT_ALLOWED", {}, rel.origin);
  let source = input;
  let test = condition;
  if (grouped !== undefined) {
    const added = addGrouped(input, [condition], rel.condition.origin);
    source = added.resolved;
    test = added.exprs[0] as Expr;
  } else {
    const extended = extendFor(input, [condition]);
    if (extended === undefined) throw unresolvedFrom(rel.condition, condition, input);
    source = extended;
  }
  const id = state.nextId();
  const flag = {
    kind: "Attr",
    id,
    name: "qualify",
    type: test.type,
    nullable: test.nullable,
    qualifier: [],
  } as const;
  const plan = {
    kind: "RFilter",
    input: {
      kind: "RProject",
      input: source.plan,
      columns: [
        ...source.output,
        ...source.hidden,
        { kind: "AliasExpr", child: test, id, name: "qualify", type: test.type, nullable: test.nullable },
      ],
    },
    condition: flag,
  } as const;
  return trimTo({ ...source, plan }, input.output);
}
