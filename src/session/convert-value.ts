import { PySparkTypeError, PySparkValueError } from "../errors/spark-error.ts";
import type { DataType, StructType } from "../types/data-type.ts";
import { pythonText } from "../types/row.ts";
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
import { typeNameOf } from "./argument-errors.ts";
import { fieldsOf } from "./literal.ts";
import { classOf } from "./types/index.ts";

const INTEGRAL_BOUNDS = {
  byte: [-(2n ** 7n), 2n ** 7n - 1n],
  short: [-(2n ** 15n), 2n ** 15n - 1n],
  integer: [-(2n ** 31n), 2n ** 31n - 1n],
  long: [-(2n ** 63n), 2n ** 63n - 1n],
} as const;

const MICROS_PER_DAY = 86_400_000_000n;

/**
 * A value of a program as one that its Spark type holds. Throws as PySpark's verification does, naming the field:
 * FIELD_DATA_TYPE_UNACCEPTABLE, FIELD_NOT_NULLABLE, VALUE_OUT_OF_BOUNDS, FIELD_STRUCT_LENGTH_MISMATCH. `name` is
 * `field a`, `element in array field a`, and so on; absent for a whole row.
 */
export function convertValue(value: unknown, type: DataType, name?: string, nullable = true): unknown {
  if (value === null || value === undefined) {
    if (nullable) return null;
    throw new PySparkValueError(withName("FIELD_NOT_NULLABLE", name, {}));
  }
  switch (type.kind) {
    case "null":
      throw unacceptable(value, type, name);
    case "boolean":
      return typeof value === "boolean" ? value : refuse(value, type, name);
    case "byte":
    case "short":
    case "integer":
    case "long":
      return wholeNumber(value, type.kind, type, name);
    case "float":
    case "double":
      if (typeof value === "number") return value;
      return typeof value === "bigint" && BigInt(Number(value)) === value
        ? Number(value)
        : refuse(value, type, name);
    case "decimal":
      return decimalNumber(value, type, name);
    case "string":
    case "char":
    case "varchar":
      return textOf(value);
    case "binary":
      return binary(value, type, name);
    case "date":
      return dateOf(value, type, name);
    case "timestamp":
      if (value instanceof Timestamp) return value;
      return value instanceof Date && !Number.isNaN(value.getTime())
        ? Timestamp.fromDate(value)
        : refuse(value, type, name);
    case "timestamp_ntz":
      return instance(value, LocalTimestamp, type, name);
    case "time":
      return instance(value, LocalTime, type, name);
    case "year_month_interval":
      return instance(value, YearMonthInterval, type, name);
    case "day_time_interval":
      return instance(value, DayTimeInterval, type, name);
    case "calendar_interval":
      return instance(value, CalendarInterval, type, name);
    case "variant":
      return instance(value, VariantValue, type, name);
    case "array": {
      const items = Array.isArray(value) || ArrayBuffer.isView(value) ? value : refuse(value, type, name);
      const element = `element in array ${name}`;
      return Array.from(items as Iterable<unknown>, (item) =>
        convertValue(item, type.elementType, element, type.containsNull),
      );
    }
    case "map": {
      const entries = value instanceof Map ? [...value] : (fieldsOf(value) ?? refuse(value, type, name));
      return new Map(
        (entries as readonly (readonly [unknown, unknown])[]).map(([key, item]) => [
          convertValue(key, type.keyType, `key of map ${name}`, false),
          convertValue(item, type.valueType, `value of map ${name}`, type.valueContainsNull),
        ]),
      );
    }
    case "struct":
      return convertStruct(value, type, name);
    case "udt":
      return convertValue(value, type.sqlType, name);
  }
}

