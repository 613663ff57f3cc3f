import { PySparkValueError } from "../../errors/spark-error.ts";
import { type Column, type ColumnOrName, toColumn } from "../column.ts";
import { flattenColumns } from "../column-arguments.ts";
import type { LiteralInput } from "../literal.ts";
import { call, callAll, numberOrColumn, randomSeed, value } from "./invoke.ts";

/**
 * Absolute value.
 *
 * @example
 * F.abs(F.lit(-3)); // 3
 */
export function abs(col: ColumnOrName): Column {
  return call("abs", col);
}

/**
 * Arc cosine, in radians; NaN outside -1 to 1.
 *
 * @example
 * F.acos(F.lit(1)); // 0.0
 */
export function acos(col: ColumnOrName): Column {
  return call("acos", col);
}

/**
 * Inverse hyperbolic cosine.
 *
 * @example
 * F.acosh(F.lit(1)); // 0.0
 */
export function acosh(col: ColumnOrName): Column {
  return call("acosh", col);
}

/**
 * Arc sine, in radians; NaN outside -1 to 1.
 *
 * @example
 * F.asin(F.lit(0)); // 0.0
 */
export function asin(col: ColumnOrName): Column {
  return call("asin", col);
}

/**
 * Inverse hyperbolic sine.
 *
 * @example
 * F.asinh(F.lit(0)); // 0.0
 */
export function asinh(col: ColumnOrName): Column {
  return call("asinh", col);
}

/**
 * Arc tangent, in radians.
 *
 * @example
 * F.atan(F.lit(0)); // 0.0
 */
export function atan(col: ColumnOrName): Column {
  return call("atan", col);
}

/**
 * The angle of the point (`col2`, `col1`) to the x axis, in radians. The first argument is y.
 *
 * @example
 * F.atan2(F.lit(0), F.lit(1)); // 0.0
 */
export function atan2(col1: ColumnOrName | number, col2: ColumnOrName | number): Column {
  return call("atan2", numberOrColumn(col1), numberOrColumn(col2));
}

/**
 * Inverse hyperbolic tangent.
 *
 * @example
 * F.atanh(F.lit(0)); // 0.0
 */
export function atanh(col: ColumnOrName): Column {
  return call("atanh", col);
}

/**
 * A long in binary digits, as text.
 *
 * @example
 * F.bin(F.lit(10)); // 1010
 */
export function bin(col: ColumnOrName): Column {
  return call("bin", col);
}

/**
 * Rounds to `scale` digits, halves to the even neighbour.
 *
 * @example
 * F.bround(F.lit(2.5), 0); // 2.0
 */
export function bround(col: ColumnOrName, scale?: ColumnOrName | number): Column {
  return call("bround", col, numberOrColumn(scale));
}

/**
 * Cube root.
 *
 * @example
 * F.cbrt(F.lit(27)); // 3.0
 */
export function cbrt(col: ColumnOrName): Column {
  return call("cbrt", col);
}

/**
 * The smallest whole number (or number of `scale` digits) that is not below.
 *
 * @example
 * F.ceil(F.lit(-0.1)); // 0
 */
export function ceil(col: ColumnOrName, scale?: ColumnOrName | number): Column {
  return call("ceil", col, numberOrColumn(scale));
}

/**
 * The same as `ceil`.
 *
 * @example
 * F.ceiling(F.lit(3.14), F.lit(1)); // 3.2
 */
export function ceiling(col: ColumnOrName, scale?: ColumnOrName | number): Column {
  return call("ceiling", col, numberOrColumn(scale));
}

/**
 * A number, as text, written in another base.
 *
 * @example
 * F.conv(F.lit("100"), 2, 10); // 4
 */
export function conv(col: ColumnOrName, fromBase: number, toBase: number): Column {
  return call("conv", col, toColumn(fromBase), toColumn(toBase));
}

/**
 * Cosine of an angle in radians.
 *
 * @example
 * F.cos(F.lit(0)); // 1.0
 */
export function cos(col: ColumnOrName): Column {
  return call("cos", col);
}

/**
 * Hyperbolic cosine.
 *
 * @example
 * F.cosh(F.lit(0)); // 1.0
 */
