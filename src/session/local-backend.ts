import * as Comlink from "comlink";
import type { DriverApi, OperationOptions, Outcome, SessionCalls } from "../driver/driver-api.ts";
import type { DriverStarted, DriverWorkerApi } from "../driver/driver-worker-api.ts";
import { SparkRuntimeException } from "../errors/spark-error.ts";
import { fromWireError } from "../errors/wire-error.ts";
import type { Command } from "../plan/command.ts";
import { type FlatPlan, flattenPlan } from "../plan/flat.ts";
import type { Relation, Sql } from "../plan/relation.ts";
import type { PlanNode } from "../plan/traverse.ts";
import { deathOf } from "../pool/death-of.ts";
import { startWorker } from "../pool/start-worker.ts";
import type { StructType } from "../types/data-type.ts";
import { randomUuid } from "../types/random-uuid.ts";
import type {
  CommandResult,
  ConfBackend,
  ExecuteOptions,
  ExplainMode,
  QueryProgress,
  QueryResult,
  SessionBackend,
  StorageLevel,
} from "./backend.ts";
import type { BackendFactory } from "./session-factory.ts";

/** A driver in another realm, and what is known of its life. */
export interface DriverConnection {
  readonly api: DriverApi;
  /** Resolves when the driver is dead. */
  readonly died: Promise<void>;
  readonly storage?: SessionBackend["storage"];
  /** Called when the last session has stopped. */
  close(): Promise<void>;
}

/** The sessions of one driver share its connection; it ends with the last of them. */
class SharedConnection {
  readonly connection: DriverConnection;
  isDead = false;
  readonly #death: Promise<never>;
  #sessions = 0;
  #isClosed = false;
  #onClose: () => void;

