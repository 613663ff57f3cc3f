import type { Column, ColumnOrName } from "../column.ts";
import { call, callAll } from "./invoke.ts";

/**
 * A row for each element of an array, or for each entry (`key`, `value`) of a map; none for null and empty.
 *
 * @example
 * F.explode(F.array(F.lit(1))); // 1
 */
export function explode(col: ColumnOrName): Column {
  return call("explode", col);
}

/**
 * As `explode`, with one row of nulls for null and empty.
 *
 * @example
 * F.explode_outer(F.array(F.lit(1))); // 1
 */
export function explode_outer(col: ColumnOrName): Column {
  return call("explode_outer", col);
}

/**
 * An array of structs as rows, the fields as columns.
 *
 * @example
 * F.inline(F.array(F.struct(F.lit(1).alias("a")))); // 1
 */
export function inline(col: ColumnOrName): Column {
  return call("inline", col);
}

/**
 * As `inline`, with one row of nulls for null and empty.
 *
 * @example
 * F.inline_outer(F.array(F.struct(F.lit(1).alias("a")))); // 1
 */
export function inline_outer(col: ColumnOrName): Column {
  return call("inline_outer", col);
}

/**
 * As `explode`, with the position (from 0) in a column `pos` before.
 *
 * @example
 * F.posexplode(F.array(F.lit("a"))); // 0 a
 */
export function posexplode(col: ColumnOrName): Column {
  return call("posexplode", col);
}

/**
 * As `posexplode`, with one row of nulls for null and empty.
 *
 * @example
 * F.posexplode_outer(F.array(F.lit("a"))); // 0 a
 */
export function posexplode_outer(col: ColumnOrName): Column {
  return call("posexplode_outer", col);
}

/**
 * The values after the first, which is their number of rows, as rows.
 *
 * @example
 * F.stack(F.lit(2), F.lit(1), F.lit(2)); // 1, 2, 1, 2, 1, 2
 */
export function stack(...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): Column {
  return callAll("stack", cols);
}
