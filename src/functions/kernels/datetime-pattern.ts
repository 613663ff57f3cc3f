import { sparkError } from "../../errors/spark-error.ts";
import { type DateTimePattern, dateTimePattern, formatInstant } from "../../types/datetime-pattern.ts";
import { PatternError } from "../../types/datetime-pattern-items.ts";
import { localToInstantMicros, timeZone } from "../../types/time-zone.ts";
import type { Kernel } from "../kernel.ts";

function pattern(text: string, parsing: boolean): DateTimePattern {
  try {
    return dateTimePattern(text, { parsing });
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    if (error.reason === "weekBased") {
      throw sparkError("SparkUpgradeException", {
        condition: "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_WEEK_BASED_PATTERN",
        messageParameters: { c: error.letter ?? "" },
      });
    }
    if (error.reason === "illegalCharacter") {
      throw sparkError("IllegalArgumentException", {
        condition: "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER",
        messageParameters: { c: error.letter ?? "", pattern: text },
      });
    }
    throw sparkError("SparkUpgradeException", {
      condition: "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION",
      messageParameters: {
        pattern: `'${text}'`,
        config: '"spark.sql.legacy.timeParserPolicy"',
        docroot: "https://spark.apache.org/docs/latest",
      },
    });
  }
}

/** Microseconds of the instant (or, in the zone `ntz`, of the wall clock) that a text shows; null when it does not fit. */
function parse(text: string, format: string, zone: string, suggest: string): string | null {
  const found = pattern(format, true).parse(text);
  if (found === undefined) {
    if (suggest === "") return null;
    throw sparkError("DateTimeException", {
      condition: "CANNOT_PARSE_TIMESTAMP",
      messageParameters: { func: `\`${suggest}\``, message: `Text '${text}' could not be parsed at index 0` },
    });
  }
  const local = BigInt(found.epochDay) * 86_400_000_000n + found.microsOfDay;
  if (zone === "ntz") return local.toString();
  return localToInstantMicros(local, found.zone ?? timeZone(zone)).toString();
}

export const DATETIME_PATTERN_KERNELS: readonly Kernel[] = [
  {
    name: "format_datetime",
    args: ["string", "string", "string"],
    result: "string",
    call: (micros, format, zone) =>
      formatInstant(BigInt(micros as string), pattern(format as string, false), timeZone(zone as string)),
  },
  {
    name: "parse_datetime",
    args: ["string", "string", "string", "string"],
    result: "string",
    call: (text, format, zone, suggest) =>
      parse(text as string, format as string, zone as string, suggest as string),
  },
];
