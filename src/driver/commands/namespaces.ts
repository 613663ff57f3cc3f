import { CATALOG_NAME, DEFAULT_DATABASE } from "../../catalog/catalog-entry.ts";
import { analysisError } from "../../errors/spark-error.ts";
import type {
  CreateNamespace,
  DescribeNamespace,
  DropNamespace,
  ShowNamespaces,
  UseNamespace,
} from "../../plan/statement.ts";
import { struct } from "../../types/data-type.ts";
import { quoteIdentifier } from "../../types/format.ts";
import { type CommandEnv, databaseName } from "./command-env.ts";
import { type CommandOutput, NO_OUTPUT, nullableText, showPattern, text } from "./command-output.ts";

export async function createNamespace(command: CreateNamespace, env: CommandEnv): Promise<CommandOutput> {
  await env.warehouse.createDatabase({
    name: databaseName(command.name),
    ifNotExists: command.ifNotExists,
    properties: command.properties,
    ...(command.comment === undefined ? {} : { comment: command.comment }),
    ...(command.location === undefined
      ? {}
      : { location: env.session.driver.userFiles.toStoragePath(command.location) }),
  });
  return NO_OUTPUT;
}

export async function dropNamespace(command: DropNamespace, env: CommandEnv): Promise<CommandOutput> {
  const name = databaseName(command.name);
  await env.warehouse.dropDatabase({ name, ifExists: command.ifExists, cascade: command.cascade });
  if (name.toLowerCase() === env.session.currentDatabase) env.session.currentDatabase = DEFAULT_DATABASE;
  return NO_OUTPUT;
}

export async function useNamespace(command: UseNamespace, env: CommandEnv): Promise<CommandOutput> {
  await setCurrentDatabase(databaseName(command.name), env);
  return NO_OUTPUT;
}

export async function setCurrentDatabase(name: string, env: CommandEnv): Promise<void> {
  const found = await env.warehouse.findDatabase(name);
  if (found === undefined) {
    throw analysisError("SCHEMA_NOT_FOUND", {
      schemaName: `${quoteIdentifier(CATALOG_NAME)}.${quoteIdentifier(name)}`,
    });
  }
  env.session.currentDatabase = found.name;
}

export async function showNamespaces(command: ShowNamespaces, env: CommandEnv): Promise<CommandOutput> {
  const matches = showPattern(command.pattern);
  const databases = await env.warehouse.listDatabases();
  return {
    schema: struct([text("namespace")]),
    rows: databases.filter((d) => matches(d.name)).map((d) => [d.name]),
  };
}

export async function describeNamespace(command: DescribeNamespace, env: CommandEnv): Promise<CommandOutput> {
  const database = await env.warehouse.getDatabase(databaseName(command.name));
  const rows: (readonly (string | null)[])[] = [
    ["Catalog Name", CATALOG_NAME],
    ["Namespace Name", database.name],
    ["Comment", database.comment],
    ["Location", env.session.driver.userFiles.display(database.location)],
  ];
  if (command.extended) {
    const properties = Object.entries(database.properties).map(([key, value]) => `(${key},${value})`);
    rows.push(["Properties", properties.length === 0 ? "" : `(${properties.join(", ")})`]);
  }
  return { schema: struct([text("info_name"), nullableText("info_value")]), rows };
}
