import { PySparkRuntimeError, PySparkTypeError, unsupported } from "../errors/spark-error.ts";
import type { Expression } from "../plan/expression.ts";
import type { Relation, Sql } from "../plan/relation.ts";
import { randomUuid } from "../types/random-uuid.ts";
import { cannotBeEmpty, expectInteger, expectString, notExpectedType } from "./argument-errors.ts";
import type { SessionBackend } from "./backend.ts";
import { Catalog } from "./catalog.ts";
import { Column, toColumn } from "./column.ts";
import { expressionText } from "./column-text.ts";
import { DataFrame } from "./data-frame.ts";
import { type Attachments, INTERNAL, mergeAttachments, NO_ATTACHMENTS, nextPlanId } from "./internal.ts";
import { LakeletExtensions } from "./lakelet-extensions.ts";
import type { LiteralInput } from "./literal.ts";
import { type LocalData, type LocalSchema, localData } from "./local-data.ts";
import { DataFrameReader } from "./reader.ts";
import { buildRelation, deferredRelation } from "./relation-builder.ts";
import { RuntimeConfig } from "./runtime-config.ts";
import { SessionBuilder } from "./session-builder.ts";
import { type ProgressHandler, type SessionEnvironment, SessionRuntime } from "./session-runtime.ts";
import { isPlainQuery } from "./sql-text.ts";
import { TableValuedFunction } from "./table-valued-function.ts";
import type { StructType } from "./types/index.ts";
import { UDFRegistration, UDTFRegistration } from "./udf-registration.ts";

/** What a session is made of. */
export interface SessionParts {
  readonly backend: Promise<SessionBackend>;
  readonly conf?: Readonly<Record<string, string>>;
  readonly environment?: SessionEnvironment;
}

/** What stands for `{name}` in a SQL text. */
export type SqlPart = DataFrame | LiteralInput;

let activeSession: SparkSession | null = null;

/**
 * Where a program begins: it makes DataFrames, runs SQL, and knows settings, catalog and functions. A realm has one active
 * session; `newSession` makes further ones over the same tables.
 *
 * @example
 * ```ts
 * import { SparkSession } from "lakelet";
 * const spark = SparkSession.builder.appName("demo").getOrCreate();
 * await spark.sql("SELECT 1 AS one").show();
 * await spark.stop();
 * ```
 */
export class SparkSession {
  /** @internal */
  readonly [INTERNAL]: SessionRuntime;
  /** The settings of the session. */
  readonly conf: RuntimeConfig;
  /** Databases, tables, views and functions. */
  readonly catalog: Catalog;
  /** Functions of one's own for SQL. */
  readonly udf: UDFRegistration;
  /** Table functions of one's own, which Lakelet has not. */
  readonly udtf: UDTFRegistration = new UDTFRegistration();
  /** What Lakelet has and Spark has not. */
  readonly lakelet: LakeletExtensions;
  readonly #parts: SessionParts;
  #isStopped = false;

  /** Use `SparkSession.builder`. @internal */
  constructor(parts: SessionParts) {
    this.#parts = parts;
    const runtime = new SessionRuntime(parts.backend, parts.environment);
    this[INTERNAL] = runtime;
    this.conf = new RuntimeConfig(runtime);
    this.catalog = new Catalog(this);
    this.udf = new UDFRegistration(runtime);
    this.lakelet = new LakeletExtensions(this);
    if (SparkSession.getActiveSession() === null) activeSession = this;
  }

  // --- sessions

  /** Makes a session, or finds the active one. */
  static get builder(): SessionBuilder {
    return new SessionBuilder();
  }

  /** The class of `builder`. */
  static get Builder(): typeof SessionBuilder {
    return SessionBuilder;
  }

  /** The active session of this realm, or null. */
  static getActiveSession(): SparkSession | null {
    return activeSession !== null && !activeSession.is_stopped ? activeSession : null;
  }

