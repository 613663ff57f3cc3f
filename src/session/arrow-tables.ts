import { rowsToArrow } from "../engine/arrow/build.ts";
import type { StructType } from "../types/data-type.ts";

/** A table of the `apache-arrow` package, which is only loaded when one is asked for. */
export type Table = import("apache-arrow").Table;
export type RecordBatch = import("apache-arrow").RecordBatch;
export type RecordBatches = AsyncIterable<RecordBatch>;

/** Arrow IPC streams of one schema as one table. */
export async function tableOf(chunks: readonly Uint8Array[]): Promise<Table> {
  const { Table, tableFromIPC } = await import("apache-arrow");
  const tables = chunks.map((chunk) => tableFromIPC(chunk));
  return tables.length === 1 ? (tables[0] as Table) : new Table(tables.flatMap((table) => table.batches));
}

export async function emptyTable(schema: StructType): Promise<Table> {
  return tableOf([rowsToArrow([], schema)]);
}

/** A table as an Arrow IPC stream. */
export async function bytesOf(table: Table): Promise<Uint8Array> {
  const { tableToIPC } = await import("apache-arrow");
  return tableToIPC(table, "stream");
}

/** Whether a value is a table of `apache-arrow`, of whatever copy of the package. */
export function isTable(value: unknown): value is Table {
  return (
    typeof value === "object" &&
    value !== null &&
    "schema" in value &&
    "batches" in value &&
    Array.isArray(value.batches)
  );
}

/** Runs a function over record batches; its batches as one Arrow IPC stream. Undefined when it gives none. */
export async function mapBatches(
  chunks: AsyncIterable<Uint8Array>,
  func: (batches: RecordBatches) => RecordBatches,
): Promise<Uint8Array | undefined> {
  const { Table } = await import("apache-arrow");
  async function* batches(): AsyncGenerator<RecordBatch> {
    for await (const chunk of chunks) yield* (await tableOf([chunk])).batches;
  }
  const results: RecordBatch[] = [];
  for await (const batch of func(batches())) results.push(batch);
  return results.length === 0 ? undefined : bytesOf(new Table(results));
}
