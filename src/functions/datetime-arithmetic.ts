import type { DataType } from "../types/data-type.ts";
import {
  DATE,
  DAY_TIME_INTERVAL,
  INTEGER,
  isFractional,
  isIntegral,
  TIMESTAMP,
  TIMESTAMP_NTZ,
  YEAR_MONTH_INTERVAL,
} from "../types/data-type.ts";
import type { ArithmeticMode } from "./arithmetic-sql.ts";
import { castTo, implicitCast } from "./coercion.ts";
import type { Call, Expr } from "./expr.ts";
import type { BindContext } from "./function-entry.ts";
import type { InputType } from "./input-type.ts";
import { T } from "./input-type.ts";
import { operatorCall } from "./operands.ts";
import { unexpectedInputType } from "./type-error.ts";

/** As Spark names what a shift by an interval takes, its timestamps of nanoseconds included. */
const SHIFTABLE: InputType = {
  ...T.anyTimestamp,
  sql: '("(TIMESTAMP OR TIMESTAMP WITHOUT TIME ZONE)" or "(TIMESTAMP_LTZ(P) OR TIMESTAMP_NTZ(P) WITH P IN [7, 9])")',
};
const DAY_COUNT = T.oneOf(T.int, T.short, T.byte);

/** Operators on dates, timestamps and intervals; undefined where the operands are none of these. */
export function bindDatetimeArithmetic(
  op: string,
  left: Expr,
  right: Expr,
  ctx: BindContext,
  mode: ArithmeticMode,
): Expr | undefined {
  switch (op) {
    case "+":
      return bindSum(left, right, ctx, mode);
    case "-":
      return bindDifference(left, right, ctx, mode);
    case "*":
      for (const kind of ["calendar_interval", "year_month_interval", "day_time_interval"]) {
        if (left.type.kind === kind) return scaled("multiplyinterval", left, right, ctx, mode);
        if (right.type.kind === kind) return scaled("multiplyinterval", right, left, ctx, mode);
      }
      return undefined;
    case "/":
      return isInterval(left.type) ? scaled("divideinterval", left, right, ctx, mode) : undefined;
    default:
      return undefined;
  }
}

function isInterval(t: DataType): boolean {
  return t.kind === "year_month_interval" || t.kind === "day_time_interval" || t.kind === "calendar_interval";
}
function isAnsiInterval(t: DataType): boolean {
  return t.kind === "year_month_interval" || t.kind === "day_time_interval";
}
function isTimestamp(t: DataType): boolean {
  return t.kind === "timestamp" || t.kind === "timestamp_ntz";
}
function isDays(t: DataType): boolean {
  return t.kind === "day_time_interval" && t.start === 0 && t.end === 0;
}

function isNullLiteral(e: Expr): boolean {
  return e.kind === "Lit" && e.type.kind === "null";
}

function bindSum(l: Expr, r: Expr, ctx: BindContext, mode: ArithmeticMode): Expr | undefined {
  const [a, b] = [l.type, r.type];
  if (isInterval(a) && a.kind === b.kind) return undefined;
  if (a.kind === "calendar_interval" && isNullLiteral(r))
    return intervalWithNull("+", l, castTo(r, a, ctx.conf), ctx, mode);
  if (isNullLiteral(l) && b.kind === "calendar_interval")
    return intervalWithNull("+", castTo(l, b, ctx.conf), r, ctx, mode);
  if (isAnsiInterval(a) && b.kind === "null")
    return intervalWithNull("+", l, castTo(r, a, ctx.conf), ctx, mode);
  if (a.kind === "null" && isAnsiInterval(b))
    return intervalWithNull("+", castTo(l, b, ctx.conf), r, ctx, mode);
  if (a.kind === "date" && b.kind === "null")
    return shiftTime(castTo(l, TIMESTAMP, ctx.conf), castTo(r, DAY_TIME_INTERVAL, ctx.conf), 1, ctx, mode);
  if (a.kind === "null" && b.kind === "date") return bindSum(r, l, ctx, mode);
  if (isTimestamp(a) && b.kind === "null")
    return shiftTime(l, castTo(r, DAY_TIME_INTERVAL, ctx.conf), 1, ctx, mode);
  if (a.kind === "null" && isTimestamp(b)) return bindSum(r, l, ctx, mode);
  if (a.kind === "date" && isInterval(b)) return shiftDate(l, r, 1, ctx, mode);
  if (isInterval(a) && b.kind === "date") return shiftDate(r, l, 1, ctx, mode);
  if (isTimestamp(a) && b.kind === "year_month_interval") return shiftTime(l, r, 1, ctx, mode);
  if (a.kind === "year_month_interval" && isTimestamp(b)) return shiftTime(r, l, 1, ctx, mode);
  if (b.kind === "calendar_interval" || b.kind === "day_time_interval") return shiftAny(l, r, 1, ctx, mode);
  if (a.kind === "calendar_interval" || a.kind === "day_time_interval") return shiftAny(r, l, 1, ctx, mode);
  if (a.kind === "date" && b.kind !== "string") return addDays("date_add", l, r, ctx);
  if (b.kind === "date" && a.kind !== "string") return addDays("date_add", r, l, ctx);
  return undefined;
}

