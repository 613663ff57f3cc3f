import type { AnalyzedQuery } from "../../analyzer/index.ts";
import { outputOf } from "../../analyzer/output.ts";
import type { ResolvedRelation } from "../../analyzer/resolved-relation.ts";
import { quotedTableName } from "../../catalog/catalog-entry.ts";
import type { SaveMode, TableWrite, WriteRequest } from "../../catalog/warehouse-api.ts";
import type { TaskSink, WrittenFile } from "../../engine/engine-api.ts";
import { LakeletError } from "../../errors/lakelet-error.ts";
import { analysisError, unsupported } from "../../errors/spark-error.ts";
import type { Attr, Expr, NamedExpr } from "../../functions/expr.ts";
import { canStoreAssign, castForStore } from "../../functions/store-assignment.ts";
import { storedSchema } from "../../lake/column-mapping.ts";
import type { WriteOperation, WriteOperationV2 } from "../../plan/command.ts";
import type { Relation } from "../../plan/relation.ts";
import { parseMultipartIdentifier } from "../../sql/parse-data-type.ts";
import { type StructField, type StructType, sameTypeIgnoringNullability } from "../../types/data-type.ts";
import { quotedSqlType, quoteIdentifier } from "../../types/format.ts";
import { randomUuid } from "../../types/random-uuid.ts";
import { diskPathOf } from "../disk-scan.ts";
import type { PreparedQuery } from "../query-runner.ts";
import { lowerKeys } from "../relation-resolver.ts";
import { BUCKETING, bucketingOf, checkBucketing, inBuckets } from "./bucketing.ts";
import { type CommandEnv, databaseName, tableIdentifier } from "./command-env.ts";
import { retryingConflicts, USER_METADATA } from "./delta/changing.ts";

const MODES: Readonly<Record<WriteOperation["mode"], SaveMode>> = {
  append: "append",
  overwrite: "overwrite",
  errorIfExists: "error",
  ignore: "ignore",
};

/** `df.write...saveAsTable(...)`, `insertInto`, `save(path)`. */
export async function writeOperation(command: WriteOperation, env: CommandEnv): Promise<void> {
  checkBucketing(command);
  if (command.table !== undefined) {
    const name = tableIdentifier(parseMultipartIdentifier(command.table.tableName), env.session);
    const insert = command.table.saveMethod === "insertInto";
    if (!insert) await requireDatabase(name.database, env);
    const buckets = insert ? undefined : await bucketingOf(command, name, env);
    await writeTable(buckets === undefined ? command.input : inBuckets(command), env, {
      target: { kind: "table", name },
      mode: insert ? (command.mode === "overwrite" ? "overwrite" : "append") : MODES[command.mode],
      ...(command.source === undefined || insert ? {} : { provider: command.source.toLowerCase() }),
      ...(command.partitioningColumns.length > 0 ? { partitionBy: command.partitioningColumns } : {}),
      options: lowerKeys(command.options),
      requireExisting: insert,
      byPosition: insert,
      ...(buckets === undefined ? {} : { properties: { [BUCKETING]: buckets } }),
      ...(command.path === undefined
        ? {}
        : { location: env.session.driver.userFiles.toStoragePath(command.path) }),
    });
    return;
  }
  await writePath(command, env);
}

/** `df.writeTo(...)`. */
export async function writeOperationV2(command: WriteOperationV2, env: CommandEnv): Promise<void> {
  const name = tableIdentifier(parseMultipartIdentifier(command.tableName), env.session);
  if (command.overwriteCondition !== undefined) throw unsupported("overwrite(condition) of writeTo");
  const partitionBy = command.partitioningColumns.map((column) => {
    if (column.kind === "UnresolvedAttribute") return column.unparsedIdentifier;
    throw unsupported("partition transforms in partitionedBy");
  });
  const existing = await env.warehouse.findTable(name);
  const creates =
    command.mode === "create" || command.mode === "createOrReplace" || command.mode === "replace";
  if (command.mode === "create") await requireDatabase(name.database, env);
  if (existing === undefined && !creates) {
    throw analysisError("TABLE_OR_VIEW_NOT_FOUND", {
      relationName: parseMultipartIdentifier(command.tableName).map(quoteIdentifier).join("."),
      searchPath: `[\`system\`.\`session\`, \`spark_catalog\`.${quoteIdentifier(env.session.currentDatabase)}]`,
    });
  }
  if (command.mode === "replace" && existing === undefined) {
    throw analysisError("TABLE_OR_VIEW_NOT_FOUND", { relationName: quotedTableName(name), searchPath: "[]" });
  }
  await writeTable(command.input, env, {
    target: { kind: "table", name },
    mode: command.mode === "append" ? "append" : command.mode === "create" ? "error" : "overwrite",
    ...(command.provider === undefined ? {} : { provider: command.provider.toLowerCase() }),
    ...(partitionBy.length > 0 ? { partitionBy } : {}),
    options: {
      ...lowerKeys(command.options),
      ...(creates && command.mode !== "create" ? { overwriteschema: "true" } : {}),
      ...(command.mode === "overwritePartitions" ? { partitionoverwritemode: "dynamic" } : {}),
    },
    requireExisting: !creates,
    properties: command.tableProperties,
  });
}

