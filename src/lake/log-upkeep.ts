import type { Storage } from "../storage/storage.ts";
import { writeCheckpoint } from "./checkpoint-writer.ts";
import type { Environment } from "./environment.ts";
import { readLastCheckpoint } from "./last-checkpoint.ts";
import { cleanUpOldLog } from "./log-cleanup.ts";
import type { Snapshot } from "./snapshot.ts";
import { checkpointInterval, cleansLog, logRetentionMs } from "./table-properties.ts";
import { writeVersionChecksum } from "./version-checksum.ts";

/** How long a commit waits for others before its checksum and checkpoint are written. */
const PAUSE_MS = 100;

/** Checkpoints and checksums, written behind the commits' backs: those have landed, nothing here may fail them or hold them up. */
export class LogUpkeep {
  readonly #storage: Storage;
  readonly #directory: string;
  readonly #env: Environment;
  readonly #displayName: string;
  #lastCheckpointVersion = 0;
  #running: Promise<void> | undefined;
  #wanted: Snapshot | undefined;
  #hurry: () => void = () => {};

  constructor(storage: Storage, directory: string, env: Environment, displayName: string) {
    this.#storage = storage;
    this.#directory = directory;
    this.#env = env;
    this.#displayName = displayName;
  }

  schedule(snapshot: Snapshot): void {
    this.#wanted = snapshot;
    this.#running ??= this.#run();
  }

  /** Does now what is due; resolves when it is done. Never fails. */
  async settled(): Promise<void> {
    while (this.#running !== undefined) {
      this.#hurry();
      await this.#running;
    }
  }

  async #run(): Promise<void> {
    try {
      while (this.#wanted !== undefined) {
        // In a row of commits only the newest version is worth the work.
        const hurried = new Promise<void>((resolve) => {
          this.#hurry = resolve;
        });
        await Promise.race([this.#env.clock.sleep(PAUSE_MS), hurried]);
        const snapshot = this.#wanted;
        this.#wanted = undefined;
        await this.#keepUp(snapshot);
      }
    } catch (error) {
      this.#env.logger.warn("a checkpoint or checksum could not be written", {
        table: this.#displayName,
        error: String(error),
      });
    } finally {
      this.#running = undefined;
    }
  }

  async #keepUp(snapshot: Snapshot): Promise<void> {
    await writeVersionChecksum(this.#storage, this.#directory, snapshot);
    if (!this.#wantsCheckpoint(snapshot)) return;
    // Another tab may have made one in the meantime.
    const newest = await readLastCheckpoint(this.#storage, this.#directory);
    this.#lastCheckpointVersion = Math.max(this.#lastCheckpointVersion, newest?.version ?? 0);
    if (!this.#wantsCheckpoint(snapshot)) return;
    this.#lastCheckpointVersion = snapshot.version;
    await writeCheckpoint(this.#storage, this.#directory, snapshot, this.#env);
    if (!cleansLog(snapshot.configuration)) return;
    const oldestMs = this.#env.clock.now() - logRetentionMs(snapshot.configuration);
    // Nothing of the table's own time can be that old: no need to look.
    if ((snapshot.metadata.createdTime ?? 0) >= oldestMs) return;
    await cleanUpOldLog(this.#storage, this.#directory, oldestMs);
  }

  /** A checkpoint costs time in proportion to the live files: the more there are, the rarer it gets. */
  #wantsCheckpoint(snapshot: Snapshot): boolean {
    const since = snapshot.version - this.#lastCheckpointVersion;
    const files = snapshot.knownTotals?.fileCount ?? since;
    return since >= Math.max(checkpointInterval(snapshot.configuration), Math.floor(Math.sqrt(files)));
  }
}