  /** The active session of this realm. Throws NO_ACTIVE_OR_DEFAULT_SESSION. */
  static active(): SparkSession {
    const session = SparkSession.getActiveSession();
    if (session === null) throw new PySparkRuntimeError({ condition: "NO_ACTIVE_OR_DEFAULT_SESSION" });
    return session;
  }

  /** A session of its own over the same tables and engines: other settings, temporary views and functions. */
  newSession(): SparkSession {
    const { conf = {}, environment = {} } = this.#parts;
    const backend = this[INTERNAL].backend.then((b) => b.newSession({ conf }));
    return new SparkSession({ backend, conf, environment });
  }

  /** Ends the session, and the workers behind it when it is the last. Later calls fail. */
  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    if (activeSession === this) activeSession = null;
    const backend = await this[INTERNAL].backend.catch(() => undefined);
    await backend?.stop();
  }

  get is_stopped(): boolean {
    return this.#isStopped;
  }

  /** `await using spark = ...` stops the session at the end of the block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** The version of Spark whose answers are given. */
  get version(): Promise<string> {
    return this[INTERNAL].ask((backend) => backend.version());
  }

  // --- DataFrames

  /**
   * A DataFrame of given rows: objects or Rows by name, arrays by position, single values, a table or bytes of Arrow.
   * `schema` is a StructType, DDL, or names; without it names and types are found out. A number column is long if all
   * its values are whole, else double; Date is timestamp, LocalDate date, Decimal decimal(38,18), bigint long, an array
   * an array, a Map a map, a plain object a struct.
   *
   * Throws CANNOT_INFER_EMPTY_SCHEMA for no rows, CANNOT_DETERMINE_TYPE for a column of nulls, CANNOT_MERGE_TYPE for
   * values that do not go together, FIELD_DATA_TYPE_UNACCEPTABLE_WITH_NAME and FIELD_NOT_NULLABLE_WITH_NAME for values
   * that are not of the schema.
   *
   * @example
   * ```ts
   * const a = spark.createDataFrame([{ name: "Alice", age: 30 }]);
   * const b = spark.createDataFrame([[1, "x"], [2, "y"]], ["id", "label"]);
   * const c = spark.createDataFrame([[1, "x"]], "id INT NOT NULL, label STRING");
   * ```
   */
  createDataFrame(data: LocalData, schema?: LocalSchema): DataFrame {
    if (data instanceof DataFrame) {
      throw new PySparkTypeError({
        condition: "INVALID_TYPE",
        messageParameters: { arg_name: "data", arg_type: "DataFrame" },
      });
    }
    const { relation, columnNames } = localData(data, schema);
    const built =
      relation instanceof Promise ? deferredRelation(async () => relation) : buildRelation(relation);
    const df = new DataFrame({ session: this, ...built });
    return columnNames === undefined ? df : df.toDF(columnNames);
  }

  /** A DataFrame without rows. */
  emptyDataFrame(schema: StructType | string): DataFrame {
    return this.createDataFrame([], schema);
  }

  /** The longs from `start` (0 by default) to below `end`, in a column `id`. */
  range(
    start: number | bigint,
    end?: number | bigint,
    step: number | bigint = 1,
    numPartitions?: number,
  ): DataFrame {
    for (const bound of [start, end ?? 0, step]) if (typeof bound !== "bigint") expectInteger("range", bound);
    return this.#frame({
      kind: "Range",
      start: end === undefined ? 0 : start,
      end: end === undefined ? start : end,
      step,
      ...(numPartitions === undefined ? {} : { numPartitions }),
    });
  }

  /** The rows of a table or view. It is looked up when an action runs. */
  table(tableName: string): DataFrame {
    return this.read.table(tableName);
  }

  /** Reads files. */
  get read(): DataFrameReader {
    return new DataFrameReader(this);
  }

  /** Functions that give tables. */
  get tvf(): TableValuedFunction {
    return new TableValuedFunction(this);
  }

  /**
   * Runs SQL. A query runs when an action asks for its rows. Anything else (CREATE, INSERT, SET, SHOW, ...) starts at
   * once, in order with the session's other commands; whatever comes later waits for it, and an error comes up there.
   * `args` are values for `?` (an array) or `:name` (an object); `parts` are DataFrames, Columns and values for `{name}`.
   *
   * @example
   * ```ts
   * spark.sql("CREATE DATABASE IF NOT EXISTS sales");
   * await spark.sql("SELECT * FROM {people} WHERE age > :age", { age: 18 }, { people: df }).show();
   * ```
   */
  sql(
    sqlQuery: string,
    args?: readonly LiteralInput[] | Readonly<Record<string, LiteralInput>>,
    parts?: Readonly<Record<string, SqlPart>>,
  ): DataFrame {
    expectString("sqlQuery", sqlQuery);
    if (args !== undefined && (typeof args !== "object" || args === null)) {
      throw new PySparkTypeError({
        condition: "INVALID_TYPE",
        messageParameters: { arg_name: "args", arg_type: typeof args },
      });
    }
    const { query, attachments } = sqlRelation(sqlQuery, args ?? {}, parts ?? {});
    const runtime = this[INTERNAL];
    if (isPlainQuery(sqlQuery)) return new DataFrame({ session: this, plan: query, attachments });
    const relationId = randomUuid();
    const outcome = runtime.enqueueSql(query as Sql, relationId, attachments);
    const plan: Relation = { kind: "CachedRemoteRelation", relationId, planId: nextPlanId() };
    const holder = { kind: "prerequisite", ready: async () => outcome } as const;
    runtime.releaseWith(holder, relationId);
    return new DataFrame({ session: this, plan, attachments: [holder] });
  }

  // --- tags, progress, interruption

  /** A tag for the operations that begin from now on. It is not empty and has no comma. */
  addTag(tag: string): void {
    checkTag(tag);
    this[INTERNAL].tags.add(tag);
  }
  removeTag(tag: string): void {
    checkTag(tag);
    this[INTERNAL].tags.delete(tag);
  }
  getTags(): Set<string> {
    return new Set(this[INTERNAL].tags);
  }
  clearTags(): void {
    this[INTERNAL].tags.clear();
  }

  /** Ends all operations of the session; their ids. */
  interruptAll(): Promise<string[]> {
    return this.#interrupt({ all: true });
  }
  /** Ends the operations with a tag; their ids. */
  interruptTag(tag: string): Promise<string[]> {
    return this.#interrupt({ tag });
  }
  /** Ends one operation; its id, if it was running. */
  interruptOperation(operationId: string): Promise<string[]> {
    return this.#interrupt({ operationId });
  }

  // It must not wait for the queue: what is to be ended may be what the queue waits for.
  async #interrupt(what: Parameters<SessionBackend["interrupt"]>[0]): Promise<string[]> {
    return [...(await (await this[INTERNAL].backend).interrupt(what))];
  }

  /** Calls a function with the progress of operations that begin from now on. */
  registerProgressHandler(handler: ProgressHandler): void {
    this[INTERNAL].progressHandlers.add(handler);
  }
  removeProgressHandler(handler: ProgressHandler): void {
    this[INTERNAL].progressHandlers.delete(handler);
  }
  clearProgressHandlers(): void {
    this[INTERNAL].progressHandlers.clear();
  }

  // --- what Lakelet leaves out

  /** Streaming is not supported. Throws UNSUPPORTED_FEATURE. */
  get readStream(): never {
    throw unsupported("SparkSession.readStream");
  }
  /** Streaming is not supported. Throws UNSUPPORTED_FEATURE. */
  get streams(): never {
    throw unsupported("SparkSession.streams");
  }
  /** There are no RDDs. Throws UNSUPPORTED_FEATURE. */
  get sparkContext(): never {
    throw unsupported("SparkSession.sparkContext");
  }
  /** Throws UNSUPPORTED_FEATURE. */
  get client(): never {
    throw unsupported("SparkSession.client");
  }
  /** Data sources of one's own are not supported. Throws UNSUPPORTED_FEATURE. */
  get dataSource(): never {
    throw unsupported("SparkSession.dataSource");
  }
  /** Throws UNSUPPORTED_FEATURE. */
  get profile(): never {
    throw unsupported("SparkSession.profile");
  }
  /** Throws UNSUPPORTED_FEATURE. */
  addArtifact(..._path: readonly string[]): never {
    throw unsupported("SparkSession.addArtifact");
  }
  /** Throws UNSUPPORTED_FEATURE. */
  addArtifacts(..._path: readonly string[]): never {
    throw unsupported("SparkSession.addArtifacts");
  }
  /** Throws UNSUPPORTED_FEATURE. */
  copyFromLocalToFs(_localPath: string, _destPath: string): never {
    throw unsupported("SparkSession.copyFromLocalToFs");
  }

  #frame(node: Parameters<typeof buildRelation>[0]): DataFrame {
    return new DataFrame({ session: this, ...buildRelation(node) });
  }
}

