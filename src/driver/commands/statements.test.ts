import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PySparkException } from "../../errors/spark-error.ts";
import type { SparkSession } from "../../session/spark-session.ts";
import type { Driver } from "../driver.ts";
import { testDriver, testSession } from "../testing/test-session.ts";
import { DIFFERENT } from "./known-differences.ts";

/** What live Spark answered, recorded by the script beside the files. */
const FOLDER = new URL("../../../e2e/spark/statements/", import.meta.url);

interface Recorded {
  readonly sql: string;
  readonly columns?: readonly (readonly [name: string, type: string, nullable: boolean])[];
  readonly rows?: readonly (readonly unknown[])[];
  readonly error?: {
    readonly class: string;
    readonly condition: string | null;
    readonly parameters?: Readonly<Record<string, string>>;
  };
}

const TIME =
  /(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d \w+ \d{4}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g;
const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** What is different at each run, as the recordings have it. Tables have directories of their own here. */
function steady(text: string): string {
  return text
    .replace(TIME, "<time>")
    .replace(UUID, "<uuid>")
    .replace(/file:statements\.db(\/\w+)-[0-9a-f]{16}/g, "<place>$1")
    .replace(/file:(other|third)\.db/g, "<place>/$1.db")
    .replace(/file:tmp\//g, "file:/tmp/")
    .replace(/"Lakelet"/g, '"<version>"')
    .replace(/Created By: Lakelet/g, "Created By: <version>")
    .replace(/"created_by\\":\\"Lakelet/g, '"created_by\\":\\"<version>')
    .replace(/"lakelet"/g, '"<owner>"');
}

function plain(value: unknown): unknown {
  if (value === null || typeof value === "boolean" || typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && Symbol.iterator in value && !(value instanceof Map)) {
    return [...(value as Iterable<unknown>)].map(plain);
  }
  return String(value);
}

async function answer(spark: SparkSession, sql: string): Promise<unknown> {
  try {
    const df = spark.sql(sql);
    const { fields } = await df.schema;
    const rows = await df.collect();
    return {
      columns: fields.map((f) => [f.name, f.dataType.simpleString(), f.nullable]),
      rows: rows.map((row) => plain(row)),
    };
  } catch (error) {
    if (!(error instanceof PySparkException)) throw error;
    return { error: { condition: error.getCondition(), parameters: error.getMessageParameters() } };
  }
}

function expected({ error, columns, rows }: Recorded): unknown {
  if (error === undefined) return { columns, rows };
  return { error: { condition: error.condition, parameters: error.parameters ?? {} } };
}

let driver: Driver;
let directory: string;
beforeAll(() => {
  driver = testDriver();
  directory = mkdtempSync(join(tmpdir(), "lakelet-statements-"));
});
afterAll(async () => {
  await driver.close();
  rmSync(directory, { recursive: true, force: true });
});

const topics = readdirSync(FOLDER).flatMap((name) => (name.endsWith(".json") ? [name.slice(0, -5)] : []));

describe.each(topics)("statements on %s answer as Spark", (topic) => {
  const recorded = JSON.parse(readFileSync(new URL(`${topic}.json`, FOLDER), "utf8")) as readonly Recorded[];
  const different = DIFFERENT[topic] ?? {};

  test("each in its turn", async () => {
    const { spark } = testSession(driver);
    await spark.sql("DROP DATABASE IF EXISTS statements CASCADE");
    await spark.sql("CREATE DATABASE statements");
    await spark.sql("USE statements");
    const wrong: unknown[] = [];
    const unused = new Set(Object.keys(different));
    for (const one of recorded) {
      const sql = one.sql.replaceAll("/tmp/statements", `${directory}/files`);
      const ours = JSON.parse(
        steady(
          JSON.stringify(await answer(spark, sql)).replaceAll(
            `${directory.slice(1)}/files`,
            "tmp/statements",
          ),
        ),
      ) as unknown;
      const theirs = expected(one);
      const same = JSON.stringify(sorted(ours)) === JSON.stringify(sorted(theirs));
      if (!same && !(one.sql in different)) wrong.push({ sql: one.sql, ours, theirs });
      if (!same) unused.delete(one.sql);
    }
    expect(wrong).toEqual([]);
    // A difference that is gone has to leave the list.
    expect([...unused]).toEqual([]);
  }, 120_000);
});

/** Objects with their keys in order, so that they can be compared as text. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
