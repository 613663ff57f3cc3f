import { type Column, type ColumnOrName, toColumn } from "../column.ts";
import type { LiteralInput } from "../literal.ts";
import { call, value } from "./invoke.ts";

/**
 * Aggregate: a HyperLogLog sketch of the values, as binary.
 *
 * @example
 * F.hll_sketch_estimate(F.hll_sketch_agg("id")); // 3
 */
export function hll_sketch_agg(col: ColumnOrName, lgConfigK?: LiteralInput): Column {
  return call("hll_sketch_agg", col, value(lgConfigK));
}

/**
 * Aggregate: the union of HyperLogLog sketches.
 *
 * @example
 * df.agg(F.hll_sketch_estimate(F.hll_union_agg("sketch")));
 */
export function hll_union_agg(col: ColumnOrName, allowDifferentLgConfigK?: LiteralInput): Column {
  return call("hll_union_agg", col, value(allowDifferentLgConfigK));
}

/**
 * About how many distinct values a HyperLogLog sketch has seen.
 *
 * @example
 * F.hll_sketch_estimate(F.hll_sketch_agg("id", 12)); // 3
 */
export function hll_sketch_estimate(col: ColumnOrName): Column {
  return call("hll_sketch_estimate", col);
}

/**
 * The union of two HyperLogLog sketches.
 *
 * @example
 * F.hll_sketch_estimate(F.hll_union(F.hll_sketch_agg("id"), F.hll_sketch_agg("id"))); // 3
 */
export function hll_union(
  col1: ColumnOrName,
  col2: ColumnOrName,
  allowDifferentLgConfigK?: LiteralInput,
): Column {
  return call("hll_union", col1, col2, value(allowDifferentLgConfigK));
}

/**
 * Aggregate: a theta sketch of the values, as binary.
 *
 * @example
 * F.theta_sketch_estimate(F.theta_sketch_agg("id")); // 3
 */
export function theta_sketch_agg(col: ColumnOrName, lgNomEntries?: LiteralInput): Column {
  return call("theta_sketch_agg", col, value(lgNomEntries));
}

/**
 * Aggregate: the union of theta sketches.
 *
 * @example
 * df.agg(F.theta_sketch_estimate(F.theta_union_agg("sketch")));
 */
export function theta_union_agg(col: ColumnOrName, lgNomEntries?: LiteralInput): Column {
  return call("theta_union_agg", col, value(lgNomEntries));
}

/**
 * Aggregate: the intersection of theta sketches.
 *
 * @example
 * df.agg(F.theta_sketch_estimate(F.theta_intersection_agg("sketch")));
 */
export function theta_intersection_agg(col: ColumnOrName): Column {
  return call("theta_intersection_agg", col);
}

/**
 * About how many distinct values a theta sketch stands for.
 *
 * @example
 * F.theta_sketch_estimate(F.theta_sketch_agg("id", 12)); // 3
 */
export function theta_sketch_estimate(col: ColumnOrName): Column {
  return call("theta_sketch_estimate", col);
}

/**
 * The union of two theta sketches.
 *
 * @example
 * F.theta_sketch_estimate(F.theta_union(F.theta_sketch_agg("id"), F.theta_sketch_agg("id"))); // 3
 */
export function theta_union(col1: ColumnOrName, col2: ColumnOrName, lgNomEntries?: LiteralInput): Column {
  return call("theta_union", col1, col2, value(lgNomEntries));
}

/**
 * The intersection of two theta sketches.
 *
 * @example
 * F.theta_sketch_estimate(F.theta_intersection(F.theta_sketch_agg("id"), F.theta_sketch_agg("id"))); // 3
 */
export function theta_intersection(col1: ColumnOrName, col2: ColumnOrName): Column {
  return call("theta_intersection", col1, col2);
}

/**
 * What the first theta sketch has and the second has not.
 *
 * @example
 * F.theta_sketch_estimate(F.theta_difference(F.theta_sketch_agg("id"), F.theta_sketch_agg("id"))); // 0
 */
