import * as F from "../../src/session/functions/index.ts";
import { type DataFrame, type SparkSession, Window } from "../../src/session/public.ts";

/** Programs whose every word must be the same on the local engine and on a Spark cluster. */
export const PROGRAMS: Readonly<Record<string, (spark: SparkSession) => Promise<void>>> = {
  "a range": async (spark) => {
    await spark.range(2, 20, 3).show();
    await spark.range(5).toDF("n").printSchema();
  },
  "local data": async (spark) => {
    const df = people(spark);
    await df.show();
    await df.printSchema();
    await df.select("name", F.col("age").plus(1)).show();
  },
  "filters and conditions": async (spark) => {
    const df = people(spark);
    await df
      .filter(F.col("age").gt(25).and(F.col("city").isNotNull()))
      .orderBy("id")
      .show();
    await df
      .select("name", F.when(F.col("age").lt(30), "young").otherwise("old").alias("what"))
      .orderBy("name")
      .show();
    await df.where("age BETWEEN 20 AND 30 OR city = 'Oslo'").orderBy("id").show();
  },
  "texts and numbers": async (spark) => {
    await people(spark)
      .select(
        F.upper("name"),
        F.length("name"),
        F.concat(F.col("name"), F.lit("!")),
        F.round(F.col("score"), 1),
      )
      .show();
  },
  groups: async (spark) => {
    const df = people(spark);
    await df
      .groupBy("city")
      .agg(F.count("*").alias("n"), F.avg("age"), F.max("score"))
      .orderBy("city")
      .show();
    await df.groupBy().agg(F.sum("age"), F.countDistinct("city")).show();
    await df.rollup("city").count().orderBy(F.col("city").asc_nulls_first(), "count").show();
  },
  "a pivot": async (spark) => {
    await people(spark).groupBy("city").pivot("id", [1, 2, 3]).sum("age").orderBy("city").show();
  },
  joins: async (spark) => {
    const df = people(spark);
    const cities = spark.createDataFrame([
      { city: "Oslo", country: "Norway" },
      { city: "Rome", country: "Italy" },
    ]);
    for (const how of ["inner", "left", "right", "full", "left_semi", "left_anti"]) {
      await df.join(cities, "city", how).orderBy("city", "id").show();
    }
  },
  "a self join": async (spark) => {
    const df = people(spark);
    await df
      .alias("a")
      .join(df.alias("b"), F.col("a.age").lt(F.col("b.age")))
      .select("a.name", "b.name")
      .orderBy("a.id", "b.id")
      .show();
  },
  windows: async (spark) => {
    const byCity = Window.partitionBy("city").orderBy("age");
    await people(spark)
      .select(
        "name",
        "city",
        F.row_number().over(byCity).alias("n"),
        F.lag("age").over(byCity).alias("before"),
      )
      .orderBy("city", "n")
      .show();
  },
  sets: async (spark) => {
    const [a, b] = [spark.range(5), spark.range(3, 8)];
    await a.union(b).orderBy("id").show();
    await a.intersect(b).orderBy("id").show();
    await a.subtract(b).orderBy("id").show();
    await a.union(b).distinct().orderBy("id").show();
  },
  "arrays, maps and structs": async (spark) => {
    const df = spark.sql(
      "SELECT array(1, 2, 3) AS xs, map('a', 1) AS m, named_struct('p', 1, 'q', 'z') AS s",
    );
    await df.show();
    await df.printSchema();
    await df.select(F.explode("xs")).show();
    await df.select(F.col("s").getField("q"), F.col("m").getItem("a"), F.size("xs")).show();
  },
  "missing values": async (spark) => {
    const df = people(spark);
    await df.na.fill("nowhere", ["city"]).orderBy("id").show();
    await df.dropna().orderBy("id").show();
    await df.select(F.coalesce(F.col("city"), F.lit("?"))).show();
  },
  "columns added, renamed and dropped": async (spark) => {
    await people(spark)
      .withColumn("twice", F.col("age").multiply(2))
      .withColumnRenamed("name", "who")
      .drop("score", "city")
      .orderBy("id")
      .show();
  },
  dates: async (spark) => {
    await spark.sql("SELECT DATE'2024-02-29' AS d, TIMESTAMP'2024-02-29 12:30:00' AS t").show();
    await spark
      .sql("SELECT date_add(DATE'2024-02-28', 2) AS d, datediff(DATE'2024-03-01', DATE'2024-02-01') AS n")
      .show();
  },
  decimals: async (spark) => {
    const df = spark.sql("SELECT CAST(1.10 AS DECIMAL(10,2)) AS a, CAST(3 AS DECIMAL(5,1)) AS b");
    await df
      .select(F.col("a").plus(F.col("b")), F.col("a").divide(F.col("b")), F.col("a").multiply(F.col("b")))
      .show();
    await df.select(F.col("a").plus(F.col("b")).alias("s")).printSchema();
  },
  "SQL with parameters": async (spark) => {
    await spark.sql("SELECT :a + 1 AS x, upper(:b) AS y", { a: 41, b: "ok" }).show();
    const d = people(spark);
    await spark.sql("SELECT count(*) AS n FROM {d} WHERE age > 25", {}, { d }).show();
  },
  "common tables and subqueries": async (spark) => {
    await spark
      .sql(
        `WITH t AS (SELECT id, id % 3 AS g FROM range(10))
         SELECT g, sum(id) AS s FROM t WHERE id > (SELECT avg(id) FROM t) GROUP BY g ORDER BY g`,
      )
      .show();
  },
  "a query of many parts": async (spark) => {
    const lines = spark
      .range(200)
      .select(
        F.col("id").mod(50).alias("orderkey"),
        F.col("id").mod(7).plus(1).alias("quantity"),
        F.col("id").multiply(3).mod(1000).alias("price"),
        F.when(F.col("id").mod(2).eq(0), "A").otherwise("N").alias("flag"),
      );
    await lines
      .filter(F.col("price").gt(100))
      .groupBy("flag")
      .agg(
        F.sum("quantity").alias("sum_qty"),
        F.sum(F.col("price").multiply(F.col("quantity"))).alias("revenue"),
        F.avg("price").alias("avg_price"),
        F.count(F.lit(1)).alias("count_order"),
      )
      .orderBy("flag")
      .show();
  },
  "a temporary view": async (spark) => {
    await people(spark).createOrReplaceTempView("compare_people");
    await spark.sql("SELECT city, count(*) AS n FROM compare_people GROUP BY city ORDER BY city").show();
    await spark.catalog.dropTempView("compare_people");
  },
  "a table written and read back": async (spark) => {
    await spark.sql("DROP TABLE IF EXISTS compare_t");
    const format = "parquet";
    await people(spark).write.format(format).saveAsTable("compare_t");
    await people(spark).write.format(format).mode("append").saveAsTable("compare_t");
    await spark.table("compare_t").groupBy("name").count().orderBy("name").show();
    await spark.sql("DROP TABLE compare_t");
  },
  statistics: async (spark) => {
    await people(spark).select("age").describe().show();
    await people(spark).select(F.stddev("age"), F.variance("age")).show();
  },
  errors: async (spark) => {
    await failing(spark, () => people(spark).select("nope").show());
    await failing(spark, () => spark.sql("SELECT 1 +").show());
    await failing(spark, () => spark.sql("SELECT CAST('x' AS INT)").show());
    await failing(spark, () => spark.sql("SELECT 1 / 0").show());
    await failing(spark, () => spark.table("no_such_table_here").show());
    await failing(spark, () => spark.sql("SELECT array(1)[5]").show());
  },
};

