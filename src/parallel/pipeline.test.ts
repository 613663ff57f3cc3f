import { tableFromArrays } from "apache-arrow";
import { afterAll, describe, expect, it } from "vitest";
import { ParallelWorkers, PipelineError, type PipelineStats, pipeline } from "../node/parallel.ts";
import { Decimal, LocalDate, row, Timestamp } from "../types/values.ts";

const pool = new ParallelWorkers({ size: 2, maxCrashes: 1_000 });
afterAll(() => pool.close());

function* numbers(count: number): Generator<{ readonly n: number }> {
  for (let n = 0; n < count; n++) yield { n };
}

const MODES = [
  ["without parallel", {}],
  ["in calls", { parallel: true, parallelMode: "thread", workers: 8 }],
  ["in workers", { parallel: true, parallelMode: "process", pool }],
  ["as measured", { parallel: true, pool }],
] as const;

describe.each(MODES)("a pipeline %s", (_, mode) => {
  it("gives what a loop gives, in its order", async () => {
    const destination: number[] = [];
    const result = await pipeline({
      source: numbers(5_000),
      destination,
      processFunc: ({ n }) => (n % 3 === 0 ? null : n * 2),
      ...mode,
    });
    const expected = Array.from({ length: 5_000 }, (_, n) => n).filter((n) => n % 3 !== 0);
    expect(destination).toEqual(expected.map((n) => n * 2));
    expect(result).toMatchObject({
      rowsIn: 5_000,
      rowsOut: expected.length,
      nulls: 5_000 - expected.length,
      errorCount: 0,
      retries: 0,
    });
    expect(result.throughput).toBeGreaterThan(0);
  });

  it("writes nulls when told to", async () => {
    const destination: (number | null)[] = [];
    await pipeline<{ n: number }, number | null>({
      source: numbers(3),
      destination,
      processFunc: ({ n }) => (n === 1 ? null : n),
      skipNulls: false,
      ...mode,
    });
    expect(destination).toEqual([0, null, 2]);
  });

  it("ends with the first error, after what came before it", async () => {
    const destination: number[] = [];
    const run = pipeline({
      source: numbers(3_000),
      destination,
      processFunc: ({ n }) => {
        if (n >= 1_234) throw new RangeError(`bad ${n}`);
        return n;
      },
      ...mode,
    });
    const error = await run.catch((e: unknown) => e);
    expect(error).toBeInstanceOf(PipelineError);
    expect(error).toMatchObject({ recordIndex: 1_234, cause: { name: "RangeError", message: "bad 1234" } });
    expect(destination).toEqual(Array.from({ length: 1_234 }, (_, n) => n));
  });

  it("collects errors by record, or only counts them", async () => {
    const options = {
      processFunc: ({ n }: { n: number }) => {
        if (n % 100 === 7) throw new TypeError(`bad ${n}`);
        return n;
      },
      ...mode,
    };
    const collected = await pipeline({
      source: numbers(1_000),
      destination: null,
      onError: "collect",
      ...options,
    });
    expect(collected.errors.map(({ index }) => index)).toEqual([
      7, 107, 207, 307, 407, 507, 607, 707, 807, 907,
    ]);
    expect(collected.errors[1]!.error).toMatchObject({ name: "TypeError", message: "bad 107" });
    expect(collected).toMatchObject({ rowsIn: 1_000, rowsOut: 990, errorCount: 10 });
    const skipped = await pipeline({
      source: numbers(1_000),
      destination: null,
      onError: "skip",
      ...options,
    });
    expect(skipped).toMatchObject({ rowsOut: 990, errorCount: 10, errors: [] });
    await expect(
      pipeline({ source: numbers(1_000), destination: null, onError: "collect", maxErrors: 3, ...options }),
    ).rejects.toThrow("more than 3 records");
  });

  it("calls the trigger at exactly its records, when what came before is written", async () => {
    const destination: number[] = [];
    const seen: number[][] = [];
    let final: PipelineStats | undefined;
    await pipeline({
      source: numbers(2_500),
      destination,
      processFunc: ({ n }) => n,
      triggerOn: 700,
      triggerFunc: (stats) => void seen.push([stats.rowsIn, stats.rowsOut, destination.length]),
      finalFunc: (stats) => {
        final = stats;
      },
      ...mode,
    });
    expect(seen).toEqual([700, 1_400, 2_100].map((n) => [n, n, n]));
    expect(final).toMatchObject({ rowsIn: 2_500, rowsOut: 2_500 });
  });

  it("merges the states of chunks, so that each record counts once", async () => {
    const result = await pipeline({
      source: numbers(4_000),
      destination: null,
      processFunc: ({ n }, state: { sum: number }) => {
        state.sum += n;
        return n;
      },
      initState: () => ({ sum: 0 }),
      startState: { sum: 1_000_000 },
      mergeState: (total, chunk) => ({ sum: total.sum + chunk.sum }),
      ...mode,
    });
    expect(result.state.sum).toBe(1_000_000 + (3_999 * 4_000) / 2);
  });

  it("leaves nothing behind in an atomic destination when it fails", async () => {
    const destination: number[] = [];
    const processFunc = ({ n }: { n: number }) => {
      if (n === 2_000) throw new Error("late");
      return n;
    };
    await expect(
      pipeline({ source: numbers(3_000), destination, processFunc, atomic: true, ...mode }),
    ).rejects.toThrow("late");
    expect(destination).toEqual([]);
    await pipeline({ source: numbers(1_000), destination, processFunc, atomic: true, ...mode });
    expect(destination).toHaveLength(1_000);
    await expect(
      pipeline({ source: numbers(1), destination: () => {}, processFunc, atomic: true, ...mode }),
    ).rejects.toThrow("atomic");
  });

  it("stops at its signal and closes the source", async () => {
    const controller = new AbortController();
    let isClosed = false;
    function* endless(): Generator<{ n: number }> {
      try {
        for (let n = 0; ; n++) yield { n };
      } finally {
        isClosed = true;
      }
    }
    setTimeout(() => controller.abort(), 60);
    await expect(
      pipeline({
        source: endless(),
        destination: () => {},
        processFunc: ({ n }) => n,
        signal: controller.signal,
        ...mode,
      }),
    ).rejects.toMatchObject({ name: "AbortError" });
    expect(isClosed).toBe(true);
  });

  it("keeps Spark's values what they are, and reads Arrow", async () => {
    const source = [
      row({ d: new Decimal(150n, 2), at: new Timestamp(1n), on: new LocalDate(3), m: new Map([["k", 1]]) }),
    ];
    const destination: (typeof source)[number][] = [];
    await pipeline({ source, destination, processFunc: (record) => record, ...mode });
    expect(destination[0]?.equals(source[0])).toBe(true);
    const table = tableFromArrays({ a: Int32Array.of(1, 2, 3), b: ["x", "y", "z"] });
    const rows: unknown[] = [];
    await pipeline({ source: [table], destination: rows, processFunc: (record) => record, ...mode });
    expect(rows).toEqual([
      { a: 1, b: "x" },
      { a: 2, b: "y" },
      { a: 3, b: "z" },
    ]);
  });
});

