import type {
  CatalogResolver,
  CollectedRows,
  FoundPlan,
  FoundRelation,
  FoundRows,
  FoundTable,
  RelationLookup,
  SessionVariable,
  UserFunction,
} from "../analyzer/catalog-resolver.ts";
import type { ResolvedRelation, ScanSource } from "../analyzer/resolved-relation.ts";
import { CATALOG_NAME, type TableEntry } from "../catalog/catalog-entry.ts";
import type { ResolvedTable, TableScan, TimeTravel } from "../catalog/warehouse-api.ts";
import { sparkSchemaOf } from "../engine/arrow/spark-schema.ts";
import type { ScanFile } from "../engine/engine-api.ts";
import { analysisError, unsupported } from "../errors/spark-error.ts";
import { lookupFunction } from "../functions/function-table.ts";
import type { DeltaLog } from "../lake/delta-log.ts";
import { ALWAYS, type FilePredicate } from "../lake/file-predicate.ts";
import type { Command } from "../plan/command.ts";
import type { LocalRelation, Parse, ReadDataSource, Relation } from "../plan/relation.ts";
import { parseTableSchema } from "../sql/parse-data-type.ts";
import type { StructField, StructType } from "../types/data-type.ts";
import { structFromJson } from "../types/json.ts";
import { randomUuid } from "../types/random-uuid.ts";
import { scanNow } from "./disk-scan.ts";
import type { Operation } from "./operations.ts";
import { discoverPartitions } from "./partition-discovery.ts";
import { scanSources } from "./scan-sources.ts";
import { GLOBAL_TEMP_DATABASE, type SessionState } from "./session-state.ts";
import { asSessionVariable, findVariable, type ScriptFrame } from "./session-variables.ts";
import { findSqlFunction, parseFunction } from "./sql-functions.ts";
import { findFiles } from "./user-files.ts";

/** Asks whatever runs below the analyzer: kept apart so that a query can run small queries of its own. */
export interface NestedQueries {
  collect(plan: Relation): Promise<CollectedRows>;
  runCommand(command: Command): Promise<FoundPlan | FoundRows>;
}

/** Versions of tables, or parts of them, that a statement's queries see under names of their own. */
export type PinnedTables = ReadonlyMap<string, PinnedTable>;

interface PinnedTable {
  readonly scan: TableScan;
  /** What stands before its columns: `["spark_catalog", "default", "t"]`. */
  readonly identifier: readonly string[];
}

const FILE_FORMATS = new Set(["parquet", "csv", "json", "text", "binaryfile"]);

/** Finds what one query names. Scans found here list their files when the query runs. */
export class RelationResolver implements CatalogResolver {
  readonly #session: SessionState;
  readonly #nested: NestedQueries;
  readonly #signal: AbortSignal;
  readonly #frames: readonly ScriptFrame[] | undefined;
  readonly #pinned: Map<string, PinnedTable>;
  readonly #scans = new Map<string, TableScan>();
  readonly #current: TableScan[] = [];
  #nextScan = 0;

  constructor(
    session: SessionState,
    nested: NestedQueries,
    operation: Operation,
    pinned: PinnedTables = new Map(),
  ) {
    this.#pinned = new Map(pinned);
    this.#session = session;
    this.#nested = nested;
    this.#signal = operation.signal;
    this.#frames = operation.frames;
  }

