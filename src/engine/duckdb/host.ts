import type { Kernel } from "../../functions/kernel.ts";
import { loadKernels } from "../../functions/kernels/index.ts";
import { cancelledError, EngineError, failureFromDuckdb, messageOf } from "../failure.ts";
import { sqlName } from "../raise.ts";
import { callChecked, type DuckdbBindings, type DuckdbModule, type LoadDuckdb } from "./bindings.ts";
import { KernelCalls } from "./kernel-call.ts";
import { Pacer } from "./yield.ts";

/** How long DuckDB may keep the thread at once; tasks that it cannot cut take longer. */
const SLICE_MS = 8;

/** Progress is a setting of the connection. */
const WITH_PROGRESS = "SET enable_progress_bar = true; SET progress_bar_time = 0";

/** DuckDB calls back through one global object, whatever the instance; its module tells which one it is. */
const kernelCalls = new Map<DuckdbModule, KernelCalls>();
let reportProgress: ((percentage: number) => void) | undefined;
let nextFunctionId = 1;

/** Says whether the task that a query belongs to was cancelled. */
export interface Cancellation {
  readonly cancelled: boolean;
}

export interface QueryOptions {
  readonly cancellation?: Cancellation;
  /** Called with a fraction between 0 and 1 as far as DuckDB knows it. */
  readonly onProgress?: (fraction: number) => void;
}

/** Finds kernels by their names. */
export type LoadKernels = (names: readonly string[]) => Promise<readonly Kernel[]>;

/** A connection with temporary objects of its own. */
export interface DuckdbConnection {
  readonly id: number;
  close(): void;
}

/** One DuckDB instance in memory. */
export class DuckdbHost {
  readonly #bindings: DuckdbBindings;
  readonly #kernels = new Set<string>();
  readonly #loadKernels: LoadKernels;
  /** Kernels keep a pointer to the connection that registered them, so it lives as long as the host. */
  readonly #home: DuckdbConnection;
  #broken: EngineError | undefined;

  private constructor(bindings: DuckdbBindings, load: LoadKernels) {
    this.#bindings = bindings;
    this.#loadKernels = load;
    this.#home = this.connect();
  }

  static async create(
    load: LoadDuckdb,
    options: { readonly memoryLimitBytes: number; readonly loadKernels?: LoadKernels },
  ): Promise<DuckdbHost> {
    const bindings = await load({
      callScalarUDF(mod, response, id, text, textSize, pointers, pointersSize) {
        kernelCalls.get(mod)?.call(response, id, text, textSize, pointers, pointersSize);
      },
      progressUpdate: (_final, percentage) => reportProgress?.(percentage),
    });
    await bindings.instantiate();
    kernelCalls.set(bindings.mod, new KernelCalls(bindings.mod));
    bindings.open({ path: ":memory:", query: { queryPollingInterval: SLICE_MS } });
    const host = new DuckdbHost(bindings, options.loadKernels ?? loadKernels);
    host.execute("SET autoinstall_known_extensions = false");
    host.execute("SET autoload_known_extensions = false");
    // There is no disk to spill to: without this a query that needs more memory than there is would trap.
    host.execute("SET temp_directory = ''");
    host.execute(`SET memory_limit = '${Math.floor(options.memoryLimitBytes)}B'`);
    host.execute("SET preserve_insertion_order = true");
    return host;
  }

  get version(): string {
    return this.#bindings.getVersion();
  }

  /** Bytes of wasm memory, which grows and never shrinks. */
  get wasmBytes(): number {
    return this.#bindings.mod.HEAPU8.length;
  }

  connect(): DuckdbConnection {
    const bindings = this.#bindings;
    // The bindings wrap the number in an object of their own that we have no use for.
    const id = bindings.mod.ccall("duckdb_web_connect", "number", [], []) as number;
    let open = true;
    return {
      id,
      close: () => {
        if (open) this.#guard(() => bindings.disconnect(id));
        open = false;
      },
    };
  }

  /** Runs a statement to its end without giving way: for what takes a millisecond. */
  execute(sql: string, connection: DuckdbConnection = this.#home): Uint8Array {
    return this.#guard(() => this.#bindings.runQuery(connection.id, sql));
  }

