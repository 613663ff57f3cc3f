import { Decimal } from "../../types/values.ts";
import { cannotSetTogether, expectString, notExpectedType } from "../argument-errors.ts";
import { Column, type ColumnOrName, toColumn } from "../column.ts";
import { call, numberOrColumn, textOrColumn, value } from "./invoke.ts";

/** Seconds are a decimal. */
const ZERO_SECONDS = new Decimal(0n);

/**
 * The date that many months later.
 *
 * @example
 * F.add_months(F.to_date(F.lit("2015-04-08")), 1); // 2015-05-08
 */
export function add_months(start: ColumnOrName, months: ColumnOrName | number): Column {
  return call("add_months", start, numberOrColumn(months));
}

/**
 * A clock reading of one zone turned to that of another; from the session's zone where `sourceTz` is null.
 *
 * @example
 * F.convert_timezone(F.lit("Europe/Brussels"), F.lit("America/Los_Angeles"), F.lit("2021-12-06 00:00:00")); // 2021-12-05 15:00:00
 */
export function convert_timezone(
  sourceTz: ColumnOrName | null | undefined,
  targetTz: ColumnOrName,
  sourceTs: ColumnOrName,
): Column {
  return call("convert_timezone", sourceTz ?? undefined, targetTz, sourceTs);
}

/**
 * The date at the start of the query.
 *
 * @example
 * F.curdate().isNotNull(); // true
 */
export function curdate(): Column {
  return call("curdate");
}

/**
 * The date at the start of the query.
 *
 * @example
 * F.current_date().isNotNull(); // true
 */
export function current_date(): Column {
  return call("current_date");
}

/**
 * The time of day at the start of the query, to `precision` digits of a second.
 *
 * @example
 * F.current_time().isNotNull(); // true
 */
export function current_time(precision?: number): Column {
  return call("current_time", value(precision));
}

/**
 * The instant at the start of the query.
 *
 * @example
 * F.current_timestamp().isNotNull(); // true
 */
export function current_timestamp(): Column {
  return call("current_timestamp");
}

/**
 * The session's time zone.
 *
 * @example
 * F.current_timezone(); // UTC
 */
export function current_timezone(): Column {
  return call("current_timezone");
}

/**
 * The date that many days later.
 *
 * @example
 * F.date_add(F.to_date(F.lit("2015-04-08")), 1); // 2015-04-09
 */
export function date_add(start: ColumnOrName, days: ColumnOrName | number): Column {
  return call("date_add", start, numberOrColumn(days));
}

/**
 * Days from `start` to `end`.
 *
 * @example
 * F.date_diff(F.to_date(F.lit("2015-05-10")), F.to_date(F.lit("2015-04-08"))); // 32
 */
export function date_diff(end: ColumnOrName, start: ColumnOrName): Column {
  return call("date_diff", end, start);
}

/**
 * A date or instant as text, by a pattern of Java's (`yyyy-MM-dd`).
 *
 * @example
 * F.date_format(F.to_date(F.lit("2015-04-08")), "MM/dd/yyyy"); // 04/08/2015
 */
export function date_format(date: ColumnOrName, format: string): Column {
  return call("date_format", date, toColumn(format));
}

/**
 * The date that many days after 1970-01-01.
 *
 * @example
 * F.date_from_unix_date(F.lit(1)); // 1970-01-02
 */
export function date_from_unix_date(days: ColumnOrName): Column {
  return call("date_from_unix_date", days);
}

/**
 * A field of a date, instant or interval, named by a literal text.
 *
 * @example
 * F.date_part(F.lit("YEAR"), F.to_date(F.lit("2015-04-08"))); // 2015
 */
export function date_part(field: ColumnOrName, source: ColumnOrName): Column {
  return call("date_part", field, source);
}

/**
 * The date that many days earlier.
 *
 * @example
 * F.date_sub(F.to_date(F.lit("2015-04-08")), 1); // 2015-04-07
 */
