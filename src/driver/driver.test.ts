import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SparkSession } from "../session/spark-session.ts";
import type { Driver } from "./driver.ts";
import { testDriver, testSession } from "./testing/test-session.ts";

let driver: Driver;
let spark: SparkSession;
let printed: string[];

beforeAll(() => {
  driver = testDriver();
  ({ spark, printed } = testSession(driver));
});
afterAll(() => driver.close());

describe("queries", () => {
  it("selects literals", async () => {
    const rows = await spark.sql("SELECT 1 AS a, 'x' AS b").collect();
    expect(rows.map((r) => r.asDict())).toEqual([{ a: 1, b: "x" }]);
  });

  it("shows a local DataFrame", async () => {
    const df = spark.createDataFrame([
      { name: "Alice", age: 34 },
      { name: "Bob", age: 45 },
    ]);
    await df.filter("age > 40").show();
    expect(printed.at(-1)).toBe("+----+---+\n|name|age|\n+----+---+\n| Bob| 45|\n+----+---+\n");
  });
});
