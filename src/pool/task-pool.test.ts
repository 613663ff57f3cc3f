import { afterEach, describe, expect, it } from "vitest";
import { TaskPool } from "../node/pool.ts";
import type { TaskContext } from "./task-worker-api.ts";

const pools: TaskPool[] = [];
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

function open(options: ConstructorParameters<typeof TaskPool>[0]): TaskPool {
  const pool = new TaskPool(options);
  pools.push(pool);
  return pool;
}

/** What keeps this process alive. */
function resources(type: string): number {
  return process.getActiveResourcesInfo().filter((name) => name === type).length;
}

describe.each([
  ["in worker threads", { size: 2 }],
  ["with one worker", { size: 1 }],
  ["inline", { size: 2, inline: true }],
])("a task pool %s", (_, options) => {
  it("gives values and errors as they are", async () => {
    const pool = open(options);
    expect(await pool.run((a: number, b: bigint) => [a, b, new Map([["k", new Date(0)]])], [1, 2n])).toEqual([
      1,
      2n,
      new Map([["k", new Date(0)]]),
    ]);
    await expect(
      pool.run(() => {
        throw new TypeError("its own", { cause: new Error("deeper") });
      }, []),
    ).rejects.toSatisfy(
      (error: Error) =>
        error instanceof TypeError &&
        error.message === "its own" &&
        (error.cause as Error).message === "deeper",
    );
    await expect(
      pool.run(() => {
        throw Object.assign(new Error("named"), { name: "MyError" });
      }, []),
    ).rejects.toMatchObject({ name: "MyError", message: "named" });
    await expect(
      pool.run(() => {
        throw { code: 7 };
      }, []),
    ).rejects.toEqual({ code: 7 });
  });

  it("maps in order, as they come, and with errors by policy", async () => {
    const pool = open(options);
    const slow = async (n: number) => {
      await new Promise((resolve) => setTimeout(resolve, n % 2 === 0 ? 5 : 0));
      if (n === 5) throw new RangeError("five");
      return n * 10;
    };
    const collect = async (items: AsyncIterable<number>): Promise<number[]> => {
      const found: number[] = [];
      for await (const item of items) found.push(item);
      return found;
    };
    expect(await collect(pool.map([0, 1, 2, 3, 4], slow))).toEqual([0, 10, 20, 30, 40]);
    expect(
      (await collect(pool.map([0, 1, 2, 3, 4], slow, { ordered: false }))).sort((a, b) => a - b),
    ).toEqual([0, 10, 20, 30, 40]);
    await expect(collect(pool.map([4, 5, 6], slow))).rejects.toThrow("five");
    const failed: unknown[] = [];
    expect(
      await collect(
        pool.map([4, 5, 6], slow, {
          onError: (error, item, index) => failed.push([String(error), item, index]),
        }),
      ),
    ).toEqual([40, 60]);
    expect(failed).toEqual([["RangeError: five", 5, 1]]);
  });

  it("tells a task to stop, and the caller at once", async () => {
    const pool = open({ ...options, graceMs: 500 });
    const controller = new AbortController();
    const task = pool.run(
      ({ signal }: TaskContext) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => resolve("stopped"));
        }),
      [],
      { signal: controller.signal },
    );
    setTimeout(() => controller.abort(), 50);
    await expect(task).rejects.toMatchObject({ name: "AbortError" });
    await pool.run(() => 1, []);
    expect(pool.stats()).toMatchObject({ restarts: 0, aborted: 1, done: 1 });
  });
});

