import type { ScanFile, WrittenFile } from "../engine/engine-api.ts";
import type { PhysicalColumn } from "../lake/column-mapping.ts";
import type { WriteConstraint } from "../lake/delta-write-plan.ts";
import type { Environment } from "../lake/environment.ts";
import type { FilePredicate } from "../lake/file-predicate.ts";
import type { Storage } from "../storage/storage.ts";
import type { StructType } from "../types/data-type.ts";
import type { PartitionText, SchemaChange } from "./alter-schema.ts";
import type {
  DatabaseEntry,
  FunctionDefinition,
  TableEntry,
  TableIdentifier,
  ViewDefinition,
} from "./catalog-entry.ts";
import type { CloneRequest, CloneResult } from "./clone-table.ts";
import type { ConvertRequest } from "./convert-directory.ts";
import type { ChangeTarget, LocatedDelta, TableChange } from "./table-change.ts";
import type { VacuumRequest, VacuumResult } from "./vacuum-table.ts";

export type WarehouseOptions = Partial<Environment> & {
  /** Directories younger than this are never collected (default one hour). */
  readonly leftoverGraceMs?: number;
};

export type SaveMode = "append" | "overwrite" | "error" | "ignore";

/** One consistent version of a table, ready to be scanned. Immutable; readers need no lock. */
export interface TableScan {
  readonly schema: StructType;
  readonly partitionColumns: readonly string[];
  /** Delta: the version of the log. Others: undefined. */
  readonly version: number | undefined;
  /** When this version was committed; undefined where that is not recorded. */
  readonly timestampMs: number | undefined;
  /** Rows of the table when every file's statistics tell. */
  readonly rowCount: number | undefined;
  readonly sizeBytes: number;
  /** In log order. `cacheKey`, partition values and deleted rows are filled in. Columns are found by `physicalNames`. */
  files(predicate?: FilePredicate): Promise<readonly ScanFile[]>;
  /** Parquet column name and field id by top-level column name, when the table maps its columns. */
  readonly physicalNames: Readonly<Record<string, PhysicalColumn>> | undefined;
  /** Records this scan in a transaction for conflict detection: what `WriteRequest.reads` takes. */
  readonly source: ScanSource;
}

export interface ScanSource {
  readonly directory: string;
  readonly version: number | undefined;
}

export interface ResolvedTable {
  readonly entry: TableEntry;
  /** What DESCRIBE and `catalog.getTable` show. For a view without version. */
  describe(): Promise<TableDetails>;
  /** Latest version, or the one asked for. A view has none (`entry.view` has its text). */
  scan(at?: TimeTravel): Promise<TableScan>;
}

export interface TableDetails {
  readonly schema: StructType;
  readonly partitionColumns: readonly string[];
  readonly properties: Readonly<Record<string, string>>;
  readonly comment: string | undefined;
  readonly createdMs: number;
  /** Of the data or the definition, whichever changed last. */
  readonly lastModifiedMs: number;
  readonly version: number | undefined;
}

export type TimeTravel = { readonly versionAsOf: number } | { readonly timestampAsOfMs: number };

export interface WriteRequest {
  readonly target:
    | { readonly kind: "table"; readonly name: TableIdentifier }
    /** A directory of the storage: a Delta table, or plain files of another provider. */
    | { readonly kind: "path"; readonly path: string };
  readonly mode: SaveMode;
  /**
   * Undefined: the existing table's, else `delta`. An overwrite without it replaces the table's schema too, as
   * `saveAsTable` does in Spark; one that names `delta` needs the option `overwriteSchema` for that, as in Delta.
   */
  readonly provider?: string;
  /** Of the data to write, in its own order and spelling. */
  readonly schema: StructType;
  /** Undefined: the existing table's, else none. */
  readonly partitionBy?: readonly string[];
  /** Spark's and Delta's writer options, keys in lower case: `mergeschema`, `overwriteschema`, `partitionoverwritemode`, `txnappid`, ... */
  readonly options?: Readonly<Record<string, string>>;
  /** SQL INSERT: a table that is missing is an error instead of being created. */
  readonly requireExisting?: boolean;
  /** Match columns by position instead of by name (SQL INSERT, `insertInto`). */
  readonly byPosition?: boolean;
  /** Overwrite only rows that match; the predicate must be decidable by partition values. */
  readonly replaceWhere?: FilePredicate;
  /** For a table that this write creates (or replaces). */
  readonly location?: string;
  readonly comment?: string;
  readonly properties?: Readonly<Record<string, string>>;
  /** `commitInfo.operation` when the usual one for the mode does not fit. */
  readonly operation?: string;
  readonly userMetadata?: string;
  /** Tables this write's data was computed from: a change of the target itself since then is a conflict for overwrites. */
  readonly reads?: readonly ScanSource[];
}

