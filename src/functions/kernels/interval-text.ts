import { IllegalArgumentException } from "../../errors/spark-error.ts";
import { simpleString } from "../../types/format.ts";
import { CalendarInterval, DayTimeInterval, YearMonthInterval } from "../../types/interval.ts";
import {
  dayTimeForm,
  parseCalendarText,
  parseDayTimeText,
  parseYearMonthText,
  supportedForms,
  yearMonthForm,
} from "../../types/interval-text.ts";
import type { Kernel } from "../kernel.ts";

/** Intervals to text and back. The last argument of the parsers says whether to raise (1) or to give null (0). */
export const INTERVAL_TEXT_KERNELS: readonly Kernel[] = [
  {
    name: "year_month_text",
    args: ["int32", "int32", "int32"],
    result: "string",
    call: (months, start, end) =>
      new YearMonthInterval(months as number, start as 0 | 1, end as 0 | 1).toString(),
  },
  {
    name: "day_time_text",
    args: ["string", "int32", "int32"],
    result: "string",
    call: (micros, start, end) =>
      new DayTimeInterval(BigInt(micros as string), start as 0 | 1 | 2 | 3, end as 0 | 1 | 2 | 3).toString(),
  },
  {
    name: "calendar_interval_text",
    args: ["int32", "int32", "string"],
    result: "string",
    call: (months, days, micros) =>
      new CalendarInterval(months as number, days as number, BigInt(micros as string)).toString(),
  },
  {
    name: "parse_year_month",
    args: ["string", "int32", "int32", "int32"],
    result: "int32",
    call: (text, start, end, raise) => {
      const value = parseYearMonthText(text as string, start as number, end as number);
      if (typeof value === "number") return value;
      if (raise !== 1) return null;
      if (value === "range") throw parsingError(text as string, "year-month");
      const type = { kind: "year_month_interval", start: start as 0 | 1, end: end as 0 | 1 } as const;
      throw new IllegalArgumentException({
        condition: "INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING",
        messageParameters: {
          input: text as string,
          intervalStr: "year-month",
          supportedFormat: supportedForms(
            yearMonthForm(type.start, type.end),
            "yearMonth",
            type.start,
            type.end,
          ),
          typeName: simpleString(type),
        },
      });
    },
  },
  {
    name: "parse_day_time",
    args: ["string", "int32", "int32", "int32"],
    result: "string",
    call: (text, start, end, raise) => {
      const value = parseDayTimeText(text as string, start as number, end as number);
      if (typeof value === "bigint") return value.toString();
      if (raise !== 1) return null;
      if (value === "range") throw parsingError(text as string, "day-time");
      const type = {
        kind: "day_time_interval",
        start: start as 0 | 1 | 2 | 3,
        end: end as 0 | 1 | 2 | 3,
      } as const;
      throw new IllegalArgumentException({
        condition: "INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING_WITH_NOTICE",
        messageParameters: {
          input: text as string,
          intervalStr: "day-time",
          supportedFormat: supportedForms(dayTimeForm(type.start, type.end), "dayTime", type.start, type.end),
          typeName: simpleString(type),
        },
      });
    },
  },
  {
    name: "parse_calendar_interval",
    args: ["string"],
    result: "string",
    call: (text) => {
      const parts = parseCalendarText(text as string);
      return parts === undefined ? null : `${parts.months} ${parts.days} ${parts.micros}`;
    },
  },
];

function parsingError(input: string, interval: string): IllegalArgumentException {
  return new IllegalArgumentException({
    condition: "INVALID_INTERVAL_FORMAT.INTERVAL_PARSING",
    messageParameters: { input, interval },
  });
}
