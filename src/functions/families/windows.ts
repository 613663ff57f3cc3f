import { DOUBLE, INTEGER } from "../../types/data-type.ts";
import { toText } from "../cast/to-text.ts";
import { castTo, implicitCast } from "../coercion.ts";
import { lit, opt, p, windowFunction } from "../define.ts";
import { duckType } from "../duck-type.ts";
import type { Call, Expr } from "../expr.ts";
import { evaluateLiteral, isFoldable } from "../fold.ts";
import type { FunctionEntry } from "../function-entry.ts";
import { T } from "../input-type.ts";
import { nonFoldableInput, unexpectedInputType, valueOutOfRange, wrongNumArgs } from "../type-error.ts";

const ROWS = { needsOrder: true, frame: "rows-to-current" } as const;

function ranking(name: string, shownName: string, usage: string): FunctionEntry {
  return windowFunction({
    name,
    shownName,
    params: [],
    returns: INTEGER,
    nullable: "never",
    lower: (_, ctx) => `${ctx.agg(name, [])}::INTEGER`,
    windowOnly: ROWS,
    usage,
    group: "window_funcs",
  });
}

function neighbour(name: "lag" | "lead", usage: string): FunctionEntry {
  return {
    name,
    kind: "window",
    usage,
    group: "window_funcs",
    params: ["input", "offset?", "default?"],
    windowOnly: { needsOrder: true },
    bind: (args, ctx) => {
      if (args.length > 3) throw wrongNumArgs(name, "[0, 1, 2, 3]", args.length, ctx.origin);
      const input = args[0] ?? lit(null, { kind: "null" });
      const offset = args[1] ?? lit(1, INTEGER);
      const fallback = args[2] ?? lit(null, { kind: "null" });
      const call: Call = {
        kind: "Call",
        fn: name,
        args: [input, offset, fallback],
        type: input.type,
        nullable: true,
        ...(ctx.ignoreNulls ? { ignoreNulls: true } : {}),
        ...(ctx.origin === undefined ? {} : { origin: ctx.origin }),
      };
      if (offset.type.kind !== "integer") throw unexpectedInputType(call, 1, T.int, args[1] as Expr);
      const isTyped = fallback.type.kind === "null";
      const value = isTyped
        ? castTo(fallback, input.type, ctx.conf)
        : implicitCast(fallback, T.of(input.type), ctx.conf);
      if (!T.of(input.type).accepts(value.type))
        throw unexpectedInputType(call, 2, T.of(input.type), fallback);
      return { ...call, args: [input, offset, value], nullable: input.nullable || value.nullable };
    },
    lower: ([x, n, d], ctx) =>
      ctx.agg(name, [
        x as string,
        n as string,
        `${d}${ctx.call.ignoreNulls === true ? " IGNORE NULLS" : ""}`,
      ]),
    pretty: ([x, n, d]) => `${name}(${x}, ${n}, ${d})`,
  };
}

const nthValue: FunctionEntry = {
  name: "nth_value",
  kind: "window",
  windowOnly: { needsOrder: true },
  usage: "nth_value(input, offset) - Returns the value of the frame's row number offset.",
  group: "window_funcs",
  params: ["input", "offset", "ignoreNulls?"],
  bind: (args, ctx) => {
    if (args.length < 2 || args.length > 3)
      throw wrongNumArgs("nth_value", "[2, 3]", args.length, ctx.origin);
    const skips = args[2] === undefined ? false : evaluateLiteral(args[2]);
    const [input, offset] = [args[0] as Expr, implicitCast(args[1] as Expr, T.long, ctx.conf)];
    const call: Call = {
      kind: "Call",
      fn: "nth_value",
      args: [input, offset],
      type: input.type,
      nullable: true,
      ...(ctx.ignoreNulls || skips === true ? { ignoreNulls: true } : {}),
      ...(ctx.origin === undefined ? {} : { origin: ctx.origin }),
    };
    const flag = args[2];
    if (flag !== undefined && flag.type.kind !== "boolean")
      throw unexpectedInputType(call, 2, T.boolean, flag);
    if (flag !== undefined && typeof skips !== "boolean")
      throw nonFoldableInput(call, "ignoreNulls", '"BOOLEAN"', flag);
    if (offset.type.kind !== "long") throw unexpectedInputType(call, 1, T.long, args[1] as Expr);
    if (!isFoldable(offset)) throw nonFoldableInput(call, "offset", '"BIGINT"', offset);
    const value = evaluateLiteral(offset);
    if (value !== undefined && (value === null || Number(value) <= 0)) {
      throw valueOutOfRange(
        call,
        "offset",
        "(0, 9223372036854775807]",
        value === null ? "null" : `${value}L`,
      );
    }
    return call;
  },
  lower: ([x, n], ctx) =>
    ctx.agg("nth_value", [x as string, `${n}${ctx.call.ignoreNulls === true ? " IGNORE NULLS" : ""}`]),
  pretty: ([x, n], call) => `nth_value(${x}, ${n})${call.ignoreNulls === true ? " ignore nulls" : ""}`,
};

