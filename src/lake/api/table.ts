import { ConcurrentModificationException } from "../../errors/spark-error.ts";
import { DeltaLog } from "../delta-log.ts";
import { directoryLockName } from "../directory-lease.ts";
import { createTableActions } from "../new-table.ts";
import { deletedFileRetentionMs } from "../table-properties.ts";
import { commitInfoOf, commitTimestamp } from "../time-travel.ts";
import { planVacuum, removeFiles, type VacuumPlan } from "../vacuum.ts";
import type { Place, TableOptions } from "./environment.ts";
import { placeOf } from "./environment.ts";
import { GarbageCollectionAborted, TableExistsError, TableNotFoundError } from "./errors.ts";
import type { Filter } from "./filters.ts";
import { Monitor, type TableEvent, type TableMetrics } from "./metrics.ts";
import type { TableRecord } from "./records.ts";
import { fromStruct, type Schema, toStruct } from "./schema.ts";
import type { ScanOptions, SnapshotInfo } from "./snapshot-view.ts";
import { SnapshotView } from "./snapshot-view.ts";
import { type HeldLock, TableLocks } from "./table-lock.ts";
import { TableState } from "./table-state.ts";
import { type AppendRequest, Transaction, type TransactionOptions } from "./transaction.ts";

export interface CreateTableOptions extends TableOptions {
  readonly partitionBy?: readonly string[];
  /** Delta's table properties. */
  readonly properties?: Readonly<Record<string, string>>;
}

export interface RetryOptions {
  /** Times that a conflict is tried again from a fresh read, at most (default 10). */
  readonly maxRetries?: number;
}

const DEFAULT_MAX_RETRIES = 10;
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Makes a table of that schema. Throws `TableExistsError` when there is one.
 *
 * @example
 * ```ts
 * const table = await createTable("/people", schema);
 * await table.appendRecords([{ record_id: 1, value: "A" }]);
 * console.log(await table.scan({ filter: { record_id: [">", 0] } }));
 * ```
 */
export async function createTable(
  path: string,
  schema: Schema,
  options: CreateTableOptions = {},
): Promise<Table> {
  const place = await placeOf(path, options);
  const log = new DeltaLog(place.storage, place.directory, place.env, path);
  const definition = {
    schema: toStruct(schema),
    partitionColumns: options.partitionBy ?? [],
    configuration: options.properties ?? {},
  };
  const result = await log.commit(async ({ latest }) => {
    if (latest !== undefined) return undefined;
    return {
      operation: "CREATE TABLE",
      operationParameters: {
        partitionBy: JSON.stringify(options.partitionBy ?? []),
        properties: JSON.stringify(options.properties ?? {}),
      },
      ...createTableActions(definition, place.env, path),
      actions: [],
      isBlindAppend: true,
    };
  });
  if (!result.committed) throw new TableExistsError(path);
  place.env.logger.info("a table is made", { table: path });
  return new Table(path, place, log);
}

/** Opens a table, whoever made it. Throws `TableNotFoundError` when there is none. */
export async function loadTable(path: string, options: TableOptions = {}): Promise<Table> {
  const place = await placeOf(path, options);
  const log = new DeltaLog(place.storage, place.directory, place.env, path);
  if ((await log.latest()) === undefined) throw new TableNotFoundError(path);
  return new Table(path, place, log);
}

/** A Delta table that many writers and readers share. Reads see what had been committed when they began. */
export class Table {
  /** As it was given. */
  readonly tablePath: string;
  readonly #state: TableState;
  #transactions = 0;

  /** @internal */
  constructor(path: string, place: Place, log: DeltaLog) {
    this.tablePath = path;
    const locks = new TableLocks(place.storage, place.directory, place.env.clock);
    this.#state = new TableState(log, place.env, new Monitor(), locks);
  }

  /** Of the version that was seen last. */
  get schema(): Schema {
    const snapshot = this.#state.log.cached;
    if (snapshot === undefined) throw new TableNotFoundError(this.tablePath);
    return fromStruct(snapshot.schema);
  }

  // --- versions

