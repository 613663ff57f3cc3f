import type { WrittenFile } from "../engine/engine-api.ts";
import { InvalidPathError, joinPath, pathParts } from "../storage/paths.ts";
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

/** Where a file of the log is in the storage. A path that leaves the table's directory is refused. */
export function storagePath(directory: string, file: Pick<AddFile, "path">): string {
  const path = decodeFilePath(file.path);
  if (/^[a-zA-Z][a-zA-Z0-9+.-]*:\//.test(path))
    throw new InvalidPathError(path, "absolute, outside of the table");
  pathParts(path);
  return joinPath(directory, path);
}
