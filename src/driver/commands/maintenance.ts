import { CATALOG_NAME, quotedTableName, type TableEntry } from "../../catalog/catalog-entry.ts";
import type { ResolvedTable } from "../../catalog/warehouse-api.ts";
import { analysisError, IllegalArgumentException, unsupported } from "../../errors/spark-error.ts";
import { lookupFunction } from "../../functions/function-table.ts";
import type {
  AnalyzeTable,
  AnalyzeTables,
  CacheTable,
  CallProcedure,
  CreateIndex,
  DropIndex,
  LoadData,
  ManageResource,
  RefreshFunction,
  RefreshTable,
  RepairTable,
  TruncateTable,
  UncacheTable,
} from "../../plan/statement.ts";
import type { StorageLevel } from "../../session/backend.ts";
import { struct } from "../../types/data-type.ts";
import {
  type CommandEnv,
  databaseName,
  findRelation,
  quoteName,
  quoteParts,
  requireTable,
  tableIdentifier,
  tableNotFound,
  temporaryView,
} from "./command-env.ts";
import { type CommandOutput, NO_OUTPUT, text } from "./command-output.ts";
import { searchPath } from "./functions.ts";
import { createTemporaryView } from "./views.ts";

const level = (
  useDisk: boolean,
  useMemory: boolean,
  useOffHeap: boolean,
  deserialized: boolean,
  replication = 1,
): StorageLevel => ({ useDisk, useMemory, useOffHeap, deserialized, replication });

/** By the names that `OPTIONS ('storageLevel' '...')` takes. */
const STORAGE_LEVELS: Readonly<Record<string, StorageLevel>> = {
  NONE: level(false, false, false, false),
  DISK_ONLY: level(true, false, false, false),
  DISK_ONLY_2: level(true, false, false, false, 2),
  DISK_ONLY_3: level(true, false, false, false, 3),
  MEMORY_ONLY: level(false, true, false, true),
  MEMORY_ONLY_2: level(false, true, false, true, 2),
  MEMORY_ONLY_SER: level(false, true, false, false),
  MEMORY_ONLY_SER_2: level(false, true, false, false, 2),
  MEMORY_AND_DISK: level(true, true, false, true),
  MEMORY_AND_DISK_2: level(true, true, false, true, 2),
  MEMORY_AND_DISK_SER: level(true, true, false, false),
  MEMORY_AND_DISK_SER_2: level(true, true, false, false, 2),
  OFF_HEAP: level(true, true, true, false),
};

/** The key under which a table's or view's storage level is kept. */
export function cacheKey(nameParts: readonly string[], env: CommandEnv): string {
  const temporary = temporaryView(nameParts, env.session);
  const name = temporary?.nameParts ?? Object.values(tableIdentifier(nameParts, env.session));
  return `table:${name.join(".").toLowerCase()}`;
}

export async function cacheRelation(
  nameParts: readonly string[],
  storageLevel: StorageLevel | undefined,
  env: CommandEnv,
): Promise<void> {
  await requireCacheable(nameParts, env);
  const { persisted } = env.session;
  const key = cacheKey(nameParts, env);
  if (!persisted.has(key))
    persisted.set(key, storageLevel ?? (STORAGE_LEVELS.MEMORY_AND_DISK as StorageLevel));
}

export async function cacheTable(command: CacheTable, env: CommandEnv): Promise<CommandOutput> {
  const given = Object.entries(command.options).find(([key]) => key.toLowerCase() === "storagelevel")?.[1];
  const storageLevel = given === undefined ? undefined : STORAGE_LEVELS[given.toUpperCase()];
  if (given !== undefined && storageLevel === undefined) {
    throw new IllegalArgumentException({
      condition: "INVALID_STORAGE_LEVEL",
      message: `Invalid StorageLevel: ${given}`,
    });
  }
  const name = command.name.at(-1) as string;
  if (command.query !== undefined) await createTemporaryView(name, command.query, false, false, env);
  await cacheRelation(command.name, storageLevel, env);
  return NO_OUTPUT;
}

export async function uncacheTable(
  command: Pick<UncacheTable, "name" | "ifExists">,
  env: CommandEnv,
): Promise<CommandOutput> {
  const exists =
    temporaryView(command.name, env.session) !== undefined ||
    (await findRelation(command.name, env)) !== undefined;
  if (exists) env.session.persisted.delete(cacheKey(command.name, env));
  else if (!command.ifExists) throw missingInQuery(command.name, env);
  return NO_OUTPUT;
}

export async function clearCache(env: CommandEnv): Promise<CommandOutput> {
  env.session.persisted.clear();
  return NO_OUTPUT;
}

/** A table or view by its name; throws what a query of it does. */
export async function requireCacheable(nameParts: readonly string[], env: CommandEnv): Promise<void> {
  if (temporaryView(nameParts, env.session) !== undefined) return;
  if ((await findRelation(nameParts, env)) === undefined) throw missingInQuery(nameParts, env);
}

/** These look names up as a query does. */
function missingInQuery(nameParts: readonly string[], env: CommandEnv): Error {
  return analysisError("TABLE_OR_VIEW_NOT_FOUND", {
    relationName: quoteParts(nameParts),
    searchPath: searchPath(env.session),
  });
}

/** Every look-up reads the newest version, so there is nothing to refresh; the name must exist all the same. */
export async function refreshTable(
  command: Pick<RefreshTable, "name">,
  env: CommandEnv,
): Promise<CommandOutput> {
  if (temporaryView(command.name, env.session) !== undefined) return NO_OUTPUT;
  if ((await findRelation(command.name, env)) === undefined) throw tableNotFound(command.name, env.session);
  return NO_OUTPUT;
}

