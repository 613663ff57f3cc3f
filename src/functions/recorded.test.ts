import { existsSync, readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestSession } from "../engine/lower/testing.ts";
import { isKnown } from "./known-differences.ts";
import { answer, differences, type RecordedAnswer, readRecording } from "./recorded.ts";

/** One query in one mode, with Spark's answer. */
interface Case {
  readonly name: string;
  readonly sql: string;
  readonly ansi: boolean;
  readonly spark: RecordedAnswer;
}

interface CastCase {
  readonly from: string;
  readonly to: string;
  readonly values: readonly string[];
  readonly source: string;
  readonly ansi: readonly RecordedAnswer[];
  readonly column: RecordedAnswer;
  readonly try: RecordedAnswer;
  readonly legacy: RecordedAnswer;
}

function* casts(): Generator<Case> {
  for (const c of readRecording<CastCase[]>("types/casts.json")) {
    const name = `${c.from} -> ${c.to}`;
    for (const [i, spark] of c.ansi.entries()) {
      yield { name: `ansi ${name}`, sql: `SELECT CAST(${c.values[i]} AS ${c.to})`, ansi: true, spark };
    }
    yield {
      name: `column ${name}`,
      sql: `SELECT CAST(v AS ${c.to}) FROM VALUES (${c.values[0]}) AS t(v)`,
      ansi: true,
      spark: c.column,
    };
    yield { name: `try ${name}`, sql: `SELECT try_cast(v AS ${c.to}) ${c.source}`, ansi: true, spark: c.try };
    yield {
      name: `legacy ${name}`,
      sql: `SELECT CAST(v AS ${c.to}) ${c.source}`,
      ansi: false,
      spark: c.legacy,
    };
  }
}

interface OperatorCase {
  readonly left: string;
  readonly right: string;
  readonly source: string;
  readonly answers: Readonly<Record<string, RecordedAnswer>>;
}

function* operators(): Generator<Case> {
  for (const c of readRecording<OperatorCase[]>("functions/operators.json")) {
    for (const [operator, spark] of Object.entries(c.answers)) {
      yield {
        name: `${operator}: ${c.left}, ${c.right}`,
        sql: `SELECT ${operator} ${c.source}`,
        ansi: true,
        spark,
      };
    }
  }
}

interface StatementCase {
  readonly sql: string;
  readonly ansi: RecordedAnswer;
  readonly legacy?: RecordedAnswer | "same";
}

function statements(topic: string): () => Generator<Case> {
  return function* () {
    for (const c of readRecording<StatementCase[]>(`functions/${topic}.json`)) {
      yield { name: c.sql, sql: `SELECT ${c.sql}`, ansi: true, spark: c.ansi };
      if (c.legacy === undefined) continue;
      yield {
        name: `legacy ${c.sql}`,
        sql: `SELECT ${c.sql}`,
        ansi: false,
        spark: c.legacy === "same" ? c.ansi : c.legacy,
      };
    }
  };
}

/** Sums of doubles depend on the order of the rows. */
const TOLERANCE: Readonly<Record<string, number>> = { aggregates: 1e-12, windows: 1e-12 };

const TOPICS: Readonly<Record<string, () => Generator<Case>>> = {
  casts,
  operators,
  ...Object.fromEntries(
    [
      "arithmetic",
      "comparisons",
      "bits",
      "datetime_arithmetic",
      "conditionals",
      "matching",
      "constructors",
      "aggregates",
      "windows",
    ]
      .filter((topic) => existsSync(new URL(`../../e2e/spark/functions/${topic}.json`, import.meta.url)))
      .map((topic) => [topic, statements(topic)]),
  ),
  ...Object.fromEntries(
    readdirSync(new URL("../../e2e/spark/functions/lists", import.meta.url))
      .filter((name) => name.endsWith(".json"))
      .map((name) => [name.slice(0, -5), statements(`lists/${name.slice(0, -5)}`)]),
  ),
};

describe("recorded from Spark", () => {
  let session: TestSession;
  beforeAll(async () => {
    session = await TestSession.open();
  });
  afterAll(() => session.close());

  for (const [topic, cases] of Object.entries(TOPICS)) {
    it(topic, async () => {
      let [total, known] = [0, 0];
      const unexpected: string[] = [];
      for (const c of cases()) {
        total++;
        session.conf.set("spark.sql.ansi.enabled", `${c.ansi}`);
        const found = differences(c.spark, await answer(session, c.sql), TOLERANCE[topic]);
        if (found.length === 0) continue;
        if (isKnown(topic, c.name, found)) known++;
        else unexpected.push(`${c.name}: ${found.join("; ").slice(0, 300)}`);
      }
      console.log(
        `${topic}: ${total - known - unexpected.length} of ${total} equal, ${known} known to differ`,
      );
      expect(unexpected).toEqual([]);
    }, 600_000);
  }
});
