import type { Command } from "../plan/command.ts";
import type { Relation, Sql } from "../plan/relation.ts";
import type {
  CommandResult,
  ConfBackend,
  ExecuteOptions,
  ExplainMode,
  QueryResult,
  SessionBackend,
  StorageLevel,
} from "../session/backend.ts";
import type { StructType } from "../types/data-type.ts";
import { randomUuid } from "../types/random-uuid.ts";
import type { Driver } from "./driver.ts";
import type { DriverSession } from "./driver-session.ts";

/** A session of a driver that lives in this realm: Node, and tests. */
export class InProcessBackend implements SessionBackend {
  readonly #driver: Driver;
  readonly #session: DriverSession;
  /** Called when the last user of the driver stops it. */
  readonly #onStop: () => Promise<void>;
  readonly conf: ConfBackend;

  constructor(driver: Driver, session: DriverSession, onStop: () => Promise<void> = async () => {}) {
    this.#driver = driver;
    this.#session = session;
    this.#onStop = onStop;
    const { conf } = session;
    this.conf = {
      get: async (key) => conf.get(key),
      set: async (key, value) => conf.set(key, value),
      unset: async (key) => conf.unset(key),
      getAll: async (prefix) => conf.all(prefix),
      isModifiable: async (key) => conf.isModifiable(key),
    };
  }

  static open(
    driver: Driver,
    conf: Readonly<Record<string, string>> = {},
    onStop?: () => Promise<void>,
  ): InProcessBackend {
    return new InProcessBackend(driver, driver.openSession({ sessionId: randomUuid(), conf }), onStop);
  }

  get sessionId(): string {
    return this.#session.sessionId;
  }

  schema(plan: Relation): Promise<StructType> {
    return this.#session.schema(plan);
  }

  explain(plan: Relation, mode: ExplainMode): Promise<string> {
    return this.#session.explain(plan, mode);
  }

  inputFiles(plan: Relation): Promise<readonly string[]> {
    return this.#session.inputFiles(plan);
  }

  isLocal(plan: Relation): Promise<boolean> {
    return this.#session.isLocal(plan);
  }

  sameSemantics(a: Relation, b: Relation): Promise<boolean> {
    return this.#session.sameSemantics(a, b);
  }

  semanticHash(plan: Relation): Promise<number> {
    return this.#session.semanticHash(plan);
  }

  execute(plan: Relation, options: ExecuteOptions): Promise<QueryResult> {
    return this.#session.execute(plan, options);
  }

  async *stream(
    plan: Relation,
    options: ExecuteOptions,
  ): AsyncIterable<{ readonly data: Uint8Array; readonly rowCount: number }> {
    const result = await this.#session.execute(plan, options);
    for (const data of result.chunks) yield { data, rowCount: result.rowCount };
  }

  command(command: Command, options: ExecuteOptions): Promise<CommandResult> {
    return this.#session.command(command, options);
  }

  async sql(
    query: Sql,
    resultId: string,
    options: ExecuteOptions,
  ): Promise<{ readonly isQuery: boolean; readonly schema: StructType }> {
    const outcome = await this.#session.sql(query, options);
    this.#session.keep(resultId, outcome);
    return { isQuery: outcome.isQuery, schema: outcome.schema };
  }

  async release(relationId: string): Promise<void> {
    this.#session.release(relationId);
  }

  persist(plan: Relation, level: StorageLevel): Promise<void> {
    return this.#session.persist(plan, level);
  }

  unpersist(plan: Relation): Promise<void> {
    return this.#session.unpersist(plan);
  }

  storageLevel(plan: Relation): Promise<StorageLevel> {
    return this.#session.storageLevel(plan);
  }

  async registerFile(content: Blob | FileSystemDirectoryHandle, name: string): Promise<string> {
    return this.#session.registerFile(content, name);
  }

  async registerFunction(id: string, call: (args: Uint8Array) => Promise<Uint8Array>): Promise<void> {
    this.#session.registerFunction(id, call);
  }

  async interrupt(
    what: { readonly all: true } | { readonly tag: string } | { readonly operationId: string },
  ): Promise<readonly string[]> {
    return this.#session.interrupt(what);
  }

  async newSession(options: { readonly conf: Readonly<Record<string, string>> }): Promise<SessionBackend> {
    return InProcessBackend.open(this.#driver, options.conf, this.#onStop);
  }

  async clone(): Promise<SessionBackend> {
    const session = this.#driver.openSession({
      sessionId: randomUuid(),
      conf: {},
      cloneOf: this.#session.sessionId,
    });
    return new InProcessBackend(this.#driver, session, this.#onStop);
  }

  async version(): Promise<string> {
    return "4.3.0";
  }

  async stop(): Promise<void> {
    this.#driver.closeSession(this.#session.sessionId);
    await this.#onStop();
  }
}
