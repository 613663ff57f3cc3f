import { openWarehouse } from "../../src/catalog/warehouse.ts";
import { generate } from "../../src/generate/index.ts";
import { bulkConvert, convert, fileSource, pipeline } from "../../src/parallel/index.ts";
import { TaskPool } from "../../src/pool/index.ts";
import { openStorage } from "../../src/storage/open-storage.ts";

/** Tasks that end well, fail, do not stop, or take their worker along: how often each came to which end. */
async function tasks(count: number, seed: number): Promise<Record<string, number>> {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 2 ** 31;
  };
  const pool = new TaskPool({ size: 2, graceMs: 20, maxCrashes: 1_000, maxQueue: 200 });
  const ends: Record<string, number> = {};
  const settled = new Uint8Array(count);
  const all: Promise<void>[] = [];
  for (let i = 0; i < count; i++) {
    await pool.ready;
    const dice = random();
    const kind = dice < 0.01 ? "close" : dice < 0.015 ? "loop" : dice < 0.1 ? "error" : "value";
    const controller = new AbortController();
    if (random() < 0.05) setTimeout(() => controller.abort(), random() * 20);
    const end = (name: string): void => {
      settled[i]!++;
      ends[name] = (ends[name] ?? 0) + 1;
    };
    all.push(
      pool
        .run(
          (what: string) => {
            if (what === "loop") for (;;);
            if (what === "error") throw new RangeError("asked for");
            if (what !== "close") return what;
            (globalThis as unknown as { close(): void }).close();
            return new Promise<string>(() => {});
          },
          [kind],
          { signal: controller.signal, ...(kind === "loop" ? { timeoutMs: 100 } : {}) },
        )
        .then(end, (error: Error) => end(error.name)),
    );
  }
  await Promise.all(all);
  await pool.close();
  return { ...ends, alive: pool.stats().alive, onceEach: settled.filter((times) => times === 1).length };
}

/** A pipeline whose function computes, in workers. */
async function computing(): Promise<{ readonly mode: string; readonly isRight: boolean }> {
  const destination: number[] = [];
  const result = await pipeline({
    source: Array.from({ length: 2_000 }, (_, n) => n),
    destination,
    processFunc: (n) => {
      let x = n;
      for (let i = 0; i < 1_000; i++) x = (x * 31 + i) % 1_000_003;
      return n + 0 * x;
    },
    parallel: true,
    parallelMode: "process",
    workers: 2,
  });
  return {
    mode: result.parallel.mode,
    isRight: destination.every((n, i) => n === i) && destination.length === 2_000,
  };
}

/** Files in OPFS from one format to others; how many rows came back. */
async function files(): Promise<{ readonly bulk: unknown; readonly rows: number; readonly first: unknown }> {
  const root = await navigator.storage.getDirectory();
  const directory = await root.getDirectoryHandle("raw", { create: true });
  for (let file = 0; file < 3; file++) {
    const writable = await (await directory.getFileHandle(`${file}.csv`, { create: true })).createWritable();
    await writable.write(`id,name\n${Array.from({ length: 100 }, (_, i) => `${i},n${file}`).join("\n")}\n`);
    await writable.close();
  }
  const { successfulFiles, totalRowsOut, workers } = await bulkConvert("raw/*.csv", "out", {
    toExt: "parquet",
    parallel: true,
    workers: 2,
  });
  await convert("out/1.parquet", "out/1.arrow");
  const rows: unknown[] = [];
  for await (const record of fileSource("out/1.arrow")) rows.push(record);
  return { bulk: { successfulFiles, totalRowsOut, workers }, rows: rows.length, first: rows[0] };
}

/** The generator into OPFS, its threads killed under way; what it counted and what the table holds. */
async function generated(kills: number): Promise<Record<string, unknown>> {
  const warehouse = `generated-${Math.random().toString(36).slice(2)}`;
  const run = generate({
    table: "events",
    warehouse,
    workers: 6,
    threads: 2,
    batchSize: 100,
    rows: 6_000,
    seed: 1,
  });
  let left = kills;
  run.subscribe((event) => {
    if (event.kind !== "batch" || left === 0 || event.rows % 700 !== 0) return;
    left--;
    setTimeout(() => run.kill(left % 2), Math.random() * 10);
  });
  const { rows, errors, abandoned, crashes } = await run.done;
  const storage = await openStorage({ kind: "opfs", root: warehouse });
  const found = await (await openWarehouse(storage)).getTable({ database: "default", table: "events" });
  const scan = await found.scan();
  return { rows, errors, abandoned, crashes, held: scan.rowCount, files: (await scan.files()).length };
}

Object.assign(globalThis, { tasks, computing, files, generated, isReady: true });
