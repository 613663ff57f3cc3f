import { iteratorOf } from "../pool/map-concurrently.ts";

/** Records as they come: one by one, in arrays, or in Arrow's record batches and tables. */
export type Records<T> = Iterable<T | ArrowRecords> | AsyncIterable<T | ArrowRecords>;

/** Of Arrow's record batches and tables this much is used. */
export interface ArrowRecords {
  readonly numRows: number;
  readonly schema: unknown;
  readonly batches?: unknown;
  readonly numCols: number;
  get(index: number): unknown;
}

/** How long a chunk waits for more records of a slow source before it goes off smaller. */
const LINGER_MS = 50;
/** A source that hangs is not waited for any longer. */
const CLOSING_MS = 1_000;

/** Reads a source in chunks of the size that is asked for. */
export class ChunkReader<T> {
  readonly #iterator: AsyncIterator<T | ArrowRecords> | Iterator<T | ArrowRecords>;
  /** Rows of Arrow data or records given back that are not in a chunk yet. */
  #rest: T[] = [];
  #pending: Promise<IteratorResult<T | ArrowRecords>> | undefined;
  #isDone = false;
  /** Records that have been put into chunks. */
  count = 0;

  constructor(source: Records<T>) {
    this.#iterator = iteratorOf(source);
  }

  /** The next records, `size` at most; undefined at the end. */
  async next(size: number): Promise<T[] | undefined> {
    const chunk: T[] = [];
    let linger: { readonly until: number } | undefined;
    while (chunk.length < size) {
      if (this.#rest.length > 0) {
        for (const record of this.#rest.splice(0, size - chunk.length)) chunk.push(record);
        continue;
      }
      if (this.#isDone) break;
      let result: IteratorResult<T | ArrowRecords> | "late";
      if (this.#pending === undefined) {
        const next = this.#iterator.next();
        if (!(next instanceof Promise)) {
          this.#take(next, chunk);
          continue;
        }
        this.#pending = next;
      }
      if (chunk.length === 0) result = await this.#pending;
      else {
        linger ??= { until: performance.now() + LINGER_MS };
        result = await before(this.#pending, linger.until);
      }
      if (result === "late") break;
      this.#pending = undefined;
      this.#take(result, chunk);
    }
    this.count += chunk.length;
    return chunk.length === 0 ? undefined : chunk;
  }

  /** Puts records back in front of what comes next. */
  unread(records: readonly T[]): void {
    this.#rest = [...records, ...this.#rest];
    this.count -= records.length;
  }

  /** Tells the source that no more is wanted, and waits a moment until it is closed. */
  async close(): Promise<void> {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#rest = [];
    this.#pending?.catch(() => {});
    // One that is in the middle of something closes after that.
    const closed = Promise.resolve(this.#iterator.return?.()).catch(() => {});
    await before(closed, performance.now() + CLOSING_MS);
  }

  #take(result: IteratorResult<T | ArrowRecords>, chunk: T[]): void {
    if (result.done === true) this.#isDone = true;
    else if (isArrow(result.value)) this.#rest = rowsOf(result.value) as T[];
    else chunk.push(result.value as T);
  }
}

export function isArrow(value: unknown): value is ArrowRecords {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as ArrowRecords).numRows === "number" &&
    typeof (value as ArrowRecords).numCols === "number" &&
    typeof (value as ArrowRecords).get === "function" &&
    "schema" in value
  );
}

/** The rows of Arrow data as plain objects. */
export function rowsOf(data: ArrowRecords): Record<string, unknown>[] {
  return Array.from({ length: data.numRows }, (_, i) => {
    const row = data.get(i) as { toJSON?: () => Record<string, unknown> };
    return row.toJSON === undefined ? { ...row } : row.toJSON();
  });
}

/** What a promise gives, or `late` when that takes longer. Its timer does not outlive it. */
async function before<T>(promise: Promise<T>, until: number): Promise<T | "late"> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), Math.max(0, until - performance.now()));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
