import {
  decimalUnscaled,
  parseDecimal,
  parseDouble,
  parseFloat32,
  parseLong,
  parseWhole,
} from "../../functions/text/number-values.ts";
import type { DataType } from "../../types/data-type.ts";
import { parseDateText, parseInstantText, parseLocalText } from "../../types/datetime-text.ts";
import { timeZone } from "../../types/time-zone.ts";
import { Decimal } from "../../types/values.ts";
import { duckdbType } from "../duckdb/types.ts";
import type { ScanColumn, ScanFile } from "../engine-api.ts";
import { EngineError } from "../failure.ts";
import { sqlString } from "../raise.ts";

/** What a column is for all rows of a file, as an SQL expression of the column's type. */
export function fileConstant(file: ScanFile, column: ScanColumn, zone: string): string {
  const type = duckdbType(column.type);
  switch (column.source) {
    case "partition":
      return partitionLiteral(file.partitionValues?.[column.name] ?? null, column, zone);
    case "file_path":
      return `CAST(${sqlString(pathOf(file))} AS ${type})`;
    case "file_name":
      return `CAST(${sqlString(pathOf(file).split("/").at(-1) ?? "")} AS ${type})`;
    case "file_size":
      return file.sizeBytes === undefined ? `CAST(NULL AS ${type})` : `CAST(${file.sizeBytes} AS ${type})`;
    case "file_modified":
      return file.modifiedMs === undefined
        ? `CAST(NULL AS ${type})`
        : `CAST(make_timestamp(${Math.floor(file.modifiedMs)}000) AS ${type})`;
    default:
      throw new EngineError({
        kind: "internal",
        message: `${column.source} is not the same for all rows of a file`,
      });
  }
}

export function pathOf(file: ScanFile): string {
  return file.displayPath ?? (file.ref.kind === "blob" ? file.ref.name : file.ref.path);
}

/** A partition value as the log or the path spells it, as an SQL expression. */
function partitionLiteral(text: string | null, column: ScanColumn, zone: string): string {
  const type = duckdbType(column.type);
  const value = partitionValue(text, column, zone);
  if (value === null) return `CAST(NULL AS ${type})`;
  if (value instanceof Uint8Array) return `CAST(encode(${sqlString(text ?? "")}) AS BLOB)`;
  switch (column.type.kind) {
    case "timestamp":
    case "timestamp_ntz":
      return `make_timestamp(${value})`;
    case "date":
      return `(DATE '1970-01-01' + ${value})`;
    case "float":
    case "double":
      return `CAST(${sqlString(String(value))} AS ${type})`;
    case "decimal":
      return `CAST(${sqlString(new Decimal(value as bigint, column.type.scale).toString())} AS ${type})`;
    default:
      return typeof value === "string" ? sqlString(value) : `CAST(${String(value)} AS ${type})`;
  }
}

/** A partition value in DuckDB's physical form. Empty text stands for null. */
export function partitionValue(text: string | null, column: ScanColumn, zone: string): unknown {
  if (text === null || text === "") return null;
  const { type } = column;
  const value = readPartition(text, type, zone);
  if (value !== undefined) return value;
  throw new EngineError({
    kind: "corrupt",
    message: `the partition value ${column.name} = ${JSON.stringify(text)} is not of type ${type.kind}`,
  });
}

function readPartition(text: string, type: DataType, zone: string): unknown {
  switch (type.kind) {
    case "string":
    case "char":
    case "varchar":
      return text;
    case "binary":
      return new TextEncoder().encode(text);
    case "boolean":
      return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined;
    case "byte":
    case "short":
    case "integer":
      return parseWhole(text.trim(), type.kind);
    case "long":
      return parseLong(text.trim());
    case "float":
      return parseFloat32(text);
    case "double":
      return parseDouble(text);
    case "decimal": {
      const value = parseDecimal(text.trim());
      return value && decimalUnscaled(value, type.precision, type.scale);
    }
    case "date":
      return parseDateText(text);
    case "timestamp":
      return parseInstantText(text, timeZone(zone));
    case "timestamp_ntz":
      return parseLocalText(text);
    default:
      return undefined;
  }
}
