import { readFileSync } from "node:fs";
import { PySparkException } from "../../errors/spark-error.ts";
import type { DataType, StructField, StructType } from "../../types/data-type.ts";
import { structFromJson } from "../../types/json.ts";
import { DayTimeInterval, Decimal, LocalDate, LocalTimestamp, Timestamp } from "../../types/values.ts";
import type { TestResult } from "./testing.ts";

/** What Spark answered to a query or a program. */
export interface Recorded {
  readonly sql?: string;
  readonly program?: string;
  readonly code?: string;
  /** Of a program: the plan as PySpark sent it, base64. */
  readonly plan?: string;
  readonly schema?: unknown;
  readonly rows?: readonly (readonly unknown[])[];
  readonly error?: {
    readonly condition?: string;
    readonly parameters?: Readonly<Record<string, string>>;
    readonly message?: string;
  };
}

export function readRecordings(topic: string): readonly Recorded[] {
  const url = new URL(`../../../e2e/spark/queries/${topic}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8")) as Recorded[];
}

/** Parameters that name things by numbers which are Spark's own. */
const UNSTABLE = new Set([
  "treeNode",
  "operator",
  "plan",
  "class",
  "docroot",
  "orderSpec",
  "grouping",
  "groupingColumns",
  "groupingIdColumn",
  "groupByColumns",
  "classCanonicalName",
]);

/** The answer in a form that can be compared with the recorded one. */
export async function answer(run: () => Promise<TestResult>): Promise<unknown> {
  try {
    const { schema, rows } = await run();
    return {
      schema: describeSchema(schema),
      rows: rows.map((r) => [...r].map((v, i) => plain(v, (schema.fields[i] as StructField).dataType))),
    };
  } catch (error) {
    if (error instanceof PySparkException)
      return describeError(error.getCondition(), error.getMessageParameters());
    throw error;
  }
}

export function recordedAnswer(r: Recorded, result?: unknown): unknown {
  if (r.error !== undefined) {
    if (r.error.condition !== undefined) return describeError(r.error.condition, r.error.parameters ?? {});
    // Without a condition of its own only the fact that it fails can be compared.
    return result;
  }
  if (r.schema === undefined) return { schema: "", rows: [] };
  const schema = structFromJson(r.schema);
  return {
    schema: describeSchema(schema),
    rows: (r.rows ?? []).map((row) => row.map((v, i) => rounded(v, schema.fields[i]?.dataType))),
  };
}

function describeError(condition: string, parameters: Readonly<Record<string, string>>): unknown {
  const stable = Object.entries(parameters)
    .filter(([key]) => !UNSTABLE.has(key))
    .map(([key, value]) => [key, value.replace(/#\d+L?/g, "")] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { error: condition, ...Object.fromEntries(stable) };
}

function describeSchema(schema: StructType): string {
  return schema.fields
    .map((f) => `${f.name}: ${typeText(f.dataType)}${f.nullable ? "" : " NOT NULL"}`)
    .join(", ");
}

function typeText(t: DataType): string {
  switch (t.kind) {
    case "array":
      return `array<${typeText(t.elementType)}${t.containsNull ? "" : " NOT NULL"}>`;
    case "map":
      return `map<${typeText(t.keyType)}, ${typeText(t.valueType)}${t.valueContainsNull ? "" : " NOT NULL"}>`;
    case "struct":
      return `struct<${describeSchema(t)}>`;
    case "decimal":
      return `decimal(${t.precision},${t.scale})`;
    case "year_month_interval":
    case "day_time_interval":
      return `${t.kind} ${t.start}-${t.end}`;
    default:
      return t.kind;
  }
}

function plain(value: unknown, type: DataType): unknown {
  if (value === null || value === undefined) return null;
  if (type.kind === "array") return (value as readonly unknown[]).map((v) => plain(v, type.elementType));
  if (type.kind === "map") {
    return {
      map: [...(value as Map<unknown, unknown>)].map(([k, v]) => [
        plain(k, type.keyType),
        plain(v, type.valueType),
      ]),
    };
  }
  if (type.kind === "struct")
    return {
      row: [...(value as Iterable<unknown>)].map((v, i) =>
        plain(v, (type.fields[i] as StructField).dataType),
      ),
    };
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number")
    return rounded(
      Number.isNaN(value) ? "NaN" : Number.isFinite(value) ? value : value > 0 ? "Infinity" : "-Infinity",
      type,
    );
  if (value instanceof Decimal || value instanceof LocalDate) return value.toString();
  if (value instanceof Timestamp) return String(value.epochMicros);
  if (value instanceof LocalTimestamp) return String(value.localMicros);
  if (value instanceof DayTimeInterval) return String(value.micros);
  if (value instanceof Uint8Array) return [...value].map((b) => b.toString(16).padStart(2, "0")).join("");
  return value;
}

/** Sums of doubles depend on the order of addition in the last digit. */
function rounded(value: unknown, type: DataType | undefined): unknown {
  if (Array.isArray(value) && type?.kind === "array") return value.map((v) => rounded(v, type.elementType));
  if (typeof value !== "number" || (type?.kind !== "double" && type?.kind !== "float")) return value;
  return Number(value.toPrecision(type.kind === "float" ? 6 : 14));
}
