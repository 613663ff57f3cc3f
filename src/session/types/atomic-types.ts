import {
  MAX_PRECISION,
  type DayTimeIntervalType as PlainDayTime,
  type YearMonthIntervalType as PlainYearMonth,
} from "../../types/data-type.ts";
import { simpleString } from "../../types/format.ts";
import {
  DayTimeInterval,
  LocalDate,
  LocalTime,
  LocalTimestamp,
  Timestamp,
  YearMonthInterval,
} from "../../types/values.ts";
import { DataType } from "./data-type-class.ts";
import { registerType } from "./registry.ts";

/** The type of `NULL` alone. */
export class NullType extends DataType {
  readonly kind = "null";
  override typeName(): string {
    return "void";
  }
}
export class BooleanType extends DataType {
  readonly kind = "boolean";
}
export class BinaryType extends DataType {
  readonly kind = "binary";
}
/** Root of the numbers. */
export abstract class NumericType extends DataType {}
/** Root of the whole numbers. */
export abstract class IntegralType extends NumericType {}
/** Root of the floating point numbers. */
export abstract class FractionalType extends NumericType {}
/** 8 bits: -128 to 127. */
export class ByteType extends IntegralType {
  readonly kind = "byte";
}
/** 16 bits: -32768 to 32767. */
export class ShortType extends IntegralType {
  readonly kind = "short";
}
/** 32 bits: -2147483648 to 2147483647. */
export class IntegerType extends IntegralType {
  readonly kind = "integer";
}
/** 64 bits. Values beyond 2^53 are bigints in results. */
export class LongType extends IntegralType {
  readonly kind = "long";
}
/** Single precision. */
export class FloatType extends FractionalType {
  readonly kind = "float";
}
/** Double precision: what a JavaScript number is. */
export class DoubleType extends FractionalType {
  readonly kind = "double";
}

/** `precision` digits, `scale` of them behind the point. */
export class DecimalType extends FractionalType {
  readonly kind = "decimal";
  readonly precision: number;
  readonly scale: number;

  constructor(precision = 10, scale = 0) {
    super();
    if (!(precision >= 1 && precision <= MAX_PRECISION)) {
      throw new RangeError(`the precision of a decimal is 1 to ${MAX_PRECISION}, not ${precision}`);
    }
    this.precision = precision;
    this.scale = scale;
  }

  override toString(): string {
    return `DecimalType(${this.precision},${this.scale})`;
  }
}

export class StringType extends DataType {
  static readonly providerSpark = "spark";
  static readonly providerICU = "icu";
  static readonly providers: readonly string[] = ["spark", "icu"];

  readonly kind = "string";
  /** Absent means UTF8_BINARY. */
  declare readonly collation?: string;

  constructor(collation?: string) {
    super();
    if (collation !== undefined && collation !== "UTF8_BINARY") this.collation = collation;
  }

  isUTF8BinaryCollation(): boolean {
    return this.collation === undefined;
  }

  /** Who defines a collation: `spark` for those that begin with UTF8_, else `icu`. */
  static collationProvider(collationName: string): string {
    return collationName.startsWith("UTF8") ? StringType.providerSpark : StringType.providerICU;
  }

  override toString(): string {
    return this.collation === undefined ? "StringType()" : `StringType('${this.collation}')`;
  }
}

/** Strings of exactly `length` characters, padded with spaces. */
export class CharType extends DataType {
  readonly kind = "char";
  readonly length: number;
  constructor(length: number) {
    super();
    this.length = length;
  }
  override toString(): string {
    return `CharType(${this.length})`;
  }
}

/** Strings of at most `length` characters. */
export class VarcharType extends DataType {
  readonly kind = "varchar";
  readonly length: number;
  constructor(length: number) {
    super();
    this.length = length;
  }
  override toString(): string {
    return `VarcharType(${this.length})`;
  }
}

/** A day, without time and zone. Internally days since 1970-01-01. */
export class DateType extends DataType {
  /** Days from 0001-01-01 to 1970-01-01, counted from 1. */
  static readonly EPOCH_ORDINAL = 719_163;

  readonly kind = "date";
  override needConversion(): boolean {
    return true;
  }
  override toInternal(value: unknown): unknown {
    return value instanceof LocalDate ? value.epochDay : value;
  }
  override fromInternal(value: unknown): unknown {
    return typeof value === "number" ? new LocalDate(value) : value;
  }
}

/** An instant. Internally microseconds since 1970-01-01 UTC. */
export class TimestampType extends DataType {
  readonly kind = "timestamp";
  override needConversion(): boolean {
    return true;
  }
  override toInternal(value: unknown): unknown {
    if (value instanceof Date) return Timestamp.fromDate(value).epochMicros;
    return value instanceof Timestamp ? value.epochMicros : value;
  }
  override fromInternal(value: unknown): unknown {
    return typeof value === "bigint" ? new Timestamp(value) : value;
  }
}

