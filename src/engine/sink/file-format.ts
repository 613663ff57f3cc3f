import { IllegalArgumentException } from "../../errors/spark-error.ts";
import type { EnginePlatform } from "../platform.ts";
import { CsvWriter } from "./csv-writer.ts";
import type { FileFormat, FilesSink } from "./files-sink.ts";
import { JsonWriter } from "./json-writer.ts";
import { PARQUET_CODECS, ParquetWriter } from "./parquet-writer.ts";
import { TextOutput, textSuffix } from "./text-output.ts";
import { TextWriter } from "./text-writer.ts";

/** The format that a sink asks for, with its options. */
export async function fileFormat(
  sink: FilesSink,
  loadParquet: EnginePlatform["loadParquet"],
): Promise<FileFormat> {
  const { format, options, timeZone } = sink;
  const asked = sink.compression ?? options.compression ?? options.codec;
  if (format === "parquet") return parquetFormat(sink, (asked ?? "snappy").toLowerCase(), loadParquet);
  const suffix = `.${format === "text" ? "txt" : format}${textSuffix(asked)}`;
  return {
    suffix,
    open: (fields, channel) => {
      const output = new TextOutput(channel, options, asked);
      if (format === "csv") return new CsvWriter(fields, options, timeZone, output);
      if (format === "json") return new JsonWriter(fields, options, timeZone, output);
      return new TextWriter(fields, options, output);
    },
  };
}

async function parquetFormat(
  { physicalNames }: FilesSink,
  compression: string,
  loadParquet: EnginePlatform["loadParquet"],
): Promise<FileFormat> {
  const codec = PARQUET_CODECS[compression];
  if (codec === undefined) {
    throw new IllegalArgumentException({
      condition: "CODEC_NOT_AVAILABLE.WITH_AVAILABLE_CODECS_SUGGESTION",
      messageParameters: {
        codecName: compression,
        availableCodecs: "brotli, uncompressed, lzo, snappy, lz4_raw, none, zstd, lz4, gzip",
      },
    });
  }
  const wasm = await loadParquet();
  return {
    suffix: `${codec.suffix}.parquet`,
    open: (fields, output) =>
      new ParquetWriter({
        wasm,
        fields,
        compression,
        output,
        ...(physicalNames === undefined ? {} : { physicalNames }),
      }),
  };
}
