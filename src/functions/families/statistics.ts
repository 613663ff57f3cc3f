import type { DataType } from "../../types/data-type.ts";
import { DOUBLE, isIntegral, LONG } from "../../types/data-type.ts";
import { implicitCast } from "../coercion.ts";
import { aggregate, p } from "../define.ts";
import type { Expr } from "../expr.ts";
import type { FunctionEntry, LowerContext } from "../function-entry.ts";
import type { InputType } from "../input-type.ts";
import { T } from "../input-type.ts";
import { operatorCall } from "../operands.ts";
import { entryOf } from "../registry.ts";
import { unexpectedInputType, wrongNumArgs } from "../type-error.ts";

const moments = (name: string, aliases: readonly string[], duck: string, usage: string): FunctionEntry =>
  aggregate({
    name,
    ...(aliases.length === 0 ? {} : { aliases }),
    params: [p("expr", T.double)],
    returns: DOUBLE,
    nullable: "always",
    lower: ([x], ctx) =>
      finite(x as string, ctx.call.args[0] as Expr, ctx, (v) => ctx.agg(duck, [v]), !duck.endsWith("_pop")),
    usage,
    group: "agg_funcs",
  });

/** Whether a value cast to double is surely finite. */
function isSurelyFinite(e: Expr): boolean {
  return e.kind === "CastExpr" && (isIntegral(e.child.type) || e.child.type.kind === "decimal");
}

/** DuckDB refuses NaN and infinities in moments: the result is NaN then, but NULL for a sample of one. */
function finite(
  x: string,
  e: Expr,
  ctx: LowerContext,
  use: (v: string) => string,
  isSample: boolean,
): string {
  if (isSurelyFinite(e)) return use(x);
  const infinite = ctx.agg("count", [`CASE WHEN NOT isfinite(${x}) THEN 1 END`]);
  const some = isSample ? `CASE WHEN ${ctx.agg("count", [x])} > 1 THEN 'nan'::DOUBLE END` : "'nan'::DOUBLE";
  return `CASE WHEN ${infinite} > 0 THEN ${some} ELSE ${use(`CASE WHEN isfinite(${x}) THEN ${x} END`)} END`;
}

/** Moments of a higher order, of the values in their order: Spark's own steps, since the last digits show them. */
function shape(name: "skewness" | "kurtosis", usage: string): FunctionEntry {
  return aggregate({
    name,
    params: [p("expr", T.double)],
    returns: DOUBLE,
    nullable: "always",
    lower: ([x], ctx) => {
      const values = ctx.agg("list", [x as string], { filter: `${x} IS NOT NULL` });
      return ctx.kernel("shape", `'${name}'`, `array_to_string(${values}, ' ')`);
    },
    usage,
    group: "agg_funcs",
  });
}

interface PairSpec {
  readonly name: string;
  readonly returns?: DataType;
  readonly lower: (y: string, x: string, ctx: LowerContext) => string;
  /** Sums of squares and products, which DuckDB refuses for NaN. */
  readonly isMoment: boolean;
  readonly input?: InputType;
  readonly usage: string;
}

/** Statistics of pairs; rows with a NULL do not count. */
function ofPairs(spec: PairSpec): FunctionEntry {
  const isRegression = spec.name.startsWith("regr_");
  return aggregate({
    name: spec.name,
    params: [
      p(isRegression ? "y" : "expr1", spec.input ?? T.double),
      p(isRegression ? "x" : "expr2", spec.input ?? T.double),
    ],
    returns: spec.returns ?? DOUBLE,
    nullable: spec.returns === undefined ? "always" : "never",
    lower: ([y, x], ctx) => {
      const [a, b] = ctx.call.args as readonly [Expr, Expr];
      if (!spec.isMoment || (isSurelyFinite(a) && isSurelyFinite(b)))
        return spec.lower(y as string, x as string, ctx);
      const infinite = ctx.agg("count", [`CASE WHEN NOT isfinite(${y} + ${x}) THEN 1 END`]);
      const [v, w] = [`CASE WHEN isfinite(${y}) THEN ${y} END`, `CASE WHEN isfinite(${x}) THEN ${x} END`];
      return `CASE WHEN ${infinite} > 0 THEN 'nan'::DOUBLE ELSE ${spec.lower(v, w, ctx)} END`;
    },
    usage: spec.usage,
    group: "agg_funcs",
  });
}

