import { availableParallelism } from "node:os";
import { Warehouse } from "../catalog/warehouse.ts";
import { Driver } from "../driver/driver.ts";
import { MemoryStorage } from "../storage/memory-storage.ts";
import { serveStorage } from "../storage/port-storage.ts";
import type { Storage, StorageDescriptor } from "../storage/storage.ts";
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
        storage: descriptorFor(storage),
        memoryLimitBytes: options.memoryLimitBytes ?? ENGINE_MEMORY_BYTES,
      }),
    },
    openWarehouse: () => Warehouse.open(storage),
    userFiles: diskFiles(options.workingDirectory),
    conf,
  });
}

/** A folder is opened by each engine itself; memory is reached through a port. */
function descriptorFor(storage: Storage): StorageDescriptor {
  const own = storage.descriptor();
  if (own.kind !== "memory") return own;
  const { port1, port2 } = new MessageChannel();
  serveStorage(storage, port1);
  return { ...own, port: port2 };
}
