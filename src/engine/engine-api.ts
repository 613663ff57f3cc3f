import type { SerializedSparkError } from "../errors/spark-error.ts";
import type { StorageDescriptor } from "../storage/storage.ts";
import type { DataType, StructType } from "../types/data-type.ts";

/**
 * The contract between the driver and an engine worker. An engine is isolated: its own DuckDB, its own cache of
 * loaded column chunks. What crosses is plain data and Arrow bytes, transferred where possible.
 *
 * How Spark's types are held in DuckDB:
 * byte, short, integer, long, float, double, decimal, string (char, varchar), boolean, binary, date, array, map,
 * struct as their namesakes (TINYINT ... STRUCT; struct fields named `f0`, `f1`, ... by position, so that duplicate
 * names and case never matter); timestamp and timestamp_ntz as TIMESTAMP (for timestamp: UTC microseconds);
 * year_month_interval as INTEGER months; day_time_interval as BIGINT microseconds; calendar_interval as
 * STRUCT(f0 INTEGER, f1 INTEGER, f2 BIGINT): months, days, microseconds; time as BIGINT nanoseconds of the day;
 * variant as STRUCT(f0 BLOB, f1 BLOB): value, metadata; null as INTEGER that is always NULL.
 */
export type FileRef =
  | { readonly kind: "storage"; readonly path: string }
  | { readonly kind: "blob"; readonly blob: Blob; readonly name: string }
  | { readonly kind: "disk"; readonly path: string };

/** A column that a scan provides under the numbered name `as`. */
export interface ScanColumn {
  /** Name in the file; for `partition` the key in `partitionValues`. */
  readonly name: string;
  /** The DuckDB column name, e.g. `c12`. */
  readonly as: string;
  readonly type: DataType;
  /** Where it comes from; absent means the file's data. `row_index` is the row's number in its file. */
  readonly source?:
    | "data"
    | "partition"
    | "file_path"
    | "file_name"
    | "file_size"
    | "file_modified"
    | "row_index";
  /** Parquet field id, when columns are mapped by id. */
  readonly fieldId?: number;
}

export interface ScanFile {
  readonly ref: FileRef;
  /** Same key, same bytes, for ever: lets an engine keep what it loaded. Absent: not cached. */
  readonly cacheKey?: string;
  readonly sizeBytes?: number;
  readonly modifiedMs?: number;
  /** The path as users see it (`input_file_name`, `_metadata`). */
  readonly displayPath?: string;
  /** Values as the Delta log or a Hive-style path has them: strings, null for null. */
  readonly partitionValues?: Readonly<Record<string, string | null>>;
  /** Parquet row groups to read; absent means all. */
  readonly rowGroups?: readonly number[];
  /** Rows of the file that are deleted (0-based, ascending), from a deletion vector. */
  readonly deletedRows?: readonly number[];
}

/** What a query reads; it becomes a DuckDB table or view `name` with the columns' `as` names, in file and row order. */
export type ScanInput =
  | {
      readonly kind: "parquet";
      readonly name: string;
      readonly files: readonly ScanFile[];
      /** A column missing in a file is NULL; a narrower type in the file is widened to `type`. */
      readonly columns: readonly ScanColumn[];
      readonly caseSensitive?: boolean;
      /** In which partition values of timestamps without offset are read; UTC if absent. */
      readonly timeZone?: string;
    }
  | {
      readonly kind: "csv" | "json" | "text" | "binaryFile";
      readonly name: string;
      readonly files: readonly ScanFile[];
      /** The full schema of the records as declared or inferred; `columns` are those that the query needs. */
      readonly schema: StructType;
      readonly columns: readonly ScanColumn[];
      /** Spark's reader options, keys in lower case. */
      readonly options: Readonly<Record<string, string>>;
      readonly timeZone: string;
    }
  | {
      /** Arrow IPC stream bytes (one or several streams of one schema); columns by position. */
      readonly kind: "arrow";
      readonly name: string;
      readonly data: readonly Uint8Array[];
      readonly columns: readonly ScanColumn[];
      readonly cacheKey?: string;
    };

