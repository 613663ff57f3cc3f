import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { STORAGE_CONTRACT } from "../storage/storage-contract.ts";
import { DiskStorage } from "./disk-storage.ts";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "lakelet-disk-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe("disk storage", () => {
  test.each(STORAGE_CONTRACT)("$name", async ({ run }) => {
    await run(() => DiskStorage.open(root));
  });
});

test("a lock whose process is gone does not keep anybody waiting", async () => {
  const storage = await DiskStorage.open(root);
  const locks = join(root, "_tmp/locks");
  let name = "";
  await storage.exclusive("lock", async () => {
    name = (await readdir(locks))[0] as string;
  });
  await writeFile(join(locks, name), `elsewhere 1 ${crypto.randomUUID()}`);
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(join(locks, name), longAgo, longAgo);
  expect(await storage.exclusive("lock", async () => "mine")).toBe("mine");
});

test("a lock file that another process made in the meantime is not taken for an abandoned one", async () => {
  const storages = await Promise.all([1, 2, 3, 4].map(() => DiskStorage.open(root)));
  let inside = 0;
  let worst = 0;
  await Promise.all(
    storages.flatMap((storage) =>
      Array.from({ length: 25 }, () =>
        storage.exclusive("lock", async () => {
          inside++;
          worst = Math.max(worst, inside);
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 2));
          inside--;
        }),
      ),
    ),
  );
  expect(worst).toBe(1);
});
