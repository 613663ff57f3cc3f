/**
 * The values that rows hold, where JavaScript has none of its own:
 * decimal is `Decimal`, date `LocalDate`, timestamp `Timestamp`, timestamp_ntz `LocalTimestamp`, time `LocalTime`,
 * intervals `YearMonthInterval`, `DayTimeInterval` and `CalendarInterval`, struct `Row`. A long is a number when that is
 * exact, else a bigint; binary is a Uint8Array, array an Array, map a Map.
 */
export { Decimal, type DecimalRounding } from "./decimal.ts";
export { CalendarInterval, DayTimeInterval, YearMonthInterval } from "./interval.ts";
export { isRow, type Row, row, rowFactory, sameValue } from "./row.ts";
export { LocalDate, LocalTime, LocalTimestamp, Timestamp } from "./temporal.ts";
export { VariantValue } from "./variant-value.ts";

/** A long as a number when no digit is lost by that, else as it is. */
export function safeLong(value: bigint): number | bigint {
  return value >= -9_007_199_254_740_991n && value <= 9_007_199_254_740_991n ? Number(value) : value;
}
