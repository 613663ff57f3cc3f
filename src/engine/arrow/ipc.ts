import { FlatBuilder, TableReader } from "./flatbuffer.ts";
import { type ArrowField, type ArrowSchema, readSchema, writeSchema } from "./schema.ts";

const CONTINUATION = 0xffffffff;
const METADATA_V5 = 4;

/** End of stream. */
export const END_OF_STREAM: Uint8Array = new Uint8Array([255, 255, 255, 255, 0, 0, 0, 0]);

/** One message of an IPC stream, found but not decoded. */
export type IpcMessage =
  | { readonly kind: "schema"; readonly header: TableReader; readonly bytes: Uint8Array }
  | {
      readonly kind: "batch" | "dictionary";
      readonly header: TableReader;
      readonly body: Uint8Array;
      /** The whole message, framing included. */
      readonly bytes: Uint8Array;
    };

/** A column of a record batch: Arrow's buffers as they are, nothing copied. */
export interface ArrowColumn {
  readonly field: ArrowField;
  readonly length: number;
  readonly nullCount: number;
  /** One bit a value, 1 for present; absent when nothing is null. */
  readonly validity?: Uint8Array;
  /** Offsets and data, without the validity. */
  readonly buffers: readonly Uint8Array[];
  readonly children: readonly ArrowColumn[];
  /** The values that the indexes in `buffers` point to. */
  readonly dictionary?: ArrowColumn;
}

export interface ArrowBatch {
  readonly schema: ArrowSchema;
  readonly length: number;
  readonly columns: readonly ArrowColumn[];
}

/**
 * The messages of one or several IPC streams that follow one another. End-of-stream marks are passed over; bytes that
 * end within a message are an error.
 */
export function* messagesOf(bytes: Uint8Array): Generator<IpcMessage> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at + 4 <= bytes.length) {
    const start = at;
    let size = view.getUint32(at, true);
    at += 4;
    if (size === CONTINUATION) {
      if (at + 4 > bytes.length) throw truncated();
      size = view.getUint32(at, true);
      at += 4;
    }
    if (size === 0) continue;
    if (at + size > bytes.length) throw truncated();
    const message = TableReader.root(bytes.subarray(at, at + size));
    at += size;
    const bodyLength = message.long(3);
    if (at + bodyLength > bytes.length) throw truncated();
    const header = message.table(2);
    if (header === undefined) throw new TypeError("an Arrow message without header");
    const body = bytes.subarray(at, at + bodyLength);
    at += bodyLength;
    const whole = bytes.subarray(start, at);
    const type = message.uint8(1);
    if (type === 1) yield { kind: "schema", header, bytes: whole };
    else if (type === 2) yield { kind: "dictionary", header, body, bytes: whole };
    else if (type === 3) yield { kind: "batch", header, body, bytes: whole };
    else throw new TypeError(`Arrow messages of type ${type} are not supported`);
  }
}

function truncated(): TypeError {
  return new TypeError("the Arrow stream ends within a message");
}

/** Number of rows of a batch message, without decoding it. */
export function rowCountOf(message: IpcMessage): number {
  return message.kind === "batch" ? message.header.long(0) : 0;
}

/** Schema of the first stream in these bytes. */
export function schemaOf(bytes: Uint8Array): ArrowSchema {
  for (const message of messagesOf(bytes)) {
    if (message.kind === "schema") return readSchema(message.header);
  }
  throw new TypeError("an Arrow stream without schema");
}

