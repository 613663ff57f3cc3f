import type { DataType, StructType } from "../../types/data-type.ts";
import { schemaOf } from "./ipc.ts";
import type { ArrowField } from "./schema.ts";

/** The Spark schema that an Arrow stream stands for, as `pyspark.sql.pandas.types.from_arrow_schema`. */
export function sparkSchemaOf(bytes: Uint8Array): StructType {
  const { fields } = schemaOf(bytes);
  return {
    kind: "struct",
    fields: fields.map((f) => ({ name: f.name, dataType: sparkTypeOf(f), nullable: f.nullable })),
  };
}

/** The Spark type of an Arrow field; a TypeError names a type that Spark has no equal for. */
export function sparkTypeOf(field: ArrowField): DataType {
  const { type } = field;
  switch (type.kind) {
    case "null":
      return { kind: "null" };
    case "bool":
      return { kind: "boolean" };
    case "int":
      return sparkInteger(type.bits, type.signed);
    case "float":
      return { kind: type.bits === 64 ? "double" : "float" };
    case "decimal":
      return { kind: "decimal", precision: type.precision, scale: type.scale };
    case "utf8":
    case "largeUtf8":
    case "utf8View":
      return { kind: "string" };
    case "binary":
    case "largeBinary":
    case "binaryView":
    case "fixedSizeBinary":
      return { kind: "binary" };
    case "date":
      return { kind: "date" };
    case "timestamp":
      return { kind: type.timezone === undefined ? "timestamp_ntz" : "timestamp" };
    case "time":
      return { kind: "time", precision: 6 };
    case "duration":
      return { kind: "day_time_interval", start: 0, end: 3 };
    case "interval":
      return type.unit === 0
        ? { kind: "year_month_interval", start: 0, end: 1 }
        : { kind: "calendar_interval" };
    case "list":
    case "largeList":
    case "fixedSizeList": {
      const element = childAt(field, 0);
      return { kind: "array", elementType: sparkTypeOf(element), containsNull: element.nullable };
    }
    case "map": {
      const entries = childAt(field, 0);
      const value = childAt(entries, 1);
      return {
        kind: "map",
        keyType: sparkTypeOf(childAt(entries, 0)),
        valueType: sparkTypeOf(value),
        valueContainsNull: value.nullable,
      };
    }
    case "struct":
      return {
        kind: "struct",
        fields: field.children.map((c) => ({ name: c.name, dataType: sparkTypeOf(c), nullable: c.nullable })),
      };
    default:
      throw new TypeError(
        `the column ${JSON.stringify(field.name)} has Arrow type ${type.kind}, which Spark lacks`,
      );
  }
}

function sparkInteger(bits: number, signed: boolean): DataType {
  // An unsigned number takes the next wider type.
  const width = signed ? bits : bits * 2;
  if (width > 64) return { kind: "decimal", precision: 20, scale: 0 };
  return { kind: width === 8 ? "byte" : width === 16 ? "short" : width === 32 ? "integer" : "long" };
}

function childAt(field: ArrowField, index: number): ArrowField {
  const child = field.children[index];
  if (child === undefined)
    throw new TypeError(`the Arrow ${field.type.kind} ${JSON.stringify(field.name)} is incomplete`);
  return child;
}
