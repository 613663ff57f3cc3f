import type { DataType } from "../../types/data-type.ts";
import { DATE, isFractional, isIntegral } from "../../types/data-type.ts";
import { arithmeticOverflow } from "../arithmetic-sql.ts";
import { castTo } from "../coercion.ts";
import { p, scalar } from "../define.ts";
import type { FunctionEntry, LowerContext } from "../function-entry.ts";
import { T } from "../input-type.ts";
import { instantToLocalSql, localToInstantSql } from "../zone-sql.ts";

const DAY_MICROS = "86400000000";

/** A date or wall clock time moved by months, days clamped to the month's end. */
function plusMonths(x: string, months: string): string {
  return `(${x} + to_months(${months}))`;
}

function signed(x: string, ctx: LowerContext): string {
  return ctx.call.extra?.sign === -1 ? `(-(${x}))` : x;
}

function lowerTimeAdd([time, interval]: readonly string[], ctx: LowerContext): string {
  const [timeType, intervalType] = ctx.call.args.map((e) => e.type) as [DataType, DataType];
  const isInstant = timeType.kind === "timestamp";
  const local = (x: string): string => (isInstant ? instantToLocalSql(x, ctx.timeZone, ctx) : x);
  const back = (x: string): string => (isInstant ? localToInstantSql(x, ctx.timeZone, ctx) : x);
  const t = time as string;
  switch (intervalType.kind) {
    case "year_month_interval":
      return back(plusMonths(local(t), signed(interval as string, ctx)));
    case "day_time_interval":
      return ctx.let(signed(interval as string, ctx), (i) => {
        if (ctx.call.extra?.mode === "try" && local(t) === t) {
          return `make_timestamp(TRY_CAST(epoch_us(${t})::HUGEINT + ${i} AS BIGINT))`;
        }
        if (local(t) === t) return `(${t} + to_microseconds(${i}))`;
        // Whole days are days of the zone's calendar.
        const days = `to_days(((${i}) // ${DAY_MICROS})::INTEGER)`;
        return `(${back(`(${local(t)} + ${days})`)} + to_microseconds(${i} % ${DAY_MICROS}))`;
      });
    default:
      return ctx.let(interval as string, (i) => {
        const part = (n: number): string => signed(`struct_extract(${i}, 'f${n}')`, ctx);
        const moved = `(${plusMonths(local(t), part(0))} + to_days(${part(1)}))`;
        return `(${back(moved)} + to_microseconds(${part(2)}))`;
      });
  }
}

function lowerDateAddInterval([date, interval]: readonly string[], ctx: LowerContext): string {
  if (ctx.call.args[1]?.type.kind === "year_month_interval") {
    return `${plusMonths(date as string, signed(interval as string, ctx))}::DATE`;
  }
  return ctx.let(interval as string, (i) => {
    const part = (n: number): string => signed(`struct_extract(${i}, 'f${n}')`, ctx);
    const moved = `(${plusMonths(date as string, part(0))}::DATE + ${part(1)})`;
    if (ctx.call.extra?.mode === "try") return `CASE WHEN struct_extract(${i}, 'f2') = 0 THEN ${moved} END`;
    if (ctx.call.extra?.mode === "ansi") {
      const refusal = ctx.raise(
        "IllegalArgumentException",
        "INVALID_INTERVAL_WITH_MICROSECONDS_ADDITION",
        {},
      );
      return `CASE WHEN struct_extract(${i}, 'f2') <> 0 THEN ${refusal} ELSE ${moved} END`;
    }
    // A time of day that the date has not: it counts, but only whole days are seen.
    return `((${moved}::TIMESTAMP + to_microseconds(${part(2)}))::DATE)`;
  });
}

function lowerSubtractTimestamps([a, b]: readonly string[], ctx: LowerContext): string {
  const local = (x: string): string =>
    ctx.call.args[0]?.type.kind === "timestamp" ? instantToLocalSql(x, ctx.timeZone, ctx) : x;
  return `(epoch_us(${local(a as string)}) - epoch_us(${local(b as string)}))`;
}

