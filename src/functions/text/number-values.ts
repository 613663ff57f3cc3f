import { powerOfTen } from "../../types/decimal.ts";
import { Decimal } from "../../types/values.ts";

const WHOLE = /^[+-]?\d+$/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[dDfF]?$/;
const HEX = /^[+-]?0[xX](?:[\da-fA-F]+\.?[\da-fA-F]*|\.[\da-fA-F]+)[pP][+-]?\d+[dDfF]?$/;

const LIMITS = { byte: 128, short: 32_768, integer: 2_147_483_648 } as const;

/** A whole number as Java's `parseInt` and its like read it: no spaces, no fraction. */
export function parseWhole(text: string, kind: keyof typeof LIMITS): number | undefined {
  if (!WHOLE.test(text)) return undefined;
  const value = Number(text);
  const limit = LIMITS[kind];
  return value >= -limit && value < limit ? (value === 0 ? 0 : value) : undefined;
}

export function parseLong(text: string): number | bigint | undefined {
  if (!WHOLE.test(text)) return undefined;
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
  const exact = BigInt(text.startsWith("+") ? text.slice(1) : text);
  return BigInt.asIntN(64, exact) === exact ? exact : undefined;
}

/** Java's `Double.parseDouble`: spaces around, a type letter behind, hexadecimal floats. */
export function parseDouble(text: string): number | undefined {
  const trimmed = trimControls(text);
  if (NUMBER.test(trimmed)) return Number(trimmed.replace(/[dDfF]$/, ""));
  switch (trimmed) {
    case "NaN":
    case "+NaN":
    case "-NaN":
      return Number.NaN;
    case "Infinity":
    case "+Infinity":
      return Number.POSITIVE_INFINITY;
    case "-Infinity":
      return Number.NEGATIVE_INFINITY;
  }
  return HEX.test(trimmed) ? hexadecimal(trimmed.replace(/[dDfF]$/, "")) : undefined;
}

export function parseFloat32(text: string): number | undefined {
  const value = parseDouble(text);
  return value === undefined ? undefined : Math.fround(value);
}

function hexadecimal(text: string): number {
  const match = /^([+-]?)0[xX]([\da-fA-F]*)\.?([\da-fA-F]*)[pP]([+-]?\d+)$/.exec(text);
  if (match === null) return Number.NaN;
  const [, sign, whole = "", fraction = "", exponent] = match;
  const value = Number(BigInt(`0x${whole}${fraction}`)) * 2 ** (Number(exponent) - 4 * fraction.length);
  return sign === "-" ? -value : value;
}

export function trimControls(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && text.charCodeAt(from) <= 32) from++;
  while (to > from && text.charCodeAt(to - 1) <= 32) to--;
  return from === 0 && to === text.length ? text : text.slice(from, to);
}

/** Java's `new BigDecimal(text)`: no spaces. */
export function parseDecimal(text: string): Decimal | undefined {
  return /^\s|\s$/.test(text) ? undefined : Decimal.tryFromString(text);
}

/** The unscaled digits in the scale of a type, rounded half up; undefined when they are too many. */
export function decimalUnscaled(value: Decimal, precision: number, scale: number): bigint | undefined {
  const { unscaled } = value.setScale(scale);
  const limit = powerOfTen(precision);
  return unscaled < limit && unscaled > -limit ? unscaled : undefined;
}

/** Precision and scale as Java's BigDecimal counts them: the exponent makes the scale negative. */
export function javaPrecisionAndScale(
  text: string,
): { readonly precision: number; readonly scale: number } | undefined {
  const match = /^[+-]?(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (match === null) return undefined;
  const [, whole = "", fraction = "", exponent = "0"] = match;
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  if (whole === "" && fraction === "") return undefined;
  return { precision: Math.max(digits.length, 1), scale: fraction.length - Number(exponent) };
}
