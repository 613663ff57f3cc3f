import type { DataType, StructType } from "../types/data-type.ts";
import { toJson } from "../types/json.ts";
import type { GeneratedBatch, LeafColumn } from "./generated-columns.ts";
import { ThriftWriter } from "./thrift-writer.ts";

const MAGIC = new TextEncoder().encode("PAR1");

/** Parquet's numbers for its types, encodings and the like. */
const BOOLEAN = 0;
const INT32 = 1;
const INT64 = 2;
const DOUBLE = 5;
const BYTE_ARRAY = 6;
const OPTIONAL = 1;
const PLAIN = 0;
const RLE = 3;
const RLE_DICTIONARY = 8;
const DATA_PAGE = 0;
const DICTIONARY_PAGE = 2;
const UTF8 = 0;
const DATE = 6;
const TIMESTAMP_MICROS = 10;

interface ColumnChunk {
  readonly column: LeafColumn;
  readonly dictionaryOffset: number | undefined;
  readonly dataOffset: number;
  readonly sizeBytes: number;
}

/**
 * A batch as a Parquet file of one row group: few-valued columns by dictionary, the rest plain, nothing compressed.
 * The columns come as Parquet wants them, so this takes a fraction of what a general encoder does.
 */
export function encodeParquet(batch: GeneratedBatch, schema: StructType): Uint8Array {
  const parts: Uint8Array[] = [MAGIC];
  let offset = MAGIC.length;
  const put = (bytes: Uint8Array): void => {
    parts.push(bytes);
    offset += bytes.length;
  };
  const chunks = batch.columns.map((column): ColumnChunk => {
    const start = offset;
    const { values } = column;
    let dictionaryOffset: number | undefined;
    if (values.kind === "dictionary") {
      dictionaryOffset = offset;
      const page = plainDictionary(values.values);
      put(pageHeader(DICTIONARY_PAGE, page.length, values.values.length));
      put(page);
    }
    const dataOffset = offset;
    const page = dataPage(column, batch.rowCount);
    put(
      pageHeader(
        DATA_PAGE,
        page.length,
        batch.rowCount,
        values.kind === "dictionary" ? RLE_DICTIONARY : PLAIN,
      ),
    );
    put(page);
    return { column, dictionaryOffset, dataOffset, sizeBytes: offset - start };
  });
  const metadata = footer(batch.rowCount, schema, chunks);
  put(metadata);
  const tail = new Uint8Array(8);
  new DataView(tail.buffer).setUint32(0, metadata.length, true);
  tail.set(MAGIC, 4);
  put(tail);
  const file = new Uint8Array(offset);
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

function pageHeader(type: number, size: number, valueCount: number, encoding: number = PLAIN): Uint8Array {
  const thrift = new ThriftWriter().i32(1, type).i32(2, size).i32(3, size);
  if (type === DICTIONARY_PAGE) thrift.struct(7, () => thrift.i32(1, valueCount).i32(2, PLAIN));
  else thrift.struct(5, () => thrift.i32(1, valueCount).i32(2, encoding).i32(3, RLE).i32(4, RLE));
  return thrift.end();
}

function dataPage(column: LeafColumn, rowCount: number): Uint8Array {
  const depth = column.path.length;
  const levels = encodeLevels(column.levels, depth, rowCount);
  const values = encodeValues(column, rowCount);
  const page = new Uint8Array(4 + levels.length + values.length);
  new DataView(page.buffer).setUint32(0, levels.length, true);
  page.set(levels, 4);
  page.set(values, 4 + levels.length);
  return page;
}

/** How deep each value is there: one run where all are, else bit-packed. */
function encodeLevels(levels: Uint8Array | undefined, depth: number, rowCount: number): Uint8Array {
  if (levels === undefined) return Uint8Array.from([...varint(rowCount * 2), depth]);
  return bitPacked(levels, rowCount, bitWidth(depth));
}

function encodeValues({ values, levels, path }: LeafColumn, rowCount: number): Uint8Array {
  const depth = path.length;
  const isThere = (row: number): boolean => levels === undefined || levels[row] === depth;
  let count = rowCount;
  if (levels !== undefined) for (let row = 0; row < rowCount; row++) if (!isThere(row)) count--;
  switch (values.kind) {
    case "dictionary": {
      const width = Math.max(1, bitWidth(values.values.length - 1));
      const packed = bitPacked(there(values.codes, isThere, count), count, width);
      const out = new Uint8Array(1 + packed.length);
      out[0] = width;
      out.set(packed, 1);
      return out;
    }
    case "int32":
      return bytesOf(there(values.values, isThere, count));
    case "double":
      return bytesOf(there(values.values, isThere, count));
    case "int64": {
      const out = new Int32Array(count * 2);
      for (let row = 0, at = 0; row < rowCount; row++) {
        if (!isThere(row)) continue;
        out[at++] = values.low[row] as number;
        out[at++] = values.high[row] as number;
      }
      return bytesOf(out);
    }
    case "boolean": {
      const out = new Uint8Array(Math.ceil(count / 8));
      for (let row = 0, at = 0; row < rowCount; row++) {
        if (!isThere(row)) continue;
        if (values.values[row] === 1) out[at >> 3]! |= 1 << (at & 7);
        at++;
      }
      return out;
    }
    case "text": {
      const { width, bytes } = values;
      const out = new Uint8Array(count * (width + 4));
      for (let row = 0, at = 0; row < rowCount; row++) {
        if (!isThere(row)) continue;
        out[at] = width & 255;
        out[at + 1] = width >> 8;
        const from = row * width;
        for (let i = 0; i < width; i++) out[at + 4 + i] = bytes[from + i] as number;
        at += width + 4;
      }
      return out;
    }
  }
}

function there<A extends Uint16Array | Int32Array | Float64Array>(
  values: A,
  isThere: (row: number) => boolean,
  count: number,
): A {
  if (count === values.length) return values;
  const out = new (values.constructor as new (length: number) => A)(count);
  for (let row = 0, at = 0; row < values.length; row++) if (isThere(row)) out[at++] = values[row] as number;
  return out;
}

function bytesOf(values: Int32Array | Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** One run of bit-packed values: groups of eight, the last filled up with zeros. */
function bitPacked(values: ArrayLike<number>, count: number, width: number): Uint8Array {
  const groups = Math.ceil(count / 8);
  const header = varint(groups * 2 + 1);
  const out = new Uint8Array(header.length + groups * width);
  out.set(header);
  let at = header.length;
  let bits = 0;
  let held = 0;
  for (let i = 0; i < count; i++) {
    bits |= (values[i] as number) << held;
    held += width;
    while (held >= 8) {
      out[at++] = bits;
      bits >>>= 8;
      held -= 8;
    }
  }
  if (held > 0) out[at] = bits;
  return out;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}

function bitWidth(largest: number): number {
  return 32 - Math.clz32(largest);
}

function plainDictionary(values: readonly (string | number)[]): Uint8Array {
  if (typeof values[0] === "number")
    return new Uint8Array(Float64Array.from(values as readonly number[]).buffer);
  const texts = values.map((value) => new TextEncoder().encode(value as string));
  const out = new Uint8Array(texts.reduce((size, text) => size + 4 + text.length, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const text of texts) {
    view.setUint32(at, text.length, true);
    out.set(text, at + 4);
    at += 4 + text.length;
  }
  return out;
}

function footer(rowCount: number, schema: StructType, chunks: readonly ColumnChunk[]): Uint8Array {
  const size = chunks.reduce((sum, chunk) => sum + chunk.sizeBytes, 0);
  const thrift = new ThriftWriter();
  thrift
    .i32(1, 1)
    .list(2, "struct", schemaElements(schema), (element) => writeElement(thrift, element))
    .i64(3, rowCount)
    .list(4, "struct", [chunks], (group) =>
      thrift
        .list(1, "struct", group, (chunk) => writeChunk(thrift, chunk, rowCount))
        .i64(2, size)
        .i64(3, rowCount),
    )
    .list(
      5,
      "struct",
      [
        ["org.apache.spark.version", "4.3.0"],
        ["org.apache.spark.sql.parquet.row.metadata", JSON.stringify(toJson(schema))],
      ] as const,
      ([key, value]) => thrift.text(1, key).text(2, value),
    )
    .text(6, "lakelet");
  return thrift.end();
}

function writeChunk(thrift: ThriftWriter, chunk: ColumnChunk, rowCount: number): void {
  const { column, dictionaryOffset, dataOffset, sizeBytes } = chunk;
  const encodings = column.values.kind === "dictionary" ? [PLAIN, RLE, RLE_DICTIONARY] : [PLAIN, RLE];
  thrift.i64(2, dictionaryOffset ?? dataOffset).struct(3, () => {
    thrift
      .i32(1, physicalType(column))
      .list(2, "i32", encodings, () => {})
      .list(3, "text", column.path, () => {})
      .i32(4, 0)
      .i64(5, rowCount)
      .i64(6, sizeBytes)
      .i64(7, sizeBytes)
      .i64(9, dataOffset);
    if (dictionaryOffset !== undefined) thrift.i64(11, dictionaryOffset);
    thrift.struct(12, () => thrift.i64(3, column.nullCount));
  });
}

function physicalType({ values }: LeafColumn): number {
  switch (values.kind) {
    case "dictionary":
      return typeof values.values[0] === "number" ? DOUBLE : BYTE_ARRAY;
    case "text":
      return BYTE_ARRAY;
    case "int32":
      return INT32;
    case "int64":
      return INT64;
    case "double":
      return DOUBLE;
    case "boolean":
      return BOOLEAN;
  }
}

interface Element {
  readonly name: string;
  readonly type: DataType | undefined;
  readonly children: number;
}

function schemaElements(schema: StructType): readonly Element[] {
  const elements: Element[] = [{ name: "spark_schema", type: undefined, children: schema.fields.length }];
  const add = (fields: StructType["fields"]): void => {
    for (const { name, dataType } of fields) {
      const children = dataType.kind === "struct" ? dataType.fields : [];
      elements.push({ name, type: dataType, children: children.length });
      add(children);
    }
  };
  add(schema.fields);
  return elements;
}

function writeElement(thrift: ThriftWriter, { name, type, children }: Element): void {
  const leaf = type === undefined ? undefined : LEAF_TYPES[type.kind];
  if (leaf !== undefined) thrift.i32(1, leaf.physical);
  if (type !== undefined) thrift.i32(3, OPTIONAL);
  thrift.text(4, name);
  if (children > 0) thrift.i32(5, children);
  if (leaf?.converted !== undefined) thrift.i32(6, leaf.converted);
  if (type?.kind === "timestamp") {
    // An instant: adjusted to UTC, in microseconds.
    thrift.struct(10, () =>
      thrift.struct(8, () => thrift.bool(1, true).struct(2, () => thrift.struct(2, () => {}))),
    );
  }
}

const LEAF_TYPES: Readonly<
  Partial<Record<DataType["kind"], { readonly physical: number; readonly converted?: number }>>
> = {
  string: { physical: BYTE_ARRAY, converted: UTF8 },
  integer: { physical: INT32 },
  long: { physical: INT64 },
  double: { physical: DOUBLE },
  boolean: { physical: BOOLEAN },
  timestamp: { physical: INT64, converted: TIMESTAMP_MICROS },
  date: { physical: INT32, converted: DATE },
};
