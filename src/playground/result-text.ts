import { decodeRows } from "../engine/arrow/decode.ts";
import type { DataType } from "../types/data-type.ts";
import { isRow } from "../types/row.ts";
import { cellText } from "./cell-text.ts";
import type { TableItem } from "./sandbox/protocol.ts";

/** The rows as CSV with a header: values as the grid shows them, nothing for NULL, quoted where they must be. */
export function csvText(item: TableItem): string {
  const { fields } = item.schema;
  const line = (texts: readonly string[]): string => `${texts.map(quoted).join(",")}\r\n`;
  const rows = decodeRows(item.chunks, item.schema).slice(0, item.rowCount);
  const body = rows.map((row) =>
    line(
      row.values().map((value, i) => {
        const type = (fields[i] as (typeof fields)[number]).dataType;
        return value === null || value === undefined ? "" : cellText(value, type, item.timeZone);
      }),
    ),
  );
  return line(fields.map((f) => f.name)) + body.join("");
}

function quoted(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The rows as JSON lines. Whole numbers keep all their digits; what JSON has no form for is text. */
export function jsonText(item: TableItem): string {
  const rows = decodeRows(item.chunks, item.schema).slice(0, item.rowCount);
  return rows.map((row) => `${jsonOf(row, item.schema, item.timeZone)}\n`).join("");
}

function jsonOf(value: unknown, type: DataType, zone: string): string {
  if (value === null || value === undefined) return "null";
  switch (type.kind) {
    case "boolean":
    case "byte":
    case "short":
    case "integer":
    case "long":
    case "decimal":
      return String(value);
    case "float":
    case "double":
      return Number.isFinite(value) ? cellText(value, type, zone) : JSON.stringify(String(value));
    case "array": {
      const items = (value as readonly unknown[]).map((item) => jsonOf(item, type.elementType, zone));
      return `[${items.join(",")}]`;
    }
    case "map": {
      const entries = [...(value as ReadonlyMap<unknown, unknown>)].map(
        ([key, item]) =>
          `${JSON.stringify(cellText(key, type.keyType, zone))}:${jsonOf(item, type.valueType, zone)}`,
      );
      return `{${entries.join(",")}}`;
    }
    case "struct": {
      const items = isRow(value) ? value.values() : (value as readonly unknown[]);
      const entries = type.fields.map(
        (f, i) => `${JSON.stringify(f.name)}:${jsonOf(items[i], f.dataType, zone)}`,
      );
      return `{${entries.join(",")}}`;
    }
    default:
      return JSON.stringify(cellText(value, type, zone));
  }
}
