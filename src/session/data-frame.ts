import {
  PySparkIndexError,
  PySparkTypeError,
  PySparkValueError,
  SessionNotSameException,
  unsupported,
} from "../errors/spark-error.ts";
import type { SortOrder } from "../plan/expression.ts";
import type { Relation, SetOperation } from "../plan/relation.ts";
import type { StructType as PlainStructType } from "../types/data-type.ts";
import { simpleString } from "../types/format.ts";
import type { Row } from "../types/values.ts";
import {
  cannotBeEmpty,
  cannotSetTogether,
  expectInteger,
  expectPositive,
  expectString,
  notExpectedType,
  typeNameOf,
  valueNotPositive,
} from "./argument-errors.ts";
import { emptyTable, mapBatches, type RecordBatches, type Table, tableOf } from "./arrow-tables.ts";
import type { ExplainMode } from "./backend.ts";
import { Column, type ColumnOrName, callFunction, toColumn } from "./column.ts";
import { flattenColumns, namedColumn, plainColumn, sortColumn, toCol } from "./column-arguments.ts";
import { decodeStream } from "./decode-stream.ts";
import { FROM_SCHEMA } from "./from-schema.ts";
import { randomSeed } from "./functions/invoke.ts";
import { columnAt, GroupedData, type GroupingColumn } from "./grouped-data.ts";
import { type Attachments, INTERNAL, mergeAttachments } from "./internal.ts";
import { type JoinOn, joinCondition, joinType, lateralJoinType } from "./join-arguments.ts";
import { type LiteralInput, scalarLiteral } from "./literal.ts";
import { MergeIntoWriter } from "./merge-into-writer.ts";
import { DataFrameNaFunctions } from "./na-functions.ts";
import * as na from "./na-relations.ts";
import { checkNearestBy } from "./nearest-by.ts";
import { Observation, observedRelation } from "./observation.ts";
import { PlotAccessor } from "./plot-accessor.ts";
import { buildRelation, deferredRelation, type Plan } from "./relation-builder.ts";
import type { SparkSession } from "./spark-session.ts";
import { DataFrameStatFunctions } from "./stat-functions.ts";
import { StorageLevel } from "./storage-level.ts";
import { subqueryOf } from "./subquery.ts";
import { TableArg } from "./table-arg.ts";
import { plainType } from "./types/data-type-class.ts";
import { StructType } from "./types/nested-types.ts";
import { DataFrameWriter } from "./writer.ts";
import { DataFrameWriterV2 } from "./writer-v2.ts";

/** A column by itself, by name, or by its position from 1; negative positions stand for descending order in `sort`. */
export type ColumnOrNameOrOrdinal = ColumnOrName | number;

/** What is known of the last action on a DataFrame. */
export interface ExecutionInfo {
  readonly elapsedMs: number;
  readonly rowCount: number;
}

/** @internal */
export interface DataFrameState extends Plan {
  readonly session: SparkSession;
}

export interface ShowOptions {
  /** How many rows (20). */
  readonly n?: number;
  /** Whether to cut long values to 20 characters (the default), or to how many. */
  readonly truncate?: boolean | number;
  /** A line for each value. */
  readonly vertical?: boolean;
}

/**
 * Rows with named, typed columns: a plan that says how to come by them. Transformations (`select`, `filter`, `join`, ...)
 * give a new DataFrame at once and compute nothing; actions (`collect`, `count`, `show`, `schema`, `write`, ...) return a
 * promise. A DataFrame is immutable, and `await` leaves it as it is.
 *
 * Columns are meant by name (`"age"`), by `functions.col("age")`, or by `df.col("age")`, which is bound to this DataFrame.
 *
 * @example
 * ```ts
 * import { functions as F, SparkSession } from "lakelet";
 * const spark = SparkSession.builder.appName("people").getOrCreate();
 * const people = spark.createDataFrame([{ name: "Alice", age: 30 }, { name: "Bob", age: 17 }]);
 * await people.filter(F.col("age").ge(18)).select("name").show();
 * ```
 */
export class DataFrame {
  /** @internal */
  readonly [INTERNAL]: DataFrameState;
  #schema: Promise<PlainStructType> | undefined;
  #executionInfo: ExecutionInfo | undefined;

  /** @internal */
  constructor(state: DataFrameState, schema?: Promise<PlainStructType>) {
    this[INTERNAL] = state;
    this.#schema = schema;
  }

  // --- schema

  /** Names, types and nullability of the columns. Asks the session, then keeps the answer. */
  get schema(): Promise<StructType> {
    return this.#plainSchema().then((schema) => new StructType(schema.fields));
  }

  /** Names of the columns in order. */
  get columns(): Promise<string[]> {
    return this.#plainSchema().then((schema) => schema.fields.map((f) => f.name));
  }

