export type { ModuleExport, WorkerFunction } from "../pool/ship-function.ts";
export {
  type BulkConversionResult,
  type BulkConvertOptions,
  type BulkProgress,
  type BulkSource,
  bulkConvert,
  type ConvertOptions,
  convert,
  type FileConversionResult,
} from "./bulk-convert.ts";
export {
  DEFAULT_CHUNK_SIZE,
  DEFAULT_PARALLEL_MODE,
  DEFAULT_PARALLEL_WORKERS,
  PARALLEL_CONF,
  type PipelineDefaults,
  parallelDefaults,
} from "./defaults.ts";
export { fileSink, fileSource } from "./file-sink.ts";
export type { ConvertedFile } from "./files/convert-file.ts";
export type { FileRecord, ReadFileOptions } from "./files/read-records.ts";
export type { WriteFileOptions } from "./files/write-records.ts";
export type { FileLocation } from "./location.ts";
export {
  type ParallelReader,
  type ParallelReadOptions,
  parallelRead,
  type ReadableSource,
  type SourceError,
} from "./parallel-read.ts";
export { ParallelWorkers } from "./parallel-workers.ts";
export {
  type DestinationResult,
  type ParallelWriteOptions,
  type ParallelWriteResult,
  parallelWrite,
} from "./parallel-write.ts";
export {
  type ParallelMode,
  type PipelineOptions,
  type PipelineResult,
  type PipelineStats,
  pipeline,
} from "./pipeline.ts";
export { PipelineError, type RecordError } from "./record-error.ts";
export type { Destination, RecordSink } from "./record-sink.ts";
export type { Records } from "./record-source.ts";
export { tableSink } from "./table-sink.ts";
