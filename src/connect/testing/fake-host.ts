import { CONF_DEFAULTS } from "../../driver/conf-defaults.ts";
import { rowsToArrow } from "../../engine/arrow/build.ts";
import { analysisError, sparkError, unsupported } from "../../errors/spark-error.ts";
import type { Command } from "../../plan/command.ts";
import type { Relation, Sql, WithRelations } from "../../plan/relation.ts";
import type { ExplainMode, StorageLevel } from "../../session/backend.ts";
import {
  type DataType,
  field,
  INTEGER,
  LONG,
  STRING,
  type StructType,
  struct,
} from "../../types/data-type.ts";
import { structFromJson } from "../../types/json.ts";
import { connectBatches } from "../service/arrow-batches.ts";
import type {
  HostCommandResult,
  HostConf,
  HostEvent,
  HostExecuteOptions,
  HostSession,
  HostSqlResult,
  SessionHost,
} from "../service/session-host.ts";

/**
 * A host for tests of what lies above it: it knows ranges, local data, and texts that make it fail or wait.
 *
 * `SELECT n` gives n; `WAIT` waits to be cancelled; `FAIL analysis` and `FAIL runtime` fail; `SHOW x` is a statement.
 */
export class FakeHost implements SessionHost {
  readonly sessions: FakeSession[] = [];

  async openSession(options: {
    readonly userId: string;
    readonly sessionId: string;
    readonly conf?: Readonly<Record<string, string>>;
  }): Promise<FakeSession> {
    const session = new FakeSession(options.userId, options.sessionId, this, options.conf);
    this.sessions.push(session);
    return session;
  }
}

const RANGE_SCHEMA = struct([field("id", LONG, false)]);

class FakeConf implements HostConf {
  readonly values: Map<string, string>;

  constructor(initial: Readonly<Record<string, string>> = {}) {
    this.values = new Map(Object.entries(initial));
  }

  get(key: string): string | undefined {
    return this.values.get(key) ?? (key === "spark.sql.session.timeZone" ? "UTC" : CONF_DEFAULTS[key]);
  }

  getSet(key: string): string | undefined {
    return this.values.get(key);
  }

  set(key: string, value: string): void {
    if (key === "spark.sql.warehouse.dir")
      throw analysisError("CANNOT_MODIFY_STATIC_CONFIG", { key: `"${key}"` });
    this.values.set(key, value);
  }

  unset(key: string): void {
    this.values.delete(key);
  }

  all(prefix = ""): Readonly<Record<string, string>> {
    const found = [...this.values].filter(([key]) => key.startsWith(prefix));
    return Object.fromEntries(found.map(([key, value]) => [key.slice(prefix.length), value]));
  }

  isModifiable(key: string): boolean {
    return key.startsWith("spark.sql.") && key !== "spark.sql.warehouse.dir";
  }
}

export class FakeSession implements HostSession {
  readonly userId: string;
  readonly sessionId: string;
  readonly conf: FakeConf;
  readonly artifacts = new Map<string, Uint8Array>();
  readonly commands: Command[] = [];
  readonly cancelled: string[] = [];
  isClosed = false;
  readonly #host: FakeHost;
  readonly #levels = new Map<string, StorageLevel>();

  constructor(
    userId: string,
    sessionId: string,
    host: FakeHost,
    conf: Readonly<Record<string, string>> | undefined,
  ) {
    this.userId = userId;
    this.sessionId = sessionId;
    this.conf = new FakeConf(conf);
    this.#host = host;
  }

  async analyze(plan: Relation): Promise<{ readonly schema: StructType }> {
    return { schema: schemaOf(plan) };
  }

  async explain(plan: Relation, mode: ExplainMode): Promise<string> {
    return `${mode} ${plan.kind}`;
  }

  async inputFiles(): Promise<readonly string[]> {
    return ["file:/a", "file:/b"];
  }

  async isLocal(plan: Relation): Promise<boolean> {
    return plan.kind === "LocalRelation";
  }

  async sameSemantics(a: Relation, b: Relation): Promise<boolean> {
    return a.kind === b.kind;
  }

  async semanticHash(plan: Relation): Promise<number> {
    return plan.kind.length;
  }

  parseDdl(text: string): DataType {
    if (text === "long") return LONG;
    return struct(
      text.split(",").map((column) => {
        const [name = "", type] = column.trim().split(" ");
        return field(name, type === "INT" ? INTEGER : STRING);
      }),
    );
  }

