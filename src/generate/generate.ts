import { LakeletError } from "../errors/lakelet-error.ts";
import { AbortFan } from "../pool/abort-fan.ts";
import { unpackError } from "../pool/error-crossing.ts";
import { WorkerCrashedError } from "../pool/pool-errors.ts";
import { WorkerPool } from "../pool/worker-pool.ts";
import { coreCount } from "../pool/worker-starter.ts";
import type { Storage, StorageDescriptor } from "../storage/storage.ts";
import { randomUuid } from "../types/random-uuid.ts";
import { checkRules, type RecordRules, shopEvents } from "./column-rules.ts";
import type { Answer, BatchTicket, BatchWritten, GenerateWorkerApi, RunSpec } from "./generate-worker-api.ts";
import { inlineWorker, openedWorker, storageOf, valueOf } from "./generate-workers.ts";
import { Monitor, type MonitorSnapshot } from "./monitor.ts";

export interface GenerateOptions {
  /** `table` or `database.table`. It is made when it is missing. */
  readonly table: string;
  /** Where tables are kept: a directory in OPFS, in Node a folder; as `spark.sql.warehouse.dir`. Or a storage. */
  readonly warehouse?: string | Storage;
  /** What rows are made of (default: `shopEvents()`). */
  readonly rules?: RecordRules;
  /** Rows of a batch, and so of a commit (default 1,000). */
  readonly batchSize?: number;
  /** How long a writer waits from one batch to the next (default 0). */
  readonly batchIntervalMs?: number;
  /** Writers, each with one batch under way (default 1; up to 1,000). They share the threads. */
  readonly workers?: number;
  /** Workers of the browser, or threads, which share the writers (default: the cores; 0: this realm). */
  readonly threads?: number;
  /** When to stop: milliseconds, rows, or both; neither: when told to. */
  readonly durationMs?: number;
  readonly rows?: number;
  /** The same seed makes the same rows. Default: a random one, which the summary tells. */
  readonly seed?: number | string;
  readonly reportEveryMs?: number;
  /** Called every `reportEveryMs` (default 1,000). */
  readonly reporter?: (snapshot: MonitorSnapshot) => void;
  /** How long a stop waits for batches under way (default 5,000). */
  readonly stopTimeoutMs?: number;
  /** Times a batch is tried again after an error that may pass, or the death of its worker (default 5). */
  readonly retries?: number;
  /** Batches that may fail for good before the run ends with an error (default 10). */
  readonly maxErrors?: number;
  /** A slow sink, for measurements: waits so long before each commit, at random between the two. */
  readonly sinkDelayMs?: readonly [number, number];
  readonly signal?: AbortSignal;
}

export type GenerateEvent =
  | {
      readonly kind: "started";
      readonly workers: number;
      readonly threads: number;
      readonly seed: number | string;
    }
  | {
      readonly kind: "batch";
      readonly ticket: BatchTicket;
      readonly written: BatchWritten;
      readonly rows: number;
    }
  | { readonly kind: "retry" | "error"; readonly ticket: BatchTicket; readonly error: unknown }
  | { readonly kind: "report"; readonly snapshot: MonitorSnapshot }
  | { readonly kind: "stopping"; readonly inFlight: number }
  | { readonly kind: "stopped"; readonly summary: GenerateSummary };

export interface GenerateSummary extends MonitorSnapshot {
  readonly table: string;
  readonly seed: number | string;
  /** Batches that a stop had to cut off and that did not land. */
  readonly abandoned: number;
  readonly endedBy: "rows" | "duration" | "stop" | "error";
}

/** What may be changed while it runs. */
export interface GenerateSettings {
  readonly workers: number;
  readonly batchSize: number;
  readonly batchIntervalMs: number;
}

const MAX_WORKERS = 1_000;
const RETRY_PAUSE_MS = 50;
/** How long the death of a worker takes to be final: its lock is free and its last write has landed or not. */
const DEATH_MS = 150;

/**
 * Writes generated rows into a Delta table, as many writers at once: each batch is one commit, and counts when its
 * commit stands.
 *
 *     const run = generate({ table: "events", workers: 4, batchSize: 200, durationMs: 10_000, seed: 7 });
 *     run.subscribe((event) => event.kind === "report" && console.log(event.snapshot.rateNow));
 *     const summary = await run.done;
 *     console.log(summary.rows, summary.limitingStage);
 */
export function generate(options: GenerateOptions): GenerateRun {
  return new GenerateRun(options);
}

/** A run of the generator: `stop()` ends it, `done` has its summary. */
export class GenerateRun {
  /** The summary, when all has ended. Rejects when the table cannot be written. */
  readonly done: Promise<GenerateSummary>;
  readonly seed: number | string;
  readonly #options: GenerateOptions;
  readonly #monitor = new Monitor();
  readonly #listeners = new Set<(event: GenerateEvent) => void>();
  readonly #writers = new Map<number, Promise<void>>();
  readonly #unknown: BatchTicket[] = [];
  readonly #stopping = new AbortFan();
  readonly #cutOff = new AbortFan();
  readonly #pool: WorkerPool<GenerateWorkerApi>;
  readonly #threads: number;
  #settings: GenerateSettings;
  #inFlight = 0;
  #nextBatch = 0;
  #nextRow = 0;
  #abandoned = 0;
  #endedBy: GenerateSummary["endedBy"] = "rows";
  #failure: unknown;
  #onStop = (): void => {};

