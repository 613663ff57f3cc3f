import type { Relation } from "../plan/relation.ts";
import { type Row, Timestamp } from "../types/values.ts";
import { expectString, notExpectedType } from "./argument-errors.ts";
import type { StorageLevel as PlainStorageLevel } from "./backend.ts";
import { DataFrame } from "./data-frame.ts";
import { INTERNAL, NO_ATTACHMENTS, nextPlanId } from "./internal.ts";
import { type OptionValues, optionTexts } from "./options.ts";
import { deferredRelation } from "./relation-builder.ts";
import type { SparkSession } from "./spark-session.ts";
import type { StorageLevel } from "./storage-level.ts";
import type { DataTypeLike, StructType } from "./types/index.ts";
import { plainType } from "./types/index.ts";
import type { UdfFunction, UserDefinedFunction } from "./udf.ts";

export interface CatalogMetadata {
  readonly name: string;
  readonly description: string | null;
}
export interface Database {
  readonly name: string;
  readonly catalog: string | null;
  readonly description: string | null;
  readonly locationUri: string;
}
export interface Table {
  readonly name: string;
  readonly catalog: string | null;
  readonly namespace: readonly string[] | null;
  readonly description: string | null;
  /** `MANAGED`, `EXTERNAL`, `VIEW` or `TEMPORARY`. */
  readonly tableType: string;
  readonly isTemporary: boolean;
  /** The name of the only namespace, if there is one. */
  readonly database: string | null;
  /** When a table was made, where it is known. */
  readonly created?: Timestamp;
  /** When a table was last written, where it is known. */
  readonly lastModified?: Timestamp;
}
export interface CatalogColumn {
  readonly name: string;
  readonly description: string | null;
  readonly dataType: string;
  readonly nullable: boolean;
  readonly isPartition: boolean;
  readonly isBucket: boolean;
  readonly isCluster: boolean;
}
export interface CatalogFunction {
  readonly name: string;
  readonly catalog: string | null;
  readonly namespace: readonly string[] | null;
  readonly description: string | null;
  readonly className: string;
  readonly isTemporary: boolean;
}
export interface TablePartition {
  readonly partition: string;
}

export interface CreateTableOptions {
  readonly path?: string;
  readonly source?: string;
  readonly schema?: StructType;
  readonly description?: string;
  readonly options?: OptionValues;
}

/**
 * Databases, tables, views and functions: `spark.catalog`. What changes something goes in order with the session's
 * commands and holds for whatever comes after it, awaited or not; its promise tells how it went.
 *
 * @example
 * ```ts
 * await spark.catalog.createDatabase("sales", true);
 * console.log(await spark.catalog.tableExists("sales.orders"));
 * ```
 */
export class Catalog {
  readonly #session: SparkSession;

  /** @internal */
  constructor(session: SparkSession) {
    this.#session = session;
  }

  // --- catalogs and databases

