import * as Comlink from "comlink";
import { openWarehouse } from "../catalog/warehouse.ts";
import { loadLater } from "../pool/load-later.ts";
import { MemoryStorage } from "../storage/memory-storage.ts";
import { openStorage } from "../storage/open-storage.ts";
import { shareStorage } from "../storage/share-storage.ts";
import type { Storage } from "../storage/storage.ts";
import { randomUuid } from "../types/random-uuid.ts";
import { startBrowserEngine } from "./browser-engine.ts";
import { browserFiles } from "./browser-files.ts";
import { Driver } from "./driver.ts";
import { driverEndpoint } from "./driver-endpoint.ts";
import type { DriverStarted, DriverStartOptions, DriverWorkerApi } from "./driver-worker-api.ts";

const MAX_ENGINES = 4;
/** Below wasm's own ceiling of 4 GiB, so that DuckDB refuses before the engine traps. */
const ENGINE_MEMORY_BYTES = 3 * 2 ** 30;

let driver: Driver | undefined;

async function start(options: DriverStartOptions): Promise<DriverStarted> {
  const { storage, reason } = await openWarehouseStorage(options.warehouse);
  const engines = options.engines ?? Math.min(MAX_ENGINES, Math.max(1, navigator.hardwareConcurrency - 1));
  const memoryLimitBytes = options.memoryLimitBytes ?? ENGINE_MEMORY_BYTES;
  driver = new Driver({
    engines: {
      size: engines,
      start: startBrowserEngine,
      engine: async () => ({ storage: shareStorage(storage), memoryLimitBytes }),
    },
    openWarehouse: () => openWarehouse(storage),
    userFiles: browserFiles(storage, options.baseUrl),
    ...(options.conf === undefined ? {} : { conf: options.conf }),
  });
  driver.warmUp();
  loadLater(import.meta.url);
  const lifeLock = `lakelet-driver-${randomUuid()}`;
  await holdForLife(lifeLock);
  const kind = storage.descriptor().kind === "opfs" ? "opfs" : "memory";
  return { storage: kind, lifeLock, engines, ...(reason === undefined ? {} : { memoryReason: reason }) };
}

async function openWarehouseStorage(
  name: string,
): Promise<{ readonly storage: Storage; readonly reason?: string }> {
  if (name.startsWith("memory:")) return { storage: new MemoryStorage() };
  try {
    return { storage: await openStorage({ kind: "opfs", root: name }) };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return {
      storage: new MemoryStorage(),
      reason: `this browser gives the page no file system here (${cause})`,
    };
  }
}

function holdForLife(name: string): Promise<void> {
  return new Promise((resolve) => {
    void navigator.locks.request(name, () => {
      resolve();
      return new Promise(() => {});
    });
  });
}

function running(): Driver {
  if (driver === undefined) throw new Error("the driver has not been started");
  return driver;
}

const endpoint = () => driverEndpoint(running(), (value, buffers) => Comlink.transfer(value, [...buffers]));

const api: DriverWorkerApi = {
  start,
  openSession: (options) => endpoint().openSession(options),
  call: (...args) => endpoint().call(...args),
  stream: (...args) => endpoint().stream(...args),
  registerFunction: (...args) => endpoint().registerFunction(...args),
  closeSession: (id) => endpoint().closeSession(id),
  shutdown: () => endpoint().shutdown(),
  killEngine: async (index) => running().engines.kill(index),
};

/** A client realm that is not the page itself (a sandboxed frame) gets a port of its own. */
addEventListener("message", (event: MessageEvent) => {
  const port = (event.data as { readonly lakeletPort?: MessagePort } | null)?.lakeletPort;
  if (port instanceof MessagePort) Comlink.expose(api, port);
});
Comlink.expose(api);
