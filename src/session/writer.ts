import { PySparkValueError, unsupported } from "../errors/spark-error.ts";
import type { SaveMode, WriteOperation } from "../plan/command.ts";
import { cannotBeEmpty, expectInteger, expectString } from "./argument-errors.ts";
import { flattenColumns } from "./column-arguments.ts";
import type { DataFrame } from "./data-frame.ts";
import { INTERNAL } from "./internal.ts";
import { type OptionValue, type OptionValues, optionText, optionTexts } from "./options.ts";

/** What is done where something is there already: `error` (the default), `append`, `overwrite`, `ignore`. */
export type SaveModeName = "append" | "overwrite" | "error" | "errorifexists" | "ignore" | "default";

/** What the methods of a writer take beside their own arguments: mode, partitions and the format's options. */
export interface SaveOptions {
  readonly mode?: SaveModeName | (string & {});
  readonly format?: string;
  readonly partitionBy?: string | readonly string[];
  readonly [option: string]: OptionValue | readonly string[];
}

const MODES: Readonly<Record<string, SaveMode>> = {
  append: "append",
  overwrite: "overwrite",
  error: "errorIfExists",
  errorifexists: "errorIfExists",
  default: "errorIfExists",
  ignore: "ignore",
};

/** A path, or a folder that the user picked with `showDirectoryPicker`. */
export type WriteTarget = string | FileSystemDirectoryHandle;

type Settings = Omit<WriteOperation, "kind" | "input" | "mode"> & { readonly mode?: SaveMode };

/**
 * Writes the rows of a DataFrame: to a table with `saveAsTable` and `insertInto`, to files with `save` and the methods of
 * the formats. The settings before it may be chained in any order; what writes returns a promise and is done when that
 * resolves.
 *
 * @example
 * ```ts
 * await df.write.mode("overwrite").partitionBy("name").saveAsTable("people");
 * await df.write.option("header", true).csv("people.csv", { mode: "overwrite" });
 * ```
 */
