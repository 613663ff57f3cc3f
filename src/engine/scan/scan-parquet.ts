import { sparkError } from "../../errors/spark-error.ts";
import { simpleString } from "../../types/format.ts";
import { nullColumn } from "../arrow/column.ts";
import { applyImport, type ImportPlan, planImport } from "../arrow/import.ts";
import { type ArrowColumn, batchesOf } from "../arrow/ipc.ts";
import type { ArrowField } from "../arrow/schema.ts";
import { arrowField } from "../arrow/spark-fields.ts";
import type { DuckdbConnection, DuckdbHost } from "../duckdb/host.ts";
import type { ScanColumn, ScanFile, ScanInput } from "../engine-api.ts";
import { toEngineError } from "../failure.ts";
import { hasLegacyCalendar, refuseAncient } from "../parquet/legacy-calendar.ts";
import { openParquet, type ParquetFile, rootElements } from "../parquet/parquet-file.ts";
import type { ParquetWasm } from "../parquet/parquet-wasm.ts";
import type { ColumnCache } from "./column-cache.ts";
import { pathOf } from "./constants.ts";
import type { TaskContext } from "./context.ts";
import type { FileOpener } from "./open-file.ts";
import type { Lease, LoadPieces } from "./piece.ts";
import type { PieceWriter } from "./piece-writer.ts";
import { type LoadedColumn, partitionColumn, planScan } from "./scan-columns.ts";
import { createScanView, type FilePiece } from "./scan-view.ts";

interface RowGroupPiece extends FilePiece {
  readonly rowGroup: number;
}

/** How the files of a scan are read. */
interface Reading {
  readonly caseSensitive: boolean;
  readonly timeZone: string;
  readonly context: TaskContext;
}

/** Files stay open for the next scan until there are so many, or small ones hold so much. */
const MAX_OPEN_FILES = 2048;
const MAX_HELD_BYTES = 64 << 20;

/** Scans Parquet files through the column cache. */
export class ParquetScanner {
  readonly #host: DuckdbHost;
  readonly #cache: ColumnCache;
  readonly #opener: FileOpener;
  readonly #wasm: () => Promise<ParquetWasm>;
  readonly #open = new Map<string, Promise<ParquetFile>>();
  /** Rows of the row groups of files that were read once: all that a warm scan needs of a footer. */
  readonly #rowGroups = new Map<string, readonly number[]>();
  #heldBytes = 0;
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
    const timeZone = input.timeZone ?? "UTC";
    const { view, loaded } = planScan(input.columns, input.files, timeZone, (column) => {
      const by = column.fieldId === undefined ? column.name : `#${column.fieldId}`;
      return `${input.caseSensitive === true ? "" : "~"}${by}:${JSON.stringify(column.type)}`;
    });
    const pieces: RowGroupPiece[] = [];
    for (const file of input.files) {
      await context.checkpoint();
      pieces.push(...(await this.#piecesOf(file, context)));
    }
    const reading: Reading = { caseSensitive: input.caseSensitive === true, timeZone, context };
    const load: LoadPieces<RowGroupPiece> = (wanted, columns, writer) =>
      this.#load(wanted, columns as readonly LoadedColumn[], writer, reading);
    const lease = await this.#cache.acquire(pieces, loaded, load, context);
    try {
      createScanView(this.#host, connection, input.name, view, lease, timeZone);
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
      opening.then(
        (file) => {
          this.#heldBytes += file.heldBytes;
          this.#closeOldest();
        },
        () => this.#open.delete(cacheKey),
      );
    }
    return opening;
  }

  /** Lets go of files, the oldest first. A task may still be reading one: what it holds goes with it. */
  #closeOldest(): void {
    for (const [key, opening] of this.#open) {
      if (this.#open.size <= MAX_OPEN_FILES && this.#heldBytes <= MAX_HELD_BYTES) return;
      this.#open.delete(key);
      void opening.then((file) => {
        this.#heldBytes -= file.heldBytes;
      });
    }
  }

  async #piecesOf(file: ScanFile, context: TaskContext): Promise<RowGroupPiece[]> {
    const known = file.cacheKey === undefined ? undefined : this.#rowGroups.get(file.cacheKey);
    const rowGroupRows = known ?? (await this.open(file, context)).rowGroupRows;
    if (file.cacheKey !== undefined && known === undefined) this.#rowGroups.set(file.cacheKey, rowGroupRows);
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
    columns: readonly LoadedColumn[],
    writer: PieceWriter,
    reading: Reading,
  ): Promise<void> {
    for (const [index, piece] of pieces.entries()) {
      const parquet = await this.open(piece.file, reading.context);
      writer.beginPiece();
      try {
        await this.#loadRowGroup(parquet, piece, columns, writer, reading);
      } catch (error) {
        throw toEngineError(error);
      } finally {
        if (piece.file.cacheKey === undefined) parquet.free();
      }
      reading.context.progress("load", (index + 1) / pieces.length);
    }
  }

  async #loadRowGroup(
    parquet: ParquetFile,
    { file, rowGroup }: RowGroupPiece,
    columns: readonly LoadedColumn[],
    writer: PieceWriter,
    { caseSensitive, timeZone, context }: Reading,
  ): Promise<void> {
    const names = columns.map((c) =>
      c.partition ? undefined : columnName(parquet, c.column, caseSensitive),
    );
    const filler = (column: LoadedColumn, length: number): ArrowColumn =>
      column.partition
        ? partitionColumn(file, column, length, timeZone)
        : nullColumn(arrowField("", column.type, true, { kind: "held" }), length);
    const wanted = [...new Set(names.filter((n) => n !== undefined))];
    if (wanted.length === 0) {
      const rows = parquet.rowGroupRows[rowGroup] ?? 0;
      writer.append(
        rows,
        columns.map((c) => filler(c, rows)),
      );
      return;
    }
    const legacy = hasLegacyCalendar(parquet.metadata);
    let plans: (ImportPlan | undefined)[] | undefined;
    for await (const stream of parquet.read(rowGroup, wanted)) {
      for (const batch of batchesOf(stream)) {
        const at = names.map((name) => batch.schema.fields.findIndex((f) => f.name === name));
        plans ??= columns.map((c, i) => {
          const field = batch.schema.fields[at[i] as number];
          return field === undefined ? undefined : this.#plan(field, c, file, caseSensitive);
        });
        const imported = columns.map((column, i) => {
          const plan = plans?.[i];
          const source = batch.columns[at[i] as number];
          return plan === undefined || source === undefined
            ? filler(column, batch.length)
            : applyImport(source, plan);
        });
        if (legacy) for (const column of imported) refuseAncient(column, pathOf(file));
        writer.append(batch.length, imported);
      }
      await context.checkpoint();
    }
  }

  #plan(field: ArrowField, wanted: LoadedColumn, file: ScanFile, caseSensitive: boolean): ImportPlan {
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

/** The name that a column has in the file, found by its id if it has one. */
function columnName(parquet: ParquetFile, column: ScanColumn, caseSensitive: boolean): string | undefined {
  const roots = rootElements(parquet.metadata);
  if (column.fieldId !== undefined) {
    const byId = roots.find((r) => r.field_id === column.fieldId);
    if (byId !== undefined) return byId.name;
  }
  const exact = roots.find((r) => r.name === column.name);
  if (exact !== undefined || caseSensitive) return exact?.name;
  return roots.find((r) => r.name.toLowerCase() === column.name.toLowerCase())?.name;
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
