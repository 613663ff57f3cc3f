import type { WrittenFile } from "../../engine/engine-api.ts";
import { ConcurrentModificationException } from "../../errors/spark-error.ts";
import { joinPath } from "../../storage/paths.ts";
import type { StructField } from "../../types/data-type.ts";
import type { Action, AddFile } from "../actions.ts";
import { decodeFilePath } from "../actions.ts";
import { AmbiguousCommitError } from "../ambiguous-commit-error.ts";
import { mapsColumns } from "../column-mapping.ts";
import { conflict } from "../conflict-checker.ts";
import { constraintsOf } from "../delta-write-plan.ts";
import { DirectoryLease } from "../directory-lease.ts";
import { addAction, removeAction, storagePath } from "../file-actions.ts";
import { partitionVerdict } from "../file-skipping.ts";
import type { Snapshot } from "../snapshot.ts";
import { OptimisticTransaction } from "../transaction.ts";
import { LockLostError } from "./errors.ts";
import { compileFilter, type Filter } from "./filters.ts";
import { checkRecords, encodeRecords, partitionText, type TableRecord } from "./records.ts";
import type { Schema } from "./schema.ts";
import { SnapshotView } from "./snapshot-view.ts";
import type { HeldLock } from "./table-lock.ts";
import type { TableState } from "./table-state.ts";

export interface TransactionOptions {
  /** Fail on any change since the transaction began; by default only what touches what it read is a conflict. */
  readonly strict?: boolean;
  /** Fail when the lock has passed on to another owner. */
  readonly fence?: HeldLock;
}

export interface AppendRequest {
  readonly records: readonly TableRecord[];
  /** Checked against the table's own when given. */
  readonly schema?: Schema;
  /** What all records have in these columns; they may leave them out. */
  readonly partitionValues?: TableRecord;
}

/** A file that was written by somebody else into the table's directory. */
export interface DataFile {
  /** Relative to the table. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly rowCount: number;
  readonly partitionValues?: Readonly<Record<string, string | null>>;
}

/**
 * Several changes of one table that land as one version, or not at all. It reads the version at which it began. Ended
 * by `commit` or `rollback`; one that is left to `await using` is rolled back unless it was committed.
 */
export class Transaction implements AsyncDisposable {
  readonly #table: TableState;
  readonly #options: TransactionOptions;
  readonly #number: number;
  readonly #written: WrittenFile[] = [];
  readonly #removed = new Map<string, AddFile>();
  #inner: OptimisticTransaction | undefined;
  #state: "new" | "active" | "committed" | "rolledBack" = "new";
  #lease: DirectoryLease | undefined;
  #rewrites = false;
  #expiry: { readonly keepFrom: number } | undefined;

  /** @internal */
  constructor(table: TableState, options: TransactionOptions, number: number) {
    this.#table = table;
    this.#options = options;
    this.#number = number;
  }

  /** Reads the newest version, which the transaction sees from now on. Called by the first operation otherwise. */
  async begin(): Promise<this> {
    if (this.#state !== "new") throw new Error(`the transaction is ${this.#state}`);
    const { storage, directory } = this.#table.log;
    // As long as it is active nobody collects what it writes, or what it reads.
    const lease = await DirectoryLease.take(storage, directory);
    const snapshot = await this.#table.latest().catch(async (error: unknown) => {
      await lease.release();
      throw error;
    });
    this.#lease = lease;
    this.#inner = new OptimisticTransaction(this.#table.log, snapshot);
    this.#state = "active";
    this.#table.monitor.tell({ kind: "begin", transaction: this.#number, snapshotId: snapshot.version });
    return this;
  }

  get isActive(): boolean {
    return this.#state === "active";
  }

