/** Buckets grow by this factor, so a percentile is off by 5% at most. */
const GROWTH = 1.05;
const LOG_GROWTH = Math.log(GROWTH);
/** The first bucket ends here; 400 buckets of 5% reach five days. */
const FIRST_MS = 0.001;
const BUCKETS = 400;

export interface LatencySummary {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** Durations in milliseconds in buckets of fixed number: percentiles of any number of them in 3 KB. */
export class LatencyHistogram {
  readonly #counts = new Float64Array(BUCKETS);
  #count = 0;
  #sum = 0;
  #max = 0;

  add(durationMs: number): void {
    const bucket =
      durationMs <= FIRST_MS
        ? 0
        : Math.min(BUCKETS - 1, Math.ceil(Math.log(durationMs / FIRST_MS) / LOG_GROWTH));
    this.#counts[bucket]!++;
    this.#count++;
    this.#sum += durationMs;
    if (durationMs > this.#max) this.#max = durationMs;
  }

  /** The duration that a share `p` (0 to 1) of all did not exceed; 0 when there are none. */
  percentile(p: number): number {
    if (this.#count === 0) return 0;
    const rank = Math.max(1, Math.ceil(p * this.#count));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.#counts[bucket]!;
      if (seen >= rank) return Math.min(this.#max, FIRST_MS * GROWTH ** bucket);
    }
    return this.#max;
  }

  summary(): LatencySummary {
    return {
      count: this.#count,
      mean: this.#count === 0 ? 0 : this.#sum / this.#count,
      p50: this.percentile(0.5),
      p90: this.percentile(0.9),
      p99: this.percentile(0.99),
      max: this.#max,
    };
  }
}
