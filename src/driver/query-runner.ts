import type { CatalogResolver, CollectedRows } from "../analyzer/catalog-resolver.ts";
import {
  type AnalysisContext,
  type AnalyzedQuery,
  analyze,
  formatShowString,
  optimize,
  resolveReferences,
} from "../analyzer/index.ts";
import type { ResolvedRelation } from "../analyzer/resolved-relation.ts";
import { DirectoryLease } from "../catalog/directory-lease.ts";
import { rowsToArrow } from "../engine/arrow/build.ts";
import { appendColumns, selectColumns } from "../engine/arrow/columns.ts";
import { countRows, decodeColumns } from "../engine/arrow/decode.ts";
import { relabelArrow } from "../engine/arrow/relabel.ts";
import type { EngineResult, EngineTask, ScanInput, TaskEvent, TaskSink } from "../engine/engine-api.ts";
import { type LoweredScan, type LoweredStage, lowerQuery } from "../engine/lower/index.ts";
import { LakeletError } from "../errors/lakelet-error.ts";
import { withFamilies } from "../functions/registry.ts";
import type { PhysicalColumn } from "../lake/column-mapping.ts";
import type { Relation } from "../plan/relation.ts";
import type { ObservedMetrics, QueryResult } from "../session/backend.ts";
import {
  type DataType,
  field,
  STRING,
  type StructField,
  type StructType,
  struct,
} from "../types/data-type.ts";
import { randomUuid } from "../types/random-uuid.ts";
import { decodeLiterals } from "./literal-rows.ts";
import type { Operation } from "./operations.ts";
import { type NestedQueries, type PinnedTables, RelationResolver } from "./relation-resolver.ts";
import { analysisContext, type SessionState } from "./session-state.ts";

export interface PreparedQuery {
  readonly query: AnalyzedQuery;
  readonly context: AnalysisContext;
  readonly resolver: RelationResolver;
}

const SHOW_SCHEMA = struct([field("show_string", STRING, false)]);
const HTML_SCHEMA = struct([field("html_string", STRING, false)]);

/** Analyses, lowers and runs the queries of one session. */
export class QueryRunner {
  readonly #session: SessionState;
  readonly #commands: Pick<NestedQueries, "runCommand">;

  constructor(session: SessionState, commands: Pick<NestedQueries, "runCommand">) {
    this.#session = session;
    this.#commands = commands;
  }

  async prepare(plan: Relation, operation: Operation): Promise<PreparedQuery> {
    const { context, resolver } = this.surroundings(operation);
    const query = await withFamilies(async () => {
      const references = await resolveReferences(plan, resolver satisfies CatalogResolver, context);
      return analyze(plan, references, context);
    });
    return { query, context, resolver };
  }

