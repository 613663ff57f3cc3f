import { describe, expect, it } from "vitest";
import { type WorkerHandle, WorkerPool } from "./worker-pool.ts";

interface FakeApi {
  run(
    durationMs: number,
    outcome: "value" | "error" | "crash" | "deaf",
    signal: AbortSignal,
  ): Promise<number>;
}

/** Workers of this realm that die, fail and do not listen on demand, and count themselves. */
class FakeWorkers {
  alive = 0;
  started = 0;
  readonly timers = new Set<ReturnType<typeof setTimeout>>();

  start = (): WorkerHandle<FakeApi> => {
    this.alive++;
    this.started++;
    let isAlive = true;
    let end = (_cause: unknown): void => {};
    const died = new Promise<unknown>((resolve) => {
      end = (cause) => {
        if (isAlive) this.alive--;
        isAlive = false;
        resolve(cause);
      };
    });
    const api: FakeApi = {
      run: (durationMs, outcome, signal) =>
        new Promise((resolve, reject) => {
          const timer = setTimeout(() => {
            this.timers.delete(timer);
            if (!isAlive) return;
            if (outcome === "crash") end(new Error("out of memory"));
            else if (outcome === "error") reject(new RangeError("its own"));
            else resolve(durationMs);
          }, durationMs);
          this.timers.add(timer);
          if (outcome === "deaf") return;
          signal.addEventListener("abort", () => {
            clearTimeout(timer);
            this.timers.delete(timer);
            reject(signal.reason);
          });
        }),
    };
    return { api, died, terminate: () => end(new Error("ended")) };
  };
}

