import { unsupported } from "../errors/spark-error.ts";
import type { Parse, Relation } from "../plan/relation.ts";
import type { DataType } from "../types/data-type.ts";
import { fromJson } from "../types/json.ts";
import { expectString, notExpectedType } from "./argument-errors.ts";
import { DataFrame } from "./data-frame.ts";
import { isFileSource, type ReadSource, registeredPaths } from "./file-source.ts";
import { INTERNAL } from "./internal.ts";
import { isPlainObject } from "./literal.ts";
import { type OptionValue, type OptionValues, optionText, optionTexts } from "./options.ts";
import { buildRelation, deferredRelation } from "./relation-builder.ts";
import type { SparkSession } from "./spark-session.ts";
import { parseDataType } from "./types/ddl.ts";
import { StructType } from "./types/nested-types.ts";

/** What the methods of a reader take beside the path: a schema and the format's options, named as PySpark's arguments. */
export interface ReadOptions {
  readonly format?: string;
  readonly schema?: StructType | string;
  readonly [option: string]: OptionValue | StructType;
}

type Sources = ReadSource | readonly ReadSource[];

/**
 * Reads files and tables: `spark.read`. A path leads into the session's storage, or is a URL of the page's own origin; a
 * File, Blob, bytes, or a file or folder that the user picked will do as well. Nothing is read before an action runs.
 *
 * @example
 * ```ts
 * const orders = spark.read.csv("orders.csv", { header: true, inferSchema: true });
 * const flights = spark.read.schema("delay INT, distance INT").parquet("flights-3m.parquet");
 * const typed = spark.read.json(new Blob(['{"a": 1}']));
 * ```
 */
export class DataFrameReader {
  readonly #session: SparkSession;
  #format: string | undefined;
  #schema: string | undefined;
  #options: Readonly<Record<string, string>> = {};

  /** @internal */
  constructor(session: SparkSession) {
    this.#session = session;
  }

  /** `csv`, `json`, `parquet`, `text`, `delta`, `binaryFile`, ... */
  format(source: string): this {
    expectString("source", source);
    this.#format = source;
    return this;
  }

  /** The schema, as a StructType or as DDL, instead of one that is found out. */
  schema(schema: StructType | string): this {
    if (typeof schema !== "string" && !(schema instanceof StructType)) {
      throw notExpectedType("schema", "str or struct type", schema);
    }
    this.#schema = typeof schema === "string" ? schema : schema.json();
    return this;
  }

  option(key: string, value: OptionValue): this {
    if (value !== null && value !== undefined) this.#options = { ...this.#options, [key]: optionText(value) };
    return this;
  }

  options(options: OptionValues): this {
    this.#options = { ...this.#options, ...optionTexts(options) };
    return this;
  }

