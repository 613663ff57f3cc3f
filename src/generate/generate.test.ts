import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openWarehouse } from "../catalog/warehouse.ts";
import { type GenerateEvent, generate } from "../node/generate.ts";
import { SparkSession } from "../node/index.ts";
import { MemoryStorage } from "../storage/memory-storage.ts";
import type { Storage } from "../storage/storage.ts";

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "lakelet-generate-"));
  cleanUps.push(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** What the table's log says that it holds. */
async function rowsIn(storage: Storage, table = "events"): Promise<number | undefined> {
  const warehouse = await openWarehouse(storage);
  const found = await warehouse.getTable({ database: "default", table });
  return (await found.scan()).rowCount;
}

describe("the generator in this realm", () => {
  it("writes the rows that it is asked for, one commit a batch", async () => {
    const storage = new MemoryStorage();
    const events: GenerateEvent[] = [];
    const run = generate({
      table: "events",
      warehouse: storage,
      threads: 0,
      workers: 3,
      rows: 1_050,
      batchSize: 100,
      seed: 5,
    });
    run.subscribe((event) => events.push(event));
    const summary = await run.done;
    expect(summary).toMatchObject({
      rows: 1_050,
      batches: 11,
      errors: 0,
      abandoned: 0,
      endedBy: "rows",
      seed: 5,
    });
    expect(await rowsIn(storage)).toBe(1_050);
    expect(summary.version).toBe(11);
    expect(summary.workers.reduce((sum, worker) => sum + worker.rows, 0)).toBe(1_050);
    expect(summary.latencyMs.count).toBe(11);
    expect(summary.limitingStage).toBeDefined();
    expect(events.map(({ kind }) => kind)).toEqual(["started", ...Array(11).fill("batch"), "stopped"]);
    const warehouse = await openWarehouse(storage);
    const history = await warehouse.history({ database: "default", table: "events" });
    expect(history.filter(({ operation }) => operation === "WRITE")).toHaveLength(11);
  });

  it("stops gracefully: what is under way is finished and counted", async () => {
    const storage = new MemoryStorage();
    const run = generate({
      table: "events",
      warehouse: storage,
      threads: 0,
      workers: 20,
      batchSize: 50,
      sinkDelayMs: [5, 20],
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const summary = await run.stop();
    expect(summary.endedBy).toBe("stop");
    expect(summary.abandoned).toBe(0);
    expect(summary.rows).toBeGreaterThan(0);
    expect(await rowsIn(storage)).toBe(summary.rows);
  });

  it("runs for as long as it is told to, at the pace it is told", async () => {
    const storage = new MemoryStorage();
    const reports: number[] = [];
    const startedAt = performance.now();
    const summary = await generate({
      table: "events",
      warehouse: storage,
      threads: 0,
      workers: 2,
      batchSize: 10,
      batchIntervalMs: 100,
      durationMs: 650,
      reportEveryMs: 100,
      reporter: ({ rows }) => reports.push(rows),
    }).done;
    expect(performance.now() - startedAt).toBeGreaterThan(600);
    expect(summary.endedBy).toBe("duration");
    expect(summary.batches).toBeGreaterThanOrEqual(8);
    expect(summary.batches).toBeLessThanOrEqual(16);
    expect(reports.length).toBeGreaterThanOrEqual(4);
    expect(summary.limitingStage).toBe("pace");
    expect(await rowsIn(storage)).toBe(summary.rows);
  });

  it("changes under way", async () => {
    const storage = new MemoryStorage();
    const run = generate({
      table: "events",
      warehouse: storage,
      threads: 0,
      workers: 1,
      batchSize: 1,
      batchIntervalMs: 20,
    });
    const seen: number[] = [];
    for await (const { workers, rows } of run.snapshots(20)) {
      seen.push(workers.length);
      if (rows > 2 && run.settings.workers === 1) run.set({ workers: 5, batchSize: 7 });
      if (workers.length === 5) {
        run.set({ workers: 2 });
        void run.stop();
      }
    }
    const summary = await run.done;
    expect(Math.max(...seen)).toBe(5);
    expect(await rowsIn(storage)).toBe(summary.rows);
    expect(() => run.set({ workers: 0 })).toThrow(RangeError);
  });

  it("refuses a table of other columns, and counts nothing", async () => {
    const storage = new MemoryStorage();
    const base = { table: "t", warehouse: storage, threads: 0, rows: 10 };
    await generate({ ...base, rules: { a: { kind: "int", min: 0, max: 1 } } }).done;
    await expect(generate({ ...base, rules: { a: { kind: "uuid" } } }).done).rejects.toThrow(
      "DELTA_FAILED_TO_MERGE_FIELDS",
    );
    const wide = generate({ ...base, rules: { a: { kind: "int", min: 0, max: 1 }, b: { kind: "uuid" } } });
    await expect(wide.done).rejects.toThrow();
    expect(await rowsIn(storage, "t")).toBe(10);
  });

  it("names the stage that limits it", async () => {
    const rules = { a: { kind: "pattern", pattern: "#".repeat(1_500) } } as const;
    const base = { table: "t", threads: 0, rows: 20_000, batchSize: 5_000 };
    expect((await generate({ ...base, warehouse: new MemoryStorage(), rules }).done).limitingStage).toBe(
      "generation",
    );
    expect(
      (await generate({ ...base, warehouse: new MemoryStorage(), sinkDelayMs: [400, 500] }).done)
        .limitingStage,
    ).toBe("delay");
  });
});

describe("the generator in worker threads", () => {
  it("makes the same rows whatever the number of workers, and Spark's readers see them", async () => {
    const warehouse = await folder();
    for (const [table, workers] of [
      ["one", 1],
      ["many", 8],
    ] as const) {
      const summary = await generate({ table, warehouse, workers, rows: 5_000, batchSize: 300, seed: 11 })
        .done;
      expect(summary.rows).toBe(5_000);
    }
    const spark = await SparkSession.builder
      .config("spark.sql.warehouse.dir", warehouse)
      .config("spark.lakelet.engines", "1")
      .getOrCreate();
    cleanUps.push(() => spark.stop());
    const [only] = await spark
      .sql(
        `SELECT count(*) AS n, count(DISTINCT id) AS ids, sum(quantity) AS q, min(timestamp) AS first,
           count(DISTINCT metadata.source) AS sources
         FROM one`,
      )
      .collect();
    expect(only?.asDict()).toMatchObject({ n: 5_000, ids: 5_000, sources: 4 });
    const difference = await spark
      .sql(
        "SELECT count(*) AS n FROM ((TABLE one EXCEPT ALL TABLE many) UNION ALL (TABLE many EXCEPT ALL TABLE one))",
      )
      .collect();
    expect(difference[0]?.["n"]).toBe(0);
  }, 120_000);

  it("counts what the table holds also when workers die at random, and loses no row", async () => {
    const warehouse = await folder();
    const run = generate({
      table: "events",
      warehouse,
      workers: 12,
      threads: 3,
      rows: 20_000,
      batchSize: 100,
      seed: 1,
    });
    let kills = 0;
    run.subscribe((event) => {
      // A thread that dies with the table's lock leaves a file behind that is taken for abandoned after ten seconds.
      if (event.kind === "batch" && event.rows > 500 && run.snapshot().crashes < 3) {
        kills++;
        setTimeout(() => run.kill(Math.trunc(Math.random() * 3)), Math.random() * 10);
      }
    });
    const summary = await run.done;
    expect(kills).toBeGreaterThan(0);
    expect(summary.crashes).toBeGreaterThan(0);
    expect(summary).toMatchObject({ rows: 20_000, errors: 0, abandoned: 0 });
    const { DiskStorage } = await import("../node/disk-storage.ts");
    const storage = await DiskStorage.open(warehouse);
    expect(await rowsIn(storage)).toBe(20_000);
    await storage.close();
  }, 120_000);

  it("counts what the table holds also when a stop has to cut it off", async () => {
    const warehouse = await folder();
    const { DiskStorage } = await import("../node/disk-storage.ts");
    const run = generate({
      table: "events",
      warehouse,
      workers: 8,
      threads: 4,
      batchSize: 20,
      sinkDelayMs: [0, 3_000],
      stopTimeoutMs: 50,
    });
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const summary = await run.stop();
    expect(summary.abandoned).toBeGreaterThan(0);
    const storage = await DiskStorage.open(warehouse);
    expect(await rowsIn(storage)).toBe(summary.rows);
    await storage.close();
  }, 60_000);
});
