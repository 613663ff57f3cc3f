import type { SchemaElement } from "hyparquet";
import { LakeletError } from "../../errors/lakelet-error.ts";
import { unsupported } from "../../errors/spark-error.ts";
import type { FileKind } from "./file-format.ts";
import type { FileRecord } from "./read-records.ts";
import { type ColumnType, fitted, type RecordSchema, schemaOfRecords } from "./record-schema.ts";

export interface WriteFileOptions {
  /** CSV: what is between cells (`,`; a tab in TSV), and whether the first line has the names (default true). */
  readonly delimiter?: string;
  readonly header?: boolean;
  /** Parquet: `snappy` (the default) or `uncompressed`. */
  readonly codec?: "snappy" | "uncompressed";
  /** Records by which types and columns are known (default 1,000; 0: all, which holds them). */
  readonly scanLimit?: number;
  /** Structs become columns `a.b`. */
  readonly flatten?: boolean;
  /** Parquet: rows of a row group (default 100,000). */
  readonly rowGroupSize?: number;
  /** Is told the columns of a format that has types, before the first record is written. */
  readonly onSchema?: (schema: RecordSchema) => void;
}

const SCAN_LIMIT = 1_000;
const ROW_GROUP_SIZE = 100_000;

/** A file as it is written: bytes as they come, and the rest at the end. */
export interface RecordEncoder {
  write(records: readonly FileRecord[]): Uint8Array[];
  end(): Uint8Array[];
}

/** The bytes of a file of these records. */
export async function* encodeRecords(
  batches: AsyncIterable<readonly FileRecord[]>,
  name: string,
  kind: FileKind,
  options: WriteFileOptions = {},
): AsyncGenerator<Uint8Array> {
  const bytes = encoded(batches, name, kind, options);
  switch (kind.compression) {
    case "none":
      yield* bytes;
      return;
    case "zstd":
      throw unsupported(`writing files compressed as zstd (${name})`);
    default:
      yield* compressed(bytes, kind.compression);
  }
}

async function* encoded(
  batches: AsyncIterable<readonly FileRecord[]>,
  name: string,
  kind: FileKind,
  options: WriteFileOptions,
): AsyncGenerator<Uint8Array> {
  const { scanLimit = SCAN_LIMIT, flatten = false } = options;
  const needsSchema = kind.format !== "jsonl" && kind.format !== "json";
  let held: FileRecord[] = [];
  let encoder: RecordEncoder | undefined = needsSchema ? undefined : await encoderOf(kind, name, [], options);
  for await (const batch of batches) {
    const records = flatten ? batch.map(flattened) : batch;
    if (encoder !== undefined) {
      yield* encoder.write(records);
      continue;
    }
    for (const record of records) held.push(record);
    if (scanLimit > 0 && held.length >= scanLimit) {
      encoder = await encoderOf(kind, name, held, options);
      yield* encoder.write(held);
      held = [];
    }
  }
  if (encoder === undefined) {
    encoder = await encoderOf(kind, name, held, options);
    yield* encoder.write(held);
  }
  yield* encoder.end();
}

async function encoderOf(
  kind: FileKind,
  name: string,
  known: readonly FileRecord[],
  options: WriteFileOptions,
): Promise<RecordEncoder> {
  switch (kind.format) {
    case "csv":
    case "tsv":
      return csvEncoder(
        name,
        columnsOf(known),
        options.delimiter ?? (kind.format === "tsv" ? "\t" : ","),
        options,
      );
    case "jsonl":
      return linesEncoder("", "", "\n");
    case "json":
      return linesEncoder("[", "]", ",\n");
    case "parquet": {
      const schema = schemaOfRecords(known, name);
      options.onSchema?.(schema);
      return parquetEncoder(schema, name, options);
    }
    case "arrow":
      return arrowEncoder(schemaOfRecords(known, name), name);
    case "delta":
      throw unsupported(`writing the Delta table ${name} as a file`);
  }
}

function columnsOf(records: readonly FileRecord[]): readonly string[] {
  const names = new Set<string>();
  for (const record of records) for (const name in record) names.add(name);
  return [...names];
}

