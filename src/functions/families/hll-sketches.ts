import { sparkError } from "../../errors/spark-error.ts";
import { BINARY, BOOLEAN, INTEGER, LONG } from "../../types/data-type.ts";
import { aggregate, lit, opt, p, scalar } from "../define.ts";
import type { Expr } from "../expr.ts";
import { isFoldable } from "../fold.ts";
import type { FunctionEntry } from "../function-entry.ts";
import { T } from "../input-type.ts";
import { keyText } from "./set-sketches.ts";

const SKETCH = "sketch_funcs";
const ALLOW = opt("allowDifferentLgConfigK", T.boolean, lit(false, BOOLEAN));
const joined = (list: string): string => `coalesce(array_to_string(${list}, ','), '')`;

/** HyperLogLog sketches. */
export const HLL_SKETCHES: readonly FunctionEntry[] = [
  aggregate({
    name: "hll_sketch_agg",
    params: [
      p("expr", T.oneOf(T.int, T.long, T.string, T.binary)),
      opt("lgConfigK", T.int, lit(12, INTEGER)),
    ],
    coerce: "expect",
    check: ([, size]) => {
      if (isFoldable(size as Expr)) return;
      throw sparkError("SparkRuntimeException", {
        condition: "HLL_K_MUST_BE_CONSTANT",
        messageParameters: { function: "`hll_sketch_agg`" },
      });
    },
    returns: BINARY,
    nullable: "never",
    lower: ([x, size], ctx) => {
      const key = keyText(x as string, (ctx.call.args[0] as Expr).type);
      const keys = ctx.agg("list", [key], { filter: `${x} IS NOT NULL` });
      return `unhex(${ctx.kernel("hll", "'hll_sketch_agg'", joined(keys), `coalesce(${size}, 0)`)})`;
    },
    usage: "hll_sketch_agg(expr[, lgConfigK]) - Returns a HyperLogLog sketch of the values.",
    group: SKETCH,
  }),
  aggregate({
    name: "hll_union_agg",
    params: [p("expr", T.binary), ALLOW],
    coerce: "expect",
    returns: BINARY,
    nullable: "never",
    lower: ([x, allow], ctx) => {
      const sketches = ctx.agg("list", [`hex(${x})`], { filter: `${x} IS NOT NULL` });
      const mayDiffer = isFoldable(ctx.call.args[1] as Expr) ? allow : ctx.agg("bool_or", [allow as string]);
      return `unhex(${ctx.kernel("hll", "'hll_union_agg'", joined(sketches), `coalesce(${mayDiffer}, false)::INTEGER`)})`;
    },
    usage: "hll_union_agg(expr[, allowDifferentLgConfigK]) - Returns the union of HyperLogLog sketches.",
    group: SKETCH,
  }),
  scalar({
    name: "hll_union",
    params: [p("first", T.binary), p("second", T.binary), ALLOW],
    coerce: "expect",
    returns: BINARY,
    lower: ([a, b, allow], ctx) =>
      `unhex(${ctx.kernel("hll", "'hll_union'", `hex(${a}) || ',' || hex(${b})`, `(${allow})::INTEGER`)})`,
    usage:
      "hll_union(first, second[, allowDifferentLgConfigK]) - Returns the union of two HyperLogLog sketches.",
    group: SKETCH,
  }),
  scalar({
    name: "hll_sketch_estimate",
    params: [p("expr", T.binary)],
    coerce: "expect",
    returns: LONG,
    lower: ([x], ctx) => `(${ctx.kernel("hll", "'hll_sketch_estimate'", `hex(${x})`, "0")})::BIGINT`,
    usage:
      "hll_sketch_estimate(expr) - Returns about how many distinct values a HyperLogLog sketch has seen.",
    group: SKETCH,
  }),
];
