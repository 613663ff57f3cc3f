import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { notebookFragment } from "../src/playground/notebook.ts";
import { Playground } from "./support/playground.ts";

const CELLS = [
  { language: "markdown", code: "# Numbers\n\nFive *of them*, <b>no</b> [more](javascript:alert(1))." },
  {
    language: "typescript",
    code: "await spark.range(5).createOrReplaceTempView('five');\nconsole.log('made');",
  },
  { language: "sql", code: "SELECT sum(id) AS total FROM five" },
  { language: "python", code: "spark.table('five').count()" },
] as const;

test("cells run in their order on one session, and survive a reload", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open("?warehouse=memory");
  await playground.setCode("sql", "SELECT 1 AS one");
  await page.keyboard.press("Shift+Enter");
  await expect(page.getByTestId("cell")).toHaveCount(2);
  await page.keyboard.insertText("SELECT 2 AS two");
  await page.getByTestId("run-all").click();
  await expect(page.getByTestId("result-grid")).toHaveCount(2);
  await expect(page.locator(".cell-count")).toHaveText([/^\[\d\]$/, /^\[\d\]$/]);
  await page.reload();
  await expect(page.getByTestId("cell")).toHaveCount(2);
  await expect(page.locator("[data-testid=editor] .cm-content").last()).toHaveText("SELECT 2 AS two");
  await page.getByRole("button", { name: "Remove the cell" }).last().click();
  await expect(page.getByTestId("cell")).toHaveCount(1);
  await page.getByTestId("reset").click();
  await expect(page.locator("[data-testid=editor] .cm-content")).toContainText("Three million flights");
});

test("a link brings a notebook, which waits to be run and has tables of its own", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open(`#${await notebookFragment(CELLS)}`);
  await expect(page.getByTestId("notice")).toContainText("came with a link");
  await expect(page.getByTestId("engine-status")).toContainText("tables live in memory");
  await expect(page.getByTestId("cell")).toHaveCount(4);
  // Text is shown at once, and only as text; programs wait.
  const prose = page.getByTestId("output-prose");
  await expect(prose).toHaveText("NumbersFive of them, <b>no</b> more.");
  await expect(prose.locator("a, b")).toHaveCount(0);
  await expect(page.getByTestId("output-text")).toHaveCount(0);

  await page.getByTestId("run-all").click();
  await expect(page.getByTestId("output-text").last()).toHaveText("5", { timeout: 60_000 });
  expect(await playground.gridRows()).toEqual([["10"]]);
  // What came with a link is not taken for the visitor's own notebook.
  expect(await page.evaluate(() => localStorage.getItem("lakelet.notebook"))).toBeNull();
  await page.getByRole("button", { name: "Use my tables" }).click();
  await expect(page.getByTestId("engine-status")).toContainText("tables are kept in this browser");
  await expect(page.getByTestId("cell")).toHaveCount(4);
});

test("a broken link says so and does no harm", async ({ page }) => {
  await new Playground(page).open("#notebook=broken!");
  await expect(page.getByTestId("notice")).toContainText("The link could not be read");
  await expect(page.locator("[data-testid=editor] .cm-content")).toContainText("Three million flights");
});

test("an error ends the row of cells", async ({ page }) => {
  const playground = new Playground(page);
  const cells = [
    { language: "sql", code: "SELECT nothing" },
    { language: "typescript", code: "console.log('not reached')" },
  ] as const;
  await playground.open(`#${await notebookFragment(cells)}`);
  await page.getByTestId("run-all").click();
  await expect(page.getByTestId("output-error")).toContainText("UNRESOLVED_COLUMN");
  await expect(page.getByTestId("run").last()).toBeEnabled();
  await expect(page.getByTestId("output-text")).toHaveCount(0);
});

test("a notebook is exported and imported, results are saved", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open(`#${await notebookFragment(CELLS)}`);
  const exported = page.waitForEvent("download");
  await page.getByTestId("export").click();
  const file = await (await exported).path();
  expect(JSON.parse(readFileSync(file, "utf8")).cells).toHaveLength(4);
  await page.getByTestId("reset").click();
  await expect(page.getByTestId("cell")).toHaveCount(1);
  await page.getByTestId("import-file").setInputFiles(file);
  await expect(page.getByTestId("cell")).toHaveCount(4);

  await page.getByTestId("reset").click();
  await playground.runCode("sql", "SELECT id, concat('n', id) AS name FROM range(3)");
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV" }).click();
  expect(readFileSync(await (await saved).path(), "utf8")).toBe("id,name\r\n0,n0\r\n1,n1\r\n2,n2\r\n");
});

test("the versions of a table are listed, looked at, compared and restored", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open("?warehouse=memory");
  await playground.runCode("sql", "CREATE TABLE t AS SELECT id FROM range(2)");
  await playground.runCode("sql", "INSERT INTO t VALUES (7)");
  await page.getByTestId("table-t").locator("summary").first().click();
  await page.getByText("Versions").click();
  const first = page.getByTestId("version-0");
  await expect(first).toContainText("CREATE TABLE AS SELECT");
  await expect(page.getByTestId("version-1")).toBeVisible();
  await first.getByRole("button", { name: "See" }).click();
  await playground.run();
  expect(await playground.gridRows()).toEqual([["0"], ["1"]]);
  await first.getByRole("button", { name: "Compare" }).click();
  await playground.run();
  expect(await playground.gridRows()).toEqual([["+", "7"]]);
  await first.getByRole("button", { name: "Restore" }).click();
  await playground.run();
  await playground.runCode("sql", "SELECT count(*) AS n FROM t");
  expect(await playground.gridRows()).toEqual([["2"]]);
});
