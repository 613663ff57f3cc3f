import type { DataType } from "../../types/data-type.ts";
import {
  CALENDAR_INTERVAL,
  DAY_TIME_INTERVAL,
  decimal,
  INTEGER,
  YEAR_MONTH_INTERVAL,
} from "../../types/data-type.ts";
import { arithmeticOverflow } from "../arithmetic-sql.ts";
import { lit, opt, type Param, scalar } from "../define.ts";
import { duckType } from "../duck-type.ts";
import type { FunctionEntry, LowerContext } from "../function-entry.ts";
import { T } from "../input-type.ts";

const SECONDS = decimal(18, 6);
const zero = lit(0, INTEGER);
const whole = (name: string): Param => opt(name, T.int, zero);
const seconds = opt("secs", T.of(SECONDS), lit("0.000000", SECONDS));

/** A DECIMAL(18,6) of seconds in microseconds. */
function micros(secs: string): string {
  return `(${secs}::DECIMAL(19,6) * 1000000::DECIMAL(7,0))::HUGEINT`;
}

/** A HUGEINT in a smaller type; where it does not fit, ANSI mode raises. */
function fitted(
  value: string,
  type: string,
  inputs: readonly string[],
  isTried: boolean,
  ctx: LowerContext,
): string {
  const attempt = `TRY_CAST(${value} AS ${type})`;
  if (isTried || !ctx.ansiEnabled) return attempt;
  const overflow = arithmeticOverflow(ctx, "overflow");
  const isThere = inputs.map((x) => `${x} IS NOT NULL`).join(" AND ");
  return `coalesce(${attempt}, CASE WHEN ${isThere} THEN ${overflow} END)`;
}

function calendar(name: string, isTried: boolean, usage: string): FunctionEntry {
  return scalar({
    name,
    params: [
      whole("years"),
      whole("months"),
      whole("weeks"),
      whole("days"),
      whole("hours"),
      whole("mins"),
      seconds,
    ],
    returns: CALENDAR_INTERVAL,
    nullable: isTried ? "always" : (args, ctx) => !ctx.conf.ansiEnabled || args.some((a) => a.nullable),
    lower: (args, ctx) => {
      const [y, mo, w, d, h, mi, s] = args as readonly [
        string,
        string,
        string,
        string,
        string,
        string,
        string,
      ];
      const months = fitted(`(${y}::HUGEINT * 12 + ${mo})`, "INTEGER", args, isTried, ctx);
      const days = fitted(`(${w}::HUGEINT * 7 + ${d})`, "INTEGER", args, isTried, ctx);
      const time = fitted(
        `(${h}::HUGEINT * 3600000000 + ${mi}::HUGEINT * 60000000 + ${micros(s)})`,
        "BIGINT",
        args,
        isTried,
        ctx,
      );
      const i = ctx.fresh("i");
      const parts = ["f0", "f1", "f2"].map((f) => `struct_extract(${i}, '${f}') IS NOT NULL`).join(" AND ");
      return `list_transform([{'f0': ${months}, 'f1': ${days}, 'f2': ${time}}], lambda ${i}: CASE WHEN ${parts} THEN ${i} END)[1]`;
    },
    usage,
    group: "datetime_funcs",
  });
}

function single(
  name: string,
  params: readonly Param[],
  type: DataType,
  value: (args: readonly string[]) => string,
  usage: string,
): FunctionEntry {
  return scalar({
    name,
    params,
    returns: type,
    lower: (args, ctx) => {
      const overflow = ctx.raise(
        "ArithmeticException",
        "INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION",
        {},
      );
      const isThere = args.map((x) => `${x} IS NOT NULL`).join(" AND ");
      return `coalesce(TRY_CAST(${value(args)} AS ${duckType(type)}), CASE WHEN ${isThere} THEN ${overflow} END)`;
    },
    usage,
    group: "datetime_funcs",
  });
}

/** Intervals made of numbers. */
export const INTERVALS: readonly FunctionEntry[] = [
  calendar(
    "make_interval",
    false,
    "make_interval([years[, months[, weeks[, days[, hours[, mins[, secs]]]]]]]) - Returns a calendar interval.",
  ),
  calendar(
    "try_make_interval",
    true,
    "try_make_interval([years[, months[, weeks[, days[, hours[, mins[, secs]]]]]]]) - Returns a calendar interval, or NULL on overflow.",
  ),
  single(
    "make_dt_interval",
    [whole("days"), whole("hours"), whole("mins"), seconds],
    DAY_TIME_INTERVAL,
    ([d, h, m, s]) =>
      `(${d}::HUGEINT * 86400000000 + ${h}::HUGEINT * 3600000000 + ${m}::HUGEINT * 60000000 + ${micros(s as string)})`,
    "make_dt_interval([days[, hours[, mins[, secs]]]]) - Returns an interval of days and less.",
  ),
  single(
    "make_ym_interval",
    [whole("years"), whole("months")],
    YEAR_MONTH_INTERVAL,
    ([y, m]) => `(${y}::HUGEINT * 12 + ${m})`,
    "make_ym_interval([years[, months]]) - Returns an interval of years and months.",
  ),
];