function people(spark: SparkSession): DataFrame {
  return spark.createDataFrame([
    { id: 1, name: "Ann", age: 31, city: "Oslo", score: 1.25 },
    { id: 2, name: "Bo", age: 24, city: "Rome", score: 2.5 },
    { id: 3, name: "Cy", age: 29, city: null, score: null },
    { id: 4, name: "Di", age: 44, city: "Oslo", score: -3.75 },
  ]);
}

/** Prints what an error says: class, condition, SQLSTATE and parameters. */
async function failing(spark: SparkSession, run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
    report(spark, "no error");
  } catch (error) {
    const e = error as Error & {
      getCondition?(): string;
      getSqlState?(): string | undefined;
      getMessageParameters?(): object;
    };
    report(
      spark,
      `${e.name} ${e.getCondition?.()} ${e.getSqlState?.()} ${JSON.stringify(sorted(e.getMessageParameters?.() ?? {}))}`,
    );
  }
}

const reports = new WeakMap<SparkSession, (text: string) => void>();

/** Where a program's own words go, beside what it shows. */
export function reportTo(spark: SparkSession, print: (text: string) => void): void {
  reports.set(spark, print);
}

function report(spark: SparkSession, text: string): void {
  reports.get(spark)?.(text);
}

function sorted(parameters: object): object {
  return Object.fromEntries(Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1)));
}
