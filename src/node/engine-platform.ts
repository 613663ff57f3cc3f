import { openAsBlob } from "node:fs";
import { stat } from "node:fs/promises";
import { createRequire } from "node:module";
import type { DuckdbBindings, DuckdbCallbacks } from "../engine/duckdb/bindings.ts";
import type { LoadKernels } from "../engine/duckdb/host.ts";
import { Engine } from "../engine/engine.ts";
import type { EngineApi, EngineOptions } from "../engine/engine-api.ts";
import type { ParquetWasm } from "../engine/parquet/parquet-wasm.ts";
import type { EnginePlatform } from "../engine/platform.ts";
import { openStorage } from "../storage/open-storage.ts";
import { DiskFolder } from "./disk-folder.ts";
import { DiskStorage } from "./disk-storage.ts";

const require = createRequire(import.meta.url);

/** What an engine needs of Node. */
export const NODE_PLATFORM: EnginePlatform = {
  loadDuckdb,
  loadParquet: async () => (await import("parquet-wasm")) as unknown as ParquetWasm,
  openStorage: (descriptor) =>
    openStorage(descriptor, {
      disk: (d) => DiskStorage.open(d.kind === "disk" ? d.root : ""),
    }),
  openDisk: async (path) => {
    // A missing file is told apart now; openAsBlob would fail at the first read.
    await stat(path);
    return openAsBlob(path);
  },
  openFolder: async (path) => new DiskFolder(path),
};

async function loadDuckdb(callbacks: DuckdbCallbacks): Promise<DuckdbBindings> {
  const duckdb = await import("#duckdb/node-blocking");
  const wasm = require.resolve("@duckdb/duckdb-wasm/dist/duckdb-eh.wasm");
  const bundle = { mainModule: wasm, mainWorker: "" };
  const runtime = { ...duckdb.NODE_RUNTIME, ...(callbacks as object) } as typeof duckdb.NODE_RUNTIME;
  const bindings = await duckdb.createDuckDB({ mvp: bundle, eh: bundle }, new duckdb.VoidLogger(), runtime);
  return bindings as unknown as DuckdbBindings;
}

/** An open engine in this very thread: for tests and scripts. */
export async function createEngine(
  options: Partial<EngineOptions> & { readonly loadKernels?: LoadKernels } = {},
): Promise<EngineApi> {
  const { loadKernels, ...rest } = options;
  const engine = new Engine(NODE_PLATFORM, loadKernels === undefined ? {} : { loadKernels });
  await engine.open({ memoryLimitBytes: 2 ** 31, ...rest });
  return engine;
}
