import { openWarehouse } from "../../catalog/warehouse.ts";
import type { EngineApi } from "../../engine/engine-api.ts";
import { diskFiles } from "../../node/disk-files.ts";
import { createEngine } from "../../node/engine-platform.ts";
import { SparkSession } from "../../session/spark-session.ts";
import { MemoryStorage } from "../../storage/memory-storage.ts";
import { shareStorage } from "../../storage/share-storage.ts";
import type { Storage } from "../../storage/storage.ts";
import { Driver } from "../driver.ts";
import { InProcessBackend } from "../in-process-backend.ts";

/** A driver whose engine runs in this realm: quick to start, for tests. */
export function testDriver(
  options: { readonly storage?: Storage; readonly conf?: Readonly<Record<string, string>> } = {},
): Driver {
  const storage = options.storage ?? new MemoryStorage();
  return new Driver({
    engines: {
      size: 1,
      start: () => {
        const started = createEngine({ storage: shareStorage(storage), memoryLimitBytes: 2 ** 30 });
        const call =
          <M extends keyof EngineApi>(method: M) =>
          async (...args: unknown[]) => {
            const engine = await started;
            return (engine[method] as (...given: unknown[]) => unknown).apply(engine, args);
          };
        return {
          api: {
            open: async () => {
              await started;
              return { duckdbVersion: "" };
            },
            run: call("run"),
            inferSchema: call("inferSchema"),
            cancel: call("cancel"),
            trim: call("trim"),
            stats: call("stats"),
            close: call("close"),
          } as never,
          died: new Promise(() => {}),
          terminate: () => void started.then((engine) => engine.close()),
        };
      },
      engine: { memoryLimitBytes: 2 ** 30 },
    },
    openWarehouse: () => openWarehouse(storage),
    userFiles: diskFiles(),
    conf: { "spark.sql.session.timeZone": "UTC", ...options.conf },
  });
}

/** A session over such a driver. What it prints is collected. */
export function testSession(driver: Driver = testDriver(), conf: Readonly<Record<string, string>> = {}) {
  const printed: string[] = [];
  const spark = new SparkSession({
    backend: Promise.resolve(InProcessBackend.open(driver, conf)),
    environment: { print: (text) => printed.push(text), onUnhandledError: () => {} },
  });
  return { spark, printed };
}
