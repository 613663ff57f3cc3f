import { decimal, TIMESTAMP, TIMESTAMP_NTZ } from "../../types/data-type.ts";
import { opt, p, scalar } from "../define.ts";
import type { Call } from "../expr.ts";
import type { BindContext, FunctionEntry, LowerContext } from "../function-entry.ts";
import { T } from "../input-type.ts";
import { unexpectedInputType, wrongNumArgs } from "../type-error.ts";
import { localToInstantSql } from "../zone-sql.ts";
import { invalidDate, inZone } from "./dates.ts";

type Target = "session" | "ltz" | "ntz";
const GROUP = "datetime_funcs";

function resultType(target: Target, ctx: BindContext) {
  const isNtz =
    target === "ntz" || (target === "session" && ctx.conf.get("spark.sql.timestampType") === "TIMESTAMP_NTZ");
  return isNtz ? TIMESTAMP_NTZ : TIMESTAMP;
}

/** The wall clock time in the zone named, or in the session's. */
function instant(wall: string, zone: string | undefined, ctx: LowerContext): string {
  if (ctx.call.type.kind === "timestamp_ntz") return wall;
  return zone === undefined ? localToInstantSql(wall, ctx.timeZone, ctx) : inZone(wall, zone, ctx, "back");
}

/** From a year, a month and so on. */
function fromParts(name: string, target: Target, isTry: boolean): FunctionEntry {
  const params = [
    p("year", T.int),
    p("month", T.int),
    p("day", T.int),
    p("hour", T.int),
    p("min", T.int),
    p("sec", T.of(decimal(16, 6))),
  ];
  return scalar({
    name,
    params: target === "ntz" ? params : [...params, opt("timezone", T.string)],
    returns: (_, ctx) => resultType(target, ctx),
    nullable: (args, ctx) => isTry || !ctx.conf.ansiEnabled || args.some((a) => a.nullable),
    usage: `${name}(year, month, day, hour, min, sec${target === "ntz" ? "" : "[, timezone]"}) - The timestamp of these parts${isTry ? "; null where there is none" : ""}.`,
    group: GROUP,
    ...(isTry && target === "session"
      ? { pretty: (args: readonly string[]) => `${name}(${args.slice(0, 6).join(", ")})` }
      : {}),
    lower: ([y, mo, d, h, mi, s, zone], ctx) => {
      // Sixty seconds without a fraction are the next minute.
      const parts = [y, mo, d, h, mi] as string[];
      const valid = `(${mo} BETWEEN 1 AND 12 AND ${h} BETWEEN 0 AND 23 AND ${mi} BETWEEN 0 AND 59 AND ${s} >= 0 AND ${s} <= 60)`;
      const date = `TRY_CAST(lpad(${y}::VARCHAR, 4, '0') || '-' || ${mo}::VARCHAR || '-' || ${d}::VARCHAR AS DATE)`;
      const wall = `(${date}::TIMESTAMP + to_microseconds((${h}::BIGINT * 3600 + ${mi} * 60) * 1000000 + (${s} * 1000000)::BIGINT))`;
      const given = [...parts, s as string].map((x) => `${x} IS NOT NULL`).join(" AND ");
      const fraction = ctx.raise("DateTimeException", "INVALID_FRACTION_OF_SECOND", {
        secAndMicros: `regexp_replace(${s}::VARCHAR, '\\.?0+$', '')`,
      });
      const message = `CASE WHEN ${mo} NOT BETWEEN 1 AND 12 THEN 'Invalid value for MonthOfYear (valid values 1 - 12): ' || ${mo} WHEN ${h} NOT BETWEEN 0 AND 23 THEN 'Invalid value for HourOfDay (valid values 0 - 23): ' || ${h} WHEN ${mi} NOT BETWEEN 0 AND 59 THEN 'Invalid value for MinuteOfHour (valid values 0 - 59): ' || ${mi} WHEN ${d} NOT BETWEEN 1 AND 31 THEN 'Invalid value for DayOfMonth (valid values 1 - 28/31): ' || ${d} ELSE 'Invalid value for SecondOfMinute (valid values 0 - 59): ' || floor(${s})::BIGINT END`;
      const failure =
        isTry || !ctx.ansiEnabled
          ? "NULL"
          : `CASE WHEN ${s} > 60 AND ${s} < 61 THEN ${fraction} ELSE ${invalidDate(ctx, message)} END`;
      const checked = ctx.let(
        date,
        (v) =>
          `CASE WHEN NOT (${given}) THEN NULL WHEN ${v} IS NULL OR NOT ${valid} THEN ${failure} ELSE ${wall} END`,
      );
      return instant(checked, zone, ctx);
    },
  });
}

