import { nullColumn } from "../arrow/column.ts";
import { applyImport, planImport } from "../arrow/import.ts";
import { batchesOf } from "../arrow/ipc.ts";
import { arrowField } from "../arrow/spark-fields.ts";
import type { DuckdbConnection, DuckdbHost } from "../duckdb/host.ts";
import type { ScanFile, ScanInput } from "../engine-api.ts";
import { EngineError } from "../failure.ts";
import type { ColumnCache } from "./column-cache.ts";
import type { TaskContext } from "./context.ts";
import type { Lease } from "./piece.ts";
import { createScanView, type FilePiece } from "./scan-view.ts";

const NO_FILE: ScanFile = { ref: { kind: "disk", path: "" } };
let unique = 0;

/** Brings Arrow data of the caller into DuckDB; columns by position. */
export async function scanArrow(
  host: DuckdbHost,
  cache: ColumnCache,
  input: Extract<ScanInput, { kind: "arrow" }>,
  connection: DuckdbConnection,
  context: TaskContext,
): Promise<Lease<FilePiece>> {
  const piece: FilePiece = {
    key: input.cacheKey === undefined ? `arrow ${unique++}` : `arrow\u0000${input.cacheKey}`,
    cacheable: input.cacheKey !== undefined,
    file: NO_FILE,
    firstRow: 0,
  };
  const wanted = input.columns.map((column, i) => ({
    id: `${i}:${JSON.stringify(column.type)}`,
    type: column.type,
    i,
  }));
  const lease = await cache.acquire(
    [piece],
    wanted,
    async (_, columns, writer) => {
      writer.beginPiece();
      for (const stream of input.data) {
        context.bytesRead += stream.length;
        for (const batch of batchesOf(stream)) {
          const imported = (columns as typeof wanted).map(({ i, type }) => {
            const source = batch.columns[i];
            if (source === undefined) {
              if (batch.columns.length > 0 || batch.length === 0) {
                if (batch.length === 0) return nullColumn(arrowField("", type, true, { kind: "held" }), 0);
                const message = `the data of ${input.name} has ${batch.columns.length} columns, not ${i + 1}`;
                throw new EngineError({ kind: "internal", message });
              }
              return nullColumn(arrowField("", type, true, { kind: "held" }), batch.length);
            }
            return applyImport(source, planImport(source.field, type, ""));
          });
          writer.append(batch.length, imported);
          await context.checkpoint();
        }
      }
    },
    context,
  );
  try {
    const view = input.columns.map((column, index) => ({ kind: "loaded" as const, column, index }));
    createScanView(host, connection, input.name, view, lease, "UTC");
    return lease;
  } catch (error) {
    lease.release();
    throw error;
  }
}
