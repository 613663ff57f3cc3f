import { sparkError } from "../../errors/spark-error.ts";
import { formatDays, formatMicros, formatTimeOfDay } from "../../types/civil.ts";
import { parseDateText, parseInstantText, parseLocalText } from "../../types/datetime-text.ts";
import { findTimeZone, type TimeZone, timeZone } from "../../types/time-zone.ts";
import type { Kernel } from "../kernel.ts";

/** The zone that a value names. */
function namedZone(id: string): TimeZone {
  const zone = findTimeZone(id);
  if (zone !== undefined) return zone;
  throw sparkError("DateTimeException", {
    condition: "INVALID_TIMEZONE",
    messageParameters: { timeZone: id },
  });
}

/** Dates and timestamps to text and back beyond the usual form, and the offsets of zones. */
export const DATETIME_TEXT_KERNELS: readonly Kernel[] = [
  { name: "date_text", args: ["int32"], result: "string", call: (days) => formatDays(days as number) },
  {
    name: "timestamp_text",
    args: ["string"],
    result: "string",
    call: (micros) => formatMicros(BigInt(micros as string)),
  },
  {
    name: "time_text",
    args: ["string"],
    result: "string",
    call: (nanos) => formatTimeOfDay(BigInt(nanos as string), 1_000_000_000n),
  },
  {
    name: "parse_date",
    args: ["string"],
    result: "int32",
    call: (text) => parseDateText(text as string) ?? null,
  },
  {
    name: "parse_timestamp",
    args: ["string", "string"],
    result: "string",
    call: (text, zone) => parseInstantText(text as string, timeZone(zone as string))?.toString() ?? null,
  },
  {
    name: "parse_timestamp_ntz",
    args: ["string"],
    result: "string",
    call: (text) => parseLocalText(text as string)?.toString() ?? null,
  },
  {
    name: "zone_offset",
    args: ["string", "double"],
    result: "int32",
    call: (zone, seconds) => namedZone(zone as string).offsetAt(seconds as number),
  },
  {
    name: "zone_offset_local",
    args: ["string", "double"],
    result: "int32",
    call: (zone, seconds) => namedZone(zone as string).offsetAtLocal(seconds as number),
  },
  {
    name: "lossy_utf8",
    args: ["string"],
    result: "string",
    call: (hex) => new TextDecoder().decode(bytesOf(hex as string)),
  },
];

function bytesOf(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
