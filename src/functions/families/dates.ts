import { unsupported } from "../../errors/spark-error.ts";
import {
  DATE,
  type DataType,
  DOUBLE,
  decimal,
  INTEGER,
  isIntegral,
  LONG,
  STRING,
  TIMESTAMP,
  TIMESTAMP_NTZ,
} from "../../types/data-type.ts";
import { quoteIdentifier } from "../../types/format.ts";
import { castTo } from "../coercion.ts";
import { call, lit, opt, p, scalar } from "../define.ts";
import type { Expr } from "../expr.ts";
import { evaluateLiteral, isFoldable } from "../fold.ts";
import type { BindContext, FunctionEntry, LowerContext } from "../function-entry.ts";
import { T } from "../input-type.ts";
import { sqlText } from "../raise.ts";
import { bindError, nonFoldableArgument, quotedExpr, wrongNumArgs } from "../type-error.ts";
import { instantToLocalSql, localToInstantSql } from "../zone-sql.ts";
import { intervalPart } from "./interval-parts.ts";

const GROUP = "datetime_funcs";

/** A whole number read off a date. */
function datePart(
  name: string,
  aliases: readonly string[],
  usage: string,
  sql: (d: string) => string,
): FunctionEntry {
  return scalar({
    name,
    aliases,
    params: [p("date", T.date)],
    returns: INTEGER,
    usage: `${name}(date) - ${usage}`,
    group: GROUP,
    lower: ([d]) => `(${sql(d as string)})::INTEGER`,
  });
}

/** A whole number read off the clock of the session's zone. */
function timePart(name: string, usage: string, ofTime: (nanos: string) => string): FunctionEntry {
  const entry = scalar({
    name,
    params: [p("timestamp", T.anyTimestamp)],
    returns: INTEGER,
    usage: `${name}(timestamp) - ${usage}`,
    group: GROUP,
    lower: ([t], ctx) =>
      ctx.call.args[0]?.type.kind === "time"
        ? `(${ofTime(t as string)})::INTEGER`
        : `${name}(${local(t as string, ctx)})::INTEGER`,
  });
  return { ...entry, bind: ofTimeOr(entry, INTEGER) };
}

/** Binds to a TIME as it is, to anything else as the entry says. */
function ofTimeOr(entry: FunctionEntry, type: DataType): FunctionEntry["bind"] {
  return (args, ctx) => {
    const [time] = args;
    if (args.length !== 1 || time?.type.kind !== "time") return entry.bind(args, ctx);
    return call(entry.name, args, type, { nullable: true, ctx });
  };
}

/** What the session's clocks show at an argument that is an instant; a wall clock time stays. */
function local(x: string, ctx: LowerContext, index = 0): string {
  return ctx.call.args[index]?.type.kind === "timestamp" ? instantToLocalSql(x, ctx.timeZone, ctx) : x;
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function listSql(names: readonly string[]): string {
  return `[${names.map(sqlText).join(", ")}]`;
}

function nameOf(
  name: string,
  usage: string,
  names: readonly string[],
  index: (d: string) => string,
): FunctionEntry {
  return scalar({
    name,
    params: [p("date", T.date)],
    returns: STRING,
    usage: `${name}(date) - ${usage}`,
    group: GROUP,
    lower: ([d]) => `${listSql(names)}[${index(d as string)}]`,
  });
}

/** Formats of `trunc`, without case. */
const TRUNC_DATE: Readonly<Record<string, string>> = {
  year: "year",
  yyyy: "year",
  yy: "year",
  quarter: "quarter",
  month: "month",
  mon: "month",
  mm: "month",
  week: "week",
};
const TRUNC_TIME: Readonly<Record<string, string>> = {
  ...TRUNC_DATE,
  day: "day",
  dd: "day",
  hour: "hour",
  minute: "minute",
  second: "second",
  millisecond: "milliseconds",
  microsecond: "microseconds",
};

/** `CASE lower(format) WHEN ...`: one branch a unit, null for a format that is none. */
function truncSql(x: string, format: string, units: Readonly<Record<string, string>>, type: string): string {
  const branches = Object.entries(units).map(
    ([name, unit]) => `WHEN ${sqlText(name)} THEN date_trunc('${unit}', ${x})::${type}`,
  );
  return `CASE lower(${format}) ${branches.join(" ")} END`;
}

/** A date moved by months: a month's end that is too short gives its last day. */
const addMonths = scalar({
  name: "add_months",
  params: [p("start_date", T.date), p("num_months", T.int)],
  returns: DATE,
  usage:
    "add_months(start_date, num_months) - The date so many months later, its day cut to the month's end.",
  group: GROUP,
  lower: ([d, n]) => `(${d} + to_months(${n}))::DATE`,
});

const WEEKDAYS: Readonly<Record<string, number>> = Object.fromEntries(
  ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"].flatMap((day, i) => [
    [day, i],
    [day.slice(0, 3), i],
    [day.slice(0, 2), i],
  ]),
);

