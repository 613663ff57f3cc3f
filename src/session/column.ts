import { PySparkTypeError, PySparkValueError } from "../errors/spark-error.ts";
import type { Expression, SortOrder } from "../plan/expression.ts";
import type { DataType as PlainDataType } from "../types/data-type.ts";
import { cannotBeEmpty, expectString, notExpectedType, typeNameOf } from "./argument-errors.ts";
import { originOf } from "./call-site.ts";
import { expressionText } from "./column-text.ts";
import type { DataFrame } from "./data-frame.ts";
import {
  type Attachments,
  type ColumnState,
  INTERNAL,
  mergeAttachments,
  NO_ATTACHMENTS,
} from "./internal.ts";
import { type LiteralInput, valueExpression } from "./literal.ts";
import { subqueryOf } from "./subquery.ts";
import { type DataTypeLike, isDataType, plainType } from "./types/data-type-class.ts";
import type { WindowSpec } from "./window.ts";

/** A column by itself or by name. */
export type ColumnOrName = Column | string;

/**
 * An expression over the columns of a DataFrame: a name, a value, or what operators and functions make of them. Nothing
 * is looked up or computed before an action runs. Columns are immutable.
 *
 * Operators are methods, by PySpark's names where PySpark has one (`eqNullSafe`, `isin`, `between`, ...), and by the
 * names of Spark's Scala API where PySpark overloads Python's operators: `gt`, `lt`, `geq`, `leq`, `equalTo`, `plus`,
 * `minus`, `multiply`, `divide`, `mod`, `and`, `or`, with the short forms `eq`, `neq`, `ge`, `le`, `times`, `div`, `not`.
 * Their other side is a Column or a value; a string is a value, not a name.
 *
 * @example
 * ```ts
 * import { functions as F } from "lakelet";
 * const adult = F.col("age").ge(18).and(F.col("name").startswith("A"));
 * console.log(String(adult)); // Column<'and(>=(age, 18), startsWith(name, A))'>
 * ```
 */
export class Column {
  /** @internal */
  readonly [INTERNAL]: ColumnState;

  /** @internal */
  constructor(state: ColumnState) {
    this[INTERNAL] = state;
  }

  // --- comparison

  /** `=`; null if either side is null. */
  eq(other: LiteralInput): Column {
    return binary("==", this, other);
  }
  /** `=`, by its name in Scala. */
  equalTo(other: LiteralInput): Column {
    return this.eq(other);
  }
  /** `!=`; null if either side is null. */
  neq(other: LiteralInput): Column {
    return this.eq(other).not();
  }
  /** `!=`. */
  ne(other: LiteralInput): Column {
    return this.neq(other);
  }
  /** `!=`, by its name in Scala. */
  notEqual(other: LiteralInput): Column {
    return this.neq(other);
  }
  /** Greater than. */
  gt(other: LiteralInput): Column {
    return binary(">", this, other);
  }
  /** Greater or equal. */
  ge(other: LiteralInput): Column {
    return binary(">=", this, other);
  }
  /** `>=`, by its name in Scala. */
  geq(other: LiteralInput): Column {
    return this.ge(other);
  }
  /** Less than. */
  lt(other: LiteralInput): Column {
    return binary("<", this, other);
  }
  /** Less or equal. */
  le(other: LiteralInput): Column {
    return binary("<=", this, other);
  }
  /** `<=`, by its name in Scala. */
  leq(other: LiteralInput): Column {
    return this.le(other);
  }

  /** Equality in which null equals null: never null itself. */
  eqNullSafe(other: LiteralInput): Column {
    return binary("<=>", this, other);
  }

  /** `lowerBound <= this and this <= upperBound`. */
  between(lowerBound: LiteralInput, upperBound: LiteralInput): Column {
    return this.ge(lowerBound).and(this.le(upperBound));
  }

  /**
   * Whether the value is among those given, as arguments or as one array; or among the rows of a DataFrame of one
   * column (of as many columns as a `struct` column has).
   *
   * @example
   * ```ts
   * import { functions as F } from "lakelet";
   * F.col("name").isin("Alice", "Bob");
   * F.col("id").isin([1, 2, 3]);
   * ```
   */
  isin(values: DataFrame): Column;
  isin(values: readonly LiteralInput[]): Column;
  isin(...values: readonly LiteralInput[]): Column;
  isin(...values: readonly unknown[]): Column {
    const only = values.length === 1 ? values[0] : undefined;
    const subquery = subqueryOf(only);
    if (subquery !== undefined) {
      const { expression } = this[INTERNAL];
      const isStruct = expression.kind === "UnresolvedFunction" && expression.functionName === "struct";
      return new Column({
        expression: {
          kind: "SubqueryExpression",
          subqueryType: "in",
          planId: subquery.planId,
          inSubqueryValues: isStruct ? expression.arguments : [expression],
        },
        attachments: mergeAttachments(this[INTERNAL].attachments, subquery.attachments),
      });
    }
    const items = Array.isArray(only) ? (only as readonly unknown[]) : values;
    return callFunction("in", [this, ...items.map(toColumn)]);
  }

