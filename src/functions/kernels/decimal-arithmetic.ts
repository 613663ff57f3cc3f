import { Decimal, divideRounded, powerOfTen } from "../../types/decimal.ts";
import type { Kernel } from "../kernel.ts";

/** Scale at which a quotient is cut before it is brought to its type. */
const QUOTIENT_SCALE = 39;
const SIGNIFICANT_DIGITS = 39;

const unscaled = (text: string): bigint => BigInt(text.replace(".", ""));

/** A total of two halves and of the small values, or of distinct decimals joined by spaces, as plain text. */
function total(upper: string, lower: string, small: string, scale: number): string {
  const sum =
    lower === ""
      ? upper.split(" ").reduce((a, x) => a + unscaled(x), 0n)
      : BigInt(upper) * 10n ** 19n + BigInt(lower) + unscaled(small);
  const digits = `${sum < 0n ? -sum : sum}`.padStart(scale + 1, "0");
  const at = digits.length - scale;
  return `${sum < 0n ? "-" : ""}${digits.slice(0, at)}${scale === 0 ? "" : `.${digits.slice(at)}`}`;
}

/**
 * Exact decimal arithmetic for operands too wide for DuckDB. Null where the result does not fit the precision;
 * precision 0 gives the digits that Spark's message shows. `div` gives the low 64 bits of the whole quotient.
 */
export const DECIMAL_ARITHMETIC_KERNELS: readonly Kernel[] = [
  {
    name: "decimal_arithmetic",
    args: ["string", "string", "string", "int32", "int32"],
    result: "string",
    call: (op, left, right, precision, scale) => {
      const [a, b] = [Decimal.fromString(left as string), Decimal.fromString(right as string)];
      const value = compute(op as string, a, b);
      if (value === undefined) return null;
      if (op === "div") return BigInt.asIntN(64, value.unscaled).toString();
      if (precision === 0)
        return op === "/" ? value.setScale(scale as number, "half_up").toString() : value.toString();
      const rounded = value.setScale(scale as number, "half_up");
      const limit = powerOfTen(precision as number);
      return rounded.unscaled < limit && rounded.unscaled > -limit ? rounded.toString() : null;
    },
  },
  {
    name: "decimal_total",
    args: ["string", "string", "string", "int32"],
    result: "string",
    call: (upper, lower, small, scale) =>
      total(upper as string, lower as string, small as string, scale as number),
  },
];

/** Products keep 39 digits, the rest is cut off, as in Spark. */
function significant(value: Decimal): Decimal {
  const excess = value.precision - SIGNIFICANT_DIGITS;
  if (excess <= 0) return value;
  return new Decimal(divideRounded(value.unscaled, powerOfTen(excess), "down"), value.scale - excess);
}

function compute(op: string, a: Decimal, b: Decimal): Decimal | undefined {
  switch (op) {
    case "+":
      return a.plus(b);
    case "-":
      return a.minus(b);
    case "*":
      return significant(a.times(b));
    default:
  }
  if (b.unscaled === 0n) return undefined;
  if (op === "/") {
    // a / b at QUOTIENT_SCALE digits: numerator and divisor as whole numbers, the divisor positive.
    const sign = b.unscaled < 0n ? -1n : 1n;
    const numerator = sign * a.unscaled * powerOfTen(b.scale) * powerOfTen(QUOTIENT_SCALE);
    return new Decimal(
      divideRounded(numerator, sign * b.unscaled * powerOfTen(a.scale), "down"),
      QUOTIENT_SCALE,
    );
  }
  const scale = Math.max(a.scale, b.scale);
  const n = a.unscaled * powerOfTen(scale - a.scale);
  const d = b.unscaled * powerOfTen(scale - b.scale);
  return op === "div" ? new Decimal(n / d) : new Decimal(n % d, scale);
}
