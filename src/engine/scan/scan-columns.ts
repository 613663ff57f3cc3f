import type { StructField } from "../../types/data-type.ts";
import { buildHeldColumn } from "../arrow/build.ts";
import type { ArrowColumn } from "../arrow/ipc.ts";
import type { ScanColumn, ScanFile } from "../engine-api.ts";
import { partitionValue } from "./constants.ts";
import type { WantedColumn } from "./piece.ts";
import type { ViewColumn } from "./scan-view.ts";

/** A column that is loaded: from the files' data, or the partition values that are the same for all rows of a file. */
export interface LoadedColumn extends WantedColumn {
  readonly column: ScanColumn;
  readonly partition: boolean;
}

/** The columns of a scan, and those of them that have to be loaded. */
export interface ScanPlan {
  readonly view: readonly ViewColumn[];
  readonly loaded: readonly LoadedColumn[];
}

/**
 * Partition values that differ from file to file become columns of the loaded table, where a filter on them prunes;
 * what is the same everywhere is a constant of the view.
 */
export function planScan(
  columns: readonly ScanColumn[],
  files: readonly ScanFile[],
  timeZone: string,
  idOf: (column: ScanColumn) => string,
): ScanPlan {
  const loaded: LoadedColumn[] = [];
  const view = columns.map((column): ViewColumn => {
    if (column.source === "row_index") return { kind: "row_index", column };
    const partition = column.source === "partition";
    if (partition ? !differs(files, column.name) : (column.source ?? "data") !== "data") {
      return { kind: "constant", column };
    }
    const id = partition
      ? `partition ${column.name}:${JSON.stringify(column.type)}:${timeZone}`
      : idOf(column);
    let index = loaded.findIndex((c) => c.id === id);
    if (index < 0) index = loaded.push({ id, type: column.type, column, partition }) - 1;
    return { kind: "loaded", column, index };
  });
  return { view, loaded };
}

function differs(files: readonly ScanFile[], name: string): boolean {
  const first = files[0]?.partitionValues?.[name] ?? null;
  return files.some((f) => (f.partitionValues?.[name] ?? null) !== first);
}

/** A partition column of a file for that many rows. */
export function partitionColumn(
  file: ScanFile,
  { column }: LoadedColumn,
  length: number,
  timeZone: string,
): ArrowColumn {
  const value = partitionValue(file.partitionValues?.[column.name] ?? null, column, timeZone);
  return buildHeldColumn(new Array<unknown>(length).fill(value), column.type);
}

export function fieldOf({ column }: LoadedColumn): StructField {
  return { name: column.name, dataType: column.type, nullable: true };
}
