import type { DayTimeIntervalType, YearMonthIntervalType } from "../../types/data-type.ts";

const MICROS = ["86400000000", "3600000000", "60000000", "1000000"] as const;

/** Months in the interval's unit (its last field), truncated. */
export function yearMonthToUnit(x: string, type: YearMonthIntervalType): string {
  return type.end === 0 ? `trunc(${x} / 12)::INTEGER` : x;
}

/** Microseconds in the interval's unit (its last field), truncated. */
export function dayTimeToUnit(x: string, type: DayTimeIntervalType): string {
  const unit = MICROS[type.end];
  return `((${x} - (${x} % ${unit})) // ${unit})`;
}

/** Microseconds of one unit of the field. */
export function microsOfField(field: 0 | 1 | 2 | 3): string {
  return MICROS[field];
}
