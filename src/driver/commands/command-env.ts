import type { TableIdentifier } from "../../catalog/catalog-entry.ts";
import { CATALOG_NAME } from "../../catalog/catalog-entry.ts";
import type { WarehouseApi } from "../../catalog/warehouse-api.ts";
import { analysisError } from "../../errors/spark-error.ts";
import { quoteIdentifier } from "../../types/format.ts";
import type { Operation } from "../operations.ts";
import type { QueryRunner } from "../query-runner.ts";
import type { SessionState } from "../session-state.ts";

/** What a command works with. */
export interface CommandEnv {
  readonly session: SessionState;
  readonly runner: QueryRunner;
  readonly warehouse: WarehouseApi;
  readonly operation: Operation;
}

/** `t`, `db.t` or `spark_catalog.db.t` as database and table. */
export function tableIdentifier(nameParts: readonly string[], session: SessionState): TableIdentifier {
  const parts = withoutCatalog(nameParts);
  if (parts.length === 1) return { database: session.currentDatabase, table: parts[0] as string };
  if (parts.length === 2) return { database: parts[0] as string, table: parts[1] as string };
  throw singlePartNamespace(parts);
}

/** `db` or `spark_catalog.db`. */
export function databaseName(nameParts: readonly string[]): string {
  const parts = withoutCatalog(nameParts);
  if (parts.length === 1) return parts[0] as string;
  throw singlePartNamespace(parts);
}

function withoutCatalog(nameParts: readonly string[]): readonly string[] {
  return nameParts.length > 1 && nameParts[0]?.toLowerCase() === CATALOG_NAME
    ? nameParts.slice(1)
    : nameParts;
}

function singlePartNamespace(parts: readonly string[]): Error {
  return analysisError("REQUIRES_SINGLE_PART_NAMESPACE", {
    sessionCatalog: CATALOG_NAME,
    namespace: parts.map(quoteIdentifier).join("."),
  });
}

/** The error of a query that names a table which is not there. */
export function tableNotFound(nameParts: readonly string[], session: SessionState): Error {
  return analysisError("TABLE_OR_VIEW_NOT_FOUND", {
    relationName: nameParts.map(quoteIdentifier).join("."),
    searchPath: `[\`system\`.\`session\`, ${quoteIdentifier(CATALOG_NAME)}.${quoteIdentifier(session.currentDatabase)}]`,
  });
}
