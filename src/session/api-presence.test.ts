import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type PySparkException, UnsupportedOperationException } from "../errors/spark-error.ts";
import { row } from "../types/values.ts";
import * as functions from "./functions/index.ts";
import * as lakelet from "./public.ts";
import { recordingSession } from "./test-support/recording-backend.ts";

const NAMES = JSON.parse(
  readFileSync(new URL("../../e2e/spark/session/names.json", import.meta.url), "utf8"),
) as {
  readonly functions: readonly string[];
  readonly types: readonly string[];
  readonly classes: Readonly<Record<string, readonly string[]>>;
};

/** Classes for table functions and pandas that PySpark's module of functions lets through. */
const NO_FUNCTIONS = new Set([
  "AnalyzeArgument",
  "AnalyzeResult",
  "ArrowUDFType",
  "OrderingColumn",
  "PandasUDFType",
  "PartitioningColumn",
  "SelectedColumn",
  "SkipRestOfInputTableException",
  "UserDefinedFunction",
  "UserDefinedTableFunction",
]);

/** Attributes of Python's exceptions, and nested classes that are exported by themselves. */
const PYTHONS_OWN = new Set([
  "add_note",
  "args",
  "with_traceback",
  "WhenMatched",
  "WhenNotMatched",
  "WhenNotMatchedBySource",
]);

/** Types of values that Lakelet does not have; their constructors raise UNSUPPORTED_FEATURE. */
const REFUSED = new Set(["Geography", "GeographyType", "Geometry", "GeometryType"]);

const { spark } = recordingSession();
const udf = functions.udf(() => 1, "int");
const INSTANCES: Readonly<Record<string, object>> = {
  Row: row({ a: 1 }),
  SparkSession: lakelet.SparkSession,
  UserDefinedFunction: udf,
  Window: lakelet.Window,
};

test("every function of PySpark is there", () => {
  const missing = NAMES.functions.filter((name) => !NO_FUNCTIONS.has(name) && !(name in functions));
  expect(missing).toEqual([]);
});

test("every type of PySpark is there", () => {
  expect(NAMES.types.filter((name) => !(name in lakelet) && name !== "Row")).toEqual([]);
});

describe("every public name of a class is there", () => {
  test.each(Object.entries(NAMES.classes).filter(([name]) => !REFUSED.has(name)))(
    "%s",
    (className, names) => {
      const found = (lakelet as unknown as Record<string, { prototype?: object }>)[className];
      const holders = [
        INSTANCES[className],
        found,
        found?.prototype,
        className === "SparkSession" ? spark : undefined,
      ];
      const missing = names.filter(
        (name) =>
          !PYTHONS_OWN.has(name) &&
          !holders.some((holder) => holder !== undefined && holder !== null && name in holder),
      );
      expect(missing).toEqual([]);
    },
  );
});

describe("what Lakelet leaves out is refused by name", () => {
  const df = spark.range(1);
  test.each<[string, () => unknown]>([
    ["DataFrame.toPandas", () => df.toPandas()],
    ["DataFrame.writeStream", () => df.writeStream],
    ["DataFrame.rdd", () => df.rdd],
    ["DataFrame.plot.line", () => df.plot.line()],
    ["SparkSession.readStream", () => spark.readStream],
    ["SparkSession.sparkContext", () => spark.sparkContext],
    ["GroupedData.applyInPandas", () => df.groupBy("id").applyInPandas(null, "")],
    ["java_method", () => functions.java_method("a")],
    ["st_srid", () => functions.st_srid("a")],
    ["pandas_udf", () => functions.pandas_udf()],
    ["the type GEOGRAPHY(4326)", () => new lakelet.GeographyType(4326)],
  ])("%s", (feature, use) => {
    try {
      use();
    } catch (error) {
      expect(error).toBeInstanceOf(UnsupportedOperationException);
      expect((error as PySparkException).getMessageParameters()).toEqual({ feature });
      return;
    }
    expect.unreachable();
  });
});