  /** Names and types of the columns: `[["age", "bigint"]]`. */
  get dtypes(): Promise<[name: string, type: string][]> {
    return this.#plainSchema().then((schema) =>
      schema.fields.map((f): [string, string] => [f.name, simpleString(f.dataType)]),
    );
  }

  /** Prints the schema as a tree, `level` levels deep if that is given. */
  async printSchema(level?: number): Promise<void> {
    const schema = await this.schema;
    this.#runtime.print(schema.treeString(level));
  }

  #plainSchema(): Promise<PlainStructType> {
    const { plan, attachments } = this[INTERNAL];
    this.#schema ??= this.#runtime.analyze(plan, attachments, (backend, ready) => backend.schema(ready));
    const asked = this.#schema;
    // What failed once may succeed later: a table may have come into being.
    asked.catch(() => {
      if (this.#schema === asked) this.#schema = undefined;
    });
    return asked;
  }

  get sparkSession(): SparkSession {
    return this[INTERNAL].session;
  }

  // --- columns

  /** A column of this DataFrame, and of no other that has the same name. `"*"` stands for all. */
  col(name: string): Column {
    expectString("name", name);
    const planId = this.#planId;
    return plainColumn(
      name === "*"
        ? { kind: "UnresolvedStar", planId }
        : { kind: "UnresolvedAttribute", unparsedIdentifier: name, planId },
    );
  }

  /** All columns whose name matches a regular expression in backquotes. */
  colRegex(colName: string): Column {
    expectString("colName", colName);
    return plainColumn({ kind: "UnresolvedRegex", colName, planId: this.#planId });
  }

  /** A column of what is known about the rows, such as `_metadata` of files. */
  metadataColumn(colName: string): Column {
    expectString("colName", colName);
    return plainColumn({
      kind: "UnresolvedAttribute",
      unparsedIdentifier: colName,
      planId: this.#planId,
      isMetadataColumn: true,
    });
  }

  // --- projections

  /**
   * The given columns.
   *
   * @example
   * ```ts
   * await df.select("name", F.col("age").plus(1).alias("next")).show();
   * ```
   */
  select(...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): DataFrame {
    const columns = flattenColumns(cols).map((c) => toCol(c, "cols"));
    return this.#derive({ kind: "Project", input: this.#plan, expressions: expressionsOf(columns) }, columns);
  }

  /** The given SQL expressions. */
  selectExpr(...expr: readonly (string | readonly string[])[]): DataFrame {
    const texts = expr.flat();
    for (const text of texts) expectString("expr", text);
    return this.#derive({
      kind: "Project",
      input: this.#plan,
      expressions: texts.map((expression) => ({ kind: "ExpressionString", expression })),
    });
  }

  /** The same columns with one added, or replaced if the name is there. */
  withColumn(colName: string, col: Column): DataFrame {
    expectString("colName", colName);
    if (!(col instanceof Column)) throw notExpectedType("col", "Column", col);
    return this.withColumns({ [colName]: col });
  }

  /** As `withColumn`, for several. */
  withColumns(colsMap: Readonly<Record<string, Column>>): DataFrame {
    if (typeof colsMap !== "object" || colsMap === null) throw notExpectedType("colsMap", "dict", colsMap);
    const columns = Object.values(colsMap);
    for (const column of columns)
      if (!(column instanceof Column)) throw notExpectedType("col", "Column", column);
    return this.#derive(
      {
        kind: "WithColumns",
        input: this.#plan,
        aliases: Object.keys(colsMap).map((name, i) => ({
          kind: "Alias",
          expr: (columns[i] as Column)[INTERNAL].expression,
          name: [name],
        })),
      },
      columns,
    );
  }

  /** A column under another name; nothing happens if there is no such column. */
  withColumnRenamed(existing: string, newName: string): DataFrame {
    return this.withColumnsRenamed({ [existing]: newName });
  }

  /** As `withColumnRenamed`, for several. */
  withColumnsRenamed(colsMap: Readonly<Record<string, string>>): DataFrame {
    if (typeof colsMap !== "object" || colsMap === null) throw notExpectedType("colsMap", "dict", colsMap);
    return this.#derive({
      kind: "WithColumnsRenamed",
      input: this.#plan,
      renames: Object.entries(colsMap).map(([colName, newColName]) => ({ colName, newColName })),
    });
  }

  /** A column with other metadata. */
  withMetadata(columnName: string, metadata: Readonly<Record<string, unknown>>): DataFrame {
    if (typeof metadata !== "object" || metadata === null)
      throw notExpectedType("metadata", "dict", metadata);
    const { expression } = this.col(columnName)[INTERNAL];
    return this.#derive({
      kind: "WithColumns",
      input: this.#plan,
      aliases: [{ kind: "Alias", expr: expression, name: [columnName], metadata }],
    });
  }

  /** Without the given columns; a name that is not there is no error. */
  drop(...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): DataFrame {
    const given = flattenColumns(cols);
    for (const c of given) {
      if (typeof c !== "string" && !(c instanceof Column)) throw notExpectedType("cols", "Column or str", c);
    }
    const columns = given.filter((c) => c instanceof Column);
    return this.#derive(
      {
        kind: "Drop",
        input: this.#plan,
        columns: expressionsOf(columns),
        columnNames: given.filter((c) => typeof c === "string"),
      },
      columns,
    );
  }

  /** The columns under new names, by position. */
  toDF(...cols: readonly (string | readonly string[])[]): DataFrame {
    const columnNames = flattenColumns(cols);
    for (const name of columnNames) expectString("cols", name);
    return this.#derive({ kind: "ToDF", input: this.#plan, columnNames });
  }

  /** The rows fitted to a schema: columns found by name, put in order and cast. */
  to(schema: StructType): DataFrame {
    if (!(schema instanceof StructType)) throw notExpectedType("schema", "StructType", schema);
    return this.#derive({ kind: "ToSchema", input: this.#plan, schema: plainType(schema) });
  }

  /** The DataFrame under a name, for columns such as `"a.id"`. */
  alias(alias: string): DataFrame {
    expectString("alias", alias);
    return this.#sameSchema({ kind: "SubqueryAlias", input: this.#plan, alias });
  }

  /** Each row as a JSON text in a column `value`. */
  toJSON(): DataFrame {
    const whole = callFunction("struct", [namedColumn("*")]);
    return this.select(callFunction("to_json", [whole]).alias("value"));
  }

  /** The same columns and one more that numbers the rows from 0. */
  zipWithIndex(indexColName = "index"): DataFrame {
    return this.select(namedColumn("*"), callFunction("distributed_sequence_id", []).alias(indexColName));
  }

  // --- rows

  /** The rows for which the condition (a Column or SQL text) holds. */
  filter(condition: ColumnOrName): DataFrame {
    const column =
      typeof condition === "string"
        ? plainColumn({ kind: "ExpressionString", expression: condition })
        : condition;
    if (!(column instanceof Column)) throw notExpectedType("condition", "Column or str", condition);
    return this.#sameSchema({ kind: "Filter", input: this.#plan, condition: column[INTERNAL].expression }, [
      column,
    ]);
  }

  /** The same as `filter`. */
  where(condition: ColumnOrName): DataFrame {
    return this.filter(condition);
  }

  /** The first `num` rows. */
  limit(num: number): DataFrame {
    expectInteger("num", num);
    return this.#sameSchema({ kind: "Limit", input: this.#plan, limit: num });
  }

  /** The rows after the first `num`. */
  offset(num: number): DataFrame {
    expectInteger("num", num);
    return this.#sameSchema({ kind: "Offset", input: this.#plan, offset: num });
  }

  /** Each row once. */
  distinct(): DataFrame {
    return this.dropDuplicates();
  }

  /** Of rows that agree in these columns (in all, if none are given) the first. */
  dropDuplicates(subset?: readonly string[]): DataFrame {
    return this.#deduplicate(subset, false);
  }

  /** The same as `dropDuplicates`. */
  drop_duplicates(subset?: readonly string[]): DataFrame {
    return this.dropDuplicates(subset);
  }

  /** `dropDuplicates` for streams, which Lakelet has not. */
  dropDuplicatesWithinWatermark(subset?: readonly string[]): DataFrame {
    return this.#deduplicate(subset, true);
  }

  #deduplicate(subset: readonly string[] | undefined, withinWatermark: boolean): DataFrame {
    if (subset !== undefined && !Array.isArray(subset))
      throw notExpectedType("subset", "list or tuple", subset);
    for (const name of subset ?? []) expectString("subset", name);
    return this.#sameSchema({
      kind: "Deduplicate",
      input: this.#plan,
      columnNames: subset ?? [],
      allColumnsAsKeys: subset === undefined,
      ...(withinWatermark ? { withinWatermark } : {}),
    });
  }

  /**
   * The rows in order of the given columns. A number stands for the column at that position, from 1; negative for
   * descending. `ascending` is one or several of true and false.
   *
   * @example
   * ```ts
   * await df.orderBy(F.col("age").desc(), "name").show();
   * await df.orderBy(["age", "name"], { ascending: [false, true] }).show();
   * ```
   */
  sort(cols: readonly ColumnOrNameOrOrdinal[], options?: SortOptions): DataFrame;
  sort(...cols: readonly (ColumnOrNameOrOrdinal | SortOptions)[]): DataFrame;
  sort(...args: readonly SortArgument[]): DataFrame {
    return this.#sort(args, true);
  }

  /** The same as `sort`. */
  orderBy(cols: readonly ColumnOrNameOrOrdinal[], options?: SortOptions): DataFrame;
  orderBy(...cols: readonly (ColumnOrNameOrOrdinal | SortOptions)[]): DataFrame;
  orderBy(...args: readonly SortArgument[]): DataFrame {
    return this.#sort(args, true);
  }

  /** As `sort`, within each partition only. */
  sortWithinPartitions(cols: readonly ColumnOrNameOrOrdinal[], options?: SortOptions): DataFrame;
  sortWithinPartitions(...cols: readonly (ColumnOrNameOrOrdinal | SortOptions)[]): DataFrame;
  sortWithinPartitions(...args: readonly SortArgument[]): DataFrame {
    return this.#sort(args, false);
  }

  #sort(args: readonly SortArgument[], isGlobal: boolean): DataFrame {
    const last = args.at(-1);
    const hasOptions = isSortOptions(last);
    const { ascending = true } = hasOptions ? last : {};
    const given = flattenColumns((hasOptions ? args.slice(0, -1) : args) as readonly ColumnOrNameOrOrdinal[]);
    if (given.length === 0) throw cannotBeEmpty("cols");
    if (given.some((c) => typeof c === "number")) {
      return this[FROM_SCHEMA]((schema) =>
        this.#sort([...given.map((c) => ordinalOrder(c, schema)), { ascending }], isGlobal),
      );
    }
    const columns = (given as readonly ColumnOrName[]).map((c, i) => {
      const isAscending = typeof ascending === "boolean" ? ascending : (ascending[i] ?? true);
      return sortColumn(isAscending ? c : toCol(c).desc());
    });
    return this.#sameSchema(
      { kind: "Sort", input: this.#plan, order: expressionsOf(columns) as SortOrder[], isGlobal },
      columns,
    );
  }

  /**
   * About this share of the rows. With `withReplacement` a row may come several times. The same seed gives the same rows.
   *
   * @example
   * ```ts
   * await df.sample(0.5, 3).count();
   * await df.sample({ fraction: 0.5, withReplacement: true, seed: 3 }).count();
   * ```
   */
  sample(fraction: number, seed?: number): DataFrame;
  sample(withReplacement: boolean, fraction: number, seed?: number): DataFrame;
  sample(options: SampleOptions): DataFrame;
  sample(first: boolean | number | SampleOptions, second?: number, third?: number): DataFrame {
    const { withReplacement = false, fraction, seed } = sampleOptions(first, second, third);
    if (typeof fraction !== "number" || typeof withReplacement !== "boolean") {
      throw new PySparkTypeError({
        condition: "NOT_EXPECTED_TYPE",
        messageParameters: {
          expected_type: "bool, float or int",
          arg_name: "withReplacement (optional), fraction (required) and seed (optional)",
          arg_type: [first, second, third].map(typeNameOf).join(", "),
        },
      });
    }
    return this.#sameSchema({
      kind: "Sample",
      input: this.#plan,
      lowerBound: 0,
      upperBound: fraction,
      withReplacement,
      seed: seed ?? randomSeed(),
    });
  }

  /** The rows parted at random by weights. Throws VALUE_NOT_POSITIVE for weights below zero. */
  randomSplit(weights: readonly number[], seed?: number): DataFrame[] {
    for (const weight of weights) if (weight < 0) throw valueNotPositive("weights", weight);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    if (total <= 0) throw valueNotPositive("sum(weights)", total);
    const common = seed ?? randomSeed();
    const bounds = [0];
    for (const weight of weights) bounds.push((bounds.at(-1) as number) + weight / total);
    return weights.map((_, i) =>
      this.#sameSchema({
        kind: "Sample",
        input: this.#plan,
        lowerBound: bounds[i] as number,
        upperBound: bounds[i + 1] as number,
        withReplacement: false,
        seed: common,
        deterministicOrder: true,
      }),
    );
  }

  // --- several DataFrames

  /**
   * The rows of both sides that belong together. `on` names columns that both have, or is a condition; `how` is `inner`
   * (the default), `left`, `right`, `outer`, `semi`, `anti`, `cross`, or one of their longer names.
   * Throws UNSUPPORTED_JOIN_TYPE.
   *
   * @example
   * ```ts
   * const ages = spark.createDataFrame([{ name: "Alice", age: 30 }]);
   * await df.join(ages, "name", "left").show();
   * await df.join(ages, df.col("name").eq(ages.col("name"))).show();
   * ```
   */
  join(other: DataFrame, on?: JoinOn, how?: string): DataFrame {
    this.#checkSameSession(other);
    const { columns, ...condition } = joinCondition(on);
    return this.#derive(
      {
        kind: "Join",
        left: this.#plan,
        right: other.#plan,
        joinType: joinType(how),
        ...condition,
      },
      columns,
      [other],
    );
  }

  /** Every row of one side with every row of the other. */
  crossJoin(other: DataFrame): DataFrame {
    return this.join(other, undefined, "cross");
  }

  /** As `join`, where the other side may use columns of this one, marked by `Column.outer()`. */
  lateralJoin(other: DataFrame, on?: Column, how?: string): DataFrame {
    this.#checkSameSession(other);
    const columns = on === undefined ? [] : [on];
    return this.#derive(
      {
        kind: "LateralJoin",
        left: this.#plan,
        right: other.#plan,
        joinType: lateralJoinType(how),
        ...(on === undefined ? {} : { joinCondition: on[INTERNAL].expression }),
      },
      columns,
      [other],
    );
  }

  /**
   * For each row the `numResults` rows of the other side that rank best: nearest by a `distance`, or most alike by a
   * `similarity`. Throws NEAREST_BY_JOIN.* for arguments out of range.
   */
  nearestByJoin(
    other: DataFrame,
    rankingExpression: Column,
    numResults: number,
    mode: "approx" | "exact",
    direction: "distance" | "similarity",
    options: { readonly joinType?: string } = {},
  ): DataFrame {
    this.#checkSameSession(other);
    const { joinType: type = "inner" } = options;
    checkNearestBy({ numResults, joinType: type, mode, direction });
    return this.#derive(
      {
        kind: "NearestByJoin",
        left: this.#plan,
        right: other.#plan,
        rankingExpression: rankingExpression[INTERNAL].expression,
        numResults,
        joinType: type,
        mode,
        direction,
      },
      [rankingExpression],
      [other],
    );
  }

  /** The rows of both sides side by side, by position. */
  zip(other: DataFrame): DataFrame {
    this.#checkSameSession(other);
    return this.#derive({ kind: "Zip", left: this.#plan, right: other.#plan }, [], [other]);
  }

  /** The rows of both, columns matched by position; repeated rows stay. */
  union(other: DataFrame): DataFrame {
    return this.#setOperation(other, { setOpType: "union", isAll: true });
  }

  /** The same as `union`. */
  unionAll(other: DataFrame): DataFrame {
    return this.union(other);
  }

  /** The rows of both, columns matched by name. With `allowMissingColumns` what one side lacks is null. */
  unionByName(other: DataFrame, allowMissingColumns = false): DataFrame {
    return this.#setOperation(other, { setOpType: "union", isAll: true, byName: true, allowMissingColumns });
  }

  /** The rows that are in both, each once. */
  intersect(other: DataFrame): DataFrame {
    return this.#setOperation(other, { setOpType: "intersect", isAll: false });
  }

  /** The rows that are in both, as often as in both. */
  intersectAll(other: DataFrame): DataFrame {
    return this.#setOperation(other, { setOpType: "intersect", isAll: true });
  }

  /** The rows that are not in the other, each once. */
  subtract(other: DataFrame): DataFrame {
    return this.#setOperation(other, { setOpType: "except", isAll: false });
  }

  /** The rows that are left when each row of the other takes one away. */
  exceptAll(other: DataFrame): DataFrame {
    return this.#setOperation(other, { setOpType: "except", isAll: true });
  }

  #setOperation(
    other: DataFrame,
    options: Pick<SetOperation, "setOpType" | "isAll"> & Partial<SetOperation>,
  ): DataFrame {
    this.#checkSameSession(other);
    return this.#derive(
      {
        kind: "SetOperation",
        leftInput: this.#plan,
        rightInput: other.#plan,
        byName: false,
        allowMissingColumns: false,
        ...options,
      },
      [],
      [other],
    );
  }

  // --- groups

  /**
   * The rows in groups that agree in the given columns; aggregate them with what is returned.
   *
   * @example
   * ```ts
   * await df.groupBy("name").agg(F.avg("age"), F.count("*")).show();
   * ```
   */
  groupBy(...cols: readonly (ColumnOrNameOrOrdinal | readonly ColumnOrNameOrOrdinal[])[]): GroupedData {
    return this.#grouped("groupby", cols);
  }

  /** The same as `groupBy`. */
  groupby(...cols: readonly (ColumnOrNameOrOrdinal | readonly ColumnOrNameOrOrdinal[])[]): GroupedData {
    return this.groupBy(...cols);
  }

  /** Groups by all columns, by all but the last, and so on, to none. */
  rollup(...cols: readonly (ColumnOrNameOrOrdinal | readonly ColumnOrNameOrOrdinal[])[]): GroupedData {
    return this.#grouped("rollup", cols);
  }

  /** Groups by every combination of the columns. */
  cube(...cols: readonly (ColumnOrNameOrOrdinal | readonly ColumnOrNameOrOrdinal[])[]): GroupedData {
    return this.#grouped("cube", cols);
  }

  /** Groups by each of the given sets of columns; `cols` are those of the result. */
  groupingSets(
    groupingSets: readonly (readonly ColumnOrNameOrOrdinal[])[],
    ...cols: readonly ColumnOrNameOrOrdinal[]
  ): GroupedData {
    return new GroupedData({
      df: this,
      groupType: "groupingSets",
      groupingColumns: cols.map(groupingColumn),
      groupingSets: groupingSets.map((set) => set.map(groupingColumn)),
    });
  }

  #grouped(
    groupType: "groupby" | "rollup" | "cube",
    cols: readonly (ColumnOrNameOrOrdinal | readonly ColumnOrNameOrOrdinal[])[],
  ): GroupedData {
    const groupingColumns = flattenColumns(cols).map(groupingColumn);
    return new GroupedData({ df: this, groupType, groupingColumns });
  }

  /** Aggregates over all rows: `groupBy().agg(...)`. */
  agg(...exprs: readonly Column[]): DataFrame;
  agg(exprs: Readonly<Record<string, string>>): DataFrame;
  agg(...exprs: readonly (Column | Readonly<Record<string, string>>)[]): DataFrame {
    return this.groupBy().agg(...(exprs as readonly Column[]));
  }

  // --- reshaping

  /**
   * Columns turned into rows: for each of `values` a row with its name and its value beside the `ids`. Without `values`
   * all columns that are no ids.
   */
  unpivot(
    ids: ColumnOrName | readonly ColumnOrName[],
    values: ColumnOrName | readonly ColumnOrName[] | null | undefined,
    variableColumnName: string,
    valueColumnName: string,
  ): DataFrame {
    const list = (cols: ColumnOrName | readonly ColumnOrName[]): readonly Column[] =>
      (Array.isArray(cols) ? (cols as readonly ColumnOrName[]) : [cols as ColumnOrName]).map((c) => toCol(c));
    const idColumns = list(ids);
    const valueColumns = values === null || values === undefined ? undefined : list(values);
    return this.#derive(
      {
        kind: "Unpivot",
        input: this.#plan,
        ids: expressionsOf(idColumns),
        ...(valueColumns === undefined ? {} : { values: expressionsOf(valueColumns) }),
        variableColumnName,
        valueColumnName,
      },
      [...idColumns, ...(valueColumns ?? [])],
    );
  }

  /** The same as `unpivot`. */
  melt(
    ids: ColumnOrName | readonly ColumnOrName[],
    values: ColumnOrName | readonly ColumnOrName[] | null | undefined,
    variableColumnName: string,
    valueColumnName: string,
  ): DataFrame {
    return this.unpivot(ids, values, variableColumnName, valueColumnName);
  }

  /** Rows turned into columns; the values of the index column (the first by default) become their names. */
  transpose(indexColumn?: ColumnOrName): DataFrame {
    const columns = indexColumn === undefined ? [] : [toCol(indexColumn)];
    return this.#derive(
      { kind: "Transpose", input: this.#plan, indexColumns: expressionsOf(columns) },
      columns,
    );
  }

  /** `func(this, ...args)`, for chains. */
  transform<A extends readonly unknown[]>(
    func: (df: DataFrame, ...args: A) => DataFrame,
    ...args: A
  ): DataFrame {
    const result = func(this, ...args);
    if (!(result instanceof DataFrame))
      throw notExpectedType("func", "function that returns a DataFrame", result);
    return result;
  }

  // --- partitions and hints

  /** At most that many partitions, without a shuffle. Throws VALUE_NOT_POSITIVE. */
  coalesce(numPartitions: number): DataFrame {
    expectPositive("numPartitions", numPartitions);
    return this.#sameSchema({ kind: "Repartition", input: this.#plan, numPartitions, shuffle: false });
  }

  /** That many partitions; or partitions by the hash of columns. Throws VALUE_NOT_POSITIVE. */
  repartition(numPartitions: number, ...cols: readonly ColumnOrName[]): DataFrame;
  repartition(...cols: readonly ColumnOrName[]): DataFrame;
  repartition(...args: readonly (number | ColumnOrName)[]): DataFrame {
    const [numPartitions, columns] = partitionArguments(args);
    if (columns.length === 0 && numPartitions !== undefined) {
      return this.#sameSchema({ kind: "Repartition", input: this.#plan, numPartitions, shuffle: true });
    }
    return this.#repartitionBy(numPartitions, columns);
  }

  /** Partitions by ranges of columns. Throws CANNOT_BE_EMPTY without a column. */
  repartitionByRange(numPartitions: number, ...cols: readonly ColumnOrName[]): DataFrame;
  repartitionByRange(...cols: readonly ColumnOrName[]): DataFrame;
  repartitionByRange(...args: readonly (number | ColumnOrName)[]): DataFrame {
    const [numPartitions, columns] = partitionArguments(args);
    if (columns.length === 0) throw cannotBeEmpty("cols");
    return this.#repartitionBy(numPartitions, columns.map(sortColumn));
  }

  /** Partitions by the number that a column gives. */
  repartitionById(numPartitions: number, partitionIdCol: ColumnOrName): DataFrame {
    expectPositive("numPartitions", numPartitions);
    const column = toCol(partitionIdCol);
    const direct = new Column({
      expression: { kind: "DirectShufflePartitionId", child: column[INTERNAL].expression },
      attachments: column[INTERNAL].attachments,
    });
    return this.#repartitionBy(numPartitions, [direct]);
  }

  #repartitionBy(numPartitions: number | undefined, columns: readonly Column[]): DataFrame {
    return this.#sameSchema(
      {
        kind: "RepartitionByExpression",
        input: this.#plan,
        partitionExprs: expressionsOf(columns),
        ...(numPartitions === undefined ? {} : { numPartitions }),
      },
      columns,
    );
  }

  /** Advice for the planner, such as `broadcast`. */
  hint(name: string, ...parameters: readonly LiteralInput[]): DataFrame {
    expectString("name", name);
    const only = parameters.length === 1 ? parameters[0] : undefined;
    const columns = (Array.isArray(only) ? (only as readonly LiteralInput[]) : parameters).map(toColumn);
    return this.#sameSchema(
      { kind: "Hint", input: this.#plan, name, parameters: expressionsOf(columns) },
      columns,
    );
  }

  // --- missing values

  /** What deals with missing values: `drop`, `fill`, `replace`. */
  get na(): DataFrameNaFunctions {
    return new DataFrameNaFunctions(this);
  }

  /**
   * Nulls replaced by a value in columns of its type, in all of them or in `subset`; or column by column.
   *
   * @example
   * ```ts
   * await df.fillna(0).show();
   * await df.fillna({ age: 0, name: "unknown" }).show();
   * ```
   */
  fillna(
    value: na.FillValue | Readonly<Record<string, na.FillValue>>,
    subset?: string | readonly string[],
  ): DataFrame {
    return this.#derive(na.fill(this.#plan, value, subset));
  }

  /**
   * Without rows that have a null: `any` in the columns (the default), `all` of them, or fewer than `thresh` values.
   * Throws VALUE_NOT_ALLOWED for another word.
   */
  dropna(how?: "any" | "all", thresh?: number, subset?: string | readonly string[]): DataFrame;
  dropna(options: na.DropOptions): DataFrame;
  dropna(how?: string | na.DropOptions, thresh?: number, subset?: string | readonly string[]): DataFrame {
    const options = typeof how === "object" ? how : na.dropOptions(how, thresh, subset);
    return this.#sameSchema(na.drop(this.#plan, options));
  }

  /** Values replaced by others: one by one, list by list, or by a Map. Throws MIXED_TYPE_REPLACEMENT. */
  replace(
    to_replace:
      | na.ReplaceValue
      | readonly na.ReplaceValue[]
      | ReadonlyMap<na.ReplaceValue, na.ReplaceValue | null>,
    ...rest: readonly [
      value?: na.ReplaceValue | null | readonly (na.ReplaceValue | null)[],
      subset?: string | readonly string[],
    ]
  ): DataFrame {
    const [value, subset] = rest;
    return this.#derive(na.replace(this.#plan, to_replace, rest.length > 0, value, subset));
  }

  // --- statistics

  /** Statistics: `approxQuantile`, `corr`, `cov`, `crosstab`, `freqItems`, `sampleBy`. */
  get stat(): DataFrameStatFunctions {
    return new DataFrameStatFunctions(this);
  }

  /** Count, mean, standard deviation, least and greatest value of the columns. */
  describe(...cols: readonly (string | readonly string[])[]): DataFrame {
    return this.#derive({ kind: "StatDescribe", input: this.#plan, cols: cols.flat() });
  }

  /** The named statistics of all columns, percentiles such as `"75%"` among them. */
  summary(...statistics: readonly string[]): DataFrame {
    for (const name of statistics) expectString("statistics", name);
    return this.#derive({ kind: "StatSummary", input: this.#plan, statistics });
  }

  /** How often each pair of values comes. */
  crosstab(col1: string, col2: string): DataFrame {
    expectString("col1", col1);
    expectString("col2", col2);
    return this.#derive({ kind: "StatCrosstab", input: this.#plan, col1, col2 });
  }

  /** Values that come in at least that share of the rows (0.01 by default). */
  freqItems(cols: readonly string[], support?: number): DataFrame {
    if (!Array.isArray(cols)) throw notExpectedType("cols", "list or tuple", cols);
    return this.#derive({ kind: "StatFreqItems", input: this.#plan, cols, support: support || 0.01 });
  }

  /** A sample with its own share for each value of a column. */
  sampleBy(
    col: ColumnOrName,
    fractions: Readonly<Record<string, number>> | ReadonlyMap<string | number | boolean, number>,
    seed?: number,
  ): DataFrame {
    const column = toCol(col);
    const entries = fractions instanceof Map ? [...fractions] : Object.entries(fractions);
    return this.#derive(
      {
        kind: "StatSampleBy",
        input: this.#plan,
        col: column[INTERNAL].expression,
        fractions: entries.map(([stratum, fraction]) => {
          const literal = scalarLiteral(stratum);
          if (literal === undefined || typeof stratum === "object") {
            throw new PySparkTypeError({
              condition: "DISALLOWED_TYPE_FOR_CONTAINER",
              messageParameters: {
                arg_name: "fractions",
                arg_type: typeNameOf(fractions),
                allowed_types: "float, int, str",
                item_type: typeNameOf(stratum),
              },
            });
          }
          return { stratum: literal, fraction };
        }),
        seed: seed ?? randomSeed(),
      },
      [column],
    );
  }

  /** Covariance of two columns of a sample. */
  async cov(col1: string, col2: string): Promise<number> {
    expectString("col1", col1);
    expectString("col2", col2);
    return this.#scalar({ kind: "StatCov", input: this.#plan, col1, col2 });
  }

  /** Pearson's correlation of two columns. Throws VALUE_NOT_ALLOWED for another method. */
  async corr(col1: string, col2: string, method = "pearson"): Promise<number> {
    expectString("col1", col1);
    expectString("col2", col2);
    if (method !== "pearson") {
      throw new PySparkValueError({
        condition: "VALUE_NOT_ALLOWED",
        messageParameters: { arg_name: "method", allowed_values: "['pearson']" },
      });
    }
    return this.#scalar({ kind: "StatCorr", input: this.#plan, col1, col2, method });
  }

  /** The values at the given ranks (0 to 1) of a column, or of each of several; exact for a `relativeError` of 0. */
  approxQuantile(col: string, probabilities: readonly number[], relativeError: number): Promise<number[]>;
  approxQuantile(
    col: readonly string[],
    probabilities: readonly number[],
    relativeError: number,
  ): Promise<number[][]>;
  async approxQuantile(
    col: string | readonly string[],
    probabilities: readonly number[],
    relativeError: number,
  ): Promise<number[] | number[][]> {
    const cols = typeof col === "string" ? [col] : col;
    if (!Array.isArray(cols)) throw notExpectedType("col", "list, str or tuple", col);
    for (const name of cols) expectString("columns", name);
    if (!Array.isArray(probabilities)) throw notExpectedType("probabilities", "list or tuple", probabilities);
    for (const p of probabilities) {
      if (typeof p !== "number" || p < 0 || p > 1)
        throw notExpectedType("probabilities", "list[float, int]", p);
    }
    if (typeof relativeError !== "number")
      throw notExpectedType("relativeError", "float or int", relativeError);
    if (relativeError < 0) {
      throw new PySparkValueError({
        condition: "NEGATIVE_VALUE",
        messageParameters: { arg_name: "relativeError", arg_value: String(relativeError) },
      });
    }
    const quantiles = await this.#scalar<number[][]>({
      kind: "StatApproxQuantile",
      input: this.#plan,
      cols,
      probabilities,
      relativeError,
    });
    return typeof col === "string" ? (quantiles[0] as number[]) : quantiles;
  }

  // --- subqueries

  /** This DataFrame of one row and one column as a value. */
  scalar(): Column {
    return this.#subquery("scalar");
  }

  /** Whether this DataFrame has rows, as a condition. */
  exists(): Column {
    return this.#subquery("exists");
  }

  /** This DataFrame as the argument of a table function. */
  asTable(): TableArg {
    return new TableArg(this.#subquery("table_arg"));
  }

  #subquery(subqueryType: "scalar" | "exists" | "table_arg"): Column {
    const { planId, attachments } = subqueryOf(this) as { planId: number; attachments: Attachments };
    return new Column({ expression: { kind: "SubqueryExpression", subqueryType, planId }, attachments });
  }

  // --- observation

  /**
   * The same rows; the aggregates are computed on the way when an action runs, and are found in the Observation.
   * Throws CANNOT_BE_EMPTY without an aggregate, REUSE_OBSERVATION for an Observation in use.
   */
  observe(observation: Observation | string, ...exprs: readonly Column[]): DataFrame {
    if (exprs.length === 0) throw cannotBeEmpty("exprs");
    for (const e of exprs) if (!(e instanceof Column)) throw notExpectedType("exprs", "list[Column]", e);
    if (typeof observation !== "string" && !(observation instanceof Observation)) {
      throw notExpectedType("observation", "Observation or str", observation);
    }
    const observed = observedRelation(this.#plan, observation, exprs);
    const built = buildRelation(observed.node, [this[INTERNAL]], exprs);
    return new DataFrame(
      {
        session: this.sparkSession,
        plan: built.plan,
        attachments: mergeAttachments(built.attachments, observed.attachments),
      },
      this.#schema,
    );
  }

  // --- actions

  /** All rows. */
  async collect(): Promise<Row[]> {
    const { plan, attachments } = this[INTERNAL];
    const { rows, result } = await this.#runtime.rows(plan, attachments);
    this.#executionInfo = { elapsedMs: result.elapsedMs, rowCount: result.rowCount };
    return rows;
  }

  /** How many rows there are. */
  async count(): Promise<number> {
    const one = callFunction("count", [toColumn(1)]);
    const rows = await this.groupBy().agg(one).collect();
    return Number(rows[0]?.get(0));
  }

  /** The first `num` rows. */
  async take(num: number): Promise<Row[]> {
    return this.limit(num).collect();
  }

  /** The first row, or undefined; with a number the first rows. */
  head(): Promise<Row | undefined>;
  head(n: number): Promise<Row[]>;
  async head(n?: number): Promise<Row | undefined | Row[]> {
    return n === undefined ? (await this.take(1))[0] : this.take(n);
  }

  /** The first row, or undefined. */
  first(): Promise<Row | undefined> {
    return this.head();
  }

  /** The last `num` rows. */
  async tail(num: number): Promise<Row[]> {
    expectInteger("num", num);
    return this.#derive({ kind: "Tail", input: this.#plan, limit: num }).collect();
  }

  /** Whether there are no rows. */
  async isEmpty(): Promise<boolean> {
    return (await this.select().take(1)).length === 0;
  }

  /**
   * Prints the first rows as a table.
   *
   * @example
   * ```ts
   * await df.show(5, false);
   * await df.show({ n: 5, vertical: true });
   * ```
   */
  show(n?: number, truncate?: boolean | number, vertical?: boolean): Promise<void>;
  show(options: ShowOptions): Promise<void>;
  async show(
    n: number | ShowOptions = 20,
    truncate: boolean | number = true,
    vertical = false,
  ): Promise<void> {
    const options = typeof n === "object" ? n : { n, truncate, vertical };
    this.#runtime.print(await this.showString(options));
  }

  /** The text that `show` prints. */
  async showString(options: ShowOptions = {}): Promise<string> {
    const { n = 20, truncate = true, vertical = false } = options;
    expectInteger("n", n);
    if (typeof vertical !== "boolean") throw notExpectedType("vertical", "bool", vertical);
    if (typeof truncate !== "boolean" && typeof truncate !== "number") {
      throw notExpectedType("truncate", "bool", truncate);
    }
    return this.#scalar({
      kind: "ShowString",
      input: this.#plan,
      numRows: n,
      truncate: truncate === true ? 20 : Math.trunc(Number(truncate)),
      vertical,
    });
  }

  /** The first rows as an HTML table. */
  async htmlString(options: { readonly n?: number; readonly truncate?: number } = {}): Promise<string> {
    const { n = 20, truncate = 20 } = options;
    return this.#scalar({ kind: "HtmlString", input: this.#plan, numRows: n, truncate });
  }

  /** All rows as a table of the `apache-arrow` package. */
  async toArrow(): Promise<Table> {
    const { plan, attachments } = this[INTERNAL];
    const result = await this.#runtime.query(plan, attachments);
    return result.chunks.length === 0 ? emptyTable(result.schema) : tableOf(result.chunks);
  }

  /** The rows one after the other, without holding them all. Leaving the loop early ends the query. */
  async *toLocalIterator(_prefetchPartitions = false): AsyncGenerator<Row, void, undefined> {
    const { plan, attachments } = this[INTERNAL];
    const schema = await this.#plainSchema();
    yield* decodeStream(this.#runtime.stream(plan, attachments), schema);
  }

  /** The same as `toLocalIterator`, so that `for await (const row of df)` works. */
  [Symbol.asyncIterator](): AsyncGenerator<Row, void, undefined> {
    return this.toLocalIterator();
  }

  /** Calls a function with each row, one after the other, here. */
  async foreach(f: (row: Row) => void | Promise<void>): Promise<void> {
    for await (const row of this.toLocalIterator()) await f(row);
  }

  /** Calls a function with the rows as an async iterable, here. */
  async foreachPartition(f: (rows: AsyncIterable<Row>) => void | Promise<void>): Promise<void> {
    await f(this.toLocalIterator());
  }

  /**
   * The rows that a function makes of Arrow record batches, here. It runs anew with each action.
   * `schema` says what it gives.
   */
  mapInArrow(func: (batches: RecordBatches) => RecordBatches, schema: StructType | string): DataFrame {
    const output = typeof schema === "string" ? StructType.fromDDL(schema) : schema;
    const { plan, attachments } = this[INTERNAL];
    return this.#deferred(async () => ({
      kind: "LocalRelation",
      data: await mapBatches(this.#runtime.stream(plan, attachments), func),
      schema: output.json(),
    }));
  }

  /** What is known of the last `collect` on this DataFrame; undefined before it. */
  get executionInfo(): ExecutionInfo | undefined {
    return this.#executionInfo;
  }

  // --- views and tables

  /** Makes a temporary view. The session does this in order, also when the promise is not awaited. Fails if the name is taken. */
  createTempView(name: string): Promise<void> {
    return this.#createView(name, false, false);
  }

  /** As `createTempView`, in place of a view of that name. */
  createOrReplaceTempView(name: string): Promise<void> {
    return this.#createView(name, false, true);
  }

  /** Makes a view in the database `global_temp`, which all sessions see. */
  createGlobalTempView(name: string): Promise<void> {
    return this.#createView(name, true, false);
  }

  /** As `createGlobalTempView`, in place of a view of that name. */
  createOrReplaceGlobalTempView(name: string): Promise<void> {
    return this.#createView(name, true, true);
  }

  /** The older name of `createOrReplaceTempView`. */
  registerTempTable(name: string): Promise<void> {
    return this.createOrReplaceTempView(name);
  }

  #createView(name: string, isGlobal: boolean, replace: boolean): Promise<void> {
    expectString("name", name);
    const { plan, attachments } = this[INTERNAL];
    const command = { kind: "CreateDataFrameViewCommand", input: plan, name, isGlobal, replace } as const;
    return this.#runtime.enqueue(async () => {
      await this.#runtime.execute(command, attachments);
    });
  }

  /** Writes the rows: `df.write.mode("overwrite").saveAsTable("people")`. */
  get write(): DataFrameWriter {
    return new DataFrameWriter(this);
  }

  /** Writes the rows to a table, by the newer of Spark's two ways. */
  writeTo(table: string): DataFrameWriterV2 {
    expectString("table", table);
    return new DataFrameWriterV2(this, table);
  }

  /** Merges the rows into a table: updates, deletes and inserts by condition. */
  mergeInto(table: string, condition: Column): MergeIntoWriter {
    expectString("table", table);
    return new MergeIntoWriter(this, table, condition);
  }

  // --- caching

  /** Keeps the rows once an action has computed them. */
  cache(): DataFrame {
    return this.persist();
  }

  /** As `cache`, with a say in where. */
  persist(storageLevel: StorageLevel = StorageLevel.MEMORY_AND_DISK_DESER): DataFrame {
    const { plan, attachments } = this[INTERNAL];
    this.#runtime.enqueue(async (backend) => {
      await backend.persist(await this.#runtime.prepare(plan, attachments), storageLevel.plain());
    });
    return this;
  }

  /** Lets go of what `cache` keeps. */
  unpersist(blocking = false): DataFrame {
    const { plan, attachments } = this[INTERNAL];
    this.#runtime.enqueue(async (backend) => {
      await backend.unpersist(await this.#runtime.prepare(plan, attachments), blocking);
    });
    return this;
  }

  /** Where the rows are kept. */
  get storageLevel(): Promise<StorageLevel> {
    const { plan, attachments } = this[INTERNAL];
    return this.#runtime
      .analyze(plan, attachments, (backend, ready) => backend.storageLevel(ready))
      .then((level) => StorageLevel.from(level));
  }

  /** Whether the rows are kept. */
  get is_cached(): Promise<boolean> {
    return this.storageLevel.then((level) => !level.equals(StorageLevel.NONE));
  }

  /** The rows computed once and kept; the plan that made them is forgotten. */
  checkpoint(eager = true): DataFrame {
    return this.#checkpoint(false, eager);
  }

  /** As `checkpoint`. */
  localCheckpoint(eager = true, _storageLevel?: StorageLevel): DataFrame {
    return this.#checkpoint(true, eager);
  }

  #checkpoint(local: boolean, eager: boolean): DataFrame {
    const { plan, attachments, session } = this[INTERNAL];
    const command = { kind: "CheckpointCommand", relation: plan, local, eager } as const;
    const done = this.#runtime.enqueueCommand(command, attachments);
    const holder = {};
    const built = deferredRelation(async () => {
      const { relationId } = await done;
      if (relationId === undefined) throw unsupported("checkpoint without a relation id");
      this.#runtime.releaseWith(holder, relationId);
      return { kind: "CachedRemoteRelation", relationId };
    });
    const keep = { kind: "prerequisite", ready: async () => void holder } as const;
    return new DataFrame(
      { session, plan: built.plan, attachments: [...built.attachments, keep] },
      this.#schema,
    );
  }

  // --- about the plan

  /** Prints the plan: `simple` (or false, the default), `extended` (or true), `codegen`, `cost` or `formatted`. */
  async explain(extended?: boolean | ExplainMode, mode?: ExplainMode): Promise<void> {
    this.#runtime.print(await this.explainString(extended, mode));
  }

  /** The text that `explain` prints. */
  async explainString(extended?: boolean | ExplainMode, mode?: ExplainMode): Promise<string> {
    if (extended !== undefined && mode !== undefined) throw cannotSetTogether("extended and mode");
    const asked =
      mode ?? (typeof extended === "string" ? extended : extended === true ? "extended" : "simple");
    const { plan, attachments } = this[INTERNAL];
    return this.#runtime.analyze(plan, attachments, (backend, ready) => backend.explain(ready, asked));
  }

  /** The files that the rows come from. */
  async inputFiles(): Promise<string[]> {
    const { plan, attachments } = this[INTERNAL];
    return [
      ...(await this.#runtime.analyze(plan, attachments, (backend, ready) => backend.inputFiles(ready))),
    ];
  }

  /** Whether the rows need no engine to be computed. */
  async isLocal(): Promise<boolean> {
    const { plan, attachments } = this[INTERNAL];
    return this.#runtime.analyze(plan, attachments, (backend, ready) => backend.isLocal(ready));
  }

  /** False: Lakelet has no streams. */
  get isStreaming(): Promise<boolean> {
    return Promise.resolve(false);
  }

  /** Whether both have the same plan, names of intermediate columns aside. */
  async sameSemantics(other: DataFrame): Promise<boolean> {
    if (!(other instanceof DataFrame)) throw notExpectedType("other", "DataFrame", other);
    this.#checkSameSession(other);
    const [mine, theirs] = [this[INTERNAL], other[INTERNAL]];
    const ready = await this.#runtime.prepare(theirs.plan, theirs.attachments);
    return this.#runtime.analyze(mine.plan, mine.attachments, (backend, plan) =>
      backend.sameSemantics(plan, ready),
    );
  }

  /** A number that is the same for DataFrames with the same semantics. */
  async semanticHash(): Promise<number> {
    const { plan, attachments } = this[INTERNAL];
    return this.#runtime.analyze(plan, attachments, (backend, ready) => backend.semanticHash(ready));
  }

  /** `DataFrame[age: bigint, name: string]`, as PySpark prints it. */
  async describeString(): Promise<string> {
    return `DataFrame[${(await this.dtypes).map(([name, type]) => `${name}: ${type}`).join(", ")}]`;
  }

  // --- what Lakelet leaves out

  /** Streaming is not supported. Throws UNSUPPORTED_FEATURE. */
  get writeStream(): never {
    throw unsupported("DataFrame.writeStream");
  }
  /** Streaming is not supported. Throws UNSUPPORTED_FEATURE. */
  withWatermark(_eventTime: string, _delayThreshold: string): DataFrame {
    throw unsupported("DataFrame.withWatermark");
  }
  /** There are no RDDs. Throws UNSUPPORTED_FEATURE. */
  get rdd(): never {
    throw unsupported("DataFrame.rdd");
  }
  /** There is no pandas. Throws UNSUPPORTED_FEATURE; `toArrow` gives a table. */
  toPandas(): never {
    throw unsupported("DataFrame.toPandas");
  }
  /** There is no pandas. Throws UNSUPPORTED_FEATURE. */
  pandas_api(): never {
    throw unsupported("DataFrame.pandas_api");
  }
  /** There is no pandas. Throws UNSUPPORTED_FEATURE; `mapInArrow` takes a JavaScript function. */
  mapInPandas(): never {
    throw unsupported("DataFrame.mapInPandas");
  }
  /** Charts by name; each raises UNSUPPORTED_FEATURE. */
  get plot(): PlotAccessor {
    return new PlotAccessor();
  }

  /** The plan in short; the columns are only known after analysis. */
  toString(): string {
    return `DataFrame[${this.#plan.kind}]`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  // --- inside

  get #plan(): Relation {
    return this[INTERNAL].plan;
  }

  get #planId(): number {
    return this[INTERNAL].plan.planId as number;
  }

  get #runtime(): SparkSession[typeof INTERNAL] {
    return this.sparkSession[INTERNAL];
  }

  #derive(
    node: Parameters<typeof buildRelation>[0],
    columns: readonly Column[] = [],
    others: readonly DataFrame[] = [],
  ): DataFrame {
    const inputs = [this, ...others].map((df) => df[INTERNAL]);
    return new DataFrame({ session: this.sparkSession, ...buildRelation(node, inputs, columns) });
  }

  /** As `#derive`, for what leaves names and types as they are. */
  #sameSchema(node: Parameters<typeof buildRelation>[0], columns: readonly Column[] = []): DataFrame {
    const built = buildRelation(node, [this[INTERNAL]], columns);
    return new DataFrame({ session: this.sparkSession, ...built }, this.#schema);
  }

  #deferred(resolve: () => Promise<Relation>): DataFrame {
    return new DataFrame({ session: this.sparkSession, ...deferredRelation(resolve, [this[INTERNAL]]) });
  }

  /** What can only be built when the schema is known. @internal */
  [FROM_SCHEMA](build: (schema: PlainStructType) => DataFrame): DataFrame {
    return this.#deferred(async () => {
      const { plan, attachments } = build(await this.#plainSchema())[INTERNAL];
      return this.#runtime.prepare(plan, attachments);
    });
  }

  /** The one value of a relation of one row and one column. */
  async #scalar<T>(node: Parameters<typeof buildRelation>[0]): Promise<T> {
    const { plan, attachments } = buildRelation(node, [this[INTERNAL]]);
    const { rows } = await this.#runtime.rows(plan, attachments);
    return rows[0]?.get(0) as T;
  }

  #checkSameSession(other: DataFrame): void {
    if (!(other instanceof DataFrame) || other.sparkSession !== this.sparkSession) {
      throw new SessionNotSameException({ condition: "SESSION_NOT_SAME" });
    }
  }
}

