import { readFileSync } from "node:fs";
import { type ConnectPlan, planFromProto } from "../../connect/plan/plan-from-proto.ts";
import { planToProto } from "../../connect/plan/plan-to-proto.ts";
import type { Command } from "../../plan/command.ts";
import type { Relation } from "../../plan/relation.ts";
import { parseDataType } from "../types/ddl.ts";

/** A program, and what PySpark's own client makes of it. */
export interface RecordedPlan {
  readonly python: string;
  readonly js: string;
  /** What PySpark's client sends for `python`: a Plan message in base64. */
  readonly plan: string;
  /** A column as PySpark prints it. */
  readonly text?: string;
}

export const RECORDED_PLANS = JSON.parse(
  readFileSync(new URL("../../../e2e/spark/session/plans.json", import.meta.url), "utf8"),
) as readonly RecordedPlan[];

const context = { parseDdl: parseDataType };

export function recordedPlan({ plan }: RecordedPlan): ConnectPlan {
  return planFromProto(Buffer.from(plan, "base64"), context);
}

const RELATION_COMMANDS = new Set([
  "WriteOperation",
  "WriteOperationV2",
  "CreateDataFrameViewCommand",
  "SqlCommand",
  "CheckpointCommand",
  "MergeIntoTableCommand",
]);

/** A plan of ours as it is after a way over the wire. */
export function throughProto(plan: Relation | Command): ConnectPlan {
  const bytes = RELATION_COMMANDS.has(plan.kind)
    ? planToProto({ command: plan as Command })
    : planToProto({ relation: plan as Relation });
  return planFromProto(bytes, context);
}

/**
 * A plan without what differs from run to run: numbers of plans and lambdas count from 0 in order of appearance, the call
 * sites of PySpark's own lines and random seeds are left out.
 */
export function normalized(plan: unknown): unknown {
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

/** A text with the numbers of lambda variables in order of appearance, and without random seeds. */
export function comparableText(text: string): string {
  const names = new Map<string, string>();
  return text
    .replace(/\b([xyz])_\d+\b/g, (whole, letter: string) => {
      if (!names.has(whole)) names.set(whole, `${letter}_${names.size}`);
      return names.get(whole) as string;
    })
    .replace(/\d{15,}/g, "seed");
}
