import { CATALOG_NAME, type TableEntry } from "../catalog/catalog-entry.ts";
import { analysisError, unsupported } from "../errors/spark-error.ts";
import { lookupFunction } from "../functions/function-table.ts";
import type { CatalogRelation } from "../plan/relation.ts";
import type { StorageLevel } from "../session/backend.ts";
import { parseMultipartIdentifier, parseTableSchema } from "../sql/parse-data-type.ts";
import {
  array,
  type DataType,
  field,
  STRING,
  type StructType,
  struct,
  TIMESTAMP,
} from "../types/data-type.ts";
import { simpleString } from "../types/format.ts";
import { Timestamp } from "../types/values.ts";
import {
  type CommandEnv,
  databaseName,
  quoteParts,
  relationSchema,
  requireTable,
  tableIdentifier,
  tableNotFound,
} from "./commands/command-env.ts";
import { type CommandOutput, flag, nullableText, showPattern, text } from "./commands/command-output.ts";
import { searchPath } from "./commands/functions.ts";
import {
  analyzeTable,
  cacheKey,
  cacheRelation,
  clearCache,
  requireCacheable,
  requirePartitioned,
  truncateTable,
  uncacheTable,
} from "./commands/maintenance.ts";
import { setCurrentCatalog, setCurrentDatabase } from "./commands/namespaces.ts";
import { listPartitions } from "./commands/partitions.ts";
import { showCreateTable, showTableProperties } from "./commands/show.ts";
import { diskPathOf } from "./disk-scan.ts";
import { functionNames } from "./function-names.ts";
import { GLOBAL_TEMP_DATABASE } from "./session-state.ts";
import { type FoundFunction, findSqlFunction } from "./sql-functions.ts";

type Arguments = Readonly<Record<string, unknown>>;
type Operation = (args: Arguments, env: CommandEnv) => Promise<CommandOutput>;

const VALUE = struct([nullableText("value")]);
const FLAG = struct([flag("value")]);
/** What an operation without an answer gives. */
const DONE: CommandOutput = { schema: struct([text("value")]), rows: [] };

const DATABASE = struct([
  nullableText("name"),
  nullableText("catalog"),
  nullableText("description"),
  nullableText("locationUri"),
]);
const NAMESPACE = { name: "namespace", dataType: array(STRING), nullable: true };
const TABLE = struct([
  nullableText("name"),
  nullableText("catalog"),
  NAMESPACE,
  nullableText("description"),
  nullableText("tableType"),
  flag("isTemporary"),
  // Beyond Spark's columns, which clients read by position.
  field("created", TIMESTAMP),
  field("lastModified", TIMESTAMP),
]);
const COLUMN = struct([
  nullableText("name"),
  nullableText("description"),
  nullableText("dataType"),
  flag("nullable"),
  flag("isPartition"),
  flag("isBucket"),
  flag("isCluster"),
]);
const FUNCTION = struct([
  nullableText("name"),
  nullableText("catalog"),
  NAMESPACE,
  nullableText("description"),
  nullableText("className"),
  flag("isTemporary"),
]);

