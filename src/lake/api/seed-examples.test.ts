import { describe, expect, test } from "vitest";
import { MemoryStorage } from "../../storage/memory-storage.ts";
import {
  ConcurrentModificationException,
  createTable,
  LockLostError,
  type Logger,
  loadTable,
  Schema,
  type Table,
  type TableRecord,
} from "./public.ts";

/** The ways in which programs share a table: each as a program would write it. */
const two = (second: string, third?: string): Schema =>
  new Schema({
    schemaId: 1,
    fields: [
      { id: 1, name: "record_id", type: "long", required: true },
      { id: 2, name: second, type: "string", required: true },
      ...(third === undefined ? [] : [{ id: 3, name: third, type: "string", required: true } as const]),
    ],
  });

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const byId = (records: readonly TableRecord[]): readonly number[] =>
  records.map((r) => Number(r.record_id)).sort((a, b) => a - b);

describe("optimistic concurrency", () => {
  test("conflicts are noticed: a transaction that reads fails when another one came first", async () => {
    const storage = new MemoryStorage();
    const schema = two("value");
    const table = await createTable("/path/to/table", schema, { storage });
    {
      await using tx = table.newTransaction();
      await tx.appendData({ records: [{ record_id: 1, value: "A" }], schema });
      expect(await tx.commit()).toBe(true);
    }
    const other = await loadTable("/path/to/table", { storage });
    const tx = await table.newTransaction({ strict: true }).begin();
    await other.appendRecords([{ record_id: 2, value: "B" }], schema);
    await tx.appendData({ records: [{ record_id: 3, value: "C" }], schema });
    await expect(tx.commit()).rejects.toThrow(ConcurrentModificationException);
    expect(tx.isActive).toBe(false);
    expect(byId(await table.scan())).toEqual([1, 2]);
  });

  test("a loop that tries again, with exponential backoff", async () => {
    const storage = new MemoryStorage();
    const schema = two("value");
    const table = await createTable("/path/to/table", schema, { storage });
    const other = await loadTable("/path/to/table", { storage });
    const maxRetries = 5;
    const waits: number[] = [];
    let succeeded = false;
    for (let attempt = 0; attempt < maxRetries && !succeeded; attempt++) {
      try {
        await using tx = await table.newTransaction({ strict: true }).begin();
        // Twice somebody else is faster.
        if (attempt < 2) await other.appendRecords([{ record_id: 10 + attempt, value: "X" }]);
        await tx.appendData({ records: [{ record_id: 2, value: "B" }], schema });
        succeeded = await tx.commit();
      } catch (error) {
        if (!(error instanceof ConcurrentModificationException) || attempt === maxRetries - 1) throw error;
        waits.push(0.01 * 2 ** attempt);
        await pause(10 * 2 ** attempt);
      }
    }
    expect(succeeded).toBe(true);
    expect(waits).toEqual([0.01, 0.02]);
    expect(byId(await table.scan())).toEqual([2, 10, 11]);
  });
});

