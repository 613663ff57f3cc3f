import type { WrittenFile } from "../../engine/engine-api.ts";
import type { Storage } from "../../storage/storage.ts";

/**
 * Moves files that an engine has written below `directory` into a folder that the user picked, which engines cannot
 * write to. Nothing new stays in the folder when one of them does not fit.
 */
export async function exportToFolder(
  files: readonly WrittenFile[],
  directory: string,
  storage: Partial<Pick<Storage, "read">> & Pick<Storage, "remove">,
  folder: Storage,
): Promise<void> {
  const copied: string[] = [];
  try {
    for (const { path } of files) {
      const bytes = (await storage.read?.(`${directory}/${path}`)) as Uint8Array;
      copied.push(path);
      await folder.writeNew(path, bytes);
    }
  } catch (error) {
    for (const path of copied) await folder.remove(path).catch(() => {});
    throw error;
  } finally {
    for (const { path } of files) await storage.remove(`${directory}/${path}`).catch(() => {});
  }
}