  /** What a query or statement that starts now is analysed in. */
  surroundings(
    operation: Operation,
    pinned?: PinnedTables,
  ): { readonly context: AnalysisContext; readonly resolver: RelationResolver } {
    const resolver = new RelationResolver(
      this.#session,
      { collect: (inner) => this.collect(inner, operation), runCommand: (c) => this.#commands.runCommand(c) },
      operation,
      pinned,
    );
    return { context: analysisContext(this.#session), resolver };
  }

  /** Runs a query to its end. */
  async run(plan: Relation, operation: Operation): Promise<QueryResult> {
    const started = performance.now();
    operation.progress({ phase: "analyze" });
    const prepared = await this.prepare(plan, operation);
    const { query } = prepared;
    const result = await this.#runArrow(prepared, query.plan, query.schema, operation);
    const observed = await this.observe(prepared, operation);
    if (query.show !== undefined) {
      const columns = decodeColumns(result.chunks, query.schema) as readonly (readonly string[])[];
      const rows = Array.from({ length: result.rowCount }, (_, i) =>
        columns.map((column) => column[i] as string),
      );
      const text = formatShowString(query.show, rows);
      const schema = query.show.style === "html" ? HTML_SCHEMA : SHOW_SCHEMA;
      return {
        schema,
        chunks: [rowsToArrow([[text]], schema)],
        rowCount: 1,
        elapsedMs: performance.now() - started,
        observed,
      };
    }
    return {
      schema: query.schema,
      chunks: relabelArrow(result.chunks, query.schema, this.#session.conf.timeZone),
      rowCount: result.rowCount,
      elapsedMs: performance.now() - started,
      observed,
    };
  }

  /** Runs a query; hands on each batch as it comes. */
  async stream(
    plan: Relation,
    operation: Operation,
    onBatch: (data: Uint8Array, rowCount: number) => Promise<void>,
  ): Promise<StructType> {
    const result = await this.run(plan, operation);
    for (const chunk of result.chunks) {
      await onBatch(chunk, countRows([chunk]));
    }
    return result.schema;
  }

  /** A small query's rows as literals. */
  async collect(plan: Relation, operation: Operation): Promise<CollectedRows> {
    const prepared = await this.prepare(plan, operation);
    const { query } = prepared;
    const result = await this.#runArrow(prepared, query.plan, query.schema, operation);
    return { schema: query.schema, rows: decodeLiterals(result.chunks, query.schema) };
  }

  /** A small query's rows, of one that is prepared already. */
  async collectPrepared(prepared: PreparedQuery, operation: Operation): Promise<CollectedRows> {
    const { query } = prepared;
    const result = await this.#runArrow(prepared, query.plan, query.schema, operation);
    return { schema: query.schema, rows: decodeLiterals(result.chunks, query.schema) };
  }

  /** A prepared query's rows as Arrow, ready to be another query's input. */
  async arrowOf(
    prepared: PreparedQuery,
    operation: Operation,
  ): Promise<{ readonly chunks: readonly Uint8Array[]; readonly rowCount: number }> {
    const { plan, schema } = prepared.query;
    const { chunks, rowCount } = await this.#runArrow(prepared, plan, schema, operation);
    return { chunks: relabelArrow(chunks, schema, this.#session.conf.timeZone), rowCount };
  }

  /** Runs a prepared query into a sink: the rows of a write. */
  async runInto(
    prepared: PreparedQuery,
    query: AnalyzedQuery,
    sink: TaskSink,
    operation: Operation,
  ): Promise<EngineResult> {
    return this.#runStages(prepared, query.plan, query.schema, sink, operation);
  }

  /** Metrics of `df.observe`, as one row each. */
  async observe(prepared: PreparedQuery, operation: Operation): Promise<readonly ObservedMetrics[]> {
    const out: ObservedMetrics[] = [];
    for (const observation of prepared.query.observations) {
      const result = await this.#runArrow(prepared, observation.plan, observation.schema, operation);
      const [row = []] = decodeLiterals(result.chunks, observation.schema);
      out.push({
        name: observation.name,
        ...(observation.planId === undefined ? {} : { planId: observation.planId }),
        keys: observation.schema.fields.map((f) => f.name),
        values: observation.schema.fields.map((f, i) => ({
          kind: "Literal",
          dataType: f.dataType,
          value: row[i] ?? null,
        })),
      });
    }
    return out;
  }

  async #runArrow(prepared: PreparedQuery, plan: ResolvedRelation, schema: StructType, operation: Operation) {
    const maxBytes = Number(this.#session.conf.get("spark.lakelet.maxResultBytes"));
    const maxRowsPerBatch = Number(this.#session.conf.get("spark.sql.execution.arrow.maxRecordsPerBatch"));
    const sink: TaskSink = { kind: "arrow", maxBytes, maxRowsPerBatch };
    const result = await this.#runStages(prepared, plan, schema, sink, operation);
    if (result.kind !== "arrow") throw new LakeletError("internal", "an engine answered a query with files");
    return result;
  }

  /** Tables are held while they are read: whoever would collect their old files waits. */
  async #runStages(
    prepared: PreparedQuery,
    plan: ResolvedRelation,
    schema: StructType,
    sink: TaskSink,
    operation: Operation,
  ): Promise<EngineResult> {
    const run = () => this.#runHeldStages(prepared, plan, schema, sink, operation);
    const directories = [...prepared.resolver.deltaDirectories];
    if (directories.length === 0) return run();
    const { storage } = await this.#session.warehouse();
    const leases = await Promise.all(
      // A folder that only can be read has no locks, and nobody collects in it.
      directories.map((directory) => DirectoryLease.take(storage, directory).catch(() => undefined)),
    );
    try {
      return await run();
    } finally {
      await Promise.all(leases.map((lease) => lease?.release()));
    }
  }

  async #runHeldStages(
    prepared: PreparedQuery,
    plan: ResolvedRelation,
    schema: StructType,
    sink: TaskSink,
    operation: Operation,
  ): Promise<EngineResult> {
    const { conf } = this.#session;
    const options = {
      timeZone: conf.timeZone,
      ansiEnabled: conf.flag("spark.sql.ansi.enabled"),
      shufflePartitions: Number(conf.get("spark.sql.shuffle.partitions")),
      caseSensitive: conf.flag("spark.sql.caseSensitive"),
      parallelism: Number(conf.get("spark.sql.leafNodeDefaultParallelism")),
    };
    const lowered = await withFamilies(() => lowerQuery(optimize(plan), schema, options));
    let carried: ScanInput | undefined;
    let last: EngineResult | undefined;
    for (const [index, stage] of lowered.stages.entries()) {
      const isLast = index === lowered.stages.length - 1;
      const inputs = await this.#inputs(stage, prepared.resolver);
      const task: EngineTask = {
        id: `${operation.id}/${index}/${randomUuid()}`,
        inputs: carried === undefined ? inputs : [carried, ...inputs],
        setup: stage.setup,
        sql: stage.sql,
        cleanup: stage.cleanup,
        kernels: stage.kernels,
        output: stage.output,
        sink: isLast ? sink : { kind: "arrow" },
      };
      last = await this.#session.driver.engines.run(task, {
        signal: operation.signal,
        onEvent: (event) => forwardProgress(event, operation),
      });
      carried = stage.userFunctions === undefined ? undefined : await this.#callFunctions(stage, last);
    }
    if (last === undefined) throw new LakeletError("internal", "the query was lowered to no stage");
    return last;
  }

  async #inputs(stage: LoweredStage, resolver: RelationResolver): Promise<readonly ScanInput[]> {
    const scans = await Promise.all(stage.scans.map((scan) => this.#scanInput(scan, resolver)));
    return [...stage.inputs, ...scans];
  }

  async #scanInput(scan: LoweredScan, resolver: RelationResolver): Promise<ScanInput> {
    const { source, columns, name } = scan;
    const files = await resolver.filesOf(source, scan.predicate);
    if (source.format === "delta" || source.format === "parquet") {
      return {
        kind: "parquet",
        name,
        files,
        columns:
          source.physicalNames === undefined
            ? columns
            : columns.map((c) => physical(c, source.physicalNames)),
        caseSensitive: source.format === "parquet" && this.#session.conf.flag("spark.sql.caseSensitive"),
      };
    }
    return {
      kind: source.format,
      name,
      files,
      schema: source.schema,
      columns,
      options: source.options,
      timeZone: this.#session.conf.timeZone,
    };
  }

  async #callFunctions(stage: LoweredStage, result: EngineResult): Promise<ScanInput> {
    const functions = stage.userFunctions;
    if (functions === undefined || result.kind !== "arrow") {
      throw new LakeletError("internal", "a stage without user functions was taken for one with them");
    }
    const batches = await Promise.all(
      result.chunks.map(async (chunk) => {
        const results = await Promise.all(
          functions.calls.map((call) => {
            const run = this.#session.functions.get(call.id);
            if (run === undefined) {
              throw new LakeletError("internal", `the function ${call.id} is not registered in this session`);
            }
            // Named and typed as Spark has them: what the engine returns is numbered and in UTC.
            const schema = struct(call.args.map((i) => stage.output.fields[i] as StructField));
            const [args] = relabelArrow(
              [selectColumns(chunk, call.args)],
              schema,
              this.#session.conf.timeZone,
            );
            return run(args as Uint8Array);
          }),
        );
        return appendColumns(chunk, results);
      }),
    );
    return { kind: "arrow", name: functions.inputName, data: batches, columns: functions.columns };
  }
}

function physical<C extends { readonly name: string; readonly source?: string; readonly type: DataType }>(
  column: C,
  names: Readonly<Record<string, PhysicalColumn>> | undefined,
): C {
  const own = names?.[column.name];
  return own === undefined || (column.source ?? "data") !== "data"
    ? column
    : { ...column, name: own.name, fieldId: own.id, ...(own.type === undefined ? {} : { type: own.type }) };
}

function forwardProgress(event: TaskEvent, operation: Operation): void {
  if (event.kind !== "progress") return;
  operation.progress({
    phase: event.phase,
    ...(event.fraction === undefined ? {} : { fraction: event.fraction }),
    ...(event.rows === undefined ? {} : { rows: event.rows }),
  });
}
