import { decodeCommit } from "../lake/commit-file.ts";
import { commitPath } from "../lake/log-names.ts";
import { commitInfoOf } from "../lake/time-travel.ts";
import { joinPath } from "../storage/paths.ts";
import { FileNotFoundError } from "../storage/storage.ts";
import type { TableEntry, TableIdentifier } from "./catalog-entry.ts";
import { schemaNotFound } from "./catalog-errors.ts";
import { MANAGED_DIRECTORY, type WarehouseContext } from "./context.ts";
import { databaseDirectories } from "./database-operations.ts";
import { directoryLockName } from "./directory-lease.ts";
import { normalizeLocation } from "./names.ts";
import type { CollectionReport } from "./warehouse-api.ts";

/**
 * Finds what crashes, drops and overwrites left behind and removes it when nobody can need it: no entry names it, no
 * writer or reader holds it, and its newest file is older than `graceMs`. Whatever cannot be read stays.
 */
export async function collectLeftovers(
  context: WarehouseContext,
  options: { readonly dryRun: boolean; readonly graceMs: number },
): Promise<CollectionReport> {
  const report = { directories: [] as string[], files: [] as string[], sizeBytes: 0, kept: [] as string[] };
  for (const parent of await databaseDirectories(context)) {
    for (const name of await context.storage.listDirectories(parent)) {
      if (!MANAGED_DIRECTORY.test(name)) continue;
      const directory = joinPath(parent, name);
      const attempt = await context.storage.tryExclusive(directoryLockName(directory), () =>
        collectDirectory(context, directory, options, report),
      );
      if (!attempt.ran) report.kept.push(directory);
    }
  }
  return report;
}

/** Under the directory's exclusive lock. */
async function collectDirectory(
  context: WarehouseContext,
  directory: string,
  options: { readonly dryRun: boolean; readonly graceMs: number },
  report: {
    readonly directories: string[];
    readonly files: string[];
    sizeBytes: number;
    readonly kept: string[];
  },
): Promise<void> {
  const state = await context.catalog.state();
  const owner = state.allTables().find((entry) => entry.directory === directory);
  const files = await context.storage.list(directory, { recursive: true });
  const oldest = context.env.clock.now() - options.graceMs;
  if (owner !== undefined) {
    // A Delta table's files are VACUUM's business; of plain files the catalog says which belong.
    if (owner.provider === "delta") return;
    const known = new Set(state.files(owner.id).map((file) => joinPath(directory, file.path)));
    for (const file of files) {
      if (known.has(file.path) || file.modifiedMs > oldest) continue;
      report.files.push(file.path);
      report.sizeBytes += file.sizeBytes;
      if (!options.dryRun) await context.storage.remove(file.path);
    }
    return;
  }
  const isYoung = files.some((file) => file.modifiedMs > oldest);
  if (isYoung || (await isForeignTable(context, directory))) {
    report.kept.push(directory);
    return;
  }
  report.directories.push(directory);
  report.sizeBytes += files.reduce((sum, file) => sum + file.sizeBytes, 0);
  if (options.dryRun) return;
  context.forget(directory);
  await context.storage.removeDirectory(directory);
}

/**
 * A complete Delta table that this catalog never made: somebody put it there. One that this catalog made and does not
 * name was dropped, or its creation was interrupted.
 */
async function isForeignTable(context: WarehouseContext, directory: string): Promise<boolean> {
  const path = joinPath(directory, commitPath(0));
  let bytes: Uint8Array;
  try {
    bytes = await context.storage.read(path);
  } catch (error) {
    if (error instanceof FileNotFoundError) return false;
    throw error;
  }
  const info = commitInfoOf({ version: 0, path, actions: decodeCommit(bytes, path) });
  const catalogId = await context.catalog.ensureCatalogId();
  return info?.lakeletWarehouse !== catalogId;
}

/** Registers the complete Delta tables below a directory that no entry names and that are no leftovers of this catalog. */
export async function adoptTables(
  context: WarehouseContext,
  request: { readonly database: string; readonly directory?: string },
): Promise<readonly TableIdentifier[]> {
  const database = (await context.catalog.state()).database(request.database);
  if (database === undefined) throw schemaNotFound(request.database);
  const parent = request.directory === undefined ? database.location : normalizeLocation(request.directory);
  const adopted: TableIdentifier[] = [];
  for (const name of await context.storage.listDirectories(parent)) {
    const directory = joinPath(parent, name);
    const known = (await context.catalog.state()).allTables().some((entry) => entry.directory === directory);
    if (known || !(await isForeignTable(context, directory))) continue;
    const snapshot = await context.deltaLog(directory, directory).latest();
    if (snapshot === undefined) continue;
    const entry = await context.catalog.commit<TableEntry | undefined>((state) => {
      if (state.allTables().some((other) => other.directory === directory)) return { keep: undefined };
      const now = context.env.clock.now();
      const table: TableEntry = {
        database: database.name,
        table: freeName(
          name,
          (candidate) => state.table({ database: database.name, table: candidate }) !== undefined,
        ),
        id: context.env.random.uuid(),
        tableType: parent === database.location ? "MANAGED" : "EXTERNAL",
        provider: "delta",
        directory,
        properties: {},
        options: {},
        createdMs: now,
        lastModifiedMs: now,
      };
      return { operation: "ADOPT TABLE", actions: [{ table }], result: table };
    });
    if (entry !== undefined) adopted.push({ database: entry.database, table: entry.table });
  }
  return adopted;
}

/** A directory's name as a table's: letters, digits and underscores, without the random end, not taken yet. */
function freeName(directoryName: string, isTaken: (name: string) => boolean): string {
  const base = directoryName.replace(MANAGED_DIRECTORY, "").toLowerCase().replace(/\W+/g, "_") || "table";
  if (!isTaken(base)) return base;
  for (let n = 2; ; n++) if (!isTaken(`${base}_${n}`)) return `${base}_${n}`;
}
