import { type ArrowColumn, batchesOf, encodeBatch, encodeSchema, streamOf } from "./ipc.ts";

/** The columns at `positions` of one stream, as a stream with the same batches. */
export function selectColumns(stream: Uint8Array, positions: readonly number[]): Uint8Array {
  const batches = [...batchesOf(stream)];
  const pick = <T>(all: readonly T[]): T[] => positions.map((i) => all[i] as T);
  const fields = pick(batches[0]?.schema.fields ?? []);
  return streamOf(
    encodeSchema({ fields }),
    batches.map((batch) => encodeBatch(batch.length, pick(batch.columns))),
  );
}

/** A stream with the only column of each of `results` behind its own. All have the same batches, by length. */
export function appendColumns(stream: Uint8Array, results: readonly Uint8Array[]): Uint8Array {
  const batches = [...batchesOf(stream)];
  const added = results.map((result) => [...batchesOf(result)]);
  const columnsOf = (index: number): readonly ArrowColumn[] => {
    const own = batches[index];
    if (own === undefined) return [];
    const more = added.map((other) => {
      const column = other[index]?.columns[0];
      if (column === undefined || column.length !== own.length) {
        throw new RangeError(
          `a function returned ${column?.length ?? 0} values for a batch of ${own.length} rows; it must return one for each row`,
        );
      }
      return column;
    });
    return [...own.columns, ...more];
  };
  const fields = columnsOf(0).map((column) => column.field);
  return streamOf(
    encodeSchema({ fields }),
    batches.map((batch, i) => encodeBatch(batch.length, columnsOf(i))),
  );
}
