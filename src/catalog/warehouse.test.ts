import { describe, expect, test } from "vitest";
import { MemoryStorage } from "../storage/memory-storage.ts";
import { field, INTEGER, LONG, STRING, struct } from "../types/data-type.ts";
import { ID_NAME_SCHEMA, ID_SCHEMA, saveRows, tableIds, tableRows, writeRows } from "./testing/rows.ts";
import { openWarehouse } from "./warehouse.ts";
import type { SaveMode, WriteRequest } from "./warehouse-api.ts";

const PROVIDERS = ["delta", "parquet"];

function request(table: string, mode: SaveMode, more: Partial<WriteRequest> = {}): WriteRequest {
  return {
    target: { kind: "table", name: { database: "default", table } },
    mode,
    schema: ID_SCHEMA,
    ...more,
  };
}

describe.each(PROVIDERS)("saving into a table of provider %s", (provider) => {
  test("error creates once and refuses after that, with Spark's error", async () => {
    const warehouse = await openWarehouse(new MemoryStorage());
    await saveRows(warehouse, request("t", "error", { provider }), [{ id: 1 }]);
    expect(await tableIds(warehouse, "default", "t")).toEqual([1]);
    const again = saveRows(warehouse, request("T", "error", { provider }), [{ id: 2 }]);
    await expect(again).rejects.toMatchObject({
      name: "AnalysisException",
      message: expect.stringContaining("`spark_catalog`.`default`.`T` because it already exists"),
    });
    expect(await tableIds(warehouse, "default", "t")).toEqual([1]);
  });

  test("append creates, then adds", async () => {
    const warehouse = await openWarehouse(new MemoryStorage());
    for (const id of [1, 2, 3]) await saveRows(warehouse, request("t", "append", { provider }), [{ id }]);
    expect(await tableIds(warehouse, "default", "t")).toEqual([1, 2, 3]);
  });

  test("overwrite creates, then replaces", async () => {
    const warehouse = await openWarehouse(new MemoryStorage());
    for (const id of [1, 2, 3]) await saveRows(warehouse, request("t", "overwrite", { provider }), [{ id }]);
    expect(await tableIds(warehouse, "default", "t")).toEqual([3]);
  });

  test("ignore creates, then does nothing", async () => {
    const warehouse = await openWarehouse(new MemoryStorage());
    expect((await saveRows(warehouse, request("t", "ignore", { provider }), [{ id: 1 }])).skipped).toBe(
      false,
    );
    expect((await saveRows(warehouse, request("t", "ignore", { provider }), [{ id: 2 }])).skipped).toBe(true);
    expect(await tableIds(warehouse, "default", "t")).toEqual([1]);
  });

  test("a missing database is said as Spark says it", async () => {
    const warehouse = await openWarehouse(new MemoryStorage());
    const write = warehouse.beginWrite({
      ...request("t", "append", { provider }),
      target: { kind: "table", name: { database: "nope", table: "t" } },
    });
    await expect(write).rejects.toMatchObject({
      message: expect.stringContaining("[SCHEMA_NOT_FOUND] The schema `spark_catalog`.`nope`"),
    });
  });

  test("of eight writers in mode error on one new name exactly one wins", async () => {
    const storage = new MemoryStorage();
    for (let round = 0; round < 20; round++) {
      const warehouses = await Promise.all(Array.from({ length: 8 }, () => openWarehouse(storage)));
      const outcomes = await Promise.allSettled(
        warehouses.map((w, id) => saveRows(w, request(`t${round}`, "error", { provider }), [{ id }])),
      );
      const winners = outcomes.flatMap((o, i) => (o.status === "fulfilled" ? [i] : []));
      expect(winners).toHaveLength(1);
      expect(await tableIds(warehouses[0]!, "default", `t${round}`)).toEqual(winners);
    }
    // The losers took their directories away.
    const warehouse = await openWarehouse(storage);
    await warehouse.settled();
    expect(await storage.listDirectories("default.db")).toHaveLength(20);
  });

  test("ten writers with ten appends each lose nothing, on a table that none of them found", async () => {
    const storage = new MemoryStorage();
    const warehouses = await Promise.all(Array.from({ length: 10 }, () => openWarehouse(storage)));
    await Promise.all(
      warehouses.map(async (w, writer) => {
        for (let n = 0; n < 10; n++) {
          await saveRows(w, request("t", "append", { provider }), [{ id: writer * 10 + n }]);
        }
      }),
    );
    expect(await tableIds(warehouses[0]!, "default", "t")).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  test("readers during overwrites see one whole version, never none and never two", async () => {
    const storage = new MemoryStorage();
    const writer = await openWarehouse(storage);
    const rowsOf = (version: number) => Array.from({ length: 5 }, () => ({ id: version }));
    await saveRows(writer, request("t", "overwrite", { provider }), rowsOf(0));
    let done = false;
    const readers = Array.from({ length: 4 }, async () => {
      const reader = await openWarehouse(storage);
      let last = 0;
      while (!done) {
        const ids = await tableIds(reader, "default", "t");
        expect(new Set(ids).size).toBe(1);
        expect(ids).toHaveLength(5);
        expect(ids[0]).toBeGreaterThanOrEqual(last);
        last = ids[0]!;
        await new Promise((resolve) => setTimeout(resolve));
      }
    });
    for (let version = 1; version <= 20; version++) {
      await saveRows(writer, request("t", "overwrite", { provider }), rowsOf(version));
      await new Promise((resolve) => setTimeout(resolve));
    }
    done = true;
    await Promise.all(readers);
  });

  test("what one session finished the next call of another sees", async () => {
    const storage = new MemoryStorage();
    const [a, b] = [await openWarehouse(storage), await openWarehouse(storage)];
    for (let n = 0; n < 30; n++) {
      await saveRows(n % 2 ? a : b, request("t", "append", { provider }), [{ id: n }]);
      expect(await tableIds(n % 2 ? b : a, "default", "t")).toHaveLength(n + 1);
    }
    await a.dropTable({ name: { database: "default", table: "t" } });
    expect(await b.findTable({ database: "default", table: "t" })).toBeUndefined();
  });

  test("a partitioned table keeps its values, null among them", async () => {
    const warehouse = await openWarehouse(new MemoryStorage());
    const data = struct([field("p", STRING), field("id", LONG)]);
    const rows = [
      { p: "a", id: 1 },
      { p: "b/ü", id: 2 },
      { p: null, id: 3 },
    ];
    await saveRows(warehouse, request("t", "append", { provider, schema: data, partitionBy: ["P"] }), rows);
    const table = await warehouse.getTable({ database: "default", table: "t" });
    expect((await table.scan()).partitionColumns).toEqual(["p"]);
    const found = await tableRows(warehouse, "default", "t");
    expect(found.map((row) => ({ p: row.p, id: row.id }))).toEqual(rows);
    const scan = await table.scan();
    const files = await scan.files({ kind: "compare", column: ["p"], operator: "=", value: "b/ü" });
    expect(files.map((file) => file.partitionValues)).toEqual([{ p: "b/ü" }]);
  });

  test("a dynamic overwrite replaces only the partitions that it writes", async () => {
    const warehouse = await openWarehouse(new MemoryStorage());
    const data = struct([field("id", LONG), field("p", STRING)]);
    await saveRows(warehouse, request("t", "append", { provider, schema: data, partitionBy: ["p"] }), [
      { p: "a", id: 1 },
      { p: "b", id: 2 },
      { p: null, id: 3 },
    ]);
    const insert = { options: { partitionoverwritemode: "dynamic" }, requireExisting: true };
    await saveRows(warehouse, request("t", "overwrite", { provider, schema: data, ...insert }), [
      { p: "b", id: 20 },
      { p: null, id: 30 },
      { p: "c", id: 40 },
    ]);
    expect(await tableIds(warehouse, "default", "t")).toEqual([1, 20, 30, 40]);
  });

  test("an aborted write leaves nothing", async () => {
    const storage = new MemoryStorage();
    const warehouse = await openWarehouse(storage);
    const write = await warehouse.beginWrite(request("t", "append", { provider }));
    const files = await writeRows(storage, write, ID_SCHEMA, [{ id: 1 }]);
    await write.abort(files);
    expect(await warehouse.listTables("default")).toEqual([]);
    expect(await storage.list("default.db", { recursive: true })).toEqual([]);
  });
});

describe("schema of a Delta table", () => {
  const withName = (more: Partial<WriteRequest> = {}): WriteRequest =>
    request("t", "append", { provider: "delta", schema: ID_NAME_SCHEMA, ...more });

  test("a further column is refused, or added with mergeSchema", async () => {
    const warehouse = await openWarehouse(new MemoryStorage());
    await saveRows(warehouse, request("t", "append"), [{ id: 1 }]);
    await expect(saveRows(warehouse, withName(), [{ id: 2, name: "x" }])).rejects.toMatchObject({
      message: expect.stringContaining("A schema mismatch detected when writing to the Delta table"),
    });
    await saveRows(warehouse, withName({ options: { mergeschema: "true" } }), [{ id: 2, name: "x" }]);
    expect(await tableRows(warehouse, "default", "t")).toEqual([
      { id: 1, name: null },
      { id: 2, name: "x" },
    ]);
  });

  test("a missing column becomes null, names match without case, order does not matter", async () => {
    const warehouse = await openWarehouse(new MemoryStorage());
    await saveRows(warehouse, withName(), [{ id: 1, name: "a" }]);
    await saveRows(warehouse, withName({ schema: ID_SCHEMA }), [{ id: 2 }]);
    const reversed = struct([field("NAME", STRING), field("ID", LONG)]);
    await saveRows(warehouse, withName({ schema: reversed }), [{ ID: 3, NAME: "c" }]);
    expect(await tableRows(warehouse, "default", "t")).toEqual([
      { id: 1, name: "a" },
      { id: 2, name: null },
      { id: 3, name: "c" },
    ]);
  });

  test("types that cannot be stored are refused by Delta's name", async () => {
    const warehouse = await openWarehouse(new MemoryStorage());
    await saveRows(warehouse, request("t", "append"), [{ id: 1 }]);
    const text = struct([field("id", STRING)]);
    await expect(warehouse.beginWrite(request("t", "append", { schema: text }))).rejects.toMatchObject({
      message: expect.stringContaining("[DELTA_FAILED_TO_MERGE_FIELDS] Failed to merge fields 'id' and 'id'"),
    });
    const write = await warehouse.beginWrite(
      request("t", "append", { schema: struct([field("id", INTEGER)]) }),
    );
    expect(write.schema).toEqual(ID_SCHEMA);
    await write.abort();
  });

  test("overwrite without a format takes the new schema, with format delta only on request", async () => {
    const warehouse = await openWarehouse(new MemoryStorage());
    await saveRows(warehouse, request("t", "append"), [{ id: 1 }]);
    await expect(warehouse.beginWrite(withName({ mode: "overwrite" }))).rejects.toMatchObject({
      message: expect.stringContaining("overwriteSchema"),
    });
    const { provider: _, ...plain } = withName({ mode: "overwrite" });
    await saveRows(warehouse, plain, [{ id: 2, name: "b" }]);
    expect(await tableRows(warehouse, "default", "t")).toEqual([{ id: 2, name: "b" }]);
    const options = { overwriteschema: "true" };
    await saveRows(warehouse, request("t", "overwrite", { provider: "delta", options }), [{ id: 3 }]);
    expect(await tableRows(warehouse, "default", "t")).toEqual([{ id: 3 }]);
    const table = await warehouse.getTable({ database: "default", table: "t" });
    // The history is whole: older versions keep their own schema.
    expect((await table.scan({ versionAsOf: 1 })).schema).toEqual(ID_NAME_SCHEMA);
  });

  test("NOT NULL columns and CHECK constraints are handed to whoever writes", async () => {
    const warehouse = await openWarehouse(new MemoryStorage());
    const schema = struct([field("id", LONG, false), field("name", STRING)]);
    const name = { database: "default", table: "t" };
    const properties = { "delta.constraints.positive": "id > 0" };
    await warehouse.createTable({ name, schema, properties });
    const write = await warehouse.beginWrite(withName());
    expect(write.constraints).toEqual([
      { kind: "not_null", name: "id", column: "id" },
      { kind: "check", name: "positive", expression: "id > 0" },
    ]);
    await write.abort();
    const missing = struct([field("name", STRING)]);
    await expect(warehouse.beginWrite(withName({ schema: missing }))).rejects.toMatchObject({
      message: expect.stringContaining("[DELTA_MISSING_NOT_NULL_COLUMN_VALUE]"),
    });
  });

  test("an application that repeats a write with the same txnVersion writes once", async () => {
    const warehouse = await openWarehouse(new MemoryStorage());
    const write = (version: number) =>
      saveRows(
        warehouse,
        request("t", "append", { options: { txnappid: "app", txnversion: String(version) } }),
        [{ id: version }],
      );
    for (const version of [1, 1, 2, 1, 2, 3]) await write(version);
    expect(await tableIds(warehouse, "default", "t")).toEqual([1, 2, 3]);
  });
});

test("overwrites take many concurrent writers, the last one stays", async () => {
  const storage = new MemoryStorage();
  const warehouses = await Promise.all(Array.from({ length: 6 }, () => openWarehouse(storage)));
  await Promise.all(warehouses.map((w, id) => saveRows(w, request("t", "overwrite"), [{ id }, { id }])));
  const ids = await tableIds(warehouses[0]!, "default", "t");
  expect(ids).toHaveLength(2);
  expect(ids[0]).toBe(ids[1]);
});

test("time travel by version and timestamp", async () => {
  let now = 1_000_000;
  const clock = { now: () => now, sleep: async () => {} };
  const warehouse = await openWarehouse(new MemoryStorage(), { clock });
  for (const id of [1, 2, 3]) {
    now += 1_000;
    await saveRows(warehouse, request("t", "append"), [{ id }]);
  }
  const table = await warehouse.getTable({ database: "default", table: "t" });
  expect((await table.scan({ versionAsOf: 1 })).rowCount).toBe(2);
  expect((await table.scan({ timestampAsOfMs: 1_002_999 })).version).toBe(1);
  expect((await table.scan({ timestampAsOfMs: 1_001_000 })).version).toBe(0);
  await expect(table.scan({ versionAsOf: 3 })).rejects.toMatchObject({
    message: expect.stringContaining(
      "Cannot time travel Delta table to version 3. Available versions: [0, 2]",
    ),
  });
  await expect(table.scan({ timestampAsOfMs: 1_000_999 })).rejects.toMatchObject({
    message: expect.stringContaining("DELTA_TIMESTAMP_EARLIER_THAN_COMMIT_RETENTION"),
  });
  await expect(table.scan({ timestampAsOfMs: 1_003_001 })).rejects.toMatchObject({
    message: expect.stringContaining("DELTA_TIMESTAMP_GREATER_THAN_COMMIT"),
  });
  expect((await warehouse.history({ database: "default", table: "t" })).map((c) => c.operation)).toEqual([
    "WRITE",
    "WRITE",
    "CREATE TABLE AS SELECT",
  ]);
});

test("a table of plain files has no history and no time travel, and says so", async () => {
  const warehouse = await openWarehouse(new MemoryStorage());
  await saveRows(warehouse, request("t", "append", { provider: "parquet" }), [{ id: 1 }]);
  const name = { database: "default", table: "t" };
  await expect(warehouse.history(name)).rejects.toMatchObject({
    message: expect.stringContaining("DESCRIBE HISTORY is only supported for Delta tables"),
  });
  const table = await warehouse.getTable(name);
  await expect(table.scan({ versionAsOf: 0 })).rejects.toMatchObject({
    message: expect.stringContaining("time travel"),
  });
});
