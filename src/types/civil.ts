/** Proleptic Gregorian calendar arithmetic on plain numbers; days are counted from 1970-01-01. */
export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export const SECONDS_PER_DAY = 86_400;
export const MICROS_PER_SECOND = 1_000_000n;
export const MICROS_PER_DAY = 86_400_000_000n;

/** Days of a date whose month is 1 to 12; a day outside the month runs over into its neighbours. */
export function daysFromCivil(year: number, month: number, day: number): number {
  // Years begin in March, so that the leap day is the last one.
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

export function civilFromDays(days: number): CivilDate {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

export function isValidCivil(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

/** Quotient and remainder with the remainder in `[0, divisor)`. */
export function floorDivMod(value: bigint, divisor: bigint): readonly [quotient: bigint, remainder: bigint] {
  const quotient = value / divisor;
  const remainder = value % divisor;
  return remainder < 0n ? [quotient - 1n, remainder + divisor] : [quotient, remainder];
}

/** As Spark prints years: four digits at least, `+` before more than four, `-` before years below zero. */
export function formatYear(year: number): string {
  if (year > 9999) return `+${year}`;
  return year < 0 ? `-${String(-year).padStart(4, "0")}` : String(year).padStart(4, "0");
}

const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`);

export function formatDays(days: number): string {
  const { year, month, day } = civilFromDays(days);
  return `${formatYear(year)}-${two(month)}-${two(day)}`;
}

/** `HH:mm:ss` with as much of the fraction as is not zero. `unitsPerSecond` is 10^6 or 10^9. */
export function formatTimeOfDay(units: bigint, unitsPerSecond: bigint): string {
  const seconds = Number(units / unitsPerSecond);
  const text = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const fraction = units % unitsPerSecond;
  if (fraction === 0n) return text;
  const digits = unitsPerSecond.toString().length - 1;
  return `${text}.${fraction.toString().padStart(digits, "0").replace(/0+$/, "")}`;
}

/** Wall clock microseconds as `yyyy-MM-dd HH:mm:ss[.ffffff]`. */
export function formatMicros(micros: bigint): string {
  const [days, ofDay] = floorDivMod(micros, MICROS_PER_DAY);
  return `${formatDays(Number(days))} ${formatTimeOfDay(ofDay, MICROS_PER_SECOND)}`;
}
