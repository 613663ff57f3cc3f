import type { DataType } from "../../types/data-type.ts";
import { DOUBLE, LONG } from "../../types/data-type.ts";
import { aggregate, p } from "../define.ts";
import type { FunctionEntry, LowerContext } from "../function-entry.ts";
import { T } from "../input-type.ts";

const moments = (name: string, aliases: readonly string[], duck: string, usage: string): FunctionEntry =>
  aggregate({
    name,
    ...(aliases.length === 0 ? {} : { aliases }),
    params: [p("expr", T.double)],
    returns: DOUBLE,
    nullable: "always",
    lower: ([x], ctx) => ctx.agg(duck, [x as string]),
    usage,
    group: "agg_funcs",
  });

/** Central moments of the values in a list: `l` is bound to it, `m` to its mean. */
function shape(
  name: "skewness" | "kurtosis",
  formula: (n: string, m2: string, mk: string) => string,
  power: 3 | 4,
  usage: string,
): FunctionEntry {
  return aggregate({
    name,
    params: [p("expr", T.double)],
    returns: DOUBLE,
    nullable: "always",
    lower: ([x], ctx) => {
      const [l, m, e, s] = [ctx.fresh("l"), ctx.fresh("m"), ctx.fresh("e"), ctx.fresh("s")];
      const values = ctx.agg("list", [x as string], { filter: `${x} IS NOT NULL` });
      const centred = (k: number): string =>
        `list_sum(list_transform(${l}, lambda ${e}: ${Array(k).fill(`(${e} - ${m})`).join(" * ")}))`;
      const value = `list_transform([${centred(2)}], lambda ${s}: CASE WHEN ${s} <> 0 THEN ${formula(`len(${l})`, s, centred(power))} END)[1]`;
      return `list_transform([${values}], lambda ${l}: list_transform([list_avg(${l})], lambda ${m}: ${value})[1])[1]`;
    },
    usage,
    group: "agg_funcs",
  });
}

interface PairSpec {
  readonly name: string;
  readonly returns?: DataType;
  readonly lower: (y: string, x: string, ctx: LowerContext) => string;
  readonly usage: string;
}

/** Statistics of pairs; rows with a NULL do not count. */
function ofPairs(spec: PairSpec): FunctionEntry {
  const isRegression = spec.name.startsWith("regr_");
  return aggregate({
    name: spec.name,
    params: [p(isRegression ? "y" : "expr1", T.double), p(isRegression ? "x" : "expr2", T.double)],
    returns: spec.returns ?? DOUBLE,
    nullable: spec.returns === undefined ? "always" : "never",
    lower: ([y, x], ctx) => spec.lower(y as string, x as string, ctx),
    usage: spec.usage,
    group: "agg_funcs",
  });
}

/** A variance over the rows in which both are there. */
function variance(of: string, other: string, ctx: LowerContext): string {
  return ctx.agg("var_pop", [of], { filter: `${other} IS NOT NULL` });
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
  shape(
    "skewness",
    (n, m2, m3) => `sqrt(${n}) * ${m3} / sqrt(${m2} * ${m2} * ${m2})`,
    3,
    "skewness(expr) - Returns how lopsided the values lie.",
  ),
  shape(
    "kurtosis",
    (n, m2, m4) => `${n} * ${m4} / (${m2} * ${m2}) - 3.0::DOUBLE`,
    4,
    "kurtosis(expr) - Returns how heavy the tails are.",
  ),
  ofPairs({
    name: "corr",
    lower: (y, x, ctx) =>
      `CASE WHEN ${variance(y, x, ctx)} <> 0 AND ${variance(x, y, ctx)} <> 0 THEN ${ctx.agg("corr", [y, x])} END`,
    usage: "corr(expr1, expr2) - Returns Pearson's coefficient of correlation.",
  }),
  ofPairs({
    name: "covar_pop",
    lower: (y, x, ctx) => ctx.agg("covar_pop", [y, x]),
    usage: "covar_pop(expr1, expr2) - Returns the covariance.",
  }),
  ofPairs({
    name: "covar_samp",
    lower: (y, x, ctx) => ctx.agg("covar_samp", [y, x]),
    usage: "covar_samp(expr1, expr2) - Returns the covariance of a sample.",
  }),
  ofPairs({
    name: "regr_count",
    returns: LONG,
    lower: (y, x, ctx) => ctx.agg("count", ["1"], { filter: `${y} IS NOT NULL AND ${x} IS NOT NULL` }),
    usage: "regr_count(y, x) - Returns how many pairs there are.",
  }),
  ofPairs({
    name: "regr_avgx",
    lower: (y, x, ctx) => ctx.agg("avg", [x], { filter: `${y} IS NOT NULL AND ${x} IS NOT NULL` }),
    usage: "regr_avgx(y, x) - Returns the mean of x.",
  }),
  ofPairs({
    name: "regr_avgy",
    lower: (y, x, ctx) => ctx.agg("avg", [y], { filter: `${y} IS NOT NULL AND ${x} IS NOT NULL` }),
    usage: "regr_avgy(y, x) - Returns the mean of y.",
  }),
  ofPairs({
    name: "regr_r2",
    lower: (y, x, ctx) =>
      `CASE WHEN ${variance(x, y, ctx)} = 0 THEN NULL WHEN ${variance(y, x, ctx)} = 0 THEN 1.0::DOUBLE ELSE ${ctx.agg("corr", [y, x])} * ${ctx.agg("corr", [y, x])} END`,
    usage: "regr_r2(y, x) - Returns how well a line fits the pairs.",
  }),
  ofPairs({
    name: "regr_slope",
    lower: (y, x, ctx) =>
      `CASE WHEN ${variance(x, y, ctx)} <> 0 THEN ${ctx.agg("covar_pop", [y, x])} / ${variance(x, y, ctx)} END`,
    usage: "regr_slope(y, x) - Returns the slope of the line of best fit.",
  }),
  ofPairs({
    name: "regr_intercept",
    lower: (y, x, ctx) => {
      const filter = `${y} IS NOT NULL AND ${x} IS NOT NULL`;
      const slope = `(${ctx.agg("covar_pop", [y, x])} / ${variance(x, y, ctx)})`;
      return `CASE WHEN ${variance(x, y, ctx)} <> 0 THEN ${ctx.agg("avg", [y], { filter })} - ${slope} * ${ctx.agg("avg", [x], { filter })} END`;
    },
    usage: "regr_intercept(y, x) - Returns where the line of best fit crosses the y axis.",
  }),
  ofPairs({
    name: "regr_sxx",
    lower: (y, x, ctx) => ctx.agg("regr_sxx", [y, x]),
    usage: "regr_sxx(y, x) - Returns the sum of squared deviations of x.",
  }),
  ofPairs({
    name: "regr_syy",
    lower: (y, x, ctx) => ctx.agg("regr_syy", [y, x]),
    usage: "regr_syy(y, x) - Returns the sum of squared deviations of y.",
  }),
  ofPairs({
    name: "regr_sxy",
    lower: (y, x, ctx) => ctx.agg("regr_sxy", [y, x]),
    usage: "regr_sxy(y, x) - Returns the sum of products of deviations.",
  }),
];
