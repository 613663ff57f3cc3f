import { DirectoryHandleStorage } from "../storage/directory-handle-storage.ts";
import { openStorage } from "../storage/open-storage.ts";
import type { Storage, StorageDescriptor } from "../storage/storage.ts";

/**
 * Where files are: a directory in OPFS (in Node a folder on disk), a folder that the user has picked, or a storage.
 * Paths are relative to it.
 */
export type FileLocation = string | FileSystemDirectoryHandle | Storage;

/** What Node has in place of what browsers have. */
export interface FilePlatform {
  readonly openStorage: (descriptor: StorageDescriptor) => Promise<Storage>;
  readonly descriptorOf: (directory: string) => StorageDescriptor;
}

let platform: FilePlatform = {
  openStorage: (descriptor) => openStorage(descriptor),
  descriptorOf: (root) => ({ kind: "opfs", root }),
};

export function setFilePlatform(other: FilePlatform): void {
  platform = other;
}

export async function openLocation(location: FileLocation = ""): Promise<Storage> {
  if (typeof location === "string") return platform.openStorage(platform.descriptorOf(location));
  if (isStorage(location)) return location;
  return new DirectoryHandleStorage(location);
}

export function openDescriptor(descriptor: StorageDescriptor): Promise<Storage> {
  return platform.openStorage(descriptor);
}

function isStorage(location: object): location is Storage {
  return typeof (location as Partial<Storage>).openBlob === "function";
}
