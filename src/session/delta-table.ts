import { PySparkException } from "../errors/spark-error.ts";
import type { Assignment } from "../plan/statement.ts";
import { quoteIdentifier } from "../types/format.ts";
import { expectInteger, expectString, notExpectedType } from "./argument-errors.ts";
import { Column } from "./column.ts";
import { DataFrame } from "./data-frame.ts";
import { DeltaMergeBuilder } from "./delta-merge-builder.ts";
import { DeltaTableBuilder } from "./delta-table-builder.ts";
import { expr } from "./functions/index.ts";
import { INTERNAL } from "./internal.ts";
import type { SparkSession } from "./spark-session.ts";
import type { StructType } from "./types/nested-types.ts";
import { writeCommand } from "./write-command.ts";

/** A condition or value: a column, or SQL text. */
export type DeltaExpression = Column | string;

/** New values by the name of the column that they are for. Fields of structs are named `s.field`. */
export type DeltaAssignments = Readonly<Record<string, DeltaExpression>>;

/**
 * A Delta table, as Python's `delta.tables.DeltaTable`: what it holds can be changed in place, its history read, its
 * files looked after.
 *
 * @example
 * ```ts
 * import { DeltaTable } from "lakelet";
 * const people = DeltaTable.forName(spark, "people");
 * await people.update({ condition: "age < 0", set: { age: "NULL" } });
 * await people
 *   .alias("t")
 *   .merge(df.alias("s"), "t.name = s.name")
 *   .whenMatchedUpdateAll()
 *   .whenNotMatchedInsertAll()
 *   .execute();
 * await people.history(5).show();
 * ```
 */
export class DeltaTable {
  readonly #session: SparkSession;
  readonly #df: DataFrame;
  /** As SQL names it. */
  readonly #name: string;

  private constructor(session: SparkSession, df: DataFrame, name: string) {
    this.#session = session;
    this.#df = df;
    this.#name = name;
  }

  /** A table of the catalog. It is looked for when something is done with it. */
  static forName(sparkSession: SparkSession, tableOrViewName: string): DeltaTable {
    expectString("tableOrViewName", tableOrViewName);
    return new DeltaTable(sparkSession, sparkSession.table(tableOrViewName), tableOrViewName);
  }

  /** The table in a directory. */
  static forPath(sparkSession: SparkSession, path: string): DeltaTable {
    expectString("path", path);
    const df = sparkSession.read.format("delta").load(path);
    return new DeltaTable(sparkSession, df, byPath(path));
  }

  /** Whether there is a Delta table in a directory. */
  static async isDeltaTable(sparkSession: SparkSession, identifier: string): Promise<boolean> {
    try {
      await sparkSession.sql(`DESCRIBE DETAIL ${byPath(identifier)}`).schema;
      return true;
    } catch (error) {
      if (error instanceof PySparkException && error.getCondition() === "DELTA_TABLE_NOT_FOUND") return false;
      throw error;
    }
  }

  /** Makes a Delta table of Parquet files: ``"parquet.`/path`"``. Partition columns are given as a schema or DDL text. */
  static async convertToDelta(
    sparkSession: SparkSession,
    identifier: string,
    partitionSchema?: StructType | string,
  ): Promise<DeltaTable> {
    const columns = typeof partitionSchema === "string" ? partitionSchema : partitionSchema?.toDDL();
    const partitions = columns === undefined ? "" : ` PARTITIONED BY (${columns})`;
    await sparkSession.sql(`CONVERT TO DELTA ${identifier}${partitions}`).schema;
    const path = /^parquet\.`(.*)`$/i.exec(identifier)?.[1];
    return path === undefined
      ? DeltaTable.forName(sparkSession, identifier)
      : DeltaTable.forPath(sparkSession, path.replaceAll("``", "`"));
  }

