import type { StructType } from "../../types/data-type.ts";
import { timeZone } from "../../types/time-zone.ts";
import type { ArrowColumn } from "../arrow/ipc.ts";
import type { DuckdbConnection, DuckdbHost } from "../duckdb/host.ts";
import type { ScanColumn, ScanFile, ScanInput } from "../engine-api.ts";
import { bytesOf } from "../text/byte-source.ts";
import { csvReader, inferCsv } from "../text/csv-reader.ts";
import { inferJson, jsonReader } from "../text/json-reader.ts";
import { textReader } from "../text/plain-readers.ts";
import { RecordBatcher } from "../text/record-batch.ts";
import type { ReadRequest, RowReader, TextFile } from "../text/text-file.ts";
import type { ColumnCache } from "./column-cache.ts";
import { pathOf } from "./constants.ts";
import type { TaskContext } from "./context.ts";
import { type FileOpener, fileError } from "./open-file.ts";
import type { Lease, LoadPieces } from "./piece.ts";
import { fieldOf, partitionColumn, planScan } from "./scan-columns.ts";
import { createScanView, type FilePiece } from "./scan-view.ts";

export type RecordFormat = "csv" | "json" | "text" | "binaryFile";
type RecordInput = Extract<ScanInput, { kind: RecordFormat }>;

/** Columns of binary files that tell of the file, and what they tell. */
const BINARY_FILE_COLUMNS: Readonly<Record<string, NonNullable<ScanColumn["source"]>>> = {
  path: "file_path",
  modificationtime: "file_modified",
  length: "file_size",
};

function tellingOfTheFile(column: ScanColumn): ScanColumn {
  const isData = (column.source ?? "data") === "data";
  const told = isData ? BINARY_FILE_COLUMNS[column.name.toLowerCase()] : undefined;
  return told === undefined ? column : { ...column, source: told };
}

/** The schema that every text and binary file has. */
export const PLAIN_SCHEMAS: Readonly<Record<"text" | "binaryFile", StructType>> = {
  text: { kind: "struct", fields: [{ name: "value", dataType: { kind: "string" }, nullable: true }] },
  binaryFile: {
    kind: "struct",
    fields: [
      { name: "path", dataType: { kind: "string" }, nullable: true },
      { name: "modificationTime", dataType: { kind: "timestamp" }, nullable: true },
      { name: "length", dataType: { kind: "long" }, nullable: true },
      { name: "content", dataType: { kind: "binary" }, nullable: true },
    ],
  },
};

/** Scans files of records (CSV, JSON, text, whole files) through the column cache, a file at a time. */
export class RecordScanner {
  readonly #host: DuckdbHost;
  readonly #cache: ColumnCache;
  readonly #opener: FileOpener;
  #unique = 0;

  constructor(host: DuckdbHost, cache: ColumnCache, opener: FileOpener) {
    this.#host = host;
    this.#cache = cache;
    this.#opener = opener;
  }

  async scan(
    input: RecordInput,
    connection: DuckdbConnection,
    context: TaskContext,
  ): Promise<Lease<FilePiece>> {
    const columns = input.kind === "binaryFile" ? input.columns.map(tellingOfTheFile) : input.columns;
    const { view, loaded } = planScan(columns, input.files, input.timeZone, (column) => column.name);
    const data = loaded.filter((c) => !c.partition);
    // How a record is read depends on the options and on which of its columns are wanted.
    const shape = JSON.stringify([
      input.kind,
      input.options,
      input.schema,
      input.timeZone,
      data.map((d) => d.id),
    ]);
    const pieces = input.files.map((file): FilePiece => {
      const { cacheKey } = file;
      const key = cacheKey === undefined ? `uncached ${this.#unique++}` : `${cacheKey}\u0000${shape}`;
      return { key, cacheable: cacheKey !== undefined, file, firstRow: 0 };
    });
    const request: ReadRequest = {
      schema: input.schema,
      wanted: data.map(fieldOf),
      options: input.options,
      zone: timeZone(input.timeZone),
    };
    const reader = input.kind === "binaryFile" ? undefined : READERS[input.kind](request);
    const load: LoadPieces<FilePiece> = async (wanted, _columns, writer) => {
      for (const [index, piece] of wanted.entries()) {
        writer.beginPiece();
        const batcher = new RecordBatcher(request.wanted, (length, read) => {
          let next = 0;
          const all = loaded.map((c) =>
            c.partition
              ? partitionColumn(piece.file, c, length, input.timeZone)
              : (read[next++] as ArrowColumn),
          );
          writer.append(length, all);
        });
        await this.#readFile(piece.file, reader, batcher, context);
        batcher.flush();
        context.progress("load", (index + 1) / wanted.length);
      }
    };
    const lease = await this.#cache.acquire(pieces, loaded, load, context);
    try {
      createScanView(this.#host, connection, input.name, view, lease, input.timeZone);
      return lease;
    } catch (error) {
      lease.release();
      throw error;
    }
  }

  async #readFile(
    file: ScanFile,
    reader: RowReader | undefined,
    batcher: RecordBatcher,
    context: TaskContext,
  ): Promise<void> {
    const path = pathOf(file);
    context.filesRead++;
    const blob = await this.#opener.open(file.ref);
    try {
      if (reader === undefined) {
        const content = new Uint8Array(await blob.arrayBuffer());
        context.bytesRead += content.length;
        batcher.add([content]);
        return;
      }
      await reader.read(
        this.#textFile(blob, path, context),
        (values) => batcher.add(values),
        () => context.checkpoint(),
      );
    } catch (error) {
      throw readError(error, path);
    }
  }

  #textFile(blob: Blob, path: string, context: TaskContext): TextFile {
    const source = bytesOf(blob, path, (bytes) => {
      context.bytesRead += bytes;
    });
    return { source, path };
  }

  async infer(
    format: "csv" | "json",
    files: readonly ScanFile[],
    options: Readonly<Record<string, string>>,
    zone: string,
    context: TaskContext,
  ): Promise<StructType> {
    const opener = this.#opener;
    const textFile = (blob: Blob, path: string) => this.#textFile(blob, path, context);
    async function* opened(): AsyncGenerator<TextFile> {
      for (const file of files) {
        context.filesRead++;
        yield textFile(await opener.open(file.ref), pathOf(file));
      }
    }
    const infer = format === "csv" ? inferCsv : inferJson;
    return infer(opened(), options, timeZone(zone), () => context.checkpoint());
  }
}

const READERS = { csv: csvReader, json: jsonReader, text: textReader } as const;

/** Errors of the browser's streams; Spark's and ours stay as they are. */
function readError(error: unknown, path: string): unknown {
  const name = error instanceof Error ? error.name : "";
  const system = name === "NotFoundError" || name === "NotReadableError" || name === "TypeError";
  return system ? fileError(error, path) : error;
}
