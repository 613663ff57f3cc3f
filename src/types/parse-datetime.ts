import { daysFromCivil, floorDivMod, isValidCivil, MICROS_PER_DAY } from "./civil.ts";
import { findTimeZone, instantToLocalMicros, localToInstantMicros, type TimeZone } from "./time-zone.ts";

const DATE = /^([+-]?)(\d{4,7})(?:-(\d{1,2})(?:-(\d{1,2})(?:[ T].*)?)?)?$/s;
const TIMESTAMP =
  /^(?:([+-]?)(\d{4,6})(?:-(\d{1,2})(?:-(\d{1,2})(?:[ T](\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:(\.)(\d*))?(.*))?)?)?)?)?|T?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:(\.)(\d*))?(.*))?)$/s;
const TIME = /^T?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d*))?)?\s*(am|pm)?$/i;
const SPECIAL = /^(epoch|now|today|tomorrow|yesterday)(?:\s*(\S.*))?$/is;

const INT_MAX = 2 ** 31 - 1;
const LONG_MAX = 2n ** 63n - 1n;

/** Days of a date as Spark reads it: `2020`, `2020-1`, `2020-1-1`, and whatever follows a blank or `T` after a day. */
export function parseDateText(text: string): number | undefined {
  const match = DATE.exec(text.trim());
  if (match === null) return undefined;
  const [, sign, year, month, day] = match;
  return dateOf(sign, year as string, month, day);
}

function dateOf(
  sign: string | undefined,
  yearText: string,
  monthText?: string,
  dayText?: string,
): number | undefined {
  const year = sign === "-" ? -Number(yearText) : Number(yearText);
  const month = Number(monthText ?? 1);
  const day = Number(dayText ?? 1);
  if (!isValidCivil(year, month, day)) return undefined;
  const days = daysFromCivil(year, month, day);
  return days > INT_MAX || days < -INT_MAX - 1 ? undefined : days;
}

/** A timestamp's text, taken apart: the wall clock it shows, and its zone if it names one. */
export interface TimestampText {
  /** Microseconds of the wall clock, as if in UTC. */
  readonly localMicros: bigint;
  readonly zone?: TimeZone;
  /** Only a time of day was given: the date is today's. */
  readonly justTime: boolean;
}

export function splitTimestampText(text: string): TimestampText | undefined {
  const match = TIMESTAMP.exec(text.trim());
  if (match === null) return undefined;
  const justTime = match[2] === undefined;
  const [hour, minute, second, point, fraction, zoneText] = justTime
    ? match.slice(11, 17)
    : match.slice(5, 11);
  const days = justTime ? 0 : dateOf(match[1], match[2] as string, match[3], match[4]);
  const micros = timeOf(hour, minute, second, fraction);
  if (days === undefined || micros === undefined) return undefined;
  const name = zoneText?.trim() ?? "";
  if (name !== "" && point === undefined && /^\d/.test(name)) return undefined;
  const zone = name === "" ? undefined : zoneOf(name);
  if (name !== "" && zone === undefined) return undefined;
  return {
    localMicros: BigInt(days) * MICROS_PER_DAY + micros,
    justTime,
    ...(zone === undefined ? {} : { zone }),
  };
}

function timeOf(hour = "0", minute = "0", second = "0", fraction = ""): bigint | undefined {
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  if (h > 23 || m > 59 || s > 59) return undefined;
  return BigInt((h * 60 + m) * 60 + s) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, "0"));
}

/** A zone as Spark's texts name it: `+1:00`, `-0:30`, `UTC+1`, `PST`, `Europe/Berlin`. */
export function zoneOf(name: string): TimeZone | undefined {
  return findTimeZone(name.trim().replace(/^((?:UTC|GMT|UT)?[+-])(\d)(?=:|$)/, "$10$2"));
}

/** Microseconds since the epoch of a timestamp's text; a text without a zone is in the session's. */
export function parseTimestampText(
  text: string,
  sessionZone: TimeZone,
  nowMicros?: bigint,
): bigint | undefined {
  const parts = splitTimestampText(text);
  if (parts === undefined) return undefined;
  const zone = parts.zone ?? sessionZone;
  const date = parts.justTime ? startOfDay(nowMicros ?? currentMicros(), zone) : 0n;
  const instant = localToInstantMicros(parts.localMicros + date, zone);
  return fits(instant) ? instant : undefined;
}

/** Microseconds of the wall clock of a timestamp without zone. A zone in the text is refused or left out. */
export function parseTimestampNtzText(text: string, allowZone = true): bigint | undefined {
  const parts = splitTimestampText(text);
  if (parts === undefined || parts.justTime) return undefined;
  if (!allowZone && parts.zone !== undefined) return undefined;
  return fits(parts.localMicros) ? parts.localMicros : undefined;
}

/** Nanoseconds since midnight of `1:02`, `12:34:56.789`, `1:00 PM`, and the digits of the fraction (6 at least). */
export function parseTimeText(
  text: string,
): { readonly nanos: bigint; readonly precision: number } | undefined {
  const match = TIME.exec(text.trim());
  if (match === null) return undefined;
  const [, hourText, minute, second, fraction = "", half] = match;
  let hour = Number(hourText);
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
  }
  const whole = timeOf(String(hour), minute, second);
  if (whole === undefined) return undefined;
  return {
    nanos: whole * 1000n + BigInt(fraction.slice(0, 9).padEnd(9, "0")),
    precision: Math.max(6, fraction.length),
  };
}

/** `epoch`, `now`, `today`, `tomorrow`, `yesterday` in literals of dates: days. */
export function specialDate(text: string, sessionZone: TimeZone, nowMicros?: bigint): number | undefined {
  const special = specialMoment(text, sessionZone);
  if (special === undefined) return undefined;
  if (special.word === "epoch") return 0;
  const today = startOfDay(nowMicros ?? currentMicros(), special.zone) / MICROS_PER_DAY;
  return Number(today) + dayOffset(special.word);
}

/** The same in literals of timestamps: microseconds since the epoch, or of the wall clock when `local`. */
export function specialTimestamp(
  text: string,
  sessionZone: TimeZone,
  local: boolean,
  nowMicros?: bigint,
): bigint | undefined {
  const special = specialMoment(text, sessionZone);
  if (special === undefined) return undefined;
  if (special.word === "epoch") return 0n;
  const now = nowMicros ?? currentMicros();
  if (special.word === "now") return local ? instantToLocalMicros(now, special.zone) : now;
  const day = startOfDay(now, special.zone) + BigInt(dayOffset(special.word)) * MICROS_PER_DAY;
  return local ? day : localToInstantMicros(day, special.zone);
}

function specialMoment(text: string, sessionZone: TimeZone): { word: string; zone: TimeZone } | undefined {
  const match = SPECIAL.exec(text.trim());
  if (match === null) return undefined;
  const zone = match[2] === undefined ? sessionZone : zoneOf(match[2]);
  return zone === undefined ? undefined : { word: (match[1] as string).toLowerCase(), zone };
}

function dayOffset(word: string): number {
  return word === "tomorrow" ? 1 : word === "yesterday" ? -1 : 0;
}

/** Midnight of the day that the zone's clocks show, as microseconds of the wall clock. */
function startOfDay(instantMicros: bigint, zone: TimeZone): bigint {
  return floorDivMod(instantToLocalMicros(instantMicros, zone), MICROS_PER_DAY)[0] * MICROS_PER_DAY;
}

function currentMicros(): bigint {
  return BigInt(Date.now()) * 1000n;
}

function fits(micros: bigint): boolean {
  return micros <= LONG_MAX && micros >= -LONG_MAX - 1n;
}
