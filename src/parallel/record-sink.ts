import { unsupported } from "../errors/spark-error.ts";

/** Where records go. Calls come one after the other; the next waits for the last. */
export interface RecordSink<R = unknown> {
  /** Called before the first record. `atomic`: nothing may be seen before `close`. */
  open?(options: { readonly atomic: boolean }): Promise<void> | void;
  write(records: readonly R[]): Promise<void> | void;
  /** Everything has been written. */
  close?(): Promise<void> | void;
  /** The pipeline has failed or was aborted. An atomic sink leaves no trace. */
  abort?(reason: unknown): Promise<void> | void;
  /** It can be atomic. */
  readonly canBeAtomic?: boolean;
  /** Bytes written so far, where they are known. */
  readonly sizeBytes?: number;
}

/** An array to fill, a function that takes records, a stream of records, or a sink; null: results are dropped. */
export type Destination<R> =
  | R[]
  | ((records: readonly R[]) => Promise<void> | void)
  | WritableStream<R>
  | RecordSink<R>
  | { writeBulk(records: readonly R[]): Promise<void> | void }
  | null;

export function sinkOf<R>(destination: Destination<R>, atomic: boolean): RecordSink<R> {
  const sink = plainSink(destination);
  if (atomic && sink.canBeAtomic !== true) {
    throw unsupported("an atomic pipeline into a destination that cannot take back what was written");
  }
  return sink;
}

function plainSink<R>(destination: Destination<R>): RecordSink<R> {
  if (destination === null) return { write: () => {}, canBeAtomic: true };
  if (Array.isArray(destination)) return arraySink(destination);
  if (typeof destination === "function") return { write: destination };
  if (typeof WritableStream !== "undefined" && destination instanceof WritableStream) {
    return streamSink(destination);
  }
  if ("write" in destination) return destination;
  if ("writeBulk" in destination) return { write: (records) => destination.writeBulk(records) };
  throw new TypeError(
    "a destination is an array, a function, a WritableStream or an object with write(records)",
  );
}

function arraySink<R>(target: R[]): RecordSink<R> {
  let isAtomic = false;
  const held: R[] = [];
  const append = (records: readonly R[]): void => {
    for (const record of records) target.push(record);
  };
  return {
    canBeAtomic: true,
    open: ({ atomic }) => {
      isAtomic = atomic;
    },
    write: (records) => {
      if (!isAtomic) append(records);
      else for (const record of records) held.push(record);
    },
    close: () => append(held),
  };
}

function streamSink<R>(stream: WritableStream<R>): RecordSink<R> {
  const writer = stream.getWriter();
  return {
    write: async (records) => {
      for (const record of records) {
        await writer.ready;
        await writer.write(record);
      }
    },
    close: () => writer.close(),
    abort: (reason) => writer.abort(reason),
  };
}
