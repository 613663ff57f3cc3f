import { expect, test } from "@playwright/test";
import { Playground } from "./support/playground.ts";

const LIMIT_MS = 50;
/** A busy machine takes the time of any task; what the page does itself shows in the best of several visits. */
const VISITS = 4;

test("the page's main thread is never blocked: start, three million rows, a large result, scrolling", async ({
  browser,
  baseURL,
}) => {
  const longest: number[] = [];
  for (let visit = 0; visit < VISITS && Math.min(...longest, Infinity) > LIMIT_MS; visit++) {
    const context = await browser.newContext({ baseURL: baseURL ?? "" });
    const page = await context.newPage();
    await page.addInitScript(() => {
      const seen: number[] = [];
      Object.assign(globalThis, { longTasks: seen });
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) seen.push(duration);
      }).observe({ type: "longtask", buffered: true });
    });
    const playground = new Playground(page);
    await playground.open("?warehouse=memory");
    await playground.run();
    await playground.runCode(
      "sql",
      "SELECT id, id * 2 AS twice, cast(id AS STRING) AS text FROM range(10000)",
    );
    await playground.gridRows();
    await page.getByTestId("result-grid").hover();
    for (let i = 0; i < 10; i++) await page.mouse.wheel(0, 3_000);
    const tasks = await page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks);
    longest.push(Math.max(0, ...tasks));
    await context.close();
  }
  console.log(
    `Longest tasks of the main thread, by visit: ${longest.map((ms) => `${ms.toFixed(0)} ms`).join(", ")}`,
  );
  expect(Math.min(...longest)).toBeLessThanOrEqual(LIMIT_MS);
});
