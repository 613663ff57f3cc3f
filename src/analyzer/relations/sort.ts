import type { Attr, Expr, SortExpr } from "../../functions/expr.ts";
import { evaluateLiteral, isFoldable } from "../../functions/fold.ts";
import type { Expression, SortOrder } from "../../plan/expression.ts";
import type { Origin } from "../../plan/origin.ts";
import type { Limit, Offset, Sort, Tail } from "../../plan/relation.ts";
import { INTEGER } from "../../types/data-type.ts";
import { quotedSqlType } from "../../types/format.ts";
import { findAggregate, findGenerator, findWindow, hasAggregate, isOrderable } from "../checks.ts";
import { lookUp } from "../column-resolution.ts";
import { fail, quotedExpr } from "../errors.ts";
import { resolveExpr, sortExpr, trim } from "../expressions.ts";
import { resolveRelation } from "../relations.ts";
import { subqueriesIn } from "../resolved-tree.ts";
import type { ExprEnv, RelationScope, Resolved } from "../scope.ts";
import type { AnalysisState } from "../state.ts";
import type { Step } from "../steps.ts";
import { checkSubqueryPlaces } from "../subqueries.ts";
import { checkBareWindowFunctions } from "../windows.ts";
import { exact, over } from "./exact.ts";
import { addGrouped, readsOnly, unresolvedFrom } from "./filter.ts";
import { envWithMissing, extendFor, overPipe } from "./missing.ts";

export function* resolveSort(rel: Sort, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  return (yield sortOver(input, rel, scope, state)) as Resolved;
}

export function* sortOver(
  input: Resolved,
  rel: Pick<Sort, "order" | "isGlobal" | "all" | "isPipe" | "origin">,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  if (rel.isPipe === true)
    return (yield sortOver(overPipe(input), { ...rel, isPipe: false }, scope, state)) as Resolved;
  if (input.grouped?.windowed !== undefined)
    return (yield sortOver(input.grouped.windowed, rel, scope, state)) as Resolved;
  const { grouped } = input;
  const env: ExprEnv = {
    ...(grouped === undefined
      ? envWithMissing(input, scope)
      : { inputs: [input], scope, lookups: () => [grouped.input] }),
    passesAmbiguity: true,
  };
  const order: SortExpr[] = [];
  const isAll = rel.all !== undefined && lookUp(["all"], env, state, undefined) === undefined;
  if (rel.all !== undefined && isAll) {
    for (const column of input.output) order.push(sortExpr(column, rel.all));
  }
  const items = isAll ? [] : rel.order;
  const ordinals = items.map((item) => ordinalOf(item, state));
  for (const [i, item] of items.entries()) {
    const at = ordinals[i];
    const child =
      at === undefined
        ? ((yield resolveExpr(item.child, env, state)) as Expr)
        : columnAt(at, input, item, isEarly(state));
    order.push(sortExpr(trim(child), item));
  }
  for (const o of order) checkOrder(o, rel.origin);
  if (grouped === undefined) checkSubqueryPlaces(order, "sort", "Sort");
  const isOverGroups = (o: Expr) => hasAggregate(o) || subqueriesIn(o).length > 0 || !readsOnly(o, input);
  if (grouped !== undefined && order.some(isOverGroups)) {
    const added = addGrouped(input, order, rel.order[0]?.origin);
    checkSubqueryPlaces(added.exprs, "sort", "Sort");
    const sorted = over(added.resolved, (plan) => ({
      kind: "RSort",
      input: plan,
      order: added.exprs as SortExpr[],
      isGlobal: rel.isGlobal,
    }));
    return trimTo(sorted, input.output);
  }
  for (const o of order) {
    const special = findWindow(o) ?? findAggregate(o);
    if (special !== undefined) {
      throw fail(
        "UNSUPPORTED_EXPR_FOR_OPERATOR",
        { operator: "Sort", invalidExprSqls: quotedExpr(special) },
        rel.origin,
      );
    }
  }
  const extended = extendFor(input, order);
  if (extended !== undefined) {
    for (const [i, at] of ordinals.entries()) {
      const item = items[i] as SortOrder;
      if (at !== undefined)
        order[i] = sortExpr(columnAt(at, isEarly(state) ? input : extended, item, true), item);
    }
  }
  if (extended === undefined) {
    const at = rel.order.findIndex((_, i) => extendFor(input, [order[i] as Expr]) === undefined);
    throw unresolvedFrom((rel.order[at] ?? rel.order[0]) as Expression, order[at] as Expr, input);
  }
  const sorted = over(extended, (plan) => ({ kind: "RSort", input: plan, order, isGlobal: rel.isGlobal }));
  return extended === input ? sorted : trimTo(sorted, input.output);
}