  currentCatalog(): Promise<string> {
    return this.#value("CurrentCatalog");
  }
  setCurrentCatalog(catalogName: string): Promise<void> {
    return this.#change("SetCurrentCatalog", { catalogName });
  }
  listCatalogs(pattern?: string): Promise<CatalogMetadata[]> {
    return this.#rows("ListCatalogs", { pattern }, (row) => ({
      name: text(row, 0),
      description: textOrNull(row, 1),
    }));
  }
  currentDatabase(): Promise<string> {
    return this.#value("CurrentDatabase");
  }
  /** Throws SCHEMA_NOT_FOUND. */
  setCurrentDatabase(dbName: string): Promise<void> {
    return this.#change("SetCurrentDatabase", { dbName });
  }
  listDatabases(pattern?: string): Promise<Database[]> {
    return this.#rows("ListDatabases", { pattern }, database);
  }
  /** Throws SCHEMA_NOT_FOUND. */
  getDatabase(dbName: string): Promise<Database> {
    return this.#row("GetDatabase", { dbName }, database);
  }
  databaseExists(dbName: string): Promise<boolean> {
    return this.#value("DatabaseExists", { dbName });
  }
  /** Throws SCHEMA_ALREADY_EXISTS unless `ifNotExists`. */
  createDatabase(
    dbName: string,
    ifNotExists = false,
    properties?: Readonly<Record<string, string>>,
  ): Promise<void> {
    expectString("dbName", dbName);
    return this.#change("CreateDatabase", { dbName, ifNotExists, properties });
  }
  /** Throws SCHEMA_NOT_FOUND unless `ifExists`, SCHEMA_NOT_EMPTY unless `cascade`. */
  dropDatabase(dbName: string, ifExists = false, cascade = false): Promise<void> {
    return this.#change("DropDatabase", { dbName, ifExists, cascade });
  }

  // --- tables and views

  listTables(dbName?: string, pattern?: string): Promise<Table[]> {
    return this.#rows("ListTables", { dbName, pattern }, table);
  }
  async listViews(dbName?: string, pattern?: string): Promise<Table[]> {
    const database = dbName ?? (pattern === undefined ? undefined : await this.currentDatabase());
    return this.#rows("ListViews", { dbName: database, pattern }, table);
  }
  /** Throws TABLE_OR_VIEW_NOT_FOUND. */
  getTable(tableName: string): Promise<Table> {
    return this.#row("GetTable", { tableName }, table);
  }
  tableExists(tableName: string, dbName?: string): Promise<boolean> {
    return this.#value("TableExists", { tableName, dbName });
  }
  listColumns(tableName: string, dbName?: string): Promise<CatalogColumn[]> {
    return this.#rows("ListColumns", { tableName, dbName }, (row) => ({
      name: text(row, 0),
      description: textOrNull(row, 1),
      dataType: text(row, 2),
      nullable: row.get(3) as boolean,
      isPartition: row.get(4) as boolean,
      isBucket: row.get(5) as boolean,
      isCluster: row.get(6) as boolean,
    }));
  }
  listPartitions(tableName: string): Promise<TablePartition[]> {
    return this.#rows("ListPartitions", { tableName }, (row) => ({ partition: text(row, 0) }));
  }

  /** Makes a table, of files that are there when a path is given; a DataFrame of it. */
  createTable(tableName: string, path?: string, source?: string, schema?: StructType): DataFrame;
  createTable(tableName: string, options: CreateTableOptions): DataFrame;
  createTable(
    tableName: string,
    path?: string | CreateTableOptions,
    source?: string,
    schema?: StructType,
  ): DataFrame {
    expectString("tableName", tableName);
    const given = typeof path === "object" ? path : { path, source, schema };
    if (given.schema !== undefined && given.schema.kind !== "struct") {
      throw notExpectedType("schema", "struct type", given.schema);
    }
    const options = "options" in given ? optionTexts(given.options ?? {}) : {};
    const created = this.#change("CreateTable", {
      tableName,
      path: given.path,
      source: given.source,
      description: "description" in given ? given.description : undefined,
      schema: given.schema === undefined ? undefined : plainType(given.schema),
      options,
    });
    const built = deferredRelation(async () => {
      await created;
      return { kind: "ReadTable", unparsedIdentifier: tableName, options: {} };
    });
    return new DataFrame({ session: this.#session, ...built });
  }
  /** The older name of `createTable`. */
  createExternalTable(tableName: string, path?: string, source?: string, schema?: StructType): DataFrame {
    return this.createTable(tableName, path, source, schema);
  }
  /** Throws TABLE_OR_VIEW_NOT_FOUND unless `ifExists`. */
  dropTable(tableName: string, ifExists = false, purge = false): Promise<void> {
    return this.#change("DropTable", { tableName, ifExists, purge });
  }
  /** Throws TABLE_OR_VIEW_NOT_FOUND unless `ifExists`. */
  dropView(viewName: string, ifExists = false): Promise<void> {
    return this.#change("DropView", { viewName, ifExists });
  }
  /** Whether there was such a view. */
  dropTempView(viewName: string): Promise<boolean> {
    return this.#changeValue("DropTempView", { viewName });
  }
  /** Whether there was such a view. */
  dropGlobalTempView(viewName: string): Promise<boolean> {
    return this.#changeValue("DropGlobalTempView", { viewName });
  }
  /** Takes all rows out of a table. */
  truncateTable(tableName: string): Promise<void> {
    return this.#change("TruncateTable", { tableName });
  }
  /** Gathers statistics of a table. */
  analyzeTable(tableName: string, noScan = false): Promise<void> {
    return this.#change("AnalyzeTable", { tableName, noScan });
  }
  recoverPartitions(tableName: string): Promise<void> {
    return this.#change("RecoverPartitions", { tableName });
  }
  async getTableProperties(tableName: string): Promise<Record<string, string>> {
    const entries = await this.#rows("GetTableProperties", { tableName }, (row) => [
      text(row, 0),
      text(row, 1),
    ]);
    return Object.fromEntries(entries);
  }
  /** The statement that makes the table. */
  async getCreateTableString(tableName: string, asSerde = false): Promise<string> {
    const rows = await this.#rows("GetCreateTableString", { tableName, asSerde }, (row) => text(row, 0));
    return rows[0] ?? "";
  }

  // --- functions

  listFunctions(dbName?: string, pattern?: string): Promise<CatalogFunction[]> {
    return this.#rows("ListFunctions", { dbName, pattern }, catalogFunction);
  }
  functionExists(functionName: string, dbName?: string): Promise<boolean> {
    return this.#value("FunctionExists", { functionName, dbName });
  }
  /** Throws UNRESOLVED_ROUTINE. */
  getFunction(functionName: string): Promise<CatalogFunction> {
    return this.#row("GetFunction", { functionName }, catalogFunction);
  }
  /** The older name of `spark.udf.register`. */
  registerFunction(name: string, f: UdfFunction, returnType?: DataTypeLike | string): UserDefinedFunction {
    return this.#session.udf.register(name, f, returnType);
  }

  // --- caching

  isCached(tableName: string): Promise<boolean> {
    return this.#value("IsCached", { tableName });
  }
  cacheTable(tableName: string, storageLevel?: StorageLevel): Promise<void> {
    const level: PlainStorageLevel | undefined = storageLevel?.plain();
    return this.#change("CacheTable", { tableName, storageLevel: level });
  }
  uncacheTable(tableName: string): Promise<void> {
    return this.#change("UncacheTable", { tableName });
  }
  clearCache(): Promise<void> {
    return this.#change("ClearCache");
  }
  refreshTable(tableName: string): Promise<void> {
    return this.#change("RefreshTable", { tableName });
  }
  refreshByPath(path: string): Promise<void> {
    return this.#change("RefreshByPath", { path });
  }

  // --- inside

  async #rows<T>(operation: string, args: Arguments, read: (row: Row) => T): Promise<T[]> {
    const runtime = this.#session[INTERNAL];
    const { rows } = await runtime.rows(relation(operation, args), NO_ATTACHMENTS);
    return rows.map(read);
  }

  async #row<T>(operation: string, args: Arguments, read: (row: Row) => T): Promise<T> {
    const [first] = await this.#rows(operation, args, read);
    return first as T;
  }

  #value<T>(operation: string, args: Arguments = {}): Promise<T> {
    return this.#row(operation, args, (row) => row.get(0) as T);
  }

  #change(operation: string, args: Arguments = {}): Promise<void> {
    const runtime = this.#session[INTERNAL];
    return runtime.enqueue(async (backend) => {
      await backend.execute(relation(operation, args), runtime.options());
    });
  }

  #changeValue<T>(operation: string, args: Arguments): Promise<T> {
    const runtime = this.#session[INTERNAL];
    return runtime.enqueue(async (backend) => {
      const result = await backend.execute(relation(operation, args), runtime.options());
      return runtime.decode(result)[0]?.get(0) as T;
    });
  }
}

