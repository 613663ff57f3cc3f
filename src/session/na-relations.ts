import { PySparkTypeError, PySparkValueError } from "../errors/spark-error.ts";
import type { Literal } from "../plan/expression.ts";
import type { NADrop, NAFill, NAReplace, Relation } from "../plan/relation.ts";
import * as t from "../types/data-type.ts";
import { cannotBeEmpty, expectInteger, expectString, notExpectedType } from "./argument-errors.ts";
import { isPlainObject, literal, longLiteral, numberLiteral } from "./literal.ts";

/** A value that may stand where one is missing. */
export type FillValue = boolean | number | bigint | string;

/** A value that `replace` looks for or puts in. */
export type ReplaceValue = boolean | number | string;

export interface DropOptions {
  readonly how?: "any" | "all";
  /** Rows with fewer values than this go; it rules over `how`. */
  readonly thresh?: number;
  readonly subset?: string | readonly string[];
}

type Node<R extends Relation> = Omit<R, "planId">;

/** `DataFrame.fillna`. */
export function fill(
  input: Relation,
  value: FillValue | Readonly<Record<string, FillValue>>,
  subset: string | readonly string[] | undefined,
): Node<NAFill> {
  if (isPlainObject(value)) {
    const cols = Object.keys(value);
    if (cols.length === 0) throw cannotBeEmpty("value");
    const values = Object.values(value).map((v) =>
      fillLiteral(v, "value type of dict", "bool, float, int or str"),
    );
    return { kind: "NAFill", input, cols, values };
  }
  const filled = fillLiteral(value, "value", "bool, dict, float, int or str");
  return { kind: "NAFill", input, cols: columnNames(subset), values: [filled] };
}

/** As Spark Connect sends them: whole numbers as longs. */
function fillLiteral(value: unknown, argument: string, expected: string): Literal {
  switch (typeof value) {
    case "boolean":
      return literal(t.BOOLEAN, value);
    case "string":
      return literal(t.STRING, value);
    case "bigint":
      return longLiteral(value);
    case "number": {
      const number = numberLiteral(value);
      return number.dataType.kind === "integer" ? literal(t.LONG, value) : number;
    }
    default:
      throw notExpectedType(argument, expected, value);
  }
}

export function dropOptions(
  how: string | undefined,
  thresh: number | undefined,
  subset: string | readonly string[] | undefined,
): DropOptions {
  return {
    ...(how === undefined ? {} : { how: how as "any" }),
    ...(thresh === undefined ? {} : { thresh }),
    ...(subset === undefined ? {} : { subset }),
  };
}

/** `DataFrame.dropna`. */
export function drop(input: Relation, { how = "any", thresh, subset }: DropOptions): Node<NADrop> {
  expectString("how", how);
  if (how !== "any" && how !== "all") {
    throw new PySparkValueError({
      condition: "VALUE_NOT_ALLOWED",
      messageParameters: { arg_name: "how", allowed_values: "['any', 'all']" },
    });
  }
  if (thresh !== undefined) expectInteger("thresh", thresh);
  const minNonNulls = thresh ?? (how === "all" ? 1 : undefined);
  return {
    kind: "NADrop",
    input,
    cols: columnNames(subset),
    ...(minNonNulls === undefined ? {} : { minNonNulls }),
  };
}

/** `DataFrame.replace`. */
export function replace(
  input: Relation,
  toReplace: ReplaceValue | readonly ReplaceValue[] | ReadonlyMap<ReplaceValue, ReplaceValue | null>,
  hasValue: boolean,
  value: ReplaceValue | null | undefined | readonly (ReplaceValue | null)[],
  subset: string | readonly string[] | undefined,
): Node<NAReplace> {
  const pairs = replacementPairs(toReplace, hasValue, value);
  const kinds = ["boolean", "string", "number"];
  const isUniform = kinds.some((kind) =>
    pairs.every(([from, to]) => typeof from === kind && (to === null || typeof to === kind)),
  );
  if (!isUniform) throw new PySparkValueError({ condition: "MIXED_TYPE_REPLACEMENT" });
  return {
    kind: "NAReplace",
    input,
    cols: columnNames(subset),
    replacements: pairs.map(([from, to]) => ({
      oldValue: replaceLiteral(from),
      newValue: replaceLiteral(to),
    })),
  };
}

function replacementPairs(
  toReplace: unknown,
  hasValue: boolean,
  value: unknown,
): readonly (readonly [ReplaceValue, ReplaceValue | null])[] {
  if (toReplace instanceof Map) return [...toReplace];
  if (isPlainObject(toReplace)) return Object.entries(toReplace) as [string, ReplaceValue][];
  if (!hasValue) {
    throw new PySparkTypeError({
      condition: "ARGUMENT_REQUIRED",
      messageParameters: { arg_name: "value", condition: "`to_replace` is dict" },
    });
  }
  const from: readonly unknown[] = Array.isArray(toReplace) ? toReplace : [toReplace];
  for (const item of from) {
    if (!isReplaceValue(item))
      throw notExpectedType("to_replace", "bool, dict, float, int, str or tuple", item);
  }
  if (!Array.isArray(value)) {
    const single = value ?? null;
    if (single !== null && !isReplaceValue(single)) {
      throw notExpectedType("value", "bool, float, int, list, None, str or tuple", single);
    }
    return from.map((item) => [item as ReplaceValue, single]);
  }
  if (from.length !== value.length) {
    throw new PySparkValueError({
      condition: "LENGTH_SHOULD_BE_THE_SAME",
      messageParameters: {
        arg1: "to_replace",
        arg2: "value",
        arg1_length: String(from.length),
        arg2_length: String(value.length),
      },
    });
  }
  return from.map((item, i) => [item as ReplaceValue, value[i] as ReplaceValue | null]);
}

function isReplaceValue(value: unknown): value is ReplaceValue {
  return typeof value === "boolean" || typeof value === "number" || typeof value === "string";
}

/** As Spark Connect sends them: every number as a double. */
function replaceLiteral(value: ReplaceValue | null): Literal {
  if (value === null) return literal(t.NULL, null);
  if (typeof value === "number") return literal(t.DOUBLE, value);
  return typeof value === "boolean" ? literal(t.BOOLEAN, value) : literal(t.STRING, value);
}

function columnNames(subset: string | readonly string[] | undefined): readonly string[] {
  if (subset === undefined) return [];
  if (typeof subset === "string") return [subset];
  if (!Array.isArray(subset)) throw notExpectedType("subset", "list, str or tuple", subset);
  for (const name of subset) {
    if (typeof name !== "string") throw notExpectedType("cols", "list, str or tuple", name);
  }
  return subset;
}
