import duckdbWasm from "@duckdb/duckdb-wasm/dist/duckdb-eh.wasm?url";
import initParquet, * as parquet from "parquet-wasm/esm/parquet_wasm.js";
import parquetWasm from "parquet-wasm/esm/parquet_wasm_bg.wasm?url";
import * as duckdb from "#duckdb/browser-blocking";
import { openStorage } from "../storage/open-storage.ts";
import type { DuckdbBindings, DuckdbCallbacks } from "./duckdb/bindings.ts";
import type { ParquetWasm } from "./parquet/parquet-wasm.ts";
import type { EnginePlatform } from "./platform.ts";

/** What an engine needs of a browser's worker. */
export const BROWSER_PLATFORM: EnginePlatform = {
  loadDuckdb,
  loadParquet: async () => {
    await initParquet({ module_or_path: parquetWasm });
    return parquet as unknown as ParquetWasm;
  },
  openStorage: (descriptor) => openStorage(descriptor),
};

async function loadDuckdb(callbacks: DuckdbCallbacks): Promise<DuckdbBindings> {
  const bundle = { mainModule: duckdbWasm, mainWorker: "" };
  const runtime = { ...duckdb.BROWSER_RUNTIME, ...(callbacks as object) } as typeof duckdb.BROWSER_RUNTIME;
  const bindings = await duckdb.createDuckDB({ mvp: bundle, eh: bundle }, new duckdb.VoidLogger(), runtime);
  return bindings as unknown as DuckdbBindings;
}
