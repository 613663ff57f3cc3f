import type { LiteralValue } from "../plan/expression.ts";
import { CALENDAR_INTERVAL, type DataType } from "../types/data-type.ts";
import {
  type CalendarIntervalParts,
  durationMicros,
  parseDayTimeText,
  parseIntervalText,
  parseYearMonthText,
  type TextProblem,
} from "../types/parse-interval.ts";
import type { ParseOptions } from "./parse-options.ts";
import type { TokenKind } from "./tokens.ts";

const YEAR_MONTH = ["YEAR", "MONTH"];
const DAY_TIME = ["DAY", "HOUR", "MINUTE", "SECOND"];
const UNITS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "NANOSECOND",
  "NANOSECONDS",
  "MICROSECOND",
  "MICROSECONDS",
  "MILLISECOND",
  "MILLISECONDS",
  "SECOND",
  "SECONDS",
  "MINUTE",
  "MINUTES",
  "HOUR",
  "HOURS",
  "DAY",
  "DAYS",
  "WEEK",
  "WEEKS",
  "MONTH",
  "MONTHS",
  "YEAR",
  "YEARS",
]);
const RANGE_UNITS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "SECOND",
  "MINUTE",
  "HOUR",
  "DAY",
  "MONTH",
  "YEAR",
]);

/** The token after the value that begins at an index, or -1 when no value does. */
function valueEnd(kinds: readonly TokenKind[], index: number): number {
  let at = index;
  if (kinds[at] === "-" || kinds[at] === "+") at++;
  const kind = kinds[at];
  if (kind === "integer" || kind === "decimal") return at + 1;
  if (kind !== "string" && kind !== "double-quoted") return -1;
  while (kinds[at] === "string" || kinds[at] === "double-quoted") at++;
  return at;
}

/** Whether INTERVAL at an index begins a literal of values and units; `INTERVAL 'text'` alone is a typed literal. */
export function atIntervalLiteral(kinds: readonly TokenKind[], index: number): boolean {
  const end = valueEnd(kinds, index + 1);
  return end !== -1 && UNITS.has(kinds[end] as TokenKind);
}

export type IntervalResult = { readonly dataType: DataType; readonly value: LiteralValue };
/** `after`: the token after INTERVAL is where the context of the error begins. */
export type IntervalProblem = TextProblem & { readonly plain?: boolean; readonly body?: boolean };

/** Collects the parts of an interval literal and makes its value. */
export class IntervalReader {
  readonly #options: ParseOptions;
  readonly #units: string[] = [];
  #text = "";
  #problem: IntervalProblem | undefined;
  #range: IntervalResult | undefined;
  isRange = false;

  constructor(options: ParseOptions) {
    this.#options = options;
  }

  startsAt(kinds: readonly TokenKind[], index: number): boolean {
    const end = valueEnd(kinds, index);
    return end !== -1 && UNITS.has(kinds[end] as TokenKind);
  }

  isUnitRange(kinds: readonly TokenKind[], index: number): boolean {
    return (
      kinds[index] === "TO" &&
      RANGE_UNITS.has(kinds[index + 1] as TokenKind) &&
      RANGE_UNITS.has(kinds[index - 1] as TokenKind)
    );
  }

  unit(sign: string, value: string, isString: boolean, unit: string): void {
    if (this.isRange) this.#fail({ condition: "_LEGACY_ERROR_TEMP_0024", parameters: {} });
    let number = value;
    if (isString && /\p{L}/u.test(value)) {
      this.#fail({ condition: "_LEGACY_ERROR_TEMP_0026", parameters: { value }, body: true });
    }
    if (sign === "-") number = value.startsWith("-") ? value.slice(1) : `-${value}`;
    this.#text += ` ${number} ${unit}`;
    this.#units.push(unit.toUpperCase());
  }

