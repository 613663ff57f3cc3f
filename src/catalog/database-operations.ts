import { joinPath } from "../storage/paths.ts";
import type { CatalogAction } from "./catalog-actions.ts";
import type { DatabaseEntry } from "./catalog-entry.ts";
import { DEFAULT_DATABASE } from "./catalog-entry.ts";
import {
  cannotDropDefaultDatabase,
  schemaAlreadyExists,
  schemaNotEmpty,
  schemaNotFound,
} from "./catalog-errors.ts";
import { databaseLocation } from "./catalog-state.ts";
import type { WarehouseContext } from "./context.ts";
import { assertValidName, normalizeLocation } from "./names.ts";
import type { WarehouseApi } from "./warehouse-api.ts";

type CreateDatabase = Parameters<WarehouseApi["createDatabase"]>[0];
type AlterDatabase = Parameters<WarehouseApi["alterDatabase"]>[1];
type DropDatabase = Parameters<WarehouseApi["dropDatabase"]>[0];

export async function createDatabase(context: WarehouseContext, request: CreateDatabase): Promise<void> {
  assertValidName(request.name);
  const name = request.name.toLowerCase();
  // Existing ones are told without taking the catalog's lock.
  if (request.ifNotExists && (await context.catalog.state()).database(name) !== undefined) return;
  await context.catalog.commit<void>((state) => {
    if (state.database(name) !== undefined) {
      if (request.ifNotExists) return { keep: undefined };
      throw schemaAlreadyExists(name);
    }
    const database: DatabaseEntry = {
      name,
      comment: request.comment ?? "",
      location: request.location === undefined ? databaseLocation(name) : normalizeLocation(request.location),
      properties: request.properties ?? {},
      createdMs: context.env.clock.now(),
    };
    return { operation: "CREATE DATABASE", actions: [{ database }], result: undefined };
  });
}

export async function alterDatabase(
  context: WarehouseContext,
  name: string,
  change: AlterDatabase,
): Promise<void> {
  await context.catalog.commit<void>((state) => {
    const before = state.database(name);
    if (before === undefined) throw schemaNotFound(name);
    const properties: Record<string, string> = { ...before.properties, ...change.properties };
    for (const key of change.unset ?? []) delete properties[key];
    const database: DatabaseEntry = {
      ...before,
      ...(change.comment === undefined ? {} : { comment: change.comment }),
      ...(change.location === undefined ? {} : { location: normalizeLocation(change.location) }),
      properties,
      ...(change.functions === undefined
        ? {}
        : { functions: withFunctions(before.functions, change.functions) }),
    };
    return { operation: "ALTER DATABASE", actions: [{ database }], result: undefined };
  });
}

function withFunctions(
  before: DatabaseEntry["functions"] = {},
  change: NonNullable<AlterDatabase["functions"]>,
): NonNullable<DatabaseEntry["functions"]> {
  const after = { ...before };
  for (const [name, definition] of Object.entries(change)) {
    if (definition === undefined) delete after[name];
    else after[name] = definition;
  }
  return after;
}

function hasFunctions(database: DatabaseEntry | undefined): boolean {
  return Object.keys(database?.functions ?? {}).length > 0;
}

/** With `cascade` its tables go in the same entry: all at once or not at all. */
export async function dropDatabase(context: WarehouseContext, request: DropDatabase): Promise<void> {
  const name = request.name.toLowerCase();
  if (name === DEFAULT_DATABASE) throw cannotDropDefaultDatabase();
  await context.catalog.commit<void>((state) => {
    if (state.database(name) === undefined) {
      if (request.ifExists) return { keep: undefined };
      throw schemaNotFound(request.name);
    }
    if (!request.cascade && (!state.isEmpty(name) || hasFunctions(state.database(name))))
      throw schemaNotEmpty(name);
    const actions: CatalogAction[] = [{ dropDatabase: { name } }];
    return { operation: "DROP DATABASE", actions, result: undefined };
  });
}

/** Directories in which managed tables may be: those of databases that are, and of databases that were. */
export async function databaseDirectories(context: WarehouseContext): Promise<readonly string[]> {
  const state = await context.catalog.state();
  const known = state.databases().map((database) => database.location);
  const former = (await context.storage.listDirectories("")).filter((name) => name.endsWith(".db"));
  return [...new Set([...known, ...former.map((name) => joinPath(name))])].sort();
}