  /** @internal */
  constructor(options: GenerateOptions) {
    this.#options = options;
    this.seed = options.seed ?? Math.floor(Math.random() * 2 ** 32);
    const { workers = 1, batchSize = 1_000, batchIntervalMs = 0, rules = shopEvents() } = options;
    this.#settings = checked({ workers, batchSize, batchIntervalMs });
    checkRules(rules);
    const [table = "", database = "default"] = options.table.split(".").reverse();
    const spec: RunSpec = {
      runId: randomUuid(),
      table: { database, table },
      rules,
      seed: this.seed,
      sinkDelayMs: options.sinkDelayMs,
    };
    const { warehouse = "lakelet-warehouse" } = options;
    this.#threads = options.threads ?? Math.min(workers, coreCount());
    const descriptor = (): StorageDescriptor =>
      typeof warehouse === "string" ? storageOf(warehouse) : warehouse.descriptor();
    if (this.#threads === 0 && typeof warehouse === "string") {
      throw new LakeletError(
        "unavailable",
        "without threads the generator needs a storage, not the name of a warehouse",
      );
    }
    this.#pool = new WorkerPool({
      size: Math.max(1, this.#threads),
      start: () =>
        this.#threads === 0 ? inlineWorker(spec, warehouse as Storage) : openedWorker(spec, descriptor),
      // Writers that wait for the storage leave their thread to others.
      tasksPerWorker: Math.ceil(MAX_WORKERS / Math.max(1, this.#threads)),
      maxCrashes: 50,
      maxFailedStarts: 10,
    });
    this.done = this.#run();
    this.done.catch(() => {});
  }

  get settings(): GenerateSettings {
    return this.#settings;
  }

  snapshot(): MonitorSnapshot {
    return this.#monitor.snapshot();
  }

  /** Changes how it goes on: what the sliders of a page move. */
  set(settings: Partial<GenerateSettings>): void {
    this.#settings = checked({ ...this.#settings, ...settings });
    this.#fillWriters();
  }

  /** Is told of everything that happens; returns how to be told no more. */
  subscribe(listener: (event: GenerateEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What a chart draws: the state every so often, until the end. Leaving the loop does not stop the run. */
  async *snapshots(everyMs = 250): AsyncGenerator<MonitorSnapshot, void, undefined> {
    let isDone = false;
    const end = this.done.then(
      () => {
        isDone = true;
      },
      () => {
        isDone = true;
      },
    );
    while (!isDone) {
      yield this.snapshot();
      let timer: ReturnType<typeof setTimeout> | undefined;
      await Promise.race([
        end,
        new Promise((resolve) => {
          timer = setTimeout(resolve, everyMs);
        }),
      ]);
      clearTimeout(timer);
    }
    yield this.snapshot();
  }

  /** Starts no further batch, waits for those under way, counts them, and gives the summary. */
  stop(): Promise<GenerateSummary> {
    this.#stop("stop");
    return this.done;
  }

  /** Ends one thread as a crash would; its batch is tried again. For tests of that. */
  kill(thread: number): void {
    this.#pool.kill(thread);
  }

  async #run(): Promise<GenerateSummary> {
    const { signal, durationMs, reporter, reportEveryMs = 1_000, stopTimeoutMs = 5_000 } = this.#options;
    const onAbort = (): void => this.#stop("stop");
    let timer: ReturnType<typeof setTimeout> | undefined;
    let report: ReturnType<typeof setInterval> | undefined;
    let cutOff: ReturnType<typeof setTimeout> | undefined;
    this.#onStop = () => {
      this.#tell({ kind: "stopping", inFlight: this.#inFlight });
      cutOff = setTimeout(() => this.#cutOff.abort(), stopTimeoutMs);
    };
    try {
      if (signal?.aborted === true) this.#stop("stop");
      signal?.addEventListener("abort", onAbort, { once: true });
      await this.#prepare();
      this.#monitor.start();
      const { workers } = this.#settings;
      this.#tell({ kind: "started", workers, threads: this.#threads, seed: this.seed });
      if (durationMs !== undefined) timer = setTimeout(() => this.#stop("duration"), durationMs);
      report = setInterval(() => {
        const snapshot = this.snapshot();
        reporter?.(snapshot);
        this.#tell({ kind: "report", snapshot });
      }, reportEveryMs);
      this.#fillWriters();
      while (this.#writers.size > 0) await Promise.race(this.#writers.values());
      await this.#settleUnknown();
      this.#monitor.end();
    } finally {
      signal?.removeEventListener("abort", onAbort);
      clearTimeout(timer);
      clearTimeout(cutOff);
      clearInterval(report);
      await this.#pool.close();
    }
    if (this.#failure !== undefined) throw this.#failure;
    const summary: GenerateSummary = {
      ...this.snapshot(),
      table: this.#options.table,
      seed: this.seed,
      abandoned: this.#abandoned,
      endedBy: this.#endedBy,
    };
    this.#tell({ kind: "stopped", summary });
    return summary;
  }

  #prepare(): Promise<void> {
    return this.#insist((api) => api.prepare());
  }

  /** Asks until a worker lives long enough to answer. What is asked may be asked twice. */
  async #insist<T>(ask: (api: GenerateWorkerApi) => Promise<Answer<T>>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return valueOf(await this.#pool.run(ask));
      } catch (error) {
        if (!(error instanceof WorkerCrashedError) || attempt >= (this.#options.retries ?? 5)) throw error;
      }
    }
  }

  #fillWriters(): void {
    for (let writer = 0; writer < this.#settings.workers; writer++) {
      if (this.#writers.has(writer) || this.#isOver()) continue;
      const loop = this.#write(writer)
        .catch((error: unknown) => {
          this.#failure ??= error;
          this.#stop("error");
        })
        .finally(() => this.#writers.delete(writer));
      this.#writers.set(writer, loop);
    }
  }

  #isOver(): boolean {
    const { rows } = this.#options;
    return this.#stopping.isAborted || (rows !== undefined && this.#nextRow >= rows);
  }

  /** One writer: batch after batch, until it is over or there are to be fewer writers. */
  async #write(writer: number): Promise<void> {
    while (!this.#isOver() && writer < this.#settings.workers) {
      const { batchSize, batchIntervalMs } = this.#settings;
      const left = (this.#options.rows ?? Number.POSITIVE_INFINITY) - this.#nextRow;
      const rowCount = Math.min(batchSize, left);
      const ticket = { writer, batch: this.#nextBatch++, firstRow: this.#nextRow, rowCount };
      this.#nextRow += rowCount;
      const startedAt = performance.now();
      this.#inFlight++;
      try {
        await this.#writeBatch(ticket);
      } finally {
        this.#inFlight--;
      }
      const restMs = batchIntervalMs - (performance.now() - startedAt);
      if (restMs > 0 && !this.#isOver()) {
        await this.#stopping.sleep(restMs);
        this.#monitor.paced(restMs);
      }
    }
  }

  /** Tries until it is known whether the batch is in the table: it is written once, whatever dies on the way. */
  async #writeBatch(ticket: BatchTicket): Promise<void> {
    const { retries = 5, maxErrors = 10 } = this.#options;
    for (let attempt = 0; ; attempt++) {
      let error: unknown;
      let mayPass = false;
      try {
        const answer = await this.#cutOff.withSignal((signal) =>
          this.#pool.run((api) => api.write(ticket), { signal, graceMs: 0 }),
        );
        if (answer.ok) {
          this.#monitor.written(ticket.writer, answer.value);
          this.#tell({ kind: "batch", ticket, written: answer.value, rows: this.#monitor.rows });
          return;
        }
        error = unpackError(answer.error);
        mayPass = answer.retryable;
      } catch (caught) {
        if (this.#cutOff.isAborted) {
          this.#unknown.push(ticket);
          return;
        }
        if (!(caught instanceof WorkerCrashedError)) throw caught;
        error = caught;
        mayPass = true;
        this.#monitor.crashed();
      }
      if (mayPass && attempt < retries && !this.#cutOff.isAborted) {
        this.#monitor.retried();
        this.#tell({ kind: "retry", ticket, error });
        await this.#cutOff.sleep(RETRY_PAUSE_MS * 2 ** attempt);
        continue;
      }
      if (mayPass) {
        // It may have landed all the same.
        this.#unknown.push(ticket);
        if (attempt < retries) return;
      }
      this.#monitor.failed();
      this.#tell({ kind: "error", ticket, error });
      if (this.#monitor.snapshot().errors > maxErrors || !mayPass) throw error;
      return;
    }
  }

  /** Batches whose end nobody told: the table's log knows. */
  async #settleUnknown(): Promise<void> {
    if (this.#unknown.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, DEATH_MS));
    const landed = await this.#insist((api) => api.landed(this.#unknown));
    for (const [i, ticket] of this.#unknown.entries()) {
      if (landed[i] === true) this.#monitor.written(ticket.writer, { rowCount: ticket.rowCount });
      else this.#abandoned++;
    }
  }

  #stop(endedBy: GenerateSummary["endedBy"]): void {
    if (this.#stopping.isAborted) return;
    this.#endedBy = endedBy;
    this.#stopping.abort();
    this.#onStop();
  }

  #tell(event: GenerateEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}

function checked(settings: GenerateSettings): GenerateSettings {
  const { workers, batchSize, batchIntervalMs } = settings;
  if (!Number.isInteger(workers) || workers < 1 || workers > MAX_WORKERS) {
    throw new RangeError(`workers must be a whole number from 1 to ${MAX_WORKERS}, not ${workers}`);
  }
  if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > 10_000_000) {
    throw new RangeError(`batchSize must be a whole number from 1 to 10,000,000, not ${batchSize}`);
  }
  if (!(batchIntervalMs >= 0))
    throw new RangeError(`batchIntervalMs must not be negative, it is ${batchIntervalMs}`);
  return settings;
}