  range(sign: string, value: string, isString: boolean, from: string, to: string): void {
    if (this.isRange || this.#units.length > 0)
      this.#fail({ condition: "_LEGACY_ERROR_TEMP_0024", parameters: {} });
    this.isRange = true;
    if (!isString) {
      this.#fail({ condition: "_LEGACY_ERROR_TEMP_0027", parameters: {}, body: true });
      return;
    }
    const signed =
      sign === "-" ? (value.startsWith("-") ? value.slice(1) : `-${value.replace(/^\s*\+/, "")}`) : value;
    const result = this.#rangeValue(signed, from.toUpperCase(), to.toUpperCase(), value);
    if ("condition" in result) this.#fail({ ...result, body: true });
    else this.#range = result;
  }

  #rangeValue(text: string, from: string, to: string, input: string): IntervalResult | TextProblem {
    const yearMonth = from === "YEAR" && to === "MONTH";
    const start = DAY_TIME.indexOf(from);
    const end = DAY_TIME.indexOf(to);
    if (yearMonth) {
      const months = parseYearMonthText(text, 0, 1);
      if (typeof months !== "number") return months;
      return (
        this.#legacy({ months, days: 0, microseconds: 0n }) ?? {
          dataType: yearMonthType(0, 1),
          value: months,
        }
      );
    }
    if (start === -1 || end <= start) {
      return {
        condition: "INVALID_INTERVAL_FORMAT.UNSUPPORTED_FROM_TO_EXPRESSION",
        parameters: { input, from: from.toLowerCase(), to: to.toLowerCase() },
      };
    }
    const micros = parseDayTimeText(text, start, end);
    if (typeof micros !== "bigint") return micros;
    const days = micros / 86_400_000_000n;
    const parts = { months: 0, days: Number(days), microseconds: micros - days * 86_400_000_000n };
    return this.#legacy(parts) ?? { dataType: dayTimeType(start, end), value: micros };
  }

  #legacy(value: CalendarIntervalParts): IntervalResult | undefined {
    return this.#options.legacyInterval === true ? { dataType: CALENDAR_INTERVAL, value } : undefined;
  }

  #fail(problem: IntervalProblem): void {
    this.#problem ??= problem;
  }

  finish(literalText: string): IntervalResult | IntervalProblem {
    if (this.#problem !== undefined) return this.#problem;
    if (this.#range !== undefined) return this.#range;
    const parts = parseIntervalText(this.#text);
    if ("condition" in parts) return { ...parts, plain: true };
    return this.#legacy(parts) ?? intervalOfUnits(parts, this.#units, literalText);
  }
}

/** The literal of a sum of units: the type spans the units that were named. */
export function intervalOfUnits(
  parts: CalendarIntervalParts,
  units: readonly string[],
  literal: string,
): IntervalResult | IntervalProblem {
  const fields = units.map((unit) => unit.toUpperCase().replace(/S$/, ""));
  const yearMonths = fields.map((f) => YEAR_MONTH.indexOf(f)).filter((i) => i !== -1);
  const dayTimes = fields
    .filter((f) => !YEAR_MONTH.includes(f))
    .map((f) => (f === "WEEK" ? 0 : DAY_TIME.includes(f) ? DAY_TIME.indexOf(f) : 3));
  if (yearMonths.length > 0 && dayTimes.length > 0) {
    return { condition: "_LEGACY_ERROR_TEMP_0029", parameters: { literal } };
  }
  if (yearMonths.length > 0) {
    return { dataType: yearMonthType(Math.min(...yearMonths), Math.max(...yearMonths)), value: parts.months };
  }
  const micros = durationMicros(parts);
  if (micros === undefined) {
    return { condition: "INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION", parameters: {}, plain: true };
  }
  return { dataType: dayTimeType(Math.min(...dayTimes), Math.max(...dayTimes)), value: micros };
}

function yearMonthType(start: number, end: number): DataType {
  return { kind: "year_month_interval", start: start as 0 | 1, end: end as 0 | 1 };
}

function dayTimeType(start: number, end: number): DataType {
  return { kind: "day_time_interval", start: start as 0 | 1 | 2 | 3, end: end as 0 | 1 | 2 | 3 };
}