/** `spark.catalog.*`: one entry an operation, named as Connect's messages. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  CurrentDatabase: async (_, env) => one(VALUE, env.session.currentDatabase),
  SetCurrentDatabase: async (args, env) => {
    await setCurrentDatabase(databaseName(parseMultipartIdentifier(args.dbName as string)), env);
    return DONE;
  },
  CurrentCatalog: async () => one(VALUE, CATALOG_NAME),
  SetCurrentCatalog: async (args) => {
    setCurrentCatalog(String(args.catalogName));
    return DONE;
  },
  ListCatalogs: async (args) => ({
    schema: struct([nullableText("name"), nullableText("description")]),
    rows: showPattern(args.pattern as string | undefined)(CATALOG_NAME) ? [[CATALOG_NAME, null]] : [],
  }),
  ListDatabases: async (args, env) => {
    const matches = showPattern(args.pattern as string | undefined);
    const databases = await env.warehouse.listDatabases();
    return {
      schema: DATABASE,
      rows: databases.filter((d) => matches(d.name)).map((d) => databaseRow(d, env)),
    };
  },
  GetDatabase: async (args, env) => {
    const database = await env.warehouse.getDatabase(
      databaseName(parseMultipartIdentifier(args.dbName as string)),
    );
    return { schema: DATABASE, rows: [databaseRow(database, env)] };
  },
  DatabaseExists: async (args, env) => {
    const parts = parseMultipartIdentifier(args.dbName as string);
    return one(
      FLAG,
      parts.length <= 2 && (await env.warehouse.findDatabase(parts.at(-1) as string)) !== undefined,
    );
  },
  CreateDatabase: async (args, env) => {
    await env.warehouse.createDatabase({
      name: databaseName(parseMultipartIdentifier(args.dbName as string)),
      ifNotExists: args.ifNotExists === true,
      properties: (args.properties ?? {}) as Readonly<Record<string, string>>,
    });
    return DONE;
  },
  DropDatabase: async (args, env) => {
    await env.warehouse.dropDatabase({
      name: databaseName(parseMultipartIdentifier(args.dbName as string)),
      ifExists: args.ifExists === true,
      cascade: args.cascade === true,
    });
    return DONE;
  },
  ListTables: async (args, env) => ({ schema: TABLE, rows: await relationRows(args, env, () => true) }),
  ListViews: async (args, env) => ({
    schema: TABLE,
    rows: await relationRows(args, env, (isView) => isView),
  }),
  GetTable: async (args, env) => {
    const parts = tableParts(args);
    const temporary = temporaryViewRow(parts, env);
    if (temporary !== undefined) return { schema: TABLE, rows: [temporary] };
    const found = await env.warehouse.findTable(tableIdentifier(parts, env.session));
    if (found === undefined) throw missingTable(parts, env);
    return { schema: TABLE, rows: [tableRow(found.entry)] };
  },
  TableExists: async (args, env) => {
    const parts = tableParts(args);
    if (temporaryViewRow(parts, env) !== undefined) return one(FLAG, true);
    return one(FLAG, (await env.warehouse.findTable(tableIdentifier(parts, env.session))) !== undefined);
  },
  ListColumns: async (args, env) => {
    const parts = tableParts(args);
    const table = temporaryViewRow(parts, env)
      ? undefined
      : await env.warehouse.findTable(tableIdentifier(parts, env.session));
    if (table === undefined && temporaryViewRow(parts, env) === undefined) throw missingTable(parts, env);
    const schema = await relationSchema(parts, env);
    const partitions =
      table === undefined || table.entry.view !== undefined ? [] : (await table.scan()).partitionColumns;
    return {
      schema: COLUMN,
      rows: schema.fields.map((f) => [
        f.name,
        typeof f.metadata?.comment === "string" ? f.metadata.comment : null,
        simpleString(f.dataType),
        f.nullable,
        partitions.includes(f.name),
        false,
        false,
      ]),
    };
  },
  ListFunctions: async (args, env) => {
    const matches = showPattern(args.pattern as string | undefined);
    return {
      schema: FUNCTION,
      rows: (await allFunctions(args, env)).filter((row) => matches(row[0] as string)),
    };
  },
  GetFunction: async (args, env) => {
    const parts = functionParts(args);
    const row = await findFunctionRow(parts, env);
    if (row === undefined) {
      throw analysisError("UNRESOLVED_ROUTINE", {
        routineName: quoteParts(parts),
        searchPath: searchPath(env.session),
      });
    }
    return { schema: FUNCTION, rows: [row] };
  },
  FunctionExists: async (args, env) =>
    one(FLAG, (await findFunctionRow(functionParts(args), env)) !== undefined),
  CreateTable: createTable,
  CreateExternalTable: createTable,
  DropTable: async (args, env) => {
    const parts = parseMultipartIdentifier(args.tableName as string);
    await env.warehouse.dropTable({
      name: tableIdentifier(parts, env.session),
      ifExists: args.ifExists === true,
    });
    return DONE;
  },
  DropView: async (args, env) => {
    const parts = parseMultipartIdentifier(args.viewName as string);
    await env.warehouse.dropView({
      name: tableIdentifier(parts, env.session),
      ifExists: args.ifExists === true,
    });
    return DONE;
  },
  DropTempView: async (args, env) => one(FLAG, env.session.tempViews.drop(args.viewName as string)),
  DropGlobalTempView: async (args, env) =>
    one(FLAG, env.session.driver.globalTempViews.drop(args.viewName as string)),
  GetTableProperties: async (args, env) =>
    showTableProperties({ kind: "ShowTableProperties", name: nameOf(args) }, env),
  GetCreateTableString: async (args, env) =>
    showCreateTable({ kind: "ShowCreateTable", name: nameOf(args), asSerde: args.asSerde === true }, env),
  ListPartitions: async (args, env) => {
    const table = await requireTable(nameOf(args), "Catalog.listPartitions", env);
    const partitions = await listPartitions(table, undefined, "SHOW PARTITIONS", env);
    return { schema: struct([text("partition")]), rows: partitions.map((name) => [name]) };
  },
  TruncateTable: async (args, env) => {
    await requireTable(nameOf(args), "Catalog.truncateTable", env);
    await truncateTable({ name: nameOf(args) }, env);
    return DONE;
  },
  AnalyzeTable: async (args, env) => {
    await requireTable(nameOf(args), "Catalog.analyzeTable", env);
    await analyzeTable({ name: nameOf(args) }, env);
    return DONE;
  },
  IsCached: async (args, env) => {
    await requireCacheable(nameOf(args), env);
    return one(FLAG, env.session.persisted.has(cacheKey(nameOf(args), env)));
  },
  CacheTable: async (args, env) => {
    await cacheRelation(nameOf(args), args.storageLevel as StorageLevel | undefined, env);
    return DONE;
  },
  UncacheTable: async (args, env) => {
    await uncacheTable({ name: nameOf(args), ifExists: false }, env);
    return DONE;
  },
  ClearCache: async (_, env) => {
    await clearCache(env);
    return DONE;
  },
  // Every look-up reads the newest version, so there is nothing to refresh; the name must exist all the same.
  RefreshTable: async (args, env) => {
    await requireCacheable(nameOf(args), env);
    return DONE;
  },
  RefreshByPath: async () => DONE,
  RecoverPartitions: async (args, env) => {
    const table = await requireTable(nameOf(args), "recoverPartitions()", env);
    await requirePartitioned(table, "ALTER TABLE RECOVER PARTITIONS");
    return DONE;
  },
};

function nameOf(args: Arguments): readonly string[] {
  return parseMultipartIdentifier(args.tableName as string);
}

function functionParts(args: Arguments): readonly string[] {
  const parts = parseMultipartIdentifier(args.functionName as string);
  return typeof args.dbName === "string" && args.dbName !== "" ? [args.dbName, ...parts] : parts;
}

async function findFunctionRow(
  parts: readonly string[],
  env: CommandEnv,
): Promise<readonly unknown[] | undefined> {
  const name = parts.at(-1) as string;
  if (parts.length === 1 && lookupFunction(name) !== undefined) return functionRow(name);
  const found = await findSqlFunction(parts, env.session);
  if (found !== undefined) return sqlFunctionRow(found);
  const registered = parts.length === 1 && env.session.registeredFunctions.has(name.toLowerCase());
  return registered ? [name, null, null, "N/A.", null, true] : undefined;
}

function sqlFunctionRow({ definition, identifier }: FoundFunction): readonly unknown[] {
  const { className } = definition;
  const [catalog, database] = identifier.length === 3 ? identifier : [null, undefined];
  return [
    definition.name,
    catalog,
    database === undefined ? null : [database],
    definition.comment ?? "N/A.",
    className ?? "org.apache.spark.sql.catalyst.catalog.SQLFunction",
    catalog === null,
  ];
}

async function allFunctions(args: Arguments, env: CommandEnv): Promise<readonly (readonly unknown[])[]> {
  const name =
    typeof args.dbName === "string"
      ? databaseName(parseMultipartIdentifier(args.dbName))
      : env.session.currentDatabase;
  const database = await env.warehouse.getDatabase(name);
  const { sqlFunctions, registeredFunctions } = env.session;
  return [
    ...functionNames().map(functionRow),
    ...[...registeredFunctions.keys()].map((f) => [f, null, null, "N/A.", null, true]),
    ...[...sqlFunctions.values()].map((definition) =>
      sqlFunctionRow({ definition, identifier: [definition.name] }),
    ),
    ...Object.values(database.functions ?? {}).map((definition) =>
      sqlFunctionRow({ definition, identifier: [CATALOG_NAME, database.name, definition.name] }),
    ),
  ];
}

export async function runCatalogRelation(relation: CatalogRelation, env: CommandEnv): Promise<CommandOutput> {
  const operation = OPERATIONS[relation.operation];
  if (operation === undefined) throw unsupported(`spark.catalog operation ${relation.operation}`);
  return operation(relation.arguments, env);
}

/** The answer's columns without running the operation, for those whose schema is asked for. */
export function catalogSchema(operation: string): StructType | undefined {
  if (/^List(Tables|Views)$|^GetTable$|^Create(External)?Table$/.test(operation)) return TABLE;
  if (/^(ListDatabases|GetDatabase)$/.test(operation)) return DATABASE;
  if (/^(ListFunctions|GetFunction)$/.test(operation)) return FUNCTION;
  if (operation === "ListColumns") return COLUMN;
  if (operation === "ListCatalogs") return struct([nullableText("name"), nullableText("description")]);
  if (/^Current/.test(operation)) return VALUE;
  if (/Exists$|^IsCached$|^Drop(Global)?TempView$/.test(operation)) return FLAG;
  return operation in OPERATIONS ? DONE.schema : undefined;
}

