import { PySparkTypeError, PySparkValueError } from "../errors/spark-error.ts";
import type { DataType, StructField, StructType } from "../types/data-type.ts";
import * as t from "../types/data-type.ts";
import {
  CalendarInterval,
  DayTimeInterval,
  Decimal,
  isRow,
  LocalDate,
  LocalTime,
  LocalTimestamp,
  Timestamp,
  VariantValue,
  YearMonthInterval,
} from "../types/values.ts";
import { typeNameOf } from "./argument-errors.ts";
import { fieldsOf, isPlainObject } from "./literal.ts";
import { classOf } from "./types/index.ts";

const SYSTEM_DECIMAL = t.decimal(38, 18);

/**
 * The schema of records: objects, Rows and Maps by name, arrays by position. Names keep the order of their first
 * appearance. A column of numbers is long if all are whole (and exact), else double. What is null everywhere has no
 * type: CANNOT_DETERMINE_TYPE. Columns that do not go together: CANNOT_MERGE_TYPE.
 */
export function inferSchema(records: readonly unknown[], names: readonly string[] | undefined): StructType {
  const columns = new Map<string | number, { readonly name: string; dataType: DataType }>();
  for (const record of records) {
    for (const { key, name, value } of recordFields(record, names)) {
      const column = columns.get(key) ?? { name, dataType: t.NULL };
      column.dataType = mergeTypes(column.dataType, inferType(value, name));
      columns.set(key, column);
    }
  }
  const fields = [...columns.values()].map(
    ({ name, dataType }): StructField => ({ name, dataType, nullable: true }),
  );
  if (fields.some((f) => hasNull(f.dataType)))
    throw new PySparkValueError({ condition: "CANNOT_DETERMINE_TYPE" });
  return t.struct(fields);
}

interface RecordField {
  /** What makes fields of several records one column: the position in arrays, else the name. */
  readonly key: string | number;
  readonly name: string;
  readonly value: unknown;
}

/** The fields of a record. An array has the given names, and `_1`, `_2`, ... where there are none. */
function recordFields(record: unknown, names: readonly string[] | undefined): readonly RecordField[] {
  if (Array.isArray(record)) {
    return record.map((value, i) => ({ key: i, name: names?.[i] ?? `_${i + 1}`, value }));
  }
  const fields = record instanceof Map ? [...record] : fieldsOf(record);
  if (fields !== undefined) {
    return (fields as readonly (readonly [string, unknown])[]).map(([name, value]) => ({
      key: name,
      name,
      value,
    }));
  }
  throw new PySparkTypeError({
    condition: "CANNOT_INFER_SCHEMA_FOR_TYPE",
    messageParameters: { data_type: typeNameOf(record) },
  });
}

/** The type that a value has by itself. */
export function inferType(value: unknown, name: string): DataType {
  switch (typeof value) {
    case "undefined":
      return t.NULL;
    case "boolean":
      return t.BOOLEAN;
    case "number":
      return Number.isSafeInteger(value) ? t.LONG : t.DOUBLE;
    case "bigint":
      return t.LONG;
    case "string":
      return t.STRING;
    case "object":
      return value === null ? t.NULL : objectType(value, name);
    default:
      throw unknownType(value, name);
  }
}

function objectType(value: object, name: string): DataType {
  if (value instanceof Date || value instanceof Timestamp) return t.TIMESTAMP;
  if (value instanceof LocalDate) return t.DATE;
  if (value instanceof LocalTimestamp) return t.TIMESTAMP_NTZ;
  if (value instanceof LocalTime) return { kind: "time", precision: 6 };
  if (value instanceof Decimal) return SYSTEM_DECIMAL;
  if (value instanceof Uint8Array || value instanceof ArrayBuffer) return t.BINARY;
  if (value instanceof YearMonthInterval) {
    return { kind: "year_month_interval", start: value.start, end: value.end };
  }
  if (value instanceof DayTimeInterval)
    return { kind: "day_time_interval", start: value.start, end: value.end };
  if (value instanceof CalendarInterval) return t.CALENDAR_INTERVAL;
  if (value instanceof VariantValue) return t.VARIANT;
  if (Array.isArray(value)) return t.array(mergeAll(value, name));
  if (value instanceof Float32Array) return t.array(t.FLOAT);
  if (value instanceof Float64Array) return t.array(t.DOUBLE);
  if (value instanceof Map)
    return t.map(mergeAll([...value.keys()], name), mergeAll([...value.values()], name));
  if (isRow(value) || isPlainObject(value)) {
    return t.struct(
      (fieldsOf(value) ?? []).map(([field, item]) => ({
        name: field,
        dataType: inferType(item, field),
        nullable: true,
      })),
    );
  }
  throw unknownType(value, name);
}

function mergeAll(values: readonly unknown[], name: string): DataType {
  return values.reduce<DataType>((type, value) => mergeTypes(type, inferType(value, name)), t.NULL);
}

/** The type that holds values of both. */
export function mergeTypes(a: DataType, b: DataType): DataType {
  if (a.kind === "null") return b;
  if (b.kind === "null") return a;
  if (isWholeOrDouble(a) && isWholeOrDouble(b)) return a.kind === "double" ? a : b;
  if (a.kind === "timestamp" && b.kind === "timestamp_ntz") return a;
  if (a.kind === "timestamp_ntz" && b.kind === "timestamp") return b;
  if (a.kind === "array" && b.kind === "array") return t.array(mergeTypes(a.elementType, b.elementType));
  if (a.kind === "map" && b.kind === "map") {
    return t.map(mergeTypes(a.keyType, b.keyType), mergeTypes(a.valueType, b.valueType));
  }
  if (a.kind === "struct" && b.kind === "struct") return mergeStructs(a, b);
  if (a.kind === "string" && isAtomic(b)) return a;
  if (b.kind === "string" && isAtomic(a)) return b;
  if (a.kind !== b.kind) {
    throw new PySparkTypeError({
      condition: "CANNOT_MERGE_TYPE",
      messageParameters: {
        data_type1: classOf(a).constructor.name,
        data_type2: classOf(b).constructor.name,
      },
    });
  }
  return a;
}

function mergeStructs(a: StructType, b: StructType): StructType {
  const others = new Map(b.fields.map((f) => [f.name, f]));
  const merged = a.fields.map((f) => {
    const other = others.get(f.name);
    others.delete(f.name);
    return other === undefined ? f : { ...f, dataType: mergeTypes(f.dataType, other.dataType) };
  });
  return t.struct([...merged, ...others.values()]);
}

function isWholeOrDouble(type: DataType): boolean {
  return type.kind === "long" || type.kind === "double";
}

function isAtomic(type: DataType): boolean {
  return type.kind !== "array" && type.kind !== "map" && type.kind !== "struct" && type.kind !== "variant";
}

function hasNull(type: DataType): boolean {
  switch (type.kind) {
    case "null":
      return true;
    case "array":
      return hasNull(type.elementType);
    case "map":
      return hasNull(type.keyType) || hasNull(type.valueType);
    case "struct":
      return type.fields.some((f) => hasNull(f.dataType));
    default:
      return false;
  }
}

function unknownType(value: unknown, name: string): PySparkTypeError {
  return new PySparkTypeError({
    condition: "CANNOT_INFER_TYPE_FOR_FIELD",
    messageParameters: { field_name: name },
    cause: new TypeError(`no Spark type for a value of type ${typeNameOf(value)}`),
  });
}
