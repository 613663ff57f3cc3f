import { describe, expect, test } from "vitest";
import { LakeletError } from "../errors/lakelet-error.ts";
import { MemoryStorage } from "./memory-storage.ts";
import { openStorage } from "./open-storage.ts";
import type { Storage } from "./storage.ts";
import { STORAGE_CONTRACT } from "./storage-contract.ts";

describe("memory storage of another realm", () => {
  test.each(STORAGE_CONTRACT)("$name", async ({ run }) => {
    const storage = new MemoryStorage();
    await run(() => openStorage(storage.descriptor()));
    await storage.close();
  });
});

test("the locks of a realm that dies are given back", async () => {
  const storage = new MemoryStorage();
  const client = await openStorage(storage.descriptor());
  await new Promise<void>((held) => {
    void client
      .exclusive("lock", async () => {
        held();
        await new Promise(() => {});
      })
      .catch(() => {});
  });
  const next = storage.exclusive("lock", async () => "free again");
  await client.close();
  expect(await next).toBe("free again");
});

test("calls to a storage whose realm has ended fail instead of hanging", async () => {
  const storage = new MemoryStorage();
  const client: Storage = await openStorage(storage.descriptor());
  await client.writeNew("f", new Uint8Array(1));
  const waiting = storage.exclusive("lock", async () => {
    const pending = client.exclusive("lock", async () => {});
    await storage.close();
    await expect(pending).rejects.toMatchObject({ kind: "crashed" });
  });
  await waiting;
  await expect(client.read("f")).rejects.toThrow(LakeletError);
});

test("hints reach every realm", async () => {
  const storage = new MemoryStorage();
  const [a, b] = await Promise.all([openStorage(storage.descriptor()), openStorage(storage.descriptor())]);
  const heard = new Promise<string>((resolve) => b?.subscribe(resolve));
  a?.notify("catalog");
  expect(await heard).toBe("catalog");
  await storage.close();
});
