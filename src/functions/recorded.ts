import { readFileSync } from "node:fs";
import type { TestSession } from "../engine/lower/testing.ts";
import { PySparkException } from "../errors/spark-error.ts";
import type { DataType } from "../types/data-type.ts";
import { toJson } from "../types/json.ts";
import {
  CalendarInterval,
  DayTimeInterval,
  Decimal,
  LocalDate,
  LocalTimestamp,
  Timestamp,
  type VariantValue,
  YearMonthInterval,
} from "../types/values.ts";

/** What e2e/spark/recording.py writes for one query. */
export interface RecordedAnswer {
  readonly columns?: readonly (readonly [name: string, type: unknown, nullable: boolean])[];
  readonly rows?: readonly (readonly unknown[])[];
  /** Columns recorded as Spark's text, since their values hold intervals. */
  readonly asText?: readonly boolean[];
  readonly error?: {
    readonly class: string;
    readonly condition?: string | null;
    readonly parameters?: Readonly<Record<string, string>>;
    readonly message?: string;
  };
}

export function readRecording<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(`../../e2e/spark/${path}`, import.meta.url), "utf8")) as T;
}

/** Our answer to a query in the recording's form. */
export async function answer(session: TestSession, sql: string): Promise<RecordedAnswer> {
  let columns: RecordedAnswer["columns"];
  try {
    const plan = session.parse(sql);
    const analyzed = await session.analyzed(plan as Parameters<TestSession["analyzed"]>[0]);
    columns = analyzed.schema.fields.map((f) => [f.name, toJson(f.dataType), f.nullable] as const);
    const holds = analyzed.schema.fields.map((f) => holdsInterval(f.dataType));
    const { rows, schema } = await session.sql(sql);
    const asText = holds.some((h) => h);
    return {
      columns,
      rows: rows.map((r) =>
        [...r].map((v, i) =>
          holds[i] === true ? textOf(v) : plain(v, (schema.fields[i] as { dataType: DataType }).dataType),
        ),
      ),
      ...(asText ? { asText: holds } : {}),
    };
  } catch (error) {
    const failure =
      error instanceof PySparkException
        ? { class: error.name, condition: error.getCondition(), parameters: error.getMessageParameters() }
        : { class: "Internal", condition: null, message: String(error).slice(0, 400) };
    return columns === undefined ? { error: failure } : { columns, error: failure };
  }
}

/** What differs, in a word each; empty when the answers are the same. */
export function differences(spark: RecordedAnswer, ours: RecordedAnswer, tolerance = 0): readonly string[] {
  const found: string[] = [];
  const [a, b] = [spark.columns, ours.columns];
  if (a !== undefined && b !== undefined) {
    for (const [i, column] of a.entries()) {
      const mine = b[i];
      if (column[0] !== mine?.[0]) found.push(`name ${column[0]} <> ${mine?.[0]}`);
      if (canonical(column[1]) !== canonical(mine?.[1]))
        found.push(`type ${canonical(column[1])} <> ${canonical(mine?.[1])}`);
      if (column[2] !== mine?.[2]) found.push(`nullable ${column[2]} <> ${mine?.[2]}`);
    }
  }
  // What the recording client could not read says nothing about the values.
  if (spark.error !== undefined && spark.error.condition === undefined) return found;
  // An exception of the JVM without a condition is an exception here too.
  if (spark.error?.condition === null && spark.error.class === ours.error?.class) return found;
  if (spark.error !== undefined || ours.error !== undefined) {
    const [x, y] = [spark.error, ours.error];
    if (x === undefined) found.push(`we fail: ${describe(y)}`);
    else if (y === undefined) found.push(`Spark fails: ${describe(x)}`);
    else if ((x.condition ?? null) !== (y.condition ?? null))
      found.push(`condition ${describe(x)} <> ${describe(y)}`);
    else if (x.class !== y.class) found.push(`class ${x.class} <> ${y.class}`);
    else if (canonical(x.parameters ?? {}) !== canonical(y.parameters ?? {}))
      found.push(`parameters ${canonical(x.parameters ?? {})} <> ${canonical(y.parameters ?? {})}`);
    return found;
  }
  if (!sameRows(spark.rows, ours.rows, tolerance))
    found.push(`rows ${canonical(spark.rows)} <> ${canonical(ours.rows)}`);
  return found;
}

