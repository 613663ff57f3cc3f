import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ExplainMode } from "../session/backend.ts";
import type { DataFrame } from "../session/data-frame.ts";
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

async function explained(df: DataFrame, mode?: ExplainMode): Promise<string> {
  await (mode === undefined ? df.explain() : df.explain(mode));
  return printed.at(-1) as string;
}

describe("explain", () => {
  const sides = (): readonly [DataFrame, DataFrame] => [
    spark.createDataFrame([{ id: 1, v: "x" }]),
    spark.createDataFrame([{ id: 1, w: "y" }]),
  ];

  // The operators that Spark 4.3 names for the same programs.
  it("names the operators that Spark would use", async () => {
    const [a, b] = sides();
    expect(await explained(a.join(b, "id"))).toMatch(/\+- BroadcastHashJoin Inner, BuildRight/);
    expect(await explained(a.join(b, "id", "left"))).toMatch(/\+- BroadcastHashJoin LeftOuter, BuildRight/);
    expect(await explained(a.crossJoin(b))).toMatch(/BroadcastNestedLoopJoin (Inner|Cross), BuildRight/);
    expect(await explained(a.groupBy("id").count())).toContain("HashAggregate(keys=[id]");
    expect(await explained(a.groupBy("id").agg({ v: "max" }))).toContain("SortAggregate(keys=[id]");
  });

  it("has the sections of each mode", async () => {
    const [a, b] = sides();
    const df = a.join(b, "id").filter("v > 'a'");
    const sections = async (mode?: ExplainMode) =>
      [...(await explained(df, mode)).matchAll(/^== (.*) ==$/gm)].map((m) => m[1]);
    expect(await sections()).toEqual(["Physical Plan"]);
    expect(await sections("extended")).toEqual([
      "Parsed Logical Plan",
      "Analyzed Logical Plan",
      "Optimized Logical Plan",
      "Physical Plan",
      "Generated SQL",
    ]);
    expect(await sections("cost")).toEqual(["Optimized Logical Plan", "Physical Plan"]);
    expect(await explained(df, "cost")).toContain("Statistics(sizeInBytes=");
  });

  it("shows what is persisted as read from memory", async () => {
    const df = spark.range(7);
    df.persist();
    expect(await explained(df)).toMatch(/== Physical Plan ==\nInMemoryTableScan \[id\]/);
    df.unpersist();
    expect(await explained(df)).not.toContain("InMemoryTableScan");
  });
});

describe("sameSemantics", () => {
  it("does not look at names", async () => {
    const [a, b] = [spark.range(10), spark.range(10)];
    expect(
      await a
        .withColumn("x", a.col("id").multiply(2))
        .sameSemantics(b.withColumn("y", b.col("id").multiply(2))),
    ).toBe(true);
    expect(
      await a.withColumn("x", a.col("id").multiply(2)).sameSemantics(b.withColumn("x", b.col("id").plus(2))),
    ).toBe(false);
  });
});
