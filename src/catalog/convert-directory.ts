import { unsupported } from "../errors/spark-error.ts";
import type { AddFile } from "../lake/actions.ts";
import { createTableActions } from "../lake/new-table.ts";
import type { StructType } from "../types/data-type.ts";
import type { WarehouseContext } from "./context.ts";
import type { ChangeTarget } from "./table-change.ts";
import { locateDelta } from "./table-change.ts";

export interface ConvertRequest {
  readonly target: ChangeTarget;
  readonly schema: StructType;
  readonly partitionColumns: readonly string[];
  readonly files: readonly AddFile[];
  readonly collectStatistics: boolean;
}

/** The first version of a table over files that are in its directory already. */
export async function convertDirectory(context: WarehouseContext, request: ConvertRequest): Promise<void> {
  const { log, displayName } = await locateDelta(context, request.target, "CONVERT TO DELTA");
  const { schema, partitionColumns, files } = request;
  const result = await log.commit(async ({ latest }) => {
    if (latest !== undefined) return undefined;
    return {
      operation: "CONVERT",
      operationParameters: {
        numFiles: String(files.length),
        partitionedBy: JSON.stringify(partitionColumns),
        collectStats: String(request.collectStatistics),
        sourceFormat: "parquet",
      },
      operationMetrics: { numConvertedFiles: String(files.length) },
      ...createTableActions({ schema, partitionColumns, configuration: {} }, context.env, displayName),
      actions: files.map((add) => ({ add })),
      isBlindAppend: false,
    };
  });
  if (!result.committed)
    throw unsupported(`converting ${displayName}, which another writer has just converted`);
}
