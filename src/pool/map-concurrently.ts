import { AbortFan } from "./abort-fan.ts";
import { reasonOf } from "./pool-errors.ts";

export interface MapOptions<T> {
  readonly concurrency?: number;
  /** Results in the order of the items (the default), or as they come. */
  readonly ordered?: boolean;
  /** `fail` (the default) ends with the first error; `skip` leaves the item out; a function is told and leaves it out. */
  readonly onError?: "fail" | "skip" | ((error: unknown, item: T, index: number) => void);
  readonly signal?: AbortSignal | undefined;
}

interface Slot<R> {
  readonly index: number;
  settled: Promise<Slot<R>>;
  result: { readonly value: R } | { readonly error: unknown } | undefined;
}

/**
 * Maps items with a function that takes time, at most `concurrency` at once and at most twice as many held: when the
 * loop over the results pauses, so does the source. Whoever leaves the loop early aborts what is under way, and the
 * source is closed.
 */
export async function* mapConcurrently<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  fn: (item: T, signal: AbortSignal, index: number) => Promise<R>,
  options: MapOptions<T> = {},
): AsyncGenerator<R, void, undefined> {
  const { ordered = true, onError = "fail", signal } = options;
  const concurrency = Math.max(1, Math.trunc(options.concurrency ?? 1));
  const fan = new AbortFan();
  const stop = (): void => fan.abort(signal?.reason);
  const throwIfAborted = (): void => {
    if (signal?.aborted === true) throw reasonOf(signal);
  };
  throwIfAborted();
  signal?.addEventListener("abort", stop, { once: true });
  const source = iteratorOf(items);
  const held: Slot<R>[] = [];
  let running = 0;
  let index = 0;
  let isExhausted = false;
  const start = (item: T): void => {
    const at = index++;
    running++;
    const slot: Slot<R> = { index: at, result: undefined, settled: undefined as unknown as Promise<Slot<R>> };
    slot.settled = Promise.resolve()
      .then(() => fan.withSignal((inner) => fn(item, inner, at)))
      .then(
        (value) => {
          slot.result = { value };
        },
        (error: unknown) => {
          if (typeof onError === "function" && !fan.isAborted) onError(error, item, at);
          slot.result = { error };
        },
      )
      .then(() => {
        running--;
        return slot;
      });
    // A failure of `onError` itself shows where the result is taken.
    slot.settled.catch(() => {});
    held.push(slot);
  };
  try {
    for (;;) {
      while (!isExhausted && running < concurrency && held.length < 2 * concurrency) {
        const next = await source.next();
        throwIfAborted();
        if (next.done === true) isExhausted = true;
        else start(next.value);
      }
      if (held.length === 0) return;
      const first = held[0] as Slot<R>;
      if (ordered) {
        // While the oldest still runs, others may finish and make room.
        if (first.result === undefined) {
          await Promise.race(held.filter((slot) => slot.result === undefined).map((slot) => slot.settled));
        }
        if (first.result === undefined) {
          throwIfAborted();
          continue;
        }
      }
      const done = ordered ? first : await Promise.race(held.map((slot) => slot.settled));
      held.splice(held.indexOf(done), 1);
      throwIfAborted();
      const result = done.result as NonNullable<Slot<R>["result"]>;
      if ("value" in result) yield result.value;
      else if (onError === "fail") throw result.error;
    }
  } finally {
    signal?.removeEventListener("abort", stop);
    fan.abort();
    if (!isExhausted) await source.return?.();
  }
}

export function iteratorOf<T>(items: Iterable<T> | AsyncIterable<T>): AsyncIterator<T> | Iterator<T> {
  if (Symbol.asyncIterator in items) return items[Symbol.asyncIterator]();
  return items[Symbol.iterator]();
}