  /**
   * Runs a query in slices and yields the messages of its Arrow stream: the schema, then batches of up to 2,048 rows.
   * Rows are computed as they are fetched, so a large result is never held as a whole.
   */
  async *query(
    connection: DuckdbConnection,
    sql: string,
    { cancellation, onProgress }: QueryOptions = {},
  ): AsyncGenerator<Uint8Array, void, void> {
    const { id } = connection;
    const pacer = new Pacer(SLICE_MS);
    const calls = kernelCalls.get(this.#bindings.mod);
    let kernelError: string | undefined;
    const step = <T>(call: () => T): T => {
      if (cancellation?.cancelled === true) throw cancelledError();
      reportProgress = onProgress === undefined ? undefined : (percentage) => onProgress(percentage / 100);
      if (calls !== undefined) calls.lastError = undefined;
      try {
        return this.#guard(call, () => calls?.lastError ?? kernelError);
      } finally {
        reportProgress = undefined;
        kernelError = calls?.lastError ?? kernelError;
      }
    };
    try {
      if (onProgress !== undefined) this.execute(WITH_PROGRESS, connection);
      let header = step(() => this.#bindings.startPendingQuery(id, sql, true));
      while (header === null) {
        await pacer.yield();
        header = step(() => this.#bindings.pollPendingQuery(id));
      }
      yield header;
      for (;;) {
        if (pacer.due) await pacer.yield();
        const message = step(() => this.#bindings.fetchQueryResults(id));
        if (message === null) continue;
        if (message.length === 0) return;
        yield message;
      }
    } catch (error) {
      if (this.#broken === undefined) this.#bindings.cancelPendingQuery(id);
      throw error;
    }
  }

  /** Runs a statement in slices and drops what it returns. */
  async run(connection: DuckdbConnection, sql: string, options?: QueryOptions): Promise<void> {
    for await (const _ of this.query(connection, sql, options)) {
      // Nothing is done with the rows.
    }
  }

  /**
   * Appends the batches of a whole Arrow stream to a table, or makes it from them. (Given in parts, DuckDB would read from
   * parts that the bindings have freed already: the first values of a column came out as something else.) A
   * connection that was given a stream it does not like would ignore all later ones, so each insert has its own.
   */
  insertArrow(table: string, stream: Uint8Array, create: boolean): void {
    const connection = this.connect();
    try {
      const options = { name: table, schema: "main", create };
      this.#guard(() => this.#bindings.insertArrowFromIPCStream(connection.id, stream, options));
    } finally {
      connection.close();
    }
  }

  /** Makes kernels known to DuckDB as `k_<name>`; those it knows already cost nothing. */
  async useKernels(names: readonly string[]): Promise<void> {
    const unknown = names.filter((name) => !this.#kernels.has(name));
    if (unknown.length === 0) return;
    for (const kernel of await this.#loadKernels(unknown)) {
      if (this.#kernels.has(kernel.name)) continue;
      this.#register(kernel);
      this.#kernels.add(kernel.name);
    }
  }

  #register(kernel: Kernel): void {
    const functionId = nextFunctionId++;
    // DuckDB takes any number of arguments of any type. A macro in front gives them the types the kernel wants, so
    // that a bare NULL or a literal of another width can be passed as it is.
    const direct = kernel.variadic === true;
    const name = direct ? `k_${kernel.name}` : `raw_${kernel.name}`;
    const returns = { int32: "int32", double: "float64", string: "utf8" }[kernel.result];
    const declaration = JSON.stringify({ functionId, name, returnType: { sqlType: returns } });
    const { mod } = this.#bindings;
    kernelCalls.get(mod)?.add(functionId, kernel);
    this.#guard(() => {
      callChecked(mod, "duckdb_web_udf_scalar_create", ["number", "string"], [this.#home.id, declaration]);
    });
    if (direct) return;
    const parameters = kernel.args.map((_, i) => `a${i}`);
    const casts = { string: "VARCHAR", double: "DOUBLE", int32: "INTEGER", boolean: "BOOLEAN" } as const;
    const values = kernel.args.map((type, i) => {
      const value = `CAST(a${i} AS ${casts[type]})`;
      return type === "boolean" ? `CAST(${value} AS INTEGER)` : value;
    });
    const macro = sqlName(`k_${kernel.name}`);
    this.execute(
      `CREATE OR REPLACE MACRO main.${macro}(${parameters.join(", ")}) AS ${sqlName(name)}(${values.join(", ")})`,
    );
  }

  /** An error of DuckDB's is its answer; an error of the wasm machine means that its memory cannot be trusted. */
  #guard<T>(call: () => T, kernelError: () => string | undefined = () => undefined): T {
    if (this.#broken !== undefined) throw this.#broken;
    try {
      return call();
    } catch (error) {
      if (error instanceof EngineError) throw error;
      const message = messageOf(error);
      if (error instanceof WebAssembly.RuntimeError || /^Aborted\(/.test(message)) {
        const kind = /OOM|memory/i.test(message) ? "memory" : "internal";
        this.#broken = new EngineError(
          { kind, message: `DuckDB stopped working and needs a new engine: ${message}` },
          { cause: error },
        );
        throw this.#broken;
      }
      const lost = /^Invalid Error: *$/.test(message) ? kernelError() : undefined;
      throw new EngineError(failureFromDuckdb(lost ?? message), { cause: error });
    }
  }

  /** Whether the instance has failed in a way that only a new one cures. */
  get broken(): boolean {
    return this.#broken !== undefined;
  }

  close(): void {
    if (this.#broken === undefined) this.#home.close();
    kernelCalls.delete(this.#bindings.mod);
  }
}
