import type { DataType } from "../../types/data-type.ts";
import { DAY_TIME_INTERVAL, LONG, TIMESTAMP } from "../../types/data-type.ts";
import { quotedSqlType } from "../../types/format.ts";
import { localToInstantMicros, timeZone } from "../../types/time-zone.ts";
import { wallClockText } from "../cast/to-text.ts";
import { castTo, implicitCast } from "../coercion.ts";
import type { FunctionSpec } from "../define.ts";
import { lit, opt, p, scalar } from "../define.ts";
import type { Call, Expr, Lit } from "../expr.ts";
import { evaluateLiteral, isFoldable } from "../fold.ts";
import type { FunctionEntry, LowerContext } from "../function-entry.ts";
import type { InputType } from "../input-type.ts";
import { T } from "../input-type.ts";
import { prettyExpr } from "../pretty.ts";
import { bindError, nonFoldableInput, unexpectedInputType, valueOutOfRange } from "../type-error.ts";
import { instantToLocalSql, localToInstantSql } from "../zone-sql.ts";

const GROUP = "datetime_funcs";
const DAY = 86_400_000_000n;

/** Units of months, and of microseconds. */
const MONTHS: Readonly<Record<string, number>> = { YEAR: 12, QUARTER: 3, MONTH: 1 };
const MICROS: Readonly<Record<string, bigint>> = {
  WEEK: 7n * DAY,
  DAY,
  DAYOFYEAR: DAY,
  HOUR: 3_600_000_000n,
  MINUTE: 60_000_000n,
  SECOND: 1_000_000n,
  MILLISECOND: 1000n,
  MICROSECOND: 1n,
};

/** The clocks of the session's zone, and back; a wall clock time stays what it is. */
function clocks(isInstant: boolean, ctx: LowerContext) {
  return {
    there: (x: string): string => (isInstant ? instantToLocalSql(x, ctx.timeZone, ctx) : x),
    back: (x: string): string => (isInstant ? localToInstantSql(x, ctx.timeZone, ctx) : x),
  };
}

/** The unit comes first, but is no parameter as far as messages count. */
function withUnit(
  name: string,
  types: readonly [InputType, InputType],
  more: Pick<FunctionSpec, "returns" | "lower" | "usage">,
): FunctionEntry {
  return scalar({
    name,
    params: [p("unit", T.any), p("quantity", T.any), p("timestamp", T.any)],
    coerce: ([unit, ...args], ctx) => {
      const text = evaluateLiteral(unit as Expr);
      const known = `${text}`.toUpperCase();
      const isKnown = MONTHS[known] !== undefined || MICROS[known] !== undefined;
      if (typeof text !== "string" || !isKnown || (name === "timestampdiff" && known === "DAYOFYEAR")) {
        const shown = `'${text ?? prettyExpr(unit as Expr)}'`;
        throw bindError(
          "INVALID_PARAMETER_VALUE.DATETIME_UNIT",
          { functionName: `\`${name}\``, parameter: "`unit`", invalidValue: shown },
          ctx.origin,
        );
      }
      return [unit as Expr, ...args.map((a, i) => implicitCast(a, types[i] as InputType, ctx.conf))];
    },
    check: ([, ...args], _ctx, call) => {
      for (const [i, arg] of args.entries())
        if (!types[i]?.accepts(arg.type)) throw unexpectedInputType(call, i, types[i] as InputType, arg);
    },
    ...more,
    group: GROUP,
  });
}

const unitOf = (ctx: LowerContext): string => (ctx.call.args[0] as Lit).value as string;

function addSql([, n, t]: readonly string[], ctx: LowerContext): string {
  const unit = unitOf(ctx);
  const { there, back } = clocks(ctx.call.type.kind === "timestamp", ctx);
  return ctx.let(n as string, (count) =>
    ctx.let(t as string, (time) => {
      const months = MONTHS[unit.toUpperCase()];
      let moved: string;
      if (months !== undefined) moved = back(`(${there(time)} + to_months((${count} * ${months})::INTEGER))`);
      else {
        const factor = MICROS[unit.toUpperCase()] as bigint;
        const micros = `(${count} * ${factor})`;
        // Days are those of the clocks, hours and less are elapsed time.
        moved =
          factor % DAY === 0n
            ? back(`(${there(time)} + to_days((${micros} // ${DAY})::INTEGER))`)
            : `(${time} + to_microseconds(${micros}))`;
      }
      const overflow = ctx.raise("ArithmeticException", "DATETIME_OVERFLOW", {
        operation: `'add ' || ${count} || 'L ${unit} to ${ctx.call.type.kind.toUpperCase()} ''' || ${wallClockText(there(time), ctx)} || ''''`,
      });
      return `coalesce(TRY(${moved}), CASE WHEN ${count} IS NOT NULL AND ${time} IS NOT NULL THEN ${overflow}::TIMESTAMP END)`;
    }),
  );
}

