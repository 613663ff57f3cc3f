import { type FileMetaData, parquetMetadata, type SchemaElement } from "hyparquet";
import { EngineError, messageOf } from "../failure.ts";
import { footerWithInt96AsBytes } from "./int96-footer.ts";
import type { ParquetFileHandle, ParquetTable, ParquetWasm } from "./parquet-wasm.ts";

/** Files up to this size are read with one request. */
const SMALL_FILE_BYTES = 1 << 20;
/** What is read of the end of a larger file at first: most footers fit. */
const FOOTER_GUESS_BYTES = 64 * 1024;
/** A row group of DuckDB's, so that a batch fills one. */
const ROWS_PER_BATCH = 122_880;
const TRAILER_BYTES = 8;

/** An open Parquet file: what its footer says, and its column chunks as Arrow. */
export interface ParquetFile {
  readonly metadata: FileMetaData;
  readonly rowGroupRows: readonly number[];
  /** Bytes of the file that are kept in memory. */
  readonly heldBytes: number;
  /** Reads top-level columns of a row group: an Arrow IPC stream for each batch. */
  read(rowGroup: number, columns: readonly string[]): AsyncGenerator<Uint8Array>;
  free(): void;
}

export interface OpenParquetOptions {
  readonly path: string;
  /** Called with the number of bytes that a request read. */
  readonly onRead?: (bytes: number) => void;
}

export async function openParquet(
  wasm: ParquetWasm,
  blob: Blob,
  { path, onRead = () => {} }: OpenParquetOptions,
): Promise<ParquetFile> {
  const size = blob.size;
  const small = size <= SMALL_FILE_BYTES ? await bytesOf(blob, 0, size) : undefined;
  if (small !== undefined) onRead(size);
  const footer = await readFooter(blob, small, path, onRead);
  const metadata = guarded(path, () => parquetMetadata(toBuffer(footer)));
  const { blob: readable, bytes } = withoutInt96(metadata, blob, small, footer);
  let handle: ParquetFileHandle | undefined;
  return {
    metadata,
    rowGroupRows: metadata.row_groups.map((g) => Number(g.num_rows)),
    heldBytes: bytes?.length ?? 0,
    async *read(rowGroup, columns) {
      const options = { columns: [...columns], rowGroups: [rowGroup], batchSize: ROWS_PER_BATCH };
      let table: ParquetTable;
      try {
        if (bytes !== undefined) table = wasm.readParquet(bytes, options);
        else {
          handle ??= await wasm.ParquetFile.fromFile(readable);
          onRead(compressedBytes(metadata, rowGroup, columns));
          table = await handle.read(options);
        }
      } catch (error) {
        throw corrupt(path, error);
      }
      if (table.numBatches <= 1) {
        yield table.intoIPCStream();
        return;
      }
      const batches = table.recordBatches();
      table.free();
      try {
        while (batches.length > 0) yield (batches.shift() as (typeof batches)[number]).intoIPCStream();
      } finally {
        for (const batch of batches) batch.free();
      }
    },
    free: () => handle?.free(),
  };
}

/** Bytes of the column chunks that a read touches. */
function compressedBytes(metadata: FileMetaData, rowGroup: number, columns: readonly string[]): number {
  let sum = 0;
  for (const chunk of metadata.row_groups[rowGroup]?.columns ?? []) {
    const root = chunk.meta_data?.path_in_schema[0];
    if (root !== undefined && columns.includes(root))
      sum += Number(chunk.meta_data?.total_compressed_size ?? 0);
  }
  return sum;
}

/** The end of the file from the footer on, with its length and magic. */
async function readFooter(
  blob: Blob,
  small: Uint8Array | undefined,
  path: string,
  onRead: (bytes: number) => void,
): Promise<Uint8Array> {
  const size = blob.size;
  let tail = small;
  if (tail === undefined) {
    tail = await bytesOf(blob, size - FOOTER_GUESS_BYTES, size);
    onRead(tail.length);
  }
  if (tail.length < 12 || !isMagic(tail.subarray(tail.length - 4))) {
    throw corrupt(path, new Error("it does not end as a Parquet file does"));
  }
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  const needed = view.getUint32(tail.length - TRAILER_BYTES, true) + TRAILER_BYTES;
  if (needed > size)
    throw corrupt(path, new Error(`its footer says it has ${needed} bytes, the file has ${size}`));
  if (needed <= tail.length) return tail.subarray(tail.length - needed);
  onRead(needed);
  return bytesOf(blob, size - needed, size);
}

function isMagic(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x41 && bytes[2] === 0x52 && bytes[3] === 0x31;
}

function withoutInt96(
  metadata: FileMetaData,
  blob: Blob,
  small: Uint8Array | undefined,
  footer: Uint8Array,
): { readonly blob: Blob; readonly bytes?: Uint8Array } {
  if (!metadata.schema.some((element) => element.type === "INT96")) {
    return small === undefined ? { blob } : { blob, bytes: small };
  }
  const patched = footerWithInt96AsBytes(footer.subarray(0, footer.length - TRAILER_BYTES));
  const trailer = new Uint8Array([0, 0, 0, 0, 0x50, 0x41, 0x52, 0x31]);
  new DataView(trailer.buffer).setUint32(0, patched.length, true);
  const dataEnd = blob.size - footer.length;
  if (small === undefined) {
    return { blob: new Blob([blob.slice(0, dataEnd), patched as Uint8Array<ArrayBuffer>, trailer]) };
  }
  const bytes = new Uint8Array(dataEnd + patched.length + trailer.length);
  bytes.set(small.subarray(0, dataEnd));
  bytes.set(patched, dataEnd);
  bytes.set(trailer, dataEnd + patched.length);
  return { blob, bytes };
}

async function bytesOf(blob: Blob, start: number, end: number): Promise<Uint8Array> {
  return new Uint8Array(await blob.slice(Math.max(0, start), end).arrayBuffer());
}

function toBuffer(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer as ArrayBuffer;
}

function guarded<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw corrupt(path, error);
  }
}

export function corrupt(path: string, error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  return new EngineError(
    { kind: "corrupt", message: `not a readable Parquet file: ${messageOf(error)}`, path },
    { cause: error },
  );
}

/** The schema elements of the top-level columns. */
export function rootElements(metadata: FileMetaData): SchemaElement[] {
  const roots: SchemaElement[] = [];
  let at = 1;
  const skip = (): void => {
    const children = metadata.schema[at++]?.num_children ?? 0;
    for (let i = 0; i < children; i++) skip();
  };
  while (at < metadata.schema.length) {
    roots.push(metadata.schema[at] as SchemaElement);
    skip();
  }
  return roots;
}
