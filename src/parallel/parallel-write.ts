import { reasonOf } from "../pool/pool-errors.ts";
import { type Destination, type RecordSink, sinkOf } from "./record-sink.ts";
import { ChunkReader, type Records } from "./record-source.ts";

export interface ParallelWriteOptions {
  /** Each destination has all of the records or none (default: those that can). */
  readonly atomic?: boolean;
  /** `collect` (the default): the others go on. `fail`: the first error ends all. */
  readonly onError?: "collect" | "fail";
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
}

export interface DestinationResult {
  readonly success: boolean;
  readonly rows: number;
  readonly error?: unknown;
}

export interface ParallelWriteResult {
  readonly rowsIn: number;
  readonly elapsedMs: number;
  /** In the order of the destinations. */
  readonly destinations: readonly DestinationResult[];
}

/**
 * Writes every record to several destinations at once. One that fails is taken back where it can be, and does not stop
 * the others. Batches go to all before the next is read, so the slowest sets the pace and memory stays small.
 *
 *     const result = await parallelWrite(records, [fileSink("a.parquet"), fileSink("a.csv"), tableSink(spark, "a")]);
 */
export async function parallelWrite<T>(
  source: Records<T>,
  destinations: readonly Destination<T>[],
  options: ParallelWriteOptions = {},
): Promise<ParallelWriteResult> {
  const { onError = "collect", batchSize = 1_000, signal } = options;
  if (signal?.aborted === true) throw reasonOf(signal);
  const startedAt = performance.now();
  const lanes = destinations.map((destination) => lane(destination, options.atomic));
  const reader = new ChunkReader<T>(source);
  const all = async (step: (sink: RecordSink<T>) => unknown, rows: number): Promise<void> => {
    await Promise.all(
      lanes.map(async (state) => {
        if (state.error !== undefined) return;
        try {
          await step(state.sink);
          state.rows += rows;
        } catch (error) {
          state.error = { error };
          await abortSink(state.sink, error);
        }
      }),
    );
    const failed = lanes.find(({ error }) => error !== undefined)?.error;
    if (onError === "fail" && failed !== undefined) throw failed.error;
  };
  try {
    await all((sink) => sink.open?.({ atomic: options.atomic ?? sink.canBeAtomic === true }), 0);
    while (lanes.some(({ error }) => error === undefined)) {
      const batch = await reader.next(batchSize);
      signal?.throwIfAborted();
      if (batch === undefined) break;
      await all((sink) => sink.write(batch), batch.length);
    }
    await all((sink) => sink.close?.(), 0);
  } catch (error) {
    for (const state of lanes) if (state.error === undefined) await abortSink(state.sink, error);
    throw error;
  } finally {
    await reader.close();
  }
  return {
    rowsIn: reader.count,
    elapsedMs: performance.now() - startedAt,
    destinations: lanes.map(({ rows, error }) =>
      error === undefined ? { success: true, rows } : { success: false, rows, error: error.error },
    ),
  };
}

function lane<T>(
  destination: Destination<T>,
  atomic: boolean | undefined,
): { readonly sink: RecordSink<T>; rows: number; error: { readonly error: unknown } | undefined } {
  return { sink: sinkOf(destination, atomic === true), rows: 0, error: undefined };
}

async function abortSink<T>(sink: RecordSink<T>, reason: unknown): Promise<void> {
  await Promise.resolve(sink.abort?.(reason)).catch(() => {});
}