type Arguments = Readonly<Record<string, unknown>>;

/** An operation with the arguments that say something. */
function relation(operation: string, args: Arguments): Relation {
  const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
  return { kind: "CatalogRelation", operation, arguments: given, planId: nextPlanId() };
}

function text(row: Row, index: number): string {
  return row.get(index) as string;
}

function textOrNull(row: Row, index: number): string | null {
  return (row.get(index) as string | null | undefined) ?? null;
}

function database(row: Row): Database {
  return {
    name: text(row, 0),
    catalog: textOrNull(row, 1),
    description: textOrNull(row, 2),
    locationUri: text(row, 3),
  };
}

function table(row: Row): Table {
  const namespace = row.get(2) as readonly string[] | null;
  const time = (name: string): Timestamp | undefined => {
    const value = row.has(name) ? row.get(name) : undefined;
    return value instanceof Timestamp ? value : undefined;
  };
  const [created, lastModified] = [time("created"), time("lastModified")];
  return {
    name: text(row, 0),
    catalog: textOrNull(row, 1),
    namespace,
    description: textOrNull(row, 3),
    tableType: text(row, 4),
    isTemporary: row.get(5) as boolean,
    database: namespace?.length === 1 ? (namespace[0] as string) : null,
    ...(created === undefined ? {} : { created }),
    ...(lastModified === undefined ? {} : { lastModified }),
  };
}

function catalogFunction(row: Row): CatalogFunction {
  return {
    name: text(row, 0),
    catalog: textOrNull(row, 1),
    namespace: row.get(2) as readonly string[] | null,
    description: textOrNull(row, 3),
    className: text(row, 4),
    isTemporary: row.get(5) as boolean,
  };
}
