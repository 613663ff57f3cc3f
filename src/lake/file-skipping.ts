import type { DataType, StructField, StructType } from "../types/data-type.ts";
import type { AddFile } from "./actions.ts";
import { physicalName } from "./column-mapping.ts";
import type { ColumnPath, FilePredicate, PredicateValue } from "./file-predicate.ts";
import type { FileStatistics } from "./file-statistics.ts";
import { lookUp, statisticsOf } from "./file-statistics.ts";
import type { Comparable } from "./typed-values.ts";
import { compareUtf8, compareValues, toComparable } from "./typed-values.ts";

interface TableShape {
  readonly schema: StructType;
  readonly partitionColumns: readonly string[];
  readonly configuration: Readonly<Record<string, string>>;
}

interface ResolvedColumn {
  readonly type: DataType;
  /** By physical names. */
  readonly path: readonly string[];
  readonly isPartition: boolean;
}

/** What is known of a column's values in one file. */
interface ColumnFacts {
  /** undefined: no lower (upper) bound is known. */
  readonly min: Comparable | undefined;
  readonly max: Comparable | undefined;
  /** Some row may be null. */
  readonly mayBeNull: boolean;
  /** Some row may be other than null. */
  readonly mayHaveValue: boolean;
}

type CompareOperator = Extract<FilePredicate, { kind: "compare" }>["operator"];

/**
 * Judges by partition values and statistics whether a file can hold a row for which a predicate is true. It says no
 * only when that is certain: whatever it does not understand counts as possible.
 */
export class FileFilter {
  readonly #table: TableShape;
  readonly #predicate: FilePredicate;

  constructor(table: TableShape, predicate: FilePredicate) {
    this.#table = table;
    this.#predicate = predicate;
  }

