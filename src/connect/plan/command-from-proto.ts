import { unsupported } from "../../errors/spark-error.ts";
import type { Command, SaveMode, WriteOperation, WriteOperationV2 } from "../../plan/command.ts";
import type { Expression, MergeAction } from "../../plan/expression.ts";
import type { Relation } from "../../plan/relation.ts";
import type { Message } from "../messages/decode.ts";
import { messageSpec } from "../messages/table.ts";
import { compact, enumValue, notSet, type Reviver, required } from "./fields.ts";
import { RELATION_REVIVERS } from "./relation-from-proto.ts";

/** The members of `command_type` that no command of ours stands for, by the words in which they are refused. */
const REFUSED: Readonly<Record<string, string>> = {
  writeStreamOperationStart: "structured streaming (writeStream)",
  streamingQueryCommand: "structured streaming (StreamingQuery)",
  streamingQueryManagerCommand: "structured streaming (spark.streams)",
  streamingQueryListenerBusCommand: "structured streaming (query listeners)",
  registerDataSource: "Python data sources (spark.dataSource.register)",
  getResourcesCommand: "resources of executors",
  createResourceProfileCommand: "resource profiles",
  mlCommand: "machine learning (pyspark.ml)",
  executeExternalCommand: "external commands",
  pipelineCommand: "declarative pipelines",
  extension: "command extensions",
};

function readCommand(message: Message): Command {
  for (const member of messageSpec("Command").oneofs.commandType ?? []) {
    const value = message[member.name];
    if (value === undefined) continue;
    const feature = REFUSED[member.name];
    if (feature !== undefined) return { kind: "UnsupportedCommand", feature };
    if (member.name === "registerFunction") {
      return { kind: "RegisterFunction", function: value } as Command;
    }
    if (member.name === "registerTableFunction") {
      return { kind: "RegisterTableFunction", function: value } as Command;
    }
    return value as Command;
  }
  return notSet("Command", "command_type");
}

export const SAVE_MODES: Readonly<Record<string, SaveMode>> = {
  SAVE_MODE_UNSPECIFIED: "errorIfExists",
  SAVE_MODE_APPEND: "append",
  SAVE_MODE_OVERWRITE: "overwrite",
  SAVE_MODE_ERROR_IF_EXISTS: "errorIfExists",
  SAVE_MODE_IGNORE: "ignore",
};
export const TABLE_SAVE_METHODS = {
  TABLE_SAVE_METHOD_SAVE_AS_TABLE: "saveAsTable",
  TABLE_SAVE_METHOD_INSERT_INTO: "insertInto",
} as const;
export const WRITE_V2_MODES: Readonly<Record<string, WriteOperationV2["mode"]>> = {
  MODE_CREATE: "create",
  MODE_OVERWRITE: "overwrite",
  MODE_OVERWRITE_PARTITIONS: "overwritePartitions",
  MODE_APPEND: "append",
  MODE_REPLACE: "replace",
  MODE_CREATE_OR_REPLACE: "createOrReplace",
};

function refuseSchemaEvolution(message: Message): void {
  if (message.withSchemaEvolution === true)
    throw unsupported("writes with schema evolution (withSchemaEvolution)");
}

function readWrite(m: Message): WriteOperation {
  refuseSchemaEvolution(m);
  const table = m.table as Message | undefined;
  // `insertInto` knows only overwriting and appending.
  const isInsert = table?.saveMethod === "TABLE_SAVE_METHOD_INSERT_INTO";
  return compact({
    kind: "WriteOperation",
    input: required<Relation>(m, "WriteOperation", "input"),
    source: m.source as string | undefined,
    path: m.path as string | undefined,
    table:
      table === undefined
        ? undefined
        : {
            tableName: table.tableName as string,
            saveMethod: enumValue(
              table,
              "WriteOperation.SaveTable",
              "saveMethod",
              "WriteOperation.SaveTable.TableSaveMethod",
              TABLE_SAVE_METHODS,
            ),
          },
    mode:
      isInsert && m.mode === "SAVE_MODE_UNSPECIFIED"
        ? "append"
        : enumValue(m, "WriteOperation", "mode", "WriteOperation.SaveMode", SAVE_MODES),
    sortColumnNames: m.sortColumnNames as readonly string[],
    partitioningColumns: m.partitioningColumns as readonly string[],
    bucketBy: m.bucketBy as WriteOperation["bucketBy"],
    options: m.options as Readonly<Record<string, string>>,
    clusteringColumns: m.clusteringColumns as readonly string[],
  });
}

function readWriteV2(m: Message): WriteOperationV2 {
  refuseSchemaEvolution(m);
  return compact({
    kind: "WriteOperationV2",
    input: required<Relation>(m, "WriteOperationV2", "input"),
    tableName: m.tableName as string,
    provider: m.provider as string | undefined,
    partitioningColumns: m.partitioningColumns as readonly Expression[],
    options: m.options as Readonly<Record<string, string>>,
    tableProperties: m.tableProperties as Readonly<Record<string, string>>,
    mode: enumValue(m, "WriteOperationV2", "mode", "WriteOperationV2.Mode", WRITE_V2_MODES),
    overwriteCondition: m.overwriteCondition as Expression | undefined,
    clusteringColumns: m.clusteringColumns as readonly string[],
  });
}

/** Older clients send the text in the command itself. */
function readSqlCommand(m: Message, context: Parameters<Reviver>[1]): Command {
  const readSql = RELATION_REVIVERS.SQL as Reviver;
  const input = (m.input as Relation | undefined) ?? (readSql({ ...m, query: m.sql }, context) as Relation);
  return { kind: "SqlCommand", input };
}

export const COMMAND_REVIVERS: Readonly<Record<string, Reviver>> = {
  Command: readCommand,
  SqlCommand: readSqlCommand,
  WriteOperation: readWrite,
  WriteOperationV2: readWriteV2,
  CreateDataFrameViewCommand: (m) => ({
    kind: "CreateDataFrameViewCommand",
    input: required(m, "CreateDataFrameViewCommand", "input"),
    name: m.name,
    isGlobal: m.isGlobal,
    replace: m.replace,
  }),
  CheckpointCommand: (m) => ({
    kind: "CheckpointCommand",
    relation: required(m, "CheckpointCommand", "relation"),
    local: m.local,
    eager: m.eager,
  }),
  RemoveCachedRemoteRelationCommand: (m) => ({
    kind: "RemoveCachedRemoteRelationCommand",
    relationId: required<{ readonly relationId: string }>(m, "RemoveCachedRemoteRelationCommand", "relation")
      .relationId,
  }),
  MergeIntoTableCommand: (m) => ({
    kind: "MergeIntoTableCommand",
    targetTableName: m.targetTableName,
    sourceTablePlan: required(m, "MergeIntoTableCommand", "sourceTablePlan"),
    mergeCondition: required(m, "MergeIntoTableCommand", "mergeCondition"),
    matchActions: m.matchActions as readonly MergeAction[],
    notMatchedActions: m.notMatchedActions as readonly MergeAction[],
    notMatchedBySourceActions: m.notMatchedBySourceActions as readonly MergeAction[],
    withSchemaEvolution: m.withSchemaEvolution,
  }),
  Plan: (m) => {
    if (m.compressedOperation !== undefined) throw unsupported("compressed plans");
    if (m.root !== undefined) return { kind: "query", relation: m.root };
    if (m.command !== undefined) return { kind: "command", command: m.command };
    return notSet("Plan", "op_type");
  },
};
