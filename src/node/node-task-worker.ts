import { Worker, type WorkerOptions } from "node:worker_threads";
import * as Comlink from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import type { TaskWorkerApi } from "../pool/task-worker-api.ts";
import type { WorkerHandle } from "../pool/worker-pool.ts";

/** Starts a task worker in a thread of its own. */
export function startNodeTaskWorker(): WorkerHandle<TaskWorkerApi> {
  const worker = new Worker(new URL("./task-worker.ts", import.meta.url), threadOptions());
  return nodeHandle<TaskWorkerApi>(worker, (api) => api.hello());
}

/** A worker thread as a pool's. While it is idle it does not keep the process alive. */
export function nodeHandle<Api>(
  worker: Worker,
  hello: (api: Comlink.Remote<Api>) => Promise<unknown>,
): WorkerHandle<Api> {
  let failure: unknown;
  const died = new Promise<unknown>((resolve) => {
    worker.once("error", (error) => {
      failure = error;
    });
    worker.once("exit", (code) => resolve(failure ?? new Error(`the worker thread ended with code ${code}`)));
  });
  const remote = Comlink.wrap<Api>(nodeEndpoint(worker) as unknown as Comlink.Endpoint);
  const ready = hello(remote);
  ready.catch(() => {});
  return {
    api: remote as unknown as Api,
    ready,
    died,
    terminate: () => worker.terminate(),
    setBusy: (isBusy) => (isBusy ? worker.ref() : worker.unref()),
  };
}

/** A program on the command line (`node --input-type=module -e ...`) has options that a worker's script may not have. */
export function threadOptions(): WorkerOptions {
  return process.execArgv.some((option) => option.startsWith("--input-type")) ? { execArgv: [] } : {};
}
