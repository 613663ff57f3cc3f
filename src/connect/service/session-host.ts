import type { Command } from "../../plan/command.ts";
import type { Literal } from "../../plan/expression.ts";
import type { Relation, Sql, WithRelations } from "../../plan/relation.ts";
import type { ExplainMode, QueryProgress, StorageLevel } from "../../session/backend.ts";
import type { DataType, StructType } from "../../types/data-type.ts";

/** What the Connect service runs on: the driver opens sessions for it. */
export interface SessionHost {
  /** A fresh session. `conf` are the values that a clone starts with. */
  openSession(options: {
    readonly userId: string;
    readonly sessionId: string;
    readonly conf?: Readonly<Record<string, string>>;
  }): Promise<HostSession>;
}

export interface HostExecuteOptions {
  readonly operationId: string;
  readonly tags: readonly string[];
  /** Aborted when the operation is interrupted or its client is gone: the work must end, the call reject. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: QueryProgress) => void;
}

/** One metric of one node of the executed plan. */
export interface HostMetric {
  readonly name: string;
  readonly planId: number;
  readonly parent: number;
  readonly values: Readonly<
    Record<string, { readonly name: string; readonly value: number; readonly type: string }>
  >;
}

export type HostEvent =
  /** Comes first, once. */
  | { readonly kind: "schema"; readonly schema: StructType }
  /** A complete Arrow IPC stream with one record batch in the types of Connect. */
  | { readonly kind: "batch"; readonly data: Uint8Array; readonly rowCount: number }
  | { readonly kind: "metrics"; readonly metrics: readonly HostMetric[] }
  | {
      readonly kind: "observed";
      readonly name: string;
      readonly planId?: number;
      readonly keys: readonly string[];
      readonly values: readonly Literal[];
    };

export type HostCommandResult =
  | { readonly kind: "none"; readonly observed?: readonly Extract<HostEvent, { kind: "observed" }>[] }
  | { readonly kind: "relation"; readonly relation: Relation }
  | { readonly kind: "checkpoint"; readonly relationId: string };

export type HostSqlResult =
  /** A query: analysed, not run. The client keeps `relation` and sends it back. */
  | { readonly kind: "query"; readonly relation: Relation }
  /** A statement: it has run, `data` is an Arrow IPC stream of the rows that it shows. */
  | { readonly kind: "rows"; readonly data: Uint8Array; readonly schema: StructType };

/** Runtime configuration. Values are text; errors are Spark's. */
export interface HostConf {
  /** The set value, or Spark's default; undefined for a key that has neither. */
  get(key: string): string | undefined;
  /** The value that was set, defaults aside. */
  getSet(key: string): string | undefined;
  /** Throws for static keys and values that the key does not take. */
  set(key: string, value: string): void;
  unset(key: string): void;
  /** What is set; `prefix` is cut from the keys. */
  all(prefix?: string): Readonly<Record<string, string>>;
  isModifiable(key: string): boolean;
}

/** One session of one user: temporary views, configuration, current database, artifacts and cached relations. */
export interface HostSession {
  readonly conf: HostConf;
  analyze(plan: Relation): Promise<{ readonly schema: StructType }>;
  explain(plan: Relation, mode: ExplainMode): Promise<string>;
  inputFiles(plan: Relation): Promise<readonly string[]>;
  isLocal(plan: Relation): Promise<boolean>;
  sameSemantics(a: Relation, b: Relation): Promise<boolean>;
  semanticHash(plan: Relation): Promise<number>;
  /** Type text of PySpark: a column list (`a INT, b STRING`) or one type (`long`). */
  parseDdl(text: string): DataType;
  execute(
    plan: Relation,
    options: HostExecuteOptions & { readonly maxRowsPerBatch: number },
  ): AsyncIterable<HostEvent>;
  command(command: Command, options: HostExecuteOptions): Promise<HostCommandResult>;
  /** `spark.sql`: the text alone, or under `WithRelations` the text with the DataFrames that it names. */
  sql(query: Sql | WithRelations, options: HostExecuteOptions): Promise<HostSqlResult>;
  persist(plan: Relation, level: StorageLevel): Promise<void>;
  unpersist(plan: Relation, blocking: boolean): Promise<void>;
  storageLevel(plan: Relation): Promise<StorageLevel>;
  /** Bytes that plans refer to by name: `cache/<sha256>` for local relations, `pyfiles/x.py`, ... */
  putArtifact(name: string, bytes: Uint8Array): void | Promise<void>;
  hasArtifact(name: string): boolean | Promise<boolean>;
  /** A session with the same views, configuration and current database, independent from now on. */
  clone(options: { readonly sessionId: string }): Promise<HostSession>;
  close(): Promise<void>;
}
