import { sparkError, unsupported } from "../../errors/spark-error.ts";
import type { DataType } from "../../types/data-type.ts";
import { array, CALENDAR_INTERVAL, struct, TIMESTAMP } from "../../types/data-type.ts";
import { parseCalendarText } from "../../types/interval-text.ts";
import { castTo, implicitCast } from "../coercion.ts";
import { opt, p, scalar } from "../define.ts";
import type { Call, Expr } from "../expr.ts";
import { evaluateLiteral } from "../fold.ts";
import type { BindContext, FunctionEntry, LowerContext } from "../function-entry.ts";
import type { InputType } from "../input-type.ts";
import { T } from "../input-type.ts";
import { bindError, typeMismatch, unexpectedInputType, valueOutOfRange } from "../type-error.ts";

const GROUP = "datetime_funcs";
const DAY = 86_400_000_000n;

export function windowType(time: DataType): DataType {
  return struct([
    { name: "start", dataType: time, nullable: true },
    { name: "end", dataType: time, nullable: true },
  ]);
}

/** What a window is made over: a time, or another window, of which the last moment counts. */
const TIME: InputType = {
  ...T.oneOf(T.anyTimestamp),
  sql: '("(TIMESTAMP OR TIMESTAMP WITHOUT TIME ZONE)" or "STRUCT<start: TIMESTAMP, end: TIMESTAMP>" or "STRUCT<start: TIMESTAMP_NTZ, end: TIMESTAMP_NTZ>")',
};

const isWindow = (t: DataType): boolean =>
  t.kind === "struct" &&
  t.fields.length === 2 &&
  t.fields[0]?.name === "start" &&
  t.fields[1]?.name === "end";

function timeOf(e: Expr, ctx: BindContext): Expr {
  if (isWindow(e.type) && e.type.kind === "struct") {
    const type = e.type.fields[0]?.dataType as DataType;
    return { kind: "Call", fn: "window_time", name: "window_time", args: [e], type, nullable: e.nullable };
  }
  return e.type.kind === "string" || e.type.kind === "date" || e.type.kind === "null"
    ? castTo(e, TIMESTAMP, ctx.conf)
    : implicitCast(e, T.anyTimestamp, ctx.conf);
}

/** A length of time that is known: microseconds, or the text of an interval without months. */
function micros(e: Expr, ctx: BindContext): bigint {
  const value = evaluateLiteral(e);
  if (["byte", "short", "integer", "long"].includes(e.type.kind) && value !== undefined && value !== null)
    return BigInt(value as number | bigint);
  if (typeof value !== "string" || e.type.kind !== "string")
    throw bindError("_LEGACY_ERROR_TEMP_1207", {}, ctx.origin);
  const interval = parseCalendarText(value);
  if (interval === undefined)
    throw bindError("CANNOT_PARSE_INTERVAL", { intervalString: `'${value}'` }, ctx.origin);
  if (interval.months !== 0) {
    throw sparkError("IllegalArgumentException", {
      condition: "_LEGACY_ERROR_TEMP_3231",
      messageParameters: { interval: value },
    });
  }
  return BigInt(interval.days) * DAY + interval.micros;
}

function checkWindow(call: Call): void {
  const { size, slide, start } = call.extra as { size: bigint; slide: bigint; start: bigint };
  const shown = { ...call, extra: { ...call.extra, isShown: true } };
  const range = "(0, 9223372036854775807]";
  if (size <= 0n) throw valueOutOfRange(shown, "`window_duration`", range, `${size}L`);
  if (slide <= 0n) throw valueOutOfRange(shown, "`slide_duration`", range, `${slide}L`);
  const violated = (left: string, a: bigint, constraint: string, right: string, b: bigint): Error =>
    typeMismatch("PARAMETER_CONSTRAINT_VIOLATION", shown, {
      leftExprName: `\`${left}\``,
      leftExprValue: `${a}L`,
      constraint,
      rightExprName: `\`${right}\``,
      rightExprValue: `${b}L`,
    });
  if (slide > size) throw violated("slide_duration", slide, "<=", "window_duration", size);
  const distance = start < 0n ? -start : start;
  if (distance >= slide) throw violated("abs(start_time)", distance, "<", "slide_duration", slide);
}

