import {
  array,
  BINARY,
  BOOLEAN,
  BYTE,
  CALENDAR_INTERVAL,
  type DataType,
  DATE,
  DAY_TIME_INTERVAL,
  DOUBLE,
  decimal,
  FLOAT,
  INTEGER,
  LONG,
  map,
  NULL,
  SHORT,
  STRING,
  type StructType,
  TIMESTAMP,
  TIMESTAMP_NTZ,
  VARIANT,
  YEAR_MONTH_INTERVAL,
} from "../../types/data-type.ts";
import { schemaOf } from "./ipc.ts";
import type { ArrowField } from "./schema.ts";

/** The Spark schema of an Arrow IPC stream, by the rules of `pyspark.sql.pandas.types.from_arrow_schema`. */
export function sparkSchema(stream: Uint8Array): StructType {
  return { kind: "struct", fields: schemaOf(stream).fields.map(sparkField) };
}

function sparkField(f: ArrowField) {
  return { name: f.name, dataType: sparkType(f), nullable: f.nullable };
}

export function sparkType(f: ArrowField): DataType {
  const { type, children } = f;
  const child = children[0];
  switch (type.kind) {
    case "null":
      return NULL;
    case "bool":
      return BOOLEAN;
    case "int":
      // Unsigned integers take the next wider type, as none of Spark's is unsigned.
      switch (type.signed ? type.bits : type.bits * 2) {
        case 8:
          return BYTE;
        case 16:
          return SHORT;
        case 32:
          return INTEGER;
        case 64:
          return LONG;
        default:
          return decimal(20, 0);
      }
    case "float":
      return type.bits === 64 ? DOUBLE : FLOAT;
    case "decimal":
      return decimal(type.precision, type.scale);
    case "utf8":
    case "largeUtf8":
    case "utf8View":
      return STRING;
    case "binary":
    case "largeBinary":
    case "binaryView":
    case "fixedSizeBinary":
      return BINARY;
    case "date":
      return DATE;
    case "timestamp":
      return type.timezone === undefined ? TIMESTAMP_NTZ : TIMESTAMP;
    case "duration":
      return DAY_TIME_INTERVAL;
    case "interval":
      return type.unit === 0 ? YEAR_MONTH_INTERVAL : CALENDAR_INTERVAL;
    case "time":
      return { kind: "time", precision: 6 };
    case "list":
    case "largeList":
    case "listView":
    case "largeListView":
    case "fixedSizeList":
      if (child !== undefined) return array(sparkType(child), child.nullable);
      break;
    case "map": {
      const [key, value] = child?.children ?? [];
      if (key !== undefined && value !== undefined) return map(sparkType(key), sparkType(value), value.nullable);
      break;
    }
    case "struct": {
      const isVariant = children.some((c) => c.name === "metadata" && c.metadata?.get("variant") === "true");
      return isVariant ? VARIANT : { kind: "struct", fields: children.map(sparkField) };
    }
  }
  throw new TypeError(`the Arrow type ${type.kind} of column ${JSON.stringify(f.name)} has no Spark type`);
}