interface SortOptions {
  readonly ascending?: boolean | readonly boolean[];
}

type SortArgument = ColumnOrNameOrOrdinal | readonly ColumnOrNameOrOrdinal[] | SortOptions | undefined;

interface SampleOptions {
  readonly fraction: number;
  readonly withReplacement?: boolean;
  readonly seed?: number;
}

function expressionsOf(columns: readonly Column[]): Column[typeof INTERNAL]["expression"][] {
  return columns.map((column) => column[INTERNAL].expression);
}

function groupingColumn(column: ColumnOrNameOrOrdinal): GroupingColumn {
  return typeof column === "number" ? { ordinal: column } : toCol(column);
}

/** The column at a position of the schema, descending for a negative one. */
function ordinalOrder(column: ColumnOrNameOrOrdinal, schema: PlainStructType): ColumnOrName {
  if (typeof column !== "number") return column;
  if (column === 0) throw new PySparkIndexError({ condition: "ZERO_INDEX" });
  const name = columnAt(Math.abs(column), schema);
  return column < 0 ? name.desc() : name;
}

function partitionArguments(
  args: readonly (number | ColumnOrName)[],
): readonly [numPartitions: number | undefined, columns: readonly Column[]] {
  const [first, ...others] = args;
  if (typeof first !== "number")
    return [undefined, args.map((c) => toCol(c as ColumnOrName, "numPartitions"))];
  expectPositive("numPartitions", first);
  return [first, others.map((c) => toCol(c as ColumnOrName))];
}

function isSortOptions(value: unknown): value is SortOptions {
  return typeof value === "object" && value !== null && !(value instanceof Column) && !Array.isArray(value);
}

function sampleOptions(
  first: boolean | number | SampleOptions,
  second: number | undefined,
  third: number | undefined,
): Partial<SampleOptions> {
  if (typeof first === "object") return first;
  const [withReplacement, fraction, seed] =
    typeof first === "boolean" ? [first, second, third] : [false, first, second];
  return {
    withReplacement,
    ...(fraction === undefined ? {} : { fraction }),
    ...(seed === undefined ? {} : { seed }),
  };
}