/** Half away from zero, as an integer type; overflow raises (or is NULL when tried). */
function roundedTo(value: string, type: "INTEGER" | "BIGINT", isNull: string, ctx: LowerContext): string {
  const attempt = `TRY_CAST(${value} AS ${type})`;
  if (ctx.call.extra?.mode === "try") return attempt;
  const message = type === "INTEGER" ? "integer overflow" : "long overflow";
  return `coalesce(${attempt}, CASE WHEN NOT (${isNull}) THEN ${arithmeticOverflow(ctx, message)} END)`;
}

function lowerScale(args: readonly string[], ctx: LowerContext, isDivision: boolean): string {
  const [intervalType, numberType] = ctx.call.args.map((e) => e.type) as [DataType, DataType];
  const [x, n] = args as readonly [string, string];
  if (intervalType.kind === "calendar_interval") return scaleCalendar(x, n, ctx, isDivision);
  const type = intervalType.kind === "year_month_interval" ? "INTEGER" : "BIGINT";
  return ctx.let(x, (i) =>
    ctx.let(n, (f) => {
      const isNull = `${i} IS NULL OR ${f} IS NULL`;
      if (!isDivision) return roundedTo(product(i, f, numberType), type, isNull, ctx);
      const value = roundedTo(quotient(i, f, numberType), type, isNull, ctx);
      if (ctx.call.extra?.mode === "try") return `CASE WHEN ${f} <> 0 THEN ${value} END`;
      const zero = ctx.raise("ArithmeticException", "INTERVAL_DIVIDED_BY_ZERO", {});
      return `CASE WHEN ${f} = 0 THEN CASE WHEN ${i} IS NOT NULL THEN ${zero} END ELSE ${value} END`;
    }),
  );
}

function product(i: string, f: string, type: DataType): string {
  if (isIntegral(type)) return `(${i}::HUGEINT * ${f}::HUGEINT)`;
  if (isFractional(type)) return `round(${i}::DOUBLE * ${f}::DOUBLE)`;
  const scale = type.kind === "decimal" ? type.scale : 0;
  return `round(${i}::DECIMAL(${38 - Math.min(scale, 18)},0) * ${f}::DECIMAL(38,${Math.min(scale, 18)}))`;
}

/** Whole-number quotient, half away from zero. */
function quotient(i: string, f: string, type: DataType): string {
  if (isFractional(type)) return `round(${i}::DOUBLE / ${f}::DOUBLE)`;
  const scale = type.kind === "decimal" ? Math.min(type.scale, 18) : 0;
  const factor = `1${"0".repeat(scale)}`;
  const n = scale === 0 ? `${i}::HUGEINT` : `(${i}::HUGEINT * ${factor})`;
  const d = scale === 0 ? `${f}::HUGEINT` : `(${f} * ${factor}::DECIMAL(${scale + 1},0))::HUGEINT`;
  return `(((abs(${n}) + abs(${d}) // 2) // abs(${d})) * CASE WHEN (${n} < 0) = (${d} < 0) THEN 1 ELSE -1 END)`;
}

function scaleCalendar(x: string, n: string, ctx: LowerContext, isDivision: boolean): string {
  return ctx.let(x, (i) =>
    ctx.let(n, (f) => {
      const part = (k: number): string =>
        `(struct_extract(${i}, 'f${k}')::DOUBLE ${isDivision ? "/" : "*"} ${f})`;
      const months = `TRY_CAST(trunc(${part(0)}) AS INTEGER)`;
      const days = `TRY_CAST(trunc(${part(1)}) AS INTEGER)`;
      const micros = `TRY_CAST(round(${part(2)} + ${DAY_MICROS}.0::DOUBLE * (${part(1)} - trunc(${part(1)}))) AS BIGINT)`;
      const value = `CASE WHEN ${i} IS NOT NULL AND ${f} IS NOT NULL THEN {'f0': ${months}, 'f1': ${days}, 'f2': ${micros}} END`;
      if (!isDivision) return value;
      if (ctx.call.extra?.mode !== "ansi") return `CASE WHEN ${f} <> 0 THEN ${value} END`;
      const zero = ctx.raise("ArithmeticException", "INTERVAL_DIVIDED_BY_ZERO", {});
      return `CASE WHEN ${f} = 0 THEN CASE WHEN ${i} IS NOT NULL THEN ${zero} END ELSE ${value} END`;
    }),
  );
}

