import { formatMicros } from "../../types/civil.ts";
import type { DataType } from "../../types/data-type.ts";
import { findTimeZone, localToInstantMicros, parseOffset, timeZone } from "../../types/time-zone.ts";
import { LocalTimestamp } from "../../types/values.ts";
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

/** A partition value as the log or the path spells it. */
function partitionLiteral(text: string | null, column: ScanColumn, zone: string): string {
  const type = duckdbType(column.type);
  if (text === null || (text === "" && column.type.kind !== "string")) return `CAST(NULL AS ${type})`;
  switch (column.type.kind) {
    case "string":
    case "char":
    case "varchar":
      return text === "" ? "CAST(NULL AS VARCHAR)" : sqlString(text);
    case "timestamp":
    case "timestamp_ntz":
      return `CAST(${sqlString(formatMicros(partitionMicros(text, column.type, zone)))} AS TIMESTAMP)`;
    case "binary":
      return `CAST(encode(${sqlString(text)}) AS BLOB)`;
    case "boolean":
    case "byte":
    case "short":
    case "integer":
    case "long":
    case "float":
    case "double":
    case "decimal":
    case "date":
      return `CAST(${sqlString(text.trim())} AS ${type})`;
    default:
      throw new EngineError({
        kind: "internal",
        message: `${column.name}: ${column.type.kind} partitions nothing`,
      });
  }
}

/** `2020-01-01 10:00:00.5` in the zone, or `2020-01-01T10:00:00.5Z` with its offset. */
function partitionMicros(text: string, type: DataType, zone: string): bigint {
  const match = /^(.*?)\s*(Z|[+-]\d{1,2}:?\d{2}|UTC|GMT)?$/.exec(text.trim());
  const local = LocalTimestamp.fromString((match?.[1] ?? text).replace(/(\.\d{6})\d+$/, "$1")).localMicros;
  if (type.kind === "timestamp_ntz") return local;
  const offset = match?.[2];
  const where = offset === undefined ? timeZone(zone) : findTimeZone(offset);
  if (where === undefined) return local - BigInt(parseOffset(offset ?? "") ?? 0) * 1_000_000n;
  return localToInstantMicros(local, where);
}
