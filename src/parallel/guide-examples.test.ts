import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SparkSession } from "../node/index.ts";
import {
  bulkConvert,
  DEFAULT_CHUNK_SIZE,
  DEFAULT_PARALLEL_MODE,
  DEFAULT_PARALLEL_WORKERS,
  type FileRecord,
  fileSource,
  parallelDefaults,
  parallelRead,
  parallelWrite,
  pipeline,
  tableSink,
} from "../node/parallel.ts";
import { MemoryStorage } from "../storage/memory-storage.ts";
import { Semaphore } from "./semaphore.ts";

/** The examples of a design for parallel processing of records, one by one, as programs whose outcome is checked. */
let spark: SparkSession;
let folder: string;
const storage = new MemoryStorage();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lakelet-parallel-"));
  spark = await SparkSession.builder
    .config("spark.sql.warehouse.dir", folder)
    .config("spark.lakelet.engines", "1")
    .getOrCreate();
  const csv = (from: number, count: number): Uint8Array =>
    new TextEncoder().encode(
      `id,text\n${Array.from({ length: count }, (_, i) => `${from + i},t${from + i}`).join("\n")}\n`,
    );
  for (const [n, count] of [
    [1, 10],
    [2, 20],
    [3, 30],
  ] as const) {
    await storage.writeNew(`file${n}.csv`, csv(n * 100, count));
    await storage.writeNew(`data/${n}.csv`, csv(n * 100, count));
    const packed = new Response(
      new Blob([csv(n * 100, count) as Uint8Array<ArrayBuffer>])
        .stream()
        .pipeThrough(new CompressionStream("gzip")),
    );
    await storage.writeNew(`data/raw/${n}.csv.gz`, new Uint8Array(await packed.arrayBuffer()));
  }
}, 60_000);

afterAll(async () => {
  await spark.stop();
  await rm(folder, { recursive: true, force: true });
});

async function rows(table: string): Promise<unknown[]> {
  return (await spark.sql(`SELECT * FROM ${table} ORDER BY 1`).collect()).map((row) => row.toObject());
}

describe("records in pipelines", () => {
  const complexTransform = (record: { id: number }) => {
    let x = record.id;
    for (let i = 0; i < 20_000; i++) x = (x * 31 + i) % 1_000_003;
    return { id: record.id, x };
  };

  it("processes one record at a time, and with parallel and workers the same", async () => {
    await spark.range(500).write.mode("overwrite").saveAsTable("source");
    const source = () => spark.table("source").orderBy("id") as unknown as AsyncIterable<{ id: number }>;
    const one = await pipeline({
      source: source(),
      destination: tableSink(spark, "dest_one"),
      processFunc: complexTransform,
    });
    expect(one).toMatchObject({ rowsIn: 500, rowsOut: 500, parallel: { mode: "inline", workers: 1 } });
    const four = await pipeline({
      source: source(),
      destination: tableSink(spark, "dest_four"),
      processFunc: complexTransform,
      parallel: true,
      workers: 4,
      parallelMode: "process",
      chunkSize: 100,
    });
    expect(four.parallel.mode).toBe("process");
    expect(four.parallel.workers).toBeGreaterThan(1);
    const expected = Array.from({ length: 500 }, (_, id) => complexTransform({ id }));
    expect(await rows("dest_one")).toEqual(expected);
    expect(await rows("dest_four")).toEqual(expected);
  }, 60_000);

  it("takes all its settings: parallel, workers, parallelMode auto, chunkSize", async () => {
    const destination: number[] = [];
    const result = await pipeline({
      source: Array.from({ length: 5_000 }, (_, n) => n),
      destination,
      processFunc: (n) => n + 1,
      parallel: true,
      workers: 4,
      parallelMode: "auto",
      chunkSize: 1_000,
    });
    expect(destination).toEqual(Array.from({ length: 5_000 }, (_, n) => n + 1));
    expect(result.parallel.reason).not.toBe("");
  });

  it("reports the error of a record instead of writing null for it", async () => {
    const destination: number[] = [];
    const result = await pipeline({
      source: [1, 2, 3, 4],
      destination,
      processFunc: (n) => {
        if (n % 2 === 0) throw new Error(`record ${n}`);
        return n;
      },
      parallel: true,
      parallelMode: "thread",
      workers: 2,
      onError: "collect",
    });
    expect(destination).toEqual([1, 3]);
    expect(result.errors.map(({ index, error }) => [index, (error as Error).message])).toEqual([
      [1, "record 2"],
      [3, "record 4"],
    ]);
    expect(result.nulls).toBe(0);
  });
});