/** From a date and a time of day. */
function fromDateAndTime(target: Target): FunctionEntry {
  const name = target === "ntz" ? "make_timestamp_ntz" : "make_timestamp";
  const types = [T.date, T.time, T.string];
  return scalar({
    name,
    params: [p("date", T.any), opt("time", T.any), opt("timezone", T.any)],
    coerce: (args) => args,
    check: (args, _ctx, call: Call) => {
      for (const [i, arg] of args.entries()) {
        const type = types[i] as (typeof types)[number];
        if (type.accepts(arg.type) || arg.type.kind === "null") continue;
        throw unexpectedInputType(call, i, type, arg);
      }
    },
    returns: target === "ntz" ? TIMESTAMP_NTZ : TIMESTAMP,
    ...(target === "ntz" ? { nullable: "always" as const } : {}),
    usage: `${name}(date[, time[, timezone]]) - The timestamp of a date and a time of day.`,
    group: GROUP,
    lower: ([date, time, zone], ctx) => {
      const wall =
        time === undefined ? `${date}::TIMESTAMP` : `(${date}::TIMESTAMP + to_microseconds(${time} // 1000))`;
      return instant(`(${wall})`, zone, ctx);
    },
  });
}

/** One to three arguments are a date, a time and a zone; more are the parts. */
function makeTimestamp(name: string, target: Target, isTry = false): FunctionEntry {
  const [parts, whole] = [fromParts(name, target, isTry), fromDateAndTime(target)];
  const accepted = target === "ntz" ? [2, 6] : target === "ltz" ? [2, 3, 6, 7] : [1, 2, 3, 6, 7];
  const shown = target === "session" ? `[${accepted.join(", ")}]` : isTry ? "6" : "[2, 6]";
  return {
    ...parts,
    bind: (args, ctx) => {
      if (!accepted.includes(args.length)) throw wrongNumArgs(name, shown, args.length, ctx.origin);
      if (args.length > 3) return parts.bind(args, ctx);
      const bound = whole.bind(args, { ...ctx, name: whole.name });
      return bound.kind === "Call"
        ? { ...bound, fn: DATE_AND_TIME[target].name, ...(isTry ? { name } : {}) }
        : bound;
    },
  };
}

const DATE_AND_TIME = Object.fromEntries(
  (["session", "ltz", "ntz"] as const).map((target) => [
    target,
    { ...fromDateAndTime(target), name: `timestamp_of_date_${target}`, isInternal: true },
  ]),
) as Record<Target, FunctionEntry>;

/** Timestamps from their parts. */
export const MAKE_TIMESTAMPS: readonly FunctionEntry[] = [
  makeTimestamp("make_timestamp", "session"),
  makeTimestamp("make_timestamp_ltz", "ltz"),
  makeTimestamp("make_timestamp_ntz", "ntz"),
  makeTimestamp("try_make_timestamp", "session", true),
  makeTimestamp("try_make_timestamp_ltz", "ltz", true),
  makeTimestamp("try_make_timestamp_ntz", "ntz", true),
  ...Object.values(DATE_AND_TIME),
];
