import type { WrittenFile } from "../engine/engine-api.ts";
import type { Environment } from "../lake/environment.ts";
import type { FilePredicate } from "../lake/file-predicate.ts";
import { FileFilter } from "../lake/file-skipping.ts";
import { struct } from "../types/data-type.ts";
import type { CatalogAction } from "./catalog-actions.ts";
import type { TableEntry, TableIdentifier } from "./catalog-entry.ts";
import type { CatalogState } from "./catalog-state.ts";
import { tableFile } from "./file-tables.ts";
import type { WriteRequest } from "./warehouse-api.ts";
import type { FileScope, WriteDestination } from "./write-destination.ts";

/** The catalog actions by which a directory of its own becomes a table, new or in the place of another. */
export function newTableActions(
  env: Environment,
  request: WriteRequest,
  destination: Extract<WriteDestination, { kind: "newTable" }>,
  name: TableIdentifier,
  files: readonly WrittenFile[],
): readonly CatalogAction[] {
  const { replaces, provider, directory, layout } = destination;
  const kept = destination.keepsIdentity ? replaces : undefined;
  const now = env.clock.now();
  const comment = request.comment ?? kept?.comment;
  const entry: TableEntry = {
    ...name,
    id: kept?.id ?? env.random.uuid(),
    tableType: destination.external ? "EXTERNAL" : "MANAGED",
    provider,
    directory,
    ...(provider === "delta" ? {} : { schema: layout.schema, partitionColumns: layout.partitionBy }),
    ...(comment === undefined ? {} : { comment }),
    properties: request.properties ?? kept?.properties ?? {},
    options: provider === "delta" ? {} : { ...kept?.options, ...request.options },
    createdMs: kept?.createdMs ?? now,
    lastModifiedMs: now,
  };
  const actions: CatalogAction[] = [];
  if (replaces !== undefined && kept === undefined) actions.push({ dropTable: { id: replaces.id } });
  actions.push({ table: entry });
  if (kept !== undefined) actions.push({ clearFiles: { id: entry.id } });
  if (provider !== "delta") actions.push({ addFiles: { id: entry.id, files: files.map(tableFile) } });
  return actions;
}

/** Further files of a table whose files the catalog keeps. */
export function moreFilesActions(
  env: Environment,
  state: CatalogState,
  entry: TableEntry,
  files: readonly WrittenFile[],
  scope: FileScope,
): readonly CatalogAction[] {
  const actions: CatalogAction[] = [{ table: { ...entry, lastModifiedMs: env.clock.now() } }];
  if (scope === "dynamic") actions.push(...keptFiles(state, entry, files));
  else if (scope !== "append") actions.push(...filesBeyond(state, entry, scope));
  actions.push({ addFiles: { id: entry.id, files: files.map(tableFile) } });
  return actions;
}

/** The files that a condition on partition columns does not touch. */
function filesBeyond(
  state: CatalogState,
  entry: TableEntry,
  predicate: FilePredicate,
): readonly CatalogAction[] {
  const table = {
    schema: entry.schema ?? struct([]),
    partitionColumns: entry.partitionColumns ?? [],
    configuration: {},
  };
  const filter = new FileFilter(table, predicate);
  const kept = state.files(entry.id).filter(
    (file) =>
      !filter.mayMatch({
        path: file.path,
        partitionValues: file.partitionValues,
        size: file.sizeBytes,
        modificationTime: file.modifiedMs,
        dataChange: false,
      }),
  );
  return [{ clearFiles: { id: entry.id } }, { addFiles: { id: entry.id, files: kept } }];
}

/** A dynamic overwrite keeps the files of all partitions that it does not write. */
function keptFiles(
  state: CatalogState,
  entry: TableEntry,
  files: readonly WrittenFile[],
): readonly CatalogAction[] {
  const key = (values: Readonly<Record<string, string | null>>): string =>
    (entry.partitionColumns ?? []).map((name) => `${name}=${values[name] || "null"}`).join("\0");
  const written = new Set(files.map((file) => key(file.partitionValues)));
  const kept = state.files(entry.id).filter((file) => !written.has(key(file.partitionValues)));
  return [{ clearFiles: { id: entry.id } }, { addFiles: { id: entry.id, files: kept } }];
}
