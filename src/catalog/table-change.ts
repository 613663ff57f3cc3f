import type { ScanFile, WrittenFile } from "../engine/engine-api.ts";
import { analysisError } from "../errors/spark-error.ts";
import type { Action, AddFile, DeletionVectorDescriptor, Metadata, Protocol } from "../lake/actions.ts";
import { AmbiguousCommitError } from "../lake/ambiguous-commit-error.ts";
import { physicalName, physicalNames } from "../lake/column-mapping.ts";
import { conflict } from "../lake/conflict-checker.ts";
import type { DeltaLog } from "../lake/delta-log.ts";
import type { WriteConstraint } from "../lake/delta-write-plan.ts";
import { constraintsOf, statisticsColumns } from "../lake/delta-write-plan.ts";
import { addAction, removeAction, storagePath } from "../lake/file-actions.ts";
import type { FilePredicate } from "../lake/file-predicate.ts";
import type { Snapshot } from "../lake/snapshot.ts";
import type { OperationInfo } from "../lake/transaction.ts";
import { OptimisticTransaction } from "../lake/transaction.ts";
import { joinPath } from "../storage/paths.ts";
import type { Storage } from "../storage/storage.ts";
import type { StructType } from "../types/data-type.ts";
import type { TableEntry, TableIdentifier } from "./catalog-entry.ts";
import { quotedTableName } from "./catalog-entry.ts";
import type { WarehouseContext } from "./context.ts";
import { deltaScan, scanFile } from "./delta-scan.ts";
import { DirectoryLease } from "./directory-lease.ts";
import { normalizeLocation } from "./names.ts";
import { existingTable } from "./table-in-place.ts";
import type { TableScan } from "./warehouse-api.ts";
import { deltaTableMissing } from "./write-destination.ts";

/** A table by name, or by its directory. */
export type ChangeTarget =
  | { readonly kind: "table"; readonly name: TableIdentifier }
  | { readonly kind: "path"; readonly path: string };

export interface LocatedDelta {
  readonly entry: TableEntry | undefined;
  readonly log: DeltaLog;
  readonly displayName: string;
}

/** A live file of the version that is being changed. */
export interface ChangedFile {
  readonly file: AddFile;
  readonly scan: ScanFile;
  /** In the storage; as `_metadata.file_path` shows it. */
  readonly path: string;
}

/** How files that a change writes have to look. */
export interface ChangeLayout {
  readonly schema: StructType;
  readonly partitionBy: readonly string[];
  readonly constraints: readonly WriteConstraint[];
  readonly physicalNames: ReturnType<typeof physicalNames>;
  readonly statisticsColumns: number;
}

/** What a change makes of the table, all or nothing. */
export interface ChangeCommit extends OperationInfo {
  readonly removed: readonly AddFile[];
  readonly written: readonly WrittenFile[];
  /** Files that stay, with other rows of them deleted. `stats` where they have to change. */
  readonly marked?: readonly {
    readonly file: AddFile;
    readonly vector: DeletionVectorDescriptor;
    readonly stats?: string;
  }[];
  /** Change data, in `_change_data/`. */
  readonly changes?: readonly WrittenFile[];
  /** Adds that are at hand as actions. */
  readonly added?: readonly AddFile[];
  /** False: the same rows in other files. */
  readonly dataChange?: boolean;
  readonly metadata?: { readonly metadata: Metadata; readonly protocol?: Protocol };
  readonly more?: readonly Action[];
}

/**
 * A change of a Delta table's rows under way: it reads one version, and its commit fails with Delta's conflict when a
 * commit that came first touched what it read. The table's directory is protected from collection until `commit` or
 * `abort` has been called, and one of them must be.
 */
