import type { Column, ColumnOrName } from "../column.ts";
import { toCol } from "../column-arguments.ts";

/**
 * Ascending order, nulls first.
 *
 * @example
 * df.orderBy(F.asc("age"));
 */
export function asc(col: ColumnOrName): Column {
  return toCol(col).asc();
}

/**
 * Ascending order, nulls first.
 *
 * @example
 * df.orderBy(F.asc_nulls_first("age"));
 */
export function asc_nulls_first(col: ColumnOrName): Column {
  return toCol(col).asc_nulls_first();
}

/**
 * Ascending order, nulls last.
 *
 * @example
 * df.orderBy(F.asc_nulls_last("age"));
 */
export function asc_nulls_last(col: ColumnOrName): Column {
  return toCol(col).asc_nulls_last();
}

/**
 * Descending order, nulls last.
 *
 * @example
 * df.orderBy(F.desc("age"));
 */
export function desc(col: ColumnOrName): Column {
  return toCol(col).desc();
}

/**
 * Descending order, nulls first.
 *
 * @example
 * df.orderBy(F.desc_nulls_first("age"));
 */
export function desc_nulls_first(col: ColumnOrName): Column {
  return toCol(col).desc_nulls_first();
}

/**
 * Descending order, nulls last.
 *
 * @example
 * df.orderBy(F.desc_nulls_last("age"));
 */
export function desc_nulls_last(col: ColumnOrName): Column {
  return toCol(col).desc_nulls_last();
}
