import { floorDivMod, formatDays, MICROS_PER_DAY } from "../../types/civil.ts";
import type { DataType } from "../../types/data-type.ts";
import type { DateTimePattern } from "../../types/datetime-pattern.ts";
import { formatInstant } from "../../types/datetime-pattern.ts";
import { type TimeZone, timeZone } from "../../types/time-zone.ts";
import type { Decimal, LocalDate, LocalTimestamp, Timestamp } from "../../types/values.ts";
import { doubleText, floatText } from "../number-text.ts";
import { readingPattern } from "./datetime-values.ts";

const DATE_PATTERN = "yyyy-MM-dd";

/** Values as text files have them. */
export interface ValueTexts {
  /** The text of a plain value that is not null. */
  text(value: unknown, type: DataType): string;
}

/** By the options of Spark's writers. */
export function valueTexts(options: Readonly<Record<string, string>>, zone: string): ValueTexts {
  const utc = timeZone("UTC");
  const own = timeZone(zone);
  const pattern = (text: string): DateTimePattern => readingPattern(text, options.locale, false);
  const date = pattern(options.dateformat ?? DATE_PATTERN);
  const plainDates = options.dateformat === undefined;
  const timestamp = options.timestampformat === undefined ? undefined : pattern(options.timestampformat);
  const ntz = options.timestampntzformat === undefined ? undefined : pattern(options.timestampntzformat);
  return {
    text: (value, type) => {
      switch (type.kind) {
        case "float":
          return floatText(value as number);
        case "double":
          return doubleText(value as number);
        case "decimal":
          return javaDecimalText(value as Decimal);
        case "date": {
          const days = (value as LocalDate).epochDay;
          return plainDates ? formatDays(days) : atMidnight(days, date, utc);
        }
        case "timestamp":
          return timestamp === undefined
            ? isoInstant((value as Timestamp).epochMicros, own)
            : formatInstant((value as Timestamp).epochMicros, timestamp, own);
        case "timestamp_ntz":
          return ntz === undefined
            ? isoMillis((value as LocalTimestamp).localMicros)
            : formatInstant((value as LocalTimestamp).localMicros, ntz, utc);
        default:
          return String(value);
      }
    },
  };
}

/** As the pattern `yyyy-MM-dd'T'HH:mm:ss[.SSS]`, which is what Spark writes if it is not told otherwise. */
function isoMillis(micros: bigint): string {
  const [days, ofDay] = floorDivMod(micros, MICROS_PER_DAY);
  const millis = Math.floor(Number(ofDay) / 1000);
  const seconds = Math.floor(millis / 1000);
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${formatDays(Number(days))}T${clock}.${String(millis % 1000).padStart(3, "0")}`;
}

/** The same with the offset, `XXX`. */
function isoInstant(micros: bigint, zone: TimeZone): string {
  const offset = zone.offsetAt(Number(floorDivMod(micros, 1_000_000n)[0]));
  const minutes = Math.floor(Math.abs(offset) / 60);
  const shown =
    offset === 0 ? "Z" : `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  return isoMillis(micros + BigInt(offset) * 1_000_000n) + shown;
}

function two(n: number): string {
  return n < 10 ? `0${n}` : `${n}`;
}

function atMidnight(days: number, pattern: DateTimePattern, utc: TimeZone): string {
  return formatInstant(BigInt(days) * 86_400_000_000n, pattern, utc);
}

/** As Java's `BigDecimal.toString`: small numbers of a large scale have an exponent. */
export function javaDecimalText(value: Decimal): string {
  const digits = (value.unscaled < 0n ? -value.unscaled : value.unscaled).toString();
  const adjusted = digits.length - 1 - value.scale;
  if (value.scale === 0 || adjusted >= -6) return value.toString();
  const mantissa = digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`;
  return `${value.unscaled < 0n ? "-" : ""}${mantissa}E${adjusted}`;
}