export function theta_difference(col1: ColumnOrName, col2: ColumnOrName): Column {
  return call("theta_difference", col1, col2);
}

/**
 * Aggregate: a KLL quantile sketch of longs, as binary.
 *
 * @example
 * F.kll_sketch_get_n_bigint(F.kll_sketch_agg_bigint("id")); // 3
 */
export function kll_sketch_agg_bigint(col: ColumnOrName, k?: LiteralInput): Column {
  return call("kll_sketch_agg_bigint", col, value(k));
}

/**
 * Aggregate: several KLL sketches of longs as one.
 *
 * @example
 * df.agg(F.kll_sketch_get_n_bigint(F.kll_merge_agg_bigint("sketch")));
 */
export function kll_merge_agg_bigint(col: ColumnOrName, k?: LiteralInput): Column {
  return call("kll_merge_agg_bigint", col, value(k));
}

/**
 * A KLL sketch of longs in words.
 *
 * @example
 * F.length(F.kll_sketch_to_string_bigint(F.kll_sketch_agg_bigint("id"))).gt(0); // true
 */
export function kll_sketch_to_string_bigint(col: ColumnOrName): Column {
  return call("kll_sketch_to_string_bigint", col);
}

/**
 * How many values a KLL sketch of longs has seen.
 *
 * @example
 * F.kll_sketch_get_n_bigint(F.kll_sketch_agg_bigint("id")); // 3
 */
export function kll_sketch_get_n_bigint(col: ColumnOrName): Column {
  return call("kll_sketch_get_n_bigint", col);
}

/**
 * Two KLL sketches of longs as one.
 *
 * @example
 * F.kll_sketch_get_n_bigint(F.kll_sketch_merge_bigint(F.kll_sketch_agg_bigint("id"), F.kll_sketch_agg_bigint("id"))); // 6
 */
export function kll_sketch_merge_bigint(left: ColumnOrName, right: ColumnOrName): Column {
  return call("kll_sketch_merge_bigint", left, right);
}

/**
 * The value at a rank (0 to 1, or an array of ranks) of a KLL sketch of longs.
 *
 * @example
 * F.kll_sketch_get_quantile_bigint(F.kll_sketch_agg_bigint("id"), F.lit(0.5)); // 1
 */
export function kll_sketch_get_quantile_bigint(sketch: ColumnOrName, rank: ColumnOrName): Column {
  return call("kll_sketch_get_quantile_bigint", sketch, rank);
}

/**
 * The rank, 0 to 1, of a value in a KLL sketch of longs.
 *
 * @example
 * F.kll_sketch_get_rank_bigint(F.kll_sketch_agg_bigint("id"), F.lit(1)); // 0.6666666666666666
 */
export function kll_sketch_get_rank_bigint(sketch: ColumnOrName, quantile: ColumnOrName): Column {
  return call("kll_sketch_get_rank_bigint", sketch, quantile);
}

/**
 * Aggregate: a KLL quantile sketch of floats, as binary.
 *
 * @example
 * F.kll_sketch_get_n_float(F.kll_sketch_agg_float(F.col("id").cast("float"))); // 3
 */
export function kll_sketch_agg_float(col: ColumnOrName, k?: LiteralInput): Column {
  return call("kll_sketch_agg_float", col, value(k));
}

/**
 * Aggregate: several KLL sketches of floats as one.
 *
 * @example
 * df.agg(F.kll_sketch_get_n_float(F.kll_merge_agg_float("sketch")));
 */
export function kll_merge_agg_float(col: ColumnOrName, k?: LiteralInput): Column {
  return call("kll_merge_agg_float", col, value(k));
}

/**
 * A KLL sketch of floats in words.
 *
 * @example
 * F.length(F.kll_sketch_to_string_float(F.kll_sketch_agg_float(F.col("id").cast("float")))).gt(0); // true
 */
export function kll_sketch_to_string_float(col: ColumnOrName): Column {
  return call("kll_sketch_to_string_float", col);
}

/**
 * How many values a KLL sketch of floats has seen.
 *
 * @example
 * F.kll_sketch_get_n_float(F.kll_sketch_agg_float(F.col("id").cast("float"))); // 3
 */
