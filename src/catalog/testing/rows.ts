import type { WrittenFile } from "../../engine/engine-api.ts";
import { joinPath } from "../../storage/paths.ts";
import type { Storage } from "../../storage/storage.ts";
import type { StructType } from "../../types/data-type.ts";
import { field, LONG, STRING, struct } from "../../types/data-type.ts";
import type { Warehouse } from "../warehouse.ts";
import type { ResolvedTable, TableWrite, WriteRequest, WriteResult } from "../warehouse-api.ts";

/** For tests: stands in for an engine. Rows go into files as JSON, whatever the table's format; the log does not mind. */
export type Row = Readonly<Record<string, string | number | null>>;

export const ID_SCHEMA: StructType = struct([field("id", LONG)]);
export const ID_NAME_SCHEMA: StructType = struct([field("id", LONG), field("name", STRING)]);

/** Writes the rows, one file for each partition, and gives what an engine would report. */
export async function writeRows(
  storage: Storage,
  write: TableWrite,
  data: StructType,
  rows: readonly Row[],
): Promise<readonly WrittenFile[]> {
  const columns = write.schema.fields.map((f, i) => {
    const source = write.columns[i]?.source;
    return { name: f.name, from: source === undefined ? undefined : data.fields[source]?.name };
  });
  const partitions = new Map<string, { values: Record<string, string | null>; rows: Row[] }>();
  for (const row of rows) {
    const values: Record<string, string | null> = {};
    const content: Record<string, string | number | null> = {};
    for (const { name, from } of columns) {
      const value = from === undefined ? null : (row[from] ?? null);
      if (write.partitionBy.includes(name)) values[name] = value === null ? null : String(value);
      else content[name] = value;
    }
    const key = write.partitionBy
      .map((name) => `${name}=${encodeURIComponent(values[name] ?? "__NULL__")}`)
      .join("/");
    const partition = partitions.get(key) ?? { values, rows: [] };
    partition.rows.push(content);
    partitions.set(key, partition);
  }
  const files: WrittenFile[] = [];
  let part = 0;
  for (const [key, partition] of partitions) {
    const path = joinPath(key, `part-${String(part++).padStart(5, "0")}-${write.fileStem}.json`);
    const bytes = new TextEncoder().encode(JSON.stringify(partition.rows));
    const info = await storage.writeNew(joinPath(write.directory, path), bytes);
    files.push({
      path,
      sizeBytes: info.sizeBytes,
      modifiedMs: info.modifiedMs,
      rowCount: partition.rows.length,
      partitionValues: partition.values,
      stats: JSON.stringify({ numRecords: partition.rows.length }),
    });
  }
  return files;
}

/** Begins, writes and commits. */
export async function saveRows(
  warehouse: Warehouse,
  request: WriteRequest,
  rows: readonly Row[],
): Promise<WriteResult> {
  const write = await warehouse.beginWrite(request);
  if (write.skipped) return write.commit([]);
  let files: readonly WrittenFile[];
  try {
    files = await writeRows(warehouse.storage, write, request.schema, rows);
  } catch (error) {
    await write.abort();
    throw error;
  }
  return write.commit(files);
}

/** The rows of a table's newest version, in log order. */
export async function readRows(table: ResolvedTable, storage: Storage): Promise<readonly Row[]> {
  const scan = await table.scan();
  const rows: Row[] = [];
  for (const file of await scan.files()) {
    if (file.ref.kind !== "storage") throw new Error("not a file of the storage");
    const content = JSON.parse(new TextDecoder().decode(await storage.read(file.ref.path))) as Row[];
    const gone = new Set(file.deletedRows ?? []);
    for (const [i, row] of content.entries()) {
      if (gone.has(i)) continue;
      const values = file.partitionValues ?? {};
      rows.push(
        Object.fromEntries(
          scan.schema.fields.map((f) => [
            f.name,
            f.name in values ? (values[f.name] ?? null) : (row[f.name] ?? null),
          ]),
        ),
      );
    }
  }
  return rows;
}

export async function tableRows(
  warehouse: Warehouse,
  database: string,
  table: string,
): Promise<readonly Row[]> {
  return readRows(await warehouse.getTable({ database, table }), warehouse.storage);
}

export async function tableIds(
  warehouse: Warehouse,
  database: string,
  table: string,
): Promise<readonly number[]> {
  return (await tableRows(warehouse, database, table)).map((row) => Number(row.id)).sort((a, b) => a - b);
}
