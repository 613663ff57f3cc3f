/** The part of parquet-wasm that we use; its builds for browsers and for Node are the same. */
export type ParquetWasm = Pick<
  typeof import("parquet-wasm"),
  | "ParquetFile"
  | "Table"
  | "WriterPropertiesBuilder"
  | "Compression"
  | "EnabledStatistics"
  | "WriterVersion"
  | "Encoding"
  | "transformParquetStream"
  | "writeParquet"
  | "readParquet"
  | "readSchema"
  | "wasmMemory"
>;

export type { ParquetFile as ParquetFileHandle, Table as ParquetTable } from "parquet-wasm";