function csvEncoder(
  name: string,
  columns: readonly string[],
  delimiter: string,
  { header = true }: WriteFileOptions,
): RecordEncoder {
  const known = new Set(columns);
  const special = new RegExp(`["\\r\\n${delimiter.replace(/[\\\]^-]/g, "\\$&")}]`);
  const cell = (value: unknown): string => {
    if (value === null || value === undefined) return "";
    const text = typeof value === "string" ? value : textOf(value);
    // An empty text is told from a null by its quotes.
    return text === "" || special.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const encoder = new TextEncoder();
  let isStarted = false;
  const start = (): string => {
    if (isStarted) return "";
    isStarted = true;
    return header && columns.length > 0 ? `${columns.map(cell).join(delimiter)}\n` : "";
  };
  return {
    write: (records) => {
      let text = start();
      for (const record of records) {
        for (const key in record) {
          if (known.has(key)) continue;
          throw new LakeletError(
            "corrupt",
            `${name}: the column ${key} appears after the records that were looked at; raise scanLimit, 0 looks at all`,
          );
        }
        for (let i = 0; i < columns.length; i++) {
          text += (i === 0 ? "" : delimiter) + cell(record[columns[i] as string]);
        }
        text += "\n";
      }
      return [encoder.encode(text)];
    },
    end: () => [encoder.encode(start())],
  };
}

function linesEncoder(before: string, after: string, between: string): RecordEncoder {
  const encoder = new TextEncoder();
  let count = 0;
  return {
    write: (records) => {
      let text = count === 0 ? before : "";
      for (const record of records) {
        text += (count++ === 0 ? "" : between) + JSON.stringify(record, jsonValue);
      }
      return [encoder.encode(text)];
    },
    end: () => [
      encoder.encode((count === 0 ? before : "") + after + (count > 0 || before !== "" ? "\n" : "")),
    ],
  };
}

/** Whole numbers beyond what JSON's readers hold exactly are texts, never rounded. */
function jsonValue(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Uint8Array) return base64(value);
  if (value instanceof Map) return Object.fromEntries(value);
  return value;
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return base64(value);
  return typeof value === "object" ? JSON.stringify(value, jsonValue) : String(value);
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

async function parquetEncoder(
  schema: RecordSchema,
  name: string,
  { codec = "snappy", rowGroupSize = ROW_GROUP_SIZE }: WriteFileOptions,
): Promise<RecordEncoder> {
  const { ByteWriter, ParquetWriter } = await import("hyparquet-writer");
  const elements: SchemaElement[] = [{ name: "schema", num_children: schema.size }];
  for (const [key, type] of schema) addElements(elements, key, type);
  const writer = new ByteWriter();
  const parquet = new ParquetWriter({
    writer,
    schema: elements,
    codec: codec === "snappy" ? "SNAPPY" : "UNCOMPRESSED",
  });
  let columns = newColumns(schema);
  let rows = 0;
  let count = 0;
  const flush = (): void => {
    if (rows === 0 && count > 0) return;
    parquet.write({
      columnData: [...columns].map(([key, data]) => ({ name: key, data })),
      rowGroupSize: Math.max(1, rows),
    });
    columns = newColumns(schema);
    rows = 0;
  };
  return {
    write: (records) => {
      for (const record of records) {
        append(columns, schema, record, `${name}: record ${count++}, column`);
        if (++rows === rowGroupSize) flush();
      }
      return [];
    },
    end: () => {
      flush();
      parquet.finish();
      return [writer.getBytes()];
    },
  };
}

function newColumns(schema: RecordSchema): Map<string, unknown[]> {
  return new Map([...schema.keys()].map((key) => [key, []]));
}

function append(
  columns: Map<string, unknown[]>,
  schema: RecordSchema,
  record: FileRecord,
  where: string,
): void {
  for (const [key, data] of columns)
    data.push(fitted(record[key], schema.get(key) as ColumnType, `${where} ${key}`));
  for (const key in record) {
    if (!schema.has(key)) {
      throw new LakeletError(
        "corrupt",
        `${where} ${key} appears after the records that were looked at; raise scanLimit, 0 looks at all`,
      );
    }
  }
}

function addElements(out: SchemaElement[], name: string, type: ColumnType): void {
  const base = { name, repetition_type: "OPTIONAL" as const };
  switch (type.kind) {
    case "boolean":
      out.push({ ...base, type: "BOOLEAN" });
      return;
    case "long":
      out.push({ ...base, type: "INT64" });
      return;
    case "double":
      out.push({ ...base, type: "DOUBLE" });
      return;
    case "string":
      out.push({ ...base, type: "BYTE_ARRAY", converted_type: "UTF8" });
      return;
    case "timestamp":
      out.push({
        ...base,
        type: "INT64",
        converted_type: "TIMESTAMP_MICROS",
        logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" },
      });
      return;
    case "binary":
      out.push({ ...base, type: "BYTE_ARRAY" });
      return;
    case "list":
      out.push({ ...base, converted_type: "LIST", num_children: 1 });
      out.push({ name: "list", repetition_type: "REPEATED", num_children: 1 });
      addElements(out, "element", type.element);
      return;
    case "struct":
      out.push({ ...base, num_children: type.fields.size });
      for (const [key, field] of type.fields) addElements(out, key, field);
  }
}

async function arrowEncoder(schema: RecordSchema, name: string): Promise<RecordEncoder> {
  const arrow = await import("apache-arrow");
  const typeOf = (type: ColumnType): InstanceType<typeof arrow.DataType> => {
    switch (type.kind) {
      case "boolean":
        return new arrow.Bool();
      case "long":
        return new arrow.Int64();
      case "double":
        return new arrow.Float64();
      case "string":
        return new arrow.Utf8();
      case "timestamp":
        return new arrow.TimestampMillisecond("UTC" as never);
      case "binary":
        return new arrow.Binary();
      case "list":
        return new arrow.List(new arrow.Field("element", typeOf(type.element), true));
      case "struct":
        return new arrow.Struct(
          [...type.fields].map(([key, field]) => new arrow.Field(key, typeOf(field), true)),
        );
    }
  };
  const fields = [...schema].map(([key, type]) => new arrow.Field(key, typeOf(type), true));
  const writer = new arrow.RecordBatchFileWriter();
  let count = 0;
  const batchOf = (records: readonly FileRecord[]) => {
    const columns = newColumns(schema);
    for (const record of records) append(columns, schema, record, `${name}: record ${count++}, column`);
    const children = [...columns.values()].map((data, i) => {
      const type = fields[i]?.type as InstanceType<typeof arrow.DataType>;
      return arrow.vectorFromArray(data as never[], type as never).data[0];
    });
    const data = arrow.makeData({
      type: new arrow.Struct(fields),
      length: records.length,
      nullCount: 0,
      children: children as never[],
    });
    return new arrow.RecordBatch(new arrow.Schema(fields), data as never);
  };
  return {
    write: (records) => {
      if (records.length > 0) writer.write(batchOf(records));
      return [];
    },
    end: () => {
      if (count === 0) writer.write(batchOf([]));
      writer.finish();
      return [writer.toUint8Array(true)];
    },
  };
}

/** Structs as columns of their own: `{ a: { b: 1 } }` is `{ "a.b": 1 }`. */
export function flattened(record: FileRecord): FileRecord {
  const flat: FileRecord = {};
  const pending: [string, unknown][] = Object.entries(record).reverse();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [name, value] = next;
    const isStruct =
      typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
    if (!isStruct) flat[name] = value;
    else for (const [key, item] of Object.entries(value).reverse()) pending.push([`${name}.${key}`, item]);
  }
  return flat;
}

async function* compressed(
  bytes: AsyncIterable<Uint8Array>,
  compression: "gzip" | "deflate",
): AsyncGenerator<Uint8Array> {
  const stream = new CompressionStream(compression);
  const writer = stream.writable.getWriter();
  const feeding = (async () => {
    try {
      for await (const part of bytes) await writer.write(part as Uint8Array<ArrayBuffer>);
      await writer.close();
    } catch (error) {
      await writer.abort(error).catch(() => {});
      throw error;
    }
  })();
  feeding.catch(() => {});
  const reader = stream.readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
  } catch (error) {
    await feeding;
    throw error;
  }
  await feeding;
}
