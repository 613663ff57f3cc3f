import type { Column, ColumnOrName } from "../column.ts";
import { call, numberOrColumn } from "./invoke.ts";

/**
 * Partitions by year.
 *
 * @example
 * df.writeTo("events").partitionedBy(F.years("ts"));
 */
export function years(col: ColumnOrName): Column {
  return call("years", col);
}

/**
 * Partitions by month.
 *
 * @example
 * df.writeTo("events").partitionedBy(F.months("ts"));
 */
export function months(col: ColumnOrName): Column {
  return call("months", col);
}

/**
 * Partitions by day.
 *
 * @example
 * df.writeTo("events").partitionedBy(F.days("ts"));
 */
export function days(col: ColumnOrName): Column {
  return call("days", col);
}

/**
 * Partitions by hour.
 *
 * @example
 * df.writeTo("events").partitionedBy(F.hours("ts"));
 */
export function hours(col: ColumnOrName): Column {
  return call("hours", col);
}

/**
 * Partitions by hash, into that many.
 *
 * @example
 * df.writeTo("events").partitionedBy(F.bucket(42, "ts"));
 */
export function bucket(numBuckets: ColumnOrName | number, col: ColumnOrName): Column {
  return call("bucket", numberOrColumn(numBuckets), col);
}