export function date_sub(start: ColumnOrName, days: ColumnOrName | number): Column {
  return call("date_sub", start, numberOrColumn(days));
}

/**
 * An instant cut to a unit: `year`, `quarter`, `month`, `week`, `day`, `hour`, `minute`, `second`.
 *
 * @example
 * F.date_trunc("year", F.lit("1997-02-28 05:02:11").cast("timestamp")); // 1997-01-01 00:00:00
 */
export function date_trunc(format: string, timestamp: ColumnOrName): Column {
  return call("date_trunc", toColumn(format), timestamp);
}

/**
 * The same as `date_add`.
 *
 * @example
 * F.dateadd(F.to_date(F.lit("2015-04-08")), 1); // 2015-04-09
 */
export function dateadd(start: ColumnOrName, days: ColumnOrName | number): Column {
  return call("dateadd", start, numberOrColumn(days));
}

/**
 * The same as `date_diff`.
 *
 * @example
 * F.datediff(F.to_date(F.lit("2015-05-10")), F.to_date(F.lit("2015-04-08"))); // 32
 */
export function datediff(end: ColumnOrName, start: ColumnOrName): Column {
  return call("datediff", end, start);
}

/**
 * The same as `date_part`.
 *
 * @example
 * F.datepart(F.lit("YEAR"), F.to_date(F.lit("2015-04-08"))); // 2015
 */
export function datepart(field: ColumnOrName, source: ColumnOrName): Column {
  return call("datepart", field, source);
}

/**
 * Day of the month.
 *
 * @example
 * F.day(F.to_date(F.lit("2015-04-08"))); // 8
 */
export function day(col: ColumnOrName): Column {
  return call("day", col);
}

/**
 * Name of the weekday in three letters.
 *
 * @example
 * F.dayname(F.to_date(F.lit("2015-04-08"))); // Wed
 */
export function dayname(col: ColumnOrName): Column {
  return call("dayname", col);
}

/**
 * The same as `day`.
 *
 * @example
 * F.dayofmonth(F.to_date(F.lit("2015-04-08"))); // 8
 */
export function dayofmonth(col: ColumnOrName): Column {
  return call("dayofmonth", col);
}

/**
 * Day of the week: 1 for Sunday to 7 for Saturday.
 *
 * @example
 * F.dayofweek(F.to_date(F.lit("2015-04-08"))); // 4
 */
export function dayofweek(col: ColumnOrName): Column {
  return call("dayofweek", col);
}

/**
 * Day of the year.
 *
 * @example
 * F.dayofyear(F.to_date(F.lit("2015-04-08"))); // 98
 */
export function dayofyear(col: ColumnOrName): Column {
  return call("dayofyear", col);
}

/**
 * The same as `date_part`.
 *
 * @example
 * F.extract(F.lit("YEAR"), F.to_date(F.lit("2015-04-08"))); // 2015
 */
export function extract(field: ColumnOrName, source: ColumnOrName): Column {
  return call("extract", field, source);
}

/**
 * Seconds since 1970 as text in the session's time zone.
 *
 * @example
 * F.from_unixtime(F.lit(1428476400)); // 2015-04-08 07:00:00
 */
export function from_unixtime(timestamp: ColumnOrName, format = "yyyy-MM-dd HH:mm:ss"): Column {
  return call("from_unixtime", timestamp, toColumn(format));
}

/**
 * An instant's UTC clock reading turned to that of a zone.
 *
 * @example
 * F.from_utc_timestamp(F.lit("1997-02-28 10:30:00").cast("timestamp"), "PST"); // 1997-02-28 02:30:00
 */
export function from_utc_timestamp(timestamp: ColumnOrName, tz: Column | string): Column {
  return call("from_utc_timestamp", timestamp, textOrColumn(tz));
}

/**
 * Hour.
 *
 * @example
 * F.hour(F.lit("2015-04-08 13:08:15").cast("timestamp")); // 13
 */