describe("the mode", () => {
  it("is many calls for a function that waits", async () => {
    const result = await pipeline({
      source: numbers(60),
      destination: null,
      processFunc: ({ n }) => new Promise<number>((resolve) => setTimeout(() => resolve(n), 10)),
      parallel: true,
      workers: 4,
      chunkSize: 10,
    });
    expect(result.parallel).toMatchObject({ mode: "thread", workers: 4 });
    expect(result.parallel.reason).toMatch(/waits for (9|1\d)\.\d+ ms/);
  });

  it("is workers for a function that computes, if it can go there", async () => {
    const compute = ({ n }: { n: number }) => {
      let x = n;
      for (let i = 0; i < 1_000_000; i++) x = (x * 31 + i) % 1_000_003;
      return x;
    };
    const options = {
      source: [...numbers(120)],
      destination: null,
      parallel: true,
      workers: 2,
      chunkSize: 50,
    };
    const result = await pipeline({ ...options, processFunc: compute });
    expect(result.parallel.mode).toBe("process");
    const factor = 2;
    const closed = await pipeline({ ...options, processFunc: (record) => compute(record) * factor });
    expect(closed.parallel.mode).toBe("inline");
    expect(closed.parallel.reason).toMatch(/`compute`, `factor`/);
    await expect(
      pipeline({ ...options, processFunc: (record) => compute(record) * factor, parallelMode: "process" }),
    ).rejects.toThrow("`compute`, `factor`");
  });

  it("is a loop for a few records", async () => {
    const result = await pipeline({
      source: numbers(10),
      destination: null,
      processFunc: ({ n }) => n,
      parallel: true,
    });
    expect(result.parallel).toMatchObject({ mode: "inline", workers: 1 });
  });

  it("keeps a state where it is, and says so", async () => {
    const count = (_: { n: number }, state: { seen: number }) => {
      state.seen++;
      for (let i = 0; i < 300_000; i++) state.seen += i % 2 === 0 ? 1 : -1;
      return state.seen;
    };
    const options = {
      source: [...numbers(200)],
      destination: null,
      parallel: true,
      workers: 2,
      chunkSize: 10,
    };
    const result = await pipeline({ ...options, processFunc: count, startState: { seen: 0 } });
    expect(result.state.seen).toBe(200);
    expect(result.parallel.mode).toBe("inline");
    expect(result.parallel.reason).toContain("never copied silently");
    await expect(
      pipeline({ ...options, processFunc: count, startState: { seen: 0 }, parallelMode: "process" }),
    ).rejects.toThrow("initState");
  });

  it("shrinks to this realm when no worker starts", async () => {
    const broken = new ParallelWorkers({
      size: 2,
      start: () => {
        throw new Error("forbidden here");
      },
    });
    const destination: number[] = [];
    const result = await pipeline({
      source: numbers(100),
      destination,
      processFunc: ({ n }) => n,
      parallel: true,
      parallelMode: "process",
      pool: broken,
    });
    expect(destination).toHaveLength(100);
    expect(result.parallel).toMatchObject({ mode: "inline" });
    expect(result.parallel.reason).toContain("forbidden here");
  });
});