export function kll_sketch_get_n_float(col: ColumnOrName): Column {
  return call("kll_sketch_get_n_float", col);
}

/**
 * Two KLL sketches of floats as one.
 *
 * @example
 * F.kll_sketch_get_n_float(F.kll_sketch_merge_float(F.kll_sketch_agg_float(F.col("id").cast("float")), F.kll_sketch_agg_float(F.col("id").cast("float")))); // 6
 */
export function kll_sketch_merge_float(left: ColumnOrName, right: ColumnOrName): Column {
  return call("kll_sketch_merge_float", left, right);
}

/**
 * The value at a rank (0 to 1, or an array of ranks) of a KLL sketch of floats.
 *
 * @example
 * F.kll_sketch_get_quantile_float(F.kll_sketch_agg_float(F.col("id").cast("float")), F.lit(0.5)); // 1.0
 */
export function kll_sketch_get_quantile_float(sketch: ColumnOrName, rank: ColumnOrName): Column {
  return call("kll_sketch_get_quantile_float", sketch, rank);
}

/**
 * The rank, 0 to 1, of a value in a KLL sketch of floats.
 *
 * @example
 * F.kll_sketch_get_rank_float(F.kll_sketch_agg_float(F.col("id").cast("float")), F.lit(1).cast("float")); // 0.6666666666666666
 */
export function kll_sketch_get_rank_float(sketch: ColumnOrName, quantile: ColumnOrName): Column {
  return call("kll_sketch_get_rank_float", sketch, quantile);
}

/**
 * Aggregate: a KLL quantile sketch of doubles, as binary.
 *
 * @example
 * F.kll_sketch_get_n_double(F.kll_sketch_agg_double(F.col("id").cast("double"))); // 3
 */
export function kll_sketch_agg_double(col: ColumnOrName, k?: LiteralInput): Column {
  return call("kll_sketch_agg_double", col, value(k));
}

/**
 * Aggregate: several KLL sketches of doubles as one.
 *
 * @example
 * df.agg(F.kll_sketch_get_n_double(F.kll_merge_agg_double("sketch")));
 */
export function kll_merge_agg_double(col: ColumnOrName, k?: LiteralInput): Column {
  return call("kll_merge_agg_double", col, value(k));
}

/**
 * A KLL sketch of doubles in words.
 *
 * @example
 * F.length(F.kll_sketch_to_string_double(F.kll_sketch_agg_double(F.col("id").cast("double")))).gt(0); // true
 */
export function kll_sketch_to_string_double(col: ColumnOrName): Column {
  return call("kll_sketch_to_string_double", col);
}

/**
 * How many values a KLL sketch of doubles has seen.
 *
 * @example
 * F.kll_sketch_get_n_double(F.kll_sketch_agg_double(F.col("id").cast("double"))); // 3
 */
export function kll_sketch_get_n_double(col: ColumnOrName): Column {
  return call("kll_sketch_get_n_double", col);
}

/**
 * Two KLL sketches of doubles as one.
 *
 * @example
 * F.kll_sketch_get_n_double(F.kll_sketch_merge_double(F.kll_sketch_agg_double(F.col("id").cast("double")), F.kll_sketch_agg_double(F.col("id").cast("double")))); // 6
 */
export function kll_sketch_merge_double(left: ColumnOrName, right: ColumnOrName): Column {
  return call("kll_sketch_merge_double", left, right);
}

/**
 * The value at a rank (0 to 1, or an array of ranks) of a KLL sketch of doubles.
 *
 * @example
 * F.kll_sketch_get_quantile_double(F.kll_sketch_agg_double(F.col("id").cast("double")), F.lit(0.5)); // 1.0
 */
export function kll_sketch_get_quantile_double(sketch: ColumnOrName, rank: ColumnOrName): Column {
  return call("kll_sketch_get_quantile_double", sketch, rank);
}

/**
 * The rank, 0 to 1, of a value in a KLL sketch of doubles.
 *
 * @example
 * F.kll_sketch_get_rank_double(F.kll_sketch_agg_double(F.col("id").cast("double")), F.lit(1).cast("double")); // 0.6666666666666666
 */
