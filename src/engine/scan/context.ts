import type { Cancellation } from "../duckdb/host.ts";
import { Pacer } from "../duckdb/yield.ts";
import type { TaskEvent } from "../engine-api.ts";
import { cancelledError } from "../failure.ts";

const MAX_UNDERWAY = 8;

/** What goes along with the work of one task: its cancellation, its progress and its counters. */
export class TaskContext implements Cancellation {
  readonly #onEvent: ((event: TaskEvent) => void) | undefined;
  readonly #pacer = new Pacer();
  readonly #underway = new Set<Promise<void>>();
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

  /**
   * Hands on a batch. A listener in another realm answers when it has it; some batches may be on their way, then the
   * sender waits, so that a slow reader is not flooded.
   */
  async deliver(event: Extract<TaskEvent, { kind: "batch" }>): Promise<void> {
    const answer: unknown = this.#onEvent?.(event);
    if (!(answer instanceof Promise)) return;
    const arrival = answer.then(
      () => {},
      () => {},
    );
    this.#underway.add(arrival);
    void arrival.then(() => this.#underway.delete(arrival));
    while (this.#underway.size >= MAX_UNDERWAY) {
      await Promise.race(this.#underway);
      this.throwIfCancelled();
    }
  }

  /** Resolves when every batch has arrived. */
  async delivered(): Promise<void> {
    await Promise.all(this.#underway);
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
