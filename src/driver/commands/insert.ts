import { quotedTableName } from "../../catalog/catalog-entry.ts";
import type { ResolvedTable, WriteRequest } from "../../catalog/warehouse-api.ts";
import { analysisError, unsupported } from "../../errors/spark-error.ts";
import type { FilePredicate, PredicateValue } from "../../lake/file-predicate.ts";
import type { Expression } from "../../plan/expression.ts";
import type { Relation } from "../../plan/relation.ts";
import type { InsertInto, InsertOverwriteDirectory, MultiInsert } from "../../plan/statement.ts";
import { foreachNode } from "../../plan/traverse.ts";
import { parseExpression, parseMultipartIdentifier, parseOptionsFromConf } from "../../sql/parse.ts";
import type { StructField } from "../../types/data-type.ts";
import { quoteIdentifier } from "../../types/format.ts";
import { scanNow } from "../disk-scan.ts";
import { type CommandEnv, findRelation, quoteParts, temporaryView } from "./command-env.ts";
import { type CommandOutput, NO_OUTPUT } from "./command-output.ts";
import { searchPath } from "./functions.ts";
import { evaluate } from "./variables.ts";
import { writeOperation, writeTable } from "./write.ts";

/** `INSERT INTO | OVERWRITE` in all its forms. */
export async function insertInto(command: InsertInto, env: CommandEnv): Promise<CommandOutput> {
  const { table, query } = withoutCommonTables(command);
  if (table.kind !== "ReadTable") throw unsupported("INSERT into something that is not a table");
  if (command.withSchemaEvolution === true) throw unsupported("INSERT WITH SCHEMA EVOLUTION");
  const nameParts = table.nameParts ?? parseMultipartIdentifier(table.unparsedIdentifier);
  if (nameParts.length === 2 && nameParts[0]?.toLowerCase() === "delta" && /[/:]/.test(nameParts[1] ?? "")) {
    return insertIntoPath(command, nameParts[1] as string, env);
  }
  const target = await Target.find(nameParts, env);
  const { entry } = target.table;
  const isDelta = entry.provider === "delta";
  const options: Record<string, string> = { ...table.options };
  if (command.replaceOn !== undefined || command.replaceUsing !== undefined) {
    throw target.unsupportedOperation("INSERT INTO ... REPLACE ON/USING");
  }
  if (command.replaceWhere !== undefined) {
    if (!isDelta) throw target.unsupportedOperation("INSERT INTO ... REPLACE WHERE");
    options.replacewhere = command.replaceWhereSql ?? "";
  }
  const statics = await staticPartition(command, target, env);
  if (command.ifPartitionNotExists && (await partitionExists(target.table, statics, env))) return NO_OUTPUT;
  const shaped = await shape(command, query, statics, target, env);
  const dynamicMode =
    env.session.conf.get("spark.sql.sources.partitionOverwriteMode")?.toLowerCase() === "dynamic";
  const hasOpenPartition = Object.values(command.partition).some((value) => value === null);
  const replacesStatic =
    command.overwrite &&
    statics.size > 0 &&
    !(dynamicMode && (hasOpenPartition || isPartial(statics, target)));
  // A static partition says itself what is replaced.
  if (
    replacesStatic ||
    (dynamicMode && statics.size === target.partitionColumns.length && statics.size > 0)
  ) {
    options.partitionoverwritemode = "static";
  }
  const request: Omit<WriteRequest, "schema"> = {
    target: { kind: "table", name: entry },
    mode: command.overwrite ? "overwrite" : "append",
    requireExisting: true,
    byPosition: shaped.byPosition,
    options,
    ...(replacesStatic ? { replaceWhere: partitionPredicate(statics) } : {}),
    operation: "WRITE",
  };
  await writeTable(shaped.input, env, request);
  return NO_OUTPUT;
}

async function insertIntoPath(command: InsertInto, path: string, env: CommandEnv): Promise<CommandOutput> {
  if (Object.keys(command.partition).length > 0)
    throw unsupported("INSERT into a path with a PARTITION clause");
  const named = command.columns.length > 0;
  await writeTable(
    named ? { kind: "ToDF", input: command.query, columnNames: command.columns } : command.query,
    env,
    {
      target: { kind: "path", path: env.session.driver.userFiles.toStoragePath(path) },
      mode: command.overwrite ? "overwrite" : "append",
      provider: "delta",
      requireExisting: true,
      byPosition: !(command.byName || named),
      ...(command.replaceWhereSql === undefined
        ? {}
        : { options: { replacewhere: command.replaceWhereSql } }),
    },
  );
  return NO_OUTPUT;
}

