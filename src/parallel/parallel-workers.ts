import { browserHandle } from "../pool/browser-task-worker.ts";
import { startWorker } from "../pool/start-worker.ts";
import {
  type PoolStats,
  type PoolTask,
  type PoolTaskOptions,
  type WorkerHandle,
  WorkerPool,
} from "../pool/worker-pool.ts";
import { coreCount } from "../pool/worker-starter.ts";
import { randomUuid } from "../types/random-uuid.ts";
import type { ParallelWorkerApi } from "./parallel-worker-api.ts";

export type ParallelWorkerStarter = () => WorkerHandle<ParallelWorkerApi>;

let starter: ParallelWorkerStarter = () => {
  const name = `lakelet-parallel-${randomUuid()}`;
  const worker = startWorker(
    (Worker) => new Worker(new URL("./pipeline-worker.ts", import.meta.url), { type: "module", name }),
  );
  return browserHandle<ParallelWorkerApi>(name, worker, (api) => api.hello());
};

/** Node puts its worker threads here. */
export function setParallelWorkerStarter(start: ParallelWorkerStarter): void {
  starter = start;
}

/**
 * Workers that several pipelines may share, so that each finds them running.
 *
 *     const workers = new ParallelWorkers({ size: 4 });
 *     await pipeline({ source, destination, processFunc, parallel: true, pool: workers });
 *     await workers.close();
 */
export class ParallelWorkers {
  readonly #pool: WorkerPool<ParallelWorkerApi>;

  constructor(
    options: {
      readonly size?: number;
      readonly start?: ParallelWorkerStarter;
      readonly graceMs?: number;
      readonly maxCrashes?: number;
    } = {},
  ) {
    const { size = coreCount(), start = () => starter(), ...rest } = options;
    this.#pool = new WorkerPool({ ...rest, size, start });
  }

  get size(): number {
    return this.#pool.size;
  }

  run<T>(task: PoolTask<ParallelWorkerApi, T>, options?: PoolTaskOptions): Promise<T> {
    return this.#pool.run(task, options);
  }

  stats(): PoolStats {
    return this.#pool.stats();
  }

  /** Ends one worker as a crash would. For tests of that. */
  kill(index: number): void {
    this.#pool.kill(index);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
