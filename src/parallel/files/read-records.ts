import { bytesOf } from "../../engine/text/byte-source.ts";
import { csvRecords } from "../../engine/text/csv-records.ts";
import { linesOf, wholeText } from "../../engine/text/lines.ts";
import { LakeletError } from "../../errors/lakelet-error.ts";
import { unsupported } from "../../errors/spark-error.ts";
import { csvOptions } from "../../functions/text/csv-options.ts";
import { rowsOf } from "../record-source.ts";
import type { FileKind } from "./file-format.ts";

export type FileRecord = Record<string, unknown>;

export interface ReadFileOptions {
  /** CSV: what is between cells (`,`; a tab in TSV), around them (`"`), and the text's encoding (UTF-8). */
  readonly delimiter?: string;
  readonly quote?: string;
  readonly encoding?: string;
  /** CSV: whether the first line has the names (default true); otherwise they are `_c0`, `_c1`, ... */
  readonly header?: boolean;
  /** CSV: numbers and booleans instead of texts. */
  readonly inferTypes?: boolean;
  /** Records of a batch (default 1,000). */
  readonly batchSize?: number;
}

const BATCH_SIZE = 1_000;

/** The records of a file, in batches, without holding it whole where its format allows. */
export async function* readRecords(
  content: Blob,
  name: string,
  kind: FileKind,
  options: ReadFileOptions = {},
): AsyncGenerator<FileRecord[]> {
  const { batchSize = BATCH_SIZE } = options;
  switch (kind.format) {
    case "csv":
    case "tsv":
      yield* inBatches(csvRows(unpacked(content, kind), kind.format, options), batchSize);
      return;
    case "jsonl":
      for await (const lines of linesOf(unpacked(content, kind), { charset: options.encoding ?? "UTF-8" })) {
        const records = lines
          .filter((line) => line.trim() !== "")
          .map((line) => asRecord(JSON.parse(line), name));
        for (let at = 0; at < records.length; at += batchSize) yield records.slice(at, at + batchSize);
      }
      return;
    case "json": {
      const parsed: unknown = JSON.parse(
        await wholeText(unpacked(content, kind), options.encoding ?? "UTF-8"),
      );
      const records = (Array.isArray(parsed) ? parsed : [parsed]).map((value) => asRecord(value, name));
      for (let at = 0; at < records.length; at += batchSize) yield records.slice(at, at + batchSize);
      return;
    }
    case "parquet":
      yield* parquetRecords(await whole(content, kind), batchSize);
      return;
    case "arrow": {
      const { RecordBatchReader } = await import("apache-arrow");
      const bytes = new Uint8Array(await (await whole(content, kind)).arrayBuffer());
      for (const batch of RecordBatchReader.from(bytes)) {
        const rows = rowsOf(batch);
        for (let at = 0; at < rows.length; at += batchSize) yield rows.slice(at, at + batchSize);
      }
      return;
    }
    case "delta":
      throw unsupported(`reading the Delta table ${name} as a file`);
  }
}

function unpacked(content: Blob, { compression }: FileKind): AsyncGenerator<Uint8Array> {
  if (compression === "zstd") return zstdBytes(content);
  const ending = { none: "", gzip: ".gz", deflate: ".deflate" }[compression];
  return bytesOf(content, `file${ending}`, () => {});
}

async function* zstdBytes(content: Blob): AsyncGenerator<Uint8Array> {
  const { compressors } = await import("hyparquet-compressors");
  const packed = new Uint8Array(await content.arrayBuffer());
  yield (compressors.ZSTD as (input: Uint8Array, length: number) => Uint8Array)(packed, 0);
}

/** A file that can be read from anywhere. */
async function whole(content: Blob, kind: FileKind): Promise<Blob> {
  if (kind.compression === "none") return content;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const part of unpacked(content, kind)) parts.push(part.slice() as Uint8Array<ArrayBuffer>);
  return new Blob(parts);
}

