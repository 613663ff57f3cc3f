import { CATALOG_NAME, quotedTableName, type ViewDefinition } from "../../catalog/catalog-entry.ts";
import { analysisError, ParseException } from "../../errors/spark-error.ts";
import type { CreateDataFrameViewCommand } from "../../plan/command.ts";
import type { Relation } from "../../plan/relation.ts";
import type { AlterView, CreateView } from "../../plan/statement.ts";
import { parseMultipartIdentifier } from "../../sql/parse-data-type.ts";
import { type StructType, struct } from "../../types/data-type.ts";
import { quoteIdentifier } from "../../types/format.ts";
import { toJson } from "../../types/json.ts";
import { inlineTemporaryViews } from "../inline-temporary-views.ts";
import { GLOBAL_TEMP_DATABASE } from "../session-state.ts";
import type { TempView } from "../temp-views.ts";
import {
  type CommandEnv,
  findRelation,
  quoteName,
  quoteParts,
  tableIdentifier,
  tableNotFound,
  temporaryView,
} from "./command-env.ts";
import { requireDatabase } from "./write.ts";

/** `df.createOrReplaceTempView(...)` and its kin. */
export async function createDataFrameView(
  command: CreateDataFrameViewCommand,
  env: CommandEnv,
): Promise<void> {
  const parts = parseMultipartIdentifier(command.name);
  if (parts.length !== 1) {
    throw analysisError("TEMP_VIEW_NAME_TOO_MANY_NAME_PARTS", {
      actualName: parts.map(quoteIdentifier).join("."),
    });
  }
  await createTemporaryView(parts[0] as string, command.input, command.isGlobal, command.replace, env);
}

/** `CREATE VIEW` in all its forms. */
export async function createView(command: CreateView, env: CommandEnv): Promise<void> {
  if (command.viewType !== "persistent") {
    const name = command.name.at(-1) as string;
    const isGlobal = command.viewType === "globalTemporary";
    const replace = command.mode === "createOrReplace";
    await checkColumns(command, [name], env);
    await createTemporaryView(name, withColumnNames(command), isGlobal, replace, env, {
      ...(command.using === undefined ? { text: command.queryText } : {}),
      ...(command.comment === undefined ? {} : { comment: command.comment }),
      properties: command.properties,
    });
    return;
  }
  const name = tableIdentifier(command.name, env.session);
  await requireDatabase(name.database, env);
  const existing = await env.warehouse.findTable(name);
  if (existing !== undefined && command.mode === "createIfNotExists") return;
  const shown = [CATALOG_NAME, name.database, name.table];
  if (existing !== undefined && command.mode === "create") {
    throw analysisError("TABLE_OR_VIEW_ALREADY_EXISTS", { relationName: quoteParts(shown) });
  }
  const schemaMode = schemaModeOf(command, env);
  const { schema, queryColumnNames } = await definedColumns(command, shown, env);
  await refuseInPersistentView(command.query, shown, existing?.entry.view !== undefined, env);
  await env.warehouse.createView({
    name,
    schema,
    view: {
      ...definition(command.queryText, env),
      queryColumnNames,
      ...(schemaMode === undefined ? {} : { schemaMode }),
      ...(command.columns.length === 0 ? {} : { hasColumnList: true }),
    },
    ifNotExists: command.mode === "createIfNotExists",
    orReplace: command.mode === "createOrReplace",
    properties: command.properties,
    ...(command.comment === undefined ? {} : { comment: command.comment }),
  });
  if (command.collation !== undefined) {
    const { collation } = command;
    await env.warehouse.alterEntry(name, (entry) => ({ ...entry, collation }));
  }
}

/** The mode that was asked for, or what the settings say; undefined: `COMPENSATION`. */
function schemaModeOf(command: CreateView, env: CommandEnv): ViewDefinition["schemaMode"] {
  const { conf } = env.session;
  const binds = conf.get("spark.sql.legacy.viewSchemaBindingMode")?.toLowerCase() !== "false";
  if (command.schemaBinding !== undefined) {
    if (binds) return command.schemaBinding;
    throw new ParseException({
      condition: "FEATURE_NOT_ENABLED",
      messageParameters: {
        featureName: "VIEW ... WITH SCHEMA ...",
        configKey: "spark.sql.legacy.viewSchemaBindingMode",
        configValue: "true",
      },
    });
  }
  const compensates = conf.get("spark.sql.legacy.viewSchemaCompensation")?.toLowerCase() !== "false";
  return !binds || compensates ? undefined : "binding";
}

