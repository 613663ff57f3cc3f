import { availableParallelism } from "node:os";
import { openWarehouse } from "../catalog/warehouse.ts";
import { Driver } from "../driver/driver.ts";
import { MemoryStorage } from "../storage/memory-storage.ts";
import { shareStorage } from "../storage/share-storage.ts";
import type { Storage } from "../storage/storage.ts";
import { diskFiles } from "./disk-files.ts";
import { DiskStorage } from "./disk-storage.ts";
import { startNodeEngine } from "./node-engine.ts";

export interface LocalDriverOptions {
  /** A folder on disk that several processes may share; absent: private tables in memory. */
  readonly warehouse?: string;
  /** Worker threads that compute (default: one less than the cores, at least one, at most four). */
  readonly engines?: number;
  readonly memoryLimitBytes?: number;
  readonly conf?: Readonly<Record<string, string>>;
  /** What relative paths of `read` and `write` start from. */
  readonly workingDirectory?: string;
}

const ENGINE_MEMORY_BYTES = 3 * 2 ** 30;

/** A driver in this process with engines in worker threads. */
export async function createLocalDriver(options: LocalDriverOptions = {}): Promise<Driver> {
  const storage: Storage =
    options.warehouse === undefined ? new MemoryStorage() : await DiskStorage.open(options.warehouse);
  const conf = {
    ...(options.warehouse === undefined ? {} : { "spark.sql.warehouse.dir": options.warehouse }),
    ...options.conf,
  };
  return new Driver({
    engines: {
      size: options.engines ?? Math.min(4, Math.max(1, availableParallelism() - 1)),
      start: startNodeEngine,
      engine: async () => ({
        storage: shareStorage(storage),
        memoryLimitBytes: options.memoryLimitBytes ?? ENGINE_MEMORY_BYTES,
      }),
    },
    openWarehouse: () => openWarehouse(storage),
    userFiles: diskFiles(options.workingDirectory),
    conf,
  });
}