export function hour(col: ColumnOrName): Column {
  return call("hour", col);
}

/**
 * The last day of the month.
 *
 * @example
 * F.last_day(F.to_date(F.lit("1997-02-10"))); // 1997-02-28
 */
export function last_day(date: ColumnOrName): Column {
  return call("last_day", date);
}

/**
 * Clock and calendar at the start of the query, without zone.
 *
 * @example
 * F.localtimestamp().isNotNull(); // true
 */
export function localtimestamp(): Column {
  return call("localtimestamp");
}

/**
 * A date from its parts.
 *
 * @example
 * F.make_date(F.lit(2020), F.lit(6), F.lit(26)); // 2020-06-26
 */
export function make_date(year: ColumnOrName, month: ColumnOrName, day: ColumnOrName): Column {
  return call("make_date", year, month, day);
}

/**
 * An interval of days, hours, minutes and seconds; what is not given is zero.
 *
 * @example
 * F.make_dt_interval(F.lit(1), F.lit(12), F.lit(30), F.lit(1.5)); // INTERVAL '1 12:30:01.5' DAY TO SECOND
 */
export function make_dt_interval(
  days?: ColumnOrName,
  hours?: ColumnOrName,
  mins?: ColumnOrName,
  secs?: ColumnOrName,
): Column {
  return call(
    "make_dt_interval",
    days ?? toColumn(0),
    hours ?? toColumn(0),
    mins ?? toColumn(0),
    secs ?? toColumn(ZERO_SECONDS),
  );
}

/**
 * An interval of months, days and microseconds from its parts; what is not given is zero.
 *
 * @example
 * F.make_interval(F.lit(1), F.lit(2)).cast("string"); // 1 years 2 months
 */
export function make_interval(
  years?: ColumnOrName,
  months?: ColumnOrName,
  weeks?: ColumnOrName,
  days?: ColumnOrName,
  hours?: ColumnOrName,
  mins?: ColumnOrName,
  secs?: ColumnOrName,
): Column {
  const whole = [years, months, weeks, days, hours, mins].map((part) => part ?? toColumn(0));
  return call("make_interval", ...whole, secs ?? toColumn(ZERO_SECONDS));
}

/**
 * A time of day from its parts.
 *
 * @example
 * F.make_time(F.lit(6), F.lit(30), F.lit(45.5)); // 06:30:45.5
 */
export function make_time(hour: ColumnOrName, minute: ColumnOrName, second: ColumnOrName): Column {
  return call("make_time", hour, minute, second);
}

/**
 * An instant from its parts, in a zone or in the session's; or from a date and a time of day.
 *
 * @example
 * F.make_timestamp(F.lit(2014), F.lit(12), F.lit(28), F.lit(6), F.lit(30), F.lit(45.5)); // 2014-12-28 06:30:45.5
 */
export function make_timestamp(
  years: ColumnOrName,
  months: ColumnOrName,
  days: ColumnOrName,
  hours: ColumnOrName,
  mins: ColumnOrName,
  secs: ColumnOrName,
  timezone?: ColumnOrName,
): Column;
export function make_timestamp(parts: ZonedDateAndTime): Column;
export function make_timestamp(...args: readonly (ColumnOrName | ZonedDateAndTime | undefined)[]): Column {
  return callTimestamp("make_timestamp", args);
}

/**
 * An instant from its parts.
 *
 * @example
 * F.make_timestamp_ltz(F.lit(2014), F.lit(12), F.lit(28), F.lit(6), F.lit(30), F.lit(45.5)); // 2014-12-28 06:30:45.5
 */
export function make_timestamp_ltz(
  years: ColumnOrName,
  months: ColumnOrName,
  days: ColumnOrName,
  hours: ColumnOrName,
  mins: ColumnOrName,
  secs: ColumnOrName,
  timezone?: ColumnOrName,
): Column {
  return call("make_timestamp_ltz", years, months, days, hours, mins, secs, timezone);
}

