import { expect, test } from "vitest";
import { FaultyStorage } from "../storage/faulty-storage.ts";
import { MemoryStorage } from "../storage/memory-storage.ts";
import { ID_SCHEMA } from "./testing/rows.ts";
import { openWarehouse } from "./warehouse.ts";

const MANY = Number(process.env.LAKELET_TABLES ?? 3_000);

/** CPU time, so that a busy machine does not count as a slow catalog. */
async function cpuMs(run: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

test(`registering table ${MANY} costs what table 10 cost, in calls and in time`, async () => {
  const counted = new FaultyStorage(new MemoryStorage());
  const warehouse = await openWarehouse(counted);
  const register = async (from: number, count: number): Promise<void> => {
    for (let n = from; n < from + count; n++) {
      const name = { database: "default", table: `t${n}` };
      await warehouse.createTable({ name, schema: ID_SCHEMA, provider: "parquet" });
      // As a session does it: the next thing is to look it up.
      expect(await warehouse.findTable(name)).toBeDefined();
    }
    await warehouse.settled();
  };
  const measured = async (from: number): Promise<{ readonly calls: number; readonly ms: number }> => {
    const before = counted.calls.length;
    const ms = await cpuMs(() => register(from, 200));
    return { calls: counted.calls.length - before, ms };
  };
  await register(0, 10);
  const warmUp = await measured(10);
  const early = await measured(210);
  await register(410, MANY - 410);
  const late = await measured(MANY);
  expect(late.calls).toBeLessThanOrEqual(Math.max(warmUp.calls, early.calls));
  // The limit is 1.3; what is above it is for the noise of so short a measurement.
  expect(late.ms / Math.max(warmUp.ms, early.ms)).toBeLessThan(2);
});

test("opening a catalog reads a checkpoint and the few entries after it", async () => {
  const storage = new MemoryStorage();
  const warehouse = await openWarehouse(storage);
  for (let n = 0; n < 300; n++) await warehouse.createDatabase({ name: `d${n}` });
  await warehouse.settled();
  const counted = new FaultyStorage(storage);
  expect(await (await openWarehouse(counted)).listDatabases()).toHaveLength(301);
  expect(counted.calls.length).toBeLessThan(60);
  // Of the checkpoints, the newest and the one before it are kept.
  const checkpoints = (await storage.list("_catalog")).filter((file) => file.path.includes(".checkpoint."));
  expect(checkpoints.length).toBeLessThanOrEqual(2);
});
