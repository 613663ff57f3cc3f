import { sparkError } from "../errors/spark-error.ts";
import { doubleText } from "./number-text.ts";

/** A value for `%`-formatting: its kind and its text. */
export interface FormatArgument {
  /** `i` whole number, `d` decimal, `f` double, `s` text, `b` boolean, `n` null. */
  readonly kind: "i" | "d" | "f" | "s" | "b" | "n";
  readonly text: string;
}

const SPECIFIER = /%(?:(\d+)\$)?([-#+ 0,(<]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/g;

/** `java.util.Formatter` with the conversions that Spark's values have. */
export function javaFormat(pattern: string, args: readonly FormatArgument[]): string {
  let next = 0;
  let last = 0;
  return pattern.replace(
    SPECIFIER,
    (
      whole,
      index: string | undefined,
      flags: string,
      width: string | undefined,
      precision: string | undefined,
      letter: string,
    ) => {
      if (letter === "n") return "\n";
      const pad = (text: string): string => {
        if (width === undefined) return text;
        return flags.includes("-") ? text.padEnd(Number(width)) : text.padStart(Number(width));
      };
      if (letter === "%") return pad("%");
      if (flags.includes("<")) next = Math.max(0, last - 1);
      const at = index === undefined ? next++ : Number(index) - 1;
      last = at + 1;
      const arg = args[at];
      if (arg === undefined) throw formatError(`Format specifier '${whole}'`);
      const text = convert(
        arg,
        letter.toLowerCase(),
        flags,
        precision === undefined ? undefined : Number(precision),
        whole,
        width,
      );
      return pad(letter === letter.toUpperCase() ? text.toUpperCase() : text);
    },
  );
}

function formatError(message: string): Error {
  return sparkError("IllegalArgumentException", { condition: "INTERNAL_ERROR", message });
}

function convert(
  arg: FormatArgument,
  letter: string,
  flags: string,
  precision: number | undefined,
  whole: string,
  width: string | undefined,
): string {
  if (arg.kind === "n") return letter === "b" ? "false" : "null";
  const mismatch = (): Error => formatError(`${whole.slice(-1)} != ${arg.kind}`);
  switch (letter) {
    case "s": {
      const text = arg.kind === "f" ? doubleText(Number(arg.text)) : arg.text;
      return precision === undefined ? text : text.slice(0, precision);
    }
    case "b":
      return arg.kind === "b" ? arg.text : "true";
    case "c":
      if (arg.kind === "i") return String.fromCodePoint(Number(arg.text));
      if (arg.kind === "s" && [...arg.text].length === 1) return arg.text;
      throw mismatch();
    case "d":
      if (arg.kind !== "i") throw mismatch();
      return signed(arg.text, (digits) => (flags.includes(",") ? grouped(digits) : digits), flags, width);
    case "x":
    case "o": {
      if (arg.kind !== "i") throw mismatch();
      const bits = BigInt(arg.text) >= -(2n ** 31n) && BigInt(arg.text) < 2n ** 31n ? 32 : 64;
      const digits = BigInt.asUintN(bits, BigInt(arg.text)).toString(letter === "x" ? 16 : 8);
      const text = flags.includes("#") ? (letter === "x" ? `0x${digits}` : `0${digits}`) : digits;
      return flags.includes("0") ? text.padStart(Number(width ?? 0), "0") : text;
    }
    case "f":
      if (arg.kind !== "f" && arg.kind !== "d") throw mismatch();
      if (!/^[+-]?[\d.eE+-]+$/.test(arg.text)) return arg.text;
      return signed(
        fixed(arg.text, precision ?? 6),
        (digits) => (flags.includes(",") ? grouped(digits) : digits),
        flags,
        width,
      );
    case "e": {
      if (arg.kind !== "f" && arg.kind !== "d") throw mismatch();
      const text = Number(arg.text)
        .toExponential(precision ?? 6)
        .replace(/e([+-])(\d)$/, "e$10$2");
      return signed(text, (digits) => digits, flags, width);
    }
    case "g": {
      if (arg.kind !== "f" && arg.kind !== "d") throw mismatch();
      const digits = precision === 0 ? 1 : (precision ?? 6);
      const value = Number(arg.text);
      const size = Math.abs(value);
      if (value !== 0 && (size < 1e-4 || size >= 10 ** digits)) {
        return value.toExponential(digits - 1).replace(/e([+-])(\d)$/, "e$10$2");
      }
      return fixed(arg.text, Math.max(0, digits - 1 - (value === 0 ? 0 : Math.floor(Math.log10(size)))));
    }
    default:
      throw formatError(`Conversion = '${letter}'`);
  }
}

function signed(
  text: string,
  body: (digits: string) => string,
  flags: string,
  width: string | undefined,
): string {
  const negative = text.startsWith("-");
  const digits = body(negative ? text.slice(1) : text);
  const [before, after] = negative
    ? flags.includes("(")
      ? ["(", ")"]
      : ["-", ""]
    : [flags.includes("+") ? "+" : flags.includes(" ") ? " " : "", ""];
  const room = Number(width ?? 0) - before.length - after.length;
  return `${before}${flags.includes("0") ? digits.padStart(room, "0") : digits}${after}`;
}

function grouped(digits: string): string {
  const [whole = "", fraction] = digits.split(".");
  const text = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return fraction === undefined ? text : `${text}.${fraction}`;
}

/** A number's text with so many places, ties away from zero (of the shortest decimal text, as Java's Formatter). */
export function fixed(text: string, places: number, mode: "HALF_UP" | "HALF_EVEN" = "HALF_UP"): string {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (match === null) return text;
  const fraction = match[3] ?? "";
  const exponent = Number(match[4] ?? 0) - fraction.length;
  let value = BigInt(`${match[2] ?? ""}${fraction}` || "0");
  const shift = exponent + places;
  if (shift >= 0) value *= 10n ** BigInt(shift);
  else {
    const unit = 10n ** BigInt(-shift);
    const rest = (value % unit) * 2n;
    value /= unit;
    if (rest > unit || (rest === unit && (mode === "HALF_UP" || value % 2n === 1n))) value += 1n;
  }
  const digits = value.toString().padStart(places + 1, "0");
  const plain = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return match[1] === "-" && value !== 0n ? `-${plain}` : plain;
}

/** `format_number` with a number of places: `1,234.50`, ties to the even digit. */
export function formatNumber(text: string, places: number): string | null {
  if (places < 0) return null;
  if (text === "NaN") return "NaN";
  if (/inf/i.test(text)) return text.startsWith("-") ? "-∞" : "∞";
  const plain = fixed(text, places, "HALF_EVEN");
  return plain.startsWith("-") ? `-${grouped(plain.slice(1))}` : grouped(plain);
}