  // --- arithmetic

  /** The sum; of a date or instant and an interval the later one. */
  plus(other: LiteralInput): Column {
    return binary("+", this, other);
  }
  /** The difference. */
  minus(other: LiteralInput): Column {
    return binary("-", this, other);
  }
  /** The product. */
  multiply(other: LiteralInput): Column {
    return binary("*", this, other);
  }
  /** The same as `multiply`. */
  times(other: LiteralInput): Column {
    return this.multiply(other);
  }
  /** The quotient, never a whole-number division. Division by zero is an error under ANSI rules. */
  divide(other: LiteralInput): Column {
    return binary("/", this, other);
  }
  /** The same as `divide`. */
  div(other: LiteralInput): Column {
    return this.divide(other);
  }
  /** The remainder, with the sign of the dividend. */
  mod(other: LiteralInput): Column {
    return binary("%", this, other);
  }
  /** This to the power of the other, as a double. */
  pow(exponent: LiteralInput): Column {
    return binary("power", this, exponent);
  }
  /** The negative value. */
  negate(): Column {
    return callFunction("negative", [this]);
  }

  // --- logic and bits

  /** Whether both hold. */
  and(other: LiteralInput): Column {
    return binary("and", this, other);
  }
  /** Whether one holds. */
  or(other: LiteralInput): Column {
    return binary("or", this, other);
  }
  /** Whether this does not hold. */
  not(): Column {
    return callFunction("not", [this]);
  }
  /** The bits that are set in both. */
  bitwiseAND(other: LiteralInput): Column {
    return binary("&", this, other);
  }
  /** The bits that are set in one. */
  bitwiseOR(other: LiteralInput): Column {
    return binary("|", this, other);
  }
  /** The bits that are set in one but not in both. */
  bitwiseXOR(other: LiteralInput): Column {
    return binary("^", this, other);
  }

  // --- null and NaN

  /** Whether the value is null. */
  isNull(): Column {
    return callFunction("isNull", [this]);
  }
  /** Whether the value is not null. */
  isNotNull(): Column {
    return callFunction("isNotNull", [this]);
  }
  /** Whether the value is NaN. */
  isNaN(): Column {
    return callFunction("isNaN", [this]);
  }

  // --- strings

  /** Whether the text holds another one. */
  contains(other: LiteralInput): Column {
    return binary("contains", this, other);
  }
  /** Whether the text begins so. */
  startswith(prefix: LiteralInput): Column {
    return binary("startsWith", this, prefix);
  }
  /** Whether the text ends so. */
  endswith(suffix: LiteralInput): Column {
    return binary("endsWith", this, suffix);
  }
  /** SQL's LIKE: `%` for any text, `_` for one character. */
  like(pattern: LiteralInput): Column {
    return binary("like", this, pattern);
  }
  /** LIKE without regard to case. */
  ilike(pattern: LiteralInput): Column {
    return binary("ilike", this, pattern);
  }
  /** Whether a regular expression (Java's) matches somewhere in the text. */
  rlike(pattern: LiteralInput): Column {
    return binary("rlike", this, pattern);
  }

  /**
   * `length` characters from `startPos`, which counts from 1. Both numbers or both Columns.
   * Throws NOT_SAME_TYPE or NOT_EXPECTED_TYPE.
   */
  substr(startPos: number, length: number): Column;
  substr(startPos: Column, length: Column): Column;
  substr(startPos: number | Column, length: number | Column): Column {
    const isColumn = startPos instanceof Column;
    if (isColumn !== length instanceof Column) {
      throw new PySparkTypeError({
        condition: "NOT_SAME_TYPE",
        messageParameters: {
          arg_name1: "startPos",
          arg_name2: "length",
          arg_type1: typeNameOf(startPos),
          arg_type2: typeNameOf(length),
        },
      });
    }
    if (!isColumn && typeof startPos !== "number")
      throw notExpectedType("startPos", "Column or int", startPos);
    return callFunction("substr", [this, toColumn(startPos), toColumn(length)]);
  }

  // --- conditions

