import type { DataType } from "../types/data-type.ts";

/**
 * A value in the form in which two values of one type compare: integral types, dates (days) and timestamps
 * (microseconds) as bigint, float and double as number, decimals as scaled integers, strings as they are.
 */
export type Comparable =
  | bigint
  | number
  | string
  | boolean
  | { readonly unscaled: bigint; readonly scale: number };

/** Reads a value as a log or a predicate has it. undefined: it is not understood, so nothing may be concluded. */
export function toComparable(value: unknown, type: DataType): Comparable | undefined {
  switch (type.kind) {
    case "byte":
    case "short":
    case "integer":
    case "long":
      return toWhole(value);
    case "float": {
      // Text has a float's shortest digits, which as a double are another number.
      const n = toFloat(value);
      return n === undefined ? undefined : Math.fround(n);
    }
    case "double":
      return toFloat(value);
    case "decimal":
      return typeof value === "number" || typeof value === "bigint" || typeof value === "string"
        ? toDecimal(String(value))
        : undefined;
    case "string":
      return typeof value === "string" && (type.collation ?? "UTF8_BINARY") === "UTF8_BINARY"
        ? value
        : undefined;
    case "varchar":
      return typeof value === "string" ? value : undefined;
    case "boolean":
      if (typeof value === "boolean") return value;
      return value === "true" ? true : value === "false" ? false : undefined;
    case "date":
      return typeof value === "string" ? dateToDays(value) : toWhole(value);
    case "timestamp":
      return typeof value === "string" ? timestampToMicros(value, true) : toWhole(value);
    case "timestamp_ntz":
      return typeof value === "string" ? timestampToMicros(value, false) : toWhole(value);
    default:
      return undefined;
  }
}

/** Negative, zero or positive; undefined when the two have no order that is known here (NaN, mixed types). */
export function compareValues(a: Comparable, b: Comparable): number | undefined {
  if (typeof a === "string") return typeof b === "string" ? compareUtf8(a, b) : undefined;
  if (typeof a === "object" || typeof b === "object") {
    if (typeof a !== "object" || typeof b !== "object") return undefined;
    const scale = Math.max(a.scale, b.scale);
    return order(rescale(a, scale), rescale(b, scale));
  }
  if (typeof a !== typeof b) return undefined;
  if (Number.isNaN(a) || Number.isNaN(b)) return undefined;
  return order(a, b as typeof a);
}

/** The order of the UTF-8 bytes, as Spark compares strings; JavaScript's own differs beyond U+FFFF. */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return codePointRank(x) - codePointRank(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all others. */
function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function order<T extends bigint | number | boolean>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function rescale(value: { readonly unscaled: bigint; readonly scale: number }, scale: number): bigint {
  return value.unscaled * 10n ** BigInt(scale - value.scale);
}

function toWhole(value: unknown): bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  if (typeof value === "string" && /^[+-]?\d+$/.test(value)) return BigInt(value);
  return undefined;
}

function toFloat(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "string" || value.trim() === "") return undefined;
  if (value === "NaN") return Number.NaN;
  const n = Number(value);
  return Number.isNaN(n) ? undefined : n;
}

function toDecimal(text: string): Comparable | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text);
  if (match === null || `${match[2]}${match[3] ?? ""}` === "") return undefined;
  const fraction = match[3] ?? "";
  const unscaled = BigInt(`${match[2]}${fraction}`);
  return { unscaled: match[1] === "-" ? -unscaled : unscaled, scale: fraction.length };
}

const DAY_MS = 86_400_000;

function dateToDays(text: string): bigint | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const ms = utcMs(Number(match[1]), Number(match[2]), Number(match[3]));
  return ms === undefined ? undefined : BigInt(ms / DAY_MS);
}

/** `withZone`: an instant, which must say its offset; else a wall clock time, which must not. */
function timestampToMicros(text: string, withZone: boolean): bigint | undefined {
  const match =
    /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?$/.exec(text);
  if (match === null || (match[8] !== undefined) !== withZone) return undefined;
  const day = utcMs(Number(match[1]), Number(match[2]), Number(match[3]));
  if (day === undefined) return undefined;
  const seconds =
    Number(match[4]) * 3600 + Number(match[5]) * 60 + Number(match[6]) - offsetSeconds(match[8]);
  const micros = (match[7] ?? "").padEnd(6, "0").slice(0, 6);
  return (BigInt(day) + BigInt(seconds) * 1000n) * 1000n + BigInt(micros);
}

function offsetSeconds(zone: string | undefined): number {
  if (zone === undefined || zone === "Z") return 0;
  const digits = zone.replace(/\D/g, "");
  const seconds = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2)) * 60;
  return zone.startsWith("-") ? -seconds : seconds;
}

/** Midnight UTC; undefined for days that do not exist. */
function utcMs(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.getTime() : undefined;
}
