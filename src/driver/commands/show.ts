import { CATALOG_NAME } from "../../catalog/catalog-entry.ts";
import { analysisError } from "../../errors/spark-error.ts";
import { lookupFunction } from "../../functions/function-table.ts";
import type {
  DescribeFunction,
  ShowColumns,
  ShowFunctions,
  ShowTables,
  ShowViews,
} from "../../plan/statement.ts";
import { struct } from "../../types/data-type.ts";
import { quoteIdentifier } from "../../types/format.ts";
import { functionNames } from "../function-names.ts";
import { GLOBAL_TEMP_DATABASE } from "../session-state.ts";
import { type CommandEnv, databaseName } from "./command-env.ts";
import { type CommandOutput, flag, showPattern, text } from "./command-output.ts";

export async function showTables(command: ShowTables, env: CommandEnv): Promise<CommandOutput> {
  return listRelations(command, "tableName", () => true, env);
}

export async function showViews(command: ShowViews, env: CommandEnv): Promise<CommandOutput> {
  return listRelations(command, "viewName", (isView) => isView, env);
}

async function listRelations(
  command: ShowTables | ShowViews,
  column: string,
  wanted: (isView: boolean) => boolean,
  env: CommandEnv,
): Promise<CommandOutput> {
  const database =
    command.namespace === undefined ? env.session.currentDatabase : databaseName(command.namespace);
  const matches = showPattern(command.pattern);
  const rows: (readonly unknown[])[] = [];
  if (database.toLowerCase() === GLOBAL_TEMP_DATABASE) {
    for (const view of env.session.driver.globalTempViews.list()) {
      rows.push([GLOBAL_TEMP_DATABASE, view.name.toLowerCase(), true]);
    }
  } else {
    for (const table of await env.warehouse.listTables(database)) {
      if (wanted(table.view !== undefined)) rows.push([table.database, table.table, false]);
    }
  }
  for (const view of env.session.tempViews.list()) rows.push(["", view.name.toLowerCase(), true]);
  return {
    schema: struct([text("namespace"), text(column), flag("isTemporary")]),
    rows: rows.filter((row) => matches(row[1] as string)),
  };
}

export async function showColumns(command: ShowColumns, env: CommandEnv): Promise<CommandOutput> {
  const nameParts =
    command.namespace === undefined || command.table.length > 1
      ? command.table
      : [...command.namespace, ...command.table];
  const { query } = await env.runner.prepare(
    {
      kind: "ReadTable",
      unparsedIdentifier: nameParts.map(quoteIdentifier).join("."),
      nameParts,
      options: {},
    },
    env.operation,
  );
  return { schema: struct([text("col_name")]), rows: query.schema.fields.map((f) => [f.name]) };
}

export async function showFunctions(command: ShowFunctions, _env: CommandEnv): Promise<CommandOutput> {
  const matches = showPattern(command.pattern);
  const names = command.scope === "user" ? [] : functionNames();
  return { schema: struct([text("function")]), rows: names.filter(matches).map((name) => [name]) };
}

export async function describeFunction(command: DescribeFunction, env: CommandEnv): Promise<CommandOutput> {
  const name = command.name.at(-1) as string;
  const entry = lookupFunction(name);
  if (entry === undefined) {
    throw analysisError("UNRESOLVED_ROUTINE", {
      routineName: command.name.map(quoteIdentifier).join("."),
      searchPath: `[\`system\`.\`builtin\`, \`system\`.\`session\`, \`${CATALOG_NAME}\`.${quoteIdentifier(env.session.currentDatabase)}]`,
    });
  }
  return {
    schema: struct([text("function_desc")]),
    rows: [[`Function: ${entry.name}`], [`Usage: ${entry.usage}`]],
  };
}