  /** The table as the transaction sees it, without its own changes. */
  async snapshot(): Promise<SnapshotView> {
    return new SnapshotView(this.#table.log, (await this.#active()).snapshot);
  }

  /** Adds records. They are written now and become part of the table with the commit. */
  async appendData(request: AppendRequest): Promise<void> {
    const { snapshot } = await this.#active();
    this.#assertWritable(snapshot);
    const { schema: struct } = snapshot;
    if (
      request.schema !== undefined &&
      !request.schema.equals(new SnapshotView(this.#table.log, snapshot).schema)
    ) {
      throw new TypeError("the schema of the records is not the table's");
    }
    const { partitionValues } = request;
    const records =
      partitionValues === undefined
        ? request.records
        : request.records.map((record, i) => withValues(record, partitionValues, i));
    checkRecords(records, struct);
    if (records.length > 0) await this.#write(snapshot, records);
  }

  /** Adds files that are in the table's directory already. */
  async appendFiles(files: readonly DataFile[]): Promise<void> {
    await this.#active();
    for (const file of files) {
      const info = await this.#table.log.storage.stat(storagePath(this.#table.log.directory, file));
      if (info === undefined || info.sizeBytes !== file.sizeBytes) {
        throw new TypeError(`${file.path} is not a file of ${file.sizeBytes} bytes in the table's directory`);
      }
      this.#written.push({
        path: file.path,
        sizeBytes: file.sizeBytes,
        modifiedMs: info.modifiedMs,
        rowCount: file.rowCount,
        partitionValues: file.partitionValues ?? {},
        stats: JSON.stringify({ numRecords: file.rowCount }),
      });
    }
  }

  /** Takes files out of the table, by their paths. */
  async deleteFiles(paths: readonly string[]): Promise<void> {
    const inner = await this.#active();
    const live = new Map(inner.snapshot.files.map((file) => [decodeFilePath(file.path), file]));
    for (const path of paths) {
      const file = live.get(decodeFilePath(path));
      if (file === undefined) throw new TypeError(`${path} is no file of the table`);
      inner.readFile(file);
      this.#removed.set(file.path, file);
    }
  }

  /** Puts records in the place of those that match; those that do not stay. */
  async overwriteByFilter(filter: Filter, records: readonly TableRecord[]): Promise<void> {
    const inner = await this.#active();
    const { snapshot } = inner;
    this.#assertWritable(snapshot);
    checkRecords(records, snapshot.schema);
    const compiled = compileFilter(filter, snapshot.schema);
    this.#rewrites = true;
    for (const file of inner.filterFiles(compiled.predicate)) {
      if (this.#removed.has(file.path)) continue;
      if (partitionVerdict(snapshot, compiled.predicate, file) === true) {
        this.#removed.set(file.path, file);
        continue;
      }
      const own = await this.#recordsOf(snapshot, file);
      const kept = own.filter((record) => !compiled.test(record));
      if (kept.length === own.length) continue;
      this.#removed.set(file.path, file);
      if (kept.length > 0) await this.#write(snapshot, kept);
    }
    if (records.length > 0) await this.#write(snapshot, records);
  }

  /**
   * Forgets versions, so that they can no longer be read: all but the newest `retainLast`, or those committed before a
   * moment. It is done once the transaction has been committed; the files go with `garbageCollect`.
   */
  async expireSnapshots(options: {
    readonly olderThanMs?: number;
    readonly retainLast?: number;
  }): Promise<void> {
    const { snapshot } = await this.#active();
    const byCount =
      options.retainLast === undefined ? 0 : snapshot.version - Math.max(1, options.retainLast) + 1;
    const byTime =
      options.olderThanMs === undefined
        ? 0
        : await this.#table.log.versionAtTimestamp(Math.min(options.olderThanMs, snapshot.timestampMs));
    this.#expiry = { keepFrom: Math.max(0, options.retainLast === undefined ? byTime : byCount) };
  }

  /**
   * Lands everything as one version; true when it did. Throws a `ConcurrentModificationException` when a commit that
   * came first forbids it: nothing has been changed then, and the same may be tried again in a new transaction.
   */
  async commit(): Promise<boolean> {
    const inner = await this.#active();
    const { env, log, monitor } = this.#table;
    const started = env.clock.now();
    const removed = [...this.#removed.values()];
    const actions: Action[] = [
      ...removed.map((file) => removeAction(file, started)),
      ...this.#written.map((file) => addAction(file)),
    ];
    try {
      let version = inner.snapshot.version;
      let attempts = 1;
      if (actions.length > 0) {
        const records = this.#written.reduce((sum, file) => sum + file.rowCount, 0);
        const result = await inner.commit(
          actions,
          {
            operation: this.#rewrites || removed.length > 0 ? "UPDATE" : "WRITE",
            operationParameters: removed.length > 0 ? {} : { mode: "Append", partitionBy: "[]" },
            operationMetrics: {
              numFiles: String(this.#written.length),
              numOutputRows: String(records),
              numOutputBytes: String(this.#written.reduce((sum, file) => sum + file.sizeBytes, 0)),
              ...(removed.length === 0 ? {} : { numRemovedFiles: String(removed.length) }),
            },
          },
          { beforeCommit: () => this.#lastWord(inner.snapshot) },
        );
        version = result.snapshot.version;
        attempts = result.attempts;
      }
      this.#state = "committed";
      await this.#lease?.release();
      const durationMs = env.clock.now() - started;
      const records = this.#written.reduce((sum, file) => sum + file.rowCount, 0);
      monitor.tell({
        kind: "commit",
        transaction: this.#number,
        snapshotId: version,
        attempts,
        durationMs,
        records,
      });
      env.logger.info("a transaction is committed", {
        table: log.displayName,
        version,
        durationMs,
        attempts,
      });
    } catch (error) {
      if (error instanceof AmbiguousCommitError) {
        // Nothing that it may have made part of the table is touched.
        this.#state = "rolledBack";
        await this.#lease?.release();
        throw error;
      }
      if (error instanceof ConcurrentModificationException) {
        monitor.tell({ kind: "conflict", transaction: this.#number, error });
        env.logger.warn("a transaction lost a conflict", { table: log.displayName, error: error.message });
      }
      await this.rollback();
      throw error;
    }
    if (this.#expiry !== undefined) await this.#table.expire(this.#expiry.keepFrom);
    return true;
  }

  /** Gives everything up. Does nothing once the transaction has ended. */
  async rollback(): Promise<void> {
    if (this.#state === "committed" || this.#state === "rolledBack") return;
    const began = this.#state === "active";
    this.#state = "rolledBack";
    if (began) this.#table.monitor.tell({ kind: "rollback", transaction: this.#number });
    const { storage, directory } = this.#table.log;
    for (const file of this.#written) {
      // What stays is part of nothing, and is collected later.
      await storage.remove(joinPath(directory, file.path)).catch(() => false);
    }
    await this.#lease?.release();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.rollback();
  }

  async #active(): Promise<OptimisticTransaction> {
    if (this.#state === "new") await this.begin();
    if (this.#state !== "active" || this.#inner === undefined) {
      throw new Error(
        `the transaction is ${this.#state === "committed" ? "committed" : "rolled back"} already`,
      );
    }
    return this.#inner;
  }

  /** Under the table's lock. */
  async #lastWord(began: Snapshot): Promise<void> {
    const { fence, strict } = this.#options;
    if (fence !== undefined && !(await this.#table.locks.isCurrent(fence.name, fence.token))) {
      throw new LockLostError(fence.name);
    }
    if (strict !== true) return;
    const latest = this.#table.log.cached;
    if (latest !== undefined && latest.version !== began.version) {
      throw conflict("ConcurrentWriteException", "DELTA_CONCURRENT_WRITE", latest.commitInfo);
    }
  }

  /** What only a session can uphold is refused here. */
  #assertWritable(snapshot: Snapshot): void {
    const { schema, configuration } = snapshot;
    const marks = /^(delta\.(generationExpression|identity\.start|invariants)|CURRENT_DEFAULT)$/;
    const made = schema.fields.find((f) => Object.keys(f.metadata ?? {}).some((key) => marks.test(key)));
    const check = constraintsOf(schema, configuration).find((c) => c.kind === "check");
    const reason =
      made !== undefined
        ? `the column ${made.name}, whose values are made by SQL`
        : check !== undefined
          ? `the constraint ${check.name}`
          : mapsColumns(configuration)
            ? "columns that are mapped"
            : configuration["delta.enableChangeDataFeed"] === "true" && this.#rewrites
              ? "a change data feed"
              : undefined;
    if (reason !== undefined) throw new TypeError(`a table with ${reason} is written through a session`);
  }

  async #recordsOf(snapshot: Snapshot, file: AddFile): Promise<readonly TableRecord[]> {
    return new SnapshotView(this.#table.log, snapshot).recordsOf(file);
  }

  /** A file for each partition that the records are in. */
  async #write(snapshot: Snapshot, records: readonly TableRecord[]): Promise<void> {
    const { schema, partitionColumns } = snapshot;
    const fieldOf = (name: string): StructField => schema.fields.find((f) => f.name === name) as StructField;
    const parts = new Map<
      string,
      { readonly values: Record<string, string | null>; readonly rows: TableRecord[] }
    >();
    for (const record of records) {
      const values = Object.fromEntries(
        partitionColumns.map((name) => [name, partitionText(record[name], fieldOf(name))]),
      );
      const key = JSON.stringify(values);
      const part = parts.get(key) ?? { values, rows: [] };
      part.rows.push(record);
      parts.set(key, part);
    }
    const data = schema.fields.filter((f) => !partitionColumns.includes(f.name));
    for (const { values, rows } of parts.values()) {
      const { bytes, stats } = encodeRecords(rows, data);
      const directory = partitionColumns
        .map(
          (name) =>
            `${escaped(name)}=${values[name] === null ? "__HIVE_DEFAULT_PARTITION__" : escaped(values[name] as string)}`,
        )
        .join("/");
      const path = joinPath(directory, `part-${this.#table.env.random.uuid()}.parquet`);
      const info = await this.#table.log.storage.writeNew(joinPath(this.#table.log.directory, path), bytes);
      this.#written.push({
        path,
        sizeBytes: info.sizeBytes,
        modifiedMs: info.modifiedMs,
        rowCount: rows.length,
        partitionValues: values,
        stats,
      });
    }
  }
}

function withValues(record: TableRecord, values: TableRecord, index: number): TableRecord {
  for (const [name, value] of Object.entries(values)) {
    if (record[name] !== undefined && record[name] !== value) {
      throw new TypeError(
        `record ${index} has ${name} ${String(record[name])}, the transaction writes ${String(value)}`,
      );
    }
  }
  return { ...record, ...values };
}

/** Characters that a directory's name may not have, as Hive escapes them. */
function escaped(text: string): string {
  return text.replace(
    /[\x00-\x1f"#%'*/:=?\\\x7f{}[\]^ ]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}
