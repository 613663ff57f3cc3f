import { expect, type Page, test, type Worker } from "@playwright/test";
import { Playground } from "./support/playground.ts";

/** What a program printed, read as JSON. */
async function answer(playground: Playground, program: string): Promise<unknown> {
  await playground.runCode("typescript", program);
  expect(await playground.page.getByTestId("output-error").allTextContents()).toEqual([]);
  return JSON.parse(await playground.printed());
}

/** The program's outcome as JSON: `[class, kind, retryable, message]` of its error, or `["no error"]`. */
const outcomeOf = (statement: string): string => `
  try { ${statement}; console.log(JSON.stringify(["no error"])); }
  catch (error) { console.log(JSON.stringify([error.name, error.kind, error.retryable, error.message])); }
`;

const TOTALS = `
  const [row] = await spark.table("numbers").agg(F.count("*"), F.sum("id")).collect();
  console.log(JSON.stringify([...row]));
`;

test("a full disk is said as such, and the table is as it was", async ({ page, context, baseURL }) => {
  const playground = new Playground(page);
  await playground.open();
  await playground.runCode("typescript", `await spark.range(1000).write.saveAsTable("numbers");`);
  const session = await context.newCDPSession(page);
  const { origin } = new URL(baseURL ?? "");
  const { usage = 0 } = await page.evaluate(() => navigator.storage.estimate());
  await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: usage + 100_000 });
  const big = `spark.range(1000, 3000000).withColumn("r", F.rand(1))`;
  const append = `await ${big}.write.mode("append").option("mergeSchema", true).saveAsTable("numbers")`;
  const [name, kind, retryable, message] = (await answer(playground, outcomeOf(append))) as string[];
  expect([name, kind, retryable]).toEqual(["LakeletError", "quota", true]);
  expect(message).toContain("the browser's storage for this site is full");
  const create = `await ${big}.write.saveAsTable("others")`;
  expect(((await answer(playground, outcomeOf(create))) as string[]).slice(0, 2)).toEqual([
    "LakeletError",
    "quota",
  ]);
  expect(await answer(playground, TOTALS)).toEqual([1000, 499_500]);
  expect(await answer(playground, `console.log(await spark.catalog.tableExists("others"))`)).toBe(false);
  await session.send("Storage.overrideQuotaForOrigin", { origin });
  await playground.runCode("typescript", append);
  expect(await answer(playground, TOTALS)).toEqual([3_000_000, 4_499_998_500_000]);
});

test("a tab closed in the middle of its writes leaves one whole version, also for those who read", async ({
  page,
  context,
}) => {
  const reader = new Playground(page);
  await reader.open();
  await reader.runCode(
    "typescript",
    `await spark.range(1000).withColumn("v", F.lit(-1)).write.saveAsTable("versions");`,
  );
  for (let round = 0; round < 3; round++) {
    const writer = new Playground(await context.newPage());
    await writer.open();
    await writer.setCode(
      "typescript",
      `for (let v = ${round * 1000}; ; v++) {
         await spark.range(1000).withColumn("v", F.lit(v)).write.mode("overwrite").saveAsTable("versions");
         console.log(v);
       }`,
    );
    await writer.page.getByTestId("run").click();
    await expect(writer.page.getByTestId("output-text").first()).toBeVisible();
    await writer.page.waitForTimeout(100 + round * 170);
    const acknowledged = Math.max(
      ...(await writer.printed())
        .split("\n")
        .filter((v) => v !== "")
        .map(Number),
    );
    await writer.page.close();
    const [rows, low, high] = (await answer(
      reader,
      `const [row] = await spark.table("versions").agg(F.count("*"), F.min("v"), F.max("v")).collect();
       console.log(JSON.stringify([...row]));`,
    )) as number[];
    expect([rows, low]).toEqual([1000, high]);
    expect(high).toBeGreaterThanOrEqual(acknowledged);
  }
});

/** The workers in which engines run. */
async function engineWorkers(page: Page): Promise<Worker[]> {
  return page.workers().filter((worker) => worker.url().includes("engine-worker"));
}

