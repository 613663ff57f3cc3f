import { expectString, notExpectedType } from "../argument-errors.ts";
import { type Column, Column as ColumnClass, type ColumnOrName, toColumn } from "../column.ts";
import { columnsOf, flattenColumns, namedColumn, plainColumn } from "../column-arguments.ts";
import type { DataFrame } from "../data-frame.ts";
import { INTERNAL, mergeAttachments } from "../internal.ts";
import type { LiteralInput } from "../literal.ts";
import { subqueryOf } from "../subquery.ts";
import { call } from "./invoke.ts";

/**
 * A column by its name: `a`, `t.a`, `a.b` for a field of a struct, `*` for all. It is looked up in whatever DataFrame
 * it is used with; `df.col` binds it to one.
 *
 * @example
 * F.col("id"); // 0, 1, 2
 */
export function col(name: string): Column {
  expectString("col", name);
  return namedColumn(name);
}

/**
 * The same as `col`.
 *
 * @example
 * F.column("id"); // 0, 1, 2
 */
export function column(name: string): Column {
  return col(name);
}

/**
 * A value as a column. A whole number of 32 bits is an int, a larger one a long, one with a fraction a double, a bigint
 * a long, a Date a timestamp; arrays, Maps and plain objects become arrays, maps and structs. A Column stays itself.
 *
 * @example
 * F.lit(3).plus(F.lit(4)); // 7
 */
export function lit(value: LiteralInput): Column {
  return toColumn(value);
}

/**
 * An expression as SQL text.
 *
 * @example
 * F.expr("length('abc') + 1"); // 4
 */
export function expr(text: string): Column {
  expectString("str", text);
  return plainColumn({ kind: "ExpressionString", expression: text });
}

/**
 * The DataFrame, marked as small enough to be held whole in a join.
 *
 * @example
 * df.join(F.broadcast(df), "name");
 */
export function broadcast(df: DataFrame): DataFrame {
  if (subqueryOf(df) === undefined) throw notExpectedType("df", "DataFrame", df);
  return df.hint("broadcast");
}

/**
 * Any function by name: built in, registered, or in the catalog.
 *
 * @example
 * F.call_function("abs", F.lit(-3)); // 3
 */
export function call_function(
  funcName: string,
  ...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]
): Column {
  expectString("funcName", funcName);
  const args = columnsOf(flattenColumns(cols)).map((argument) => argument[INTERNAL]);
  return new ColumnClass({
    expression: {
      kind: "CallFunction",
      functionName: funcName,
      arguments: args.map((argument) => argument.expression),
    },
    attachments: mergeAttachments(...args.map((argument) => argument.attachments)),
  });
}

/**
 * A registered function by name.
 *
 * @example
 * F.call_udf("abs", F.lit(-3)); // 3
 */
export function call_udf(
  udfName: string,
  ...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]
): Column {
  return call(udfName, ...flattenColumns(cols));
}
