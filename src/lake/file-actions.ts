import type { WrittenFile } from "../engine/engine-api.ts";
import { InvalidPathError, joinPath, pathParts } from "../storage/paths.ts";
import type { Storage } from "../storage/storage.ts";
import type { Action, AddFile, RemoveFile } from "./actions.ts";
import { decodeFilePath, encodeFilePath } from "./actions.ts";

/** The `add` of a file that an engine wrote into the table's directory. */
export function addAction(file: WrittenFile, dataChange = true): Action {
  pathParts(file.path);
  const add: AddFile = {
    path: encodeFilePath(file.path),
    partitionValues: file.partitionValues,
    size: file.sizeBytes,
    modificationTime: file.modifiedMs,
    dataChange,
    ...(file.stats === undefined ? {} : { stats: file.stats }),
  };
  return { add };
}

/** The `remove` of a live file. */
export function removeAction(file: AddFile, deletionTimestamp: number, dataChange = true): Action {
  const remove: RemoveFile = {
    path: file.path,
    deletionTimestamp,
    dataChange,
    extendedFileMetadata: true,
    partitionValues: file.partitionValues,
    size: file.size,
    ...(file.tags === undefined ? {} : { tags: file.tags }),
    ...(file.deletionVector === undefined ? {} : { deletionVector: file.deletionVector }),
    ...(file.baseRowId === undefined ? {} : { baseRowId: file.baseRowId }),
    ...(file.defaultRowCommitVersion === undefined
      ? {}
      : { defaultRowCommitVersion: file.defaultRowCommitVersion }),
  };
  return { remove };
}

/** Where a file of the log is in the storage. A path that leaves the table's directory has to say so, as clones' do. */
export function storagePath(directory: string, file: Pick<AddFile, "path">, storage?: Storage): string {
  const path = decodeFilePath(file.path);
  if (/^[a-zA-Z][a-zA-Z0-9+.-]*:\//.test(path)) {
    const inside = insideOf(storage, path);
    if (inside === undefined) throw new InvalidPathError(path, "absolute, outside of the table");
    pathParts(inside);
    return inside;
  }
  pathParts(path);
  return joinPath(directory, path);
}

/** The address of a file of the storage that holds wherever it is named: for tables made of another one's files. */
export function absolutePath(storage: Storage, path: string): string {
  const where = storage.descriptor();
  if (where.kind === "disk") return `file:${encodeFilePath(`${where.root}/${path}`)}`;
  return `lakelet:/${encodeFilePath(path)}`;
}

function insideOf(storage: Storage | undefined, path: string): string | undefined {
  if (storage === undefined) return undefined;
  const where = storage.descriptor();
  if (where.kind !== "disk") return path.startsWith("lakelet:/") ? path.slice("lakelet:/".length) : undefined;
  const plain = path.replace(/^file:\/*/, "/");
  return plain.startsWith(`${where.root}/`) ? plain.slice(where.root.length + 1) : undefined;
}
