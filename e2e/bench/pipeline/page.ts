import { bulkConvert, type ParallelMode, ParallelWorkers, pipeline } from "../../../src/parallel/index.ts";

interface Run {
  readonly kind: keyof typeof FUNCTIONS;
  readonly records: number;
  readonly parallel: boolean;
  readonly workers?: number;
  readonly mode?: ParallelMode;
  readonly chunkSize?: number;
  readonly adapt?: boolean;
  /** Workers that run already. */
  readonly warm?: boolean;
}

const FUNCTIONS = {
  /** About a millisecond of computing. */
  compute: ({ n }: { n: number }) => {
    let x = n;
    for (let i = 0; i < 300_000; i++) x = (x * 31 + i) % 1_000_003;
    return { n: x };
  },
  /** About ten microseconds. */
  light: ({ n }: { n: number }) => {
    let x = n;
    for (let i = 0; i < 3_000; i++) x = (x * 31 + i) % 1_000_003;
    return { n: x };
  },
  /** 20 ms of waiting. */
  wait: ({ n }: { n: number }) => new Promise((resolve) => setTimeout(() => resolve({ n }), 20)),
  /** About as much computing as waiting. */
  mixed: async ({ n }: { n: number }) => {
    let x = n;
    for (let i = 0; i < 1_500_000; i++) x = (x * 31 + i) % 1_000_003;
    await new Promise((resolve) => setTimeout(resolve, 8));
    return { n: x };
  },
  trivial: ({ n }: { n: number }) => ({ n: n + 1 }),
};

const shared = new Map<number, ParallelWorkers>();

async function workersOf(size: number): Promise<ParallelWorkers> {
  let pool = shared.get(size);
  if (pool === undefined) {
    pool = new ParallelWorkers({ size });
    shared.set(size, pool);
    const started = pool;
    await Promise.all(Array.from({ length: size }, () => started.run((api) => api.hello())));
  }
  return pool;
}

/** Milliseconds that a pipeline takes, and how it ran. */
async function measure(
  run: Run,
): Promise<{ readonly ms: number; readonly mode: string; readonly workers: number }> {
  function* source(): Generator<{ n: number }> {
    for (let n = 0; n < run.records; n++) yield { n };
  }
  const { workers, mode, chunkSize, adapt } = run;
  const pool = run.warm === true && workers !== undefined ? await workersOf(workers) : undefined;
  let written = 0;
  const startedAt = performance.now();
  const result = await pipeline<{ n: number }, unknown, unknown>({
    source: source(),
    destination: (records) => {
      written += records.length;
    },
    processFunc: FUNCTIONS[run.kind] as (record: { n: number }) => unknown,
    parallel: run.parallel,
    ...(workers === undefined ? {} : { workers }),
    ...(mode === undefined ? {} : { parallelMode: mode }),
    ...(chunkSize === undefined ? {} : { chunkSize }),
    ...(adapt === undefined ? {} : { adapt }),
    ...(pool === undefined ? {} : { pool }),
  });
  const ms = performance.now() - startedAt;
  if (written !== run.records) throw new Error(`${written} of ${run.records} records were written`);
  return { ms, mode: result.parallel.mode, workers: result.parallel.workers };
}

/** Ten million records from a fast source into a slow sink; the most memory seen is told by the caller. */
async function manyRecords(records: number, parallel: boolean): Promise<number> {
  function* source(): Generator<{ n: number; text: string }> {
    for (let n = 0; n < records; n++) yield { n, text: "some text of a record" };
  }
  const result = await pipeline({
    source: source(),
    destination: () => new Promise<void>((resolve) => setTimeout(resolve, 1)),
    processFunc: ({ n, text }: { n: number; text: string }) => ({ n: n + 1, text }),
    parallel,
    ...(parallel ? { parallelMode: "process" as const, workers: 2 } : {}),
    chunkSize: 10_000,
  });
  return result.rowsOut;
}

/** Puts CSV files into OPFS. */
async function makeFiles(files: number, rows: number): Promise<void> {
  const root = await navigator.storage.getDirectory();
  const directory = await root.getDirectoryHandle("raw", { create: true });
  for (let file = 0; file < files; file++) {
    let text = "id,name,amount,category,at\n";
    for (let i = 0; i < rows; i++)
      text += `${i},name ${i * 7},${(i % 1_000) / 10},c${i % 13},2026-01-01T00:00:00Z\n`;
    const writable = await (await directory.getFileHandle(`${file}.csv`, { create: true })).createWritable();
    await writable.write(text);
    await writable.close();
  }
}

/** Milliseconds that it takes to convert them to Parquet. */
async function convertFiles(size: number): Promise<number> {
  const startedAt = performance.now();
  const result = await bulkConvert("raw/*.csv", "out", {
    toExt: "parquet",
    parallel: true,
    workers: size,
    pool: await workersOf(size),
  });
  if (result.failedFiles > 0) throw result.errors[0];
  return performance.now() - startedAt;
}

Object.assign(globalThis, { measure, manyRecords, makeFiles, convertFiles, isReady: true });
