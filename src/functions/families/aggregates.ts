import type { DataType, DecimalType } from "../../types/data-type.ts";
import {
  array,
  BOOLEAN,
  DAY_TIME_INTERVAL,
  DOUBLE,
  isIntegral,
  LONG,
  YEAR_MONTH_INTERVAL,
} from "../../types/data-type.ts";
import { type ArithmeticMode, decimalArithmetic, lowBits } from "../arithmetic-sql.ts";
import { decimalOutOfRange } from "../cast/cast-sql.ts";
import { castTo } from "../coercion.ts";
import { boundedDecimal } from "../decimal-type.ts";
import { aggregate, p, rest } from "../define.ts";
import { duckType } from "../duck-type.ts";
import type { Expr } from "../expr.ts";
import { evaluateLiteral } from "../fold.ts";
import type { BindContext, FunctionEntry, LowerContext } from "../function-entry.ts";
import type { InputType } from "../input-type.ts";
import { T } from "../input-type.ts";
import { orderKey } from "../order-key.ts";
import { bindError, quotedName, typeMismatch, wrongNumArgs } from "../type-error.ts";
import { invalidOrdering, isOrderable } from "./comparison.ts";

/** What sums and averages take; strings and untyped NULLs count as doubles. */
const SUMMABLE: InputType = {
  ...T.oneOf(T.numeric, T.yearMonthInterval, T.dayTimeInterval),
  sql: '"NUMERIC" or "ANSI INTERVAL"',
};

function toSummable(args: readonly Expr[], ctx: BindContext): readonly Expr[] {
  return args.map((a) =>
    a.type.kind === "string" || a.type.kind === "null" ? castTo(a, DOUBLE, ctx.conf) : a,
  );
}

function modeOf(name: string, ctx: Pick<BindContext, "conf">): ArithmeticMode {
  return name.startsWith("try_") ? "try" : ctx.conf.ansiEnabled ? "ansi" : "legacy";
}

function sumType(t: DataType): DataType {
  if (t.kind === "decimal") return boundedDecimal(t.precision + 10, t.scale);
  if (isIntegral(t)) return LONG;
  return t.kind === "year_month_interval" || t.kind === "day_time_interval" ? t : DOUBLE;
}

function sum(name: string, usage: string): FunctionEntry {
  return aggregate({
    name,
    params: [p("expr", SUMMABLE)],
    coerce: toSummable,
    returns: ([x]) => sumType((x as Expr).type),
    nullable: "always",
    extra: (_, ctx) => ({ mode: modeOf(name, ctx) }),
    lower: ([x], ctx) => lowerSum(x as string, ctx),
    usage,
    group: "agg_funcs",
  });
}

function lowerSum(x: string, ctx: LowerContext): string {
  const from = (ctx.call.args[0] as Expr).type;
  const mode = ctx.call.extra?.mode as ArithmeticMode;
  if (from.kind === "float") return ctx.agg("sum", [`${x}::DOUBLE`]);
  if (from.kind === "double") return ctx.agg("sum", [x]);
  if (from.kind === "decimal") {
    const type = sumType(from) as DecimalType;
    const total = ctx.agg("sum", [x]);
    if (type.precision - from.precision >= 10) return `${total}::${duckType(type)}`;
    return wideDecimalSum(x, type, mode, ctx);
  }
  const total = ctx.agg("sum", [x]);
  if (from.kind === "year_month_interval" || from.kind === "day_time_interval") {
    const type = duckType(from);
    if (mode === "try") return `TRY_CAST(${total} AS ${type})`;
    const overflow = ctx.raise("ArithmeticException", "INTERVAL_ARITHMETIC_OVERFLOW.WITH_SUGGESTION", {
      functionName: "'`try_add`'",
    });
    const s = ctx.fresh("s");
    return `list_transform([${total}], lambda ${s}: coalesce(TRY_CAST(${s} AS ${type}), CASE WHEN ${s} IS NOT NULL THEN ${overflow} END))[1]`;
  }
  if (mode === "try") return `TRY_CAST(${total} AS BIGINT)`;
  if (mode === "legacy") {
    const s = ctx.fresh("s");
    return `list_transform([${total}], lambda ${s}: ${lowBits(s)})[1]`;
  }
  // Out of range DuckDB raises, see native-error.ts.
  return `${total}::BIGINT`;
}

