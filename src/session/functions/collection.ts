import { type Column, type ColumnOrName, toColumn } from "../column.ts";
import type { LiteralInput } from "../literal.ts";
import { call, callAll, callHigherOrder, type Lambda1, type Lambda2, type Lambda3 } from "./invoke.ts";

/**
 * The elements of an array folded into one value, from `initialValue` on; `finish` turns the last into the
 * result.
 *
 * @example
 * F.aggregate(F.array(F.lit(1), F.lit(2)), F.lit(0), (acc, x) => acc.plus(x)); // 3
 */
export function aggregate(
  col: ColumnOrName,
  initialValue: ColumnOrName,
  merge: Lambda2,
  finish?: Lambda1,
): Column {
  return callHigherOrder("aggregate", [col, initialValue], [merge, finish]);
}

/**
 * The elements in ascending order, nulls last; or by a comparator that gives a negative number, 0 or a
 * positive one.
 *
 * @example
 * F.array_sort(F.array(F.lit(2), F.lit(1))); // [1, 2]
 */
export function array_sort(col: ColumnOrName, comparator?: Lambda2): Column {
  return callHigherOrder("array_sort", [col], [comparator]);
}

/**
 * The same as `size`.
 *
 * @example
 * F.cardinality(F.array(F.lit(1))); // 1
 */
export function cardinality(col: ColumnOrName): Column {
  return call("cardinality", col);
}

/**
 * Texts, binaries or arrays one after the other; null if one is.
 *
 * @example
 * F.concat(F.lit("a"), F.lit("b")); // ab
 */
export function concat(...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): Column {
  return callAll("concat", cols);
}

/**
 * The element of an array at a position (from 1, from the end when negative), or of a map by key.
 *
 * @example
 * F.element_at(F.array(F.lit("a"), F.lit("b")), -1); // b
 */
export function element_at(col: ColumnOrName, extraction: LiteralInput): Column {
  return call("element_at", col, toColumn(extraction));
}

/**
 * Whether the predicate holds for one element at least.
 *
 * @example
 * F.exists(F.array(F.lit(1), F.lit(2)), (x) => x.gt(1)); // true
 */
export function exists(col: ColumnOrName, f: Lambda1): Column {
  return callHigherOrder("exists", [col], [f]);
}

/**
 * The elements for which the predicate holds; it may take the position (from 0) too.
 *
 * @example
 * F.filter(F.array(F.lit(1), F.lit(2)), (x) => x.gt(1)); // [2]
 */
export function filter(col: ColumnOrName, f: Lambda2): Column {
  return callHigherOrder("filter", [col], [f]);
}

/**
 * Whether the predicate holds for every element.
 *
 * @example
 * F.forall(F.array(F.lit(1), F.lit(2)), (x) => x.gt(1)); // false
 */
export function forall(col: ColumnOrName, f: Lambda1): Column {
  return callHigherOrder("forall", [col], [f]);
}

/**
 * The entries for which the predicate over key and value holds.
 *
 * @example
 * F.map_filter(F.create_map(F.lit("a"), F.lit(1)), (k, v) => v.gt(0)); // {a -> 1}
 */
export function map_filter(col: ColumnOrName, f: Lambda2): Column {
  return callHigherOrder("map_filter", [col], [f]);
}

/**
 * Two maps as one: the function makes each value from the key and both values, null where there is none.
 *
 * @example
 * F.map_zip_with(F.create_map(F.lit("a"), F.lit(1)), F.create_map(F.lit("a"), F.lit(2)), (k, v1, v2) => v1.plus(v2)); // {a -> 3}
 */
export function map_zip_with(col1: ColumnOrName, col2: ColumnOrName, f: Lambda3): Column {
  return callHigherOrder("map_zip_with", [col1, col2], [f]);
}

/**
 * The same as `aggregate`.
 *
 * @example
 * F.reduce(F.array(F.lit(1), F.lit(2)), F.lit(0), (acc, x) => acc.plus(x)); // 3
 */
export function reduce(
  col: ColumnOrName,
  initialValue: ColumnOrName,
  merge: Lambda2,
  finish?: Lambda1,
): Column {
  return callHigherOrder("reduce", [col, initialValue], [merge, finish]);
}

/**
 * Text or an array from back to front.
 *
 * @example
 * F.reverse(F.lit("Spark")); // krapS
 */
export function reverse(col: ColumnOrName): Column {
  return call("reverse", col);
}

/**
 * Number of elements of an array or entries of a map.
 *
 * @example
 * F.size(F.array(F.lit(1), F.lit(2))); // 2
 */
export function size(col: ColumnOrName): Column {
  return call("size", col);
}

/**
 * Each element turned into another; the function may take the position (from 0) too.
 *
 * @example
 * F.transform(F.array(F.lit(1), F.lit(2)), (x) => x.plus(1)); // [2, 3]
 */
export function transform(col: ColumnOrName, f: Lambda2): Column {
  return callHigherOrder("transform", [col], [f]);
}

/**
 * Each key of a map turned into another.
 *
 * @example
 * F.transform_keys(F.create_map(F.lit("a"), F.lit(1)), (k, v) => F.upper(k)); // {A -> 1}
 */
export function transform_keys(col: ColumnOrName, f: Lambda2): Column {
  return callHigherOrder("transform_keys", [col], [f]);
}

/**
 * Each value of a map turned into another.
 *
 * @example
 * F.transform_values(F.create_map(F.lit("a"), F.lit(1)), (k, v) => v.plus(1)); // {a -> 2}
 */
export function transform_values(col: ColumnOrName, f: Lambda2): Column {
  return callHigherOrder("transform_values", [col], [f]);
}

/**
 * As `element_at`, with null for what is not there.
 *
 * @example
 * F.try_element_at(F.array(F.lit("a")), F.lit(5)); // NULL
 */
export function try_element_at(col: ColumnOrName, extraction: ColumnOrName): Column {
  return call("try_element_at", col, extraction);
}

/**
 * Two arrays as one, element by element; the shorter is filled up with nulls.
 *
 * @example
 * F.zip_with(F.array(F.lit(1)), F.array(F.lit(2)), (x, y) => x.plus(y)); // [3]
 */
export function zip_with(left: ColumnOrName, right: ColumnOrName, f: Lambda2): Column {
  return callHigherOrder("zip_with", [left, right], [f]);
}
