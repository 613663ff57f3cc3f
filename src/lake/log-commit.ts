import type { Storage } from "../storage/storage.ts";
import { FileNotFoundError } from "../storage/storage.ts";
import { AmbiguousCommitError } from "./ambiguous-commit-error.ts";

/**
 * Puts a log entry where none is. True: it is ours now. False: somebody else's is there. When the storage fails in
 * between, the log itself tells which: `isOurs` recognizes our own bytes.
 */
export async function putEntry(
  storage: Storage,
  path: string,
  bytes: Uint8Array,
  isOurs: (bytes: Uint8Array) => boolean,
): Promise<boolean> {
  try {
    return await storage.putIfAbsent(path, bytes);
  } catch (error) {
    let found: Uint8Array;
    try {
      found = await storage.read(path);
    } catch (readError) {
      if (readError instanceof FileNotFoundError) throw error;
      throw new AmbiguousCommitError(path, { cause: error });
    }
    return isOurs(found);
  }
}