describe("a task pool in worker threads", () => {
  it("ends 10,000 tasks once each under crashes, aborts and timeouts; no worker or timer is left", async () => {
    const seed = Math.trunc(Math.random() * 2 ** 31);
    console.log(`task-pool.test.ts: seed ${seed}`);
    let state = seed;
    const random = (): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return state / 2 ** 31;
    };
    const before = { timers: resources("Timeout"), workers: resources("MessagePort") };
    const pool = open({ size: 2, graceMs: 5, maxCrashes: 100, maxQueue: 1_000 });
    const task = (n: number, kind: string, { signal }: TaskContext) => {
      if (kind === "crash") throw (globalThis as unknown as { process: { exit(): never } }).process.exit();
      if (kind === "loop") for (;;);
      if (kind === "error") throw new RangeError(String(n));
      if (kind === "value") return n;
      return new Promise<number>((resolve, reject) => {
        const timer = setTimeout(() => resolve(n), 3);
        signal.addEventListener("abort", () => {
          clearTimeout(timer);
          reject(signal.reason);
        });
      });
    };
    const times = new Uint8Array(10_000);
    const seen = new Map<string, number>();
    const all: Promise<void>[] = [];
    for (let i = 0; i < times.length; i++) {
      await pool.ready;
      const dice = random();
      const kind =
        dice < 0.002 ? "crash" : dice < 0.004 ? "loop" : dice < 0.1 ? "error" : dice < 0.5 ? "wait" : "value";
      const controller = new AbortController();
      const aborts = random() < 0.05;
      if (aborts) setTimeout(() => controller.abort(), random() * 30);
      const timeoutMs = kind === "loop" ? 50 : random() < 0.05 ? 1 + random() * 20 : undefined;
      all.push(
        pool.run(task, [i, kind], { signal: controller.signal, timeoutMs }).then(
          (value) => {
            expect(value).toBe(i);
            times[i]!++;
            seen.set("value", (seen.get("value") ?? 0) + 1);
          },
          (error: Error) => {
            times[i]!++;
            seen.set(error.name, (seen.get(error.name) ?? 0) + 1);
            if (error.name === "RangeError") expect(error.message).toBe(String(i));
            else if (error.name === "AbortError") expect(aborts).toBe(true);
            else if (error.name === "TimeoutError") expect(timeoutMs).toBeDefined();
            else expect([error.name, kind]).toEqual(["WorkerCrashedError", "crash"]);
          },
        ),
      );
    }
    await Promise.all(all);
    await pool.idle;
    expect(times.every((count) => count === 1)).toBe(true);
    expect([...seen.keys()].sort()).toEqual(
      ["AbortError", "RangeError", "TimeoutError", "WorkerCrashedError", "value"].sort(),
    );
    await pool.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(pool.stats().alive).toBe(0);
    expect(resources("Timeout")).toBeLessThanOrEqual(before.timers);
    expect(resources("MessagePort")).toBeLessThanOrEqual(before.workers);
  }, 120_000);

  it("refuses functions that are not complete in themselves, by the name of what they lack", async () => {
    const pool = open({ size: 1 });
    const factor = 3;
    await expect(pool.run((n: number) => n * factor, [2])).rejects.toThrow(/`factor`/);
    await expect(pool.run(Math.sqrt.bind(Math) as (n: number) => number, [4])).rejects.toMatchObject({
      name: "NotShippableError",
    });
    const api = {
      double(n: number) {
        return 2 * n;
      },
    };
    expect(await pool.run(api.double, [4])).toBe(8);
  });

  it("runs the export of a module", async () => {
    const pool = open({ size: 1 });
    const module = "data:text/javascript,export const twice = (n) => 2 * n; export const value = 1;";
    expect(await pool.run<number>({ module, name: "twice" }, [21])).toBe(42);
    await expect(pool.run({ module, name: "value" }, [])).rejects.toThrow("exports no function value");
    await expect(pool.run({ module: "./relative.js", name: "f" }, [])).rejects.toThrow("absolute URL");
  });

  it("moves buffers, and copies them when told to", async () => {
    const pool = open({ size: 1 });
    const bytes = new Uint8Array([1, 2, 3]);
    const back = await pool.run((data: Uint8Array) => data, [bytes], { transfer: "copy" });
    expect(back).toEqual(bytes);
    expect(await pool.run((data: Uint8Array) => data.length, [bytes])).toBe(3);
    expect(bytes.length).toBe(0);
    const part = new Uint8Array(new ArrayBuffer(8), 2, 3);
    expect(await pool.run((data: Uint8Array) => data.length, [part])).toBe(3);
    expect(part.length).toBe(3);
  });

  it("goes on in this realm when no worker starts", async () => {
    const start = (): never => {
      throw new Error("refused by policy");
    };
    const pool = open({ size: 3, start });
    expect(await Promise.all([1, 2, 3].map((n) => pool.run((x: number) => x + 1, [n])))).toEqual([2, 3, 4]);
    expect(pool.stats().isInline).toBe(true);
    const strict = open({ size: 3, start, onNoWorkers: "fail" });
    await expect(strict.run(() => 1, [])).rejects.toMatchObject({
      name: "WorkerCrashedError",
      cause: { message: "refused by policy" },
    });
  });

  it("ends what runs when a loop over a map is left", async () => {
    const pool = open({ size: 2 });
    let closed = false;
    function* endless(): Generator<number> {
      try {
        for (let n = 0; ; n++) yield n;
      } finally {
        closed = true;
      }
    }
    for await (const n of pool.map(endless(), (n: number) => n)) if (n === 10) break;
    await pool.idle;
    expect(closed).toBe(true);
    expect(pool.stats().queued).toBe(0);
  });
});