/**
 * A clock and calendar reading from its parts, or from a date and a time of day.
 *
 * @example
 * F.make_timestamp_ntz(F.lit(2014), F.lit(12), F.lit(28), F.lit(6), F.lit(30), F.lit(45.5)); // 2014-12-28 06:30:45.5
 */
export function make_timestamp_ntz(
  years: ColumnOrName,
  months: ColumnOrName,
  days: ColumnOrName,
  hours: ColumnOrName,
  mins: ColumnOrName,
  secs: ColumnOrName,
): Column;
export function make_timestamp_ntz(parts: DateAndTime): Column;
export function make_timestamp_ntz(...args: readonly (ColumnOrName | DateAndTime | undefined)[]): Column {
  return callTimestamp("make_timestamp_ntz", args);
}

/**
 * An interval of years and months; what is not given is zero.
 *
 * @example
 * F.make_ym_interval(F.lit(2014), F.lit(12)); // INTERVAL '2015-0' YEAR TO MONTH
 */
export function make_ym_interval(years?: ColumnOrName, months?: ColumnOrName): Column {
  return call("make_ym_interval", years ?? toColumn(0), months ?? toColumn(0));
}

/**
 * Minute.
 *
 * @example
 * F.minute(F.lit("2015-04-08 13:08:15").cast("timestamp")); // 8
 */
export function minute(col: ColumnOrName): Column {
  return call("minute", col);
}

/**
 * Month, 1 to 12.
 *
 * @example
 * F.month(F.to_date(F.lit("2015-04-08"))); // 4
 */
export function month(col: ColumnOrName): Column {
  return call("month", col);
}

/**
 * Name of the month in three letters.
 *
 * @example
 * F.monthname(F.to_date(F.lit("2015-04-08"))); // Apr
 */
export function monthname(col: ColumnOrName): Column {
  return call("monthname", col);
}

/**
 * Months between two instants, rounded to 8 digits unless `roundOff` is false.
 *
 * @example
 * F.months_between(F.lit("1997-02-28 10:30:00"), F.lit("1996-10-30")); // 3.94959677
 */
export function months_between(date1: ColumnOrName, date2: ColumnOrName, roundOff = true): Column {
  return call("months_between", date1, date2, toColumn(roundOff));
}

/**
 * The first later date on that weekday.
 *
 * @example
 * F.next_day(F.to_date(F.lit("2015-07-27")), "Sun"); // 2015-08-02
 */
export function next_day(date: ColumnOrName, dayOfWeek: string): Column {
  return call("next_day", date, toColumn(dayOfWeek));
}

/**
 * The same as `current_timestamp`.
 *
 * @example
 * F.now().isNotNull(); // true
 */
export function now(): Column {
  return call("now");
}

/**
 * Quarter, 1 to 4.
 *
 * @example
 * F.quarter(F.to_date(F.lit("2015-04-08"))); // 2
 */
export function quarter(col: ColumnOrName): Column {
  return call("quarter", col);
}

/**
 * Second.
 *
 * @example
 * F.second(F.lit("2015-04-08 13:08:15").cast("timestamp")); // 15
 */
export function second(col: ColumnOrName): Column {
  return call("second", col);
}

/**
 * A window that stays open until nothing comes for the time of the gap.
 *
 * @example
 * F.session_window(F.lit("2016-03-11 09:00:07").cast("timestamp"), "5 seconds"); // {2016-03-11 09:00:07, 2016-03-11 09:00:12}
 */
export function session_window(timeColumn: ColumnOrName, gapDuration: Column | string): Column {
  if (typeof gapDuration !== "string" && !(gapDuration instanceof Column)) {
    throw notExpectedType("gapDuration", "Column or str", gapDuration);
  }
  return call("session_window", timeColumn, textOrColumn(gapDuration));
}

