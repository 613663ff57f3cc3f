import { LakeletError } from "../../errors/lakelet-error.ts";
import { unsupported } from "../../errors/spark-error.ts";
import { decodeFilePath } from "../../lake/actions.ts";
import { DeltaLog } from "../../lake/delta-log.ts";
import { type Environment, SILENT_LOGGER, SYSTEM_CLOCK, SYSTEM_RANDOM } from "../../lake/environment.ts";
import { addAction } from "../../lake/file-actions.ts";
import { createTableActions } from "../../lake/new-table.ts";
import { writeParquet } from "../../lake/parquet-writer.ts";
import { joinPath } from "../../storage/paths.ts";
import type { Storage } from "../../storage/storage.ts";
import type { DataType, StructType } from "../../types/data-type.ts";
import * as t from "../../types/data-type.ts";
import type { FileKind } from "./file-format.ts";
import { type FileRecord, type ReadFileOptions, readRecords } from "./read-records.ts";
import type { ColumnType, RecordSchema } from "./record-schema.ts";
import { encodeRecords, type WriteFileOptions } from "./write-records.ts";

const ENVIRONMENT: Environment = {
  clock: SYSTEM_CLOCK,
  random: SYSTEM_RANDOM,
  logger: SILENT_LOGGER,
  writeParquet,
  engineInfo: "Lakelet",
};
const PARQUET: FileKind = { format: "parquet", compression: "none", stem: "" };

/** Whether a directory holds a Delta table. */
export async function isDeltaTable(storage: Storage, directory: string): Promise<boolean> {
  return (await storage.list(joinPath(directory, "_delta_log"))).length > 0;
}

/** The records of a Delta table's newest version, file by file in the order of its log. */
export async function* readDelta(
  storage: Storage,
  directory: string,
  options: ReadFileOptions,
): AsyncGenerator<FileRecord[]> {
  const snapshot = await new DeltaLog(storage, directory, ENVIRONMENT).latest();
  if (snapshot === undefined) throw new LakeletError("corrupt", `there is no Delta table in ${directory}`);
  const mode = snapshot.configuration["delta.columnMapping.mode"];
  if (mode !== undefined && mode !== "none")
    throw unsupported(`converting a Delta table with column mapping (${directory})`);
  if (snapshot.partitionColumns.length > 0)
    throw unsupported(`converting a partitioned Delta table (${directory})`);
  for (const file of snapshot.files) {
    if (file.deletionVector !== undefined)
      throw unsupported(`converting a Delta table with deletion vectors (${directory})`);
    const blob = await storage.openBlob(joinPath(directory, decodeFilePath(file.path)));
    yield* readRecords(blob, file.path, PARQUET, options);
  }
}

/** Makes a Delta table of records, in one commit; there must be none in the directory. */
export async function writeDelta(
  storage: Storage,
  directory: string,
  batches: AsyncIterable<readonly FileRecord[]>,
  options: WriteFileOptions,
): Promise<number> {
  if (await isDeltaTable(storage, directory)) {
    throw new LakeletError("conflict", `there is a Delta table in ${directory} already`);
  }
  const path = `part-00000-${ENVIRONMENT.random.uuid()}.parquet`;
  let rowCount = 0;
  let schema: RecordSchema = new Map();
  async function* counted(): AsyncGenerator<readonly FileRecord[]> {
    for await (const batch of batches) {
      rowCount += batch.length;
      yield batch;
    }
  }
  const bytes = encodeRecords(counted(), directory, PARQUET, {
    ...options,
    onSchema: (known) => {
      schema = known;
    },
  });
  const { sizeBytes, modifiedMs } = await storage.writeNew(joinPath(directory, path), bytes);
  try {
    const definition = { schema: structOf(schema), partitionColumns: [], configuration: {} };
    const stats = JSON.stringify({ numRecords: rowCount });
    const file = { path, sizeBytes, modifiedMs, rowCount, partitionValues: {}, stats };
    const log = new DeltaLog(storage, directory, ENVIRONMENT);
    const { committed } = await log.commit(async ({ latest }) =>
      latest !== undefined
        ? undefined
        : {
            operation: "WRITE",
            operationParameters: { mode: "ErrorIfExists", partitionBy: "[]" },
            ...createTableActions(definition, ENVIRONMENT, directory),
            actions: [addAction(file)],
            isBlindAppend: true,
          },
    );
    await log.settled();
    if (!committed) throw new LakeletError("conflict", `there is a Delta table in ${directory} already`);
  } catch (error) {
    await storage.remove(joinPath(directory, path)).catch(() => false);
    throw error;
  }
  return sizeBytes;
}

function structOf(columns: RecordSchema): StructType {
  return t.struct([...columns].map(([name, type]) => t.field(name, typeOf(type))));
}

function typeOf(type: ColumnType): DataType {
  switch (type.kind) {
    case "boolean":
      return t.BOOLEAN;
    case "long":
      return t.LONG;
    case "double":
      return t.DOUBLE;
    case "string":
      return t.STRING;
    case "timestamp":
      return t.TIMESTAMP;
    case "binary":
      return t.BINARY;
    case "list":
      return t.array(typeOf(type.element));
    case "struct":
      return structOf(type.fields);
  }
}