const nextDay = scalar({
  name: "next_day",
  params: [p("start_date", T.date), p("day_of_week", T.string)],
  returns: DATE,
  nullable: "always",
  usage: "next_day(start_date, day_of_week) - The first such weekday after the date.",
  group: GROUP,
  lower: ([d, name], ctx) => {
    const branches = Object.entries(WEEKDAYS).map(([text, i]) => `WHEN '${text}' THEN ${i}`);
    const invalid = ctx.ansiEnabled
      ? ctx.raise("IllegalArgumentException", "ILLEGAL_DAY_OF_WEEK", { string: name as string })
      : "NULL";
    return ctx.let(
      `(CASE WHEN ${name} IS NULL THEN NULL ELSE CASE lower(trim(${name})) ${branches.join(" ")} ELSE ${invalid} END END)::INTEGER`,
      (day) => ctx.let(d as string, (v) => `(${v} + 1 + ((${day} - 1 - dayofweek(${v}) + 14) % 7)::INTEGER)`),
    );
  },
});

const monthsBetween = scalar({
  name: "months_between",
  params: [
    p("timestamp1", T.timestamp),
    p("timestamp2", T.timestamp),
    opt("roundOff", T.boolean, lit(true, { kind: "boolean" })),
  ],
  returns: DOUBLE,
  usage:
    "months_between(timestamp1, timestamp2[, roundOff]) - Months from the second to the first, of 31 days each for what is left.",
  group: GROUP,
  lower: ([a, b, roundOff], ctx) =>
    ctx.let(local(a as string, ctx), (x) =>
      ctx.let(local(b as string, ctx, 1), (y) => {
        const whole = `((year(${x}) - year(${y})) * 12 + month(${x}) - month(${y}))`;
        const isLast = (t: string) => `(${t}::DATE = last_day(${t}))`;
        const micros = (t: string) => `(epoch_us(${t}) - epoch_us(date_trunc('day', ${t})))`;
        // Spark counts whole seconds of the days left over.
        const seconds = `((day(${x}) - day(${y})) * 86400 + ${micros(x)} // 1000000 - ${micros(y)} // 1000000)`;
        const exact = `(${whole} + ${seconds} / 2678400.0::DOUBLE)`;
        return `CASE WHEN day(${x}) = day(${y}) OR (${isLast(x)} AND ${isLast(y)}) THEN ${whole}::DOUBLE WHEN ${roundOff} THEN round(${exact}, 8) ELSE ${exact} END`;
      }),
    ),
});

// --- building and splitting

export function invalidDate(ctx: LowerContext, message: string): string {
  return ctx.raise("DateTimeException", "DATETIME_FIELD_OUT_OF_BOUNDS.WITHOUT_SUGGESTION", {
    rangeMessage: message,
  });
}

