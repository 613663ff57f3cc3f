import { readFileSync } from "node:fs";
import { type BenchPage, runInBrowser, table } from "../../support/run-in-browser.ts";

interface Measured {
  readonly ms: number;
  readonly mode: string;
  readonly workers: number;
}

type Run = Readonly<Record<string, string | number | boolean>>;

const RUNS: readonly {
  readonly name: string;
  readonly sequential: Run;
  readonly parallel: Run;
  readonly atLeast: number;
}[] = [
  {
    name: "computing, 2 workers",
    sequential: { kind: "compute", records: 1_500, parallel: false },
    parallel: { kind: "compute", records: 1_500, parallel: true, mode: "process", workers: 2, warm: true },
    atLeast: 1.7,
  },
  {
    name: "computing, as measured",
    sequential: { kind: "compute", records: 1_500, parallel: false },
    parallel: { kind: "compute", records: 1_500, parallel: true, workers: 2, warm: true },
    atLeast: 1.5,
  },
  {
    name: "waiting 20 ms, 4 in flight",
    sequential: { kind: "wait", records: 100, parallel: false },
    parallel: { kind: "wait", records: 100, parallel: true, mode: "thread", workers: 4 },
    atLeast: 3.5,
  },
  {
    name: "mixed, 4 workers",
    sequential: { kind: "mixed", records: 150, parallel: false },
    parallel: { kind: "mixed", records: 150, parallel: true, mode: "process", workers: 4, warm: true },
    atLeast: 2,
  },
  {
    name: "100 records, as measured",
    sequential: { kind: "light", records: 100, parallel: false },
    parallel: { kind: "light", records: 100, parallel: true },
    atLeast: 0.9,
  },
  {
    name: "200,000 trivial records, as measured",
    sequential: { kind: "trivial", records: 200_000, parallel: false },
    parallel: { kind: "trivial", records: 200_000, parallel: true },
    atLeast: 0.9,
  },
];

/** The middle of three. */
async function median(bench: BenchPage, run: Run): Promise<Measured> {
  const all: Measured[] = [];
  for (let i = 0; i < 3; i++) all.push(await bench.call<Measured>("measure", run));
  return all.sort((a, b) => a.ms - b.ms)[1] as Measured;
}

/** Measures pipelines in a browser: what parallel gains, where it does not, and what memory they take. */
export async function benchPipeline(): Promise<void> {
  await runInBrowser("e2e/bench/pipeline/page.ts", async (bench) => {
    console.log(`\nPipelines (Chromium ${bench.browserVersion}); medians of three in milliseconds\n`);
    const lines = [["work", "loop", "parallel", "ran as", "times", "asked"]];
    for (const { name, sequential, parallel, atLeast } of RUNS) {
      const loop = await median(bench, sequential);
      const other = await median(bench, parallel);
      lines.push([
        name,
        loop.ms.toFixed(0),
        other.ms.toFixed(0),
        `${other.mode} ${other.workers}`,
        (loop.ms / other.ms).toFixed(2),
        atLeast.toFixed(1),
      ]);
    }
    await bench.call("makeFiles", 20, 50_000);
    const one = await bench.call<number>("convertFiles", 1);
    const two = await bench.call<number>("convertFiles", 2);
    lines.push([
      "20 CSV files of 50,000 rows to Parquet",
      one.toFixed(0),
      two.toFixed(0),
      "process 2",
      (one / two).toFixed(2),
      "1.6",
    ]);
    console.log(table(lines));
    for (const [kind, records] of [
      ["compute", 600],
      ["light", 20_000],
    ] as const) {
      console.log(
        `\nTimes as fast as a loop: ${records.toLocaleString("en")} records, ${kind}; workers by chunk size\n`,
      );
      const loop = await median(bench, { kind, records, parallel: false });
      const chunkSizes = [1, 10, 100, 1_000, 10_000];
      const grid = [["workers", ...chunkSizes.map((size) => size.toLocaleString("en"))]];
      for (const workers of [1, 2, 4]) {
        const row = [String(workers)];
        for (const chunkSize of chunkSizes) {
          const run = {
            kind,
            records,
            parallel: true,
            mode: "process",
            workers,
            chunkSize,
            adapt: false,
            warm: true,
          };
          row.push((loop.ms / (await median(bench, run)).ms).toFixed(2));
        }
        grid.push(row);
      }
      console.log(table(grid));
    }
    console.log("\n10,000,000 records from a fast source into a slow sink\n");
    const memory = [["", "seconds", "most memory above idle, MB"]];
    for (const parallel of [false, true]) {
      const idle = await residentBytes(bench);
      let most = idle;
      let isDone = false;
      const startedAt = Date.now();
      const work = bench.call<number>("manyRecords", 10_000_000, parallel).finally(() => {
        isDone = true;
      });
      while (!isDone) {
        most = Math.max(most, await residentBytes(bench));
        await Promise.race([work, new Promise((resolve) => setTimeout(resolve, 100))]);
      }
      if ((await work) !== 10_000_000) throw new Error("records are missing");
      memory.push([
        parallel ? "2 workers" : "loop",
        ((Date.now() - startedAt) / 1_000).toFixed(1),
        ((most - idle) / 2 ** 20).toFixed(0),
      ]);
    }
    console.log(table(memory));
  });
}

/** Memory of all of the browser's processes. */
async function residentBytes(bench: BenchPage): Promise<number> {
  const session = await bench.page.context().browser()?.newBrowserCDPSession();
  const { processInfo } = (await session?.send("SystemInfo.getProcessInfo")) ?? { processInfo: [] };
  await session?.detach();
  return processInfo.reduce((sum, { id }) => {
    try {
      return (
        sum + Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1] ?? 0) * 1_024
      );
    } catch {
      // It has ended in this moment.
      return sum;
    }
  }, 0);
}