describe("several processes", () => {
  test("readers while somebody writes see whole versions", async () => {
    const storage = new MemoryStorage();
    const schema = two("value");
    const table = await createTable("/path/to/concurrent_table", schema, { storage });
    let writing = true;
    const seen: number[] = [];
    const reader = async (): Promise<void> => {
      const own = await loadTable("/path/to/concurrent_table", { storage });
      while (writing) {
        const snapshot = await own.currentSnapshot();
        const before = await snapshot.rowCount();
        await pause(1);
        // The snapshot is as it was, whatever came since.
        expect((await snapshot.scan()).length).toBe(before);
        seen.push(before);
      }
    };
    const writer = async (): Promise<void> => {
      for (let i = 0; i < 20; i++) {
        const batch = [
          { record_id: 2 * i, value: "C" },
          { record_id: 2 * i + 1, value: "C" },
        ];
        await table.appendRecords(batch, schema);
        await pause(1);
      }
      writing = false;
    };
    await Promise.all([reader(), reader(), writer()]);
    expect(seen.every((n) => n % 2 === 0)).toBe(true);
    expect(await table.rowCount()).toBe(40);
  });

  test("two writers of a hundred appends each: two hundred records", async () => {
    const storage = new MemoryStorage();
    const schema = two("source");
    await createTable("/path/to/multiwriter_table", schema, { storage });
    const write = async (source: string): Promise<number> => {
      const table = await loadTable("/path/to/multiwriter_table", { storage });
      let failures = 0;
      for (let i = 0; i < 100; i++) {
        if (!(await table.appendRecords([{ record_id: i, source }], schema))) failures++;
      }
      return failures;
    };
    expect(await Promise.all([write("writer1"), write("writer2")])).toEqual([0, 0]);
    const table = await loadTable("/path/to/multiwriter_table", { storage });
    for (const source of ["writer1", "writer2"]) {
      const own = await table.scan({ filter: { source } });
      expect(byId(own)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    }
    expect((await table.snapshots()).length).toBe(201);
  });
});

describe("good practice", () => {
  test("a write that is tried again, with jitter", async () => {
    const storage = new MemoryStorage();
    const schema = two("data");
    const table = await createTable("/path/to/retry_table", schema, { storage });
    const safeWrite = async (records: readonly TableRecord[], maxRetries = 5): Promise<boolean> => {
      for (let attempt = 0; ; attempt++) {
        try {
          return await table.appendRecords(records, schema);
        } catch (error) {
          if (!(error instanceof ConcurrentModificationException) || attempt === maxRetries - 1) throw error;
          await pause(10 * 2 ** attempt + Math.random() * 10);
        }
      }
    };
    expect(await safeWrite([{ record_id: 1, data: "example" }])).toBe(true);
  });

  test("a thousand records in batches of a hundred", async () => {
    const storage = new MemoryStorage();
    const schema = two("batch_data");
    const table = await createTable("/path/to/batch_table", schema, { storage });
    const all = Array.from({ length: 1000 }, (_, i) => ({ record_id: i, batch_data: `data_${i}` }));
    for (let i = 0; i < all.length; i += 100) {
      expect(await table.appendRecords(all.slice(i, i + 100), schema)).toBe(true);
    }
    expect(await table.rowCount()).toBe(1000);
    expect((await table.currentSnapshot()).files.length).toBe(10);
    const [one] = await table.scan({ columns: ["batch_data"], filter: { record_id: 537 } });
    expect(one).toEqual({ batch_data: "data_537" });
  });

  test("a short transaction, and one that works inside of it", async () => {
    const storage = new MemoryStorage();
    const schema = two("value");
    const table = await createTable("/path/to/scope_table", schema, { storage });
    const process = (r: TableRecord): TableRecord => ({ ...r, value: String(r.value).toUpperCase() });
    const records = [{ record_id: 1, value: "a" }];
    expect(await table.appendRecords(records.map(process), schema)).toBe(true);
    await table.transaction(async (tx) => {
      const processed: TableRecord[] = [];
      for (const record of [{ record_id: 2, value: "b" }]) {
        await pause(1);
        processed.push(process(record));
      }
      await tx.appendData({ records: processed, schema });
    });
    expect(await table.scan({ columns: ["value"] })).toEqual([{ value: "A" }, { value: "B" }]);
  });
});

test("contention can be watched: durations, retries, conflicts, and what is logged", async () => {
  const storage = new MemoryStorage();
  const schema = two("data");
  const logged: string[] = [];
  const note =
    (level: string) =>
    (message: string): void =>
      void logged.push(`${level} ${message}`);
  const logger: Logger = {
    debug: note("debug"),
    info: note("info"),
    warn: note("warn"),
    error: note("error"),
  };
  const table = await createTable("/path/to/monitor_table", schema, { storage, logger });
  const other = await loadTable("/path/to/monitor_table", { storage });
  const kinds: string[] = [];
  table.onEvent((event) => kinds.push(event.kind));
  let disturbed = 0;
  table.onEvent((event) => {
    // Somebody changes the schema's neighbourhood once, right behind the first beginning.
    if (event.kind === "begin" && disturbed++ === 0)
      pending = other.appendRecords([{ record_id: 0, data: "first" }]);
  });
  let pending: Promise<boolean> = Promise.resolve(true);
  const monitored = async (records: readonly TableRecord[]): Promise<boolean> => {
    const tx = await table.newTransaction({ strict: true }).begin();
    await pending;
    await tx.appendData({ records, schema });
    return tx.commit();
  };
  await expect(monitored([{ record_id: 1, data: "monitored" }])).rejects.toThrow(
    ConcurrentModificationException,
  );
  expect(await monitored([{ record_id: 1, data: "monitored" }])).toBe(true);
  const { commits, conflicts, attempts, conflictRate, recordsWritten } = table.metrics();
  expect({ commits, conflicts, attempts, conflictRate, recordsWritten }).toEqual({
    commits: 1,
    conflicts: 1,
    attempts: 2,
    conflictRate: 0.5,
    recordsWritten: 1,
  });
  expect(kinds).toEqual(["begin", "conflict", "rollback", "begin", "commit"]);
  expect(logged).toContain("warn a transaction lost a conflict");
  expect(logged).toContain("info a transaction is committed");
});

describe("leader and followers", () => {
  async function coordinatedWrite(table: Table, id: number, owner: string): Promise<boolean> {
    for (;;) {
      const lock = await table.tryAcquireLock("leader", owner);
      if (lock === undefined) {
        await pause(2);
        continue;
      }
      try {
        return await table.appendRecords([{ record_id: id, data: owner }], undefined, { fence: lock });
      } finally {
        await table.releaseLock("leader", owner);
      }
    }
  }

  test("each writes in its turn", async () => {
    const storage = new MemoryStorage();
    const table = await createTable("/path/to/leader_table", two("data"), { storage });
    const owners = ["p1", "p2", "p3", "p4"];
    await Promise.all(owners.map((owner, i) => coordinatedWrite(table, i, owner)));
    expect(byId(await table.scan())).toEqual([0, 1, 2, 3]);
  });

  test("who sleeps too long has lost the lock, and its write does not land", async () => {
    let now = 1_000;
    const storage = new MemoryStorage();
    const clock = { now: () => now, sleep: async () => {} };
    const table = await createTable("/path/to/leader_table", two("data"), { storage, clock });
    const first = await table.tryAcquireLock("leader", "a", { lifetimeMs: 10 });
    expect(first).toMatchObject({ token: 1, owner: "a" });
    expect(await table.tryAcquireLock("leader", "b")).toBeUndefined();
    now += 20;
    const second = await table.tryAcquireLock("leader", "b");
    expect(second?.token).toBe(2);
    const late = table.appendRecords([{ record_id: 1, data: "late" }], undefined, { fence: first! });
    await expect(late).rejects.toThrow(LockLostError);
    expect(await table.releaseLock("leader", "a")).toBe(false);
    await table.appendRecords([{ record_id: 2, data: "good" }], undefined, { fence: second! });
    expect(byId(await table.scan())).toEqual([2]);
  });
});

test("writes by partition do not touch one another", async () => {
  const storage = new MemoryStorage();
  const schema = two("data", "partition");
  const table = await createTable("/path/to/partitioned_table", schema, {
    storage,
    partitionBy: ["partition"],
  });
  const groups: Readonly<Record<string, readonly TableRecord[]>> = {
    "2024-01": [{ record_id: 1, data: "jan_data", partition: "2024-01" }],
    "2024-02": [{ record_id: 2, data: "feb_data", partition: "2024-02" }],
  };
  const results: boolean[] = [];
  for (const [partition, records] of Object.entries(groups)) {
    await using tx = table.newTransaction();
    await tx.appendData({ records, schema, partitionValues: { partition } });
    results.push(await tx.commit());
  }
  expect(results).toEqual([true, true]);
  // Two rewrites of different partitions at once both land.
  const [jan, feb] = await Promise.all([table.newTransaction().begin(), table.newTransaction().begin()]);
  await jan.overwriteByFilter({ partition: "2024-01" }, [
    { record_id: 11, data: "new", partition: "2024-01" },
  ]);
  await feb.overwriteByFilter({ partition: "2024-02" }, [
    { record_id: 12, data: "new", partition: "2024-02" },
  ]);
  expect([await jan.commit(), await feb.commit()]).toEqual([true, true]);
  expect(byId(await table.scan({ filter: { partition: "2024-01" } }))).toEqual([11]);
  const wrong = table.newTransaction();
  await expect(
    wrong.appendData({ records: groups["2024-01"]!, partitionValues: { partition: "2024-02" } }),
  ).rejects.toThrow("2024-01");
});
