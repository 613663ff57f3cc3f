import type { LiteralValue } from "../plan/expression.ts";
import { type DataType, DOUBLE, decimal, FLOAT, INTEGER, LONG, MAX_PRECISION } from "../types/data-type.ts";
import { Decimal } from "../types/decimal.ts";
import type { TokenKind } from "./tokens.ts";

export interface NumberLiteral {
  readonly dataType: DataType;
  readonly value: LiteralValue;
}

/** Why a number is none: a condition of Spark's and its parameters. */
export interface NumberProblem {
  readonly condition: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const WHOLE = {
  byte: { kind: "byte", name: "tinyint", min: -128n, max: 127n },
  short: { kind: "short", name: "smallint", min: -32768n, max: 32767n },
  long: { kind: "long", name: "bigint", min: -(2n ** 63n), max: 2n ** 63n - 1n },
} as const;

const INT_MAX = 2n ** 31n - 1n;

/** The literal that a token of a number stands for; `text` has the sign that stands before it, if any. */
export function numberLiteral(
  kind: TokenKind,
  text: string,
  exponentAsDecimal: boolean,
): NumberLiteral | NumberProblem {
  switch (kind) {
    case "integer":
      return integer(text);
    case "byte":
    case "short":
    case "long":
      return whole(kind, text.slice(0, -1));
    case "exponent":
      return exponentAsDecimal ? exact(text) : fractional(DOUBLE, text);
    case "double":
      return fractional(DOUBLE, text.slice(0, -1));
    case "float":
      return fractional(FLOAT, text.slice(0, -1));
    case "big-decimal":
      return exact(text.slice(0, -2));
    default:
      return exact(text);
  }
}

function integer(text: string): NumberLiteral | NumberProblem {
  const value = BigInt(text);
  if (value <= INT_MAX && value >= -INT_MAX - 1n) return { dataType: INTEGER, value: Number(value) };
  if (value <= WHOLE.long.max && value >= WHOLE.long.min) return { dataType: LONG, value: plain(value) };
  return exact(text);
}

function plain(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function whole(type: "byte" | "short" | "long", text: string): NumberLiteral | NumberProblem {
  const { kind, name, min, max } = WHOLE[type];
  const value = BigInt(text);
  if (value < min || value > max) return outOfRange(text, `${min}`, `${max}`, name);
  return { dataType: { kind }, value: plain(value) };
}

function exact(text: string): NumberLiteral | NumberProblem {
  const value = Decimal.fromString(text);
  const precision = Math.max(value.precision, value.scale);
  if (precision > MAX_PRECISION) {
    return {
      condition: "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
      parameters: { precision: `${precision}`, maxPrecision: `${MAX_PRECISION}` },
    };
  }
  return { dataType: decimal(precision, value.scale), value: value.toString() };
}

function fractional(dataType: DataType, text: string): NumberLiteral | NumberProblem {
  const value = Number(text);
  if (dataType === FLOAT) {
    const max = 3.4028234663852886e38;
    // Java compares the exact number: what merely rounds to the largest float is out of range too.
    if (Math.abs(value) > max)
      return outOfRange(text, "-3.4028234663852886E+38", "3.4028234663852886E+38", "float");
    return { dataType, value: Math.fround(value) };
  }
  if (!Number.isFinite(value)) {
    return outOfRange(text, "-1.7976931348623157E+308", "1.7976931348623157E+308", "double");
  }
  return { dataType, value };
}

function outOfRange(text: string, minValue: string, maxValue: string, typeName: string): NumberProblem {
  return {
    condition: "INVALID_NUMERIC_LITERAL_RANGE",
    parameters: { rawStrippedQualifier: text, minValue, maxValue, typeName },
  };
}
