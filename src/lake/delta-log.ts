import { sparkError } from "../errors/spark-error.ts";
import { joinPath } from "../storage/paths.ts";
import type { Storage } from "../storage/storage.ts";
import type { Action, CommitInfo, Metadata, Protocol } from "./actions.ts";
import { fileKey } from "./actions.ts";
import { encodeCommit } from "./commit-file.ts";
import type { Environment } from "./environment.ts";
import { putEntry } from "./log-commit.ts";
import { underLogLock } from "./log-lock.ts";
import { commitPath } from "./log-names.ts";
import type { Commit } from "./log-reader.ts";
import { LogReader } from "./log-reader.ts";
import { LogUpkeep } from "./log-upkeep.ts";
import { assertReadable, assertWritable } from "./protocol.ts";
import { SerialRefresh } from "./serial-refresh.ts";
import type { TableTotals } from "./snapshot.ts";
import { Snapshot } from "./snapshot.ts";
import { isAppendOnly, usesInCommitTimestamps } from "./table-properties.ts";
import { versionAtTimestamp } from "./time-travel.ts";

/** Under the lock another try is needed only where locks do not bind everybody (processes that share a folder). */
const MAX_COMMIT_ATTEMPTS = 1_000;

/** What a writer wants to be the next version, worked out against the version before it. */
export interface CommitPlan {
  readonly operation: string;
  readonly operationParameters?: Readonly<Record<string, unknown>>;
  readonly operationMetrics?: Readonly<Record<string, string>>;
  readonly userMetadata?: string;
  /** See `CommitInfo.lakeletWarehouse`. */
  readonly warehouse?: string;
  readonly protocol?: Protocol;
  readonly metadata?: Metadata;
  /** Adds, removes, transactions: all but protocol, metadata and commitInfo. */
  readonly actions: readonly Action[];
  /** The version that the plan's data was computed from. */
  readonly readVersion?: number;
  readonly isBlindAppend: boolean;
  readonly isolationLevel?: string;
}

export interface CommitResult {
  readonly snapshot: Snapshot;
  /** False: the plan turned out to be not needed, `snapshot` is what was there. */
  readonly committed: boolean;
  readonly attempts: number;
}

/** What a plan is worked out against, under the table's lock. */
export interface CommitContext {
  /** The newest version; undefined when there is no table yet. */
  readonly latest: Snapshot | undefined;
  /** Commits that landed after `version`, in order. */
  commitsAfter(version: number): Promise<readonly Commit[]>;
}

/**
 * The log of one table directory: its newest snapshot, kept and brought up to date by looking at the next versions,
 * and the one way to commit.
 */
export class DeltaLog {
  readonly storage: Storage;
  readonly directory: string;
  readonly env: Environment;
  /** How messages name the table. */
  readonly displayName: string;
  readonly #reader: LogReader;
  readonly #refresh: SerialRefresh<Snapshot | undefined>;
  #latest: Snapshot | undefined;
  /** The newest commits as read or written, for conflict checks. */
  #recent: Commit[] = [];
  readonly #upkeep: LogUpkeep;

  constructor(storage: Storage, directory: string, env: Environment, displayName: string = directory) {
    this.storage = storage;
    this.directory = directory;
    this.env = env;
    this.displayName = displayName;
    this.#reader = new LogReader(storage, directory, env.logger);
    this.#upkeep = new LogUpkeep(storage, directory, env, displayName);
    this.#refresh = new SerialRefresh(() => this.#bringUpToDate());
  }

  get lockName(): string {
    return `delta:${this.directory}`;
  }

  /** The newest version; undefined when there is no table in the directory. Sees all commits that were finished before the call. */
  async latest(): Promise<Snapshot | undefined> {
    const snapshot = await this.#refresh.run();
    if (snapshot !== undefined) assertReadable(snapshot.protocol, this.displayName);
    return snapshot;
  }

  /** The newest version that this object knows of, without looking. */
  get cached(): Snapshot | undefined {
    return this.#latest;
  }

  async atVersion(version: number): Promise<Snapshot> {
    const latest = await this.latest();
    if (latest?.version === version) return latest;
    const found = latest !== undefined && version >= 0 && version < latest.version;
    const snapshot = found ? await this.#reader.load(version) : undefined;
    if (snapshot?.version !== version) throw await this.#versionNotFound(version);
    assertReadable(snapshot.protocol, this.displayName);
    return snapshot;
  }

  /** A version that a commit was computed from. Safe under the lock: it does not look for newer ones. */
  async readVersion(version: number, latest: Snapshot): Promise<Snapshot> {
    if (version === latest.version) return latest;
    const snapshot = await this.#reader.load(version);
    if (snapshot?.version !== version) throw await this.#versionNotFound(version);
    return snapshot;
  }

  /** The version that was the newest at that moment. */
  async atTimestamp(timestampMs: number): Promise<Snapshot> {
    return this.atVersion(await this.versionAtTimestamp(timestampMs));
  }