/** `WITH ... INSERT`: the common tables belong to the query. */
function withoutCommonTables(command: InsertInto): { readonly table: Relation; readonly query: Relation } {
  let { table, query } = command;
  while (table.kind === "With") {
    query = { ...table, input: query };
    table = table.input;
  }
  if (table.kind === "SubqueryAlias") table = table.input;
  return { table, query };
}

/** The table that rows go into. */
class Target {
  readonly table: ResolvedTable;
  readonly fields: readonly StructField[];
  readonly partitionColumns: readonly string[];
  readonly #env: CommandEnv;

  private constructor(
    table: ResolvedTable,
    fields: readonly StructField[],
    partitionColumns: readonly string[],
    env: CommandEnv,
  ) {
    this.table = table;
    this.fields = fields;
    this.partitionColumns = partitionColumns;
    this.#env = env;
  }

  static async find(nameParts: readonly string[], env: CommandEnv): Promise<Target> {
    const temporary = temporaryView(nameParts, env.session);
    const table = temporary === undefined ? await findRelation(nameParts, env) : undefined;
    const viewName =
      temporary !== undefined
        ? quoteParts(temporary.nameParts)
        : table?.entry.view !== undefined
          ? quotedTableName(table.entry)
          : undefined;
    if (viewName !== undefined) {
      throw analysisError("EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE", { operation: "INSERT", viewName });
    }
    if (table === undefined) {
      throw analysisError("TABLE_OR_VIEW_NOT_FOUND", {
        relationName: quoteParts(nameParts),
        searchPath: searchPath(env.session),
      });
    }
    const { schema, partitionColumns } = await table.describe();
    return new Target(table, schema.fields, partitionColumns, env);
  }

  get name(): string {
    return quotedTableName(this.table.entry);
  }

  field(name: string): StructField | undefined {
    const same = this.#env.session.conf.nameEquality;
    return this.fields.find((f) => same(f.name, name));
  }

  unsupportedOperation(operation: string): Error {
    return analysisError("UNSUPPORTED_FEATURE.TABLE_OPERATION", { tableName: this.name, operation });
  }

