import { Worker, type WorkerOptions } from "node:worker_threads";
import * as Comlink from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import type { EngineHandle } from "../driver/engine-pool.ts";
import { withTransfers } from "../driver/engine-transfers.ts";
import type { EngineApi } from "../engine/engine-api.ts";

/** Starts an engine in a worker thread of its own. */
export function startNodeEngine(): EngineHandle {
  const worker = new Worker(new URL("./engine-worker.ts", import.meta.url), workerOptions());
  const died = new Promise<void>((resolve) => {
    worker.once("exit", () => resolve());
    worker.once("error", () => resolve());
  });
  const remote = Comlink.wrap<EngineApi>(nodeEndpoint(worker) as unknown as Comlink.Endpoint);
  // An idle engine does not keep the process alive; a task under way does (its caller awaits it).
  return {
    api: withTransfers(remote as unknown as EngineApi),
    died,
    terminate: () => void worker.terminate(),
  };
}

/** A program on the command line (`node --input-type=module -e ...`) has options that a worker's script may not have. */
function workerOptions(): WorkerOptions {
  return process.execArgv.some((option) => option.startsWith("--input-type")) ? { execArgv: [] } : {};
}
