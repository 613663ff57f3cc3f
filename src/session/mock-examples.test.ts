import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { F, MockSparkSession, type Row, SparkSession } from "../node/index.ts";

const opened: SparkSession[] = [];
const folders: string[] = [];
function keep<S extends SparkSession>(session: S): S {
  opened.push(session);
  return session;
}
const oneEngine = { conf: { "spark.lakelet.engines": "1" } };

afterEach(async () => {
  for (const session of opened.splice(0)) await session.stop();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe("catalog synchronisation", () => {
  let spark: SparkSession;

  beforeAll(() => {
    spark = SparkSession.builder.appName("test").config("spark.lakelet.engines", 1).create();
    spark.sql("CREATE SCHEMA IF NOT EXISTS test_schema");
  });
  afterAll(() => spark.stop());

  test("a table is readable right after saveAsTable", async () => {
    const df = spark.createDataFrame(
      [
        [1, "Alice"],
        [2, "Bob"],
      ],
      ["id", "name"],
    );
    await df.write.mode("overwrite").saveAsTable("test_schema.test_table");
    const table = spark.table("test_schema.test_table");
    expect(await table.count()).toBe(2);
    expect(await table.columns).toEqual(["id", "name"]);
    const rows = await table.collect();
    expect(rows.length).toBe(2);
    expect((rows[0] as Row)["id"]).toBe(1);
    expect((rows[0] as Row)["name"]).toBe("Alice");
  });

  test("schema evolution: read the schema, add what is missing, overwrite", async () => {
    await spark
      .createDataFrame([[1, "Alice"]], ["id", "name"])
      .write.mode("overwrite")
      .saveAsTable("test_schema.events");
    const existing = await spark.table("test_schema.events").schema;
    let df2 = spark.createDataFrame([[2, 25]], ["id", "age"]);
    for (const field of existing.fields) {
      if (!(await df2.columns).includes(field.name))
        df2 = df2.withColumn(field.name, F.lit(null).cast(field.dataType));
    }
    await df2.write.mode("overwrite").option("overwriteSchema", true).saveAsTable("test_schema.events");
    const final = spark.table("test_schema.events");
    expect(await final.columns).toEqual(["id", "age", "name"]);
    expect((await final.collect()).map(String)).toEqual(["Row(id=2, age=25, name=None)"]);
  });

  test("ten writes and reads side by side", async () => {
    const counts = await Promise.all(
      range(10).map(async (n) => {
        const df = spark.createDataFrame([[n, `data_${n}`]], ["id", "value"]);
        await df.write.mode("overwrite").saveAsTable(`test_schema.table_${n}`);
        return spark.table(`test_schema.table_${n}`).count();
      }),
    );
    expect(counts).toEqual(range(10).map(() => 1));
  });

  test("an append is visible at once", async () => {
    const save = (id: number, name: string, mode: string): Promise<void> =>
      spark
        .createDataFrame([[id, name]], ["id", "name"])
        .write.mode(mode)
        .saveAsTable("test_schema.users");
    await save(1, "Alice", "overwrite");
    expect(await spark.table("test_schema.users").count()).toBe(1);
    await save(2, "Bob", "append");
    expect(await spark.table("test_schema.users").count()).toBe(2);
  });

  test("modes error and ignore", async () => {
    const df = spark.range(2);
    await df.write.saveAsTable("test_schema.modes");
    await expect(df.write.mode("error").saveAsTable("test_schema.modes")).rejects.toThrow(
      "TABLE_OR_VIEW_ALREADY_EXISTS",
    );
    await spark.range(5).write.mode("ignore").saveAsTable("test_schema.modes");
    expect(await spark.table("test_schema.modes").count()).toBe(2);
  });
});

describe("threading support", () => {
  test("tables of ten schemas from one shared session, schemas made on the way", async () => {
    const spark = keep(new MockSparkSession("MyApp", oneEngine));
    await Promise.all(
      range(10).map(async (i) => {
        const df = spark.createDataFrame([{ id: 1, name: "Alice" }]);
        await df.write.saveAsTable(`schema_${i}.table_${i}`);
      }),
    );
    for (const i of range(10)) expect(await spark.table(`schema_${i}.table_${i}`).count()).toBe(1);
  });

  test("a session each, isolated from one another", async () => {
    const data = range(4).map((i) => [{ id: i, value: i * 10 }]);
    const sessions = data.map(() => keep(new MockSparkSession("MyApp", oneEngine)));
    await Promise.all(
      sessions.map(async (spark, i) => {
        const df = spark.createDataFrame(data[i] as object[]);
        await df.write.saveAsTable(`schema_${i}.results`);
      }),
    );
    const [first, second] = sessions as [MockSparkSession, MockSparkSession];
    expect(await first.storage.schemaExists("schema_0")).toBe(true);
    expect(await second.storage.schemaExists("schema_0")).toBe(false);
  });

  test("pipeline steps side by side", async () => {
    const data = [
      [
        { id: 1, value: 5 },
        { id: 2, value: 15 },
      ],
      [{ id: 3, value: 20 }],
    ];
    const step = async (id: number, input: object[]): Promise<number> => {
      const spark = keep(new MockSparkSession("Pipeline", oneEngine));
      const result = spark.createDataFrame(input).select("id", "value").filter("value > 10");
      await result.write.saveAsTable(`step_${id}.results`);
      return result.count();
    };
    expect(await Promise.all(data.map((input, i) => step(i, input)))).toEqual([1, 1]);
  });

  test("a path is shared by sessions and stays", async () => {
    const dbPath = await mkdtemp(join(tmpdir(), "lakelet-mock-"));
    folders.push(dbPath);
    const first = keep(new MockSparkSession("A", { dbPath, ...oneEngine }));
    await first.createDataFrame([{ id: 7 }]).write.saveAsTable("kept.t");
    const second = keep(new MockSparkSession("B", { dbPath, ...oneEngine }));
    expect((await second.table("kept.t").collect()).map(String)).toEqual(["Row(id=7)"]);
    await first.stop();
    await second.stop();
    const third = keep(new MockSparkSession("C", { dbPath, ...oneEngine }));
    expect(await third.table("kept.t").count()).toBe(1);
  });

  test("a schema that cannot be made is named, with the cause and what to check", async () => {
    const spark = keep(new MockSparkSession("MyApp", oneEngine));
    await spark.stop();
    await expect(spark.storage.createSchema("my_schema")).rejects.toThrow(
      /"my_schema".*Session was closed.*Check/s,
    );
  });

  test("storage says which schemas there are", async () => {
    const spark = keep(new MockSparkSession("MyApp", oneEngine));
    expect(await spark.storage.schemaExists("s")).toBe(false);
    await spark.storage.createSchema("s");
    expect(await spark.storage.schemaExists("s")).toBe(true);
    await spark.storage.dropSchema("s");
    expect(await spark.storage.schemaExists("s")).toBe(false);
  });
});
