import { SparkUpgradeException } from "../../errors/spark-error.ts";
import { daysFromCivil, isValidCivil, MICROS_PER_DAY } from "../../types/civil.ts";
import { type DateTimePattern, dateTimePattern, type ParsedDateTime } from "../../types/datetime-pattern.ts";
import { PatternError } from "../../types/datetime-pattern-items.ts";
import { parseDateText, parseInstantText, parseTimestampText } from "../../types/datetime-text.ts";
import { localToInstantMicros, type TimeZone } from "../../types/time-zone.ts";

/** Readers of dates and times in text files; undefined for what cannot be read. */
export interface DateTimeValues {
  /** Days. */
  date(text: string): number | undefined;
  /** Microseconds of the instant. */
  timestamp(text: string): number | bigint | undefined;
  /** Microseconds of the clock's reading; a text with a zone is none. */
  timestampNtz(text: string): number | bigint | undefined;
}

export interface DateTimeOptions {
  readonly dateFormat?: string;
  readonly timestampFormat?: string;
  readonly timestampNtzFormat?: string;
  readonly locale?: string;
  readonly zone: TimeZone;
}

/** The readers of times that a reader's options ask for. */
export function timesOf(options: Omit<DateTimeOptions, "zone">, zone: TimeZone): DateTimeValues {
  const { dateFormat, timestampFormat, timestampNtzFormat, locale } = options;
  return dateTimeValues({
    zone,
    ...(dateFormat === undefined ? {} : { dateFormat }),
    ...(timestampFormat === undefined ? {} : { timestampFormat }),
    ...(timestampNtzFormat === undefined ? {} : { timestampNtzFormat }),
    ...(locale === undefined ? {} : { locale }),
  });
}

export function dateTimeValues(options: DateTimeOptions): DateTimeValues {
  const pattern = (text: string | undefined): DateTimePattern | undefined =>
    text === undefined ? undefined : readingPattern(text, options.locale);
  const datePattern = pattern(options.dateFormat);
  const timestampPattern = pattern(options.timestampFormat);
  const ntzPattern = pattern(options.timestampNtzFormat);
  const { zone } = options;
  return {
    date: (text) => {
      if (datePattern === undefined) return isoDate(text) ?? parseDateText(text);
      return datePattern.parse(text)?.epochDay;
    },
    timestamp: (text) => {
      if (timestampPattern === undefined) {
        const iso = isoTimestamp(text);
        if (iso === undefined) return parseInstantText(text, zone);
        if (iso.utc || zone.id === "UTC") return iso.micros;
        return localToInstantMicros(BigInt(iso.micros), zone);
      }
      const parsed = timestampPattern.parse(text);
      return parsed && localToInstantMicros(localMicros(parsed), parsed.zone ?? zone);
    },
    timestampNtz: (text) => {
      if (ntzPattern === undefined) {
        const iso = isoTimestamp(text);
        return iso === undefined ? withoutZone(text) : iso.utc ? undefined : iso.micros;
      }
      const parsed = ntzPattern.parse(text);
      return parsed === undefined || parsed.zone !== undefined ? undefined : localMicros(parsed);
    },
  };
}

/** Compiles a pattern; one that Spark refuses is Spark's error. */
export function readingPattern(pattern: string, locale?: string, parsing = true): DateTimePattern {
  try {
    return dateTimePattern(pattern, { parsing, ...(locale === undefined ? {} : { locale }) });
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new SparkUpgradeException({
      condition:
        error.reason === "weekBased"
          ? "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_WEEK_BASED_PATTERN"
          : "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION",
      messageParameters: {
        ...(error.reason === "weekBased" ? { c: error.letter ?? "" } : {}),
        pattern: `'${pattern}'`,
        config: '"spark.sql.legacy.timeParserPolicy"',
        docroot: "https://spark.apache.org/docs/latest",
      },
    });
  }
}

function localMicros(parsed: ParsedDateTime): bigint {
  return BigInt(parsed.epochDay) * MICROS_PER_DAY + parsed.microsOfDay;
}

function withoutZone(text: string): bigint | undefined {
  let hasDate = true;
  const parsed = parseTimestampText(text, () => {
    hasDate = false;
    return 0;
  });
  return parsed === undefined || parsed.zone !== undefined || !hasDate ? undefined : parsed.localMicros;
}

/** `yyyy-MM-dd` exactly: what nearly every file has, without a regular expression. */
export function isoDate(text: string): number | undefined {
  if (text.length !== 10 || text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return undefined;
  const [year, month, day] = [digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10)];
  return year >= 0 && isValidCivil(year, month, day) ? daysFromCivil(year, month, day) : undefined;
}

function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/**
 * `yyyy-MM-dd HH:mm:ss`, with a T for the space, with up to six digits of a fraction and with a Z: what nearly every
 * file has. Undefined for anything else, which may still be a timestamp.
 */
function isoTimestamp(text: string): { readonly micros: number; readonly utc: boolean } | undefined {
  if (text.length < 19 || text.length > 27) return undefined;
  const between = text.charCodeAt(10);
  if ((between !== 32 && between !== 84) || text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58)
    return undefined;
  const days = isoDate(text.slice(0, 10));
  const [hour, minute, second] = [digits(text, 11, 13), digits(text, 14, 16), digits(text, 17, 19)];
  if (days === undefined || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
    return undefined;
  }
  const utc = text.charCodeAt(text.length - 1) === 90;
  const end = utc ? text.length - 1 : text.length;
  let fraction = 0;
  if (end > 19) {
    if (text.charCodeAt(19) !== 46 || end > 26) return undefined;
    fraction = digits(text, 20, end);
    if (fraction < 0 || end === 20) return undefined;
    fraction *= 10 ** (26 - end);
  }
  const micros = (days * 86_400 + hour * 3600 + minute * 60 + second) * 1e6 + fraction;
  return Number.isSafeInteger(micros) ? { micros, utc } : undefined;
}
