import type { Storage } from "../storage/storage.ts";
import { type DuckdbConnection, DuckdbHost, type LoadKernels } from "./duckdb/host.ts";
import type {
  EngineApi,
  EngineOptions,
  EngineResult,
  EngineTask,
  FileSchema,
  ScanInput,
  TaskEvent,
} from "./engine-api.ts";
import { EngineError, toEngineError } from "./failure.ts";
import type { EnginePlatform, FileTarget } from "./platform.ts";
import { ColumnCache } from "./scan/column-cache.ts";
import { TaskContext } from "./scan/context.ts";
import { inferSchema } from "./scan/infer-schema.ts";
import { fileOpener } from "./scan/open-file.ts";
import type { Lease } from "./scan/piece.ts";
import { scanArrow } from "./scan/scan-arrow.ts";
import { ParquetScanner } from "./scan/scan-parquet.ts";
import { RecordScanner } from "./scan/scan-records.ts";
import type { FilePiece } from "./scan/scan-view.ts";
import { sinkArrow } from "./sink/arrow-sink.ts";
import { fileFormat } from "./sink/file-format.ts";
import { type FilesSink, orderedForPartitions, sinkFiles } from "./sink/files-sink.ts";

/** Loaded columns may take this part of DuckDB's memory; the rest is for queries. */
const CACHE_SHARE = 0.5;

/** One engine: a DuckDB instance with its cache of loaded columns. Serves `EngineApi`, in a worker or in this realm. */
export class Engine implements EngineApi {
  readonly #platform: EnginePlatform;
  readonly #loadKernels: LoadKernels | undefined;
  readonly #tasks = new Map<string, TaskContext>();
  #opened: Promise<OpenEngine> | undefined;

  constructor(platform: EnginePlatform, options: { readonly loadKernels?: LoadKernels } = {}) {
    this.#platform = platform;
    this.#loadKernels = options.loadKernels;
  }

  async open(options: EngineOptions): Promise<{ readonly duckdbVersion: string }> {
    if (this.#opened !== undefined) {
      throw new EngineError({ kind: "internal", message: "the engine is open already" });
    }
    this.#opened = this.#start(options);
    try {
      const { host } = await this.#opened;
      return { duckdbVersion: host.version };
    } catch (error) {
      this.#opened = undefined;
      throw toEngineError(error);
    }
  }

  async #start(options: EngineOptions): Promise<OpenEngine> {
    const platform = this.#platform;
    const { memoryLimitBytes, storage: descriptor } = options;
    const [host, storage] = await Promise.all([
      DuckdbHost.create(platform.loadDuckdb, {
        memoryLimitBytes,
        ...(this.#loadKernels === undefined ? {} : { loadKernels: this.#loadKernels }),
      }),
      descriptor === undefined ? undefined : platform.openStorage(descriptor),
    ]);
    const cache = new ColumnCache(host, memoryLimitBytes * CACHE_SHARE);
    const opener = fileOpener(() => storage, platform.openDisk);
    let parquet: ReturnType<EnginePlatform["loadParquet"]> | undefined;
    let parquetBytes = (): number => 0;
    const loadParquet = () => {
      parquet ??= platform.loadParquet().then((wasm) => {
        parquetBytes = () => (wasm.wasmMemory() as unknown as WebAssembly.Memory).buffer.byteLength;
        return wasm;
      });
      return parquet;
    };
    const scanner = new ParquetScanner(host, cache, opener, loadParquet);
    const records = new RecordScanner(host, cache, opener);
    return {
      host,
      storage,
      cache,
      loadParquet,
      parquet: scanner,
      records,
      parquetBytes: () => parquetBytes(),
    };
  }

  async run(task: EngineTask, onEvent?: (event: TaskEvent) => void): Promise<EngineResult> {
    const context = new TaskContext(onEvent);
    if (this.#tasks.has(task.id)) {
      throw new EngineError({ kind: "internal", message: `a task ${task.id} is running already` });
    }
    this.#tasks.set(task.id, context);
    try {
      return await this.#run(await this.#engine(), task, context);
    } catch (error) {
      throw toEngineError(error);
    } finally {
      this.#tasks.delete(task.id);
    }
  }

