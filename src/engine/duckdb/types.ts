import type { DataType } from "../../types/data-type.ts";

/** The DuckDB type in which a Spark type is held (see `engine-api.ts`). */
export function duckdbType(type: DataType): string {
  switch (type.kind) {
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
      return `DECIMAL(${type.precision},${type.scale})`;
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
      return `${duckdbType(type.elementType)}[]`;
    case "map":
      return `MAP(${duckdbType(type.keyType)}, ${duckdbType(type.valueType)})`;
    case "struct":
      return `STRUCT(${type.fields.map((f, i) => `f${i} ${duckdbType(f.dataType)}`).join(", ")})`;
    case "udt":
      return duckdbType(type.sqlType);
  }
}
