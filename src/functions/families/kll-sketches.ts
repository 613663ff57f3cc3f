import type { DataType } from "../../types/data-type.ts";
import { array, BINARY, DOUBLE, INTEGER, LONG, STRING } from "../../types/data-type.ts";
import { castTo, implicitCast } from "../coercion.ts";
import { aggregate, opt, p, scalar } from "../define.ts";
import { duckType } from "../duck-type.ts";
import type { Call, Expr } from "../expr.ts";
import { isFoldable } from "../fold.ts";
import type { FunctionEntry, LowerContext } from "../function-entry.ts";
import type { InputType } from "../input-type.ts";
import { T } from "../input-type.ts";
import { nonFoldableInput, typeMismatch, unexpectedInputType } from "../type-error.ts";
import { knownOption } from "./set-sketches.ts";

const GROUP = "sketch_funcs";
const FLOAT: DataType = { kind: "float" };

interface Kind {
  readonly name: "bigint" | "double" | "float";
  readonly item: DataType;
  readonly input: InputType;
}
const KINDS: readonly Kind[] = [
  { name: "bigint", item: LONG, input: T.oneOf(T.byte, T.int, T.long, T.short) },
  { name: "double", item: DOUBLE, input: T.oneOf(T.of(FLOAT), T.double) },
  { name: "float", item: FLOAT, input: T.of(FLOAT) },
];

const sketchArg = (e: Expr, conf: Parameters<typeof castTo>[2]): Expr =>
  e.type.kind === "null" ? castTo(e, BINARY, conf) : e;

function checkSketch(call: Call, arg: Expr, index: number): void {
  if (arg.type.kind !== "binary") throw unexpectedInputType(call, index, T.binary, arg);
}

/** How exact the sketch is: a number that is known, from 8 to 65535. */
function checkK(name: string, call: Call, k: Expr | undefined): void {
  if (k === undefined) return;
  if (k.type.kind !== "integer") throw unexpectedInputType(call, 1, T.int, k);
  const value = knownOption(call, "k", k);
  if (typeof value === "number" && (value < 8 || value > 65535)) {
    const msg = `[KLL_SKETCH_K_OUT_OF_RANGE] For function \`${name}\`, the k parameter must be between 8 and 65535 (inclusive), but got ${value}. SQLSTATE: 22003`;
    throw typeMismatch("TYPE_CHECK_FAILURE_WITH_HINT", call, { msg, hint: "" });
  }
}

function collected(name: string, kind: Kind, isMerge: boolean, usage: string): FunctionEntry {
  return aggregate({
    name,
    params: [p("expr", T.any), opt("k", T.any)],
    coerce: ([x, ...k], ctx) => {
      const value = x as Expr;
      const none = value.type.kind === "null" && !isMerge ? castTo(value, kind.item, ctx.conf) : value;
      const known = k.map((e) => (e.type.kind === "null" ? castTo(e, INTEGER, ctx.conf) : e));
      return [isMerge ? sketchArg(value, ctx.conf) : none, ...known];
    },
    check: ([x, k], _ctx, call) => {
      const value = x as Expr;
      if (isMerge) checkSketch(call, value, 0);
      else if (!kind.input.accepts(value.type)) throw unexpectedInputType(call, 0, kind.input, value);
      checkK(name, call, k);
    },
    returns: BINARY,
    nullable: "never",
    lower: ([x, k], ctx) => {
      const values = ctx.agg("list", [isMerge ? `hex(${x})` : `${x}::VARCHAR`], {
        filter: `${x} IS NOT NULL`,
      });
      return `unhex(${ctx.kernel("kll", `'${name}'`, `coalesce(array_to_string(${values}, ','), '')`, "''", k === undefined ? "0" : `coalesce(${k}, 0)`)})`;
    },
    usage,
    group: GROUP,
  });
}

const run = (ctx: LowerContext, a: string, b = "''"): string =>
  ctx.kernel("kll", `'${ctx.call.fn}'`, `hex(${a})`, b, "0");

