import { baseName, joinPath } from "../storage/paths.ts";
import type { FileInfo, Storage } from "../storage/storage.ts";
import { LOG_DIRECTORY, parseLogFileName } from "./log-names.ts";

interface LogEntry {
  readonly file: FileInfo;
  readonly version: number;
  readonly kind: string;
}

/**
 * Removes log files of versions that are older than `oldestMs`, as far as a checkpoint stands for them: every version
 * that stays can still be read. Oldest files go first, so that what a crash leaves is a shorter log and no gap.
 */
export async function cleanUpOldLog(storage: Storage, directory: string, oldestMs: number): Promise<number> {
  const entries = await logEntries(storage, directory);
  const commits = entries.filter((entry) => entry.kind === "commit");
  const firstKept = commits.find((entry) => entry.file.modifiedMs >= oldestMs) ?? commits.at(-1);
  if (firstKept === undefined) return 0;
  const base = entries
    .filter((entry) => entry.kind === "checkpoint" && entry.version <= firstKept.version)
    .at(-1);
  return base === undefined ? 0 : removeBefore(storage, entries, base.version);
}

/** Removes the log files of all versions before one that has a checkpoint. */
export async function cleanUpLogBefore(
  storage: Storage,
  directory: string,
  version: number,
): Promise<number> {
  const entries = await logEntries(storage, directory);
  const hasCheckpoint = entries.some((entry) => entry.kind === "checkpoint" && entry.version === version);
  return hasCheckpoint ? removeBefore(storage, entries, version) : 0;
}

async function logEntries(storage: Storage, directory: string): Promise<readonly LogEntry[]> {
  const files = await storage.list(joinPath(directory, LOG_DIRECTORY));
  return files
    .flatMap((file): LogEntry[] => {
      const parsed = parseLogFileName(baseName(file.path));
      return parsed === undefined ? [] : [{ file, version: parsed.version, kind: parsed.kind }];
    })
    .sort((a, b) => a.version - b.version);
}

async function removeBefore(
  storage: Storage,
  entries: readonly LogEntry[],
  version: number,
): Promise<number> {
  let count = 0;
  for (const entry of entries) {
    if (entry.version < version && (await storage.remove(entry.file.path))) count++;
  }
  return count;
}
