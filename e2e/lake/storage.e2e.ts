import { expect, type Page, test } from "@playwright/test";
import type { StaticServer } from "../support/static-server.ts";
import { acknowledgedBy, runInWorker, serveLake, terminateWorker } from "./lake-page.ts";

let host: StaticServer;
test.beforeAll(async () => {
  host = await serveLake();
});
test.afterAll(() => host.close());
test.beforeEach(async ({ page }) => {
  await page.goto(host.origin);
});

async function settleUntil(page: Page, name: string, count: number): Promise<void> {
  await expect
    .poll(async () => (await acknowledgedBy(page, name)).length, { intervals: [5] })
    .toBeGreaterThanOrEqual(count);
}

test("OPFS keeps every promise of a storage", async ({ page }) => {
  expect(await runInWorker(page, { kind: "contract" })).toEqual([]);
});

test("two tabs append 50 times each to one new table, no row is lost or doubled", async ({
  page,
  context,
}) => {
  const other = await context.newPage();
  await other.goto(host.origin);
  await Promise.all(
    [page, other].map((tab, writer) =>
      runInWorker(tab, { kind: "append", root: "two-tabs", writer, count: 50 }),
    ),
  );
  const ids = await runInWorker(page, { kind: "ids", root: "two-tabs" });
  const expected = [0, 1].flatMap((writer) => Array.from({ length: 50 }, (_, n) => writer * 1_000_000 + n));
  expect(ids).toEqual(expected);
});

test("workers that are ended in the middle of their commits lose nothing that they acknowledged", async ({
  page,
}) => {
  const root = "killed";
  const acknowledged: number[] = [];
  for (let round = 0; round < 15; round++) {
    const name = `writer${round}`;
    const ended = runInWorker(page, { kind: "append", root, writer: round, count: 10_000 }, name).catch(
      () => undefined,
    );
    await settleUntil(page, name, 1);
    await page.waitForTimeout(round * 7);
    acknowledged.push(...(await terminateWorker(page, name)));
    void ended;
  }
  const ids = (await runInWorker(page, { kind: "ids", root })) as number[];
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining(acknowledged));
  // The one commit that was under way at each end may have landed unheard.
  expect(ids.length - acknowledged.length).toBeLessThanOrEqual(15);
  // Leftovers go, rows stay, and the table takes more.
  await runInWorker(page, { kind: "collect", root });
  await runInWorker(page, { kind: "append", root, writer: 99, count: 3 });
  expect((await runInWorker(page, { kind: "ids", root })) as number[]).toHaveLength(ids.length + 3);
});

test("a tab that is closed in the middle of overwrites leaves one whole version", async ({
  page,
  context,
}) => {
  const root = "closed";
  await runInWorker(page, { kind: "overwrite", root, count: 1, rows: 5 });
  for (let round = 0; round < 4; round++) {
    const tab = await context.newPage();
    await tab.goto(host.origin);
    runInWorker(tab, { kind: "overwrite", root, count: 10_000, rows: 5 }, "writer").catch(() => undefined);
    await settleUntil(tab, "writer", 2 + round * 3);
    await tab.close();
    const ids = (await runInWorker(page, { kind: "ids", root })) as number[];
    expect(ids).toHaveLength(5);
    expect(new Set(ids).size).toBe(1);
  }
});
