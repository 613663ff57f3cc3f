import type {
  EngineApi,
  EngineFailure,
  EngineOptions,
  EngineResult,
  EngineTask,
  FileSchema,
  TaskEvent,
} from "../engine/engine-api.ts";
import { LakeletError } from "../errors/lakelet-error.ts";
import { deserializeSparkError } from "../errors/spark-error.ts";

/** An engine that runs somewhere: a worker, or this realm. */
export interface EngineHandle {
  readonly api: EngineApi;
  /** Resolves when the engine is gone, for whatever reason. */
  readonly died: Promise<void>;
  /** Ends it at once. */
  terminate(): void;
}

export interface EnginePoolOptions {
  readonly size: number;
  readonly start: () => EngineHandle;
  readonly engine: EngineOptions | (() => Promise<EngineOptions>);
}

interface Slot {
  readonly index: number;
  handle: EngineHandle | undefined;
  ready: Promise<EngineHandle> | undefined;
  busy: boolean;
  /** Starts in a row that ended before a task was done: stops endless restarts. */
  failures: number;
}

interface Waiting {
  readonly resolve: (slot: Slot) => void;
  readonly signal: AbortSignal | undefined;
}

const MAX_FAILED_STARTS = 3;
/** How long a cancelled task may take to stop before its engine is ended. */
const CANCEL_GRACE_MS = 1_000;

/**
 * The engines of a driver. A task goes to the first idle engine in order, so that small queries meet a warm one.
 * An engine that dies is replaced and its task is run once more, on a fresh one, if it did not come back with an answer.
 */
export class EnginePool {
  readonly #options: EnginePoolOptions;
  readonly #slots: Slot[];
  readonly #waiting: Waiting[] = [];
  #closed = false;