const timeWindow: FunctionEntry = scalar({
  name: "window",
  params: [
    p("time_column", T.any),
    p("window_duration", T.any),
    opt("slide_duration", T.any),
    opt("start_time", T.any),
  ],
  coerce: (args) => args,
  returns: ([t]) => windowType((t as Expr).type),
  lower: () => {
    throw unsupported("window outside of a select list or GROUP BY");
  },
  pretty: (args, call) => {
    const { size, slide, start, isShown } = call.extra ?? {};
    return isShown === true ? `window(${[args[0], size, slide, start].join(", ")})` : "window";
  },
  usage:
    "window(time_column, window_duration[, slide_duration[, start_time]]) - Returns the windows of time that the row is in.",
  group: GROUP,
});

const windowEntry: FunctionEntry = {
  ...timeWindow,
  bind: (args, ctx) => {
    const bound = timeWindow.bind(args, ctx) as Call;
    const [time, size, slide, start] = args as readonly [Expr, Expr, Expr?, Expr?];
    const length = micros(size, ctx);
    const extra = {
      size: length,
      slide: slide === undefined ? length : micros(slide, ctx),
      start: start === undefined ? 0n : micros(start, ctx),
    };
    const t = timeOf(time, ctx);
    const call: Call = {
      ...bound,
      args: [t],
      type: windowType(t.type),
      nullable: extra.slide !== length,
      extra,
    };
    if (!T.anyTimestamp.accepts(t.type))
      throw unexpectedInputType({ ...call, extra: { ...extra, isShown: true } }, 0, TIME, time);
    checkWindow(call);
    return call;
  },
};

const sessionEntry: FunctionEntry = scalar({
  name: "session_window",
  params: [p("time_column", T.any), p("gap_duration", T.any)],
  coerce: ([time, gap], ctx) => [timeOf(time as Expr, ctx), castTo(gap as Expr, CALENDAR_INTERVAL, ctx.conf)],
  check: ([t], _ctx, call) => {
    if (!T.anyTimestamp.accepts((t as Expr).type)) throw unexpectedInputType(call, 0, TIME, t as Expr);
  },
  returns: ([t]) => windowType((t as Expr).type),
  nullable: "never",
  lower: () => {
    throw unsupported("session_window outside of a select list or GROUP BY");
  },
  pretty: () => "session_window",
  usage: "session_window(time_column, gap_duration) - Returns the session that the row is in.",
  group: GROUP,
});

/** The starts of a row's windows, the latest first. */
function bounds(t: string, ctx: LowerContext, isOne: boolean): string {
  const { size, slide, start } = ctx.call.extra as { size: bigint; slide: bigint; start: bigint };
  const [i, w, m] = [ctx.fresh("i"), ctx.fresh("w"), ctx.fresh("m")];
  const last = `(${m} - (((${m} - ${start}) % ${slide}) + ${slide}) % ${slide})`;
  const window = (from: string): string =>
    `{'f0': make_timestamp(${from}), 'f1': make_timestamp(${from} + ${size})}`;
  const count = (size + slide - 1n) / slide;
  const value = isOne
    ? window(last)
    : `list_filter(list_transform(range(${count}), lambda ${i}: ${window(`(${last} - ${i} * ${slide})`)}), lambda ${w}: epoch_us(${w}.f1) > ${m})`;
  return `list_transform([epoch_us(${t})], lambda ${m}: ${value})[1]`;
}

function internal(name: string, isOne: boolean): FunctionEntry {
  return {
    name,
    kind: "scalar",
    isInternal: true,
    usage: `${name}(time) - Made by window.`,
    group: GROUP,
    bind: ([t]) => {
      const type = windowType((t as Expr).type);
      return {
        kind: "Call",
        fn: name,
        args: [t as Expr],
        type: isOne ? type : array(type, false),
        nullable: false,
      };
    },
    lower: ([t], ctx) => bounds(t as string, ctx, isOne),
  };
}

/** Windows of time; the analyzer puts them below the query that asks for them. */
export const TIME_WINDOWS: readonly FunctionEntry[] = [
  windowEntry,
  sessionEntry,
  internal("tumbling_window", true),
  internal("sliding_windows", false),
  scalar({
    name: "window_time",
    params: [p("window_column", T.any)],
    coerce: (args) => args,
    check: ([w], _ctx, call) => {
      if (!isWindow((w as Expr).type)) throw unexpectedInputType(call, 0, T.struct, w as Expr);
    },
    returns: ([w]) => {
      const { type } = w as Expr;
      return type.kind === "struct" ? (type.fields[1]?.dataType ?? TIMESTAMP) : TIMESTAMP;
    },
    nullable: "always",
    lower: ([w]) => `(struct_extract(${w}, 'f1') - to_microseconds(1))`,
    usage: "window_time(window_column) - Returns the last moment of a window.",
    group: GROUP,
  }),
];