  constructor(connection: DriverConnection, onClose: () => void) {
    this.connection = connection;
    this.#onClose = onClose;
    this.#death = connection.died.then(() => {
      this.isDead = true;
      onClose();
      throw sessionChanged();
    });
    this.#death.catch(() => {});
  }

  /** The outcome of a call, unless the driver dies before. */
  async call<T>(run: (api: DriverApi) => Promise<Outcome<T>>): Promise<T> {
    if (this.isDead) throw sessionChanged();
    const outcome = await Promise.race([run(this.connection.api), this.#death]);
    if (outcome.ok) return outcome.value;
    throw fromWireError(outcome.error);
  }

  /** Takes part, unless the connection has ended. */
  join(): boolean {
    if (this.isDead || this.#isClosed) return false;
    this.#sessions++;
    return true;
  }

  async leave(): Promise<void> {
    this.#sessions--;
    if (this.#sessions > 0 || this.#isClosed) return;
    this.#isClosed = true;
    this.#onClose();
    if (!this.isDead) await this.connection.close();
  }
}

/** A session of a driver in another realm: plans go there flat, results come back as Arrow bytes. */
export class LocalBackend implements SessionBackend {
  readonly sessionId: string;
  readonly conf: ConfBackend;
  readonly #shared: SharedConnection;
  #isStopped = false;

  private constructor(shared: SharedConnection, sessionId: string) {
    this.#shared = shared;
    this.sessionId = sessionId;
    this.conf = {
      get: (key) => this.#call("confGet", [key]),
      set: (key, value) => this.#call("confSet", [key, value]),
      unset: (key) => this.#call("confUnset", [key]),
      getAll: (prefix) => this.#call("confGetAll", [prefix]),
      isModifiable: (key) => this.#call("confIsModifiable", [key]),
    };
  }

  /** Opens a session over a connection that the caller has joined. @internal */
  static async open(
    shared: SharedConnection,
    conf: Readonly<Record<string, string>>,
    cloneOf?: string,
  ): Promise<LocalBackend> {
    const sessionId = randomUuid();
    try {
      await shared.call((api) =>
        api.openSession({ sessionId, conf, ...(cloneOf === undefined ? {} : { cloneOf }) }),
      );
    } catch (error) {
      await shared.leave();
      throw error;
    }
    return new LocalBackend(shared, sessionId);
  }

  /**
   * A further way to a session that is open already, from another realm: its views, settings and tables are the same.
   * Stopping it leaves the session to its owner.
   */
  static attach(connection: DriverConnection, sessionId: string): SessionBackend {
    const shared = new SharedConnection(connection, () => {});
    return new LocalBackend(shared, sessionId);
  }

  get storage(): SessionBackend["storage"] {
    return this.#shared.connection.storage;
  }

  schema(plan: Relation): Promise<StructType> {
    return this.#call("schema", [flat(plan)]);
  }
  explain(plan: Relation, mode: ExplainMode): Promise<string> {
    return this.#call("explain", [flat(plan), mode]);
  }
  inputFiles(plan: Relation): Promise<readonly string[]> {
    return this.#call("inputFiles", [flat(plan)]);
  }
  isLocal(plan: Relation): Promise<boolean> {
    return this.#call("isLocal", [flat(plan)]);
  }
  sameSemantics(a: Relation, b: Relation): Promise<boolean> {
    return this.#call("sameSemantics", [flat(a), flat(b)]);
  }
  semanticHash(plan: Relation): Promise<number> {
    return this.#call("semanticHash", [flat(plan)]);
  }

  execute(plan: Relation, options: ExecuteOptions): Promise<QueryResult> {
    return this.#operation(options, () =>
      this.#call("execute", [flat(plan), operation(options)], options.onProgress),
    );
  }

  async *stream(
    plan: Relation,
    options: ExecuteOptions,
  ): AsyncIterable<{ readonly data: Uint8Array; readonly rowCount: number }> {
    const batches = new BatchChannel();
    const { onProgress } = options;
    const finished = this.#operation(options, () =>
      this.#shared.call((api) =>
        api.stream(
          this.sessionId,
          flat(plan),
          operation(options),
          Comlink.proxy((data: Uint8Array, rowCount: number) => batches.put({ data, rowCount })),
          onProgress === undefined ? undefined : Comlink.proxy(onProgress),
        ),
      ),
    );
    finished.then(
      () => batches.end(),
      (error: unknown) => batches.fail(error),
    );
    try {
      yield* batches;
    } finally {
      batches.leave();
    }
  }

  command(command: Command, options: ExecuteOptions): Promise<CommandResult> {
    return this.#operation(options, () =>
      this.#call(
        "command",
        [flattenPlan(command as unknown as PlanNode), operation(options)],
        options.onProgress,
      ),
    );
  }

  sql(
    query: Sql,
    resultId: string,
    options: ExecuteOptions,
  ): Promise<{ readonly isQuery: boolean; readonly schema: StructType }> {
    return this.#operation(options, () =>
      this.#call("sql", [flat(query), resultId, operation(options)], options.onProgress),
    );
  }

  release(relationId: string): Promise<void> {
    return this.#call("release", [relationId]);
  }
  persist(plan: Relation, storageLevel: StorageLevel): Promise<void> {
    return this.#call("persist", [flat(plan), storageLevel]);
  }
  unpersist(plan: Relation, blocking: boolean): Promise<void> {
    return this.#call("unpersist", [flat(plan), blocking]);
  }
  storageLevel(plan: Relation): Promise<StorageLevel> {
    return this.#call("storageLevel", [flat(plan)]);
  }
  registerFile(content: Blob | FileSystemDirectoryHandle, name: string): Promise<string> {
    return this.#call("registerFile", [content, name]);
  }

  async registerFunction(id: string, call: (args: Uint8Array) => Promise<Uint8Array>): Promise<void> {
    await this.#shared.call(async (api) => {
      await api.registerFunction(this.sessionId, id, Comlink.proxy(call));
      return { ok: true, value: undefined };
    });
  }

  interrupt(
    what: { readonly all: true } | { readonly tag: string } | { readonly operationId: string },
  ): Promise<readonly string[]> {
    return this.#call("interrupt", [what]);
  }

  newSession(options: { readonly conf: Readonly<Record<string, string>> }): Promise<SessionBackend> {
    return this.#sibling(options.conf);
  }

  clone(): Promise<SessionBackend> {
    return this.#sibling({}, this.sessionId);
  }

  async #sibling(conf: Readonly<Record<string, string>>, cloneOf?: string): Promise<SessionBackend> {
    if (!this.#shared.join()) throw sessionChanged();
    return LocalBackend.open(this.#shared, conf, cloneOf);
  }

  version(): Promise<string> {
    return this.#call("version", []);
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    if (!this.#shared.isDead) {
      await this.#shared.call(async (api) => {
        await api.closeSession(this.sessionId);
        return { ok: true, value: undefined };
      });
    }
    await this.#shared.leave();
  }

  #call<M extends keyof SessionCalls>(
    method: M,
    args: Parameters<SessionCalls[M]>,
    onProgress?: (progress: QueryProgress) => void,
  ): Promise<ReturnType<SessionCalls[M]>> {
    if (this.#isStopped) return Promise.reject(sessionClosed(this.sessionId));
    return this.#shared.call((api) =>
      api.call(
        this.sessionId,
        method,
        args,
        onProgress === undefined ? undefined : Comlink.proxy(onProgress),
      ),
    );
  }

  /** Runs an operation that its caller may abort. */
  async #operation<T>({ operationId, signal }: ExecuteOptions, run: () => Promise<T>): Promise<T> {
    if (signal === undefined) return run();
    signal.throwIfAborted();
    const abort = (): void => {
      this.interrupt({ operationId }).catch(() => {});
    };
    signal.addEventListener("abort", abort, { once: true });
    try {
      return await run();
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }
}

type Batch = { readonly data: Uint8Array; readonly rowCount: number };

/** Batches on their way from the driver to a loop; the driver waits until one is taken. */
class BatchChannel implements AsyncIterable<Batch> {
  #batch: { readonly value: Batch; readonly taken: (wantsMore: boolean) => void } | undefined;
  #outcome: { readonly error?: unknown } | undefined;
  #isLeft = false;
  #wake: (() => void) | undefined;