function definition(text: string, env: CommandEnv): ViewDefinition {
  return {
    text,
    currentDatabase: env.session.currentDatabase,
    settings: env.session.conf.textSettings(),
  };
}

/** The view's columns, and those of the query by which they are found again. */
async function definedColumns(
  command: Pick<CreateView, "columns" | "query">,
  shown: readonly string[],
  env: CommandEnv,
): Promise<{ readonly schema: StructType; readonly queryColumnNames: readonly string[] }> {
  const { query } = await env.runner.prepare(command.query, env.operation);
  const { fields } = query.schema;
  checkArity(
    command.columns.map((c) => c.name),
    fields.map((f) => f.name),
    shown,
  );
  const unnamed = command.columns.length > 0 ? -1 : query.autoAliased.indexOf(true);
  if (unnamed >= 0) {
    throw analysisError("CREATE_PERMANENT_VIEW_WITHOUT_ALIAS", {
      name: quoteParts(shown),
      attr: `"${fields[unnamed]?.name}"`,
    });
  }
  const columns = fields.map((f, i) => {
    const own = command.columns[i];
    if (own === undefined) return f;
    const metadata = own.comment === undefined ? f.metadata : { ...f.metadata, comment: own.comment };
    return { ...f, name: own.name, ...(metadata === undefined ? {} : { metadata }) };
  });
  assertDistinct(columns.map((c) => c.name));
  return { schema: struct(columns), queryColumnNames: fields.map((f) => f.name) };
}

function assertDistinct(names: readonly string[]): void {
  const lower = names.map((name) => name.toLowerCase());
  const twice = lower.find((name, i) => lower.indexOf(name) !== i);
  if (twice !== undefined) throw analysisError("COLUMN_ALREADY_EXISTS", { columnName: quoteName(twice) });
}

function checkArity(own: readonly string[], query: readonly string[], shown: readonly string[]): void {
  if (own.length === 0 || own.length === query.length) return;
  const kind = own.length > query.length ? "NOT_ENOUGH_DATA_COLUMNS" : "TOO_MANY_DATA_COLUMNS";
  throw analysisError(`CREATE_VIEW_COLUMN_ARITY_MISMATCH.${kind}`, {
    viewName: quoteParts(shown),
    viewColumns: own.map(quoteName).join(", "),
    dataColumns: query.map(quoteName).join(", "),
  });
}

async function checkColumns(command: CreateView, shown: readonly string[], env: CommandEnv): Promise<void> {
  if (command.columns.length === 0 || command.using !== undefined) return;
  const { query } = await env.runner.prepare(command.query, env.operation);
  const own = command.columns.map((c) => c.name);
  checkArity(
    own,
    query.schema.fields.map((f) => f.name),
    shown,
  );
  assertDistinct(own);
}

/** A view that stays can read neither what goes with the session nor itself. */
async function refuseInPersistentView(
  query: Relation,
  shown: readonly string[],
  exists: boolean,
  env: CommandEnv,
): Promise<void> {
  const { readRelations, refuseTemporaryObjects } = await import("./functions.ts");
  await refuseTemporaryObjects(query, "VIEW", shown, env);
  if (!exists) return;
  const own = quoteParts(shown);
  const open: { readonly plan: Relation; readonly path: readonly string[] }[] = [
    { plan: query, path: [own] },
  ];
  const seen = new Set<string>();
  const { parseStatement } = await import("../../sql/parse.ts");
  const { isRelation } = await import("../../plan/kinds.ts");
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const parts of readRelations(next.plan)) {
      if (parts.length > 3) continue;
      const entry = (await findRelation(parts, env))?.entry;
      if (entry?.view === undefined) continue;
      const name = quotedTableName(entry);
      const path = [...next.path, name];
      if (name === own) {
        throw analysisError("RECURSIVE_VIEW", { viewIdent: own, newPath: path.join(" -> ") });
      }
      if (seen.has(name)) continue;
      seen.add(name);
      const inner = parseStatement(entry.view.text);
      if (isRelation(inner)) open.push({ plan: inner, path });
    }
  }
}

