import type { DataType, StructField, StructType } from "./data-type.ts";
import { array, DAY_TIME_INTERVAL, decimal, map, YEAR_MONTH_INTERVAL } from "./data-type.ts";
import { simpleString } from "./format.ts";

/** Spark's JSON form of a type (also Delta's `schemaString`): a string for plain types, an object for nested ones. */
export type JsonType = string | { readonly [key: string]: unknown };

export function toJson(t: DataType): JsonType {
  switch (t.kind) {
    case "byte":
    case "short":
    case "integer":
    case "long":
      return t.kind;
    case "string":
      return "string";
    case "array":
      return { type: "array", elementType: toJson(t.elementType), containsNull: t.containsNull };
    case "map":
      return {
        type: "map",
        keyType: toJson(t.keyType),
        valueType: toJson(t.valueType),
        valueContainsNull: t.valueContainsNull,
      };
    case "struct":
      return {
        type: "struct",
        fields: t.fields.map((f) => ({
          name: f.name,
          type: toJson(f.dataType),
          nullable: f.nullable,
          metadata: f.metadata ?? {},
        })),
      };
    case "udt":
      return {
        type: "udt",
        sqlType: toJson(t.sqlType),
        class: t.jvmClass ?? null,
        pyClass: t.pyClass ?? null,
        ...(t.serializedClass === undefined ? {} : { serializedClass: t.serializedClass }),
      };
    default:
      return simpleString(t);
  }
}

const PLAIN: Readonly<Record<string, DataType>> = {
  void: { kind: "null" },
  null: { kind: "null" },
  boolean: { kind: "boolean" },
  byte: { kind: "byte" },
  tinyint: { kind: "byte" },
  short: { kind: "short" },
  smallint: { kind: "short" },
  integer: { kind: "integer" },
  int: { kind: "integer" },
  long: { kind: "long" },
  bigint: { kind: "long" },
  float: { kind: "float" },
  double: { kind: "double" },
  decimal: decimal(10, 0),
  string: { kind: "string" },
  binary: { kind: "binary" },
  date: { kind: "date" },
  timestamp: { kind: "timestamp" },
  timestamp_ltz: { kind: "timestamp" },
  timestamp_ntz: { kind: "timestamp_ntz" },
  variant: { kind: "variant" },
  interval: { kind: "calendar_interval" },
};

const YEAR_MONTH = ["year", "month"];
const DAY_TIME = ["day", "hour", "minute", "second"];

/** Reads Spark's JSON form. Throws `TypeError` naming the piece that is not a type. */
export function fromJson(json: unknown): DataType {
  if (typeof json === "string") return fromName(json);
  if (typeof json === "object" && json !== null) {
    const o = json as Record<string, unknown>;
    switch (o.type) {
      case "array":
        return array(fromJson(o.elementType), o.containsNull !== false);
      case "map":
        return map(fromJson(o.keyType), fromJson(o.valueType), o.valueContainsNull !== false);
      case "struct":
        return structFromJson(o);
      case "udt": {
        const udt: DataType = { kind: "udt", sqlType: fromJson(o.sqlType) };
        return {
          ...udt,
          ...(typeof o.pyClass === "string" ? { pyClass: o.pyClass } : {}),
          ...(typeof o.class === "string" ? { jvmClass: o.class } : {}),
          ...(typeof o.serializedClass === "string" ? { serializedClass: o.serializedClass } : {}),
        };
      }
    }
  }
  throw new TypeError(`not a Spark type in JSON: ${JSON.stringify(json)}`);
}

export function structFromJson(json: unknown): StructType {
  const fields = (json as { fields?: unknown }).fields;
  if (!Array.isArray(fields)) throw new TypeError(`not a Spark struct type in JSON: ${JSON.stringify(json)}`);
  return { kind: "struct", fields: fields.map(fieldFromJson) };
}

function fieldFromJson(json: unknown): StructField {
  const f = json as { name: unknown; type: unknown; nullable?: unknown; metadata?: unknown };
  if (typeof f?.name !== "string")
    throw new TypeError(`not a field of a Spark schema: ${JSON.stringify(json)}`);
  const metadata = f.metadata as Record<string, unknown> | undefined;
  const plain: StructField = { name: f.name, dataType: fromJson(f.type), nullable: f.nullable !== false };
  return metadata !== undefined && Object.keys(metadata).length > 0 ? { ...plain, metadata } : plain;
}

function fromName(name: string): DataType {
  const plain = PLAIN[name];
  if (plain !== undefined) return plain;
  const sized = /^(decimal|char|varchar|time)\(\s*(\d+)\s*(?:,\s*(-?\d+)\s*)?\)$/.exec(name);
  if (sized !== null) {
    const n = Number(sized[2]);
    if (sized[1] === "decimal") return decimal(n, Number(sized[3] ?? 0));
    if (sized[1] === "time") return { kind: "time", precision: n };
    return { kind: sized[1] as "char" | "varchar", length: n };
  }
  const interval = /^interval (\w+)(?: to (\w+))?$/.exec(name);
  if (interval !== null) {
    const start = interval[1] as string;
    const end = interval[2] ?? start;
    const ym = [YEAR_MONTH.indexOf(start), YEAR_MONTH.indexOf(end)];
    if (ym[0] !== -1 && ym[1] !== -1)
      return { ...YEAR_MONTH_INTERVAL, start: ym[0] as 0 | 1, end: ym[1] as 0 | 1 };
    const dt = [DAY_TIME.indexOf(start), DAY_TIME.indexOf(end)];
    if (dt[0] !== -1 && dt[1] !== -1) {
      return { ...DAY_TIME_INTERVAL, start: dt[0] as 0 | 1 | 2 | 3, end: dt[1] as 0 | 1 | 2 | 3 };
    }
  }
  const collated = /^string collate (\w+)$/i.exec(name);
  if (collated !== null) return { kind: "string", collation: collated[1] as string };
  throw new TypeError(`not a Spark type name: ${JSON.stringify(name)}`);
}
