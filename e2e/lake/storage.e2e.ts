import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { openProfile } from "../support/browser.ts";
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

// Quotas of all sizes, so that each write of a commit is the one that meets the end, in its middle too.
for (const room of [300, 900, 1_500, 2_000, 3_100, 4_000, 6_000])
  test(`a disk that is full after ${room} bytes is said as such, and the table is as it was`, async ({
    page,
    context,
  }) => {
    const root = `full${room}`;
    await runInWorker(page, { kind: "append", root, writer: 1, count: 3 });
    const session = await context.newCDPSession(page);
    const { usage = 0 } = await page.evaluate(() => navigator.storage.estimate());
    await session.send("Storage.overrideQuotaForOrigin", { origin: host.origin, quotaSize: usage + room });
    const failure = await runInWorker(page, { kind: "append", root, writer: 2, count: 100 }, "full").then(
      () => "no error",
      (error: Error) => error.message,
    );
    const acknowledged = await acknowledgedBy(page, "full");
    await session.send("Storage.overrideQuotaForOrigin", { origin: host.origin });
    expect(failure).toContain("LakeletError: the browser's storage for this site is full");
    const expected = [...[0, 1, 2].map((n) => 1_000_000 + n), ...acknowledged];
    expect(await runInWorker(page, { kind: "ids", root })).toEqual(expected);
    await runInWorker(page, { kind: "append", root, writer: 3, count: 1 });
    expect(await runInWorker(page, { kind: "ids", root })).toEqual([...expected, 3_000_000]);
  });

test("the browser is killed at random: what it acknowledged is there, whole", async () => {
  test.setTimeout(240_000);
  const profile = await mkdtemp(join(tmpdir(), "lakelet-killed-"));
  const acknowledged: number[] = [];
  const rounds = Number(process.env["LAKELET_KILLS"] ?? 8);
  try {
    for (let round = 0; round < rounds; round++) {
      const context = await openProfile(profile);
      const page = await context.newPage();
      await page.goto(host.origin);
      const names = [`a${round}`, `b${round}`];
      for (const [i, name] of names.entries()) {
        const command = { kind: "append", root: "killed", writer: round * 2 + i, count: 100_000 } as const;
        runInWorker(page, command, name).catch(() => undefined);
      }
      for (const name of names) await settleUntil(page, name, 1);
      await page.waitForTimeout(Math.random() * 300);
      for (const name of names) acknowledged.push(...(await acknowledgedBy(page, name)));
      await killBrowser(context);
    }
    const context = await openProfile(profile);
    const page = await context.newPage();
    await page.goto(host.origin);
    const ids = (await runInWorker(page, { kind: "ids", root: "killed" })) as number[];
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(acknowledged));
    await runInWorker(page, { kind: "collect", root: "killed" });
    await runInWorker(page, { kind: "append", root: "killed", writer: 999, count: 2 });
    expect((await runInWorker(page, { kind: "ids", root: "killed" })) as number[]).toHaveLength(
      ids.length + 2,
    );
    await context.close();
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});

/** SIGKILL for the browser process itself, as when the machine takes it away. */
async function killBrowser(context: BrowserContext): Promise<void> {
  const session = await context.browser()?.newBrowserCDPSession();
  const { processInfo } = (await session?.send("SystemInfo.getProcessInfo")) ?? { processInfo: [] };
  const browser = processInfo.find((info) => info.type === "browser");
  if (browser === undefined) throw new Error("the browser does not tell its process");
  const closed = new Promise((resolve) => context.once("close", resolve));
  process.kill(browser.id, "SIGKILL");
  await closed;
}