/** Sums that may have more than 38 digits, where DuckDB gives up: the upper and lower digits are summed apart. */
function wideDecimalSum(x: string, type: DecimalType, mode: ArithmeticMode, ctx: LowerContext): string {
  const distinct = ctx.call.distinct === true;
  // Values of up to 28 digits cannot overflow together, so only longer ones are taken apart.
  const limit = `${type.scale <= 28 ? `1${"0".repeat(28 - type.scale)}` : `0.${"0".repeat(type.scale - 29)}1`}::${duckType(type)}`;
  const digits = type.scale === 0 ? `(${x})::HUGEINT` : `replace(${x}::VARCHAR, '.', '')::HUGEINT`;
  const part = (operator: string): string =>
    `coalesce(${ctx.agg("sum", [`CASE WHEN abs(${x}) >= ${limit} THEN ${digits} ${operator} ${HALF} END`])}, 0)::VARCHAR`;
  const small = `coalesce(${ctx.agg("sum", [`CASE WHEN abs(${x}) < ${limit} THEN ${x} END`])}, 0)::${duckType(type)}::VARCHAR`;
  const scale = `${type.scale}`;
  const total = distinct
    ? ctx.kernel(
        "decimal_total",
        `array_to_string(${ctx.agg("list", [`${x}::VARCHAR`])}, ' ')`,
        "''",
        "'0'",
        scale,
      )
    : `CASE WHEN ${ctx.agg("count", [x])} > 0 THEN ${ctx.kernel("decimal_total", part("//"), part("%"), small, scale)} END`;
  const attempt = (s: string): string => `TRY_CAST(${s} AS ${duckType(type)})`;
  if (mode !== "ansi") return attempt(total);
  const s = ctx.fresh("s");
  const failure = decimalOutOfRange(ctx, s, type.precision, type.scale);
  return `list_transform([${total}], lambda ${s}: coalesce(${attempt(s)}, CASE WHEN ${s} IS NOT NULL THEN ${failure} END))[1]`;
}

/** Half of the digits of the longest decimal. */
const HALF = "10000000000000000000::HUGEINT";

function average(name: string, aliases: readonly string[], usage: string): FunctionEntry {
  return aggregate({
    name,
    aliases,
    params: [p("expr", SUMMABLE)],
    coerce: toSummable,
    returns: ([x]) => {
      const t = (x as Expr).type;
      if (t.kind === "decimal") return boundedDecimal(t.precision + 4, t.scale + 4);
      if (t.kind === "year_month_interval") return YEAR_MONTH_INTERVAL;
      return t.kind === "day_time_interval" ? DAY_TIME_INTERVAL : DOUBLE;
    },
    nullable: "always",
    extra: (_, ctx) => ({ mode: modeOf(name, ctx) }),
    lower: ([x], ctx) => lowerAverage(x as string, ctx),
    usage,
    group: "agg_funcs",
  });
}

function lowerAverage(x: string, ctx: LowerContext): string {
  const from = (ctx.call.args[0] as Expr).type;
  if (from.kind === "double") return ctx.agg("avg", [x]);
  const [s, n] = [ctx.fresh("s"), ctx.fresh("n")];
  const bound = (total: string, use: string): string =>
    `list_transform([{'s': ${total}, 'n': ${ctx.agg("count", [x])}}], lambda ${s}_p: list_transform([${s}_p.s], lambda ${s}: list_transform([${s}_p.n], lambda ${n}: ${use})[1])[1])[1]`;
  if (from.kind === "decimal") {
    const result = ctx.call.type as DecimalType;
    const type: DecimalType = {
      kind: "decimal",
      precision: Math.min(from.precision + 10, 38),
      scale: from.scale,
    };
    // Enough room to divide digits as whole numbers: sums of up to 38 digits with four more.
    if (from.precision + 10 + 4 + from.scale <= 38 && result.scale === from.scale + 4) {
      const digits = `(${s}::DECIMAL(38,${from.scale}) * 1${"0".repeat(from.scale)}::DECIMAL(${from.scale + 1},0))::HUGEINT * 10000`;
      const quotient = `((abs(${digits}) + ${n} // 2) // ${n})`;
      const signed = `(${quotient} * CASE WHEN ${s} < 0 THEN -1 ELSE 1 END)`;
      const value = `(${signed}::DECIMAL(38,0) * 0.${"0".repeat(result.scale - 1)}1::DECIMAL(${result.scale},${result.scale}))::${duckType(result)}`;
      return bound(`${ctx.agg("sum", [x])}`, `CASE WHEN ${n} > 0 THEN ${value} END`);
    }
    const mode = ctx.call.extra?.mode as ArithmeticMode;
    const value = decimalArithmetic(
      "/",
      `${s}::${duckType(type)}`,
      `${n}::DECIMAL(20,0)`,
      type,
      { kind: "decimal", precision: 20, scale: 0 },
      result,
      mode,
      ctx,
    );
    return bound(`${ctx.agg("sum", [x])}`, `CASE WHEN ${n} > 0 THEN ${value} END`);
  }
  if (from.kind === "year_month_interval" || from.kind === "day_time_interval") {
    const quotient = `((abs(${s}) + ${n} // 2) // ${n}) * CASE WHEN ${s} < 0 THEN -1 ELSE 1 END`;
    return bound(ctx.agg("sum", [x]), `CASE WHEN ${n} > 0 THEN (${quotient})::${duckType(from)} END`);
  }
  return ctx.agg("avg", [`${x}::DOUBLE`]);
}

