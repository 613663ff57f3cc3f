import {
  civilFromDays,
  daysFromCivil,
  floorDivMod,
  formatDays,
  formatMicros,
  formatTimeOfDay,
  isValidCivil,
  MICROS_PER_DAY,
  MICROS_PER_SECOND,
} from "./civil.ts";
import { instantToLocalMicros, localToInstantMicros, timeZone } from "./time-zone.ts";

const DATE_TEXT = /^([+-]?\d{4,7})-(\d{1,2})-(\d{1,2})$/;
const TIMESTAMP_TEXT =
  /^([+-]?\d{4,7}-\d{1,2}-\d{1,2})(?:[T ](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,6}))?)?)?$/;

/** A date without time or zone. Prints `yyyy-MM-dd`. */
export class LocalDate {
  /** Days since 1970-01-01. */
  readonly epochDay: number;

  constructor(epochDay: number) {
    this.epochDay = epochDay;
  }

  static of(year: number, month: number, day: number): LocalDate {
    if (!isValidCivil(year, month, day)) throw new RangeError(`there is no date ${year}-${month}-${day}`);
    return new LocalDate(daysFromCivil(year, month, day));
  }

  static fromString(text: string): LocalDate {
    const match = DATE_TEXT.exec(text.trim());
    if (match === null) throw new RangeError(`not a date (yyyy-MM-dd): ${JSON.stringify(text)}`);
    return LocalDate.of(Number(match[1]), Number(match[2]), Number(match[3]));
  }

  /** The date that a JavaScript Date shows in the zone (`UTC` by default). */
  static fromDate(date: Date, zone = "UTC"): LocalDate {
    const micros = instantToLocalMicros(BigInt(date.getTime()) * 1000n, timeZone(zone));
    return new LocalDate(Number(floorDivMod(micros, MICROS_PER_DAY)[0]));
  }

  get year(): number {
    return civilFromDays(this.epochDay).year;
  }

  /** 1 to 12. */
  get month(): number {
    return civilFromDays(this.epochDay).month;
  }

  get day(): number {
    return civilFromDays(this.epochDay).day;
  }

  /** Midnight of the day in UTC. */
  toDate(): Date {
    return new Date(this.epochDay * 86_400_000);
  }

  equals(other: unknown): boolean {
    return other instanceof LocalDate && other.epochDay === this.epochDay;
  }

  toString(): string {
    return formatDays(this.epochDay);
  }

  toJSON(): string {
    return this.toString();
  }

  valueOf(): number {
    return this.epochDay;
  }
}

/** An instant with microseconds, Spark's TIMESTAMP. It is shown in a time zone: UTC unless one is named. */
export class Timestamp {
  readonly epochMicros: bigint;

  constructor(epochMicros: bigint) {
    this.epochMicros = epochMicros;
  }

  static fromDate(date: Date): Timestamp {
    const millis = date.getTime();
    if (Number.isNaN(millis)) throw new RangeError("an invalid Date is no timestamp");
    return new Timestamp(BigInt(Math.trunc(millis)) * 1000n);
  }

  /** Reads `yyyy-MM-dd[ HH:mm[:ss[.ffffff]]]` as the clocks of the zone show it. */
  static fromString(text: string, zone = "UTC"): Timestamp {
    return new Timestamp(localToInstantMicros(parseWallClock(text), timeZone(zone)));
  }

  /** To the millisecond (towards the past). */
  toDate(): Date {
    return new Date(Number(floorDivMod(this.epochMicros, 1000n)[0]));
  }

  /** What the clocks of the zone show. */
  toLocal(zone = "UTC"): LocalTimestamp {
    return new LocalTimestamp(instantToLocalMicros(this.epochMicros, timeZone(zone)));
  }

  equals(other: unknown): boolean {
    return other instanceof Timestamp && other.epochMicros === this.epochMicros;
  }

  /** `yyyy-MM-dd HH:mm:ss[.ffffff]`, as `show()` prints it in that session time zone. */
  toString(zone = "UTC"): string {
    return formatMicros(
      zone === "UTC" ? this.epochMicros : instantToLocalMicros(this.epochMicros, timeZone(zone)),
    );
  }

  /** ISO 8601 in UTC, with all digits. */
  toJSON(): string {
    return `${formatMicros(this.epochMicros).replace(" ", "T")}Z`;
  }

  valueOf(): bigint {
    return this.epochMicros;
  }
}

/** A wall clock reading without zone, Spark's TIMESTAMP_NTZ. */
export class LocalTimestamp {
  /** Microseconds since 1970-01-01 00:00:00 on the same clock. */
  readonly localMicros: bigint;

  constructor(localMicros: bigint) {
    this.localMicros = localMicros;
  }

  static fromString(text: string): LocalTimestamp {
    return new LocalTimestamp(parseWallClock(text));
  }

  /** What the zone's clocks show at that instant. */
  static fromDate(date: Date, zone = "UTC"): LocalTimestamp {
    return Timestamp.fromDate(date).toLocal(zone);
  }

  toInstant(zone: string): Timestamp {
    return new Timestamp(localToInstantMicros(this.localMicros, timeZone(zone)));
  }

  equals(other: unknown): boolean {
    return other instanceof LocalTimestamp && other.localMicros === this.localMicros;
  }

  toString(): string {
    return formatMicros(this.localMicros);
  }

  toJSON(): string {
    return formatMicros(this.localMicros).replace(" ", "T");
  }

  valueOf(): bigint {
    return this.localMicros;
  }
}

/** A time of day in nanoseconds, Spark's TIME. */
export class LocalTime {
  readonly nanosOfDay: bigint;

  constructor(nanosOfDay: bigint) {
    this.nanosOfDay = nanosOfDay;
  }

  equals(other: unknown): boolean {
    return other instanceof LocalTime && other.nanosOfDay === this.nanosOfDay;
  }

  toString(): string {
    return formatTimeOfDay(this.nanosOfDay, 1_000_000_000n);
  }

  toJSON(): string {
    return this.toString();
  }

  valueOf(): bigint {
    return this.nanosOfDay;
  }
}

function parseWallClock(text: string): bigint {
  const match = TIMESTAMP_TEXT.exec(text.trim());
  const [hour, minute, second] = [2, 3, 4].map((i) => Number(match?.[i] ?? 0)) as [number, number, number];
  if (match === null || hour > 23 || minute > 59 || second > 59) {
    throw new RangeError(`not a timestamp (yyyy-MM-dd HH:mm:ss.ffffff): ${JSON.stringify(text)}`);
  }
  const days = BigInt(LocalDate.fromString(match[1] as string).epochDay);
  const seconds = BigInt(hour * 3600 + minute * 60 + second);
  return days * MICROS_PER_DAY + seconds * MICROS_PER_SECOND + BigInt((match[5] ?? "").padEnd(6, "0"));
}
