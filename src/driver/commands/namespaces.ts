import { CATALOG_NAME, type DatabaseEntry } from "../../catalog/catalog-entry.ts";
import { analysisError, sparkError } from "../../errors/spark-error.ts";
import type {
  AlterNamespace,
  CommentOnNamespace,
  CreateNamespace,
  DescribeNamespace,
  DropNamespace,
  ShowCatalogs,
  ShowNamespaces,
  UseCatalog,
  UseNamespace,
} from "../../plan/statement.ts";
import { struct } from "../../types/data-type.ts";
import { GLOBAL_TEMP_DATABASE } from "../session-state.ts";
import { type CommandEnv, databaseName, quoteName, quoteParts } from "./command-env.ts";
import { type CommandOutput, NO_OUTPUT, nullableText, showPattern, text } from "./command-output.ts";
import { evaluateName } from "./variables.ts";

export async function createNamespace(command: CreateNamespace, env: CommandEnv): Promise<CommandOutput> {
  const name = databaseName(command.name);
  if (name.toLowerCase() === GLOBAL_TEMP_DATABASE) {
    throw analysisError("RESERVED_DATABASE_NAME", { database: quoteName(GLOBAL_TEMP_DATABASE) });
  }
  await env.warehouse.createDatabase({
    name,
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
  await env.warehouse.dropDatabase({
    name: databaseName(command.name),
    ifExists: command.ifExists,
    cascade: command.cascade,
  });
  return NO_OUTPUT;
}

export async function alterNamespace(command: AlterNamespace, env: CommandEnv): Promise<CommandOutput> {
  const name = databaseName(command.name);
  const { action } = command;
  switch (action.type) {
    case "setProperties":
      await env.warehouse.alterDatabase(name, { properties: action.properties });
      break;
    case "unsetProperties":
      await env.warehouse.alterDatabase(name, { unset: action.keys });
      break;
    case "setLocation":
      if (action.location === "") throw emptyLocation(action.location);
      await env.warehouse.alterDatabase(name, {
        location: env.session.driver.userFiles.toStoragePath(action.location),
      });
      break;
    case "setCollation":
      throw analysisError("UNSUPPORTED_FEATURE.SCHEMA_LEVEL_COLLATIONS", {});
  }
  return NO_OUTPUT;
}

export function emptyLocation(location: string): Error {
  return sparkError("IllegalArgumentException", {
    condition: "INVALID_EMPTY_LOCATION",
    messageParameters: { location },
  });
}

export async function commentOnNamespace(
  command: CommentOnNamespace,
  env: CommandEnv,
): Promise<CommandOutput> {
  await env.warehouse.alterDatabase(databaseName(command.name), { comment: command.comment ?? "" });
  return NO_OUTPUT;
}

export async function useNamespace(command: UseNamespace, env: CommandEnv): Promise<CommandOutput> {
  const parts = command.name;
  if (!command.isNamespace && parts.length === 1 && parts[0]?.toLowerCase() === CATALOG_NAME) {
    return NO_OUTPUT;
  }
  const namespace = parts.length > 1 && parts[0]?.toLowerCase() === CATALOG_NAME ? parts.slice(1) : parts;
  if (namespace.length > 1) {
    throw analysisError("SCHEMA_NOT_FOUND", { schemaName: quoteParts([CATALOG_NAME, ...namespace]) });
  }
  await setCurrentDatabase(databaseName(namespace), env);
  return NO_OUTPUT;
}

export async function useCatalog(command: UseCatalog, env: CommandEnv): Promise<CommandOutput> {
  const { catalog } = command;
  const name =
    catalog.kind === "UnresolvedAttribute" ? catalog.unparsedIdentifier : await evaluateName(catalog, env);
  setCurrentCatalog(name);
  return NO_OUTPUT;
}

export function setCurrentCatalog(name: string): void {
  if (name.toLowerCase() === CATALOG_NAME) return;
  throw sparkError("SparkException", {
    condition: "CATALOG_NOT_FOUND",
    messageParameters: { catalogName: quoteName(name), config: `"spark.sql.catalog.${name}"` },
  });
}

export async function setCurrentDatabase(name: string, env: CommandEnv): Promise<void> {
  const found = await env.warehouse.findDatabase(name);
  if (found === undefined) {
    throw analysisError("SCHEMA_NOT_FOUND", { schemaName: quoteParts([CATALOG_NAME, name]) });
  }
  env.session.currentDatabase = found.name;
}

export async function showNamespaces(command: ShowNamespaces, env: CommandEnv): Promise<CommandOutput> {
  const matches = showPattern(command.pattern);
  const within = command.namespace ?? [];
  const inCatalog = within.length === 0 || within[0]?.toLowerCase() === CATALOG_NAME;
  if (!inCatalog || within.length > 1) {
    const name = within.at(-1) as string;
    const known = within.length === (inCatalog ? 2 : 1) && (await env.warehouse.findDatabase(name));
    if (!known) {
      throw analysisError("SCHEMA_NOT_FOUND", {
        schemaName: quoteParts(inCatalog ? within : [CATALOG_NAME, ...within]),
      });
    }
    return { schema: struct([text("namespace")]), rows: [] };
  }
  const databases = await env.warehouse.listDatabases();
  return {
    schema: struct([text("namespace")]),
    rows: databases.filter((d) => matches(d.name)).map((d) => [d.name]),
  };
}

export async function showCatalogs(command: ShowCatalogs): Promise<CommandOutput> {
  const isShown = showPattern(command.pattern)(CATALOG_NAME);
  return { schema: struct([text("catalog")]), rows: isShown ? [[CATALOG_NAME]] : [] };
}

export async function showCurrentNamespace(env: CommandEnv): Promise<CommandOutput> {
  return {
    schema: struct([text("catalog"), text("namespace")]),
    rows: [[CATALOG_NAME, env.session.currentDatabase]],
  };
}

export async function describeNamespace(command: DescribeNamespace, env: CommandEnv): Promise<CommandOutput> {
  const database: DatabaseEntry = await env.warehouse.getDatabase(databaseName(command.name));
  const rows: (readonly (string | null)[])[] = [
    ["Catalog Name", CATALOG_NAME],
    ["Namespace Name", database.name],
    ["Comment", database.comment],
    ["Location", env.session.driver.userFiles.display(database.location)],
    ["Owner", OWNER],
  ];
  if (command.extended) {
    const properties = Object.entries(database.properties)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `(${key},${value})`);
    rows.push(["Properties", properties.length === 0 ? "" : `(${properties.join(", ")})`]);
  }
  return { schema: struct([text("info_name"), nullableText("info_value")]), rows };
}

/** Everything in a browser belongs to its one user. */
export const OWNER = "lakelet";