export function kll_sketch_get_rank_double(sketch: ColumnOrName, quantile: ColumnOrName): Column {
  return call("kll_sketch_get_rank_double", sketch, quantile);
}

/**
 * Aggregate: a tuple sketch of keys with double summaries, combined by `mode` (`sum`, `min`, `max`,
 * `alwaysone`), as binary.
 *
 * @example
 * F.tuple_sketch_estimate_double(F.tuple_sketch_agg_double("id", F.lit(1.5))); // 3.0
 */
export function tuple_sketch_agg_double(
  key: ColumnOrName,
  summary: ColumnOrName,
  lgNomEntries: Column | number = 12,
  mode: Column | string = "sum",
): Column {
  return call("tuple_sketch_agg_double", key, summary, toColumn(lgNomEntries), toColumn(mode));
}

/**
 * Aggregate: the union of tuple sketches with double summaries, combined by `mode`.
 *
 * @example
 * df.agg(F.tuple_sketch_estimate_double(F.tuple_union_agg_double("sketch")));
 */
export function tuple_union_agg_double(
  col: ColumnOrName,
  lgNomEntries: Column | number = 12,
  mode: Column | string = "sum",
): Column {
  return call("tuple_union_agg_double", col, toColumn(lgNomEntries), toColumn(mode));
}

/**
 * Aggregate: the intersection of tuple sketches with double summaries, combined by `mode`.
 *
 * @example
 * df.agg(F.tuple_sketch_estimate_double(F.tuple_intersection_agg_double("sketch")));
 */
export function tuple_intersection_agg_double(col: ColumnOrName, mode?: LiteralInput): Column {
  return call("tuple_intersection_agg_double", col, value(mode));
}

/**
 * About how many distinct keys a tuple sketch with double summaries stands for.
 *
 * @example
 * F.tuple_sketch_estimate_double(F.tuple_sketch_agg_double("id", F.lit(1.5))); // 3.0
 */
export function tuple_sketch_estimate_double(col: ColumnOrName): Column {
  return call("tuple_sketch_estimate_double", col);
}

/**
 * The double summaries of a tuple sketch, combined by `mode`.
 *
 * @example
 * F.tuple_sketch_summary_double(F.tuple_sketch_agg_double("id", F.lit(1.5))); // 4.5
 */
export function tuple_sketch_summary_double(col: ColumnOrName, mode?: LiteralInput): Column {
  return call("tuple_sketch_summary_double", col, value(mode));
}

/**
 * The theta (share of the key space kept) of a tuple sketch with double summaries.
 *
 * @example
 * F.tuple_sketch_theta_double(F.tuple_sketch_agg_double("id", F.lit(1.5))); // 1.0
 */
export function tuple_sketch_theta_double(col: ColumnOrName): Column {
  return call("tuple_sketch_theta_double", col);
}

/**
 * The union of two tuple sketches with double summaries, combined by `mode`.
 *
 * @example
 * F.tuple_sketch_estimate_double(F.tuple_union_double(F.tuple_sketch_agg_double("id", F.lit(1.5)), F.tuple_sketch_agg_double("id", F.lit(1.5)))); // 3.0
 */
export function tuple_union_double(
  col1: ColumnOrName,
  col2: ColumnOrName,
  lgNomEntries: Column | number = 12,
  mode: Column | string = "sum",
): Column {
  return call("tuple_union_double", col1, col2, toColumn(lgNomEntries), toColumn(mode));
}

/**
 * The union of a tuple sketch with double summaries and a theta sketch.
 *
 * @example
 * F.tuple_sketch_estimate_double(F.tuple_union_theta_double(F.tuple_sketch_agg_double("id", F.lit(1.5)), F.theta_sketch_agg("id"))); // 3.0
 */
export function tuple_union_theta_double(
  col1: ColumnOrName,
  col2: ColumnOrName,
  lgNomEntries: Column | number = 12,
  mode: Column | string = "sum",
): Column {
  return call("tuple_union_theta_double", col1, col2, toColumn(lgNomEntries), toColumn(mode));
}

