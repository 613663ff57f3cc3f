import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { Worker } from "node:worker_threads";
import { setFilePlatform } from "../parallel/location.ts";
import type { ParallelWorkerApi } from "../parallel/parallel-worker-api.ts";
import { setParallelWorkerStarter } from "../parallel/parallel-workers.ts";
import { setCoreCount } from "../pool/worker-starter.ts";
import { openNodeStorage } from "./node-storage.ts";
import { nodeHandle, threadOptions } from "./node-task-worker.ts";

setCoreCount(availableParallelism);
setFilePlatform({
  openStorage: openNodeStorage,
  descriptorOf: (directory) => ({ kind: "disk", root: resolve(directory) }),
});
setParallelWorkerStarter(() => {
  const worker = new Worker(new URL("./parallel-worker.ts", import.meta.url), threadOptions());
  return nodeHandle<ParallelWorkerApi>(worker, (api) => api.hello());
});

export * from "../parallel/index.ts";
