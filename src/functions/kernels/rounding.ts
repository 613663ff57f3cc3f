import type { Kernel } from "../kernel.ts";

type Mode = "HALF_UP" | "HALF_EVEN" | "CEILING" | "FLOOR";

/** A number given by its text, rounded to so many places behind the point (before it when negative), as plain text. */
export function roundDigits(text: string, places: number, mode: Mode): string {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (match === null) return text;
  const negative = match[1] === "-";
  const fraction = match[3] ?? "";
  const digits = (match[2] ?? "") + fraction;
  // The value is `digits` times ten to the power of `exponent`.
  const exponent = Number(match[4] ?? 0) - fraction.length;
  const drop = -exponent - places;
  let kept = BigInt(digits === "" ? "0" : digits);
  let power = exponent;
  if (drop > 0) {
    const unit = 10n ** BigInt(Math.min(drop, digits.length + 1));
    const rest = kept % unit;
    kept /= unit;
    if (roundsUp(kept, rest, unit, negative, mode)) kept += 1n;
    power = -places;
  }
  return plain(kept, power, negative && kept !== 0n);
}

function roundsUp(kept: bigint, rest: bigint, unit: bigint, negative: boolean, mode: Mode): boolean {
  switch (mode) {
    case "CEILING":
      return rest > 0n && !negative;
    case "FLOOR":
      return rest > 0n && negative;
    default: {
      const twice = rest * 2n;
      return twice > unit || (twice === unit && (mode === "HALF_UP" || kept % 2n === 1n));
    }
  }
}

function plain(value: bigint, power: number, negative: boolean): string {
  const sign = negative ? "-" : "";
  if (power >= 0) return `${sign}${value}${value === 0n ? "" : "0".repeat(power)}`;
  const text = value.toString().padStart(-power + 1, "0");
  return `${sign}${text.slice(0, power)}.${text.slice(power)}`;
}

export const ROUNDING_KERNELS: readonly Kernel[] = [
  {
    name: "round_digits",
    args: ["string", "int32", "string"],
    result: "string",
    call: (text, places, mode) => roundDigits(text as string, places as number, mode as Mode),
  },
];
