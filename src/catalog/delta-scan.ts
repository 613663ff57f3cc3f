import type { ScanFile } from "../engine/engine-api.ts";
import type { AddFile } from "../lake/actions.ts";
import { mapsColumns, physicalName, physicalNames, readerSchema } from "../lake/column-mapping.ts";
import { readDeletionVector } from "../lake/deletion-vector.ts";
import type { DeltaLog } from "../lake/delta-log.ts";
import { storagePath } from "../lake/file-actions.ts";
import { FileFilter } from "../lake/file-skipping.ts";
import { rowCountOf } from "../lake/file-statistics.ts";
import type { Snapshot } from "../lake/snapshot.ts";
import type { TableScan } from "./warehouse-api.ts";

/** A scan of one version of a Delta table. */
export function deltaScan(log: DeltaLog, snapshot: Snapshot): TableScan {
  const { schema, partitionColumns, configuration } = snapshot;
  return {
    schema: readerSchema(schema),
    partitionColumns,
    version: snapshot.version,
    timestampMs: snapshot.timestampMs,
    physicalNames: physicalNames(schema, configuration),
    source: { directory: log.directory, version: snapshot.version },
    get rowCount() {
      return totalRows(snapshot.files);
    },
    get sizeBytes() {
      return snapshot.totals.sizeBytes;
    },
    async files(predicate) {
      const filter = predicate === undefined ? undefined : new FileFilter(snapshot, predicate);
      const files = snapshot.files.filter((file) => filter?.mayMatch(file) ?? true);
      return Promise.all(files.map((file) => scanFile(log, snapshot, file)));
    },
  };
}

/** A file of a snapshot as engines read it. */
export async function scanFile(log: DeltaLog, snapshot: Snapshot, file: AddFile): Promise<ScanFile> {
  const path = storagePath(log.directory, file, log.storage);
  const dv = file.deletionVector;
  return {
    ref: { kind: "storage", path },
    cacheKey: path,
    sizeBytes: file.size,
    modifiedMs: file.modificationTime,
    displayPath: path,
    partitionValues: logicalPartitionValues(snapshot, file),
    ...(dv === undefined ? {} : { deletedRows: await readDeletionVector(log.storage, log.directory, dv) }),
  };
}

/** The log knows partition columns by their physical names; "" is null. */
function logicalPartitionValues(snapshot: Snapshot, file: AddFile): Readonly<Record<string, string | null>> {
  const mapped = mapsColumns(snapshot.configuration);
  return Object.fromEntries(
    snapshot.partitionColumns.map((name) => {
      const field = mapped ? snapshot.schema.fields.find((f) => f.name === name) : undefined;
      const key = field === undefined ? name : physicalName(field, snapshot.configuration);
      const value = file.partitionValues[key];
      return [name, value === undefined || value === "" ? null : value];
    }),
  );
}

/** undefined as soon as one file does not tell. */
function totalRows(files: readonly AddFile[]): number | undefined {
  let total = 0;
  for (const file of files) {
    const rows = rowCountOf(file);
    if (rows === undefined) return undefined;
    total += rows;
  }
  return total;
}
