/** Long enough that the cost of a chunk does not count, short enough that idle workers find something to take. */
const TARGET_MS = 80;
const GROWTH_LIMIT = 16;
/** Chunks grow to this many records at most (unless larger ones are asked for): several are held at once. */
const MOST_RECORDS = 16_384;
/** The share of the newest chunk in the average. */
const WEIGHT = 0.4;

/** How many records a chunk should have, from how long the last ones took. */
export class ChunkSize {
  readonly #asked: number;
  readonly #adapts: boolean;
  #msPerRecord: number | undefined;

  constructor(asked: number, adapts: boolean, msPerRecord?: number) {
    this.#asked = asked;
    this.#adapts = adapts;
    this.#msPerRecord = msPerRecord;
  }

  /** Before anything is known a small one is sent ahead. */
  get next(): number {
    if (!this.#adapts) return this.#asked;
    if (this.#msPerRecord === undefined) return Math.max(1, Math.ceil(this.#asked / GROWTH_LIMIT));
    const ideal = Math.round(TARGET_MS / Math.max(this.#msPerRecord, 1e-6));
    const most = Math.max(this.#asked, Math.min(this.#asked * GROWTH_LIMIT, MOST_RECORDS));
    return Math.min(Math.max(1, ideal), most);
  }

  learn(records: number, busyMs: number): void {
    if (records === 0) return;
    const measured = busyMs / records;
    this.#msPerRecord =
      this.#msPerRecord === undefined ? measured : (1 - WEIGHT) * this.#msPerRecord + WEIGHT * measured;
  }
}
