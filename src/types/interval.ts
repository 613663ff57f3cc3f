import { MICROS_PER_SECOND } from "./civil.ts";

const YEAR_MONTH_FIELDS = ["YEAR", "MONTH"] as const;
const DAY_TIME_FIELDS = ["DAY", "HOUR", "MINUTE", "SECOND"] as const;

/** Months; `start` and `end` are the type's fields: 0 year, 1 month. Prints `INTERVAL '1-2' YEAR TO MONTH`. */
export class YearMonthInterval {
  readonly months: number;
  readonly start: 0 | 1;
  readonly end: 0 | 1;

  constructor(months: number, start: 0 | 1 = 0, end: 0 | 1 = 1) {
    this.months = months;
    this.start = start;
    this.end = end;
  }

  equals(other: unknown): boolean {
    return other instanceof YearMonthInterval && other.months === this.months;
  }

  toString(): string {
    const { start, end } = this;
    const absolute = Math.abs(this.months);
    const sign = this.months < 0 ? "-" : "";
    const years = Math.floor(absolute / 12);
    const text = end === 0 ? `${years}` : start === 1 ? `${absolute}` : `${years}-${absolute % 12}`;
    return `INTERVAL '${sign}${text}' ${fieldNames(YEAR_MONTH_FIELDS, start, end)}`;
  }

  toJSON(): string {
    return this.toString();
  }

  valueOf(): number {
    return this.months;
  }
}

/** Microseconds; `start` and `end` are the type's fields: 0 day, 1 hour, 2 minute, 3 second. */
export class DayTimeInterval {
  readonly micros: bigint;
  readonly start: 0 | 1 | 2 | 3;
  readonly end: 0 | 1 | 2 | 3;

  constructor(micros: bigint, start: 0 | 1 | 2 | 3 = 0, end: 0 | 1 | 2 | 3 = 3) {
    this.micros = micros;
    this.start = start;
    this.end = end;
  }

  equals(other: unknown): boolean {
    return other instanceof DayTimeInterval && other.micros === this.micros;
  }

  toString(): string {
    const { start, end } = this;
    const absolute = this.micros < 0n ? -this.micros : this.micros;
    const seconds = absolute / MICROS_PER_SECOND;
    // The first field takes all of what is above it, the rest are clock digits.
    const whole = [seconds / 86_400n, seconds / 3600n, seconds / 60n, seconds] as const;
    const rest = [seconds / 86_400n, (seconds / 3600n) % 24n, (seconds / 60n) % 60n, seconds % 60n] as const;
    let text = "";
    for (let field: number = start; field <= end; field++) {
      const value = field === start ? whole[field] : rest[field];
      const digits = field === 0 ? `${value}` : `${value}`.padStart(2, "0");
      text += field === start ? digits : `${field === 1 ? " " : ":"}${digits}`;
    }
    const fraction = absolute % MICROS_PER_SECOND;
    if (end === 3 && fraction !== 0n) text += `.${`${fraction}`.padStart(6, "0").replace(/0+$/, "")}`;
    return `INTERVAL '${this.micros < 0n ? "-" : ""}${text}' ${fieldNames(DAY_TIME_FIELDS, start, end)}`;
  }

  toJSON(): string {
    return this.toString();
  }

  valueOf(): bigint {
    return this.micros;
  }
}

/** Months, days and microseconds, none of which converts into another. Prints `1 years 2 months 3 days 4 hours`. */
export class CalendarInterval {
  readonly months: number;
  readonly days: number;
  readonly micros: bigint;

  constructor(months: number, days: number, micros: bigint) {
    this.months = months;
    this.days = days;
    this.micros = micros;
  }

  equals(other: unknown): boolean {
    return (
      other instanceof CalendarInterval &&
      other.months === this.months &&
      other.days === this.days &&
      other.micros === this.micros
    );
  }

  toString(): string {
    const parts: string[] = [];
    const add = (value: number | bigint, unit: string): void => {
      if (value !== 0 && value !== 0n) parts.push(`${value} ${unit}`);
    };
    add(Math.trunc(this.months / 12), "years");
    add(this.months % 12, "months");
    add(this.days, "days");
    add(this.micros / 3_600_000_000n, "hours");
    add((this.micros / 60_000_000n) % 60n, "minutes");
    const rest = this.micros % 60_000_000n;
    if (rest !== 0n) parts.push(`${secondsText(rest)} seconds`);
    return parts.length === 0 ? "0 seconds" : parts.join(" ");
  }

  toJSON(): string {
    return this.toString();
  }
}

function secondsText(micros: bigint): string {
  const absolute = micros < 0n ? -micros : micros;
  const fraction = absolute % MICROS_PER_SECOND;
  const digits = fraction === 0n ? "" : `.${`${fraction}`.padStart(6, "0").replace(/0+$/, "")}`;
  return `${micros < 0n ? "-" : ""}${absolute / MICROS_PER_SECOND}${digits}`;
}

function fieldNames(names: readonly string[], start: number, end: number): string {
  return start === end ? `${names[start]}` : `${names[start]} TO ${names[end]}`;
}
