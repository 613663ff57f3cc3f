import type { TextField } from "./datetime-pattern-items.ts";
import { timeZone } from "./time-zone.ts";

/** Names of months, days and the like in a language. */
export interface LocaleNames {
  /** Months from January, days from Monday, AM and PM, before and after year one. */
  texts(field: TextField, style: "short" | "long"): readonly string[];
  zone(id: string, style: "short" | "long", epochSeconds: number): string;
}

const known = new Map<string, LocaleNames>();

/** Names by a language tag (`en-US`, `fr_FR`); English ones are Java's. */
export function localeNames(tag: string): LocaleNames {
  const locale = tag.replace(/_/g, "-");
  const names = known.get(locale) ?? new IntlNames(locale);
  known.set(locale, names);
  return names;
}

class IntlNames implements LocaleNames {
  readonly #locale: string;
  readonly #lists = new Map<string, readonly string[]>();

  constructor(locale: string) {
    this.#locale = locale;
  }

  texts(field: TextField, style: "short" | "long"): readonly string[] {
    const key = `${field} ${style}`;
    const list = this.#lists.get(key) ?? this.#make(field, style);
    this.#lists.set(key, list);
    return list;
  }

  #make(field: TextField, style: "short" | "long"): readonly string[] {
    const part = (options: Intl.DateTimeFormatOptions, type: string, date: Date): string => {
      const format = new Intl.DateTimeFormat(this.#locale, { timeZone: "UTC", ...options });
      return format.formatToParts(date).find((p) => p.type === type)?.value ?? "";
    };
    const list = (
      count: number,
      date: (i: number) => Date,
      type: string,
      options: Intl.DateTimeFormatOptions,
    ) => Array.from({ length: count }, (_, i) => part(options, type, date(i)));
    switch (field) {
      case "month": {
        // With a day beside it, languages that decline use the form that stands in a date, as Java does for M.
        return list(12, (i) => new Date(Date.UTC(2001, i, 15)), "month", { month: style, day: "numeric" });
      }
      case "dayOfWeek":
        return list(7, (i) => new Date(Date.UTC(2001, 0, 1 + i)), "weekday", { weekday: style });
      case "amPm":
        return list(2, (i) => new Date(Date.UTC(2001, 0, 1, 12 * i)), "dayPeriod", {
          hour: "numeric",
          hour12: true,
        });
      case "era":
        return list(2, (i) => new Date(Date.UTC(i === 0 ? -1000 : 2001, 0, 1)), "era", { era: style });
      case "quarter":
        return style === "short"
          ? ["Q1", "Q2", "Q3", "Q4"]
          : ["1st quarter", "2nd quarter", "3rd quarter", "4th quarter"];
    }
  }

  zone(id: string, style: "short" | "long", epochSeconds: number): string {
    if (/^(Z|[+-].*)$/.test(id)) return id;
    try {
      const format = new Intl.DateTimeFormat(this.#locale, { timeZone: id, timeZoneName: style });
      const parts = format.formatToParts(namedSecond(id, epochSeconds) * 1000);
      return parts.find((p) => p.type === "timeZoneName")?.value ?? id;
    } catch {
      return id;
    }
  }
}

const JULY_1970 = 15_638_400;

/** `Intl` names zones from 1970 on; for what was before, a time of that year when the clocks were set alike. */
function namedSecond(id: string, epochSeconds: number): number {
  if (epochSeconds >= 0) return epochSeconds;
  const zone = timeZone(id);
  return zone.offsetAt(epochSeconds) === zone.offsetAt(JULY_1970) ? JULY_1970 : 0;
}
