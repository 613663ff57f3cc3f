import type { FoundPlan, FoundRows } from "../analyzer/catalog-resolver.ts";
import { DEFAULT_DATABASE } from "../catalog/catalog-entry.ts";
import type { WarehouseApi } from "../catalog/warehouse-api.ts";
import { rowsToArrow } from "../engine/arrow/build.ts";
import { loadFamilies } from "../functions/registry.ts";
import type { Command } from "../plan/command.ts";
import { isRelation } from "../plan/kinds.ts";
import type { Relation, Sql } from "../plan/relation.ts";
import type {
  CommandResult,
  ExecuteOptions,
  ExplainMode,
  QueryResult,
  StorageLevel,
} from "../session/backend.ts";
import { type ParseOptions, parseOptionsFromConf, parseStatement } from "../sql/parse.ts";
import { type StructType, struct } from "../types/data-type.ts";
import { toJson } from "../types/json.ts";
import { randomUuid } from "../types/random-uuid.ts";
import type { CommandEnv } from "./commands/command-env.ts";
import type { CommandOutput } from "./commands/command-output.ts";
import { runCommand } from "./commands/index.ts";
import { type Operation, Operations } from "./operations.ts";
import { planFingerprint } from "./plan-fingerprint.ts";
import { QueryRunner } from "./query-runner.ts";
import { SessionConf } from "./session-conf.ts";
import type { ClientFunction, DriverState, SessionState } from "./session-state.ts";
import { TempViews } from "./temp-views.ts";

const NO_STORAGE: StorageLevel = {
  useDisk: false,
  useMemory: false,
  useOffHeap: false,
  deserialized: false,
  replication: 1,
};

const catalogRelations = () => import("./catalog-relations.ts");

async function catalogSchema(operation: string): Promise<StructType> {
  return (await catalogRelations()).catalogSchema(operation) ?? struct([]);
}

export type SqlOutcome =
  | { readonly isQuery: true; readonly schema: StructType; readonly relation: Relation }
  | {
      readonly isQuery: false;
      readonly schema: StructType;
      readonly relation: Relation;
      readonly data: Uint8Array;
    };

/** One session: settings, temporary views, current database, and the running of its plans. */
export class DriverSession {
  readonly #state: SessionState;
  readonly #runner: QueryRunner;
  readonly #operations = new Operations();

