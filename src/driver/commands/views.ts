import { analysisError } from "../../errors/spark-error.ts";
import type { CreateDataFrameViewCommand } from "../../plan/command.ts";
import type { Relation } from "../../plan/relation.ts";
import type { CreateView } from "../../plan/statement.ts";
import { parseMultipartIdentifier } from "../../sql/parse-data-type.ts";
import { quoteIdentifier } from "../../types/format.ts";
import { inlineTemporaryViews } from "../inline-temporary-views.ts";
import { GLOBAL_TEMP_DATABASE } from "../session-state.ts";
import { type CommandEnv, tableIdentifier } from "./command-env.ts";
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
  const plan = withColumnNames(command);
  if (command.viewType !== "persistent") {
    if (command.name.length > 1 && command.viewType === "temporary") {
      throw analysisError("TEMP_VIEW_NAME_TOO_MANY_NAME_PARTS", {
        actualName: command.name.map(quoteIdentifier).join("."),
      });
    }
    const name = command.name.at(-1) as string;
    const isGlobal = command.viewType === "globalTemporary";
    if (command.mode === "createIfNotExists" && registry(isGlobal, env).find(name) !== undefined) return;
    await createTemporaryView(name, plan, isGlobal, command.mode === "createOrReplace", env);
    return;
  }
  const name = tableIdentifier(command.name, env.session);
  await requireDatabase(name.database, env);
  const { query } = await env.runner.prepare(plan, env.operation);
  const seen = new Set<string>();
  for (const { name: column } of query.schema.fields) {
    if (seen.has(column.toLowerCase())) {
      throw analysisError("COLUMN_ALREADY_EXISTS", { columnName: quoteIdentifier(column.toLowerCase()) });
    }
    seen.add(column.toLowerCase());
  }
  await env.warehouse.createView({
    name,
    schema: query.schema,
    view: {
      text: command.queryText,
      currentDatabase: env.session.currentDatabase,
      settings: env.session.conf.explicit(),
    },
    ifNotExists: command.mode === "createIfNotExists",
    orReplace: command.mode === "createOrReplace",
    properties: command.properties,
    ...(command.comment === undefined ? {} : { comment: command.comment }),
  });
}

function withColumnNames(command: CreateView): Relation {
  if (command.using !== undefined) {
    return {
      kind: "ReadDataSource",
      format: command.using.provider,
      options: command.using.options,
      paths: [],
    };
  }
  if (command.columns.length === 0) return command.query;
  return { kind: "ToDF", input: command.query, columnNames: command.columns.map((c) => c.name) };
}

export async function createTemporaryView(
  name: string,
  input: Relation,
  isGlobal: boolean,
  replace: boolean,
  env: CommandEnv,
): Promise<void> {
  // Analysed now, so that a view which cannot work is refused where it is made.
  await env.runner.prepare(input, env.operation);
  const plan = inlineTemporaryViews(input, env.session.tempViews, env.session.driver.globalTempViews);
  const shown = isGlobal ? `\`${GLOBAL_TEMP_DATABASE}\`.${quoteIdentifier(name)}` : quoteIdentifier(name);
  registry(isGlobal, env).create({ name, plan }, { replace, shownName: shown });
}

function registry(isGlobal: boolean, env: CommandEnv) {
  return isGlobal ? env.session.driver.globalTempViews : env.session.tempViews;
}
