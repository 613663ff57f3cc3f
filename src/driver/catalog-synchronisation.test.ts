import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AnalysisException } from "../errors/spark-error.ts";
import * as F from "../session/functions/index.ts";
import type { SparkSession } from "../session/spark-session.ts";
import { MemoryStorage } from "../storage/memory-storage.ts";
import { testDriver, testSession } from "./testing/test-session.ts";

/** Two drivers over one storage, as two tabs have; an engine takes a second to start, so all tests share them. */
const storage = new MemoryStorage();
const drivers = [testDriver({ storage }), testDriver({ storage })] as const;
const [spark, second, otherTab] = [
  testSession(drivers[0]).spark,
  testSession(drivers[0]).spark,
  testSession(drivers[1]).spark,
];
const readers: readonly SparkSession[] = [spark, second, otherTab];

beforeAll(() => spark.sql("CREATE SCHEMA IF NOT EXISTS test_schema").collect());
afterAll(() => Promise.all(drivers.map((driver) => driver.close())));

describe("a table that was saved", () => {
  it("can be read at once, in every session", async () => {
    const df = spark.createDataFrame(
      [
        [1, "Alice"],
        [2, "Bob"],
      ],
      ["id", "name"],
    );
    await df.write.mode("overwrite").saveAsTable("test_schema.test_table");
    for (const reader of readers) {
      const table = reader.table("test_schema.test_table");
      expect(await table.count()).toBe(2);
      expect(await table.columns).toEqual(["id", "name"]);
      const rows = await table.collect();
      expect(rows.map((row) => row.asDict())).toEqual([
        { id: 1, name: "Alice" },
        { id: 2, name: "Bob" },
      ]);
      expect(rows[0]?.["name"]).toBe("Alice");
    }
  });

  it("takes a new schema that was merged by hand", async () => {
    await spark
      .createDataFrame([[1, "Alice"]], ["id", "name"])
      .write.mode("overwrite")
      .saveAsTable("test_schema.events");
    const existing = await spark.table("test_schema.events").schema;
    let next = spark.createDataFrame([[2, 25]], ["id", "age"]);
    for (const field of existing.fields) {
      if (!(await next.columns).includes(field.name))
        next = next.withColumn(field.name, F.lit(null).cast(field.dataType));
    }
    await next.write.mode("overwrite").option("overwriteSchema", "true").saveAsTable("test_schema.events");
    for (const reader of readers) {
      const table = reader.table("test_schema.events");
      expect(await table.columns).toEqual(["id", "age", "name"]);
      expect((await table.collect()).map((row) => row.asDict())).toEqual([{ id: 2, age: 25, name: null }]);
    }
  });

  it("is there for ten that write and read at once", async () => {
    const counts = await Promise.all(
      Array.from({ length: 10 }, async (_, i) => {
        const df = spark.createDataFrame([[i, `data_${i}`]], ["id", "value"]);
        await df.write.mode("overwrite").saveAsTable(`test_schema.table_${i}`);
        return spark.table(`test_schema.table_${i}`).count();
      }),
    );
    expect(counts).toEqual(Array.from({ length: 10 }, () => 1));
  });

  it("shows appended rows at once", async () => {
    await spark
      .createDataFrame([[1, "Alice"]], ["id", "name"])
      .write.mode("overwrite")
      .saveAsTable("test_schema.users");
    for (const reader of readers) expect(await reader.table("test_schema.users").count()).toBe(1);
    await spark
      .createDataFrame([[2, "Bob"]], ["id", "name"])
      .write.mode("append")
      .saveAsTable("test_schema.users");
    for (const reader of readers) expect(await reader.table("test_schema.users").count()).toBe(2);
  });

  it("follows each save mode", async () => {
    const one = spark.createDataFrame([[1]], ["id"]);
    await one.write.mode("error").saveAsTable("modes");
    await expect(one.write.mode("error").saveAsTable("modes")).rejects.toSatisfy(
      (e) => e instanceof AnalysisException && e.getCondition() === "TABLE_OR_VIEW_ALREADY_EXISTS",
    );
    await one.write.mode("ignore").saveAsTable("modes");
    expect(await spark.table("modes").count()).toBe(1);
    await one.write.mode("append").saveAsTable("modes");
    expect(await spark.table("modes").count()).toBe(2);
    await one.write.mode("overwrite").saveAsTable("modes");
    expect(await spark.table("modes").count()).toBe(1);
  });

  it("is neither written nor registered when the write fails", async () => {
    const bad = spark.sql("SELECT id, CAST(IF(id = 3, 'x', '1') AS INT) AS n FROM range(5)");
    await expect(bad.write.saveAsTable("broken")).rejects.toThrow(/CAST_INVALID_INPUT/);
    for (const reader of readers) {
      expect(await reader.catalog.tableExists("broken")).toBe(false);
      await expect(reader.table("broken").count()).rejects.toThrow(/TABLE_OR_VIEW_NOT_FOUND/);
    }
    await spark.range(3).write.saveAsTable("whole");
    await expect(
      bad
        .toDF("id", "n")
        .select("id")
        .withColumn("id", F.expr("CAST('x' AS BIGINT)"))
        .write.mode("overwrite")
        .saveAsTable("whole"),
    ).rejects.toThrow();
    for (const reader of readers) expect(await reader.table("whole").count()).toBe(3);
  });
});

describe("many writers", () => {
  it("let exactly one create a new table in mode error", async () => {
    for (let round = 0; round < 20; round++) {
      const results = await Promise.allSettled(
        Array.from({ length: 8 }, (_, i) => {
          const writer = readers[i % 3] as SparkSession;
          return writer
            .createDataFrame([[i]], ["writer"])
            .write.mode("error")
            .saveAsTable(`contested_${round}`);
        }),
      );
      expect(results.filter((r) => r.status === "fulfilled")).toHaveLength(1);
      expect(await spark.table(`contested_${round}`).count()).toBe(1);
    }
  }, 120_000);

  it("append ten times each, and every row is there", async () => {
    await Promise.all(
      Array.from({ length: 10 }, async (_, writer) => {
        const session = readers[writer % 3] as SparkSession;
        for (let n = 0; n < 10; n++) {
          await session
            .createDataFrame([[writer, n]], ["writer", "n"])
            .write.mode("append")
            .saveAsTable("appended");
        }
      }),
    );
    const rows = await spark.table("appended").collect();
    const seen = new Set(rows.map((row) => `${row["writer"]}/${row["n"]}`));
    expect(rows).toHaveLength(100);
    expect(seen.size).toBe(100);
  }, 120_000);

  it("overwrite while four read, who always see one whole version", async () => {
    const write = (version: number) =>
      spark.range(50).withColumn("version", F.lit(version)).write.mode("overwrite").saveAsTable("versions");
    await write(0);
    let isWriting = true;
    const readers = Array.from({ length: 4 }, async () => {
      let reads = 0;
      while (isWriting || reads === 0) {
        const [row] = await otherTab
          .table("versions")
          .agg(F.count("*").alias("n"), F.min("version").alias("low"), F.max("version").alias("high"))
          .collect();
        expect(row?.["n"]).toBe(50);
        expect(row?.["low"]).toBe(row?.["high"]);
        reads++;
      }
      return reads;
    });
    for (let version = 1; version <= 20; version++) await write(version);
    isWriting = false;
    for (const reads of await Promise.all(readers)) expect(reads).toBeGreaterThan(0);
  }, 120_000);
});
