import { AbortFan } from "../pool/abort-fan.ts";
import { reasonOf } from "../pool/pool-errors.ts";
import { coreCount } from "../pool/worker-starter.ts";
import { readInput } from "./files/convert-file.ts";
import type { FileRecord, ReadFileOptions } from "./files/read-records.ts";
import { type FileLocation, openLocation } from "./location.ts";
import { ChunkReader, type Records } from "./record-source.ts";

/** A path, a file at hand, or records from anywhere: a DataFrame, an array, a generator, Arrow data. */
export type ReadableSource<T> = string | File | Records<T>;

export interface ParallelReadOptions extends ReadFileOptions {
  /** Sources that are read at once (default: as many as cores, at most all). */
  readonly workers?: number;
  /** All of the first source, then all of the second, and so on (default: records as they come). */
  readonly ordered?: boolean;
  /** `fail` (the default): the loop throws. `skip`, `collect`: the rest of the source is left out; `errors` has why. */
  readonly onError?: "fail" | "skip" | "collect";
  readonly location?: FileLocation;
  readonly signal?: AbortSignal;
}

export interface SourceError {
  /** The number of the source, and how many of its records had come before. */
  readonly source: number;
  readonly recordsRead: number;
  readonly error: unknown;
}

/** Batches that a source is ahead of the loop. */
const AHEAD = 2;
const BATCH_SIZE = 1_000;

/**
 * Reads many sources at once: every record of every source, and nothing else.
 *
 *     const reader = parallelRead(["file1.csv", "file2.csv", "file3.csv"], { workers: 3 });
 *     for await (const record of reader) process(record);
 *
 * Leaving the loop early closes all sources.
 */
export function parallelRead<T = FileRecord>(
  sources: readonly ReadableSource<T>[],
  options: ParallelReadOptions = {},
): ParallelReader<T> {
  return new ParallelReader(sources, options);
}

interface Lane<T> {
  readonly source: number;
  readonly batches: T[][];
  isDone: boolean;
  error: { readonly error: unknown } | undefined;
  read: number;
  /** Called when the loop has taken a batch. */
  wake: (() => void) | undefined;
}

export class ParallelReader<T> implements AsyncIterable<T> {
  /** Sources that failed, with `onError` `skip` or `collect`. */
  readonly errors: SourceError[] = [];
  readonly workers: number;
  readonly #sources: readonly ReadableSource<T>[];
  readonly #options: ParallelReadOptions;
  readonly #stop = new AbortFan();

  /** @internal */
  constructor(sources: readonly ReadableSource<T>[], options: ParallelReadOptions) {
    this.#sources = sources;
    this.#options = options;
    this.workers = Math.max(1, Math.min(options.workers ?? coreCount(), sources.length));
  }

  /** Ends the reading: a loop over it throws an AbortError. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const batch of this.batches()) yield* batch;
  }

  /** The same in arrays. */
  async *batches(): AsyncGenerator<T[], void, undefined> {
    const { ordered = false, onError = "fail", signal } = this.#options;
    if (signal?.aborted === true) throw reasonOf(signal);
    const abort = (): void => this.#stop.abort(reasonOf(signal as AbortSignal));
    signal?.addEventListener("abort", abort, { once: true });
    const lanes: Lane<T>[] = [];
    const reading = new Set<Promise<void>>();
    let next = 0;
    let wake: (() => void) | undefined;
    const start = (): void => {
      // Ordered, those behind the first are read ahead only as far as their lanes hold.
      while (next < this.#sources.length && lanes.filter((lane) => !lane.isDone).length < this.workers) {
        const lane: Lane<T> = {
          source: next,
          batches: [],
          isDone: false,
          error: undefined,
          read: 0,
          wake: undefined,
        };
        const source = this.#sources[next++] as ReadableSource<T>;
        lanes.push(lane);
        const work = this.#read(source, lane, () => wake?.());
        reading.add(work);
        void work.finally(() => reading.delete(work));
      }
    };
    try {
      for (;;) {
        this.#stop.throwIfAborted();
        start();
        const [first] = lanes;
        if (first === undefined) return;
        const candidates = ordered ? [first] : lanes;
        const ready = candidates.find((lane) => lane.batches.length > 0 || lane.isDone);
        if (ready === undefined) {
          await this.#stop.race(
            new Promise<void>((resolve) => {
              wake = resolve;
            }),
          );
          wake = undefined;
          continue;
        }
        const batch = ready.batches.shift();
        ready.wake?.();
        if (batch !== undefined) {
          // Others have their turn before this one's next.
          if (!ordered) lanes.push(...lanes.splice(lanes.indexOf(ready), 1));
          yield batch;
          continue;
        }
        lanes.splice(lanes.indexOf(ready), 1);
        if (ready.error === undefined) continue;
        const { error } = ready.error;
        if (onError === "fail") throw error;
        this.errors.push({ source: ready.source, recordsRead: ready.read, error });
      }
    } finally {
      signal?.removeEventListener("abort", abort);
      this.#stop.abort();
      for (const lane of lanes) lane.wake?.();
      await Promise.allSettled(reading);
    }
  }

  async #read(source: ReadableSource<T>, lane: Lane<T>, wake: () => void): Promise<void> {
    let reader: ChunkReader<T> | undefined;
    let batches: AsyncGenerator<FileRecord[]> | undefined;
    try {
      if (typeof source === "string" || (typeof File !== "undefined" && source instanceof File)) {
        const storage = await openLocation(this.#options.location);
        const input = typeof source === "string" ? { path: source } : { content: source, name: source.name };
        batches = readInput(storage, input, this.#options);
      } else reader = new ChunkReader<T>(source as Records<T>);
      for (;;) {
        const batch = await this.#stop.race<readonly unknown[] | undefined>(
          reader === undefined
            ? (batches as AsyncGenerator<FileRecord[]>)
                .next()
                .then((result) => (result.done === true ? undefined : result.value))
            : reader.next(this.#options.batchSize ?? BATCH_SIZE),
        );
        if (batch === undefined) break;
        lane.batches.push(batch as T[]);
        lane.read += batch.length;
        wake();
        while (lane.batches.length >= AHEAD && !this.#stop.isAborted) {
          await new Promise<void>((resolve) => {
            lane.wake = resolve;
          });
          lane.wake = undefined;
        }
        if (this.#stop.isAborted) break;
      }
    } catch (error) {
      lane.error = { error };
    } finally {
      lane.isDone = true;
      await reader?.close();
      // A generator that is in the middle of something ends when that does.
      void batches?.return(undefined).catch(() => {});
      wake();
    }
  }
}
