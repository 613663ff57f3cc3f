import { PySparkAssertionError } from "../errors/spark-error.ts";
import { pythonText } from "../types/row.ts";
import { isRow, type Row, sameValue } from "../types/values.ts";
import { notExpectedType } from "./argument-errors.ts";
import { DataFrame } from "./data-frame.ts";
import type { DataType } from "./types/data-type-class.ts";
import { type StructField, StructType } from "./types/nested-types.ts";

export interface SchemaComparison {
  /** Whether nullability may differ (true). */
  readonly ignoreNullable?: boolean;
  /** Whether the order of columns may differ (false). */
  readonly ignoreColumnOrder?: boolean;
  /** Whether names may differ, types compared by position (false). */
  readonly ignoreColumnName?: boolean;
}

export interface DataFrameComparison extends SchemaComparison {
  /** Whether the order of rows counts (false). */
  readonly checkRowOrder?: boolean;
  /** Numbers are the same when they differ by at most `atol + rtol * |expected|` (1e-5). */
  readonly rtol?: number;
  /** See `rtol` (1e-8). */
  readonly atol?: number;
  /** Whether columns may have different types (false). */
  readonly ignoreColumnType?: boolean;
  /** How many differing rows the message shows (10). */
  readonly maxErrors?: number;
}

/**
 * Throws DIFFERENT_SCHEMA with a readable difference unless both schemas have the same names and types.
 *
 * @example
 * ```ts
 * import { assertSchemaEqual, StructType } from "lakelet";
 * assertSchemaEqual(await df.select("name").schema, StructType.fromDDL("name STRING"));
 * ```
 */
export function assertSchemaEqual(
  actual: StructType,
  expected: StructType,
  options: SchemaComparison = {},
): void {
  if (!(actual instanceof StructType)) throw notExpectedType("actual", "StructType", actual);
  if (!(expected instanceof StructType)) throw notExpectedType("expected", "StructType", expected);
  const lines = schemaDifference(comparable(actual, options), comparable(expected, options));
  if (lines === undefined) return;
  throw new PySparkAssertionError({
    condition: "DIFFERENT_SCHEMA",
    messageParameters: { error_msg: `\n${lines.join("\n")}` },
  });
}

/**
 * Throws DIFFERENT_SCHEMA or DIFFERENT_ROWS with a readable difference unless both have the same schema and rows. Rows may
 * be in any order unless `checkRowOrder` says otherwise. The expected side may be given as rows.
 *
 * @example
 * ```ts
 * import { assertDataFrameEqual } from "lakelet";
 * await assertDataFrameEqual(spark.range(2), spark.createDataFrame([[0], [1]], "id LONG"));
 * ```
 */
export async function assertDataFrameEqual(
  actual: DataFrame | readonly Row[],
  expected: DataFrame | readonly Row[],
  options: DataFrameComparison = {},
): Promise<void> {
  if (!isComparable(actual)) throw notExpectedType("actual", "DataFrame or list of Row", actual);
  if (!isComparable(expected)) throw notExpectedType("expected", "DataFrame or list of Row", expected);
  if (actual instanceof DataFrame && expected instanceof DataFrame && options.ignoreColumnType !== true) {
    assertSchemaEqual(await actual.schema, await expected.schema, options);
  }
  const [left, right] = [await rowsOf(actual, options), await rowsOf(expected, options)];
  const lines = rowDifference(left, right, options);
  if (lines === undefined) return;
  throw new PySparkAssertionError({
    condition: "DIFFERENT_ROWS",
    messageParameters: { error_msg: lines.join("\n") },
  });
}

function isComparable(value: unknown): value is DataFrame | readonly Row[] {
  return value instanceof DataFrame || (Array.isArray(value) && value.every(isRow));
}

// --- schemas

function comparable(schema: StructType, options: SchemaComparison): readonly string[] {
  const { ignoreNullable = true, ignoreColumnOrder = false, ignoreColumnName = false } = options;
  const fields = ignoreColumnOrder
    ? [...schema.fields].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    : schema.fields;
  return fields.map((f, i) => fieldText(f, ignoreColumnName ? `column ${i + 1}` : f.name, ignoreNullable));
}

