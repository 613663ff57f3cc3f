import { Decimal } from "../../types/decimal.ts";
import type { Kernel } from "../kernel.ts";
import { decimalLiteralText, doubleText, floatText } from "../number-text.ts";

const NUMBER =
  /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|0x(?:[\da-f]+\.?[\da-f]*|\.[\da-f]+)p[+-]?\d+)[df]?$/i;
const SPECIAL: Readonly<Record<string, number>> = {
  inf: Number.POSITIVE_INFINITY,
  "+inf": Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  "+infinity": Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
  "-infinity": Number.NEGATIVE_INFINITY,
  nan: Number.NaN,
};

/** A number as Java's `Double.parseDouble` reads it, and Spark's names of the special ones; undefined for anything else. */
export function parseJavaDouble(text: string): number | undefined {
  const trimmed = text.replace(/^[\x00-\x20]+|[\x00-\x20]+$/g, "");
  const special = SPECIAL[trimmed.toLowerCase()];
  if (special !== undefined) return special;
  if (!NUMBER.test(trimmed)) return undefined;
  if (/^[+-]?0x/i.test(trimmed))
    return parseHex(trimmed.replace(/[df]$/i, (c, at: number) => (/p/i.test(trimmed.slice(0, at)) ? "" : c)));
  return Number(trimmed.replace(/[df]$/i, ""));
}

function parseHex(text: string): number {
  const match = /^([+-]?)0x([\da-f]*)\.?([\da-f]*)p([+-]?\d+)$/i.exec(text) as RegExpExecArray;
  const digits = BigInt(`0x${match[2]}${match[3]}`);
  const value = Number(digits) * 2 ** (Number(match[4]) - 4 * (match[3] as string).length);
  return match[1] === "-" ? -value : value;
}

/** Numbers to text and back, where DuckDB's spelling is not Java's. */
export const NUMBER_TEXT_KERNELS: readonly Kernel[] = [
  { name: "double_text", args: ["double"], result: "string", call: (v) => doubleText(v as number) },
  { name: "decimal_text", args: ["string"], result: "string", call: (v) => decimalLiteralText(v as string) },
  { name: "float_text", args: ["double"], result: "string", call: (v) => floatText(v as number) },
  {
    name: "parse_double",
    args: ["string"],
    result: "double",
    call: (v) => parseJavaDouble(v as string) ?? null,
  },
  {
    name: "parse_float",
    args: ["string"],
    result: "double",
    call: (v) => {
      const value = parseJavaDouble(v as string);
      return value === undefined ? null : Math.fround(value);
    },
  },
  // All digits, without an exponent.
  { name: "plain_double", args: ["double"], result: "string", call: (v) => plainDouble(v as number) },
  {
    name: "plain_decimal",
    args: ["string"],
    result: "string",
    call: (v) => Decimal.tryFromString(v as string)?.toString() ?? (v as string),
  },
];

function plainDouble(value: number): string {
  if (!Number.isFinite(value)) return doubleText(value);
  const text = doubleText(value);
  return text.includes("E") ? Decimal.of(value).toString() : text;
}
