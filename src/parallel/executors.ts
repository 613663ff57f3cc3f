import { unpackError } from "../pool/error-crossing.ts";
import { WorkerCrashedError } from "../pool/pool-errors.ts";
import { shipFunction } from "../pool/ship-function.ts";
import { randomUuid } from "../types/random-uuid.ts";
import { packValues, unpackValues } from "./crossing.ts";
import type { PipelineSpec } from "./parallel-worker-api.ts";
import type { ParallelWorkers } from "./parallel-workers.ts";
import { type ChunkResult, isThenable, pause, runChunk } from "./run-chunk.ts";
import { Semaphore } from "./semaphore.ts";

export interface Chunk {
  /** The number of its first record in the source. */
  readonly start: number;
  readonly records: readonly unknown[];
}

/** Where the records of chunks are processed. */
export interface Executor {
  readonly mode: "inline" | "thread" | "process";
  /** Chunks that keep it busy. */
  readonly chunksAtOnce: number;
  run(chunk: Chunk, signal: AbortSignal): Promise<ChunkResult>;
  close(): Promise<void>;
  /** Calls, or workers, at once; the most there were. */
  readonly width: number;
  readonly crashes: number;
}

/** What executors need of a pipeline's options. */
export interface Work {
  readonly process: (record: unknown, state: unknown) => unknown;
  readonly state: unknown;
  /** A state for each chunk, given back with it. */
  readonly chunkState: (() => unknown) | undefined;
  readonly retries: number;
  readonly stopAtError: boolean;
}

/** One record after the other, here. */
export function inlineExecutor(work: Work): Executor {
  return {
    mode: "inline",
    chunksAtOnce: 1,
    width: 1,
    crashes: 0,
    run: async (chunk, signal) => {
      const state = work.chunkState === undefined ? work.state : await work.chunkState();
      const result = await runChunk(chunk.records, work.process, state, { ...work, signal, pause });
      return work.chunkState === undefined ? result : { ...result, state };
    },
    close: async () => {},
  };
}

/**
 * Many calls in flight, here: for functions that wait. With `adapts` their number grows as long as that makes it
 * faster.
 */
export function threadExecutor(work: Work, calls: number, adapts: boolean): Executor {
  const lanes = new Semaphore(calls);
  const tuner = adapts ? new LaneTuner(lanes) : undefined;
  let sliceEnd = 0;
  const runRecord = async (
    record: unknown,
    state: unknown,
  ): Promise<{ value: unknown } | { error: unknown }> => {
    for (let attempt = 0; ; attempt++) {
      try {
        const value = work.process(record, state);
        return { value: isThenable(value) ? await value : value };
      } catch (error) {
        if (attempt >= work.retries) return { error };
        retried++;
      }
    }
  };
  let retried = 0;
  return {
    mode: "thread",
    chunksAtOnce: 2,
    get width() {
      return lanes.limit;
    },
    crashes: 0,
    run: async ({ records }, signal) => {
      const startedAt = performance.now();
      const values: unknown[] = new Array(records.length);
      const errors: { at: number; error: unknown }[] = [];
      const state = work.chunkState === undefined ? work.state : await work.chunkState();
      const running: Promise<void>[] = [];
      const before = retried;
      for (let at = 0; at < records.length; at++) {
        if (lanes.held < lanes.limit) void lanes.acquire();
        else await lanes.acquire();
        if (signal.aborted || (work.stopAtError && errors.length > 0)) {
          lanes.release();
          break;
        }
        running.push(
          runRecord(records[at], state).then((outcome) => {
            lanes.release();
            tuner?.done();
            if ("value" in outcome) values[at] = outcome.value;
            else errors.push({ at, error: outcome.error });
          }),
        );
        if (performance.now() > sliceEnd) {
          await pause();
          sliceEnd = performance.now() + 12;
        }
      }
      await Promise.all(running);
      signal.throwIfAborted();
      errors.sort((a, b) => a.at - b.at);
      const [first] = errors;
      if (work.stopAtError && first !== undefined) {
        values.length = first.at;
        errors.length = 1;
      }
      const result = { values, errors, retries: retried - before, busyMs: performance.now() - startedAt };
      return work.chunkState === undefined ? result : { ...result, state };
    },
    close: async () => {},
  };
}

