import { unsupported } from "../../errors/spark-error.ts";
import type { DataType } from "../../types/data-type.ts";
import { DOUBLE, isIntegral, LONG, STRING } from "../../types/data-type.ts";
import { castTo, implicitCast, isUpCast } from "../coercion.ts";
import { call, lit, opt, p, scalar } from "../define.ts";
import type { Call, Expr } from "../expr.ts";
import { evaluateLiteral, isFoldable } from "../fold.ts";
import type { BindContext, FunctionEntry, LowerContext } from "../function-entry.ts";
import { T } from "../input-type.ts";
import { bindError, quotedExpr, typeMismatch, valueOutOfRange } from "../type-error.ts";

const GROUP = "misc_funcs";
let calls = 0;

/** A number of its own for each call that is lowered, since each has a generator of its own. */
export function nextRandomCall(): number {
  calls += 1;
  return calls;
}

/**
 * Names the generator that a call draws from: its seed, or its seed and the row's partition, which the planner puts
 * behind the arguments where rows have one (the kernel takes the last 64 bits of the sum).
 */
export function randomKey(args: readonly string[], ctx: LowerContext): string {
  const { seed, isPlaced } = ctx.call.extra ?? {};
  const call = nextRandomCall();
  return isPlaced === true ? `concat((${seed})::HUGEINT + ${args.at(-1)}, '/${call}')` : `'${seed}/${call}'`;
}

/** What a seed stands for: NULL is 0. One that takes more than a literal to know is refused, not guessed. */
export function knownSeed(seed: Expr): string {
  const value = evaluateLiteral(seed);
  if (value === undefined) throw unsupported("a computed seed");
  return String(value ?? 0);
}

function mustFold(call: Call, arg: Expr | undefined, inputName: string, inputType: string): void {
  if (arg === undefined || isFoldable(arg)) return;
  throw typeMismatch("NON_FOLDABLE_INPUT", call, {
    inputName: `\`${inputName}\``,
    inputType,
    inputExpr: quotedExpr(arg),
  });
}

const seedOf = ([seed]: readonly Expr[], ctx: BindContext): string =>
  `${seed === undefined ? ctx.nextSeed() : knownSeed(seed)}`;

function uniformType(a: DataType, b: DataType): DataType {
  if (isIntegral(a) && isIntegral(b)) return isUpCast(a, b) ? b : a;
  for (const kind of ["double", "float"]) {
    const found = [a, b].find((t) => t.kind === kind);
    if (found !== undefined) return found;
  }
  return b.kind === "decimal" ? b : a;
}

/** Random texts and numbers, by Spark's generator of a partition. */
export const RANDOM: readonly FunctionEntry[] = [
  scalar({
    name: "randstr",
    params: [p("length", T.int), opt("seed", T.oneOf(T.int, T.long))],
    coerce: ([length, ...seed], ctx) => [
      implicitCast(length as Expr, T.int, ctx.conf),
      ...seed.map((s) => (s.type.kind === "null" ? castTo(s, LONG, ctx.conf) : s)),
    ],
    check: ([length, seed], _ctx, call) => {
      mustFold(call, length, "length", "integer");
      mustFold(call, seed, "seed", "integer");
      const value = evaluateLiteral(length as Expr);
      if (value !== undefined && Number(value) < 0)
        throw valueOutOfRange(call, "`length`", "[0, 2147483647]", `${value}`);
    },
    returns: STRING,
    nullable: "never",
    isNondeterministic: true,
    extra: ([, ...seed], ctx) => ({ seed: seedOf(seed, ctx) }),
    lower: ([length, ...rest], ctx) =>
      ctx.kernel("randstr", randomKey(rest, ctx), `coalesce(${length}, 0)`, "random()"),
    usage: "randstr(length[, seed]) - Returns a text of random digits and letters.",
    group: "string_funcs",
  }),
  scalar({
    name: "uniform",
    params: [p("min", T.numeric), p("max", T.numeric), opt("seed", T.oneOf(T.int, T.long))],
    coerce: (args, ctx) =>
      args.map((a, i) => (a.type.kind === "null" ? castTo(a, i < 2 ? DOUBLE : LONG, ctx.conf) : a)),
    check: (args, _ctx, call) => {
      for (const [i, name] of ["min", "max", "seed"].entries())
        mustFold(call, args[i], name, "integer or floating-point");
    },
    returns: DOUBLE,
    rewrite: ([min, max, seed], ctx) => {
      const [low, high] = [min as Expr, max as Expr];
      const type = uniformType(low.type, high.type);
      const isNull = [low, high].some((e) => evaluateLiteral(e) === null);
      if (isNull) return { ...lit(null, type), nullable: false };
      const wide = (e: Expr): Expr => castTo(e, DOUBLE, ctx.conf);
      const of = (fn: string, a: Expr, b: Expr): Expr => call(fn, [a, b], DOUBLE, { nullable: false, ctx });
      const random = call("rand", [], DOUBLE, {
        nullable: false,
        extra: { seed: seedOf(seed === undefined ? [] : [seed], ctx) },
      });
      const value = of("+", wide(low), of("*", of("-", wide(high), wide(low)), random));
      return { ...castTo(value, type, ctx.conf, { mode: "ansi" }), nullable: false };
    },
    isNondeterministic: true,
    usage: "uniform(min, max[, seed]) - Returns a random number from min to max.",
    group: "math_funcs",
  }),
  scalar({
    name: "uuid",
    params: [opt("seed", T.any)],
    coerce: (args) => args,
    check: ([seed], ctx) => {
      const isLong = seed === undefined || ["null", "integer", "long"].includes(seed.type.kind);
      if (seed !== undefined && (!isLong || seed.kind !== "Lit")) {
        throw bindError(
          "INVALID_PARAMETER_VALUE.LONG",
          { functionName: "`UUID`", parameter: "`seed`", invalidValue: quotedExpr(seed) },
          ctx.origin,
        );
      }
    },
    returns: STRING,
    nullable: "never",
    isNondeterministic: true,
    extra: ([seed]) =>
      seed === undefined || evaluateLiteral(seed) === null ? {} : { seed: `${evaluateLiteral(seed)}` },
    lower: (args, ctx) =>
      ctx.call.extra?.seed === undefined
        ? "uuid()::VARCHAR"
        : ctx.kernel("seeded_uuid", randomKey(args, ctx), "random()"),
    pretty: () => "uuid()",
    usage: "uuid([seed]) - Returns a random UUID.",
    group: GROUP,
  }),
];
