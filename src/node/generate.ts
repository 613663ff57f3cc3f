import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { Worker } from "node:worker_threads";
import type { GenerateWorkerApi } from "../generate/generate-worker-api.ts";
import { setGeneratePlatform } from "../generate/generate-workers.ts";
import { setCoreCount } from "../pool/worker-starter.ts";
import { openNodeStorage } from "./node-storage.ts";
import { nodeHandle, threadOptions } from "./node-task-worker.ts";

setCoreCount(availableParallelism);
setGeneratePlatform({
  start: () =>
    nodeHandle<GenerateWorkerApi>(
      new Worker(new URL("./generate-worker.ts", import.meta.url), threadOptions()),
      (api) => api.hello(),
    ),
  openStorage: openNodeStorage,
  descriptorOf: (warehouse) => ({ kind: "disk", root: resolve(warehouse) }),
});

export * from "../generate/index.ts";
