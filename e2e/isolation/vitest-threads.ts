/** The body of each of the eight test files: the same names everywhere, so that whatever is shared shows. */
export const testFile = (n: number): string => `
import { expect, test } from "vitest";
import { MockSparkSession } from "lakelet/node";

test("file ${n} has its tables to itself", async () => {
  const spark = new MockSparkSession("App");
  for (let round = 0; round < 5; round++) {
    expect(await spark.catalog.tableExists("shared.results")).toBe(round > 0);
    await spark.createDataFrame([{ file: ${n}, round }]).write.mode("append").saveAsTable("shared.results");
    const rows = await spark.table("shared.results").collect();
    expect(rows.map((row) => [row.file, row.round])).toEqual(Array.from({ length: round + 1 }, (_, r) => [${n}, r]));
  }
  expect((await spark.catalog.listTables("shared")).map((table) => table.name)).toEqual(["results"]);
  await spark.stop();
});
`;
