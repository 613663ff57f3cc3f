import type { DataType, StructField, StructType } from "../../types/data-type.ts";
import type { FilePredicate, PredicateValue } from "../file-predicate.ts";
import { ALWAYS } from "../file-predicate.ts";
import type { TableRecord } from "./records.ts";

export type FilterOperator =
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "in"
  | "not_in"
  | "between"
  | "is_null"
  | "is_not_null";

/** A value (equal to it), or an operator with what it compares with. */
export type FilterTerm =
  | string
  | number
  | bigint
  | boolean
  | Date
  | readonly [operator: FilterOperator, value?: unknown];

/** Conditions by column, all of which must hold: `{ age: [">", 30], name: "Ada" }`. */
export type Filter = Readonly<Record<string, FilterTerm>>;

const OPERATORS: ReadonlySet<string> = new Set([
  "==",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "in",
  "not_in",
  "between",
  "is_null",
  "is_not_null",
]);

/** A filter as a test of records and as what files can be judged by. Null matches no comparison. */
export interface CompiledFilter {
  readonly columns: readonly string[];
  readonly test: (record: TableRecord) => boolean;
  readonly predicate: FilePredicate;
}

export function compileFilter(filter: Filter | undefined, schema: StructType): CompiledFilter {
  const terms = Object.entries(filter ?? {}).map(([name, term]) => compileTerm(name, term, schema));
  return {
    columns: terms.map((term) => term.field.name),
    test: (record) => terms.every((term) => term.test(record[term.field.name] ?? null)),
    predicate: terms.length === 0 ? ALWAYS : { kind: "and", children: terms.map((term) => term.predicate) },
  };
}

interface Term {
  readonly field: StructField;
  readonly test: (value: unknown) => boolean;
  readonly predicate: FilePredicate;
}

function compileTerm(name: string, term: FilterTerm, schema: StructType): Term {
  const field = schema.fields.find((f) => f.name === name);
  if (field === undefined) throw new TypeError(`the filter names ${name}, which the table has not`);
  const [operator, operand] = Array.isArray(term)
    ? [term[0] as string, term[1] as unknown]
    : ["==", term as unknown];
  if (!OPERATORS.has(operator)) {
    throw new TypeError(
      `${String(operator)} is no operator of a filter; these are: ${[...OPERATORS].join(", ")}`,
    );
  }
  const column = [field.name];
  const comparable = (value: unknown): Comparable => comparableOf(value, field.dataType);
  const holds = (value: unknown, sign: string, other: Comparable): boolean =>
    isTrue(comparable(value), sign, other);
  switch (operator as FilterOperator) {
    case "is_null":
      return { field, test: (v) => v === null, predicate: { kind: "isNull", column } };
    case "is_not_null":
      return { field, test: (v) => v !== null, predicate: { kind: "isNotNull", column } };
    case "in":
    case "not_in": {
      const values = list(operand, operator, name).map(comparable);
      const isIn = (v: unknown): boolean => values.some((w) => w !== null && compare(comparable(v), w) === 0);
      if (operator === "in") {
        return { field, test: (v) => v !== null && isIn(v), predicate: inFiles(field, column, values) };
      }
      // A null among the values leaves nothing that is surely none of them.
      const hasNull = values.includes(null);
      return {
        field,
        test: (v) => v !== null && !hasNull && !isIn(v),
        predicate: { kind: "isNotNull", column },
      };
    }
    case "between": {
      const [low, high] = list(operand, operator, name);
      const [from, to] = [comparable(low), comparable(high)];
      return {
        field,
        test: (v) => holds(v, ">=", from) && holds(v, "<=", to),
        predicate: {
          kind: "and",
          children: [compared(field, column, ">=", from), compared(field, column, "<=", to)],
        },
      };
    }
    default: {
      const value = comparable(operand);
      const sign = operator as "==" | "!=" | "<" | "<=" | ">" | ">=";
      return {
        field,
        test: (v) => holds(v, sign, value),
        predicate: compared(field, column, sign === "==" ? "=" : sign, value),
      };
    }
  }
}

function list(operand: unknown, operator: string, name: string): readonly unknown[] {
  const isRight = Array.isArray(operand) && (operator !== "between" || operand.length === 2);
  if (!isRight)
    throw new TypeError(`${operator} of ${name} takes ${operator === "between" ? "two values" : "a list"}`);
  return operand as readonly unknown[];
}

type Comparable = number | bigint | string | boolean | null;

/** Decimals are texts, which compare as the numbers that they are. */
function comparableOf(value: unknown, type: DataType): Comparable {
  if (value === undefined || value === null) return null;
  if (type.kind === "decimal") {
    const match = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(String(value));
    const fraction = match?.[3] ?? "";
    if (match === null || fraction.replace(/0+$/, "").length > type.scale) {
      throw new TypeError(
        `${String(value)} cannot be compared with a ${type.kind}(${type.precision},${type.scale})`,
      );
    }
    const digits = BigInt(`${match[2]}${fraction.padEnd(type.scale, "0").slice(0, type.scale)}`);
    return match[1] === "-" ? -digits : digits;
  }
  if (value instanceof Date) return value.getTime();
  if (["number", "bigint", "string", "boolean"].includes(typeof value)) return value as Comparable;
  throw new TypeError(`${String(value)} cannot be compared`);
}

/** Negative, zero or positive; undefined for values of different kinds. */
function compare(a: Comparable, b: Comparable): number | undefined {
  const isNumber = (v: Comparable): boolean => typeof v === "number" || typeof v === "bigint";
  if (a === null || b === null || (typeof a !== typeof b && !(isNumber(a) && isNumber(b)))) return undefined;
  if (Number.isNaN(a) || Number.isNaN(b)) return undefined;
  // A number and a bigint have an order, too.
  return a < b ? -1 : a > b ? 1 : 0;
}

function isTrue(raw: Comparable, operator: string, value: Comparable): boolean {
  const order = compare(raw, value);
  if (order === undefined) return false;
  switch (operator) {
    case "==":
      return order === 0;
    case "!=":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    default:
      return order >= 0;
  }
}

function inFiles(
  field: StructField,
  column: readonly string[],
  values: readonly Comparable[],
): FilePredicate {
  const told = values.filter((v) => v !== null).map((v) => fileValue(field, v));
  if (told.includes(undefined)) return ALWAYS;
  return { kind: "in", column, values: told as PredicateValue[] };
}

function compared(
  field: StructField,
  column: readonly string[],
  operator: "=" | "!=" | "<" | "<=" | ">" | ">=",
  value: Comparable,
): FilePredicate {
  if (value === null) return { kind: "never" };
  const told = fileValue(field, value);
  return told === undefined ? ALWAYS : { kind: "compare", column, operator, value: told };
}

/** The value as statistics know it; undefined where they are not to be asked. */
function fileValue(field: StructField, value: Comparable): PredicateValue | undefined {
  switch (field.dataType.kind) {
    case "long":
    case "integer":
      return typeof value === "bigint" || Number.isSafeInteger(value) ? (value as PredicateValue) : undefined;
    case "string":
      return typeof value === "string" ? value : undefined;
    case "double":
      return typeof value === "number" ? value : undefined;
    case "timestamp":
      return typeof value === "number" ? BigInt(value) * 1000n : undefined;
    case "boolean":
      return typeof value === "boolean" ? value : undefined;
    default:
      return undefined;
  }
}
