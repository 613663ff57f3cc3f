import { analysisError } from "../errors/spark-error.ts";
import type { Environment } from "../lake/environment.ts";
import { SILENT_LOGGER, SYSTEM_CLOCK, SYSTEM_RANDOM } from "../lake/environment.ts";
import { writeParquet } from "../lake/parquet-writer.ts";
import { commitInfoOf, commitTimestamp } from "../lake/time-travel.ts";
import type { Storage } from "../storage/storage.ts";
import type { StructType } from "../types/data-type.ts";
import { alterEntry, alterSchema, dropPartitions, renamePartition } from "./alter-schema.ts";
import {
  addColumns,
  alterTableComment,
  alterTableProperties,
  dropTable,
  renameTable,
  truncateTable,
} from "./alter-table.ts";
import type { DatabaseEntry, TableEntry, TableIdentifier } from "./catalog-entry.ts";
import { quotedTableName } from "./catalog-entry.ts";
import { schemaNotFound, tableNotFound } from "./catalog-errors.ts";
import type { CloneRequest, CloneResult } from "./clone-table.ts";
import { WarehouseContext } from "./context.ts";
import type { ConvertRequest } from "./convert-directory.ts";
import { createTable, createView } from "./create-table.ts";
import { alterDatabase, createDatabase, dropDatabase } from "./database-operations.ts";
import { adoptTables, collectLeftovers } from "./leftovers.ts";
import { normalizeLocation, normalizeTableName } from "./names.ts";
import { beginPathFilesWrite } from "./path-files-write.ts";
import { resolvedPath, resolvedTable } from "./resolved-table.ts";
import type { ChangeTarget, LocatedDelta } from "./table-change.ts";
import { locateDelta, TableChange } from "./table-change.ts";
import { existingTable } from "./table-in-place.ts";
import { beginTableWrite } from "./table-write.ts";
import type { VacuumRequest, VacuumResult } from "./vacuum-table.ts";
import type {
  CollectionReport,
  CreateTableRequest,
  CreateViewRequest,
  ResolvedTable,
  TableCommit,
  TableWrite,
  WarehouseApi,
  WarehouseOptions,
  WriteRequest,
} from "./warehouse-api.ts";

const LEFTOVER_GRACE_MS = 60 * 60 * 1000;

/**
 * Opens the databases and tables in a storage.
 *
 *     const warehouse = await openWarehouse(new MemoryStorage());
 *     const write = await warehouse.beginWrite({ target: { kind: "table", name }, mode: "append", schema });
 *     // engines write files into write.directory, then
 *     await write.commit(files);
 */
export async function openWarehouse(storage: Storage, options: WarehouseOptions = {}): Promise<Warehouse> {
  const warehouse = new Warehouse(storage, options);
  // A catalog that cannot be read is told at once and not at the first query.
  await warehouse.listDatabases();
  return warehouse;
}

/** Databases, tables and views over one storage; see `WarehouseApi`. */
export class Warehouse implements WarehouseApi {
  readonly #context: WarehouseContext;
  readonly #leftoverGraceMs: number;

  constructor(storage: Storage, options: WarehouseOptions = {}) {
    const env: Environment = {
      clock: options.clock ?? SYSTEM_CLOCK,
      random: options.random ?? SYSTEM_RANDOM,
      logger: options.logger ?? SILENT_LOGGER,
      writeParquet: options.writeParquet ?? writeParquet,
      engineInfo: options.engineInfo ?? "Lakelet",
    };
    this.#context = new WarehouseContext(storage, env);
    this.#leftoverGraceMs = options.leftoverGraceMs ?? LEFTOVER_GRACE_MS;
  }

  get storage(): Storage {
    return this.#context.storage;
  }

