import { unsupported } from "../../errors/spark-error.ts";
import type { LiteralValue } from "../../plan/expression.ts";
import type { DataType } from "../../types/data-type.ts";
import {
  array,
  DAY_TIME_INTERVAL,
  DOUBLE,
  LONG,
  STRING,
  YEAR_MONTH_INTERVAL,
} from "../../types/data-type.ts";
import { quotedSqlType } from "../../types/format.ts";
import { castTo, implicitCast } from "../coercion.ts";
import { aggregate, lit, opt, p } from "../define.ts";
import { duckType } from "../duck-type.ts";
import type { Call, Expr, SortExpr } from "../expr.ts";
import { evaluateLiteral, isFoldable } from "../fold.ts";
import type { BindContext, FunctionEntry, LowerContext } from "../function-entry.ts";
import type { InputType } from "../input-type.ts";
import { T } from "../input-type.ts";
import { doubleText } from "../number-text.ts";
import { prettyExpr } from "../pretty.ts";
import {
  bindError,
  nonFoldableInput,
  quotedExpr,
  quotedName,
  typeMismatch,
  unexpectedInputType,
  unexpectedNull,
  valueOutOfRange,
  wrongNumArgs,
} from "../type-error.ts";

const ORDERED: InputType = {
  ...T.oneOf(T.numeric, T.dayTimeInterval, T.yearMonthInterval),
  sql: '(("NUMERIC" or "INTERVAL DAY TO SECOND" or "INTERVAL YEAR TO MONTH") or "TIME")',
};
const PERCENTAGE = T.oneOf(T.double, T.of(array(DOUBLE, false)));

function toOrdered(e: Expr, ctx: BindContext): Expr {
  return e.type.kind === "string" || e.type.kind === "null" ? castTo(e, DOUBLE, ctx.conf) : e;
}

function resultOf(t: DataType): DataType {
  if (t.kind === "year_month_interval") return YEAR_MONTH_INTERVAL;
  return t.kind === "day_time_interval" ? DAY_TIME_INTERVAL : DOUBLE;
}

/** The percentages of a call: checked to be known, not NULL and between 0 and 1. */
function percentagesOf(e: Expr, call: Call): readonly number[] {
  if (!isFoldable(e))
    throw nonFoldableInput(call, "percentage", e.type.kind === "array" ? '"ARRAY<DOUBLE>"' : '"DOUBLE"', e);
  const values = literalNumbers(e);
  if (values?.includes(undefined) !== false && values !== null)
    throw unsupported("percentages that are computed");
  if (values === null || values.includes(null)) throw unexpectedNull(call, "percentage");
  const numbers = values.map(Number);
  for (const v of numbers) {
    if (v < 0 || v > 1 || Number.isNaN(v))
      throw valueOutOfRange(
        call,
        "percentage",
        "[0.0, 1.0]",
        numbers.length === 1 && e.type.kind !== "array"
          ? `${doubleText(v)}D`
          : numbers.map((n) => `${doubleText(n)}D`).join(","),
      );
  }
  return numbers;
}

function literalNumbers(e: Expr): readonly (LiteralValue | undefined)[] | null | undefined {
  if (e.kind === "CastExpr") return literalNumbers(e.child);
  if (e.kind === "Call" && e.fn === "array") return e.args.map((a) => evaluateLiteral(a));
  const value = evaluateLiteral(e);
  if (value === undefined) return undefined;
  if (value === null) return null;
  if (Array.isArray(value)) return value as readonly LiteralValue[];
  return [value];
}

function castPercentage(e: Expr, ctx: BindContext): Expr {
  if (e.type.kind === "array") return castTo(e, array(DOUBLE, false), ctx.conf);
  return implicitCast(e, T.double, ctx.conf);
}

/** A list of constants. */
function constants(values: readonly number[]): string {
  return `[${values.map((v) => `${v.toExponential()}::DOUBLE`).join(", ")}]`;
}

function quantiles(
  fn: "quantile_cont" | "quantile_disc",
  x: string,
  ctx: LowerContext,
  values: readonly number[],
  isList: boolean,
): string {
  return ctx.agg(fn, [x, isList ? constants(values) : `${(values[0] as number).toExponential()}::DOUBLE`], {
    orderBy: [],
  });
}

