import type { WrittenFile } from "../engine/engine-api.ts";
import { analysisError, unsupported } from "../errors/spark-error.ts";
import { joinPath } from "../storage/paths.ts";
import type { WarehouseContext } from "./context.ts";
import { DirectoryLease } from "./directory-lease.ts";
import { isFileProvider, listDataFiles, planNewFiles } from "./file-tables.ts";
import { normalizeLocation } from "./names.ts";
import type { TableWrite, WriteRequest, WriteResult } from "./warehouse-api.ts";

/**
 * Writes plain files into a directory of the storage, as `df.write.parquet("dir")`. As in Spark there is no
 * transaction: a reader that lists the directory in the middle of an overwrite may see both or part of the files.
 */
export async function beginPathFilesWrite(
  context: WarehouseContext,
  request: WriteRequest,
  path: string,
): Promise<TableWrite> {
  const provider = (request.provider ?? "").toLowerCase();
  if (!isFileProvider(provider)) throw unsupported(`files of provider ${provider}`);
  const directory = normalizeLocation(path);
  const before = await listDataFiles(context.storage, directory);
  const exists =
    before.length > 0 || (await context.storage.stat(joinPath(directory, "_SUCCESS"))) !== undefined;
  if (exists && request.mode === "error") throw analysisError("PATH_ALREADY_EXISTS", { outputPath: path });
  const plan = planNewFiles(request, path);
  const lease = await DirectoryLease.take(context.storage, directory);
  const skipped = exists && request.mode === "ignore";
  let ended = false;
  const removeAll = async (files: readonly { readonly path: string }[]): Promise<void> => {
    for (const file of files) await context.storage.remove(joinPath(directory, file.path));
  };
  return {
    skipped,
    directory,
    fileStem: context.env.random.uuid(),
    format: provider,
    schema: plan.schema,
    columns: plan.sources.map((source) => ({ source })),
    constraints: [],
    partitionBy: plan.partitionBy,
    physicalNames: undefined,
    statisticsColumns: 0,
    async commit(files: readonly WrittenFile[]): Promise<WriteResult> {
      if (ended) throw new Error("this write has been committed or aborted before");
      ended = true;
      try {
        if (skipped) return { version: undefined, skipped: true, rowCount: 0 };
        if (request.mode === "overwrite") {
          const written = new Set(files.map((file) => file.path));
          const old = await listDataFiles(context.storage, directory);
          await removeAll(
            old.filter((file) => !written.has(file.path) && isReplaced(file.path, request, files)),
          );
        }
        await context.storage.writeHint(joinPath(directory, "_SUCCESS"), new Uint8Array());
        const rowCount = files.reduce((sum, file) => sum + file.rowCount, 0);
        return { version: undefined, skipped: false, rowCount };
      } finally {
        await lease.release();
      }
    },
    async abort(files: readonly WrittenFile[] = []): Promise<void> {
      if (ended) return;
      ended = true;
      try {
        await removeAll(files);
      } catch (error) {
        context.env.logger.warn("files of a failed write stay behind", { directory, error: String(error) });
      }
      await lease.release();
    },
  };
}

/** A dynamic overwrite touches only the partitions that it writes. */
function isReplaced(path: string, request: WriteRequest, files: readonly WrittenFile[]): boolean {
  if (request.options?.partitionoverwritemode?.toLowerCase() !== "dynamic") return true;
  const directoryOf = (file: string): string => file.slice(0, file.lastIndexOf("/") + 1);
  return files.some((file) => directoryOf(file.path) === directoryOf(path));
}
