import { analysisError, PySparkException, unsupported } from "../errors/spark-error.ts";
import type { Expr } from "../functions/expr.ts";
import type { Expression, LiteralValue } from "../plan/expression.ts";
import { isRelation } from "../plan/kinds.ts";
import type {
  CachedLocalRelation,
  LocalRelation,
  Parse,
  ReadDataSource,
  ReadTable,
  Relation,
  Sql,
} from "../plan/relation.ts";
import { foreachNode, type PlanNode } from "../plan/traverse.ts";
import {
  type ParseOptions,
  parseDataType,
  parseExpression,
  parseMultipartIdentifier,
  parseOptionsFromConf,
  parseStatement,
  parseTableSchema,
} from "../sql/parse.ts";
import type { DataType, StructType } from "../types/data-type.ts";
import { quotedSqlType } from "../types/format.ts";
import { fromJson, structFromJson } from "../types/json.ts";
import type { AnalysisContext } from "./analyzed-query.ts";
import type {
  CatalogResolver,
  CollectedRows,
  FoundPlan,
  FoundRelation,
  FoundRows,
  FoundTable,
  FoundView,
  RelationLookup,
  SessionVariable,
  UserFunction,
} from "./catalog-resolver.ts";
import { probesFor } from "./probes.ts";

/** Where a name is looked up: the session, or a view with its own current database. */
export interface NameContext {
  readonly currentDatabase: string;
  readonly isInView: boolean;
}

/** Answers to everything that a plan asks of the world around it. */
export class ReferenceTable {
  readonly #context: AnalysisContext;
  readonly #options: ParseOptions;
  readonly relations = new Map<string, FoundRelation | undefined>();
  readonly files = new Map<ReadDataSource | Parse, FoundTable>();
  readonly remote = new Map<string, FoundPlan | FoundRows | undefined>();
  readonly local = new Map<CachedLocalRelation, LocalRelation>();
  readonly arrowSchemas = new Map<Uint8Array, StructType>();
  readonly commands = new Map<object, FoundPlan | FoundRows>();
  readonly collected = new Map<object, CollectedRows>();
  readonly constants = new Map<object, LiteralValue>();
  readonly variables = new Map<string, SessionVariable | undefined>();
  readonly functions = new Map<string, UserFunction | undefined>();
  readonly #parsedSql = new Map<Sql, Relation>();
  readonly #parsedViews = new Map<FoundView, Relation>();
  readonly #parsedExpressions = new Map<string, Expression>();
  /** Errors met while looking, to be raised when analysis comes to the place. */
  readonly failures = new Map<object, unknown>();

