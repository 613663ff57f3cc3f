import type { WrittenFile } from "../../engine/engine-api.ts";
import type { AddFile, DeletionVectorDescriptor } from "../../lake/actions.ts";
import { writeDeletionVectors } from "../../lake/deletion-vector-writer.ts";
import { joinPath } from "../../storage/paths.ts";
import type { ChangeCommit, ChangedFile, TableChange } from "../table-change.ts";
import type { Warehouse } from "../warehouse.ts";
import type { Row } from "./rows.ts";

/** For tests: statements that change rows, over files of JSON as `rows.ts` writes them. */
export type Edit = (row: Row) => Row | undefined;

/** Begins a change as a statement does; what it read is `files`. */
export async function begin(
  warehouse: Warehouse,
  table: string,
): Promise<{ readonly change: TableChange; readonly files: readonly ChangedFile[] }> {
  const target = { kind: "table", name: { database: "default", table } } as const;
  const change = await warehouse.beginChange(target, "TEST");
  return { change, files: await change.filesFor({ kind: "always" }) };
}

/** Rewrites the files that hold rows which an edit changes (undefined: takes away), adds `more`, and commits. */
export async function rewrite(
  { change, files }: Awaited<ReturnType<typeof begin>>,
  edit: Edit,
  more: readonly Row[] = [],
  info: Partial<ChangeCommit> = {},
): Promise<number | undefined> {
  try {
    const removed: AddFile[] = [];
    const written: WrittenFile[] = [];
    for (const file of files) {
      const rows = await rowsOf(change, file);
      const after = rows.map(edit);
      if (after.every((row, i) => row === rows[i])) continue;
      removed.push(file.file);
      const kept = after.filter((row) => row !== undefined);
      if (kept.length > 0) written.push(await writeFile(change, kept));
    }
    if (more.length > 0) written.push(await writeFile(change, more));
    if (removed.length + written.length === 0) return undefined;
    return await change.commit({ operation: "UPDATE", removed, written, ...info });
  } finally {
    await change.abort();
  }
}

/** All rows into one file. */
export async function compact({
  change,
  files,
}: Awaited<ReturnType<typeof begin>>): Promise<number | undefined> {
  try {
    if (files.length < 2) return undefined;
    const rows: Row[] = [];
    for (const file of files) rows.push(...(await rowsOf(change, file)));
    const written = [await writeFile(change, rows)];
    const removed = files.map((one) => one.file);
    return await change.commit({ operation: "OPTIMIZE", removed, written, dataChange: false });
  } finally {
    await change.abort();
  }
}

/** Marks rows as deleted where they are. */
export async function mark(
  { change, files }: Awaited<ReturnType<typeof begin>>,
  isGone: (row: Row) => boolean,
): Promise<number | undefined> {
  try {
    const found: { file: AddFile; rows: number[] }[] = [];
    for (const file of files) {
      const all = await contentOf(change, file);
      const before = new Set(file.scan.deletedRows ?? []);
      const rows = all.flatMap((row, i) => (before.has(i) || isGone(row) ? [i] : []));
      if (rows.length > before.size) found.push({ file: file.file, rows });
    }
    if (found.length === 0) return undefined;
    const { path, vectors } = await writeDeletionVectors(
      change.storage,
      change.directory,
      change.randomName(),
      found.map((one) => one.rows),
    );
    change.note([{ path }]);
    const marked = found.map(({ file }, i) => ({ file, vector: vectors[i] as DeletionVectorDescriptor }));
    return await change.commit({ operation: "DELETE", removed: [], written: [], marked });
  } finally {
    await change.abort();
  }
}

async function rowsOf(change: TableChange, file: ChangedFile): Promise<readonly Row[]> {
  const gone = new Set(file.scan.deletedRows ?? []);
  return (await contentOf(change, file))
    .filter((_, i) => !gone.has(i))
    .map((row) => ({ ...row, ...file.scan.partitionValues }));
}

async function contentOf(change: TableChange, file: ChangedFile): Promise<readonly Row[]> {
  return JSON.parse(new TextDecoder().decode(await change.storage.read(file.path))) as readonly Row[];
}

/** The rows are of one partition. */
async function writeFile(change: TableChange, rows: readonly Row[]): Promise<WrittenFile> {
  const path = `part-${change.randomName()}.json`;
  const bytes = new TextEncoder().encode(JSON.stringify(rows));
  const info = await change.storage.writeNew(joinPath(change.directory, path), bytes);
  const file: WrittenFile = {
    path,
    sizeBytes: info.sizeBytes,
    modifiedMs: info.modifiedMs,
    rowCount: rows.length,
    partitionValues: Object.fromEntries(
      change.snapshot.partitionColumns.map((name) => [name, (rows[0]?.[name] ?? null) as string | null]),
    ),
    stats: JSON.stringify({ numRecords: rows.length }),
  };
  change.note([file]);
  return file;
}
