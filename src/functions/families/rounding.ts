import {
  type DataType,
  DOUBLE,
  decimal,
  INTEGER,
  isFractional,
  isIntegral,
  LONG,
} from "../../types/data-type.ts";
import { castTo, implicitCast } from "../coercion.ts";
import { decimalFor } from "../decimal-type.ts";
import { lit, opt, p, scalar } from "../define.ts";
import type { Expr } from "../expr.ts";
import { evaluateLiteral, isFoldable } from "../fold.ts";
import type { BindContext, FunctionEntry, LowerContext } from "../function-entry.ts";
import { T } from "../input-type.ts";
import { nonFoldableArgument } from "../type-error.ts";

const GROUP = "math_funcs";

/** The number of places, known when the call is bound; undefined for NULL. */
function placesOf(e: Expr | undefined): number | undefined {
  if (e === undefined) return 0;
  const value = evaluateLiteral(e);
  return value === null || value === undefined ? undefined : Number(value);
}

/** Spark's result type of rounding a decimal to a number of places. */
function roundedDecimal(precision: number, scale: number, places: number): DataType {
  const integral = precision - scale + 1;
  if (places < 0) return decimal(Math.min(Math.max(integral, -places + 1), 38), 0);
  const kept = Math.min(scale, places);
  return decimal(Math.min(integral + kept, 38), kept);
}

function rounding(name: "round" | "bround", mode: "HALF_UP" | "HALF_EVEN", usage: string): FunctionEntry {
  return scalar({
    name,
    params: [p("expr", T.numeric), opt("scale", T.int, lit(0, INTEGER), { fold: true })],
    returns: (args) => {
      const { type } = args[0] as Expr;
      return type.kind === "decimal"
        ? roundedDecimal(type.precision, type.scale, placesOf(args[1]) ?? 0)
        : type;
    },
    nullable: "always",
    extra: (args) => ({ places: placesOf(args[1]) ?? null }),
    usage: `${name}(expr[, scale]) - ${usage}`,
    group: GROUP,
    lower: ([x], ctx) => {
      const places = ctx.call.extra?.["places"] as number | null;
      const type = ctx.call.args[0]?.type ?? DOUBLE;
      if (places === null) return `CASE WHEN false THEN ${x} END`;
      if (isFractional(type)) return roundDouble(x as string, places, mode, type, ctx);
      if (type.kind === "decimal") return roundDecimal(x as string, places, mode, ctx);
      return roundIntegral(x as string, places, mode, ctx);
    },
  });
}

/**
 * Spark rounds the shortest text of a double. Away from a tie plain arithmetic gives the same; near one the kernel
 * looks at the digits.
 */
function roundDouble(x: string, places: number, mode: string, type: DataType, ctx: LowerContext): string {
  const viaDigits = (v: string) => ctx.kernel("round_digits", `${v}::VARCHAR`, String(places), `'${mode}'`);
  const cast = type.kind === "float" ? "::FLOAT" : "";
  if (places < 0 || places > 15 || type.kind === "float") {
    return ctx.let(x, (v) => `(CASE WHEN isfinite(${v}) THEN ${viaDigits(v)}::DOUBLE ELSE ${v} END)${cast}`);
  }
  const scale = `1e${places}::DOUBLE`;
  return ctx.let(x, (v) =>
    ctx.let(
      `(abs(${v}) * ${scale})`,
      (y) =>
        `(CASE WHEN NOT isfinite(${v}) THEN ${v} WHEN ${y} < 1e12 AND abs(${y} - floor(${y}) - 0.5) > 1e-3 THEN sign(${v}) * floor(${y} + 0.5) / ${scale} + 0.0::DOUBLE ELSE ${viaDigits(v)}::DOUBLE END)`,
    ),
  );
}

function roundDecimal(x: string, places: number, mode: string, ctx: LowerContext): string {
  const { type } = ctx.call;
  if (type.kind !== "decimal") throw new Error("a decimal is rounded to a decimal");
  return `CAST(${ctx.kernel("round_digits", `${x}::VARCHAR`, String(places), `'${mode}'`)} AS DECIMAL(${type.precision},${type.scale}))`;
}

const RANGES: Readonly<Record<string, readonly [string, string, string]>> = {
  byte: ["-128", "127", "TINYINT"],
  short: ["-32768", "32767", "SMALLINT"],
  integer: ["-2147483648", "2147483647", "INTEGER"],
  long: ["-9223372036854775808", "9223372036854775807", "BIGINT"],
};