/** Spark says that the database is missing; mock-spark makes it (`spark.lakelet.createMissingDatabases`). */
export async function requireDatabase(database: string, env: CommandEnv): Promise<void> {
  if (env.session.conf.flag("spark.lakelet.createMissingDatabases")) {
    if ((await env.warehouse.findDatabase(database)) === undefined) {
      await env.warehouse.createDatabase({ name: databaseName([database]), ifNotExists: true });
    }
    return;
  }
  await env.warehouse.getDatabase(database);
}

/**
 * Runs a query into a table: data files first, then the commit; nothing stays when it fails. Rows that come from the
 * table itself are computed anew when another writer came first.
 */
export async function writeTable(
  input: Relation,
  env: CommandEnv,
  request: Omit<WriteRequest, "schema">,
): Promise<number> {
  const options = withSessionOptions(request.options ?? {}, env);
  const asked = { ...request, options };
  if (request.mode === "overwrite" && options.replacewhere !== undefined) {
    const { replaceWhere } = await import("./delta/replace-where.ts");
    return replaceWhere(input, env, asked);
  }
  return retryingConflicts(env, () => writeOnce(input, env, asked));
}

async function writeOnce(
  input: Relation,
  env: CommandEnv,
  request: Omit<WriteRequest, "schema">,
): Promise<number> {
  const prepared = await env.runner.prepare(input, env.operation);
  const userMetadata = request.options?.usermetadata ?? env.session.conf.get(USER_METADATA);
  const write = await env.warehouse.beginWrite({
    ...(userMetadata === undefined ? {} : { userMetadata }),
    ...request,
    schema: prepared.query.schema,
    reads: prepared.resolver.currentSources,
  });
  if (write.skipped) return 0;
  let files: readonly WrittenFile[] = [];
  try {
    const tableName =
      request.target.kind === "table"
        ? quotedTableName(request.target.name)
        : quoteIdentifier(request.target.path);
    const query = await projectForWrite(prepared, write, tableName, env);
    const diskPath = await diskPathFor(request, env);
    files = await runIntoFiles(prepared, query, write, env, request.options ?? {}, diskPath);
    env.operation.progress({ phase: "commit" });
    const { rowCount } = await write.commit(files);
    if (diskPath !== undefined && request.location !== undefined && request.target.kind === "table") {
      await env.warehouse.alterEntry(request.target.name, (entry) => ({ ...entry, diskPath }));
    }
    return rowCount;
  } catch (error) {
    await write.abort(files);
    throw error;
  }
}

/** The directory of the machine that a table of plain files lies in, when it is not in the warehouse's storage. */
async function diskPathFor(
  request: Omit<WriteRequest, "schema">,
  env: CommandEnv,
): Promise<string | undefined> {
  if (request.target.kind === "path") return undefined;
  const known = await env.warehouse.findTable(request.target.name);
  if (known?.entry.diskPath !== undefined && request.location === undefined) return known.entry.diskPath;
  const provider = request.provider ?? known?.entry.provider ?? "delta";
  return diskPathOf(request.location, provider, env.session.driver.userFiles);
}

function withSessionOptions(
  options: Readonly<Record<string, string>>,
  env: CommandEnv,
): Readonly<Record<string, string>> {
  const { conf } = env.session;
  const mergeSchema = conf.get("spark.databricks.delta.schema.autoMerge.enabled");
  return {
    partitionoverwritemode: (conf.get("spark.sql.sources.partitionOverwriteMode") ?? "STATIC").toLowerCase(),
    ...(mergeSchema === "true" ? { mergeschema: "true" } : {}),
    ...options,
  };
}