/** A result in the unit of what was ordered. */
function back(sql: string, type: DataType, isList: boolean, ctx: LowerContext): string {
  if (type.kind === "double") return sql;
  // Intervals are cut, as Spark's interpolation in whole numbers.
  const one = (v: string): string => `round(${v})::${duckType(type)}`;
  if (!isList) return one(sql);
  const e = ctx.fresh("e");
  return `list_transform(${sql}, lambda ${e}: ${one(e)})`;
}

const percentile: FunctionEntry = aggregate({
  name: "percentile",
  params: [p("col", ORDERED), p("percentage", PERCENTAGE), opt("frequency", T.integral, lit(1, LONG))],
  coerce: ([x, q, f], ctx) => [
    toOrdered(x as Expr, ctx),
    castPercentage(q as Expr, ctx),
    implicitCast(f as Expr, T.integral, ctx.conf),
  ],
  check: ([, q], _ctx, call) => {
    percentagesOf(q as Expr, call);
  },
  returns: ([x, q]) => {
    const one = resultOf((x as Expr).type);
    return (q as Expr).type.kind === "array" ? array(one, false) : one;
  },
  nullable: "always",
  lower: ([x, , frequency], ctx) => {
    const [value, q, f] = ctx.call.args as readonly [Expr, Expr, Expr];
    const isList = q.type.kind === "array";
    const values = percentagesOf(q, ctx.call);
    const type = resultOf(value.type);
    const isOnce = f.kind === "Lit" && Number(f.value) === 1;
    if (isOnce)
      return back(quantiles("quantile_cont", `${x}::DOUBLE`, ctx, values, isList), type, isList, ctx);
    const negative = ctx.raise("IllegalArgumentException", "NEGATIVE_VALUES_IN_FREQUENCY_EXPRESSION", {
      frequencyExpression: `'"${"frequency"}"'`,
      negativeValue: `${frequency}::VARCHAR || 'L'`,
    });
    const copies = `CASE WHEN ${frequency} < 0 THEN ${negative} ELSE list_resize([]::DOUBLE[], ${frequency}::INTEGER, ${x}::DOUBLE) END`;
    const all = `flatten(${ctx.agg("list", [copies], { filter: `${x} IS NOT NULL AND ${frequency} IS NOT NULL` })})`;
    const result = `list_aggregate(${all}, 'quantile_cont', ${isList ? constants(values) : `${(values[0] as number).toExponential()}::DOUBLE`})`;
    return back(result, type, isList, ctx);
  },
  usage: "percentile(col, percentage[, frequency]) - Returns the exact percentile, interpolated.",
  group: "agg_funcs",
});

const median: FunctionEntry = aggregate({
  name: "median",
  params: [p("col", ORDERED)],
  coerce: ([x], ctx) => [toOrdered(x as Expr, ctx)],
  returns: ([x]) => resultOf((x as Expr).type),
  nullable: "always",
  lower: ([x], ctx) =>
    back(ctx.agg("quantile_cont", [`${x}::DOUBLE`, "0.5::DOUBLE"]), ctx.call.type, false, ctx),
  usage: "median(col) - Returns the median, interpolated.",
  group: "agg_funcs",
});

