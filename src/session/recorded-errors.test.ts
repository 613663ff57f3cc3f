import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PySparkException } from "../errors/spark-error.ts";
import * as lakelet from "./public.ts";
import { recordingSession } from "./test-support/recording-backend.ts";

const RECORDED = JSON.parse(
  readFileSync(new URL("../../e2e/spark/session/errors-recorded.json", import.meta.url), "utf8"),
) as readonly {
  readonly js: string;
  readonly class: string;
  readonly condition: string;
  readonly message: string;
}[];

async function errorOf(js: string): Promise<unknown> {
  const { spark } = recordingSession();
  const names = { ...lakelet, spark, df: spark.table("t1"), df2: spark.table("t2") };
  try {
    await new Function(...Object.keys(names), `return ${js}`)(...Object.values(names));
  } catch (error) {
    return error;
  }
  return undefined;
}

/** Messages name types as the language does, and lambdas as they are called in it. */
function comparable(message: string): string {
  return (
    message
      .replace(/, got (\w+)\.?$/, "")
      .replace(/got \w+ and \w+/, "got two")
      .replace(/should be .*$/, "should be")
      .replace(/got int/, "got number")
      .replace(/ SQLSTATE: \w+/, "")
      .replace("join type:", "join type")
      // JavaScript's numbers do not know `.0`; PySpark names the largest short where it means the largest long.
      .replace(/'(-?\d+)\.0'/, "'$1'")
      .replace(/and (32767|9223372036854775807)\.$/, "and the largest.")
  );
}

describe("the client's own errors are PySpark's", () => {
  test.each(RECORDED.map((r) => [r.js, r] as const))("%s", async (js, recorded) => {
    const error = await errorOf(js);
    expect(error).toBeInstanceOf(PySparkException);
    const raised = error as PySparkException;
    expect(raised.getCondition()).toBe(recorded.condition);
    expect(raised.name).toBe(recorded.class);
    expect(comparable(raised.message)).toBe(comparable(recorded.message));
  });
});
