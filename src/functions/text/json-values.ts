import { unsupported } from "../../errors/spark-error.ts";
import type { DataType, StructField } from "../../types/data-type.ts";
import { simpleString } from "../../types/format.ts";
import { parseCalendarText, parseDayTimeText, parseYearMonthText } from "../../types/interval-text.ts";
import { writeVariant } from "../../types/variant-node.ts";
import type { DateTimeValues } from "./datetime-values.ts";
import { type JsonScanner, JsonSyntaxError, type JsonToken, jsonNumber } from "./json-scanner.ts";
import { decimalUnscaled, parseDecimal, parseLong, parseWhole } from "./number-values.ts";
import { variantOfJson } from "./variant-text.ts";

/** A value that is not of its type; nothing of it can be used. */
export const MISMATCH: unique symbol = Symbol("mismatch");

/**
 * Reads a value whose beginning the scanner has just read, up to its end. A null is read before. Inside of structs the
 * fields that fit are kept though others do not: `flaws` counts those.
 */
export type JsonConverter = (scanner: JsonScanner, token: JsonToken, flaws: { count: number }) => unknown;

/** The text of a value that is no string where a string is wanted; its beginning has been read. */
export type JsonCopy = (scanner: JsonScanner, token: JsonToken) => string;

/** As it stands, which is how files are read. */
function sourceOf(scanner: JsonScanner, token: JsonToken): string {
  const start = scanner.tokenStart;
  scanner.skip(token);
  return scanner.sourceFrom(start);
}

const NON_NUMBERS: ReadonlySet<string> = new Set([
  "NaN",
  "INF",
  "+INF",
  "-INF",
  "Infinity",
  "+Infinity",
  "-Infinity",
]);

export function jsonConverter(
  type: DataType,
  times: DateTimeValues,
  copy: JsonCopy = sourceOf,
): JsonConverter {
  switch (type.kind) {
    case "boolean":
      return scalar((token) => (token === "true" ? true : token === "false" ? false : undefined));
    case "byte":
    case "short":
    case "integer":
      return scalar((token, text) => (token === "int" ? parseWhole(text, type.kind) : undefined));
    case "long":
      return scalar((token, text) => (token === "int" ? parseLong(text) : undefined));
    case "float":
      return scalar((token, text) => {
        const value = floating(token, text);
        return value === undefined ? undefined : Math.fround(value);
      });
    case "double":
      return scalar(floating);
    case "decimal":
      return scalar((token, text) => {
        if (token !== "int" && token !== "float" && token !== "string") return undefined;
        const value = parseDecimal(text);
        return value && decimalUnscaled(value, type.precision, type.scale);
      });
    case "string":
    case "char":
    case "varchar":
      return (scanner, token) => (token === "string" ? scanner.value : copy(scanner, token));
    case "date":
      return text((value) => times.date(value) ?? parseWhole(value, "integer"));
    case "timestamp":
      return scalar((token, value) => {
        if (token === "string") return value === "" ? undefined : times.timestamp(value);
        const seconds = token === "int" ? parseLong(value) : undefined;
        return seconds === undefined ? undefined : BigInt(seconds) * 1_000_000n;
      });
    case "timestamp_ntz":
      return text(times.timestampNtz);
    case "binary":
      return (scanner, token) => {
        if (token !== "string") return mismatch(scanner, token);
        try {
          return Uint8Array.from(atob(paddedBase64(scanner.value)), (c) => c.charCodeAt(0));
        } catch {
          // As in Spark this spoils the record, not just the field.
          throw new JsonSyntaxError("no base64");
        }
      };
    case "year_month_interval":
      return text((value) => {
        const months = parseYearMonthText(value, type.start, type.end);
        return typeof months === "number" ? months : undefined;
      });
    case "day_time_interval":
      return text((value) => {
        const micros = parseDayTimeText(value, type.start, type.end);
        return typeof micros === "bigint" ? micros : undefined;
      });
    case "calendar_interval":
      return text((value) => {
        const parts = parseCalendarText(value);
        return parts === undefined ? undefined : [parts.months, parts.days, parts.micros];
      });
    case "null":
      return (scanner, token) => mismatch(scanner, token);
    case "struct":
      return structConverter(type.fields, times, copy);
    case "array":
      return arrayConverter(type.elementType, times, copy);
    case "map":
      return mapConverter(type.keyType, type.valueType, times, copy);
    case "variant":
      return (scanner, token) => writeVariant(variantOfJson(scanner, token));
    case "udt":
      return jsonConverter(type.sqlType, times, copy);
    default:
      throw unsupported(`reading ${simpleString(type)} from JSON`);
  }
}