  /** The value of a column for which none is given. */
  default(field: StructField): Expression {
    const sql = field.metadata?.CURRENT_DEFAULT;
    const expr: Expression =
      typeof sql === "string"
        ? parseExpression(
            sql,
            parseOptionsFromConf((key) => this.#env.session.conf.get(key)),
          )
        : { kind: "Literal", dataType: { kind: "null" }, value: null };
    return { kind: "Cast", expr, type: storedType(field) };
  }

  /** Whether the table makes the column's values itself. */
  makes(field: StructField): boolean {
    const keys = Object.keys(field.metadata ?? {});
    return keys.some(
      (key) => key.startsWith("delta.generationExpression") || key.startsWith("delta.identity."),
    );
  }
}

/** Fixed-length texts are checked and padded where they are stored. */
function storedType(field: StructField): StructField["dataType"] {
  const { dataType } = field;
  return dataType.kind === "char" || dataType.kind === "varchar" ? { kind: "string" } : dataType;
}

interface StaticValue {
  readonly field: StructField;
  readonly expression: Expression;
  readonly value: PredicateValue;
}

/** The columns of a PARTITION clause that have a value. */
async function staticPartition(
  command: InsertInto,
  target: Target,
  env: CommandEnv,
): Promise<ReadonlyMap<string, StaticValue>> {
  const out = new Map<string, StaticValue>();
  for (const [key, value] of Object.entries(command.partition)) {
    const field = target.field(key);
    if (field === undefined || !target.partitionColumns.includes(field.name)) {
      throw analysisError("PARTITIONS_NOT_FOUND", {
        partitionList: quoteIdentifier(key),
        tableName: target.name,
      });
    }
    if (value === null) continue;
    const expression: Expression = isDefault(value)
      ? target.default(field)
      : { kind: "Cast", expr: value, type: field.dataType };
    const [found] = await evaluate([expression], env);
    out.set(field.name, { field, expression, value: (found?.value ?? null) as PredicateValue });
  }
  return out;
}

function isPartial(statics: ReadonlyMap<string, StaticValue>, target: Target): boolean {
  return statics.size < target.partitionColumns.length;
}

function partitionPredicate(statics: ReadonlyMap<string, StaticValue>): FilePredicate {
  const children = [...statics.values()].map(
    ({ field, value }): FilePredicate =>
      value === null || value === ""
        ? { kind: "isNull", column: [field.name] }
        : { kind: "compare", column: [field.name], operator: "=", value },
  );
  return { kind: "and", children };
}

async function partitionExists(
  table: ResolvedTable,
  statics: ReadonlyMap<string, StaticValue>,
  env: CommandEnv,
): Promise<boolean> {
  const scan = await scanNow(table, env.session.driver.userFiles);
  return (await scan.files(partitionPredicate(statics))).length > 0;
}

interface Shaped {
  readonly input: Relation;
  readonly byPosition: boolean;
}

/** The query with its columns as the table has them: named, static values and defaults put in. */
async function shape(
  command: InsertInto,
  query: Relation,
  statics: ReadonlyMap<string, StaticValue>,
  target: Target,
  env: CommandEnv,
): Promise<Shaped> {
  const open = target.fields.filter((f) => !statics.has(f.name));
  const wanted = columnList(command, statics, target);
  const positions = wanted ?? (command.byName ? undefined : open);
  const filled = withDefaults(query, positions, target);
  const { query: analyzed } = await env.runner.prepare(filled.query, env.operation);
  const given = analyzed.schema.fields.map((f) => f.name);
  const targets = positions ?? matchNames(given, statics, target);
  if (given.length !== targets.length) throw arityMismatch(given, targets, command, statics, target);
  // What is given in the table's own order goes as it is.
  const isWhole = targets.length === target.fields.length && targets.every((f, i) => f === target.fields[i]);
  if (isWhole && filled.made.size === 0) return { input: filled.query, byPosition: true };
  const names = given.map((_, i) => `value${i}`);
  const made = new Set([...filled.made].map((i) => targets[i]));
  const isDelta = target.table.entry.provider === "delta";
  const expressions: Expression[] = [];
  for (const field of target.fields) {
    const at = targets.indexOf(field);
    const fixed = statics.get(field.name)?.expression;
    // Delta makes these itself, as long as nothing is said of them.
    if (fixed === undefined && (at < 0 || made.has(field)) && isDelta && target.makes(field)) continue;
    const expr: Expression =
      fixed ??
      (at < 0
        ? target.default(field)
        : { kind: "UnresolvedAttribute", unparsedIdentifier: names[at] as string });
    expressions.push({ kind: "Alias", expr, name: [field.name] });
  }
  const input: Relation = {
    kind: "Project",
    input: { kind: "ToDF", input: filled.query, columnNames: names },
    expressions,
  };
  return { input, byPosition: expressions.length === target.fields.length };
}

function columnList(
  command: InsertInto,
  statics: ReadonlyMap<string, StaticValue>,
  target: Target,
): readonly StructField[] | undefined {
  if (command.columns.length === 0) return undefined;
  const fields = command.columns.map((name) => {
    const field = target.field(name);
    if (field !== undefined) return field;
    throw analysisError("UNRESOLVED_COLUMN.WITH_SUGGESTION", {
      objectName: quoteIdentifier(name),
      proposal: target.fields.map((f) => quoteIdentifier(f.name)).join(", "),
    });
  });
  const twice = fields.find((f, i) => fields.indexOf(f) !== i);
  if (twice !== undefined) {
    throw analysisError("COLUMN_ALREADY_EXISTS", { columnName: quoteIdentifier(twice.name.toLowerCase()) });
  }
  const fixed = fields.find((f) => statics.has(f.name));
  if (fixed !== undefined) {
    throw analysisError("STATIC_PARTITION_COLUMN_IN_INSERT_COLUMN_LIST", { staticName: fixed.name });
  }
  return fields;
}

function matchNames(
  given: readonly string[],
  statics: ReadonlyMap<string, StaticValue>,
  target: Target,
): readonly StructField[] {
  const lower = given.map((name) => name.toLowerCase());
  const twice = given.find((_, i) => lower.indexOf(lower[i] as string) !== i);
  if (twice !== undefined) {
    throw analysisError("INCOMPATIBLE_DATA_FOR_TABLE.AMBIGUOUS_COLUMN_NAME", {
      tableName: target.name,
      colName: quoteIdentifier(twice.toLowerCase()),
    });
  }
  if (given.length > target.fields.length - statics.size) {
    throw arity("TOO_MANY_DATA_COLUMNS", given, target.fields, target);
  }
  const extra = given.filter((name) => target.field(name) === undefined);
  if (extra.length > 0) {
    throw analysisError("INCOMPATIBLE_DATA_FOR_TABLE.EXTRA_COLUMNS", {
      tableName: target.name,
      extraColumns: extra.map(quoteIdentifier).join(", "),
    });
  }
  return given.map((name) => target.field(name) as StructField);
}

function arity(
  kind: string,
  given: readonly string[],
  columns: readonly StructField[],
  target: Target,
  more: Readonly<Record<string, string>> = {},
): Error {
  const condition =
    "staticPartCols" in more
      ? "INSERT_PARTITION_COLUMN_ARITY_MISMATCH"
      : `INSERT_COLUMN_ARITY_MISMATCH.${kind}`;
  return analysisError(condition, {
    tableName: target.name,
    ...more,
    tableColumns: columns.map((f) => quoteIdentifier(f.name)).join(", "),
    dataColumns: given.map(quoteIdentifier).join(", "),
  });
}

function arityMismatch(
  given: readonly string[],
  targets: readonly StructField[],
  command: InsertInto,
  statics: ReadonlyMap<string, StaticValue>,
  target: Target,
): Error {
  const kind = given.length > targets.length ? "TOO_MANY_DATA_COLUMNS" : "NOT_ENOUGH_DATA_COLUMNS";
  if (statics.size === 0 || command.columns.length > 0) return arity(kind, given, targets, target);
  const staticPartCols = [...statics.keys()].map(quoteIdentifier).join(", ");
  return arity(kind, given, target.fields, target, { staticPartCols });
}

function isDefault(e: Expression): boolean {
  return e.kind === "UnresolvedAttribute" && e.unparsedIdentifier.toUpperCase() === "DEFAULT";
}

/** DEFAULT in VALUES and in a select list, in the place of which the column's own value stands. */
function withDefaults(
  query: Relation,
  targets: readonly StructField[] | undefined,
  target: Target,
): { readonly query: Relation; readonly made: ReadonlySet<number> } {
  const made = new Set<number>();
  if (!mentionsDefault(query)) return { query, made };
  const fill = (row: readonly Expression[]): readonly Expression[] =>
    row.map((e, i) => {
      const inner = e.kind === "Alias" ? e.expr : e;
      if (!isDefault(inner)) {
        if (mentionsDefault(inner)) throw analysisError("DEFAULT_PLACEMENT_INVALID", {});
        return e;
      }
      const field = targets?.[i];
      if (field === undefined) return { kind: "Literal", dataType: { kind: "null" }, value: null };
      if (target.makes(field)) made.add(i);
      return { kind: "Alias", expr: target.default(field), name: [field.name] };
    });
  const filled = fillRows(query, fill);
  if (made.size > 0 && hasSeveralRows(query)) {
    throw unsupported("DEFAULT of a generated or identity column in a list of several rows");
  }
  return { query: filled, made };
}

function hasSeveralRows(query: Relation): boolean {
  return query.kind === "InlineTable" && query.rows.length > 1;
}

function fillRows(query: Relation, fill: (row: readonly Expression[]) => readonly Expression[]): Relation {
  if (query.kind === "InlineTable") {
    return {
      ...query,
      rows: query.rows.map((row) => fill(row).map((e) => (e.kind === "Alias" ? e.expr : e))),
    };
  }
  if (query.kind === "Project") return { ...query, expressions: fill(query.expressions) };
  if (query.kind === "SubqueryAlias" || query.kind === "With")
    return { ...query, input: fillRows(query.input, fill) };
  throw analysisError("DEFAULT_PLACEMENT_INVALID", {});
}

function mentionsDefault(node: Relation | Expression): boolean {
  let found = false;
  foreachNode(node, (inner) => {
    if (inner.kind === "UnresolvedAttribute" && isDefault(inner)) found = true;
  });
  return found;
}

export async function multiInsert(command: MultiInsert, env: CommandEnv): Promise<CommandOutput> {
  // One after the other: as in Spark, a part sees what those before it wrote.
  for (const insert of command.inserts) await env.run(insert);
  return NO_OUTPUT;
}

/** `INSERT OVERWRITE [LOCAL] DIRECTORY path USING format`. */
export async function insertOverwriteDirectory(
  command: InsertOverwriteDirectory,
  env: CommandEnv,
): Promise<CommandOutput> {
  const { provider } = command;
  if (provider === undefined) {
    throw analysisError("NOT_SUPPORTED_COMMAND_WITHOUT_HIVE_SUPPORT", {
      cmd: "INSERT OVERWRITE DIRECTORY with the Hive format",
    });
  }
  const path = command.path ?? command.options.path;
  await writeOperation(
    {
      kind: "WriteOperation",
      input: command.query,
      source: provider,
      ...(path === undefined ? {} : { path }),
      mode: "overwrite",
      sortColumnNames: [],
      partitioningColumns: [],
      options: command.options,
      clusteringColumns: [],
    },
    env,
  );
  return NO_OUTPUT;
}