function withinGroup(name: "percentile_cont" | "percentile_disc", usage: string): FunctionEntry {
  return {
    name,
    kind: "aggregate",
    isUnorderedInWindows: true,
    usage,
    group: "agg_funcs",
    params: ["percentage"],
    bind: (args, ctx) => {
      if (args.length !== 1) throw wrongNumArgs(name, "1", args.length, ctx.origin);
      const funcName = `\`${name}\``;
      if (ctx.withinGroup.length === 0)
        throw bindError("INVALID_WITHIN_GROUP_EXPRESSION.WITHIN_GROUP_MISSING", { funcName }, ctx.origin);
      if (ctx.distinct)
        throw bindError("INVALID_WITHIN_GROUP_EXPRESSION.DISTINCT_UNSUPPORTED", { funcName }, ctx.origin);
      if (ctx.withinGroup.length > 1) {
        throw bindError(
          "INVALID_WITHIN_GROUP_EXPRESSION.WRONG_NUM_ORDERINGS",
          { funcName, expectedNum: "1", actualNum: `${ctx.withinGroup.length}` },
          ctx.origin,
        );
      }
      const order = ctx.withinGroup[0] as SortExpr;
      const child = toOrdered(order.child, ctx);
      const percentage = castPercentage(args[0] as Expr, ctx);
      const type = resultOf(child.type);
      const call: Call = {
        kind: "Call",
        fn: name,
        args: [child, percentage],
        type: percentage.type.kind === "array" ? array(type, false) : type,
        nullable: true,
        extra: { descending: order.direction === "descending" },
        ...(ctx.origin === undefined ? {} : { origin: ctx.origin }),
      };
      const { extra: _extra, ...plain } = call;
      if (!ORDERED.accepts(child.type)) throw unexpectedInputType(plain, 0, ORDERED, order.child);
      percentagesOf(percentage, plain);
      return call;
    },
    lower: ([x], ctx) => {
      const [value, q] = ctx.call.args as readonly [Expr, Expr];
      const isList = q.type.kind === "array";
      const type = resultOf(value.type);
      const isDescending = ctx.call.extra?.descending === true;
      const values = percentagesOf(q, ctx.call);
      if (name === "percentile_cont") {
        const ascending = values.map((v) => (isDescending ? 1 - v : v));
        return back(quantiles("quantile_cont", `${x}::DOUBLE`, ctx, ascending, isList), type, isList, ctx);
      }
      const result = isDescending
        ? negatedQuantiles(x as string, ctx, values, isList)
        : quantiles("quantile_disc", `${x}::DOUBLE`, ctx, values, isList);
      return back(result, type, isList, ctx);
    },
    pretty: ([x, q], call) =>
      call.extra === undefined
        ? `${name}(${x}, ${q})`
        : `${name}(${q}) WITHIN GROUP (ORDER BY ${x}${call.extra?.descending === true ? " DESC" : ""})`,
  };
}

/** The discrete quantile from above: that of the values with their sign turned. */
function negatedQuantiles(x: string, ctx: LowerContext, values: readonly number[], isList: boolean): string {
  const result = quantiles("quantile_disc", `(-(${x}::DOUBLE))`, ctx, values, isList);
  if (!isList) return `(-(${result}))`;
  const e = ctx.fresh("e");
  return `list_transform(${result}, lambda ${e}: -(${e}))`;
}

const APPROXIMATED: InputType = T.oneOf(
  T.numeric,
  T.date,
  T.timestamp,
  T.timestampNtz,
  T.yearMonthInterval,
  T.dayTimeInterval,
);

function approximate(name: "percentile_approx" | "approx_percentile"): FunctionEntry {
  return aggregate({
    name,
    params: [
      p("col", APPROXIMATED),
      p("percentage", PERCENTAGE),
      opt("accuracy", T.integral, lit(10000, { kind: "integer" })),
    ],
    coerce: ([x, q, a], ctx) => [
      toOrdered(x as Expr, ctx),
      castPercentage(q as Expr, ctx),
      implicitCast(a as Expr, T.integral, ctx.conf),
    ],
    check: ([, q, a], _ctx, call) => {
      const accuracy = a as Expr;
      if (!isFoldable(q as Expr)) percentagesOf(q as Expr, call);
      if (!isFoldable(accuracy)) throw nonFoldableInput(call, "accuracy", '"INTEGRAL"', accuracy);
      const value = evaluateLiteral(accuracy);
      if (value === null) throw unexpectedNull(call, "accuracy");
      if (value !== undefined && (Number(value) <= 0 || Number(value) > 2147483647)) {
        throw valueOutOfRange(call, "accuracy", "(0, 2147483647]", `${value}L`);
      }
      percentagesOf(q as Expr, call);
    },
    returns: ([x, q]) =>
      (q as Expr).type.kind === "array" ? array((x as Expr).type, false) : (x as Expr).type,
    nullable: "always",
    lower: ([x], ctx) => {
      const q = ctx.call.args[1] as Expr;
      return quantiles(
        "quantile_disc",
        x as string,
        ctx,
        percentagesOf(q, ctx.call),
        q.type.kind === "array",
      );
    },
    usage: `${name}(col, percentage[, accuracy]) - Returns the value at the percentage of the ordered values.`,
    group: "agg_funcs",
  });
}

