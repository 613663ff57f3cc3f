import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Driver } from "../driver/driver.ts";
import { testDriver, testSession } from "../driver/testing/test-session.ts";
import { DeltaTable } from "./delta-table.ts";
import { IdentityGenerator } from "./delta-table-builder.ts";
import { col, lit } from "./functions/index.ts";
import type { SparkSession } from "./spark-session.ts";

/** What each call does is what delta-spark 4.0.0 does with the same calls of Python's `delta.tables`. */
let driver: Driver;
let spark: SparkSession;

beforeAll(() => {
  driver = testDriver();
  spark = testSession(driver).spark;
});
afterAll(() => driver.close());

const rows = async (table: string): Promise<readonly string[]> =>
  (await spark.table(table).collect()).map((row) => JSON.stringify(row.asDict())).sort();

async function people(name: string): Promise<DeltaTable> {
  await spark.sql("SELECT * FROM VALUES (1, 'a'), (2, 'b'), (3, 'c') AS t(id, v)").write.saveAsTable(name);
  return DeltaTable.forName(spark, name);
}

describe("rows are changed", () => {
  test("delete by text and by column", async () => {
    const table = await people("d");
    await table.delete("id = 1");
    await table.delete(col("v").eq(lit("b")));
    expect(await rows("d")).toEqual(['{"id":3,"v":"c"}']);
    await table.delete();
    expect(await table.toDF().count()).toBe(0);
  });

  test("update by text, by column, and by columns of the table itself", async () => {
    const table = await people("u");
    await table.update({ condition: "id = 1", set: { v: "'x'" } });
    await table.update({ condition: table.toDF().col("id").eq(2), set: { v: lit("y") } });
    await table.update({ set: { id: "id + 10" } });
    expect(await rows("u")).toEqual(['{"id":11,"v":"x"}', '{"id":12,"v":"y"}', '{"id":13,"v":"c"}']);
  });

  test("merge with clauses of every kind", async () => {
    const table = await people("m");
    const source = spark.sql(
      "SELECT * FROM VALUES (1, 'A', true), (2, 'B', false), (9, 'N', false) AS s(id, v, gone)",
    );
    await table
      .alias("t")
      .merge(source.alias("s"), "t.id = s.id")
      .whenMatchedDelete("s.gone")
      .whenMatchedUpdate({ set: { v: "s.v" } })
      .whenNotMatchedInsert({ condition: "s.id > 5", values: { id: "s.id", v: col("s.v") } })
      .whenNotMatchedBySourceUpdate({ set: { v: "'left'" } })
      .execute();
    expect(await rows("m")).toEqual(['{"id":2,"v":"B"}', '{"id":3,"v":"left"}', '{"id":9,"v":"N"}']);
    const [last] = await table.history(1).collect();
    expect(last?.operation).toBe("MERGE");
    const told = last?.operationMetrics as Map<string, string> | undefined;
    expect(told?.get("numTargetRowsInserted")).toBe("1");
  });

  test("merge of all columns, with more of them", async () => {
    const table = await people("e");
    const source = spark.sql("SELECT 1 AS id, 'A' AS v, 7 AS more UNION ALL SELECT 4, 'D', 8");
    await table
      .merge(source.alias("s"), "e.id = s.id")
      .whenMatchedUpdateAll()
      .whenNotMatchedInsertAll()
      .withSchemaEvolution()
      .execute();
    expect(await rows("e")).toEqual([
      '{"id":1,"v":"A","more":7}',
      '{"id":2,"v":"b","more":null}',
      '{"id":3,"v":"c","more":null}',
      '{"id":4,"v":"D","more":8}',
    ]);
  });
});

describe("tables are made and looked after", () => {
  test("by a builder, with generated and identity columns", async () => {
    const table = await DeltaTable.createIfNotExists(spark)
      .tableName("built")
      .addColumn("n", "BIGINT", { generatedAlwaysAs: new IdentityGenerator(5, 5) })
      .addColumn("id", "INT", { nullable: false, comment: "the key" })
      .addColumn("twice", "INT", { generatedAlwaysAs: "id * 2" })
      .partitionedBy("twice")
      .property("delta.appendOnly", "true")
      .comment("built")
      .execute();
    await spark.sql("INSERT INTO built (id) VALUES (1), (2)");
    expect(await rows("built")).toEqual(['{"n":10,"id":2,"twice":4}', '{"n":5,"id":1,"twice":2}']);
    const [detail] = await table.detail().collect();
    expect(detail?.partitionColumns).toEqual(["twice"]);
    expect(detail?.description).toBe("built");
    await expect(table.delete("id = 1")).rejects.toMatchObject({ name: "UnsupportedOperationException" });
  });

  test("restore, optimize, vacuum, clone", async () => {
    const table = await people("kept");
    await spark.sql("INSERT INTO kept VALUES (4, 'd')");
    const metrics = await (await table.optimize().executeCompaction()).collect();
    const told = metrics[0]?.metrics as { readonly numFilesRemoved: number } | undefined;
    expect(told?.numFilesRemoved).toBe(2);
    const copy = await table.clone("copied", false);
    await table.restoreToVersion(0);
    expect(await table.toDF().count()).toBe(3);
    expect(await copy.toDF().count()).toBe(4);
    await expect(table.vacuum(0)).rejects.toMatchObject({ name: "IllegalArgumentException" });
    await table.vacuum();
    expect((await table.history().collect()).map((row) => row.operation)).toEqual([
      "VACUUM END",
      "VACUUM START",
      "RESTORE",
      "OPTIMIZE",
      "WRITE",
      "CREATE TABLE AS SELECT",
    ]);
  });

  test("by its path", async () => {
    const path = "/lake/by-path";
    await spark.range(4).withColumn("v", lit("new")).write.format("delta").save(path);
    expect(await DeltaTable.isDeltaTable(spark, path)).toBe(true);
    expect(await DeltaTable.isDeltaTable(spark, `${path}-not`)).toBe(false);
    const table = DeltaTable.forPath(spark, path);
    await table.update({ condition: "id = 3", set: { v: "'path'" } });
    await table.delete(table.toDF().col("id").lt(2));
    expect((await table.toDF().collect()).map(String)).toEqual(["Row(id=2, v='new')", "Row(id=3, v='path')"]);
  });
});