function bindDifference(l: Expr, r: Expr, ctx: BindContext, mode: ArithmeticMode): Expr | undefined {
  const [a, b] = [l.type, r.type];
  if (isInterval(a) && a.kind === b.kind) return undefined;
  if (a.kind === "calendar_interval" && isNullLiteral(r))
    return intervalWithNull("-", l, castTo(r, a, ctx.conf), ctx, mode);
  if (isNullLiteral(l) && b.kind === "calendar_interval")
    return intervalWithNull("-", castTo(l, b, ctx.conf), r, ctx, mode);
  if (isAnsiInterval(a) && b.kind === "null")
    return intervalWithNull("-", l, castTo(r, a, ctx.conf), ctx, mode);
  if (a.kind === "null" && isAnsiInterval(b))
    return intervalWithNull("-", castTo(l, b, ctx.conf), r, ctx, mode);
  if (a.kind === "date" && isInterval(b)) return shiftDate(l, r, -1, ctx, mode);
  if (isTimestamp(a) && b.kind === "year_month_interval") return shiftTime(l, r, -1, ctx, mode);
  if (b.kind === "calendar_interval" || b.kind === "day_time_interval") return shiftAny(l, r, -1, ctx, mode);
  if (isTimestamp(a) || isTimestamp(b)) return subtractTimestamps(l, r, ctx);
  if (b.kind === "date" || (a.kind === "date" && b.kind === "null")) return subtractDates(l, r, ctx);
  if (a.kind === "date" && b.kind !== "string") return addDays("date_sub", l, r, ctx);
  return undefined;
}

function intervalWithNull(op: string, l: Expr, r: Expr, ctx: BindContext, mode: ArithmeticMode): Expr {
  return { ...operatorCall(op, [l, r], l.type, ctx), extra: { mode } };
}

/** A date moved by days, by months, or (as a timestamp) by hours and less. */
function shiftDate(date: Expr, interval: Expr, sign: 1 | -1, ctx: BindContext, mode: ArithmeticMode): Expr {
  if (isDays(interval.type)) {
    const days = operatorCall("extractansiintervaldays", [interval], INTEGER, ctx);
    const signed: Expr =
      sign === 1
        ? days
        : { ...operatorCall("negative", [days], INTEGER, ctx), extra: { mode: "ansi", isSign: true } };
    return operatorCall("date_add", [date, signed], DATE, ctx);
  }
  if (interval.type.kind === "day_time_interval")
    return shiftTime(castTo(date, TIMESTAMP, ctx.conf), interval, sign, ctx, mode);
  return { ...operatorCall("dateaddinterval", [date, interval], DATE, ctx), extra: { sign, mode } };
}

function shiftTime(time: Expr, interval: Expr, sign: 1 | -1, ctx: BindContext, mode: ArithmeticMode): Expr {
  return { ...operatorCall("timeadd", [time, interval], time.type, ctx), extra: { sign, mode } };
}

