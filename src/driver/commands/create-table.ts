import { quotedTableName, type TableEntry } from "../../catalog/catalog-entry.ts";
import { isFileProvider } from "../../catalog/file-tables.ts";
import { analysisError, sparkError, unsupported } from "../../errors/spark-error.ts";
import { identityMetadata } from "../../lake/identity-columns.ts";
import type { Expression } from "../../plan/expression.ts";
import type {
  ColumnDefinition,
  CreateTable,
  CreateTableLike,
  TableConstraint,
} from "../../plan/statement.ts";
import { type StructField, type StructType, struct } from "../../types/data-type.ts";
import { treeString } from "../../types/format.ts";
import { diskPathOf } from "../disk-scan.ts";
import { storableField } from "./char-types.ts";
import { checkDefault } from "./column-defaults.ts";
import {
  type CommandEnv,
  quoteName,
  quoteParts,
  relationSchema,
  requireRelation,
  tableIdentifier,
  temporaryView,
} from "./command-env.ts";
import { type CommandOutput, NO_OUTPUT } from "./command-output.ts";
import { emptyLocation } from "./namespaces.ts";
import { createTemporaryView, emptyRows } from "./views.ts";
import { requireDatabase, writeTable } from "./write.ts";

/** Spark's own sources that nothing here reads or writes. */
const OTHER_SOURCES: ReadonlySet<string> = new Set([
  "orc",
  "xml",
  "avro",
  "jdbc",
  "hive",
  "binaryfile",
  "image",
]);

export async function createTable(given: CreateTable, env: CommandEnv): Promise<CommandOutput> {
  const command = withBuckets(given);
  if (command.storedAs !== undefined || command.hiveFeature !== undefined) {
    throw analysisError("NOT_SUPPORTED_COMMAND_WITHOUT_HIVE_SUPPORT", {
      cmd: "CREATE Hive TABLE (AS SELECT)",
    });
  }
  const name = tableIdentifier(command.name, env.session);
  if (command.isTemporary === true) return createTemporaryTable(command, env);
  await requireDatabase(name.database, env);
  const provider = providerOf(command.provider, env);
  const optionPath = Object.entries(command.options).find(([key]) => key.toLowerCase() === "path");
  const path = command.location ?? optionPath?.[1];
  if (path === "") throw emptyLocation("");
  if (command.isExternal === true && path === undefined) {
    throw analysisError("CREATE_EXTERNAL_TABLE_WITHOUT_LOCATION", {});
  }
  const location = path === undefined ? undefined : env.session.driver.userFiles.toStoragePath(path);
  const options = Object.fromEntries(
    Object.entries(command.options).filter(([key]) => key !== optionPath?.[0]),
  );
  const tableName = quotedTableName(name);
  const orReplace = command.mode === "createOrReplace" || command.mode === "replace";
  const existing = await env.warehouse.findTable(name);
  if (existing !== undefined && command.mode === "createIfNotExists") return NO_OUTPUT;
  if (orReplace && provider !== "delta") {
    throw analysisError("UNSUPPORTED_FEATURE.TABLE_OPERATION", { tableName, operation: "REPLACE TABLE" });
  }
  if (command.mode === "replace" && existing === undefined) {
    throw analysisError("CANNOT_REPLACE_MISSING_TABLE", {
      tableName: quoteParts([name.database, name.table]),
    });
  }
  const properties = { ...command.properties, ...constraintProperties(command, tableName, provider) };
  const partitionBy = command.partitioning.map(partitionColumn);
  const diskPath = diskPathOf(location, provider, env.session.driver.userFiles);
  const details = {
    ...(command.clusterBy === undefined || command.clusterBy.length === 0
      ? {}
      : { clusterBy: command.clusterBy }),
    ...(command.collation === undefined ? {} : { collation: command.collation }),
    ...(command.bucketBy === undefined ? {} : { bucketBy: command.bucketBy }),
    ...(diskPath === undefined ? {} : { diskPath }),
  };
  if (command.bucketBy !== undefined && provider === "delta") throw unsupported("bucketing of a Delta table");
  if (command.query !== undefined) {
    await writeTable(command.query, env, {
      target: { kind: "table", name },
      mode: orReplace ? "overwrite" : command.mode === "createIfNotExists" ? "ignore" : "error",
      provider,
      partitionBy,
      options: { ...options, ...(orReplace ? { overwriteschema: "true" } : {}) },
      properties,
      ...(command.comment === undefined ? {} : { comment: command.comment }),
      ...(location === undefined ? {} : { location }),
      operation: orReplace ? "CREATE OR REPLACE TABLE AS SELECT" : "CREATE TABLE AS SELECT",
    });
  } else {
    const schema = await tableSchema(command, provider, tableName, env);
    checkClustering(command, schema, tableName);
    const isOpen = schema.fields.length === 0 && location !== undefined;
    await env.warehouse.createTable({
      name,
      provider,
      ...(isOpen && provider === "delta"
        ? {}
        : { schema: isOpen ? await inferred(provider, path as string, options, env) : schema }),
      partitionBy,
      ifNotExists: command.mode === "createIfNotExists",
      orReplace,
      properties,
      options,
      ...(command.comment === undefined ? {} : { comment: command.comment }),
      ...(location === undefined ? {} : { location }),
    });
  }
  if (Object.keys(details).length > 0) {
    await env.warehouse.alterEntry(name, (entry): TableEntry => ({ ...entry, ...details }));
  }
  return NO_OUTPUT;
}

