import { serveStorage } from "./serve-storage.ts";
import type { Storage, StorageDescriptor } from "./storage.ts";

/** How an engine of this driver opens the storage: files it opens itself, memory it reaches through a port. */
export function shareStorage(storage: Storage): StorageDescriptor {
  const own = storage.descriptor();
  if (own.kind !== "memory") return own;
  const { port1, port2 } = new MessageChannel();
  serveStorage(storage, port1);
  return { ...own, port: port2 };
}
