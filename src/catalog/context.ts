import { DeltaLog } from "../lake/delta-log.ts";
import type { Environment } from "../lake/environment.ts";
import { joinPath } from "../storage/paths.ts";
import type { Storage } from "../storage/storage.ts";
import { CatalogLog } from "./catalog-log.ts";

/** Logs kept open with their newest snapshot. */
const MAX_OPEN_LOGS = 256;

/** What the operations of a warehouse share: the storage, the catalog, and the open table logs. */
export class WarehouseContext {
  readonly storage: Storage;
  readonly env: Environment;
  readonly catalog: CatalogLog;
  readonly #logs = new Map<string, DeltaLog>();

  constructor(storage: Storage, env: Environment) {
    this.storage = storage;
    this.env = env;
    this.catalog = new CatalogLog(storage, env);
  }

  /** The log of a table directory; the least recently used ones are closed. */
  deltaLog(directory: string, displayName: string): DeltaLog {
    const known = this.#logs.get(directory);
    if (known !== undefined) {
      this.#logs.delete(directory);
      this.#logs.set(directory, known);
      return known;
    }
    const log = new DeltaLog(this.storage, directory, this.env, displayName);
    this.#logs.set(directory, log);
    if (this.#logs.size > MAX_OPEN_LOGS) {
      const [oldest] = this.#logs.keys();
      if (oldest !== undefined) this.#logs.delete(oldest);
    }
    return log;
  }

  forget(directory: string): void {
    this.#logs.delete(directory);
  }

  /** A directory that nothing else will ever use. */
  newDirectory(databaseLocation: string, table: string): string {
    return joinPath(databaseLocation, `${table}-${this.randomName()}`);
  }

  /** 64 random bits: names never meet, whatever the clock says. */
  randomName(): string {
    return this.env.random.uuid().replaceAll("-", "").slice(-16);
  }

  /** Resolves when checkpoints and checksums that are being written are done. */
  async settled(): Promise<void> {
    await this.catalog.settled();
    await Promise.all([...this.#logs.values()].map((log) => log.settled()));
  }
}

/** Directories that `newDirectory` names end like this; only such are ever collected. */
export const MANAGED_DIRECTORY = /-[0-9a-f]{16}$/;
