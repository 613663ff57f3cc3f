import type { TableEntry } from "../catalog/catalog-entry.ts";
import { filesScan, listDataFiles } from "../catalog/file-tables.ts";
import type { ResolvedTable, TableScan } from "../catalog/warehouse-api.ts";
import type { Storage } from "../storage/storage.ts";
import { struct } from "../types/data-type.ts";
import type { UserFiles } from "./user-files.ts";

/** Where a table of plain files outside the warehouse has to be kept as a path of the machine; undefined elsewhere. */
export function diskPathOf(
  location: string | undefined,
  provider: string | undefined,
  files: UserFiles,
): string | undefined {
  return files.target === "disk" && provider !== "delta" ? location : undefined;
}

/** A table's newest version: of files on the machine's disk, what lies there now. */
export async function scanNow(table: ResolvedTable, files: UserFiles): Promise<TableScan> {
  const { entry } = table;
  return entry.diskPath === undefined ? table.scan() : diskScan(entry, entry.diskPath, files);
}

async function diskScan(entry: TableEntry, root: string, files: UserFiles): Promise<TableScan> {
  const listed = await listDataFiles(files.storage as Storage, root);
  const shape = { schema: entry.schema ?? struct([]), partitionColumns: entry.partitionColumns ?? [] };
  const scan = filesScan("", shape, listed);
  return {
    ...scan,
    files: async (predicate) =>
      (await scan.files(predicate)).map((file) => {
        const path = `${root}/${file.displayPath}`;
        return {
          ...file,
          ref: files.ref(path),
          cacheKey: `${root}/${file.cacheKey}`,
          displayPath: files.display(path),
        };
      }),
  };
}
