export type { LatencySummary } from "./latency-histogram.ts";
export type { MapOptions } from "./map-concurrently.ts";
export { NotShippableError, QueueFullError, WorkerCrashedError } from "./pool-errors.ts";
export type { ModuleExport, WorkerFunction } from "./ship-function.ts";
export { startWorker } from "./start-worker.ts";
export { type TaskOptions, TaskPool, type TaskPoolOptions } from "./task-pool.ts";
export type { TaskContext } from "./task-worker-api.ts";
export {
  type PoolStats,
  type PoolTask,
  type PoolTaskOptions,
  type WorkerHandle,
  WorkerPool,
  type WorkerPoolOptions,
} from "./worker-pool.ts";