describe("retries", () => {
  it("try a record again, so often and no more", async () => {
    for (const mode of MODES.map(([, options]) => options)) {
      const processFunc = ({ n }: { n: number }, state: { tries: Record<number, number> }) => {
        state.tries[n] = (state.tries[n] ?? 0) + 1;
        if (state.tries[n] <= n) throw new Error(`not yet ${n}`);
        return n;
      };
      const destination: number[] = [];
      const result = await pipeline({
        source: numbers(5),
        destination,
        processFunc,
        initState: () => ({ tries: {} as Record<number, number> }),
        retries: 3,
        onError: "collect",
        ...mode,
      });
      expect(destination).toEqual([0, 1, 2, 3]);
      expect(result.errors.map(({ index }) => index)).toEqual([4]);
      expect(result.retries).toBe(1 + 2 + 3 + 3);
    }
  });

  it("run the chunk of a dead worker again, without a record lost or doubled", async () => {
    const destination: number[] = [];
    let killed = 0;
    const result = await pipeline({
      source: numbers(4_000),
      destination,
      processFunc: ({ n }) => {
        let x = 0;
        for (let i = 0; i < 20_000; i++) x += i;
        return n + 0 * x;
      },
      parallel: true,
      parallelMode: "process",
      chunkSize: 100,
      retries: 20,
      pool,
      triggerOn: 500,
      triggerFunc: () => pool.kill(killed++ % 2),
    });
    expect(destination).toEqual(Array.from({ length: 4_000 }, (_, n) => n));
    expect(killed).toBe(8);
    expect(result.parallel.crashes).toBeGreaterThan(0);
  });

  it("are needed for that: without them the records of the chunk have failed", async () => {
    const result = await pipeline({
      source: numbers(100),
      destination: null,
      processFunc: ({ n }) => {
        if (n === 42) (globalThis as unknown as { process: { exit(): never } }).process.exit();
        return n;
      },
      parallel: true,
      parallelMode: "process",
      chunkSize: 10,
      adapt: false,
      onError: "collect",
      pool,
    });
    expect(result.rowsOut).toBe(90);
    expect(result.errors.map(({ index }) => index)).toEqual([40, 41, 42, 43, 44, 45, 46, 47, 48, 49]);
    expect(result.errors[0]!.error).toMatchObject({ name: "WorkerCrashedError" });
  });
});

