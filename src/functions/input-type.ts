import type { DataType } from "../types/data-type.ts";
import {
  array,
  BINARY,
  BOOLEAN,
  BYTE,
  CALENDAR_INTERVAL,
  DATE,
  DAY_TIME_INTERVAL,
  DOUBLE,
  INTEGER,
  isFractional,
  isIntegral,
  isNumeric,
  LONG,
  map,
  NULL,
  SHORT,
  STRING,
  sameTypeIgnoringNullability,
  TIMESTAMP,
  TIMESTAMP_NTZ,
  VARIANT,
  YEAR_MONTH_INTERVAL,
} from "../types/data-type.ts";
import { quotedSqlType } from "../types/format.ts";
import { SYSTEM_DECIMAL } from "./decimal-type.ts";

/** What a parameter takes: one type, a class of types, or one of several. */
export interface InputType {
  readonly kind:
    | "exact"
    | "any"
    | "numeric"
    | "integral"
    | "fractional"
    | "decimal"
    | "anyTimestamp"
    | "array"
    | "map"
    | "struct"
    | "predicate"
    | "oneOf";
  /** As messages show it: `"STRING"`, `("INT" or "ARRAY")`. */
  readonly sql: string;
  readonly accepts: (t: DataType) => boolean;
  /** What an untyped NULL becomes. */
  readonly concrete: DataType;
  /** `exact` only. */
  readonly type?: DataType;
  /** `oneOf` only. */
  readonly alternatives?: readonly InputType[];
  /** `array` and `map` of something. */
  readonly element?: InputType;
}

function exact(type: DataType): InputType {
  return {
    kind: "exact",
    sql: quotedSqlType(type),
    accepts: (t) => (t.kind === "string" ? type.kind === "string" : sameTypeIgnoringNullability(t, type)),
    concrete: type,
    type,
  };
}
function kind(
  name: InputType["kind"],
  text: string,
  accepts: (t: DataType) => boolean,
  concrete: DataType,
): InputType {
  return { kind: name, sql: `"${text}"`, accepts, concrete };
}

/** The inputs that Spark's functions ask for. */
export const T = {
  boolean: exact(BOOLEAN),
  byte: exact(BYTE),
  short: exact(SHORT),
  int: exact(INTEGER),
  long: exact(LONG),
  double: exact(DOUBLE),
  string: exact(STRING),
  binary: exact(BINARY),
  date: exact(DATE),
  timestamp: exact(TIMESTAMP),
  timestampNtz: exact(TIMESTAMP_NTZ),
  calendarInterval: exact(CALENDAR_INTERVAL),
  variant: exact(VARIANT),
  null: exact(NULL),
  any: kind("any", "ANY", () => true, NULL),
  numeric: kind("numeric", "NUMERIC", isNumeric, DOUBLE),
  integral: kind("integral", "INTEGRAL", isIntegral, INTEGER),
  fractional: kind("fractional", "FRACTIONAL", (t) => isFractional(t) || t.kind === "decimal", DOUBLE),
  decimal: kind("decimal", "DECIMAL", (t) => t.kind === "decimal", SYSTEM_DECIMAL),
  anyTimestamp: kind(
    "anyTimestamp",
    "(TIMESTAMP OR TIMESTAMP WITHOUT TIME ZONE)",
    (t) => t.kind === "timestamp" || t.kind === "timestamp_ntz",
    TIMESTAMP,
  ),
  dayTimeInterval: kind(
    "predicate",
    "INTERVAL DAY TO SECOND",
    (t) => t.kind === "day_time_interval",
    DAY_TIME_INTERVAL,
  ),
  yearMonthInterval: kind(
    "predicate",
    "INTERVAL YEAR TO MONTH",
    (t) => t.kind === "year_month_interval",
    YEAR_MONTH_INTERVAL,
  ),
  array: kind("array", "ARRAY", (t) => t.kind === "array", array(NULL)),
  map: kind("map", "MAP", (t) => t.kind === "map", map(NULL, NULL)),
  struct: kind("struct", "STRUCT", (t) => t.kind === "struct", { kind: "struct", fields: [] }),
  time: kind("predicate", "TIME", (t) => t.kind === "time", { kind: "time", precision: 6 }),
  /** A given type, `exact`. */
  of: exact,
  arrayOf(element: InputType): InputType {
    return {
      kind: "array",
      sql: element.type === undefined ? '"ARRAY"' : quotedSqlType(array(element.type)),
      accepts: (t) => t.kind === "array" && element.accepts(t.elementType),
      concrete: array(element.concrete),
      element,
      ...(element.type === undefined ? {} : { type: array(element.type) }),
    };
  },
  /** One of several, Spark's `TypeCollection`. */
  oneOf(...alternatives: readonly InputType[]): InputType {
    return {
      kind: "oneOf",
      sql: `(${alternatives.map((a) => a.sql).join(" or ")})`,
      accepts: (t) => alternatives.some((a) => a.accepts(t)),
      concrete: (alternatives[0] as InputType).concrete,
      alternatives,
    };
  },
} as const;

/** Numbers and intervals: what `+` and `-` take. */
export const NUMERIC_OR_INTERVAL: InputType = T.oneOf(
  T.numeric,
  T.dayTimeInterval,
  T.yearMonthInterval,
  T.calendarInterval,
);
