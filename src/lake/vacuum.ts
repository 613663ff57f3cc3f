import type { FileInfo, Storage } from "../storage/storage.ts";
import type { AddFile, DeletionVectorDescriptor, RemoveFile } from "./actions.ts";
import { decodeFilePath } from "./actions.ts";
import { deletionVectorPath } from "./deletion-vector.ts";
import type { Snapshot } from "./snapshot.ts";

export interface VacuumPlan {
  /** Files that the table does not need any more, oldest names first. */
  readonly files: readonly FileInfo[];
  readonly sizeBytes: number;
  /** Directories of data, the table's own among them. */
  readonly directoryCount: number;
}

/**
 * Files in a table's directory that neither the newest version nor any version younger than `oldestNeededMs` is made
 * of. Files younger than that are left alone whatever they are: a transaction may be about to commit them.
 */
export async function planVacuum(
  storage: Storage,
  directory: string,
  snapshot: Snapshot,
  oldestNeededMs: number,
): Promise<VacuumPlan> {
  const needed = new Set<string>();
  const keep = (file: {
    readonly path: string;
    readonly deletionVector?: DeletionVectorDescriptor;
  }): void => {
    needed.add(decodeFilePath(file.path));
    const vector = file.deletionVector === undefined ? undefined : deletionVectorPath(file.deletionVector);
    if (vector !== undefined) needed.add(vector);
  };
  const { live, removed } = snapshot.fileSet;
  for (const file of live.values() as Iterable<AddFile>) keep(file);
  for (const file of removed.values() as Iterable<RemoveFile>) {
    if ((file.deletionTimestamp ?? 0) > oldestNeededMs) keep(file);
  }
  const found = await storage.list(directory, { recursive: true });
  const files: FileInfo[] = [];
  const directories = new Set([""]);
  for (const file of found) {
    const relative = file.path.slice(directory.length + 1);
    if (isHidden(relative, snapshot)) continue;
    directories.add(relative.slice(0, Math.max(0, relative.lastIndexOf("/"))));
    if (needed.has(relative) || file.modifiedMs >= oldestNeededMs) continue;
    files.push(file);
  }
  return {
    files,
    sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
    directoryCount: directories.size,
  };
}

/** The log, and what other programs keep beside a table, are nobody's garbage. Partition directories may begin so too. */
function isHidden(path: string, snapshot: Snapshot): boolean {
  return path.split("/").some((part, i) => {
    if (!/^[_.]/.test(part)) return false;
    if (i === 0 && part === "_change_data") return false;
    return !snapshot.partitionColumns.some((column) => part.startsWith(`${column}=`));
  });
}

/** Removes them one by one; a file that somebody else removed is gone all the same. */
export async function removeFiles(storage: Storage, files: readonly FileInfo[]): Promise<number> {
  let count = 0;
  for (const file of files) if (await storage.remove(file.path)) count++;
  return count;
}