function mismatch(scanner: JsonScanner, token: JsonToken): typeof MISMATCH {
  scanner.skip(token);
  return MISMATCH;
}

function scalar(read: (token: JsonToken, text: string) => unknown): JsonConverter {
  return (scanner, token) => {
    if (token === "object" || token === "array") return mismatch(scanner, token);
    const value = read(token, scanner.value);
    return value === undefined ? MISMATCH : value;
  };
}

function text(read: (text: string) => unknown): JsonConverter {
  return scalar((token, value) => (token === "string" && value !== "" ? read(value) : undefined));
}

function floating(token: JsonToken, text: string): number | undefined {
  if (token === "int" || token === "float") return jsonNumber(text);
  return token === "string" && NON_NUMBERS.has(text) ? jsonNumber(text) : undefined;
}

function paddedBase64(text: string): string {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) throw new Error("no base64");
  return text;
}

export function structConverter(
  fields: readonly StructField[],
  times: DateTimeValues,
  copy?: JsonCopy,
): JsonConverter {
  const places = new Map(fields.map((f, i) => [f.name, i]));
  const converters = fields.map((f) => jsonConverter(f.dataType, times, copy));
  return (scanner, token, flaws) => {
    if (token !== "object") return mismatch(scanner, token);
    const values = new Array<unknown>(fields.length).fill(null);
    for (let name = scanner.field(true); name !== undefined; name = scanner.field(false)) {
      const place = places.get(name);
      const inner = scanner.next();
      if (place === undefined) scanner.skip(inner);
      else if (inner === "null") values[place] = null;
      else {
        const value = (converters[place] as JsonConverter)(scanner, inner, flaws);
        if (value === MISMATCH) flaws.count++;
        values[place] = value === MISMATCH ? null : value;
      }
    }
    return values;
  };
}

/** An element that does not fit spoils the array, unless it is a struct that fits in part. */
function arrayConverter(elementType: DataType, times: DateTimeValues, copy: JsonCopy): JsonConverter {
  const convert = jsonConverter(elementType, times, copy);
  return (scanner, token, flaws) => {
    if (token !== "array") return mismatch(scanner, token);
    const values: unknown[] = [];
    let fits = true;
    for (let first = true; scanner.element(first); first = false) {
      const inner = scanner.next();
      const value = inner === "null" ? null : convert(scanner, inner, flaws);
      if (value === MISMATCH) fits = false;
      values.push(value);
    }
    return fits ? values : MISMATCH;
  };
}

function mapConverter(
  keyType: DataType,
  valueType: DataType,
  times: DateTimeValues,
  copy: JsonCopy,
): JsonConverter {
  if (keyType.kind !== "string")
    throw unsupported(`reading maps with keys of ${simpleString(keyType)} from JSON`);
  const convert = jsonConverter(valueType, times, copy);
  return (scanner, token, flaws) => {
    if (token !== "object") return mismatch(scanner, token);
    const map = new Map<string, unknown>();
    let fits = true;
    for (let name = scanner.field(true); name !== undefined; name = scanner.field(false)) {
      const inner = scanner.next();
      const value = inner === "null" ? null : convert(scanner, inner, flaws);
      if (value === MISMATCH) fits = false;
      map.set(name, value);
    }
    return fits ? map : MISMATCH;
  };
}
