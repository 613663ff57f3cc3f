import { notExpectedType } from "../argument-errors.ts";
import { Column, type ColumnOrName, toColumn } from "../column.ts";
import { flattenColumns } from "../column-arguments.ts";
import { INTERNAL } from "../internal.ts";
import type { LiteralInput } from "../literal.ts";
import { call, callAll, callDistinct, randomSeed, value } from "./invoke.ts";

/**
 * Some value of the group.
 *
 * @example
 * F.any_value("id"); // 0
 */
export function any_value(col: ColumnOrName, ignoreNulls?: LiteralInput): Column {
  return call("any_value", col, value(ignoreNulls));
}

/**
 * About how many distinct values, by HyperLogLog++; `rsd` is the relative standard deviation (0.05 by
 * default).
 *
 * @example
 * F.approx_count_distinct("id"); // 3
 */
export function approx_count_distinct(col: ColumnOrName, rsd?: number): Column {
  return call("approx_count_distinct", col, value(rsd));
}

/**
 * The older name of `approx_count_distinct`.
 *
 * @example
 * F.approxCountDistinct("id"); // 3
 */
export function approxCountDistinct(col: ColumnOrName, rsd?: number): Column {
  return call("approx_count_distinct", col, value(rsd));
}

/**
 * The same as `percentile_approx`.
 *
 * @example
 * F.approx_percentile("id", 0.5); // 1
 */
export function approx_percentile(
  col: ColumnOrName,
  percentage: Column | number | readonly number[],
  accuracy: Column | number = 10_000,
): Column {
  return call("approx_percentile", col, fractions(percentage), toColumn(accuracy));
}

/**
 * The values of the group as an array, nulls left out.
 *
 * @example
 * F.array_agg("id"); // [0, 1, 2]
 */
export function array_agg(col: ColumnOrName): Column {
  return call("array_agg", col);
}

/**
 * Mean.
 *
 * @example
 * F.avg("id"); // 1.0
 */
export function avg(col: ColumnOrName): Column {
  return call("avg", col);
}

/**
 * Bitwise AND of all values.
 *
 * @example
 * F.bit_and("id"); // 0
 */
export function bit_and(col: ColumnOrName): Column {
  return call("bit_and", col);
}

/**
 * Bitwise OR of all values.
 *
 * @example
 * F.bit_or("id"); // 3
 */
export function bit_or(col: ColumnOrName): Column {
  return call("bit_or", col);
}

/**
 * Bitwise XOR of all values.
 *
 * @example
 * F.bit_xor("id"); // 3
 */
export function bit_xor(col: ColumnOrName): Column {
  return call("bit_xor", col);
}

/**
 * Bitwise AND of bitmaps.
 *
 * @example
 * F.length(F.bitmap_and_agg(F.lit("a").cast("binary"))); // 4096
 */
export function bitmap_and_agg(col: ColumnOrName): Column {
  return call("bitmap_and_agg", col);
}

/**
 * A bitmap with the bits of the given positions set.
 *
 * @example
 * F.bitmap_count(F.bitmap_construct_agg(F.bitmap_bit_position("id"))); // 2
 */
export function bitmap_construct_agg(col: ColumnOrName): Column {
  return call("bitmap_construct_agg", col);
}

/**
 * Bitwise OR of bitmaps.
 *
 * @example
 * F.length(F.bitmap_or_agg(F.lit("a").cast("binary"))); // 4096
 */
export function bitmap_or_agg(col: ColumnOrName): Column {
  return call("bitmap_or_agg", col);
}

/**
 * Whether all values are true.
 *
 * @example
 * F.bool_and(F.col("id").ge(0)); // true
 */
export function bool_and(col: ColumnOrName): Column {
  return call("bool_and", col);
}

/**
 * Whether one value is true.
 *
 * @example
 * F.bool_or(F.col("id").gt(1)); // true
 */
export function bool_or(col: ColumnOrName): Column {
  return call("bool_or", col);
}

/**
 * The values of the group as an array, nulls left out.
 *
 * @example
 * F.collect_list("id"); // [0, 1, 2]
 */
export function collect_list(col: ColumnOrName): Column {
  return call("collect_list", col);
}

/**
 * The distinct values of the group as an array.
 *
 * @example
 * F.array_sort(F.collect_set("id")); // [0, 1, 2]
 */
export function collect_set(col: ColumnOrName): Column {
  return call("collect_set", col);
}

/**
 * The distinct elements of the arrays of the group.
 *
 * @example
 * F.array_sort(F.collect_union(F.array("id"))); // [0, 1, 2]
 */
