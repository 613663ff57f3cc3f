import { type Column, type ColumnOrName, toColumn } from "../column.ts";
import type { LiteralInput } from "../literal.ts";
import { call, callAll } from "./invoke.ts";

/**
 * A map from keys and values in turn.
 *
 * @example
 * F.create_map(F.lit("a"), F.lit(1)); // {a -> 1}
 */
export function create_map(...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): Column {
  return callAll("map", cols);
}

/**
 * Several maps as one.
 *
 * @example
 * F.map_concat(F.create_map(F.lit("a"), F.lit(1)), F.create_map(F.lit("b"), F.lit(2))); // {a -> 1, b -> 2}
 */
export function map_concat(...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): Column {
  return callAll("map_concat", cols);
}

/**
 * Whether the map has the key.
 *
 * @example
 * F.map_contains_key(F.create_map(F.lit("a"), F.lit(1)), "a"); // true
 */
export function map_contains_key(col: ColumnOrName, value: LiteralInput): Column {
  return call("map_contains_key", col, toColumn(value));
}

/**
 * The entries as an array of structs of `key` and `value`.
 *
 * @example
 * F.map_entries(F.create_map(F.lit("a"), F.lit(1))); // [{a, 1}]
 */
export function map_entries(col: ColumnOrName): Column {
  return call("map_entries", col);
}

/**
 * A map from an array of keys and one of values.
 *
 * @example
 * F.map_from_arrays(F.array(F.lit("a")), F.array(F.lit(1))); // {a -> 1}
 */
export function map_from_arrays(col1: ColumnOrName, col2: ColumnOrName): Column {
  return call("map_from_arrays", col1, col2);
}

/**
 * A map from an array of structs of key and value.
 *
 * @example
 * F.map_from_entries(F.array(F.struct(F.lit("a"), F.lit(1)))); // {a -> 1}
 */
export function map_from_entries(col: ColumnOrName): Column {
  return call("map_from_entries", col);
}

/**
 * The keys as an array.
 *
 * @example
 * F.map_keys(F.create_map(F.lit("a"), F.lit(1))); // [a]
 */
export function map_keys(col: ColumnOrName): Column {
  return call("map_keys", col);
}

/**
 * The values as an array.
 *
 * @example
 * F.map_values(F.create_map(F.lit("a"), F.lit(1))); // [1]
 */
export function map_values(col: ColumnOrName): Column {
  return call("map_values", col);
}

/**
 * A struct from names and values in turn.
 *
 * @example
 * F.named_struct(F.lit("a"), F.lit(1)); // {1}
 */
export function named_struct(...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): Column {
  return callAll("named_struct", cols);
}

/**
 * Text to a map, cut at the delimiters of pairs (`,`) and of keys and values (`:`).
 *
 * @example
 * F.str_to_map(F.lit("a:1,b:2")); // {a -> 1, b -> 2}
 */
export function str_to_map(
  text: ColumnOrName,
  pairDelim?: ColumnOrName,
  keyValueDelim?: ColumnOrName,
): Column {
  return call("str_to_map", text, pairDelim ?? toColumn(","), keyValueDelim ?? toColumn(":"));
}

/**
 * A struct of the columns, under their names.
 *
 * @example
 * F.struct(F.lit(1).alias("a"), F.lit("x").alias("b")); // {1, x}
 */
export function struct(...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): Column {
  return callAll("struct", cols);
}
