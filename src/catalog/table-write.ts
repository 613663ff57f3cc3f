import type { WrittenFile } from "../engine/engine-api.ts";
import { unsupported } from "../errors/spark-error.ts";
import { AmbiguousCommitError } from "../lake/ambiguous-commit-error.ts";
import { conflict } from "../lake/conflict-checker.ts";
import { commitDeltaWrite, writeMetrics } from "../lake/delta-write.ts";
import { addAction } from "../lake/file-actions.ts";
import { createTableActions } from "../lake/new-table.ts";
import { sameTypeIgnoringNullability } from "../types/data-type.ts";
import type { TableEntry, TableIdentifier } from "./catalog-entry.ts";
import { quotedTableName } from "./catalog-entry.ts";
import { schemaNotFound } from "./catalog-errors.ts";
import type { WarehouseContext } from "./context.ts";
import { DirectoryLease } from "./directory-lease.ts";
import { normalizeTableName } from "./names.ts";
import { SkippedWrite } from "./skipped-write.ts";
import { moreFilesActions, newTableActions } from "./table-actions.ts";
import type { TableWrite, WriteColumn, WriteRequest, WriteResult } from "./warehouse-api.ts";
import type { FileLayout, WriteDestination } from "./write-destination.ts";
import { deltaTableMissing, findDestination } from "./write-destination.ts";
import type { WriteOptions } from "./write-options.ts";
import { readWriteOptions } from "./write-options.ts";
import { copyWritten, isReferenced, removeWritten } from "./written-files.ts";

/** Times a write follows its table to another place before it gives up; each takes another writer's change. */
const MAX_MOVES = 20;

type RealDestination = Exclude<WriteDestination, { kind: "nothing" }>;

/** Thrown under a table's lock when the table is not where the write was planned to go. */
class TableMoved extends Error {}

/** Plans a write, takes hold of its directory, and gives the handle by which it is committed. */
export async function beginTableWrite(context: WarehouseContext, request: WriteRequest): Promise<TableWrite> {
  const options = readWriteOptions(request);
  const destination = await findDestination(context, request, options);
  if (destination.kind === "nothing") return new SkippedWrite(request);
  const lease = await DirectoryLease.take(context.storage, destination.directory);
  return new CatalogTableWrite(context, request, options, destination, lease);
}

class CatalogTableWrite implements TableWrite {
  readonly skipped = false;
  readonly directory: string;
  readonly fileStem: string;
  readonly columns: readonly WriteColumn[];
  readonly #context: WarehouseContext;
  readonly #request: WriteRequest;
  readonly #options: WriteOptions;
  /** What the files are written by; the destination may change, they do not. */
  readonly #layout: FileLayout;
  #destination: RealDestination;
  #lease: DirectoryLease;
  /** A new table's first version is in its log; only the catalog does not know it yet. */
  #firstVersionWritten = false;
  #ended = false;

  constructor(
    context: WarehouseContext,
    request: WriteRequest,
    options: WriteOptions,
    destination: RealDestination,
    lease: DirectoryLease,
  ) {
    this.#context = context;
    this.#request = request;
    this.#options = options;
    this.#destination = destination;
    this.#layout = destination.layout;
    this.#lease = lease;
    this.directory = destination.directory;
    this.fileStem = context.env.random.uuid();
    this.columns = destination.layout.sources.map((source) => ({ source }));
  }

  get format(): FileLayout["format"] {
    return this.#layout.format;
  }
  get schema(): FileLayout["schema"] {
    return this.#layout.schema;
  }
  get constraints(): FileLayout["constraints"] {
    return this.#layout.constraints;
  }
  get partitionBy(): FileLayout["partitionBy"] {
    return this.#layout.partitionBy;
  }
  get physicalNames(): FileLayout["physicalNames"] {
    return this.#layout.physicalNames;
  }
  get statisticsColumns(): number {
    return this.#layout.statisticsColumns;
  }

  async commit(
    files: readonly WrittenFile[],
    metrics: Readonly<Record<string, string>> = {},
  ): Promise<WriteResult> {
    if (this.#ended) throw new Error("this write has been committed or aborted before");
    this.#ended = true;
    try {
      return await this.#commit(files, metrics);
    } catch (error) {
      // Not knowing whether the commit landed, nothing that it may have made part of the table is touched.
      if (!(error instanceof AmbiguousCommitError)) await this.#cleanUp(files);
      throw error;
    } finally {
      await this.#lease.release();
    }
  }

  async abort(files: readonly WrittenFile[] = []): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await this.#cleanUp(files);
    await this.#lease.release();
  }