export function cosh(col: ColumnOrName): Column {
  return call("cosh", col);
}

/**
 * Cotangent of an angle in radians.
 *
 * @example
 * F.cot(F.lit(1)); // 0.6420926159343306
 */
export function cot(col: ColumnOrName): Column {
  return call("cot", col);
}

/**
 * Cosecant of an angle in radians.
 *
 * @example
 * F.csc(F.lit(1)); // 1.1883951057781212
 */
export function csc(col: ColumnOrName): Column {
  return call("csc", col);
}

/**
 * Radians to degrees.
 *
 * @example
 * F.degrees(F.lit(0)); // 0.0
 */
export function degrees(col: ColumnOrName): Column {
  return call("degrees", col);
}

/**
 * Euler's number.
 *
 * @example
 * F.e(); // 2.718281828459045
 */
export function e(): Column {
  return call("e");
}

/**
 * e to that power.
 *
 * @example
 * F.exp(F.lit(0)); // 1.0
 */
export function exp(col: ColumnOrName): Column {
  return call("exp", col);
}

/**
 * e to that power, minus one.
 *
 * @example
 * F.expm1(F.lit(0)); // 0.0
 */
export function expm1(col: ColumnOrName): Column {
  return call("expm1", col);
}

/**
 * Factorial; null outside 0 to 20.
 *
 * @example
 * F.factorial(F.lit(5)); // 120
 */
export function factorial(col: ColumnOrName): Column {
  return call("factorial", col);
}

/**
 * The largest whole number (or number of `scale` digits) that is not above.
 *
 * @example
 * F.floor(F.lit(-0.1)); // -1
 */
export function floor(col: ColumnOrName, scale?: ColumnOrName | number): Column {
  return call("floor", col, numberOrColumn(scale));
}

/**
 * The greatest of the values of a row, nulls left out. Throws WRONG_NUM_COLUMNS for less than two.
 *
 * @example
 * F.greatest(F.lit(1), F.lit(3), F.lit(2)); // 3
 */
export function greatest(...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): Column {
  return callAll("greatest", atLeastTwo("greatest", cols));
}

/**
 * A number, text or binary in hexadecimal digits.
 *
 * @example
 * F.hex(F.lit("Spark")); // 537061726B
 */
export function hex(col: ColumnOrName): Column {
  return call("hex", col);
}

/**
 * Length of the hypotenuse, without overflow on the way.
 *
 * @example
 * F.hypot(F.lit(3), F.lit(4)); // 5.0
 */
export function hypot(col1: ColumnOrName | number, col2: ColumnOrName | number): Column {
  return call("hypot", numberOrColumn(col1), numberOrColumn(col2));
}

/**
 * The least of the values of a row, nulls left out. Throws WRONG_NUM_COLUMNS for less than two.
 *
 * @example
 * F.least(F.lit(1), F.lit(3), F.lit(2)); // 1
 */
export function least(...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): Column {
  return callAll("least", atLeastTwo("least", cols));
}

/**
 * Natural logarithm; null for what is not positive.
 *
 * @example
 * F.ln(F.lit(1)); // 0.0
 */
export function ln(col: ColumnOrName): Column {
  return call("ln", col);
}

/**
 * Natural logarithm of one column; of two arguments the logarithm of the second to the base of the first, a
 * number.
 *
 * @example
 * F.log(2, F.lit(8)); // 3.0
 */
export function log(col: ColumnOrName): Column;
export function log(base: number, col: ColumnOrName): Column;
export function log(arg1: ColumnOrName | number, arg2?: ColumnOrName): Column {
  return arg2 === undefined ? call("ln", arg1 as ColumnOrName) : call("log", toColumn(arg1), arg2);
}

/**
 * Logarithm to base 10; null for what is not positive.
 *
 * @example
 * F.log10(F.lit(100)); // 2.0
 */
export function log10(col: ColumnOrName): Column {
  return call("log10", col);
}

/**
 * Natural logarithm of the value plus one.
 *
 * @example
 * F.log1p(F.lit(0)); // 0.0
 */