const makeDate = scalar({
  name: "make_date",
  params: [p("year", T.int), p("month", T.int), p("day", T.int)],
  returns: DATE,
  nullable: (args, ctx) => !ctx.conf.ansiEnabled || args.some((a) => a.nullable),
  usage: "make_date(year, month, day) - The date of a year, month and day.",
  group: GROUP,
  lower: ([y, m, d], ctx) => {
    const made = `TRY_CAST(lpad(${y}::VARCHAR, 4, '0') || '-' || ${m}::VARCHAR || '-' || ${d}::VARCHAR AS DATE)`;
    if (!ctx.ansiEnabled) return made;
    const month = `upper(['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'][${m}])`;
    const message = `CASE WHEN ${m} NOT BETWEEN 1 AND 12 THEN 'Invalid value for MonthOfYear (valid values 1 - 12): ' || ${m} WHEN ${d} NOT BETWEEN 1 AND 31 THEN 'Invalid value for DayOfMonth (valid values 1 - 28/31): ' || ${d} WHEN ${m} = 2 AND ${d} = 29 THEN 'Invalid date ''February 29'' as ''' || ${y} || ''' is not a leap year' ELSE 'Invalid date ''' || ${month} || ' ' || ${d} || '''' END`;
    return ctx.let(
      made,
      (v) =>
        `CASE WHEN ${v} IS NULL AND ${y} IS NOT NULL AND ${m} IS NOT NULL AND ${d} IS NOT NULL THEN ${invalidDate(ctx, message)} ELSE ${v} END`,
    );
  },
});

/** Wall clock to instant (or the other way) in a zone that a value names. */
export function inZone(x: string, zone: string, ctx: LowerContext, direction: "there" | "back"): string {
  const kernel = direction === "there" ? "zone_offset" : "zone_offset_local";
  const sign = direction === "there" ? "+" : "-";
  return ctx.let(
    x,
    (v) =>
      `(${v} ${sign} to_seconds(${ctx.kernel(kernel, zone, `floor(epoch_us(${v}) / 1000000.0::DOUBLE)`)}))`,
  );
}

function shiftZone(name: string, direction: "there" | "back", usage: string): FunctionEntry {
  return scalar({
    name,
    params: [p("timestamp", T.timestamp), p("timezone", T.string)],
    returns: TIMESTAMP,
    usage: `${name}(timestamp, timezone) - ${usage}`,
    group: GROUP,
    lower: ([t, zone], ctx) => inZone(t as string, zone as string, ctx, direction),
  });
}

const convertTimezone: FunctionEntry = {
  ...scalar({
    name: "convert_timezone",
    params: [p("sourceTz", T.string), p("targetTz", T.string), p("sourceTs", T.timestampNtz)],
    returns: TIMESTAMP_NTZ,
    usage:
      "convert_timezone([sourceTz,] targetTz, sourceTs) - A wall clock time of one zone as that of another.",
    group: GROUP,
    lower: ([from, to, t], ctx) =>
      inZone(inZone(t as string, from as string, ctx, "back"), to as string, ctx, "there"),
  }),
};
const convertTimezoneEntry: FunctionEntry = {
  ...convertTimezone,
  bind: (args, ctx) => {
    if (args.length !== 2) return convertTimezone.bind(args, ctx);
    const zone: Expr = { ...lit(ctx.conf.timeZone, STRING), pretty: "current_timezone()" };
    return convertTimezone.bind([zone, ...args], ctx);
  },
};

// --- seconds, milliseconds and microseconds since the epoch

function sinceEpoch(name: string, unit: number, usage: string): FunctionEntry {
  return scalar({
    name,
    params: [p("timestamp", T.timestamp)],
    returns: LONG,
    usage: `${name}(timestamp) - ${usage}`,
    group: GROUP,
    lower: ([t]) => (unit === 1 ? `epoch_us(${t})` : floorDivision(`epoch_us(${t})`, unit)),
  });
}

/** Division that rounds down, also for times before the epoch. */
function floorDivision(micros: string, unit: number): string {
  return `((${micros} - ((${micros} % ${unit}) + ${unit}) % ${unit}) // ${unit})`;
}

