import type { SparkSession as SparkSessionType } from "../../../src/index.ts";
import type { RawCommand } from "./raw-worker.ts";

/** Milliseconds of a session and of DuckDB alone. */
export interface Measurement {
  readonly name: string;
  readonly sessionMs: number;
  readonly rawMs?: number;
}

type Module = { readonly SparkSession: typeof SparkSessionType };

const QUERIES = {
  "sum of a column": "SELECT sum(delay), count(*) FROM flights",
  "group by text":
    "SELECT origin, avg(delay), count(*) FROM flights GROUP BY origin ORDER BY 3 DESC, 1 LIMIT 10",
  "filter and count": "SELECT count(*) FROM flights WHERE distance > 2000 AND destination = 'LAX'",
} as const;
const ALL = ["date", "delay", "distance", "origin", "destination"];

class Raw {
  readonly #worker = new Worker("/raw.js", { type: "module" });

  run(command: RawCommand): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }) =>
        data.error === undefined ? resolve(data.bytes) : reject(new Error(data.error));
      this.#worker.onerror = (event) => reject(new Error(event.message));
      this.#worker.postMessage(command);
    });
  }
}

const median = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[times.length >> 1] as number;

async function time(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

/** Medians of both, run in turns, so that both meet the same state of the machine. */
async function inTurns(
  name: string,
  runs: number,
  session: (i: number) => Promise<unknown>,
  raw: (i: number) => Promise<unknown>,
): Promise<Measurement> {
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let i = 0; i < runs; i++) {
    ours.push(await time(() => session(i)));
    theirs.push(await time(() => raw(i)));
  }
  return { name, sessionMs: median(ours), rawMs: median(theirs) };
}

let blockedMs = 0;
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) blockedMs = Math.max(blockedMs, duration);
}).observe({ type: "longtask", buffered: true });

/** From an empty page to the first result: the module is not loaded yet. */
export async function coldSession(): Promise<number> {
  const { SparkSession } = (await import("/lib/index.js" as string)) as Module;
  const spark = SparkSession.builder.config("spark.sql.warehouse.dir", "memory:").getOrCreate();
  await spark.sql("SELECT 1 AS x").collect();
  return performance.now();
}

export async function coldRaw(): Promise<number> {
  await new Raw().run({ kind: "query", sql: "SELECT 1::INTEGER AS x" });
  return performance.now();
}

export async function measure(): Promise<readonly Measurement[]> {
  const { SparkSession } = (await import("/lib/index.js" as string)) as Module;
  const spark = SparkSession.builder.config("spark.sql.warehouse.dir", "memory:").getOrCreate();
  const raw = new Raw();
  const results: Measurement[] = [];
  const small = () => spark.sql("SELECT 1 AS x").collect();
  const smallRaw = () => raw.run({ kind: "query", sql: "SELECT 1::INTEGER AS x" });
  for (let i = 0; i < 20; i++) await Promise.all([small(), smallRaw()]);
  results.push(await inTurns("small query", 201, small, smallRaw));

  let file = 0;
  const flights = () => `flights-${file++}.parquet`;
  for (const [title, columns] of [
    ["load all columns and sum", ALL],
    ["load one column and sum", ["delay"]],
  ] as const) {
    const load = (url: string) => {
      const all = columns.length === 1 ? "" : ", max(date), max(distance), max(origin), max(destination)";
      return spark.sql(`SELECT sum(delay), count(*)${all} FROM parquet.\`${url}\``).collect();
    };
    const loadRaw = (url: string) => {
      const all = columns.length === 1 ? "" : ", max(date), max(distance), max(origin), max(destination)";
      const sql = `SELECT sum(delay), count(*)${all} FROM flights`;
      return raw.run({ kind: "load", url, columns: [...columns], sql });
    };
    results.push(
      await inTurns(
        `3M flights: ${title}`,
        7,
        () => load(flights()),
        () => loadRaw(flights()),
      ),
    );
  }
  spark.read.parquet("flights.parquet").createOrReplaceTempView("flights");
  await spark.table("flights").write.saveAsTable("flights_table");
  await raw.run({ kind: "load", url: "flights.parquet", columns: ALL, sql: "SELECT 1" });
  for (const [title, sql] of Object.entries(QUERIES)) {
    for (const [source, text] of [
      ["file", sql],
      ["table", sql.replace("FROM flights", "FROM flights_table")],
    ] as const) {
      const ours = () => spark.sql(text).collect();
      await ours();
      const theirs = () => raw.run({ kind: "query", sql });
      results.push(await inTurns(`3M flights, loaded ${source}: ${title}`, 25, ours, theirs));
    }
  }

  const cancels: number[] = [];
  for (let i = 0; i < 7; i++) {
    const slow = spark.sql("SELECT max(hash(id)) FROM range(100000000000)").collect();
    const ended = slow.then(
      () => "finished",
      () => "cancelled",
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    cancels.push(
      await time(async () => {
        await spark.interruptAll();
        if ((await ended) !== "cancelled") throw new Error("the query was not cancelled");
      }),
    );
  }
  results.push({ name: "cancel: middle of 7", sessionMs: median(cancels) });
  results.push({ name: "cancel: slowest of 7", sessionMs: Math.max(...cancels) });
  results.push({ name: "longest task of the page's main thread", sessionMs: blockedMs });
  await spark.stop();
  return results;
}

Object.assign(globalThis, { coldSession, coldRaw, measure });
