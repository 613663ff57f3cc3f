import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, expect, test } from "@playwright/test";
import { launchOptions } from "./support/browser.ts";
import { Playground } from "./support/playground.ts";

/** How often the browser is killed; `LAKELET_KILLS=20` for the long form. */
const KILLS = Number(process.env["LAKELET_KILLS"] ?? 3);

test("two tabs append fifty times each to one table at once: no row is lost or doubled", async ({
  context,
}) => {
  const tabs = [new Playground(await context.newPage()), new Playground(await context.newPage())];
  for (const tab of tabs) await tab.open();
  const [one] = tabs as [Playground, Playground];
  await one.runCode("sql", "CREATE TABLE appended (tab INT, n INT)");
  const program = (tab: number) => `
    for (let n = 0; n < 50; n++) {
      await spark.createDataFrame([[${tab}, n]], "tab INT, n INT").write.mode("append").saveAsTable("appended");
    }
    console.log("done");
  `;
  await Promise.all(tabs.map((tab, i) => tab.runCode("typescript", program(i))));
  for (const tab of tabs) expect(await tab.printed()).toBe("done");
  await one.runCode(
    "typescript",
    `
    const rows = await spark.table("appended").collect();
    const history = await spark.table("appended").select("_metadata.file_path").distinct().count();
    console.log(JSON.stringify([rows.length, new Set(rows.map((r) => r.tab + "/" + r.n)).size, history]));
  `,
  );
  expect(JSON.parse(await one.printed())).toEqual([100, 100, 100]);
});

test("a browser killed while it saves leaves each table whole or absent, and acknowledged ones always whole", async ({
  baseURL,
}) => {
  test.setTimeout(60_000 + KILLS * 30_000);
  const profile = mkdtempSync(join(tmpdir(), "lakelet-kill-"));
  const acknowledged = new Set<string>();
  try {
    for (let round = 0; round <= KILLS; round++) {
      const context = await chromium.launchPersistentContext(profile, {
        ...launchOptions(),
        baseURL: baseURL ?? "",
      });
      const tab = new Playground(await context.newPage());
      await tab.open();
      await tab.runCode(
        "typescript",
        `
        const found = [];
        for (const { name } of await spark.catalog.listTables()) found.push([name, await spark.table(name).count()]);
        console.log(JSON.stringify(found));
      `,
      );
      const found = new Map(JSON.parse(await tab.printed()) as [string, number][]);
      for (const [name, count] of found) expect([name, count]).toEqual([name, 1000]);
      for (const name of acknowledged) expect(found.has(name), `${name} was acknowledged`).toBe(true);
      if (round === KILLS) {
        await context.close();
        break;
      }
      await tab.setCode(
        "typescript",
        `for (let n = 0; ; n++) { await spark.range(1000).write.saveAsTable("t_${round}_" + n); console.log("t_${round}_" + n); }`,
      );
      await tab.page.getByTestId("run").click();
      await tab.page.waitForTimeout(200 + Math.random() * 1_500);
      for (const name of (await tab.printed()).split("\n")) if (name !== "") acknowledged.add(name.trim());
      await kill(context, profile);
    }
    expect(acknowledged.size).toBeGreaterThan(0);
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
});

/** Ends every process of the browser that uses the profile, as a crash or a power switch would. */
async function kill(context: BrowserContext, profile: string): Promise<void> {
  const closed = new Promise<void>((resolve) => context.once("close", () => resolve()));
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const command = (() => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8");
      } catch {
        return "";
      }
    })();
    if (!command.includes(profile)) continue;
    try {
      process.kill(Number(pid), "SIGKILL");
    } catch {
      // Its parent's end may have taken it along.
    }
  }
  await closed;
}