function checkTag(tag: string): void {
  expectString("tag", tag);
  if (tag === "") throw cannotBeEmpty("character of a tag");
  if (tag.includes(",")) throw notExpectedType("tag", "string without a comma", tag);
}

/** A SQL text as a relation, its arguments as literals, its parts as text or as views for this text alone. */
function sqlRelation(
  text: string,
  args: readonly LiteralInput[] | Readonly<Record<string, LiteralInput>>,
  parts: Readonly<Record<string, SqlPart>>,
): { readonly query: Relation; readonly attachments: Attachments } {
  const views: Relation[] = [];
  const needed: Attachments[] = [];
  const query = text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const part = parts[name];
    if (!(name in parts)) return whole;
    if (part instanceof DataFrame) {
      const alias = `_lakelet_view_${randomUuid().replaceAll("-", "")}`;
      const { plan, attachments } = part[INTERNAL];
      views.push({ kind: "SubqueryAlias", input: plan, alias, planId: nextPlanId() });
      needed.push(attachments);
      return alias;
    }
    return partText(part as LiteralInput);
  });
  const expressions = (values: readonly LiteralInput[]): Expression[] =>
    values.map((value) => {
      const { expression, attachments } = toColumn(value)[INTERNAL];
      needed.push(attachments);
      return expression;
    });
  const root: Sql = {
    kind: "SQL",
    query,
    planId: nextPlanId(),
    ...(Array.isArray(args)
      ? args.length === 0
        ? {}
        : { posArguments: expressions(args) }
      : Object.keys(args).length === 0
        ? {}
        : {
            namedArguments: Object.fromEntries(
              named(args as Readonly<Record<string, LiteralInput>>, expressions),
            ),
          }),
  };
  const attachments = needed.length === 0 ? NO_ATTACHMENTS : mergeAttachments(...needed);
  if (views.length === 0) return { query: root, attachments };
  return { query: { kind: "WithRelations", root, references: views, planId: nextPlanId() }, attachments };
}

function named(
  args: Readonly<Record<string, LiteralInput>>,
  expressions: (values: readonly LiteralInput[]) => Expression[],
): [string, Expression][] {
  const values = expressions(Object.values(args));
  return Object.keys(args).map((name, i) => [name, values[i] as Expression]);
}

/** A Column or a value as SQL text: text in quotes, the rest as PySpark prints it. */
function partText(part: LiteralInput): string {
  if (part instanceof Column) return expressionText(part[INTERNAL].expression);
  if (typeof part === "string") return `'${part.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  return expressionText(toColumn(part)[INTERNAL].expression);
}
