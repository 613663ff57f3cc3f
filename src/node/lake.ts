import { basename, dirname, resolve } from "node:path";
import { setPlaceFinder } from "../lake/api/environment.ts";
import type { Storage } from "../storage/storage.ts";
import { DiskStorage } from "./disk-storage.ts";

const opened = new Map<string, Promise<Storage>>();

// A table is a folder on disk; those beside it share their locks with it.
setPlaceFinder(async (path) => {
  const full = resolve(path);
  const parent = dirname(full);
  const storage = opened.get(parent) ?? DiskStorage.open(parent);
  opened.set(parent, storage);
  return { storage: await storage, directory: basename(full) };
});

export * from "../lake/api/public.ts";