  async versionAtTimestamp(timestampMs: number): Promise<number> {
    const latest = await this.latest();
    if (latest === undefined) throw this.#tableNotFound();
    return versionAtTimestamp(this.#reader, latest, timestampMs, this.displayName);
  }

  /** Commits from the newest back, at most `limit`; those that were cleaned up are not there any more. */
  async history(limit = Number.POSITIVE_INFINITY): Promise<readonly Commit[]> {
    const latest = await this.latest();
    const commits: Commit[] = [];
    for (let version = latest?.version ?? -1; version >= 0 && commits.length < limit; version--) {
      const commit = await this.#reader.commit(version);
      if (commit === undefined) break;
      commits.push(commit);
    }
    return commits;
  }

  /** The commits of these versions, in order; one that was cleaned up is an error. */
  async commitsBetween(first: number, last: number): Promise<readonly Commit[]> {
    const commits: Commit[] = [];
    for await (const commit of this.#reader.commitsFrom(first, last)) commits.push(commit);
    if (commits.length < last - first + 1) throw await this.#versionNotFound(first);
    return commits;
  }

  /**
   * Makes the next version. `plan` is called under the table's lock with the newest version and gives what to commit,
   * or undefined when there is nothing to do; it is called again should another writer be faster all the same.
   * `beforeCommit` is the caller's last word under the lock and may throw.
   */
  async commit(
    plan: (context: CommitContext) => Promise<CommitPlan | undefined>,
    options: { readonly beforeCommit?: () => Promise<void>; readonly signal?: AbortSignal } = {},
  ): Promise<CommitResult> {
    const started = this.env.clock.now();
    const result = await underLogLock(
      this.storage,
      this.lockName,
      async (lock): Promise<CommitResult> => {
        for (let attempt = 1; attempt <= MAX_COMMIT_ATTEMPTS; attempt++) {
          const latest = await this.#refresh.run();
          await options.beforeCommit?.();
          const planned = await plan({
            latest,
            commitsAfter: (version) => this.#commitsAfter(version, latest),
          });
          if (planned === undefined) {
            if (latest === undefined) throw this.#tableNotFound();
            return { snapshot: latest, committed: false, attempts: attempt };
          }
          const snapshot = await this.#tryCommit(planned, latest, lock.assertHeld);
          if (snapshot !== undefined) return { snapshot, committed: true, attempts: attempt };
          await this.env.clock.sleep(this.env.random.next() * Math.min(attempt, 20));
        }
        throw this.#tooManyAttempts(this.env.clock.now() - started);
      },
      options.signal === undefined ? {} : { signal: options.signal },
    );
    if (result.committed) {
      this.#notify();
      this.#upkeep.schedule(result.snapshot);
    }
    return result;
  }

  /** Writes the checkpoint and checksum that are due now; resolves when they are done. They never fail. */
  settled(): Promise<void> {
    return this.#upkeep.settled();
  }

  async #bringUpToDate(): Promise<Snapshot | undefined> {
    if (this.#latest === undefined) {
      const loaded = await this.#reader.load();
      return loaded === undefined ? this.#latest : this.#keep(loaded);
    }
    let snapshot = this.#latest;
    for await (const commit of this.#reader.commitsFrom(snapshot.version + 1)) {
      snapshot = Snapshot.after(snapshot, commit.version, commit.actions, {
        path: commit.path,
        totals: totalsAfter(snapshot.knownTotals, commit.actions, undefined),
      });
      this.#remember(commit);
    }
    return this.#keep(snapshot);
  }

  /** A refresh and a commit may end in any order; what is kept never goes back. */
  #keep(snapshot: Snapshot): Snapshot {
    if (this.#latest === undefined || snapshot.version > this.#latest.version) this.#latest = snapshot;
    return this.#latest;
  }

  async #tryCommit(
    plan: CommitPlan,
    latest: Snapshot | undefined,
    assertHeld: () => Promise<void>,
  ): Promise<Snapshot | undefined> {
    const version = (latest?.version ?? -1) + 1;
    const commitInfo = this.#commitInfo(plan, latest);
    const actions: Action[] = [];
    if (plan.protocol !== undefined) actions.push({ protocol: plan.protocol });
    if (plan.metadata !== undefined) {
      actions.push({ metaData: withTimestampStart(plan.metadata, latest, version, commitInfo) });
    }
    actions.push(...plan.actions);
    const path = joinPath(this.directory, commitPath(version));
    const whole: readonly Action[] = [{ commitInfo }, ...actions];
    const snapshot = Snapshot.after(latest, version, whole, {
      path,
      totals: latest === undefined ? undefined : totalsAfter(latest.knownTotals, actions, latest),
    });
    assertWritable(snapshot.protocol, snapshot.metadata, snapshot.schema, this.displayName);
    assertAppendOnly(latest, actions);
    const bytes = encodeCommit(commitInfo, actions);
    const mark = `"txnId":"${commitInfo.txnId}"`;
    await assertHeld();
    const landed = await putEntry(this.storage, path, bytes, (found) =>
      new TextDecoder().decode(found).includes(mark),
    );
    if (!landed) return undefined;
    this.#remember({ version, path, actions: whole });
    this.#keep(snapshot);
    return snapshot;
  }

