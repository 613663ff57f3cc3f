import { Fifo } from "./fifo.ts";
import { LatencyHistogram, type LatencySummary } from "./latency-histogram.ts";
import { abortError, QueueFullError, reasonOf, timeoutError, WorkerCrashedError } from "./pool-errors.ts";

/** A worker as a pool sees it. */
export interface WorkerHandle<Api> {
  readonly api: Api;
  /** Resolves when it takes tasks, rejects when it cannot start. Absent: at once. */
  readonly ready?: Promise<unknown>;
  /** Resolves when it is gone, for whatever reason, with what it died of. Never rejects. */
  readonly died: Promise<unknown>;
  /** Ends it at once; resolves when it is gone. */
  terminate(): void | Promise<unknown>;
  /** Whether a task runs on it: an idle worker need not keep its process alive. */
  setBusy?(busy: boolean): void;
  /** It runs in this realm: nothing can end it from outside. */
  readonly isInline?: boolean;
}

export interface WorkerPoolOptions<Api> {
  readonly start: () => WorkerHandle<Api>;
  /** Workers at most; they start when tasks need them. */
  readonly size: number;
  /** Tasks that a worker has at once (default 1): for those that wait more than they compute. */
  readonly tasksPerWorker?: number;
  /** Tasks that may wait (default 100,000); more are refused with QueueFullError. */
  readonly maxQueue?: number;
  /** How long an aborted task may take to stop before its worker is ended (default 1,000). */
  readonly graceMs?: number;
  /** For every task that has no limit of its own (default: none). */
  readonly timeoutMs?: number;
  /** So many crashes with no task done in between open the breaker (default 5, or twice the size). */
  readonly maxCrashes?: number;
  /** Starts of one worker in a row that may fail before the pool goes on without it (default 2). */
  readonly maxFailedStarts?: number;
  /** How long an open breaker refuses tasks before it lets one try (default 30,000). */
  readonly breakerCoolDownMs?: number;
  /** Stands in when not one worker can be started. Absent: waiting tasks are rejected. */
  readonly fallback?: () => WorkerHandle<Api>;
}

export interface PoolTaskOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  /** Tasks of one key run on one worker, in order: where the caches for them are warm. */
  readonly sticky?: string | undefined;
  /** As for the pool. */
  readonly graceMs?: number | undefined;
}

/** What a task does with the worker it is given. `signal` tells it to stop. */
export type PoolTask<Api, T> = (
  api: Api,
  context: { readonly signal: AbortSignal; readonly worker: number; readonly isInline: boolean },
) => Promise<T> | T;

export interface PoolStats {
  /** Workers that may run. */
  readonly size: number;
  /** Workers that have been started and are alive. */
  readonly alive: number;
  readonly running: number;
  readonly queued: number;
  readonly done: number;
  readonly failed: number;
  readonly aborted: number;
  readonly timedOut: number;
  readonly crashed: number;
  /** Workers that were started in place of others. */
  readonly restarts: number;
  readonly breaker: "closed" | "open";
  readonly isInline: boolean;
  /** Milliseconds from start to end of the tasks that ran. */
  readonly runMs: LatencySummary;
  /** Milliseconds that tasks waited for a worker. */
  readonly waitMs: LatencySummary;
}

type Outcome = "done" | "failed" | "aborted" | "timedOut" | "crashed";

interface Job<Api> {
  readonly task: PoolTask<Api, unknown>;
  readonly options: PoolTaskOptions;
  readonly controller: AbortController;
  readonly queuedAt: number;
  readonly settle: (outcome: Outcome, value: unknown) => void;
  isSettled: boolean;
  slot: Slot<Api> | undefined;
  onGivenUp: (() => void) | undefined;
}

interface Slot<Api> {
  readonly index: number;
  readonly own: Fifo<Job<Api>>;
  handle: WorkerHandle<Api> | undefined;
  /** Gives the worker when it takes tasks, undefined when it could not be started. */
  starting: Promise<WorkerHandle<Api> | undefined> | undefined;
  running: number;
  /** Starts in a row that came to nothing. */
  failedStarts: number;
  isDisabled: boolean;
  hasStarted: boolean;
  /** Tasks on it that want to know of its death. */
  readonly onDeath: Set<(cause: unknown) => void>;
}

const MAX_FAILED_STARTS = 2;
const MAX_STICKY_KEYS = 10_000;

/**
 * Runs tasks on workers. Each task settles exactly once: with its value, its error, an AbortError, a TimeoutError, or
 * WorkerCrashedError. A worker that dies, or does not stop when told to, is replaced.
 *
 *     const pool = new WorkerPool({ size: 4, start: startMyWorker });
 *     const answer = await pool.run((api) => api.answer(question), { timeoutMs: 1_000 });
 *     await pool.close();
 */
