import { describe, expect, test } from "vitest";
import { FaultyStorage } from "../../storage/faulty-storage.ts";
import { MemoryStorage } from "../../storage/memory-storage.ts";
import {
  ConcurrentDeleteReadException,
  ConcurrentModificationException,
  CorruptDataError,
  createTable,
  type Filter,
  GarbageCollectionAborted,
  loadTable,
  Schema,
  type Table,
  TableExistsError,
  TableNotFoundError,
} from "./public.ts";

const ALL = new Schema({
  schemaId: 7,
  fields: [
    { id: 1, name: "id", type: "long", required: true },
    { id: 2, name: "name", type: "string" },
    { id: 3, name: "score", type: "double" },
    { id: 4, name: "ok", type: "boolean" },
    { id: 5, name: "day", type: "date" },
    { id: 6, name: "at", type: "timestamp" },
    { id: 7, name: "price", type: "decimal(9,2)" },
    { id: 8, name: "raw", type: "binary" },
    { id: 9, name: "small", type: "int" },
  ],
});

const FULL = {
  id: 2n ** 60n,
  name: "ü日本",
  score: -0.25,
  ok: true,
  day: "2024-02-29",
  at: new Date("2024-06-01T12:30:00.123Z"),
  price: "-12.50",
  raw: new Uint8Array([0, 255]),
  small: -7,
};
const EMPTY = {
  id: 1,
  name: null,
  score: null,
  ok: null,
  day: null,
  at: null,
  price: null,
  raw: null,
  small: null,
};

async function people(rows = 5): Promise<Table> {
  const table = await createTable("t", ALL, { storage: new MemoryStorage() });
  for (let i = 0; i < rows; i++) {
    await table.appendRecords([{ id: i, name: i === 3 ? null : `n${i}`, score: i / 2, price: `${i}.50` }]);
  }
  return table;
}

const ids = async (table: Table, filter?: Filter): Promise<readonly number[]> =>
  (await table.scan({ columns: ["id"], ...(filter === undefined ? {} : { filter }) })).map((r) =>
    Number(r.id),
  );

describe("tables", () => {
  test("values of every type come back as they went in", async () => {
    const table = await createTable("t", ALL, { storage: new MemoryStorage() });
    await table.appendRecords([FULL, { id: 1 }], ALL);
    expect(await table.scan()).toEqual([FULL, EMPTY]);
  });

  test("the schema is kept, ids and all", async () => {
    const storage = new MemoryStorage();
    await createTable("t", ALL, { storage });
    const table = await loadTable("t", { storage });
    expect(table.schema.equals(ALL)).toBe(true);
    expect(table.schema.fields.map((f) => f.id)).toEqual(ALL.fields.map((f) => f.id));
    expect(table.schema.schemaId).toBe(7);
    await expect(createTable("t", ALL, { storage })).rejects.toThrow(TableExistsError);
    await expect(loadTable("other", { storage })).rejects.toThrow(TableNotFoundError);
    await expect(createTable("../t", ALL, { storage })).rejects.toThrow("..");
  });

  test("records that do not fit are refused, by record and column", async () => {
    const table = await people(0);
    await expect(table.appendRecords([{ id: 1 }, { name: "x" }])).rejects.toThrow("record 1 has no id");
    await expect(table.appendRecords([{ id: 1.5 }])).rejects.toThrow("id is of type bigint");
    await expect(table.appendRecords([{ id: 1, nope: 1 }])).rejects.toThrow("nope");
    await expect(table.appendRecords([{ id: 1, price: "1.234" }])).rejects.toThrow("price");
    expect(await table.rowCount()).toBe(0);
  });
});