/** Decodes all record batches of one or several streams; buffers are views into `bytes`. */
export function* batchesOf(bytes: Uint8Array): Generator<ArrowBatch> {
  let schema: ArrowSchema | undefined;
  let dictionaries = new Map<number, ArrowColumn>();
  for (const message of messagesOf(bytes)) {
    if (message.kind === "schema") {
      schema = readSchema(message.header);
      dictionaries = new Map();
      continue;
    }
    if (schema === undefined) throw new TypeError("an Arrow batch before its schema");
    if (message.kind === "dictionary") {
      const id = message.header.long(0);
      const data = message.header.table(1);
      const field = dictionaryField(schema.fields, id);
      if (data === undefined || field === undefined)
        throw new TypeError(`an Arrow dictionary ${id} without use`);
      if (message.header.uint8(2) !== 0) throw new TypeError("Arrow delta dictionaries are not supported");
      const [column] = readColumns([field], data, message.body, dictionaries);
      dictionaries.set(id, column as ArrowColumn);
    } else {
      const columns = readColumns(schema.fields, message.header, message.body, dictionaries);
      yield { schema, length: message.header.long(0), columns };
    }
  }
}

/** The field whose values make up a dictionary: the encoded field without its encoding. */
function dictionaryField(fields: readonly ArrowField[], id: number): ArrowField | undefined {
  for (const field of fields) {
    if (field.dictionary?.id === id) {
      const { dictionary: _, ...values } = field;
      return values;
    }
    const inner = dictionaryField(field.children, id);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function readColumns(
  fields: readonly ArrowField[],
  header: TableReader,
  body: Uint8Array,
  dictionaries: ReadonlyMap<number, ArrowColumn>,
): ArrowColumn[] {
  if (header.table(3) !== undefined) throw new TypeError("compressed Arrow batches are not supported");
  const nodes = header.longs(1, 2);
  const regions = header.longs(2, 2);
  const variadic = header.longs(4);
  let node = 0;
  let region = 0;
  let view = 0;
  const nextBuffer = (): Uint8Array => {
    const offset = regions[region] as number;
    const length = regions[region + 1] as number;
    region += 2;
    return aligned(body.subarray(offset, offset + length));
  };
  const read = (field: ArrowField): ArrowColumn => {
    const length = nodes[node] as number;
    const nullCount = nodes[node + 1] as number;
    node += 2;
    const base = { field, length, nullCount };
    if (field.type.kind === "null") return { ...base, nullCount: length, buffers: [], children: [] };
    if (field.type.kind === "runEndEncoded") {
      return { ...base, nullCount: 0, buffers: [], children: field.children.map(read) };
    }
    const bitmap = nextBuffer();
    const validity = nullCount === 0 || bitmap.length === 0 ? {} : { validity: bitmap };
    if (field.dictionary !== undefined) {
      const dictionary = dictionaries.get(field.dictionary.id);
      const buffers = [nextBuffer()];
      const values = dictionary === undefined ? {} : { dictionary };
      return { ...base, ...validity, buffers, children: [], ...values };
    }
    const kind = field.type.kind;
    const count =
      ownBuffers(kind) + (kind === "utf8View" || kind === "binaryView" ? (variadic[view++] ?? 0) : 0);
    const buffers = Array.from({ length: count }, nextBuffer);
    return { ...base, ...validity, buffers, children: field.children.map(read) };
  };
  return fields.map(read);
}

/** Buffers of a type beside its validity; those of a view's data are counted in the batch. */
function ownBuffers(kind: ArrowField["type"]["kind"]): number {
  switch (kind) {
    case "struct":
    case "fixedSizeList":
      return 0;
    case "utf8":
    case "binary":
    case "largeUtf8":
    case "largeBinary":
    case "listView":
    case "largeListView":
      return 2;
    default:
      return 1;
  }
}

/** The same bytes where typed arrays of eight bytes may begin. */
function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
}

/** A schema as a whole message. */
export function encodeSchema(schema: ArrowSchema): Uint8Array {
  const builder = new FlatBuilder();
  const header = writeSchema(builder, schema);
  return framed(finishMessage(builder, 1, header, 0));
}

/** A record batch as a whole message, with buffers aligned to eight bytes. */
export function encodeBatch(length: number, columns: readonly ArrowColumn[]): Uint8Array {
  return concatBytes(encodeBatchParts(length, columns));
}

/** The same in parts, of which the larger ones are the columns' own buffers: nothing is copied. */
export function encodeBatchParts(length: number, columns: readonly ArrowColumn[]): Uint8Array[] {
  const { parts, size, build } = layOut(length, columns);
  const builder = new FlatBuilder();
  return [framed(finishMessage(builder, 3, build(builder), size)), ...parts];
}

/** The dictionaries of a batch's columns as messages that precede it, in parts. */
export function encodeDictionaryParts(columns: readonly ArrowColumn[]): Uint8Array[] {
  const messages: Uint8Array[] = [];
  const visit = (column: ArrowColumn): void => {
    for (const child of column.children) visit(child);
    const { dictionary } = column;
    if (dictionary === undefined) return;
    visit(dictionary);
    const { parts, size, build } = layOut(dictionary.length, [dictionary]);
    const builder = new FlatBuilder();
    const data = build(builder);
    builder.startTable(3);
    builder.long(0, column.field.dictionary?.id ?? 0);
    builder.reference(1, data);
    messages.push(framed(finishMessage(builder, 2, builder.endTable(), size)), ...parts);
  };
  for (const column of columns) visit(column);
  return messages;
}

interface BatchLayout {
  readonly parts: readonly Uint8Array[];
  readonly size: number;
  /** Writes the table that describes the batch; its offset. */
  readonly build: (builder: FlatBuilder) => number;
}

function layOut(length: number, columns: readonly ArrowColumn[]): BatchLayout {
  const nodes: number[] = [];
  const regions: number[] = [];
  const variadic: number[] = [];
  const parts: Uint8Array[] = [];
  let size = 0;
  const addBuffer = (bytes: Uint8Array): void => {
    regions.push(size, bytes.length);
    if (bytes.length === 0) return;
    parts.push(bytes);
    const rest = padded(bytes.length) - bytes.length;
    if (rest > 0) parts.push(PADDING.subarray(0, rest));
    size += padded(bytes.length);
  };
  const add = (column: ArrowColumn): void => {
    nodes.push(column.length, column.nullCount);
    const { kind } = column.field.type;
    if (kind === "null") return;
    if (kind !== "runEndEncoded") addBuffer(column.validity ?? EMPTY);
    if (column.field.dictionary === undefined && (kind === "utf8View" || kind === "binaryView")) {
      variadic.push(column.buffers.length - 1);
    }
    for (const buffer of column.buffers) addBuffer(buffer);
    for (const child of column.children) add(child);
  };
  for (const column of columns) add(column);
  const build = (builder: FlatBuilder): number => {
    const variadicCounts = variadic.length === 0 ? 0 : builder.longs(variadic, 1);
    const buffers = builder.longs(regions, 2);
    const fieldNodes = builder.longs(nodes, 2);
    builder.startTable(5);
    builder.long(0, length);
    builder.reference(1, fieldNodes);
    builder.reference(2, buffers);
    if (variadicCounts !== 0) builder.reference(4, variadicCounts);
    return builder.endTable();
  };
  return { parts, size, build };
}

const PADDING = new Uint8Array(8);
const EMPTY = new Uint8Array(0);

function finishMessage(builder: FlatBuilder, type: number, header: number, bodyLength: number): Uint8Array {
  builder.startTable(5);
  builder.long(3, bodyLength);
  builder.reference(2, header);
  builder.int16(0, METADATA_V5);
  builder.uint8(1, type);
  return builder.finish(builder.endTable());
}

/** Metadata with the marks that make it a message; the body follows it. */
function framed(metadata: Uint8Array): Uint8Array {
  const length = padded(metadata.length);
  const bytes = new Uint8Array(8 + length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, CONTINUATION, true);
  view.setInt32(4, length, true);
  bytes.set(metadata, 8);
  return bytes;
}

function padded(length: number): number {
  return (length + 7) & ~7;
}

/** A whole stream: schema, the given messages, end-of-stream. */
export function streamOf(schema: Uint8Array, messages: readonly Uint8Array[]): Uint8Array {
  return concatBytes([schema, ...messages, END_OF_STREAM]);
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
