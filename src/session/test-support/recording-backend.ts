import { rowsToArrow } from "../../engine/arrow/build.ts";
import type { Command } from "../../plan/command.ts";
import type { Relation, Sql } from "../../plan/relation.ts";
import { field, INTEGER, type StructType, struct } from "../../types/data-type.ts";
import type { CommandResult, ConfBackend, QueryResult, SessionBackend, StorageLevel } from "../backend.ts";
import { SessionBuilder } from "../session-builder.ts";
import type { SessionEnvironment } from "../session-runtime.ts";
import type { SparkSession } from "../spark-session.ts";

/** What a backend was asked to run. */
export type Call =
  | { readonly kind: "query"; readonly plan: Relation }
  | { readonly kind: "command"; readonly command: Command }
  | { readonly kind: "sql"; readonly query: Sql; readonly resultId: string }
  | { readonly kind: "other"; readonly name: string; readonly args: readonly unknown[] };

export interface Answers {
  readonly schema?: StructType;
  readonly rows?: readonly (readonly unknown[])[];
  /** Runs before each call; may throw or wait. */
  readonly before?: (call: Call) => void | Promise<void>;
}

/** A backend that runs nothing: it writes down what it is asked, and answers with what it was given. */
export class RecordingBackend implements SessionBackend {
  readonly sessionId = "recording";
  readonly calls: Call[] = [];
  readonly functions = new Map<string, (args: Uint8Array) => Promise<Uint8Array>>();
  answers: Answers;
  readonly #conf = new Map<string, string>();

  constructor(answers: Answers = {}) {
    this.answers = answers;
  }

  get queries(): readonly Relation[] {
    return this.calls.flatMap((call) => (call.kind === "query" ? [call.plan] : []));
  }

  get commands(): readonly Command[] {
    return this.calls.flatMap((call) => (call.kind === "command" ? [call.command] : []));
  }

  readonly conf: ConfBackend = {
    get: async (key) => this.#conf.get(key),
    set: async (key, value) => {
      await this.#record({ kind: "other", name: "conf.set", args: [key, value] });
      this.#conf.set(key, value);
    },
    unset: async (key) => {
      this.#conf.delete(key);
    },
    getAll: async () => Object.fromEntries(this.#conf),
    isModifiable: async () => true,
  };

  async #record(call: Call): Promise<void> {
    this.calls.push(call);
    await this.answers.before?.(call);
  }

  #other(name: string, ...args: readonly unknown[]): Promise<void> {
    return this.#record({ kind: "other", name, args });
  }

  get #schema(): StructType {
    return this.answers.schema ?? struct([field("a", INTEGER), field("b", INTEGER), field("c", INTEGER)]);
  }

  async schema(plan: Relation): Promise<StructType> {
    await this.#other("schema", plan);
    return this.#schema;
  }
  async explain(plan: Relation, mode: string): Promise<string> {
    await this.#other("explain", plan, mode);
    return `plan in mode ${mode}`;
  }
  async inputFiles(): Promise<readonly string[]> {
    return ["file:/a"];
  }
  async isLocal(): Promise<boolean> {
    return true;
  }
  async sameSemantics(): Promise<boolean> {
    return true;
  }
  async semanticHash(): Promise<number> {
    return 1;
  }
  async execute(plan: Relation): Promise<QueryResult> {
    await this.#record({ kind: "query", plan });
    const { rows = [] } = this.answers;
    return {
      schema: this.#schema,
      chunks: rows.length === 0 ? [] : [rowsToArrow(rows, this.#schema)],
      rowCount: rows.length,
      elapsedMs: 1,
      observed: [],
    };
  }
  async *stream(plan: Relation): AsyncGenerator<{ readonly data: Uint8Array; readonly rowCount: number }> {
    const result = await this.execute(plan);
    for (const data of result.chunks) yield { data, rowCount: result.rowCount };
  }
  async command(command: Command): Promise<CommandResult> {
    await this.#record({ kind: "command", command });
    return { observed: [], relationId: "checkpointed" };
  }
  async sql(query: Sql, resultId: string): Promise<{ isQuery: boolean; schema: StructType }> {
    await this.#record({ kind: "sql", query, resultId });
    return { isQuery: false, schema: this.#schema };
  }
  async release(): Promise<void> {}
  async persist(plan: Relation, level: StorageLevel): Promise<void> {
    await this.#other("persist", plan, level);
  }
  async unpersist(plan: Relation, blocking: boolean): Promise<void> {
    await this.#other("unpersist", plan, blocking);
  }
  async storageLevel(): Promise<StorageLevel> {
    return { useDisk: true, useMemory: true, useOffHeap: false, deserialized: true, replication: 1 };
  }
  async registerFile(content: Blob, name: string): Promise<string> {
    await this.#other("registerFile", content, name);
    return `lakelet-file:${name}`;
  }
  async registerFunction(id: string, call: (args: Uint8Array) => Promise<Uint8Array>): Promise<void> {
    this.functions.set(id, call);
  }
  async interrupt(what: unknown): Promise<readonly string[]> {
    await this.#other("interrupt", what);
    return ["id"];
  }
  async newSession(): Promise<SessionBackend> {
    return new RecordingBackend(this.answers);
  }
  async clone(): Promise<SessionBackend> {
    return new RecordingBackend(this.answers);
  }
  async version(): Promise<string> {
    return "4.3.0";
  }
  async stop(): Promise<void> {
    await this.#other("stop");
  }
}

/** A session over a backend that writes down what it is asked. */
export function recordingSession(
  answers: Answers = {},
  environment: SessionEnvironment = {},
): { readonly spark: SparkSession; readonly backend: RecordingBackend; readonly printed: string[] } {
  const backend = new RecordingBackend(answers);
  const printed: string[] = [];
  const spark = new SessionBuilder()
    .environment({ print: (text) => printed.push(text), ...environment })
    .backend(async () => backend)
    .create();
  return { spark, backend, printed };
}
