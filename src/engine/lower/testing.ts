import type {
  CatalogResolver,
  CollectedRows,
  FoundPlan,
  FoundRelation,
} from "../../analyzer/catalog-resolver.ts";
import {
  type AnalysisContext,
  analyze,
  formatShowString,
  optimize,
  resolveReferences,
} from "../../analyzer/index.ts";
import { decodeLiterals } from "../../driver/literal-rows.ts";
import {
  analysisError,
  deserializeSparkError,
  PySparkException,
  unsupported,
} from "../../errors/spark-error.ts";
import { createEngine } from "../../node/engine-platform.ts";
import type { Command } from "../../plan/command.ts";
import { isRelation } from "../../plan/kinds.ts";
import type { Relation } from "../../plan/relation.ts";
import { parseOptionsFromConf, parseStatement } from "../../sql/parse.ts";
import type { StructType } from "../../types/data-type.ts";
import type { Row } from "../../types/row.ts";
import { decodeRows } from "../arrow/decode.ts";
import { sparkSchemaOf } from "../arrow/spark-schema.ts";
import type { EngineApi } from "../engine-api.ts";
import { failureOf } from "../failure.ts";
import { lowerQuery } from "./index.ts";

export interface TestResult {
  readonly schema: StructType;
  readonly rows: readonly Row[];
}

/** `spark.sql.shuffle.partitions` of the Spark that recorded. */
const RECORDED_PARTITIONS = 4;
/** Its cores. */
const RECORDED_PARALLELISM = 2;

/** For tests: queries from text or plan to rows, in this process; temporary views and settings, no tables. */
export class TestSession {
  readonly conf = new Map<string, string>();
  readonly views = new Map<string, Relation>();
  readonly #engine: EngineApi;
  #tasks = 0;

  private constructor(engine: EngineApi) {
    this.#engine = engine;
  }

  static async open(): Promise<TestSession> {
    return new TestSession(await createEngine({ memoryLimitBytes: 1 << 30 }));
  }

  close(): Promise<void> {
    return this.#engine.close();
  }

  context(): AnalysisContext {
    const get = (key: string) => this.conf.get(key);
    return {
      conf: {
        ansiEnabled: get("spark.sql.ansi.enabled") !== "false",
        timeZone: get("spark.sql.session.timeZone") ?? "UTC",
        caseSensitive: get("spark.sql.caseSensitive") === "true",
        get,
      },
      currentCatalog: "spark_catalog",
      currentDatabase: "default",
      currentUser: "tester",
      queryTimeMicros: 1_767_225_600_000_000n,
      nextSeed: () => 42n,
    };
  }

  parse(text: string): Relation | Command {
    return parseStatement(
      text,
      parseOptionsFromConf((key) => this.conf.get(key)),
    );
  }

  /** Runs a statement: a query gives its rows, `CREATE TEMPORARY VIEW` and `SET` do what they say. */
  async sql(text: string): Promise<TestResult> {
    const statement = this.parse(text);
    if (isRelation(statement)) return this.run(statement);
    const nothing: TestResult = { schema: { kind: "struct", fields: [] }, rows: [] };
    switch (statement.kind) {
      case "CreateView": {
        const names = statement.columns.map((c) => c.name);
        const name = statement.name.at(-1) as string;
        const plan: Relation =
          names.length === 0 ? statement.query : { kind: "ToDF", input: statement.query, columnNames: names };
        await this.analyzed(plan);
        this.views.set(name.toLowerCase(), plan);
        return nothing;
      }
      case "DropView":
        this.views.delete((statement.name.at(-1) as string).toLowerCase());
        return nothing;
      case "SetConfig":
        if (statement.key !== undefined && statement.value !== undefined)
          this.conf.set(statement.key, statement.value);
        return nothing;
      case "ResetConfig":
        if (statement.key === undefined) this.conf.clear();
        else this.conf.delete(statement.key);
        return nothing;
      default:
        throw unsupported(`the statement ${statement.kind}`);
    }
  }

