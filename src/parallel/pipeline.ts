import { LakeletError } from "../errors/lakelet-error.ts";
import { AbortFan } from "../pool/abort-fan.ts";
import { NotShippableError, reasonOf, WorkerCrashedError } from "../pool/pool-errors.ts";
import type { WorkerFunction } from "../pool/ship-function.ts";
import { ChunkSize } from "./chunk-size.ts";
import { defaultsOf, type PipelineDefaults } from "./defaults.ts";
import {
  type Chunk,
  type Executor,
  inlineExecutor,
  pipelineSpec,
  processExecutor,
  threadExecutor,
} from "./executors.ts";
import { chooseMode, measure } from "./measure.ts";
import type { PipelineSpec } from "./parallel-worker-api.ts";
import { ParallelWorkers } from "./parallel-workers.ts";
import { PipelineError, type RecordError } from "./record-error.ts";
import { type Destination, type RecordSink, sinkOf } from "./record-sink.ts";
import { ChunkReader, type Records } from "./record-source.ts";
import type { ChunkResult } from "./run-chunk.ts";
import { Semaphore } from "./semaphore.ts";

export type ParallelMode = "auto" | "thread" | "process";

/** What a pipeline has done so far. */
export interface PipelineStats {
  readonly rowsIn: number;
  readonly rowsOut: number;
  /** Records for which the function gave null or undefined. */
  readonly nulls: number;
  readonly errorCount: number;
  readonly elapsedMs: number;
  /** Records in a second. */
  readonly throughput: number;
}

export interface PipelineResult<S = unknown> extends PipelineStats {
  /** With `onError: "collect"`: the records that failed, in the order of the source. */
  readonly errors: readonly RecordError[];
  readonly retries: number;
  readonly state: S;
  /** How it ran, and why so. */
  readonly parallel: {
    readonly mode: Executor["mode"];
    /** Calls in flight (`thread`) or workers that had work (`process`). */
    readonly workers: number;
    readonly chunkSize: number;
    readonly crashes: number;
    readonly reason: string;
  };
}

export interface PipelineOptions<T, R, S> {
  readonly source: Records<T>;
  readonly destination: Destination<R>;
  /** What becomes of a record. null: nothing. In workers it must be complete in itself. */
  readonly processFunc: WorkerFunction<
    (record: T, state: S) => R | null | undefined | Promise<R | null | undefined>
  >;
  /** Called here each time `triggerOn` more records have been processed (default 1,000). */
  readonly triggerFunc?: (stats: PipelineStats, state: S) => void | Promise<void>;
  readonly triggerOn?: number;
  /** Called here at the end, when all has been written. */
  readonly finalFunc?: (stats: PipelineStats, state: S) => void | Promise<void>;
  /** What the functions share, in this realm. */
  readonly startState?: S;
  /** Makes the state of a worker, in the worker; with `mergeState` one for each chunk. Travels as `processFunc` does. */
  readonly initState?: WorkerFunction<(worker: number) => S | Promise<S>>;
  /** Takes in the state of a chunk, in the order of the source: the sum of both is the state from then on. */
  readonly mergeState?: (total: S, chunk: S) => S;
  /** Whether null and undefined are left out (the default) or written. */
  readonly skipNulls?: boolean;
  /** Off by default. */
  readonly parallel?: boolean;
  /** Calls in flight or workers; the cores by default. */
  readonly workers?: number;
  readonly parallelMode?: ParallelMode;
  /** Records of a chunk, to begin with (default 1,000). */
  readonly chunkSize?: number;
  /** Whether chunk size, and calls in flight where `workers` is not given, follow what is measured (default true). */
  readonly adapt?: boolean;
  /** Times a record that fails, or a chunk whose worker dies, is tried again (default 0). */
  readonly retries?: number;
  /** Results in the order of the source (the default), or as they come. */
  readonly ordered?: boolean;
  /** `fail` (the default) ends with PipelineError; `skip` counts; `collect` keeps up to `maxErrors`. */
  readonly onError?: "fail" | "skip" | "collect";
  /** With `collect`: more of them end the pipeline (default 10,000). */
  readonly maxErrors?: number;
  readonly progress?: (stats: PipelineStats) => void;
  readonly signal?: AbortSignal;
  /** All of the results or none (default false). */
  readonly atomic?: boolean;
  /** Workers to use, which stay when the pipeline ends. */
  readonly pool?: ParallelWorkers;
  /** Values for what is not given here; see `parallelDefaults`. */
  readonly defaults?: PipelineDefaults;
}

const PROGRESS_MS = 100;
const MAX_GREETINGS = 10;