export class DataFrameWriter {
  readonly #df: DataFrame;
  #settings: Settings = {
    sortColumnNames: [],
    partitioningColumns: [],
    clusteringColumns: [],
    options: {},
  };

  /** @internal */
  constructor(df: DataFrame) {
    this.#df = df;
  }

  /** What is done where something is there already. Throws UNSUPPORTED_OPERATION for a word that is no mode. */
  mode(saveMode: SaveModeName | (string & {}) | undefined): this {
    if (saveMode === undefined) return this;
    const mode = MODES[saveMode.toLowerCase()];
    if (mode === undefined) {
      throw new PySparkValueError({
        condition: "UNSUPPORTED_OPERATION",
        messageParameters: { operation: saveMode },
      });
    }
    return this.#set({ mode });
  }

  /** `delta` (the default for tables), `parquet`, `csv`, `json`, `text`, ... */
  format(source: string): this {
    expectString("source", source);
    return this.#set({ source });
  }

  option(key: string, value: OptionValue): this {
    if (value === null || value === undefined) return this;
    return this.#set({ options: { ...this.#settings.options, [key]: optionText(value) } });
  }

  options(options: OptionValues): this {
    return this.#set({ options: { ...this.#settings.options, ...optionTexts(options) } });
  }

  /** Files are put into folders by the values of these columns. */
  partitionBy(...cols: readonly (string | readonly string[])[]): this {
    return this.#set({ partitioningColumns: flattenColumns(cols) });
  }

  /** Rows are put into that many buckets by the hash of columns; for `saveAsTable`. */
  bucketBy(numBuckets: number, col: string | readonly string[], ...cols: readonly string[]): this {
    expectInteger("numBuckets", numBuckets);
    const bucketColumnNames = flattenColumns<string>([col, ...cols]);
    for (const name of bucketColumnNames) expectString("cols", name);
    return this.#set({ bucketBy: { bucketColumnNames, numBuckets } });
  }

  /** The order of rows in each bucket. */
  sortBy(col: string | readonly string[], ...cols: readonly string[]): this {
    const sortColumnNames = flattenColumns<string>([col, ...cols]);
    for (const name of sortColumnNames) expectString("cols", name);
    return this.#set({ sortColumnNames });
  }

  /** Rows that are alike in these columns are kept close together. */
  clusterBy(...cols: readonly (string | readonly string[])[]): this {
    const clusteringColumns = flattenColumns(cols);
    if (clusteringColumns.length === 0) throw cannotBeEmpty("cols");
    return this.#set({ clusteringColumns });
  }

  /**
   * Writes files to a path (or to what the option `path` says), or into a folder that the user picked: an export, which
   * other programs can open. Throws PATH_ALREADY_EXISTS in mode `error` when there are files.
   *
   * @example
   * ```ts
   * // What `showDirectoryPicker({ mode: "readwrite" })` gives; a folder of OPFS is of the same kind.
   * const folder = await navigator.storage.getDirectory();
   * await df.write.mode("overwrite").option("header", true).csv(folder);
   * ```
   */
  async save(path?: WriteTarget, options: SaveOptions = {}): Promise<void> {
    this.#apply(options);
    if (path === undefined) await this.#write({});
    else if (typeof path === "string") await this.#write({ path });
    else {
      const folder = path;
      const session = this.#df.sparkSession[INTERNAL];
      await this.#write({ path: await session.ask((backend) => backend.registerFile(folder, folder.name)) });
    }
  }

  /**
   * Writes a table; it can be read as soon as the promise resolves. Throws TABLE_OR_VIEW_ALREADY_EXISTS in mode `error`,
   * SCHEMA_NOT_FOUND for a database that is not there.
   */
  async saveAsTable(name: string, options: SaveOptions = {}): Promise<void> {
    expectString("name", name);
    this.#apply(options);
    await this.#write({ table: { tableName: name, saveMethod: "saveAsTable" } });
  }

  /** Adds the rows to a table that is there, columns matched by position; or puts them in place of its rows. */
  async insertInto(tableName: string, overwrite?: boolean): Promise<void> {
    expectString("tableName", tableName);
    if (overwrite !== undefined) this.mode(overwrite ? "overwrite" : "append");
    await this.#write({ table: { tableName, saveMethod: "insertInto" } });
  }

  async parquet(path: WriteTarget, options: SaveOptions = {}): Promise<void> {
    await this.format("parquet").save(path, options);
  }
  async csv(path: WriteTarget, options: SaveOptions = {}): Promise<void> {
    await this.format("csv").save(path, options);
  }
  async json(path: WriteTarget, options: SaveOptions = {}): Promise<void> {
    await this.format("json").save(path, options);
  }
  /** One column of text, a line for each row. */
  async text(path: WriteTarget, options: SaveOptions = {}): Promise<void> {
    await this.format("text").save(path, options);
  }
  async orc(path: WriteTarget, options: SaveOptions = {}): Promise<void> {
    await this.format("orc").save(path, options);
  }
  async xml(path: WriteTarget, options: SaveOptions = {}): Promise<void> {
    await this.format("xml").save(path, options);
  }
  /** There are no databases to connect to. Throws UNSUPPORTED_FEATURE. */
  async jdbc(_url: string, _table: string, _mode?: string, _properties?: OptionValues): Promise<void> {
    throw unsupported("DataFrameWriter.jdbc");
  }

  #apply({ mode, format, partitionBy, ...options }: SaveOptions): void {
    this.mode(mode).options(options as OptionValues);
    if (partitionBy !== undefined) this.partitionBy(partitionBy);
    if (format !== undefined) this.format(format);
  }

  #set(change: Partial<Settings>): this {
    this.#settings = { ...this.#settings, ...change };
    return this;
  }

  async #write(target: Pick<WriteOperation, "path" | "table">): Promise<void> {
    const { plan, attachments } = this.#df[INTERNAL];
    const command: WriteOperation = {
      kind: "WriteOperation",
      input: plan,
      mode: target.table?.saveMethod === "insertInto" ? "append" : "errorIfExists",
      ...this.#settings,
      ...target,
    };
    await this.#df.sparkSession[INTERNAL].command(command, attachments);
  }
}