/** A query that is busy long enough to be met in the middle. */
const LONG = `spark.sql("SELECT count(*), max(hash(id)) FROM range(20000000)")`;

test("an engine that crashes in the middle of a query is replaced, and the query answered", async ({
  page,
}) => {
  const playground = new Playground(page);
  await playground.open("?engines=1");
  await playground.runCode("typescript", `await spark.range(1000).write.saveAsTable("numbers");`);
  await playground.setCode("typescript", `console.log((await ${LONG}.collect())[0][0]);`);
  await page.getByTestId("run").click();
  await page.waitForTimeout(400);
  const [engine] = await engineWorkers(page);
  expect(engine, "the engine's worker is visible").toBeDefined();
  await engine?.evaluate(() => self.close());
  await expect(page.getByTestId("run")).toBeEnabled({ timeout: 60_000 });
  expect(await playground.printed()).toBe("20000000");
  expect(await answer(playground, TOTALS)).toEqual([1000, 499_500]);
});

test("a query that takes engine after engine with it ends in an error, and its table is as it was", async ({
  page,
}) => {
  const playground = new Playground(page);
  await playground.open("?engines=1");
  await playground.runCode("typescript", `await spark.range(1000).write.saveAsTable("numbers");`);
  const write = `await ${LONG}.toDF("id", "h").write.mode("overwrite").option("overwriteSchema", true).saveAsTable("numbers")`;
  await playground.setCode("typescript", outcomeOf(write));
  const seen = new Set<Worker>(await engineWorkers(page));
  const first = [...seen][0];
  await page.getByTestId("run").click();
  await page.waitForTimeout(400);
  await first?.evaluate(() => self.close());
  await expect
    .poll(async () => (await engineWorkers(page)).filter((worker) => !seen.has(worker)).length)
    .toBeGreaterThan(0);
  const second = (await engineWorkers(page)).find((worker) => !seen.has(worker));
  await page.waitForTimeout(1_000);
  await second?.evaluate(() => self.close());
  await expect(page.getByTestId("run")).toBeEnabled({ timeout: 60_000 });
  const [name, kind, retryable, message] = JSON.parse(await playground.printed());
  expect([name, kind, retryable]).toEqual(["LakeletError", "crashed", true]);
  expect(message).toContain("an engine stopped 2 times while it worked on this query");
  expect(await answer(playground, TOTALS)).toEqual([1000, 499_500]);
});

test("a result too large for memory is refused with what to do", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open("?warehouse=memory");
  const program = `
    await spark.conf.set("spark.lakelet.maxResultBytes", "10000000");
    ${outcomeOf(`await spark.range(10000000).collect()`)}
  `;
  const [name, kind, , message] = (await answer(playground, program)) as string[];
  expect([name, kind]).toEqual(["LakeletError", "memory"]);
  expect(message).toContain("the result is larger than the limit of 10.0 MB");
  expect(await answer(playground, `console.log(await spark.range(10).count())`)).toBe(10);
});

test("when the driver dies nothing hangs: programs fail with the session's loss, and all starts afresh", async ({
  page,
}) => {
  const playground = new Playground(page);
  await playground.open();
  await playground.runCode("typescript", `await spark.range(1000).write.saveAsTable("numbers");`);
  await playground.setCode(
    "typescript",
    `try { await ${LONG}.collect(); } catch (error) { console.log(error.getCondition()); }`,
  );
  await page.getByTestId("run").click();
  await page.waitForTimeout(300);
  const driver = page.workers().find((worker) => worker.url().includes("driver-worker"));
  await driver?.evaluate(() => self.close());
  await expect(page.getByTestId("engine-status")).toContainText("temporary views are gone, tables are not");
  expect(await playground.printed()).toBe("INVALID_HANDLE.SESSION_CHANGED");
  expect(await answer(playground, TOTALS)).toEqual([1000, 499_500]);
  await expect(page.getByTestId("table-numbers")).toBeVisible();
});
