import type { DataType as PlainDataType } from "../../types/data-type.ts";
import { sameType } from "../../types/data-type.ts";
import { simpleString } from "../../types/format.ts";
import { type JsonType, toJson } from "../../types/json.ts";
import { parseDataType } from "./ddl.ts";
import { classOf } from "./registry.ts";

/**
 * Root of Spark's types as classes, named as in `pyspark.sql.types`. An instance is at the same time the plain data
 * that plans hold (`kind` and what belongs to it), so wherever a type is taken either form will do.
 */
export abstract class DataType {
  abstract readonly kind: PlainDataType["kind"];

  /** Reads DDL: `"INT"`, `"array<string>"`, or the columns of a table, `"a INT, b STRING"`. */
  static fromDDL(ddl: string): DataType {
    return classOf(parseDataType(ddl));
  }

  /** The name without parameters: `integer`, `array`. */
  typeName(): string {
    return this.kind;
  }

  /** As `dtypes` and `printSchema` show it: `int`, `array<string>`. */
  simpleString(): string {
    return simpleString(plainType(this));
  }

  jsonValue(): JsonType {
    return toJson(plainType(this));
  }

  /** Spark's JSON text, keys sorted as PySpark sorts them. */
  json(): string {
    return JSON.stringify(sorted(this.jsonValue()));
  }

  /** Equal with nullability inside; `metadata` of fields is not compared. */
  equals(other: unknown): boolean {
    return isDataType(other) && sameType(plainType(this), plainType(other));
  }

  /** Whether values of this type have another form inside Spark than the one programs see. */
  needConversion(): boolean {
    return false;
  }

  /** The internal form of a value: days of a date, microseconds of a timestamp. */
  toInternal(value: unknown): unknown {
    return value;
  }

  /** The reverse of `toInternal`. */
  fromInternal(value: unknown): unknown {
    return value;
  }

  /** As PySpark's `repr`: `IntegerType()`, `DecimalType(10,2)`. */
  toString(): string {
    return `${this.constructor.name}()`;
  }

  toJSON(): JsonType {
    return this.jsonValue();
  }
}

/** A type in either form: one of the classes, or plain data with a `kind`. */
export type DataTypeLike = PlainDataType | DataType;

export function isDataType(value: unknown): value is DataTypeLike {
  return typeof value === "object" && value !== null && "kind" in value && typeof value.kind === "string";
}

/** The plain data of a type, without the methods. */
export function plainType(type: DataTypeLike): PlainDataType {
  const t = type as PlainDataType;
  switch (t.kind) {
    case "array":
      return { kind: "array", elementType: plainType(t.elementType), containsNull: t.containsNull };
    case "map":
      return {
        kind: "map",
        keyType: plainType(t.keyType),
        valueType: plainType(t.valueType),
        valueContainsNull: t.valueContainsNull,
      };
    case "struct":
      return {
        kind: "struct",
        fields: t.fields.map(({ name, dataType, nullable, metadata }) => ({
          name,
          dataType: plainType(dataType),
          nullable,
          ...(metadata !== undefined && Object.keys(metadata).length > 0 ? { metadata } : {}),
        })),
      };
    case "udt":
      return { ...t, sqlType: plainType(t.sqlType) };
    default:
      return { ...t };
  }
}

function sorted(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(sorted);
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(
    Object.entries(json)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [key, sorted(value)]),
  );
}