describe("filters", () => {
  test.each<[string, Filter, readonly number[]]>([
    ["a value", { id: 2 }, [2]],
    ["==", { name: ["==", "n1"] }, [1]],
    ["!= never matches null", { name: ["!=", "n1"] }, [0, 2, 4]],
    ["<", { id: ["<", 2] }, [0, 1]],
    ["<=", { score: ["<=", 0.5] }, [0, 1]],
    [">", { id: [">", 3n] }, [4]],
    [">=", { id: [">=", 3] }, [3, 4]],
    ["in", { id: ["in", [1, 4, 9]] }, [1, 4]],
    ["not_in never matches null", { name: ["not_in", ["n0"]] }, [1, 2, 4]],
    ["not_in a list with null matches nothing", { name: ["not_in", ["n0", null]] }, []],
    ["between", { id: ["between", [1, 3]] }, [1, 2, 3]],
    ["is_null", { name: ["is_null"] }, [3]],
    ["is_not_null", { name: ["is_not_null"] }, [0, 1, 2, 4]],
    ["a comparison with null matches nothing", { id: ["==", null] }, []],
    ["decimals compare as numbers", { price: [">", "2.5"] }, [3, 4]],
    ["all of several", { id: [">", 0], name: ["is_not_null"] }, [1, 2, 4]],
  ])("%s", async (_, filter, expected) => {
    expect(await ids(await people(), filter)).toEqual(expected);
  });

  test("an unknown operator or column is an error", async () => {
    const table = await people(1);
    await expect(table.scan({ filter: { id: ["~", 1] as never } })).rejects.toThrow("~ is no operator");
    await expect(table.scan({ filter: { nope: 1 } })).rejects.toThrow("nope");
  });

  test("only files that can match are read", async () => {
    const storage = new FaultyStorage(new MemoryStorage());
    const table = await createTable("t", ALL, { storage });
    for (let i = 0; i < 20; i++) await table.appendRecords([{ id: i }]);
    await table.settled();
    const before = storage.calls.length;
    expect(await ids(table, { id: 13 })).toEqual([13]);
    const read = storage.calls.slice(before).filter((call) => /\.parquet$/.test(call.target));
    expect(read.length).toBe(1);
  });
});

describe("versions", () => {
  test("snapshots, by number and by time", async () => {
    let now = 1_000;
    const clock = { now: () => now, sleep: async () => {} };
    const table = await createTable("t", ALL, { storage: new MemoryStorage(), clock });
    for (let i = 1; i <= 3; i++) {
      now = 1_000 + i * 100;
      await table.appendRecords([{ id: i }]);
    }
    expect((await table.snapshots()).map((s) => s.snapshotId)).toEqual([0, 1, 2, 3]);
    expect((await (await table.timeTravel({ snapshotId: 2 })).scan({ columns: ["id"] })).length).toBe(2);
    expect((await table.timeTravel({ timestamp: 1_150 })).snapshotId).toBe(1);
    expect((await table.timeTravel({ timestamp: new Date(1_300) })).snapshotId).toBe(3);
  });

  test("expired versions are gone, those that stay can be read", async () => {
    const storage = new MemoryStorage();
    const table = await createTable("t", ALL, { storage });
    for (let i = 0; i < 6; i++) await table.appendRecords([{ id: i }]);
    await table.transaction((tx) => tx.expireSnapshots({ retainLast: 2 }));
    const again = await loadTable("t", { storage });
    expect((await again.snapshots()).map((s) => s.snapshotId)).toEqual([5, 6]);
    expect(await (await again.timeTravel({ snapshotId: 5 })).rowCount()).toBe(5);
    await expect(again.timeTravel({ snapshotId: 3 })).rejects.toThrow("3");
    await again.appendRecords([{ id: 99 }]);
    expect(await ids(again)).toEqual([0, 1, 2, 3, 4, 5, 99]);
  });
});

