import { LakeletError } from "../errors/lakelet-error.ts";
import { sparkError } from "../errors/spark-error.ts";
import { baseName, joinPath } from "../storage/paths.ts";
import type { Storage } from "../storage/storage.ts";
import { FileNotFoundError } from "../storage/storage.ts";
import type { Action } from "./actions.ts";
import { readCheckpoint } from "./checkpoint-reader.ts";
import { decodeCommit } from "./commit-file.ts";
import type { Logger } from "./environment.ts";
import type { CheckpointLocation } from "./last-checkpoint.ts";
import { readLastCheckpoint } from "./last-checkpoint.ts";
import { commitPath, LOG_DIRECTORY, parseLogFileName } from "./log-names.ts";
import { Snapshot } from "./snapshot.ts";

/** Commits asked for at once while reading ahead. */
const READ_AHEAD = 16;
/** Without a hint, this many commits are read from the start before the directory is listed for a checkpoint. */
const COMMITS_BEFORE_LISTING = 64;

export interface Commit {
  readonly version: number;
  readonly path: string;
  readonly actions: readonly Action[];
}

/** Reads what is in a table's `_delta_log`; it remembers nothing. */
export class LogReader {
  readonly #storage: Storage;
  readonly #directory: string;
  readonly #logger: Logger;

  constructor(storage: Storage, directory: string, logger: Logger) {
    this.#storage = storage;
    this.#directory = directory;
    this.#logger = logger;
  }

