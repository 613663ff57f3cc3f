import type { CellLanguage } from "./sandbox/protocol.ts";

export interface Example {
  readonly title: string;
  readonly language: CellLanguage;
  readonly code: string;
}

/** What the page offers; the first one is in the editor of a new visitor. */
export const EXAMPLES: readonly Example[] = [
  {
    title: "Three million flights",
    language: "typescript",
    code: `// Three million flights, read from a Parquet file beside this page.
const flights = spark.read.parquet("data/flights-3m.parquet");

const airports = flights
  .groupBy("origin")
  .agg(
    F.count("*").alias("flights"),
    F.round(F.avg("delay"), 1).alias("mean_delay"),
    F.sum(F.when(col("delay").gt(60), 1).otherwise(0)).alias("over_an_hour"),
  )
  .orderBy(col("flights").desc());

// A Delta table in this browser: still there after a reload, and in every other tab at once.
await airports.write.mode("overwrite").saveAsTable("airports");

spark.sql(\`
  SELECT origin, flights, mean_delay, round(100 * over_an_hour / flights, 1) AS percent_late
  FROM airports
  WHERE flights > 50000
  ORDER BY mean_delay DESC
\`);
`,
  },
  {
    title: "A DataFrame of your own",
    language: "typescript",
    code: `const people = spark.createDataFrame(
  [
    { name: "Alice", age: 34, city: "Bern" },
    { name: "Bob", age: 45, city: "Oslo" },
    { name: "Carla", age: 29, city: "Bern" },
  ],
);

await people.printSchema();
await people.filter(col("age").gt(30)).show();

people.groupBy("city").agg(F.avg("age").alias("mean_age"), F.count("*").alias("people")).orderBy("city");
`,
  },
  {
    title: "SQL over files",
    language: "sql",
    code: `-- Several statements run one after another; the last result is shown.
CREATE DATABASE IF NOT EXISTS weather;

CREATE OR REPLACE TEMPORARY VIEW seattle
USING csv OPTIONS (path 'data/seattle-weather.csv', header 'true', inferSchema 'true');

SELECT weather, count(*) AS days, round(avg(temp_max), 1) AS mean_high, max(wind) AS strongest_wind
FROM seattle
GROUP BY weather
ORDER BY days DESC
`,
  },
  {
    title: "Save, append, read back",
    language: "typescript",
    code: `await spark.sql("CREATE SCHEMA IF NOT EXISTS shop").collect();

const monday = spark.createDataFrame([[1, "tea", 3.5], [2, "bread", 4.2]], ["id", "item", "price"]);
await monday.write.mode("overwrite").saveAsTable("shop.sales");

const tuesday = spark.createDataFrame([[3, "honey", 8.9]], ["id", "item", "price"]);
await tuesday.write.mode("append").saveAsTable("shop.sales");

// What was saved is there at once, without a refresh.
spark.table("shop.sales").orderBy("id");
`,
  },
  {
    title: "An error, explained",
    language: "sql",
    code: `SELECT origin, dely FROM parquet.\`data/flights-3m.parquet\`
`,
  },
  {
    title: "The same in Python",
    language: "python",
    code: `# PySpark as you know it, on the same session: the flights of the first example.
from pyspark.sql import functions as F, Window

flights = spark.read.parquet("data/flights-3m.parquet")

by_airport = (
    flights.groupBy("origin")
    .agg(F.count("*").alias("flights"), F.round(F.avg("delay"), 1).alias("mean_delay"))
)

# The worst airport of each size class, largest first.
ranked = by_airport.withColumn("size", F.floor(F.log10("flights"))).withColumn(
    "place", F.row_number().over(Window.partitionBy("size").orderBy(F.desc("mean_delay")))
)

ranked.filter("place <= 3").orderBy(F.desc("size"), "place")
`,
  },
  {
    title: "A Python function over columns",
    language: "python",
    code: `from pyspark.sql.types import IntegerType

people = spark.createDataFrame(
    [("Ada", "Lovelace"), ("Grace", "Hopper"), ("Katherine", "Johnson")], ["first", "last"]
)

@F.udf(IntegerType())
def letters(first, last):
    return len(first) + len(last)

people.withColumn("letters", letters("first", "last")).createOrReplaceTempView("people")

# The view is there for SQL and TypeScript too.
spark.sql("SELECT * FROM people ORDER BY letters DESC")
`,
  },
];