const TUNING_MS = 200;
const MAX_LANES = 64;
const WORTHWHILE = 1.15;

/** Doubles the calls in flight while that makes more of them end in a time. */
class LaneTuner {
  readonly #lanes: Semaphore;
  #count = 0;
  #since = performance.now();
  #lastRate = 0;
  #isSettled = false;

  constructor(lanes: Semaphore) {
    this.#lanes = lanes;
  }

  done(): void {
    if (this.#isSettled) return;
    this.#count++;
    const elapsedMs = performance.now() - this.#since;
    if (elapsedMs < TUNING_MS || this.#count < 2 * this.#lanes.limit) return;
    const rate = this.#count / elapsedMs;
    if (rate < this.#lastRate * WORTHWHILE || this.#lanes.limit >= MAX_LANES) this.#isSettled = true;
    else this.#lanes.limit = Math.min(MAX_LANES, this.#lanes.limit * 2);
    this.#lastRate = rate;
    this.#count = 0;
    this.#since = performance.now();
  }
}

/** The functions of a pipeline as workers get them. */
export async function pipelineSpec(options: {
  readonly processFunc: Parameters<typeof shipFunction>[0];
  readonly initState: Parameters<typeof shipFunction>[0] | undefined;
  readonly returnsState: boolean;
  readonly retries: number;
  readonly stopAtError: boolean;
}): Promise<PipelineSpec> {
  return {
    id: randomUuid(),
    process: await shipFunction(options.processFunc),
    initState: options.initState === undefined ? undefined : await shipFunction(options.initState),
    returnsState: options.returnsState,
    retries: options.retries,
    stopAtError: options.stopAtError,
  };
}

let nextTask = 1;

/** Chunks in workers: for functions that compute. */
export function processExecutor(
  spec: PipelineSpec,
  workers: ParallelWorkers,
  ownsWorkers: boolean,
): Executor {
  let crashes = 0;
  let width = 0;
  const runOnce = (records: ReturnType<typeof packValues>, signal: AbortSignal): Promise<ChunkResult> =>
    workers.run(
      async (api, { worker, signal: stop }) => {
        width = Math.max(width, worker + 1);
        const task = nextTask++;
        const abort = (): void => void api.abort(task).catch(() => {});
        stop.addEventListener("abort", abort, { once: true });
        try {
          const outcome = await api.runChunk(task, spec, records, worker);
          return {
            values: unpackValues(outcome.values),
            errors: outcome.errors.map(({ at, error }) => ({ at, error: unpackError(error) })),
            retries: outcome.retries,
            busyMs: outcome.busyMs,
            ...(outcome.state === undefined ? {} : { state: unpackValues(outcome.state)[0] }),
          };
        } finally {
          stop.removeEventListener("abort", abort);
        }
      },
      { signal },
    );
  return {
    mode: "process",
    get chunksAtOnce() {
      return workers.size;
    },
    get width() {
      return Math.min(width, workers.size);
    },
    get crashes() {
      return crashes;
    },
    run: async (chunk, signal) => {
      const records = packValues(chunk.records);
      for (let attempt = 0; ; attempt++) {
        try {
          const result = await runOnce(records, signal);
          return { ...result, retries: result.retries + attempt };
        } catch (error) {
          if (!(error instanceof WorkerCrashedError)) throw error;
          crashes++;
          // Nobody knows how far the worker came: without retries all of the chunk has failed.
          if (attempt >= spec.retries || workers.stats().breaker === "open") {
            const errors = chunk.records.map((_, at) => ({ at, error }));
            if (spec.stopAtError)
              return { values: [], errors: errors.slice(0, 1), retries: attempt, busyMs: 0 };
            return { values: new Array(chunk.records.length), errors, retries: attempt, busyMs: 0 };
          }
        }
      }
    },
    close: async () => {
      if (ownsWorkers) await workers.close();
    },
  };
}
