import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { MICROS_PER_DAY } from "./civil.ts";
import { dateTimePattern, formatInstant } from "./datetime-pattern.ts";
import { PatternError } from "./datetime-pattern-items.ts";
import { parseInstantText } from "./datetime-text.ts";
import { localToInstantMicros, timeZone } from "./time-zone.ts";
import { Timestamp } from "./values.ts";

type Recorded = readonly ["formats" | "parses", string, string, string | { readonly condition: string }];

const recorded = JSON.parse(
  readFileSync(new URL("../../e2e/spark/readers/patterns.json", import.meta.url), "utf8"),
) as readonly Recorded[];
const zone = timeZone("America/Los_Angeles");

const CONDITIONS = {
  recognition: "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION",
  weekBased: "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_WEEK_BASED_PATTERN",
  illegalCharacter: "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER",
  suggestion: "INVALID_DATETIME_PATTERN.WITH_SUGGESTION",
} as const;

function formatted(pattern: string, moment: string): unknown {
  try {
    return formatInstant(parseInstantText(moment, zone) as bigint, dateTimePattern(pattern), zone);
  } catch (error) {
    if (error instanceof PatternError) return { condition: CONDITIONS[error.reason] };
    throw error;
  }
}

function parsed(pattern: string, text: string): unknown {
  try {
    const found = dateTimePattern(pattern, { parsing: true }).parse(text);
    if (found === undefined) return { condition: "CANNOT_PARSE_TIMESTAMP" };
    const local = BigInt(found.epochDay) * MICROS_PER_DAY + found.microsOfDay;
    return new Timestamp(localToInstantMicros(local, found.zone ?? zone)).toString(zone.id);
  } catch (error) {
    if (error instanceof PatternError) return { condition: CONDITIONS[error.reason] };
    throw error;
  }
}

describe("patterns", () => {
  it.each(recorded.filter((r) => r[0] === "formats").map((r) => r.slice(1)))(
    "format %s of %s",
    (pattern, moment, wanted) => {
      expect(formatted(pattern as string, moment as string)).toEqual(wanted);
    },
  );

  it.each(recorded.filter((r) => r[0] === "parses").map((r) => r.slice(1)))(
    "parse %s of %s",
    (pattern, text, wanted) => {
      expect(parsed(pattern as string, text as string)).toEqual(wanted);
    },
  );
});
