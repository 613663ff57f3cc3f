import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type ConnectPlan, planFromProto } from "../connect/plan/plan-from-proto.ts";
import { planToProto } from "../connect/plan/plan-to-proto.ts";
import type { Command } from "../plan/command.ts";
import type { Relation } from "../plan/relation.ts";
import { Column } from "./column.ts";
import { DataFrame } from "./data-frame.ts";
import { INTERNAL } from "./internal.ts";
import * as lakelet from "./public.ts";
import { type Call, recordingSession } from "./test-support/recording-backend.ts";
import { parseDataType } from "./types/ddl.ts";

interface Recorded {
  readonly python: string;
  readonly js: string;
  /** What PySpark's client sends for `python`: a Plan message in base64. */
  readonly plan: string;
  /** A column as PySpark prints it. */
  readonly text?: string;
}

const RECORDED = JSON.parse(
  readFileSync(new URL("../../e2e/spark/session/plans.json", import.meta.url), "utf8"),
) as readonly Recorded[];

const context = { parseDdl: parseDataType };

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

const RELATION_COMMANDS = new Set([
  "WriteOperation",
  "WriteOperationV2",
  "CreateDataFrameViewCommand",
  "SqlCommand",
  "CheckpointCommand",
  "MergeIntoTableCommand",
]);

function throughProto(plan: Relation | Command): ConnectPlan {
  const bytes = RELATION_COMMANDS.has(plan.kind)
    ? planToProto({ command: plan as Command })
    : planToProto({ relation: plan as Relation });
  return planFromProto(bytes, context);
}

/**
 * A plan without what differs from run to run: numbers of plans and lambdas count from 0 in order of appearance, the call
 * sites of PySpark's own lines and random seeds are left out.
 */
function normalized(plan: unknown): unknown {
  const planIds = new Map<unknown, number>();
  const lambdas = new Map<string, string>();
  const number = (map: Map<unknown, number>, key: unknown): number => {
    if (!map.has(key)) map.set(key, map.size);
    return map.get(key) as number;
  };
  const visit = (value: unknown, key: string): unknown => {
    if (key === "planId") return number(planIds, value);
    if (typeof value === "bigint")
      return value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : "large";
    if (typeof value === "string" && key === "lambda") {
      if (!lambdas.has(value)) lambdas.set(value, `${value.replace(/_\d+$/, "")}_${lambdas.size}`);
      return lambdas.get(value);
    }
    if (Array.isArray(value)) return value.map((item) => visit(item, key === "nameParts" ? "lambda" : ""));
    if (value instanceof Uint8Array || typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name, item]) => name !== "origin" && item !== undefined && item !== false)
        // PySpark sends an empty text for a schema that was not given.
        .filter(([name, item]) => !(name === "schema" && item === ""))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, item]) => [name, visit(item, name)]),
    );
  };
  return visit(plan, "");
}

describe("plans are those of PySpark's client", () => {
  test("there are plenty of them", () => {
    expect(RECORDED.length).toBeGreaterThan(900);
  });

  test.each(RECORDED.map((r) => [r.js, r] as const))("%s", async (_, { js, plan }) => {
    const theirs = planFromProto(Buffer.from(plan, "base64"), context);
    const ours = throughProto(await planOf(js));
    expect(normalized(ours)).toEqual(normalized(theirs));
  });
});

/** A text with the numbers of lambda variables in order of appearance, and without random seeds. */
function comparableText(text: string): string {
  const names = new Map<string, string>();
  return text
    .replace(/\b([xyz])_\d+\b/g, (whole, letter: string) => {
      if (!names.has(whole)) names.set(whole, `${letter}_${names.size}`);
      return names.get(whole) as string;
    })
    .replace(/\d{15,}/g, "seed");
}

/** Python's own way of printing some values, and plans that PySpark prints inside a column. */
const PRINTED_OTHERWISE = /float\(|timedelta|datetime|StructType\(|Decimal/;

describe("columns print as PySpark's", () => {
  const printed = RECORDED.filter((r) => r.text !== undefined && !PRINTED_OTHERWISE.test(r.python));

  test.each(printed.map((r) => [r.js, r] as const))("%s", (_, { js, text }) => {
    const { spark } = recordingSession();
    const names = { ...lakelet, spark, df: spark.table("t1"), df2: spark.table("t2") };
    const column = new Function(...Object.keys(names), `return ${js}`)(...Object.values(names)) as Column;
    expect(comparableText(String(column))).toBe(comparableText(text as string));
  });
});
