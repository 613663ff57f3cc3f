import { LakeletError } from "../../errors/lakelet-error.ts";
import { unsupported } from "../../errors/spark-error.ts";
import type { Command } from "../../plan/command.ts";
import type { Relation, Sql } from "../../plan/relation.ts";
import { type PlanNode, transformUp } from "../../plan/traverse.ts";
import type {
  CommandResult,
  ConfBackend,
  ExecuteOptions,
  ExplainMode,
  ObservedMetrics,
  QueryResult,
  SessionBackend,
  StorageLevel,
} from "../../session/backend.ts";
import type { StructType } from "../../types/data-type.ts";
import type { Message } from "../messages/decode.ts";
import { ConnectClient, type RetryPolicy } from "./connect-client.ts";
import type { ConnectionString } from "./connection-string.ts";
import { uploadLocalData } from "./local-data.ts";
import type { RemoteTransport } from "./transport.ts";

export interface RemoteSessionOptions {
  readonly transport: RemoteTransport;
  readonly connection: Pick<ConnectionString, "token" | "userId" | "userAgent" | "metadata" | "sessionId">;
  readonly conf?: Readonly<Record<string, string>>;
  readonly retries?: RetryPolicy;
}

/** Sessions over one transport; the last that stops closes it. */
interface SharedTransport {
  readonly options: Omit<RemoteSessionOptions, "conf">;
  users: number;
}

/** A session on a Spark Connect server: the same plans as on the local engine, run elsewhere. */
export class RemoteSession implements SessionBackend {
  readonly sessionId: string;
  readonly conf: ConfBackend;
  readonly #client: ConnectClient;
  readonly #shared: SharedTransport;
  /** The plans that `sql` keeps by id. */
  readonly #kept = new Map<string, Relation>();
  #isStopped = false;

