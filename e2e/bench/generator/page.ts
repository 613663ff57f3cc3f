import { type GenerateOptions, type GenerateSummary, generate } from "../../../src/generate/index.ts";

/** What is measured: one run, and, with `killEveryMs`, threads that die at random under way. */
async function measure(options: GenerateOptions, killEveryMs?: number): Promise<GenerateSummary> {
  const run = generate(options);
  const killer =
    killEveryMs === undefined
      ? undefined
      : setInterval(() => run.kill(Math.floor(Math.random() * 4)), killEveryMs);
  try {
    return await run.done;
  } finally {
    clearInterval(killer);
  }
}

/** What the table holds by its own log, read anew. */
async function count(warehouse: string, table: string): Promise<number | undefined> {
  const { openWarehouse } = await import("../../../src/catalog/warehouse.ts");
  const { openStorage } = await import("../../../src/storage/open-storage.ts");
  const storage = await openStorage({ kind: "opfs", root: warehouse });
  const found = await (await openWarehouse(storage)).getTable({ database: "default", table });
  const scan = await found.scan();
  return scan.rowCount;
}

async function clear(): Promise<void> {
  const root = await navigator.storage.getDirectory();
  for await (const name of (root as unknown as { keys(): AsyncIterable<string> }).keys()) {
    await root.removeEntry(name, { recursive: true });
  }
}

Object.assign(globalThis, { measure, count, clear, isReady: true });