/** Functions of windows. */
export const WINDOWS: readonly FunctionEntry[] = [
  ranking("row_number", "row_number", "row_number() - Returns the row's number in its partition, from 1."),
  ranking("rank", "RANK", "rank() - Returns the row's rank, with gaps after equals."),
  ranking("dense_rank", "DENSE_RANK", "dense_rank() - Returns the row's rank, without gaps."),
  windowFunction({
    name: "percent_rank",
    shownName: "PERCENT_RANK",
    params: [],
    returns: DOUBLE,
    nullable: "never",
    lower: (_, ctx) => ctx.agg("percent_rank", []),
    windowOnly: ROWS,
    usage: "percent_rank() - Returns the row's rank between 0 and 1.",
    group: "window_funcs",
  }),
  windowFunction({
    name: "cume_dist",
    params: [],
    returns: DOUBLE,
    nullable: "never",
    lower: (_, ctx) => ctx.agg("cume_dist", []),
    windowOnly: { needsOrder: true, frame: "range-to-current" },
    usage: "cume_dist() - Returns which part of the partition is not after the row.",
    group: "window_funcs",
  }),
  windowFunction({
    name: "ntile",
    params: [opt("n", T.int, lit(1, INTEGER))],
    coerce: "expect",
    check: ([n], _ctx, call) => {
      const buckets = n as Expr;
      if (!isFoldable(buckets)) throw nonFoldableInput(call, "buckets", '"INT"', buckets);
      const value = evaluateLiteral(buckets);
      if (value !== undefined && (value === null || Number(value) <= 0)) {
        throw valueOutOfRange(call, "buckets", "(0, 2147483647]", `${value}`);
      }
    },
    returns: INTEGER,
    nullable: "never",
    lower: ([n], ctx) => `${ctx.agg("ntile", [n as string])}::INTEGER`,
    windowOnly: ROWS,
    usage: "ntile(n) - Returns the number of the row's part when the partition is cut into n parts.",
    group: "window_funcs",
  }),
  neighbour("lag", "lag(input[, offset[, default]]) - Returns the value of the row that many rows before."),
  neighbour("lead", "lead(input[, offset[, default]]) - Returns the value of the row that many rows after."),
  nthValue,
  windowFunction({
    name: "counter_diff",
    params: [p("value", T.any), opt("start_time", T.any)],
    coerce: (args) => args,
    check: ([x, start], _ctx, call) => {
      const value = x as Expr;
      if (!T.numeric.accepts(value.type)) throw unexpectedInputType(call, 0, T.numeric, value);
      if (start !== undefined && !T.anyTimestamp.accepts(start.type))
        throw unexpectedInputType(call, 1, T.oneOf(T.timestamp, T.timestampNtz), start);
    },
    returns: ([x]) => (x as Expr).type,
    nullable: "always",
    lower: ([x, start], ctx) => {
      const { type } = ctx.call;
      const before = (of: string): string => ctx.agg("lag", [of, "1", "NULL IGNORE NULLS"]);
      const last = before(x as string);
      const function_ = "'`counter_diff`'";
      const negative = ctx.raise("SparkRuntimeException", "COUNTER_DIFF_NEGATIVE_COUNTER_VALUE", {
        function: function_,
        value: toText(x as string, type, { ...ctx, mode: "ansi" }),
      });
      let reset = `${x} < ${last}`;
      let check = `WHEN ${x} < 0 THEN ${negative}`;
      if (start !== undefined) {
        const previous = before(`CASE WHEN ${x} IS NOT NULL THEN ${start} END`);
        const shown = (t: string): string =>
          toText(t, (ctx.call.args[1] as Expr).type, { ...ctx, mode: "ansi" });
        const failure = ctx.raise("SparkRuntimeException", "COUNTER_DIFF_START_TIME_DECREASED", {
          function: function_,
          previousStartTime: shown(previous),
          currentStartTime: shown(start),
        });
        check += ` WHEN ${start} < ${previous} THEN ${failure}`;
        reset += ` OR ${start} > ${previous}`;
      }
      return `(CASE WHEN ${x} IS NULL THEN NULL ${check} WHEN ${reset} THEN NULL ELSE ${x} - ${last} END)::${duckType(type)}`;
    },
    windowOnly: ROWS,
    usage:
      "counter_diff(value[, start_time]) - Returns by how much a counter grew since the row before; NULL where it began anew.",
    group: "window_funcs",
  }),
];
