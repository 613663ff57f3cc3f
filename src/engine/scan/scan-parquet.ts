import { sparkError } from "../../errors/spark-error.ts";
import { simpleString } from "../../types/format.ts";
import { nullColumn } from "../arrow/column.ts";
import { applyImport, type ImportPlan, planImport } from "../arrow/import.ts";
import { batchesOf } from "../arrow/ipc.ts";
import type { ArrowField } from "../arrow/schema.ts";
import { arrowField } from "../arrow/spark-fields.ts";
import type { DuckdbConnection, DuckdbHost } from "../duckdb/host.ts";
import type { ScanColumn, ScanFile, ScanInput } from "../engine-api.ts";
import { toEngineError } from "../failure.ts";
import { openParquet, type ParquetFile, rootElements } from "../parquet/parquet-file.ts";
import type { ParquetWasm } from "../parquet/parquet-wasm.ts";
import type { ColumnCache, Lease, LoadPieces, WantedColumn } from "./column-cache.ts";
import { pathOf } from "./constants.ts";
import type { TaskContext } from "./context.ts";
import type { FileOpener } from "./open-file.ts";
import { createScanView, type FilePiece, type ViewColumn } from "./scan-view.ts";

interface RowGroupPiece extends FilePiece {
  readonly rowGroup: number;
}

interface DataColumn extends WantedColumn {
  readonly column: ScanColumn;
}

/** Footers of files that are read again and again. */
const MAX_OPEN_FILES = 256;

/** Scans Parquet files through the column cache. */
export class ParquetScanner {
  readonly #host: DuckdbHost;
  readonly #cache: ColumnCache;
  readonly #opener: FileOpener;
  readonly #wasm: () => Promise<ParquetWasm>;
  readonly #open = new Map<string, Promise<ParquetFile>>();
  #unique = 0;

  constructor(host: DuckdbHost, cache: ColumnCache, opener: FileOpener, wasm: () => Promise<ParquetWasm>) {
    this.#host = host;
    this.#cache = cache;
    this.#opener = opener;
    this.#wasm = wasm;
  }