export function collect_union(col: ColumnOrName): Column {
  return call("collect_union", col);
}

/**
 * Pearson's correlation.
 *
 * @example
 * F.corr("id", "id"); // 1.0
 */
export function corr(col1: ColumnOrName, col2: ColumnOrName): Column {
  return call("corr", col1, col2);
}

/**
 * Number of rows where the column is not null; `"*"` as a Column counts all rows.
 *
 * @example
 * F.count("*"); // 3
 */
export function count(col: ColumnOrName): Column {
  const isStar = col instanceof Column && col[INTERNAL].expression.kind === "UnresolvedStar";
  return call("count", isStar ? toColumn(1) : col);
}

/**
 * Number of distinct values, or of distinct combinations; rows with a null are left out.
 *
 * @example
 * F.count_distinct("id"); // 3
 */
export function count_distinct(...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): Column {
  return callDistinct("count", ...flattenColumns(cols));
}

/**
 * The same as `count_distinct`.
 *
 * @example
 * F.countDistinct("id"); // 3
 */
export function countDistinct(...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): Column {
  return callDistinct("count", ...flattenColumns(cols));
}

/**
 * Number of rows for which the condition holds.
 *
 * @example
 * F.count_if(F.col("id").gt(0)); // 2
 */
export function count_if(col: ColumnOrName): Column {
  return call("count_if", col);
}

/**
 * A count-min sketch, as binary.
 *
 * @example
 * F.length(F.count_min_sketch("id", 0.5, 0.5, 1)); // 60
 */
export function count_min_sketch(
  col: ColumnOrName,
  eps: LiteralInput,
  confidence: LiteralInput,
  seed?: LiteralInput,
): Column {
  return call("count_min_sketch", col, toColumn(eps), toColumn(confidence), value(seed ?? randomSeed()));
}

/**
 * Covariance of a population.
 *
 * @example
 * F.covar_pop("id", "id"); // 0.6666666666666666
 */
export function covar_pop(col1: ColumnOrName, col2: ColumnOrName): Column {
  return call("covar_pop", col1, col2);
}

/**
 * Covariance of a sample.
 *
 * @example
 * F.covar_samp("id", "id"); // 1.0
 */
export function covar_samp(col1: ColumnOrName, col2: ColumnOrName): Column {
  return call("covar_samp", col1, col2);
}

/**
 * The same as `bool_and`.
 *
 * @example
 * F.every(F.col("id").ge(0)); // true
 */
export function every(col: ColumnOrName): Column {
  return call("every", col);
}

/**
 * The first value of the group, or the first that is not null.
 *
 * @example
 * F.first("id"); // 0
 */
export function first(col: ColumnOrName, ignorenulls = false): Column {
  return call("first", col, toColumn(ignorenulls));
}

/**
 * The same as `first`.
 *
 * @example
 * F.first_value("id"); // 0
 */
export function first_value(col: ColumnOrName, ignoreNulls?: LiteralInput): Column {
  return call("first_value", col, value(ignoreNulls));
}

/**
 * 1 where the column was left out of the grouping set, else 0.
 *
 * @example
 * df.cube("name").agg(F.grouping("name"), F.sum("age"));
 */
export function grouping(col: ColumnOrName): Column {
  return call("grouping", col);
}

/**
 * Which columns were left out of the grouping set, as bits.
 *
 * @example
 * df.cube("name", "age").agg(F.grouping_id(), F.count("*"));
 */
export function grouping_id(...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): Column {
  return callAll("grouping_id", cols);
}

/**
 * A histogram of that many bins: an array of structs of `x` and `y`.
 *
 * @example
 * F.histogram_numeric("id", F.lit(2)); // [{0, 1.0}, {1, 2.0}]
 */
export function histogram_numeric(col: ColumnOrName, nBins: ColumnOrName): Column {
  return call("histogram_numeric", col, nBins);
}

/**
 * Kurtosis.
 *
 * @example
 * F.kurtosis("id"); // -1.5
 */
export function kurtosis(col: ColumnOrName): Column {
  return call("kurtosis", col);
}

/**
 * The last value of the group, or the last that is not null.
 *
 * @example
 * F.last("id"); // 2
 */
export function last(col: ColumnOrName, ignorenulls = false): Column {
  return call("last", col, toColumn(ignorenulls));
}

/**
 * The same as `last`.
 *
 * @example
 * F.last_value("id"); // 2
 */
export function last_value(col: ColumnOrName, ignoreNulls?: LiteralInput): Column {
  return call("last_value", col, value(ignoreNulls));
}