/**
 * The start of the bucket of that size (an interval) in which the instant lies.
 *
 * @example
 * F.time_bucket(F.expr("INTERVAL '15' MINUTE"), F.lit("2024-01-01 10:07:00").cast("timestamp")); // 2024-01-01 10:00:00
 */
export function time_bucket(bucket_size: ColumnOrName, ts: ColumnOrName, origin?: ColumnOrName): Column {
  return call("time_bucket", bucket_size, ts, origin);
}

/**
 * Whole units between two times of day.
 *
 * @example
 * F.time_diff(F.lit("HOUR"), F.to_time(F.lit("20:30:29")), F.to_time(F.lit("21:30:29"))); // 1
 */
export function time_diff(unit: ColumnOrName, start: ColumnOrName, end: ColumnOrName): Column {
  return call("time_diff", unit, start, end);
}

/**
 * The time of day that many microseconds after midnight.
 *
 * @example
 * F.time_from_micros(F.lit(52200000000)); // 14:30:00
 */
export function time_from_micros(col: ColumnOrName): Column {
  return call("time_from_micros", col);
}

/**
 * The time of day that many milliseconds after midnight.
 *
 * @example
 * F.time_from_millis(F.lit(52200000)); // 14:30:00
 */
export function time_from_millis(col: ColumnOrName): Column {
  return call("time_from_millis", col);
}

/**
 * The time of day that many seconds after midnight.
 *
 * @example
 * F.time_from_seconds(F.lit(52200)); // 14:30:00
 */
export function time_from_seconds(col: ColumnOrName): Column {
  return call("time_from_seconds", col);
}

/**
 * Microseconds since midnight.
 *
 * @example
 * F.time_to_micros(F.to_time(F.lit("14:30:00"))); // 52200000000
 */
export function time_to_micros(col: ColumnOrName): Column {
  return call("time_to_micros", col);
}

/**
 * Milliseconds since midnight.
 *
 * @example
 * F.time_to_millis(F.to_time(F.lit("14:30:00"))); // 52200000
 */
export function time_to_millis(col: ColumnOrName): Column {
  return call("time_to_millis", col);
}

/**
 * Seconds since midnight.
 *
 * @example
 * F.time_to_seconds(F.to_time(F.lit("14:30:00"))); // 52200.000000
 */
export function time_to_seconds(col: ColumnOrName): Column {
  return call("time_to_seconds", col);
}

/**
 * A time of day cut to a unit.
 *
 * @example
 * F.time_trunc(F.lit("HOUR"), F.to_time(F.lit("20:30:29"))); // 20:00:00
 */
export function time_trunc(unit: ColumnOrName, time: ColumnOrName): Column {
  return call("time_trunc", unit, time);
}

/**
 * An instant moved by so many units.
 *
 * @example
 * F.timestamp_add("HOUR", F.lit(8), F.lit("2022-02-01 00:00:00").cast("timestamp")); // 2022-02-01 08:00:00
 */
export function timestamp_add(unit: string, quantity: ColumnOrName, ts: ColumnOrName): Column {
  return call("timestampadd", toColumn(unit), quantity, ts);
}

/**
 * Whole units between two instants.
 *
 * @example
 * F.timestamp_diff("HOUR", F.lit("2022-02-01 00:00:00"), F.lit("2022-02-01 08:00:00")); // 8
 */
export function timestamp_diff(unit: string, start: ColumnOrName, end: ColumnOrName): Column {
  return call("timestampdiff", toColumn(unit), start, end);
}

/**
 * The instant that many microseconds after 1970-01-01 UTC.
 *
 * @example
 * F.timestamp_micros(F.lit(1230219000123123)); // 2008-12-25 15:30:00.123123
 */
export function timestamp_micros(col: ColumnOrName): Column {
  return call("timestamp_micros", col);
}

/**
 * The instant that many milliseconds after 1970-01-01 UTC.
 *
 * @example
 * F.timestamp_millis(F.lit(1230219000123)); // 2008-12-25 15:30:00.123
 */
