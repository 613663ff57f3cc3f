import type { Column, ColumnOrName } from "../column.ts";
import { call } from "./invoke.ts";

/**
 * Equality in which null equals null.
 *
 * @example
 * F.equal_null(F.lit(null), F.lit(1)); // false
 */
export function equal_null(col1: ColumnOrName, col2: ColumnOrName): Column {
  return call("equal_null", col1, col2);
}

/**
 * SQL's LIKE without regard to case.
 *
 * @example
 * F.ilike(F.lit("Spark"), F.lit("sPARK")); // true
 */
export function ilike(str: ColumnOrName, pattern: ColumnOrName, escapeChar?: ColumnOrName): Column {
  return call("ilike", str, pattern, escapeChar);
}

/**
 * Whether the value is NaN.
 *
 * @example
 * F.isnan(F.lit(1.5)); // false
 */
export function isnan(col: ColumnOrName): Column {
  return call("isnan", col);
}

/**
 * Whether the value is not null.
 *
 * @example
 * F.isnotnull(F.lit(1)); // true
 */
export function isnotnull(col: ColumnOrName): Column {
  return call("isnotnull", col);
}

/**
 * Whether the value is null.
 *
 * @example
 * F.isnull(F.lit(null)); // true
 */
export function isnull(col: ColumnOrName): Column {
  return call("isnull", col);
}

/**
 * SQL's LIKE: `%` for any text, `_` for one character.
 *
 * @example
 * F.like(F.lit("Spark"), F.lit("_park")); // true
 */
export function like(str: ColumnOrName, pattern: ColumnOrName, escapeChar?: ColumnOrName): Column {
  return call("like", str, pattern, escapeChar);
}

/**
 * The same as `rlike`.
 *
 * @example
 * F.regexp(F.lit("1a 2b"), F.lit("(\\d+)")); // true
 */
export function regexp(str: ColumnOrName, regexp: ColumnOrName): Column {
  return call("regexp", str, regexp);
}

/**
 * The same as `rlike`.
 *
 * @example
 * F.regexp_like(F.lit("1a 2b"), F.lit("\\d{2}b")); // false
 */
export function regexp_like(str: ColumnOrName, regexp: ColumnOrName): Column {
  return call("regexp_like", str, regexp);
}

/**
 * Whether a regular expression (Java's) matches somewhere in the text.
 *
 * @example
 * F.rlike(F.lit("1a 2b"), F.lit("(\\d+)")); // true
 */
export function rlike(str: ColumnOrName, regexp: ColumnOrName): Column {
  return call("rlike", str, regexp);
}