  /** Reads what the path or paths lead to, in the given format. */
  load(path?: Sources, options?: ReadOptions): DataFrame;
  load(
    path: Sources | undefined,
    format: string,
    schema?: StructType | string,
    options?: OptionValues,
  ): DataFrame;
  load(
    path?: Sources,
    second?: ReadOptions | string,
    schema?: StructType | string,
    options: OptionValues = {},
  ): DataFrame {
    if (typeof second === "string") this.format(second);
    if (schema !== undefined) this.schema(schema);
    this.options(options);
    this.#apply(typeof second === "object" ? second : {});
    return this.#read(
      path === undefined ? [] : Array.isArray(path) ? (path as readonly ReadSource[]) : [path as ReadSource],
    );
  }

  /** The rows of a table or view. */
  table(tableName: string): DataFrame {
    expectString("tableName", tableName);
    return this.#frame({ kind: "ReadTable", unparsedIdentifier: tableName, options: this.#options });
  }

  /** Files with values parted by commas; or a DataFrame of one column of text. */
  csv(path: Sources | DataFrame, options?: ReadOptions): DataFrame;
  csv(path: Sources | DataFrame, schema: StructType | string, options?: OptionValues): DataFrame;
  csv(path: Sources | DataFrame, ...rest: readonly unknown[]): DataFrame {
    return this.#text("csv", path, rest);
  }

  /** Files with a JSON object in each line, or in the whole file with `multiLine`; or a DataFrame of one column of text. */
  json(path: Sources | DataFrame, options?: ReadOptions): DataFrame;
  json(path: Sources | DataFrame, schema: StructType | string, options?: OptionValues): DataFrame;
  json(path: Sources | DataFrame, ...rest: readonly unknown[]): DataFrame {
    return this.#text("json", path, rest);
  }

  /** Files in XML, a row for each element called `rowTag`; or a DataFrame of one column of text. */
  xml(path: Sources | DataFrame, options?: ReadOptions): DataFrame;
  xml(path: Sources | DataFrame, schema: StructType | string, options?: OptionValues): DataFrame;
  xml(path: Sources | DataFrame, ...rest: readonly unknown[]): DataFrame {
    return this.#text("xml", path, rest);
  }

  /** Parquet files. The last argument may be options: `mergeSchema`, `pathGlobFilter`, ... */
  parquet(...paths: readonly (Sources | ReadOptions)[]): DataFrame {
    const last = paths.at(-1);
    const hasOptions = isPlainObject(last);
    if (hasOptions) this.#apply(last as ReadOptions);
    const sources = (hasOptions ? paths.slice(0, -1) : paths) as readonly Sources[];
    return this.format("parquet").#read(sources.flat() as readonly ReadSource[]);
  }

  /** Files of text, a row `value` for each line, or for each file with `wholetext`. */
  text(paths: Sources, options: ReadOptions = {}): DataFrame {
    return this.load(paths, { wholetext: false, ...options, format: "text" });
  }

  orc(path: Sources, options: ReadOptions = {}): DataFrame {
    return this.load(path, { ...options, format: "orc" });
  }

  /** There are no databases to connect to. Throws UNSUPPORTED_FEATURE. */
  jdbc(_url: string, _table: string, ..._rest: readonly unknown[]): DataFrame {
    throw unsupported("DataFrameReader.jdbc");
  }

  /** The changes of a table as rows. Throws UNSUPPORTED_FEATURE. */
  changes(_tableName: string): DataFrame {
    throw unsupported("DataFrameReader.changes");
  }

  #text(format: Parse["format"], path: Sources | DataFrame, rest: readonly unknown[]): DataFrame {
    const [first, second] = rest;
    if (typeof first === "string" || first instanceof StructType) {
      this.schema(first);
      this.options((second ?? {}) as OptionValues);
    } else {
      this.#apply((first ?? {}) as ReadOptions);
    }
    if (!(path instanceof DataFrame)) return this.load(path, { format });
    const schema = this.#schema === undefined ? undefined : parsedSchema(this.#schema);
    const built = buildRelation(
      {
        kind: "Parse",
        input: path[INTERNAL].plan,
        format,
        options: this.#options,
        ...(schema === undefined ? {} : { schema }),
      },
      [path[INTERNAL]],
    );
    return new DataFrame({ session: this.#session, ...built });
  }

  #apply({ format, schema, ...options }: ReadOptions): void {
    if (format !== undefined) this.format(format);
    if (schema !== undefined) this.schema(schema);
    this.options(options as OptionValues);
  }

  #read(sources: readonly ReadSource[]): DataFrame {
    for (const source of sources) {
      if (typeof source !== "string" && !isFileSource(source)) {
        throw notExpectedType("path", "str, File, Blob, bytes or file handle", source);
      }
    }
    const node = (paths: readonly string[]): Relation => ({
      kind: "ReadDataSource",
      ...(this.#format === undefined ? {} : { format: this.#format }),
      ...(this.#schema === undefined ? {} : { schema: this.#schema }),
      options: this.#options,
      paths,
    });
    const made = node([]);
    if (sources.every((source) => typeof source === "string")) return this.#frame(node(sources));
    let paths: Promise<readonly string[]> | undefined;
    const built = deferredRelation(async () => {
      paths ??= this.#session[INTERNAL].ask((backend) => registeredPaths(sources, backend));
      paths.catch(() => {
        paths = undefined;
      });
      return { ...made, paths: await paths } as Relation;
    });
    return new DataFrame({ session: this.#session, ...built });
  }

  #frame(node: Relation): DataFrame {
    return new DataFrame({ session: this.#session, ...buildRelation(node) });
  }
}

/** The plain type of a schema as JSON or DDL. */
function parsedSchema(text: string): DataType {
  return text.trimStart().startsWith("{") ? fromJson(JSON.parse(text)) : parseDataType(text);
}
