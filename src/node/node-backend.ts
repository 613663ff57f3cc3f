import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { driverEndpoint } from "../driver/driver-endpoint.ts";
import { localBackendFactory } from "../session/local-backend.ts";
import type { BackendFactory } from "../session/session-factory.ts";
import { createLocalDriver } from "./local-driver.ts";

const PRIVATE_MEMORY = "memory:";

const startInProcess = localBackendFactory(async (warehouse, conf) => {
  const folder = folderOf(warehouse);
  const engines = conf["spark.lakelet.engines"];
  const driver = await createLocalDriver({
    conf,
    ...(folder === undefined ? {} : { warehouse: folder }),
    ...(engines === undefined ? {} : { engines: Number(engines) }),
  });
  return {
    api: driverEndpoint(driver, (value) => value),
    // It is this very process: who could see it dead is dead too.
    died: new Promise(() => {}),
    storage: { kind: folder === undefined ? "memory" : "disk" },
    close: () => driver.close(),
  };
});

/**
 * Sessions in this process, with engines in worker threads. `spark.sql.warehouse.dir` names the folder of the tables,
 * which several processes may share; without it each session has private tables in memory.
 */
export const nodeBackend: BackendFactory = ({ conf }) =>
  startInProcess({ conf: { "spark.sql.warehouse.dir": PRIVATE_MEMORY, ...conf } });

function folderOf(warehouse: string): string | undefined {
  if (warehouse.startsWith(PRIVATE_MEMORY)) return undefined;
  return warehouse.startsWith("file:") ? fileURLToPath(new URL(warehouse)) : resolve(warehouse);
}
