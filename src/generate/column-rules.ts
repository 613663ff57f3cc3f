import type { DataType, StructField, StructType } from "../types/data-type.ts";
import * as t from "../types/data-type.ts";

type Nullable = {
  /** The share of rows that have null (0 to 1; none by default). */
  readonly nullShare?: number;
};

export type Distribution =
  | "uniform"
  /** Around the middle of the range by default; what is beyond the range is put on its edge. */
  | { readonly kind: "normal"; readonly mean?: number; readonly stddev?: number }
  /** From `min` on, with this mean above it; what is beyond `max` is put there. */
  | { readonly kind: "exponential"; readonly mean: number };

/** How the values of a column are made. */
export type ColumnRule = Nullable &
  (
    | { readonly kind: "uuid" }
    /** A long that grows from row to row over all batches. */
    | { readonly kind: "sequence"; readonly start?: number; readonly step?: number }
    | {
        readonly kind: "int" | "long";
        readonly min: number;
        readonly max: number;
        readonly distribution?: Distribution;
      }
    | {
        readonly kind: "double";
        readonly min: number;
        readonly max: number;
        readonly distribution?: Distribution;
        /** Digits after the point (default: all). */
        readonly decimals?: number;
      }
    | { readonly kind: "boolean"; readonly trueShare?: number }
    /** Texts, or numbers (then the column is double); `weights` as many as values. */
    | {
        readonly kind: "choice";
        readonly values: readonly (string | number)[];
        readonly weights?: readonly number[];
      }
    /** `#` is a digit, `?` a capital letter, `*` a hexadecimal digit, the rest stands for itself; `\` before one too. */
    | { readonly kind: "pattern"; readonly pattern: string }
    /** At random within the range, or, with `stepMs`, row after row from `from` on. ISO texts. */
    | { readonly kind: "timestamp"; readonly from: string; readonly to?: string; readonly stepMs?: number }
    | { readonly kind: "date"; readonly from: string; readonly to: string }
    | { readonly kind: "struct"; readonly fields: Readonly<Record<string, ColumnRule>> }
  );

/** Columns by name, in their order. */
export type RecordRules = Readonly<Record<string, ColumnRule>>;

const REGIONS = [
  "us-east",
  "us-west",
  "eu-central",
  "eu-west",
  "ap-south",
  "ap-northeast",
  "sa-east",
  "af-south",
];
const CATEGORIES = [
  "electronics",
  "clothing",
  "books",
  "home",
  "sports",
  "toys",
  "beauty",
  "grocery",
  "garden",
  "music",
];
const EVENTS = ["view", "click", "add_to_cart", "purchase", "refund", "search"];
const SEGMENTS = ["new", "returning", "premium", "enterprise"];

/**
 * Events of a shop: id, timestamp, region, product_category, event_type, user_id, user_segment, amount, quantity,
 * metadata, and further text columns `text_1`, ... of few values each.
 */
export function shopEvents(
  options: { readonly textColumns?: number; readonly textValues?: number } = {},
): RecordRules {
  const { textColumns = 0, textValues = 20 } = options;
  const texts = Array.from({ length: textColumns }, (_, i): [string, ColumnRule] => [
    `text_${i + 1}`,
    { kind: "choice", values: Array.from({ length: textValues }, (_, n) => `value_${n + 1}`) },
  ]);
  return {
    id: { kind: "uuid" },
    timestamp: { kind: "timestamp", from: "2026-01-01T00:00:00Z", stepMs: 1 },
    region: { kind: "choice", values: REGIONS },
    product_category: { kind: "choice", values: CATEGORIES },
    event_type: { kind: "choice", values: EVENTS, weights: [50, 25, 10, 8, 2, 5] },
    user_id: { kind: "int", min: 1, max: 100_000 },
    user_segment: { kind: "choice", values: SEGMENTS, weights: [30, 50, 15, 5] },
    amount: {
      kind: "double",
      min: 0.5,
      max: 5_000,
      decimals: 2,
      distribution: { kind: "exponential", mean: 60 },
    },
    quantity: { kind: "int", min: 1, max: 10 },
    metadata: {
      kind: "struct",
      fields: {
        source: { kind: "choice", values: ["web", "ios", "android", "api"], weights: [50, 22, 22, 6] },
        version: { kind: "choice", values: ["1.0.0", "1.1.0", "2.0.0", "2.1.3"] },
        session: { kind: "int", min: 1, max: 1_000_000 },
      },
    },
    ...Object.fromEntries(texts),
  };
}

