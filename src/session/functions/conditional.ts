import { notExpectedType } from "../argument-errors.ts";
import { Column, type ColumnOrName, callFunction, toColumn } from "../column.ts";
import type { LiteralInput } from "../literal.ts";
import { call, callAll } from "./invoke.ts";

/**
 * The first value of the row that is not null.
 *
 * @example
 * F.coalesce(F.lit(null), F.lit(2)); // 2
 */
export function coalesce(...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): Column {
  return callAll("coalesce", cols);
}

/**
 * `col2` where `col1` is null.
 *
 * @example
 * F.ifnull(F.lit(null), F.lit(2)); // 2
 */
export function ifnull(col1: ColumnOrName, col2: ColumnOrName): Column {
  return call("ifnull", col1, col2);
}

/**
 * `col2` where `col1` is NaN.
 *
 * @example
 * F.nanvl(F.lit(1.5), F.lit(2.5)); // 1.5
 */
export function nanvl(col1: ColumnOrName, col2: ColumnOrName): Column {
  return call("nanvl", col1, col2);
}

/**
 * Null where both are equal, else `col1`.
 *
 * @example
 * F.nullif(F.lit(1), F.lit(1)); // NULL
 */
export function nullif(col1: ColumnOrName, col2: ColumnOrName): Column {
  return call("nullif", col1, col2);
}

/**
 * Null for zero, else the value.
 *
 * @example
 * F.nullifzero(F.lit(0)); // NULL
 */
export function nullifzero(col: ColumnOrName): Column {
  return call("nullifzero", col);
}

/**
 * The same as `ifnull`.
 *
 * @example
 * F.nvl(F.lit(null), F.lit(2)); // 2
 */
export function nvl(col1: ColumnOrName, col2: ColumnOrName): Column {
  return call("nvl", col1, col2);
}

/**
 * `col2` where `col1` is not null, else `col3`.
 *
 * @example
 * F.nvl2(F.lit(null), F.lit(1), F.lit(2)); // 2
 */
export function nvl2(col1: ColumnOrName, col2: ColumnOrName, col3: ColumnOrName): Column {
  return call("nvl2", col1, col2, col3);
}

/**
 * Zero for null, else the value.
 *
 * @example
 * F.zeroifnull(F.lit(null).cast("int")); // 0
 */
export function zeroifnull(col: ColumnOrName): Column {
  return call("zeroifnull", col);
}

/**
 * The value where the condition holds, null elsewhere; more branches by `Column.when`, the rest by `Column.otherwise`.
 *
 * @example
 * F.when(F.lit(1).gt(0), "positive").otherwise("not"); // positive
 */
export function when(condition: Column, value: LiteralInput): Column {
  if (!(condition instanceof Column)) throw notExpectedType("condition", "Column", condition);
  return callFunction("when", [condition, toColumn(value)]);
}