  async *execute(
    plan: Relation,
    options: HostExecuteOptions & { readonly maxRowsPerBatch: number },
  ): AsyncGenerator<HostEvent> {
    if (plan.kind === "SQL") await this.#act(plan.query, options);
    const schema = schemaOf(plan);
    yield { kind: "schema", schema };
    const rows = rowsOf(plan);
    options.onProgress?.({ operationId: options.operationId, phase: "query", fraction: 0.5 });
    const chunk = dataOf(plan) ?? rowsToArrow(rows, schema);
    const cut = { maxRows: options.maxRowsPerBatch, timeZone: "UTC" };
    for (const { data, rowCount } of connectBatches([chunk], schema, cut))
      yield { kind: "batch", data, rowCount };
    if (plan.kind === "CollectMetrics") {
      const value = { kind: "Literal", dataType: LONG, value: rows.length } as const;
      yield { kind: "observed", name: plan.name, planId: plan.planId ?? 0, keys: ["n"], values: [value] };
    }
  }

  async command(command: Command): Promise<HostCommandResult> {
    this.commands.push(command);
    if (command.kind === "UnsupportedCommand") throw unsupported(command.feature);
    return command.kind === "CheckpointCommand"
      ? { kind: "checkpoint", relationId: "kept" }
      : { kind: "none" };
  }

  async sql(query: Sql | WithRelations, options: HostExecuteOptions): Promise<HostSqlResult> {
    const text = query.kind === "SQL" ? query.query : "";
    if (text.startsWith("SHOW")) {
      const schema = struct([field("namespace", STRING, false)]);
      return { kind: "rows", schema, data: rowsToArrow([["default"]], schema) };
    }
    if (text === "FAIL analysis") await this.#act(text, options);
    return { kind: "query", relation: query };
  }

  async persist(plan: Relation, level: StorageLevel): Promise<void> {
    this.#levels.set(plan.kind, level);
  }

  async unpersist(plan: Relation): Promise<void> {
    this.#levels.delete(plan.kind);
  }

  async storageLevel(plan: Relation): Promise<StorageLevel> {
    const none = { useDisk: false, useMemory: false, useOffHeap: false, deserialized: false, replication: 1 };
    return this.#levels.get(plan.kind) ?? none;
  }

  putArtifact(name: string, bytes: Uint8Array): void {
    this.artifacts.set(name, bytes);
  }

  hasArtifact(name: string): boolean {
    return this.artifacts.has(name);
  }

  clone(options: { readonly sessionId: string }): Promise<HostSession> {
    const conf = Object.fromEntries(this.conf.values);
    return this.#host.openSession({ userId: this.userId, sessionId: options.sessionId, conf });
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  async #act(text: string, options: HostExecuteOptions): Promise<void> {
    if (text === "FAIL analysis") {
      const fragment = "nope";
      throw analysisError("UNSUPPORTED_FEATURE", { feature: "analysis" }, [
        {
          contextType: "SQL",
          objectType: "VIEW",
          objectName: "v",
          startIndex: 7,
          stopIndex: 10,
          fragment,
          callSite: "",
          summary: `== SQL of VIEW v ==\n${fragment}`,
        },
      ]);
    }
    if (text === "FAIL runtime") {
      throw sparkError("ArithmeticException", {
        condition: "INTERNAL_ERROR",
        messageParameters: { message: "x".repeat(20_000) },
      });
    }
    if (text === "WAIT") {
      await new Promise<void>((_, reject) => {
        options.signal.addEventListener("abort", () => {
          this.cancelled.push(options.operationId);
          reject(new DOMException("cancelled", "AbortError"));
        });
      });
    }
  }
}

function schemaOf(plan: Relation): StructType {
  switch (plan.kind) {
    case "Range":
      return RANGE_SCHEMA;
    case "SQL":
      return struct([field("n", INTEGER, false)]);
    case "LocalRelation":
      if (plan.schema !== undefined) return structFromJson(JSON.parse(plan.schema));
      return struct([field("namespace", STRING, false)]);
    case "CachedLocalRelation":
      return struct([field("bytes", LONG, false)]);
    case "CollectMetrics":
    case "ToDF":
      return schemaOf(plan.input);
    case "ShowString":
      return struct([field("show_string", STRING, false)]);
    case "UnsupportedRelation":
      throw unsupported(plan.feature);
    default:
      throw unsupported(`${plan.kind} in the fake host`);
  }
}

function rowsOf(plan: Relation): readonly (readonly unknown[])[] {
  switch (plan.kind) {
    case "Range": {
      const rows: number[][] = [];
      for (let id = Number(plan.start); id < Number(plan.end); id += Number(plan.step)) rows.push([id]);
      return rows;
    }
    case "SQL":
      return [[Number(/\d+/.exec(plan.query)?.[0] ?? 0)]];
    case "ShowString":
      return [[`${rowsOf(plan.input).length} rows`]];
    case "CollectMetrics":
    case "ToDF":
      return rowsOf(plan.input);
    case "CachedLocalRelation":
      return plan.dataHashes.map((hash) => [hash.length]);
    default:
      return [];
  }
}

function dataOf(plan: Relation): Uint8Array | undefined {
  return plan.kind === "LocalRelation" ? plan.data : undefined;
}