export function timestamp_millis(col: ColumnOrName): Column {
  return call("timestamp_millis", col);
}

/**
 * The instant that many nanoseconds after 1970-01-01 UTC.
 *
 * @example
 * F.timestamp_nanos(F.lit(1230219000));
 */
export function timestamp_nanos(col: ColumnOrName): Column {
  return call("timestamp_nanos", col);
}

/**
 * The instant that many seconds after 1970-01-01 UTC.
 *
 * @example
 * F.timestamp_seconds(F.lit(1230219000)); // 2008-12-25 15:30:00
 */
export function timestamp_seconds(col: ColumnOrName): Column {
  return call("timestamp_seconds", col);
}

/**
 * Text or an instant to a date; by a pattern of Java's if one is given.
 *
 * @example
 * F.to_date(F.lit("1997-02-28"), "yyyy-MM-dd"); // 1997-02-28
 */
export function to_date(col: ColumnOrName, format?: string): Column {
  return call("to_date", col, value(format));
}

/**
 * Text to a time of day.
 *
 * @example
 * F.to_time(F.lit("10:30:00")); // 10:30:00
 */
export function to_time(str: ColumnOrName, format?: ColumnOrName): Column {
  return call("to_time", str, format);
}

/**
 * Text to an instant; by a pattern of Java's if one is given.
 *
 * @example
 * F.to_timestamp(F.lit("1997-02-28 10:30:00"), "yyyy-MM-dd HH:mm:ss"); // 1997-02-28 10:30:00
 */
export function to_timestamp(col: ColumnOrName, format?: string): Column {
  return call("to_timestamp", col, value(format));
}

/**
 * Text to an instant.
 *
 * @example
 * F.to_timestamp_ltz(F.lit("2016-12-31"), F.lit("yyyy-MM-dd")); // 2016-12-31 00:00:00
 */
export function to_timestamp_ltz(timestamp: ColumnOrName, format?: ColumnOrName): Column {
  return call("to_timestamp_ltz", timestamp, format);
}

/**
 * Text to a clock and calendar reading without zone.
 *
 * @example
 * F.to_timestamp_ntz(F.lit("2016-12-31"), F.lit("yyyy-MM-dd")); // 2016-12-31 00:00:00
 */
export function to_timestamp_ntz(timestamp: ColumnOrName, format?: ColumnOrName): Column {
  return call("to_timestamp_ntz", timestamp, format);
}

/**
 * Text to seconds since 1970-01-01 UTC.
 *
 * @example
 * F.to_unix_timestamp(F.lit("2016-04-08"), F.lit("yyyy-MM-dd")); // 1460073600
 */
export function to_unix_timestamp(timestamp: ColumnOrName, format?: ColumnOrName): Column {
  return call("to_unix_timestamp", timestamp, format);
}

/**
 * A zone's clock reading turned to that of UTC.
 *
 * @example
 * F.to_utc_timestamp(F.lit("1997-02-28 10:30:00").cast("timestamp"), "PST"); // 1997-02-28 18:30:00
 */
export function to_utc_timestamp(timestamp: ColumnOrName, tz: Column | string): Column {
  return call("to_utc_timestamp", timestamp, textOrColumn(tz));
}

/**
 * A date cut to `year`, `quarter`, `month` or `week`.
 *
 * @example
 * F.trunc(F.to_date(F.lit("1997-02-28")), "year"); // 1997-01-01
 */
export function trunc(date: ColumnOrName, format: string): Column {
  return call("trunc", date, toColumn(format));
}

/**
 * As `make_interval`, with null where it overflows.
 *
 * @example
 * F.try_make_interval(F.lit(2147483647)); // NULL
 */
export function try_make_interval(
  years?: ColumnOrName,
  months?: ColumnOrName,
  weeks?: ColumnOrName,
  days?: ColumnOrName,
  hours?: ColumnOrName,
  mins?: ColumnOrName,
  secs?: ColumnOrName,
): Column {
  const whole = [years, months, weeks, days, hours, mins].map((part) => part ?? toColumn(0));
  return call("try_make_interval", ...whole, secs ?? toColumn(ZERO_SECONDS));
}