  async resolveVariable(nameParts: readonly string[]): Promise<SessionVariable | undefined> {
    const found = findVariable(nameParts, this.#session.variables, this.#frames);
    return found && asSessionVariable(found);
  }

  collect(plan: Relation): Promise<CollectedRows> {
    return this.#nested.collect(plan);
  }

  runCommand(command: Command): Promise<FoundPlan | FoundRows> {
    return this.#nested.runCommand(command);
  }

  arrowSchema(data: Uint8Array): StructType {
    return sparkSchemaOf(data);
  }

  /** The files of a scan that may hold rows which match. */
  async filesOf(source: ScanSource, predicate: FilePredicate): Promise<readonly ScanFile[]> {
    const table = this.#scans.get(source.id);
    return table === undefined ? source.files : table.files(predicate);
  }

  /** Where the Delta tables are that were found. */
  get deltaDirectories(): ReadonlySet<string> {
    const sources = [...this.#scans.values()].map((scan) => scan.source);
    return new Set(sources.flatMap((s) => (s.version === undefined ? [] : [s.directory])));
  }

  /** The versions of tables that stood for the tables themselves: what was asked for by version never changes. */
  get currentSources(): readonly TableScan["source"][] {
    // A table that was met twice counts as read at the older version.
    return this.#current.map((scan) => scan.source).sort((a, b) => (a.version ?? 0) - (b.version ?? 0));
  }

  /** Paths of the files that a plan reads, as users see them. */
  async inputFiles(plan: ResolvedRelation): Promise<readonly string[]> {
    const paths = new Set<string>();
    for (const source of scanSources(plan)) {
      for (const file of await this.filesOf(source, ALWAYS))
        if (file.displayPath) paths.add(file.displayPath);
    }
    return [...paths];
  }

  async resolveRelation(
    nameParts: readonly string[],
    lookup: RelationLookup,
  ): Promise<FoundRelation | undefined> {
    const pinned = nameParts.length === 1 ? this.#pinned.get(nameParts[0] as string) : undefined;
    if (pinned !== undefined) return this.#scanFound("delta", pinned.scan, pinned.identifier, {});
    const temporary = lookup.skipTemporaryViews ? undefined : this.#temporaryView(nameParts);
    if (temporary !== undefined) return temporary;
    const name = this.#tableIdentifier(nameParts, lookup.currentDatabase);
    if (name !== undefined) {
      const found = await this.#catalogTable(name, lookup);
      if (found !== undefined) return found;
    }
    return nameParts.length === 2
      ? this.#filesAsTable(nameParts[0] as string, nameParts[1] as string)
      : undefined;
  }

  async resolveFiles(source: ReadDataSource): Promise<FoundTable> {
    const options = lowerKeys(source.options);
    const format = (
      source.format ??
      this.#session.conf.get("spark.sql.sources.default") ??
      "parquet"
    ).toLowerCase();
    const paths = source.paths.length > 0 ? source.paths : options.path === undefined ? [] : [options.path];
    if (format === "delta") return this.#deltaByPath(paths, options);
    if (!FILE_FORMATS.has(format)) throw dataSourceNotFound(format);
    if (paths.length === 0) throw noPath(format);
    const found = await findFiles(paths, this.#session.driver.userFiles, this.#session.driver.registered, {
      recursive: true,
      ...(options.pathglobfilter === undefined ? {} : { pathGlobFilter: options.pathglobfilter }),
    });
    const partitions = discoverPartitions(found);
    const declared = source.schema === undefined ? undefined : readSchemaText(source.schema);
    const data = declared ?? (await this.#inferSchema(format, partitions.files, options));
    const schema = withPartitions(
      data,
      partitions.columns,
      this.#session.conf.flag("spark.sql.caseSensitive"),
    );
    return {
      kind: "table",
      identifier: [],
      hasFileMetadata: true,
      partitionColumns: partitions.columns.map((c) => c.name),
      source: {
        format: engineFormat(format),
        id: this.#newScanId(),
        displayName: `${format} ${paths.join(", ")}`,
        schema,
        options,
        files: largestFirst(partitions.files),
      },
    };
  }

  async resolveTexts(parse: Parse, texts: readonly (string | null)[]): Promise<FoundTable> {
    if (parse.format === "xml") throw unsupported("the data source xml");
    const separator = ["\n", "\u001e", "\u001f", "\u0001"].find((c) => !texts.some((t) => t?.includes(c)));
    if (separator === undefined) throw unsupported(`${parse.format} records that hold every separator`);
    // Spark makes a row of nulls of a JSON record that is null, and none of a line that is.
    const records = parse.format === "json" ? texts.map((t) => t ?? "{}") : texts.filter((t) => t !== null);
    const blob = new Blob([records.join(separator)]);
    const file: ScanFile = {
      ref: { kind: "blob", blob, name: "texts" },
      cacheKey: `texts:${randomUuid()}`,
      sizeBytes: blob.size,
    };
    const options = { ...lowerKeys(parse.options), linesep: separator };
    const { format } = parse;
    const schema =
      parse.schema?.kind === "struct" ? parse.schema : await this.#inferSchema(format, [file], options);
    return {
      kind: "table",
      identifier: [],
      partitionColumns: [],
      source: {
        format,
        id: this.#newScanId(),
        displayName: `${format} records`,
        schema,
        options,
        files: [file],
      },
    };
  }

  async resolveCachedRemote(relationId: string): Promise<FoundPlan | FoundRows | undefined> {
    return this.#session.kept.get(relationId);
  }

  async resolveFunction(
    nameParts: readonly string[],
    lookup: { readonly currentDatabase: string; readonly skipTemporary?: boolean } = this.#session,
  ): Promise<UserFunction | undefined> {
    const name = nameParts.length === 1 ? nameParts[0]?.toLowerCase() : undefined;
    const registered =
      name === undefined || lookup.skipTemporary === true
        ? undefined
        : this.#session.registeredFunctions.get(name);
    if (registered === undefined) {
      // Most names are of built-in functions: only others ask the catalog.
      if (name !== undefined && lookupFunction(name) !== undefined) return undefined;
      const found = await findSqlFunction(nameParts, this.#session, lookup);
      return found && parseFunction(found);
    }
    return {
      identifier: nameParts,
      parameters: [],
      returns: { kind: "scalar", dataType: undefined },
      body: { kind: "registered", function: registered },
      currentDatabase: this.#session.currentDatabase,
    };
  }

  async resolveCachedLocal(
    dataHashes: readonly string[],
    schemaHash: string | undefined,
  ): Promise<LocalRelation> {
    const parts = dataHashes.map((hash) => this.#artifact(hash));
    const schema =
      schemaHash === undefined ? undefined : new TextDecoder().decode(this.#artifact(schemaHash));
    const data = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
    let at = 0;
    for (const part of parts) {
      data.set(part, at);
      at += part.byteLength;
    }
    return { kind: "LocalRelation", data, ...(schema === undefined ? {} : { schema }) };
  }

  #artifact(hash: string): Uint8Array {
    const bytes = this.#session.artifacts.get(`cache/${hash}`);
    if (bytes === undefined) {
      throw analysisError("INTERNAL_ERROR", { message: `local data with the hash ${hash} was never sent` });
    }
    return bytes;
  }

  #temporaryView(nameParts: readonly string[]): FoundPlan | undefined {
    if (nameParts.length === 1) {
      const view = this.#session.tempViews.find(nameParts[0] as string);
      return view && { kind: "plan", plan: view.plan, identifier: [view.name.toLowerCase()] };
    }
    if (nameParts.length === 2 && nameParts[0]?.toLowerCase() === GLOBAL_TEMP_DATABASE) {
      const view = this.#session.driver.globalTempViews.find(nameParts[1] as string);
      return (
        view && { kind: "plan", plan: view.plan, identifier: [GLOBAL_TEMP_DATABASE, view.name.toLowerCase()] }
      );
    }
    return undefined;
  }

  #tableIdentifier(nameParts: readonly string[], currentDatabase: string) {
    const parts =
      nameParts.length > 1 && nameParts[0]?.toLowerCase() === CATALOG_NAME ? nameParts.slice(1) : nameParts;
    if (parts.length === 1) return { database: currentDatabase, table: parts[0] as string };
    if (parts.length === 2) return { database: parts[0] as string, table: parts[1] as string };
    return undefined;
  }

  async #catalogTable(
    name: { readonly database: string; readonly table: string },
    lookup: RelationLookup,
  ): Promise<FoundRelation | undefined> {
    const warehouse = await this.#session.warehouse();
    const table = await warehouse.findTable(name);
    if (table === undefined) return undefined;
    const { entry } = table;
    const identifier = [CATALOG_NAME, entry.database, entry.table];
    if (entry.view !== undefined) {
      return {
        kind: "view",
        identifier,
        text: entry.view.text,
        schema: entry.schema ?? { kind: "struct", fields: [] },
        currentDatabase: entry.view.currentDatabase,
        schemaMode: entry.view.schemaMode ?? "compensation",
        ...(entry.view.queryColumnNames === undefined
          ? {}
          : { queryColumnNames: entry.view.queryColumnNames }),
        ...(entry.view.hasColumnList === undefined ? {} : { hasColumnList: entry.view.hasColumnList }),
        settings: entry.view.settings,
      };
    }
    const options = lowerKeys(lookup.options);
    if (options.readchangefeed !== undefined || options.readchangedata !== undefined) {
      const { asksForChanges, changeFeed } = await import("./change-feed.ts");
      if (asksForChanges(options)) {
        const { log } = await warehouse.deltaTable({ kind: "table", name }, "readChangeFeed");
        const range = await this.#feedRange(log, options);
        const found = await changeFeed(log, range, (scan) => this.#pin(scan, identifier));
        return { ...found, identifier };
      }
    }
    const at = timeTravel(lookup) ?? (await this.#timestampAsOf(options));
    return this.#tableFound(entry, await this.#scanOf(table, at), identifier);
  }

  #pin(scan: TableScan, identifier: readonly string[]): string {
    const name = `\0feed${this.#pinned.size}`;
    this.#pinned.set(name, { scan, identifier });
    return name;
  }

  async #feedRange(
    log: DeltaLog,
    options: Readonly<Record<string, string>>,
  ): Promise<{ readonly start: number; readonly end: number | undefined }> {
    const at = async (version: string | undefined, timestamp: string | undefined, isStart: boolean) => {
      if (version !== undefined) return Number(version);
      if (timestamp === undefined) return undefined;
      const ms = await this.#instantOf(timestamp);
      const found = await log.versionAtTimestamp(ms);
      // A feed starts with the first version at or after the moment.
      return isStart && (await log.atVersion(found)).timestampMs < ms ? found + 1 : found;
    };
    const start = await at(options.startingversion, options.startingtimestamp, true);
    if (start === undefined) {
      throw analysisError("DELTA_NO_START_FOR_CDC_READ");
    }
    return { start, end: await at(options.endingversion, options.endingtimestamp, false) };
  }

  async #timestampAsOf(options: Readonly<Record<string, string>>): Promise<TimeTravel | undefined> {
    if (options.timestampasof === undefined) return undefined;
    return { timestampAsOfMs: await this.#instantOf(options.timestampasof) };
  }

  /** Text as an instant, as Spark reads it in the session's time zone. */
  async #instantOf(text: string): Promise<number> {
    const { rows } = await this.#nested.collect({
      kind: "Project",
      input: { kind: "OneRowRelation" },
      expressions: [
        {
          kind: "Cast",
          expr: { kind: "Literal", dataType: { kind: "string" }, value: text },
          type: { kind: "timestamp" },
          evalMode: "try",
        },
      ],
    });
    const micros = rows[0]?.[0];
    if (typeof micros !== "bigint" && typeof micros !== "number") {
      throw analysisError("DELTA_INVALID_TIMESTAMP_FORMAT", {
        timestamp: text,
        format: "yyyy-MM-dd HH:mm:ss[.S]",
      });
    }
    return Number(BigInt(micros) / 1000n);
  }

  async #scanOf(table: ResolvedTable, at: TimeTravel | undefined): Promise<TableScan> {
    const scan =
      at === undefined ? await scanNow(table, this.#session.driver.userFiles) : await table.scan(at);
    if (at === undefined) this.#current.push(scan);
    return scan;
  }

  async #tableFound(entry: TableEntry, scan: TableScan, identifier: readonly string[]): Promise<FoundTable> {
    const isDelta = entry.provider === undefined || entry.provider === "delta";
    const format = isDelta ? "delta" : engineFormat(entry.provider as string);
    return this.#scanFound(format, scan, identifier, lowerKeys(entry.options));
  }

  #scanFound(
    format: ScanSource["format"],
    scan: TableScan,
    identifier: readonly string[],
    options: Readonly<Record<string, string>>,
  ): FoundTable {
    const id = this.#newScanId();
    this.#scans.set(id, scan);
    return {
      kind: "table",
      identifier,
      partitionColumns: scan.partitionColumns,
      hasFileMetadata: true,
      source: {
        format,
        id,
        displayName: identifier.join("."),
        schema: scan.schema,
        options,
        files: [],
        ...(scan.physicalNames === undefined ? {} : { physicalNames: scan.physicalNames }),
      },
    };
  }

  async #deltaByPath(
    paths: readonly string[],
    options: Readonly<Record<string, string>>,
  ): Promise<FoundTable> {
    const [path] = paths;
    if (path === undefined) throw noPath("delta");
    const warehouse = await this.#session.warehouse();
    const table = await warehouse.findTableByPath(this.#session.driver.userFiles.toStoragePath(path));
    if (table === undefined) {
      throw analysisError("DELTA_TABLE_NOT_FOUND", { tableName: path });
    }
    if (options.readchangefeed?.toLowerCase() === "true") {
      throw unsupported("readChangeFeed of a table by its path; read it by its name");
    }
    const at: TimeTravel | undefined =
      options.versionasof !== undefined
        ? { versionAsOf: Number(options.versionasof) }
        : await this.#timestampAsOf(options);
    return this.#tableFound(table.entry, await this.#scanOf(table, at), []);
  }

  async #filesAsTable(format: string, path: string): Promise<FoundTable | undefined> {
    const lower = format.toLowerCase();
    if (lower === "orc") {
      checkLocation(path);
      throw unsupported("the data source orc");
    }
    if (lower !== "delta" && !FILE_FORMATS.has(lower)) return undefined;
    checkLocation(path);
    return this.resolveFiles({ kind: "ReadDataSource", format: lower, options: {}, paths: [path] });
  }

  async #inferSchema(
    format: string,
    files: readonly ScanFile[],
    options: Readonly<Record<string, string>>,
  ): Promise<StructType> {
    if (files.length === 0) throw unableToInferSchema(format);
    const { schema } = await this.#session.driver.engines.inferSchema(
      {
        format: engineFormat(format) as "parquet" | "csv" | "json" | "text" | "binaryFile",
        files,
        options,
        timeZone: this.#session.conf.timeZone,
      },
      this.#signal,
    );
    return schema;
  }

  #newScanId(): string {
    return `scan${this.#nextScan++}`;
  }
}