  mayMatch(file: AddFile): boolean {
    return this.#mayMatch(
      this.#predicate,
      file,
      lazy(() => statisticsOf(file)),
    );
  }

  #mayMatch(predicate: FilePredicate, file: AddFile, statistics: () => FileStatistics | undefined): boolean {
    switch (predicate.kind) {
      case "always":
        return true;
      case "never":
        return false;
      case "and":
        return predicate.children.every((child) => this.#mayMatch(child, file, statistics));
      case "or":
        return predicate.children.some((child) => this.#mayMatch(child, file, statistics));
    }
    const column = resolveColumn(this.#table, predicate.column);
    if (column === undefined) return true;
    const facts = factsOf(column, file, statistics);
    switch (predicate.kind) {
      case "isNull":
        return facts.mayBeNull;
      case "isNotNull":
        return facts.mayHaveValue;
      case "startsWith":
        return facts.mayHaveValue && mayStartWith(facts, predicate.prefix);
      case "in":
        return (
          facts.mayHaveValue && predicate.values.some((value) => mayCompare(facts, column.type, "=", value))
        );
      case "compare":
        if (predicate.operator === "<=>") {
          if (predicate.value === null) return facts.mayBeNull;
          return facts.mayHaveValue && mayCompare(facts, column.type, "=", predicate.value);
        }
        return facts.mayHaveValue && mayCompare(facts, column.type, predicate.operator, predicate.value);
    }
  }
}

/**
 * Whether the predicate is true for the rows of a file, by partition values alone; undefined when it takes more than
 * those to tell.
 */
export function partitionVerdict(
  table: TableShape,
  predicate: FilePredicate,
  file: AddFile,
): boolean | undefined {
  switch (predicate.kind) {
    case "always":
      return true;
    case "never":
      return false;
    case "and":
    case "or": {
      const verdicts = predicate.children.map((child) => partitionVerdict(table, child, file));
      const decisive = predicate.kind === "or";
      if (verdicts.includes(decisive)) return decisive;
      return verdicts.includes(undefined) ? undefined : !decisive;
    }
  }
  const column = resolveColumn(table, predicate.column);
  if (column?.isPartition !== true) return undefined;
  const raw = file.partitionValues[column.path[0] as string];
  const isNull = raw === null || raw === undefined || raw === "";
  if (predicate.kind === "isNull") return isNull;
  if (predicate.kind === "isNotNull") return !isNull;
  if (predicate.kind === "compare" && predicate.operator === "<=>" && predicate.value === null) return isNull;
  // A comparison with NULL is not true.
  if (isNull) return false;
  const value = toComparable(raw, column.type);
  if (value === undefined) return undefined;
  if (predicate.kind === "startsWith")
    return typeof value === "string" ? value.startsWith(predicate.prefix) : undefined;
  if (predicate.kind !== "in" && predicate.kind !== "compare") return undefined;
  const candidates = predicate.kind === "in" ? predicate.values : [predicate.value];
  const operator = predicate.kind === "in" || predicate.operator === "<=>" ? "=" : predicate.operator;
  const verdicts = candidates.map((candidate) => {
    if (candidate === null) return false;
    const other = literalValue(candidate, column.type);
    const order = other === undefined ? undefined : compareValues(value, other);
    return order === undefined ? undefined : holds(order, operator);
  });
  if (verdicts.includes(true)) return true;
  return verdicts.includes(undefined) ? undefined : false;
}

function resolveColumn(table: TableShape, path: ColumnPath): ResolvedColumn | undefined {
  let type: DataType = table.schema;
  const physical: string[] = [];
  let topLevel = "";
  for (const name of path) {
    if (type.kind !== "struct") return undefined;
    const field: StructField | undefined = type.fields.find(
      (f) => f.name.toLowerCase() === name.toLowerCase(),
    );
    if (field === undefined) return undefined;
    physical.push(physicalName(field, table.configuration));
    if (physical.length === 1) topLevel = field.name;
    type = field.dataType;
  }
  if (physical.length === 0) return undefined;
  return { type, path: physical, isPartition: table.partitionColumns.includes(topLevel) };
}

function factsOf(
  column: ResolvedColumn,
  file: AddFile,
  statistics: () => FileStatistics | undefined,
): ColumnFacts {
  if (column.isPartition) {
    const raw = file.partitionValues[column.path[0] as string];
    if (raw === null || raw === undefined || raw === "") {
      return { min: undefined, max: undefined, mayBeNull: true, mayHaveValue: false };
    }
    const value = toComparable(raw, column.type);
    return { min: value, max: value, mayBeNull: false, mayHaveValue: true };
  }
  const found = statistics();
  const nullCount = lookUp(found?.nullCount, column.path);
  const allNull =
    typeof nullCount === "number" && typeof found?.numRecords === "number" && nullCount >= found.numRecords;
  return {
    min: lowerBound(lookUp(found?.minValues, column.path), column.type),
    max: upperBound(lookUp(found?.maxValues, column.path), column.type),
    mayBeNull: nullCount !== 0,
    mayHaveValue: !allNull,
  };
}

/** Some writers put decimals through a double, which up to 15 digits does no harm. */
const EXACT_DECIMAL_DIGITS = 15;

function lowerBound(value: unknown, type: DataType): Comparable | undefined {
  if (value === undefined || !hasTrustedBounds(type)) return undefined;
  const bound = toComparable(value, type);
  return Number.isNaN(bound) ? undefined : bound;
}

function upperBound(value: unknown, type: DataType): Comparable | undefined {
  if (value === undefined || !hasTrustedBounds(type)) return undefined;
  const bound = toComparable(value, type);
  if (Number.isNaN(bound)) return undefined;
  // Bounds of timestamps are cut to milliseconds: the largest value may lie just above.
  if (typeof bound === "bigint" && (type.kind === "timestamp" || type.kind === "timestamp_ntz"))
    return bound + 999n;
  return bound;
}

function hasTrustedBounds(type: DataType): boolean {
  if (type.kind === "decimal") return type.precision <= EXACT_DECIMAL_DIGITS;
  return type.kind !== "boolean" && type.kind !== "char" && type.kind !== "binary";
}

function mayCompare(
  facts: ColumnFacts,
  type: DataType,
  operator: CompareOperator,
  value: PredicateValue,
): boolean {
  if (value === null) return false;
  const wanted = literalValue(value, type);
  if (wanted === undefined || Number.isNaN(wanted)) return true;
  const { min, max } = facts;
  const toMin = min === undefined ? undefined : compareValues(wanted, min);
  const toMax = max === undefined ? undefined : compareValues(wanted, max);
  // NaN is greater than every other value and in nobody's bounds.
  const aboveMax = type.kind === "float" || type.kind === "double" ? undefined : toMax;
  switch (operator) {
    case "=":
    case "<=>":
      return !(toMin !== undefined && toMin < 0) && !(toMax !== undefined && toMax > 0);
    case "<":
      return !(toMin !== undefined && toMin <= 0);
    case "<=":
      return !(toMin !== undefined && toMin < 0);
    case ">":
      return !(aboveMax !== undefined && aboveMax >= 0);
    case ">=":
      return !(aboveMax !== undefined && aboveMax > 0);
    case "!=":
      return true;
  }
}

/** A number that a float column cannot hold was meant for another type: nothing can be said about it. */
function literalValue(value: PredicateValue, type: DataType): Comparable | undefined {
  if (type.kind === "float" && typeof value === "number" && !Object.is(Math.fround(value), value))
    return undefined;
  return toComparable(value, type);
}

function mayStartWith({ min, max }: ColumnFacts, prefix: string): boolean {
  if (typeof max === "string" && compareUtf8(max, prefix) < 0) return false;
  // A lower bound beyond all strings with the prefix.
  return !(typeof min === "string" && compareUtf8(min, prefix) > 0 && !min.startsWith(prefix));
}

function holds(order: number, operator: CompareOperator): boolean {
  switch (operator) {
    case "=":
    case "<=>":
      return order === 0;
    case "!=":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}

function lazy<T>(compute: () => T): () => T {
  let done = false;
  let value: T;
  return () => {
    if (!done) {
      value = compute();
      done = true;
    }
    return value;
  };
}
