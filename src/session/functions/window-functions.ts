import { type Column, type ColumnOrName, toColumn } from "../column.ts";
import type { LiteralInput } from "../literal.ts";
import { call, value } from "./invoke.ts";

/**
 * Growth of a counter since the row before, a restart counted from zero.
 *
 * @example
 * F.counter_diff("id").over(Window.orderBy("id")); // NULL, 1, 1
 */
export function counter_diff(value: ColumnOrName, startTime?: ColumnOrName): Column {
  return call("counter_diff", value, startTime);
}

/**
 * Share of the rows of the partition that come no later.
 *
 * @example
 * F.cume_dist().over(Window.orderBy("id")); // 0.3333333333333333, 0.6666666666666666, 1.0
 */
export function cume_dist(): Column {
  return call("cume_dist");
}

/**
 * Rank without gaps after ties.
 *
 * @example
 * F.dense_rank().over(Window.orderBy("id")); // 1, 2, 3
 */
export function dense_rank(): Column {
  return call("dense_rank");
}

/**
 * The value `offset` rows before, or the default.
 *
 * @example
 * F.lag("id", 1, -1).over(Window.orderBy("id")); // -1, 0, 1
 */
export function lag(col: ColumnOrName, offset = 1, default_?: LiteralInput): Column {
  return call("lag", col, toColumn(offset), value(default_));
}

/**
 * The value `offset` rows after, or the default.
 *
 * @example
 * F.lead("id").over(Window.orderBy("id")); // 1, 2, NULL
 */
export function lead(col: ColumnOrName, offset = 1, default_?: LiteralInput): Column {
  return call("lead", col, toColumn(offset), value(default_));
}

/**
 * The value of the `offset`-th row of the frame, counted from 1.
 *
 * @example
 * F.nth_value("id", 2).over(Window.orderBy("id")); // NULL, 1, 1
 */
export function nth_value(col: ColumnOrName, offset: number, ignoreNulls = false): Column {
  return call("nth_value", col, toColumn(offset), toColumn(ignoreNulls));
}

/**
 * The number, from 1, of the group of `n` even ones.
 *
 * @example
 * F.ntile(2).over(Window.orderBy("id")); // 1, 1, 2
 */
export function ntile(n: number): Column {
  return call("ntile", toColumn(n));
}

/**
 * Rank as a share from 0 to 1.
 *
 * @example
 * F.percent_rank().over(Window.orderBy("id")); // 0.0, 0.5, 1.0
 */
export function percent_rank(): Column {
  return call("percent_rank");
}

/**
 * Rank, with gaps after ties.
 *
 * @example
 * F.rank().over(Window.orderBy("id")); // 1, 2, 3
 */
export function rank(): Column {
  return call("rank");
}

/**
 * The number of the row, from 1.
 *
 * @example
 * F.row_number().over(Window.orderBy("id")); // 1, 2, 3
 */
export function row_number(): Column {
  return call("row_number");
}
