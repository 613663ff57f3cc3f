import type { StructType } from "../../types/data-type.ts";
import type { EngineApi, FileSchema } from "../engine-api.ts";
import { EngineError } from "../failure.ts";
import { mergeSchemas, sparkSchemaOfParquet } from "../parquet/parquet-schema.ts";
import type { TaskContext } from "./context.ts";
import type { ParquetScanner } from "./scan-parquet.ts";
import { PLAIN_SCHEMAS, type RecordScanner } from "./scan-records.ts";

export type InferRequest = Parameters<EngineApi["inferSchema"]>[0];

/** Reads as much of the files as Spark would to tell their schema. */
export async function inferSchema(
  sources: { readonly parquet: ParquetScanner; readonly records: RecordScanner },
  request: InferRequest,
  context: TaskContext,
): Promise<FileSchema> {
  switch (request.format) {
    case "parquet":
      return inferParquet(sources.parquet, request, context);
    case "csv":
    case "json": {
      const { format, files, options, timeZone } = request;
      return { schema: await sources.records.infer(format, files, options, timeZone, context) };
    }
    case "text":
    case "binaryFile":
      return { schema: PLAIN_SCHEMAS[request.format] };
  }
}

/** One file speaks for all, unless they are to be merged. */
async function inferParquet(
  parquet: ParquetScanner,
  { files, options }: InferRequest,
  context: TaskContext,
): Promise<FileSchema> {
  const merge = options.mergeschema?.toLowerCase() === "true";
  let schema: StructType | undefined;
  let rowCount = 0;
  for (const file of merge ? files : files.slice(0, 1)) {
    const { metadata } = await parquet.open(file, context);
    const own = sparkSchemaOfParquet(metadata);
    schema = schema === undefined ? own : mergeSchemas(schema, own);
    rowCount += Number(metadata.num_rows);
  }
  if (schema === undefined)
    throw new EngineError({ kind: "internal", message: "no file to infer a schema from" });
  return { schema, rowCount };
}
