import type { DataType, StructType } from "../../types/data-type.ts";
import { type ArrowField, type ArrowSchema, type ArrowType, MICROSECOND, NANOSECOND } from "./schema.ts";

const DATE_DAYS: ArrowType = { kind: "date", unit: 0 };

/**
 * How Spark's types travel: `wire` as Spark Connect sends them, with names, time zone and nullability; `held` as
 * DuckDB holds them in an engine (see `engine-api.ts`), with struct fields by position.
 */
export type ArrowForm =
  | { readonly kind: "wire"; readonly timeZone: string; readonly large?: boolean }
  | { readonly kind: "held" };

export function arrowSchema(schema: StructType, form: ArrowForm): ArrowSchema {
  return { fields: schema.fields.map((f) => arrowField(f.name, f.dataType, f.nullable, form)) };
}

export function arrowField(name: string, type: DataType, nullable: boolean, form: ArrowForm): ArrowField {
  const field = (arrow: ArrowType, children: readonly ArrowField[] = []): ArrowField => ({
    name,
    nullable,
    type: arrow,
    children,
  });
  const held = form.kind === "held";
  switch (type.kind) {
    case "array":
      return field({ kind: "list" }, [arrowField("element", type.elementType, type.containsNull, form)]);
    case "map": {
      const key = arrowField("key", type.keyType, false, form);
      const value = arrowField("value", type.valueType, type.valueContainsNull, form);
      const entries: ArrowField = {
        name: "entries",
        nullable: false,
        type: { kind: "struct" },
        children: [key, value],
      };
      return field({ kind: "map", sorted: false }, [entries]);
    }
    case "struct":
      return field(
        { kind: "struct" },
        type.fields.map((f, i) => arrowField(held ? `f${i}` : f.name, f.dataType, held || f.nullable, form)),
      );
    case "calendar_interval":
      if (!held) return field({ kind: "interval", unit: 2 });
      return field({ kind: "struct" }, [int("f0", 32), int("f1", 32), int("f2", 64)]);
    case "variant":
      return field({ kind: "struct" }, [
        { name: held ? "f0" : "value", nullable: held, type: { kind: "binary" }, children: [] },
        { name: held ? "f1" : "metadata", nullable: held, type: { kind: "binary" }, children: [] },
      ]);
    case "udt":
      return arrowField(name, type.sqlType, nullable, form);
    default:
      return field(plainType(type, form));
  }
}

function int(name: string, bits: number): ArrowField {
  return { name, nullable: true, type: { kind: "int", bits, signed: true }, children: [] };
}

function plainType(type: DataType, form: ArrowForm): ArrowType {
  const held = form.kind === "held";
  switch (type.kind) {
    case "null":
      return held ? signed(32) : { kind: "null" };
    case "boolean":
      return { kind: "bool" };
    case "byte":
      return signed(8);
    case "short":
      return signed(16);
    case "integer":
      return signed(32);
    case "long":
      return signed(64);
    case "float":
      return { kind: "float", bits: 32 };
    case "double":
      return { kind: "float", bits: 64 };
    case "decimal":
      return { kind: "decimal", precision: type.precision, scale: type.scale, bits: 128 };
    case "string":
    case "char":
    case "varchar":
      return { kind: !held && form.large === true ? "largeUtf8" : "utf8" };
    case "binary":
      return { kind: !held && form.large === true ? "largeBinary" : "binary" };
    case "date":
      return DATE_DAYS;
    case "timestamp":
      return held
        ? { kind: "timestamp", unit: MICROSECOND }
        : { kind: "timestamp", unit: MICROSECOND, timezone: form.timeZone };
    case "timestamp_ntz":
      return { kind: "timestamp", unit: MICROSECOND };
    case "time":
      return held ? signed(64) : { kind: "time", unit: NANOSECOND, bits: 64 };
    case "year_month_interval":
      return held ? signed(32) : { kind: "interval", unit: 0 };
    case "day_time_interval":
      return held ? signed(64) : { kind: "duration", unit: MICROSECOND };
    default:
      throw new TypeError(`no plain Arrow type for ${type.kind}`);
  }
}

function signed(bits: number): ArrowType {
  return { kind: "int", bits, signed: true };
}