function fromEpoch(name: string, factor: number, usage: string): FunctionEntry {
  const input = factor === 1_000_000 ? T.numeric : T.integral;
  return scalar({
    name,
    params: [p("n", input)],
    returns: TIMESTAMP,
    nullable: (args) => args.some((a) => a.nullable || (!isIntegral(a.type) && a.type.kind !== "decimal")),
    usage: `${name}(n) - ${usage}`,
    group: GROUP,
    lower: ([n], ctx) => {
      const type = ctx.call.args[0]?.type.kind;
      if (type === "double" || type === "float") {
        return `(CASE WHEN isfinite(${n}) THEN make_timestamp(trunc(${n}::DOUBLE * ${factor})::BIGINT) END)`;
      }
      if (type === "decimal") return `make_timestamp((${n} * ${factor})::BIGINT)`;
      return `make_timestamp(${n}::BIGINT * ${factor})`;
    },
  });
}

// --- patterns

const STANDARD = lit("yyyy-MM-dd HH:mm:ss", STRING);

const dateFormat = scalar({
  name: "date_format",
  params: [p("timestamp", T.timestamp), p("fmt", T.string)],
  returns: STRING,
  usage: "date_format(timestamp, fmt) - The timestamp as text by a pattern.",
  group: GROUP,
  lower: ([t, format], ctx) => formatSql(t as string, format as string, ctx),
});

function formatSql(t: string, format: string, ctx: LowerContext): string {
  return ctx.kernel("format_datetime", `epoch_us(${t})::VARCHAR`, format, sqlText(ctx.timeZone));
}

/** Text read by a pattern: microseconds of the instant (or of the wall clock), or Spark's error. */
function parseSql(
  text: string,
  format: string,
  ctx: LowerContext,
  options: { readonly ntz?: boolean; readonly suggest?: string },
): string {
  const onFailure = options.suggest === undefined ? "" : options.suggest;
  const zone = options.ntz === true ? "'ntz'" : sqlText(ctx.timeZone);
  return `${ctx.kernel("parse_datetime", text, format, zone, sqlText(onFailure))}::BIGINT`;
}

/** `to_date` and `to_timestamp` without a format are casts. */
function toDateTime(
  name: string,
  type: (ctx: BindContext) => DataType,
  options: { readonly isTry: boolean; readonly suggest: string },
): FunctionEntry {
  const entry = scalar({
    name,
    params: [p("expr", T.any), opt("fmt", T.string)],
    returns: STRING,
    usage: `${name}(expr[, fmt]) - The text as a ${name.includes("date") ? "date" : "timestamp"}, by a pattern if one is given.`,
    group: GROUP,
    rewrite: (args, ctx) => {
      const target = type(ctx);
      const mode = options.isTry
        ? ("try" as const)
        : ctx.conf.ansiEnabled
          ? ("ansi" as const)
          : ("legacy" as const);
      const [x, format] = args as [Expr, Expr | undefined];
      if (format === undefined || (x.type.kind !== "string" && x.type.kind !== "null")) {
        return castTo(x, target, ctx.conf, {
          implicit: false,
          mode,
          ...(ctx.origin === undefined ? {} : { origin: ctx.origin }),
        });
      }
      const fails = !options.isTry && ctx.conf.ansiEnabled;
      return call("parse_by_pattern", [x, legacyPattern(castTo(format, STRING, ctx.conf), ctx)], target, {
        nullable: !fails || x.nullable || format.nullable,
        extra: { suggest: fails ? options.suggest : "" },
        ctx,
      });
    },
  });
  return entry;
}

/**
 * A pattern as the time parser policy LEGACY reads it (Java's SimpleDateFormat): brackets stand for themselves. What it
 * reads otherwise (fractions, years of two digits) is refused.
 */
function legacyPattern(format: Expr, ctx: BindContext): Expr {
  if (ctx.conf.get("spark.sql.legacy.timeParserPolicy")?.toUpperCase() !== "LEGACY") return format;
  const text = evaluateLiteral(format);
  if (text === null) return format;
  const quoted = (typeof text === "string" ? text : "S").replace(/'[^']*'/g, "");
  const isOther = (quoted.match(/S+|y+|[GEzZXVOuwWkKaL]+|M{5,}/g) ?? []).some(
    (run) => run !== "SSS" && !run.startsWith("yyy"),
  );
  if (typeof text === "string" && /[[\]]/.test(quoted)) return lit(text.replace(/[[\]]/g, "'$&'"), STRING);
  if (isOther) throw unsupported(`the time parser policy LEGACY with the pattern ${text ?? "of a column"}`);
  return format;
}