/** The query's columns as the table wants them: in its order, with its types, checked as Spark's store assignment does. */
async function projectForWrite(
  prepared: PreparedQuery,
  write: Pick<TableWrite, "schema" | "columns" | "constraints">,
  tableName: string,
  env: CommandEnv,
): Promise<AnalyzedQuery> {
  const { query } = prepared;
  const output = outputOf(query.plan);
  const values = write.schema.fields.map((target, i) => {
    const source = write.columns[i]?.source;
    const attr = source === undefined ? undefined : output[source];
    return attr === undefined ? undefined : stored(attr, target, tableName, prepared, env);
  });
  const plain =
    write.constraints.length === 0 &&
    write.schema.fields.every((f) => Object.keys(f.metadata ?? {}).every((key) => !MADE_VALUES.has(key)));
  let plan: ResolvedRelation;
  if (plain) {
    let nextId = FIRST_WRITE_ID;
    const columns = write.schema.fields.map((target, i): NamedExpr => {
      const child: Expr = values[i] ?? { kind: "Lit", value: null, type: target.dataType, nullable: true };
      const { dataType: type, name } = target;
      return { kind: "AliasExpr", child, id: nextId++, name, type, nullable: child.nullable };
    });
    plan = { kind: "RProject", input: query.plan, columns };
  } else {
    const { guardedRows } = await import("./delta/table-rows.ts");
    plan = guardedRows(prepared, values, write, FIRST_WRITE_ID);
  }
  return {
    plan,
    schema: write.schema,
    autoAliased: write.schema.fields.map(() => false),
    observations: query.observations,
    warnings: query.warnings,
  };
}

/** Marks of columns whose values the table makes itself. */
const MADE_VALUES = new Set([
  "__CHAR_VARCHAR_TYPE_STRING",
  "CURRENT_DEFAULT",
  "delta.generationExpression",
  "delta.identity.start",
]);

/** The value in the column's type, by the rules of storing. */
export function stored(
  attr: Attr,
  target: StructField,
  tableName: string,
  prepared: Pick<PreparedQuery, "context">,
  env: CommandEnv,
): Expr {
  if (sameTypeIgnoringNullability(attr.type, target.dataType)) return attr;
  const policy = env.session.conf.get("spark.sql.storeAssignmentPolicy") ?? "ANSI";
  if (!canStoreAssign(attr.type, target.dataType, policy)) {
    throw analysisError("INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST", {
      tableName,
      colName: quoteIdentifier(target.name),
      srcType: quotedSqlType(attr.type),
      targetType: quotedSqlType(target.dataType),
    });
  }
  return castForStore(attr, target.dataType, prepared.context.conf);
}

/** Numbers of the columns that a write adds, far above those of any analysis. */
const FIRST_WRITE_ID = 1_000_000_000;

async function runIntoFiles(
  prepared: PreparedQuery,
  query: AnalyzedQuery,
  write: TableWrite,
  env: CommandEnv,
  options: Readonly<Record<string, string>>,
  diskPath: string | undefined,
): Promise<readonly WrittenFile[]> {
  return runSink(prepared, query, env, {
    kind: "files",
    format: write.format,
    target: diskPath === undefined ? "storage" : "disk",
    directory: diskPath ?? write.directory,
    schema: storedSchema(write.schema, write.physicalNames),
    partitionBy: write.partitionBy,
    ...(write.physicalNames === undefined ? {} : { physicalNames: write.physicalNames }),
    fileStem: write.fileStem,
    compression: options.compression ?? defaultCodec(write.format, env),
    options,
    timeZone: env.session.conf.timeZone,
    statisticsColumns: write.statisticsColumns,
  });
}

function defaultCodec(format: string, env: CommandEnv): string {
  return format === "parquet"
    ? (env.session.conf.get("spark.sql.parquet.compression.codec") ?? "snappy")
    : "none";
}

async function runSink(
  prepared: PreparedQuery,
  query: AnalyzedQuery,
  env: CommandEnv,
  sink: TaskSink,
): Promise<readonly WrittenFile[]> {
  const result = await env.runner.runInto(prepared, query, sink, env.operation);
  if (result.kind !== "files") throw new LakeletError("internal", "an engine answered a write with rows");
  return result.files;
}

const FILE_FORMATS = new Set(["parquet", "csv", "json", "text"]);