/**
 * Runs a function over the records of a source and writes what it gives.
 *
 *     const result = await pipeline({
 *       source: spark.table("raw"),
 *       destination: tableSink(spark, "clean"),
 *       processFunc: (record) => ({ ...record, name: record.name.trim() }),
 *       parallel: true,
 *     });
 *     console.log(result.rowsOut, result.parallel.reason);
 *
 * However it runs, the results are those of a loop over the source, in its order unless `ordered` is false.
 */
export async function pipeline<T, R = unknown, S = Record<string, unknown>>(
  options: PipelineOptions<T, R, S>,
): Promise<PipelineResult<S>> {
  if (options.signal?.aborted === true) throw reasonOf(options.signal);
  return new Run(options).result();
}

interface Finished {
  readonly chunk: Chunk;
  readonly result: ChunkResult;
}

class Run<T, R, S> {
  readonly #options: PipelineOptions<T, R, S>;
  readonly #defaults: ReturnType<typeof defaultsOf>;
  readonly #reader: ChunkReader<T>;
  readonly #sink: RecordSink<R>;
  readonly #stop = new AbortFan();
  readonly #startedAt = performance.now();
  readonly #onError: "fail" | "skip" | "collect";
  readonly #errors: RecordError[] = [];
  #state: S;
  #executor: Executor | undefined;
  #chunkSize: ChunkSize;
  #reason = "parallel is off";
  #rowsIn = 0;
  #rowsOut = 0;
  #nulls = 0;
  #errorCount = 0;
  #retries = 0;
  #lastProgress = 0;

