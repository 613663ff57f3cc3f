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

test("a lock that was taken away is noticed before the commit point", async () => {
  const storage = await DiskStorage.open(root);
  const locks = join(root, "_tmp/locks");
  await storage.exclusive("lock", async (lock) => {
    await lock.assertHeld();
    await writeFile(join(locks, (await readdir(locks))[0] as string), `elsewhere 1 ${crypto.randomUUID()}`);
    await expect(lock.assertHeld()).rejects.toMatchObject({ kind: "conflict", retryable: true });
  });
});
