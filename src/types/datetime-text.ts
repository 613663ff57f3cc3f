import { daysFromCivil, floorDivMod, isValidCivil, MICROS_PER_DAY } from "./civil.ts";
import type { TimeZone } from "./time-zone.ts";
import { findTimeZone, instantToLocalMicros, localToInstantMicros } from "./time-zone.ts";

/** Spaces and control characters around a value do not count. */
const AROUND = /^[\x00-\x20\x7f]+|[\x00-\x20\x7f]+$/g;
const DATE = /^([+-]?\d{4,7})(?:-(\d{1,2})(?:-(\d{1,2})(?:[ T].*)?)?)?$/s;
const TIMESTAMP =
  /^(?:([+-]?\d{4,7})(?:-(\d{1,2})(?:-(\d{1,2}))?)?)?(?:(^|[ T])T?(?:(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d*))?(.*))?)?)?)?$/s;

/** Days since the epoch for what Spark takes for a date (`2020`, `2020-1`, `2020-01-01 anything`), or undefined. */
export function parseDateText(text: string): number | undefined {
  const match = DATE.exec(text.replace(AROUND, ""));
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2] ?? 1), Number(match[3] ?? 1)];
  return isValidCivil(year, month, day) ? daysFromCivil(year, month, day) : undefined;
}

/** What a timestamp's text says: the clock's reading, and the zone if it names one. */
export interface TimestampText {
  readonly localMicros: bigint;
  readonly zone?: TimeZone;
}

/**
 * Spark's lenient reading of a timestamp: `2020`, `2020-1-1 2:3`, `2020-01-01T01:02:03.123456789+01:00`,
 * `12:30:00 Europe/Berlin` (today, counted in `today` days). Undefined for what is none.
 */
export function parseTimestampText(
  text: string,
  today: (zone: TimeZone | undefined) => number,
): TimestampText | undefined {
  const trimmed = text.replace(AROUND, "");
  const match = TIMESTAMP.exec(trimmed);
  if (match === null || trimmed === "" || /\dT$/.test(trimmed)) return undefined;
  const [, year, month, dayOfMonth, lead, hour, minute, second, fraction, zoneText] = match;
  // A time without its date needs its minutes; a time after a date needs the whole date.
  if (year === undefined && (hour === undefined || (minute === undefined && !trimmed.startsWith("T"))))
    return undefined;
  if (year !== undefined && hour !== undefined && dayOfMonth === undefined) return undefined;
  if (year !== undefined && lead !== undefined && dayOfMonth === undefined) return undefined;
  const zoneName = zoneText?.trim() ?? "";
  const zone = zoneName === "" ? undefined : findTimeZone(normalizeOffset(zoneName));
  if (zoneName !== "" && zone === undefined) return undefined;
  let days: number;
  if (year === undefined) days = today(zone);
  else {
    const [y, m, d] = [Number(year), Number(month ?? 1), Number(dayOfMonth ?? 1)];
    if (!isValidCivil(y, m, d)) return undefined;
    days = daysFromCivil(y, m, d);
  }
  const [h, min, s] = [Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0)];
  if (h > 23 || min > 59 || s > 59) return undefined;
  const micros = BigInt((fraction ?? "").slice(0, 6).padEnd(6, "0"));
  const localMicros = BigInt(days) * MICROS_PER_DAY + BigInt(h * 3600 + min * 60 + s) * 1_000_000n + micros;
  return zone === undefined ? { localMicros } : { localMicros, zone };
}

/** `+1:3` as `+01:03`. */
function normalizeOffset(zone: string): string {
  return zone.replace(/([+-])(\d):/, "$10$2:").replace(/([+-])(\d\d):(\d)$/, "$1$2:0$3");
}

/** Microseconds of the instant that a text names, read in the session's zone unless it names its own. */
export function parseInstantText(
  text: string,
  zone: TimeZone,
  nowMicros: () => bigint = systemMicros,
): bigint | undefined {
  const parsed = parseTimestampText(text, (own) => dayOf(nowMicros(), own ?? zone));
  if (parsed === undefined) return undefined;
  const micros = localToInstantMicros(parsed.localMicros, parsed.zone ?? zone);
  return fitsLong(micros) ? micros : undefined;
}

/** Microseconds of the clock's reading that a text names; a zone in it is left aside, a time without date is none. */
export function parseLocalText(text: string): bigint | undefined {
  let hasDate = true;
  const parsed = parseTimestampText(text, () => {
    hasDate = false;
    return 0;
  });
  if (parsed === undefined || !hasDate) return undefined;
  return fitsLong(parsed.localMicros) ? parsed.localMicros : undefined;
}

function dayOf(micros: bigint, zone: TimeZone): number {
  return Number(floorDivMod(instantToLocalMicros(micros, zone), MICROS_PER_DAY)[0]);
}

function systemMicros(): bigint {
  return BigInt(Date.now()) * 1000n;
}

function fitsLong(micros: bigint): boolean {
  return BigInt.asIntN(64, micros) === micros;
}