  constructor(options: PipelineOptions<T, R, S>) {
    this.#options = options;
    this.#defaults = defaultsOf(options);
    this.#onError = options.onError ?? "fail";
    this.#state = (options.startState ?? {}) as S;
    this.#chunkSize = new ChunkSize(
      this.#defaults.chunkSize,
      options.parallel === true && options.adapt !== false,
    );
    if (options.mergeState !== undefined && options.initState === undefined) {
      throw new TypeError("mergeState needs initState, which makes the states that it merges");
    }
    this.#sink = sinkOf(options.destination, options.atomic === true);
    this.#reader = new ChunkReader(options.source);
  }

  async result(): Promise<PipelineResult<S>> {
    const { signal, atomic = false, finalFunc } = this.#options;
    const abort = (): void => this.#stop.abort(reasonOf(signal as AbortSignal));
    signal?.addEventListener("abort", abort, { once: true });
    let isOpen = false;
    try {
      await this.#sink.open?.({ atomic });
      isOpen = true;
      await this.#work();
      this.#stop.throwIfAborted();
      await this.#sink.close?.();
      isOpen = false;
      this.#options.progress?.(this.#stats());
      await finalFunc?.(this.#stats(), this.#state);
    } catch (error) {
      this.#stop.abort(error);
      if (isOpen) await Promise.resolve(this.#sink.abort?.(error)).catch(() => {});
      throw error;
    } finally {
      signal?.removeEventListener("abort", abort);
      await this.#reader.close();
      await this.#executor?.close();
    }
    this.#errors.sort((a, b) => a.index - b.index);
    return {
      ...this.#stats(),
      errors: this.#errors,
      retries: this.#retries,
      state: this.#state,
      parallel: {
        mode: this.#executor?.mode ?? "inline",
        workers: this.#executor?.width ?? 1,
        chunkSize: this.#chunkSize.next,
        crashes: this.#executor?.crashes ?? 0,
        reason: this.#reason,
      },
    };
  }

  async #work(): Promise<void> {
    this.#executor = await this.#chooseExecutor();
    const executor = this.#executor;
    const { ordered = true } = this.#options;
    // As many chunks again wait as are worked on, so that a slow one does not hold up the others at once.
    const room = new Semaphore(Math.max(1, 2 * executor.chunksAtOnce));
    const finished = new Channel<Finished>();
    const running = new Set<Promise<void>>();
    const read = async (): Promise<void> => {
      for (let number = 0; ; number++) {
        room.limit = Math.max(1, 2 * executor.chunksAtOnce);
        await this.#stop.race(room.acquire());
        const start = this.#reader.count;
        const records = await this.#stop.race(this.#reader.next(this.#chunkSize.next));
        if (records === undefined) break;
        const chunk = { start, records };
        const at = number;
        const work = this.#stop
          .withSignal((signal) => executor.run(chunk, signal))
          .then((result) => {
            this.#chunkSize.learn(result.values.length, result.busyMs);
            finished.put(ordered ? at : undefined, { chunk, result });
          });
        running.add(work);
        work.then(
          () => running.delete(work),
          (error: unknown) => finished.fail(error),
        );
      }
      await Promise.all(running);
      finished.end();
    };
    const reading = read();
    reading.catch((error: unknown) => finished.fail(error));
    try {
      for (;;) {
        const next = await finished.take();
        if (next === undefined) break;
        await this.#merge(next);
        room.release();
      }
    } catch (error) {
      this.#stop.abort(error);
      throw error;
    } finally {
      // Nothing may be under way any more when the caller is told.
      await reading.catch(() => {});
      await Promise.allSettled(running);
    }
  }

  async #chooseExecutor(): Promise<Executor> {
    const { parallel = false, retries = 0, mergeState, initState, adapt = true } = this.#options;
    const { workers, mode: asked } = this.#defaults;
    const process = await localFunction<(record: unknown, state: unknown) => unknown>(
      this.#options.processFunc,
    );
    const init =
      initState === undefined ? undefined : await localFunction<(worker: number) => unknown>(initState);
    const stopAtError = this.#onError === "fail";
    const chunkState = mergeState === undefined ? undefined : (): unknown => init?.(0);
    if (init !== undefined && mergeState === undefined && this.#options.startState === undefined) {
      this.#state = (await init(0)) as S;
    }
    const work = { process, state: this.#state, chunkState, retries, stopAtError };
    if (!parallel) return inlineExecutor(work);
    const calls = (): Executor => threadExecutor(work, workers, adapt && this.#options.workers === undefined);
    if (asked === "thread") {
      this.#reason = "as asked for";
      return calls();
    }
    if (asked === "process") {
      const reason = this.#keptFromWorkers();
      if (reason !== undefined) throw new LakeletError("unavailable", reason);
      this.#reason = "as asked for";
      return this.#workers(await this.#spec(), work);
    }
    const choice = await this.#measure(work);
    this.#reason = choice.reason;
    if (choice.mode === "thread") return calls();
    if (choice.mode === "process" && choice.spec !== undefined) return this.#workers(choice.spec, work);
    return inlineExecutor(work);
  }

  /** Processes the first records here, and decides by them. */
  async #measure(
    work: Parameters<typeof inlineExecutor>[0],
  ): Promise<{ readonly mode: Executor["mode"]; readonly reason: string; readonly spec?: PipelineSpec }> {
    const { workers, chunkSize } = this.#defaults;
    const records = await this.#stop.race(this.#reader.next(chunkSize));
    if (records === undefined) return { mode: "inline", reason: "there are no records" };
    const start = this.#reader.count - records.length;
    const state = work.chunkState === undefined ? work.state : await work.chunkState();
    const measured = await this.#stop.withSignal((signal) =>
      measure(records, work.process, state, { ...work, signal }),
    );
    this.#reader.unread(records.slice(measured.count));
    await this.#merge({
      chunk: { start, records: records.slice(0, measured.count) },
      result: { ...measured.result, ...(work.chunkState === undefined ? {} : { state }) },
    });
    const isAll = measured.count === records.length && records.length < chunkSize;
    const facts = { isAll, workers, keptFromWorkers: this.#keptFromWorkers() };
    let choice = chooseMode(measured, facts);
    let spec: PipelineSpec | undefined;
    if (choice.mode === "process") {
      try {
        spec = await this.#spec();
      } catch (error) {
        if (!(error instanceof NotShippableError)) throw error;
        choice = chooseMode(measured, { ...facts, keptFromWorkers: error.message });
      }
    }
    this.#chunkSize = new ChunkSize(
      chunkSize,
      this.#options.adapt !== false,
      measured.result.busyMs / Math.max(1, measured.count),
    );
    return spec === undefined ? choice : { ...choice, spec };
  }

  /** A function that takes a state needs to be told where workers have theirs from. */
  #keptFromWorkers(): string | undefined {
    const { processFunc, initState, startState } = this.#options;
    if (initState !== undefined) return undefined;
    if (startState === undefined && (typeof processFunc !== "function" || processFunc.length < 2))
      return undefined;
    return (
      "the function takes a state, which stays in this realm and is never copied silently: give initState for a state " +
      "of each worker, and mergeState to have it back"
    );
  }

  #spec(): Promise<PipelineSpec> {
    const { processFunc, initState, mergeState, retries = 0 } = this.#options;
    return pipelineSpec({
      processFunc,
      initState,
      returnsState: mergeState !== undefined,
      retries,
      stopAtError: this.#onError === "fail",
    });
  }

  /** Workers that can be started: all, fewer, or this realm. */
  async #workers(spec: PipelineSpec, work: Parameters<typeof inlineExecutor>[0]): Promise<Executor> {
    const { pool } = this.#options;
    const workers = pool ?? new ParallelWorkers({ size: this.#defaults.workers });
    for (let attempt = 0; ; attempt++) {
      try {
        await this.#stop.withSignal((signal) => workers.run((api) => api.hello(), { signal }));
        break;
      } catch (error) {
        // A worker of a shared pool may just be dying of another pipeline's work.
        const isDying = error instanceof WorkerCrashedError && workers.stats().breaker === "closed";
        if (isDying && attempt < MAX_GREETINGS) continue;
        if (pool === undefined) await workers.close();
        if (this.#stop.isAborted || !(error instanceof WorkerCrashedError)) throw error;
        const cause = error.cause ?? error;
        this.#reason = `no worker could be started (${cause instanceof Error ? cause.message : String(cause)})`;
        return inlineExecutor(work);
      }
    }
    return processExecutor(spec, workers, pool === undefined);
  }

  /** Takes in a chunk: writes its results, and calls the trigger at exactly the records that it is meant for. */
  async #merge({ chunk, result }: Finished): Promise<void> {
    const { skipNulls = true, triggerFunc, triggerOn = 1_000, mergeState } = this.#options;
    this.#retries += result.retries;
    if (mergeState !== undefined && "state" in result)
      this.#state = mergeState(this.#state, result.state as S);
    const failed = new Map(result.errors.map(({ at, error }) => [at, error]));
    let out: R[] = [];
    const write = async (): Promise<void> => {
      if (out.length === 0) return;
      const batch = out;
      out = [];
      await this.#stop.race(Promise.resolve(this.#sink.write(batch)));
      this.#rowsOut += batch.length;
    };
    const end = Math.max(
      result.values.length,
      ...(result.errors.length > 0 ? [result.errors.at(-1)!.at + 1] : []),
    );
    for (let at = 0; at < end; at++) {
      this.#rowsIn++;
      if (failed.has(at)) {
        this.#errorCount++;
        const error = failed.get(at);
        if (this.#onError === "fail") {
          await write();
          throw new PipelineError(chunk.start + at, error);
        }
        if (this.#onError === "collect") await this.#collect({ index: chunk.start + at, error });
      } else {
        const value = result.values[at];
        const isNull = value === null || value === undefined;
        if (isNull) this.#nulls++;
        if (!isNull || !skipNulls) out.push(value as R);
      }
      if (triggerFunc !== undefined && this.#rowsIn % triggerOn === 0) {
        await write();
        await triggerFunc(this.#stats(), this.#state);
      }
    }
    await write();
    const now = performance.now();
    if (now - this.#lastProgress >= PROGRESS_MS) {
      this.#lastProgress = now;
      this.#options.progress?.(this.#stats());
    }
  }

  async #collect(error: RecordError): Promise<void> {
    const { maxErrors = 10_000 } = this.#options;
    if (this.#errors.length >= maxErrors) {
      throw new PipelineError(
        error.index,
        error.error,
        `more than ${maxErrors} records could not be processed; raise maxErrors, or use onError: "skip", which only counts`,
      );
    }
    this.#errors.push(error);
  }

  #stats(): PipelineStats {
    const elapsedMs = performance.now() - this.#startedAt;
    return {
      rowsIn: this.#rowsIn,
      rowsOut: this.#rowsOut,
      nulls: this.#nulls,
      errorCount: this.#errorCount,
      elapsedMs,
      throughput: elapsedMs === 0 ? 0 : (this.#rowsIn / elapsedMs) * 1_000,
    };
  }
}

/** A function as this realm calls it; a module's is imported. */
async function localFunction<F>(fn: WorkerFunction<(...args: never[]) => unknown>): Promise<F> {
  if (typeof fn === "function") return fn as F;
  const { revive } = await import("../pool/serve-tasks.ts");
  const { shipFunction } = await import("../pool/ship-function.ts");
  return (await revive(await shipFunction(fn))) as F;
}

/** Finished chunks on their way to the sink: in the order of their numbers, or as they come. */
class Channel<T> {
  readonly #waiting = new Map<number, T>();
  readonly #ready: T[] = [];
  #next = 0;
  #outcome: { readonly error?: unknown } | undefined;
  #wake: (() => void) | undefined;

  put(number: number | undefined, item: T): void {
    if (number === undefined) this.#ready.push(item);
    else {
      this.#waiting.set(number, item);
      for (let at = this.#waiting.get(this.#next); at !== undefined; at = this.#waiting.get(this.#next)) {
        this.#waiting.delete(this.#next++);
        this.#ready.push(at);
      }
    }
    this.#wake?.();
  }

  end(): void {
    this.#outcome ??= {};
    this.#wake?.();
  }

  fail(error: unknown): void {
    this.#outcome ??= { error };
    this.#wake?.();
  }

  async take(): Promise<T | undefined> {
    for (;;) {
      const item = this.#ready.shift();
      if (item !== undefined) return item;
      if (this.#outcome !== undefined) {
        if ("error" in this.#outcome) throw this.#outcome.error;
        return undefined;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }
}
