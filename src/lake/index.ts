import { OpfsStorage } from "../storage/opfs-storage.ts";
import type { Storage } from "../storage/storage.ts";
import { inside, setPlaceFinder } from "./api/environment.ts";

let opened: Promise<Storage> | undefined;

// Where a session of this origin has the paths of `read` and `write`, so that both see the same tables.
setPlaceFinder(async (path) => {
  opened ??= OpfsStorage.open("lakelet");
  return { storage: await opened, directory: inside(path, "files") };
});

export * from "./api/public.ts";