  /**
   * A further branch of a column made by `functions.when`. Throws INVALID_WHEN_USAGE on any other.
   *
   * @example
   * ```ts
   * import { functions as F } from "lakelet";
   * F.when(F.col("age").lt(18), "minor").when(F.col("age").lt(65), "adult").otherwise("senior");
   * ```
   */
  when(condition: Column, value: LiteralInput): Column {
    if (!(condition instanceof Column)) throw notExpectedType("condition", "Column", condition);
    return callFunction("when", [...this.#branches(), condition, toColumn(value)]);
  }

  /** The value where no branch holds; without it that is null. Throws INVALID_WHEN_USAGE unless made by `when`. */
  otherwise(value: LiteralInput): Column {
    return callFunction("when", [...this.#branches(), toColumn(value)]);
  }

  #branches(): readonly Column[] {
    const { expression, attachments } = this[INTERNAL];
    const isOpen =
      expression.kind === "UnresolvedFunction" &&
      expression.functionName === "when" &&
      expression.arguments.length % 2 === 0;
    if (!isOpen) throw new PySparkTypeError({ condition: "INVALID_WHEN_USAGE" });
    return expression.arguments.map((argument) => new Column({ expression: argument, attachments }));
  }

  // --- names and types

  /**
   * The column under another name, or under several for a function that gives several columns.
   * Throws ONLY_ALLOWED_FOR_SINGLE_COLUMN for metadata with several names.
   *
   * @example
   * ```ts
   * import { functions as F } from "lakelet";
   * F.col("age").alias("years", { metadata: { unit: "a" } });
   * F.explode("scores").alias("subject", "score");
   * ```
   */
  alias(...names: readonly string[]): Column;
  alias(name: string, options: { readonly metadata?: Readonly<Record<string, unknown>> }): Column;
  alias(...parts: readonly (string | { readonly metadata?: Readonly<Record<string, unknown>> })[]): Column {
    const last = parts.at(-1);
    const options = typeof last === "object" ? last : {};
    const names = (typeof last === "object" ? parts.slice(0, -1) : parts) as readonly string[];
    if (names.length === 0) throw cannotBeEmpty("alias");
    for (const name of names) expectString("alias", name);
    if (names.length > 1 && options.metadata !== undefined) {
      throw new PySparkValueError({
        condition: "ONLY_ALLOWED_FOR_SINGLE_COLUMN",
        messageParameters: { arg_name: "metadata" },
      });
    }
    const { metadata } = options;
    return this.#derive((expr) => ({
      kind: "Alias",
      expr,
      name: names,
      ...(metadata === undefined ? {} : { metadata }),
    }));
  }

  /** The same as `alias`. */
  name(...names: readonly string[]): Column;
  name(name: string, options: { readonly metadata?: Readonly<Record<string, unknown>> }): Column;
  name(...parts: readonly never[]): Column {
    return this.alias(...parts);
  }

