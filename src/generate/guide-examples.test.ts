import { describe, expect, it } from "vitest";
import { openWarehouse } from "../catalog/warehouse.ts";
import { generate } from "../node/generate.ts";
import { MemoryStorage } from "../storage/memory-storage.ts";
import { shopEvents } from "./column-rules.ts";
import { generateBatch } from "./generated-columns.ts";
import { Monitor } from "./monitor.ts";

/** The examples of a record generator's threading analysis, one by one, as programs whose outcome is checked. */
async function rowsIn(storage: MemoryStorage): Promise<number | undefined> {
  const found = await (await openWarehouse(storage)).getTable({ database: "default", table: "records" });
  return (await found.scan()).rowCount;
}

describe("isolated workers", () => {
  it("generate locally, insert over their own connection, and report to the shared monitor", async () => {
    const storage = new MemoryStorage();
    const reported = new Map<number, number>();
    const run = generate({
      table: "records",
      warehouse: storage,
      threads: 0,
      workers: 4,
      batchSize: 200,
      rows: 8_000,
    });
    run.subscribe((event) => {
      if (event.kind !== "batch") return;
      const { writer } = event.ticket;
      reported.set(writer, (reported.get(writer) ?? 0) + event.written.rowCount);
    });
    const summary = await run.done;
    expect([...reported.values()].reduce((a, b) => a + b, 0)).toBe(8_000);
    expect(summary.workers.map(({ rows }) => rows)).toEqual(
      [0, 1, 2, 3].map((writer) => reported.get(writer)),
    );
    expect(await rowsIn(storage)).toBe(8_000);
  });

  it("have rows with all the columns of the record", () => {
    const { columns } = generateBatch(shopEvents({ textColumns: 2 }), {
      seed: 1,
      batch: 0,
      firstRow: 0,
      rowCount: 1,
    });
    expect(columns.map(({ path }) => path.join("."))).toEqual([
      "id",
      "timestamp",
      "region",
      "product_category",
      "event_type",
      "user_id",
      "user_segment",
      "amount",
      "quantity",
      "metadata.source",
      "metadata.version",
      "metadata.session",
      "text_1",
      "text_2",
    ]);
  });
});

describe("the monitor", () => {
  it("adds up records and batches, and tells rates now and on average", () => {
    let now = 0;
    const monitor = new Monitor(() => now);
    monitor.start();
    const stages = { generation: 1, engine: 1, storage: 6, lock: 2, delay: 0 };
    for (let i = 0; i < 10; i++) {
      now += 1_000;
      monitor.written(i % 2, { rowCount: 100, sizeBytes: 10, version: i, latencyMs: 10, stages });
    }
    const snapshot = monitor.snapshot();
    expect(snapshot).toMatchObject({
      rows: 1_000,
      batches: 10,
      bytes: 100,
      rateAverage: 100,
      rateNow: 100,
      limitingStage: "storage",
      version: 9,
      elapsedMs: 10_000,
    });
    expect(snapshot.workers).toEqual([
      { rows: 500, batches: 5, rate: 50 },
      { rows: 500, batches: 5, rate: 50 },
    ]);
    now += 5_000;
    expect(monitor.snapshot().rateNow).toBe(0);
  });
});

describe("the shutdown", () => {
  it("signals all workers, waits for what is under way, and counts it", async () => {
    const storage = new MemoryStorage();
    const run = generate({
      table: "records",
      warehouse: storage,
      threads: 0,
      workers: 8,
      batchSize: 100,
      sinkDelayMs: [20, 40],
    });
    const stopping = new Promise<number>((resolve) => {
      run.subscribe((event) => event.kind === "stopping" && resolve(event.inFlight));
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const before = run.snapshot().rows;
    const summary = await run.stop();
    const inFlight = await stopping;
    expect(inFlight).toBeGreaterThan(0);
    expect(summary.rows).toBe(before + inFlight * 100);
    expect(await rowsIn(storage)).toBe(summary.rows);
  });
});

describe("a thousand writers", () => {
  it("share the threads, one batch each at a time", async () => {
    const storage = new MemoryStorage();
    let most = 0;
    const run = generate({
      table: "records",
      warehouse: storage,
      threads: 0,
      workers: 1_000,
      batchSize: 2,
      rows: 3_000,
    });
    const underWay = new Set<number>();
    run.subscribe((event) => {
      if (event.kind === "batch") underWay.add(event.ticket.writer);
      most = Math.max(most, underWay.size);
    });
    const summary = await run.done;
    expect(most).toBe(1_000);
    expect(summary).toMatchObject({ rows: 3_000, batches: 1_500, errors: 0 });
    expect(await rowsIn(storage)).toBe(3_000);
    expect(() => generate({ table: "t", warehouse: storage, threads: 0, workers: 1_001 })).toThrow("1000");
  }, 60_000);
});