export async function alterView(command: AlterView, env: CommandEnv): Promise<void> {
  const { action } = command;
  const temporary = temporaryView(command.name, env.session);
  const operation = action.type === "as" ? "ALTER VIEW ... AS" : "ALTER VIEW ... WITH SCHEMA ...";
  if (temporary !== undefined) {
    if (action.type !== "as") {
      throw analysisError("UNSUPPORTED_FEATURE.TEMPORARY_VIEW_WITH_SCHEMA_BINDING_MODE", {});
    }
    const isGlobal = temporary.nameParts.length > 1;
    const { comment, properties } = temporary.view;
    await createTemporaryView(temporary.view.name, action.query, isGlobal, true, env, {
      text: action.queryText,
      ...(comment === undefined ? {} : { comment }),
      ...(properties === undefined ? {} : { properties }),
    });
    return;
  }
  const table = await findRelation(command.name, env);
  if (table === undefined) throw tableNotFound(command.name, env.session);
  const { entry } = table;
  const shown = [CATALOG_NAME, entry.database, entry.table];
  if (entry.view === undefined) {
    throw analysisError("EXPECT_VIEW_NOT_TABLE.NO_ALTERNATIVE", { operation, tableName: quoteParts(shown) });
  }
  if (action.type === "schemaBinding") {
    const { schemaBinding: schemaMode } = action;
    await env.warehouse.alterEntry(entry, (current) => ({
      ...current,
      ...(current.view === undefined ? {} : { view: { ...current.view, schemaMode } }),
    }));
    return;
  }
  const { schema, queryColumnNames } = await definedColumns({ columns: [], query: action.query }, shown, env);
  await refuseInPersistentView(action.query, shown, true, env);
  const { schemaMode } = entry.view;
  const view: ViewDefinition = {
    ...definition(action.queryText, env),
    queryColumnNames,
    ...(schemaMode === undefined ? {} : { schemaMode }),
  };
  await env.warehouse.alterEntry(entry, (current) => ({ ...current, schema, view }));
}

function withColumnNames(command: CreateView): Relation {
  if (command.using !== undefined) {
    const { provider, options, schema } = command.using;
    const hasPath = Object.keys(options).some((key) => key.toLowerCase() === "path");
    if (!hasPath && schema?.kind === "struct") return emptyRows(schema);
    return {
      kind: "ReadDataSource",
      format: provider,
      options,
      paths: [],
      ...(schema === undefined ? {} : { schema: JSON.stringify(toJson(schema)) }),
    };
  }
  if (command.columns.length === 0) return command.query;
  return { kind: "ToDF", input: command.query, columnNames: command.columns.map((c) => c.name) };
}

/** No rows, of a schema. */
export function emptyRows(schema: StructType): Relation {
  return {
    kind: "Limit",
    limit: 0,
    input: {
      kind: "Project",
      expressions: schema.fields.map(({ name, dataType }) => ({
        kind: "Alias",
        name: [name],
        expr: {
          kind: "Cast",
          expr: { kind: "Literal", dataType: { kind: "null" }, value: null },
          type: dataType,
        },
      })),
    },
  };
}

export async function createTemporaryView(
  name: string,
  input: Relation,
  isGlobal: boolean,
  replace: boolean,
  env: CommandEnv,
  more: Partial<Pick<TempView, "text" | "comment" | "properties">> = {},
): Promise<void> {
  // Analysed now, so that a view which cannot work is refused where it is made.
  await env.runner.prepare(input, env.operation);
  const plan = inlineTemporaryViews(input, env.session.tempViews, env.session.driver.globalTempViews);
  const views = isGlobal ? env.session.driver.globalTempViews : env.session.tempViews;
  const { currentDatabase } = env.session;
  const shownName =
    isGlobal && more.text === undefined ? quoteParts([GLOBAL_TEMP_DATABASE, name]) : quoteIdentifier(name);
  views.create({ name, plan, currentDatabase, createdMs: Date.now(), ...more }, { replace, shownName });
}
