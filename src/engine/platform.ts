import type { Storage, StorageDescriptor } from "../storage/storage.ts";
import type { LoadDuckdb } from "./duckdb/bindings.ts";
import type { ParquetWasm } from "./parquet/parquet-wasm.ts";

/** Where files are written: all that a sink needs of a storage. */
export type FileTarget = Pick<Storage, "writeNew" | "remove">;

/** What differs between a browser worker and Node. */
export interface EnginePlatform {
  readonly loadDuckdb: LoadDuckdb;
  readonly loadParquet: () => Promise<ParquetWasm>;
  readonly openStorage: (descriptor: StorageDescriptor) => Promise<Storage>;
  /** Opens a file of the machine's own disk; absent where there is none. */
  readonly openDisk?: (path: string) => Promise<Blob>;
  /** A folder of that disk to write into, made if it is not there. */
  readonly openFolder?: (path: string) => Promise<FileTarget>;
}