/** `ORDER BY 2`: the number of a column. */
function ordinalOf(item: SortOrder, state: AnalysisState): number | undefined {
  const { child } = item;
  const isOrdinal =
    child.kind === "Literal" &&
    child.dataType.kind === "integer" &&
    state.isOn("spark.sql.orderByOrdinal", true);
  return isOrdinal ? Number(child.value) : undefined;
}

/** Places are looked up in the list as written; one setting lets columns that only ORDER BY names count too. */
function isEarly(state: AnalysisState): boolean {
  return state.isOn("spark.sql.prioritizeOrdinalResolutionInSort.enabled", true);
}

function columnAt(index: number, input: Resolved, item: SortOrder, isFinal: boolean): Expr {
  const column = input.output[index - 1];
  if (column !== undefined) return column;
  if (!isFinal && input.grouped === undefined)
    return { kind: "Lit", type: INTEGER, nullable: false, value: index };
  throw fail(
    "ORDER_BY_POS_OUT_OF_RANGE",
    { index: `${index}`, size: `${input.output.length}` },
    item.child.origin,
  );
}

function checkOrder(o: SortExpr, origin: Origin | undefined): void {
  checkBareWindowFunctions(o, origin);
  const generator = findGenerator(o);
  if (generator !== undefined) {
    throw fail("UNSUPPORTED_GENERATOR.OUTSIDE_SELECT", {
      plan: `'Sort [${quotedExpr(o).slice(1, -1)}], true`,
    });
  }
  if (!isOrderable(o.child.type)) {
    throw fail(
      "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE",
      { functionName: "`sortorder`", dataType: quotedSqlType(o.child.type), sqlExpr: quotedExpr(o) },
      o.origin,
    );
  }
}

/** The relation with this output alone, whatever its plan carries besides. */
export function trimTo(r: Resolved, output: readonly Attr[]): Resolved {
  const { below: _, grouped: __, ...rest } = r;
  return exact({ ...rest, output, hidden: [] });
}

export function* resolveLimit(rel: Limit, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  if (rel.isAll === true) return over(input, (plan) => ({ kind: "RLimit", input: plan }));
  const limit = (yield limitValue(rel.limit, "limit", input, scope, state)) as number;
  return over(input, (plan) => ({ kind: "RLimit", input: plan, limit }));
}

export function* resolveOffset(rel: Offset, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  const offset = (yield limitValue(rel.offset, "offset", input, scope, state)) as number;
  return over(input, (plan) => ({ kind: "RLimit", input: plan, offset }));
}

export function* resolveTail(rel: Tail, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  const limit = (yield limitValue(rel.limit, "tail", input, scope, state)) as number;
  return over(input, (plan) => ({ kind: "RTail", input: plan, limit }));
}

function* limitValue(
  value: number | Expression,
  name: string,
  input: Resolved,
  scope: RelationScope,
  state: AnalysisState,
): Step<number> {
  if (typeof value === "number") {
    if (value < 0)
      throw fail("INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE", { name, expr: `"${value}"`, v: `${value}` });
    return value;
  }
  const e = trim((yield resolveExpr(value, { inputs: [input], scope }, state)) as Expr);
  const expr = quotedExpr(e);
  if (!isFoldable(e)) throw fail("INVALID_LIMIT_LIKE_EXPRESSION.IS_UNFOLDABLE", { name, expr }, value.origin);
  if (e.type.kind !== "integer") {
    throw fail(
      "INVALID_LIMIT_LIKE_EXPRESSION.DATA_TYPE",
      { name, expr, dataType: quotedSqlType(e.type) },
      value.origin,
    );
  }
  const known = state.references.constant(value) ?? evaluateLiteral(e);
  if (known === null) throw fail("INVALID_LIMIT_LIKE_EXPRESSION.IS_NULL", { name, expr }, value.origin);
  if (known === undefined)
    throw fail("INVALID_LIMIT_LIKE_EXPRESSION.IS_UNFOLDABLE", { name, expr }, value.origin);
  const n = Number(known);
  if (n < 0) throw fail("INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE", { name, expr, v: `${n}` }, value.origin);
  return n;
}