  async analyzed(plan: Relation) {
    const context = this.context();
    const references = await resolveReferences(plan, this.#resolver(), context);
    return analyze(plan, references, context);
  }

  /** The SQL that a plan becomes. */
  async lowered(plan: Relation) {
    const query = await this.analyzed(plan);
    const { conf } = this.context();
    return lowerQuery(optimize(query.plan), query.schema, {
      timeZone: conf.timeZone,
      ansiEnabled: conf.ansiEnabled,
      shufflePartitions: Number(conf.get("spark.sql.shuffle.partitions") ?? RECORDED_PARTITIONS),
      caseSensitive: conf.caseSensitive,
      parallelism: RECORDED_PARALLELISM,
    });
  }

  async run(plan: Relation): Promise<TestResult> {
    const { schema, chunks } = await this.#execute(plan);
    return { schema, rows: decodeRows(chunks, schema) };
  }

  /** The text of `df.show()`. */
  async show(plan: Relation, numRows = 20, truncate = 20): Promise<string> {
    const shown: Relation = { kind: "ShowString", input: plan, numRows, truncate, vertical: false };
    const query = await this.analyzed(shown);
    const { rows } = await this.run(shown);
    if (query.show === undefined) throw new Error("nothing is shown");
    return formatShowString(
      query.show,
      rows.map((r) => [...r] as string[]),
    );
  }

  async #execute(
    plan: Relation,
  ): Promise<{ readonly schema: StructType; readonly chunks: readonly Uint8Array[] }> {
    const query = await this.analyzed(plan);
    const { conf } = this.context();
    const { stages } = lowerQuery(optimize(query.plan), query.schema, {
      timeZone: conf.timeZone,
      ansiEnabled: conf.ansiEnabled,
      shufflePartitions: Number(conf.get("spark.sql.shuffle.partitions") ?? RECORDED_PARTITIONS),
      caseSensitive: conf.caseSensitive,
      parallelism: RECORDED_PARALLELISM,
    });
    const [stage] = stages;
    if (stages.length !== 1 || stage === undefined) throw unsupported("user functions in this test");
    try {
      const result = await this.#engine.run({
        id: `t${this.#tasks++}`,
        inputs: stage.inputs,
        setup: stage.setup,
        sql: stage.sql,
        cleanup: stage.cleanup,
        kernels: stage.kernels,
        output: stage.output,
        sink: { kind: "arrow" },
      });
      if (result.kind !== "arrow") throw new Error("not Arrow");
      return { schema: query.schema, chunks: result.chunks };
    } catch (error) {
      if (error instanceof PySparkException) throw error;
      const failure = failureOf(error);
      if (failure.kind === "spark") throw deserializeSparkError(failure.error);
      throw new Error(`${"message" in failure ? failure.message : failure.kind}\n${stage.sql}`);
    }
  }

  #resolver(): CatalogResolver {
    const views = this.views;
    return {
      async resolveRelation(parts): Promise<FoundRelation | undefined> {
        const plan = parts.length === 1 ? views.get((parts[0] as string).toLowerCase()) : undefined;
        return plan && { kind: "plan", plan, identifier: [(parts[0] as string).toLowerCase()] };
      },
      async resolveFiles() {
        throw unsupported("files in this test");
      },
      async resolveCachedRemote() {
        return undefined;
      },
      async resolveCachedLocal() {
        throw unsupported("cached data in this test");
      },
      runCommand: (): Promise<FoundPlan> => {
        throw analysisError("UNSUPPORTED_FEATURE", { feature: "commands in this test" });
      },
      collect: async (plan: Relation): Promise<CollectedRows> => {
        const { schema, chunks } = await this.#execute(plan);
        return { schema, rows: decodeLiterals(chunks, schema) };
      },
      arrowSchema: sparkSchemaOf,
    };
  }
}
