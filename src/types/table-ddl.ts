import type { DataType, StructField } from "./data-type.ts";
import { quoteIfNeeded, sqlString } from "./format.ts";

/** A text within single quotes. */
export function escapeSql(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/'/g, "\\'");
}

/** A column as SHOW CREATE TABLE writes it: `a INT NOT NULL DEFAULT 1 COMMENT 'x'`, strings with their collation. */
export function fieldDdl(f: StructField): string {
  const { comment, CURRENT_DEFAULT } = f.metadata ?? {};
  return [
    quoteIfNeeded(f.name),
    ` ${typeDdl(f.dataType)}`,
    f.nullable ? "" : " NOT NULL",
    typeof CURRENT_DEFAULT === "string" ? ` DEFAULT ${CURRENT_DEFAULT}` : "",
    typeof comment === "string" ? ` COMMENT '${escapeSql(comment)}'` : "",
  ].join("");
}

function typeDdl(t: DataType): string {
  switch (t.kind) {
    case "string":
      return `STRING COLLATE ${t.collation ?? "UTF8_BINARY"}`;
    case "char":
    case "varchar":
      return `${sqlString(t)} COLLATE UTF8_BINARY`;
    case "array":
      return `ARRAY<${typeDdl(t.elementType)}>`;
    case "map":
      return `MAP<${typeDdl(t.keyType)}, ${typeDdl(t.valueType)}>`;
    case "struct":
      return `STRUCT<${t.fields
        .map((f) => {
          const { comment } = f.metadata ?? {};
          const tail = typeof comment === "string" ? ` COMMENT '${escapeSql(comment)}'` : "";
          return `${quoteIfNeeded(f.name)}: ${typeDdl(f.dataType)}${f.nullable ? "" : " NOT NULL"}${tail}`;
        })
        .join(", ")}>`;
    default:
      return sqlString(t);
  }
}
