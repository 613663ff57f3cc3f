import { doubleText, floatText } from "../../functions/number-text.ts";
import { formatDays } from "../../types/civil.ts";
import type { DataType } from "../../types/data-type.ts";
import type { DateTimePattern } from "../../types/datetime-pattern.ts";
import { formatInstant } from "../../types/datetime-pattern.ts";
import { type TimeZone, timeZone } from "../../types/time-zone.ts";
import type { Decimal, LocalDate, LocalTimestamp, Timestamp } from "../../types/values.ts";
import { readingPattern } from "../text/datetime-values.ts";

const TIMESTAMP_PATTERN = "yyyy-MM-dd'T'HH:mm:ss[.SSS][XXX]";
const TIMESTAMP_NTZ_PATTERN = "yyyy-MM-dd'T'HH:mm:ss[.SSS]";
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
  const timestamp = pattern(options.timestampformat ?? TIMESTAMP_PATTERN);
  const ntz = pattern(options.timestampntzformat ?? TIMESTAMP_NTZ_PATTERN);
  const plainDates = options.dateformat === undefined;
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
          return formatInstant((value as Timestamp).epochMicros, timestamp, own);
        case "timestamp_ntz":
          return formatInstant((value as LocalTimestamp).localMicros, ntz, utc);
        default:
          return String(value);
      }
    },
  };
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
