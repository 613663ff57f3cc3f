import type { Command } from "../plan/command.ts";
import type { Literal } from "../plan/expression.ts";
import type { Relation, Sql } from "../plan/relation.ts";
import type { StructType } from "../types/data-type.ts";

/** What runs plans: the driver worker of this tab, or a Spark Connect server. A session holds one and nothing else. */
export interface SessionBackend {
  readonly sessionId: string;
  /** Where tables are kept, and why in memory although they were to stay. */
  readonly storage?: { readonly kind: "opfs" | "memory" | "disk" | "remote"; readonly memoryReason?: string };
  /** Analysis only: names, types and nullability of the result. */
  schema(plan: Relation): Promise<StructType>;
  explain(plan: Relation, mode: ExplainMode): Promise<string>;
  inputFiles(plan: Relation): Promise<readonly string[]>;
  isLocal(plan: Relation): Promise<boolean>;
  sameSemantics(a: Relation, b: Relation): Promise<boolean>;
  semanticHash(plan: Relation): Promise<number>;
  /** Runs a query; the whole result. */
  execute(plan: Relation, options: ExecuteOptions): Promise<QueryResult>;
  /** Runs a query; batch after batch, each a whole Arrow IPC stream. Leaving the loop early cancels it. */
  stream(
    plan: Relation,
    options: ExecuteOptions,
  ): AsyncIterable<{ readonly data: Uint8Array; readonly rowCount: number }>;
  /** Runs a command to its end. */
  command(command: Command, options: ExecuteOptions): Promise<CommandResult>;
  /**
   * Parses a SQL text. A statement that changes or shows something runs now, and its rows can be read as the
   * relation `CachedRemoteRelation{relationId: resultId}`; a query is only remembered under that id.
   */
  sql(
    query: Sql,
    resultId: string,
    options: ExecuteOptions,
  ): Promise<{ readonly isQuery: boolean; readonly schema: StructType }>;
  /** Frees what `sql` or `checkpoint` keeps under an id. */
  release(relationId: string): Promise<void>;
  readonly conf: ConfBackend;
  persist(plan: Relation, storageLevel: StorageLevel): Promise<void>;
  unpersist(plan: Relation, blocking: boolean): Promise<void>;
  storageLevel(plan: Relation): Promise<StorageLevel>;
  /** Makes a File, Blob or bytes readable under the returned path `lakelet-file:<id>`. */
  registerFile(content: Blob | FileSystemDirectoryHandle, name: string): Promise<string>;
  /** A user's function, called back here a batch at a time: argument columns in, one result column out, both Arrow IPC streams. */
  registerFunction?(id: string, call: (args: Uint8Array) => Promise<Uint8Array>): Promise<void>;
  interrupt(
    what: { readonly all: true } | { readonly tag: string } | { readonly operationId: string },
  ): Promise<readonly string[]>;
  /** A session of its own over the same catalog and engines. */
  newSession(options: { readonly conf: Readonly<Record<string, string>> }): Promise<SessionBackend>;
  clone(): Promise<SessionBackend>;
  version(): Promise<string>;
  /** Ends the session; with `engines`, the driver and all workers too. */
  stop(): Promise<void>;
}

export type ExplainMode = "simple" | "extended" | "codegen" | "cost" | "formatted";

export interface ExecuteOptions {
  readonly operationId: string;
  readonly tags?: readonly string[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: QueryProgress) => void;
}

export interface QueryProgress {
  readonly operationId: string;
  readonly phase: "analyze" | "load" | "query" | "write" | "commit";
  /** Between 0 and 1 where known. */
  readonly fraction?: number;
  readonly rows?: number;
}

export interface QueryResult {
  readonly schema: StructType;
  /** Whole Arrow IPC streams in Spark's Arrow types, one after the other. */
  readonly chunks: readonly Uint8Array[];
  readonly rowCount: number;
  readonly elapsedMs: number;
  readonly observed: readonly ObservedMetrics[];
}

export interface ObservedMetrics {
  readonly name: string;
  readonly planId?: number;
  readonly keys: readonly string[];
  readonly values: readonly Literal[];
}

export interface CommandResult {
  readonly observed: readonly ObservedMetrics[];
  /** `CheckpointCommand`. */
  readonly relationId?: string;
}

export interface StorageLevel {
  readonly useDisk: boolean;
  readonly useMemory: boolean;
  readonly useOffHeap: boolean;
  readonly deserialized: boolean;
  readonly replication: number;
}

/** Runtime configuration of a session, values as text. */
export interface ConfBackend {
  /** The set value, or Spark's default; undefined for a key that has neither. */
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  unset(key: string): Promise<void>;
  getAll(prefix?: string): Promise<Readonly<Record<string, string>>>;
  isModifiable(key: string): Promise<boolean>;
}