export function log1p(col: ColumnOrName): Column {
  return call("log1p", col);
}

/**
 * Logarithm to base 2; null for what is not positive.
 *
 * @example
 * F.log2(F.lit(8)); // 3.0
 */
export function log2(col: ColumnOrName): Column {
  return call("log2", col);
}

/**
 * The same as `negative`.
 *
 * @example
 * F.negate(F.lit(3)); // -3
 */
export function negate(col: ColumnOrName): Column {
  return call("negative", col);
}

/**
 * The negative value.
 *
 * @example
 * F.negative(F.lit(3)); // -3
 */
export function negative(col: ColumnOrName): Column {
  return call("negative", col);
}

/**
 * The number pi.
 *
 * @example
 * F.pi(); // 3.141592653589793
 */
export function pi(): Column {
  return call("pi");
}

/**
 * The remainder that is never negative for a positive divisor.
 *
 * @example
 * F.pmod(F.lit(-7), F.lit(3)); // 2
 */
export function pmod(dividend: ColumnOrName | number, divisor: ColumnOrName | number): Column {
  return call("pmod", numberOrColumn(dividend), numberOrColumn(divisor));
}

/**
 * The value itself.
 *
 * @example
 * F.positive(F.lit(3)); // 3
 */
export function positive(col: ColumnOrName): Column {
  return call("positive", col);
}

/**
 * `col1` to the power `col2`.
 *
 * @example
 * F.pow(F.lit(2), F.lit(10)); // 1024.0
 */
export function pow(col1: ColumnOrName | number, col2: ColumnOrName | number): Column {
  return call("power", numberOrColumn(col1), numberOrColumn(col2));
}

/**
 * The same as `pow`.
 *
 * @example
 * F.power(F.lit(2), F.lit(3)); // 8.0
 */
export function power(col1: ColumnOrName | number, col2: ColumnOrName | number): Column {
  return call("power", numberOrColumn(col1), numberOrColumn(col2));
}

/**
 * Degrees to radians.
 *
 * @example
 * F.radians(F.lit(0)); // 0.0
 */
export function radians(col: ColumnOrName): Column {
  return call("radians", col);
}

/**
 * Random numbers from 0 to below 1, evenly spread; the same for the same seed.
 *
 * @example
 * F.rand(42).between(0, 1); // true
 */
export function rand(seed?: number): Column {
  return call("rand", value(seed ?? randomSeed()));
}

/**
 * The same as `rand`.
 *
 * @example
 * F.random(42).between(0, 1); // true
 */
export function random(seed?: number): Column {
  return call("rand", value(seed ?? randomSeed()));
}

/**
 * Random numbers of the standard normal distribution; the same for the same seed.
 *
 * @example
 * F.randn(42).isNotNull(); // true
 */
export function randn(seed?: number): Column {
  return call("randn", value(seed ?? randomSeed()));
}

/**
 * The nearest whole number as a double, halves to the even one.
 *
 * @example
 * F.rint(F.lit(2.5)); // 2.0
 */
export function rint(col: ColumnOrName): Column {
  return call("rint", col);
}

/**
 * Rounds to `scale` digits, halves away from zero.
 *
 * @example
 * F.round(F.lit(2.5), 0); // 3.0
 */
export function round(col: ColumnOrName, scale?: ColumnOrName | number): Column {
  return call("round", col, numberOrColumn(scale));
}

/**
 * Secant of an angle in radians.
 *
 * @example
 * F.sec(F.lit(0)); // 1.0
 */
export function sec(col: ColumnOrName): Column {
  return call("sec", col);
}

/**
 * -1, 0 or 1, as a double.
 *
 * @example
 * F.sign(F.lit(-5)); // -1.0
 */
export function sign(col: ColumnOrName): Column {
  return call("sign", col);
}

/**
 * The same as `sign`.
 *
 * @example
 * F.signum(F.lit(-5)); // -1.0
 */
export function signum(col: ColumnOrName): Column {
  return call("signum", col);
}

/**
 * Sine of an angle in radians.
 *
 * @example
 * F.sin(F.lit(0)); // 0.0
 */
export function sin(col: ColumnOrName): Column {
  return call("sin", col);
}