/** The mean of one side over the rows in which both are there. */
function mean(name: string, side: 0 | 1, usage: string): FunctionEntry {
  return {
    name,
    kind: "aggregate",
    usage,
    group: "agg_funcs",
    params: ["y", "x"],
    bind: (args, ctx) => {
      if (args.length !== 2) throw wrongNumArgs(name, "2", args.length, ctx.origin);
      const cast = args.map((a) => implicitCast(a, T.numeric, ctx.conf));
      const bound = {
        ...operatorCall(name, cast, DOUBLE, ctx),
        name,
        nullable: true,
        ...(ctx.distinct ? { distinct: true } : {}),
      };
      for (const [i, a] of cast.entries()) {
        if (!T.numeric.accepts(a.type)) throw unexpectedInputType(bound, i, T.numeric, args[i] as Expr);
      }
      const average = entryOf("avg").bind([cast[side] as Expr], { ...ctx, name: "avg" });
      return { ...bound, type: average.type, extra: average.kind === "Call" ? (average.extra ?? {}) : {} };
    },
    lower: (args, ctx) => {
      const value = args[side] as string;
      const both = `CASE WHEN ${args[1 - side]} IS NOT NULL THEN ${value} END`;
      const call = { ...ctx.call, fn: "avg", args: [ctx.call.args[side] as Expr] };
      return entryOf("avg").lower?.([both], { ...ctx, call }) ?? both;
    },
  };
}

/** The sum of squared deviations of one side over the rows in which both are there. */
function squares(of: string, side: 0 | 1, other: string, ctx: LowerContext): string {
  const use = (v: string): string => ctx.agg("regr_sxx", [`CASE WHEN ${other} IS NOT NULL THEN 0 END`, v]);
  const both = `CASE WHEN ${other} IS NOT NULL THEN ${of} END`;
  return finite(both, ctx.call.args[side] as Expr, ctx, use, false);
}

/** A variance over the rows in which both are there. */
function variance(of: string, other: string, ctx: LowerContext): string {
  return ctx.agg("var_pop", [of], { filter: `${other} IS NOT NULL` });
}

/** How many pairs there are. */
function pairs(y: string, x: string, ctx: LowerContext): string {
  return ctx.agg("count", ["1"], { filter: `${y} IS NOT NULL AND ${x} IS NOT NULL` });
}

/** The sums of squared deviations, and of products of deviations, over the pairs. */
function square(of: string, other: string, ctx: LowerContext): string {
  return `(${variance(of, other, ctx)} * ${pairs(of, other, ctx)})`;
}
function product(y: string, x: string, ctx: LowerContext): string {
  return `(${ctx.agg("covar_pop", [y, x])} * ${pairs(y, x, ctx)})`;
}