/** Equal, or both numbers with a fraction whose relative distance is small: sums of doubles depend on their order. */
function sameRows(a: unknown, b: unknown, tolerance: number): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((x, i) => sameRows(x, b[i], tolerance));
  if (a === b) return true;
  if (
    tolerance === 0 ||
    typeof a !== "string" ||
    typeof b !== "string" ||
    !a.includes(".") ||
    !b.includes(".")
  ) {
    return canonical(a) === canonical(b);
  }
  const [x, y] = [Number(a), Number(b)];
  return Math.abs(x - y) <= tolerance * Math.max(Math.abs(x), Math.abs(y));
}

function describe(e: RecordedAnswer["error"]): string {
  return `${e?.condition ?? e?.message} ${e?.condition === "UNSUPPORTED_FEATURE" ? JSON.stringify(e.parameters) : ""}`.trim();
}

/** JSON with the keys of objects in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, v: unknown) =>
    typeof v === "object" && v !== null && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([x], [y]) => (x < y ? -1 : 1)))
      : v,
  );
}

function holdsInterval(t: DataType): boolean {
  switch (t.kind) {
    case "year_month_interval":
    case "day_time_interval":
    case "calendar_interval":
      return true;
    case "array":
      return holdsInterval(t.elementType);
    case "map":
      return holdsInterval(t.keyType) || holdsInterval(t.valueType);
    case "struct":
      return t.fields.some((f) => holdsInterval(f.dataType));
    default:
      return false;
  }
}

/** The text that Spark's cast to string gives for values that hold intervals. */
function textOf(v: unknown): string | null {
  if (v === null || v === undefined) return null;
  const inner = (x: unknown): string => textOf(x) ?? "null";
  if (v instanceof Uint8Array) return new TextDecoder().decode(v);
  if (Array.isArray(v)) return `[${v.map(inner).join(", ")}]`;
  if (v instanceof Map) return `{${[...v].map(([k, x]) => `${inner(k)} -> ${inner(x)}`).join(", ")}}`;
  if (v instanceof YearMonthInterval || v instanceof DayTimeInterval || v instanceof CalendarInterval)
    return v.toString();
  if (typeof v === "object" && Symbol.iterator in v)
    return `{${[...(v as Iterable<unknown>)].map(inner).join(", ")}}`;
  return String(v);
}

/** A value in the recording's form. */
function plain(v: unknown, t: DataType): unknown {
  if (v === null || v === undefined) return null;
  switch (t.kind) {
    case "float":
    case "double":
      return pythonFloat(v as number, t.kind);
    case "binary":
      return [...(v as Uint8Array)].map((b) => b.toString(16).padStart(2, "0")).join("");
    case "array":
      return (v as readonly unknown[]).map((x) => plain(x, t.elementType));
    case "variant": {
      const { value, metadata } = v as VariantValue;
      return [plain(value, { kind: "binary" }), plain(metadata, { kind: "binary" })];
    }
    case "map":
      return [...(v as Map<unknown, unknown>)].map(([k, x]) => [plain(k, t.keyType), plain(x, t.valueType)]);
    case "struct":
      return [...(v as Iterable<unknown>)].map((x, i) =>
        plain(x, (t.fields[i] as { dataType: DataType }).dataType),
      );
    default:
  }
  if (v instanceof LocalDate) return `${v.epochDay}`;
  if (v instanceof Timestamp) return `${v.epochMicros}`;
  if (v instanceof LocalTimestamp) return `${v.localMicros}`;
  if (v instanceof Decimal || typeof v === "number" || typeof v === "bigint") return v.toString();
  return v;
}

/** As Python prints a float, so that the recordings can be read. */
function pythonFloat(v: number, kind: "float" | "double"): string {
  const value = kind === "float" ? Math.fround(v) : v;
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  const text = value.toExponential();
  const [mantissa, e] = text.split("e") as [string, string];
  const power = Number(e);
  if (power < -4 || power >= 16)
    return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  const plainText = String(value);
  if (plainText.includes("e")) return value.toFixed(20).replace(/0+$/, "");
  return plainText.includes(".") ? plainText : `${plainText}.0`;
}