async function* inBatches(records: AsyncIterable<FileRecord[]>, size: number): AsyncGenerator<FileRecord[]> {
  for await (const batch of records) {
    for (let at = 0; at < batch.length; at += size) yield batch.slice(at, at + size);
  }
}

async function* csvRows(
  bytes: AsyncIterable<Uint8Array>,
  format: "csv" | "tsv",
  options: ReadFileOptions,
): AsyncGenerator<FileRecord[]> {
  const { header = true, inferTypes = false, quote = '"', encoding = "UTF-8" } = options;
  const parser = csvOptions({
    sep: options.delimiter ?? (format === "tsv" ? "\t" : ","),
    quote,
    escape: quote,
    encoding,
    multiline: "true",
    // A cell without anything in it is an empty text here, as it stands in the file.
    nullvalue: "",
    emptyvalue: "",
  });
  let names: readonly string[] | undefined;
  let row = 0;
  const plain = /^utf-?(16|32)/i.test(encoding) ? bytes : withPlainLineEnds(bytes);
  for await (const lines of csvRecords(plain, parser)) {
    const records: FileRecord[] = [];
    for (const line of lines) {
      const cells = line.tokens();
      row++;
      if (names === undefined) {
        names = header ? distinct(cells) : cells.map((_, i) => `_c${i}`);
        if (header) continue;
      }
      if (cells.length > names.length) {
        throw new LakeletError(
          "corrupt",
          `line ${row} has ${cells.length} cells, but there are ${names.length} columns`,
        );
      }
      const record: FileRecord = {};
      for (let i = 0; i < names.length; i++) {
        const cell = cells[i] ?? null;
        record[names[i] as string] = inferTypes && cell !== null ? typed(cell) : cell;
      }
      records.push(record);
    }
    if (records.length > 0) yield records;
  }
}

/** `\r\n` as `\n`, whatever stands in the file first. */
async function* withPlainLineEnds(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isHeld = false;
  for await (const part of bytes) {
    if (!isHeld && !part.includes(13)) {
      yield part;
      continue;
    }
    const out = new Uint8Array(part.length + 1);
    let at = 0;
    for (const byte of part) {
      if (isHeld && byte !== 10) out[at++] = 13;
      isHeld = byte === 13;
      if (!isHeld) out[at++] = byte;
    }
    yield out.subarray(0, at);
  }
  if (isHeld) yield Uint8Array.of(13);
}

/** Columns of one name get the number of their place, so that none is lost. */
function distinct(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.map((name, i) => {
    const plain = name.trim() === "" ? `_c${i}` : name.replace(/^\uFEFF/, "");
    const own = seen.has(plain) ? `${plain}_${i}` : plain;
    seen.add(own);
    return own;
  });
}

function typed(cell: string): unknown {
  if (cell === "") return null;
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(cell)) {
    // A number that starts with 0 is a code, and one of many digits would lose some.
    if (/^[+-]?0\d/.test(cell)) return cell;
    const number = Number(cell);
    if (/^[+-]?\d+$/.test(cell) && !Number.isSafeInteger(number)) return BigInt(cell);
    return number;
  }
  return cell === "true" ? true : cell === "false" ? false : cell;
}

async function* parquetRecords(content: Blob, batchSize: number): AsyncGenerator<FileRecord[]> {
  const { parquetMetadataAsync, parquetReadObjects } = await import("hyparquet");
  const { compressors } = await import("hyparquet-compressors");
  const file = {
    byteLength: content.size,
    slice: (start: number, end?: number) => content.slice(start, end).arrayBuffer(),
  };
  const metadata = await parquetMetadataAsync(file);
  let rowStart = 0;
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(num_rows);
    const rows = await parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd });
    for (let at = 0; at < rows.length; at += batchSize) yield rows.slice(at, at + batchSize) as FileRecord[];
    rowStart = rowEnd;
  }
}

function asRecord(value: unknown, name: string): FileRecord {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as FileRecord;
  throw new LakeletError(
    "corrupt",
    `${name} holds a value that is no record: ${JSON.stringify(value)?.slice(0, 80)}`,
  );
}