  async currentSnapshot(): Promise<SnapshotView> {
    return new SnapshotView(this.#state.log, await this.#state.latest());
  }

  async snapshotById(snapshotId: number): Promise<SnapshotView> {
    return new SnapshotView(this.#state.log, await this.#state.log.atVersion(snapshotId));
  }

  /** All versions that can still be read, the oldest first. */
  async snapshots(): Promise<readonly SnapshotInfo[]> {
    const commits = [...(await this.#state.log.history())].reverse();
    return commits.map((commit) => ({
      snapshotId: commit.version,
      timestampMs: commitTimestamp(commit),
      operation: commitInfoOf(commit)?.operation ?? "",
      parentSnapshotId: commit.version === 0 ? undefined : commit.version - 1,
    }));
  }

  /** The table at a version, or as it was at a moment. */
  async timeTravel(
    to: { readonly snapshotId: number } | { readonly timestamp: Date | number },
  ): Promise<SnapshotView> {
    if ("snapshotId" in to) return this.snapshotById(to.snapshotId);
    return new SnapshotView(this.#state.log, await this.#state.log.atTimestamp(Number(to.timestamp)));
  }

  /** Looks for newer versions; readers and transactions do so themselves. */
  async refresh(): Promise<SnapshotView> {
    return this.currentSnapshot();
  }

  // --- reading

  async scan(options: ScanOptions = {}): Promise<TableRecord[]> {
    return (await this.currentSnapshot()).scan(options);
  }

  async *scanBatches(options: ScanOptions = {}): AsyncGenerator<readonly TableRecord[]> {
    yield* (await this.currentSnapshot()).scanBatches(options);
  }

  async *iterRecords(options: ScanOptions = {}): AsyncGenerator<TableRecord> {
    yield* (await this.currentSnapshot()).iterRecords(options);
  }

  async rowCount(filter?: Filter): Promise<number> {
    return (await this.currentSnapshot()).rowCount(filter);
  }

  // --- writing

  /** A transaction that begins with its first operation, or with `begin()`. */
  newTransaction(options: TransactionOptions = {}): Transaction {
    return new Transaction(this.#state, options, ++this.#transactions);
  }

  /** Commits when the function returns, rolls back when it throws. A conflict is the caller's to try again. */
  async transaction<T>(work: (tx: Transaction) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    const tx = await this.newTransaction(options).begin();
    try {
      const result = await work(tx);
      if (tx.isActive) await tx.commit();
      return result;
    } catch (error) {
      await tx.rollback();
      throw error;
    }
  }

  /** Adds records as one version; true once they are part of the table. Writers that only add never stop one another. */
  async appendRecords(
    records: readonly TableRecord[],
    schema?: Schema,
    options: RetryOptions & TransactionOptions = {},
  ): Promise<boolean> {
    return this.appendData({ records, ...(schema === undefined ? {} : { schema }) }, options);
  }

  async appendData(
    request: AppendRequest,
    options: RetryOptions & TransactionOptions = {},
  ): Promise<boolean> {
    return this.#retrying(options, async (tx) => {
      await tx.appendData(request);
      return tx.commit();
    });
  }

  async #retrying<T>(
    { maxRetries = DEFAULT_MAX_RETRIES, ...options }: RetryOptions & TransactionOptions,
    work: (tx: Transaction) => Promise<T>,
  ): Promise<T> {
    const { clock, random, logger } = this.#state.env;
    for (let attempt = 1; ; attempt++) {
      const tx = this.newTransaction(options);
      const number = this.#transactions;
      try {
        return await work(tx);
      } catch (error) {
        await tx.rollback();
        if (!(error instanceof ConcurrentModificationException) || attempt > maxRetries) throw error;
        const waitMs =
          Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1)) * (0.5 + random.next());
        this.#state.monitor.tell({ kind: "retry", transaction: number, attempt, waitMs });
        logger.warn("a transaction is tried again", { table: this.tablePath, attempt, waitMs });
        await clock.sleep(waitMs);
      }
    }
  }

  // --- upkeep

  /**
   * Removes files that no version within the retention is made of. Shorter than the table's own, it waits for nobody:
   * when a reader or writer holds the table it stops with `GarbageCollectionAborted` before anything is removed.
   */
  async garbageCollect(
    options: { readonly retentionMs?: number; readonly dryRun?: boolean } = {},
  ): Promise<{ readonly files: readonly string[]; readonly sizeBytes: number }> {
    const { log, env } = this.#state;
    const usual = deletedFileRetentionMs((await this.#state.latest()).configuration);
    const retention = options.retentionMs ?? usual;
    const collect = async (): Promise<VacuumPlan> => {
      let plan: VacuumPlan;
      try {
        const oldest = env.clock.now() - retention + (retention === 0 ? 1 : 0);
        plan = await planVacuum(log.storage, log.directory, await this.#state.latest(), oldest);
      } catch (error) {
        throw new GarbageCollectionAborted("what is needed could not be told", error);
      }
      if (options.dryRun !== true) await removeFiles(log.storage, plan.files);
      return plan;
    };
    let plan: VacuumPlan;
    if (retention >= usual) plan = await collect();
    else {
      const attempt = await log.storage.tryExclusive(directoryLockName(log.directory), collect);
      if (!attempt.ran) throw new GarbageCollectionAborted(`${this.tablePath} is being read or written`);
      plan = attempt.value;
    }
    env.logger.info("garbage was collected", { table: this.tablePath, files: plan.files.length });
    return { files: plan.files.map((file) => file.path), sizeBytes: plan.sizeBytes };
  }

  /** Waits for the checkpoints and checksums that are being written. */
  settled(): Promise<void> {
    return this.#state.log.settled();
  }

  // --- watching

  metrics(): TableMetrics {
    return this.#state.monitor.metrics;
  }

  /** Calls back for everything that its transactions go through; returns the unsubscriber. */
  onEvent(listener: (event: TableEvent) => void): () => void {
    return this.#state.monitor.listen(listener);
  }

  // --- taking turns

  /** Takes a lock by name, beside the table; undefined when somebody else holds it. See `TransactionOptions.fence`. */
  tryAcquireLock(
    name: string,
    owner: string,
    options: { readonly lifetimeMs?: number } = {},
  ): Promise<HeldLock | undefined> {
    return this.#state.locks.tryAcquire(name, owner, options);
  }

  /** False: the owner does not hold it. */
  releaseLock(name: string, owner: string): Promise<boolean> {
    return this.#state.locks.release(name, owner);
  }
}
