import type { WrittenFile } from "../engine/engine-api.ts";
import { decodeFilePath } from "../lake/actions.ts";
import { joinPath } from "../storage/paths.ts";
import type { WarehouseContext } from "./context.ts";
import type { WriteDestination } from "./write-destination.ts";

type RealDestination = Exclude<WriteDestination, { kind: "nothing" }>;

/** Takes files that were written for one directory into another. */
export async function copyWritten(
  { storage }: WarehouseContext,
  files: readonly WrittenFile[],
  from: string,
  to: string,
): Promise<void> {
  for (const file of files) {
    await storage.writeNew(joinPath(to, file.path), await storage.read(joinPath(from, file.path)));
  }
}

/** The last safeguard before files are removed: whatever went wrong, those that a table is made of stay. */
export async function isReferenced(
  context: WarehouseContext,
  destination: RealDestination,
  files: readonly WrittenFile[],
): Promise<boolean> {
  const { directory } = destination;
  if (destination.kind === "delta" || destination.kind === "newPath") {
    const latest = await destination.log.latest();
    const live = new Set(latest?.files.map((file) => decodeFilePath(file.path)));
    return files.some((file) => live.has(file.path));
  }
  const state = await context.catalog.state();
  if (destination.kind === "newTable")
    return state.allTables().some((entry) => entry.directory === directory);
  const known = new Set(state.files(destination.entry.id).map((file) => file.path));
  return files.some((file) => known.has(file.path));
}

/** Removes files that no table will be made of. */
export async function removeWritten(
  context: WarehouseContext,
  destination: RealDestination,
  files: readonly WrittenFile[],
  firstVersionWritten: boolean,
): Promise<void> {
  const { directory } = destination;
  if (destination.kind === "newTable" && !destination.external) {
    await context.deltaLog(directory, directory).settled();
    context.forget(directory);
    await context.storage.removeDirectory(directory);
    return;
  }
  // The user's own directory holds a complete table by now, if an unregistered one.
  if (destination.kind === "newTable" && firstVersionWritten) return;
  for (const file of files) await context.storage.remove(joinPath(directory, file.path));
}
