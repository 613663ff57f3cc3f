import type { GenerateOptions, GenerateSummary } from "../../../src/generate/index.ts";
import { type BenchPage, runInBrowser, table } from "../../support/run-in-browser.ts";

interface Load {
  readonly name: string;
  readonly options: Partial<GenerateOptions>;
  /** Rows in a second that must stand. */
  readonly atLeast: number;
}

const LOADS: readonly Load[] = [
  { name: "1 worker x 100", options: { workers: 1, batchSize: 100 }, atLeast: 11_700 },
  { name: "4 workers x 200", options: { workers: 4, batchSize: 200 }, atLeast: 18_900 },
  { name: "8 workers x 500", options: { workers: 8, batchSize: 500 }, atLeast: 29_500 },
  { name: "16 workers x 1,000", options: { workers: 16, batchSize: 1_000 }, atLeast: 60_000 },
  { name: "4 workers x 50,000", options: { workers: 4, batchSize: 50_000 }, atLeast: 1_000_000 },
];

const DURATION_MS = 5_000;
const number = (value: number): string => Math.round(value).toLocaleString("en");

/** Measures the record generator in a browser: rows that stand in a second, and whether the count is the table's. */
export async function benchGenerator(): Promise<void> {
  await runInBrowser("e2e/bench/generator/page.ts", async (bench) => {
    console.log(
      `\nRecord generator (Chromium ${bench.browserVersion}), ${DURATION_MS / 1_000} s a line; rows durable per second\n`,
    );
    const lines = [
      [
        "load",
        "rows/s",
        "asked",
        "ratio",
        "batches/s",
        "p50 ms",
        "p99 ms",
        "limited by",
        "errors",
        "in table",
      ],
    ];
    for (const { name, options, atLeast } of LOADS) {
      const { summary, held } = await run(bench, { ...options, durationMs: DURATION_MS });
      lines.push([
        name,
        number(summary.rateAverage),
        number(atLeast),
        (summary.rateAverage / atLeast).toFixed(2),
        number((summary.batches / summary.elapsedMs) * 1_000),
        summary.latencyMs.p50.toFixed(1),
        summary.latencyMs.p99.toFixed(1),
        String(summary.limitingStage),
        String(summary.errors),
        held === summary.rows ? "equal" : `${held} instead of ${summary.rows}`,
      ]);
    }
    const { summary, held } = await run(bench, { workers: 8, batchSize: 500, durationMs: DURATION_MS }, 400);
    lines.push([
      `8 x 500, ${summary.crashes} threads killed`,
      number(summary.rateAverage),
      "",
      "",
      number((summary.batches / summary.elapsedMs) * 1_000),
      summary.latencyMs.p50.toFixed(1),
      summary.latencyMs.p99.toFixed(1),
      String(summary.limitingStage),
      String(summary.errors),
      held === summary.rows ? "equal" : `${held} instead of ${summary.rows}`,
    ]);
    console.log(table(lines));
    await scenarios(bench);
  });
}

/** Where the limit is: in the sink, in making the rows, or in a sink that is far away. */
async function scenarios(bench: BenchPage): Promise<void> {
  const kinds: readonly (readonly [string, Partial<GenerateOptions>])[] = [
    ["limited by the sink", { batchSize: 200 }],
    [
      "limited by generation",
      { batchSize: 2_000, rules: { text: { kind: "pattern", pattern: "*".repeat(2_000) } } },
    ],
    ["a sink with 5 to 50 ms of delay", { batchSize: 200, sinkDelayMs: [5, 50] }],
  ];
  for (const [name, options] of kinds) {
    console.log(`\n${name}\n`);
    const lines = [["workers", "rows/s", "limited by", "CPU", "memory MB"]];
    for (const workers of [1, 4, 8, 12, 16, 20]) {
      const before = await usage(bench);
      const startedAt = Date.now();
      const { summary } = await run(bench, { ...options, workers, durationMs: 2_000 });
      const after = await usage(bench);
      lines.push([
        String(workers),
        number(summary.rateAverage),
        String(summary.limitingStage),
        `${(((after.cpuSeconds - before.cpuSeconds) / (Date.now() - startedAt)) * 100_000).toFixed(0)}%`,
        number(after.memoryBytes / 2 ** 20),
      ]);
    }
    console.log(table(lines));
  }
}

async function run(
  bench: BenchPage,
  options: Partial<GenerateOptions>,
  killEveryMs?: number,
): Promise<{ readonly summary: GenerateSummary; readonly held: number }> {
  await bench.call("clear");
  const warehouse = `bench-${Math.random().toString(36).slice(2)}`;
  const all = { table: "events", warehouse, seed: 1, ...options };
  const summary = await bench.call<GenerateSummary>("measure", all, killEveryMs);
  return { summary, held: await bench.call<number>("count", warehouse, "events") };
}

/** CPU seconds and memory of all of the browser's processes. */
async function usage(
  bench: BenchPage,
): Promise<{ readonly cpuSeconds: number; readonly memoryBytes: number }> {
  const { processInfo } = (await (
    await bench.page.context().browser()?.newBrowserCDPSession()
  )?.send("SystemInfo.getProcessInfo")) ?? { processInfo: [] };
  const { readFileSync } = await import("node:fs");
  const memoryBytes = processInfo.reduce((sum, { id }) => {
    const resident = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1] ?? "0";
    return sum + Number(resident) * 1_024;
  }, 0);
  return { cpuSeconds: processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0), memoryBytes };
}
