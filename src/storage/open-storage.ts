import { LakeletError } from "../errors/lakelet-error.ts";
import { DirectoryHandleStorage } from "./directory-handle-storage.ts";
import { MemoryStorage } from "./memory-storage.ts";
import { OpfsStorage } from "./opfs-storage.ts";
import { PortStorage } from "./port-storage.ts";
import type { Storage, StorageDescriptor } from "./storage.ts";

export type StorageOpener = (descriptor: StorageDescriptor) => Promise<Storage>;

/** What a platform adds to the kinds that work everywhere: Node brings `disk` (src/node/disk-storage.ts). */
export type StorageOpeners = Readonly<Partial<Record<StorageDescriptor["kind"], StorageOpener>>>;

/**
 * Opens the storage that a descriptor names. A `memory` descriptor without a port gives a new, private storage.
 */
export async function openStorage(
  descriptor: StorageDescriptor,
  openers: StorageOpeners = {},
): Promise<Storage> {
  const own = openers[descriptor.kind];
  if (own !== undefined) return own(descriptor);
  switch (descriptor.kind) {
    case "opfs":
      return OpfsStorage.open(descriptor.root);
    case "memory":
      return descriptor.port === undefined
        ? new MemoryStorage({ id: descriptor.id })
        : new PortStorage(descriptor.port, descriptor.id);
    case "handle":
      return new DirectoryHandleStorage(descriptor.handle);
    case "disk":
      throw new LakeletError(
        "unavailable",
        `a folder on disk (${descriptor.root}) can be opened in Node only`,
      );
  }
}