  constructor(options: {
    readonly sessionId: string;
    readonly driver: DriverState;
    readonly warehouse: () => Promise<WarehouseApi>;
    readonly conf: Readonly<Record<string, string>>;
    readonly cloneOf?: DriverSession;
  }) {
    const origin = options.cloneOf === undefined ? undefined : options.cloneOf.#state;
    const conf = origin?.conf.clone() ?? new SessionConf(options.conf);
    this.#state = {
      sessionId: options.sessionId,
      driver: options.driver,
      warehouse: options.warehouse,
      conf,
      currentDatabase: origin?.currentDatabase ?? DEFAULT_DATABASE,
      tempViews: origin?.tempViews.clone() ?? new TempViews(),
      kept: new Map(origin?.kept),
      artifacts: new Map(origin?.artifacts),
      functions: new Map(origin?.functions),
      registeredFunctions: new Map(origin?.registeredFunctions),
      sqlFunctions: new Map(origin?.sqlFunctions),
      variables: new Map(origin?.variables),
      persisted: new Map(origin?.persisted),
    };
    this.#runner = new QueryRunner(this.#state, {
      runCommand: (command) =>
        this.#quietly(async (operation) =>
          this.#found(await runCommand(command, await this.#env(operation))),
        ),
    });
  }

  get conf(): SessionConf {
    return this.#state.conf;
  }

  get sessionId(): string {
    return this.#state.sessionId;
  }

  async schema(plan: Relation): Promise<StructType> {
    if (plan.kind === "CatalogRelation") return catalogSchema(plan.operation);
    return this.#quietly(async (operation) => (await this.#runner.prepare(plan, operation)).query.schema);
  }

  /** The schema with the mark that Connect puts on columns which were named by us. */
  async analyzed(
    plan: Relation,
  ): Promise<{ readonly schema: StructType; readonly autoAliased: readonly boolean[] }> {
    if (plan.kind === "CatalogRelation") {
      const schema = await catalogSchema(plan.operation);
      return { schema, autoAliased: schema.fields.map(() => false) };
    }
    return this.#quietly(async (operation) => (await this.#runner.prepare(plan, operation)).query);
  }

  async explain(plan: Relation, mode: ExplainMode): Promise<string> {
    const { explain } = await import("./explain.ts");
    return this.#quietly(async (operation) => explain(plan, mode, await this.#env(operation)));
  }

  /** Files that a plan reads, without repeats. */
  async inputFiles(plan: Relation): Promise<readonly string[]> {
    return this.#quietly(async (operation) => {
      const { query, resolver } = await this.#runner.prepare(plan, operation);
      return resolver.inputFiles(query.plan);
    });
  }

  async isLocal(plan: Relation): Promise<boolean> {
    return plan.kind === "LocalRelation" || plan.kind === "CatalogRelation";
  }

  async sameSemantics(a: Relation, b: Relation): Promise<boolean> {
    return (await this.#canonical(a)) === (await this.#canonical(b));
  }

  async semanticHash(plan: Relation): Promise<number> {
    return planFingerprint(await this.#canonical(plan));
  }

  /** Runs a query to its end. */
  async execute(plan: Relation, options: ExecuteOptions): Promise<QueryResult> {
    return this.#operations.run(options, async (operation) => {
      if (plan.kind !== "CatalogRelation") return this.#runner.run(plan, operation);
      const { runCatalogRelation } = await catalogRelations();
      const namesFunctions = plan.operation.includes("Function");
      const output = await runCatalogRelation(plan, await this.#env(operation, namesFunctions));
      return {
        schema: output.schema,
        chunks: [rowsToArrow(output.rows, output.schema)],
        rowCount: output.rows.length,
        elapsedMs: 0,
        observed: [],
      };
    });
  }

  async command(command: Command, options: ExecuteOptions): Promise<CommandResult> {
    return this.#operations.run(options, async (operation) => {
      if (command.kind === "CheckpointCommand") {
        const result = await this.#runner.run(command.relation, operation);
        const relationId = randomUuid();
        this.#state.kept.set(relationId, {
          kind: "rows",
          schema: result.schema,
          data: result.chunks,
          cacheKey: relationId,
        });
        return { observed: result.observed, relationId };
      }
      if (command.kind === "RemoveCachedRemoteRelationCommand") {
        this.release(command.relationId);
        return { observed: [] };
      }
      if (command.kind === "RegisterFunction") {
        this.#state.registeredFunctions.set(command.function.functionName.toLowerCase(), command.function);
        return { observed: [] };
      }
      // Writes have their query analysed, which loads what it misses.
      await runCommand(command, await this.#env(operation, command.kind !== "WriteOperation"));
      return { observed: [] };
    });
  }

  /** Parses a SQL text; a statement runs now, a query is analysed only. */
  async sql(query: Sql, options: ExecuteOptions): Promise<SqlOutcome> {
    return this.#operations.run(options, async (operation) => {
      const parsed = parseStatement(query.query, this.#parseOptions(query));
      if (isRelation(parsed)) {
        const { query: analyzed } = await this.#runner.prepare(query, operation);
        return { isQuery: true, schema: analyzed.schema, relation: query };
      }
      const output = await runCommand(parsed, await this.#env(operation));
      if (output.relation !== undefined) {
        return { isQuery: true, schema: output.schema, relation: output.relation };
      }
      const bytes = rowsToArrow(output.rows, output.schema);
      return {
        isQuery: false,
        schema: output.schema,
        data: bytes,
        relation: { kind: "LocalRelation", data: bytes, schema: JSON.stringify(toJson(output.schema)) },
      };
    });
  }

  /** Keeps a plan or its rows under an id, for `CachedRemoteRelation`. */
  keep(relationId: string, outcome: SqlOutcome): void {
    this.#state.kept.set(
      relationId,
      outcome.isQuery
        ? { kind: "plan", plan: outcome.relation }
        : { kind: "rows", schema: outcome.schema, data: [outcome.data] },
    );
  }

  release(relationId: string): void {
    const kept = this.#state.kept.get(relationId);
    this.#state.kept.delete(relationId);
    // The rows of a script are kept under an id of their own.
    if (kept?.kind === "plan" && kept.plan.kind === "CachedRemoteRelation")
      this.release(kept.plan.relationId);
  }

  async persist(plan: Relation, level: StorageLevel): Promise<void> {
    this.#state.persisted.set(await this.#canonical(plan), level);
  }

  async unpersist(plan: Relation): Promise<void> {
    this.#state.persisted.delete(await this.#canonical(plan));
  }

  async storageLevel(plan: Relation): Promise<StorageLevel> {
    return this.#state.persisted.get(await this.#canonical(plan)) ?? NO_STORAGE;
  }

  /** A file to read, or a folder to write into; gives its path. */
  registerFile(content: Blob | FileSystemDirectoryHandle, name: string): string {
    const { registered } = this.#state.driver;
    return "kind" in content ? registered.addFolder(content) : registered.add(content, name);
  }

  registerFunction(id: string, call: ClientFunction): void {
    this.#state.functions.set(id, call);
  }

  putArtifact(name: string, bytes: Uint8Array): void {
    this.#state.artifacts.set(name, bytes);
  }

  hasArtifact(name: string): boolean {
    return this.#state.artifacts.has(name);
  }

  interrupt(
    what: { readonly all: true } | { readonly tag: string } | { readonly operationId: string },
  ): readonly string[] {
    return this.#operations.interrupt(
      (id, tags) => "all" in what || ("tag" in what ? tags.includes(what.tag) : id === what.operationId),
    );
  }

  close(): void {
    this.#operations.interrupt(() => true);
    this.#state.kept.clear();
    this.#state.artifacts.clear();
    this.#state.functions.clear();
  }

  #parseOptions(query: Sql): ParseOptions {
    return {
      ...parseOptionsFromConf((key) => this.#state.conf.get(key)),
      nowMicros: BigInt(Date.now()) * 1000n,
      ...(query.namedArguments === undefined ? {} : { namedParameters: query.namedArguments }),
      ...(query.posArguments === undefined ? {} : { positionalParameters: query.posArguments }),
    };
  }

  #found(output: CommandOutput): FoundPlan | FoundRows {
    if (output.relation !== undefined) return { kind: "plan", plan: output.relation };
    return { kind: "rows", schema: output.schema, data: [rowsToArrow(output.rows, output.schema)] };
  }

  /** The resolved plan with its numbers in order of appearance: equal for plans that mean the same. */
  async #canonical(plan: Relation): Promise<string> {
    return this.#quietly(async (operation) => {
      const { query } = await this.#runner.prepare(plan, operation);
      const { canonicalText } = await import("./physical-plan.ts");
      return canonicalText(query.plan);
    });
  }

  #quietly<T>(work: (operation: Operation) => Promise<T>): Promise<T> {
    return this.#operations.run({ operationId: randomUuid() }, work);
  }

  async #env(operation: Operation, needsFunctions = true): Promise<CommandEnv> {
    if (needsFunctions) await loadFamilies();
    const warehouse = await this.#state.warehouse();
    const within = (inner: Operation): CommandEnv => {
      const env: CommandEnv = {
        session: this.#state,
        runner: this.#runner,
        warehouse,
        operation: inner,
        run: (command) => runCommand(command, env),
        within,
      };
      return env;
    };
    return within(operation);
  }
}
