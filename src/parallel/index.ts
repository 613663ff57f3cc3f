export type { ModuleExport, WorkerFunction } from "../pool/ship-function.ts";
export {
  DEFAULT_CHUNK_SIZE,
  DEFAULT_PARALLEL_MODE,
  DEFAULT_PARALLEL_WORKERS,
  PARALLEL_CONF,
  type PipelineDefaults,
  parallelDefaults,
} from "./defaults.ts";
export { ParallelWorkers } from "./parallel-workers.ts";
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