function one(schema: StructType, value: unknown): CommandOutput {
  return { schema, rows: [[value]] };
}

function databaseRow(
  database: { readonly name: string; readonly comment: string; readonly location: string },
  env: CommandEnv,
): readonly unknown[] {
  return [
    database.name,
    CATALOG_NAME,
    database.comment,
    env.session.driver.userFiles.display(database.location),
  ];
}

function tableRow(entry: TableEntry): readonly unknown[] {
  return [
    entry.table,
    CATALOG_NAME,
    [entry.database],
    entry.comment ?? null,
    entry.tableType,
    false,
    atMillis(entry.createdMs),
    atMillis(entry.lastModifiedMs),
  ];
}

function atMillis(ms: number): Timestamp {
  return new Timestamp(BigInt(Math.trunc(ms)) * 1000n);
}

function tableParts(args: Arguments): readonly string[] {
  const parts = parseMultipartIdentifier(args.tableName as string);
  return typeof args.dbName === "string" && args.dbName !== "" ? [args.dbName, ...parts] : parts;
}

function temporaryViewRow(parts: readonly string[], env: CommandEnv): readonly unknown[] | undefined {
  const name = parts.at(-1) as string;
  if (parts.length === 1 && env.session.tempViews.find(name) !== undefined) {
    return [name.toLowerCase(), null, [], null, "TEMPORARY", true, null, null];
  }
  if (parts.length === 2 && parts[0]?.toLowerCase() === GLOBAL_TEMP_DATABASE) {
    const view = env.session.driver.globalTempViews.find(name);
    return view && [name.toLowerCase(), null, [GLOBAL_TEMP_DATABASE], null, "TEMPORARY", true, null, null];
  }
  return undefined;
}

