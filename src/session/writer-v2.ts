import type { WriteOperationV2 } from "../plan/command.ts";
import { expectString } from "./argument-errors.ts";
import type { Column, ColumnOrName } from "./column.ts";
import { toCol } from "./column-arguments.ts";
import type { DataFrame } from "./data-frame.ts";
import { INTERNAL } from "./internal.ts";
import { type OptionValue, type OptionValues, optionText, optionTexts } from "./options.ts";
import { writeCommand } from "./write-command.ts";

type Settings = Pick<WriteOperationV2, "provider" | "options" | "tableProperties" | "clusteringColumns">;

/**
 * Writes the rows of a DataFrame to a table, made by `DataFrame.writeTo`. What writes returns a promise and is done when
 * that resolves.
 *
 * @example
 * ```ts
 * await df.writeTo("people").using("delta").tableProperty("owner", "me").createOrReplace();
 * await df.writeTo("people").append();
 * ```
 */
export class DataFrameWriterV2 {
  readonly #df: DataFrame;
  readonly #tableName: string;
  #settings: Settings = { options: {}, tableProperties: {}, clusteringColumns: [] };
  #partitioning: readonly Column[] = [];

  /** @internal */
  constructor(df: DataFrame, tableName: string) {
    this.#df = df;
    this.#tableName = tableName;
  }

  /** The table's format. */
  using(provider: string): this {
    expectString("provider", provider);
    return this.#set({ provider });
  }

  option(key: string, value: OptionValue): this {
    if (value === null || value === undefined) return this;
    return this.#set({ options: { ...this.#settings.options, [key]: optionText(value) } });
  }

  options(options: OptionValues): this {
    return this.#set({ options: { ...this.#settings.options, ...optionTexts(options) } });
  }

  tableProperty(property: string, value: string): this {
    return this.#set({ tableProperties: { ...this.#settings.tableProperties, [property]: value } });
  }

  /** Partitions by columns or by transformations such as `functions.years("ts")`. */
  partitionedBy(col: ColumnOrName, ...cols: readonly ColumnOrName[]): this {
    this.#partitioning = [col, ...cols].map((c) => toCol(c));
    return this;
  }

  /** Rows that are alike in these columns are kept close together. */
  clusterBy(col: string, ...cols: readonly string[]): this {
    return this.#set({ clusteringColumns: [col, ...cols] });
  }

  /** Makes the table. Throws TABLE_OR_VIEW_ALREADY_EXISTS. */
  create(): Promise<void> {
    return this.#write("create");
  }

  /** Puts a new table in place of one. Throws TABLE_OR_VIEW_NOT_FOUND. */
  replace(): Promise<void> {
    return this.#write("replace");
  }

  createOrReplace(): Promise<void> {
    return this.#write("createOrReplace");
  }

  /** Adds the rows, columns matched by name. Throws TABLE_OR_VIEW_NOT_FOUND. */
  append(): Promise<void> {
    return this.#write("append");
  }

  /** Puts the rows in place of those for which the condition holds. */
  overwrite(condition: ColumnOrName): Promise<void> {
    return this.#write("overwrite", toCol(condition, "condition"));
  }

  /** Puts the rows in place of the partitions that they belong to. */
  overwritePartitions(): Promise<void> {
    return this.#write("overwritePartitions");
  }

  #set(change: Partial<Settings>): this {
    this.#settings = { ...this.#settings, ...change };
    return this;
  }

  #write(mode: WriteOperationV2["mode"], overwriteCondition?: Column): Promise<void> {
    const columns = [
      ...this.#partitioning,
      ...(overwriteCondition === undefined ? [] : [overwriteCondition]),
    ];
    return writeCommand(this.#df, columns, (input) => ({
      kind: "WriteOperationV2",
      input,
      tableName: this.#tableName,
      ...this.#settings,
      partitioningColumns: this.#partitioning.map((column) => column[INTERNAL].expression),
      mode,
      ...(overwriteCondition === undefined
        ? {}
        : { overwriteCondition: overwriteCondition[INTERNAL].expression }),
    }));
  }
}
