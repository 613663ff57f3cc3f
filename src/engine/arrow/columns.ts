import {
  type ArrowBatch,
  type ArrowColumn,
  batchesOf,
  concatBytes,
  END_OF_STREAM,
  encodeBatch,
  encodeSchema,
} from "./ipc.ts";
import type { ArrowSchema } from "./schema.ts";

/** The columns at these places of a stream, as a stream of the same batches. */
export function selectColumns(chunk: Uint8Array, indexes: readonly number[]): Uint8Array {
  return rewrite(chunk, (batch) => indexes.map((i) => columnAt(batch, i)));
}

/** A stream with the columns of others behind its own. All have the same number of rows, in whatever batches. */
export function appendColumns(chunk: Uint8Array, others: readonly Uint8Array[]): Uint8Array {
  const base = [...batchesOf(chunk)];
  const extra = others.map((other) => [...batchesOf(other)]);
  if (extra.every((batches) => sameCuts(base, batches))) {
    let at = 0;
    return rewrite(chunk, (batch) => {
      const index = at++;
      return [...batch.columns, ...extra.flatMap((batches) => batches[index]?.columns ?? [])];
    });
  }
  throw new RangeError("the columns to append come in other batches than the rows they belong to");
}

function sameCuts(a: readonly ArrowBatch[], b: readonly ArrowBatch[]): boolean {
  return a.length === b.length && a.every((batch, i) => batch.length === b[i]?.length);
}

function columnAt(batch: ArrowBatch, index: number): ArrowColumn {
  const column = batch.columns[index];
  if (column === undefined) throw new RangeError(`there is no column ${index} among ${batch.columns.length}`);
  return column;
}

function rewrite(chunk: Uint8Array, columns: (batch: ArrowBatch) => readonly ArrowColumn[]): Uint8Array {
  let schema: ArrowSchema | undefined;
  const parts: Uint8Array[] = [];
  for (const batch of batchesOf(chunk)) {
    const chosen = columns(batch);
    schema ??= { fields: chosen.map((c) => c.field) };
    parts.push(encodeBatch(batch.length, chosen));
  }
  if (schema === undefined) throw new RangeError("a stream without batches has no columns to rewrite");
  return concatBytes([encodeSchema(schema), ...parts, END_OF_STREAM]);
}
