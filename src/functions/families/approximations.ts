import { unsupported } from "../../errors/spark-error.ts";
import { array, BINARY, DOUBLE, LONG } from "../../types/data-type.ts";
import { castTo } from "../coercion.ts";
import { aggregate, opt, p } from "../define.ts";
import { duckType } from "../duck-type.ts";
import type { Call, Expr } from "../expr.ts";
import { evaluateLiteral, isFoldable } from "../fold.ts";
import type { BindContext, FunctionEntry } from "../function-entry.ts";
import { hashedText, hashSql } from "../hash-sql.ts";
import type { InputType } from "../input-type.ts";
import { T } from "../input-type.ts";
import { doubleText } from "../number-text.ts";
import {
  bindError,
  nonFoldableInput,
  typeMismatch,
  unexpectedInputType,
  unexpectedNull,
  valueOutOfRange,
} from "../type-error.ts";
import { holdsMap } from "./aggregates.ts";

const GROUP = "agg_funcs";
/** More registers than that are not worth it: the count is nearly exact. */
const MOST_BITS = 20;

/** How many bits of the hash choose the register for a relative standard deviation. */
function precisionOf(deviation: Expr | undefined, ctx: BindContext): number {
  const value = deviation === undefined ? 0.05 : evaluateLiteral(deviation);
  const isNumber =
    deviation === undefined || deviation.type.kind === "double" || deviation.type.kind === "decimal";
  if (!isNumber || value === undefined || value === null)
    throw bindError("_LEGACY_ERROR_TEMP_1104", {}, ctx.origin);
  const precision = Math.ceil((2 * Math.log(1.106 / Number(value))) / Math.log(2));
  if (!(precision >= 4))
    throw bindError("FAILED_FUNCTION_CALL", { funcName: "`approx_count_distinct`" }, ctx.origin);
  if (precision > MOST_BITS) throw unsupported("approx_count_distinct with so small a deviation");
  return precision;
}

const COUNTED: InputType = T.oneOf(T.integral, T.string, T.binary);

/** Sketches, estimates and unions. */
export const APPROXIMATIONS: readonly FunctionEntry[] = [
  aggregate({
    name: "approx_count_distinct",
    params: [p("expr", T.any), opt("relativeSD", T.any)],
    coerce: (args) => args,
    returns: LONG,
    nullable: "never",
    extra: ([, deviation], ctx) => ({ precision: precisionOf(deviation, ctx) }),
    pretty: ([x], call) => `approx_count_distinct(${call.distinct === true ? "DISTINCT " : ""}${x})`,
    lower: ([x], ctx) => {
      const { type } = ctx.call.args[0] as Expr;
      const precision = `${ctx.call.extra?.precision}`;
      if (type.kind === "null") return "0::BIGINT";
      const [kind, text] = hashedText(x as string, type) ?? [
        "hash",
        `(${hashSql(x as string, type, "42::BIGINT", "xxhash64", ctx)})::VARCHAR`,
      ];
      const cells = ctx.agg("list", [ctx.kernel("hll_cell", `'${kind}'`, text, precision)], {
        distinct: true,
        filter: `${x} IS NOT NULL`,
      });
      return `(${ctx.kernel("hll_estimate", `coalesce(array_to_string(${cells}, ','), '')`, precision)})::BIGINT`;
    },
    usage: "approx_count_distinct(expr[, relativeSD]) - Returns about how many distinct values there are.",
    group: GROUP,
  }),
  aggregate({
    name: "count_min_sketch",
    params: [p("col", COUNTED), p("eps", T.double), p("confidence", T.double), p("seed", T.any)],
    coerce: ([col, eps, confidence, seed], ctx) => [
      (col as Expr).type.kind === "null" ? castTo(col as Expr, LONG, ctx.conf) : (col as Expr),
      ...[eps, confidence].map((e) =>
        (e as Expr).type.kind === "null" ? castTo(e as Expr, DOUBLE, ctx.conf) : (e as Expr),
      ),
      seed as Expr,
    ],
    check: (args, _ctx, call: Call) => {
      for (const [i, name] of ["eps", "confidence", "seed"].entries()) {
        const e = args[i + 1] as Expr;
        const type = i < 2 ? T.double : T.oneOf(T.int, T.long);
        if (!type.accepts(e.type) && e.type.kind !== "null") throw unexpectedInputType(call, i + 1, type, e);
        if (!isFoldable(e)) throw nonFoldableInput(call, name, type.sql, e);
        const value = evaluateLiteral(e);
        if (value === null) throw unexpectedNull(call, name);
        const most = i === 0 ? Number.MAX_VALUE : 1;
        if (i < 2 && value !== undefined && !(Number(value) > 0 && Number(value) <= most)) {
          const range = i === 0 ? "(0.0, 1.7976931348623157E308]" : "(0.0, 1.0]";
          throw valueOutOfRange(call, name, range, `${doubleText(Number(value))}D`);
        }
      }
    },
    returns: BINARY,
    nullable: "never",
    lower: ([x, eps, confidence, seed], ctx) => {
      const { kind } = (ctx.call.args[0] as Expr).type;
      const isBytes = kind === "string" || kind === "binary";
      const text = !isBytes ? `${x}::VARCHAR` : kind === "string" ? `hex(encode(${x}))` : `hex(${x})`;
      const values = ctx.agg("list", [`'x' || ${text}`], { filter: `${x} IS NOT NULL` });
      const joined = `coalesce(array_to_string(${values}, ','), '')`;
      return `unhex(${ctx.kernel("count_min_sketch", joined, isBytes ? "1" : "0", eps as string, confidence as string, `(${seed})::VARCHAR`)})`;
    },
    usage:
      "count_min_sketch(col, eps, confidence, seed) - Returns a count-min sketch, which tells about how often values come.",
    group: GROUP,
  }),
  aggregate({
    name: "collect_union",
    params: [p("expr", T.any)],
    coerce: (args) => args,
    check: ([x], _ctx, call) => {
      const { type } = x as Expr;
      if (type.kind !== "array") throw unexpectedInputType(call, 0, T.array, x as Expr);
      if (!holdsMap(type)) return;
      throw typeMismatch("UNSUPPORTED_INPUT_TYPE", call, {
        functionName: "`collect_union`",
        dataType: '"MAP" or "COLLATED STRING"',
      });
    },
    returns: ([x]) => {
      const { type } = x as Expr;
      return type.kind === "array" ? array(type.elementType, false) : type;
    },
    nullable: "never",
    // A set has no order of its own; by value it is at least always the same.
    lower: ([x], ctx) =>
      `coalesce(list_sort(list_distinct(flatten(${ctx.agg("list", [x as string], { filter: `${x} IS NOT NULL` })}))), []::${duckType(ctx.call.type)})`,
    usage: "collect_union(expr) - Returns the distinct elements of all arrays.",
    group: GROUP,
  }),
  aggregate({
    name: "product",
    params: [p("expr", T.numeric)],
    coerce: ([x], ctx) => [castTo(x as Expr, DOUBLE, ctx.conf)],
    returns: DOUBLE,
    nullable: "always",
    lower: ([x], ctx) => ctx.agg("product", [x as string]),
    usage: "product(expr) - Returns the product of the values.",
    group: GROUP,
  }),
];
