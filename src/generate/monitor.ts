import { LatencyHistogram, type LatencySummary } from "../pool/latency-histogram.ts";
import type { BatchWritten, StageTimes } from "./generate-worker-api.ts";

/** The stage that takes most of the writers' time. `delay` is the sink's asked-for slowness, `pace` waiting between batches. */
export type Stage = keyof StageTimes | "pace";

export interface MonitorSnapshot {
  readonly elapsedMs: number;
  readonly rows: number;
  readonly batches: number;
  readonly bytes: number;
  /** Batches that failed for good; they are not in the table. */
  readonly errors: number;
  /** Attempts that failed and were made again. */
  readonly retries: number;
  readonly crashes: number;
  /** Rows in a second: of the last seconds, and since the start. */
  readonly rateNow: number;
  readonly rateAverage: number;
  readonly workers: readonly { readonly rows: number; readonly batches: number; readonly rate: number }[];
  /** From the start of a batch until its commit stands. */
  readonly latencyMs: LatencySummary;
  readonly stagesMs: Readonly<Record<Stage, number>>;
  readonly limitingStage: Stage | undefined;
  /** The table's newest version that a batch of this run made. */
  readonly version: number | undefined;
}

/** What "now" means for a rate. */
const WINDOW_MS = 2_000;
const SLOT_MS = 100;

/** Counts what stands in the table: a batch counts when its commit has been acknowledged, and never before. */
export class Monitor {
  readonly #now: () => number;
  readonly #latency = new LatencyHistogram();
  readonly #stages: Record<Stage, number> = {
    generation: 0,
    engine: 0,
    storage: 0,
    lock: 0,
    delay: 0,
    pace: 0,
  };
  readonly #workers: { rows: number; batches: number }[] = [];
  readonly #recent: { slot: number; rows: number }[] = [];
  #startedAt: number;
  #endedAt: number | undefined;
  #rows = 0;
  #batches = 0;
  #bytes = 0;
  #errors = 0;
  #retries = 0;
  #crashes = 0;
  #version: number | undefined;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#startedAt = now();
  }

  get rows(): number {
    return this.#rows;
  }

  start(): void {
    this.#startedAt = this.#now();
  }

  end(): void {
    this.#endedAt ??= this.#now();
  }

  written(writer: number, batch: Pick<BatchWritten, "rowCount"> & Partial<BatchWritten>): void {
    this.#rows += batch.rowCount;
    this.#batches++;
    const worker = (this.#workers[writer] ??= { rows: 0, batches: 0 });
    worker.rows += batch.rowCount;
    worker.batches++;
    this.#bytes += batch.sizeBytes ?? 0;
    if (batch.latencyMs !== undefined) this.#latency.add(batch.latencyMs);
    for (const [stage, ms] of Object.entries(batch.stages ?? {}))
      this.#stages[stage as Stage] += ms as number;
    if (batch.version !== undefined) this.#version = Math.max(this.#version ?? 0, batch.version);
    const slot = Math.floor(this.#now() / SLOT_MS);
    const last = this.#recent[this.#recent.length - 1];
    if (last?.slot === slot) last.rows += batch.rowCount;
    else this.#recent.push({ slot, rows: batch.rowCount });
    while ((this.#recent[0]?.slot ?? slot) < slot - WINDOW_MS / SLOT_MS) this.#recent.shift();
  }

  paced(ms: number): void {
    this.#stages.pace += ms;
  }
  failed(): void {
    this.#errors++;
  }
  retried(): void {
    this.#retries++;
  }
  crashed(): void {
    this.#crashes++;
  }

  snapshot(): MonitorSnapshot {
    const now = this.#endedAt ?? this.#now();
    const elapsedMs = Math.max(0, now - this.#startedAt);
    const perSecond = (rows: number, ms: number): number => (ms <= 0 ? 0 : (rows / ms) * 1_000);
    const slot = Math.floor(now / SLOT_MS);
    const inWindow = this.#recent.filter((part) => part.slot > slot - WINDOW_MS / SLOT_MS);
    const recent = inWindow.reduce((sum, part) => sum + part.rows, 0);
    const stages = Object.entries(this.#stages) as [Stage, number][];
    const most = stages.reduce((a, b) => (b[1] > a[1] ? b : a));
    return {
      elapsedMs,
      rows: this.#rows,
      batches: this.#batches,
      bytes: this.#bytes,
      errors: this.#errors,
      retries: this.#retries,
      crashes: this.#crashes,
      rateNow: perSecond(recent, Math.min(WINDOW_MS, elapsedMs)),
      rateAverage: perSecond(this.#rows, elapsedMs),
      workers: Array.from(this.#workers, (worker) => {
        const { rows, batches } = worker ?? { rows: 0, batches: 0 };
        return { rows, batches, rate: perSecond(rows, elapsedMs) };
      }),
      latencyMs: this.#latency.summary(),
      stagesMs: { ...this.#stages },
      limitingStage: most[1] > 0 ? most[0] : undefined,
      version: this.#version,
    };
  }
}