  constructor(context: AnalysisContext) {
    this.#context = context;
    this.#options = {
      ...parseOptionsFromConf(context.conf.get),
      sessionTimeZone: context.conf.timeZone,
      nowMicros: context.queryTimeMicros,
    };
  }

  /** The query that a SQL relation's text is; `parsedCommand` when it is none. */
  parsedSql(e: Sql): Relation {
    let parsed = this.#parsedSql.get(e);
    if (parsed === undefined) {
      const statement = parseStatement(e.query, {
        ...this.#options,
        ...(e.namedArguments === undefined ? {} : { namedParameters: e.namedArguments }),
        ...(e.posArguments === undefined ? {} : { positionalParameters: e.posArguments }),
      });
      parsed = isRelation(statement) ? statement : { kind: "CommandRelation", command: statement };
      this.#parsedSql.set(e, parsed);
    }
    return parsed;
  }

  parsedView(view: FoundView): Relation {
    let parsed = this.#parsedViews.get(view);
    if (parsed === undefined) {
      if (this.#context.conf.get("spark.sql.legacy.parseQueryWithoutEof")?.toLowerCase() === "true")
        throw unsupported("views with spark.sql.legacy.parseQueryWithoutEof");
      const objectName = view.identifier.join(".");
      const own = view.settings;
      const options =
        own === undefined ? this.#options : { ...this.#options, ...parseOptionsFromConf((key) => own[key]) };
      const statement = parseStatement(view.text, { ...options, objectType: "VIEW", objectName });
      parsed = isRelation(statement) ? statement : { kind: "CommandRelation", command: statement };
      this.#parsedViews.set(view, parsed);
    }
    return parsed;
  }

  parsedExpression(text: string): Expression {
    let parsed = this.#parsedExpressions.get(text);
    if (parsed === undefined) {
      parsed = parseExpression(text, this.#options);
      this.#parsedExpressions.set(text, parsed);
    }
    return parsed;
  }

  parsedType(text: string): DataType {
    return parseDataType(text, this.#options);
  }

  parsedSchema(text: string): StructType {
    return text.trimStart().startsWith("{")
      ? structFromJson(JSON.parse(text))
      : parseTableSchema(text, this.#options);
  }

  /** A type or a list of columns in DDL, or a type in JSON, as functions take a schema. */
  parsedSchemaType(text: string): DataType {
    try {
      return parseTableSchema(text, this.#options);
    } catch {
      try {
        return parseDataType(text, this.#options);
      } catch (error) {
        try {
          return fromJson(JSON.parse(text));
        } catch {
          throw error;
        }
      }
    }
  }

  parsedIdentifier(text: string): readonly string[] {
    return parseMultipartIdentifier(text, this.#options);
  }

  relation(e: ReadTable, names: NameContext): FoundRelation | undefined {
    this.#raise(e);
    return this.relations.get(relationKey(this.tableParts(e), e, names));
  }

  /** The parts of a table's name; from `IDENTIFIER(...)` when its value is known. */
  tableParts(e: ReadTable): readonly string[] {
    if (e.identifierClause !== undefined) {
      const value = this.constant(e.identifierClause);
      if (typeof value === "string") return this.parsedIdentifier(value);
    }
    return e.nameParts ?? this.parsedIdentifier(e.unparsedIdentifier);
  }

  filesOf(e: ReadDataSource | Parse): FoundTable {
    this.#raise(e);
    return this.files.get(e) as FoundTable;
  }

  commandOf(e: Relation): FoundPlan | FoundRows {
    this.#raise(e);
    return this.commands.get(e) as FoundPlan | FoundRows;
  }

  rowsOf(e: object): CollectedRows {
    this.#raise(e);
    return this.collected.get(e) as CollectedRows;
  }

  #raise(e: object): void {
    if (this.failures.has(e)) throw this.failures.get(e);
  }

  /** The value of an expression that had to be known before analysis. */
  constant(e: Expression | Expr): LiteralValue | undefined {
    if (e.kind === "Literal") return e.value;
    return this.constants.get(e);
  }

  variable(parts: readonly string[]): SessionVariable | undefined {
    return this.variables.get(nameKey(parts));
  }

  userFunction(parts: readonly string[], names: NameContext): UserFunction | undefined {
    return this.functions.get(functionKey(parts, names));
  }

  get context(): AnalysisContext {
    return this.#context;
  }
}

export function nameKey(parts: readonly string[]): string {
  return JSON.stringify(parts.map((p) => p.toLowerCase()));
}

function functionKey(parts: readonly string[], names: NameContext): string {
  return `${names.isInView ? `view ${names.currentDatabase}` : "session"} ${nameKey(parts)}`;
}

function relationKey(parts: readonly string[], e: ReadTable, names: NameContext): string {
  const travel = JSON.stringify([e.version ?? null, e.timestamp ?? null, e.options], (key, value) =>
    key === "origin" ? undefined : typeof value === "bigint" ? `${value}` : value,
  );
  return `${names.isInView ? `view ${names.currentDatabase}` : "session"} ${JSON.stringify(parts)} ${travel}`;
}

/** A plan whose references are to be found, in the context of a session or a view. */
interface Task {
  readonly plan: Relation;
  readonly names: NameContext;
}

/** First pass: asks for everything that the plan names, until nothing is open. */
export async function resolveReferences(
  plan: Relation,
  resolver: CatalogResolver,
  context: AnalysisContext,
): Promise<ReferenceTable> {
  const table = new ReferenceTable(context);
  const collector = new Collector(table, resolver, context);
  await collector.run({ plan, names: { currentDatabase: context.currentDatabase, isInView: false } });
  return table;
}

class Collector {
  readonly #table: ReferenceTable;
  readonly #resolver: CatalogResolver;
  readonly #context: AnalysisContext;
  readonly #seen = new Set<string>();
  readonly #visited = new Map<string, WeakSet<object>>();
  #open: Promise<void>[] = [];

  constructor(table: ReferenceTable, resolver: CatalogResolver, context: AnalysisContext) {
    this.#table = table;
    this.#resolver = resolver;
    this.#context = context;
  }

  async run(task: Task): Promise<void> {
    this.#visit(task);
    while (this.#open.length > 0) {
      const batch = this.#open;
      this.#open = [];
      await Promise.all(batch);
    }
  }

  #visit({ plan, names }: Task): void {
    const key = `${names.isInView} ${names.currentDatabase}`;
    let visited = this.#visited.get(key);
    if (visited === undefined) this.#visited.set(key, (visited = new WeakSet()));
    if (visited.has(plan)) return;
    visited.add(plan);
    foreachNode(plan, (node) => this.#node(node, names));
  }

  #node(node: PlanNode, names: NameContext): void {
    switch (node.kind) {
      case "SQL":
        this.#visit({ plan: this.#table.parsedSql(node), names });
        break;
      case "ExpressionString":
        this.#expressionText(node.expression, names);
        break;
      case "ReadTable":
        this.#readTable(node, names);
        break;
      case "ReadDataSource":
        this.#ask(node, async () => {
          this.#table.files.set(node, await this.#resolver.resolveFiles(node));
        });
        break;
      case "Parse":
        this.#ask(node, async () => {
          this.#table.files.set(node, await this.#texts(node));
        });
        break;
      case "CachedRemoteRelation":
        this.#once(`remote ${node.relationId}`, async () => {
          const found = await this.#resolver.resolveCachedRemote(node.relationId);
          this.#table.remote.set(node.relationId, found);
          if (found?.kind === "plan") this.#visit({ plan: found.plan, names });
        });
        break;
      case "CachedLocalRelation":
        this.#ask(node, async () => {
          const local = await this.#resolver.resolveCachedLocal(node.dataHashes, node.schemaHash);
          this.#table.local.set(node, local);
          this.#local(local);
        });
        break;
      case "LocalRelation":
        this.#local(node);
        break;
      case "CommandRelation":
      case "CatalogRelation":
        this.#ask(node, async () => {
          const found = await this.#resolver.runCommand(
            node.kind === "CommandRelation" ? node.command : ({ kind: "SqlCommand", input: node } as never),
          );
          this.#table.commands.set(node, found);
          if (found.kind === "plan") this.#visit({ plan: found.plan, names });
        });
        break;
      case "UnresolvedAttribute":
        this.#variable(node.nameParts ?? [node.unparsedIdentifier]);
        break;
      case "UnresolvedFunction":
      case "CallFunction":
        this.#function(
          "nameParts" in node && node.nameParts !== undefined ? node.nameParts : [node.functionName],
          names,
        );
        break;
      case "UnresolvedTableValuedFunction":
        this.#function(node.nameParts ?? [node.functionName], names);
        break;
    }
    for (const constant of constantsOf(node)) this.#constant(constant);
    const probe = probesFor(node, this.#context);
    if (probe !== undefined) {
      this.#ask(node, async () => {
        this.#table.collected.set(node, await this.#resolver.collect(probe));
      });
    }
  }

  #expressionText(text: string, names: NameContext): void {
    let parsed: Expression;
    try {
      parsed = this.#table.parsedExpression(text);
    } catch {
      // Raised again, in its turn, by the analysis itself.
      return;
    }
    foreachNode(parsed, (inner) => this.#node(inner, names));
  }

  #readTable(node: ReadTable, names: NameContext): void {
    this.#ask(node, async () => {
      if (node.identifierClause !== undefined && node.identifierClause.kind !== "Literal") {
        await this.#evaluate(node.identifierClause);
        if (!this.#table.constants.has(node.identifierClause)) return;
      }
      const parts = this.#table.tableParts(node);
      const key = relationKey(parts, node, names);
      if (this.#seen.has(key)) return;
      this.#seen.add(key);
      const found = await this.#resolver.resolveRelation(parts, await this.#lookup(node, names));
      this.#table.relations.set(key, found);
      if (found?.kind === "plan") this.#visit({ plan: found.plan, names: { ...names, isInView: false } });
      if (found?.kind === "view") {
        this.#visit({
          plan: this.#table.parsedView(found),
          names: { currentDatabase: found.currentDatabase, isInView: true },
        });
      }
    });
  }

  async #lookup(node: ReadTable, names: NameContext): Promise<RelationLookup> {
    const base = {
      currentDatabase: names.currentDatabase,
      skipTemporaryViews: names.isInView,
      options: node.options,
    };
    if (node.version !== undefined) {
      const version =
        node.version.kind === "Literal" ? node.version.value : await this.#evaluate(node.version);
      return { ...base, version: `${version}` };
    }
    if (node.timestamp !== undefined) {
      const micros = await this.#evaluate({
        kind: "Cast",
        expr: node.timestamp,
        type: { kind: "timestamp" },
      });
      if (typeof micros === "bigint" || typeof micros === "number")
        return { ...base, timestampMicros: BigInt(micros) };
    }
    return base;
  }

  #constant(e: Expression): void {
    if (e.kind === "Literal") return;
    this.#ask(e, async () => {
      await this.#evaluate(e);
    });
  }

  /** Runs a query of one row for an expression without columns. */
  async #evaluate(e: Expression): Promise<LiteralValue | undefined> {
    if (e.kind === "Literal") return e.value;
    try {
      const { rows } = await this.#resolver.collect({
        kind: "Project",
        expressions: [{ kind: "Alias", expr: e, name: ["value"] }],
      });
      const value = rows[0]?.[0] ?? null;
      this.#table.constants.set(e, value);
      return value;
    } catch (error) {
      // It may not be constant at all; the analysis says so in its own words.
      if (error instanceof PySparkException) return undefined;
      throw error;
    }
  }

  #local(node: LocalRelation): void {
    if (node.data === undefined || this.#table.arrowSchemas.has(node.data)) return;
    this.#table.arrowSchemas.set(node.data, this.#resolver.arrowSchema(node.data));
  }

  #variable(parts: readonly string[]): void {
    const resolver = this.#resolver;
    if (resolver.resolveVariable === undefined) return;
    // What follows a variable's name are fields of its value.
    for (let used = Math.min(3, parts.length); used > 0; used--) {
      const name = parts.slice(0, used);
      this.#once(`variable ${nameKey(name)}`, async () => {
        this.#table.variables.set(nameKey(name), await resolver.resolveVariable?.(name));
      });
    }
  }

  #function(parts: readonly string[], names: NameContext): void {
    const resolver = this.#resolver;
    if (resolver.resolveFunction === undefined) return;
    const key = functionKey(parts, names);
    this.#once(`function ${key}`, async () => {
      const found = await resolver.resolveFunction?.(parts, {
        currentDatabase: names.currentDatabase,
        skipTemporary: names.isInView,
      });
      this.#table.functions.set(key, found);
      if (found === undefined) return;
      for (const p of found.parameters) {
        if (p.default !== undefined) foreachNode(p.default, (inner) => this.#node(inner, names));
      }
      const inside: NameContext =
        found.isPersistent === true ? { currentDatabase: found.currentDatabase, isInView: true } : names;
      if (found.body.kind === "query") this.#visit({ plan: found.body.query, names: inside });
      else if (found.body.kind === "expression") {
        foreachNode(found.body.expression, (inner) => this.#node(inner, inside));
      }
    });
  }

  #once(key: string, ask: () => Promise<void>): void {
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#open.push(ask());
  }

  /** A DataFrame of strings as records: its rows are needed now, as a file's would be. */
  async #texts(parse: Parse): Promise<FoundTable> {
    if (this.#resolver.resolveTexts === undefined)
      throw unsupported(`reading ${parse.format} from a DataFrame`);
    const { schema, rows } = await this.#resolver.collect(parse.input);
    const [field] = schema.fields;
    if (field === undefined || schema.fields.length > 1) {
      throw analysisError("DATAFRAME_INPUT_NOT_SINGLE_COLUMN", { numColumns: `${schema.fields.length}` });
    }
    if (field.dataType.kind !== "string") {
      throw analysisError("DATAFRAME_INPUT_NOT_STRING_TYPE", { dataType: quotedSqlType(field.dataType) });
    }
    return this.#resolver.resolveTexts(
      parse,
      rows.map(([text]) => text as string | null),
    );
  }

  /** Asks for a node; what fails is raised when the analysis comes to it. */
  #ask(node: object, ask: () => Promise<void>): void {
    this.#open.push(
      ask().catch((error: unknown) => {
        if (!(error instanceof PySparkException)) throw error;
        this.#table.failures.set(node, error);
      }),
    );
  }
}

/** Expressions of a node that must be known before the plan is analysed. */
function constantsOf(node: PlanNode): readonly Expression[] {
  switch (node.kind) {
    case "Limit":
      return typeof node.limit === "number" ? [] : [node.limit];
    case "Offset":
      return typeof node.offset === "number" ? [] : [node.offset];
    case "IdentifierClause":
      return [node.expression];
    case "UnresolvedFunction": {
      const schema = /^from_(json|csv|xml)$/i.test(node.functionName) ? node.arguments[1] : undefined;
      return schema === undefined ? [] : [schema];
    }
    case "UnresolvedTableValuedFunction":
      return node.functionName.toLowerCase() === "range"
        ? node.arguments.map((a) => (a.kind === "NamedArgument" ? a.value : a))
        : [];
    case "TableSample":
      return node.method.kind === "percent"
        ? [node.method.percent]
        : node.method.kind === "rows"
          ? [node.method.rows]
          : [];
    default:
      return [];
  }
}