export function schemaOf(rules: RecordRules): StructType {
  return t.struct(
    Object.entries(rules).map(([name, rule]): StructField => t.field(name, typeOf(name, rule))),
  );
}

function typeOf(name: string, rule: ColumnRule): DataType {
  switch (rule.kind) {
    case "uuid":
    case "pattern":
      return t.STRING;
    case "sequence":
    case "long":
      return t.LONG;
    case "int":
      return t.INTEGER;
    case "double":
      return t.DOUBLE;
    case "boolean":
      return t.BOOLEAN;
    case "timestamp":
      return t.TIMESTAMP;
    case "date":
      return t.DATE;
    case "struct":
      return schemaOf(rule.fields);
    case "choice":
      if (rule.values.every((value) => typeof value === "string")) return t.STRING;
      if (rule.values.every((value) => typeof value === "number")) return t.DOUBLE;
      throw new TypeError(`the values of column ${name} must be all texts or all numbers`);
  }
}

/** Throws where a rule makes no sense, before anything is generated. */
export function checkRules(rules: RecordRules, prefix = ""): void {
  const entries = Object.entries(rules);
  if (entries.length === 0)
    throw new RangeError(`${prefix === "" ? "a record" : prefix} needs at least one column`);
  for (const [name, rule] of entries) {
    const path = `${prefix}${name}`;
    const fail = (what: string): never => {
      throw new RangeError(`column ${path}: ${what}`);
    };
    if (rule.nullShare !== undefined && !(rule.nullShare >= 0 && rule.nullShare <= 1))
      fail("nullShare is from 0 to 1");
    switch (rule.kind) {
      case "int":
        if (rule.min < -(2 ** 31) || rule.max > 2 ** 31 - 1) fail("an int is from -2147483648 to 2147483647");
        if (!Number.isInteger(rule.min) || !Number.isInteger(rule.max))
          fail("min and max must be whole numbers");
        if (rule.min > rule.max) fail(`min ${rule.min} is above max ${rule.max}`);
        break;
      case "long":
        if (!Number.isSafeInteger(rule.min) || !Number.isSafeInteger(rule.max))
          fail("min and max must be safe integers");
        if (rule.max - rule.min > Number.MAX_SAFE_INTEGER) fail("the range is too wide");
        if (rule.min > rule.max) fail(`min ${rule.min} is above max ${rule.max}`);
        break;
      case "double":
        if (!Number.isFinite(rule.min) || !Number.isFinite(rule.max)) fail("min and max must be finite");
        if (rule.min > rule.max) fail(`min ${rule.min} is above max ${rule.max}`);
        break;
      case "choice":
        if (rule.values.length === 0) fail("there are no values to choose from");
        if (rule.values.length > 65_536) fail("at most 65,536 values to choose from");
        if (rule.weights !== undefined) {
          if (rule.weights.length !== rule.values.length) fail("as many weights as values");
          if (rule.weights.some((weight) => !(weight >= 0))) fail("weights must not be negative");
          if (rule.weights.every((weight) => weight === 0)) fail("one weight at least must be above 0");
        }
        break;
      case "timestamp":
        if (Number.isNaN(Date.parse(rule.from))) fail(`${rule.from} is no time`);
        if (rule.stepMs === undefined && rule.to === undefined) fail("needs to or stepMs");
        if (rule.to !== undefined && !(Date.parse(rule.to) >= Date.parse(rule.from)))
          fail(`${rule.to} is not after from`);
        break;
      case "date":
        if (!(Date.parse(rule.to) >= Date.parse(rule.from))) fail(`${rule.from} to ${rule.to} is no range`);
        break;
      case "struct":
        checkRules(rule.fields, `${path}.`);
        break;
      default:
    }
  }
}
