import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { Playground } from "./support/playground.ts";

/** Recorded from Spark on the same file: e2e/spark/flights/record.py. */
const recorded = JSON.parse(readFileSync(new URL("spark/flights/answers.json", import.meta.url), "utf8")) as {
  readonly totals: Readonly<Record<string, number | string>>;
  readonly airports: readonly (readonly [string, number, number, number])[];
};

test("three million flights become a table that is there after a reload and in a second tab", async ({
  page,
  context,
}) => {
  const playground = new Playground(page);
  await playground.open();
  await expect(page.getByTestId("engine-status")).toContainText("tables are kept in this browser");
  // The example that a new visitor finds in the editor.
  await playground.run();
  const busy = recorded.airports.filter(([, flights]) => flights > 50_000).sort((a, b) => b[2] - a[2]);
  const rows = await playground.gridRows();
  expect(rows.length).toBeGreaterThan(5);
  for (const [origin, flights, delay] of rows) {
    const expected = busy.find((airport) => airport[0] === origin);
    expect([origin, Number(flights), Number(delay)]).toEqual(expected?.slice(0, 3));
  }
  await expect(page.getByTestId("table-airports")).toBeVisible();

  const totals = `
    const rows = await spark.table("airports").orderBy("origin").collect();
    console.log(JSON.stringify(rows.map((r) => [r.origin, r.flights, r.mean_delay, r.over_an_hour])));
  `;
  await page.reload();
  await playground.runCode("typescript", totals);
  expect(JSON.parse(await playground.printed())).toEqual(recorded.airports);

  const second = new Playground(await context.newPage());
  await second.open();
  await second.runCode("typescript", totals);
  expect(JSON.parse(await second.printed())).toEqual(recorded.airports);

  // What one tab writes the other sees with its next query.
  await second.runCode("sql", "CREATE TABLE from_second AS SELECT 42 AS answer");
  await playground.runCode("typescript", `console.log((await spark.table("from_second").first()).answer);`);
  expect(await playground.printed()).toBe("42");
});

test("counts and sums over the file are Spark's", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open("?warehouse=memory");
  await playground.runCode(
    "typescript",
    `
    const flights = spark.read.parquet("data/flights-3m.parquet");
    const [t] = await flights.agg(
      F.count("*").alias("rows"), F.sum("delay").alias("delay"), F.sum("distance").alias("distance"),
      F.countDistinct("origin").alias("origins"), F.min("date").cast("string").alias("first"), F.max("date").cast("string").alias("last"),
    ).collect();
    console.log(JSON.stringify(t.asDict()));
  `,
  );
  expect(JSON.parse(await playground.printed())).toEqual(recorded.totals);
});

test("with the network cut everything that was loaded still works", async ({ page, context }) => {
  const playground = new Playground(page);
  await playground.open("?warehouse=memory");
  await playground.runCode("sql", "SELECT 1 AS one");
  await expect(page.locator(".status[data-offline]")).toBeVisible({ timeout: 60_000 });
  await context.setOffline(true);
  await playground.runCode(
    "typescript",
    `
    await spark.range(1000).withColumn("half", F.col("id").divide(2)).write.mode("overwrite").parquet("offline/numbers");
    const back = spark.read.parquet("offline/numbers");
    console.log((await back.agg(F.sum("half").alias("s")).collect())[0].s, await back.count());
  `,
  );
  expect(await playground.printed()).toBe("249750 1000");
  await context.setOffline(false);
});

test("an error names Spark's condition and marks the place", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open("?warehouse=memory");
  await playground.runCode("sql", "SELECT origin, dely FROM parquet.`data/flights-3m.parquet`");
  expect(await playground.error()).toContain("UNRESOLVED_COLUMN.WITH_SUGGESTION");
  expect(await playground.error()).toContain("`delay`");
  await expect(page.locator("[data-testid=editor] .lakelet-error")).toHaveText("dely");
  await playground.runCode("typescript", "const a = 1;\nnowhere();");
  expect(await playground.error()).toContain("ReferenceError (line 2)");
});

test("a program that never ends is stopped, and the page goes on", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open("?warehouse=memory");
  await playground.setCode("typescript", "while (true) {}");
  await page.getByTestId("run").click();
  await page.getByTestId("cancel").click();
  await expect(page.getByTestId("run")).toBeEnabled({ timeout: 15_000 });
  await playground.runCode("sql", "SELECT 7 AS seven");
  expect(await playground.gridRows()).toEqual([["7"]]);
});

test("a query is cancelled at once", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open("?warehouse=memory");
  await playground.runCode("sql", "SELECT 1 AS warm");
  await playground.setCode(
    "sql",
    "SELECT count(*) FROM range(100000000) a JOIN range(100000) b ON a.id % 7 = b.id % 11 AND a.id + b.id > 5",
  );
  await page.getByTestId("run").click();
  await page.waitForTimeout(1_000);
  const before = Date.now();
  await page.getByTestId("cancel").click();
  await expect(page.getByTestId("output-error")).toContainText("OPERATION_CANCELED");
  expect(Date.now() - before).toBeLessThan(1_400);
});

test("values survive between runs, a dropped file can be read, and user code has neither network nor storage", async ({
  page,
}) => {
  const playground = new Playground(page);
  await playground.open("?warehouse=memory");
  await playground.runCode("typescript", "const kept = 41;");
  await playground.runCode("typescript", "kept + 1");
  expect(await playground.printed()).toBe("42");
  await page.setInputFiles("#file", {
    name: "people.csv",
    mimeType: "text/csv",
    buffer: Buffer.from("name,age\nAnna,31\nBen,27\n"),
  });
  await expect(page.locator("[data-testid=editor] .cm-content")).toContainText("people.csv");
  await playground.run();
  expect(await playground.gridRows()).toEqual([
    ["Anna", "31"],
    ["Ben", "27"],
  ]);
  await playground.runCode(
    "typescript",
    `
    const attempts = {};
    try { await fetch("data/cars.json"); attempts.fetch = "worked"; } catch { attempts.fetch = "refused"; }
    try { await navigator.storage.getDirectory(); attempts.opfs = "worked"; } catch { attempts.opfs = "refused"; }
    attempts.document = typeof document;
    console.log(JSON.stringify(attempts));
  `,
  );
  expect(JSON.parse(await playground.printed())).toEqual({
    fetch: "refused",
    opfs: "refused",
    document: "undefined",
  });
});
