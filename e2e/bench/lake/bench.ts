import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { DiskStorage } from "../../../src/node/disk-storage.ts";
import { createTable, loadTable, MemoryStorage, Schema } from "../../../src/node/lake.ts";
import { FaultyStorage } from "../../../src/storage/faulty-storage.ts";
import type { WriterResult, WriterTask } from "./writer.ts";

const DURATION_MS = Number(process.env.LAKELET_BENCH_MS ?? 5_000);
const SCHEMA = new Schema({
  schemaId: 1,
  fields: [
    { id: 1, name: "id", type: "long", required: true },
    { id: 2, name: "value", type: "string" },
  ],
});

/** Commits beside their floor, on disk in Node; and what grows with a table's history and does not. */
export async function benchLake(): Promise<void> {
  await commitRates();
  await longHistory();
  await pointQuery();
  await mergeIntoMillions();
}

async function commitRates(): Promise<void> {
  console.log("commits of one row, each writer a thread, on disk");
  console.log(
    "writers | floor/s | lake/s | ratio | lake p50 p99 ms | floor p50 p99 ms | p99 ratio | most/fewest | failed",
  );
  for (const writers of [1, 2, 4, 8]) {
    const floor = await run("floor", writers);
    const lake = await run("table", writers);
    const [f, l] = [summary(floor), summary(lake)];
    const counts = lake.map((r) => r.latenciesMs.length);
    console.log(
      [
        writers,
        f.rate.toFixed(0),
        l.rate.toFixed(0),
        (l.rate / f.rate).toFixed(2),
        `${l.p50.toFixed(1)} ${l.p99.toFixed(1)}`,
        `${f.p50.toFixed(1)} ${f.p99.toFixed(1)}`,
        (l.p99 / f.p99).toFixed(2),
        (Math.max(...counts) / Math.min(...counts)).toFixed(2),
        lake.reduce((sum, r) => sum + r.failures, 0),
      ].join(" | "),
    );
  }
}

async function run(kind: WriterTask["kind"], writers: number): Promise<readonly WriterResult[]> {
  const root = await mkdtemp(join(tmpdir(), "lakelet-bench-"));
  try {
    const table = await createTable(`${root}/table`, SCHEMA);
    await table.appendRecords([{ id: 0, value: "x" }]);
    const threads = Array.from({ length: writers }, (_, number) => {
      const task: WriterTask = {
        kind,
        root,
        number,
        durationMs: DURATION_MS,
        dataBytes: 650,
        entryBytes: 900,
      };
      return new Worker(new URL("./writer.ts", import.meta.url), { workerData: task });
    });
    const next = (thread: Worker): Promise<unknown> =>
      new Promise((resolve, reject) => {
        thread.once("message", resolve);
        thread.once("error", reject);
      });
    await Promise.all(threads.map(next));
    const results = threads.map(next);
    for (const thread of threads) thread.postMessage("go");
    const all = (await Promise.all(results)) as WriterResult[];
    if (kind === "table") {
      const done = all.reduce((sum, r) => sum + r.latenciesMs.length, 1);
      const rows = await (await loadTable(`${root}/table`)).rowCount();
      if (rows !== done) throw new Error(`${done} appends were acknowledged, the table has ${rows} rows`);
    }
    await Promise.all(threads.map((thread) => thread.terminate()));
    return all;
  } finally {
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

function summary(results: readonly WriterResult[]): { rate: number; p50: number; p99: number } {
  const all = results.flatMap((r) => r.latenciesMs).sort((a, b) => a - b);
  const at = (fraction: number): number =>
    all[Math.min(all.length - 1, Math.floor(all.length * fraction))] ?? 0;
  return { rate: (all.length * 1000) / DURATION_MS, p50: at(0.5), p99: at(0.99) };
}

async function longHistory(): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), "lakelet-bench-"));
  try {
    const table = await createTable(`${root}/table`, SCHEMA);
    const times: number[] = [];
    for (let i = 0; i < 1_010; i++) {
      const started = performance.now();
      await table.appendRecords([{ id: i, value: "x" }]);
      times.push(performance.now() - started);
    }
    const median = (part: readonly number[]): number =>
      [...part].sort((a, b) => a - b)[part.length >> 1] as number;
    const [early, late] = [median(times.slice(5, 25)), median(times.slice(990))];
    console.log(
      `the 1,000th commit ${late.toFixed(2)} ms, the 10th ${early.toFixed(2)} ms: ${(late / early).toFixed(2)}x`,
    );
  } finally {
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  }
  // Opening is measured in memory: it is the reading of the log that counts.
  const opening = async (commits: number): Promise<number> => {
    const storage = new MemoryStorage();
    const table = await createTable("t", SCHEMA, { storage });
    for (let i = 1; i < commits; i++) await table.appendRecords([{ id: i }]);
    await table.settled();
    const tries: number[] = [];
    for (let i = 0; i < 5; i++) {
      const started = performance.now();
      const opened = await loadTable("t", { storage });
      await opened.rowCount();
      tries.push(performance.now() - started);
    }
    return Math.min(...tries);
  };
  const [small, large] = [await opening(10), await opening(10_000)];
  console.log(
    `opening 10,000 commits ${large.toFixed(1)} ms, 10 commits ${small.toFixed(1)} ms: ${(large / small).toFixed(1)}x`,
  );
}

async function pointQuery(): Promise<void> {
  const storage = new FaultyStorage(new MemoryStorage());
  const table = await createTable("t", SCHEMA, { storage });
  for (let i = 0; i < 1_000; i++) await table.appendRecords([{ id: i, value: `v${i}` }]);
  await table.settled();
  const before = storage.calls.length;
  const rows = await table.scan({ filter: { id: 613 } });
  const read = storage.calls.slice(before).filter((call) => call.target.endsWith(".parquet"));
  console.log(`a point query on 1,000 files reads ${read.length} of them and gives ${rows.length} row`);
}

async function mergeIntoMillions(): Promise<void> {
  // An engine is only needed here.
  const { testDriver, testSession } = await import("../../../src/driver/testing/test-session.ts");
  const root = await mkdtemp(join(tmpdir(), "lakelet-bench-"));
  const driver = testDriver({ storage: await DiskStorage.open(root) });
  const { spark } = testSession(driver);
  try {
    await spark
      .sql("CREATE TABLE t AS SELECT id, id % 1000 AS g, id * 0.5D AS v FROM range(3000000)")
      .collect();
    await spark.sql("SELECT count(*) FROM t").collect();
    const started = performance.now();
    const [row] = await spark
      .sql(
        "MERGE INTO t USING (SELECT id * 100 AS id, 1 AS g, -1D AS v FROM range(30000)) s ON t.id = s.id " +
          "WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *",
      )
      .collect();
    const ms = performance.now() - started;
    console.log(`MERGE of 30,000 rows into 3,000,000: ${(ms / 1000).toFixed(2)} s, ${String(row)}`);
  } finally {
    await driver.close();
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  }
}