function countEntry(): FunctionEntry {
  return aggregate({
    name: "count",
    params: [rest("expr", T.any)],
    coerce: (args) => args,
    check: (args, ctx) => {
      if (args.length > 0) return;
      throw bindError(
        "WRONG_NUM_ARGS.WITH_SUGGESTION",
        {
          functionName: "`count`",
          expectedNum: " >= 1",
          actualNum: "0",
          legacyNum: "0",
          legacyConfKey: '"spark.sql.legacy.allowParameterlessCount"',
          legacyConfValue: '"true"',
        },
        ctx.origin,
      );
    },
    returns: LONG,
    nullable: "never",
    lower: (args, ctx) => {
      if (args.length === 1) return ctx.agg("count", [args[0] as string]);
      const nullable = args.filter((_, i) => (ctx.call.args[i] as Expr).nullable);
      const filter = nullable.map((a) => `${a} IS NOT NULL`).join(" AND ");
      const options = filter === "" ? {} : { filter: `(${filter})` };
      if (ctx.call.distinct !== true) return ctx.agg("count", ["1"], options);
      return ctx.agg("count", [`{${args.map((a, i) => `'f${i}': ${a}`).join(", ")}}`], options);
    },
    usage: "count(*), count(expr, ...) - Returns how many rows there are, or rows in which no expr is NULL.",
    group: "agg_funcs",
  });
}

function extreme(name: "min" | "max", usage: string): FunctionEntry {
  return aggregate({
    name,
    params: [p("expr", T.any)],
    coerce: (args) => args,
    check: ([x], _ctx, call) => {
      if (!isOrderable((x as Expr).type)) throw invalidOrdering(call, name, (x as Expr).type);
    },
    returns: ([x]) => (x as Expr).type,
    nullable: "always",
    lower: ([x], ctx) => {
      const key = orderKey(x as string, (ctx.call.args[0] as Expr).type, ctx);
      // Values whose order differs from DuckDB's are found by their key.
      return key === x ? ctx.agg(name, [x as string]) : ctx.agg(`arg_${name}`, [x as string, key]);
    },
    usage,
    group: "agg_funcs",
  });
}

/** Whether a call ignores NULLs, by its own argument or by IGNORE NULLS. */
function ignoresNulls(name: string, args: readonly Expr[], ctx: BindContext): boolean {
  const flag = args[1];
  if (flag === undefined) return ctx.ignoreNulls;
  const value = evaluateLiteral(flag);
  if (typeof value !== "boolean") throw bindError("_LEGACY_ERROR_TEMP_1210", { funcName: name }, ctx.origin);
  return value || ctx.ignoreNulls;
}

function endValue(
  name: string,
  aliases: readonly string[],
  duck: "first" | "last",
  usage: string,
): FunctionEntry {
  return {
    name,
    ...(aliases.length === 0 ? {} : { aliases }),
    kind: "aggregate",
    usage,
    group: "agg_funcs",
    params: ["expr", "isIgnoreNull?"],
    bind: (args, ctx) => {
      if (args.length < 1 || args.length > 2)
        throw wrongNumArgs(ctx.name.toLowerCase(), "[1, 2]", args.length, ctx.origin);
      const [x] = args as readonly [Expr];
      const ignoreNulls = ignoresNulls(name, args, ctx);
      return {
        kind: "Call",
        fn: name,
        name,
        args: [x],
        type: x.type,
        nullable: true,
        ...(ctx.distinct ? { distinct: true } : {}),
        ...(ignoreNulls ? { ignoreNulls: true } : {}),
        ...(ctx.ignoreNulls ? { extra: { bySyntax: true } } : {}),
        ...(ctx.origin === undefined ? {} : { origin: ctx.origin }),
      };
    },
    lower: ([x], ctx) =>
      ctx.agg(duck, [x as string], { distinct: false, ignoreNulls: ctx.call.ignoreNulls === true }),
    // IGNORE NULLS makes Spark forget the alias.
    pretty: ([x], call) => {
      const shown = call.extra?.bySyntax === true ? name.replace("_value", "") : name;
      return `${name === "any_value" ? name : shown}(${call.distinct === true ? "DISTINCT " : ""}${x})`;
    },
  };
}

