import type { DataType, StructField, StructType } from "../../types/data-type.ts";
import { simpleString } from "../../types/format.ts";
import type { Information } from "./table-information.ts";

/** DESCRIBE ... AS JSON: one object, its keys in Spark's order. */
export function describeJson(
  information: readonly Information[],
  schema: StructType,
  partitionColumns: readonly string[] = [],
): string {
  const of = (name: string): string | undefined => information.find((line) => line.name === name)?.value;
  const isTemporary = of("Catalog") === undefined;
  const database = of("Database") ?? "session";
  const out: Record<string, unknown> = {
    table_name: of("Table"),
    catalog_name: isTemporary ? "system" : of("Catalog"),
    namespace: [database],
    schema_name: database,
    columns: schema.fields.map(fieldJson),
  };
  if (of("Location") !== undefined) out.location = of("Location");
  for (const { name, value, json } of information) {
    if (["Catalog", "Database", "Table", "Location"].includes(name)) continue;
    out[name.toLowerCase().replaceAll(" ", "_")] = json ?? value;
  }
  if (partitionColumns.length > 0) out.partition_columns = partitionColumns;
  out.collation ??= "UTF8_BINARY";
  return JSON.stringify(out);
}

function fieldJson(f: StructField): unknown {
  const { comment, CURRENT_DEFAULT } = f.metadata ?? {};
  return {
    name: f.name,
    type: typeJson(f.dataType),
    nullable: f.nullable,
    ...(typeof comment === "string" ? { comment } : {}),
    ...(typeof CURRENT_DEFAULT === "string" ? { default: CURRENT_DEFAULT } : {}),
  };
}

const UNITS = {
  year_month_interval: ["year", "month"],
  day_time_interval: ["day", "hour", "minute", "second"],
} as const;

function typeJson(t: DataType): unknown {
  switch (t.kind) {
    case "string":
    case "char":
    case "varchar":
      return { name: "string", collation: (t.kind === "string" ? t.collation : undefined) ?? "UTF8_BINARY" };
    case "timestamp":
      return { name: "timestamp_ltz" };
    case "decimal":
      return { name: "decimal", precision: t.precision, scale: t.scale };
    case "year_month_interval":
    case "day_time_interval":
      return { name: "interval", start_unit: UNITS[t.kind][t.start], end_unit: UNITS[t.kind][t.end as 0] };
    case "array":
      return { name: "array", element_type: typeJson(t.elementType), element_nullable: t.containsNull };
    case "map":
      return {
        name: "map",
        key_type: typeJson(t.keyType),
        value_type: typeJson(t.valueType),
        value_nullable: t.valueContainsNull,
      };
    case "struct":
      return { name: "struct", fields: t.fields.map(fieldJson) };
    default:
      return { name: simpleString(t) };
  }
}
