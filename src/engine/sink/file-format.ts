import { EngineError } from "../failure.ts";
import type { EnginePlatform } from "../platform.ts";
import type { FileFormat, FilesSink } from "./files-sink.ts";
import { PARQUET_CODECS, ParquetWriter } from "./parquet-writer.ts";

/** The format that a sink asks for, with its options. */
export async function fileFormat(
  sink: FilesSink,
  loadParquet: EnginePlatform["loadParquet"],
): Promise<FileFormat> {
  switch (sink.format) {
    case "parquet": {
      const compression = (sink.compression ?? sink.options.compression ?? "snappy").toLowerCase();
      const codec = PARQUET_CODECS[compression];
      if (codec === undefined) {
        throw new EngineError({ kind: "internal", message: `Parquet has no codec ${compression}` });
      }
      const wasm = await loadParquet();
      const { physicalNames } = sink;
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
    default:
      throw new EngineError({
        kind: "internal",
        message: `files of format ${sink.format} are not there yet`,
      });
  }
}
