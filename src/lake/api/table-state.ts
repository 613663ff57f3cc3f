import { writeCheckpoint } from "../checkpoint-writer.ts";
import type { DeltaLog } from "../delta-log.ts";
import type { Environment } from "../environment.ts";
import { cleanUpLogBefore } from "../log-cleanup.ts";
import type { Snapshot } from "../snapshot.ts";
import { TableNotFoundError } from "./errors.ts";
import type { Monitor } from "./metrics.ts";
import type { TableLocks } from "./table-lock.ts";

/** What a table and its transactions share. */
export class TableState {
  readonly log: DeltaLog;
  readonly env: Environment;
  readonly monitor: Monitor;
  readonly locks: TableLocks;

  constructor(log: DeltaLog, env: Environment, monitor: Monitor, locks: TableLocks) {
    this.log = log;
    this.env = env;
    this.monitor = monitor;
    this.locks = locks;
  }

  async latest(): Promise<Snapshot> {
    const snapshot = await this.log.latest();
    if (snapshot === undefined) throw new TableNotFoundError(this.log.displayName);
    return snapshot;
  }

  /** Forgets the versions before one; a checkpoint stands for them first. */
  async expire(keepFrom: number): Promise<void> {
    if (keepFrom <= 0) return;
    const { storage, directory } = this.log;
    const latest = await this.latest();
    const base = await this.log.atVersion(Math.min(keepFrom, latest.version));
    await writeCheckpoint(storage, directory, base, this.env, { isNewest: base.version === latest.version });
    const removed = await cleanUpLogBefore(storage, directory, base.version);
    this.env.logger.info("versions were forgotten", { table: this.log.displayName, keepFrom, removed });
  }
}
