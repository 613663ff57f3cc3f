import type { DataType, DecimalType } from "../types/data-type.ts";
import { decimal, MAX_PRECISION } from "../types/data-type.ts";

/** Digits of the fraction that survive when a result does not fit 38 digits. */
const MIN_ADJUSTED_SCALE = 6;

export const SYSTEM_DECIMAL: DecimalType = decimal(MAX_PRECISION, 18);

/** The decimal that holds every value of an integral type; Spark's customary ones for float and double. */
export function decimalFor(t: DataType): DecimalType {
  switch (t.kind) {
    case "byte":
      return decimal(3, 0);
    case "short":
      return decimal(5, 0);
    case "integer":
      return decimal(10, 0);
    case "long":
      return decimal(20, 0);
    case "float":
      return decimal(14, 7);
    case "double":
      return decimal(30, 15);
    case "decimal":
      return t;
    default:
      return SYSTEM_DECIMAL;
  }
}

/** The narrowest decimal for an integer literal. */
export function decimalForLiteral(value: number | bigint): DecimalType {
  const digits = `${value}`.replace("-", "").length;
  return decimal(Math.min(Math.max(digits, 1), MAX_PRECISION), 0);
}

/** Cuts precision and scale to 38, whatever is lost. */
export function boundedDecimal(precision: number, scale: number): DecimalType {
  return decimal(Math.min(precision, MAX_PRECISION), Math.min(scale, MAX_PRECISION));
}

/** Over 38 digits the scale gives way first, as in arithmetic results; at least 6 of its digits stay. */
function adjusted(precision: number, scale: number): DecimalType {
  if (precision <= MAX_PRECISION) return decimal(precision, scale);
  if (scale < 0) return decimal(MAX_PRECISION, scale);
  const integralDigits = precision - scale;
  return decimal(
    MAX_PRECISION,
    Math.max(MAX_PRECISION - integralDigits, Math.min(scale, MIN_ADJUSTED_SCALE)),
  );
}

/** Over 38 digits both sides of the point give way by half. */
function exactQuotient(integral: number, fraction: number): DecimalType {
  const scale = Math.min(fraction, MAX_PRECISION);
  const excess = Math.min(integral, MAX_PRECISION) + scale - MAX_PRECISION;
  if (excess <= 0) return decimal(integral + scale, scale);
  return decimal(MAX_PRECISION, scale - Math.floor(excess / 2) - 1);
}

/** Over 38 digits the scale gives way as far as needed. */
export function preferIntegralDigits(precision: number, scale: number): DecimalType {
  if (precision <= MAX_PRECISION) return decimal(precision, scale);
  const excess = precision - MAX_PRECISION;
  return decimal(MAX_PRECISION, Math.max(0, scale - excess));
}

/** The common type of two decimals in CASE, UNION, comparisons. */
export function widerDecimal(a: DecimalType, b: DecimalType): DecimalType {
  const scale = Math.max(a.scale, b.scale);
  const range = Math.max(a.precision - a.scale, b.precision - b.scale);
  return preferIntegralDigits(range + scale, scale);
}

/** Whether every value of `other` fits `d`. */
export function isWiderDecimal(d: DecimalType, other: DataType): boolean {
  if (other.kind === "decimal")
    return d.precision - d.scale >= other.precision - other.scale && d.scale >= other.scale;
  if (other.kind === "byte" || other.kind === "short" || other.kind === "integer" || other.kind === "long")
    return isWiderDecimal(d, decimalFor(other));
  return false;
}

/** Whether every value of `d` fits `other`. */
export function isTighterDecimal(d: DecimalType, other: DataType): boolean {
  switch (other.kind) {
    case "decimal":
      return isWiderDecimal(other, d);
    case "byte":
      return d.precision <= 2 && d.scale === 0;
    case "short":
      return d.precision <= 4 && d.scale === 0;
    case "integer":
      return d.precision <= 9 && d.scale === 0;
    case "long":
      return d.precision <= 18 && d.scale === 0;
    default:
      return false;
  }
}

/**
 * Result type of `+ - * / % div` on decimals. Over 38 digits fractions are cut; without `allowsLoss`
 * (`spark.sql.decimalOperations.allowPrecisionLoss`) they stay, and what does not fit is NULL or an error.
 */
export function arithmeticDecimal(
  op: "+" | "-" | "*" | "/" | "%" | "div",
  a: DecimalType,
  b: DecimalType,
  allowsLoss = true,
): DecimalType {
  const [p1, s1, p2, s2] = [a.precision, a.scale, b.precision, b.scale];
  const adjustedDecimal = allowsLoss ? adjusted : boundedDecimal;
  switch (op) {
    case "+":
    case "-": {
      const scale = Math.max(s1, s2);
      return adjustedDecimal(Math.max(p1 - s1, p2 - s2) + scale + 1, scale);
    }
    case "*":
      return adjustedDecimal(p1 + p2 + 1, s1 + s2);
    case "/": {
      const scale = Math.max(MIN_ADJUSTED_SCALE, s1 + p2 + 1);
      if (!allowsLoss) return exactQuotient(p1 - s1 + s2, scale);
      return adjustedDecimal(p1 - s1 + s2 + scale, scale);
    }
    case "%": {
      const scale = Math.max(s1, s2);
      return adjustedDecimal(Math.min(p1 - s1, p2 - s2) + scale, scale);
    }
    default: {
      const digits = p1 - s1 + s2;
      return boundedDecimal(digits === 0 ? 1 : digits, 0);
    }
  }
}
