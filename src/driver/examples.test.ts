import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { transform } from "sucrase";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PySparkException } from "../errors/spark-error.ts";
import * as lakelet from "../session/public.ts";
import { type Example, examplesBelow } from "../session/test-support/examples.ts";
import type { Driver } from "./driver.ts";
import { testDriver, testSession } from "./testing/test-session.ts";

const { F, Window } = lakelet;
const SESSION = fileURLToPath(new URL("../session", import.meta.url));
const EXAMPLES = examplesBelow(SESSION);

/** Refused by name: functions over TIME, and shuffling by a seed that Spark draws otherwise. */
const REFUSED = new Set(
  (
    "current_time make_time shuffle time_diff time_from_micros time_from_millis time_from_seconds time_to_micros " +
    "time_to_millis time_to_seconds time_trunc to_time try_to_time"
  ).split(" "),
);

let driver: Driver;
let spark: lakelet.SparkSession;
const folder = mkdtempSync(join(tmpdir(), "lakelet-examples-"));

beforeAll(() => {
  driver = testDriver();
  ({ spark } = testSession(driver, {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timeType.enabled": "true",
  }));
});
afterAll(async () => {
  await driver.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What an example of a function gives for the rows 0, 1 and 2, as `show()` prints it. */
async function resultOf(code: string): Promise<string> {
  const expression = code.replace(/; \/\/ .*$/, "").replace(/\((\w+): string\)/g, "($1)");
  const column = new Function("F", "Window", `return ${expression}`)(F, Window) as lakelet.Column;
  const df = spark.range(3).select(column);
  const lines = (await df.showString({ n: 20, truncate: 0 })).split("\n").slice(3);
  const rows = lines.slice(
    0,
    lines.findIndex((line) => line.startsWith("+")),
  );
  const isWide = (await df.columns).length > 1;
  const cells = rows.map((line) => {
    const inside = line.slice(1, -1);
    if (!isWide) return inside.trim();
    return inside
      .split("|")
      .map((cell) => cell.trim())
      .join(" ");
  });
  const distinct = !expression.includes("over(") && new Set(cells).size === 1 ? cells.slice(0, 1) : cells;
  return distinct[0] === "" ? "(empty)" : distinct.join(", ");
}

describe("what the documentation of the functions says they give, they give", () => {
  const withResult = EXAMPLES.filter((example) => example.result !== undefined);

  test("there are plenty of them", () => expect(withResult.length).toBeGreaterThan(480));

  test.each(withResult.map((example) => [example.subject, example] as const))("%s", async (_, example) => {
    const result = await resultOf(example.code).catch((error: unknown) => {
      if (error instanceof PySparkException) return error.getCondition();
      throw error;
    });
    expect(result).toBe(REFUSED.has(example.subject) ? "UNSUPPORTED_FEATURE" : example.result);
  });
});

/** Begins what others' tests run: sessions of a page, and a folder that a visitor picks. */
const NEEDS_ANOTHER_PLACE =
  /SparkSession\.builder|new MockSparkSession|navigator\.storage|setCallSiteCapture/;

type Run = (...args: readonly unknown[]) => Promise<void>;

/** An example as a function; `import` lines take from the module. */
function programOf({ code }: Example, names: readonly string[]): Run {
  const body = code.replace(
    /^import \{([^}]*)\} from "lakelet";$/gm,
    (_, list: string) => `const {${list.replaceAll(" as ", ": ")}} = lakelet;`,
  );
  const own = new Set(
    [...body.matchAll(/const \{?([\w, :]+)\}? =/g)].flatMap(([, list]) => (list as string).split(/[,: ]+/)),
  );
  const { code: script } = transform(`async function example() {\n${body}\n}`, {
    transforms: ["typescript"],
    disableESTransforms: true,
  });
  const given = names.map((name) => (own.has(name) ? `_${name}` : name));
  return new Function("lakelet", ...given, `${script}\nreturn example();`) as Run;
}

describe("the other examples run", () => {
  const programs = EXAMPLES.filter(
    (example) =>
      example.result === undefined &&
      !relative(SESSION, example.file).startsWith("functions") &&
      !NEEDS_ANOTHER_PLACE.test(example.code),
  );

  test("there are plenty of them", () => expect(programs.length).toBeGreaterThan(25));

  test.each(programs.map((example) => [relative(SESSION, example.file), example.subject, example] as const))(
    "%s %s",
    async (_file, _subject, example) => {
      const session = testSession(driver).spark;
      const people = [
        { name: "Alice", age: 30 },
        { name: "Bob", age: 17 },
      ];
      writeFileSync(join(folder, "orders.csv"), "id,amount\n1,2.5\n");
      const df = session.createDataFrame(people);
      await df.write.mode("overwrite").saveAsTable("people");
      await session.range(2).write.mode("overwrite").saveAsTable("numbers");
      const given = { spark: session, df, F, Window };
      const code = example.code.replace(
        /"(orders\.csv|people\.csv|flights-3m\.parquet)"/g,
        (_, name: string) =>
          JSON.stringify(
            name === "flights-3m.parquet"
              ? fileURLToPath(
                  new URL("../../node_modules/vega-datasets/data/flights-3m.parquet", import.meta.url),
                )
              : join(folder, name),
          ),
      );
      await programOf({ ...example, code }, Object.keys(given))(lakelet, ...Object.values(given));
      await session.lakelet.whenIdle();
    },
  );
});
