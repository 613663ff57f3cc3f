import { duckType } from "./duck-type.ts";
import type { Expr, LambdaExpr } from "./expr.ts";
import type { LowerContext } from "./function-entry.ts";

/** The SQL of a lambda's body with each parameter bound to a SQL value. */
export function applyLambda(
  lambda: Expr,
  values: readonly string[],
  ctx: Pick<LowerContext, "lower">,
): string {
  const { params, body } = asLambda(lambda);
  return params.reduceRight(
    (inner, param, i) => bindSql(values[i] as string, `v${param.id}`, inner),
    ctx.lower(body),
  );
}

/** A value under a name inside `body`. */
export function bindSql(value: string, name: string, body: string): string {
  return `list_transform([${value}], lambda ${name}: ${body})[1]`;
}

export function asLambda(e: Expr): LambdaExpr {
  if (e.kind !== "LambdaExpr") throw new Error("a lambda is missing");
  return e;
}

/**
 * DuckDB's lambda over a list's elements for a Spark lambda of the element or of the element and its position (from 0).
 */
export function elementLambda(lambda: Expr, ctx: Pick<LowerContext, "lower" | "fresh">): string {
  const { params, body } = asLambda(lambda);
  const [element, index] = params.map((param) => `v${param.id}`);
  const sql = ctx.lower(body);
  if (index === undefined) return `lambda ${element}: ${sql}`;
  const position = ctx.fresh("i");
  return `lambda ${element}, ${position}: ${bindSql(`(${position} - 1)::INTEGER`, index, sql)}`;
}

/** A fold over a list from the left; NULL for NULL. The lambda takes what there is so far and an element. */
export function foldList(
  list: string,
  initial: string,
  step: Expr,
  ctx: Pick<LowerContext, "lower" | "fresh">,
): string {
  const { params, type } = asLambda(step);
  const element = duckType((params[1] as Expr).type);
  const [a, x, e] = [ctx.fresh("a"), ctx.fresh("x"), ctx.fresh("e")];
  // DuckDB wants one type for elements and accumulator: a struct of both.
  const pair = (acc: string, item: string): string =>
    `{'a': CAST(${acc} AS ${duckType(type)}), 'x': CAST(${item} AS ${element})}`;
  const body = applyLambda(step, [`${a}.a`, `${x}.x`], ctx);
  const pairs = `list_transform(${list}, lambda ${e}: ${pair("NULL", e)})`;
  return `struct_extract(list_reduce(${pairs}, lambda ${a}, ${x}: ${pair(body, "NULL")}, ${pair(initial, "NULL")}), 'a')`;
}
