import type { Cancellation } from "../duckdb/host.ts";
import { Pacer } from "../duckdb/yield.ts";
import type { TaskEvent } from "../engine-api.ts";
import { cancelledError } from "../failure.ts";

/** What goes along with the work of one task: its cancellation, its progress and its counters. */
export class TaskContext implements Cancellation {
  readonly #onEvent: ((event: TaskEvent) => void) | undefined;
  readonly #pacer = new Pacer();
  #cancelled = false;
  #lastProgress = 0;
  bytesRead = 0;
  filesRead = 0;

  constructor(onEvent?: (event: TaskEvent) => void) {
    this.#onEvent = onEvent;
  }

  get cancelled(): boolean {
    return this.#cancelled;
  }

  cancel(): void {
    this.#cancelled = true;
  }

  /** Throws when the task was cancelled; gives way to other work when it is time. */
  async checkpoint(): Promise<void> {
    if (this.#pacer.due) await this.#pacer.yield();
    this.throwIfCancelled();
  }

  throwIfCancelled(): void {
    if (this.#cancelled) throw cancelledError();
  }

  get listening(): boolean {
    return this.#onEvent !== undefined;
  }

  emit(event: TaskEvent): void {
    this.#onEvent?.(event);
  }

  /** Reports progress, at most every 100 ms. */
  progress(phase: "load" | "query" | "write", fraction?: number, rows?: number): void {
    const now = performance.now();
    if (this.#onEvent === undefined || now - this.#lastProgress < 100) return;
    this.#lastProgress = now;
    this.#onEvent({
      kind: "progress",
      phase,
      ...(fraction === undefined ? {} : { fraction: Math.min(1, Math.max(0, fraction)) }),
      ...(rows === undefined ? {} : { rows }),
    });
  }
}
