import type { Storage, StorageDescriptor } from "./storage.ts";

/** How an engine of this driver opens the storage: files it opens itself, memory it reaches through a port. */
export function shareStorage(storage: Storage): StorageDescriptor {
  return storage.descriptor();
}