  /** One commit; undefined when there is none of that version. */
  async commit(version: number): Promise<Commit | undefined> {
    const path = joinPath(this.#directory, commitPath(version));
    try {
      return { version, path, actions: decodeCommit(await this.#storage.read(path), path) };
    } catch (error) {
      if (error instanceof FileNotFoundError) return undefined;
      throw error;
    }
  }

  /** Commits from `version` on, up to the newest or `last`, in order. */
  async *commitsFrom(version: number, last = Number.POSITIVE_INFINITY): AsyncGenerator<Commit> {
    // Mostly nothing or one new commit is there: look at one before looking at many.
    let width = 1;
    for (let next = version; next <= last; ) {
      const versions = Array.from({ length: Math.min(width, last - next + 1) }, (_, i) => next + i);
      const commits = await Promise.all(versions.map((v) => this.commit(v)));
      const end = commits.indexOf(undefined);
      for (const commit of end < 0 ? commits : commits.slice(0, end)) yield commit as Commit;
      if (end >= 0) {
        await this.#assertNoGap(next + end, commits.slice(end));
        return;
      }
      next += versions.length;
      width = Math.min(READ_AHEAD, width * 2);
    }
  }

  /** The table at its newest version, or at `last`; undefined when there is no table. */
  async load(last = Number.POSITIVE_INFINITY): Promise<Snapshot | undefined> {
    const hint = await readLastCheckpoint(this.#storage, this.#directory);
    if (hint !== undefined && hint.version <= last) {
      const fromHint = await this.#loadCheckpoint(hint);
      if (fromHint !== undefined) return this.#replay(fromHint, last);
    }
    const first = await this.commit(0);
    if (first !== undefined) {
      const short = await this.#replay(undefined, Math.min(last, COMMITS_BEFORE_LISTING - 1));
      if (short !== undefined && (short.version === last || short.version < COMMITS_BEFORE_LISTING - 1))
        return short;
    }
    return this.#loadFromListing(last, first !== undefined);
  }

  /** Versions of the commits that are still there, in order. */
  async commitVersions(): Promise<readonly number[]> {
    const files = await this.#storage.list(joinPath(this.#directory, LOG_DIRECTORY));
    return files
      .map((file) => parseLogFileName(baseName(file.path)))
      .filter((file) => file?.kind === "commit")
      .map((file) => file?.version as number);
  }

  async #loadFromListing(last: number, hasFirst: boolean): Promise<Snapshot | undefined> {
    const listing = await this.#storage.list(joinPath(this.#directory, LOG_DIRECTORY));
    const names = listing.map((file) => baseName(file.path));
    for (const checkpoint of completeCheckpoints(names)) {
      if (checkpoint.version > last) continue;
      const loaded = await this.#loadCheckpoint(checkpoint);
      if (loaded !== undefined) return this.#replay(loaded, last);
    }
    if (hasFirst) return this.#replay(undefined, last);
    const commits = names.map(parseLogFileName).filter((file) => file?.kind === "commit");
    if (commits.length === 0) return undefined;
    // The table may have been created between the two looks.
    if ((await this.commit(0)) !== undefined) return this.#replay(undefined, last);
    throw sparkError("PySparkException", {
      condition: "DELTA_TRUNCATED_TRANSACTION_LOG",
      messageParameters: {
        path: joinPath(this.#directory, LOG_DIRECTORY),
        version: String(
          Number.isFinite(last) ? last : Math.max(...commits.map((file) => file?.version as number)),
        ),
        logRetentionKey: "delta.logRetentionDuration",
        logRetention: "interval 30 days",
        checkpointRetentionKey: "delta.checkpointRetentionDuration",
        checkpointRetention: "interval 2 days",
      },
    });
  }

  /** undefined when a part is missing or broken: what a checkpoint says can be found elsewhere too. */
  async #loadCheckpoint(checkpoint: CheckpointLocation): Promise<Snapshot | undefined> {
    const path = joinPath(this.#directory, checkpoint.paths[0] as string);
    try {
      const actions = await readCheckpoint(this.#storage, this.#directory, checkpoint.paths);
      const info = await this.#storage.stat(path);
      return Snapshot.after(undefined, checkpoint.version, actions, {
        path,
        timestampMs: info?.modifiedMs ?? 0,
      });
    } catch (error) {
      const usable =
        error instanceof FileNotFoundError || (error instanceof LakeletError && error.kind === "corrupt");
      if (!usable) throw error;
      this.#logger.warn("a checkpoint cannot be used", { path, error: String(error) });
      return undefined;
    }
  }

  async #replay(start: Snapshot | undefined, last: number): Promise<Snapshot | undefined> {
    let snapshot = start;
    for await (const commit of this.commitsFrom((start?.version ?? -1) + 1, last)) {
      snapshot = Snapshot.after(snapshot, commit.version, commit.actions, { path: commit.path });
    }
    return snapshot;
  }

  /** A later commit behind a missing one means a broken log, unless it has been written in this moment. */
  async #assertNoGap(missing: number, tail: readonly (Commit | undefined)[]): Promise<void> {
    const later = tail.find((commit) => commit !== undefined);
    if (later === undefined || (await this.commit(missing)) !== undefined) return;
    throw sparkError("PySparkException", {
      condition: "DELTA_VERSIONS_NOT_CONTIGUOUS",
      messageParameters: { versionList: `${missing - 1}, ${later.version}` },
    });
  }
}

/** Newest first; of the kinds for one version any will do. */
function completeCheckpoints(names: readonly string[]): readonly CheckpointLocation[] {
  const found: CheckpointLocation[] = [];
  const parts = new Map<string, string[]>();
  for (const name of names) {
    const file = parseLogFileName(name);
    if (file?.kind === "checkpoint" || file?.kind === "checkpointV2") {
      found.push({ version: file.version, paths: [joinPath(LOG_DIRECTORY, name)] });
    } else if (file?.kind === "checkpointPart") {
      const key = `${file.version}/${file.parts}`;
      const known = parts.get(key) ?? [];
      known.push(joinPath(LOG_DIRECTORY, name));
      parts.set(key, known);
      if (known.length === file.parts) found.push({ version: file.version, paths: known });
    }
  }
  return found.sort((a, b) => b.version - a.version);
}
