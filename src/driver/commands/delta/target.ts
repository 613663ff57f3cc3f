import { CATALOG_NAME } from "../../../catalog/catalog-entry.ts";
import type { ChangedFile, ChangeTarget, TableChange } from "../../../catalog/table-change.ts";
import type { TableScan } from "../../../catalog/warehouse-api.ts";
import { unsupported } from "../../../errors/spark-error.ts";
import type { FilePredicate } from "../../../lake/file-predicate.ts";
import type { ReadTable, Relation } from "../../../plan/relation.ts";
import { parseMultipartIdentifier } from "../../../sql/parse-data-type.ts";
import { type CommandEnv, tableIdentifier, tableNotFound } from "../command-env.ts";

/** What a statement calls the table that it changes. */
export interface NamedTarget {
  readonly target: ChangeTarget;
  readonly alias: string | undefined;
  /** Connect's id, by which a DataFrame's columns are known. */
  readonly planId: number | undefined;
}

/** The version of a table that a statement reads, under a name that no user can write. */
export interface TargetPin {
  readonly name: string;
  readonly identifier: readonly string[];
  readonly scan: TableScan;
  readonly relation: ReadTable;
  readonly alias: string | undefined;
}

/** Finds the table of `DELETE FROM t AS x` and its like; views and queries are no tables. */
export async function namedTarget(
  relation: Relation,
  operation: string,
  env: CommandEnv,
): Promise<NamedTarget> {
  let alias: string | undefined;
  let planId: number | undefined;
  let table = relation;
  while (table.kind === "SubqueryAlias") {
    if (table.columnAliases !== undefined) throw unsupported(`${operation} with column aliases`);
    alias ??= table.alias;
    planId ??= table.planId;
    table = table.input;
  }
  if (table.kind === "ReadDataSource" && table.format?.toLowerCase() === "delta") {
    const [path] = table.paths;
    if (path !== undefined) return { target: pathTarget(path, env), alias, planId: planId ?? table.planId };
  }
  if (table.kind !== "ReadTable" || table.version !== undefined || table.timestamp !== undefined) {
    throw unsupported(`${operation} on something that is not a table`);
  }
  const parts = table.nameParts ?? parseMultipartIdentifier(table.unparsedIdentifier);
  return { target: await tableTarget(parts, operation, env), alias, planId: planId ?? table.planId };
}

/** A table by its name, or `` delta.`path` ``. */
export async function tableTarget(
  parts: readonly string[],
  operation: string,
  env: CommandEnv,
): Promise<ChangeTarget> {
  if (parts.length === 1 && env.session.tempViews.find(parts[0] as string) !== undefined) {
    throw unsupported(`${operation} on a temporary view`);
  }
  if (parts.length === 2 && parts[0]?.toLowerCase() === "delta") {
    const name = tableIdentifier(parts, env.session);
    if ((await env.warehouse.findTable(name).catch(() => undefined)) === undefined) {
      return pathTarget(parts[1] as string, env);
    }
  }
  const name = tableIdentifier(parts, env.session);
  const found = await env.warehouse.findTable(name);
  if (found === undefined) throw tableNotFound(parts, env.session);
  if (found.entry.tableType === "VIEW") throw unsupported(`${operation} on a view`);
  return { kind: "table", name };
}

/** The table of `OPTIMIZE t`, ``VACUUM delta.`path` ``, `VACUUM 'path'`. */
export async function maintenanceTarget(
  command: { readonly name: readonly string[]; readonly path?: string },
  operation: string,
  env: CommandEnv,
): Promise<ChangeTarget> {
  return command.path === undefined
    ? tableTarget(command.name, operation, env)
    : pathTarget(command.path, env);
}

export function pathTarget(path: string, env: CommandEnv): ChangeTarget {
  return { kind: "path", path: env.session.driver.userFiles.toStoragePath(path) };
}

let pins = 0;

/**
 * The change's version of the table. Which of its files a query reads is decided when the query runs: `files` is asked
 * with what the query knows of the rows that matter to it.
 */
export function pinTarget(
  change: TableChange,
  named: Pick<NamedTarget, "alias" | "planId">,
  files: (predicate: FilePredicate) => Promise<readonly ChangedFile[]>,
): TargetPin {
  const { scan, entry } = change;
  const name = `\0${pins++}`;
  return {
    name,
    identifier:
      entry === undefined ? ["delta", change.displayName] : [CATALOG_NAME, entry.database, entry.table],
    alias: named.alias,
    scan: {
      schema: scan.schema,
      partitionColumns: scan.partitionColumns,
      version: scan.version,
      timestampMs: scan.timestampMs,
      rowCount: undefined,
      sizeBytes: scan.sizeBytes,
      physicalNames: scan.physicalNames,
      source: scan.source,
      files: async (predicate) => (await files(predicate ?? { kind: "always" })).map((file) => file.scan),
    },
    relation: {
      kind: "ReadTable",
      unparsedIdentifier: "",
      nameParts: [name],
      options: {},
      ...(named.planId === undefined ? {} : { planId: named.planId }),
    },
  };
}