const mode: FunctionEntry = {
  name: "mode",
  kind: "aggregate",
  usage: "mode(col[, deterministic]), mode() WITHIN GROUP (ORDER BY col) - Returns the most frequent value.",
  group: "agg_funcs",
  params: ["col?", "deterministic?"],
  bind: (args, ctx) => {
    const order = ctx.withinGroup[0];
    const funcName = "`mode`";
    if (order === undefined && args.length === 0) {
      throw bindError("INVALID_WITHIN_GROUP_EXPRESSION.WITHIN_GROUP_MISSING", { funcName }, ctx.origin);
    }
    if (ctx.distinct)
      throw bindError("INVALID_WITHIN_GROUP_EXPRESSION.DISTINCT_UNSUPPORTED", { funcName }, ctx.origin);
    if (args.length > 2) throw wrongNumArgs("mode", "0", args.length, ctx.origin);
    if (order !== undefined && args.length > 0) {
      const actualNum = `${ctx.withinGroup.length}`;
      throw bindError(
        "INVALID_WITHIN_GROUP_EXPRESSION.WRONG_NUM_ORDERINGS",
        { funcName, expectedNum: "0", actualNum },
        ctx.origin,
      );
    }
    const child = order === undefined ? (args[0] as Expr) : order.child;
    const flag = order === undefined ? args[1] : undefined;
    const isDeterministic = flag !== undefined && evaluateLiteral(flag) === true;
    const tie =
      order === undefined
        ? isDeterministic
          ? "least"
          : "none"
        : order.direction === "descending"
          ? "greatest"
          : "least";
    const call: Call = {
      kind: "Call",
      fn: "mode",
      args: [child],
      type: child.type,
      nullable: true,
      extra: { tie },
      ...(ctx.origin === undefined ? {} : { origin: ctx.origin }),
    };
    if (flag !== undefined && flag.type.kind !== "boolean")
      throw unexpectedInputType({ ...call, shown: args }, 1, T.boolean, flag);
    if (flag !== undefined && !isFoldable(flag))
      throw nonFoldableInput({ ...call, shown: args }, "deterministic", '"BOOLEAN"', flag);
    if (child.type.kind === "map") {
      throw typeMismatch("UNSUPPORTED_INPUT_TYPE", call, { functionName: "`mode`", dataType: '"MAP"' });
    }
    return call;
  },
  lower: ([x], ctx) => {
    const { tie } = ctx.call.extra as { readonly tie: string };
    if (tie === "none") return ctx.agg("mode", [x as string]);
    // Of the most frequent values the least or greatest: counted in a histogram.
    const [h, e, f, c] = [ctx.fresh("h"), ctx.fresh("e"), ctx.fresh("f"), ctx.fresh("c")];
    const histogram = ctx.agg("histogram", [x as string]);
    const most = `list_max(map_values(${h}))`;
    const keys = `list_transform(list_filter(map_entries(${h}), lambda ${e}: struct_extract(${e}, 'value') = ${c}), lambda ${f}: struct_extract(${f}, 'key'))`;
    return `list_transform([${histogram}], lambda ${h}: list_transform([${most}], lambda ${c}: list_${tie === "least" ? "min" : "max"}(${keys}))[1])[1]`;
  },
  pretty: ([x], call) => {
    const { tie } = (call.extra ?? {}) as { readonly tie?: string };
    if (call.extra === undefined || tie === "none") return `mode(${x})`;
    return `mode() WITHIN GROUP (ORDER BY ${x}${tie === "least" ? " DESC" : ""})`;
  },
};