  async #run(engine: OpenEngine, task: EngineTask, context: TaskContext): Promise<EngineResult> {
    const { host } = engine;
    const started = performance.now();
    const connection = host.connect();
    const leases: Lease<FilePiece>[] = [];
    try {
      for (const input of task.inputs) leases.push(await this.#scan(engine, input, connection, context));
      const loaded = performance.now();
      await host.useKernels(task.kernels);
      const options = {
        cancellation: context,
        ...(context.listening
          ? { onProgress: (fraction: number) => context.progress("query", fraction) }
          : {}),
      };
      for (const statement of task.setup ?? []) await host.run(connection, statement, options);
      const timer = new SinkTimer();
      const metrics = () => ({
        loadMs: loaded - started,
        queryMs: performance.now() - loaded - timer.sinkMs,
        sinkMs: timer.sinkMs,
        bytesRead: context.bytesRead,
        filesRead: context.filesRead,
      });
      const { sink } = task;
      if (sink.kind === "arrow") {
        const messages = timer.time(host.query(connection, task.sql, options));
        const { chunks, rowCount } = await sinkArrow(messages, sink, context);
        return { kind: "arrow", chunks, rowCount, metrics: metrics() };
      }
      const messages = timer.time(host.query(connection, orderedForPartitions(task.sql, sink), options));
      const target = await this.#target(engine, sink);
      const format = await fileFormat(sink, engine.loadParquet);
      const { files, rowCount } = await sinkFiles(messages, sink, target, format, context);
      return { kind: "files", files, rowCount, metrics: metrics() };
    } finally {
      // An engine that broke has no more to clean up; cleaning must not hide what went wrong before.
      if (!host.broken) {
        for (const statement of task.cleanup ?? []) {
          await host.run(connection, statement).catch(() => {});
        }
        connection.close();
        for (const lease of leases) lease.release();
      }
    }
  }

  /** Where files are written: the engine's storage, or a folder on disk. */
  async #target(engine: OpenEngine, sink: FilesSink): Promise<FileTarget> {
    if (sink.target === "disk") {
      const folder = await this.#platform.openFolder?.(sink.directory);
      if (folder !== undefined) return folder;
      throw new EngineError({ kind: "internal", message: "this engine cannot write to the machine's disk" });
    }
    if (engine.storage === undefined) {
      throw new EngineError({ kind: "internal", message: "the engine has no storage to write to" });
    }
    return engine.storage;
  }

  #scan(
    engine: OpenEngine,
    input: ScanInput,
    connection: DuckdbConnection,
    context: TaskContext,
  ): Promise<Lease<FilePiece>> {
    switch (input.kind) {
      case "arrow":
        return scanArrow(engine.host, engine.cache, input, connection, context);
      case "parquet":
        return engine.parquet.scan(input, connection, context);
      default:
        return engine.records.scan(input, connection, context);
    }
  }

  async inferSchema(request: Parameters<EngineApi["inferSchema"]>[0]): Promise<FileSchema> {
    try {
      return await inferSchema(await this.#engine(), request, new TaskContext());
    } catch (error) {
      throw toEngineError(error);
    }
  }

  /** Whether DuckDB failed in a way that only a new engine cures. */
  async broken(): Promise<boolean> {
    const engine = await this.#opened?.catch(() => undefined);
    return engine?.host.broken === true;
  }

  async cancel(taskId: string): Promise<void> {
    this.#tasks.get(taskId)?.cancel();
  }

  async trim(maxBytes: number): Promise<void> {
    const { cache } = await this.#engine();
    cache.trim(maxBytes);
  }

  async stats(): Promise<{
    readonly cachedBytes: number;
    readonly wasmBytes: number;
    readonly tasks: number;
  }> {
    const { cache, host, parquetBytes } = await this.#engine();
    return { cachedBytes: cache.bytes, wasmBytes: host.wasmBytes + parquetBytes(), tasks: this.#tasks.size };
  }

  async close(): Promise<void> {
    for (const context of this.#tasks.values()) context.cancel();
    const engine = await this.#opened?.catch(() => undefined);
    this.#opened = undefined;
    engine?.host.close();
    await engine?.storage?.close();
  }

  async #engine(): Promise<OpenEngine> {
    if (this.#opened === undefined)
      throw new EngineError({ kind: "internal", message: "the engine is not open" });
    return this.#opened;
  }
}

/** Tells the time that a sink takes from the time that its source takes. */
class SinkTimer {
  sinkMs = 0;

  async *time<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
    for await (const item of source) {
      const handed = performance.now();
      yield item;
      this.sinkMs += performance.now() - handed;
    }
  }
}

interface OpenEngine {
  readonly host: DuckdbHost;
  readonly storage: Storage | undefined;
  readonly cache: ColumnCache;
  readonly loadParquet: EnginePlatform["loadParquet"];
  readonly parquet: ParquetScanner;
  readonly records: RecordScanner;
  /** Memory of the Parquet codec. */
  readonly parquetBytes: () => number;
}