/**
 * As `make_timestamp`, with null for what is no instant.
 *
 * @example
 * F.try_make_timestamp(F.lit(2014), F.lit(13), F.lit(28), F.lit(6), F.lit(30), F.lit(45.5)); // NULL
 */
export function try_make_timestamp(
  years: ColumnOrName,
  months: ColumnOrName,
  days: ColumnOrName,
  hours: ColumnOrName,
  mins: ColumnOrName,
  secs: ColumnOrName,
  timezone?: ColumnOrName,
): Column;
export function try_make_timestamp(parts: ZonedDateAndTime): Column;
export function try_make_timestamp(
  ...args: readonly (ColumnOrName | ZonedDateAndTime | undefined)[]
): Column {
  return callTimestamp("try_make_timestamp", args);
}

/**
 * As `make_timestamp_ltz`, with null for what is no instant.
 *
 * @example
 * F.try_make_timestamp_ltz(F.lit(2014), F.lit(13), F.lit(28), F.lit(6), F.lit(30), F.lit(45.5)); // NULL
 */
export function try_make_timestamp_ltz(
  years: ColumnOrName,
  months: ColumnOrName,
  days: ColumnOrName,
  hours: ColumnOrName,
  mins: ColumnOrName,
  secs: ColumnOrName,
  timezone?: ColumnOrName,
): Column {
  return call("try_make_timestamp_ltz", years, months, days, hours, mins, secs, timezone);
}

/**
 * As `make_timestamp_ntz`, with null for what is none.
 *
 * @example
 * F.try_make_timestamp_ntz(F.lit(2014), F.lit(13), F.lit(28), F.lit(6), F.lit(30), F.lit(45.5)); // NULL
 */
export function try_make_timestamp_ntz(
  years: ColumnOrName,
  months: ColumnOrName,
  days: ColumnOrName,
  hours: ColumnOrName,
  mins: ColumnOrName,
  secs: ColumnOrName,
): Column;
export function try_make_timestamp_ntz(parts: DateAndTime): Column;
export function try_make_timestamp_ntz(...args: readonly (ColumnOrName | DateAndTime | undefined)[]): Column {
  return callTimestamp("try_make_timestamp_ntz", args);
}

/**
 * As `to_date`, with null for what is no date.
 *
 * @example
 * F.try_to_date(F.lit("x")); // NULL
 */
export function try_to_date(col: ColumnOrName, format?: string): Column {
  return call("try_to_date", col, value(format));
}

/**
 * As `to_time`, with null for what is no time.
 *
 * @example
 * F.try_to_time(F.lit("x")); // NULL
 */
export function try_to_time(str: ColumnOrName, format?: ColumnOrName): Column {
  return call("try_to_time", str, format);
}

/**
 * As `to_timestamp`, with null for what is no instant.
 *
 * @example
 * F.try_to_timestamp(F.lit("x")); // NULL
 */
export function try_to_timestamp(col: ColumnOrName, format?: ColumnOrName): Column {
  return call("try_to_timestamp", col, format);
}

/**
 * Days since 1970-01-01.
 *
 * @example
 * F.unix_date(F.to_date(F.lit("1970-01-02"))); // 1
 */
export function unix_date(col: ColumnOrName): Column {
  return call("unix_date", col);
}

/**
 * Microseconds since 1970-01-01 UTC.
 *
 * @example
 * F.unix_micros(F.lit("2015-07-22 10:00:00").cast("timestamp")); // 1437559200000000
 */
export function unix_micros(col: ColumnOrName): Column {
  return call("unix_micros", col);
}

/**
 * Milliseconds since 1970-01-01 UTC.
 *
 * @example
 * F.unix_millis(F.lit("2015-07-22 10:00:00").cast("timestamp")); // 1437559200000
 */