/** As Spark reads files, so that its tasks end at about the same time; those of one size stay in their order. */
function largestFirst(files: readonly ScanFile[]): readonly ScanFile[] {
  return [...files].sort((a, b) => (b.sizeBytes ?? 0) - (a.sizeBytes ?? 0));
}

function engineFormat(format: string): ScanSource["format"] {
  const lower = format.toLowerCase();
  if (lower === "binaryfile") return "binaryFile";
  if (lower === "parquet" || lower === "csv" || lower === "json" || lower === "text" || lower === "delta")
    return lower;
  throw unsupported(`the data source ${format}`);
}

/** Spark's own formats that Lakelet does not have are refused by name; others do not exist. */
function dataSourceNotFound(format: string): Error {
  if (["orc", "xml", "avro", "jdbc", "hive", "image", "libsvm", "kafka", "socket", "rate"].includes(format)) {
    return unsupported(`the data source ${format}`);
  }
  return analysisError("DATA_SOURCE_NOT_FOUND", { provider: format });
}

/** No path at all would mean the whole folder that we run in. */
function checkLocation(path: string): void {
  if (path.trim() === "") throw analysisError("INVALID_EMPTY_LOCATION", { location: path });
}

function noPath(format: string): Error {
  return analysisError("UNABLE_TO_INFER_SCHEMA", { format: format.toUpperCase() });
}