/** A question to a sketch about one number or an array of them, known before the query runs. */
function asked(name: string, param: string, kind: Kind, isQuantile: boolean, usage: string): FunctionEntry {
  const number = isQuantile ? DOUBLE : kind.item;
  const answer = isQuantile ? kind.item : DOUBLE;
  const input = T.oneOf(T.of(number), T.of(array(number)));
  return scalar({
    name,
    params: [p("sketch", T.any), p(param, T.any)],
    coerce: ([sketch, x], ctx) => {
      const value = x as Expr;
      const sketchBytes = implicitCast(sketch as Expr, T.binary, ctx.conf);
      // An array that may have NULLs is not cast.
      if (value.type.kind === "array" && value.type.containsNull) return [sketchBytes, value];
      const type = value.type.kind === "array" ? array(number, false) : number;
      return [sketchBytes, implicitCast(value, T.of(type), ctx.conf)];
    },
    check: ([sketch, x], _ctx, call) => {
      const value = x as Expr;
      checkSketch(call, sketch as Expr, 0);
      if (!input.accepts(value.type)) throw unexpectedInputType(call, 1, input, value);
      if (!isFoldable(value)) throw nonFoldableInput(call, param, T.of(value.type).sql, value);
    },
    returns: ([, x]) => ((x as Expr).type.kind === "array" ? array(answer, false) : answer),
    lower: ([sketch, x], ctx) => {
      // A NULL among the elements counts as a zero.
      const isList = (ctx.call.args[1] as Expr).type.kind === "array";
      const text = run(
        ctx,
        sketch as string,
        isList ? `array_to_string(list_transform(${x}, lambda e: coalesce(e, 0)), ';')` : `${x}::VARCHAR`,
      );
      return isList
        ? ctx.let(
            text,
            (t) =>
              `(CASE WHEN ${t} = '' THEN [] ELSE string_split(${t}, ';') END)::${duckType(ctx.call.type)}`,
          )
        : `(${text})::${duckType(answer)}`;
    },
    usage,
    group: GROUP,
  });
}

function simple(name: string, count: 1 | 2, returns: DataType, usage: string): FunctionEntry {
  const names = count === 1 ? ["sketch"] : ["left", "right"];
  return scalar({
    name,
    params: names.map((each) => p(each, T.any)),
    coerce: (args, ctx) => args.map((a) => implicitCast(a, T.binary, ctx.conf)),
    check: (args, _ctx, call) => {
      for (const [i, arg] of args.entries()) checkSketch(call, arg, i);
    },
    returns,
    lower: ([a, b], ctx) => {
      const text = run(ctx, a as string, b === undefined ? undefined : `hex(${b})`);
      if (returns.kind === "binary") return `unhex(${text})`;
      return returns.kind === "long" ? `(${text})::BIGINT` : text;
    },
    usage,
    group: GROUP,
  });
}

/** KLL sketches, which tell about quantiles and ranks. */
export const KLL_SKETCHES: readonly FunctionEntry[] = KINDS.flatMap((kind) => {
  const named = (what: string): string => `kll_${what}_${kind.name}`;
  return [
    collected(
      named("sketch_agg"),
      kind,
      false,
      `${named("sketch_agg")}(expr[, k]) - Returns a sketch of the values.`,
    ),
    collected(
      named("merge_agg"),
      kind,
      true,
      `${named("merge_agg")}(sketch[, k]) - Returns all sketches as one.`,
    ),
    asked(
      named("sketch_get_quantile"),
      "rank",
      kind,
      true,
      `${named("sketch_get_quantile")}(sketch, rank) - Returns about the value of that rank, 0 to 1.`,
    ),
    asked(
      named("sketch_get_rank"),
      "quantile",
      kind,
      false,
      `${named("sketch_get_rank")}(sketch, quantile) - Returns about the rank of a value.`,
    ),
    simple(
      named("sketch_get_n"),
      1,
      LONG,
      `${named("sketch_get_n")}(sketch) - Returns how many values the sketch has seen.`,
    ),
    simple(
      named("sketch_to_string"),
      1,
      STRING,
      `${named("sketch_to_string")}(sketch) - Returns a summary to read.`,
    ),
    simple(
      named("sketch_merge"),
      2,
      BINARY,
      `${named("sketch_merge")}(left, right) - Returns two sketches as one.`,
    ),
  ];
});