function roundIntegral(x: string, places: number, mode: string, ctx: LowerContext): string {
  if (places >= 0) return x;
  const [low, high, type] = RANGES[ctx.call.type.kind] as readonly [string, string, string];
  const rounded = `${ctx.kernel("round_digits", `${x}::VARCHAR`, String(places), `'${mode}'`)}::HUGEINT`;
  return ctx.let(rounded, (r) => {
    const range = `(${high}::HUGEINT - ${low}::HUGEINT + 1)`;
    const beyond = ctx.ansiEnabled
      ? ctx.raise("ArithmeticException", "ARITHMETIC_OVERFLOW", {
          message: "'Overflow'",
          alternative: "''",
          config: `'"spark.sql.ansi.enabled"'`,
        })
      : `(((${r} - ${low}::HUGEINT) % ${range} + ${range}) % ${range} + ${low}::HUGEINT)::${type}`;
    return `CASE WHEN ${r} BETWEEN ${low}::HUGEINT AND ${high}::HUGEINT THEN ${r}::${type} ELSE ${beyond} END`;
  });
}

/** `ceil` and `floor`: of a double a long, of a decimal a decimal; with a scale always a decimal. */
function whole(
  name: "ceil" | "floor",
  aliases: readonly string[],
  mode: "CEILING" | "FLOOR",
  usage: string,
): FunctionEntry {
  return scalar({
    name,
    aliases,
    params: [p("expr", T.oneOf(T.double, T.decimal, T.long)), opt("scale", T.int, undefined, { fold: true })],
    coerce: (args, ctx) => coerceWhole(args, ctx),
    returns: (args) => {
      const { type } = args[0] as Expr;
      if (type.kind !== "decimal") return LONG;
      return args.length === 2
        ? roundedDecimal(type.precision, type.scale, placesOf(args[1]) ?? 0)
        : type.scale === 0
          ? decimal(type.precision, 0)
          : decimal(Math.min(type.precision - type.scale + 1, 38), 0);
    },
    nullable: "always",
    extra: (args) => ({ places: args.length === 2 ? (placesOf(args[1]) ?? null) : 0 }),
    usage: `${name}(expr[, scale]) - ${usage}`,
    group: GROUP,
    pretty: (args, call) =>
      args.length === 1 && call.name === name
        ? `${name.toUpperCase()}(${args.join(", ")})`
        : `${call.name ?? name}(${args.join(", ")})`,
    lower: ([x], ctx) => {
      const places = ctx.call.extra?.["places"] as number | null;
      if (places === null) return `CASE WHEN false THEN ${x} END`;
      const type = ctx.call.args[0]?.type;
      if (type !== undefined && isIntegral(type)) return x as string;
      if (type?.kind === "decimal") return roundDecimal(x as string, places, mode, ctx);
      return ctx.let(`${name}(${x})`, (v) => {
        const overflow = ctx.ansiEnabled
          ? ctx.raise("ArithmeticException", "ARITHMETIC_OVERFLOW", {
              message: "'overflow'",
              alternative: "''",
              config: `'"spark.sql.ansi.enabled"'`,
            })
          : `CASE WHEN isnan(${v}) THEN 0 WHEN ${v} > 0 THEN 9223372036854775807 ELSE -9223372036854775808 END`;
        return `CASE WHEN ${v} IS NULL THEN NULL WHEN ${v} >= -9223372036854775808 AND ${v} < 9223372036854775808 THEN ${v}::BIGINT ELSE ${overflow} END`;
      });
    },
  });
}

function coerceWhole(args: readonly Expr[], ctx: BindContext): readonly Expr[] {
  const [x, scale] = args as [Expr, Expr | undefined];
  const number = implicitCast(x, T.oneOf(T.double, T.decimal, T.long), ctx.conf);
  if (scale === undefined) return [number];
  if (!isFoldable(scale) || scale.type.kind !== "integer")
    throw nonFoldableArgument(ctx.name, "scale", INTEGER, ctx.origin);
  const exact = number.type.kind === "decimal" ? number : castTo(number, decimalFor(x.type), ctx.conf);
  return [exact, implicitCast(scale, T.int, ctx.conf)];
}

export const ROUNDING: readonly FunctionEntry[] = [
  rounding("round", "HALF_UP", "The number to so many places; ties away from zero."),
  rounding("bround", "HALF_EVEN", "The number to so many places; ties to the even digit."),
  whole("ceil", ["ceiling"], "CEILING", "The smallest number, of so many places, that is not less."),
  whole("floor", [], "FLOOR", "The largest number, of so many places, that is not greater."),
];
