import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { ParallelWorkerApi } from "../parallel/parallel-worker-api.ts";
import { setParallelWorkerStarter } from "../parallel/parallel-workers.ts";
import { setCoreCount } from "../pool/worker-starter.ts";
import { nodeHandle, threadOptions } from "./node-task-worker.ts";

setCoreCount(availableParallelism);
setParallelWorkerStarter(() => {
  const worker = new Worker(new URL("./parallel-worker.ts", import.meta.url), threadOptions());
  return nodeHandle<ParallelWorkerApi>(worker, (api) => api.hello());
});

export * from "../parallel/index.ts";