/** `df.write.parquet(path)` and its like. */
async function writePath(command: WriteOperation, env: CommandEnv): Promise<void> {
  const format = (
    command.source ??
    env.session.conf.get("spark.sql.sources.default") ??
    "parquet"
  ).toLowerCase();
  const options = lowerKeys(command.options);
  const path = command.path ?? options.path;
  if (path === undefined) {
    throw analysisError("MISSING_DATABASE_FOR_V1_SESSION_CATALOG", {});
  }
  const { userFiles, registered } = env.session.driver;
  const folder = registered.folder(path);
  const directory = userFiles.toStoragePath(folder === undefined ? path : `_export/${randomUuid()}`);
  if (folder !== undefined && userFiles.storage.read === undefined) {
    throw unsupported("a folder's handle where paths lead to the machine's disk; give the folder's path");
  }
  if (folder !== undefined && format === "delta") {
    throw unsupported("a Delta table in a folder of this computer, which has no locks for its commits");
  }
  if (format === "delta") {
    await writeTable(command.input, env, {
      target: { kind: "path", path: directory },
      mode: MODES[command.mode],
      provider: "delta",
      ...(command.partitioningColumns.length > 0 ? { partitionBy: command.partitioningColumns } : {}),
      options,
    });
    return;
  }
  if (format === "noop") {
    await env.runner.run(command.input, env.operation);
    return;
  }
  if (!FILE_FORMATS.has(format)) {
    throw ["orc", "xml", "avro", "jdbc"].includes(format)
      ? unsupported(`the data source ${format}`)
      : analysisError("DATA_SOURCE_NOT_FOUND", { provider: format });
  }
  const old = await (folder?.list("", { recursive: true }) ??
    userFiles.storage.list(directory, { recursive: true }));
  if (old.length > 0 && command.mode === "errorIfExists") {
    throw analysisError("PATH_ALREADY_EXISTS", {
      outputPath: folder === undefined ? userFiles.display(directory) : path.slice(path.indexOf("/") + 1),
    });
  }
  if (old.length > 0 && command.mode === "ignore") return;
  const prepared = await env.runner.prepare(command.input, env.operation);
  checkWritable(format, prepared.query.schema, command.partitioningColumns);
  const written = await runSink(prepared, prepared.query, env, {
    kind: "files",
    format: format as "parquet" | "csv" | "json" | "text",
    target: userFiles.target,
    directory,
    schema: prepared.query.schema,
    partitionBy: command.partitioningColumns,
    fileStem: randomUuid(),
    compression: options.compression ?? defaultCodec(format, env),
    options,
    timeZone: env.session.conf.timeZone,
    statisticsColumns: 0,
    emptyFile: true,
  });
  if (folder !== undefined) {
    const { exportToFolder } = await import("./export-to-folder.ts");
    await exportToFolder(written, directory, userFiles.storage, folder);
    if (command.mode === "overwrite") for (const file of old) await folder.remove(file.path);
    await folder.writeHint("_SUCCESS", new Uint8Array());
    return;
  }
  // New names never meet old ones, so the old files can go once the new ones are all there.
  if (command.mode === "overwrite") {
    const keep = new Set(written.map((file) => `${directory}/${file.path}`));
    for (const file of old) if (!keep.has(file.path)) await userFiles.storage.remove(file.path);
  }
  await userFiles.storage.writeHint(`${directory}/_SUCCESS`, new Uint8Array());
}

function checkWritable(format: string, schema: StructType, partitionBy: readonly string[]): void {
  const lower = partitionBy.map((name) => name.toLowerCase());
  for (const name of partitionBy) {
    if (!schema.fields.some((f) => f.name.toLowerCase() === name.toLowerCase())) {
      throw analysisError("COLUMN_NOT_DEFINED_IN_TABLE", {
        colType: "partition",
        colName: quoteIdentifier(name),
        tableName: "unknown",
        tableCols: schema.fields.map((f) => quoteIdentifier(f.name)).join(", "),
      });
    }
  }
  const data = schema.fields.filter((f) => !lower.includes(f.name.toLowerCase()));
  if (format === "text" && (data.length !== 1 || data[0]?.dataType.kind !== "string")) {
    if (data.length !== 1)
      throw analysisError("TEXT_DATA_SOURCE_SINGLE_COLUMN", { numColumns: String(data.length) });
  }
  for (const f of data) {
    const plain = !["array", "map", "struct", "variant"].includes(f.dataType.kind);
    if ((format === "csv" && !plain) || (format === "text" && f.dataType.kind !== "string")) {
      throw analysisError("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE", {
        columnName: quoteIdentifier(f.name),
        columnType: quotedSqlType(f.dataType),
        format: format === "csv" ? "CSV" : "Text",
      });
    }
  }
}
