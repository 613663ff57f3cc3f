/** A function of the user's on one record. null and undefined: nothing to write. */
export type ProcessFunction<T = never, R = unknown, S = never> = (record: T, state: S) => R | Promise<R>;

export interface ChunkResult {
  /** What became of each record; a failed one has undefined here. */
  readonly values: readonly unknown[];
  /** By position in the chunk. With the policy `fail` there is one at most, and `values` ends before it. */
  readonly errors: readonly { readonly at: number; readonly error: unknown }[];
  readonly retries: number;
  readonly busyMs: number;
  /** What the records made of the state they were given, where it is wanted back. */
  readonly state?: unknown;
}

/** How long work of this realm goes on before others get a turn. */
const SLICE_MS = 12;

/** Runs the records of a chunk one after the other. Used here and in workers alike. */
export async function runChunk(
  records: readonly unknown[],
  process: (record: unknown, state: unknown) => unknown,
  state: unknown,
  options: {
    readonly retries: number;
    readonly stopAtError: boolean;
    readonly signal: AbortSignal;
    /** Called between slices of work: the caller's realm has other things to do, a worker has not. */
    readonly pause?: () => Promise<void>;
  },
): Promise<ChunkResult> {
  const startedAt = performance.now();
  const values: unknown[] = new Array(records.length);
  const errors: { at: number; error: unknown }[] = [];
  let retries = 0;
  let pausedAt = startedAt;
  for (let at = 0; at < records.length; at++) {
    for (let attempt = 0; ; attempt++) {
      try {
        const value = process(records[at], state);
        values[at] = isThenable(value) ? await value : value;
        break;
      } catch (error) {
        if (attempt < options.retries && !options.signal.aborted) {
          retries++;
          continue;
        }
        errors.push({ at, error });
        break;
      }
    }
    if (errors.length > 0 && options.stopAtError) {
      values.length = at;
      break;
    }
    options.signal.throwIfAborted();
    if (options.pause !== undefined && performance.now() - pausedAt > SLICE_MS) {
      await options.pause();
      pausedAt = performance.now();
    }
  }
  return { values, errors, retries, busyMs: performance.now() - startedAt };
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function"
  );
}

/** Lets timers, messages and the page's drawing have their turn, without the 4 ms that nested timers wait. */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
