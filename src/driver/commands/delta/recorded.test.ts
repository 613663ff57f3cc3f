import { afterAll, beforeAll, describe, expect, test } from "vitest";
import recorded from "../../../../e2e/spark/lake/recorded.json" with { type: "json" };
import scripts from "../../../../e2e/spark/lake/statements.json" with { type: "json" };
import { PySparkException } from "../../../errors/spark-error.ts";
import type { SparkSession } from "../../../session/spark-session.ts";
import type { Driver } from "../../driver.ts";
import { testDriver, testSession } from "../../testing/test-session.ts";

/** What delta-spark 4.0.0 answers to the same statements: rows, conditions of errors, and the metrics in the history. */
interface Answer {
  readonly rows?: readonly string[];
  readonly error?: string;
  readonly operation?: string;
  readonly metrics?: Readonly<Record<string, string>>;
}

/**
 * Where we differ, by script and statement, and why. Left: what delta-spark says.
 */
const DIFFERENCES: Readonly<Record<string, string>> = {
  "update 14": "Spark computes the constant 1 / 0 before it knows that no row is concerned",
  "maintenance 8": "the same words; Delta's error has no condition",
  "maintenance 10": "the same words; PySpark does not know the condition of Delta's error",
};

let driver: Driver;
let spark: SparkSession;

beforeAll(() => {
  driver = testDriver();
  spark = testSession(driver).spark;
});
afterAll(() => driver.close());

async function answer(text: string, table: string, last: { version: number }): Promise<Answer> {
  const own: { -readonly [K in keyof Answer]: Answer[K] } = {};
  try {
    const df = spark.sql(text);
    const { length } = (await df.schema).fields;
    if (length > 0) own.rows = (await df.toJSON().collect()).map((row) => String(row[0])).sort();
  } catch (error) {
    if (!(error instanceof PySparkException)) throw error;
    own.error = error.getCondition();
  }
  const [newest] = await spark
    .sql(`DESCRIBE HISTORY ${table} LIMIT 1`)
    .collect()
    .catch(() => []);
  if (newest !== undefined && Number(newest.version) !== last.version) {
    last.version = Number(newest.version);
    own.operation = String(newest.operation);
    const metrics = newest.operationMetrics as ReadonlyMap<string, string>;
    own.metrics = Object.fromEntries(
      [...metrics].filter(([key]) => !/Time|Bytes|FileSize|sizeOf/.test(key)).sort(),
    );
  }
  return own;
}

describe.each(scripts)("$name", ({ name, table, statements }) => {
  test("every statement as delta-spark answers it", async () => {
    const expected = recorded.find((r) => r.name === name)?.answers as readonly Answer[];
    const last = { version: -1 };
    const different: string[] = [];
    await spark.sql(`DROP TABLE IF EXISTS ${table}`).collect();
    for (const [i, text] of statements.entries()) {
      const own = JSON.stringify(sorted(await answer(text, table, last)));
      const theirs = JSON.stringify(sorted(expected[i] as Answer));
      if (own !== theirs && DIFFERENCES[`${name} ${i}`] === undefined) {
        different.push(`${i} ${text}\n  delta-spark ${theirs}\n  lakelet     ${own}`);
      }
    }
    expect(different.join("\n")).toBe("");
  });
});

/** With its keys in order. */
function sorted(answer: Answer): unknown {
  return Object.fromEntries(Object.entries(answer).sort(([a], [b]) => (a < b ? -1 : 1)));
}