  async #commit(
    files: readonly WrittenFile[],
    metrics: Readonly<Record<string, string>>,
  ): Promise<WriteResult> {
    const rowCount = files.reduce((sum, file) => sum + file.rowCount, 0);
    for (let move = 0; move < MAX_MOVES; move++) {
      const version = await this.#tryCommit(files, metrics);
      if (version !== "moved") return { version, skipped: false, rowCount };
      const skipped = await this.#follow(files);
      if (skipped) return { version: undefined, skipped: true, rowCount: 0 };
    }
    throw conflict("ConcurrentWriteException", "DELTA_CONCURRENT_WRITE", undefined);
  }

  async #tryCommit(
    files: readonly WrittenFile[],
    metrics: Readonly<Record<string, string>>,
  ): Promise<number | undefined | "moved"> {
    const destination = this.#destination;
    switch (destination.kind) {
      case "newTable":
        return this.#commitNewTable(destination, files, metrics);
      case "newPath":
        return this.#commitNewPath(destination, files, metrics);
      case "delta":
        return this.#commitDelta(destination, files, metrics);
      case "files":
        return this.#commitFiles(destination, files);
    }
  }

  async #commitNewTable(
    destination: Extract<RealDestination, { kind: "newTable" }>,
    files: readonly WrittenFile[],
    metrics: Readonly<Record<string, string>>,
  ): Promise<number | undefined | "moved"> {
    const isDelta = destination.provider === "delta";
    if (isDelta && !this.#firstVersionWritten) {
      const catalogId = await this.#context.catalog.ensureCatalogId();
      const made = await this.#writeFirstVersion(destination.directory, files, metrics, catalogId);
      if (!made) {
        throw unsupported(
          `creating a table over the Delta table that is in ${destination.directory} already; register it with CREATE TABLE ... LOCATION first`,
        );
      }
      this.#firstVersionWritten = true;
    }
    const name = this.#tableName();
    const { replaces } = destination;
    const landed = await this.#context.catalog.commit<boolean>((state) => {
      if (state.database(name.database) === undefined) throw schemaNotFound(name.database);
      const current = state.table(name);
      if (current?.id !== replaces?.id || current?.directory !== replaces?.directory) return { keep: false };
      return {
        operation: replaces === undefined ? "CREATE TABLE AS SELECT" : "REPLACE TABLE AS SELECT",
        actions: newTableActions(this.#context.env, this.#request, destination, name, files),
        result: true,
      };
    });
    if (!landed) return "moved";
    return isDelta ? 0 : undefined;
  }

  async #commitNewPath(
    destination: Extract<RealDestination, { kind: "newPath" }>,
    files: readonly WrittenFile[],
    metrics: Readonly<Record<string, string>>,
  ): Promise<number | "moved"> {
    const landed = await this.#writeFirstVersion(destination.directory, files, metrics, undefined);
    return landed ? 0 : "moved";
  }

  /** False: there is a table in the directory already. */
  async #writeFirstVersion(
    directory: string,
    files: readonly WrittenFile[],
    metrics: Readonly<Record<string, string>>,
    warehouse: string | undefined,
  ): Promise<boolean> {
    const request = this.#request;
    const tableName = this.#displayName();
    const log = this.#context.deltaLog(directory, tableName);
    const { partitionBy, schema } = this.#layout;
    const transaction = this.#options.transaction;
    const result = await log.commit(async ({ latest }) => {
      if (latest !== undefined) return undefined;
      const definition = {
        schema,
        partitionColumns: partitionBy,
        configuration: request.properties ?? {},
        ...(request.comment === undefined ? {} : { description: request.comment }),
      };
      const now = this.#context.env.clock.now();
      return {
        operation: request.operation ?? (warehouse === undefined ? "WRITE" : "CREATE TABLE AS SELECT"),
        operationParameters:
          warehouse === undefined
            ? { mode: writeModeName(request), partitionBy: JSON.stringify(partitionBy) }
            : {
                isManaged: String(request.location === undefined),
                description: request.comment ?? null,
                partitionBy: JSON.stringify(partitionBy),
                properties: JSON.stringify(request.properties ?? {}),
              },
        operationMetrics: { ...writeMetrics(files), ...metrics },
        ...(request.userMetadata === undefined ? {} : { userMetadata: request.userMetadata }),
        ...(warehouse === undefined ? {} : { warehouse }),
        ...createTableActions(definition, this.#context.env, tableName),
        actions: [
          ...(transaction === undefined ? [] : [{ txn: { ...transaction, lastUpdated: now } }]),
          ...files.map((file) => addAction(this.#physical(file))),
        ],
        isBlindAppend: true,
      };
    });
    return result.committed;
  }

  /** The log knows partitions by the names that the files know. */
  #physical(file: WrittenFile): WrittenFile {
    const names = this.#layout.physicalNames;
    if (names === undefined) return file;
    const values = Object.entries(file.partitionValues);
    return {
      ...file,
      partitionValues: Object.fromEntries(values.map(([name, value]) => [names[name]?.name ?? name, value])),
    };
  }

  async #commitDelta(
    destination: Extract<RealDestination, { kind: "delta" }>,
    files: readonly WrittenFile[],
    metrics: Readonly<Record<string, string>>,
  ): Promise<number | "moved"> {
    const { entry, log, plan, spec, readVersion } = destination;
    const request = this.#request;
    const { transaction, scope } = this.#options;
    try {
      const result = await commitDeltaWrite(
        log,
        {
          spec,
          plan,
          scope,
          files,
          readVersion,
          ...(transaction === undefined ? {} : { transaction }),
          ...(request.operation === undefined ? {} : { operation: request.operation }),
          operationMetrics: metrics,
          ...(request.userMetadata === undefined ? {} : { userMetadata: request.userMetadata }),
        },
        { beforeCommit: () => this.#assertInPlace(entry) },
      );
      return result.snapshot.version;
    } catch (error) {
      if (error instanceof TableMoved) return "moved";
      throw error;
    }
  }

  /** Under the table's lock: a table that was dropped or replaced since must not get the rows. */
  async #assertInPlace(entry: TableEntry | undefined): Promise<void> {
    if (entry === undefined) return;
    const current = (await this.#context.catalog.state()).tableById(entry.id);
    if (current?.directory !== entry.directory) throw new TableMoved();
  }

  async #commitFiles(
    destination: Extract<RealDestination, { kind: "files" }>,
    files: readonly WrittenFile[],
  ): Promise<undefined | "moved"> {
    const { entry, scope } = destination;
    // What lies in an external directory is in the table; nobody keeps a list.
    if (entry.tableType === "EXTERNAL") return undefined;
    const landed = await this.#context.catalog.commit<boolean>((state) => {
      const current = state.tableById(entry.id);
      if (current === undefined || current.directory !== entry.directory) return { keep: false };
      const actions = moreFilesActions(this.#context.env, state, current, files, scope);
      return { operation: scope === "append" ? "APPEND" : "OVERWRITE", actions, result: true };
    });
    return landed ? undefined : "moved";
  }

  /** The table went elsewhere since the write was planned: plan again and take the files along. True: nothing to do any more. */
  async #follow(files: readonly WrittenFile[]): Promise<boolean> {
    const old = this.#destination;
    const next = await findDestination(this.#context, { ...this.#request, ...this.#asData() }, this.#options);
    if (next.kind === "nothing") {
      await this.#cleanUp(files);
      return true;
    }
    this.#assertSameLayout(next.layout);
    const lease = await DirectoryLease.take(this.#context.storage, next.directory);
    try {
      if (next.directory !== old.directory)
        await copyWritten(this.#context, files, old.directory, next.directory);
    } catch (error) {
      await lease.release();
      throw error;
    }
    if (next.directory !== old.directory) await this.#removeWritten(files);
    await this.#lease.release();
    this.#lease = lease;
    this.#destination = next;
    this.#firstVersionWritten = false;
    return false;
  }

  /** The files as the data of a new plan: they are what they are, by name. */
  #asData(): Partial<WriteRequest> {
    const written = this.#layout.sources
      .map((source, i) => (source === undefined ? undefined : this.#layout.schema.fields[i]))
      .filter((field) => field !== undefined);
    const isNew = this.#destination.kind === "newTable" || this.#destination.kind === "newPath";
    return {
      schema: { kind: "struct", fields: written },
      byPosition: false,
      ...(isNew ? { partitionBy: this.#layout.partitionBy } : {}),
    };
  }

  #assertSameLayout(next: FileLayout): void {
    const { schema, partitionBy, sources, format } = this.#layout;
    const agrees =
      format === next.format &&
      partitionBy.join("\0") === next.partitionBy.join("\0") &&
      JSON.stringify(this.#layout.physicalNames) === JSON.stringify(next.physicalNames) &&
      next.constraints.every((c) =>
        this.#layout.constraints.some((d) => JSON.stringify(c) === JSON.stringify(d)),
      ) &&
      schema.fields.every((f, i) => {
        const other = next.schema.fields.find((g) => g.name.toLowerCase() === f.name.toLowerCase());
        if (other === undefined) return sources[i] === undefined;
        return sameTypeIgnoringNullability(f.dataType, other.dataType);
      });
    if (!agrees) throw conflict("MetadataChangedException", "DELTA_METADATA_CHANGED", undefined);
  }

  /** After a failure that is known not to have landed. Never throws: what stays is collected later. */
  async #cleanUp(files: readonly WrittenFile[]): Promise<void> {
    try {
      if (await isReferenced(this.#context, this.#destination, files)) return;
      await this.#removeWritten(files);
    } catch (error) {
      this.#context.env.logger.warn("files of a failed write stay behind", {
        directory: this.#destination.directory,
        error: String(error),
      });
    }
  }

  async #removeWritten(files: readonly WrittenFile[]): Promise<void> {
    await removeWritten(this.#context, this.#destination, files, this.#firstVersionWritten);
  }

  #tableName(): TableIdentifier {
    const { target } = this.#request;
    if (target.kind === "path") throw deltaTableMissing(target.path);
    return normalizeTableName(target.name);
  }

  #displayName(): string {
    const { target } = this.#request;
    return target.kind === "path" ? target.path : quotedTableName(normalizeTableName(target.name));
  }
}

function writeModeName(request: WriteRequest): string {
  return { append: "Append", overwrite: "Overwrite", error: "ErrorIfExists", ignore: "Ignore" }[request.mode];
}