/**
 * Hyperbolic sine.
 *
 * @example
 * F.sinh(F.lit(0)); // 0.0
 */
export function sinh(col: ColumnOrName): Column {
  return call("sinh", col);
}

/**
 * Square root; NaN for what is negative.
 *
 * @example
 * F.sqrt(F.lit(16)); // 4.0
 */
export function sqrt(col: ColumnOrName): Column {
  return call("sqrt", col);
}

/**
 * Tangent of an angle in radians.
 *
 * @example
 * F.tan(F.lit(0)); // 0.0
 */
export function tan(col: ColumnOrName): Column {
  return call("tan", col);
}

/**
 * Hyperbolic tangent.
 *
 * @example
 * F.tanh(F.lit(0)); // 0.0
 */
export function tanh(col: ColumnOrName): Column {
  return call("tanh", col);
}

/**
 * The older name of `degrees`.
 *
 * @example
 * F.toDegrees(F.lit(0)); // 0.0
 */
export function toDegrees(col: ColumnOrName): Column {
  return call("degrees", col);
}

/**
 * The older name of `radians`.
 *
 * @example
 * F.toRadians(F.lit(0)); // 0.0
 */
export function toRadians(col: ColumnOrName): Column {
  return call("radians", col);
}

/**
 * The sum, or null where it overflows.
 *
 * @example
 * F.try_add(F.lit(1), F.lit(2)); // 3
 */
export function try_add(left: ColumnOrName, right: ColumnOrName): Column {
  return call("try_add", left, right);
}

/**
 * The quotient, or null for a zero divisor.
 *
 * @example
 * F.try_divide(F.lit(1), F.lit(0)); // NULL
 */
export function try_divide(left: ColumnOrName, right: ColumnOrName): Column {
  return call("try_divide", left, right);
}

/**
 * The remainder, or null for a zero divisor.
 *
 * @example
 * F.try_mod(F.lit(7), F.lit(0)); // NULL
 */
export function try_mod(left: ColumnOrName, right: ColumnOrName): Column {
  return call("try_mod", left, right);
}

/**
 * The product, or null where it overflows.
 *
 * @example
 * F.try_multiply(F.lit(2), F.lit(3)); // 6
 */
export function try_multiply(left: ColumnOrName, right: ColumnOrName): Column {
  return call("try_multiply", left, right);
}

/**
 * The difference, or null where it overflows.
 *
 * @example
 * F.try_subtract(F.lit(3), F.lit(1)); // 2
 */
export function try_subtract(left: ColumnOrName, right: ColumnOrName): Column {
  return call("try_subtract", left, right);
}

/**
 * Hexadecimal digits to binary; null where they are none.
 *
 * @example
 * F.unhex(F.lit("537061726B")).cast("string"); // Spark
 */
export function unhex(col: ColumnOrName): Column {
  return call("unhex", col);
}

/**
 * Random numbers from `min` to below `max`, of their type.
 *
 * @example
 * F.uniform(F.lit(5), F.lit(105), 3).between(5, 105); // true
 */
export function uniform(min: LiteralInput, max: LiteralInput, seed?: LiteralInput): Column {
  return call("uniform", toColumn(min), toColumn(max), value(seed ?? randomSeed()));
}

/**
 * The number of the bucket that holds the value, of `numBucket` even ones between `min` and `max`.
 *
 * @example
 * F.width_bucket(F.lit(5.3), F.lit(0.2), F.lit(10.6), 5); // 3
 */
export function width_bucket(
  v: ColumnOrName,
  min: ColumnOrName,
  max: ColumnOrName,
  numBucket: ColumnOrName | number,
): Column {
  return call("width_bucket", v, min, max, numberOrColumn(numBucket));
}

function atLeastTwo(
  name: string,
  cols: readonly (ColumnOrName | readonly ColumnOrName[])[],
): readonly ColumnOrName[] {
  const flat = flattenColumns(cols);
  if (flat.length < 2) {
    throw new PySparkValueError({
      condition: "WRONG_NUM_COLUMNS",
      messageParameters: { func_name: name, num_cols: "2" },
    });
  }
  return flat;
}
