import {
  civilFromDays,
  daysFromCivil,
  floorDivMod,
  isLeapYear,
  isValidCivil,
  MICROS_PER_DAY,
} from "./civil.ts";
import { formatItems, type Moment } from "./datetime-pattern-format.ts";
import { compileItems, type PatternItem } from "./datetime-pattern-items.ts";
import { type LocaleNames, localeNames } from "./locale-names.ts";
import { findTimeZone, instantToLocalMicros, type TimeZone } from "./time-zone.ts";

/** What a pattern found in a text. */
export interface ParsedDateTime {
  /** Days since 1970-01-01; missing parts are 1970, January and the first. */
  readonly epochDay: number;
  /** Microseconds of the day. */
  readonly microsOfDay: bigint;
  /** The zone that the text names, if it does. */
  readonly zone?: TimeZone;
}

/** A pattern of Java's `DateTimeFormatter` with the letters that Spark allows. */
export interface DateTimePattern {
  /** Undefined when the text does not match as a whole. */
  parse(text: string): ParsedDateTime | undefined;
  /** Formats wall clock microseconds; the zone is for the letters that show one. */
  format(localMicros: bigint, zone: TimeZone, epochSeconds: number): string;
}

const compiled = new Map<string, DateTimePattern>();

export interface PatternOptions {
  readonly locale?: string;
  /** Some letters are for output only. */
  readonly parsing?: boolean;
}

