import { availableParallelism } from "node:os";
import { setCoreCount, setTaskWorkerStarter } from "../pool/worker-starter.ts";
import { startNodeTaskWorker } from "./node-task-worker.ts";

setTaskWorkerStarter(startNodeTaskWorker);
setCoreCount(availableParallelism);

export * from "../pool/index.ts";