const listagg: FunctionEntry = {
  name: "listagg",
  aliases: ["string_agg"],
  kind: "aggregate",
  usage: "listagg(expr[, delimiter]) [WITHIN GROUP (ORDER BY ...)] - Returns the values as one text.",
  group: "agg_funcs",
  params: ["expr", "delimiter?"],
  bind: (args, ctx) => {
    const name = ctx.name.toLowerCase();
    if (args.length < 1 || args.length > 2) throw wrongNumArgs(name, "[1, 2]", args.length, ctx.origin);
    const input = T.oneOf(T.string, T.binary);
    const [x, d] = [implicitCast(args[0] as Expr, input, ctx.conf), args[1] ?? lit(null, { kind: "null" })];
    const delimiter = d.type.kind === "null" ? castTo(d, x.type, ctx.conf) : implicitCast(d, input, ctx.conf);
    const call: Call = {
      kind: "Call",
      fn: "listagg",
      name,
      args: [x, delimiter],
      type: x.type.kind === "binary" ? x.type : STRING,
      nullable: true,
      ...(ctx.distinct ? { distinct: true } : {}),
      ...(ctx.withinGroup.length === 0 ? {} : { withinGroup: ctx.withinGroup }),
      ...(ctx.origin === undefined ? {} : { origin: ctx.origin }),
    };
    if (!input.accepts(x.type)) throw unexpectedInputType(call, 0, input, args[0] as Expr);
    if (delimiter.type.kind !== x.type.kind && (x.type.kind === "binary" || delimiter.type.kind === "binary"))
      throw typeMismatch("DATA_DIFF_TYPES", call, {
        functionName: quotedName(name),
        dataType: `(${quotedSqlType(x.type)} or ${quotedSqlType(delimiter.type)})`,
      });
    if (!isFoldable(delimiter))
      throw nonFoldableInput(
        call,
        "delimiter",
        x.type.kind === "binary" ? '"BINARY"' : '"STRING"',
        delimiter,
      );
    if (!ctx.distinct || ctx.withinGroup.length === 0) return call;
    // Equal texts must be equal keys: what orders them is the argument, cast or not.
    const [key] = ctx.withinGroup as readonly [SortExpr];
    const bare = (e: Expr): Expr => (e.kind === "CastExpr" ? bare(e.child) : e);
    const written = args[0] as Expr;
    const isSame = (e: Expr) => prettyExpr(bare(e)) === prettyExpr(bare(written));
    if (ctx.withinGroup.length > 1 || !isSame(key.child)) {
      throw bindError(
        "INVALID_WITHIN_GROUP_EXPRESSION.MISMATCH_WITH_DISTINCT_INPUT",
        {
          funcName: quotedName(name),
          funcArg: quotedExpr(written),
          orderingExpr: ctx.withinGroup.map((o) => quotedExpr(o.child)).join(", "),
        },
        ctx.origin,
      );
    }
    const from = key.child.type;
    if (from.kind !== x.type.kind && ["float", "double", "timestamp"].includes(from.kind)) {
      throw bindError(
        "INVALID_WITHIN_GROUP_EXPRESSION.MISMATCH_WITH_DISTINCT_INPUT_UNSAFE_CAST",
        {
          funcName: quotedName(name),
          inputType: quotedSqlType(from),
          castType: quotedSqlType(x.type),
        },
        ctx.origin,
      );
    }
    return { ...call, args: [x, delimiter, key.child], shown: [x, delimiter] };
  },
  lower: ([x, d, key], ctx) => {
    const isBinary = ctx.call.type.kind === "binary";
    const delimiter = `coalesce(${d}, ${isBinary ? "''::BLOB" : "''"})`;
    const orderedBy = ctx.call.withinGroup?.[0];
    if (key !== undefined && orderedBy !== undefined) {
      // What is ordered must be what is kept once: keys with their texts.
      const text = isBinary ? `hex(${x})` : x;
      const pair = `{'k': ${key}, 'v': ${text}}`;
      const order = `${pair} ${orderedBy.direction === "ascending" ? "ASC" : "DESC"}`;
      const list = ctx.agg("list", [pair], { distinct: true, orderBy: [order], filter: `${x} IS NOT NULL` });
      const e = ctx.fresh("e");
      const by = isBinary ? `hex(${delimiter})` : delimiter;
      const joined = `array_to_string(list_transform(${list}, lambda ${e}: ${e}.v), ${by})`;
      return isBinary ? `unhex(${joined})` : joined;
    }
    if (isBinary) {
      const joined = `list_reduce(${ctx.agg("list", [`hex(${x})`], { filter: `${x} IS NOT NULL` })}, lambda a, b: a || hex(${delimiter}) || b)`;
      return `unhex(${joined})`;
    }
    return ctx.agg("string_agg", [x as string, delimiter]);
  },
};

/** Percentiles, the mode and joined texts. */
export const PERCENTILES: readonly FunctionEntry[] = [
  percentile,
  { ...median, isUnorderedInWindows: true },
  withinGroup(
    "percentile_cont",
    "percentile_cont(percentage) WITHIN GROUP (ORDER BY col) - Returns the percentile, interpolated.",
  ),
  withinGroup(
    "percentile_disc",
    "percentile_disc(percentage) WITHIN GROUP (ORDER BY col) - Returns the value at the percentile.",
  ),
  approximate("percentile_approx"),
  approximate("approx_percentile"),
  mode,
  listagg,
];
