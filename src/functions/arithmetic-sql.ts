import type { DataType, DecimalType } from "../types/data-type.ts";
import { isFractional } from "../types/data-type.ts";
import { decimalOutOfRange } from "./cast/cast-sql.ts";
import { textToDecimal } from "./cast/text-to-decimal.ts";
import { wrap } from "./cast/to-number.ts";
import { decimalText } from "./cast/to-text.ts";
import { duckType } from "./duck-type.ts";
import type { LowerContext } from "./function-entry.ts";
import { sqlText } from "./raise.ts";

export type ArithmeticMode = "ansi" | "legacy" | "try";
export type ArithmeticOp = "+" | "-" | "*" | "/" | "%" | "div" | "pmod";

const BITS: Readonly<Record<string, number>> = { byte: 8, short: 16, integer: 32, long: 64 };
const ANSI_CONFIG = sqlText('"spark.sql.ansi.enabled"');

/** `+ - *` on whole numbers. In ANSI mode DuckDB itself raises, see native-error.ts. */
export function integralArithmetic(
  op: "+" | "-" | "*",
  a: string,
  b: string,
  type: DataType,
  mode: ArithmeticMode,
): string {
  if (mode === "ansi") return `(${a} ${op} ${b})`;
  const wide = type.kind === "long" ? "HUGEINT" : "BIGINT";
  const value = `(${a}::${wide} ${op} ${b}::${wide})`;
  if (mode === "try") return `TRY_CAST(${value} AS ${duckType(type)})`;
  return type.kind === "long" ? lowBits(value) : wrap(value, BITS[type.kind] as number, duckType(type));
}

const TWO_64 = "18446744073709551616::HUGEINT";
const TWO_63 = "9223372036854775808::HUGEINT";

/** The low 64 bits of a HUGEINT as a signed number. */
export function lowBits(value: string): string {
  return `((((${value} % ${TWO_64}) + ${TWO_64} + ${TWO_63}) % ${TWO_64}) - ${TWO_63})::BIGINT`;
}

export function divideByZero(ctx: Pick<LowerContext, "raise">): string {
  return ctx.raise("ArithmeticException", "DIVIDE_BY_ZERO", { config: ANSI_CONFIG });
}

export function remainderByZero(ctx: Pick<LowerContext, "raise">): string {
  return ctx.raise("ArithmeticException", "REMAINDER_BY_ZERO", { config: ANSI_CONFIG });
}

export function arithmeticOverflow(
  ctx: Pick<LowerContext, "raise">,
  message: string,
  alternative = "",
): string {
  return ctx.raise("ArithmeticException", "ARITHMETIC_OVERFLOW", {
    message: sqlText(message),
    alternative: sqlText(
      alternative === "" ? "" : ` Use '${alternative}' to tolerate overflow and return NULL instead.`,
    ),
    config: ANSI_CONFIG,
  });
}

/** Guards a division: by zero it raises (or gives NULL), but NULL divided by zero is NULL. */
export function guardZero(
  a: string,
  b: string,
  mode: ArithmeticMode,
  isLeftNullable: boolean,
  ctx: Pick<LowerContext, "let">,
  raise: () => string,
  use: (a: string, b: string) => string,
): string {
  return ctx.let(b, (d) => {
    if (mode !== "ansi") return `CASE WHEN ${d} <> 0 THEN ${use(a, d)} END`;
    if (!isLeftNullable) return `CASE WHEN ${d} = 0 THEN ${raise()} ELSE ${use(a, d)} END`;
    return ctx.let(
      a,
      (n) => `CASE WHEN ${d} = 0 THEN CASE WHEN ${n} IS NOT NULL THEN ${raise()} END ELSE ${use(n, d)} END`,
    );
  });
}

/** Powers of ten as DECIMAL literals. */
function tenTo(n: number): string {
  return `1${"0".repeat(n)}`;
}