const parseByPattern: FunctionEntry = {
  name: "parse_by_pattern",
  kind: "scalar",
  isInternal: true,
  usage: "parse_by_pattern(text, pattern) - Made by to_date and its kin.",
  group: GROUP,
  bind: () => {
    throw new Error("parse_by_pattern is made by other functions only");
  },
  lower: ([text, format], ctx) => {
    const suggest = ctx.call.extra?.["suggest"] as string;
    const { kind } = ctx.call.type;
    const micros = parseSql(text as string, format as string, ctx, {
      ntz: kind !== "timestamp",
      ...(suggest === "" ? {} : { suggest }),
    });
    return kind === "date" ? `make_timestamp(${micros})::DATE` : `make_timestamp(${micros})`;
  },
};

function unixTimestamp(name: "unix_timestamp" | "to_unix_timestamp"): FunctionEntry {
  return scalar({
    name,
    params: [
      name === "unix_timestamp"
        ? opt("timeExp", T.oneOf(T.string, T.date, T.timestamp, T.timestampNtz))
        : p("timeExp", T.oneOf(T.string, T.date, T.timestamp, T.timestampNtz)),
      opt("fmt", T.string),
    ],
    coerce: (args, ctx) => {
      const first = args[0] ?? { ...lit(ctx.queryTimeMicros, TIMESTAMP), pretty: "current_timestamp()" };
      return [first, args[1] ?? STANDARD];
    },
    returns: LONG,
    nullable: (args, ctx) =>
      args.some((a) => a.nullable) || (!ctx.conf.ansiEnabled && args[0]?.type.kind === "string"),
    usage: `${name}(timeExp[, fmt]) - Seconds since the epoch.`,
    group: GROUP,
    lower: ([t, format], ctx) => {
      const { kind } = ctx.call.args[0]?.type ?? STRING;
      const floor = (micros: string) => floorDivision(micros, 1_000_000);
      if (kind === "string") {
        const micros = parseSql(
          t as string,
          format as string,
          ctx,
          ctx.ansiEnabled ? { suggest: "try_to_timestamp" } : {},
        );
        return ctx.let(micros, floor);
      }
      const instant =
        kind === "timestamp" ? (t as string) : localToInstantSql(`${t}::TIMESTAMP`, ctx.timeZone, ctx);
      return ctx.let(`epoch_us(${instant})`, floor);
    },
  });
}

// --- now

function fixedNow(
  name: string,
  aliases: readonly string[],
  type: DataType,
  value: (ctx: BindContext) => bigint,
): FunctionEntry {
  return {
    name,
    aliases,
    kind: "scalar",
    usage: `${name}() - ${type.kind === "timestamp_ntz" ? "The wall clock time" : "The time"} at which the query began.`,
    group: GROUP,
    bind: (args, ctx) => {
      const spec = scalar({
        name,
        aliases,
        params: [],
        returns: type,
        nullable: "never",
        usage: "",
        group: GROUP,
      });
      const bound = spec.bind(args, ctx);
      if (bound.kind !== "Call") return bound;
      return { ...bound, extra: { micros: value(ctx).toString() } };
    },
    lower: (_, ctx) => {
      const micros = ctx.call.extra?.["micros"] as string;
      return `make_timestamp(${micros}::BIGINT)`;
    },
  };
}

