import { startBrowserTaskWorker } from "./browser-task-worker.ts";
import type { TaskWorkerApi } from "./task-worker-api.ts";
import type { WorkerHandle } from "./worker-pool.ts";

export type TaskWorkerStarter = () => WorkerHandle<TaskWorkerApi>;

let starter: TaskWorkerStarter = startBrowserTaskWorker;

/** How pools that are not told otherwise start their workers: Node puts its worker threads here. */
export function setTaskWorkerStarter(start: TaskWorkerStarter): void {
  starter = start;
}

export function startTaskWorker(): WorkerHandle<TaskWorkerApi> {
  return starter();
}

/** The cores of this machine, as far as it tells. */
export function coreCount(): number {
  return Math.max(1, globalThis.navigator?.hardwareConcurrency ?? defaultCores());
}

let defaultCores = (): number => 1;

/** Node 20 has no `navigator`. */
export function setCoreCount(count: () => number): void {
  defaultCores = count;
}