/** `+ - * / %` on decimals, rounded to the result's scale. */
export function decimalArithmetic(
  op: "+" | "-" | "*" | "/" | "%",
  a: string,
  b: string,
  left: DecimalType,
  right: DecimalType,
  result: DecimalType,
  mode: ArithmeticMode,
  ctx: Pick<LowerContext, "let" | "raise" | "kernel">,
): string {
  const target = duckType(result);
  const exact = exactDecimal(op, left, right);
  if (exact !== undefined && exact.precision <= 38) {
    const value = nativeDecimal(op, a, b, left, right, exact, ctx);
    if (exact.precision - exact.scale <= result.precision - result.scale && exact.scale <= result.scale)
      return `${value}::${target}`;
    const shown = (v: string): string =>
      op === "*"
        ? ctx.kernel("decimal_arithmetic", sqlText(op), decimalText(a, left), decimalText(b, right), "0", "0")
        : decimalText(v, exact);
    return ctx.let(value, (v) => fitted(v, shown(v), result, mode, ctx));
  }
  // More digits than DuckDB's decimals hold on the way: exact numbers in a kernel, unless the operands are small.
  return ctx.let(a, (x) =>
    ctx.let(b, (y) => {
      const args = [
        sqlText(op),
        decimalText(x, left),
        decimalText(y, right),
        `${result.precision}`,
        `${result.scale}`,
      ];
      const slow = ctx.let(ctx.kernel("decimal_arithmetic", ...args), (t) => textToDecimal(t, result));
      const small =
        op === "+" || op === "-" || op === "*" ? smallOperands(op, x, y, left, right, result) : undefined;
      const value =
        small === undefined ? slow : `CASE WHEN ${small.when} THEN ${small.value} ELSE ${slow} END`;
      if (mode !== "ansi") return value;
      const whole = ctx.kernel(
        "decimal_arithmetic",
        sqlText(op),
        decimalText(x, left),
        decimalText(y, right),
        "0",
        `${result.scale}`,
      );
      return `coalesce(${value}, CASE WHEN ${x} IS NOT NULL AND ${y} IS NOT NULL THEN ${decimalOutOfRange(ctx, whole, result.precision, result.scale)} END)`;
    }),
  );
}

/** The type that holds every exact result (for a quotient: the result before it is cut to 38 digits). */
function exactDecimal(
  op: "+" | "-" | "*" | "/" | "%",
  a: DecimalType,
  b: DecimalType,
): DecimalType | undefined {
  const scale = Math.max(a.scale, b.scale);
  const integral = (d: DecimalType): number => d.precision - d.scale;
  switch (op) {
    case "+":
    case "-":
      return { kind: "decimal", precision: Math.max(integral(a), integral(b)) + scale + 1, scale };
    case "*":
      return { kind: "decimal", precision: a.precision + b.precision, scale: a.scale + b.scale };
    case "%":
      return { kind: "decimal", precision: Math.max(integral(a), integral(b)) + scale, scale };
    default: {
      const quotientScale = Math.max(6, a.scale + b.precision + 1);
      const precision = integral(a) + b.scale + quotientScale;
      // The numerator is scaled up before it is divided, and both become whole numbers first.
      const isRoomy = precision <= 38 && a.precision + a.scale + 1 <= 38 && b.precision + b.scale + 1 <= 38;
      return isRoomy && quotientScale + b.precision < 38
        ? { kind: "decimal", precision, scale: quotientScale }
        : undefined;
    }
  }
}

