import { analysisError } from "../../errors/spark-error.ts";
import type { DataType, StructField } from "../../types/data-type.ts";
import { quotedSqlType, quoteIdentifier } from "../../types/format.ts";
import { toJson } from "../../types/json.ts";
import { type ArrowBatch, concatBytes, END_OF_STREAM, encodeBatch, encodeSchema } from "../arrow/ipc.ts";
import { asWire, changesLayout } from "../arrow/relabel.ts";
import type { ArrowField } from "../arrow/schema.ts";
import { arrowField } from "../arrow/spark-fields.ts";
import { EngineError } from "../failure.ts";
import type { ParquetWasm } from "../parquet/parquet-wasm.ts";
import type { ByteChannel, FileWriter } from "./file-writer.ts";

/** Rows are gathered to this many before they go to the encoder. */
const ROWS_PER_HANDOVER = 65_536;
const ROWS_PER_ROW_GROUP = 1 << 20;
const BYTES_PER_ROW_GROUP = 128 << 20;

/** Names and ids of a column where the table maps them. */
export type PhysicalName = { readonly name: string; readonly id: number };

export interface ParquetWriterOptions {
  readonly wasm: ParquetWasm;
  readonly fields: readonly StructField[];
  readonly physicalNames?: Readonly<Record<string, PhysicalName>>;
  readonly compression: string;
  readonly output: ByteChannel;
}

/** Spark's names of Parquet's codecs, with the mark that each leaves in a file's name. */
export const PARQUET_CODECS: Readonly<Record<string, { readonly codec: string; readonly suffix: string }>> = {
  none: { codec: "UNCOMPRESSED", suffix: "" },
  uncompressed: { codec: "UNCOMPRESSED", suffix: "" },
  snappy: { codec: "SNAPPY", suffix: ".snappy" },
  gzip: { codec: "GZIP", suffix: ".gz" },
  zstd: { codec: "ZSTD", suffix: ".zstd" },
  brotli: { codec: "BROTLI", suffix: ".br" },
  lz4: { codec: "LZ4_RAW", suffix: ".lz4raw" },
  lz4raw: { codec: "LZ4_RAW", suffix: ".lz4raw" },
  lz4_raw: { codec: "LZ4_RAW", suffix: ".lz4raw" },
};

/** Encodes batches as a Parquet file, a row group at a time. */
export class ParquetWriter implements FileWriter {
  readonly #wasm: ParquetWasm;
  readonly #options: ParquetWriterOptions;
  readonly #fields: readonly ArrowField[];
  readonly #schema: Uint8Array;
  readonly #converts: boolean;
  readonly #input = new TransformStream<object, object>();
  readonly #writer = this.#input.writable.getWriter();
  #encoding: Promise<void> | undefined;
  #pending: Uint8Array[] = [];
  #pendingRows = 0;

  constructor(options: ParquetWriterOptions) {
    this.#options = options;
    this.#wasm = options.wasm;
    this.#fields = options.fields.map((f) => fileField(f, options.physicalNames?.[f.name]));
    this.#schema = encodeSchema({ fields: this.#fields });
    this.#converts = options.fields.some((f) => changesLayout(f.dataType));
  }