export async function refreshFunction(command: RefreshFunction, env: CommandEnv): Promise<CommandOutput> {
  const name = command.name.at(-1) as string;
  if (command.name.length === 1 && lookupFunction(name) !== undefined) {
    throw analysisError("_LEGACY_ERROR_TEMP_1256", { functionName: name });
  }
  const { findPersistentFunction, functionIdentifier } = await import("./functions.ts");
  if ((await findPersistentFunction(command.name, env)) === undefined) {
    const { database, name: routine } = functionIdentifier(command.name, env.session);
    throw analysisError("ROUTINE_NOT_FOUND", { routineName: quoteParts([database, routine]) });
  }
  return NO_OUTPUT;
}

/** Files and the log carry the statistics that there are: only the names are checked. */
export async function analyzeTable(
  command: Pick<AnalyzeTable, "name" | "columns" | "partition">,
  env: CommandEnv,
): Promise<CommandOutput> {
  const temporary = temporaryView(command.name, env.session);
  const found = temporary === undefined ? await findRelation(command.name, env) : undefined;
  if (temporary === undefined && found === undefined) throw tableNotFound(command.name, env.session);
  if (found === undefined || found.entry.view !== undefined) {
    if (found === undefined && env.session.persisted.has(cacheKey(command.name, env))) return NO_OUTPUT;
    throw analysisError("UNSUPPORTED_FEATURE.ANALYZE_VIEW", {});
  }
  const { schema } = await found.describe();
  const same = env.session.conf.nameEquality;
  for (const column of command.columns ?? []) {
    const field = schema.fields.find((f) => same(f.name, column));
    if (field === undefined) {
      throw analysisError("COLUMN_NOT_FOUND", {
        colName: quoteName(column),
        caseSensitiveConfig: '"spark.sql.caseSensitive"',
      });
    }
    if (["array", "map", "struct", "variant"].includes(field.dataType.kind)) {
      const { quotedSqlType } = await import("../../types/format.ts");
      throw analysisError("UNSUPPORTED_FEATURE.ANALYZE_UNSUPPORTED_COLUMN_TYPE", {
        columnType: quotedSqlType(field.dataType),
        columnName: quoteName(field.name),
        tableName: quotedTableName(found.entry),
      });
    }
  }
  if (command.partition !== undefined) {
    const { checkPartitionSpec } = await import("./partitions.ts");
    await checkPartitionSpec(found, command.partition, env, { partial: true });
  }
  return NO_OUTPUT;
}

export async function analyzeTables(command: AnalyzeTables, env: CommandEnv): Promise<CommandOutput> {
  const name =
    command.namespace === undefined ? env.session.currentDatabase : databaseName(command.namespace);
  await env.warehouse.getDatabase(name);
  return NO_OUTPUT;
}

export async function truncateTable(
  command: Pick<TruncateTable, "name" | "partition">,
  env: CommandEnv,
): Promise<CommandOutput> {
  const table = await requireTable(command.name, "TRUNCATE TABLE", env);
  const { entry } = table;
  if (command.partition === undefined) {
    await env.warehouse.truncateTable(entry);
    return NO_OUTPUT;
  }
  const { partitionColumns } = await table.describe();
  if (partitionColumns.length === 0) {
    throw analysisError("_LEGACY_ERROR_TEMP_1267", { tableIdentWithDB: quotedTableName(entry) });
  }
  const { partitionPredicate } = await import("./partitions.ts");
  await env.warehouse.dropPartitions(entry, [await partitionPredicate(table, command.partition, env)], {
    operation: "TRUNCATE TABLE",
    keepEmpty: true,
  });
  return NO_OUTPUT;
}

export async function repairTable(
  command: Pick<RepairTable, "name">,
  env: CommandEnv,
): Promise<CommandOutput> {
  await requirePartitioned(await requireTable(command.name, "MSCK REPAIR TABLE", env), "MSCK REPAIR TABLE");
  return NO_OUTPUT;
}

/** Partitions are read off the files at each look-up: there is nothing to find again. */
export async function requirePartitioned(table: ResolvedTable, operation: string): Promise<void> {
  const { partitionColumns } = await table.describe();
  if (partitionColumns.length > 0) return;
  throw analysisError("NOT_A_PARTITIONED_TABLE", {
    operation,
    tableIdentWithDB: quotedTableName(table.entry),
  });
}

export async function manageResource(command: ManageResource): Promise<CommandOutput> {
  if (command.operation === "list") return { schema: struct([text("Results")]), rows: [] };
  throw unsupported(`ADD ${command.resourceType.toUpperCase()}`);
}

export async function loadData(command: LoadData, env: CommandEnv): Promise<CommandOutput> {
  const { entry } = await requireTable(command.name, "LOAD DATA", env);
  throw analysisError("_LEGACY_ERROR_TEMP_1261", { tableIdentWithDB: quotedTableName(entry) });
}

export async function refuseIndex(command: CreateIndex | DropIndex, env: CommandEnv): Promise<CommandOutput> {
  const { entry }: { entry: TableEntry } = await requireTable(command.name, "CREATE INDEX", env);
  throw analysisError("_LEGACY_ERROR_TEMP_1332", {
    errorMessage: `${command.kind} is not supported in this table ${entry.database}.${entry.table}.`,
  });
}

export async function callProcedure(command: CallProcedure, env: CommandEnv): Promise<CommandOutput> {
  throw analysisError("UNRESOLVED_ROUTINE", {
    routineName: quoteParts(command.name),
    searchPath: searchPath(env.session),
  });
}

export async function showProcedures(): Promise<CommandOutput> {
  throw analysisError("MISSING_CATALOG_ABILITY.PROCEDURES", { plugin: CATALOG_NAME });
}