export function unix_millis(col: ColumnOrName): Column {
  return call("unix_millis", col);
}

/**
 * Nanoseconds since 1970-01-01 UTC.
 *
 * @example
 * F.unix_nanos(F.lit("2015-07-22 10:00:00").cast("timestamp"));
 */
export function unix_nanos(col: ColumnOrName): Column {
  return call("unix_nanos", col);
}

/**
 * Seconds since 1970-01-01 UTC.
 *
 * @example
 * F.unix_seconds(F.lit("2015-07-22 10:00:00").cast("timestamp")); // 1437559200
 */
export function unix_seconds(col: ColumnOrName): Column {
  return call("unix_seconds", col);
}

/**
 * Text to seconds since 1970-01-01 UTC; without arguments the current time.
 *
 * @example
 * F.unix_timestamp(F.lit("2015-04-08"), "yyyy-MM-dd"); // 1428451200
 */
export function unix_timestamp(timestamp?: ColumnOrName, format = "yyyy-MM-dd HH:mm:ss"): Column {
  return timestamp === undefined
    ? call("unix_timestamp")
    : call("unix_timestamp", timestamp, toColumn(format));
}

/**
 * Day of the week: 0 for Monday to 6 for Sunday.
 *
 * @example
 * F.weekday(F.to_date(F.lit("2015-04-08"))); // 2
 */
export function weekday(col: ColumnOrName): Column {
  return call("weekday", col);
}

/**
 * Week of the year by ISO 8601.
 *
 * @example
 * F.weekofyear(F.to_date(F.lit("2015-04-08"))); // 15
 */
export function weekofyear(col: ColumnOrName): Column {
  return call("weekofyear", col);
}

/**
 * Windows of time that a row falls into: a struct of `start` and `end`. Durations are texts such as `"10
 * minutes"`.
 *
 * @example
 * F.window(F.lit("2016-03-11 09:00:07").cast("timestamp"), "5 seconds"); // {2016-03-11 09:00:05, 2016-03-11 09:00:10}
 */
export function window(
  timeColumn: ColumnOrName,
  windowDuration: string,
  slideDuration?: string,
  startTime?: string,
): Column {
  expectString("windowDuration", windowDuration);
  if (slideDuration !== undefined) expectString("slideDuration", slideDuration);
  if (startTime !== undefined) expectString("startTime", startTime);
  const slide = startTime === undefined ? slideDuration : (slideDuration ?? windowDuration);
  return call("window", timeColumn, toColumn(windowDuration), value(slide), value(startTime));
}

/**
 * The last instant of a `window`.
 *
 * @example
 * F.window_time(F.window(F.lit("2016-03-11 09:00:07").cast("timestamp"), "5 seconds")); // 2016-03-11 09:00:09.999999
 */
export function window_time(windowColumn: ColumnOrName): Column {
  return call("window_time", windowColumn);
}

/**
 * Year.
 *
 * @example
 * F.year(F.to_date(F.lit("2015-04-08"))); // 2015
 */
export function year(col: ColumnOrName): Column {
  return call("year", col);
}

/** Parts of a timestamp without zone: a date and a time of day. */
export interface DateAndTime {
  readonly date: ColumnOrName;
  readonly time: ColumnOrName;
}

/** Parts of a timestamp: a date and a time of day, in a zone or in the session's. */
export interface ZonedDateAndTime extends DateAndTime {
  readonly timezone?: ColumnOrName;
}

function callTimestamp(name: string, args: readonly (ColumnOrName | ZonedDateAndTime | undefined)[]): Column {
  const [first, ...others] = args;
  if (typeof first !== "object" || first instanceof Column) {
    return call(name, ...(args as readonly (ColumnOrName | undefined)[]));
  }
  if (others.some((argument) => argument !== undefined)) {
    throw cannotSetTogether("years|months|days|hours|mins|secs and date|time");
  }
  return call(name, first.date, first.time, first.timezone);
}
