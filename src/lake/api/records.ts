import type { Compressors, FileMetaData, SchemaElement } from "hyparquet";
import { parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { DataType, StructField, StructType } from "../../types/data-type.ts";
import { simpleString } from "../../types/format.ts";
import { CorruptDataError } from "./errors.ts";

/** A row, by column: number or bigint, string, boolean, Uint8Array, Date for timestamps, `yyyy-MM-dd` for dates, text for decimals. */
export type TableRecord = Readonly<Record<string, unknown>>;

const ROWS_PER_GROUP = 100_000;
const MAX_STATISTICS_TEXT = 32;
const DAY_MS = 86_400_000;

/** A Parquet file of the records, with Delta's statistics. Partition columns are no part of the file. */
export function encodeRecords(
  records: readonly TableRecord[],
  fields: readonly StructField[],
): { readonly bytes: Uint8Array; readonly stats: string } {
  const schema: SchemaElement[] = [{ name: "spark_schema", num_children: fields.length }];
  const statistics = { numRecords: records.length, minValues: {}, maxValues: {}, nullCount: {} };
  const columnData = fields.map((f) => {
    schema.push(elementOf(f));
    const data = records.map((record) => stored(record[f.name], f));
    gather(statistics, f, data);
    return { name: f.name, data };
  });
  const bytes = new Uint8Array(
    parquetWriteBuffer({ schema, columnData, rowGroupSize: ROWS_PER_GROUP, statistics: true }),
  );
  return { bytes, stats: JSON.stringify({ ...statistics, tightBounds: true }) };
}

/** Checks records against the schema; says which record and column is wrong. */
export function checkRecords(records: readonly TableRecord[], schema: StructType): void {
  const known = new Set(schema.fields.map((f) => f.name));
  for (const [i, record] of records.entries()) {
    if (typeof record !== "object" || record === null) throw new TypeError(`record ${i} is no object`);
    for (const name of Object.keys(record)) {
      if (!known.has(name)) throw new TypeError(`record ${i} has a column ${name}, which the table has not`);
    }
    for (const f of schema.fields) {
      const value = record[f.name];
      if (value === null || value === undefined) {
        if (!f.nullable) throw new TypeError(`record ${i} has no ${f.name}, which is required`);
        continue;
      }
      try {
        stored(value, f);
      } catch (error) {
        throw new TypeError(`record ${i}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
}

export interface ReadOptions {
  /** By the names that the file has for them. */
  readonly columns: readonly { readonly name: string; readonly stored: string; readonly type: DataType }[];
  readonly deletedRows: readonly number[] | undefined;
}

/** The records of a file. A file that cannot be read as a whole is an error, never a part of its rows. */
export async function decodeRecords(
  bytes: Uint8Array,
  path: string,
  options: ReadOptions,
): Promise<TableRecord[]> {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  let rows: readonly Record<string, unknown>[];
  let metadata: FileMetaData;
  try {
    metadata = await parquetMetadataAsync(file);
    const present = new Set(metadata.schema.slice(1).map((element) => element.name));
    const columns = options.columns.map((c) => c.stored).filter((name) => present.has(name));
    rows =
      columns.length === 0
        ? Array.from({ length: Number(metadata.num_rows) }, () => ({}))
        : await parquetReadObjects({
            file,
            metadata,
            columns,
            utf8: false,
            ...(await decompressors(metadata)),
          });
  } catch (error) {
    throw new CorruptDataError(path, "it is not a Parquet file that can be read", error);
  }
  if (rows.length !== Number(metadata.num_rows)) {
    throw new CorruptDataError(path, `it gives ${rows.length} rows of ${metadata.num_rows}`);
  }
  const gone = new Set(options.deletedRows ?? []);
  return rows
    .filter((_, i) => !gone.has(i))
    .map((row) =>
      Object.fromEntries(options.columns.map((c) => [c.name, loaded(row[c.stored] ?? null, c.type)])),
    );
}

async function decompressors(metadata: FileMetaData): Promise<{ readonly compressors?: Compressors }> {
  const plain = metadata.row_groups.every((group) =>
    group.columns.every(({ meta_data: m }) => m === undefined || /^(UNCOMPRESSED|SNAPPY)$/.test(m.codec)),
  );
  return plain ? {} : { compressors: (await import("hyparquet-compressors")).compressors };
}

/** A partition value as the log spells it, as a value. */
export function partitionValue(text: string | null, type: DataType): unknown {
  if (text === null || text === "") return null;
  switch (type.kind) {
    case "byte":
    case "short":
    case "integer":
      return Number(text);
    case "long":
      return number(BigInt(text));
    case "float":
    case "double":
      return Number(text);
    case "boolean":
      return text === "true";
    case "timestamp":
      return new Date(/[zZ]|[+-]\d\d:?\d\d$/.test(text) ? text : `${text.replace(" ", "T")}Z`);
    default:
      return text;
  }
}

/** The other way round. */
export function partitionText(value: unknown, f: StructField): string | null {
  if (value === null || value === undefined || value === "") return null;
  stored(value, f);
  if (value instanceof Date) return value.toISOString();
  return String(value);
}

function elementOf(f: StructField): SchemaElement {
  const base = { name: f.name, repetition_type: f.nullable ? "OPTIONAL" : "REQUIRED" } as const;
  const type = f.dataType;
  switch (type.kind) {
    case "long":
      return { ...base, type: "INT64" };
    case "integer":
      return { ...base, type: "INT32" };
    case "double":
      return { ...base, type: "DOUBLE" };
    case "float":
      return { ...base, type: "FLOAT" };
    case "boolean":
      return { ...base, type: "BOOLEAN" };
    case "string":
      return { ...base, type: "BYTE_ARRAY", converted_type: "UTF8" };
    case "binary":
      return { ...base, type: "BYTE_ARRAY" };
    case "date":
      return { ...base, type: "INT32", converted_type: "DATE" };
    case "timestamp":
      return {
        ...base,
        type: "INT64",
        converted_type: "TIMESTAMP_MICROS",
        logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" },
      };
    case "decimal":
      return {
        ...base,
        type: "INT64",
        converted_type: "DECIMAL",
        precision: type.precision,
        scale: type.scale,
      };
    default:
      throw new TypeError(`${f.name}: columns of type ${simpleString(type)} are written through a session`);
  }
}

/** The value as the encoder takes it. Throws when the type cannot hold it exactly. */
function stored(value: unknown, f: StructField): unknown {
  if (value === null || value === undefined) return null;
  const type = f.dataType;
  const wrong = (): never => {
    throw new TypeError(`${f.name} is of type ${simpleString(type)}, ${show(value)} is not`);
  };
  switch (type.kind) {
    case "long": {
      if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
      if (typeof value === "bigint" && BigInt.asIntN(64, value) === value) return value;
      return wrong();
    }
    case "integer":
      return typeof value === "number" && (value | 0) === value ? value : wrong();
    case "double":
      return typeof value === "number" ? value : wrong();
    case "float":
      return typeof value === "number" ? Math.fround(value) : wrong();
    case "boolean":
      return typeof value === "boolean" ? value : wrong();
    case "string":
      return typeof value === "string" ? value : wrong();
    case "binary":
      return value instanceof Uint8Array ? value : wrong();
    case "date": {
      const ms =
        typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) ? Date.parse(value) : Number.NaN;
      return Number.isNaN(ms) ? wrong() : new Date(ms);
    }
    case "timestamp":
      return value instanceof Date && !Number.isNaN(value.getTime()) ? value : wrong();
    case "decimal": {
      const text = typeof value === "number" ? String(value) : value;
      const match = typeof text === "string" ? /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(text) : null;
      if (match === null) return wrong();
      const fraction = (match[3] ?? "").replace(/0+$/, "");
      if (fraction.length > type.scale) return wrong();
      const digits = BigInt(`${match[2]}${fraction.padEnd(type.scale, "0")}`);
      if (digits >= 10n ** BigInt(type.precision)) return wrong();
      return match[1] === "-" ? -digits : digits;
    }
    default:
      return wrong();
  }
}

function loaded(value: unknown, type: DataType): unknown {
  if (value === null) return null;
  switch (type.kind) {
    case "long":
      return typeof value === "bigint" ? number(value) : value;
    case "date":
      return value instanceof Date
        ? value.toISOString().slice(0, 10)
        : typeof value === "number"
          ? new Date(value * DAY_MS).toISOString().slice(0, 10)
          : value;
    case "decimal":
      return typeof value === "number" ? value.toFixed(type.scale) : String(value);
    case "string":
      return value instanceof Uint8Array ? new TextDecoder().decode(value) : value;
    default:
      return value;
  }
}

function number(value: bigint): number | bigint {
  const n = Number(value);
  return Number.isSafeInteger(n) ? n : value;
}

function show(value: unknown): string {
  const text = typeof value === "bigint" ? `${value}n` : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

interface Gathered {
  readonly minValues: Record<string, unknown>;
  readonly maxValues: Record<string, unknown>;
  readonly nullCount: Record<string, unknown>;
}

/** Bounds of types whose order is simple; no bounds are always right. */
function gather(statistics: Gathered, f: StructField, data: readonly unknown[]): void {
  const values = data.filter((v) => v !== null);
  statistics.nullCount[f.name] = data.length - values.length;
  if (values.length === 0) return;
  switch (f.dataType.kind) {
    case "integer":
    case "long": {
      const [least, most] = extremes(values as (number | bigint)[], (a, b) => a < b);
      if (Number.isSafeInteger(Number(least)) && Number.isSafeInteger(Number(most))) {
        statistics.minValues[f.name] = Number(least);
        statistics.maxValues[f.name] = Number(most);
      }
      return;
    }
    case "double":
    case "float": {
      if (!values.every((v) => Number.isFinite(v))) return;
      const [least, most] = extremes(values as number[], (a, b) => a < b);
      statistics.minValues[f.name] = least;
      statistics.maxValues[f.name] = most;
      return;
    }
    case "string": {
      // Only plain text orders in JavaScript as it does by its bytes.
      const texts = values as string[];
      if (!texts.every((t) => t.length <= MAX_STATISTICS_TEXT && /^[\x20-\x7e]*$/.test(t))) return;
      const [least, most] = extremes(texts, (a, b) => a < b);
      statistics.minValues[f.name] = least;
      statistics.maxValues[f.name] = most;
      return;
    }
    case "timestamp":
    case "date": {
      const [least, most] = extremes(values as Date[], (a, b) => a.getTime() < b.getTime());
      const text = (d: Date): string =>
        f.dataType.kind === "date" ? d.toISOString().slice(0, 10) : d.toISOString();
      statistics.minValues[f.name] = text(least);
      statistics.maxValues[f.name] = text(most);
      return;
    }
    default:
      return;
  }
}

function extremes<T>(values: readonly T[], isLess: (a: T, b: T) => boolean): readonly [T, T] {
  let [least, most] = [values[0] as T, values[0] as T];
  for (const value of values) {
    if (isLess(value, least)) least = value;
    if (isLess(most, value)) most = value;
  }
  return [least, most];
}