  #commitInfo(plan: CommitPlan, latest: Snapshot | undefined): CommitInfo {
    // Later versions have later timestamps whatever the clocks do: time travel relies on it.
    const timestamp = Math.max(
      this.env.clock.now(),
      (latest?.timestampMs ?? 0) + (latest === undefined ? 0 : 1),
    );
    const configuration = plan.metadata?.configuration ?? latest?.configuration ?? {};
    return {
      ...(usesInCommitTimestamps(configuration) ? { inCommitTimestamp: timestamp } : {}),
      timestamp,
      operation: plan.operation,
      operationParameters: plan.operationParameters ?? {},
      ...(plan.readVersion === undefined ? {} : { readVersion: plan.readVersion }),
      isolationLevel: plan.isolationLevel ?? "WriteSerializable",
      isBlindAppend: plan.isBlindAppend,
      operationMetrics: plan.operationMetrics ?? {},
      ...(plan.userMetadata === undefined ? {} : { userMetadata: plan.userMetadata }),
      ...(plan.warehouse === undefined ? {} : { lakeletWarehouse: plan.warehouse }),
      engineInfo: this.env.engineInfo,
      txnId: this.env.random.uuid(),
    };
  }

  async #commitsAfter(version: number, latest: Snapshot | undefined): Promise<readonly Commit[]> {
    const end = latest?.version ?? -1;
    if (version >= end) return [];
    const kept = this.#recent.filter((commit) => commit.version > version && commit.version <= end);
    if (kept.length === end - version) return kept;
    const commits: Commit[] = [];
    for await (const commit of this.#reader.commitsFrom(version + 1, end)) commits.push(commit);
    return commits;
  }

  #remember(commit: Commit): void {
    if (commit.version <= (this.#recent.at(-1)?.version ?? -1)) return;
    this.#recent.push(commit);
    if (this.#recent.length > 200) this.#recent = this.#recent.slice(-100);
  }

  #notify(): void {
    try {
      this.storage.notify(this.directory);
    } catch (error) {
      // Only a hint, and the commit has landed: nobody may take it for failed.
      this.env.logger.warn("other tabs could not be told of a commit", { error: String(error) });
    }
  }

  async #versionNotFound(version: number): Promise<Error> {
    const versions = await this.#reader.commitVersions();
    if (versions.length === 0) return this.#tableNotFound();
    return sparkError("AnalysisException", {
      condition: "DELTA_VERSION_NOT_FOUND",
      messageParameters: {
        userVersion: String(version),
        earliest: String(versions[0]),
        latest: String(versions[versions.length - 1]),
      },
    });
  }

  #tableNotFound(): Error {
    return sparkError("AnalysisException", {
      condition: "DELTA_TABLE_NOT_FOUND",
      messageParameters: { tableName: this.displayName },
    });
  }

  #tooManyAttempts(timeSpentMs: number): Error {
    const version = this.#latest?.version ?? -1;
    return sparkError("ConcurrentModificationException", {
      condition: "DELTA_MAX_COMMIT_RETRIES_EXCEEDED",
      messageParameters: {
        numAttempts: String(MAX_COMMIT_ATTEMPTS),
        startVersion: String(version - MAX_COMMIT_ATTEMPTS + 1),
        failVersion: String(version + 1),
        numActions: "1",
        timeSpent: String(timeSpentMs),
      },
    });
  }
}

/** A table that begins to keep times in its commits says from which version on. */
function withTimestampStart(
  metadata: Metadata,
  latest: Snapshot | undefined,
  version: number,
  commitInfo: CommitInfo,
): Metadata {
  const begins =
    latest !== undefined &&
    usesInCommitTimestamps(metadata.configuration) &&
    !usesInCommitTimestamps(latest.configuration);
  if (!begins) return metadata;
  return {
    ...metadata,
    configuration: {
      ...metadata.configuration,
      "delta.inCommitTimestampEnablementVersion": String(version),
      "delta.inCommitTimestampEnablementTimestamp": String(commitInfo.timestamp),
    },
  };
}

/** `known` tells which files were live when the removes were planned; without it removes make the totals unknown. */
function totalsAfter(
  before: TableTotals | undefined,
  actions: readonly Action[],
  known: Snapshot | undefined,
): TableTotals | undefined {
  if (before === undefined) return undefined;
  let { fileCount, sizeBytes } = before;
  for (const action of actions) {
    if ("add" in action) {
      fileCount++;
      sizeBytes += action.add.size;
    } else if ("remove" in action) {
      const removed = known?.fileSet.live.get(fileKey(action.remove));
      if (removed === undefined) return undefined;
      fileCount--;
      sizeBytes -= removed.size;
    }
  }
  return { fileCount, sizeBytes };
}

function assertAppendOnly(latest: Snapshot | undefined, actions: readonly Action[]): void {
  if (latest === undefined || !isAppendOnly(latest.configuration)) return;
  if (!actions.some((action) => "remove" in action && action.remove.dataChange)) return;
  throw sparkError("UnsupportedOperationException", {
    condition: "DELTA_CANNOT_MODIFY_APPEND_ONLY",
    messageParameters: { table_name: latest.metadata.name ?? latest.metadata.id, config: "delta.appendOnly" },
  });
}