  /** The value in another type, given as an object or as DDL (`"decimal(10,2)"`). */
  cast(dataType: DataTypeLike | string): Column {
    return this.#derive((expr) => ({ kind: "Cast", expr, ...castTarget(dataType), ...originOf("cast") }));
  }
  /** The same as `cast`. */
  astype(dataType: DataTypeLike | string): Column {
    return this.cast(dataType);
  }
  /** As `cast`, with null where the value has no form in that type. */
  try_cast(dataType: DataTypeLike | string): Column {
    return this.#derive((expr) => ({
      kind: "Cast",
      expr,
      ...castTarget(dataType),
      evalMode: "try",
      ...originOf("try_cast"),
    }));
  }

  // --- order

  /** Ascending, nulls first. */
  asc(): Column {
    return this.asc_nulls_first();
  }
  /** Ascending, nulls first. */
  asc_nulls_first(): Column {
    return this.#sort("ascending", "first");
  }
  /** Ascending, nulls last. */
  asc_nulls_last(): Column {
    return this.#sort("ascending", "last");
  }
  /** Descending, nulls last. */
  desc(): Column {
    return this.desc_nulls_last();
  }
  /** Descending, nulls first. */
  desc_nulls_first(): Column {
    return this.#sort("descending", "first");
  }
  /** Descending, nulls last. */
  desc_nulls_last(): Column {
    return this.#sort("descending", "last");
  }

  #sort(direction: SortOrder["direction"], nullOrdering: "first" | "last"): Column {
    return this.#derive((child) => ({ kind: "SortOrder", child, direction, nullOrdering }));
  }

  // --- nested values

  /** An element: of an array by position from 0, of a map by key, of a struct by name. */
  getItem(key: LiteralInput): Column {
    const extraction = toColumn(key);
    return new Column({
      expression: {
        kind: "UnresolvedExtractValue",
        child: this[INTERNAL].expression,
        extraction: extraction[INTERNAL].expression,
        ...originOf("getItem"),
      },
      attachments: mergeAttachments(this[INTERNAL].attachments, extraction[INTERNAL].attachments),
    });
  }

  /** A field of a struct. */
  getField(name: LiteralInput): Column {
    return this.getItem(name);
  }

  /** The struct with a field added or replaced; `fieldName` may lead inside: `"a.b"`. */
  withField(fieldName: string, col: Column): Column {
    expectString("fieldName", fieldName);
    if (!(col instanceof Column)) throw notExpectedType("col", "Column", col);
    return new Column({
      expression: {
        kind: "UpdateFields",
        structExpression: this[INTERNAL].expression,
        fieldName,
        valueExpression: col[INTERNAL].expression,
      },
      attachments: mergeAttachments(this[INTERNAL].attachments, col[INTERNAL].attachments),
    });
  }

  /** The struct without some of its fields. Throws CANNOT_BE_EMPTY without a name. */
  dropFields(...fieldNames: readonly string[]): Column {
    if (fieldNames.length === 0) throw cannotBeEmpty("dropFields");
    return fieldNames.reduce<Column>((column, fieldName) => {
      expectString("fieldName", fieldName);
      return column.#derive((structExpression) => ({ kind: "UpdateFields", structExpression, fieldName }));
    }, this);
  }

  // --- windows, subqueries, the rest

  /** The function of this column over a window. */
  over(window: WindowSpec): Column {
    const spec = window?.[INTERNAL];
    if (spec === undefined) throw notExpectedType("window", "WindowSpec", window);
    const { attachments, ...frame } = spec;
    return new Column({
      expression: { kind: "Window", windowFunction: this[INTERNAL].expression, ...frame },
      attachments: mergeAttachments(this[INTERNAL].attachments, attachments),
    });
  }

  /** Says that a column in a subquery belongs to the query around it. */
  outer(): Column {
    return new Column(this[INTERNAL]);
  }

  /** `f(this)`, for chains. */
  transform(f: (column: Column) => Column): Column {
    return f(this);
  }

  /** `Column<'...'>`, as PySpark prints it. */
  toString(): string {
    return `Column<'${expressionText(this[INTERNAL].expression)}'>`;
  }

  /** Refuses `if (column)` by way of `+column`, `column > 1` and templates of numbers: CANNOT_CONVERT_COLUMN_INTO_BOOL. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return this.toString();
    throw new PySparkValueError({
      condition: "CANNOT_CONVERT_COLUMN_INTO_BOOL",
      messageParameters: { column: expressionText(this[INTERNAL].expression) },
    });
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  #derive(build: (expression: Expression) => Expression): Column {
    return new Column({
      expression: build(this[INTERNAL].expression),
      attachments: this[INTERNAL].attachments,
    });
  }
}

function castTarget(dataType: DataTypeLike | string): { type: PlainDataType } | { typeStr: string } {
  if (typeof dataType === "string") return { typeStr: dataType };
  if (isDataType(dataType)) return { type: plainType(dataType) };
  throw notExpectedType("dataType", "DataType or str", dataType);
}

function binary(name: string, left: Column, right: LiteralInput): Column {
  return callFunction(name, [left, toColumn(right)]);
}

/** A Column as it is, any other value as a literal. */
export function toColumn(value: unknown): Column {
  if (value instanceof Column) return value;
  const attachments: Attachments[] = [];
  const expression = valueExpression(value, (item) => {
    const column = toColumn(item);
    attachments.push(column[INTERNAL].attachments);
    return column[INTERNAL].expression;
  });
  return new Column({ expression, attachments: mergeAttachments(...attachments) });
}

/** Methods whose function has another name; errors speak of the method. */
const OPERATOR_NAMES: Readonly<Record<string, string>> = {
  "==": "eq",
  ">": "gt",
  ">=": "ge",
  "<": "lt",
  "<=": "le",
  "<=>": "eqNullSafe",
  "+": "plus",
  "-": "minus",
  "*": "multiply",
  "/": "divide",
  "%": "mod",
  power: "pow",
  negative: "negate",
  "&": "bitwiseAND",
  "|": "bitwiseOR",
  "^": "bitwiseXOR",
  in: "isin",
};

/** A call of a function by name, with what its arguments need. */
export function callFunction(
  functionName: string,
  args: readonly Column[],
  options: { readonly isDistinct?: boolean } = {},
): Column {
  return new Column({
    expression: {
      kind: "UnresolvedFunction",
      functionName,
      arguments: args.map((argument) => argument[INTERNAL].expression),
      ...(options.isDistinct === true ? { isDistinct: true } : {}),
      ...originOf(OPERATOR_NAMES[functionName] ?? functionName),
    },
    attachments:
      args.length === 0 ? NO_ATTACHMENTS : mergeAttachments(...args.map((a) => a[INTERNAL].attachments)),
  });
}
