import * as Comlink from "comlink";
import { BROWSER_PLATFORM } from "../../../src/engine/browser-platform.ts";
import { Engine } from "../../../src/engine/engine.ts";
import type { EngineApi, EngineTask, ScanInput } from "../../../src/engine/engine-api.ts";
import { field, LONG, STRING, type StructType, struct, TIMESTAMP_NTZ } from "../../../src/types/data-type.ts";
import { RawDuckdb } from "./raw-duckdb.ts";

/** Milliseconds of the engine, and of DuckDB alone where that can do the same. */
export interface Measurement {
  readonly name: string;
  readonly engineMs: number;
  readonly rawMs?: number;
}

const FLIGHTS: StructType = struct([
  field("date", TIMESTAMP_NTZ),
  field("delay", LONG),
  field("distance", LONG),
  field("origin", STRING),
  field("destination", STRING),
]);
const QUERIES = {
  "sum of a column": "SELECT sum(delay), count(*) FROM flights",
  "group by text":
    "SELECT origin, avg(delay), count(*) FROM flights GROUP BY origin ORDER BY 3 DESC, 1 LIMIT 10",
  "filter and count": "SELECT count(*) FROM flights WHERE distance > 2000 AND destination = 'LAX'",
} as const;

let unique = 0;

function task(sql: string, more: Partial<EngineTask> = {}): EngineTask {
  const output = struct([]);
  return { id: `t${unique++}`, inputs: [], sql, kernels: [], output, sink: { kind: "arrow" }, ...more };
}

/** Median of several runs, in milliseconds. */
async function median(runs: number, run: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[runs >> 1] as number;
}

async function timed<T>(run: () => Promise<T>): Promise<readonly [T, number]> {
  const start = performance.now();
  const value = await run();
  return [value, performance.now() - start];
}

async function measure(flightsUrl: string, engineUrl: string): Promise<Measurement[]> {
  const results: Measurement[] = [];
  const [engine, engineStart] = await timed(async () => {
    const opened = new Engine(BROWSER_PLATFORM);
    await opened.open({ memoryLimitBytes: 2 ** 31 });
    return opened;
  });
  const [raw, rawStart] = await timed(() => RawDuckdb.open());
  results.push({ name: "start", engineMs: engineStart, rawMs: rawStart });

  const remote = Comlink.wrap<EngineApi>(new Worker(engineUrl, { type: "module", name: "bench" }));
  const [, remoteStart] = await timed(() => remote.open({ memoryLimitBytes: 2 ** 31 }));
  results.push({ name: "start of a further worker", engineMs: remoteStart });

  const small = "SELECT 1::INTEGER AS x";
  for (let i = 0; i < 20; i++) raw.query(small);
  results.push({
    name: "small query in the same worker",
    engineMs: await median(101, () => engine.run(task(small))),
    rawMs: await median(101, () => raw.query(small)),
  });
  results.push({
    name: "small query from another worker",
    engineMs: await median(101, () => remote.run(task(small))),
    rawMs: await median(101, () => raw.query(small)),
  });

  const blob = await (await fetch(flightsUrl)).blob();
  const parquet = await BROWSER_PLATFORM.loadParquet();
  const columns = FLIGHTS.fields.map((f) => ({ name: f.name, as: f.name, type: f.dataType }));
  const input = (names: readonly string[], key: string): ScanInput => ({
    kind: "parquet",
    name: "flights",
    files: [{ ref: { kind: "blob", blob, name: "flights.parquet" }, cacheKey: key }],
    columns: columns.filter((c) => names.includes(c.name)),
  });
  const all = columns.map((c) => c.name);
  for (const [title, names] of [
    ["load all columns and sum", all],
    ["load one column and sum", ["delay"]],
  ] as const) {
    // Side by side and in turns, so that both meet the same state of the machine.
    const engineTimes: number[] = [];
    const rawTimes: number[] = [];
    for (let i = 0; i < 5; i++) {
      await engine.trim(0);
      const [, engineMs] = await timed(() =>
        engine.run(task(QUERIES["sum of a column"], { inputs: [input(names, `k${unique++}`)] })),
      );
      engineTimes.push(engineMs);
      const [, rawMs] = await timed(async () => {
        const bytes = new Uint8Array(await blob.arrayBuffer());
        const table = parquet.readParquet(bytes, { columns: [...names] });
        raw.query("DROP TABLE IF EXISTS flights");
        raw.insert("flights", table.intoIPCStream());
        raw.query(QUERIES["sum of a column"]);
      });
      rawTimes.push(rawMs);
    }
    const middle = (times: number[]): number => times.sort((a, b) => a - b)[times.length >> 1] as number;
    results.push({ name: `3M flights: ${title}`, engineMs: middle(engineTimes), rawMs: middle(rawTimes) });
  }
  const bytes = new Uint8Array(await blob.arrayBuffer());
  raw.query("DROP TABLE IF EXISTS flights");
  raw.insert("flights", parquet.readParquet(bytes).intoIPCStream());
  const warm = input(all, "warm");
  await engine.run(task(QUERIES["sum of a column"], { inputs: [warm] }));
  for (const [title, sql] of Object.entries(QUERIES)) {
    results.push({
      name: `3M flights, loaded: ${title}`,
      engineMs: await median(15, () => engine.run(task(sql, { inputs: [warm] }))),
      rawMs: await median(15, () => raw.query(sql)),
    });
  }

  const slow = task("SELECT max(hash(range)) FROM range(100000000000)");
  const running = remote.run(slow).then(
    () => "finished",
    () => "cancelled",
  );
  await new Promise((resolve) => setTimeout(resolve, 200));
  const [, cancelMs] = await timed(async () => {
    await remote.cancel(slow.id);
    if ((await running) !== "cancelled") throw new Error("the query was not cancelled");
  });
  results.push({ name: "cancel", engineMs: cancelMs });
  return results;
}

self.onmessage = (event: MessageEvent<{ flights: string; engine: string }>) => {
  measure(event.data.flights, event.data.engine).then(
    (results) => self.postMessage({ results }),
    (error: unknown) =>
      self.postMessage({
        error: error instanceof Error ? `${error.message}\n${error.stack}` : JSON.stringify(error),
      }),
  );
};