/** Moments, correlation and linear regression. */
export const STATISTICS: readonly FunctionEntry[] = [
  moments(
    "stddev_samp",
    ["stddev", "std"],
    "stddev_samp",
    "stddev_samp(expr) - Returns the standard deviation of a sample.",
  ),
  moments("stddev_pop", [], "stddev_pop", "stddev_pop(expr) - Returns the standard deviation."),
  moments("var_samp", ["variance"], "var_samp", "var_samp(expr) - Returns the variance of a sample."),
  moments("var_pop", [], "var_pop", "var_pop(expr) - Returns the variance."),
  shape("skewness", "skewness(expr) - Returns how lopsided the values lie."),
  shape("kurtosis", "kurtosis(expr) - Returns how heavy the tails are."),
  ofPairs({
    name: "corr",
    isMoment: true,
    lower: (y, x, ctx) =>
      `CASE WHEN ${variance(y, x, ctx)} <> 0 AND ${variance(x, y, ctx)} <> 0 THEN ${product(y, x, ctx)} / sqrt(${square(y, x, ctx)} * ${square(x, y, ctx)}) END`,
    usage: "corr(expr1, expr2) - Returns Pearson's coefficient of correlation.",
  }),
  ofPairs({
    name: "covar_pop",
    isMoment: true,
    lower: (y, x, ctx) => ctx.agg("covar_pop", [y, x]),
    usage: "covar_pop(expr1, expr2) - Returns the covariance.",
  }),
  ofPairs({
    name: "covar_samp",
    isMoment: true,
    lower: (y, x, ctx) => ctx.agg("covar_samp", [y, x]),
    usage: "covar_samp(expr1, expr2) - Returns the covariance of a sample.",
  }),
  ofPairs({
    name: "regr_count",
    isMoment: false,
    input: T.numeric,
    returns: LONG,
    lower: (y, x, ctx) =>
      ctx.agg("count", [ctx.call.distinct === true ? `{'f0': ${y}, 'f1': ${x}}` : "1"], {
        filter: `${y} IS NOT NULL AND ${x} IS NOT NULL`,
      }),
    usage: "regr_count(y, x) - Returns how many pairs there are.",
  }),
  mean("regr_avgx", 1, "regr_avgx(y, x) - Returns the mean of x."),
  mean("regr_avgy", 0, "regr_avgy(y, x) - Returns the mean of y."),
  ofPairs({
    name: "regr_r2",
    isMoment: true,
    lower: (y, x, ctx) =>
      `CASE WHEN ${variance(x, y, ctx)} = 0 THEN NULL WHEN ${variance(y, x, ctx)} = 0 THEN 1.0::DOUBLE ELSE ${product(y, x, ctx)} * ${product(y, x, ctx)} / ${square(x, y, ctx)} / ${square(y, x, ctx)} END`,
    usage: "regr_r2(y, x) - Returns how well a line fits the pairs.",
  }),
  ofPairs({
    name: "regr_slope",
    isMoment: true,
    lower: (y, x, ctx) =>
      `CASE WHEN ${variance(x, y, ctx)} <> 0 THEN ${ctx.agg("covar_pop", [y, x])} / ${variance(x, y, ctx)} END`,
    usage: "regr_slope(y, x) - Returns the slope of the line of best fit.",
  }),
  ofPairs({
    name: "regr_intercept",
    isMoment: true,
    lower: (y, x, ctx) => {
      const filter = `${y} IS NOT NULL AND ${x} IS NOT NULL`;
      const slope = `(${ctx.agg("covar_pop", [y, x])} / ${variance(x, y, ctx)})`;
      return `CASE WHEN ${variance(x, y, ctx)} <> 0 THEN ${ctx.agg("avg", [y], { filter })} - ${slope} * ${ctx.agg("avg", [x], { filter })} END`;
    },
    usage: "regr_intercept(y, x) - Returns where the line of best fit crosses the y axis.",
  }),
  ofPairs({
    name: "regr_sxx",
    isMoment: false,
    lower: (y, x, ctx) => squares(x, 1, y, ctx),
    usage: "regr_sxx(y, x) - Returns the sum of squared deviations of x.",
  }),
  ofPairs({
    name: "regr_syy",
    isMoment: false,
    lower: (y, x, ctx) => squares(y, 0, x, ctx),
    usage: "regr_syy(y, x) - Returns the sum of squared deviations of y.",
  }),
  ofPairs({
    name: "regr_sxy",
    isMoment: true,
    lower: (y, x, ctx) => ctx.agg("regr_sxy", [y, x]),
    usage: "regr_sxy(y, x) - Returns the sum of products of deviations.",
  }),
];