function differenceSql([, a, b]: readonly string[], ctx: LowerContext): string {
  const unit = unitOf(ctx).toUpperCase();
  const { there } = clocks(true, ctx);
  const [s, e, d] = [ctx.fresh("s"), ctx.fresh("e"), ctx.fresh("d")];
  const bind = (value: string, name: string, body: string): string =>
    `list_transform([${value}], lambda ${name}: ${body})[1]`;
  const factor = MICROS[unit];
  let body: string;
  if (factor !== undefined && factor % DAY !== 0n) body = `((epoch_us(${e}) - epoch_us(${s})) // ${factor})`;
  else {
    // As java.time: the last day counts when its time of day is not before that of the first.
    const time = (x: string): string => `(${x} - date_trunc('day', ${x}))`;
    const [from, to] = [`${s}::DATE`, `${e}::DATE`];
    const last = `(CASE WHEN ${to} > ${from} AND ${time(e)} < ${time(s)} THEN ${to} - 1 WHEN ${to} < ${from} AND ${time(e)} > ${time(s)} THEN ${to} + 1 ELSE ${to} END)`;
    const packed = (x: string): string => `((year(${x}) * 12 + month(${x})) * 32 + day(${x}))`;
    const whole =
      factor !== undefined
        ? `((${d} - ${from})::BIGINT // ${factor / DAY})`
        : `(((${packed(d)} - ${packed(from)})::BIGINT // 32) // ${MONTHS[unit]})`;
    body = bind(last, d, whole);
  }
  return bind(there(a as string), s, bind(there(b as string), e, body));
}

/** Whole months from one time to another, rounded down; then the beginning of the bucket. */
function bucketSql([size, t, origin]: readonly string[], ctx: LowerContext): string {
  const type = (ctx.call.args[0] as Expr).type.kind;
  const { there, back } = clocks(ctx.call.type.kind === "timestamp", ctx);
  return ctx.let(size as string, (width) =>
    ctx.let(t as string, (time) =>
      ctx.let(origin as string, (start) => {
        if (type === "year_month_interval") {
          const [l, o, n] = [ctx.fresh("l"), ctx.fresh("o"), ctx.fresh("n")];
          const months = `((year(${l}) - year(${o})) * 12 + month(${l}) - month(${o}))`;
          const floor = `floor(${months} / ${width}::DOUBLE)::INTEGER`;
          const at = (k: string): string => `(${o} + to_months(${k} * ${width}))`;
          const value = `CASE WHEN ${at(n)} > ${l} THEN ${at(`(${n} - 1)`)} ELSE ${at(n)} END`;
          return `list_transform([${there(time)}], lambda ${l}: list_transform([${there(start)}], lambda ${o}: list_transform([${floor}], lambda ${n}: ${back(value)})[1])[1])[1]`;
        }
        const within = (a: string, b: string): string =>
          `(epoch_us(${a}) - (((epoch_us(${a}) - epoch_us(${b})) % ${width}) + ${width}) % ${width})`;
        const byDays = back(`make_timestamp(${within(there(time), there(start))})`);
        return `CASE WHEN ${width} >= ${DAY} THEN ${byDays} ELSE make_timestamp(${within(time, start)}) END`;
      }),
    ),
  );
}

/** The session's midnight of 1970-01-01. */
function epochOf(type: DataType, zone: string): Lit {
  const isInstant = type.kind === "timestamp";
  const micros = isInstant ? localToInstantMicros(0n, timeZone(zone)) : 0n;
  return { ...lit(micros, type), pretty: `TIMESTAMP${isInstant ? "" : "_NTZ"} '1970-01-01 00:00:00'` };
}

/** Arithmetic with units of time, and buckets of time. */
export const TIME_UNITS: readonly FunctionEntry[] = [
  withUnit("timestampadd", [T.long, T.anyTimestamp], {
    returns: ([, , t]) => (t as Expr).type,
    lower: addSql,
    usage: "timestampadd(unit, quantity, timestamp) - Returns the timestamp so many units later.",
  }),
  withUnit("timestampdiff", [T.timestamp, T.timestamp], {
    returns: LONG,
    lower: differenceSql,
    usage: "timestampdiff(unit, start, end) - Returns how many whole units are between the two.",
  }),
  scalar({
    name: "time_bucket",
    params: [
      p("bucketSize", {
        ...T.oneOf(T.dayTimeInterval, T.yearMonthInterval),
        sql: '("INTERVAL DAY TO SECOND" or "INTERVAL YEAR TO MONTH")',
      }),
      p("timestamp", T.anyTimestamp),
      opt("origin", T.anyTimestamp),
    ],
    coerce: ([size, time, origin], ctx) => {
      const typed = (e: Expr, type: Call["type"]): Expr =>
        e.type.kind === "null" ? castTo(e, type, ctx.conf) : e;
      const [bucket, t] = [typed(size as Expr, DAY_TIME_INTERVAL), typed(time as Expr, TIMESTAMP)];
      const type = t.type.kind === "timestamp_ntz" ? t.type : TIMESTAMP;
      return [bucket, t, origin === undefined ? epochOf(type, ctx.conf.timeZone) : typed(origin, type)];
    },
    check: ([size, t, origin], _ctx, call) => {
      const [bucket, time, start] = [size as Expr, t as Expr, origin as Expr];
      if (start.type.kind !== time.type.kind)
        throw unexpectedInputType(call, 2, quotedSqlType(time.type), start);
      if (!isFoldable(bucket)) throw nonFoldableInput(call, "bucketSize", quotedSqlType(bucket.type), bucket);
      if (!isFoldable(start)) throw nonFoldableInput(call, "origin", quotedSqlType(start.type), start);
      const value = evaluateLiteral(bucket);
      if (value !== undefined && value !== null && Number(value) <= 0)
        throw valueOutOfRange(call, "`bucketSize`", "(0, inf)", prettyExpr(bucket));
    },
    returns: ([, t]) => (t as Expr).type,
    lower: bucketSql,
    usage: "time_bucket(bucketSize, timestamp[, origin]) - Returns the beginning of the timestamp's bucket.",
    group: GROUP,
  }),
];