  /** Describes a table that must not exist yet. */
  static create(sparkSession: SparkSession): DeltaTableBuilder {
    return new DeltaTableBuilder(sparkSession, "CREATE TABLE", DeltaTable);
  }
  static createIfNotExists(sparkSession: SparkSession): DeltaTableBuilder {
    return new DeltaTableBuilder(sparkSession, "CREATE TABLE IF NOT EXISTS", DeltaTable);
  }
  static replace(sparkSession: SparkSession): DeltaTableBuilder {
    return new DeltaTableBuilder(sparkSession, "REPLACE TABLE", DeltaTable);
  }
  static createOrReplace(sparkSession: SparkSession): DeltaTableBuilder {
    return new DeltaTableBuilder(sparkSession, "CREATE OR REPLACE TABLE", DeltaTable);
  }

  /** The table's rows. */
  toDF(): DataFrame {
    return this.#df;
  }

  /** The same table under another name, for conditions of merges. */
  alias(aliasName: string): DeltaTable {
    return new DeltaTable(this.#session, this.#df.alias(aliasName), this.#name);
  }

  /** Deletes the rows for which the condition is true; all of them without one. */
  delete(condition?: DeltaExpression): Promise<void> {
    const where = condition === undefined ? undefined : asColumn("condition", condition);
    return writeCommand(this.#df, where === undefined ? [] : [where], (table) => ({
      kind: "DeleteFrom",
      table,
      ...(where === undefined ? {} : { condition: where[INTERNAL].expression }),
    }));
  }

  /** Gives columns new values in the rows for which the condition is true; in all of them without one. */
  update(change: { readonly condition?: DeltaExpression; readonly set: DeltaAssignments }): Promise<void> {
    const where = change.condition === undefined ? undefined : asColumn("condition", change.condition);
    const { assignments, columns } = assignmentsOf("set", change.set);
    return writeCommand(this.#df, where === undefined ? columns : [...columns, where], (table) => ({
      kind: "UpdateTable",
      table,
      assignments,
      ...(where === undefined ? {} : { condition: where[INTERNAL].expression }),
    }));
  }

  /** Merges the rows of a source into the table; see `DeltaMergeBuilder`. */
  merge(source: DataFrame, condition: DeltaExpression): DeltaMergeBuilder {
    if (!(source instanceof DataFrame)) throw notExpectedType("source", "DataFrame", source);
    return new DeltaMergeBuilder(this.#df, source, asColumn("condition", condition));
  }

  /** Removes files that no version within the retention needs; the table's own retention without one. */
  vacuum(retentionHours?: number): Promise<DataFrame> {
    const retain = retentionHours === undefined ? "" : ` RETAIN ${retentionHours} HOURS`;
    return this.#run(`VACUUM ${this.#name}${retain}`);
  }

  /** The table's versions, the newest first. */
  history(limit?: number): DataFrame {
    if (limit !== undefined) expectInteger("limit", limit);
    return this.#session.sql(`DESCRIBE HISTORY ${this.#name}${limit === undefined ? "" : ` LIMIT ${limit}`}`);
  }

  /** What the table is: its format, place, size, properties, protocol. */
  detail(): DataFrame {
    return this.#session.sql(`DESCRIBE DETAIL ${this.#name}`);
  }

  restoreToVersion(version: number): Promise<DataFrame> {
    expectInteger("version", version);
    return this.#run(`RESTORE TABLE ${this.#name} TO VERSION AS OF ${version}`);
  }

  restoreToTimestamp(timestamp: string): Promise<DataFrame> {
    expectString("timestamp", timestamp);
    return this.#run(`RESTORE TABLE ${this.#name} TO TIMESTAMP AS OF ${sqlText(timestamp)}`);
  }

  /** Puts the table's rows into fewer files. */
  optimize(): DeltaOptimizeBuilder {
    return new DeltaOptimizeBuilder((rest) => this.#run(`OPTIMIZE ${this.#name}${rest}`));
  }

  /** A new table with this one's rows: of the same files, or of copies of them. */
  async clone(
    target: string,
    isShallow: boolean,
    options: {
      readonly replace?: boolean;
      readonly properties?: Readonly<Record<string, string>>;
      readonly version?: number;
      readonly timestamp?: string;
    } = {},
  ): Promise<DeltaTable> {
    const { replace = false, properties = {}, version, timestamp } = options;
    const at =
      version !== undefined
        ? ` VERSION AS OF ${version}`
        : timestamp === undefined
          ? ""
          : ` TIMESTAMP AS OF ${sqlText(timestamp)}`;
    await this.#run(
      `CREATE ${replace ? "OR REPLACE " : ""}TABLE ${target} ${isShallow ? "SHALLOW" : "DEEP"} CLONE ${this.#name}${at}${propertiesSql(properties)}`,
    );
    return DeltaTable.forName(this.#session, target);
  }

  cloneAtVersion(
    version: number,
    target: string,
    isShallow: boolean,
    options: { readonly replace?: boolean; readonly properties?: Readonly<Record<string, string>> } = {},
  ): Promise<DeltaTable> {
    return this.clone(target, isShallow, { ...options, version });
  }

  cloneAtTimestamp(
    timestamp: string,
    target: string,
    isShallow: boolean,
    options: { readonly replace?: boolean; readonly properties?: Readonly<Record<string, string>> } = {},
  ): Promise<DeltaTable> {
    return this.clone(target, isShallow, { ...options, timestamp });
  }

  /** Lets the table use a feature of Delta's protocol. */
  async addFeatureSupport(featureName: string): Promise<void> {
    const property = `${sqlText(`delta.feature.${featureName}`)} = 'supported'`;
    await this.#run(`ALTER TABLE ${this.#name} SET TBLPROPERTIES (${property})`);
  }

  async #run(text: string): Promise<DataFrame> {
    const df = this.#session.sql(text);
    await df.schema;
    return df;
  }
}