  async scan(
    input: Extract<ScanInput, { kind: "parquet" }>,
    connection: DuckdbConnection,
    context: TaskContext,
  ): Promise<Lease<FilePiece>> {
    const data: DataColumn[] = [];
    const view = input.columns.map((column): ViewColumn => {
      if (column.source === "row_index") return { kind: "row_index", column };
      if (column.source !== undefined && column.source !== "data") return { kind: "constant", column };
      const by = column.fieldId === undefined ? column.name : `#${column.fieldId}`;
      const id = `${input.caseSensitive === true ? "" : "~"}${by}:${JSON.stringify(column.type)}`;
      let index = data.findIndex((c) => c.id === id);
      if (index < 0) index = data.push({ id, type: column.type, column }) - 1;
      return { kind: "loaded", column, index };
    });
    const pieces: RowGroupPiece[] = [];
    for (const file of input.files) {
      await context.checkpoint();
      pieces.push(...(await this.#piecesOf(file, context)));
    }
    const load: LoadPieces<RowGroupPiece> = (wanted, columns, writer) =>
      this.#load(wanted, columns as readonly DataColumn[], writer, input.caseSensitive === true, context);
    const lease = await this.#cache.acquire(pieces, data, load, context);
    try {
      createScanView(this.#host, connection, input.name, view, lease, input.timeZone ?? "UTC");
      return lease;
    } catch (error) {
      lease.release();
      throw error;
    }
  }

  /** The footer of a file. */
  async open(file: ScanFile, context: TaskContext): Promise<ParquetFile> {
    const { cacheKey } = file;
    const known = cacheKey === undefined ? undefined : this.#open.get(cacheKey);
    if (known !== undefined) return known;
    const opening = (async () => {
      const [blob, wasm] = await Promise.all([this.#opener.open(file.ref), this.#wasm()]);
      context.filesRead++;
      const onRead = (bytes: number): void => {
        context.bytesRead += bytes;
      };
      return openParquet(wasm, blob, { path: pathOf(file), onRead });
    })();
    if (cacheKey !== undefined) {
      this.#open.set(cacheKey, opening);
      opening.catch(() => this.#open.delete(cacheKey));
      for (const [key, old] of this.#open) {
        if (this.#open.size <= MAX_OPEN_FILES) break;
        this.#open.delete(key);
        // A task may still be reading it; what it holds outside of JavaScript's memory is small.
        void old.catch(() => {});
      }
    }
    return opening;
  }

  async #piecesOf(file: ScanFile, context: TaskContext): Promise<RowGroupPiece[]> {
    const { rowGroupRows } = await this.open(file, context);
    const key = file.cacheKey ?? `uncached ${this.#unique++}`;
    const starts: number[] = [];
    rowGroupRows.reduce((start, rows, i) => {
      starts[i] = start;
      return start + rows;
    }, 0);
    return (file.rowGroups ?? rowGroupRows.map((_, i) => i)).map((rowGroup) => ({
      key: `${key}\u0000${rowGroup}`,
      cacheable: file.cacheKey !== undefined,
      file,
      firstRow: starts[rowGroup] ?? 0,
      rowGroup,
    }));
  }

  async #load(
    pieces: readonly RowGroupPiece[],
    columns: readonly DataColumn[],
    writer: Parameters<LoadPieces<RowGroupPiece>>[2],
    caseSensitive: boolean,
    context: TaskContext,
  ): Promise<void> {
    // Opened here once more: a footer that was passed on may have left the cache since.
    for (const [index, piece] of pieces.entries()) {
      const { file, rowGroup } = piece;
      const parquet = await this.open(file, context);
      writer.beginPiece();
      try {
        await this.#loadRowGroup(parquet, file, rowGroup, columns, writer, caseSensitive, context);
      } catch (error) {
        throw toEngineError(error);
      } finally {
        if (file.cacheKey === undefined) parquet.free();
      }
      context.progress("load", (index + 1) / pieces.length);
    }
  }

  async #loadRowGroup(
    parquet: ParquetFile,
    file: ScanFile,
    rowGroup: number,
    columns: readonly DataColumn[],
    writer: Parameters<LoadPieces<RowGroupPiece>>[2],
    caseSensitive: boolean,
    context: TaskContext,
  ): Promise<void> {
    const roots = rootElements(parquet.metadata);
    const names = columns.map(({ column }) => {
      if (column.fieldId !== undefined) {
        const byId = roots.find((r) => r.field_id === column.fieldId);
        if (byId !== undefined) return byId.name;
      }
      const exact = roots.find((r) => r.name === column.name);
      if (exact !== undefined || caseSensitive) return exact?.name;
      return roots.find((r) => r.name.toLowerCase() === column.name.toLowerCase())?.name;
    });
    const wanted = [...new Set(names.filter((n) => n !== undefined))];
    if (wanted.length === 0) {
      const rows = parquet.rowGroupRows[rowGroup] ?? 0;
      const nulls = columns.map((c) => nullColumn(arrowField("", c.type, true, { kind: "held" }), rows));
      writer.append(rows, nulls);
      return;
    }
    let plans: (ImportPlan | undefined)[] | undefined;
    for await (const stream of parquet.read(rowGroup, wanted)) {
      for (const batch of batchesOf(stream)) {
        const at = names.map((name) => batch.schema.fields.findIndex((f) => f.name === name));
        plans ??= columns.map((c, i) => {
          const field = batch.schema.fields[at[i] as number];
          return field === undefined ? undefined : this.#plan(field, c, file, caseSensitive);
        });
        const imported = columns.map((c, i) => {
          const plan = plans?.[i];
          const source = batch.columns[at[i] as number];
          if (plan === undefined || source === undefined) {
            return nullColumn(arrowField("", c.type, true, { kind: "held" }), batch.length);
          }
          return applyImport(source, plan);
        });
        writer.append(batch.length, imported);
      }
      await context.checkpoint();
    }
  }

  #plan(field: ArrowField, wanted: DataColumn, file: ScanFile, caseSensitive: boolean): ImportPlan {
    return planImport(field, wanted.type, "", {
      caseSensitive,
      mismatch: (source, type) =>
        sparkError("PySparkException", {
          condition: "FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH",
          messageParameters: {
            path: pathOf(file),
            column: `[${wanted.column.name}]`,
            expectedType: simpleString(type),
            actualType: parquetTypeName(source),
          },
        }),
    });
  }
}

/** Roughly the name of the physical type that an Arrow column was read from. */
function parquetTypeName(field: ArrowField): string {
  switch (field.type.kind) {
    case "bool":
      return "BOOLEAN";
    case "int":
      return field.type.bits === 64 ? "INT64" : "INT32";
    case "float":
      return field.type.bits === 64 ? "DOUBLE" : "FLOAT";
    case "date":
      return "INT32";
    case "timestamp":
    case "time":
      return "INT64";
    case "utf8":
    case "largeUtf8":
    case "binary":
    case "largeBinary":
    case "utf8View":
    case "binaryView":
      return "BINARY";
    case "decimal":
    case "fixedSizeBinary":
      return "FIXED_LEN_BYTE_ARRAY";
    default:
      return field.type.kind;
  }
}