export class TableChange {
  readonly snapshot: Snapshot;
  readonly log: DeltaLog;
  readonly entry: TableEntry | undefined;
  /** `` `spark_catalog`.`default`.`t` `` or a path. */
  readonly displayName: string;
  /** Random part of the names of files that the change writes. */
  readonly fileStem: string;
  /** For the history, where the statement says nothing else. */
  userMetadata: string | undefined;
  readonly #context: WarehouseContext;
  readonly #transaction: OptimisticTransaction;
  readonly #lease: DirectoryLease;
  readonly #written: { readonly path: string }[] = [];
  #ended = false;

  private constructor(
    context: WarehouseContext,
    found: LocatedDelta,
    snapshot: Snapshot,
    lease: DirectoryLease,
  ) {
    this.#context = context;
    this.entry = found.entry;
    this.log = found.log;
    this.displayName = found.displayName;
    this.snapshot = snapshot;
    this.#transaction = new OptimisticTransaction(found.log, snapshot);
    this.#lease = lease;
    this.fileStem = context.env.random.uuid();
  }

  static async begin(
    context: WarehouseContext,
    target: ChangeTarget,
    operation: string,
  ): Promise<TableChange> {
    const found = await locateDelta(context, target, operation);
    const lease = await DirectoryLease.take(context.storage, found.log.directory);
    try {
      const snapshot = await found.log.latest();
      if (snapshot === undefined) throw deltaTableMissing(found.displayName);
      return new TableChange(context, found, snapshot, lease);
    } catch (error) {
      await lease.release();
      throw error;
    }
  }

  get directory(): string {
    return this.log.directory;
  }

  get storage(): Storage {
    return this.#context.storage;
  }

  get nowMs(): number {
    return this.#context.env.clock.now();
  }

  /** A random name, unique for this change. */
  randomName(): string {
    return this.#context.env.random.uuid();
  }

  get scan(): TableScan {
    return deltaScan(this.log, this.snapshot);
  }

  layout(
    schema: StructType = this.snapshot.schema,
    configuration: Readonly<Record<string, string>> = this.snapshot.configuration,
  ): ChangeLayout {
    return {
      schema,
      partitionBy: this.snapshot.partitionColumns,
      constraints: constraintsOf(schema, configuration),
      physicalNames: physicalNames(schema, configuration),
      statisticsColumns: statisticsColumns(schema, configuration),
    };
  }

