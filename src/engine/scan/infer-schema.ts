import type { StructType } from "../../types/data-type.ts";
import type { EngineApi, FileSchema } from "../engine-api.ts";
import { EngineError } from "../failure.ts";
import { mergeSchemas, sparkSchemaOfParquet } from "../parquet/parquet-schema.ts";
import type { TaskContext } from "./context.ts";
import type { ParquetScanner } from "./scan-parquet.ts";

export type InferRequest = Parameters<EngineApi["inferSchema"]>[0];

/** Reads as much of the files as Spark would to tell their schema. */
export async function inferSchema(
  sources: { readonly parquet: ParquetScanner },
  request: InferRequest,
  context: TaskContext,
): Promise<FileSchema> {
  switch (request.format) {
    case "parquet":
      return inferParquet(sources.parquet, request, context);
    default:
      throw new EngineError({ kind: "internal", message: `inference of ${request.format} is not there yet` });
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
