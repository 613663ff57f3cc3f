import { packValues } from "./crossing.ts";
import type { Executor } from "./executors.ts";
import type { ChunkResult } from "./run-chunk.ts";
import { isThenable, pause } from "./run-chunk.ts";

/** Long enough to tell waiting from computing, short enough not to be missed. */
const MEASURE_MS = 60;

export interface Measurement {
  readonly result: ChunkResult;
  /** Records that were processed; the rest is as it was. */
  readonly count: number;
  readonly computeMs: number;
  readonly waitMs: number;
  /** What it takes to copy a record to a worker and its result back. */
  readonly copyMs: number;
}

/**
 * Processes the first records of a chunk here and measures how long the function computes and how long it waits.
 * Computing shows in the time until a call returns, and in how late timers are while it waits.
 */
export async function measure(
  records: readonly unknown[],
  process: (record: unknown, state: unknown) => unknown,
  state: unknown,
  options: { readonly retries: number; readonly stopAtError: boolean; readonly signal: AbortSignal },
): Promise<Measurement> {
  const lag = new LagMeter();
  const values: unknown[] = [];
  const errors: { at: number; error: unknown }[] = [];
  let retries = 0;
  let computeMs = 0;
  let count = 0;
  const startedAt = performance.now();
  let pausedAt = startedAt;
  let pausedMs = 0;
  try {
    while (count < records.length && (count === 0 || performance.now() - startedAt < MEASURE_MS)) {
      const at = count++;
      let waited = false;
      for (let attempt = 0; ; attempt++) {
        const calledAt = performance.now();
        try {
          const value = process(records[at], state);
          computeMs += performance.now() - calledAt;
          if (isThenable(value)) {
            waited = true;
            lag.start();
            values[at] = await value;
          } else values[at] = value;
          break;
        } catch (error) {
          if (!waited) computeMs += performance.now() - calledAt;
          if (attempt < options.retries) {
            retries++;
            continue;
          }
          errors.push({ at, error });
          break;
        } finally {
          lag.stop();
        }
      }
      if (errors.length > 0 && options.stopAtError) {
        values.length = at;
        break;
      }
      options.signal.throwIfAborted();
      if (performance.now() - pausedAt > 12) {
        const before = performance.now();
        await pause();
        pausedAt = performance.now();
        pausedMs += pausedAt - before;
      }
    }
  } finally {
    lag.stop();
  }
  const busyMs = performance.now() - startedAt - pausedMs;
  computeMs = Math.min(busyMs, computeMs + lag.lateMs);
  return {
    result: { values, errors, retries, busyMs },
    count,
    computeMs,
    waitMs: Math.max(0, busyMs - computeMs),
    copyMs: copyTime(records.slice(0, Math.min(count, 200)), values.slice(0, 200)),
  };
}

/** How much later than asked for timers ring: for so long something computed. */
class LagMeter {
  lateMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #setAt = 0;

  start(): void {
    this.#setAt = performance.now();
    this.#timer = setTimeout(() => {
      // A timer is up to 5 ms late of itself.
      this.lateMs += Math.max(0, performance.now() - this.#setAt - 6);
      this.start();
    }, 1);
  }

  stop(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

function copyTime(records: readonly unknown[], results: readonly unknown[]): number {
  if (records.length === 0) return 0;
  const startedAt = performance.now();
  try {
    structuredClone(packValues(records).values);
    structuredClone(packValues(results).values);
  } catch {
    // What cannot be copied cannot go to a worker.
    return Number.POSITIVE_INFINITY;
  }
  return (2 * (performance.now() - startedAt)) / records.length;
}

/** What a measurement says about where the rest belongs. `isAll`: there is no rest. */
export function chooseMode(
  { count, computeMs, waitMs, copyMs, result }: Measurement,
  facts: { readonly isAll: boolean; readonly workers: number; readonly keptFromWorkers: string | undefined },
): { readonly mode: Executor["mode"]; readonly reason: string } {
  const each = (ms: number): string => `${(ms / count).toFixed(3)} ms`;
  const measured = `a record computes for ${each(computeMs)} and waits for ${each(waitMs)}`;
  if (facts.isAll)
    return { mode: "inline", reason: `${count} records were done in ${result.busyMs.toFixed(0)} ms` };
  const waits = waitMs > 0.3 * result.busyMs && waitMs / count > 0.2;
  const computes = computeMs > 0.3 * result.busyMs;
  if (waits && !computes) return { mode: "thread", reason: measured };
  if (computes && computeMs / count > 2 * copyMs && facts.workers > 1) {
    if (facts.keptFromWorkers === undefined) {
      // A mixed function waits in its worker while others compute.
      return { mode: "process", reason: measured };
    }
    return { mode: waits ? "thread" : "inline", reason: `${measured}, but ${facts.keptFromWorkers}` };
  }
  if (waits) return { mode: "thread", reason: measured };
  const why =
    facts.workers > 1 ? `a copy to a worker takes ${copyMs.toFixed(3)} ms` : "there is one worker at most";
  return { mode: "inline", reason: `${measured}; ${why}` };
}
