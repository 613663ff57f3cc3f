import { rowsToArrow } from "../engine/arrow/build.ts";
import type { DataType, StructType } from "../types/data-type.ts";
import { isRow } from "../types/row.ts";
import {
  CalendarInterval,
  DayTimeInterval,
  Decimal,
  LocalDate,
  LocalTime,
  LocalTimestamp,
  Timestamp,
  VariantValue,
  YearMonthInterval,
} from "../types/values.ts";

/**
 * Values as they cross between JavaScript and Python in JSON texts, by their Spark types: dates as days, timestamps and
 * day-time intervals as microseconds, times as nanoseconds, decimals as text, binary in base64, maps as pairs, structs
 * by position, doubles that JSON has no number for by name.
 */

type PlainJson =
  | null
  | boolean
  | number
  | string
  | readonly PlainJson[]
  | { readonly [key: string]: PlainJson };

/** A value as JSON text. Longs keep all their digits, which Python's reader takes. */
export function plainText(value: unknown, type: DataType): string {
  if (value === null || value === undefined) return "null";
  switch (type.kind) {
    case "array": {
      const items = (value as readonly unknown[]).map((item) => plainText(item, type.elementType));
      return `[${items.join(",")}]`;
    }
    case "map": {
      const pairs = [...(value as ReadonlyMap<unknown, unknown>)];
      const texts = pairs.map(
        ([key, item]) => `[${plainText(key, type.keyType)},${plainText(item, type.valueType)}]`,
      );
      return `[${texts.join(",")}]`;
    }
    case "struct": {
      const items = isRow(value) ? value.values() : (value as readonly unknown[]);
      return `[${type.fields.map((f, i) => plainText(items[i], f.dataType)).join(",")}]`;
    }
    case "float":
    case "double":
      return doubleText(value as number);
    case "binary":
      return JSON.stringify(base64(value as Uint8Array));
    case "variant": {
      const { value: bytes, metadata } = value as VariantValue;
      return JSON.stringify({ value: base64(bytes), metadata: base64(metadata) });
    }
    case "udt":
      return plainText(value, type.sqlType);
    default:
      return scalarText(value);
  }
}

function scalarText(value: unknown): string {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Decimal) return JSON.stringify(value.toString());
  if (value instanceof LocalDate) return String(value.epochDay);
  if (value instanceof Timestamp) return value.epochMicros.toString();
  if (value instanceof LocalTimestamp) return value.localMicros.toString();
  if (value instanceof LocalTime) return value.nanosOfDay.toString();
  if (value instanceof DayTimeInterval) return value.micros.toString();
  if (value instanceof YearMonthInterval) return String(value.months);
  if (value instanceof CalendarInterval) return JSON.stringify(value.toString());
  return JSON.stringify(value);
}

function doubleText(value: number): string {
  if (Object.is(value, -0)) return "-0.0";
  return Number.isFinite(value) ? String(value) : JSON.stringify(String(value));
}

/** Rows of plain values as an Arrow stream. */
export function arrowOfPlain(rows: readonly PlainJson[], schema: StructType): Uint8Array {
  return rowsToArrow(rows.map((row) => valueOfPlain(row, schema)) as readonly object[], schema);
}

/** A value from its plain form. */
export function valueOfPlain(plain: PlainJson | bigint | Uint8Array, type: DataType): unknown {
  if (plain === null) return null;
  switch (type.kind) {
    case "array":
      return (plain as readonly PlainJson[]).map((item) => valueOfPlain(item, type.elementType));
    case "map": {
      const pairs = plain as readonly (readonly [PlainJson, PlainJson])[];
      return new Map(
        pairs.map(([key, item]) => [valueOfPlain(key, type.keyType), valueOfPlain(item, type.valueType)]),
      );
    }
    case "struct": {
      const items = plain as readonly PlainJson[];
      return type.fields.map((f, i) => valueOfPlain(items[i] ?? null, f.dataType));
    }
    case "decimal":
      return Decimal.fromString(plain as string);
    case "date":
      return new LocalDate(plain as number);
    case "timestamp":
      return new Timestamp(BigInt(plain as number));
    case "timestamp_ntz":
      return new LocalTimestamp(BigInt(plain as number));
    case "time":
      return new LocalTime(BigInt(plain as number));
    case "day_time_interval":
      return new DayTimeInterval(BigInt(plain as number), type.start, type.end);
    case "year_month_interval":
      return new YearMonthInterval(plain as number, type.start, type.end);
    case "variant": {
      const { value, metadata } = plain as { readonly value: string; readonly metadata: string };
      return new VariantValue(bytesOf(value), bytesOf(metadata));
    }
    case "udt":
      return valueOfPlain(plain, type.sqlType);
    default:
      return plain;
  }
}

const INTEGRAL_LITERALS = new Set(["timestamp", "timestamp_ntz", "time", "day_time_interval"]);

/** What Python sent: bytes, numbers that JSON lacks and rows of local data stand in it as marked objects. */
export function parsePayload(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== "object" || value === null) return value;
    if ("$bytes" in value) return bytesOf(value.$bytes as string);
    if ("$number" in value) return Number(value.$number);
    if ("$int" in value) return BigInt(value.$int as string);
    if ("$rows" in value) {
      const { $rows, schema } = value as { $rows: readonly PlainJson[]; schema: StructType };
      return arrowOfPlain($rows, schema);
    }
    if ("kind" in value && value.kind === "Literal") {
      const literal = value as unknown as { dataType: DataType; value: unknown };
      if (literal.value !== null && INTEGRAL_LITERALS.has(literal.dataType.kind)) {
        return { ...literal, value: BigInt(literal.value as number) };
      }
    }
    return value;
  });
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 32_768) {
    text += String.fromCharCode(...bytes.subarray(i, i + 32_768));
  }
  return btoa(text);
}

function bytesOf(text: string): Uint8Array {
  const binary = atob(text);
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}
