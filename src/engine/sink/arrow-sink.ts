import {
  type ArrowColumn,
  batchesOf,
  concatBytes,
  END_OF_STREAM,
  encodeBatch,
  messagesOf,
  rowCountOf,
} from "../arrow/ipc.ts";
import { sliceColumn } from "../arrow/slice.ts";
import type { TaskSink } from "../engine-api.ts";
import { EngineError } from "../failure.ts";
import type { TaskContext } from "../scan/context.ts";

/** A chunk is closed when it has this much: large enough to travel well, small enough to be let go early. */
const CHUNK_BYTES = 4 << 20;

export interface ArrowResult {
  readonly chunks: Uint8Array[];
  readonly rowCount: number;
}

/** Gathers the messages of a query's stream into chunks, each a whole stream. */
export async function sinkArrow(
  messages: AsyncIterable<Uint8Array>,
  sink: Extract<TaskSink, { kind: "arrow" }>,
  context: TaskContext,
): Promise<ArrowResult> {
  const chunks: Uint8Array[] = [];
  const limit = sink.maxRowsPerBatch ?? Number.POSITIVE_INFINITY;
  let schema: Uint8Array | undefined;
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  let rowCount = 0;
  let bytes = 0;
  const close = (): void => {
    if (schema === undefined) return;
    chunks.push(concatBytes([schema, ...pending, END_OF_STREAM]));
    pending = [];
    pendingBytes = 0;
  };
  for await (const message of messages) {
    if (schema === undefined) {
      schema = message;
      continue;
    }
    const rows = rowsOf(message);
    if (rows === 0) continue;
    rowCount += rows;
    bytes += message.length;
    if (sink.maxBytes !== undefined && bytes > sink.maxBytes) throw tooLarge(sink.maxBytes, rowCount);
    const parts = rows > limit ? cut(schema, message, limit) : [message];
    if (sink.stream === true) {
      for (const part of parts) {
        const data = concatBytes([schema, part, END_OF_STREAM]);
        await context.deliver({ kind: "batch", data, rowCount: rowsOf(part) });
      }
      continue;
    }
    for (const part of parts) pending.push(part);
    pendingBytes += message.length;
    if (pendingBytes >= CHUNK_BYTES) close();
    context.progress("query", undefined, rowCount);
  }
  await context.delivered();
  if (pending.length > 0 || (chunks.length === 0 && sink.stream !== true)) close();
  return { chunks, rowCount };
}

function tooLarge(maxBytes: number, rows: number): EngineError {
  const mega = (n: number): string => `${(n / 1_000_000).toFixed(1)} MB`;
  return new EngineError({
    kind: "memory",
    message: `the result is larger than the limit of ${mega(maxBytes)} (${rows} rows so far): select fewer rows or columns, aggregate, or write it to a table`,
  });
}

function rowsOf(message: Uint8Array): number {
  for (const found of messagesOf(message)) return rowCountOf(found);
  return 0;
}

/** A batch as several of at most that many rows. */
function cut(schema: Uint8Array, message: Uint8Array, rows: number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (const batch of batchesOf(concatBytes([schema, message]))) {
    for (let from = 0; from < batch.length; from += rows) {
      const to = Math.min(from + rows, batch.length);
      const columns = batch.columns.map((c): ArrowColumn => sliceColumn(c, from, to));
      parts.push(encodeBatch(to - from, columns));
    }
  }
  return parts;
}