/** The values of a record by position: from an object, a Row or a Map by name, from an array by position. */
export function convertStruct(value: unknown, type: StructType, name?: string): readonly unknown[] {
  const fieldName = (field: string): string =>
    name === undefined ? `field ${field}` : `field ${field} in ${name}`;
  const convertAll = (valueAt: (index: number, field: string) => unknown): readonly unknown[] =>
    type.fields.map((f, i) => convertValue(valueAt(i, f.name), f.dataType, fieldName(f.name), f.nullable));
  if (Array.isArray(value)) {
    if (value.length !== type.fields.length) {
      throw new PySparkValueError(
        withName("FIELD_STRUCT_LENGTH_MISMATCH", name, {
          object_length: String(value.length),
          field_length: String(type.fields.length),
        }),
      );
    }
    return convertAll((i) => value[i]);
  }
  const fields = value instanceof Map ? [...value] : fieldsOf(value);
  if (fields === undefined) throw unacceptable(value, type, name);
  // Later entries of the same name would hide the first, which is the one that a lookup by name finds.
  const byName = new Map([...(fields as readonly (readonly [string, unknown])[])].reverse());
  return convertAll((_, field) => byName.get(field));
}

function wholeNumber(
  value: unknown,
  kind: keyof typeof INTEGRAL_BOUNDS,
  type: DataType,
  name: string | undefined,
): number | bigint {
  const isWhole = typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));
  if (!isWhole) throw unacceptable(value, type, name);
  const [lower, upper] = INTEGRAL_BOUNDS[kind];
  const exact = BigInt(value);
  if (exact < lower || exact > upper) {
    throw new PySparkValueError({
      condition: "VALUE_OUT_OF_BOUNDS",
      messageParameters: {
        arg_name: "obj",
        lower_bound: lower.toString(),
        upper_bound: upper.toString(),
        actual: String(value),
      },
    });
  }
  return kind === "long" ? exact : Number(exact);
}

function decimalNumber(value: unknown, type: DataType, name: string | undefined): Decimal {
  if (value instanceof Decimal) return value;
  if (typeof value === "bigint") return Decimal.of(value);
  return typeof value === "number" && Number.isFinite(value) ? Decimal.of(value) : refuse(value, type, name);
}

function binary(value: unknown, type: DataType, name: string | undefined): Uint8Array {
  if (value instanceof Uint8Array) return value;
  return value instanceof ArrayBuffer ? new Uint8Array(value) : refuse(value, type, name);
}

/** A Date stands for a day only at midnight UTC: at any other time its day depends on a zone. */
function dateOf(value: unknown, type: DataType, name: string | undefined): LocalDate {
  if (value instanceof LocalDate) return value;
  if (value instanceof Date && !Number.isNaN(value.getTime())) {
    const { epochMicros } = Timestamp.fromDate(value);
    if (epochMicros % MICROS_PER_DAY === 0n) return new LocalDate(Number(epochMicros / MICROS_PER_DAY));
  }
  return refuse(value, type, name);
}

/** Spark takes any value as text. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "object" && value !== null && isContainer(value)
    ? pythonText(value)
    : String(value);
}

function isContainer(value: object): boolean {
  return (
    Array.isArray(value) ||
    value instanceof Map ||
    value instanceof Uint8Array ||
    fieldsOf(value) !== undefined
  );
}

function instance<T>(
  value: unknown,
  valueClass: new (...args: never[]) => T,
  type: DataType,
  name: string | undefined,
): T {
  return value instanceof valueClass ? value : refuse(value, type, name);
}

function refuse(value: unknown, type: DataType, name: string | undefined): never {
  throw unacceptable(value, type, name);
}

function unacceptable(value: unknown, type: DataType, name: string | undefined): PySparkTypeError {
  return new PySparkTypeError(
    withName("FIELD_DATA_TYPE_UNACCEPTABLE", name, {
      data_type: classOf(type).toString(),
      obj: pythonText(value),
      obj_type: typeNameOf(value),
    }),
  );
}

function withName(
  condition: string,
  name: string | undefined,
  messageParameters: Record<string, string>,
): { condition: string; messageParameters: Record<string, string> } {
  return name === undefined
    ? { condition, messageParameters }
    : { condition: `${condition}_WITH_NAME`, messageParameters: { field_name: name, ...messageParameters } };
}
