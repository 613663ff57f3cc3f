import { MICROS_PER_DAY, MICROS_PER_SECOND } from "./civil.ts";

/** Why a text is not a value: a condition of Spark's with its parameters. */
export interface TextProblem {
  readonly condition: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface CalendarIntervalParts {
  readonly months: number;
  readonly days: number;
  readonly microseconds: bigint;
}

const NAME = "INVALID_INTERVAL_FORMAT";
const INT_MAX = 2n ** 31n - 1n;
const LONG_MAX = 2n ** 63n - 1n;

type Unit = "months" | "days" | "microseconds";
const UNITS: ReadonlyMap<string, readonly [Unit, bigint]> = new Map([
  ["year", ["months", 12n]],
  ["month", ["months", 1n]],
  ["week", ["days", 7n]],
  ["day", ["days", 1n]],
  ["hour", ["microseconds", 3_600_000_000n]],
  ["minute", ["microseconds", 60_000_000n]],
  ["second", ["microseconds", MICROS_PER_SECOND]],
  ["millisecond", ["microseconds", 1000n]],
  ["microsecond", ["microseconds", 1n]],
]);

const NUMBER = /^([+-]?)\s*(\d*)(\.\d*)?$/;

/** Reads `interval 1 year -2 days 3.5 seconds`, as casts from strings and literals do. */
export function parseIntervalText(text: string): CalendarIntervalParts | TextProblem {
  const input = text;
  const problem = (kind: string, parameters: Readonly<Record<string, string>> = {}): TextProblem => ({
    condition: `${NAME}.${kind}`,
    parameters: { input, ...parameters },
  });
  let rest = text.trim().toLowerCase();
  if (rest === "" || rest === "interval") return problem("INPUT_IS_EMPTY");
  if (rest.startsWith("interval")) {
    if (!/^interval\s/.test(rest))
      return problem("INVALID_PREFIX", { prefix: rest.split(/\s+/)[0] as string });
    rest = rest.slice(8).trim();
  }
  const total = { months: 0n, days: 0n, microseconds: 0n };
  // A sign may stand apart from its number.
  const words = rest.replace(/(^|\s)([+-])\s+/g, "$1$2").split(/\s+/);
  for (let i = 0; i < words.length; i += 2) {
    const word = words[i] as string;
    const number = NUMBER.exec(word);
    if (number === null || (number[2] === "" && (number[3] ?? ".") === ".")) {
      if (/^[+-]$/.test(word)) return problem("MISSING_NUMBER", { word });
      if (/^[+-]?[\d.]/.test(word)) return problem("INVALID_VALUE", { value: word });
      return problem("UNRECOGNIZED_NUMBER", { number: word });
    }
    const fraction = number[3]?.slice(1) ?? "";
    if (fraction.length > 9) return problem("INVALID_PRECISION", { value: word });
    const unitWord = words[i + 1];
    if (unitWord === undefined) return problem("MISSING_UNIT", { word });
    const unit = UNITS.get(unitWord.replace(/s$/, ""));
    if (number[3] !== undefined && !unitWord.startsWith("s")) {
      return problem("INVALID_FRACTION", { unit: unitWord });
    }
    if (unit === undefined) return problem("INVALID_UNIT", { unit: unitWord });
    const sign = number[1] === "-" ? -1n : 1n;
    const value = BigInt(number[2] === "" ? "0" : (number[2] as string));
    if (value > LONG_MAX) return problem("ARITHMETIC_EXCEPTION");
    const [field, size] = unit;
    total[field] += sign * value * size;
    if (fraction !== "") total.microseconds += sign * BigInt(fraction.padEnd(9, "0").slice(0, 6));
  }
  const { months, days, microseconds } = total;
  if (!fits(months, INT_MAX) || !fits(days, INT_MAX) || !fits(microseconds, LONG_MAX)) {
    return problem("ARITHMETIC_EXCEPTION");
  }
  return { months: Number(months), days: Number(days), microseconds };
}

function fits(value: bigint, max: bigint): boolean {
  return value <= max && value >= -max - 1n;
}

/** Days and time as one duration; undefined when it is more than 64 bits of microseconds. */
export function durationMicros(parts: CalendarIntervalParts): bigint | undefined {
  const micros = BigInt(parts.days) * MICROS_PER_DAY + parts.microseconds;
  return fits(micros, LONG_MAX) ? micros : undefined;
}

const YEAR_MONTH_NAMES = ["year", "month"] as const;
const DAY_TIME_NAMES = ["day", "hour", "minute", "second"] as const;
const DAY_TIME_LETTERS = ["d", "h", "m", "s.n"] as const;
const LIMITS = [0, 23, 59, 59] as const;
/** The most of a first field that 64 bits of microseconds hold. */
const LEADING_LIMITS = [106_751_991n, 2_562_047_788n, 153_722_867_280n, 9_223_372_036_854n] as const;
const FIELD_MICROS = [MICROS_PER_DAY, 3_600_000_000n, 60_000_000n, MICROS_PER_SECOND] as const;
const LEADING_DIGITS = [9, 10, 12, 13] as const;

/** Months of a text such as `1-2`, whose fields are those of the type: 0 year, 1 month. */
export function parseYearMonthText(text: string, start: number, end: number): number | TextProblem {
  const input = text.trim();
  const match =
    start === end ? /^([+-]?)(\d{1,10})$/.exec(input) : /^([+-]?)(\d{1,10})-(\d{1,2})$/.exec(input);
  if (match === null) {
    const format = start === end ? (start === 0 ? "y" : "m") : "y-m";
    return unmatched(input, "year-month", format, YEAR_MONTH_NAMES, start, end, "UNMATCHED_FORMAT_STRING");
  }
  const leading = Number(match[2]);
  const months = start === 1 ? leading : leading * 12 + Number(match[3] ?? 0);
  const signed = match[1] === "-" ? -months : months;
  if (Number(match[3] ?? 0) > 11 || signed > Number(INT_MAX) || signed < -Number(INT_MAX) - 1) {
    return { condition: `${NAME}.INTERVAL_PARSING`, parameters: { input, interval: "year-month" } };
  }
  return signed;
}

/** Microseconds of a text such as `1 02:03:04.5`, whose fields are those of the type: 0 day to 3 second. */
export function parseDayTimeText(text: string, start: number, end: number): bigint | TextProblem {
  const input = text.trim();
  const match = dayTimePattern(start, end).exec(input);
  if (match === null) {
    let format = DAY_TIME_LETTERS[start] as string;
    for (let field = start + 1; field <= end; field++)
      format += (field === 1 ? " " : ":") + DAY_TIME_LETTERS[field];
    return unmatched(
      input,
      "day-time",
      format,
      DAY_TIME_NAMES,
      start,
      end,
      "UNMATCHED_FORMAT_STRING_WITH_NOTICE",
    );
  }
  let micros = 0n;
  for (let field = start; field <= end; field++) {
    const value = BigInt(match[2 + field - start] as string);
    const limit = field > start ? BigInt(LIMITS[field] as number) : (LEADING_LIMITS[field] as bigint);
    if (value > limit) {
      const msg = `requirement failed: ${DAY_TIME_NAMES[field]} ${value} outside range [0, ${limit}]`;
      return { condition: "_LEGACY_ERROR_TEMP_0063", parameters: { msg } };
    }
    micros += value * (FIELD_MICROS[field] as bigint);
  }
  const fraction = end === 3 ? match[3 + end - start] : undefined;
  if (fraction !== undefined) micros += BigInt(fraction.slice(1).padEnd(6, "0").slice(0, 6));
  const signed = match[1] === "-" ? -micros : micros;
  if (!fits(signed, LONG_MAX)) {
    return { condition: `${NAME}.INTERVAL_PARSING`, parameters: { input, interval: "day-time" } };
  }
  return signed;
}

function dayTimePattern(start: number, end: number): RegExp {
  let pattern = `^([+-]?)(\\d{1,${LEADING_DIGITS[start]}})`;
  for (let field = start + 1; field <= end; field++) pattern += field === 1 ? " (\\d{1,2})" : ":(\\d{1,2})";
  if (end === 3) pattern += "(\\.\\d{1,9})?";
  return new RegExp(`${pattern}$`);
}

function unmatched(
  input: string,
  intervalStr: string,
  format: string,
  names: readonly string[],
  start: number,
  end: number,
  kind: string,
): TextProblem {
  const fields = start === end ? names[start] : `${names[start]} to ${names[end]}`;
  const literal = `INTERVAL [+|-]'[+|-]${format}' ${fields?.toUpperCase()}`;
  return {
    condition: `${NAME}.${kind}`,
    parameters: {
      intervalStr,
      supportedFormat: `\`[+|-]${format}\`, \`${literal}\``,
      typeName: `interval ${fields}`,
      input,
    },
  };
}
