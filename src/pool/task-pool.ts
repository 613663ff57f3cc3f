import * as Comlink from "comlink";
import { unpackError } from "./error-crossing.ts";
import { inlineHandle, isLocal, type LocalTaskApi } from "./inline-worker.ts";
import { type MapOptions, mapConcurrently } from "./map-concurrently.ts";
import { type ModuleExport, shipFunction, type WorkerFunction } from "./ship-function.ts";
import type { TaskContext, TaskOutcome, TaskWorkerApi } from "./task-worker-api.ts";
import { transferablesOf } from "./transferables.ts";
import { type PoolStats, type PoolTaskOptions, WorkerPool, type WorkerPoolOptions } from "./worker-pool.ts";
import { coreCount, startTaskWorker, type TaskWorkerStarter } from "./worker-starter.ts";

export interface TaskPoolOptions extends Partial<Omit<WorkerPoolOptions<unknown>, "start" | "fallback">> {
  /** Without workers: tasks run in this realm, one after the other (`size` of them at once when they wait). */
  readonly inline?: boolean;
  /** When no worker can be started: go on in this realm (the default), or reject. */
  readonly onNoWorkers?: "inline" | "fail";
  /** How a worker is started; absent: a module worker in browsers, a worker thread in Node. */
  readonly start?: TaskWorkerStarter;
}

export interface TaskOptions extends PoolTaskOptions {
  /** `move` (the default): buffers and ports in the arguments move to the worker. `copy`: they stay here too. */
  readonly transfer?: "move" | "copy";
}

/** What a function is called with, but for the context that it gets at the end. */
type ArgumentsOf<F extends (...args: never[]) => unknown> =
  Parameters<F> extends [...infer A, TaskContext] ? A : Parameters<F>;

type Api = TaskWorkerApi | LocalTaskApi;

/**
 * Workers that run functions.
 *
 *     const pool = new TaskPool({ size: 4 });
 *     const sum = await pool.run((a: number, b: number) => a + b, [1, 2]);
 *     for await (const square of pool.map([1, 2, 3], (n: number) => n * n)) console.log(square);
 *     await pool.close();
 *
 * A function must be complete in itself, for it travels as text; `{ module, name }` names one that is not. It gets one
 * more argument than it is called with, a `TaskContext`.
 */
export class TaskPool {
  readonly #pool: WorkerPool<Api>;
  #nextId = 1;

  constructor(options: TaskPoolOptions = {}) {
    const {
      inline = false,
      onNoWorkers = "inline",
      start = startTaskWorker,
      size = coreCount(),
      ...rest
    } = options;
    this.#pool = new WorkerPool<Api>({
      ...rest,
      size,
      start: inline ? inlineHandle : start,
      ...(onNoWorkers === "inline" ? { fallback: inlineHandle } : {}),
    });
  }

  get size(): number {
    return this.#pool.size;
  }

  /** Resolves when the queue has room: what a producer awaits before its next task. */
  get ready(): Promise<void> {
    return this.#pool.ready;
  }

  /** Resolves when no task waits or runs. */
  get idle(): Promise<void> {
    return this.#pool.idle;
  }

  /** Runs a function in a worker. `timeoutMs` counts from this call on. */
  run<F extends (...args: never[]) => unknown>(
    fn: F,
    args: ArgumentsOf<F>,
    options?: TaskOptions,
  ): Promise<Awaited<ReturnType<F>>>;
  run<R = unknown>(fn: ModuleExport, args: readonly unknown[], options?: TaskOptions): Promise<R>;
  run(
    fn: WorkerFunction<(...args: never[]) => unknown>,
    args: readonly unknown[],
    options: TaskOptions = {},
  ): Promise<unknown> {
    const id = this.#nextId++;
    const task = async (api: Api, { signal, worker }: TaskContext): Promise<unknown> => {
      if (isLocal(api)) return api.call(fn, args, { signal, worker });
      const what = await shipFunction(fn);
      signal.throwIfAborted();
      const stop = (): void => void api.abort(id).catch(() => {});
      signal.addEventListener("abort", stop, { once: true });
      try {
        const moved = options.transfer === "copy" ? [] : transferablesOf(args);
        return valueOf(await api.run(id, what, Comlink.transfer([...args], moved), worker));
      } finally {
        signal.removeEventListener("abort", stop);
      }
    };
    return this.#pool.run(task, options);
  }

  /**
   * Runs a function on every item, `concurrency` at once (default: the pool's size), and gives the results in the order
   * of the items, or as they come (`ordered: false`). Only a window of items is held. Leaving the loop early aborts
   * what is under way.
   */
  map<T, R>(
    items: Iterable<T> | AsyncIterable<T>,
    fn: WorkerFunction<(item: T, context: TaskContext) => R>,
    options: MapOptions<T> & Omit<TaskOptions, "signal"> = {},
  ): AsyncGenerator<Awaited<R>, void, undefined> {
    const { concurrency = this.size, ordered, onError, signal, ...task } = options;
    return mapConcurrently(
      items,
      (item, inner) => this.run<Awaited<R>>(fn as ModuleExport, [item], { ...task, signal: inner }),
      {
        concurrency,
        ...(ordered === undefined ? {} : { ordered }),
        ...(onError ? { onError } : {}),
        signal,
      },
    );
  }

  stats(): PoolStats {
    return this.#pool.stats();
  }

  /** Ends one worker as a crash would. For tests of that. */
  kill(index: number): void {
    this.#pool.kill(index);
  }

  /** Rejects what waits and runs, ends all workers, and resolves when they are gone. */
  close(): Promise<void> {
    return this.#pool.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function valueOf(outcome: TaskOutcome): unknown {
  if (outcome.ok) return outcome.value;
  throw unpackError(outcome);
}
