import { expect, test } from "@playwright/test";
import { Playground } from "../support/playground.ts";

/** Run by eight workers at once: the same names everywhere, kept in OPFS, so that whatever is shared shows. */
for (let n = 0; n < 8; n++) {
  test(`tab ${n} has its tables to itself`, async ({ page }) => {
    const playground = new Playground(page);
    await playground.open();
    await playground.runCode(
      "typescript",
      `
      const seen = [];
      for (let round = 0; round < 5; round++) {
        seen.push(await spark.catalog.tableExists("results"));
        await spark.createDataFrame([{ tab: ${n}, round }]).write.mode("append").saveAsTable("results");
      }
      const rows = await spark.table("results").collect();
      console.log(JSON.stringify([seen, rows.map((row) => [row.tab, row.round])]));
    `,
    );
    expect(JSON.parse(await playground.printed())).toEqual([
      [false, true, true, true, true],
      [0, 1, 2, 3, 4].map((round) => [n, round]),
    ]);
  });
}
