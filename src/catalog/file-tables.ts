import type { ScanFile, WrittenFile } from "../engine/engine-api.ts";
import { analysisError } from "../errors/spark-error.ts";
import { FileFilter } from "../lake/file-skipping.ts";
import { resolvePartitionColumns } from "../lake/new-table.ts";
import { canStoreAssign } from "../lake/store-assignment.ts";
import { assertDistinctNames, resolveWriteSchema, schemaOfNewTable } from "../lake/write-schema.ts";
import { joinPath, parentOf } from "../storage/paths.ts";
import type { Storage } from "../storage/storage.ts";
import type { StructType } from "../types/data-type.ts";
import { struct } from "../types/data-type.ts";
import { quotedSqlType, simpleString } from "../types/format.ts";
import type { TableFile } from "./catalog-actions.ts";
import type { TableEntry } from "./catalog-entry.ts";
import { plainTableName, quotedTableName } from "./catalog-entry.ts";
import { partitioningMismatch } from "./catalog-errors.ts";
import type { TableScan, WriteRequest } from "./warehouse-api.ts";

/** Tables made of plain Parquet, CSV, JSON or text files, by Spark's rules for such tables. */
export const FILE_PROVIDERS = ["parquet", "csv", "json", "text"] as const;
export type FileProvider = (typeof FILE_PROVIDERS)[number];

export function isFileProvider(provider: string): provider is FileProvider {
  return (FILE_PROVIDERS as readonly string[]).includes(provider);
}

/** How data meets the columns of a table of files. */
export interface FileWritePlan {
  readonly schema: StructType;
  readonly sources: readonly (number | undefined)[];
  readonly partitionBy: readonly string[];
}

/** Partition columns come last in such a table, whatever their place in the data. */
export function planNewFiles(
  request: Pick<WriteRequest, "schema" | "partitionBy">,
  tableName: string,
): FileWritePlan {
  const data = schemaOfNewTable(request.schema);
  const partitionBy = resolvePartitionColumns(data, request.partitionBy ?? [], tableName);
  const indexes = data.fields.map((_, i) => i);
  const isPartition = (i: number): boolean => partitionBy.includes(data.fields[i]?.name ?? "");
  const partitionIndexes = partitionBy.map((name) => data.fields.findIndex((f) => f.name === name));
  const order = [...indexes.filter((i) => !isPartition(i)), ...partitionIndexes];
  return {
    schema: struct(order.map((i) => data.fields[i] as StructType["fields"][number])),
    sources: order,
    partitionBy,
  };
}

/** Spark's checks of an append to such a table. */
export function planMoreFiles(entry: TableEntry, schema: StructType, request: WriteRequest): FileWritePlan {
  const partitionBy = entry.partitionColumns ?? [];
  const { schema: data } = request;
  if (!request.byPosition) assertDistinctNames(data);
  if (request.partitionBy !== undefined && !sameNames(request.partitionBy, partitionBy)) {
    throw partitioningMismatch(entry, request.partitionBy, partitionBy);
  }
  if (request.byPosition) {
    const resolved = resolveWriteSchema(schema, data, {
      mergeSchema: false,
      byPosition: true,
      tableId: entry.id,
      tableName: quotedTableName(entry),
      overwrite: false,
    });
    return { schema, sources: resolved.sources, partitionBy };
  }
  if (data.fields.length !== schema.fields.length) {
    throw analysisError("_LEGACY_ERROR_TEMP_1161", {
      tableName: plainTableName(entry),
      existingTableSchema: simpleString(schema),
      querySchema: simpleString(data),
    });
  }
  const sources = schema.fields.map((f) => {
    const source = data.fields.findIndex((g) => g.name.toLowerCase() === f.name.toLowerCase());
    const found = data.fields[source];
    if (found === undefined) {
      throw analysisError("_LEGACY_ERROR_TEMP_1162", {
        col: f.name,
        inputColumns: data.fields.map((g) => g.name).join(", "),
      });
    }
    if (!canStoreAssign(found.dataType, f.dataType)) {
      throw analysisError("INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST", {
        tableName: quotedTableName(entry),
        colName: `\`${f.name}\``,
        srcType: quotedSqlType(found.dataType),
        targetType: quotedSqlType(f.dataType),
      });
    }
    return source;
  });
  return { schema, sources, partitionBy };
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.map((name) => name.toLowerCase()).join("\0") === b.map((name) => name.toLowerCase()).join("\0");
}

export function tableFile(file: WrittenFile): TableFile {
  const { path, sizeBytes, modifiedMs, rowCount, partitionValues } = file;
  return { path, sizeBytes, modifiedMs, rowCount, partitionValues };
}

/** A scan of files that the catalog or a listing names. */
export function filesScan(
  directory: string,
  table: { readonly schema: StructType; readonly partitionColumns: readonly string[] },
  files: readonly (Omit<TableFile, "rowCount"> & { readonly rowCount?: number })[],
): TableScan {
  const known = files.every((file) => file.rowCount !== undefined);
  return {
    ...table,
    version: undefined,
    timestampMs: undefined,
    rowCount: known ? files.reduce((sum, file) => sum + (file.rowCount ?? 0), 0) : undefined,
    sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
    physicalNames: undefined,
    source: { directory, version: undefined },
    async files(predicate) {
      const filter =
        predicate === undefined ? undefined : new FileFilter({ ...table, configuration: {} }, predicate);
      return files
        .filter(
          (file) =>
            filter?.mayMatch({
              path: file.path,
              partitionValues: file.partitionValues,
              size: file.sizeBytes,
              modificationTime: file.modifiedMs,
              dataChange: false,
            }) ?? true,
        )
        .map((file): ScanFile => {
          const path = joinPath(directory, file.path);
          return {
            ref: { kind: "storage", path },
            cacheKey: `${path}@${file.modifiedMs}:${file.sizeBytes}`,
            sizeBytes: file.sizeBytes,
            modifiedMs: file.modifiedMs,
            displayPath: path,
            partitionValues: file.partitionValues,
          };
        });
    },
  };
}

/** Files of a directory as Spark sees them: names that begin with `_` or `.` are hidden, `name=value` parts are values. */
export async function listDataFiles(
  storage: Storage,
  directory: string,
): Promise<readonly Omit<TableFile, "rowCount">[]> {
  const files = await storage.list(directory, { recursive: true });
  return files
    .map((file) => ({ ...file, path: directory === "" ? file.path : file.path.slice(directory.length + 1) }))
    .filter((file) => !file.path.split("/").some(isHiddenName))
    .map((file) => ({ ...file, partitionValues: partitionValuesOfPath(file.path) }));
}

function isHiddenName(name: string): boolean {
  return (name.startsWith("_") && !name.includes("=")) || name.startsWith(".");
}

const NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__";

function partitionValuesOfPath(path: string): Readonly<Record<string, string | null>> {
  const parent = parentOf(path);
  const parts = parent === "" ? [] : parent.split("/");
  return Object.fromEntries(
    parts
      .filter((part) => part.includes("="))
      .map((part) => {
        const at = part.indexOf("=");
        const value = unescapePath(part.slice(at + 1));
        return [unescapePath(part.slice(0, at)), value === NULL_PARTITION ? null : value];
      }),
  );
}

/** Hive's escapes: `%` and two hexadecimal digits stand for a character code. */
function unescapePath(part: string): string {
  return part.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