function nativeDecimal(
  op: "+" | "-" | "*" | "/" | "%",
  a: string,
  b: string,
  left: DecimalType,
  right: DecimalType,
  exact: DecimalType,
  ctx: Pick<LowerContext, "let">,
): string {
  switch (op) {
    case "+":
    case "-":
    case "%": {
      const type = duckType(exact);
      return `(${a}::${type} ${op} ${b}::${type})`;
    }
    case "*":
      // Of two short decimals DuckDB makes a short one, which would overflow.
      return left.precision + right.precision > 18 && left.precision <= 18 && right.precision <= 18
        ? `(${a}::DECIMAL(19,${left.scale}) * ${b})`
        : `(${a} * ${b})`;
    default:
      return ctx.let(unscaled(a, left), (n) =>
        ctx.let(unscaled(b, right), (d) => {
          // Half up: twice the numerator plus the divisor, over twice the divisor, signs aside.
          const scaled = `(abs(${n}) * ${tenTo(exact.scale + right.scale - left.scale)}::HUGEINT)`;
          const quotient = `((${scaled} + abs(${d}) // 2) // abs(${d}))`;
          const signed = `(${quotient} * CASE WHEN (${n} < 0) = (${d} < 0) THEN 1 ELSE -1 END)`;
          return `(${signed}::DECIMAL(38,0) * 0.${"0".repeat(exact.scale - 1)}1::DECIMAL(${exact.scale},${exact.scale}))`;
        }),
      );
  }
}

/** A decimal's digits as a whole number. */
function unscaled(x: string, type: DecimalType): string {
  if (type.scale === 0) return `${x}::HUGEINT`;
  const wide =
    type.precision <= 18 && type.precision + type.scale + 1 > 18 ? `${x}::DECIMAL(19,${type.scale})` : x;
  return `(${wide} * ${tenTo(type.scale)}::DECIMAL(${type.scale + 1},0))::HUGEINT`;
}

/** An exact value in a narrower result type. */
function fitted(
  v: string,
  shown: string,
  to: DecimalType,
  mode: ArithmeticMode,
  ctx: Pick<LowerContext, "raise">,
): string {
  const attempt = `TRY_CAST(${v} AS ${duckType(to)})`;
  if (mode !== "ansi") return attempt;
  return `coalesce(${attempt}, CASE WHEN ${v} IS NOT NULL THEN ${decimalOutOfRange(ctx, shown, to.precision, to.scale)} END)`;
}

/** When both operands are far from 38 digits, DuckDB's own arithmetic is exact although their types are wide. */
function smallOperands(
  op: "+" | "-" | "*",
  x: string,
  y: string,
  left: DecimalType,
  right: DecimalType,
  result: DecimalType,
): { readonly when: string; readonly value: string } | undefined {
  const target = duckType(result);
  if (op === "*") {
    const scale = left.scale + right.scale;
    const room = Math.floor((38 - scale) / 2) - 1;
    const digits = Math.min(room, left.precision - left.scale, right.precision - right.scale);
    if (scale > 36 || digits < 3) return undefined;
    const limit = tenTo(Math.min(digits, result.precision - result.scale));
    const wide = left.precision <= 18 && right.precision <= 18 ? `${x}::DECIMAL(19,${left.scale})` : x;
    return { when: `abs(${x}) < ${limit} AND abs(${y}) < ${limit}`, value: `(${wide} * ${y})::${target}` };
  }
  const scale = Math.max(left.scale, right.scale);
  const digits = Math.min(
    38 - scale - 1,
    result.precision - result.scale - 1,
    left.precision - left.scale,
    right.precision - right.scale,
  );
  if (digits < 3) return undefined;
  const type = `DECIMAL(38,${scale})`;
  const limit = tenTo(digits);
  return {
    when: `abs(${x}) < ${limit} AND abs(${y}) < ${limit}`,
    value: `(${x}::${type} ${op} ${y}::${type})::${target}`,
  };
}

/** `div` on decimals: the whole part of the quotient, a long. */
export function decimalIntegralDivide(
  x: string,
  y: string,
  left: DecimalType,
  right: DecimalType,
  ctx: Pick<LowerContext, "kernel" | "let">,
): string {
  return `${ctx.kernel("decimal_arithmetic", sqlText("div"), decimalText(x, left), decimalText(y, right), "38", "0")}::BIGINT`;
}

/** Whether DuckDB's own operator does on these types what Spark's does. */
export function isFloatingArithmetic(t: DataType): boolean {
  return isFractional(t);
}