  constructor(options: EnginePoolOptions) {
    this.#options = options;
    this.#slots = Array.from({ length: Math.max(1, options.size) }, (_, index) => ({
      index,
      handle: undefined,
      ready: undefined,
      busy: false,
      failures: 0,
    }));
  }

  get size(): number {
    return this.#slots.length;
  }

  /** Starts the first engine ahead of need. Errors show at the first task. */
  warmUp(): void {
    const first = this.#slots[0];
    if (first !== undefined && !this.#closed) this.#start(first).catch(() => {});
  }

  async run(
    task: EngineTask,
    options: { readonly signal?: AbortSignal; readonly onEvent?: (event: TaskEvent) => void } = {},
  ): Promise<EngineResult> {
    return this.#withEngine(options.signal, async (api, handle) => {
      let deadline: ReturnType<typeof setTimeout> | undefined;
      const cancel = () => {
        api.cancel(task.id).catch(() => {});
        // DuckDB looks up between pieces of work; one that is too long for that ends with its engine.
        deadline = setTimeout(() => handle.terminate(), CANCEL_GRACE_MS);
      };
      options.signal?.addEventListener("abort", cancel);
      try {
        return await api.run(task, options.onEvent);
      } finally {
        clearTimeout(deadline);
        options.signal?.removeEventListener("abort", cancel);
      }
    });
  }

  inferSchema(request: Parameters<EngineApi["inferSchema"]>[0], signal?: AbortSignal): Promise<FileSchema> {
    return this.#withEngine(signal, (api) => api.inferSchema(request));
  }

  async stats(): Promise<
    readonly { readonly cachedBytes: number; readonly wasmBytes: number; readonly tasks: number }[]
  > {
    const alive = this.#slots.flatMap((slot) => (slot.handle === undefined ? [] : [slot.handle]));
    return Promise.all(alive.map((handle) => handle.api.stats()));
  }

  /** Ends one engine as a crash would: its task is tried again on a new one. For tests of that. */
  kill(index: number): void {
    this.#slots[index]?.handle?.terminate();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#waiting.splice(0)) waiting.resolve(this.#slots[0] as Slot);
    for (const slot of this.#slots) {
      slot.handle?.terminate();
      slot.handle = undefined;
      slot.ready = undefined;
    }
  }

  async #withEngine<T>(
    signal: AbortSignal | undefined,
    use: (api: EngineApi, handle: EngineHandle) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      const slot = await this.#acquire(signal);
      try {
        const handle = await this.#start(slot);
        const answer = await settleOrDie(handle, () => use(handle.api, handle));
        slot.failures = 0;
        return answer;
      } catch (error) {
        if (this.#closed) throw new LakeletError("aborted", "the engines have been stopped");
        if (!(error instanceof EngineDied)) throw toError(error);
        if (signal?.aborted === true) throw cancelled();
        slot.failures++;
        if (attempt >= 1 || slot.failures >= MAX_FAILED_STARTS) {
          throw new LakeletError(
            "crashed",
            `an engine stopped ${attempt + 1} times while it worked on this query (most often: not enough memory); ` +
              "select fewer columns or rows, or restart the session",
            { retryable: true, cause: error.cause },
          );
        }
      } finally {
        this.#release(slot);
      }
    }
  }

  #acquire(signal: AbortSignal | undefined): Promise<Slot> {
    if (this.#closed) return Promise.reject(new LakeletError("aborted", "the engines have been stopped"));
    if (signal?.aborted === true) return Promise.reject(cancelled());
    // An engine that already runs is preferred: it has DuckDB loaded and perhaps the data.
    const idle =
      this.#slots.find((slot) => !slot.busy && slot.ready !== undefined) ??
      this.#slots.find((slot) => !slot.busy);
    if (idle !== undefined) {
      idle.busy = true;
      return Promise.resolve(idle);
    }
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { resolve, signal };
      this.#waiting.push(waiting);
      signal?.addEventListener(
        "abort",
        () => {
          const at = this.#waiting.indexOf(waiting);
          if (at >= 0) this.#waiting.splice(at, 1);
          reject(cancelled());
        },
        { once: true },
      );
    });
  }

  #release(slot: Slot): void {
    const next = this.#waiting.shift();
    if (next === undefined) slot.busy = false;
    else next.resolve(slot);
  }

  #start(slot: Slot): Promise<EngineHandle> {
    if (slot.ready !== undefined) return slot.ready;
    const handle = this.#options.start();
    slot.handle = handle;
    const gone = () => {
      if (slot.handle === handle) {
        slot.handle = undefined;
        slot.ready = undefined;
      }
    };
    void handle.died.then(gone);
    slot.ready = (async () => {
      const options =
        typeof this.#options.engine === "function" ? await this.#options.engine() : this.#options.engine;
      await settleOrDie(handle, () => handle.api.open(options));
      return handle;
    })();
    slot.ready.catch(() => {
      gone();
      handle.terminate();
    });
    return slot.ready;
  }
}

class EngineDied extends Error {}

function settleOrDie<T>(handle: EngineHandle, call: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    void handle.died.then(() => reject(new EngineDied("the engine worker ended")));
    call().then(resolve, reject);
  });
}

function cancelled(): Error {
  return new DOMException("the operation was cancelled", "AbortError");
}

/** Turns what an engine rejects with into the exception that the user sees. */
function toError(error: unknown): unknown {
  const failure = (error as { failure?: EngineFailure } | undefined)?.failure;
  if (failure === undefined) return error;
  switch (failure.kind) {
    case "spark":
      return deserializeSparkError(failure.error);
    case "cancelled":
      return cancelled();
    case "memory":
      return new LakeletError("memory", failure.message, { cause: error });
    case "quota":
      return new LakeletError("quota", failure.message, { cause: error, retryable: true });
    case "corrupt":
      return new LakeletError("corrupt", failure.message, { cause: error });
    case "missing":
    case "internal":
      return new LakeletError("internal", failure.message, { cause: error });
  }
}
