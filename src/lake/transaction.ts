import type { Action, AddFile, Metadata, Protocol } from "./actions.ts";
import { fileKey } from "./actions.ts";
import { checkConflicts } from "./conflict-checker.ts";
import type { CommitResult, DeltaLog } from "./delta-log.ts";
import type { FilePredicate } from "./file-predicate.ts";
import { FileFilter } from "./file-skipping.ts";
import type { Snapshot } from "./snapshot.ts";
import type { IsolationLevel } from "./table-properties.ts";
import { isolationLevel } from "./table-properties.ts";

export interface OperationInfo {
  readonly operation: string;
  readonly operationParameters?: Readonly<Record<string, unknown>>;
  readonly operationMetrics?: Readonly<Record<string, string>>;
  readonly userMetadata?: string;
  /** Stricter than the table's own. */
  readonly isolationLevel?: IsolationLevel;
}

/**
 * A transaction on one table under optimistic concurrency: it reads one snapshot, remembers what it read, and its
 * commit fails with Delta's conflict when a commit that came first touched that.
 */
export class OptimisticTransaction {
  readonly snapshot: Snapshot;
  readonly #log: DeltaLog;
  readonly #readPredicates: FilePredicate[] = [];
  readonly #readFiles = new Set<string>();
  readonly #readAppIds = new Set<string>();
  #readWholeTable = false;
  #metadata: Metadata | undefined;
  #protocol: Protocol | undefined;

  constructor(log: DeltaLog, snapshot: Snapshot) {
    this.#log = log;
    this.snapshot = snapshot;
  }

  static async begin(log: DeltaLog): Promise<OptimisticTransaction | undefined> {
    const snapshot = await log.latest();
    return snapshot === undefined ? undefined : new OptimisticTransaction(log, snapshot);
  }

  /** Files that may hold rows for which the predicate is true; from now on they and the predicate count as read. */
  filterFiles(predicate: FilePredicate): readonly AddFile[] {
    const filter = new FileFilter(this.snapshot, predicate);
    const files = this.snapshot.files.filter((file) => filter.mayMatch(file));
    this.#readPredicates.push(predicate);
    for (const file of files) this.#readFiles.add(fileKey(file));
    return files;
  }

  /** A file counts as read, whatever made somebody look at it. */
  readFile(file: AddFile): void {
    this.#readFiles.add(fileKey(file));
  }

  /** Everything counts as read. */
  readWholeTable(): readonly AddFile[] {
    this.#readWholeTable = true;
    return this.snapshot.files;
  }

  /** The last version that an application recorded; a concurrent write of the same application is a conflict then. */
  transactionVersion(appId: string): number | bigint | undefined {
    this.#readAppIds.add(appId);
    return this.snapshot.transactions.get(appId)?.version;
  }

  changeMetadata(change: { readonly metadata: Metadata; readonly protocol?: Protocol }): void {
    this.#metadata = change.metadata;
    this.#protocol = change.protocol;
  }

  /** Lands the actions as one version, or throws the conflict that forbids it. */
  async commit(
    actions: readonly Action[],
    info: OperationInfo,
    options: { readonly beforeCommit?: () => Promise<void>; readonly signal?: AbortSignal } = {},
  ): Promise<CommitResult> {
    const removedFiles = new Set(
      actions.flatMap((action) => ("remove" in action ? [fileKey(action.remove)] : [])),
    );
    const { isolationLevel: asked, ...told } = info;
    const level = asked ?? this.#isolationLevel(actions);
    const dependsOnFiles =
      this.#readWholeTable || this.#readPredicates.length > 0 || this.#readFiles.size > 0;
    const onlyAdds = actions.every((action) => !("remove" in action));
    return this.#log.commit(async ({ commitsAfter }) => {
      checkConflicts(await commitsAfter(this.snapshot.version), {
        isolationLevel: level,
        table: this.snapshot,
        readWholeTable: this.#readWholeTable,
        readPredicates: this.#readPredicates,
        readFiles: this.#readFiles,
        removedFiles,
        readAppIds: this.#readAppIds,
        changesMetadata: this.#metadata !== undefined,
      });
      return {
        ...told,
        ...(this.#metadata === undefined ? {} : { metadata: this.#metadata }),
        ...(this.#protocol === undefined ? {} : { protocol: this.#protocol }),
        actions,
        readVersion: this.snapshot.version,
        isBlindAppend: onlyAdds && !dependsOnFiles,
        isolationLevel: level,
      };
    }, options);
  }

  /** Rearranging files without changing data may go by the weakest level: whatever order it is in, rows are the same. */
  #isolationLevel(actions: readonly Action[]): IsolationLevel {
    const changesData = actions.some(
      (action) =>
        ("add" in action && action.add.dataChange) || ("remove" in action && action.remove.dataChange),
    );
    return changesData ? isolationLevel(this.snapshot.configuration) : "SnapshotIsolation";
  }
}
