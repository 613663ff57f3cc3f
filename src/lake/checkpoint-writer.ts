import { joinPath } from "../storage/paths.ts";
import type { Storage } from "../storage/storage.ts";
import { array, BOOLEAN, field, INTEGER, LONG, map, STRING, struct } from "../types/data-type.ts";
import type { AddFile, RemoveFile } from "./actions.ts";
import type { Environment } from "./environment.ts";
import { writeLastCheckpoint } from "./last-checkpoint.ts";
import { checkpointPath } from "./log-names.ts";
import type { Snapshot } from "./snapshot.ts";
import { deletedFileRetentionMs } from "./table-properties.ts";

const TEXT_MAP = map(STRING, STRING, true);
const DELETION_VECTOR = struct([
  field("storageType", STRING),
  field("pathOrInlineDv", STRING),
  field("offset", INTEGER),
  field("sizeInBytes", INTEGER),
  field("cardinality", LONG),
]);

/** The columns of a V1 checkpoint. */
export const CHECKPOINT_SCHEMA = struct([
  field("txn", struct([field("appId", STRING), field("version", LONG), field("lastUpdated", LONG)])),
  field(
    "add",
    struct([
      field("path", STRING),
      field("partitionValues", TEXT_MAP),
      field("size", LONG),
      field("modificationTime", LONG),
      field("dataChange", BOOLEAN),
      field("stats", STRING),
      field("tags", TEXT_MAP),
      field("deletionVector", DELETION_VECTOR),
      field("baseRowId", LONG),
      field("defaultRowCommitVersion", LONG),
      field("clusteringProvider", STRING),
    ]),
  ),
  field(
    "remove",
    struct([
      field("path", STRING),
      field("deletionTimestamp", LONG),
      field("dataChange", BOOLEAN),
      field("extendedFileMetadata", BOOLEAN),
      field("partitionValues", TEXT_MAP),
      field("size", LONG),
      field("deletionVector", DELETION_VECTOR),
      field("baseRowId", LONG),
      field("defaultRowCommitVersion", LONG),
    ]),
  ),
  field(
    "metaData",
    struct([
      field("id", STRING),
      field("name", STRING),
      field("description", STRING),
      field("format", struct([field("provider", STRING), field("options", TEXT_MAP)])),
      field("schemaString", STRING),
      field("partitionColumns", array(STRING)),
      field("configuration", TEXT_MAP),
      field("createdTime", LONG),
    ]),
  ),
  field(
    "protocol",
    struct([
      field("minReaderVersion", INTEGER),
      field("minWriterVersion", INTEGER),
      field("readerFeatures", array(STRING)),
      field("writerFeatures", array(STRING)),
    ]),
  ),
  field(
    "domainMetadata",
    struct([field("domain", STRING), field("configuration", STRING), field("removed", BOOLEAN)]),
  ),
]);

/** Writes the snapshot as a V1 checkpoint and points the hint at it. */
export async function writeCheckpoint(
  storage: Storage,
  directory: string,
  snapshot: Snapshot,
  env: Environment,
  options: { readonly isNewest: boolean } = { isNewest: true },
): Promise<void> {
  const rows = checkpointRows(snapshot, env.clock.now() - deletedFileRetentionMs(snapshot.configuration));
  const bytes = await env.writeParquet(rows, CHECKPOINT_SCHEMA);
  const path = joinPath(directory, checkpointPath(snapshot.version));
  // Another writer may have made the same checkpoint: one is as good as the other.
  if (!(await storage.putIfAbsent(path, bytes)) || !options.isNewest) return;
  await writeLastCheckpoint(storage, directory, {
    version: snapshot.version,
    size: rows.length,
    sizeInBytes: bytes.byteLength,
    numOfAddFiles: snapshot.fileSet.live.size,
  });
}

/** Tombstones older than `oldestRemovalMs` have done their duty. */
export function checkpointRows(
  snapshot: Snapshot,
  oldestRemovalMs: number,
): readonly Record<string, unknown>[] {
  const rows: Record<string, unknown>[] = [{ protocol: snapshot.protocol }, { metaData: snapshot.metadata }];
  for (const txn of snapshot.transactions.values()) rows.push({ txn });
  for (const domainMetadata of snapshot.domains.values()) rows.push({ domainMetadata });
  for (const file of snapshot.fileSet.live.values()) rows.push({ add: withoutDataChange(file) });
  for (const file of snapshot.fileSet.removed.values()) {
    if ((file.deletionTimestamp ?? 0) > oldestRemovalMs) rows.push({ remove: withoutDataChange(file) });
  }
  return rows;
}

/** A checkpoint only restates what was committed: nothing in it is a change. */
function withoutDataChange<T extends AddFile | RemoveFile>(file: T): T {
  return { ...file, dataChange: false };
}
