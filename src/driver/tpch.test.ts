import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { F, type SparkSession } from "../session/public.ts";
import { testDriver, testSession } from "./testing/test-session.ts";

const FOLDER = new URL("../../e2e/spark/tpch/", import.meta.url);

interface Answer {
  readonly schema: readonly (readonly [name: string, type: string, nullable: boolean])[];
  /** Each value as Spark's cast to text gives it. */
  readonly rows: readonly (readonly (string | null)[])[];
}

const ANSWERS = JSON.parse(readFileSync(new URL("answers.json", FOLDER), "utf8")) as Readonly<
  Record<string, Answer>
>;
const QUERIES = [
  ...readFileSync(new URL("queries.sql", FOLDER), "utf8").matchAll(/^-- (q\d\d)\n([\s\S]*?);$/gm),
].map(([, name, text]) => [name as string, text as string] as const);

const driver = testDriver();
afterAll(() => driver.close());

function suite(
  title: string,
  prepare: (spark: SparkSession, name: string, path: string) => Promise<void>,
): void {
  describe(`TPC-H over ${title}`, () => {
    const { spark } = testSession(driver);

    beforeAll(async () => {
      const data = new URL("data/", FOLDER);
      for (const file of readdirSync(data)) {
        await prepare(spark, file.replace(".parquet", ""), fileURLToPath(new URL(file, data)));
      }
    }, 120_000);

    test("there are 22 queries", () => expect(QUERIES.map(([name]) => name)).toEqual(Object.keys(ANSWERS)));

    test.each(QUERIES)("%s", { timeout: 60_000 }, async (name, text) => {
      const answer = ANSWERS[name] as Answer;
      const df = spark.sql(text);
      const { fields } = await df.schema;
      expect(fields.map((f) => [f.name, f.dataType.simpleString(), f.nullable])).toEqual(answer.schema);
      const texts = df.select(...fields.map((f) => F.col(`\`${f.name}\``).cast("string")));
      expect((await texts.collect()).map((row) => [...row.values()])).toEqual(answer.rows);
    });
  });
}

suite("Parquet files", async (spark, name, path) => {
  await spark.read.parquet(path).createOrReplaceTempView(name);
});

suite("Delta tables", async (spark, name, path) => {
  await spark.sql("CREATE DATABASE IF NOT EXISTS tpch").collect();
  await spark.sql("USE tpch").collect();
  await spark.read.parquet(path).write.saveAsTable(name);
});