function internal(entry: Pick<FunctionEntry, "name" | "lower" | "pretty">): FunctionEntry {
  return {
    ...entry,
    kind: "scalar",
    isInternal: true,
    usage: `${entry.name} - Made by an operator.`,
    group: "datetime_funcs",
    bind: () => {
      throw new Error(`${entry.name} is made by operators only`);
    },
  };
}

const DAY_COUNT = T.oneOf(T.int, T.short, T.byte);

function dateShift(name: "date_add" | "date_sub", sign: "+" | "-", usage: string): FunctionEntry {
  return scalar({
    name,
    ...(name === "date_add" ? { plainAliases: ["dateadd"] } : {}),
    params: [p("start_date", T.date), p("num_days", DAY_COUNT)],
    // A text counts as a whole number of days.
    coerce: (args, ctx) => {
      const [date, days] = args as [(typeof args)[0], (typeof args)[0]];
      const from = date.type.kind;
      const start =
        from === "string" || from === "timestamp" || from === "timestamp_ntz" || from === "null"
          ? castTo(date, DATE, ctx.conf)
          : date;
      return [
        start,
        days.type.kind === "string" || days.type.kind === "null"
          ? castTo(days, { kind: "integer" }, ctx.conf)
          : days,
      ];
    },
    returns: DATE,
    lower: ([d, n], ctx) =>
      ctx.call.args[1]?.type.kind === "integer" ? `(${d} ${sign} ${n})` : `(${d} ${sign} ${n}::INTEGER)`,
    usage,
    group: "datetime_funcs",
  });
}

/** What operators on dates, timestamps and intervals become. */
export const DATETIME_OPERATORS: readonly FunctionEntry[] = [
  dateShift("date_add", "+", "date_add(start_date, num_days) - Returns the date num_days after start_date."),
  dateShift("date_sub", "-", "date_sub(start_date, num_days) - Returns the date num_days before start_date."),
  internal({
    name: "timeadd",
    lower: lowerTimeAdd,
    pretty: ([t, i], call) => `${t} ${call.extra?.sign === -1 ? "-" : "+"} ${i}`,
  }),
  internal({
    name: "dateaddinterval",
    lower: lowerDateAddInterval,
    pretty: ([d, i], call) => `${d} ${call.extra?.sign === -1 ? "-" : "+"} ${i}`,
  }),
  internal({ name: "extractansiintervaldays", lower: ([i]) => `((${i}) // ${DAY_MICROS})::INTEGER` }),
  internal({
    name: "subtractdates",
    lower: ([a, b]) => `((${a} - ${b})::BIGINT * ${DAY_MICROS})`,
    pretty: ([a, b]) => `(${a} - ${b})`,
  }),
  internal({
    name: "subtracttimestamps",
    lower: lowerSubtractTimestamps,
    pretty: ([a, b]) => `(${a} - ${b})`,
  }),
  internal({
    name: "multiplyinterval",
    lower: (args, ctx) => lowerScale(args, ctx, false),
    pretty: ([a, b], call) =>
      call.type.kind === "calendar_interval" ? `multiply_interval(${a}, ${b})` : `(${a} * ${b})`,
  }),
  internal({
    name: "divideinterval",
    lower: (args, ctx) => lowerScale(args, ctx, true),
    pretty: ([a, b], call) =>
      call.type.kind === "calendar_interval" ? `divide_interval(${a}, ${b})` : `(${a} / ${b})`,
  }),
];