describe("a worker pool", () => {
  it.each([1, 4])(
    "settles each of 10,000 tasks once, with %i to a worker, and leaves nothing behind",
    async (perWorker) => {
      const seed = Math.trunc(Math.random() * 2 ** 32);
      console.log(`worker-pool.test.ts: seed ${seed}`);
      const random = mulberry32(seed);
      const workers = new FakeWorkers();
      const pool = new WorkerPool({
        size: 8,
        tasksPerWorker: perWorker,
        start: workers.start,
        graceMs: 3,
        maxCrashes: 1_000,
        maxQueue: 500,
      });
      const settled = new Uint32Array(10_000);
      const seen: Record<string, number> = {};
      const all: Promise<void>[] = [];
      for (let i = 0; i < settled.length; i++) {
        await pool.ready;
        const kind = (["value", "value", "value", "error", "crash", "deaf"] as const)[
          Math.trunc(random() * 6)
        ]!;
        const controller = new AbortController();
        const abortMs = random() < 0.2 ? Math.trunc(random() * 20) : undefined;
        const timeoutMs = random() < 0.2 ? 1 + Math.trunc(random() * 20) : undefined;
        if (abortMs !== undefined) setTimeout(() => controller.abort(), abortMs);
        const durationMs = Math.trunc(random() * 4);
        const promise = pool.run((api, { signal }) => api.run(durationMs, kind, signal), {
          signal: controller.signal,
          timeoutMs,
          sticky: random() < 0.3 ? `key ${i % 20}` : undefined,
        });
        all.push(
          promise.then(
            (value) => {
              settled[i]!++;
              seen["value"] = (seen["value"] ?? 0) + 1;
              expect(value).toBe(durationMs);
              expect(["value", "deaf"]).toContain(kind);
            },
            (error: Error) => {
              settled[i]!++;
              seen[error.name] = (seen[error.name] ?? 0) + 1;
              if (error.name === "RangeError") expect(kind).toBe("error");
              else if (error.name === "WorkerCrashedError") {
                // With a worker die all of its tasks.
                if (perWorker === 1) expect(kind).toBe("crash");
                expect((error.cause as Error).message).toMatch(/out of memory|did not stop/);
              } else if (error.name === "AbortError") expect(abortMs).toBeDefined();
              else if (error.name === "TimeoutError") expect(timeoutMs).toBeDefined();
              else throw error;
            },
          ),
        );
      }
      await Promise.all(all);
      await pool.idle;
      expect(settled.every((times) => times === 1)).toBe(true);
      for (const name of ["value", "RangeError", "WorkerCrashedError", "AbortError", "TimeoutError"]) {
        expect(seen[name], `${name} of ${JSON.stringify(seen)}`).toBeGreaterThan(50);
      }
      const stats = pool.stats();
      expect(stats.done + stats.failed + stats.aborted + stats.timedOut + stats.crashed).toBe(10_000);
      expect(stats.queued + stats.running).toBe(0);
      await pool.close();
      expect(workers.alive).toBe(0);
      expect(workers.started - stats.restarts).toBeLessThanOrEqual(8);
    },
  );

  it("cancels waiting tasks without a worker", async () => {
    const workers = new FakeWorkers();
    const pool = new WorkerPool({ size: 1, start: workers.start });
    const first = pool.run((api, { signal }) => api.run(20, "value", signal));
    const controller = new AbortController();
    let ran = false;
    const second = pool.run(
      () => {
        ran = true;
      },
      { signal: controller.signal },
    );
    controller.abort();
    await expect(second).rejects.toMatchObject({ name: "AbortError" });
    expect(pool.stats().queued).toBeLessThanOrEqual(1);
    await first;
    await pool.idle;
    expect(ran).toBe(false);
    await pool.close();
  });

  it("replaces a worker that does not stop", async () => {
    const workers = new FakeWorkers();
    const pool = new WorkerPool({ size: 1, start: workers.start, graceMs: 10 });
    const stuck = pool.run((api, { signal }) => api.run(60_000, "deaf", signal), { timeoutMs: 10 });
    await expect(stuck).rejects.toMatchObject({ name: "TimeoutError" });
    expect(await pool.run((api, { signal }) => api.run(1, "value", signal))).toBe(1);
    expect(workers.started).toBe(2);
    expect(pool.stats()).toMatchObject({ restarts: 1, crashed: 0, timedOut: 1 });
    await pool.close();
    for (const timer of workers.timers) clearTimeout(timer);
  });

  it("refuses more than its queue holds and says when there is room", async () => {
    const workers = new FakeWorkers();
    const pool = new WorkerPool({ size: 1, start: workers.start, maxQueue: 2 });
    const one = () => pool.run((api, { signal }) => api.run(1, "value", signal));
    const first = one();
    await new Promise((resolve) => setTimeout(resolve, 0));
    const waiting = [one(), one()];
    await expect(one()).rejects.toMatchObject({ name: "QueueFullError", retryable: true });
    await pool.ready;
    waiting.push(one());
    await Promise.all([first, ...waiting]);
    await pool.close();
  });

  it("opens its breaker in a crash loop and closes it after a task that ends well", async () => {
    const workers = new FakeWorkers();
    const pool = new WorkerPool({ size: 2, start: workers.start, maxCrashes: 3, breakerCoolDownMs: 30 });
    const task = (kind: "crash" | "value") => pool.run((api, { signal }) => api.run(1, kind, signal));
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => task("crash")));
    expect(results.every((result) => result.status === "rejected")).toBe(true);
    expect(workers.started).toBeLessThanOrEqual(4);
    expect(pool.stats().breaker).toBe("open");
    await expect(task("value")).rejects.toMatchObject({ name: "WorkerCrashedError" });
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(await task("value")).toBe(1);
    await expect(task("crash")).rejects.toThrow("out of memory");
    expect(pool.stats().breaker).toBe("closed");
    await pool.close();
  });

  it("keeps the tasks of a key on one worker, in order, while others use the rest", async () => {
    const workers = new FakeWorkers();
    const pool = new WorkerPool({ size: 4, start: workers.start });
    const on: number[] = [];
    const order: number[] = [];
    const sticky = Array.from({ length: 30 }, (_, i) =>
      pool.run(
        async (api, { worker, signal }) => {
          on.push(worker);
          await api.run(1, "value", signal);
          order.push(i);
        },
        { sticky: "warm" },
      ),
    );
    const free = Array.from({ length: 30 }, () => pool.run((api, { signal }) => api.run(1, "value", signal)));
    await Promise.all([...sticky, ...free]);
    expect(new Set(on).size).toBe(1);
    expect(order).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(pool.stats().alive).toBe(4);
    await pool.close();
  });

  it("shrinks to the workers that start, and rejects when there are none", async () => {
    const workers = new FakeWorkers();
    let starts = 0;
    const pool = new WorkerPool({
      size: 3,
      start: () => {
        if (starts++ > 0) throw new Error("no more workers");
        return workers.start();
      },
    });
    const task = () => pool.run((api, { signal }) => api.run(1, "value", signal));
    expect(await Promise.all(Array.from({ length: 10 }, task))).toHaveLength(10);
    expect(pool.size).toBe(1);
    await pool.close();
    const none = new WorkerPool<FakeApi>({
      size: 2,
      start: () => {
        throw new Error("no worker at all");
      },
    });
    await expect(none.run(() => 1)).rejects.toMatchObject({ name: "WorkerCrashedError" });
    await none.close();
  });
});

function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
