import type { WireError } from "../errors/wire-error.ts";
import type { Command } from "../plan/command.ts";
import type { FlatPlan } from "../plan/flat.ts";
import type {
  CommandResult,
  ExplainMode,
  QueryProgress,
  QueryResult,
  StorageLevel,
} from "../session/backend.ts";
import type { StructType } from "../types/data-type.ts";

/**
 * What a client realm asks of the driver worker, over a MessagePort (Comlink). Plans are flat; results are Arrow
 * bytes, transferred. Every answer is an `Outcome`, so that an error keeps its class.
 */
export interface DriverApi {
  openSession(options: SessionOptions): Promise<Outcome<void>>;
  call<M extends keyof SessionCalls>(
    sessionId: string,
    method: M,
    args: Parameters<SessionCalls[M]>,
    onProgress?: (progress: QueryProgress) => void,
  ): Promise<Outcome<ReturnType<SessionCalls[M]>>>;
  /** Streams a query: each batch a whole Arrow IPC stream; resolves when all were taken. */
  stream(
    sessionId: string,
    plan: FlatPlan,
    options: OperationOptions,
    onBatch: (data: Uint8Array, rowCount: number) => Promise<boolean>,
    onProgress?: (progress: QueryProgress) => void,
  ): Promise<Outcome<void>>;
  registerFunction(
    sessionId: string,
    id: string,
    call: (args: Uint8Array) => Promise<Uint8Array>,
  ): Promise<void>;
  closeSession(sessionId: string): Promise<void>;
  /** Ends the engines; the worker may be terminated after it. */
  shutdown(): Promise<void>;
}

export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: WireError };

export interface SessionOptions {
  readonly sessionId: string;
  readonly conf: Readonly<Record<string, string>>;
  /** Copies temporary views, settings and functions of this session. */
  readonly cloneOf?: string;
  /** Where files of the page's own origin are found, for relative URLs in `read`. */
  readonly baseUrl?: string;
}

export interface OperationOptions {
  readonly operationId: string;
  readonly tags: readonly string[];
}

/** The calls of one session with their plain arguments and results. */
export interface SessionCalls {
  schema(plan: FlatPlan): StructType;
  explain(plan: FlatPlan, mode: ExplainMode): string;
  inputFiles(plan: FlatPlan): readonly string[];
  isLocal(plan: FlatPlan): boolean;
  sameSemantics(a: FlatPlan, b: FlatPlan): boolean;
  semanticHash(plan: FlatPlan): number;
  execute(plan: FlatPlan, options: OperationOptions): QueryResult;
  /** A command is flat as a plan is: its node is the last one. */
  command(command: FlatPlan, options: OperationOptions): CommandResult;
  sql(
    query: FlatPlan,
    resultId: string,
    options: OperationOptions,
  ): { readonly isQuery: boolean; readonly schema: StructType };
  release(relationId: string): void;
  confGet(key: string): string | undefined;
  confSet(key: string, value: string): void;
  confUnset(key: string): void;
  confGetAll(prefix: string | undefined): Readonly<Record<string, string>>;
  confIsModifiable(key: string): boolean;
  persist(plan: FlatPlan, storageLevel: StorageLevel): void;
  unpersist(plan: FlatPlan, blocking: boolean): void;
  storageLevel(plan: FlatPlan): StorageLevel;
  registerFile(content: Blob | FileSystemDirectoryHandle, name: string): string;
  interrupt(
    what: { readonly all: true } | { readonly tag: string } | { readonly operationId: string },
  ): readonly string[];
  version(): string;
}

export type { Command };