describe("files", () => {
  it("converts several at once: data/*.csv", async () => {
    const result = await bulkConvert("data/*.csv", "output/", {
      location: storage,
      toExt: "parquet",
      parallel: true,
      workers: 4,
    });
    expect(result).toMatchObject({ totalFiles: 3, successfulFiles: 3, totalRowsOut: 60, failedFiles: 0 });
    expect(result.workers).toBe(3);
  });

  it("converts compressed ones: x.csv.gz becomes x.parquet", async () => {
    const result = await bulkConvert("data/raw/*.csv.gz", "data/processed/", {
      location: storage,
      toExt: "parquet",
      parallel: true,
      workers: 4,
    });
    expect(`Converted ${result.successfulFiles} files in parallel`).toBe("Converted 3 files in parallel");
    expect(result.fileResults.map(({ destFile }) => destFile)).toEqual(
      [1, 2, 3].map((n) => `data/processed/${n}.parquet`),
    );
    let count = 0;
    for await (const _ of fileSource("data/processed/3.parquet", { location: storage })) count++;
    expect(count).toBe(30);
  });

  it("reads from several sources: all rows of all of them, not those until the first ends", async () => {
    const sources = ["file1.csv", "file2.csv", "file3.csv"];
    const seen: string[] = [];
    const reader = parallelRead<FileRecord>(sources, { workers: 3, location: storage });
    for await (const record of reader) seen.push(String(record["text"]));
    expect(reader.workers).toBe(3);
    expect(seen.sort()).toEqual(
      [10, 20, 30].flatMap((count, i) => Array.from({ length: count }, (_, n) => `t${(i + 1) * 100 + n}`)),
    );
  });

  it("writes to several destinations: a table, and an array", async () => {
    const records = [
      { id: 1, name: "a" },
      { id: 2, name: "b" },
    ];
    const array: typeof records = [];
    const result = await parallelWrite<Record<string, unknown>>(records, [
      tableSink(spark, "many"),
      array as Record<string, unknown>[],
      tableSink(spark, "no_such_database.t"),
    ]);
    expect(result.destinations.map(({ success }) => success)).toEqual([true, true, false]);
    expect(await rows("many")).toEqual(records);
    expect(array).toEqual(records);
  }, 30_000);
});

describe("tables as destinations", () => {
  it("have all rows of an atomic pipeline or none, and no table is left over", async () => {
    const run = (failAt: number) =>
      pipeline({
        source: Array.from({ length: 250 }, (_, id) => ({ id })),
        destination: tableSink(spark, "atomic_table", { rowsPerWrite: 100 }),
        processFunc: (record) => {
          if (record.id === failAt) throw new Error("asked for");
          return record;
        },
        atomic: true,
      });
    await expect(run(220)).rejects.toThrow("asked for");
    expect(await spark.catalog.tableExists("atomic_table")).toBe(false);
    await run(-1);
    await run(-1);
    expect(await spark.table("atomic_table").count()).toBe(500);
    expect((await spark.catalog.listTables()).filter(({ name }) => name.includes("pipeline"))).toEqual([]);
  }, 60_000);
});

describe("global configuration", () => {
  it("has the defaults of the design", () => {
    expect([DEFAULT_PARALLEL_WORKERS, DEFAULT_PARALLEL_MODE, DEFAULT_CHUNK_SIZE]).toEqual([
      undefined,
      "auto",
      1_000,
    ]);
  });

  it("is a session's configuration", async () => {
    expect(await parallelDefaults(spark)).toEqual({});
    await spark.conf.set("spark.lakelet.parallel.workers", 3);
    await spark.conf.set("spark.lakelet.parallel.mode", "thread");
    await spark.conf.set("spark.lakelet.parallel.chunkSize", 50);
    const defaults = await parallelDefaults(spark);
    expect(defaults).toEqual({ workers: 3, mode: "thread", chunkSize: 50 });
    const result = await pipeline({
      source: [1, 2, 3],
      destination: null,
      processFunc: (n) => n,
      parallel: true,
      defaults,
    });
    expect(result.parallel).toMatchObject({ mode: "thread", workers: 3 });
    const own = await pipeline({
      source: [1],
      destination: null,
      processFunc: (n) => n,
      parallel: true,
      workers: 2,
      defaults,
    });
    expect(own.parallel.workers).toBe(2);
    await spark.conf.set("spark.lakelet.parallel.mode", "fork");
    await expect(parallelDefaults(spark)).rejects.toThrow("fork");
    for (const key of ["workers", "mode", "chunkSize"])
      await spark.conf.unset(`spark.lakelet.parallel.${key}`);
  });
});

describe("shared state", () => {
  it("of many calls needs no lock between awaits, and a semaphore across them", async () => {
    const state = { total: 0 };
    const lock = new Semaphore(1);
    const result = await pipeline({
      source: Array.from({ length: 200 }, () => 1),
      destination: null,
      processFunc: (n, shared: typeof state) =>
        lock.with(async () => {
          const before = shared.total;
          await Promise.resolve();
          shared.total = before + n;
          return n;
        }),
      startState: state,
      parallel: true,
      parallelMode: "thread",
      workers: 16,
    });
    expect(result.state.total).toBe(200);
  });
});
