import { describe, expect, test } from "vitest";
import { crashEffects, FaultyStorage } from "../storage/faulty-storage.ts";
import { MANAGED_DIRECTORY } from "./context.ts";
import { copyStorage, FAULT_SCENARIOS, prepareStorage, visibleState } from "./testing/fault-scenarios.ts";
import { openWarehouse } from "./warehouse.ts";

const prepared = await prepareStorage();
const before = await visibleState(prepared);

describe.each(FAULT_SCENARIOS)("killed at any step of: $name", ({ run, isInvisible = false }) => {
  test("the warehouse is as before or as after, leftovers are collected, and it goes on", async () => {
    const clean = new FaultyStorage(await copyStorage(prepared));
    const done = await openWarehouse(clean);
    await run(done);
    await done.settled();
    const after = await visibleState(clean);
    if (isInvisible) expect(after).toEqual(before);
    else expect(after).not.toEqual(before);

    let sawBefore = 0;
    let sawAfter = 0;
    for (const { index, operation } of clean.calls) {
      for (const effect of crashEffects(operation)) {
        const storage = await copyStorage(prepared);
        const dying = new FaultyStorage(storage, (call) =>
          call.index === index ? { kind: "crash", effect } : undefined,
        );
        let acknowledged = false;
        try {
          const warehouse = await openWarehouse(dying);
          await run(warehouse);
          acknowledged = true;
          await warehouse.settled();
        } catch {
          // A dead process tells nobody anything.
        }
        const where = `${operation} ${clean.calls[index]?.target} (${effect})`;
        const found = await visibleState(storage);
        if (acknowledged) expect(found, `acknowledged, then killed at ${where}`).toEqual(after);
        else expect([before, after], `killed at ${where}`).toContainEqual(found);
        const landed = JSON.stringify(found) === JSON.stringify(after);
        if (landed) sawAfter++;
        else sawBefore++;

        const next = await openWarehouse(storage);
        const report = await next.collectLeftovers({ graceMs: -1 });
        expect(report.kept, where).toEqual([]);
        expect(await visibleState(storage), `collected after ${where}`).toEqual(found);
        await expectNoStrayDirectory(storage);
        if (!landed) {
          await run(next);
          expect(await visibleState(storage), `done again after ${where}`).toEqual(after);
        }
      }
    }
    if (!isInvisible) expect(sawBefore).toBeGreaterThan(0);
    expect(sawAfter).toBeGreaterThan(0);
  });
});

async function expectNoStrayDirectory(storage: Awaited<ReturnType<typeof copyStorage>>): Promise<void> {
  const warehouse = await openWarehouse(storage);
  const named = new Set<string>();
  for (const database of await warehouse.listDatabases()) {
    for (const entry of await warehouse.listTables(database.name))
      if (entry.directory) named.add(entry.directory);
  }
  for (const parent of (await storage.listDirectories("")).filter((name) => name.endsWith(".db"))) {
    for (const name of await storage.listDirectories(parent)) {
      if (MANAGED_DIRECTORY.test(name)) expect(named).toContain(`${parent}/${name}`);
    }
  }
}
