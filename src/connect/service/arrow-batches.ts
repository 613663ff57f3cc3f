import { emptyColumn } from "../../engine/arrow/column.ts";
import {
  batchesOf,
  encodeBatch,
  encodeSchema,
  messagesOf,
  rowCountOf,
  streamOf,
} from "../../engine/arrow/ipc.ts";
import { sliceColumn } from "../../engine/arrow/slice.ts";
import { arrowSchema } from "../../engine/arrow/spark-fields.ts";
import type { StructType } from "../../types/data-type.ts";

export interface ConnectBatch {
  /** A complete stream of one record batch. */
  readonly data: Uint8Array;
  readonly rowCount: number;
}

/**
 * Cuts results into streams of one record batch and at most so many rows. A result of no rows is one stream with an
 * empty record batch: clients take their table from it.
 */
export function* connectBatches(
  chunks: Iterable<Uint8Array>,
  schema: StructType,
  options: { readonly maxRows: number; readonly timeZone: string },
): Generator<ConnectBatch> {
  let isEmpty = true;
  for (const chunk of chunks) {
    const rowCounts = [...messagesOf(chunk)].filter((m) => m.kind === "batch").map(rowCountOf);
    const [rowCount = 0] = rowCounts;
    if (rowCounts.length === 1 && rowCount <= options.maxRows) {
      if (rowCount === 0 && !isEmpty) continue;
      isEmpty = false;
      yield { data: chunk, rowCount };
      continue;
    }
    for (const batch of batchesOf(chunk)) {
      for (let from = 0; from < batch.length; from += options.maxRows) {
        const to = Math.min(batch.length, from + options.maxRows);
        const columns = batch.columns.map((column) => sliceColumn(column, from, to));
        isEmpty = false;
        yield {
          data: streamOf(encodeSchema(batch.schema), [encodeBatch(to - from, columns)]),
          rowCount: to - from,
        };
      }
    }
  }
  if (isEmpty) yield { data: emptyStream(schema, options.timeZone), rowCount: 0 };
}

function emptyStream(schema: StructType, timeZone: string): Uint8Array {
  const target = arrowSchema(schema, { kind: "wire", timeZone });
  return streamOf(encodeSchema(target), [encodeBatch(0, target.fields.map(emptyColumn))]);
}