  /** Files that may hold rows which match; they and the predicate count as read from now on. */
  async filesFor(predicate: FilePredicate): Promise<readonly ChangedFile[]> {
    const files = this.#transaction.filterFiles(predicate);
    return Promise.all(files.map((file) => this.#changedFile(file)));
  }

  /** All live files, without their having been read. */
  async allFiles(): Promise<readonly ChangedFile[]> {
    return Promise.all(this.snapshot.files.map((file) => this.#changedFile(file)));
  }

  /** From now on the files count as read, but no condition does. */
  markRead(files: readonly AddFile[]): void {
    for (const file of files) this.#transaction.readFile(file);
  }

  /** Everything that is in the table counts as read. */
  readWhole(): void {
    this.#transaction.readWholeTable();
  }

  /** Files that have been written for the change: should it fail, they go. */
  note(files: readonly { readonly path: string }[]): void {
    this.#written.push(...files);
  }

  /** The version that this made. */
  async commit(change: ChangeCommit): Promise<number> {
    if (this.#ended) throw new Error("this change has been committed or aborted before");
    this.#ended = true;
    this.note([...change.written, ...(change.changes ?? [])]);
    try {
      if (change.metadata !== undefined) this.#transaction.changeMetadata(change.metadata);
      const result = await this.#transaction.commit(
        this.#actions(change),
        operationInfo(change, this.userMetadata),
        {
          beforeCommit: () => this.#assertInPlace(),
        },
      );
      return result.snapshot.version;
    } catch (error) {
      // Not knowing whether the commit landed, nothing that it may have made part of the table is touched.
      if (!(error instanceof AmbiguousCommitError)) await this.#remove();
      throw error;
    } finally {
      await this.#lease.release();
    }
  }

  /** Removes what was written. Never throws; does nothing once the change has ended. */
  async abort(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await this.#remove();
    await this.#lease.release();
  }

  #actions(change: ChangeCommit): readonly Action[] {
    const now = this.#context.env.clock.now();
    const dataChange = change.dataChange ?? true;
    const { schema, configuration } = this.snapshot;
    const names = physicalNames(schema, configuration);
    const physical = (file: WrittenFile): WrittenFile =>
      names === undefined
        ? file
        : {
            ...file,
            partitionValues: Object.fromEntries(
              Object.entries(file.partitionValues).map(([name, value]) => {
                const field = schema.fields.find((f) => f.name === name);
                return [field === undefined ? name : physicalName(field, configuration), value];
              }),
            ),
          };
    const actions: Action[] = [];
    for (const file of change.removed) actions.push(removeAction(file, now, dataChange));
    for (const { file, vector, stats } of change.marked ?? []) {
      actions.push(removeAction(file, now, dataChange));
      const { deletionVector: _old, ...rest } = file;
      const add = { ...rest, deletionVector: vector, dataChange, ...(stats === undefined ? {} : { stats }) };
      actions.push({ add });
    }
    for (const file of change.written) actions.push(addAction(physical(file), dataChange));
    for (const file of change.added ?? []) actions.push({ add: { ...file, dataChange } });
    for (const file of change.changes ?? []) {
      const { path, partitionValues, size } = addOf(addAction(physical(file)));
      actions.push({ cdc: { path, partitionValues, size, dataChange: false } });
    }
    actions.push(...(change.more ?? []));
    return actions;
  }

  async #changedFile(file: AddFile): Promise<ChangedFile> {
    return {
      file,
      scan: await scanFile(this.log, this.snapshot, file),
      path: storagePath(this.log.directory, file, this.log.storage),
    };
  }

  /** Under the table's lock: a table that was dropped or replaced since is another one. */
  async #assertInPlace(): Promise<void> {
    if (this.entry === undefined) return;
    const current = (await this.#context.catalog.state()).tableById(this.entry.id);
    if (current?.directory !== this.entry.directory) {
      throw conflict("MetadataChangedException", "DELTA_METADATA_CHANGED", undefined);
    }
  }

  /** What stays is in no table and is collected later. */
  async #remove(): Promise<void> {
    try {
      const paths = new Set(this.#written.map((file) => file.path));
      for (const path of paths) await this.storage.remove(joinPath(this.directory, path));
    } catch (error) {
      this.#context.env.logger.warn("files of a failed change stay behind", {
        directory: this.directory,
        error: String(error),
      });
    }
  }
}

/** The log of a table by name or path. Throws for views and tables that are not Delta. */
export async function locateDelta(
  context: WarehouseContext,
  target: ChangeTarget,
  operation: string,
): Promise<LocatedDelta> {
  if (target.kind === "path") {
    const directory = normalizeLocation(target.path);
    return { entry: undefined, log: context.deltaLog(directory, target.path), displayName: target.path };
  }
  const entry = await existingTable(context, target.name);
  const displayName = quotedTableName(entry);
  if (entry.provider !== "delta" || entry.directory === undefined) {
    throw analysisError("DELTA_TABLE_ONLY_OPERATION", { tableName: displayName, operation });
  }
  return { entry, log: context.deltaLog(entry.directory, displayName), displayName };
}

function operationInfo(change: ChangeCommit, userMetadata = change.userMetadata): OperationInfo {
  return {
    operation: change.operation,
    operationParameters: change.operationParameters ?? {},
    operationMetrics: change.operationMetrics ?? {},
    ...(userMetadata === undefined ? {} : { userMetadata }),
    ...(change.isolationLevel === undefined ? {} : { isolationLevel: change.isolationLevel }),
  };
}

function addOf(action: Action): AddFile {
  return (action as { readonly add: AddFile }).add;
}
