import { expect, type Page, test } from "@playwright/test";
import { Playground } from "./support/playground.ts";

/** Resolves when the page has said that it goes on without a network. */
async function keptForOffline(page: Page): Promise<void> {
  await expect(page.locator(".status[data-offline]")).toBeVisible({ timeout: 60_000 });
}

test("without a network stopped code is started again, and what few programs need is there", async ({
  page,
  context,
}) => {
  const playground = new Playground(page);
  await playground.open("?warehouse=memory");
  await playground.runCode("sql", "SELECT 1 AS one");
  await keptForOffline(page);
  await context.setOffline(true);
  // Types, Arrow tables, kernels of the rarer functions, text formats and checkpoints: each a script of its own.
  await playground.runCode(
    "typescript",
    `
    const half = (n: number): number => n / 2;
    const numbers = spark.range(1000).withColumn("half", F.col("id").divide(2));
    await numbers.write.mode("overwrite").parquet("offline/numbers");
    await numbers.select(F.col("id").cast("string")).write.mode("overwrite").csv("offline/texts");
    const table = await spark.read.parquet("offline/numbers").toArrow();
    const hash = (await spark.sql("SELECT md5('a') AS m, soundex('Robert') AS s, conv('ff', 16, 10) AS c").collect())[0];
    for (let n = 0; n < 12; n++) await spark.range(1).write.mode("append").saveAsTable("many");
    console.log(half(8), table.numRows, await spark.read.csv("offline/texts").count(), hash.s, hash.c, await spark.table("many").count());
  `,
  );
  expect(await playground.printed()).toBe("4 1000 1000 R163 255 12");
  // Code that has to be stopped takes its worker along.
  await playground.setCode("typescript", "while (true) {}");
  await page.getByTestId("run").click();
  await page.getByTestId("cancel").click();
  await expect(page.getByTestId("run")).toBeEnabled({ timeout: 15_000 });
  await playground.runCode("sql", "SELECT 7 AS seven");
  expect(await playground.gridRows()).toEqual([["7"]]);
});

test("without a network more engines start, and files that were read are read again", async ({
  page,
  context,
}) => {
  const playground = new Playground(page);
  await playground.open("?warehouse=memory&engines=3");
  await keptForOffline(page);
  await playground.runCode("typescript", `await spark.read.text("data/stocks.csv").count();`);
  expect(await playground.printed()).toBe("561");
  await context.setOffline(true);
  // Queries side by side need engines that have not been started so far.
  await playground.runCode(
    "typescript",
    `
    const queries = [1, 2, 3, 4].map((n) => spark.range(200000 * n).agg(F.max("id")).collect());
    console.log((await Promise.all(queries)).map((rows) => rows[0][0]).join(" "));
    console.log(await spark.read.text("data/stocks.csv").count());
  `,
  );
  expect((await playground.printed()).trim().split(/\s+/)).toEqual([
    ..."199999 399999 599999 799999 561".split(" "),
  ]);
  await page.reload();
  await expect(page.getByTestId("engine-status")).toContainText("sandbox.html");
});
