import { quotedTableName } from "../../catalog/catalog-entry.ts";
import { analysisError, unsupported } from "../../errors/spark-error.ts";
import { identityMetadata } from "../../lake/identity-columns.ts";
import type { Expression } from "../../plan/expression.ts";
import type { ColumnDefinition, CreateTable, DropTable, DropView } from "../../plan/statement.ts";
import { type StructField, type StructType, struct } from "../../types/data-type.ts";
import { quoteIdentifier } from "../../types/format.ts";
import { GLOBAL_TEMP_DATABASE } from "../session-state.ts";
import { type CommandEnv, tableIdentifier, tableNotFound } from "./command-env.ts";
import { type CommandOutput, NO_OUTPUT } from "./command-output.ts";
import { requireDatabase, writeTable } from "./write.ts";

export async function createTable(command: CreateTable, env: CommandEnv): Promise<CommandOutput> {
  const name = tableIdentifier(command.name, env.session);
  await requireDatabase(name.database, env);
  const provider = command.provider?.toLowerCase() ?? env.session.conf.get("spark.sql.sources.default");
  const partitionBy = command.partitioning.map(partitionColumn);
  const location =
    command.location === undefined ? undefined : env.session.driver.userFiles.toStoragePath(command.location);
  const orReplace = command.mode === "createOrReplace" || command.mode === "replace";
  const existing = command.mode === "create" ? undefined : await env.warehouse.findTable(name);
  if (command.mode === "replace" && existing === undefined) {
    throw analysisError("TABLE_OR_VIEW_NOT_FOUND", { relationName: quotedTableName(name), searchPath: "[]" });
  }
  if (command.query !== undefined) {
    if (command.mode === "createIfNotExists" && existing !== undefined) return NO_OUTPUT;
    await writeTable(command.query, env, {
      target: { kind: "table", name },
      mode: orReplace ? "overwrite" : command.mode === "createIfNotExists" ? "ignore" : "error",
      ...(provider === undefined ? {} : { provider }),
      partitionBy,
      options: { ...command.options, ...(orReplace ? { overwriteschema: "true" } : {}) },
      properties: command.properties,
      ...(command.comment === undefined ? {} : { comment: command.comment }),
      ...(location === undefined ? {} : { location }),
      operation: orReplace ? "CREATE OR REPLACE TABLE AS SELECT" : "CREATE TABLE AS SELECT",
    });
    return NO_OUTPUT;
  }
  await env.warehouse.createTable({
    name,
    ...(provider === undefined ? {} : { provider }),
    ...(command.columns.length === 0 && location !== undefined
      ? {}
      : { schema: tableSchema(command, provider ?? "delta") }),
    partitionBy,
    ifNotExists: command.mode === "createIfNotExists",
    orReplace,
    properties: command.properties,
    options: command.options,
    ...(command.comment === undefined ? {} : { comment: command.comment }),
    ...(location === undefined ? {} : { location }),
  });
  return NO_OUTPUT;
}

/** What a column's definition says beside its type, under Delta's names. */
function columnMetadata(column: ColumnDefinition, provider: string): Pick<StructField, "metadata"> {
  const { comment, defaultSql, generatedSql, identity } = column;
  const isDelta = provider === "delta";
  if (!isDelta && defaultSql !== undefined) throw unsupported(`column defaults of ${provider} tables`);
  if (!isDelta && (generatedSql !== undefined || identity !== undefined)) {
    throw analysisError("UNSUPPORTED_FEATURE.TABLE_OPERATION", {
      tableName: quoteIdentifier(column.name),
      operation: identity === undefined ? "generated columns" : "identity columns",
    });
  }
  const metadata = {
    ...(comment === undefined ? {} : { comment }),
    ...(defaultSql === undefined ? {} : { CURRENT_DEFAULT: defaultSql, EXISTS_DEFAULT: defaultSql }),
    ...(generatedSql === undefined ? {} : { "delta.generationExpression": generatedSql }),
    ...(identity === undefined ? {} : identityMetadata(identity)),
  };
  return Object.keys(metadata).length === 0 ? {} : { metadata };
}

function tableSchema(command: CreateTable, provider: string): StructType {
  const seen = new Set<string>();
  return struct(
    command.columns.map((column): StructField => {
      if (seen.has(column.name.toLowerCase())) {
        throw analysisError("COLUMN_ALREADY_EXISTS", {
          columnName: quoteIdentifier(column.name.toLowerCase()),
        });
      }
      seen.add(column.name.toLowerCase());
      return {
        name: column.name,
        dataType: column.dataType,
        nullable: column.nullable,
        ...columnMetadata(column, provider),
      };
    }),
  );
}

function partitionColumn(e: Expression): string {
  if (e.kind === "UnresolvedAttribute") return e.nameParts?.join(".") ?? e.unparsedIdentifier;
  throw unsupported("partition transforms");
}

export async function dropTable(command: DropTable, env: CommandEnv): Promise<CommandOutput> {
  if (command.name.length === 1 && env.session.tempViews.drop(command.name[0] as string)) return NO_OUTPUT;
  await env.warehouse.dropTable({
    name: tableIdentifier(command.name, env.session),
    ifExists: command.ifExists,
  });
  return NO_OUTPUT;
}

export async function dropView(command: DropView, env: CommandEnv): Promise<CommandOutput> {
  const last = command.name.at(-1) as string;
  if (command.name.length === 1 && env.session.tempViews.drop(last)) return NO_OUTPUT;
  if (command.name.length === 2 && command.name[0]?.toLowerCase() === GLOBAL_TEMP_DATABASE) {
    if (env.session.driver.globalTempViews.drop(last) || command.ifExists) return NO_OUTPUT;
    throw tableNotFound(command.name, env.session);
  }
  await env.warehouse.dropView({
    name: tableIdentifier(command.name, env.session),
    ifExists: command.ifExists,
  });
  return NO_OUTPUT;
}
