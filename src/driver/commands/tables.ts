import { quotedTableName } from "../../catalog/catalog-entry.ts";
import { analysisError, unsupported } from "../../errors/spark-error.ts";
import type { Expression } from "../../plan/expression.ts";
import type { CreateTable, DropTable, DropView, InsertInto } from "../../plan/statement.ts";
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
    ...(command.columns.length === 0 && location !== undefined ? {} : { schema: tableSchema(command) }),
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

function tableSchema(command: CreateTable): StructType {
  const seen = new Set<string>();
  return struct(
    command.columns.map((column): StructField => {
      if (column.defaultSql !== undefined) throw unsupported("column defaults");
      if (column.generatedSql !== undefined) throw unsupported("generated columns");
      if (column.identity !== undefined) throw unsupported("identity columns");
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
        ...(column.comment === undefined ? {} : { metadata: { comment: column.comment } }),
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

/** `INSERT INTO | OVERWRITE`. */
export async function insertInto(command: InsertInto, env: CommandEnv): Promise<CommandOutput> {
  if (command.table.kind !== "ReadTable") throw unsupported("INSERT into something that is not a table");
  if (command.replaceWhere !== undefined) throw unsupported("INSERT ... REPLACE WHERE");
  if (Object.keys(command.partition).length > 0) throw unsupported("INSERT with a PARTITION clause");
  const nameParts = command.table.nameParts ?? command.table.unparsedIdentifier.split(".");
  const name = tableIdentifier(nameParts, env.session);
  const found = await env.warehouse.findTable(name);
  if (found === undefined) throw tableNotFound(nameParts, env.session);
  const named = command.columns.length > 0;
  const input = named
    ? ({ kind: "ToDF", input: command.query, columnNames: command.columns } as const)
    : command.query;
  if (named) await checkColumnList(command, nameParts, env);
  await writeTable(input, env, {
    target: { kind: "table", name },
    mode: command.overwrite ? "overwrite" : "append",
    requireExisting: true,
    byPosition: !(command.byName || named),
    operation: "WRITE",
  });
  return NO_OUTPUT;
}

async function checkColumnList(
  command: InsertInto,
  nameParts: readonly string[],
  env: CommandEnv,
): Promise<void> {
  const { query } = await env.runner.prepare(command.query, env.operation);
  const given = query.schema.fields.length;
  if (given === command.columns.length) return;
  const name = quotedTableName(tableIdentifier(nameParts, env.session));
  throw analysisError(
    given > command.columns.length
      ? "INSERT_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS"
      : "INSERT_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS",
    {
      tableName: name,
      tableColumns: command.columns.map(quoteIdentifier).join(", "),
      dataColumns: query.schema.fields.map((f) => quoteIdentifier(f.name)).join(", "),
    },
  );
}