  async write(batch: ArrowBatch): Promise<void> {
    const columns = this.#converts
      ? batch.columns.map((c, i) => asWire(c, this.#fields[i] as ArrowField))
      : batch.columns;
    this.#pending.push(encodeBatch(batch.length, columns));
    this.#pendingRows += batch.length;
    if (this.#pendingRows >= ROWS_PER_HANDOVER) await this.#handOver();
  }

  async #handOver(): Promise<void> {
    if (this.#pendingRows === 0) return;
    const table = this.#wasm.Table.fromIPCStream(
      concatBytes([this.#schema, ...this.#pending, END_OF_STREAM]),
    );
    this.#pending = [];
    this.#pendingRows = 0;
    const batches = table.recordBatches();
    table.free();
    const encoding = (this.#encoding ??= this.#encode());
    for (const batch of batches) {
      // A failed encoder reads no more; its error is the one to see.
      await Promise.race([this.#writer.write(batch), encoding.then(() => {})]);
    }
  }

  async #encode(): Promise<void> {
    const encoded = await this.#wasm.transformParquetStream(this.#input.readable, this.#properties());
    const reader = encoded.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      await this.#options.output.push(value);
    }
  }

  #properties(): InstanceType<ParquetWasm["WriterPropertiesBuilder"]>["build"] extends () => infer P
    ? P
    : never {
    const { compression, fields } = this.#options;
    const known = PARQUET_CODECS[compression.toLowerCase()];
    if (known === undefined) throw new EngineError({ kind: "internal", message: `no codec ${compression}` });
    const sparkSchema = toJson({ kind: "struct", fields });
    return new this.#wasm.WriterPropertiesBuilder()
      .setCompression(this.#wasm.Compression[known.codec as "SNAPPY"])
      .setMaxRowGroupSize(ROWS_PER_ROW_GROUP)
      .setMaxRowGroupBytes(BYTES_PER_ROW_GROUP)
      .setCreatedBy("lakelet")
      .setKeyValueMetadata(
        // Spark finds its own types there; the version says that dates are in today's calendar.
        new Map([
          ["org.apache.spark.version", "4.3.0"],
          ["org.apache.spark.sql.parquet.row.metadata", JSON.stringify(sparkSchema)],
        ]),
      )
      .build();
  }

  async close(): Promise<void> {
    await this.#handOver();
    if (this.#encoding === undefined) {
      // No row at all: a file with the schema alone.
      const table = this.#wasm.Table.fromIPCStream(concatBytes([this.#schema, END_OF_STREAM]));
      await this.#options.output.push(this.#wasm.writeParquet(table, this.#properties()));
    } else {
      await Promise.race([this.#writer.close(), this.#encoding]);
      await this.#encoding;
    }
    this.#options.output.end();
  }

  async abort(error: unknown): Promise<void> {
    this.#options.output.fail(error);
    this.#encoding?.catch(() => {});
    await this.#writer.abort(error).catch(() => {});
  }
}

/** A column as it stands in the file: Spark's names and nullability, instants in UTC. */
export function fileField(field: StructField, physical?: PhysicalName): ArrowField {
  const own = physical ?? mappedName(field);
  const arrow = typeInFile(own?.name ?? field.name, field.dataType, field.nullable);
  return own === undefined ? arrow : { ...arrow, metadata: new Map([["PARQUET:field_id", String(own.id)]]) };
}

/** Delta keeps the mapping of nested fields in their metadata. */
function mappedName(field: StructField): PhysicalName | undefined {
  const name = field.metadata?.["delta.columnMapping.physicalName"];
  const id = field.metadata?.["delta.columnMapping.id"];
  return typeof name === "string" && typeof id === "number" ? { name, id } : undefined;
}

function typeInFile(name: string, type: DataType, nullable: boolean): ArrowField {
  switch (type.kind) {
    case "struct":
      return { name, nullable, type: { kind: "struct" }, children: type.fields.map((f) => fileField(f)) };
    case "array":
      return {
        name,
        nullable,
        type: { kind: "list" },
        children: [typeInFile("element", type.elementType, type.containsNull)],
      };
    case "map": {
      const children = [
        typeInFile("key", type.keyType, false),
        typeInFile("value", type.valueType, type.valueContainsNull),
      ];
      const entries: ArrowField = { name: "key_value", nullable: false, type: { kind: "struct" }, children };
      return { name, nullable, type: { kind: "map", sorted: false }, children: [entries] };
    }
    case "udt":
      return typeInFile(name, type.sqlType, nullable);
    case "year_month_interval":
    case "day_time_interval":
      // As Spark does: plain numbers, whose type only Spark's own schema in the footer tells.
      return arrowField(name, type, nullable, { kind: "held" });
    case "calendar_interval":
      throw analysisError("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE", {
        format: "Parquet",
        columnName: quoteIdentifier(name),
        columnType: quotedSqlType(type),
      });
    default:
      return arrowField(name, type, nullable, { kind: "wire", timeZone: "UTC" });
  }
}