/**
 * The intersection of two tuple sketches with double summaries, combined by `mode`.
 *
 * @example
 * F.tuple_sketch_estimate_double(F.tuple_intersection_double(F.tuple_sketch_agg_double("id", F.lit(1.5)), F.tuple_sketch_agg_double("id", F.lit(1.5)))); // 3.0
 */
export function tuple_intersection_double(
  col1: ColumnOrName,
  col2: ColumnOrName,
  mode?: LiteralInput,
): Column {
  return call("tuple_intersection_double", col1, col2, value(mode));
}

/**
 * The intersection of a tuple sketch with double summaries and a theta sketch.
 *
 * @example
 * F.tuple_sketch_estimate_double(F.tuple_intersection_theta_double(F.tuple_sketch_agg_double("id", F.lit(1.5)), F.theta_sketch_agg("id"))); // 3.0
 */
export function tuple_intersection_theta_double(
  col1: ColumnOrName,
  col2: ColumnOrName,
  mode?: LiteralInput,
): Column {
  return call("tuple_intersection_theta_double", col1, col2, value(mode));
}

/**
 * What the first tuple sketch with double summaries has and the second has not.
 *
 * @example
 * F.tuple_sketch_estimate_double(F.tuple_difference_double(F.tuple_sketch_agg_double("id", F.lit(1.5)), F.tuple_sketch_agg_double("id", F.lit(1.5)))); // 0.0
 */
export function tuple_difference_double(col1: ColumnOrName, col2: ColumnOrName): Column {
  return call("tuple_difference_double", col1, col2);
}

/**
 * What a tuple sketch with double summaries has and a theta sketch has not.
 *
 * @example
 * F.tuple_sketch_estimate_double(F.tuple_difference_theta_double(F.tuple_sketch_agg_double("id", F.lit(1.5)), F.theta_sketch_agg("id"))); // 0.0
 */
export function tuple_difference_theta_double(col1: ColumnOrName, col2: ColumnOrName): Column {
  return call("tuple_difference_theta_double", col1, col2);
}

/**
 * Aggregate: a tuple sketch of keys with integer summaries, combined by `mode` (`sum`, `min`, `max`,
 * `alwaysone`), as binary.
 *
 * @example
 * F.tuple_sketch_estimate_integer(F.tuple_sketch_agg_integer("id", F.lit(1))); // 3.0
 */
export function tuple_sketch_agg_integer(
  key: ColumnOrName,
  summary: ColumnOrName,
  lgNomEntries: Column | number = 12,
  mode: Column | string = "sum",
): Column {
  return call("tuple_sketch_agg_integer", key, summary, toColumn(lgNomEntries), toColumn(mode));
}

/**
 * Aggregate: the union of tuple sketches with integer summaries, combined by `mode`.
 *
 * @example
 * df.agg(F.tuple_sketch_estimate_integer(F.tuple_union_agg_integer("sketch")));
 */
export function tuple_union_agg_integer(
  col: ColumnOrName,
  lgNomEntries: Column | number = 12,
  mode: Column | string = "sum",
): Column {
  return call("tuple_union_agg_integer", col, toColumn(lgNomEntries), toColumn(mode));
}

/**
 * Aggregate: the intersection of tuple sketches with integer summaries, combined by `mode`.
 *
 * @example
 * df.agg(F.tuple_sketch_estimate_integer(F.tuple_intersection_agg_integer("sketch")));
 */
export function tuple_intersection_agg_integer(col: ColumnOrName, mode?: LiteralInput): Column {
  return call("tuple_intersection_agg_integer", col, value(mode));
}

/**
 * About how many distinct keys a tuple sketch with integer summaries stands for.
 *
 * @example
 * F.tuple_sketch_estimate_integer(F.tuple_sketch_agg_integer("id", F.lit(1))); // 3.0
 */
export function tuple_sketch_estimate_integer(col: ColumnOrName): Column {
  return call("tuple_sketch_estimate_integer", col);
}

