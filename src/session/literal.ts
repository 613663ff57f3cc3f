import { PySparkTypeError, PySparkValueError } from "../errors/spark-error.ts";
import type { Expression, Literal, LiteralValue } from "../plan/expression.ts";
import type { DataType } from "../types/data-type.ts";
import * as t from "../types/data-type.ts";
import {
  CalendarInterval,
  DayTimeInterval,
  Decimal,
  isRow,
  LocalDate,
  LocalTime,
  LocalTimestamp,
  type Row,
  Timestamp,
  YearMonthInterval,
} from "../types/values.ts";
import { typeNameOf } from "./argument-errors.ts";
import type { Column } from "./column.ts";

/** What stands for one value of a Spark type without being a container. */
export type ScalarValue =
  | null
  | undefined
  | boolean
  | number
  | bigint
  | string
  | Date
  | Uint8Array
  | Decimal
  | LocalDate
  | LocalTime
  | LocalTimestamp
  | Timestamp
  | YearMonthInterval
  | DayTimeInterval
  | CalendarInterval;

/**
 * What `lit` takes, and every argument that may be a value or a Column. A whole number of 32 bits is an int, a larger
 * one a long, one with a fraction a double, a bigint a long, a Date a timestamp; arrays, Maps and plain objects become
 * arrays, maps and structs.
 */
export type LiteralInput =
  | ScalarValue
  | Column
  | Row
  | readonly LiteralInput[]
  | ReadonlyMap<LiteralInput, LiteralInput>
  | { readonly [name: string]: LiteralInput };

const INT_MIN = -2_147_483_648;
const INT_MAX = 2_147_483_647;
const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;

export function literal(dataType: DataType, value: LiteralValue): Literal {
  return { kind: "Literal", dataType, value };
}

export function stringLiteral(value: string): Literal {
  return literal(t.STRING, value);
}

/** The literal of one scalar, or undefined when the value is none. */
export function scalarLiteral(value: unknown): Literal | undefined {
  switch (typeof value) {
    case "undefined":
      return literal(t.NULL, null);
    case "boolean":
      return literal(t.BOOLEAN, value);
    case "string":
      return literal(t.STRING, value);
    case "number":
      return numberLiteral(value);
    case "bigint":
      return longLiteral(value);
    case "object":
      return value === null ? literal(t.NULL, null) : objectLiteral(value);
    default:
      return undefined;
  }
}

/** Wholeness decides: `3` is an int (a long beyond 32 bits), `3.5`, `-0` and anything beyond 2^53 a double. */
export function numberLiteral(value: number): Literal {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) return literal(t.DOUBLE, value);
  return value >= INT_MIN && value <= INT_MAX ? literal(t.INTEGER, value) : literal(t.LONG, value);
}

export function longLiteral(value: bigint): Literal {
  if (value < LONG_MIN || value > LONG_MAX) {
    throw new PySparkValueError({
      condition: "VALUE_NOT_BETWEEN",
      messageParameters: { arg_name: "value", min: LONG_MIN.toString(), max: LONG_MAX.toString() },
    });
  }
  return literal(t.LONG, value);
}

function objectLiteral(value: object): Literal | undefined {
  if (value instanceof Date) return literal(t.TIMESTAMP, Timestamp.fromDate(value).epochMicros);
  if (value instanceof Uint8Array) return literal(t.BINARY, value);
  if (value instanceof Decimal) return literal(decimalType(value), value.toString());
  if (value instanceof LocalDate) return literal(t.DATE, value.epochDay);
  if (value instanceof Timestamp) return literal(t.TIMESTAMP, value.epochMicros);
  if (value instanceof LocalTimestamp) return literal(t.TIMESTAMP_NTZ, value.localMicros);
  if (value instanceof LocalTime) return literal({ kind: "time", precision: 6 }, value.nanosOfDay);
  if (value instanceof YearMonthInterval) {
    return literal({ kind: "year_month_interval", start: value.start, end: value.end }, value.months);
  }
  if (value instanceof DayTimeInterval) {
    return literal({ kind: "day_time_interval", start: value.start, end: value.end }, value.micros);
  }
  if (value instanceof CalendarInterval) {
    const { months, days, micros } = value;
    return literal(t.CALENDAR_INTERVAL, { months, days, microseconds: micros });
  }
  return undefined;
}

/** As Spark types a decimal literal: ten digits at least. */
function decimalType(value: Decimal): DataType {
  const precision = Math.max(10, value.precision, value.scale);
  if (precision > t.MAX_PRECISION) {
    throw new PySparkValueError({
      condition: "VALUE_OUT_OF_BOUNDS",
      messageParameters: {
        arg_name: "precision",
        lower_bound: "1",
        upper_bound: String(t.MAX_PRECISION),
        actual: String(precision),
      },
    });
  }
  return t.decimal(precision, value.scale);
}

/**
 * A value as an expression: scalars as literals, containers as calls of `array`, `map` and `named_struct` over their
 * elements.
 */
export function valueExpression(value: unknown, element: (item: unknown) => Expression): Expression {
  const scalar = scalarLiteral(value);
  if (scalar !== undefined) return scalar;
  if (Array.isArray(value)) return call("array", value.map(element));
  if (value instanceof Map) {
    return call(
      "map",
      [...value].flatMap(([k, v]) => [element(k), element(v)]),
    );
  }
  const fields = fieldsOf(value);
  if (fields !== undefined) {
    return call(
      "named_struct",
      fields.flatMap(([name, item]) => [stringLiteral(name), element(item)]),
    );
  }
  throw new PySparkTypeError({
    condition: "UNSUPPORTED_DATA_TYPE",
    messageParameters: { data_type: typeNameOf(value) },
  });
}

/** Names and values of a Row or a plain object; undefined for anything else. */
export function fieldsOf(value: unknown): readonly (readonly [string, unknown])[] | undefined {
  if (isRow(value)) {
    const values = value.values();
    return value.fieldNames().map((name, i) => [name, values[i]]);
  }
  return isPlainObject(value) ? Object.entries(value) : undefined;
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

function call(functionName: string, args: readonly Expression[]): Expression {
  return { kind: "UnresolvedFunction", functionName, arguments: args };
}