function collect(
  name: "collect_list" | "collect_set",
  plainAliases: readonly string[],
  usage: string,
): FunctionEntry {
  return aggregate({
    name,
    plainAliases,
    params: [p("expr", T.any)],
    coerce: (args) => args,
    check: ([x], _ctx, call) => {
      if (name === "collect_list" || !holdsMap((x as Expr).type)) return;
      throw typeMismatch("UNSUPPORTED_INPUT_TYPE", call, {
        functionName: quotedName(name),
        dataType: '"MAP" or "COLLATED STRING"',
      });
    },
    returns: ([x]) => array((x as Expr).type, false),
    nullable: "never",
    lower: ([x], ctx) => {
      const empty = `[]::${duckType(ctx.call.type)}`;
      const options = (ctx.call.args[0] as Expr).nullable ? { filter: `${x} IS NOT NULL` } : {};
      if (name === "collect_list") return `coalesce(${ctx.agg("list", [x as string], options)}, ${empty})`;
      // A set has no order of its own; by value it is at least always the same.
      return `coalesce(list_sort(${ctx.agg("list", [x as string], { ...options, distinct: true })}), ${empty})`;
    },
    usage,
    group: "agg_funcs",
  });
}

export function holdsMap(t: DataType): boolean {
  if (t.kind === "map") return true;
  if (t.kind === "array") return holdsMap(t.elementType);
  return t.kind === "struct" && t.fields.some((f) => holdsMap(f.dataType));
}

function booleanAggregate(name: string, aliases: readonly string[], usage: string): FunctionEntry {
  return aggregate({
    name,
    aliases,
    params: [p("expr", T.boolean)],
    returns: BOOLEAN,
    nullable: "always",
    lower: ([x], ctx) => ctx.agg(name, [x as string]),
    usage,
    group: "agg_funcs",
  });
}

function bitAggregate(name: string, usage: string): FunctionEntry {
  return aggregate({
    name,
    params: [p("expr", T.integral)],
    coerce: "expect",
    returns: ([x]) => (x as Expr).type,
    nullable: "always",
    lower: ([x], ctx) => ctx.agg(name, [x as string]),
    usage,
    group: "agg_funcs",
  });
}

function extremeBy(name: "max_by" | "min_by", usage: string): FunctionEntry {
  const duck = name === "max_by" ? "arg_max" : "arg_min";
  return {
    name,
    kind: "aggregate",
    usage,
    group: "agg_funcs",
    params: ["x", "y", "k?"],
    bind: (args, ctx) => {
      if (args.length < 2 || args.length > 3) throw wrongNumArgs(name, "[2, 3]", args.length, ctx.origin);
      const [x, y, k] = args as readonly [Expr, Expr, Expr?];
      const call = {
        kind: "Call" as const,
        fn: name,
        args: k === undefined ? [x, y] : [x, y, castTo(k, { kind: "integer" }, ctx.conf)],
        type: k === undefined ? x.type : array(x.type, x.nullable),
        nullable: true,
        ...(ctx.distinct ? { distinct: true } : {}),
        ...(ctx.origin === undefined ? {} : { origin: ctx.origin }),
      };
      if (!isOrderable(y.type)) throw invalidOrdering(call, name, y.type);
      return call;
    },
    lower: ([x, y, k], ctx) => {
      const key = orderKey(y as string, (ctx.call.args[1] as Expr).type, ctx);
      return k === undefined
        ? ctx.agg(`${duck}_null`, [x as string, latest(key, name === "max_by", ctx)], {
            filter: `${key} IS NOT NULL`,
          })
        : firstBy(x as string, key, k, name === "max_by", ctx);
    },
  };
}

/** A key of which the latest row's is the greatest (or least) among equal ones, as Spark keeps the last. */
function latest(key: string, isMax: boolean, ctx: LowerContext): string {
  const row = ctx.kernel("row_counter", `(${key} IS NULL)::INTEGER`);
  return `{'k': ${key}, 'n': ${isMax ? row : `-(${row})`}}`;
}

