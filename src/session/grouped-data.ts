import {
  PySparkIndexError,
  PySparkNotImplementedError,
  PySparkTypeError,
  unsupported,
} from "../errors/spark-error.ts";
import type { Aggregate } from "../plan/relation.ts";
import { type DataType, isNumeric, type StructType as PlainStructType } from "../types/data-type.ts";
import { cannotBeEmpty, expectString, notExpectedType } from "./argument-errors.ts";
import { Column, callFunction, toColumn } from "./column.ts";
import { flattenColumns, namedColumn } from "./column-arguments.ts";
import { expressionText } from "./column-text.ts";
import { DataFrame } from "./data-frame.ts";
import { FROM_SCHEMA } from "./from-schema.ts";
import { INTERNAL } from "./internal.ts";
import { scalarLiteral } from "./literal.ts";
import { buildRelation } from "./relation-builder.ts";

/** A grouping column, or its position (from 1), which the schema has to tell. */
export type GroupingColumn = Column | { readonly ordinal: number };

/** A value that a pivot makes a column of. */
export type PivotValue = boolean | number | string;

interface Grouping {
  readonly df: DataFrame;
  readonly groupType: Exclude<Aggregate["groupType"], "all">;
  readonly groupingColumns: readonly GroupingColumn[];
  readonly groupingSets?: readonly (readonly GroupingColumn[])[];
  readonly pivotColumn?: Column;
  readonly pivotValues?: readonly PivotValue[];
}

/** The column at a position from 1. Throws INDEX_NOT_POSITIVE, or RangeError past the end. */
export function columnAt(ordinal: number, schema: PlainStructType): Column {
  if (ordinal < 1) {
    throw new PySparkIndexError({
      condition: "INDEX_NOT_POSITIVE",
      messageParameters: { index: String(ordinal) },
    });
  }
  const field = schema.fields[ordinal - 1];
  if (field === undefined)
    throw new RangeError(`no column at position ${ordinal}; there are ${schema.fields.length}`);
  return namedColumn(field.name);
}

const TYPE_NAMES = {
  groupby: "GroupBy",
  rollup: "RollUp",
  cube: "Cube",
  groupingSets: "GroupingSets",
  pivot: "Pivot",
} as const;

/** Groups of rows, made by `DataFrame.groupBy` and its like; its methods aggregate them into a DataFrame. */
export class GroupedData {
  readonly #grouping: Grouping;

  /** @internal */
  constructor(grouping: Grouping) {
    this.#grouping = grouping;
  }

  /**
   * Aggregates as Columns, or as names of functions by column. Throws CANNOT_BE_EMPTY without any.
   *
   * @example
   * ```ts
   * await df.groupBy("name").agg(F.max("age").alias("oldest")).show();
   * await df.groupBy("name").agg({ age: "max" }).show();
   * ```
   */
  agg(exprs: Readonly<Record<string, string>>): DataFrame;
  agg(...exprs: readonly Column[]): DataFrame;
  agg(...exprs: readonly (Column | Readonly<Record<string, string>>)[]): DataFrame {
    if (exprs.length === 0) throw cannotBeEmpty("exprs");
    const [first] = exprs;
    const columns =
      exprs.length === 1 && !(first instanceof Column)
        ? Object.entries(first ?? {}).map(([name, f]) => callFunction(f, [namedColumn(name)]))
        : flattenColumns<unknown>(exprs);
    const checked = columns.map((column) => {
      if (column instanceof Column) return column;
      throw notExpectedType("exprs", "Column", column);
    });
    return this.#aggregate(checked);
  }

  /** How many rows there are in each group, in a column `count`. */
  count(): DataFrame {
    return this.#aggregate([callFunction("count", [toColumn(1)]).alias("count")]);
  }

  /** The mean of the given numeric columns, or of all. Throws NOT_NUMERIC_COLUMNS when an action runs. */
  avg(...cols: readonly string[]): DataFrame {
    return this.#numeric("avg", cols);
  }
  /** The same as `avg`. */
  mean(...cols: readonly string[]): DataFrame {
    return this.avg(...cols);
  }
  /** The greatest value of the given numeric columns, or of all. */
  max(...cols: readonly string[]): DataFrame {
    return this.#numeric("max", cols);
  }
  /** The least value of the given numeric columns, or of all. */
  min(...cols: readonly string[]): DataFrame {
    return this.#numeric("min", cols);
  }
  /** The sum of the given numeric columns, or of all. */
  sum(...cols: readonly string[]): DataFrame {
    return this.#numeric("sum", cols);
  }

  /**
   * A column for each value of `pivotCol`, the given ones or those that are found, before aggregation.
   * Throws UNSUPPORTED_OPERATION when it is called twice or after `rollup` and the like.
   *
   * @example
   * ```ts
   * await df.groupBy("age").pivot("name", ["Alice", "Bob"]).count().show();
   * ```
   */
  pivot(pivotCol: string, values?: readonly PivotValue[]): GroupedData {
    const { groupType, df } = this.#grouping;
    if (groupType !== "groupby") {
      const operation =
        groupType === "pivot" ? "Repeated PIVOT operation" : `PIVOT after ${groupType.toUpperCase()}`;
      throw new PySparkNotImplementedError({
        condition: "UNSUPPORTED_OPERATION",
        messageParameters: { operation },
      });
    }
    expectString("pivot_col", pivotCol);
    if (values !== undefined && !Array.isArray(values)) throw notExpectedType("values", "list", values);
    for (const value of values ?? []) {
      if (!["boolean", "number", "string"].includes(typeof value)) {
        throw notExpectedType("value", "bool, float, int or str", value);
      }
    }
    return new GroupedData({
      ...this.#grouping,
      groupType: "pivot",
      pivotColumn: df.col(pivotCol),
      ...(values === undefined ? {} : { pivotValues: values }),
    });
  }