  /** Resolves when the loop has taken the batch: whether it wants more. */
  put(value: Batch): Promise<boolean> {
    if (this.#isLeft) return Promise.resolve(false);
    return new Promise((taken) => {
      this.#batch = { value, taken };
      this.#wake?.();
    });
  }

  end(): void {
    this.#outcome = {};
    this.#wake?.();
  }

  fail(error: unknown): void {
    this.#outcome = { error };
    this.#wake?.();
  }

  leave(): void {
    this.#isLeft = true;
    this.#batch?.taken(false);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch> {
    for (;;) {
      const batch = this.#batch;
      if (batch !== undefined) {
        yield batch.value;
        this.#batch = undefined;
        batch.taken(!this.#isLeft);
      } else if (this.#outcome !== undefined) {
        if ("error" in this.#outcome) throw this.#outcome.error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = undefined;
      }
    }
  }
}

function flat(plan: Relation): FlatPlan {
  return flattenPlan(plan);
}

function operation({ operationId, tags = [] }: ExecuteOptions): OperationOptions {
  return { operationId, tags };
}

function sessionChanged(): SparkRuntimeException {
  return new SparkRuntimeException({
    condition: "INVALID_HANDLE.SESSION_CHANGED",
    messageParameters: { handle: "of the session" },
  });
}

function sessionClosed(sessionId: string): SparkRuntimeException {
  return new SparkRuntimeException({
    condition: "INVALID_HANDLE.SESSION_CLOSED",
    messageParameters: { handle: sessionId },
  });
}

/** The directory in OPFS where tables are kept unless `spark.sql.warehouse.dir` names another. */
const DEFAULT_WAREHOUSE = "lakelet-warehouse";

const drivers = new Map<string, Promise<SharedConnection>>();

/**
 * Sessions over drivers that are started by `start`, one driver for each warehouse that stays; a `memory:` warehouse is
 * the session's own.
 */
export function localBackendFactory(
  start: (warehouse: string, conf: Readonly<Record<string, string>>) => Promise<DriverConnection>,
): BackendFactory {
  return async ({ conf }) => {
    const warehouse = conf["spark.sql.warehouse.dir"] ?? DEFAULT_WAREHOUSE;
    if (warehouse.startsWith("memory:")) {
      const own = new SharedConnection(await start(warehouse, conf), () => {});
      own.join();
      return LocalBackend.open(own, conf);
    }
    for (;;) {
      const shared = await running(warehouse, () => start(warehouse, conf));
      // Its last session may have stopped in the meantime; then another is started.
      if (shared.join()) return LocalBackend.open(shared, conf);
    }
  };
}

/** The driver of a warehouse, started if there is none. */
function running(warehouse: string, start: () => Promise<DriverConnection>): Promise<SharedConnection> {
  const known = drivers.get(warehouse);
  if (known !== undefined) return known;
  const forget = (): void => {
    if (drivers.get(warehouse) === started) drivers.delete(warehouse);
  };
  const started = start().then((connection) => new SharedConnection(connection, forget));
  drivers.set(warehouse, started);
  started.catch(forget);
  return started;
}

/** Starts a driver in a worker of this page. */
export async function startDriverWorker(
  warehouse: string,
  conf: Readonly<Record<string, string>>,
): Promise<DriverConnection> {
  const worker = startWorker(
    (Worker) => new Worker(new URL("../driver/driver-worker.ts", import.meta.url), { type: "module" }),
  );
  const api = Comlink.wrap<DriverWorkerApi>(worker) as unknown as DriverWorkerApi;
  const failed = new Promise<never>((_, reject) => {
    worker.addEventListener(
      "error",
      (event) => reject(new Error(event.message || "the driver worker could not be loaded")),
      {
        once: true,
      },
    );
  });
  const engines = conf["spark.lakelet.engines"];
  const started = await Promise.race([
    api.start({
      warehouse,
      baseUrl: globalThis.location?.href ?? "",
      conf,
      ...(engines === undefined ? {} : { engines: Number(engines) }),
    }),
    failed,
  ]);
  return {
    api,
    died: deathOf(started.lifeLock, failed),
    storage: {
      kind: started.storage,
      ...(started.memoryReason === undefined ? {} : { memoryReason: started.memoryReason }),
    },
    close: async () => {
      await api.shutdown();
      worker.terminate();
    },
  };
}

/** A driver that another realm has started, over a port that leads to it. `told` resolves when its owner says that it died. */
export function connectDriverPort(
  port: MessagePort,
  started: DriverStarted,
  told: Promise<void> = new Promise(() => {}),
): DriverConnection {
  const api = Comlink.wrap<DriverWorkerApi>(port) as unknown as DriverWorkerApi;
  return {
    api,
    died: Promise.race([deathOf(started.lifeLock), told]),
    storage: {
      kind: started.storage,
      ...(started.memoryReason === undefined ? {} : { memoryReason: started.memoryReason }),
    },
    // The driver is the other realm's.
    close: async () => port.close(),
  };
}

/** This realm's own engine: a driver worker and its engines, started when a session needs them. */
export const browserBackend: BackendFactory = localBackendFactory(startDriverWorker);
