import type { Column, ColumnOrName } from "../column.ts";
import { call } from "./invoke.ts";

/**
 * Aggregate: the mean of vectors, element by element.
 *
 * @example
 * F.vector_avg(F.array(F.lit(1).cast("float"), F.col("id").cast("float"))); // [1.0, 1.0]
 */
export function vector_avg(col: ColumnOrName): Column {
  return call("vector_avg", col);
}

/**
 * Cosine of the angle between two vectors (arrays of float).
 *
 * @example
 * F.vector_cosine_similarity(F.array(F.lit(1).cast("float")), F.array(F.lit(2).cast("float"))); // 1.0
 */
export function vector_cosine_similarity(left: ColumnOrName, right: ColumnOrName): Column {
  return call("vector_cosine_similarity", left, right);
}

/**
 * Inner product of two vectors.
 *
 * @example
 * F.vector_inner_product(F.array(F.lit(3).cast("float")), F.array(F.lit(2).cast("float"))); // 6.0
 */
export function vector_inner_product(left: ColumnOrName, right: ColumnOrName): Column {
  return call("vector_inner_product", left, right);
}

/**
 * Euclidean distance of two vectors.
 *
 * @example
 * F.vector_l2_distance(F.array(F.lit(3).cast("float")), F.array(F.lit(2).cast("float"))); // 1.0
 */
export function vector_l2_distance(left: ColumnOrName, right: ColumnOrName): Column {
  return call("vector_l2_distance", left, right);
}

/**
 * Length of a vector, by the norm of that degree (2 by default).
 *
 * @example
 * F.vector_norm(F.array(F.lit(3).cast("float"), F.lit(4).cast("float"))); // 5.0
 */
export function vector_norm(vector: ColumnOrName, degree?: ColumnOrName): Column {
  return call("vector_norm", vector, degree);
}

/**
 * The vector divided by its norm.
 *
 * @example
 * F.vector_normalize(F.array(F.lit(0).cast("float"), F.lit(4).cast("float"))); // [0.0, 1.0]
 */
export function vector_normalize(vector: ColumnOrName, degree?: ColumnOrName): Column {
  return call("vector_normalize", vector, degree);
}

/**
 * Aggregate: the sum of vectors, element by element.
 *
 * @example
 * F.vector_sum(F.array(F.lit(1).cast("float"), F.col("id").cast("float"))); // [3.0, 3.0]
 */
export function vector_sum(col: ColumnOrName): Column {
  return call("vector_sum", col);
}
