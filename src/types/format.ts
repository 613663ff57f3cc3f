import type { DataType, StructType } from "./data-type.ts";

const YEAR_MONTH_FIELDS = ["year", "month"] as const;
const DAY_TIME_FIELDS = ["day", "hour", "minute", "second"] as const;

/** PySpark's `simpleString`: `array<int>`, `struct<a:int>`, `decimal(10,2)`. */
export function simpleString(t: DataType): string {
  switch (t.kind) {
    case "null":
      return "void";
    case "byte":
      return "tinyint";
    case "short":
      return "smallint";
    case "integer":
      return "int";
    case "long":
      return "bigint";
    case "decimal":
      return `decimal(${t.precision},${t.scale})`;
    case "char":
    case "varchar":
      return `${t.kind}(${t.length})`;
    case "string":
      return t.collation === undefined || t.collation === "UTF8_BINARY"
        ? "string"
        : `string collate ${t.collation}`;
    case "time":
      return `time(${t.precision})`;
    case "calendar_interval":
      return "interval";
    case "year_month_interval":
      return intervalName(YEAR_MONTH_FIELDS, t.start, t.end);
    case "day_time_interval":
      return intervalName(DAY_TIME_FIELDS, t.start, t.end);
    case "array":
      return `array<${simpleString(t.elementType)}>`;
    case "map":
      return `map<${simpleString(t.keyType)},${simpleString(t.valueType)}>`;
    case "struct":
      return `struct<${t.fields.map((f) => `${f.name}:${simpleString(f.dataType)}`).join(",")}>`;
    case "udt":
      return simpleString(t.sqlType);
    default:
      return t.kind;
  }
}

/** The form used in Spark's messages and in SQL: `ARRAY<INT>`, `STRUCT<a: INT NOT NULL>`, `DECIMAL(10,2)`. */
export function sqlString(t: DataType): string {
  switch (t.kind) {
    case "array":
      return `ARRAY<${sqlString(t.elementType)}>`;
    case "map":
      return `MAP<${sqlString(t.keyType)}, ${sqlString(t.valueType)}>`;
    case "struct":
      return `STRUCT<${t.fields
        .map((f) => `${quoteIfNeeded(f.name)}: ${sqlString(f.dataType)}${f.nullable ? "" : " NOT NULL"}`)
        .join(", ")}>`;
    case "string":
      return t.collation === undefined || t.collation === "UTF8_BINARY"
        ? "STRING"
        : `STRING COLLATE ${t.collation}`;
    case "udt":
      return sqlString(t.sqlType);
    default:
      return simpleString(t).toUpperCase();
  }
}

/** The name of a type in double quotes, as messages show it: `"ARRAY<INT>"`. */
export function quotedSqlType(t: DataType): string {
  return `"${sqlString(t)}"`;
}

/** A table schema as DDL: `a INT NOT NULL,b STRING COMMENT 'x'`, as `StructType.toDDL`. */
export function toDdl(schema: StructType): string {
  return schema.fields
    .map((f) => {
      const comment =
        typeof f.metadata?.comment === "string" ? ` COMMENT '${escapeSql(f.metadata.comment)}'` : "";
      return `${quoteIfNeeded(f.name)} ${sqlString(f.dataType)}${f.nullable ? "" : " NOT NULL"}${comment}`;
    })
    .join(",");
}

function escapeSql(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/'/g, "\\'");
}

/** Backquotes an identifier unless it is plain (letters, digits, underscore, not starting with a digit). */
export function quoteIfNeeded(name: string): string {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) ? name : quoteIdentifier(name);
}

export function quoteIdentifier(name: string): string {
  return `\`${name.replace(/`/g, "``")}\``;
}

function intervalName(names: readonly string[], start: number, end: number): string {
  return start === end ? `interval ${names[start]}` : `interval ${names[start]} to ${names[end]}`;
}

/** The text of `printSchema()`, with a final newline. `maxLevel` limits nesting; 0 or absent means all. */
export function treeString(schema: StructType, maxLevel = 0): string {
  const lines = ["root"];
  const limit = maxLevel > 0 ? maxLevel : Number.POSITIVE_INFINITY;
  const walk = (t: DataType, prefix: string, depth: number): void => {
    if (depth > limit) return;
    if (t.kind === "array") {
      lines.push(`${prefix}-- element: ${treeName(t.elementType)} (containsNull = ${t.containsNull})`);
      walk(t.elementType, `${prefix}    |`, depth + 1);
    } else if (t.kind === "map") {
      lines.push(`${prefix}-- key: ${treeName(t.keyType)}`);
      walk(t.keyType, `${prefix}    |`, depth + 1);
      lines.push(`${prefix}-- value: ${treeName(t.valueType)} (valueContainsNull = ${t.valueContainsNull})`);
      walk(t.valueType, `${prefix}    |`, depth + 1);
    } else if (t.kind === "struct") {
      for (const f of t.fields) {
        lines.push(`${prefix}-- ${f.name}: ${treeName(f.dataType)} (nullable = ${f.nullable})`);
        walk(f.dataType, `${prefix}    |`, depth + 1);
      }
    } else if (t.kind === "udt") {
      walk(t.sqlType, prefix, depth);
    }
  };
  walk(schema, " |", 1);
  return `${lines.join("\n")}\n`;
}

/** The name of a type in the schema tree and in JSON: `long`, `decimal(10,2)`, `array`. */
export function treeName(t: DataType): string {
  switch (t.kind) {
    case "array":
    case "map":
    case "struct":
    case "byte":
    case "short":
    case "integer":
    case "long":
      return t.kind;
    case "udt":
      return treeName(t.sqlType);
    default:
      return simpleString(t);
  }
}