async function relationRows(
  args: Arguments,
  env: CommandEnv,
  wanted: (isView: boolean) => boolean,
): Promise<readonly (readonly unknown[])[]> {
  const database =
    typeof args.dbName === "string"
      ? databaseName(parseMultipartIdentifier(args.dbName))
      : env.session.currentDatabase;
  const rows: (readonly unknown[])[] = [];
  if (database.toLowerCase() === GLOBAL_TEMP_DATABASE) {
    for (const view of env.session.driver.globalTempViews.list()) {
      rows.push([view.name.toLowerCase(), null, [GLOBAL_TEMP_DATABASE], null, "TEMPORARY", true, null, null]);
    }
  } else {
    const tables = await env.warehouse.listTables(database);
    for (const entry of tables) if (wanted(entry.view !== undefined)) rows.push(tableRow(entry));
  }
  for (const view of env.session.tempViews.list()) {
    rows.push([view.name.toLowerCase(), null, [], null, "TEMPORARY", true, null, null]);
  }
  const matches = showPattern(args.pattern as string | undefined);
  return rows.filter((row) => matches(row[0] as string));
}

function functionRow(name: string): readonly unknown[] {
  return [name, null, null, lookupFunction(name)?.usage ?? null, null, true];
}

async function createTable(args: Arguments, env: CommandEnv): Promise<CommandOutput> {
  const parts = parseMultipartIdentifier(args.tableName as string);
  const name = tableIdentifier(parts, env.session);
  const path = args.path as string | undefined;
  const given = args.schema as DataType | undefined;
  const schema = given?.kind === "struct" && given.fields.length > 0 ? given : undefined;
  const options = (args.options ?? {}) as Readonly<Record<string, string>>;
  const ddl = options.schema === undefined ? undefined : parseTableSchema(options.schema);
  await env.warehouse.createTable({
    name,
    ...(typeof args.source === "string" && args.source !== "" ? { provider: args.source.toLowerCase() } : {}),
    ...(schema === undefined ? (ddl === undefined ? {} : { schema: ddl }) : { schema }),
    ...(typeof path === "string" && path !== ""
      ? { location: env.session.driver.userFiles.toStoragePath(path) }
      : {}),
    ...(typeof args.description === "string" && args.description !== "" ? { comment: args.description } : {}),
    options,
  });
  const { entry } = await env.warehouse.getTable(name);
  const { userFiles } = env.session.driver;
  const location = typeof path === "string" && path !== "" ? userFiles.toStoragePath(path) : undefined;
  const diskPath = diskPathOf(location, entry.provider, userFiles);
  if (diskPath !== undefined) await env.warehouse.alterEntry(name, (made) => ({ ...made, diskPath }));
  return { schema: TABLE, rows: [tableRow(entry)] };
}

function missingTable(parts: readonly string[], env: CommandEnv): Error {
  return tableNotFound(parts, env.session);
}
