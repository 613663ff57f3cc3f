import { joinPath } from "../storage/paths.ts";
import type { Storage } from "../storage/storage.ts";
import { FileNotFoundError } from "../storage/storage.ts";
import { checkpointPartPath, checkpointPath, LAST_CHECKPOINT_PATH, LOG_DIRECTORY } from "./log-names.ts";

/** Where a checkpoint is: its version and the paths of its parts relative to the table's directory. */
export interface CheckpointLocation {
  readonly version: number;
  readonly paths: readonly string[];
}

/**
 * The newest checkpoint by the hint in `_last_checkpoint`. It is never the truth: lost, torn or stale, it only costs
 * time.
 */
export async function readLastCheckpoint(
  storage: Storage,
  directory: string,
): Promise<CheckpointLocation | undefined> {
  let hint: { version?: unknown; parts?: unknown; v2Checkpoint?: { path?: unknown } };
  try {
    hint = JSON.parse(
      new TextDecoder().decode(await storage.read(joinPath(directory, LAST_CHECKPOINT_PATH))),
    );
  } catch (error) {
    if (error instanceof FileNotFoundError || error instanceof SyntaxError) return undefined;
    throw error;
  }
  const { version, parts } = hint ?? {};
  if (typeof version !== "number" || !Number.isSafeInteger(version) || version < 0) return undefined;
  if (typeof hint.v2Checkpoint?.path === "string") {
    return { version, paths: [joinPath(LOG_DIRECTORY, hint.v2Checkpoint.path)] };
  }
  if (typeof parts === "number" && parts > 0) {
    return {
      version,
      paths: Array.from({ length: parts }, (_, i) => checkpointPartPath(version, i + 1, parts)),
    };
  }
  return { version, paths: [checkpointPath(version)] };
}

export async function writeLastCheckpoint(
  storage: Storage,
  directory: string,
  hint: {
    readonly version: number;
    readonly size: number;
    readonly sizeInBytes: number;
    readonly numOfAddFiles: number;
  },
): Promise<void> {
  await storage.writeHint(
    joinPath(directory, LAST_CHECKPOINT_PATH),
    new TextEncoder().encode(JSON.stringify(hint)),
  );
}