it("holds no more records than its window, however slow the sink is", async () => {
  let read = 0;
  let written = 0;
  let most = 0;
  function* fast(): Generator<{ n: number }> {
    for (; read < 400_000; read++) yield { n: read };
  }
  for (const mode of [
    { parallel: true, parallelMode: "thread" },
    { parallel: true, parallelMode: "process", pool },
  ] as const) {
    read = 0;
    written = 0;
    most = 0;
    await pipeline({
      source: fast(),
      destination: async (records: readonly unknown[]) => {
        most = Math.max(most, read - written);
        await new Promise((resolve) => setTimeout(resolve, 1));
        written += records.length;
      },
      processFunc: ({ n }) => n,
      chunkSize: 1_000,
      ...mode,
    });
    expect(written).toBe(400_000);
    expect(most).toBeLessThanOrEqual(16_000 * 5);
  }
});

describe("with failures at random in source, function and sink", () => {
  const seed = Math.trunc(Math.random() * 2 ** 31);
  console.log(`pipeline.test.ts: seed ${seed}`);
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 2 ** 31;
  };

  it.each(Array.from({ length: 60 }, (_, i) => i))(
    "run %i loses, doubles and disorders nothing",
    async () => {
      const count = Math.trunc(random() * 3_000);
      const failing = random() < 0.5 ? 0 : random() * 0.02;
      const salt = Math.trunc(random() * 1_000_003);
      const sourceFailsAt = random() < 0.3 ? Math.trunc(random() * count) : undefined;
      const sinkFailsAfter = random() < 0.3 ? Math.trunc(random() * count) : undefined;
      const onError = (["fail", "skip", "collect"] as const)[Math.trunc(random() * 3)]!;
      const ordered = random() < 0.6;
      const mode = MODES[Math.trunc(random() * MODES.length)]![1];
      async function* source(): AsyncGenerator<{ n: number; salt: number; limit: number }> {
        for (let n = 0; n < count; n++) {
          if (n === sourceFailsAt) throw new Error("source");
          if (n % 97 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
          yield { n, salt, limit: failing * 1_000_003 };
        }
      }
      const bad = (n: number): boolean => (n * 7_919 + salt) % 1_000_003 < failing * 1_000_003;
      const written: number[] = [];
      const outcome = await pipeline({
        source: source(),
        destination: async (records: readonly number[]) => {
          if (sinkFailsAfter !== undefined && written.length + records.length > sinkFailsAfter)
            throw new Error("sink");
          written.push(...records);
        },
        processFunc: ({ n, salt, limit }) => {
          if ((n * 7_919 + salt) % 1_000_003 < limit) throw new RangeError(String(n));
          return n % 2 === 0 ? n : Promise.resolve(n);
        },
        chunkSize: 1 + Math.trunc(random() * 500),
        onError,
        ordered,
        ...mode,
      }).then(
        (result) => ({ result, error: undefined }),
        (error: Error) => ({ result: undefined, error }),
      );
      const all = Array.from({ length: count }, (_, n) => n);
      const good = all.filter((n) => !bad(n));
      expect(new Set(written).size).toBe(written.length);
      expect(written.every((n) => n < count && !bad(n))).toBe(true);
      if (ordered) expect(written).toEqual(good.slice(0, written.length));
      const { error, result } = outcome;
      if (error === undefined) {
        expect([...written].sort((a, b) => a - b)).toEqual(good);
        expect(result?.rowsIn).toBe(count);
        expect(result?.errorCount).toBe(count - good.length);
        if (onError === "collect") expect(result?.errors.map((e) => e.index)).toEqual(all.filter(bad));
        if (onError === "fail") expect(good.length).toBe(count);
        expect(sourceFailsAt).toBeUndefined();
      } else if (error instanceof PipelineError) {
        expect(onError).toBe("fail");
        expect(bad(error.recordIndex)).toBe(true);
        if (ordered) expect(written).toEqual(good.filter((n) => n < error.recordIndex));
      } else if (error.message === "source") expect(sourceFailsAt).toBeDefined();
      else {
        expect(error.message).toBe("sink");
        expect(sinkFailsAfter).toBeDefined();
      }
    },
  );
});
