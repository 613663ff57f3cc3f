import { expect, test } from "@playwright/test";
import { runInBrowser } from "../support/run-in-browser.ts";

test("the pool, pipelines, file conversion and the generator work in browser workers", async () => {
  test.setTimeout(180_000);
  const seed = Math.floor(Math.random() * 2 ** 31);
  console.log(`parallel.e2e.ts: seed ${seed}`);
  await runInBrowser("e2e/parallel/page.ts", async (bench) => {
    const ends = await bench.call<Record<string, number>>("tasks", 2_000, seed);
    expect(ends["onceEach"]).toBe(2_000);
    expect(ends["alive"]).toBe(0);
    for (const name of ["value", "RangeError", "WorkerCrashedError", "AbortError"]) {
      expect(ends[name], `${name} of ${JSON.stringify(ends)}`).toBeGreaterThan(0);
    }
    expect(await bench.call("computing")).toEqual({ mode: "process", isRight: true });
    expect(await bench.call("files")).toEqual({
      bulk: { successfulFiles: 3, totalRowsOut: 300, workers: 2 },
      rows: 100,
      first: { id: "0", name: "n1" },
    });
    const { crashes, ...generated } = await bench.call<Record<string, unknown>>("generated", 4);
    expect(generated).toEqual({ rows: 6_000, errors: 0, abandoned: 0, held: 6_000, files: 60 });
    expect(crashes).toBeGreaterThan(0);
  });
});