/** How one column of the written files comes from the data. */
export interface WriteColumn {
  /** Index in `WriteRequest.schema.fields`; undefined: NULL, or `defaultSql` where given. */
  readonly source: number | undefined;
  readonly defaultSql?: string;
}

/**
 * A write under way. Its directory is protected from collection until `commit` or `abort` has been called, and one
 * of them must be.
 */
export interface TableWrite {
  /** Mode `ignore` and the table exists: write nothing, `commit` is not needed. */
  readonly skipped: boolean;
  /** `TaskSink.directory`. */
  readonly directory: string;
  /** `TaskSink.fileStem`. */
  readonly fileStem: string;
  readonly format: "parquet" | "csv" | "json" | "text";
  /** `TaskSink.schema`: the data must be cast to exactly these columns, in this order. */
  readonly schema: StructType;
  /** Parallel to `schema.fields`. */
  readonly columns: readonly WriteColumn[];
  readonly constraints: readonly WriteConstraint[];
  readonly partitionBy: readonly string[];
  readonly physicalNames: Readonly<Record<string, PhysicalColumn>> | undefined;
  readonly statisticsColumns: number;
  /** Makes the files part of the table, all or none. After it resolved every reader sees them. */
  commit(files: readonly WrittenFile[], metrics?: Readonly<Record<string, string>>): Promise<WriteResult>;
  /** Removes what was written. Never throws. */
  abort(files?: readonly WrittenFile[]): Promise<void>;
}

export interface WriteResult {
  /** Delta: the version that this write made. */
  readonly version: number | undefined;
  /** Nothing was written: mode `ignore` and another writer created the table first. */
  readonly skipped: boolean;
  readonly rowCount: number;
}

export interface CreateTableRequest {
  readonly name: TableIdentifier;
  /** Undefined: `delta`. */
  readonly provider?: string;
  /** Undefined is only for an existing location. */
  readonly schema?: StructType;
  readonly partitionBy?: readonly string[];
  readonly ifNotExists?: boolean;
  readonly orReplace?: boolean;
  readonly location?: string;
  readonly comment?: string;
  readonly properties?: Readonly<Record<string, string>>;
  readonly options?: Readonly<Record<string, string>>;
}

export interface CreateViewRequest {
  readonly name: TableIdentifier;
  readonly schema: StructType;
  readonly view: ViewDefinition;
  readonly ifNotExists?: boolean;
  readonly orReplace?: boolean;
  readonly comment?: string;
  readonly properties?: Readonly<Record<string, string>>;
}

/**
 * Databases, tables and views over one storage, with everything that makes them durable. Names are matched without
 * case. Each call sees what any tab, worker or session had finished before the call. Errors are Spark's (catalog),
 * Delta's (tables) or `LakeletError` (storage).
 */
export interface WarehouseApi {
  readonly storage: Storage;

  createDatabase(request: {
    readonly name: string;
    readonly ifNotExists?: boolean;
    readonly comment?: string;
    readonly location?: string;
    readonly properties?: Readonly<Record<string, string>>;
  }): Promise<void>;
  alterDatabase(
    name: string,
    change: {
      readonly properties?: Readonly<Record<string, string>>;
      readonly unset?: readonly string[];
      /** Functions to add or replace; undefined takes one away. */
      readonly functions?: Readonly<Record<string, FunctionDefinition | undefined>>;
      readonly location?: string;
      readonly comment?: string;
    },
  ): Promise<void>;
  dropDatabase(request: {
    readonly name: string;
    readonly ifExists?: boolean;
    readonly cascade?: boolean;
  }): Promise<void>;
  findDatabase(name: string): Promise<DatabaseEntry | undefined>;
  /** Throws SCHEMA_NOT_FOUND. */
  getDatabase(name: string): Promise<DatabaseEntry>;
  /** In order of name, `default` among them. */
  listDatabases(): Promise<readonly DatabaseEntry[]>;

