import { describe, expect, test } from "vitest";
import type { Command } from "../plan/command.ts";
import type { Relation } from "../plan/relation.ts";
import { Column } from "./column.ts";
import { DataFrame } from "./data-frame.ts";
import { INTERNAL } from "./internal.ts";
import * as lakelet from "./public.ts";
import {
  comparableText,
  normalized,
  RECORDED_PLANS,
  recordedPlan,
  throughProto,
} from "./test-support/recorded-plan.ts";
import { type Call, recordingSession } from "./test-support/recording-backend.ts";

/** The plan of a program: of the DataFrame or Column that it gives, or of the first call that it makes. */
async function planOf(js: string): Promise<Relation | Command> {
  const { spark, backend } = recordingSession();
  const names = { ...lakelet, spark, df: spark.table("t1"), df2: spark.table("t2") };
  const program = new Function(...Object.keys(names), `return ${js}`);
  let result: unknown = program(...Object.values(names));
  // The backend gives no rows, on which actions may fail: here only what they asked for matters.
  Promise.resolve(result).catch(() => {});
  if (result instanceof Column) result = spark.range(1).select(result);
  // A DataFrame may stand for a command that has been given already.
  await spark.lakelet.whenIdle();
  const [first] = backend.calls.filter((call) => call.kind !== "other");
  if (first !== undefined) return planOfCall(first);
  if (result instanceof DataFrame) {
    const { plan, attachments } = result[INTERNAL];
    return spark[INTERNAL].prepare(plan, attachments);
  }
  await Promise.resolve(result).catch(() => {});
  return planOfCall(backend.calls.filter((call) => call.kind !== "other")[0] as Call);
}

function planOfCall(call: Call): Relation | Command {
  if (call.kind === "query") return call.plan;
  if (call.kind === "sql") return { kind: "SqlCommand", input: call.query };
  if (call.kind === "command") return call.command;
  throw new Error(`no plan in ${call.name}`);
}

describe("plans are those of PySpark's client", () => {
  test("there are plenty of them", () => {
    expect(RECORDED_PLANS.length).toBeGreaterThan(900);
  });

  test.each(RECORDED_PLANS.map((r) => [r.js, r] as const))("%s", async (_, recorded) => {
    const ours = throughProto(await planOf(recorded.js));
    expect(normalized(ours)).toEqual(normalized(recordedPlan(recorded)));
  });
});

/** Python's own way of printing some values, and plans that PySpark prints inside a column. */
const PRINTED_OTHERWISE = /float\(|timedelta|datetime|StructType\(|Decimal/;

describe("columns print as PySpark's", () => {
  const printed = RECORDED_PLANS.filter((r) => r.text !== undefined && !PRINTED_OTHERWISE.test(r.python));

  test.each(printed.map((r) => [r.js, r] as const))("%s", (_, { js, text }) => {
    const { spark } = recordingSession();
    const names = { ...lakelet, spark, df: spark.table("t1"), df2: spark.table("t2") };
    const column = new Function(...Object.keys(names), `return ${js}`)(...Object.values(names)) as Column;
    expect(comparableText(String(column))).toBe(comparableText(text as string));
  });
});