export class WorkerPool<Api> {
  readonly #options: WorkerPoolOptions<Api>;
  readonly #slots: Slot<Api>[];
  readonly #shared = new Fifo<Job<Api>>();
  readonly #sticky = new Map<string, Slot<Api>>();
  readonly #jobs = new Set<Job<Api>>();
  readonly #ending = new Set<Promise<unknown>>();
  readonly #runMs = new LatencyHistogram();
  readonly #waitMs = new LatencyHistogram();
  readonly #counts: Record<Outcome, number> = { done: 0, failed: 0, aborted: 0, timedOut: 0, crashed: 0 };
  readonly #maxQueue: number;
  readonly #maxCrashes: number;
  #queued = 0;
  #running = 0;
  #restarts = 0;
  #crashesInARow = 0;
  #openUntil = 0;
  #lastCause: unknown;
  #isInline = false;
  #isClosed = false;
  #room: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;
  #idle: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  constructor(options: WorkerPoolOptions<Api>) {
    this.#options = options;
    this.#maxQueue = options.maxQueue ?? 100_000;
    const size = Math.max(1, Math.trunc(options.size));
    this.#maxCrashes = options.maxCrashes ?? Math.max(5, 2 * size);
    this.#slots = Array.from({ length: size }, (_, index) => newSlot(index));
  }

  get size(): number {
    return this.#slots.filter((slot) => !slot.isDisabled).length;
  }

  /** Resolves when the queue has room: what a producer awaits before its next task. */
  get ready(): Promise<void> {
    if (this.#queued < this.#maxQueue || this.#isClosed) return Promise.resolve();
    this.#room ??= deferred();
    return this.#room.promise;
  }

  /** Resolves when no task waits or runs. */
  get idle(): Promise<void> {
    if (this.#jobs.size === 0) return Promise.resolve();
    this.#idle ??= deferred();
    return this.#idle.promise;
  }

  run<T>(task: PoolTask<Api, T>, options: PoolTaskOptions = {}): Promise<T> {
    const { signal } = options;
    if (this.#isClosed) return Promise.reject(abortError("the pool is closed"));
    if (signal?.aborted === true) {
      this.#counts.aborted++;
      return Promise.reject(reasonOf(signal));
    }
    if (this.#isBreakerOpen()) {
      this.#counts.crashed++;
      return Promise.reject(this.#givenUp());
    }
    if (this.#queued >= this.#maxQueue) return Promise.reject(new QueueFullError(this.#maxQueue));
    return new Promise<T>((resolve, reject) => {
      this.#enqueue(task, options, resolve as (value: unknown) => void, reject);
      this.#dispatch();
    });
  }

  stats(): PoolStats {
    return {
      size: this.size,
      alive: this.#slots.filter((slot) => slot.handle !== undefined).length,
      running: this.#running,
      queued: this.#queued,
      ...this.#counts,
      restarts: this.#restarts,
      breaker: this.#isBreakerOpen() ? "open" : "closed",
      isInline: this.#isInline,
      runMs: this.#runMs.summary(),
      waitMs: this.#waitMs.summary(),
    };
  }

  /** Ends one worker as a crash would; the task on it is rejected. For tests of that. */
  kill(index: number): void {
    void this.#slots[index]?.handle?.terminate();
  }

  /** Rejects what waits and runs, ends all workers, and resolves when they are gone. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const job of [...this.#jobs]) job.settle("aborted", abortError("the pool was closed"));
    for (const slot of this.#slots) this.#end(slot, new Error("the pool was closed"));
    this.#room?.resolve();
    await Promise.all(this.#ending);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #enqueue(
    task: PoolTask<Api, unknown>,
    options: PoolTaskOptions,
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
  ): void {
    const { signal, timeoutMs = this.#options.timeoutMs } = options;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onAbort = (): void => job.settle("aborted", reasonOf(signal as AbortSignal));
    const job: Job<Api> = {
      task,
      options,
      controller: new AbortController(),
      queuedAt: performance.now(),
      isSettled: false,
      slot: undefined,
      onGivenUp: undefined,
      settle: (outcome, value) => {
        if (job.isSettled) return;
        job.isSettled = true;
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        this.#counts[outcome]++;
        this.#jobs.delete(job);
        if (job.slot === undefined) this.#leaveQueue();
        if (outcome === "done") resolve(value);
        else reject(value);
        if (outcome === "aborted" || outcome === "timedOut") {
          job.controller.abort(value);
          job.onGivenUp?.();
        }
        if (this.#jobs.size === 0) {
          this.#idle?.resolve();
          this.#idle = undefined;
        }
      },
    };
    this.#jobs.add(job);
    this.#queued++;
    signal?.addEventListener("abort", onAbort, { once: true });
    if (timeoutMs !== undefined) {
      timer = setTimeout(() => job.settle("timedOut", timeoutError(timeoutMs)), timeoutMs);
    }
    this.#queueOf(job).push(job);
  }

  #queueOf(job: Job<Api>): Fifo<Job<Api>> {
    const key = job.options.sticky;
    if (key === undefined) return this.#shared;
    let slot = this.#sticky.get(key);
    this.#sticky.delete(key);
    if (slot === undefined || slot.isDisabled) {
      slot = this.#slots
        .filter((candidate) => !candidate.isDisabled)
        .reduce((best, other) => (load(other) < load(best) ? other : best));
    }
    this.#sticky.set(key, slot);
    if (this.#sticky.size > MAX_STICKY_KEYS) {
      const [oldest] = this.#sticky.keys();
      if (oldest !== undefined) this.#sticky.delete(oldest);
    }
    return slot.own;
  }

  #dispatch(): void {
    if (this.#isClosed) return;
    const perWorker = this.#options.tasksPerWorker ?? 1;
    for (let load = 0; load < perWorker; load++) {
      // A worker that runs already is preferred to one that would have to start.
      for (const mustBeStarted of [true, false]) {
        for (const slot of this.#slots) {
          if (slot.isDisabled || slot.running !== load) continue;
          if ((slot.handle !== undefined) !== mustBeStarted) continue;
          const job = next(slot.own) ?? next(this.#shared);
          if (job !== undefined) void this.#runOn(slot, job);
        }
      }
    }
  }

  async #runOn(slot: Slot<Api>, job: Job<Api>): Promise<void> {
    slot.running++;
    const handle = await this.#startedHandle(slot);
    if (handle === undefined || job.isSettled || this.#isClosed) {
      slot.running--;
      if (this.#isClosed) job.settle("aborted", abortError("the pool was closed"));
      else if (handle === undefined && !job.isSettled) this.#requeue(slot, job);
      this.#dispatch();
      return;
    }
    job.slot = slot;
    this.#leaveQueue();
    this.#running++;
    const startedAt = performance.now();
    this.#waitMs.add(startedAt - job.queuedAt);
    handle.setBusy?.(true);
    const end = await this.#outcome(handle, job, slot);
    this.#runMs.add(performance.now() - startedAt);
    this.#running--;
    slot.running--;
    handle.setBusy?.(slot.running > 0);
    if (end.kind === "value") {
      this.#crashesInARow = 0;
      job.settle("done", end.value);
    } else if (end.kind === "error") {
      this.#crashesInARow = 0;
      job.settle("failed", end.error);
    } else {
      if (slot.handle === handle) this.#end(slot, new Error("another task on it did not stop"));
      if (end.kind === "died" && !job.isSettled) {
        const { cause } = end;
        job.settle(
          "crashed",
          new WorkerCrashedError(`the worker that ran the task died${because(cause)}`, { cause }),
        );
      }
    }
    this.#dispatch();
  }

  /** What became of a task, told apart: its own end, its worker's, or that it did not stop when told to. */
  #outcome(
    handle: WorkerHandle<Api>,
    job: Job<Api>,
    slot: Slot<Api>,
  ): Promise<
    | { readonly kind: "value"; readonly value: unknown }
    | { readonly kind: "error"; readonly error: unknown }
    | { readonly kind: "died"; readonly cause: unknown }
    | { readonly kind: "stuck" }
  > {
    return new Promise((resolve) => {
      let grace: ReturnType<typeof setTimeout> | undefined;
      const end = (outcome: Parameters<typeof resolve>[0]): void => {
        clearTimeout(grace);
        job.onGivenUp = undefined;
        slot.onDeath.delete(onDeath);
        resolve(outcome);
      };
      job.onGivenUp = () => {
        const graceMs = this.#isClosed ? 0 : (job.options.graceMs ?? this.#options.graceMs ?? 1_000);
        if (graceMs <= 0) end({ kind: "stuck" });
        else grace = setTimeout(() => end({ kind: "stuck" }), graceMs);
      };
      const onDeath = (cause: unknown): void => end({ kind: "died", cause });
      slot.onDeath.add(onDeath);
      if (slot.handle !== handle) end({ kind: "died", cause: this.#lastCause });
      const context = {
        signal: job.controller.signal,
        worker: slot.index,
        isInline: handle.isInline === true,
      };
      Promise.resolve()
        .then(() => job.task(handle.api, context))
        .then(
          (value) => end({ kind: "value", value }),
          (error: unknown) => end({ kind: "error", error }),
        );
    });
  }

  /** The slot's worker, started if there is none; undefined when it cannot be. */
  #startedHandle(slot: Slot<Api>): Promise<WorkerHandle<Api> | undefined> {
    slot.starting ??= this.#start(slot);
    return slot.starting;
  }

  async #start(slot: Slot<Api>): Promise<WorkerHandle<Api> | undefined> {
    let handle: WorkerHandle<Api>;
    try {
      if (slot.hasStarted) this.#restarts++;
      slot.hasStarted = true;
      const { fallback, start } = this.#options;
      handle = this.#isInline && fallback !== undefined ? fallback() : start();
      slot.handle = handle;
      handle.setBusy?.(true);
      const death = handle.died.then((cause) => {
        throw new WorkerCrashedError("the worker died while it started", { cause });
      });
      death.catch(() => {});
      await Promise.race([handle.ready, death]);
    } catch (error) {
      // The caller has the promise of this very start by then.
      await Promise.resolve();
      this.#end(slot, error);
      this.#startFailed(slot, error);
      return undefined;
    }
    slot.failedStarts = 0;
    void handle.died.then((cause) => {
      if (slot.handle !== handle) return;
      this.#end(slot, cause);
      if (!this.#isClosed) this.#countCrash(cause);
    });
    return handle;
  }

  #startFailed(slot: Slot<Api>, error: unknown): void {
    if (this.#isClosed) return;
    this.#lastCause = error;
    slot.failedStarts++;
    if (slot.failedStarts < (this.#options.maxFailedStarts ?? MAX_FAILED_STARTS)) return;
    const others = this.#slots.some((other) => other !== slot && !other.isDisabled);
    if (others) {
      slot.isDisabled = true;
      // What waits for this very worker waits for any from now on.
      for (let waiting = slot.own.shift(); waiting !== undefined; waiting = slot.own.shift()) {
        this.#shared.push(waiting);
      }
      return;
    }
    slot.failedStarts = 0;
    if (this.#options.fallback !== undefined && !this.#isInline) this.#isInline = true;
    else this.#openBreaker(new WorkerCrashedError("no worker can be started", { cause: error }));
  }

  #requeue(slot: Slot<Api>, job: Job<Api>): void {
    const isOwn = job.options.sticky !== undefined && !slot.isDisabled;
    (isOwn ? slot.own : this.#shared).unshift(job);
  }

  #countCrash(cause: unknown): void {
    this.#lastCause = cause;
    if (++this.#crashesInARow >= this.#maxCrashes) this.#openBreaker(this.#givenUp());
  }

  #openBreaker(error: WorkerCrashedError): void {
    this.#openUntil = performance.now() + (this.#options.breakerCoolDownMs ?? 30_000);
    // The next crash after the pause opens it again.
    this.#crashesInARow = this.#maxCrashes - 1;
    this.#lastCause = error.cause;
    for (const job of [...this.#jobs]) if (job.slot === undefined) job.settle("crashed", error);
  }

  #isBreakerOpen(): boolean {
    return performance.now() < this.#openUntil;
  }

  #givenUp(): WorkerCrashedError {
    return new WorkerCrashedError(
      `the pool takes no tasks for the moment: ${this.#maxCrashes} workers in a row have died without a task done`,
      { cause: this.#lastCause },
    );
  }

  #leaveQueue(): void {
    this.#queued--;
    if (this.#queued < this.#maxQueue) {
      this.#room?.resolve();
      this.#room = undefined;
    }
  }

  #end(slot: Slot<Api>, cause: unknown): void {
    const { handle } = slot;
    slot.handle = undefined;
    slot.starting = undefined;
    for (const tell of [...slot.onDeath]) tell(cause);
    if (handle === undefined) return;
    const ended = Promise.resolve(handle.terminate()).catch(() => {});
    this.#ending.add(ended);
    void ended.then(() => this.#ending.delete(ended));
  }
}

function newSlot<Api>(index: number): Slot<Api> {
  return {
    index,
    own: new Fifo(),
    handle: undefined,
    starting: undefined,
    running: 0,
    failedStarts: 0,
    isDisabled: false,
    hasStarted: false,
    onDeath: new Set(),
  };
}

function load<Api>(slot: Slot<Api>): number {
  return slot.own.length + slot.running + (slot.handle === undefined ? 0.5 : 0);
}

/** The next task that nobody has cancelled. */
function next<Api>(queue: Fifo<Job<Api>>): Job<Api> | undefined {
  for (let job = queue.shift(); job !== undefined; job = queue.shift()) if (!job.isSettled) return job;
  return undefined;
}

function because(cause: unknown): string {
  return cause instanceof Error ? `: ${cause.message}` : "";
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