  /** Tables and views of a database in order of name. Throws SCHEMA_NOT_FOUND. */
  listTables(database: string): Promise<readonly TableEntry[]>;
  findTable(name: TableIdentifier): Promise<ResolvedTable | undefined>;
  /** Throws TABLE_OR_VIEW_NOT_FOUND in the words of DDL commands. */
  getTable(name: TableIdentifier): Promise<ResolvedTable>;
  /** The Delta table in a directory of the storage, registered or not; undefined when there is none. */
  findTableByPath(path: string): Promise<ResolvedTable | undefined>;

  /** False: it existed and `ifNotExists` was given. */
  createTable(request: CreateTableRequest): Promise<boolean>;
  createView(request: CreateViewRequest): Promise<boolean>;
  dropTable(request: { readonly name: TableIdentifier; readonly ifExists?: boolean }): Promise<boolean>;
  dropView(request: { readonly name: TableIdentifier; readonly ifExists?: boolean }): Promise<boolean>;
  renameTable(
    from: TableIdentifier,
    to: TableIdentifier,
    options?: { readonly view?: boolean },
  ): Promise<void>;
  /** Sets and removes table properties; Delta tables record them in their log. */
  alterTableProperties(
    name: TableIdentifier,
    change: {
      readonly set?: Readonly<Record<string, string>>;
      readonly unset?: readonly string[];
      readonly ifExists?: boolean;
    },
  ): Promise<void>;
  alterTableComment(name: TableIdentifier, comment: string | undefined): Promise<void>;
  /** Adds nullable columns at the end, as ALTER TABLE ADD COLUMNS. */
  addColumns(name: TableIdentifier, columns: StructType): Promise<void>;

  /** Another schema for a table whose files stay as they are. */
  alterSchema(name: TableIdentifier, change: SchemaChange): Promise<void>;
  /** Another entry for a table or view: what a Delta table keeps in its log is not changed by this. */
  alterEntry(name: TableIdentifier, change: (current: TableEntry) => TableEntry): Promise<void>;
  /** Takes the rows of partitions out of a table; what a partition leaves open matches everything. */
  dropPartitions(
    name: TableIdentifier,
    partitions: readonly PartitionText[],
    options: { readonly operation: string; readonly keepEmpty?: boolean },
  ): Promise<void>;
  renamePartition(name: TableIdentifier, from: PartitionText, to: PartitionText): Promise<void>;

  beginWrite(request: WriteRequest): Promise<TableWrite>;
  /** Begins a change of a Delta table's rows (UPDATE and its like); `operation` is for messages. */
  beginChange(target: ChangeTarget, operation: string): Promise<TableChange>;
  /** The log of a Delta table, to be looked at. */
  deltaTable(target: ChangeTarget, operation: string): Promise<LocatedDelta>;
  /** Removes files that no version within the retention needs. */
  vacuum(request: VacuumRequest): Promise<VacuumResult>;
  /** A new table with the rows of a version of another one. */
  cloneTable(request: CloneRequest): Promise<CloneResult>;
  /** Makes a Delta table of files that are there: its first version names them. */
  convertDirectory(request: ConvertRequest): Promise<void>;
  /** Empties a table; number of rows removed where known. */
  truncateTable(name: TableIdentifier): Promise<void>;
  history(name: TableIdentifier, limit?: number): Promise<readonly TableCommit[]>;

  /** Registers complete table directories below `directory` that no entry names; their new names. Crash leftovers are not complete. */
  adoptTables(request: {
    readonly database: string;
    readonly directory?: string;
  }): Promise<readonly TableIdentifier[]>;
  /** Removes directories and files that crashes, drops and overwrites left behind, when no one can need them. */
  collectLeftovers(options?: {
    readonly dryRun?: boolean;
    readonly graceMs?: number;
  }): Promise<CollectionReport>;

  /** Calls back when the catalog or a table may have changed in another tab or session. */
  subscribe(listener: () => void): () => void;
  close(): Promise<void>;
}

export interface TableCommit {
  readonly version: number;
  readonly timestampMs: number;
  readonly operation: string;
  readonly operationParameters: Readonly<Record<string, string>>;
  readonly operationMetrics: Readonly<Record<string, string>>;
  readonly readVersion: number | undefined;
  readonly isolationLevel: string | undefined;
  readonly isBlindAppend: boolean | undefined;
  readonly userMetadata: string | undefined;
  readonly engineInfo: string | undefined;
}

export interface CollectionReport {
  readonly directories: readonly string[];
  readonly files: readonly string[];
  readonly sizeBytes: number;
  /** Kept because a writer or reader holds them or they are too young. */
  readonly kept: readonly string[];
}