function fieldText(field: StructField, name: string, ignoreNullable: boolean): string {
  const type = ignoreNullable ? field.dataType.simpleString() : nullabilityText(field.dataType);
  return `${name}: ${type}${ignoreNullable ? "" : ` (nullable = ${field.nullable})`}`;
}

/** The type with what may be null inside. */
function nullabilityText(type: DataType): string {
  return type.toString();
}

/** The schemas line by line, `-` for what only the first has, `+` for what only the second has; undefined if equal. */
function schemaDifference(
  actual: readonly string[],
  expected: readonly string[],
): readonly string[] | undefined {
  const length = Math.max(actual.length, expected.length);
  const lines: string[] = [];
  let isEqual = actual.length === expected.length;
  for (let i = 0; i < length; i++) {
    const [a, e] = [actual[i], expected[i]];
    if (a === e) {
      lines.push(`  ${a}`);
    } else {
      isEqual = false;
      if (a !== undefined) lines.push(`- ${a}`);
      if (e !== undefined) lines.push(`+ ${e}`);
    }
  }
  return isEqual ? undefined : lines;
}

// --- rows

async function rowsOf(
  source: DataFrame | readonly Row[],
  options: DataFrameComparison,
): Promise<readonly Row[]> {
  const df = source instanceof DataFrame ? source : undefined;
  if (df === undefined) return source as readonly Row[];
  if (options.ignoreColumnOrder !== true) return df.collect();
  return df
    .select([...(await df.columns)].sort().map((name) => `\`${name.replaceAll("`", "``")}\``))
    .collect();
}

function rowDifference(
  actual: readonly Row[],
  expected: readonly Row[],
  options: DataFrameComparison,
): readonly string[] | undefined {
  const { checkRowOrder = false, maxErrors = 10 } = options;
  const [left, right] = checkRowOrder ? [actual, expected] : [sorted(actual), sorted(expected)];
  const length = Math.max(left.length, right.length);
  const different: number[] = [];
  for (let i = 0; i < length; i++) {
    const [a, e] = [left[i], right[i]];
    if (a === undefined || e === undefined || !sameRow(a, e, options)) different.push(i);
  }
  if (different.length === 0) return undefined;
  const percent = ((100 * different.length) / length).toFixed(5);
  const shown = different.slice(0, maxErrors);
  const side = (rows: readonly Row[]): string =>
    shown.map((i) => (rows[i] === undefined ? "(no row)" : String(rows[i]))).join("\n");
  const more = different.length > shown.length ? [`... and ${different.length - shown.length} more`] : [];
  return [
    `Results do not match: ( ${percent} % )`,
    "*** actual ***",
    side(left),
    "*** expected ***",
    side(right),
    ...more,
  ];
}

/** Rows by their text, so that the same rows meet whatever their order. */
function sorted(rows: readonly Row[]): readonly Row[] {
  return rows
    .map((row) => [row.values().map(pythonText).join("\u0000"), row] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, row]) => row);
}

function sameRow(a: Row, b: Row, options: DataFrameComparison): boolean {
  const [left, right] = [a.values(), b.values()];
  if (left.length !== right.length) return false;
  const names = options.ignoreColumnName === true || sameValue(a.fieldNames(), b.fieldNames());
  return names && left.every((value, i) => close(value, right[i], options));
}

function close(a: unknown, b: unknown, options: DataFrameComparison): boolean {
  const { rtol = 1e-5, atol = 1e-8 } = options;
  if (typeof a === "number" && typeof b === "number" && !(Number.isInteger(a) && Number.isInteger(b))) {
    if (Number.isNaN(a) || Number.isNaN(b) || !Number.isFinite(a) || !Number.isFinite(b))
      return Object.is(a, b);
    return Math.abs(a - b) <= atol + rtol * Math.abs(b);
  }
  if (isRow(a) && isRow(b)) return sameRow(a, b, options);
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => close(item, b[i], options));
  }
  return sameValue(a, b);
}
