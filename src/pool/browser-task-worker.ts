import * as Comlink from "comlink";
import { randomUuid } from "../types/random-uuid.ts";
import { startWorker } from "./start-worker.ts";
import type { TaskWorkerApi } from "./task-worker-api.ts";
import type { WorkerHandle } from "./worker-pool.ts";

/** Starts a task worker in this page (or worker). */
export function startBrowserTaskWorker(): WorkerHandle<TaskWorkerApi> {
  const name = `lakelet-task-${randomUuid()}`;
  return browserHandle<TaskWorkerApi>(
    name,
    startWorker(
      (Worker) => new Worker(new URL("./task-worker.ts", import.meta.url), { type: "module", name }),
    ),
    (api) => api.hello(),
  );
}

/**
 * A worker as a pool's. It holds a Web Lock of its name as long as it lives, so that it is missed also when it closes
 * itself, which no event tells.
 */
export function browserHandle<Api>(
  name: string,
  worker: Worker,
  hello: (api: Comlink.Remote<Api>) => Promise<unknown>,
): WorkerHandle<Api> {
  let end = (_cause: unknown): void => {};
  const died = new Promise<unknown>((resolve) => {
    end = resolve;
  });
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    end(new Error(event.message || "the worker's script could not be loaded"));
  });
  worker.addEventListener("messageerror", () => end(new Error("a message of the worker could not be read")));
  const remote = Comlink.wrap<Api>(worker);
  const ready = hello(remote).then(() => {
    // The lock is free until the worker has taken it, so it is watched from the first answer on.
    const watching = new AbortController();
    globalThis.navigator?.locks
      ?.request(name, { signal: watching.signal }, () => end(new Error("the worker has ended itself")))
      .catch(() => {});
    void died.then(() => watching.abort());
  });
  ready.catch(() => {});
  return {
    api: remote as unknown as Api,
    ready,
    died,
    terminate: () => {
      worker.terminate();
      end(new Error("the worker was ended"));
    },
  };
}