/** A reading of clock and calendar, without zone. */
export class TimestampNTZType extends DataType {
  readonly kind = "timestamp_ntz";
  override needConversion(): boolean {
    return true;
  }
  override toInternal(value: unknown): unknown {
    return value instanceof LocalTimestamp ? value.localMicros : value;
  }
  override fromInternal(value: unknown): unknown {
    return typeof value === "bigint" ? new LocalTimestamp(value) : value;
  }
}

/** A time of day with `precision` digits behind the seconds. Internally nanoseconds since midnight. */
export class TimeType extends DataType {
  readonly kind = "time";
  readonly precision: number;
  constructor(precision = 6) {
    super();
    this.precision = precision;
  }
  override needConversion(): boolean {
    return true;
  }
  override toInternal(value: unknown): unknown {
    return value instanceof LocalTime ? value.nanosOfDay : value;
  }
  override fromInternal(value: unknown): unknown {
    return typeof value === "bigint" ? new LocalTime(value) : value;
  }
  override toString(): string {
    return `TimeType(${this.precision})`;
  }
}

/** A span of years and months. Fields: 0 year, 1 month. */
export class YearMonthIntervalType extends DataType {
  static readonly YEAR = 0;
  static readonly MONTH = 1;

  readonly kind = "year_month_interval";
  override typeName(): string {
    return "yearmonthinterval";
  }
  readonly start: PlainYearMonth["start"];
  readonly end: PlainYearMonth["end"];

  constructor(start?: PlainYearMonth["start"], end?: PlainYearMonth["end"]) {
    super();
    this.start = start ?? 0;
    this.end = end ?? start ?? 1;
  }
  override needConversion(): boolean {
    return true;
  }
  override toInternal(value: unknown): unknown {
    return value instanceof YearMonthInterval ? value.months : value;
  }
  override fromInternal(value: unknown): unknown {
    return typeof value === "number" ? new YearMonthInterval(value, this.start, this.end) : value;
  }
  override toString(): string {
    return `YearMonthIntervalType(${this.start}, ${this.end})`;
  }
}

/** A span of days to microseconds. Fields: 0 day, 1 hour, 2 minute, 3 second. */
export class DayTimeIntervalType extends DataType {
  static readonly DAY = 0;
  static readonly HOUR = 1;
  static readonly MINUTE = 2;
  static readonly SECOND = 3;

  readonly kind = "day_time_interval";
  override typeName(): string {
    return "daytimeinterval";
  }
  readonly start: PlainDayTime["start"];
  readonly end: PlainDayTime["end"];

  constructor(start?: PlainDayTime["start"], end?: PlainDayTime["end"]) {
    super();
    this.start = start ?? 0;
    this.end = end ?? start ?? 3;
  }
  override needConversion(): boolean {
    return true;
  }
  override toInternal(value: unknown): unknown {
    return value instanceof DayTimeInterval ? value.micros : value;
  }
  override fromInternal(value: unknown): unknown {
    return typeof value === "bigint" ? new DayTimeInterval(value, this.start, this.end) : value;
  }
  override toString(): string {
    return `DayTimeIntervalType(${this.start}, ${this.end})`;
  }
}

/** A span of months, days and microseconds side by side. */
export class CalendarIntervalType extends DataType {
  readonly kind = "calendar_interval";
  override typeName(): string {
    return "interval";
  }
}

/** Semi-structured data. */
export class VariantType extends DataType {
  readonly kind = "variant";
}

/** A type that a library made of others; values are those of `sqlType`. */
export class UserDefinedType extends DataType {
  readonly kind = "udt";
  readonly sqlType: DataType;
  declare readonly pyClass?: string;
  declare readonly jvmClass?: string;

  constructor(sqlType: DataType, classes: { readonly pyClass?: string; readonly jvmClass?: string } = {}) {
    super();
    this.sqlType = sqlType;
    if (classes.pyClass !== undefined) this.pyClass = classes.pyClass;
    if (classes.jvmClass !== undefined) this.jvmClass = classes.jvmClass;
  }

  override simpleString(): string {
    return simpleString(this as never);
  }
}

registerType("null", () => new NullType());
registerType("boolean", () => new BooleanType());
registerType("binary", () => new BinaryType());
registerType("byte", () => new ByteType());
registerType("short", () => new ShortType());
registerType("integer", () => new IntegerType());
registerType("long", () => new LongType());
registerType("float", () => new FloatType());
registerType("double", () => new DoubleType());
registerType("decimal", (t) => new DecimalType(t.precision, t.scale));
registerType("string", (t) => new StringType(t.collation));
registerType("char", (t) => new CharType(t.length));
registerType("varchar", (t) => new VarcharType(t.length));
registerType("date", () => new DateType());
registerType("timestamp", () => new TimestampType());
registerType("timestamp_ntz", () => new TimestampNTZType());
registerType("time", (t) => new TimeType(t.precision));
registerType("year_month_interval", (t) => new YearMonthIntervalType(t.start, t.end));
registerType("day_time_interval", (t) => new DayTimeIntervalType(t.start, t.end));
registerType("calendar_interval", () => new CalendarIntervalType());
registerType("variant", () => new VariantType());
