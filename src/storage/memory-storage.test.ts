import { describe, test } from "vitest";
import { MemoryStorage } from "./memory-storage.ts";
import { STORAGE_CONTRACT } from "./storage-contract.ts";

describe("memory storage", () => {
  test.each(STORAGE_CONTRACT)("$name", async ({ run }) => {
    const storage = new MemoryStorage();
    await run(async () => storage);
  });
});