/**
 * The integer summaries of a tuple sketch, combined by `mode`.
 *
 * @example
 * F.tuple_sketch_summary_integer(F.tuple_sketch_agg_integer("id", F.lit(1))); // 3
 */
export function tuple_sketch_summary_integer(col: ColumnOrName, mode?: LiteralInput): Column {
  return call("tuple_sketch_summary_integer", col, value(mode));
}

/**
 * The theta (share of the key space kept) of a tuple sketch with integer summaries.
 *
 * @example
 * F.tuple_sketch_theta_integer(F.tuple_sketch_agg_integer("id", F.lit(1))); // 1.0
 */
export function tuple_sketch_theta_integer(col: ColumnOrName): Column {
  return call("tuple_sketch_theta_integer", col);
}

/**
 * The union of two tuple sketches with integer summaries, combined by `mode`.
 *
 * @example
 * F.tuple_sketch_estimate_integer(F.tuple_union_integer(F.tuple_sketch_agg_integer("id", F.lit(1)), F.tuple_sketch_agg_integer("id", F.lit(1)))); // 3.0
 */
export function tuple_union_integer(
  col1: ColumnOrName,
  col2: ColumnOrName,
  lgNomEntries: Column | number = 12,
  mode: Column | string = "sum",
): Column {
  return call("tuple_union_integer", col1, col2, toColumn(lgNomEntries), toColumn(mode));
}

/**
 * The union of a tuple sketch with integer summaries and a theta sketch.
 *
 * @example
 * F.tuple_sketch_estimate_integer(F.tuple_union_theta_integer(F.tuple_sketch_agg_integer("id", F.lit(1)), F.theta_sketch_agg("id"))); // 3.0
 */
export function tuple_union_theta_integer(
  col1: ColumnOrName,
  col2: ColumnOrName,
  lgNomEntries: Column | number = 12,
  mode: Column | string = "sum",
): Column {
  return call("tuple_union_theta_integer", col1, col2, toColumn(lgNomEntries), toColumn(mode));
}

/**
 * The intersection of two tuple sketches with integer summaries, combined by `mode`.
 *
 * @example
 * F.tuple_sketch_estimate_integer(F.tuple_intersection_integer(F.tuple_sketch_agg_integer("id", F.lit(1)), F.tuple_sketch_agg_integer("id", F.lit(1)))); // 3.0
 */
export function tuple_intersection_integer(
  col1: ColumnOrName,
  col2: ColumnOrName,
  mode?: LiteralInput,
): Column {
  return call("tuple_intersection_integer", col1, col2, value(mode));
}

/**
 * The intersection of a tuple sketch with integer summaries and a theta sketch.
 *
 * @example
 * F.tuple_sketch_estimate_integer(F.tuple_intersection_theta_integer(F.tuple_sketch_agg_integer("id", F.lit(1)), F.theta_sketch_agg("id"))); // 3.0
 */
export function tuple_intersection_theta_integer(
  col1: ColumnOrName,
  col2: ColumnOrName,
  mode?: LiteralInput,
): Column {
  return call("tuple_intersection_theta_integer", col1, col2, value(mode));
}

/**
 * What the first tuple sketch with integer summaries has and the second has not.
 *
 * @example
 * F.tuple_sketch_estimate_integer(F.tuple_difference_integer(F.tuple_sketch_agg_integer("id", F.lit(1)), F.tuple_sketch_agg_integer("id", F.lit(1)))); // 0.0
 */
export function tuple_difference_integer(col1: ColumnOrName, col2: ColumnOrName): Column {
  return call("tuple_difference_integer", col1, col2);
}

/**
 * What a tuple sketch with integer summaries has and a theta sketch has not.
 *
 * @example
 * F.tuple_sketch_estimate_integer(F.tuple_difference_theta_integer(F.tuple_sketch_agg_integer("id", F.lit(1)), F.theta_sketch_agg("id"))); // 0.0
 */
export function tuple_difference_theta_integer(col1: ColumnOrName, col2: ColumnOrName): Column {
  return call("tuple_difference_theta_integer", col1, col2);
}