/**
 * The texts of the group joined, by a delimiter if one is given.
 *
 * @example
 * F.listagg(F.col("id").cast("string"), ","); // 0,1,2
 */
export function listagg(col: ColumnOrName, delimiter?: LiteralInput): Column {
  return call("listagg", col, value(delimiter));
}

/**
 * As `listagg`, each text once.
 *
 * @example
 * F.length(F.listagg_distinct(F.col("id").cast("string"), ",")); // 5
 */
export function listagg_distinct(col: ColumnOrName, delimiter?: LiteralInput): Column {
  return callDistinct("listagg", col, value(delimiter));
}

/**
 * The greatest value.
 *
 * @example
 * F.max("id"); // 2
 */
export function max(col: ColumnOrName): Column {
  return call("max", col);
}

/**
 * The value of `col` where `ord` is greatest; with `k` the `k` of them as an array.
 *
 * @example
 * F.max_by("id", "id"); // 2
 */
export function max_by(col: ColumnOrName, ord: ColumnOrName, k?: number): Column {
  return call("max_by", col, ord, value(k));
}

/**
 * The same as `avg`.
 *
 * @example
 * F.mean("id"); // 1.0
 */
export function mean(col: ColumnOrName): Column {
  return call("avg", col);
}

/**
 * The middle value.
 *
 * @example
 * F.median("id"); // 1.0
 */
export function median(col: ColumnOrName): Column {
  return call("median", col);
}

/**
 * The least value.
 *
 * @example
 * F.min("id"); // 0
 */
export function min(col: ColumnOrName): Column {
  return call("min", col);
}

/**
 * The value of `col` where `ord` is least; with `k` the `k` of them as an array.
 *
 * @example
 * F.min_by("id", "id"); // 0
 */
export function min_by(col: ColumnOrName, ord: ColumnOrName, k?: number): Column {
  return call("min_by", col, ord, value(k));
}

/**
 * The most frequent value; with `deterministic` the least of several.
 *
 * @example
 * F.mode(F.lit(1)); // 1
 */
export function mode(col: ColumnOrName, deterministic = false): Column {
  return call("mode", col, toColumn(deterministic));
}

/**
 * The exact percentile, between 0 and 1, or several as an array; each value counts `frequency` times.
 *
 * @example
 * F.percentile("id", 0.5); // 1.0
 */
export function percentile(
  col: ColumnOrName,
  percentage: Column | number | readonly number[],
  frequency: Column | number = 1,
): Column {
  if (typeof frequency !== "number" && !(frequency instanceof Column)) {
    throw notExpectedType("frequency", "Column or int", frequency);
  }
  return call("percentile", col, fractions(percentage), toColumn(frequency));
}

/**
 * The approximate percentile, between 0 and 1, or several as an array. More `accuracy` costs more memory.
 *
 * @example
 * F.percentile_approx("id", 0.5); // 1
 */
export function percentile_approx(
  col: ColumnOrName,
  percentage: Column | number | readonly number[],
  accuracy: Column | number = 10_000,
): Column {
  return call("percentile_approx", col, fractions(percentage), toColumn(accuracy));
}

/**
 * Product, as a double.
 *
 * @example
 * F.product(F.col("id").plus(1)); // 6.0
 */
export function product(col: ColumnOrName): Column {
  return call("product", col);
}

/**
 * Mean of `x` over the pairs without null.
 *
 * @example
 * F.regr_avgx("id", "id"); // 1.0
 */
export function regr_avgx(y: ColumnOrName, x: ColumnOrName): Column {
  return call("regr_avgx", y, x);
}

/**
 * Mean of `y` over the pairs without null.
 *
 * @example
 * F.regr_avgy("id", "id"); // 1.0
 */
export function regr_avgy(y: ColumnOrName, x: ColumnOrName): Column {
  return call("regr_avgy", y, x);
}

/**
 * Number of pairs without null.
 *
 * @example
 * F.regr_count("id", "id"); // 3
 */
export function regr_count(y: ColumnOrName, x: ColumnOrName): Column {
  return call("regr_count", y, x);
}

/**
 * Intercept of the regression line.
 *
 * @example
 * F.regr_intercept("id", "id"); // 0.0
 */
export function regr_intercept(y: ColumnOrName, x: ColumnOrName): Column {
  return call("regr_intercept", y, x);
}

/**
 * Coefficient of determination.
 *
 * @example
 * F.regr_r2("id", "id"); // 1.0
 */
export function regr_r2(y: ColumnOrName, x: ColumnOrName): Column {
  return call("regr_r2", y, x);
}

