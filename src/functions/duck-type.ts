import type { DataType } from "../types/data-type.ts";

/** A typed NULL; the cast is in words where `::` would run into an index that follows. */
export function nullOfType(t: DataType): string {
  const type = duckType(t);
  return type.endsWith("]") ? `CAST(NULL AS ${type})` : `NULL::${type}`;
}

/** The DuckDB type that holds a Spark type (see the table in src/engine/engine-api.ts). */
export function duckType(t: DataType): string {
  switch (t.kind) {
    case "null":
    case "integer":
    case "year_month_interval":
      return "INTEGER";
    case "boolean":
      return "BOOLEAN";
    case "byte":
      return "TINYINT";
    case "short":
      return "SMALLINT";
    case "long":
    case "day_time_interval":
    case "time":
      return "BIGINT";
    case "float":
      return "FLOAT";
    case "double":
      return "DOUBLE";
    case "decimal":
      return `DECIMAL(${t.precision},${t.scale})`;
    case "string":
    case "char":
    case "varchar":
      return "VARCHAR";
    case "binary":
      return "BLOB";
    case "date":
      return "DATE";
    case "timestamp":
    case "timestamp_ntz":
      return "TIMESTAMP";
    case "calendar_interval":
      return "STRUCT(f0 INTEGER, f1 INTEGER, f2 BIGINT)";
    case "variant":
      return "STRUCT(f0 BLOB, f1 BLOB)";
    case "array":
      return `${duckType(t.elementType)}[]`;
    case "map":
      return `MAP(${duckType(t.keyType)}, ${duckType(t.valueType)})`;
    case "struct":
      return `STRUCT(${t.fields.map((f, i) => `f${i} ${duckType(f.dataType)}`).join(", ")})`;
    case "udt":
      return duckType(t.sqlType);
  }
}
