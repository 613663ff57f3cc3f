import type { Kernel } from "../kernel.ts";

const UNSIGNED = 2n ** 64n;
const MAX = UNSIGNED - 1n;

/** Hive's `conv`: digits up to the first that the base does not have; 64 bits, saturated. */
function conv(text: string, fromBase: number, toBase: number): string | null {
  const to = Math.abs(toBase);
  if (fromBase < 2 || fromBase > 36 || to < 2 || to > 36) return null;
  const trimmed = text.replace(/^ +| +$/g, "");
  if (trimmed === "") return null;
  const negative = trimmed.startsWith("-");
  const base = BigInt(fromBase);
  let value = 0n;
  for (const c of negative ? trimmed.slice(1) : trimmed) {
    const digit = Number.parseInt(c, 36);
    if (Number.isNaN(digit) || digit >= fromBase) break;
    value = value * base + BigInt(digit);
    if (value > MAX) value = MAX;
  }
  if (negative) value = toBase < 0 && value >= 2n ** 63n ? MAX : BigInt.asUintN(64, -value);
  if (toBase < 0) {
    const signed = BigInt.asIntN(64, value);
    return signed.toString(to).toUpperCase();
  }
  return value.toString(to).toUpperCase();
}

export const MATH_KERNELS: readonly Kernel[] = [
  {
    name: "conv",
    args: ["string", "int32", "int32"],
    result: "string",
    call: (text, from, to) => conv(text as string, from as number, to as number),
  },
];