  createDatabase(request: Parameters<WarehouseApi["createDatabase"]>[0]): Promise<void> {
    return createDatabase(this.#context, request);
  }

  alterDatabase(name: string, change: Parameters<WarehouseApi["alterDatabase"]>[1]): Promise<void> {
    return alterDatabase(this.#context, name, change);
  }

  dropDatabase(request: Parameters<WarehouseApi["dropDatabase"]>[0]): Promise<void> {
    return dropDatabase(this.#context, request);
  }

  async findDatabase(name: string): Promise<DatabaseEntry | undefined> {
    return (await this.#context.catalog.state()).database(name);
  }

  async getDatabase(name: string): Promise<DatabaseEntry> {
    const database = await this.findDatabase(name);
    if (database === undefined) throw schemaNotFound(name);
    return database;
  }

  async listDatabases(): Promise<readonly DatabaseEntry[]> {
    return (await this.#context.catalog.state()).databases();
  }

  async listTables(database: string): Promise<readonly TableEntry[]> {
    const state = await this.#context.catalog.state();
    if (state.database(database) === undefined) throw schemaNotFound(database);
    return state.tables(database);
  }

  async findTable(name: TableIdentifier): Promise<ResolvedTable | undefined> {
    const state = await this.#context.catalog.state();
    const entry = state.table(normalizeTableName(name));
    return entry === undefined ? undefined : resolvedTable(this.#context, state, entry);
  }

  async getTable(name: TableIdentifier): Promise<ResolvedTable> {
    const table = await this.findTable(name);
    if (table === undefined) throw tableNotFound(name);
    return table;
  }

  async findTableByPath(path: string): Promise<ResolvedTable | undefined> {
    const directory = normalizeLocation(path);
    const latest = await this.#context.deltaLog(directory, path).latest();
    return latest === undefined ? undefined : resolvedPath(this.#context, directory, path);
  }

  createTable(request: CreateTableRequest): Promise<boolean> {
    return createTable(this.#context, request);
  }

  createView(request: CreateViewRequest): Promise<boolean> {
    return createView(this.#context, request);
  }

  dropTable(request: { readonly name: TableIdentifier; readonly ifExists?: boolean }): Promise<boolean> {
    return dropTable(this.#context, request, "table");
  }

  dropView(request: { readonly name: TableIdentifier; readonly ifExists?: boolean }): Promise<boolean> {
    return dropTable(this.#context, request, "view");
  }

  renameTable(
    from: TableIdentifier,
    to: TableIdentifier,
    options: { readonly view?: boolean } = {},
  ): Promise<void> {
    return renameTable(this.#context, from, to, options.view ?? false);
  }

  alterTableProperties(
    name: TableIdentifier,
    change: Parameters<WarehouseApi["alterTableProperties"]>[1],
  ): Promise<void> {
    return alterTableProperties(this.#context, name, change);
  }

  alterTableComment(name: TableIdentifier, comment: string | undefined): Promise<void> {
    return alterTableComment(this.#context, name, comment);
  }

  addColumns(name: TableIdentifier, columns: StructType): Promise<void> {
    return addColumns(this.#context, name, columns);
  }

  alterSchema(name: TableIdentifier, change: Parameters<WarehouseApi["alterSchema"]>[1]): Promise<void> {
    return alterSchema(this.#context, name, change);
  }

  alterEntry(name: TableIdentifier, change: (current: TableEntry) => TableEntry): Promise<void> {
    return alterEntry(this.#context, name, change);
  }

  dropPartitions(...args: Parameters<WarehouseApi["dropPartitions"]>): Promise<void> {
    return dropPartitions(this.#context, ...args);
  }

  renamePartition(...args: Parameters<WarehouseApi["renamePartition"]>): Promise<void> {
    return renamePartition(this.#context, ...args);
  }

  beginWrite(request: WriteRequest): Promise<TableWrite> {
    const provider = request.provider?.toLowerCase() ?? "delta";
    if (request.target.kind === "path" && provider !== "delta") {
      return beginPathFilesWrite(this.#context, request, request.target.path);
    }
    return beginTableWrite(this.#context, request);
  }

  beginChange(target: ChangeTarget, operation: string): Promise<TableChange> {
    return TableChange.begin(this.#context, target, operation);
  }

  deltaTable(target: ChangeTarget, operation: string): Promise<LocatedDelta> {
    return locateDelta(this.#context, target, operation);
  }

  async vacuum(request: VacuumRequest): Promise<VacuumResult> {
    return (await import("./vacuum-table.ts")).vacuumTable(this.#context, request);
  }

  async cloneTable(request: CloneRequest): Promise<CloneResult> {
    return (await import("./clone-table.ts")).cloneTable(this.#context, request);
  }

  async convertDirectory(request: ConvertRequest): Promise<void> {
    return (await import("./convert-directory.ts")).convertDirectory(this.#context, request);
  }

  truncateTable(name: TableIdentifier): Promise<void> {
    return truncateTable(this.#context, name);
  }

  async history(name: TableIdentifier, limit?: number): Promise<readonly TableCommit[]> {
    const entry = await existingTable(this.#context, name);
    if (entry.provider !== "delta") {
      throw analysisError("DELTA_TABLE_ONLY_OPERATION", {
        tableName: quotedTableName(entry),
        operation: "DESCRIBE HISTORY",
      });
    }
    const commits = await this.#context
      .deltaLog(entry.directory ?? "", quotedTableName(entry))
      .history(limit);
    return commits.map((commit): TableCommit => {
      const info = commitInfoOf(commit);
      return {
        version: commit.version,
        timestampMs: commitTimestamp(commit),
        operation: info?.operation ?? "",
        operationParameters: textValues(info?.operationParameters ?? {}),
        operationMetrics: info?.operationMetrics ?? {},
        readVersion: info?.readVersion,
        isolationLevel: info?.isolationLevel,
        isBlindAppend: info?.isBlindAppend,
        userMetadata: info?.userMetadata,
        engineInfo: info?.engineInfo,
      };
    });
  }

  adoptTables(request: Parameters<WarehouseApi["adoptTables"]>[0]): Promise<readonly TableIdentifier[]> {
    return adoptTables(this.#context, request);
  }

  collectLeftovers(
    options: { readonly dryRun?: boolean; readonly graceMs?: number } = {},
  ): Promise<CollectionReport> {
    return collectLeftovers(this.#context, {
      dryRun: options.dryRun ?? false,
      graceMs: options.graceMs ?? this.#leftoverGraceMs,
    });
  }

  subscribe(listener: () => void): () => void {
    return this.storage.subscribe(() => listener());
  }

  /** Resolves when the checkpoints and checksums that are being written are done. */
  settled(): Promise<void> {
    return this.#context.settled();
  }

  /** Ends the upkeep that is under way. The storage stays open: it belongs to whoever opened it. */
  close(): Promise<void> {
    return this.settled();
  }
}

function textValues(values: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}
