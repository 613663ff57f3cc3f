import { openStorage } from "../storage/open-storage.ts";
import type { Storage, StorageDescriptor } from "../storage/storage.ts";
import { DiskStorage } from "./disk-storage.ts";

/** Opens a storage in Node: also a folder on disk. */
export function openNodeStorage(descriptor: StorageDescriptor): Promise<Storage> {
  return openStorage(descriptor, {
    disk: (disk) => DiskStorage.open((disk as Extract<StorageDescriptor, { kind: "disk" }>).root),
  });
}