/** What becomes of the result. */
export type TaskSink =
  | {
      /**
       * Arrow back to the caller: each chunk is a whole IPC stream, its record batches have at most `maxRowsPerBatch`
       * rows. A result without rows is one chunk with the schema alone.
       */
      readonly kind: "arrow";
      readonly maxRowsPerBatch?: number;
      /** More than this fails with a clear error instead of filling the tab's memory. */
      readonly maxBytes?: number;
      /**
       * Every batch goes to `onEvent` as soon as it is there, as a stream of its own, and the result has no chunks.
       * Nothing is kept, so `maxBytes` counts what has passed.
       */
      readonly stream?: boolean;
    }
  | {
      /** New files under `directory` of the engine's storage (or of `disk`). Flushed when the task ends. */
      readonly kind: "files";
      readonly format: "parquet" | "csv" | "json" | "text";
      readonly target: "storage" | "disk";
      readonly directory: string;
      /** Names of the written columns, by position of the SQL's columns, partition columns included. */
      readonly schema: StructType;
      /** Written into the path (`col=value/`), not into the file. */
      readonly partitionBy: readonly string[];
      /** Parquet: physical names and ids of Delta's column mapping, by column name. */
      readonly physicalNames?: Readonly<Record<string, { readonly name: string; readonly id: number }>>;
      /** Random part of the file names, unique for this write. */
      readonly fileStem: string;
      readonly maxRowsPerFile?: number;
      readonly compression?: string;
      /** Spark's writer options, keys in lower case. */
      readonly options: Readonly<Record<string, string>>;
      readonly timeZone: string;
      /** Delta statistics wanted for the first N leaf columns (0: none). */
      readonly statisticsColumns: number;
      /** Without rows and partitions, write one file of the schema alone, as Spark does for plain formats. */
      readonly emptyFile?: boolean;
    };

export interface EngineTask {
  readonly id: string;
  readonly inputs: readonly ScanInput[];
  /** Run before `sql`, in order: temporary macros, intermediate tables (`CREATE TEMP TABLE`), dropped after the task. */
  readonly setup?: readonly string[];
  readonly sql: string;
  /** Names of the kernels (src/functions/kernels) that the SQL calls; they are registered on first use. */
  readonly kernels: readonly string[];
  readonly output: StructType;
  readonly sink: TaskSink;
  /** Run after `sql`, whether it succeeded or not. */
  readonly cleanup?: readonly string[];
}

/** A written file with what the Delta log needs to know. */
export interface WrittenFile {
  /** Relative to the sink's directory, not URI-encoded. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly rowCount: number;
  readonly partitionValues: Readonly<Record<string, string | null>>;
  /** Delta's `stats` JSON text, when asked for. */
  readonly stats?: string;
}

export type EngineResult =
  | {
      readonly kind: "arrow";
      readonly chunks: readonly Uint8Array[];
      readonly rowCount: number;
      readonly metrics: TaskMetrics;
    }
  | {
      readonly kind: "files";
      readonly files: readonly WrittenFile[];
      readonly rowCount: number;
      readonly metrics: TaskMetrics;
    };

export interface TaskMetrics {
  readonly loadMs: number;
  readonly queryMs: number;
  readonly sinkMs: number;
  readonly bytesRead: number;
  readonly filesRead: number;
}

export type TaskEvent =
  /** `fraction` between 0 and 1 where known. */
  | {
      readonly kind: "progress";
      readonly phase: "load" | "query" | "write";
      readonly fraction?: number;
      readonly rows?: number;
    }
  /** Only when the caller asked to stream: a whole Arrow IPC stream of one batch. */
  | { readonly kind: "batch"; readonly data: Uint8Array; readonly rowCount: number };

/** How errors leave an engine. */
export type EngineFailure =
  | { readonly kind: "spark"; readonly error: SerializedSparkError }
  | { readonly kind: "cancelled" }
  | {
      readonly kind: "memory" | "quota" | "corrupt" | "missing" | "internal";
      readonly message: string;
      readonly path?: string;
    };

export interface EngineOptions {
  readonly storage?: StorageDescriptor;
  /** DuckDB's memory limit. */
  readonly memoryLimitBytes: number;
}

export interface FileSchema {
  readonly schema: StructType;
  /** Parquet: rows in the file. */
  readonly rowCount?: number;
}

/** Exposed by an engine worker over Comlink. Every promise settles: with a value or an `EngineFailure`-carrying error. */
export interface EngineApi {
  open(options: EngineOptions): Promise<{ readonly duckdbVersion: string }>;
  run(task: EngineTask, onEvent?: (event: TaskEvent) => void): Promise<EngineResult>;
  /** Reads as much of the files as Spark would to tell their schema (Parquet footer, CSV and JSON inference). */
  inferSchema(request: {
    readonly format: "parquet" | "csv" | "json" | "text" | "binaryFile";
    readonly files: readonly ScanFile[];
    readonly options: Readonly<Record<string, string>>;
    readonly timeZone: string;
  }): Promise<FileSchema>;
  /** Ends the task's query within a few milliseconds; its `run` rejects as cancelled. Unknown ids are ignored. */
  cancel(taskId: string): Promise<void>;
  /** Drops cached column chunks, least recently used first, until at most this many bytes are held. */
  trim(maxBytes: number): Promise<void>;
  stats(): Promise<{ readonly cachedBytes: number; readonly wasmBytes: number; readonly tasks: number }>;
  close(): Promise<void>;
}
