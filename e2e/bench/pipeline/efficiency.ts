import { ParallelWorkers, pipeline } from "../../../src/node/parallel.ts";
import { table } from "../../support/run-in-browser.ts";

const FUNCTIONS = {
  "1 ms of computing a record": {
    records: 150,
    run: ({ n }: { n: number }) => {
      let x = n;
      for (let i = 0; i < 300_000; i++) x = (x * 31 + i) % 1_000_003;
      return { n: x };
    },
  },
  "10 µs of computing a record": {
    records: 8_000,
    run: ({ n }: { n: number }) => {
      let x = n;
      for (let i = 0; i < 3_000; i++) x = (x * 31 + i) % 1_000_003;
      return { n: x };
    },
  },
};

const CHUNK_SIZES = [1, 10, 100, 1_000, 10_000];
const ROUNDS = 2;

/**
 * What share of the processor's time goes into the function itself, by workers and chunk size: copies and messages have
 * the rest. It is measured in the time of processors and not of the clock, so that it holds on a busy machine too;
 * times as fast as a loop is at most this share of the workers, or of the cores where those are fewer.
 */
export async function benchEfficiency(): Promise<void> {
  for (const [name, { records, run }] of Object.entries(FUNCTIONS)) {
    const loop = await cpuMs(records, run);
    const lines = [["workers", ...CHUNK_SIZES.map((size) => size.toLocaleString("en"))]];
    for (const workers of [1, 2, 4]) {
      const pool = new ParallelWorkers({ size: workers });
      await cpuMs(records, run, pool, 10);
      const row = [String(workers)];
      for (const chunkSize of CHUNK_SIZES) {
        row.push(`${Math.min(100, (loop / (await cpuMs(records, run, pool, chunkSize))) * 100).toFixed(0)}%`);
      }
      lines.push(row);
      await pool.close();
    }
    console.log(
      `\nShare of the processor's time that is work: ${name}, ${records} records; workers by chunk size\n`,
    );
    console.log(table(lines));
  }
}

/** The least of some rounds: what else the process did does not count. */
async function cpuMs(
  records: number,
  processFunc: (record: { n: number }) => unknown,
  pool?: ParallelWorkers,
  chunkSize = 1_000,
): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    const { rowsOut } = await pipeline({
      source: Array.from({ length: records }, (_, n) => ({ n })),
      destination: null,
      processFunc,
      chunkSize,
      adapt: false,
      ...(pool === undefined ? {} : { parallel: true, parallelMode: "process" as const, pool }),
    });
    if (rowsOut !== records) throw new Error(`${rowsOut} of ${records} records`);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}
