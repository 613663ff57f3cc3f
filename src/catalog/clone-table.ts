import { sparkError } from "../errors/spark-error.ts";
import type { Action, AddFile, DeletionVectorDescriptor } from "../lake/actions.ts";
import { deletionVectorPath } from "../lake/deletion-vector.ts";
import type { DeltaLog } from "../lake/delta-log.ts";
import { absolutePath, storagePath } from "../lake/file-actions.ts";
import type { Snapshot } from "../lake/snapshot.ts";
import { joinPath } from "../storage/paths.ts";
import type { TableIdentifier } from "./catalog-entry.ts";
import { schemaNotFound, tableAlreadyExists } from "./catalog-errors.ts";
import type { WarehouseContext } from "./context.ts";
import { registerTable } from "./create-table.ts";
import { DirectoryLease, directoryLockName } from "./directory-lease.ts";
import { assertValidName, normalizeLocation, normalizeTableName } from "./names.ts";

export interface CloneRequest {
  readonly source: { readonly log: DeltaLog; readonly snapshot: Snapshot; readonly name: string };
  readonly name: TableIdentifier;
  readonly isShallow: boolean;
  readonly ifNotExists?: boolean;
  readonly orReplace?: boolean;
  readonly location?: string;
  readonly properties?: Readonly<Record<string, string>>;
}

export interface CloneResult {
  readonly sourceSizeBytes: number;
  readonly sourceFileCount: number;
  readonly copiedFileCount: number;
  readonly copiedSizeBytes: number;
}

/** A new table with a version's rows: of copies of its files, or of the same files. */
export async function cloneTable(context: WarehouseContext, request: CloneRequest): Promise<CloneResult> {
  const { source, isShallow } = request;
  const { snapshot } = source;
  const copied = isShallow ? [] : snapshot.files;
  const result: CloneResult = {
    sourceSizeBytes: snapshot.totals.sizeBytes,
    sourceFileCount: snapshot.totals.fileCount,
    copiedFileCount: copied.length,
    copiedSizeBytes: copied.reduce((sum, file) => sum + file.size, 0),
  };
  const name = normalizeTableName(request.name);
  const state = await context.catalog.state();
  const database = state.database(name.database);
  if (database === undefined) throw schemaNotFound(request.name.database);
  const existing = state.table(name);
  if (existing !== undefined) {
    if (request.ifNotExists) return result;
    if (!request.orReplace) throw tableAlreadyExists(request.name);
    await assertEmpty(context, existing.provider, existing.directory);
  }
  assertValidName(name.table);
  const external = request.location !== undefined;
  const directory = external
    ? normalizeLocation(request.location)
    : context.newDirectory(database.location, name.table);
  // Neither may be collected: the source while it is read, the copy before the catalog names it.
  const lease = await DirectoryLease.take(context.storage, source.log.directory);
  try {
    await context.storage.shared(directoryLockName(directory), async () => {
      const files: AddFile[] = [];
      const vectors = new Set<string>();
      for (const file of snapshot.files) {
        files.push(
          isShallow
            ? sameFile(context, source.log.directory, file)
            : await copyFile(context, source.log.directory, directory, file, vectors),
        );
      }
      await writeFirstVersion(context, request, directory, files, result);
      await registerTable(
        context,
        {
          name: request.name,
          provider: "delta",
          ...(request.ifNotExists === undefined ? {} : { ifNotExists: request.ifNotExists }),
          ...(request.orReplace === undefined ? {} : { orReplace: request.orReplace }),
          ...(snapshot.metadata.description === undefined ? {} : { comment: snapshot.metadata.description }),
        },
        { provider: "delta", directory, external },
        existing,
      );
    });
    return result;
  } finally {
    await lease.release();
  }
}

async function writeFirstVersion(
  context: WarehouseContext,
  { source, isShallow, properties, location }: CloneRequest,
  directory: string,
  files: readonly AddFile[],
  result: CloneResult,
): Promise<void> {
  const { snapshot } = source;
  const log = context.deltaLog(directory, directory);
  const warehouse = await context.catalog.ensureCatalogId();
  const done = await log.commit(async ({ latest }) => {
    if (latest !== undefined) return undefined;
    const { metadata, protocol } = snapshot;
    const actions: Action[] = [
      ...[...snapshot.domains.values()].map((domainMetadata) => ({ domainMetadata })),
      ...files.map((add) => ({ add: { ...add, dataChange: true } })),
    ];
    return {
      operation: "CLONE",
      operationParameters: {
        source: source.name,
        sourceVersion: String(snapshot.version),
        isShallow: String(isShallow),
      },
      operationMetrics: {
        sourceTableSize: String(result.sourceSizeBytes),
        sourceNumOfFiles: String(result.sourceFileCount),
        numCopiedFiles: String(result.copiedFileCount),
        copiedFilesSize: String(result.copiedSizeBytes),
        numRemovedFiles: "0",
        removedFilesSize: "0",
      },
      ...(location === undefined ? { warehouse } : {}),
      protocol,
      metadata: {
        ...metadata,
        id: context.env.random.uuid(),
        configuration: { ...metadata.configuration, ...properties },
        createdTime: context.env.clock.now(),
      },
      actions,
      isBlindAppend: false,
    };
  });
  if (!done.committed) throw notEmpty();
}

async function assertEmpty(
  context: WarehouseContext,
  provider: string | undefined,
  directory: string | undefined,
): Promise<void> {
  if (provider !== "delta" || directory === undefined) throw notEmpty();
  const latest = await context.deltaLog(directory, directory).latest();
  if (latest !== undefined && latest.files.length > 0) throw notEmpty();
}

function notEmpty(): Error {
  return sparkError("AnalysisException", { condition: "DELTA_UNSUPPORTED_NON_EMPTY_CLONE" });
}

function sameFile({ storage }: WarehouseContext, directory: string, file: AddFile): AddFile {
  const path = absolutePath(storage, storagePath(directory, file, storage));
  return { ...file, path, ...vectorOf(file, (vector) => sameVector(storage, directory, vector)) };
}

function sameVector(
  storage: WarehouseContext["storage"],
  directory: string,
  vector: DeletionVectorDescriptor,
): DeletionVectorDescriptor {
  const path = deletionVectorPath(vector);
  if (path === undefined) return vector;
  return { ...vector, storageType: "p", pathOrInlineDv: absolutePath(storage, joinPath(directory, path)) };
}

function vectorOf(
  file: AddFile,
  change: (vector: DeletionVectorDescriptor) => DeletionVectorDescriptor,
): Pick<AddFile, "deletionVector"> {
  return file.deletionVector === undefined ? {} : { deletionVector: change(file.deletionVector) };
}

/** A copy under the same name. A clone of a clone gets its files from wherever they are. */
async function copyFile(
  { storage, env }: WarehouseContext,
  from: string,
  to: string,
  file: AddFile,
  vectors: Set<string>,
): Promise<AddFile> {
  const path = storagePath(from, file, storage);
  const isOwn = path.startsWith(`${from}/`);
  const relative = isOwn ? path.slice(from.length + 1) : `part-${env.random.uuid()}.parquet`;
  const { modifiedMs } = await storage.writeNew(joinPath(to, relative), await storage.read(path));
  const vector = file.deletionVector;
  const vectorPath = vector === undefined ? undefined : deletionVectorPath(vector);
  if (vectorPath !== undefined && !vectors.has(vectorPath)) {
    vectors.add(vectorPath);
    await storage.writeNew(joinPath(to, vectorPath), await storage.read(joinPath(from, vectorPath)));
  }
  return { ...file, path: isOwn ? file.path : relative, modificationTime: modifiedMs };
}
