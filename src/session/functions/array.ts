import { type Column, type ColumnOrName, toColumn } from "../column.ts";
import type { LiteralInput } from "../literal.ts";
import { call, callAll, numberOrColumn, randomSeed, value } from "./invoke.ts";

/**
 * An array of the columns' values.
 *
 * @example
 * F.array(F.lit(1), F.lit(2)); // [1, 2]
 */
export function array(...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): Column {
  return callAll("array", cols);
}

/**
 * The array with a value at its end.
 *
 * @example
 * F.array_append(F.array(F.lit(1)), 2); // [1, 2]
 */
export function array_append(col: ColumnOrName, value: LiteralInput): Column {
  return call("array_append", col, toColumn(value));
}

/**
 * The array without its nulls.
 *
 * @example
 * F.array_compact(F.array(F.lit(1), F.lit(null))); // [1]
 */
export function array_compact(col: ColumnOrName): Column {
  return call("array_compact", col);
}

/**
 * Whether the value is in the array.
 *
 * @example
 * F.array_contains(F.array(F.lit(1)), 1); // true
 */
export function array_contains(col: ColumnOrName, value: LiteralInput): Column {
  return call("array_contains", col, toColumn(value));
}

/**
 * The array without repeated values.
 *
 * @example
 * F.array_distinct(F.array(F.lit(1), F.lit(1))); // [1]
 */
export function array_distinct(col: ColumnOrName): Column {
  return call("array_distinct", col);
}

/**
 * The values of the first array that are not in the second, each once.
 *
 * @example
 * F.array_except(F.array(F.lit(1), F.lit(2)), F.array(F.lit(1))); // [2]
 */
export function array_except(col1: ColumnOrName, col2: ColumnOrName): Column {
  return call("array_except", col1, col2);
}

/**
 * The array with a value put in at a position, from 1.
 *
 * @example
 * F.array_insert(F.array(F.lit(1)), 1, 5); // [5, 1]
 */
export function array_insert(arr: ColumnOrName, pos: ColumnOrName | number, value: LiteralInput): Column {
  return call("array_insert", arr, numberOrColumn(pos), toColumn(value));
}

/**
 * The values that are in both arrays, each once.
 *
 * @example
 * F.array_intersect(F.array(F.lit(1), F.lit(2)), F.array(F.lit(1))); // [1]
 */
export function array_intersect(col1: ColumnOrName, col2: ColumnOrName): Column {
  return call("array_intersect", col1, col2);
}

/**
 * The elements as one text; nulls left out, or replaced.
 *
 * @example
 * F.array_join(F.array(F.lit("a"), F.lit("b")), ","); // a,b
 */
export function array_join(col: ColumnOrName, delimiter: string, null_replacement?: string): Column {
  return call("array_join", col, toColumn(delimiter), value(null_replacement));
}

/**
 * The greatest element, nulls left out.
 *
 * @example
 * F.array_max(F.array(F.lit(1), F.lit(2))); // 2
 */
export function array_max(col: ColumnOrName): Column {
  return call("array_max", col);
}

/**
 * The least element, nulls left out.
 *
 * @example
 * F.array_min(F.array(F.lit(1), F.lit(2))); // 1
 */
export function array_min(col: ColumnOrName): Column {
  return call("array_min", col);
}

/**
 * Position of the value, from 1; 0 if it is not there.
 *
 * @example
 * F.array_position(F.array(F.lit("a")), "a"); // 1
 */
export function array_position(col: ColumnOrName, value: LiteralInput): Column {
  return call("array_position", col, toColumn(value));
}

/**
 * The array with a value at its beginning.
 *
 * @example
 * F.array_prepend(F.array(F.lit(1)), 2); // [2, 1]
 */
export function array_prepend(col: ColumnOrName, value: LiteralInput): Column {
  return call("array_prepend", col, toColumn(value));
}

/**
 * The array without a value.
 *
 * @example
 * F.array_remove(F.array(F.lit(1), F.lit(2)), 1); // [2]
 */
export function array_remove(col: ColumnOrName, element: LiteralInput): Column {
  return call("array_remove", col, toColumn(element));
}

/**
 * An array of the same value that many times.
 *
 * @example
 * F.array_repeat(F.lit("a"), 2); // [a, a]
 */
export function array_repeat(col: ColumnOrName, count: ColumnOrName | number): Column {
  return call("array_repeat", col, numberOrColumn(count));
}

/**
 * Number of elements.
 *
 * @example
 * F.array_size(F.array(F.lit(1))); // 1
 */
export function array_size(col: ColumnOrName): Column {
  return call("array_size", col);
}

/**
 * The values of both arrays, each once.
 *
 * @example
 * F.array_union(F.array(F.lit(1)), F.array(F.lit(2))); // [1, 2]
 */
export function array_union(col1: ColumnOrName, col2: ColumnOrName): Column {
  return call("array_union", col1, col2);
}

/**
 * Whether the arrays have a value in common.
 *
 * @example
 * F.arrays_overlap(F.array(F.lit(1)), F.array(F.lit(1))); // true
 */
export function arrays_overlap(a1: ColumnOrName, a2: ColumnOrName): Column {
  return call("arrays_overlap", a1, a2);
}

/**
 * An array of structs: the first of each array, the second of each, and so on.
 *
 * @example
 * F.arrays_zip(F.array(F.lit(1)), F.array(F.lit("a"))); // [{1, a}]
 */
export function arrays_zip(...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): Column {
  return callAll("arrays_zip", cols);
}

/**
 * An array of arrays as one array.
 *
 * @example
 * F.flatten(F.array(F.array(F.lit(1)), F.array(F.lit(2)))); // [1, 2]
 */
export function flatten(col: ColumnOrName): Column {
  return call("flatten", col);
}

/**
 * The element at a position, from 0; null if it is not there.
 *
 * @example
 * F.get(F.array(F.lit("a")), 0); // a
 */
export function get(col: ColumnOrName, index: ColumnOrName | number): Column {
  return call("get", col, numberOrColumn(index));
}

/**
 * The values from `start` to `stop`, both included.
 *
 * @example
 * F.sequence(F.lit(1), F.lit(3)); // [1, 2, 3]
 */
export function sequence(start: ColumnOrName, stop: ColumnOrName, step?: ColumnOrName): Column {
  return call("sequence", start, stop, step);
}

/**
 * The elements in random order.
 *
 * @example
 * F.size(F.shuffle(F.array(F.lit(1), F.lit(2)), 1)); // 2
 */
export function shuffle(col: ColumnOrName, seed?: LiteralInput): Column {
  return call("shuffle", col, value(seed ?? randomSeed()));
}

/**
 * `length` elements from `start`, which counts from 1.
 *
 * @example
 * F.slice(F.array(F.lit(1), F.lit(2), F.lit(3)), 2, 2); // [2, 3]
 */
export function slice(x: ColumnOrName, start: ColumnOrName | number, length: ColumnOrName | number): Column {
  return call("slice", x, numberOrColumn(start), numberOrColumn(length));
}

/**
 * The elements in order; nulls first when ascending.
 *
 * @example
 * F.sort_array(F.array(F.lit(2), F.lit(1))); // [1, 2]
 */
export function sort_array(col: ColumnOrName, asc = true): Column {
  return call("sort_array", col, toColumn(asc));
}