  private constructor(shared: SharedTransport, sessionId: string) {
    const { transport, connection, retries } = shared.options;
    this.sessionId = sessionId;
    this.#shared = shared;
    shared.users += 1;
    this.#client = new ConnectClient({
      transport,
      connection,
      sessionId,
      ...(retries === undefined ? {} : { retries }),
    });
    this.conf = remoteConf(this.#client);
  }

  /** Opens a session. The server hears of it with the first call. */
  static async open(options: RemoteSessionOptions): Promise<RemoteSession> {
    const session = new RemoteSession(
      { options, users: 0 },
      options.connection.sessionId ?? crypto.randomUUID(),
    );
    await session.#setConf(options.conf ?? {});
    return session;
  }

  async schema(plan: Relation): Promise<StructType> {
    const { schema } = await this.#analyze("schema", plan);
    return (schema as { readonly schema: StructType }).schema;
  }

  async explain(plan: Relation, mode: ExplainMode): Promise<string> {
    const explainMode = `EXPLAIN_MODE_${mode.toUpperCase()}`;
    const { explain } = await this.#analyze("explain", plan, { explainMode });
    return (explain as { readonly explainString: string }).explainString;
  }

  async inputFiles(plan: Relation): Promise<readonly string[]> {
    const { inputFiles } = await this.#analyze("inputFiles", plan);
    return (inputFiles as { readonly files: readonly string[] }).files;
  }

  async isLocal(plan: Relation): Promise<boolean> {
    const { isLocal } = await this.#analyze("isLocal", plan);
    return (isLocal as { readonly isLocal: boolean }).isLocal;
  }

  async sameSemantics(a: Relation, b: Relation): Promise<boolean> {
    const targetPlan = { root: await this.#prepare(a) };
    const otherPlan = { root: await this.#prepare(b) };
    const { sameSemantics } = await this.#client.unary("AnalyzePlan", {
      sameSemantics: { targetPlan, otherPlan },
    });
    return (sameSemantics as { readonly result: boolean }).result;
  }

  async semanticHash(plan: Relation): Promise<number> {
    const { semanticHash } = await this.#analyze("semanticHash", plan);
    return (semanticHash as { readonly result: number }).result;
  }

  async execute(plan: Relation, options: ExecuteOptions): Promise<QueryResult> {
    const started = performance.now();
    const chunks: Uint8Array[] = [];
    let rowCount = 0;
    let schema: StructType | undefined;
    const observed: ObservedMetrics[] = [];
    for await (const response of this.#run({ root: await this.#prepare(plan) }, options)) {
      if (response.schema !== undefined) schema = response.schema as StructType;
      observed.push(...observedMetrics(response));
      if (response.batch === undefined) continue;
      chunks.push(response.batch.data);
      rowCount += response.batch.rowCount;
    }
    if (schema === undefined) throw new LakeletError("internal", "the server sent no schema");
    return { schema, chunks, rowCount, elapsedMs: performance.now() - started, observed };
  }

  async *stream(
    plan: Relation,
    options: ExecuteOptions,
  ): AsyncGenerator<{ readonly data: Uint8Array; readonly rowCount: number }> {
    for await (const { batch } of this.#run({ root: await this.#prepare(plan) }, options)) {
      if (batch !== undefined) yield batch;
    }
  }

  async command(command: Command, options: ExecuteOptions): Promise<CommandResult> {
    const observed: ObservedMetrics[] = [];
    let relationId: string | undefined;
    for await (const response of this.#run({ command: await this.#prepare(command) }, options)) {
      observed.push(...observedMetrics(response));
      const checkpoint = response.checkpointCommandResult as { readonly relation: Relation } | undefined;
      if (checkpoint?.relation.kind === "CachedRemoteRelation") relationId = checkpoint.relation.relationId;
    }
    return relationId === undefined ? { observed } : { observed, relationId };
  }

  async sql(
    query: Sql,
    resultId: string,
    options: ExecuteOptions,
  ): Promise<{ readonly isQuery: boolean; readonly schema: StructType }> {
    let relation: Relation = query;
    const command: Command = { kind: "SqlCommand", input: await this.#prepare(query) };
    for await (const response of this.#run({ command }, options)) {
      const result = response.sqlCommandResult as { readonly relation?: Relation } | undefined;
      if (result?.relation !== undefined) relation = result.relation;
    }
    this.#kept.set(resultId, relation);
    return { isQuery: relation.kind !== "LocalRelation", schema: await this.schema(relation) };
  }

  async release(relationId: string): Promise<void> {
    if (this.#kept.delete(relationId) || this.#isStopped) return;
    await this.command(
      { kind: "RemoveCachedRemoteRelationCommand", relationId },
      { operationId: crypto.randomUUID() },
    );
  }

  async persist(plan: Relation, storageLevel: StorageLevel): Promise<void> {
    const relation = await this.#prepare(plan);
    await this.#client.unary("AnalyzePlan", { persist: { relation, storageLevel } });
  }

  async unpersist(plan: Relation, blocking: boolean): Promise<void> {
    const relation = await this.#prepare(plan);
    await this.#client.unary("AnalyzePlan", { unpersist: { relation, blocking } });
  }

  async storageLevel(plan: Relation): Promise<StorageLevel> {
    const relation = await this.#prepare(plan);
    const { getStorageLevel } = await this.#client.unary("AnalyzePlan", { getStorageLevel: { relation } });
    return (getStorageLevel as { readonly storageLevel: StorageLevel }).storageLevel;
  }

  async registerFile(_content: Blob | FileSystemDirectoryHandle, name: string): Promise<string> {
    throw unsupported(
      `a file of this machine (${name}) on a remote session; put it where the cluster can read it`,
    );
  }

  async interrupt(
    what: { readonly all: true } | { readonly tag: string } | { readonly operationId: string },
  ): Promise<readonly string[]> {
    const fields =
      "all" in what
        ? { interruptType: "INTERRUPT_TYPE_ALL" }
        : "tag" in what
          ? { interruptType: "INTERRUPT_TYPE_TAG", operationTag: what.tag }
          : { interruptType: "INTERRUPT_TYPE_OPERATION_ID", operationId: what.operationId };
    const { interruptedIds } = await this.#client.unary("Interrupt", fields);
    return interruptedIds as readonly string[];
  }

  async newSession(options: { readonly conf: Readonly<Record<string, string>> }): Promise<SessionBackend> {
    const session = new RemoteSession(this.#shared, crypto.randomUUID());
    await session.#setConf(options.conf);
    return session;
  }

  async clone(): Promise<SessionBackend> {
    const { newSessionId } = await this.#client.unary("CloneSession", {});
    const session = new RemoteSession(this.#shared, newSessionId as string);
    for (const [id, relation] of this.#kept) session.#kept.set(id, relation);
    return session;
  }

  async version(): Promise<string> {
    const { sparkVersion } = await this.#client.unary("AnalyzePlan", { sparkVersion: {} });
    return (sparkVersion as { readonly version: string }).version;
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#kept.clear();
    try {
      await this.#client.unary("ReleaseSession", {});
    } finally {
      this.#shared.users -= 1;
      if (this.#shared.users === 0) this.#shared.options.transport.close();
    }
  }

  async #setConf(conf: Readonly<Record<string, string>>): Promise<void> {
    const pairs = Object.entries(conf).map(([key, value]) => ({ key, value }));
    if (pairs.length > 0) await this.#client.unary("Config", { operation: { set: { pairs, silent: true } } });
  }

  async #analyze(member: string, plan: Relation, fields: Message = {}): Promise<Message> {
    const root = await this.#prepare(plan);
    return this.#client.unary("AnalyzePlan", { [member]: { plan: { root }, ...fields } });
  }

  /** A plan as the server can run it: results of `sql` in their places, large local data uploaded. */
  async #prepare<T extends PlanNode>(plan: T): Promise<T> {
    const replaced = transformUp(plan, (node) => {
      const kept = node.kind === "CachedRemoteRelation" ? this.#kept.get(node.relationId) : undefined;
      if (kept === undefined) return node;
      const { planId } = node as Relation;
      return planId === undefined ? kept : { ...kept, planId };
    });
    return uploadLocalData(this.#client, replaced);
  }

  /** The responses of an execution, with the pieces of a batch put together. */
  async *#run(
    plan: Message,
    { operationId, tags = [], signal, onProgress }: ExecuteOptions,
  ): AsyncGenerator<Message & { readonly batch?: { readonly data: Uint8Array; readonly rowCount: number } }> {
    const pieces: Uint8Array[] = [];
    const options = signal === undefined ? { operationId, tags } : { operationId, tags, signal };
    for await (const response of this.#client.execute(plan, options)) {
      const progress = response.executionProgress as { readonly stages: readonly Message[] } | undefined;
      if (progress !== undefined) {
        const fraction = fractionOf(progress.stages);
        onProgress?.({ operationId, phase: "query", ...(fraction === undefined ? {} : { fraction }) });
      }
      const arrow = response.arrowBatch as Message | undefined;
      if (arrow === undefined) {
        yield response;
        continue;
      }
      pieces.push(arrow.data as Uint8Array);
      if (pieces.length < Number(arrow.numChunksInBatch ?? 0)) continue;
      yield { ...response, batch: { data: joined(pieces), rowCount: Number(arrow.rowCount) } };
      pieces.length = 0;
    }
  }
}

function remoteConf(client: ConnectClient): ConfBackend {
  const ask = async (
    operation: Message,
  ): Promise<readonly { readonly key: string; readonly value?: string }[]> => {
    const { pairs } = await client.unary("Config", { operation });
    return pairs as readonly { readonly key: string; readonly value?: string }[];
  };
  return {
    get: async (key) => (await ask({ getOption: { keys: [key] } }))[0]?.value,
    set: async (key, value) => void (await ask({ set: { pairs: [{ key, value }] } })),
    unset: async (key) => void (await ask({ unset: { keys: [key] } })),
    getAll: async (prefix) => {
      const pairs = await ask({ getAll: prefix === undefined ? {} : { prefix } });
      // The server cuts the prefix off.
      return Object.fromEntries(pairs.map(({ key, value }) => [(prefix ?? "") + key, value ?? ""]));
    },
    isModifiable: async (key) => (await ask({ isModifiable: { keys: [key] } }))[0]?.value === "true",
  };
}

function observedMetrics(response: Message): readonly ObservedMetrics[] {
  const metrics = response.observedMetrics as readonly (ObservedMetrics & { readonly planId: number })[];
  return metrics.map(({ name, planId, keys, values }) => ({ name, planId, keys, values }));
}

function fractionOf(stages: readonly Message[]): number | undefined {
  let tasks = 0;
  let completed = 0;
  for (const stage of stages) {
    tasks += Number(stage.numTasks);
    completed += Number(stage.numCompletedTasks);
  }
  return tasks === 0 ? undefined : completed / tasks;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0] as Uint8Array;
  const out = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    out.set(piece, offset);
    offset += piece.length;
  }
  return out;
}