/** What `DeltaTable.optimize` does, and where. */
export class DeltaOptimizeBuilder {
  readonly #run: (rest: string) => Promise<DataFrame>;
  readonly #where: readonly string[];

  /** @internal */
  constructor(run: (rest: string) => Promise<DataFrame>, where: readonly string[] = []) {
    this.#run = run;
    this.#where = where;
  }

  /** Only the partitions for which the condition is true. */
  where(partitionFilter: string): DeltaOptimizeBuilder {
    return new DeltaOptimizeBuilder(this.#run, [...this.#where, partitionFilter]);
  }

  executeCompaction(): Promise<DataFrame> {
    return this.#run(this.#condition());
  }

  /** Rows that are near in these columns come into the same files. */
  executeZOrderBy(...cols: readonly (string | readonly string[])[]): Promise<DataFrame> {
    return this.#run(`${this.#condition()} ZORDER BY (${cols.flat().join(", ")})`);
  }

  #condition(): string {
    return this.#where.length === 0 ? "" : ` WHERE ${this.#where.map((w) => `(${w})`).join(" AND ")}`;
  }
}

function byPath(path: string): string {
  return `delta.${quoteIdentifier(path)}`;
}

/** A text as Spark SQL writes it. */
export function sqlText(text: string): string {
  return `'${text.replace(/\\/g, "\\\\").replace(/'/g, "\\'")}'`;
}

/** ` TBLPROPERTIES (...)`; nothing without any. */
export function propertiesSql(properties: Readonly<Record<string, string>>): string {
  const entries = Object.entries(properties);
  if (entries.length === 0) return "";
  return ` TBLPROPERTIES (${entries.map(([k, v]) => `${sqlText(k)} = ${sqlText(v)}`).join(", ")})`;
}

export function asColumn(argument: string, value: DeltaExpression): Column {
  if (typeof value === "string") return expr(value);
  if (value instanceof Column) return value;
  throw notExpectedType(argument, "Column or str", value);
}

export function assignmentsOf(
  argument: string,
  set: DeltaAssignments,
): { readonly assignments: readonly Assignment[]; readonly columns: readonly Column[] } {
  if (typeof set !== "object" || set === null) throw notExpectedType(argument, "dict", set);
  const columns = Object.values(set).map((value) => asColumn(argument, value));
  const assignments = Object.keys(set).map((key, i) => ({
    key: { kind: "UnresolvedAttribute", unparsedIdentifier: key } as const,
    value: (columns[i] as Column)[INTERNAL].expression,
  }));
  return { assignments, columns };
}
