import { afterAll, describe, expect, it } from "vitest";
import { LakeletError } from "../errors/lakelet-error.ts";
import { MockSparkSession } from "../session/mock-spark-session.ts";
import { InProcessBackend } from "./in-process-backend.ts";
import { testDriver } from "./testing/test-session.ts";

/** How often each race is run; `LAKELET_ROUNDS=100` for the long form. */
const ROUNDS = Number(process.env["LAKELET_ROUNDS"] ?? 5);

const driver = testDriver();
afterAll(() => driver.close());

function session(name: string): MockSparkSession {
  return new MockSparkSession(name, {
    backend: async ({ conf }) => InProcessBackend.open(driver, conf),
    environment: { print: () => {} },
  });
}

describe("ten pipelines at once, each with a schema of its own", () => {
  it("share one session", async () => {
    const spark = session("MyApp");
    for (let round = 0; round < ROUNDS; round++) {
      await Promise.all(
        Array.from({ length: 10 }, async (_, i) => {
          const df = spark.createDataFrame([{ id: 1, name: "Alice" }]);
          await df.write.mode("overwrite").saveAsTable(`schema_${round}_${i}.table_${i}`);
        }),
      );
      for (let i = 0; i < 10; i++)
        expect(await spark.table(`schema_${round}_${i}.table_${i}`).count()).toBe(1);
    }
  }, 300_000);

  it("have a session each", async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const counts = await Promise.all(
        Array.from({ length: 10 }, async (_, step) => {
          const spark = session("Pipeline");
          const df = spark.createDataFrame([
            { id: step, value: 5 },
            { id: step, value: 20 },
            { id: step, value: 30 },
          ]);
          const result = df.select("id", "value").filter("value > 10");
          await result.write.mode("overwrite").saveAsTable(`step_${round}_${step}.results`);
          const count = await result.count();
          await spark.stop();
          return count;
        }),
      );
      expect(counts).toEqual(Array.from({ length: 10 }, () => 2));
    }
    const reader = session("Reader");
    expect(await reader.table(`step_${ROUNDS - 1}_9.results`).count()).toBe(2);
  }, 300_000);
});

describe("schemas by mock-spark's names", () => {
  it("are made, found and dropped", async () => {
    const spark = session("Schemas");
    expect(await spark.storage.schemaExists("shop")).toBe(false);
    await Promise.all(Array.from({ length: 8 }, () => spark.storage.createSchema("shop")));
    expect(await spark.storage.schemaExists("shop")).toBe(true);
    expect((await spark.catalog.listDatabases()).map((d) => d.name)).toContain("shop");
    await spark.storage.dropSchema("shop");
    expect(await spark.storage.schemaExists("shop")).toBe(false);
  });

  it("name the schema, the cause and what to check when they cannot be made", async () => {
    const spark = session("Broken");
    const error = await spark.storage.createSchema("a.b.c").then(
      () => undefined,
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(LakeletError);
    expect((error as Error).message).toContain("a.b.c");
  });

  it("are private to a session in memory that has no path", async () => {
    const one = new MockSparkSession("One", {
      backend: async ({ conf }) => InProcessBackend.open(driver, conf),
    });
    const other = testDriver();
    const two = new MockSparkSession("Two", {
      backend: async ({ conf }) => InProcessBackend.open(other, conf),
    });
    await one.createDataFrame([{ id: 1 }]).write.saveAsTable("secret.kept");
    expect(await two.catalog.databaseExists("secret")).toBe(false);
    await other.close();
  });
});