function providerOf(given: string | undefined, env: CommandEnv): string {
  const provider = (given ?? env.session.conf.get("spark.sql.sources.default") ?? "delta").toLowerCase();
  if (provider === "delta" || isFileProvider(provider)) return provider;
  throw OTHER_SOURCES.has(provider)
    ? unsupported(`tables of provider ${provider}`)
    : sparkError("UnknownException", {
        condition: "DATA_SOURCE_NOT_FOUND",
        messageParameters: { provider: given ?? provider },
      });
}

/** A table over files that are there takes their columns. */
async function inferred(
  format: string,
  path: string,
  options: Readonly<Record<string, string>>,
  env: CommandEnv,
): Promise<StructType> {
  const { query } = await env.runner.prepare(
    { kind: "ReadDataSource", format, options, paths: [path] },
    env.operation,
  );
  return query.schema;
}

/** `CREATE TEMPORARY TABLE t USING provider`: a view of the files. */
async function createTemporaryTable(command: CreateTable, env: CommandEnv): Promise<CommandOutput> {
  const path = command.location ?? command.options.path;
  const columns = command.columns.map(({ name, dataType, nullable }) => ({ name, dataType, nullable }));
  const input =
    path === undefined
      ? emptyRows(struct(columns))
      : ({
          kind: "ReadDataSource",
          format: providerOf(command.provider, env),
          options: command.options,
          paths: [path],
          ...(columns.length === 0
            ? {}
            : { schema: JSON.stringify((await import("../../types/json.ts")).toJson(struct(columns))) }),
        } as const);
  await createTemporaryView(
    command.name.at(-1) as string,
    input,
    false,
    command.mode === "createOrReplace",
    env,
  );
  return NO_OUTPUT;
}

async function tableSchema(
  command: CreateTable,
  provider: string,
  tableName: string,
  env: CommandEnv,
): Promise<StructType> {
  const seen = new Set<string>();
  const fields: StructField[] = [];
  for (const column of command.columns) {
    const key = column.name.toLowerCase();
    if (seen.has(key)) throw analysisError("COLUMN_ALREADY_EXISTS", { columnName: quoteName(key) });
    seen.add(key);
    fields.push(await columnField(column, provider, tableName, "CREATE TABLE", env));
  }
  return struct(fields);
}

/** A column as the table keeps it: what its definition says beside the type is in the metadata, under Delta's names. */
export async function columnField(
  column: ColumnDefinition,
  provider: string,
  tableName: string,
  statement: string,
  env: CommandEnv,
): Promise<StructField> {
  const { name, dataType, nullable, comment, defaultSql, defaultExpression, generatedSql, identity } = column;
  const isDelta = provider === "delta";
  if (!isDelta && (generatedSql !== undefined || identity !== undefined)) {
    throw analysisError("UNSUPPORTED_FEATURE.TABLE_OPERATION", {
      tableName,
      operation: identity === undefined ? "generated columns" : "identity columns",
    });
  }
  if (defaultSql !== undefined && provider === "text") {
    throw analysisError("DEFAULT_UNSUPPORTED", { statementType: statement, dataSource: provider });
  }
  if (defaultExpression !== undefined) {
    await checkDefault(
      { name, dataType, sql: defaultSql ?? "", expression: defaultExpression },
      statement,
      env,
    );
  }
  const metadata = {
    ...(comment === undefined ? {} : { comment }),
    ...(defaultSql === undefined ? {} : { CURRENT_DEFAULT: defaultSql, EXISTS_DEFAULT: defaultSql }),
    ...(generatedSql === undefined ? {} : { "delta.generationExpression": generatedSql }),
    ...(identity === undefined ? {} : identityMetadata(identity)),
  };
  return storableField({
    name,
    dataType,
    nullable,
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  });
}