/**
 * Slope of the regression line.
 *
 * @example
 * F.regr_slope("id", "id"); // 1.0
 */
export function regr_slope(y: ColumnOrName, x: ColumnOrName): Column {
  return call("regr_slope", y, x);
}

/**
 * Sum of the squared deviations of `x`.
 *
 * @example
 * F.regr_sxx("id", "id"); // 2.0
 */
export function regr_sxx(y: ColumnOrName, x: ColumnOrName): Column {
  return call("regr_sxx", y, x);
}

/**
 * Sum of the products of the deviations.
 *
 * @example
 * F.regr_sxy("id", "id"); // 2.0
 */
export function regr_sxy(y: ColumnOrName, x: ColumnOrName): Column {
  return call("regr_sxy", y, x);
}

/**
 * Sum of the squared deviations of `y`.
 *
 * @example
 * F.regr_syy("id", "id"); // 2.0
 */
export function regr_syy(y: ColumnOrName, x: ColumnOrName): Column {
  return call("regr_syy", y, x);
}

/**
 * Skewness.
 *
 * @example
 * F.skewness("id"); // 0.0
 */
export function skewness(col: ColumnOrName): Column {
  return call("skewness", col);
}

/**
 * The same as `bool_or`.
 *
 * @example
 * F.some(F.col("id").gt(1)); // true
 */
export function some(col: ColumnOrName): Column {
  return call("some", col);
}

/**
 * The same as `stddev`.
 *
 * @example
 * F.std("id"); // 1.0
 */
export function std(col: ColumnOrName): Column {
  return call("std", col);
}

/**
 * Standard deviation of a sample.
 *
 * @example
 * F.stddev("id"); // 1.0
 */
export function stddev(col: ColumnOrName): Column {
  return call("stddev", col);
}

/**
 * Standard deviation of a population.
 *
 * @example
 * F.stddev_pop("id"); // 0.816496580927726
 */
export function stddev_pop(col: ColumnOrName): Column {
  return call("stddev_pop", col);
}

/**
 * Standard deviation of a sample.
 *
 * @example
 * F.stddev_samp("id"); // 1.0
 */
export function stddev_samp(col: ColumnOrName): Column {
  return call("stddev_samp", col);
}

/**
 * The same as `listagg`.
 *
 * @example
 * F.string_agg(F.col("id").cast("string"), ","); // 0,1,2
 */
export function string_agg(col: ColumnOrName, delimiter?: LiteralInput): Column {
  return call("string_agg", col, value(delimiter));
}

/**
 * The same as `listagg_distinct`.
 *
 * @example
 * F.length(F.string_agg_distinct(F.col("id").cast("string"), ",")); // 5
 */
export function string_agg_distinct(col: ColumnOrName, delimiter?: LiteralInput): Column {
  return callDistinct("string_agg", col, value(delimiter));
}

/**
 * Sum.
 *
 * @example
 * F.sum("id"); // 3
 */
export function sum(col: ColumnOrName): Column {
  return call("sum", col);
}

/**
 * Sum of the distinct values.
 *
 * @example
 * F.sum_distinct("id"); // 3
 */
export function sum_distinct(col: ColumnOrName): Column {
  return callDistinct("sum", col);
}

/**
 * The older name of `sum_distinct`.
 *
 * @example
 * F.sumDistinct("id"); // 3
 */
export function sumDistinct(col: ColumnOrName): Column {
  return callDistinct("sum", col);
}

/**
 * The mean, or null where it overflows.
 *
 * @example
 * F.try_avg("id"); // 1.0
 */
export function try_avg(col: ColumnOrName): Column {
  return call("try_avg", col);
}

/**
 * The sum, or null where it overflows.
 *
 * @example
 * F.try_sum("id"); // 3
 */
export function try_sum(col: ColumnOrName): Column {
  return call("try_sum", col);
}

/**
 * Variance of a population.
 *
 * @example
 * F.var_pop("id"); // 0.6666666666666666
 */
export function var_pop(col: ColumnOrName): Column {
  return call("var_pop", col);
}

/**
 * Variance of a sample.
 *
 * @example
 * F.var_samp("id"); // 1.0
 */
export function var_samp(col: ColumnOrName): Column {
  return call("var_samp", col);
}

/**
 * The same as `var_samp`.
 *
 * @example
 * F.variance("id"); // 1.0
 */
export function variance(col: ColumnOrName): Column {
  return call("variance", col);
}

function fractions(percentage: Column | number | readonly number[]): Column {
  return toColumn(percentage);
}
