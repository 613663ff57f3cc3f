import type { TableIdentifier } from "../../catalog/catalog-entry.ts";
import { CATALOG_NAME, quotedTableName } from "../../catalog/catalog-entry.ts";
import type { ResolvedTable, WarehouseApi } from "../../catalog/warehouse-api.ts";
import { analysisError } from "../../errors/spark-error.ts";
import type { Command } from "../../plan/command.ts";
import type { Relation } from "../../plan/relation.ts";
import type { StructType } from "../../types/data-type.ts";
import { quoteIdentifier } from "../../types/format.ts";
import type { Operation } from "../operations.ts";
import type { QueryRunner } from "../query-runner.ts";
import { GLOBAL_TEMP_DATABASE, type SessionState } from "../session-state.ts";
import type { TempView } from "../temp-views.ts";
import type { CommandOutput } from "./command-output.ts";

/** What a command works with. */
export interface CommandEnv {
  readonly session: SessionState;
  readonly runner: QueryRunner;
  readonly warehouse: WarehouseApi;
  readonly operation: Operation;
  /** Runs another command in the same surroundings. */
  readonly run: (command: Command) => Promise<CommandOutput>;
  /** The same surroundings in an operation that sees other variables. */
  readonly within: (operation: Operation) => CommandEnv;
}

export const quoteName = quoteIdentifier;

export function quoteParts(parts: readonly string[]): string {
  return parts.map(quoteIdentifier).join(".");
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
    identifier: quoteParts(parts),
  });
}

/** The error of a command that names a table which is not there. */
export function tableNotFound(nameParts: readonly string[], session: SessionState): Error {
  return analysisError("TABLE_OR_VIEW_NOT_FOUND", {
    relationName: quoteParts(nameParts),
    searchPath: `[\`system\`.\`session\`, ${quoteParts([CATALOG_NAME, session.currentDatabase])}]`,
  });
}

/** The name of a temporary view as it was made, with `global_temp` before it where it is one; undefined when there is none. */
export function temporaryView(
  nameParts: readonly string[],
  session: SessionState,
): { readonly view: TempView; readonly nameParts: readonly string[] } | undefined {
  const name = nameParts.at(-1) as string;
  if (nameParts.length === 1) {
    const view = session.tempViews.find(name);
    return view && { view, nameParts: [view.name] };
  }
  if (nameParts.length !== 2 || nameParts[0]?.toLowerCase() !== GLOBAL_TEMP_DATABASE) return undefined;
  const view = session.driver.globalTempViews.find(name);
  return view && { view, nameParts: [GLOBAL_TEMP_DATABASE, view.name] };
}

/** A table or persistent view of the catalog. Throws TABLE_OR_VIEW_NOT_FOUND. */
export async function requireRelation(nameParts: readonly string[], env: CommandEnv): Promise<ResolvedTable> {
  const found = await findRelation(nameParts, env);
  if (found === undefined) throw tableNotFound(nameParts, env.session);
  return found;
}

export async function findRelation(
  nameParts: readonly string[],
  env: CommandEnv,
): Promise<ResolvedTable | undefined> {
  const parts = withoutCatalog(nameParts);
  if (parts.length > 2) throw singlePartNamespace(parts);
  return env.warehouse.findTable(tableIdentifier(nameParts, env.session));
}

/** A table. Throws EXPECT_TABLE_NOT_VIEW for views of any kind. */
export async function requireTable(
  nameParts: readonly string[],
  operation: string,
  env: CommandEnv,
  alternative: "NO_ALTERNATIVE" | "USE_ALTER_VIEW" = "NO_ALTERNATIVE",
): Promise<ResolvedTable> {
  const temporary = temporaryView(nameParts, env.session);
  const found = temporary === undefined ? await requireRelation(nameParts, env) : undefined;
  if (found !== undefined && found.entry.view === undefined) return found;
  throw analysisError(`EXPECT_TABLE_NOT_VIEW.${alternative}`, {
    operation,
    viewName: found === undefined ? quoteParts(temporary?.nameParts ?? []) : quotedTableName(found.entry),
  });
}

/** A query of everything in a table or view. */
export function readRelation(nameParts: readonly string[]): Relation {
  return { kind: "ReadTable", unparsedIdentifier: quoteParts(nameParts), nameParts, options: {} };
}

/** A table's schema, a view's, or a temporary view's, as a query sees it. */
export async function relationSchema(nameParts: readonly string[], env: CommandEnv): Promise<StructType> {
  return (await env.runner.prepare(readRelation(nameParts), env.operation)).query.schema;
}