/** Delta keeps CHECK constraints as properties; Spark's own tables know none. */
function constraintProperties(
  command: CreateTable,
  tableName: string,
  provider: string,
): Readonly<Record<string, string>> {
  const constraints = command.constraints ?? [];
  if (constraints.length === 0) return {};
  if (provider !== "delta" || constraints.some((c) => c.type !== "check")) {
    throw analysisError("UNSUPPORTED_FEATURE.TABLE_OPERATION", { tableName, operation: "CONSTRAINT" });
  }
  return Object.fromEntries(
    (constraints as readonly Extract<TableConstraint, { type: "check" }>[]).map((c, i) => [
      `delta.constraints.${(c.name ?? `check_${i + 1}`).toLowerCase()}`,
      c.conditionSql,
    ]),
  );
}

function checkClustering(command: CreateTable, schema: StructType, tableName: string): void {
  const has = (name: string): boolean =>
    schema.fields.some((f) => f.name.toLowerCase() === name.toLowerCase());
  const { bucketBy } = command;
  for (const name of [...(bucketBy?.bucketColumnNames ?? []), ...(bucketBy?.sortColumnNames ?? [])]) {
    if (has(name)) continue;
    throw analysisError("COLUMN_NOT_DEFINED_IN_TABLE", {
      colType: "bucket",
      colName: quoteName(name),
      tableName,
      tableCols: schema.fields.map((f) => quoteName(f.name)).join(", "),
    });
  }
  for (const parts of command.clusterBy ?? []) {
    if (has(parts[0] as string)) continue;
    throw analysisError("_LEGACY_ERROR_TEMP_3060", { i: parts.join("."), schema: treeString(schema) });
  }
}

/** `PARTITIONED BY (bucket(4, a))` is another way to write `CLUSTERED BY (a) INTO 4 BUCKETS`. */
function withBuckets(command: CreateTable): CreateTable {
  const isBucket = (e: Expression): boolean =>
    e.kind === "UnresolvedFunction" && e.functionName.toLowerCase() === "bucket";
  const bucket = command.partitioning.find(isBucket);
  if (bucket?.kind !== "UnresolvedFunction") return command;
  const [count, ...columns] = bucket.arguments;
  if (count?.kind !== "Literal") return command;
  return {
    ...command,
    partitioning: command.partitioning.filter((e) => !isBucket(e)),
    bucketBy: {
      numBuckets: Number(count.value),
      bucketColumnNames: columns.map((e) => (e.kind === "UnresolvedAttribute" ? e.unparsedIdentifier : "")),
      sortColumnNames: [],
    },
  };
}

function partitionColumn(e: Expression): string {
  if (e.kind === "UnresolvedAttribute") return e.nameParts?.join(".") ?? e.unparsedIdentifier;
  if (e.kind === "UnresolvedFunction") {
    const name = e.functionName.toLowerCase();
    const args = e.arguments
      .map((a) => (a.kind === "UnresolvedAttribute" ? a.unparsedIdentifier : "..."))
      .join(", ");
    throw sparkError("UnsupportedOperationException", {
      condition: "UNSUPPORTED_PARTITION_TRANSFORM",
      messageParameters: { transform: quoteName(`${name}(${args})`) },
    });
  }
  throw unsupported("partition transforms");
}

/** `CREATE TABLE t LIKE s`: the columns and the partitioning, and nothing of the data. */
export async function createTableLike(command: CreateTableLike, env: CommandEnv): Promise<CommandOutput> {
  if (command.hiveFeature !== undefined) {
    throw analysisError("NOT_SUPPORTED_COMMAND_WITHOUT_HIVE_SUPPORT", {
      cmd: "CREATE TABLE LIKE with Hive format",
    });
  }
  const name = tableIdentifier(command.name, env.session);
  const temporary = temporaryView(command.source, env.session);
  const source = temporary === undefined ? await requireRelation(command.source, env) : undefined;
  const details = await source?.describe();
  const schema = details?.schema ?? (await relationSchema(command.source, env));
  await env.warehouse.getDatabase(name.database);
  if ((await env.warehouse.findTable(name)) !== undefined) {
    if (command.ifNotExists) return NO_OUTPUT;
    throw analysisError("TABLE_OR_VIEW_ALREADY_EXISTS", {
      relationName: quoteParts([name.database, name.table]),
    });
  }
  const provider = providerOf(command.provider ?? source?.entry.provider, env);
  const keepsNullability = provider === "delta" && source?.entry.provider === "delta";
  await env.warehouse.createTable({
    name,
    provider,
    schema: keepsNullability ? schema : struct(schema.fields.map((f) => ({ ...f, nullable: true }))),
    partitionBy: details?.partitionColumns ?? [],
    properties: command.properties,
    ...(source?.entry.provider === provider ? { options: source.entry.options } : {}),
    ...(details?.comment === undefined || source?.entry.view !== undefined
      ? {}
      : { comment: details.comment }),
    ...(command.location === undefined
      ? {}
      : { location: env.session.driver.userFiles.toStoragePath(command.location) }),
  });
  return NO_OUTPUT;
}
