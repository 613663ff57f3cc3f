import { CATALOG_NAME } from "../../catalog/catalog-entry.ts";
import { analysisError } from "../../errors/spark-error.ts";
import type { DropTable, DropView } from "../../plan/statement.ts";
import { GLOBAL_TEMP_DATABASE } from "../session-state.ts";
import { type CommandEnv, quoteParts, tableIdentifier } from "./command-env.ts";
import { type CommandOutput, NO_OUTPUT } from "./command-output.ts";

export async function dropTable(command: DropTable, env: CommandEnv): Promise<CommandOutput> {
  const last = command.name.at(-1) as string;
  if (command.name.length === 1 && env.session.tempViews.drop(last)) return NO_OUTPUT;
  if (command.name.length === 2 && command.name[0]?.toLowerCase() === GLOBAL_TEMP_DATABASE) {
    if (env.session.driver.globalTempViews.drop(last) || command.ifExists) return NO_OUTPUT;
    throw missingGlobalView(last);
  }
  await env.warehouse.dropTable({
    name: tableIdentifier(command.name, env.session),
    ifExists: command.ifExists,
  });
  return NO_OUTPUT;
}

export async function dropView(command: DropView, env: CommandEnv): Promise<CommandOutput> {
  const last = command.name.at(-1) as string;
  if (command.name.length === 1 && env.session.tempViews.drop(last)) return NO_OUTPUT;
  if (command.name.length === 2 && command.name[0]?.toLowerCase() === GLOBAL_TEMP_DATABASE) {
    if (env.session.driver.globalTempViews.drop(last) || command.ifExists) return NO_OUTPUT;
    throw missingGlobalView(last);
  }
  await env.warehouse.dropView({
    name: tableIdentifier(command.name, env.session),
    ifExists: command.ifExists,
  });
  return NO_OUTPUT;
}

function missingGlobalView(name: string): Error {
  return analysisError("TABLE_OR_VIEW_NOT_FOUND", {
    relationName: quoteParts([CATALOG_NAME, GLOBAL_TEMP_DATABASE, name]),
    searchPath: `[${quoteParts([CATALOG_NAME, GLOBAL_TEMP_DATABASE])}]`,
  });
}
