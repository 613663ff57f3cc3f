import type { DataType } from "../../types/data-type.ts";
import { simpleString } from "../../types/format.ts";
import {
  DayTimeInterval,
  Decimal,
  LocalDate,
  LocalTime,
  LocalTimestamp,
  Timestamp,
  YearMonthInterval,
} from "../../types/values.ts";

/** The data of a column of fixed width, from values of the type's own classes. */
export function fixedWidth(values: readonly unknown[], type: DataType): Uint8Array {
  const fill = <A extends { buffer: ArrayBufferLike; [index: number]: T }, T extends number | bigint>(
    array: A,
    convert: (value: unknown) => T,
  ): Uint8Array => {
    values.forEach((value, i) => {
      if (value !== null && value !== undefined) array[i] = convert(value);
    });
    return new Uint8Array(array.buffer);
  };
  const { length } = values;
  switch (type.kind) {
    case "null":
      return new Uint8Array(4 * length);
    case "byte":
      return fill(new Int8Array(length), (v) => wholeNumber(v, type, 8));
    case "short":
      return fill(new Int16Array(length), (v) => wholeNumber(v, type, 16));
    case "integer":
      return fill(new Int32Array(length), (v) => wholeNumber(v, type, 32));
    case "year_month_interval":
      return fill(new Int32Array(length), (v) => expectA(v, YearMonthInterval, type).months);
    case "date":
      return fill(new Int32Array(length), (v) =>
        v instanceof Date ? LocalDate.fromDate(v).epochDay : expectA(v, LocalDate, type).epochDay,
      );
    case "float":
      return fill(new Float32Array(length), (v) => floating(v, type));
    case "double":
      return fill(new Float64Array(length), (v) => floating(v, type));
    case "long":
      return fill(new BigInt64Array(length), (v) => longNumber(v, type));
    case "timestamp":
      return fill(new BigInt64Array(length), (v) =>
        v instanceof Date ? Timestamp.fromDate(v).epochMicros : expectA(v, Timestamp, type).epochMicros,
      );
    case "timestamp_ntz":
      return fill(new BigInt64Array(length), (v) => expectA(v, LocalTimestamp, type).localMicros);
    case "time":
      return fill(new BigInt64Array(length), (v) => expectA(v, LocalTime, type).nanosOfDay);
    case "day_time_interval":
      return fill(new BigInt64Array(length), (v) => expectA(v, DayTimeInterval, type).micros);
    case "decimal":
      return decimals(values, type.precision, type.scale);
    default:
      throw new TypeError(`${simpleString(type)} has no fixed width`);
  }
}

/** Values that are numbers already: nothing is checked. */
export function physicalWidth(values: readonly unknown[], type: DataType): Uint8Array {
  const { length } = values;
  const numbers = (array: Int8Array | Int16Array | Int32Array | Float32Array | Float64Array): Uint8Array => {
    for (let i = 0; i < length; i++) array[i] = (values[i] as number | null | undefined) ?? 0;
    return new Uint8Array(array.buffer);
  };
  switch (type.kind) {
    case "byte":
      return numbers(new Int8Array(length));
    case "short":
      return numbers(new Int16Array(length));
    case "integer":
    case "date":
    case "year_month_interval":
      return numbers(new Int32Array(length));
    case "float":
      return numbers(new Float32Array(length));
    case "double":
      return numbers(new Float64Array(length));
    case "long":
    case "timestamp":
    case "timestamp_ntz":
    case "day_time_interval":
    case "time": {
      const longs = new BigInt64Array(length);
      // Two halves are several times faster than a bigint of each number.
      const halves = new Int32Array(longs.buffer);
      for (let i = 0; i < length; i++) {
        const value = values[i] as number | bigint | null | undefined;
        if (typeof value === "number") {
          const high = Math.floor(value / 4_294_967_296);
          halves[2 * i] = value - high * 4_294_967_296;
          halves[2 * i + 1] = high;
        } else if (value !== null && value !== undefined) longs[i] = value;
      }
      return new Uint8Array(longs.buffer);
    }
    case "decimal": {
      const words = new BigInt64Array(2 * length);
      for (let i = 0; i < length; i++) {
        const value = values[i] as bigint | null | undefined;
        if (value === null || value === undefined) continue;
        words[2 * i] = BigInt.asIntN(64, value);
        words[2 * i + 1] = value >> 64n;
      }
      return new Uint8Array(words.buffer);
    }
    default:
      return fixedWidth(values, type);
  }
}

function decimals(values: readonly unknown[], precision: number, scale: number): Uint8Array {
  const words = new BigInt64Array(2 * values.length);
  const limit = 10n ** BigInt(precision);
  values.forEach((value, i) => {
    if (value === null || value === undefined) return;
    if (typeof value !== "number" && typeof value !== "bigint" && !(value instanceof Decimal)) {
      fail(value, { kind: "decimal", precision, scale });
    }
    const { unscaled } = Decimal.of(value).setScale(scale);
    if (unscaled >= limit || unscaled <= -limit) fail(value, { kind: "decimal", precision, scale });
    words[2 * i] = BigInt.asIntN(64, unscaled);
    words[2 * i + 1] = unscaled >> 64n;
  });
  return new Uint8Array(words.buffer);
}

function wholeNumber(value: unknown, type: DataType, bits: 8 | 16 | 32): number {
  const number = typeof value === "bigint" ? Number(value) : value;
  const limit = 2 ** (bits - 1);
  if (typeof number !== "number" || !Number.isInteger(number) || number < -limit || number >= limit)
    fail(value, type);
  return number as number;
}

function longNumber(value: unknown, type: DataType): bigint {
  if (typeof value === "bigint") {
    return BigInt.asIntN(64, value) === value ? value : fail(value, type);
  }
  if (typeof value !== "number" || !Number.isSafeInteger(value)) return fail(value, type);
  return BigInt(value);
}

function floating(value: unknown, type: DataType): number {
  return typeof value === "number" ? value : typeof value === "bigint" ? Number(value) : fail(value, type);
}

export function expectA<T>(value: unknown, wanted: abstract new (...args: never[]) => T, type: DataType): T {
  return value instanceof wanted ? value : fail(value, type);
}

export function fail(value: unknown, type: DataType): never {
  const shown =
    typeof value === "bigint"
      ? `${value}n`
      : typeof value === "string"
        ? JSON.stringify(value)
        : String(value);
  throw new TypeError(`${shown} (${typeof value}) does not fit the type ${simpleString(type)}`);
}