  // --- what Lakelet leaves out

  /** There is no pandas. Throws UNSUPPORTED_FEATURE. */
  apply(_udf: unknown): DataFrame {
    throw unsupported("GroupedData.apply");
  }
  /** Throws UNSUPPORTED_FEATURE. */
  applyInArrow(_func: unknown, _schema: unknown): DataFrame {
    throw unsupported("GroupedData.applyInArrow");
  }
  /** There is no pandas. Throws UNSUPPORTED_FEATURE. */
  applyInPandas(_func: unknown, _schema: unknown): DataFrame {
    throw unsupported("GroupedData.applyInPandas");
  }
  /** Streaming is not supported. Throws UNSUPPORTED_FEATURE. */
  applyInPandasWithState(..._args: readonly unknown[]): DataFrame {
    throw unsupported("GroupedData.applyInPandasWithState");
  }
  /** There is no pandas. Throws UNSUPPORTED_FEATURE. */
  cogroup(_other: GroupedData): never {
    throw unsupported("GroupedData.cogroup");
  }
  /** Streaming is not supported. Throws UNSUPPORTED_FEATURE. */
  transformWithState(..._args: readonly unknown[]): DataFrame {
    throw unsupported("GroupedData.transformWithState");
  }
  /** Streaming is not supported. Throws UNSUPPORTED_FEATURE. */
  transformWithStateInPandas(..._args: readonly unknown[]): DataFrame {
    throw unsupported("GroupedData.transformWithStateInPandas");
  }

  toString(): string {
    const { groupType, groupingColumns } = this.#grouping;
    const columns = groupingColumns.map((column) =>
      column instanceof Column ? expressionText(column[INTERNAL].expression) : String(column.ordinal),
    );
    return `GroupedData[grouping expressions: [${columns.join(", ")}], type: ${TYPE_NAMES[groupType]}]`;
  }

  /** Which columns are numeric only the schema tells, so this is known when an action runs. */
  #numeric(name: "avg" | "max" | "min" | "sum", cols: readonly string[]): DataFrame {
    for (const c of cols) expectString("cols", c);
    return this.#grouping.df[FROM_SCHEMA]((schema) =>
      this.#aggregate(
        numericColumns(schema, cols).map((column) => callFunction(name, [namedColumn(column)])),
      ),
    );
  }

  #aggregate(aggregates: readonly Column[]): DataFrame {
    const { df, groupType, groupingColumns, groupingSets, pivotColumn, pivotValues } = this.#grouping;
    const all = [...groupingColumns, ...(groupingSets ?? []).flat()];
    if (!all.every((column) => column instanceof Column)) {
      return df[FROM_SCHEMA]((schema) => this.#withOrdinals(schema).#aggregate(aggregates));
    }
    const columns = groupingColumns as readonly Column[];
    const used = [
      ...(all as readonly Column[]),
      ...aggregates,
      ...(pivotColumn === undefined ? [] : [pivotColumn]),
    ];
    const built = buildRelation(
      {
        kind: "Aggregate",
        input: df[INTERNAL].plan,
        groupType,
        groupingExpressions: columns.map((column) => column[INTERNAL].expression),
        aggregateExpressions: aggregates.map((column) => column[INTERNAL].expression),
        ...(pivotColumn === undefined
          ? {}
          : {
              pivot: {
                col: pivotColumn[INTERNAL].expression,
                values: (pivotValues ?? []).flatMap((value) => scalarLiteral(value) ?? []),
              },
            }),
        ...(groupingSets === undefined
          ? {}
          : {
              groupingSets: (groupingSets as readonly (readonly Column[])[]).map((set) =>
                set.map((column) => column[INTERNAL].expression),
              ),
            }),
      },
      [df[INTERNAL]],
      used,
    );
    return new DataFrame({ session: df.sparkSession, ...built });
  }

  #withOrdinals(schema: PlainStructType): GroupedData {
    const named = (column: GroupingColumn): Column =>
      column instanceof Column ? column : columnAt(column.ordinal, schema);
    const { groupingColumns, groupingSets } = this.#grouping;
    return new GroupedData({
      ...this.#grouping,
      groupingColumns: groupingColumns.map(named),
      ...(groupingSets === undefined ? {} : { groupingSets: groupingSets.map((set) => set.map(named)) }),
    });
  }
}

/** The numeric columns, or those named after a check that they are. */
function numericColumns(schema: PlainStructType, cols: readonly string[]): readonly string[] {
  if (cols.length === 0) return schema.fields.filter((f) => isNumeric(f.dataType)).map((f) => f.name);
  const invalid = cols.filter((name) => {
    const type = typeAtPath(nameParts(name), schema);
    return type === undefined || !isNumeric(type);
  });
  if (invalid.length > 0) {
    throw new PySparkTypeError({
      condition: "NOT_NUMERIC_COLUMNS",
      messageParameters: { invalid_columns: `[${invalid.map((name) => `'${name}'`).join(", ")}]` },
    });
  }
  return cols;
}

/** The type at a path of names, through structs and arrays of structs. */
function typeAtPath(path: readonly string[], schema: DataType): DataType | undefined {
  let type: DataType | undefined = schema;
  for (const part of path) {
    const struct: DataType | undefined = type?.kind === "array" ? type.elementType : type;
    type = struct?.kind === "struct" ? struct.fields.find((f) => f.name === part)?.dataType : undefined;
  }
  return type;
}

/** `a.b` and "`a.b`.c" as their parts. */
function nameParts(name: string): readonly string[] {
  return [...name.matchAll(/`((?:[^`]|``)*)`|([^.`]+)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll("``", "`") ?? (plain as string),
  );
}