describe("transactions", () => {
  test("several changes land as one version, or none", async () => {
    const table = await people(3);
    const before = (await table.currentSnapshot()).snapshotId;
    await table.transaction(async (tx) => {
      await tx.overwriteByFilter({ id: [">=", 1] }, [{ id: 50 }]);
      await tx.appendData({ records: [{ id: 60 }] });
    });
    expect((await table.currentSnapshot()).snapshotId).toBe(before + 1);
    expect((await ids(table)).toSorted((a, b) => a - b)).toEqual([0, 50, 60]);
    const failing = table.transaction(async (tx) => {
      await tx.appendData({ records: [{ id: 70 }] });
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect((await ids(table)).length).toBe(3);
  });

  test("await using rolls back what was not committed, and its files go", async () => {
    const storage = new MemoryStorage();
    const table = await createTable("t", ALL, { storage });
    {
      await using tx = table.newTransaction();
      await tx.appendData({ records: [{ id: 1 }] });
    }
    expect((await storage.list("t", { recursive: true })).filter((f) => f.path.endsWith(".parquet"))).toEqual(
      [],
    );
    expect(table.metrics().rollbacks).toBe(1);
  });

  test("two rewrites of the same rows: one aborts, nothing doubles", async () => {
    const table = await people(3);
    const [a, b] = [await table.newTransaction().begin(), await table.newTransaction().begin()];
    await a.overwriteByFilter({ id: 1 }, [{ id: 1, name: "a" }]);
    await b.overwriteByFilter({ id: 1 }, [{ id: 1, name: "b" }]);
    await a.commit();
    await expect(b.commit()).rejects.toThrow(ConcurrentModificationException);
    expect((await table.scan({ filter: { id: 1 } })).map((r) => r.name)).toEqual(["a"]);
  });

  test("a file that another one took away cannot be taken again", async () => {
    const table = await people(2);
    const [file] = (await table.currentSnapshot()).files as [string];
    const [a, b] = [await table.newTransaction().begin(), await table.newTransaction().begin()];
    await a.deleteFiles([file]);
    await b.deleteFiles([file]);
    await a.commit();
    await expect(b.commit()).rejects.toThrow(ConcurrentDeleteReadException);
    expect(await table.rowCount()).toBe(1);
  });

  test("an append is not stopped by another one, and never twice there", async () => {
    const table = await people(0);
    const all = await Promise.all(Array.from({ length: 12 }, (_, i) => table.appendRecords([{ id: i }])));
    expect(all.every(Boolean)).toBe(true);
    expect((await ids(table)).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect(table.metrics().conflicts).toBe(0);
  });
});

describe("faults", () => {
  test("a file that is cut or missing is an error, never part of the rows", async () => {
    const storage = new MemoryStorage();
    const table = await createTable("t", ALL, { storage });
    for (let i = 0; i < 3; i++) await table.appendRecords([{ id: i }]);
    const [file] = (await table.currentSnapshot()).files as [string];
    const bytes = await storage.read(`t/${file}`);
    await storage.remove(`t/${file}`);
    await expect(table.scan({ parallel: 2 })).rejects.toThrow(CorruptDataError);
    await storage.writeNew(`t/${file}`, bytes.subarray(0, bytes.length - 9));
    await expect(table.scan()).rejects.toThrow(CorruptDataError);
  });

  test("garbage collection takes what nobody needs, and nothing that a transaction is about to commit", async () => {
    const storage = new MemoryStorage();
    const table = await createTable("t", ALL, { storage });
    await table.appendRecords([{ id: 1 }]);
    await table.transaction((tx) => tx.overwriteByFilter({ id: 1 }, [{ id: 2 }]));
    const tx = table.newTransaction();
    await tx.appendData({ records: [{ id: 3 }] });
    await expect(table.garbageCollect({ retentionMs: 0 })).rejects.toThrow(GarbageCollectionAborted);
    await tx.commit();
    const found = await table.garbageCollect({ retentionMs: 0, dryRun: true });
    expect(found.files.length).toBe(1);
    expect((await table.garbageCollect()).files).toEqual([]);
    await table.garbageCollect({ retentionMs: 0 });
    expect((await ids(table)).toSorted((a, b) => a - b)).toEqual([2, 3]);
  });

  test("a collection that cannot read the log stops before it removes anything", async () => {
    const storage = new MemoryStorage();
    const table = await createTable("t", ALL, { storage });
    await table.appendRecords([{ id: 1 }]);
    await table.settled();
    const failing = new FaultyStorage(storage, (call) =>
      call.operation === "list" ? { kind: "fail", error: new Error("broken") } : undefined,
    );
    const other = await loadTable("t", { storage: failing });
    await expect(other.garbageCollect({ retentionMs: 0 })).rejects.toThrow(GarbageCollectionAborted);
    expect(await ids(table)).toEqual([1]);
  });
});