function unableToInferSchema(format: string): Error {
  return analysisError("UNABLE_TO_INFER_SCHEMA", { format: format.toUpperCase() });
}

export function readSchemaText(text: string): StructType {
  return text.trimStart().startsWith("{") ? structFromJson(JSON.parse(text)) : parseTableSchema(text);
}

/** Partition columns come last; one that the data also has keeps its place and takes the partition's type. */
function withPartitions(
  data: StructType,
  partitions: readonly StructField[],
  caseSensitive: boolean,
): StructType {
  const same = (a: string, b: string) => (caseSensitive ? a === b : a.toLowerCase() === b.toLowerCase());
  const kept = data.fields.filter((f) => !partitions.some((p) => same(p.name, f.name)));
  const declared = partitions.map((p) => data.fields.find((f) => same(p.name, f.name)) ?? p);
  return { kind: "struct", fields: [...kept.map((f) => ({ ...f, nullable: true })), ...declared] };
}

function timeTravel(lookup: RelationLookup): TimeTravel | undefined {
  if (lookup.version !== undefined) return { versionAsOf: Number(lookup.version) };
  if (lookup.timestampMicros !== undefined)
    return { timestampAsOfMs: Number(lookup.timestampMicros / 1000n) };
  const options = lowerKeys(lookup.options);
  if (options.versionasof !== undefined) return { versionAsOf: Number(options.versionasof) };
  return undefined;
}

export function lowerKeys(options: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [key.toLowerCase(), value]));
}
