import type { DataType } from "../../types/data-type.ts";
import { array } from "../../types/data-type.ts";
import { aggregate, lit, opt, p, scalar } from "../define.ts";
import { nullOfType } from "../duck-type.ts";
import type { Expr } from "../expr.ts";
import type { FunctionEntry, LowerContext } from "../function-entry.ts";
import { T } from "../input-type.ts";
import { unexpectedInputType } from "../type-error.ts";

const FLOAT: DataType = { kind: "float" };
const VECTOR = array(FLOAT);
const [VECTOR_INPUT, FLOAT_INPUT] = [T.of(VECTOR), T.of(FLOAT)];
const GROUP = "vector_funcs";

/** Nothing is cast: other numbers, and even untyped NULLs, are refused. */
const EXACT = {
  coerce: (args: readonly Expr[]) => args,
  check: (args: readonly Expr[], _ctx: unknown, call: Expr) => {
    for (const [i, arg] of args.entries()) {
      const isDegree = i === 1 && (call as { readonly fn?: string }).fn?.startsWith("vector_norm") === true;
      const type = isDegree ? FLOAT_INPUT : VECTOR_INPUT;
      if (!type.accepts(arg.type)) throw unexpectedInputType(call, i, type, arg);
    }
  },
} as const;

/** A vector as text for a kernel; NULL when it, or anything in it, is NULL. */
function vectorText(x: string, ctx: LowerContext): string {
  return ctx.let(x, (v) => `CASE WHEN list_count(${v}) = len(${v}) THEN array_to_string(${v}, ',') END`);
}

function parsed(text: string): string {
  return `CASE WHEN ${text} = '' THEN [] ELSE string_split(${text}, ',') END::FLOAT[]`;
}

function pair(name: string, usage: string): FunctionEntry {
  return scalar({
    name,
    params: [p("array1", T.any), p("array2", T.any)],
    ...EXACT,
    returns: FLOAT,
    nullable: "always",
    lower: ([a, b], ctx) =>
      `(${ctx.kernel("vector_pair", `'${name}'`, vectorText(a as string, ctx), vectorText(b as string, ctx))})::FLOAT`,
    usage: `${name}(array1, array2) - ${usage}`,
    group: GROUP,
  });
}

function normed(name: "vector_norm" | "vector_normalize", usage: string): FunctionEntry {
  const isNorm = name === "vector_norm";
  return scalar({
    name,
    params: [p("vector", T.any), opt("degree", T.any, lit(2, FLOAT))],
    ...EXACT,
    returns: isNorm ? FLOAT : VECTOR,
    nullable: "always",
    lower: ([v, degree], ctx) => {
      const text = ctx.kernel(name, vectorText(v as string, ctx), `(${degree})::DOUBLE`);
      return isNorm ? `(${text})::FLOAT` : ctx.let(text, parsed);
    },
    usage: `${name}(vector[, degree]) - ${usage}`,
    group: GROUP,
  });
}

function total(name: "vector_sum" | "vector_avg", usage: string): FunctionEntry {
  return aggregate({
    name,
    params: [p("array", T.any)],
    ...EXACT,
    returns: array(FLOAT, false),
    nullable: "always",
    lower: ([x], ctx) => {
      const rows = ctx.agg("list", [`array_to_string(${x}, ',')`], {
        filter: `len(${x}) = list_count(${x})`,
      });
      const [all, text] = [ctx.fresh("a"), ctx.fresh("t")];
      const sum = ctx.kernel("vector_total", `'${name}'`, `array_to_string(${all}, ';')`);
      return `list_transform([${rows}], lambda ${all}: CASE WHEN len(${all}) > 0 THEN list_transform([${sum}], lambda ${text}: ${parsed(text)})[1] ELSE ${nullOfType(VECTOR)} END)[1]`;
    },
    usage: `${name}(array) - ${usage}`,
    group: GROUP,
  });
}

/** Vectors: arrays of floats. */
export const VECTORS: readonly FunctionEntry[] = [
  pair("vector_cosine_similarity", "Returns the cosine of the angle between two vectors."),
  pair("vector_inner_product", "Returns the inner product of two vectors."),
  pair("vector_l2_distance", "Returns the Euclidean distance of two vectors."),
  normed("vector_norm", "Returns the vector's norm: of degree 1, 2 or infinity."),
  normed("vector_normalize", "Returns the vector divided by its norm."),
  total("vector_sum", "Returns the sums of the vectors' elements, one by one."),
  total("vector_avg", "Returns the averages of the vectors' elements, one by one."),
];
