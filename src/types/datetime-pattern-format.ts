import { type CivilDate, daysFromCivil, formatYear, MICROS_PER_DAY } from "./civil.ts";
import type { PatternItem } from "./datetime-pattern-items.ts";
import type { LocaleNames } from "./locale-names.ts";
import type { TimeZone } from "./time-zone.ts";

/** What a pattern formats. */
export interface Moment {
  readonly date: CivilDate;
  readonly days: number;
  readonly micros: bigint;
  readonly zone: TimeZone;
  readonly epochSeconds: number;
}

export function formatItems(items: readonly PatternItem[], moment: Moment, names: LocaleNames): string {
  let text = "";
  for (const item of items) {
    switch (item.kind) {
      case "literal":
        text += item.text;
        break;
      case "optional":
        text += formatItems(item.items, moment, names);
        break;
      case "number":
        text += formatNumber(item, moment);
        break;
      case "fraction":
        text += String(moment.micros % 1_000_000n)
          .padStart(6, "0")
          .padEnd(9, "0")
          .slice(0, item.digits);
        break;
      case "text":
        text += names.texts(item.field, item.style)[textIndex(item.field, moment)] ?? "";
        break;
      case "offset":
        text += item.format(moment.zone.offsetAt(moment.epochSeconds));
        break;
      case "zone":
        text +=
          item.style === "id" ? moment.zone.id : names.zone(moment.zone.id, item.style, moment.epochSeconds);
        break;
    }
  }
  return text;
}

function textIndex(
  field: Extract<PatternItem, { kind: "text" }>["field"],
  { date, days, micros }: Moment,
): number {
  switch (field) {
    case "month":
      return date.month - 1;
    case "dayOfWeek":
      return (((days + 3) % 7) + 7) % 7;
    case "amPm":
      return micros >= MICROS_PER_DAY / 2n ? 1 : 0;
    case "era":
      return date.year > 0 ? 1 : 0;
    case "quarter":
      return Math.floor((date.month - 1) / 3);
  }
}

function formatNumber(item: Extract<PatternItem, { kind: "number" }>, moment: Moment): string {
  const value = fieldValue(item, moment);
  if (item.reduced) return String(Math.abs(value) % 100).padStart(2, "0");
  if (item.exceedsPad && item.min === 4) return formatYear(value);
  const digits = String(Math.abs(value)).padStart(item.min, "0");
  return value < 0 ? `-${digits}` : digits;
}

function fieldValue(item: Extract<PatternItem, { kind: "number" }>, { date, days, micros }: Moment): number {
  const seconds = Number(micros / 1_000_000n);
  const hour = Math.floor(seconds / 3600);
  switch (item.field) {
    case "year":
      return item.ofEra && date.year <= 0 ? 1 - date.year : date.year;
    case "month":
      return date.month;
    case "day":
      return date.day;
    case "dayOfYear":
      return days - daysFromCivil(date.year, 1, 1) + 1;
    case "quarter":
      return Math.floor((date.month - 1) / 3) + 1;
    case "hour":
      return hour;
    case "hour24":
      return hour === 0 ? 24 : hour;
    case "hour12":
      return hour % 12;
    case "hour12of":
      return hour % 12 === 0 ? 12 : hour % 12;
    case "minute":
      return Math.floor(seconds / 60) % 60;
    case "second":
      return seconds % 60;
    case "dayOfAlignedWeek":
      return ((date.day - 1) % 7) + 1;
  }
}