const currentDate: FunctionEntry = {
  name: "current_date",
  aliases: ["curdate"],
  kind: "scalar",
  usage: "current_date() - The date, in the session's zone, on which the query began.",
  group: GROUP,
  bind: (args, ctx) => {
    const spec = scalar({
      name: "current_date",
      plainAliases: ["curdate"],
      params: [],
      returns: DATE,
      nullable: "never",
      usage: "",
      group: GROUP,
    });
    const bound = spec.bind(args, ctx);
    return bound.kind === "Call" ? { ...bound, extra: { micros: ctx.queryTimeMicros.toString() } } : bound;
  },
  lower: (_, ctx) => {
    const instant = `make_timestamp(${ctx.call.extra?.["micros"] as string}::BIGINT)`;
    return `${instantToLocalSql(instant, ctx.timeZone, ctx)}::DATE`;
  },
};

const localTimestamp: FunctionEntry = {
  ...fixedNow("localtimestamp", [], TIMESTAMP_NTZ, (ctx) => ctx.queryTimeMicros),
  lower: (_, ctx) =>
    instantToLocalSql(`make_timestamp(${ctx.call.extra?.["micros"] as string}::BIGINT)`, ctx.timeZone, ctx),
};

const currentTimezone: FunctionEntry = {
  name: "current_timezone",
  kind: "scalar",
  usage: "current_timezone() - The session's time zone.",
  group: GROUP,
  bind: (args, ctx) =>
    scalar({
      name: "current_timezone",
      params: [],
      returns: STRING,
      nullable: "never",
      usage: "",
      group: GROUP,
    }).bind(args, ctx),
  lower: (_, ctx) => sqlText(ctx.timeZone),
};

// --- extract

/** What `extract` names, as the function that computes it. */
const FIELDS: Readonly<Record<string, string>> = {
  year: "year",
  y: "year",
  years: "year",
  yr: "year",
  yrs: "year",
  yearofweek: "yearofweek",
  quarter: "quarter",
  qtr: "quarter",
  month: "month",
  mon: "month",
  mons: "month",
  months: "month",
  week: "weekofyear",
  w: "weekofyear",
  weeks: "weekofyear",
  day: "day",
  d: "day",
  days: "day",
  dayofweek: "dayofweek",
  dow: "dayofweek",
  dayofweek_iso: "isodow",
  dow_iso: "isodow",
  doy: "dayofyear",
  hour: "hour",
  h: "hour",
  hours: "hour",
  hr: "hour",
  hrs: "hour",
  minute: "minute",
  m: "minute",
  min: "minute",
  mins: "minute",
  minutes: "minute",
  second: "second_fraction",
  s: "second_fraction",
  sec: "second_fraction",
  seconds: "second_fraction",
  secs: "second_fraction",
};

/** What a clock shows, and a date does not. */
const CLOCK = new Set(["hour", "minute", "second_fraction"]);

function extract(name: string, isKeyword: boolean): FunctionEntry {
  return {
    name,
    kind: "scalar",
    params: ["field", "source"],
    usage: `${name}(field, source) - A part of a date, timestamp or interval.`,
    group: GROUP,
    bind: (args, ctx) => {
      const [field, source] = args as [Expr, Expr];
      if (args.length !== 2) throw wrongNumArgs(name, "2", args.length, ctx.origin);
      if (!isFoldable(field)) throw nonFoldableArgument(name, "field", STRING, ctx.origin);
      const text = evaluateLiteral(field);
      if (text === null) {
        const value: Expr = { kind: "Lit", value: null, type: DOUBLE, nullable: true };
        return { kind: "Call", fn: name, name, args: [value], shown: args, type: DOUBLE, nullable: true };
      }
      const target = typeof text === "string" ? FIELDS[text.toLowerCase()] : undefined;
      const entry = target === undefined ? undefined : EXTRACTED.get(target);
      const isInterval = source.type.kind.endsWith("interval");
      const isTime = source.type.kind === "time" && !CLOCK.has(target ?? "");
      const part = isInterval ? intervalPart(target, source, ctx) : undefined;
      if (entry === undefined || isTime || (isInterval && part === undefined))
        throw noSuchField(`${text}`, source, ctx);
      const timed = CLOCK.has(target ?? "");
      const input = timed && source.type.kind === "date" ? castTo(source, TIMESTAMP_NTZ, ctx.conf) : source;
      const inner = part ?? entry.bind([input], { ...ctx, name: entry.name });
      return {
        kind: "Call",
        fn: name,
        name,
        args: [inner],
        shown: args,
        type: inner.type,
        nullable: inner.nullable,
        ...(ctx.origin === undefined ? {} : { origin: ctx.origin }),
      };
    },
    lower: ([x]) => x as string,
    pretty: ([field, source]) =>
      isKeyword ? `${name}(${field} FROM ${source})` : `${name}(${field}, ${source})`,
  };
}