/** Compiles a pattern; a `PatternError` names what is wrong with it. */
export function dateTimePattern(pattern: string, options: PatternOptions = {}): DateTimePattern {
  const { locale = "en-US", parsing = false } = options;
  const key = `${parsing} ${locale} ${pattern}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const made = new CompiledPattern(compileItems(pattern, parsing), localeNames(locale));
  if (compiled.size > 200) compiled.clear();
  compiled.set(key, made);
  return made;
}

interface Fields {
  era?: number;
  year?: number;
  month?: number;
  day?: number;
  dayOfYear?: number;
  dayOfWeek?: number;
  quarter?: number;
  hour?: number;
  hour12?: number;
  amPm?: number;
  minute?: number;
  second?: number;
  nanos?: number;
  dayOfAlignedWeek?: number;
  zone?: TimeZone;
}

class CompiledPattern implements DateTimePattern {
  readonly #items: readonly PatternItem[];
  readonly #names: LocaleNames;

  constructor(items: readonly PatternItem[], names: LocaleNames) {
    this.#items = items;
    this.#names = names;
  }

  parse(text: string): ParsedDateTime | undefined {
    const fields: Fields = {};
    const end = parseItems(this.#items, text, 0, fields, this.#names);
    return end === text.length ? resolve(fields) : undefined;
  }

  format(localMicros: bigint, zone: TimeZone, epochSeconds: number): string {
    const [days, micros] = floorDivMod(localMicros, MICROS_PER_DAY);
    const moment: Moment = {
      date: civilFromDays(Number(days)),
      days: Number(days),
      micros,
      zone,
      epochSeconds,
    };
    return formatItems(this.#items, moment, this.#names);
  }
}

/** Position after the items, or -1. */
function parseItems(
  items: readonly PatternItem[],
  text: string,
  start: number,
  fields: Fields,
  names: LocaleNames,
): number {
  let at = start;
  for (const [index, item] of items.entries()) {
    if (item.kind === "optional") {
      const attempt: Fields = { ...fields };
      const end = parseItems(item.items, text, at, attempt, names);
      if (end >= 0) {
        Object.assign(fields, attempt);
        at = end;
      }
      continue;
    }
    at = parseItem(item, items, index, text, at, fields, names);
    if (at < 0) return -1;
  }
  return at;
}

function parseItem(
  item: Exclude<PatternItem, { kind: "optional" }>,
  items: readonly PatternItem[],
  index: number,
  text: string,
  at: number,
  fields: Fields,
  names: LocaleNames,
): number {
  switch (item.kind) {
    case "literal":
      return text.slice(at, at + item.text.length).toLowerCase() === item.text.toLowerCase()
        ? at + item.text.length
        : -1;
    case "number": {
      // Digits of fixed fields that follow at once belong to them.
      let reserved = 0;
      if (item.max > item.min || item.max === 19) {
        for (let i = index + 1; i < items.length; i++) {
          const next = items[i] as PatternItem;
          if (next.kind !== "number" || next.min !== next.max) break;
          reserved += next.max;
        }
      }
      return parseNumber(item, text, at, reserved, fields);
    }
    case "fraction": {
      let end = at;
      while (end < text.length && end - at < item.digits && isDigit(text, end)) end++;
      if (end === at) return -1;
      fields.nanos = Number(text.slice(at, end).padEnd(9, "0"));
      return end;
    }
    case "text":
      return parseText(item.field, names.texts(item.field, item.style), text, at, fields);
    case "offset":
      return parseOffsetItem(item, text, at, fields);
    case "zone":
      return parseZone(text, at, fields);
  }
}

function parseNumber(
  item: Extract<PatternItem, { kind: "number" }>,
  text: string,
  start: number,
  reserved: number,
  fields: Fields,
): number {
  let at = start;
  let negative = false;
  if (item.signed && (text[at] === "-" || text[at] === "+")) {
    negative = text[at] === "-";
    // A plus is only for years of more digits than the pattern has.
    if (!negative && !item.exceedsPad) return -1;
    at++;
  }
  const first = at;
  while (at < text.length && at - first < item.max && isDigit(text, at)) at++;
  if (reserved > 0) at = Math.max(first + item.min, at - reserved);
  const digits = at - first;
  if (digits < item.min || digits === 0) return -1;
  if (item.exceedsPad && start === first && digits > item.min) return -1;
  if (item.exceedsPad && start !== first && !negative && digits <= item.min) return -1;
  let value = Number(text.slice(first, at));
  if (!Number.isSafeInteger(value)) return -1;
  if (negative) value = -value;
  if (item.reduced) value += 2000;
  if (item.field === "hour24") fields.hour = value === 24 ? 0 : value > 24 || value < 1 ? -1 : value;
  else if (item.field === "hour12of") fields.hour12 = value === 12 ? 0 : value > 12 || value < 1 ? -1 : value;
  else fields[item.field] = value;
  return at;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

function parseText(
  field: Extract<PatternItem, { kind: "text" }>["field"],
  choices: readonly string[],
  text: string,
  at: number,
  fields: Fields,
): number {
  const rest = text.slice(at).toLowerCase();
  let best = -1;
  choices.forEach((choice, i) => {
    if (rest.startsWith(choice.toLowerCase()) && choice.length > (choices[best]?.length ?? 0)) best = i;
  });
  if (best < 0) return -1;
  if (field === "month") fields.month = best + 1;
  else if (field === "dayOfWeek") fields.dayOfWeek = best;
  else if (field === "amPm") fields.amPm = best;
  else if (field === "era") fields.era = best;
  else fields.quarter = best + 1;
  return at + (choices[best] as string).length;
}

function parseOffsetItem(
  item: Extract<PatternItem, { kind: "offset" }>,
  text: string,
  start: number,
  fields: Fields,
): number {
  let at = start;
  if (item.prefix !== "") {
    if (text.slice(at, at + 3).toUpperCase() !== "GMT") return -1;
    at += 3;
  } else if (item.zero !== "" && text.slice(at, at + item.zero.length).toUpperCase() === item.zero) {
    const zone = findTimeZone("Z");
    if (zone !== undefined) fields.zone = zone;
    return at + item.zero.length;
  }
  const match = item.regex.exec(text.slice(at));
  if (match === null) {
    if (item.prefix === "") return -1;
    const zone = findTimeZone("Z");
    if (zone !== undefined) fields.zone = zone;
    return at;
  }
  const [hours, minutes = "00", seconds = "00"] = match.slice(2);
  const zone = findTimeZone(`${match[1]}${(hours ?? "0").padStart(2, "0")}:${minutes}:${seconds}`);
  if (zone === undefined) return -1;
  fields.zone = zone;
  return at + match[0].length;
}

function parseZone(text: string, at: number, fields: Fields): number {
  const match = /^(?:[A-Za-z][A-Za-z0-9~/._+-]*(?::\d{2})?|[+-]\d{1,2}(?::?\d{2}(?::?\d{2})?)?|Z)/.exec(
    text.slice(at),
  );
  if (match === null) return -1;
  const named = /^(?:UTC|GMT|UT)(?=[+-])/i.exec(match[0]);
  const offset =
    named === null
      ? ""
      : (/^[+-]\d{2}(?::?\d{2}(?::?\d{2})?)?/.exec(match[0].slice(named[0].length))?.[0] ?? "");
  if (named !== null && offset === "") return -1;
  // The longest beginning that names a zone.
  for (let length = match[0].length; length > 0; length--) {
    const zone = findTimeZone(match[0].slice(0, length));
    if (zone !== undefined) {
      fields.zone = zone;
      return at + length;
    }
  }
  return -1;
}

/** Strict: a date must exist, and what is said twice must agree. */
function resolve(fields: Fields): ParsedDateTime | undefined {
  let year = fields.year ?? 1970;
  if (fields.era === 0) year = 1 - year;
  let epochDay: number;
  if (fields.dayOfYear !== undefined && fields.month === undefined && fields.day === undefined) {
    if (fields.dayOfYear < 1 || fields.dayOfYear > (isLeapYear(year) ? 366 : 365)) return undefined;
    epochDay = daysFromCivil(year, 1, 1) + fields.dayOfYear - 1;
  } else {
    const month = fields.month ?? (fields.quarter === undefined ? 1 : fields.quarter * 3 - 2);
    const day = fields.day ?? 1;
    if (!isValidCivil(year, month, day)) return undefined;
    epochDay = daysFromCivil(year, month, day);
    if (fields.dayOfYear !== undefined && daysFromCivil(year, 1, 1) + fields.dayOfYear - 1 !== epochDay)
      return undefined;
  }
  if (fields.dayOfWeek !== undefined && (((epochDay + 3) % 7) + 7) % 7 !== fields.dayOfWeek) return undefined;
  let hour = fields.hour;
  if (hour === undefined && fields.hour12 !== undefined) {
    if (fields.hour12 < 0 || fields.hour12 > 11) return undefined;
    hour = fields.hour12 + 12 * (fields.amPm ?? 0);
  }
  const { minute = 0, second = 0, nanos = 0 } = fields;
  hour ??= 0;
  if (hour < 0 || hour > 23 || minute > 59 || second > 59) return undefined;
  const seconds = hour * 3600 + minute * 60 + second;
  const microsOfDay = BigInt(seconds) * 1_000_000n + BigInt(Math.floor(nanos / 1000));
  return fields.zone === undefined ? { epochDay, microsOfDay } : { epochDay, microsOfDay, zone: fields.zone };
}

/** An instant in a zone through a pattern. */
export function formatInstant(micros: bigint, pattern: DateTimePattern, zone: TimeZone): string {
  const seconds = Number(floorDivMod(micros, 1_000_000n)[0]);
  return pattern.format(instantToLocalMicros(micros, zone), zone, seconds);
}