/** The k values with the greatest or least keys; equal keys in the order of the rows. */
function firstBy(x: string, key: string, k: string, isMax: boolean, ctx: LowerContext): string {
  const [l, e, i, s] = [ctx.fresh("l"), ctx.fresh("e"), ctx.fresh("i"), ctx.fresh("s")];
  const pairs = ctx.agg("list", [`{'k': ${key}, 'x': ${x}}`], { filter: `${key} IS NOT NULL` });
  const order = isMax ? "-" : "";
  const numbered = `list_transform(${l}, lambda ${e}, ${i}: {'k': ${e}.k, 'n': ${order}${i}, 'x': ${e}.x})`;
  const sorted = `list_sort(${numbered}, '${isMax ? "DESC" : "ASC"}')`;
  return `list_transform([${pairs}], lambda ${l}: list_transform(list_slice(${sorted}, 1, ${k}), lambda ${s}: ${s}.x))[1]`;
}

/** The common aggregates. */
export const AGGREGATES: readonly FunctionEntry[] = [
  countEntry(),
  sum("sum", "sum(expr) - Returns the sum of the values."),
  sum("try_sum", "try_sum(expr) - Returns the sum of the values, or NULL on overflow."),
  average("avg", ["mean"], "avg(expr) - Returns the mean of the values."),
  average("try_avg", [], "try_avg(expr) - Returns the mean of the values, or NULL on overflow."),
  extreme("min", "min(expr) - Returns the least value."),
  extreme("max", "max(expr) - Returns the greatest value."),
  endValue("first", [], "first", "first(expr[, isIgnoreNull]) - Returns the first value."),
  endValue("first_value", [], "first", "first_value(expr[, isIgnoreNull]) - Returns the first value."),
  endValue("last", [], "last", "last(expr[, isIgnoreNull]) - Returns the last value."),
  endValue("last_value", [], "last", "last_value(expr[, isIgnoreNull]) - Returns the last value."),
  endValue("any_value", [], "first", "any_value(expr[, isIgnoreNull]) - Returns some value."),
  collect(
    "collect_list",
    ["array_agg"],
    "collect_list(expr) - Returns the values that are not NULL as an array.",
  ),
  collect(
    "collect_set",
    [],
    "collect_set(expr) - Returns the distinct values that are not NULL as an array.",
  ),
  booleanAggregate("bool_and", ["every"], "bool_and(expr) - Returns true if all values are true."),
  booleanAggregate("bool_or", ["some", "any"], "bool_or(expr) - Returns true if a value is true."),
  bitAggregate("bit_and", "bit_and(expr) - Returns the bits set in all values."),
  bitAggregate("bit_or", "bit_or(expr) - Returns the bits set in any value."),
  bitAggregate("bit_xor", "bit_xor(expr) - Returns the bits set in an odd number of values."),
  extremeBy("max_by", "max_by(x, y[, k]) - Returns the value of x where y is greatest."),
  extremeBy("min_by", "min_by(x, y[, k]) - Returns the value of x where y is least."),
  aggregate({
    name: "count_if",
    params: [p("expr", T.boolean)],
    returns: LONG,
    nullable: "never",
    lower: ([x], ctx) =>
      ctx.agg("count", [`CASE WHEN ${x} THEN 1 END`], { distinct: ctx.call.distinct === true }),
    usage: "count_if(expr) - Returns in how many rows the condition is true.",
    group: "agg_funcs",
  }),
  {
    name: "grouping",
    kind: "aggregate",
    usage: "grouping(col) - Returns 1 if the column is left out in a row's grouping set, else 0.",
    group: "agg_funcs",
    params: ["col"],
    bind: (args, ctx) => {
      if (args.length !== 1) throw wrongNumArgs("grouping", "1", args.length, ctx.origin);
      return {
        kind: "Call",
        fn: "grouping",
        args,
        type: { kind: "byte" },
        nullable: false,
        ...(ctx.origin === undefined ? {} : { origin: ctx.origin }),
      };
    },
    lower: ([x]) => `grouping(${x})::TINYINT`,
  },
  {
    name: "grouping_id",
    kind: "aggregate",
    usage: "grouping_id([col, ...]) - Returns the grouping set as a number, one bit a column.",
    group: "agg_funcs",
    bind: (args, ctx) => ({
      kind: "Call",
      fn: "grouping_id",
      args,
      type: LONG,
      nullable: false,
      ...(ctx.origin === undefined ? {} : { origin: ctx.origin }),
    }),
    lower: (args, ctx) => `grouping_id(${args.join(", ")})::${duckType(ctx.call.type)}`,
  },
];