/** A timestamp, or a text of one, moved by an interval; the result has the type of what was moved. */
function shiftAny(time: Expr, interval: Expr, sign: 1 | -1, ctx: BindContext, mode: ArithmeticMode): Expr {
  const child =
    time.type.kind === "string"
      ? castTo(time, TIMESTAMP, ctx.conf)
      : implicitCast(time, T.anyTimestamp, ctx.conf);
  const shifted = shiftTime(child, interval, sign, ctx, mode);
  if (!isTimestamp(child.type)) {
    // Spark speaks of adding the interval turned round.
    const negative = {
      ...operatorCall("negative", [interval], interval.type, ctx),
      extra: { mode: "ansi", isSign: true },
    };
    const sum = shiftTime(child, sign === 1 ? interval : negative, 1, ctx, mode);
    throw unexpectedInputType(sum, 0, SHIFTABLE, time);
  }
  return time.type.kind === "null" ? shifted : castTo(shifted, time.type, ctx.conf);
}

function addDays(fn: "date_add" | "date_sub", date: Expr, days: Expr, ctx: BindContext): Expr {
  const call = operatorCall(fn, [date, days], DATE, ctx);
  if (days.type.kind === "string" || !DAY_COUNT.accepts(days.type))
    throw unexpectedInputType(call, 1, DAY_COUNT, days);
  return call;
}

function subtractDates(l: Expr, r: Expr, ctx: BindContext): Expr {
  const pair = [implicitCast(l, T.date, ctx.conf), implicitCast(r, T.date, ctx.conf)];
  const call = operatorCall("subtractdates", pair, { ...DAY_TIME_INTERVAL, end: 0 }, ctx);
  for (const [i, e] of pair.entries())
    if (e.type.kind !== "date") throw unexpectedInputType(call, i, T.date, i === 0 ? l : r);
  return call;
}

function subtractTimestamps(l: Expr, r: Expr, ctx: BindContext): Expr {
  const toTimestamp = (e: Expr, other: Expr): Expr => {
    if (isTimestamp(e.type)) return e;
    const target = isTimestamp(other.type) ? other.type : TIMESTAMP;
    // Outside ANSI mode a text is not taken for a timestamp here.
    const isText = e.type.kind === "string" && ctx.conf.ansiEnabled;
    return e.type.kind === "date" || isText || e.type.kind === "null" ? castTo(e, target, ctx.conf) : e;
  };
  let pair = [toTimestamp(l, r), toTimestamp(r, l)] as const;
  if (isTimestamp(pair[0].type) && isTimestamp(pair[1].type) && pair[0].type.kind !== pair[1].type.kind) {
    pair = [castTo(pair[0], TIMESTAMP_NTZ, ctx.conf), castTo(pair[1], TIMESTAMP_NTZ, ctx.conf)];
  }
  const call = operatorCall("subtracttimestamps", pair, DAY_TIME_INTERVAL, ctx);
  for (const [i, e] of pair.entries())
    if (!isTimestamp(e.type)) throw unexpectedInputType(call, i, SHIFTABLE, i === 0 ? l : r);
  return call;
}

/** An interval times or divided by a number. */
function scaled(
  fn: "multiplyinterval" | "divideinterval",
  interval: Expr,
  factor: Expr,
  ctx: BindContext,
  mode: ArithmeticMode,
): Expr {
  const { kind } = interval.type;
  const type: DataType =
    kind === "year_month_interval"
      ? YEAR_MONTH_INTERVAL
      : kind === "day_time_interval"
        ? DAY_TIME_INTERVAL
        : interval.type;
  const number =
    kind === "calendar_interval"
      ? castCalendarFactor(factor, ctx)
      : implicitCast(factor, T.numeric, ctx.conf);
  const call: Call = { ...operatorCall(fn, [interval, number], type, ctx), extra: { mode } };
  if (!isNumber(number.type))
    throw unexpectedInputType(call, 1, kind === "calendar_interval" ? T.double : T.numeric, factor);
  return kind === "calendar_interval" ? { ...call, nullable: true } : call;
}

function castCalendarFactor(factor: Expr, ctx: BindContext): Expr {
  return implicitCast(factor, T.double, ctx.conf);
}

function isNumber(t: DataType): boolean {
  return isIntegral(t) || isFractional(t) || t.kind === "decimal";
}