function noSuchField(field: string, source: Expr, ctx: BindContext): Error {
  return bindError(
    "INVALID_EXTRACT_FIELD",
    { field: quoteIdentifier(field), expr: quotedExpr(source) },
    ctx.origin,
  );
}

const secondOfTimestamp = scalar({
  name: "second_fraction",
  isInternal: true,
  params: [p("timestamp", T.anyTimestamp)],
  returns: decimal(8, 6),
  usage: "second_fraction(timestamp) - Seconds with their fraction.",
  group: GROUP,
  lower: ([t], ctx) =>
    ctx.call.args[0]?.type.kind === "time"
      ? `(${t} // 1000 % 60000000 / 1000000.0)::DECIMAL(8,6)`
      : `((epoch_us(${local(t as string, ctx)}) % 60000000 + 60000000) % 60000000 / 1000000.0)::DECIMAL(8,6)`,
});

const secondFraction: FunctionEntry = {
  ...secondOfTimestamp,
  bind: ofTimeOr(secondOfTimestamp, decimal(8, 6)),
};

export const DATES: readonly FunctionEntry[] = [
  datePart("year", [], "The year.", (d) => `year(${d})`),
  datePart("quarter", [], "The quarter, 1 to 4.", (d) => `quarter(${d})`),
  datePart("month", [], "The month, 1 to 12.", (d) => `month(${d})`),
  datePart("day", ["dayofmonth"], "The day of the month.", (d) => `day(${d})`),
  datePart("dayofweek", [], "The day of the week, 1 for Sunday.", (d) => `dayofweek(${d}) + 1`),
  datePart("weekday", [], "The day of the week, 0 for Monday.", (d) => `isodow(${d}) - 1`),
  datePart("dayofyear", [], "The day of the year.", (d) => `dayofyear(${d})`),
  datePart("weekofyear", [], "The week of the year, by ISO 8601.", (d) => `weekofyear(${d})`),
  {
    ...datePart("yearofweek", [], "The year that the week belongs to, by ISO 8601.", (d) => `isoyear(${d})`),
    isInternal: true,
  },
  {
    ...datePart("isodow", [], "The day of the week, 1 for Monday.", (d) => `isodow(${d})`),
    isInternal: true,
  },
  timePart("hour", "The hour.", (t) => `${t} // 3600000000000`),
  timePart("minute", "The minute.", (t) => `${t} // 60000000000 % 60`),
  timePart("second", "The second.", (t) => `${t} // 1000000000 % 60`),
  secondFraction,
  nameOf("dayname", "The weekday's short name.", DAYS, (d) => `dayofweek(${d}) + 1`),
  nameOf("monthname", "The month's short name.", MONTHS, (d) => `month(${d})`),

  scalar({
    name: "datediff",
    aliases: ["date_diff"],
    params: [p("endDate", T.date), p("startDate", T.date)],
    returns: INTEGER,
    usage: "datediff(endDate, startDate) - Days from the start to the end.",
    group: GROUP,
    lower: ([end, start]) => `(${end} - ${start})::INTEGER`,
  }),
  addMonths,
  monthsBetween,
  scalar({
    name: "last_day",
    params: [p("date", T.date)],
    returns: DATE,
    usage: "last_day(date) - The last day of the date's month.",
    group: GROUP,
    lower: ([d]) => `last_day(${d})::DATE`,
  }),
  nextDay,
  scalar({
    name: "trunc",
    params: [p("date", T.date), p("fmt", T.string)],
    returns: DATE,
    nullable: "always",
    usage: "trunc(date, fmt) - The first day of the date's year, quarter, month or week.",
    group: GROUP,
    lower: ([d, format]) => truncSql(d as string, format as string, TRUNC_DATE, "DATE"),
  }),
  scalar({
    name: "date_trunc",
    params: [p("fmt", T.string), p("ts", T.timestamp)],
    returns: TIMESTAMP,
    nullable: "always",
    usage: "date_trunc(fmt, ts) - The beginning of the timestamp's year, month, hour and so on.",
    group: GROUP,
    lower: ([format, t], ctx) =>
      localToInstantSql(
        `(${truncSql(local(t as string, ctx, 1), format as string, TRUNC_TIME, "TIMESTAMP")})`,
        ctx.timeZone,
        ctx,
      ),
  }),
  makeDate,
  shiftZone("from_utc_timestamp", "there", "A time of UTC as the clocks of a zone show it."),
  shiftZone("to_utc_timestamp", "back", "A time on the clocks of a zone as UTC."),
  convertTimezoneEntry,
  sinceEpoch("unix_seconds", 1_000_000, "Seconds since the epoch."),
  sinceEpoch("unix_millis", 1_000, "Milliseconds since the epoch."),
  sinceEpoch("unix_micros", 1, "Microseconds since the epoch."),
  fromEpoch("timestamp_seconds", 1_000_000, "The time so many seconds after the epoch."),
  fromEpoch("timestamp_millis", 1_000, "The time so many milliseconds after the epoch."),
  fromEpoch("timestamp_micros", 1, "The time so many microseconds after the epoch."),
  scalar({
    name: "unix_date",
    params: [p("date", T.date)],
    returns: INTEGER,
    usage: "unix_date(date) - Days since the epoch.",
    group: GROUP,
    lower: ([d]) => `(${d} - DATE '1970-01-01')::INTEGER`,
  }),
  scalar({
    name: "date_from_unix_date",
    params: [p("days", T.int)],
    returns: DATE,
    usage: "date_from_unix_date(days) - The date so many days after the epoch.",
    group: GROUP,
    lower: ([n]) => `(DATE '1970-01-01' + ${n})`,
  }),
  dateFormat,
  scalar({
    name: "from_unixtime",
    params: [p("unix_time", T.long), opt("fmt", T.string, STANDARD)],
    returns: STRING,
    nullable: "always",
    usage: "from_unixtime(unix_time[, fmt]) - Seconds since the epoch as text by a pattern.",
    group: GROUP,
    lower: ([n, format], ctx) => formatSql(`make_timestamp(${n} * 1000000)`, format as string, ctx),
  }),
  parseByPattern,
  toDateTime("to_date", () => DATE, { isTry: false, suggest: "try_to_date" }),
  toDateTime("try_to_date", () => DATE, { isTry: true, suggest: "" }),
  toDateTime("to_timestamp", sessionTimestamp, { isTry: false, suggest: "try_to_timestamp" }),
  toDateTime("try_to_timestamp", sessionTimestamp, { isTry: true, suggest: "" }),
  toDateTime("to_timestamp_ltz", () => TIMESTAMP, { isTry: false, suggest: "try_to_timestamp" }),
  toDateTime("to_timestamp_ntz", () => TIMESTAMP_NTZ, { isTry: false, suggest: "try_to_timestamp" }),
  unixTimestamp("unix_timestamp"),
  unixTimestamp("to_unix_timestamp"),
  fixedNow("current_timestamp", [], TIMESTAMP, (ctx) => ctx.queryTimeMicros),
  fixedNow("now", [], TIMESTAMP, (ctx) => ctx.queryTimeMicros),
  localTimestamp,
  currentDate,
  currentTimezone,
  extract("extract", true),
  extract("date_part", false),
  extract("datepart", true),
];

function sessionTimestamp(ctx: BindContext): DataType {
  return ctx.conf.get("spark.sql.timestampType") === "TIMESTAMP_NTZ" ? TIMESTAMP_NTZ : TIMESTAMP;
}

const EXTRACTED: ReadonlyMap<string, FunctionEntry> = new Map(DATES.map((entry) => [entry.name, entry]));
