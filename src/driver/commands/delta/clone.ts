import { CATALOG_NAME } from "../../../catalog/catalog-entry.ts";
import { unsupported } from "../../../errors/spark-error.ts";
import type { ReadTable, Relation } from "../../../plan/relation.ts";
import type { CloneTable } from "../../../plan/statement.ts";
import { parseMultipartIdentifier } from "../../../sql/parse-data-type.ts";
import { field, LONG, struct } from "../../../types/data-type.ts";
import { type CommandEnv, tableIdentifier } from "../command-env.ts";
import type { CommandOutput } from "../command-output.ts";
import { requireDatabase } from "../write.ts";
import { snapshotAt } from "./maintenance.ts";
import { pathTarget, tableTarget } from "./target.ts";

const OUTPUT = struct(
  [
    "source_table_size",
    "source_num_of_files",
    "num_removed_files",
    "num_copied_files",
    "removed_files_size",
    "copied_files_size",
  ].map((name) => field(name, LONG)),
);

/** `CREATE TABLE t [SHALLOW | DEEP] CLONE s [VERSION AS OF n]`. */
export async function cloneTable(command: CloneTable, env: CommandEnv): Promise<CommandOutput> {
  if (command.mode === "replace") throw unsupported("REPLACE TABLE ... CLONE");
  const name = tableIdentifier(command.name, env.session);
  await requireDatabase(name.database, env);
  const source = sourceTable(command.source);
  const target =
    source.kind === "ReadTable"
      ? await tableTarget(
          source.nameParts ?? parseMultipartIdentifier(source.unparsedIdentifier),
          "CLONE",
          env,
        )
      : pathTarget(source.paths[0] as string, env);
  const { log, entry } = await env.warehouse.deltaTable(target, "CLONE");
  const point = source.kind === "ReadTable" ? source : {};
  const result = await env.warehouse.cloneTable({
    source: {
      log,
      snapshot: await snapshotAt(log, point, env),
      name: entry === undefined ? log.displayName : `${CATALOG_NAME}.${entry.database}.${entry.table}`,
    },
    name,
    isShallow: command.isShallow,
    ifNotExists: command.mode === "createIfNotExists",
    orReplace: command.mode === "createOrReplace",
    properties: command.properties,
    ...(command.location === undefined
      ? {}
      : { location: env.session.driver.userFiles.toStoragePath(command.location) }),
  });
  const { sourceSizeBytes, sourceFileCount, copiedFileCount, copiedSizeBytes } = result;
  return {
    schema: OUTPUT,
    rows: [[sourceSizeBytes, sourceFileCount, 0, copiedFileCount, 0, copiedSizeBytes]],
  };
}

function sourceTable(relation: Relation): ReadTable | Extract<Relation, { kind: "ReadDataSource" }> {
  let source = relation;
  while (source.kind === "SubqueryAlias") source = source.input;
  if (source.kind === "ReadTable") return source;
  if (source.kind === "ReadDataSource" && source.format?.toLowerCase() === "delta") return source;
  throw unsupported("CLONE of something that is not a Delta table");
}
