import { parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import type { Warehouse } from "../../src/catalog/warehouse.ts";
import type { ResolvedTable, TimeTravel, WriteRequest } from "../../src/catalog/warehouse-api.ts";
import type { WrittenFile } from "../../src/engine/engine-api.ts";
import { writeParquet } from "../../src/lake/parquet-writer.ts";
import { joinPath } from "../../src/storage/paths.ts";
import type { Storage } from "../../src/storage/storage.ts";
import type { StructType } from "../../src/types/data-type.ts";
import { struct } from "../../src/types/data-type.ts";

export type Row = Readonly<Record<string, unknown>>;

/** Saves rows as real Parquet files, one for each partition, without an engine. */
export async function saveParquet(
  warehouse: Warehouse,
  request: WriteRequest,
  rows: readonly Row[],
): Promise<void> {
  const write = await warehouse.beginWrite(request);
  const fileSchema = struct(write.schema.fields.filter((f) => !write.partitionBy.includes(f.name)));
  const partitions = new Map<
    string,
    { readonly values: Record<string, string | null>; readonly rows: Row[] }
  >();
  for (const row of rows) {
    const values = Object.fromEntries(
      write.partitionBy.map((name) => [
        name,
        row[name] === null || row[name] === undefined ? null : String(row[name]),
      ]),
    );
    const key = write.partitionBy.map((name) => `${name}=${escapePartition(values[name] ?? null)}`).join("/");
    const known = partitions.get(key) ?? { values, rows: [] };
    known.rows.push(row);
    partitions.set(key, known);
  }
  const files: WrittenFile[] = [];
  for (const [key, partition] of partitions) {
    const path = joinPath(key, `part-${files.length}-${write.fileStem}.parquet`);
    const bytes = await writeParquet(partition.rows, fileSchema);
    const info = await warehouse.storage.writeNew(joinPath(write.directory, path), bytes);
    files.push({
      path,
      sizeBytes: info.sizeBytes,
      modifiedMs: info.modifiedMs,
      rowCount: partition.rows.length,
      partitionValues: partition.values,
      stats: JSON.stringify(statistics(partition.rows, fileSchema)),
    });
  }
  await write.commit(files);
}

function statistics(rows: readonly Row[], schema: StructType): unknown {
  const minValues: Record<string, unknown> = {};
  const maxValues: Record<string, unknown> = {};
  const nullCount: Record<string, number> = {};
  for (const { name } of schema.fields) {
    const values = rows.map((row) => row[name]).filter((v) => v !== null && v !== undefined) as (
      | number
      | string
    )[];
    nullCount[name] = rows.length - values.length;
    if (values.length === 0 || typeof values[0] === "boolean") continue;
    minValues[name] = values.reduce((a, b) => (b < a ? b : a));
    maxValues[name] = values.reduce((a, b) => (b > a ? b : a));
  }
  return { numRecords: rows.length, minValues, maxValues, nullCount };
}

/** Hive's escapes in directory names. */
function escapePartition(value: string | null): string {
  if (value === null || value === "") return "__HIVE_DEFAULT_PARTITION__";
  return value.replace(
    /["#%'*/:=?\\\u007f{[\]^\u0001-\u001f]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

/** Reads a version's rows with an independent Parquet reader. */
export async function readParquetTable(
  table: ResolvedTable,
  storage: Storage,
  at?: TimeTravel,
): Promise<readonly Row[]> {
  const scan = await table.scan(at);
  const rows: Row[] = [];
  for (const file of await scan.files()) {
    if (file.ref.kind !== "storage") throw new Error("not a file of the storage");
    const bytes = await storage.read(file.ref.path);
    const content = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
      compressors,
      utf8: false,
    });
    const deleted = new Set(file.deletedRows ?? []);
    for (const [i, row] of content.entries()) {
      if (deleted.has(i)) continue;
      rows.push(
        Object.fromEntries(
          scan.schema.fields.map((f) => {
            const partition = file.partitionValues?.[f.name];
            const value = scan.partitionColumns.includes(f.name)
              ? fromText(partition ?? null, f.dataType.kind)
              : row[f.name];
            return [f.name, plain(value, f.dataType.kind)];
          }),
        ),
      );
    }
  }
  return rows;
}

function fromText(text: string | null, kind: string): unknown {
  if (text === null) return null;
  return ["byte", "short", "integer", "long", "double", "float"].includes(kind) ? Number(text) : text;
}

/** As JSON of the other side has it. */
function plain(value: unknown, kind: string): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Date) {
    return kind === "date" ? value.toISOString().slice(0, 10) : value.toISOString();
  }
  if (value instanceof Uint8Array) return [...value];
  if (Array.isArray(value)) return value.map((v) => plain(v, ""));
  if (typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v, "")]));
  return value;
}

export function canonical(rows: readonly Row[]): readonly string[] {
  return rows
    .map((row) =>
      JSON.stringify(Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))),
    )
    .sort();
}
