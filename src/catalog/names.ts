import { directoryParts, InvalidPathError } from "../storage/paths.ts";
import type { TableIdentifier } from "./catalog-entry.ts";
import { invalidName } from "./catalog-errors.ts";

/** Names as the catalog keeps them: lower case. */
export function normalizeTableName(name: TableIdentifier): TableIdentifier {
  return { database: name.database.toLowerCase(), table: name.table.toLowerCase() };
}

/** New names may hold letters, digits and underscores only, as Spark's session catalog asks. */
export function assertValidName(name: string): void {
  if (!/^[\w]+$/.test(name)) throw invalidName(name);
}

/** A directory as users write it, relative to the storage's root. */
export function normalizeLocation(location: string): string {
  const path = location.replace(/^[a-z][a-z0-9+.-]*:\/*/i, "").replace(/^\/+|\/+$/g, "");
  directoryParts(path);
  if (path === "" || path.startsWith("_")) throw new InvalidPathError(location, "not a place for tables");
  return path;
}
