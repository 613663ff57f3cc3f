import { sparkError, unsupported } from "../errors/spark-error.ts";
import { physicalNames } from "../lake/column-mapping.ts";
import type { DeltaLog } from "../lake/delta-log.ts";
import type { DeltaWritePlan, DeltaWriteSpec, WriteConstraint } from "../lake/delta-write-plan.ts";
import { constraintsOf, planDeltaWrite, statisticsColumns } from "../lake/delta-write-plan.ts";
import type { FilePredicate } from "../lake/file-predicate.ts";
import { newTableSchema, resolvePartitionColumns } from "../lake/new-table.ts";
import { schemaOfNewTable } from "../lake/write-schema.ts";
import type { StructType } from "../types/data-type.ts";
import type { TableEntry, TableIdentifier } from "./catalog-entry.ts";
import { quotedTableName } from "./catalog-entry.ts";
import {
  providerMismatch,
  savingIntoView,
  schemaNotFound,
  tableAlreadyExists,
  tableNotFound,
} from "./catalog-errors.ts";
import type { WarehouseContext } from "./context.ts";
import { isFileProvider, planMoreFiles, planNewFiles } from "./file-tables.ts";
import { assertValidName, normalizeLocation, normalizeTableName } from "./names.ts";
import type { WriteRequest } from "./warehouse-api.ts";
import type { WriteOptions } from "./write-options.ts";

/** How written files have to look. */
export interface FileLayout {
  readonly format: "parquet" | "csv" | "json" | "text";
  readonly schema: StructType;
  readonly sources: readonly (number | undefined)[];
  readonly partitionBy: readonly string[];
  readonly constraints: readonly WriteConstraint[];
  readonly physicalNames: DeltaWritePlan["physicalNames"];
  readonly statisticsColumns: number;
}

/** Where a write goes, as things stand when it is planned. */
export type WriteDestination =
  /** Mode `ignore`, and the table is there. */
  | { readonly kind: "nothing" }
  /** A directory of its own behind a new catalog entry, or in the place of an entry as a whole. */
  | {
      readonly kind: "newTable";
      readonly directory: string;
      readonly provider: string;
      readonly layout: FileLayout;
      readonly replaces: TableEntry | undefined;
      /** The same table goes on with other files (an overwrite of plain files). */
      readonly keepsIdentity: boolean;
      readonly external: boolean;
    }
  /** A commit in the log of a table that is there. Without an entry: a table by its path. */
  | {
      readonly kind: "delta";
      readonly directory: string;
      readonly entry: TableEntry | undefined;
      readonly log: DeltaLog;
      readonly layout: FileLayout;
      readonly plan: DeltaWritePlan;
      readonly spec: DeltaWriteSpec;
      readonly readVersion: number | undefined;
    }
  /** A first commit in a directory that the user named. */
  | {
      readonly kind: "newPath";
      readonly directory: string;
      readonly log: DeltaLog;
      readonly layout: FileLayout;
    }
  /** More files of a table whose files the catalog keeps. */
  | {
      readonly kind: "files";
      readonly directory: string;
      readonly entry: TableEntry;
      readonly layout: FileLayout;
      readonly scope: FileScope;
    };

/** Which files of such a table go when others come: none, those in the partitions that are written, those that match. */
export type FileScope = "append" | "dynamic" | FilePredicate;

/** Looks at the catalog and the table and says where a write has to go. Throws what forbids it. */
export async function findDestination(
  context: WarehouseContext,
  request: WriteRequest,
  options: WriteOptions,
): Promise<WriteDestination> {
  if (request.target.kind === "path") return pathDestination(context, request, options, request.target.path);
  const spelled = request.target.name;
  const name = normalizeTableName(spelled);
  const state = await context.catalog.state();
  const database = state.database(name.database);
  if (database === undefined) throw schemaNotFound(spelled.database);
  const entry = state.table(name);
  if (entry === undefined) {
    if (request.requireExisting) throw tableNotFound(spelled);
    return newTable(context, request, name, database.location, undefined);
  }
  if (request.mode === "error") throw tableAlreadyExists(spelled);
  if (request.mode === "ignore") return { kind: "nothing" };
  if (entry.tableType === "VIEW") {
    if (request.mode === "append" || request.requireExisting) throw savingIntoView();
    return newTable(context, request, name, database.location, entry);
  }
  const provider = request.provider?.toLowerCase();
  if (provider !== undefined && provider !== entry.provider) {
    if (request.mode === "append" || request.requireExisting) throw providerMismatch(entry, provider);
    return newTable(context, request, name, database.location, entry);
  }
  if (entry.provider === "delta") return deltaDestination(context, request, options, entry);
  return fileDestination(context, request, options, entry, database.location);
}

async function deltaDestination(
  context: WarehouseContext,
  request: WriteRequest,
  options: WriteOptions,
  entry: TableEntry,
): Promise<WriteDestination> {
  const directory = entry.directory as string;
  const log = context.deltaLog(directory, quotedTableName(entry));
  const spec = deltaSpec(request, options, quotedTableName(entry));
  const snapshot = await log.latest();
  if (snapshot === undefined) throw deltaTableMissing(quotedTableName(entry));
  const plan = planDeltaWrite(snapshot, spec);
  const readVersion = request.reads?.find((source) => source.directory === directory)?.version;
  return { kind: "delta", directory, entry, log, layout: deltaLayout(plan), plan, spec, readVersion };
}

async function pathDestination(
  context: WarehouseContext,
  request: WriteRequest,
  options: WriteOptions,
  path: string,
): Promise<WriteDestination> {
  const directory = normalizeLocation(path);
  const log = context.deltaLog(directory, path);
  const snapshot = await log.latest();
  if (snapshot === undefined) {
    if (request.requireExisting) throw deltaTableMissing(path);
    return { kind: "newPath", directory, log, layout: newDeltaLayout(request, path) };
  }
  if (request.mode === "error") {
    throw sparkError("AnalysisException", { condition: "DELTA_PATH_EXISTS", messageParameters: { path } });
  }
  if (request.mode === "ignore") return { kind: "nothing" };
  const spec = deltaSpec(request, options, path);
  const plan = planDeltaWrite(snapshot, spec);
  const readVersion = request.reads?.find((source) => source.directory === directory)?.version;
  return {
    kind: "delta",
    directory,
    entry: undefined,
    log,
    layout: deltaLayout(plan),
    plan,
    spec,
    readVersion,
  };
}

function fileDestination(
  context: WarehouseContext,
  request: WriteRequest,
  options: WriteOptions,
  entry: TableEntry,
  databaseLocation: string,
): WriteDestination {
  // Only an insert keeps other partitions: `saveAsTable` makes such a table anew whatever the mode says.
  const dynamic =
    request.mode === "overwrite" &&
    options.scope.kind === "dynamic" &&
    request.requireExisting === true &&
    (entry.partitionColumns ?? []).length > 0;
  const where = request.mode === "overwrite" && options.scope.kind === "where" ? options.scope : undefined;
  if (where !== undefined && request.requireExisting !== true)
    throw unsupported(`replaceWhere on a table of provider ${entry.provider}`);
  const keepsSchema = request.mode === "append" || dynamic || request.requireExisting === true;
  if (!keepsSchema) {
    return newTable(context, request, entry, databaseLocation, entry);
  }
  if (entry.tableType === "EXTERNAL" && request.mode === "overwrite") {
    throw unsupported(`overwriting the files of the external table ${quotedTableName(entry)} in place`);
  }
  if (entry.schema === undefined)
    throw unsupported(`writing into ${quotedTableName(entry)}, whose schema is not known`);
  const plan = planMoreFiles(entry, entry.schema, request);
  const layout = fileLayout(entry.provider ?? "", plan);
  if (request.mode === "append" || dynamic || where !== undefined) {
    const scope = where?.predicate ?? (dynamic ? "dynamic" : "append");
    return { kind: "files", directory: entry.directory as string, entry, layout, scope };
  }
  return {
    kind: "newTable",
    directory: context.newDirectory(databaseLocation, entry.table),
    provider: entry.provider as string,
    layout,
    replaces: entry,
    keepsIdentity: true,
    external: false,
  };
}

function newTable(
  context: WarehouseContext,
  request: WriteRequest,
  name: TableIdentifier,
  databaseLocation: string,
  replaces: TableEntry | undefined,
): WriteDestination {
  assertValidName(name.table);
  const tableName = quotedTableName(name);
  const provider = (request.provider ?? replaces?.provider ?? "delta").toLowerCase();
  const layout =
    provider === "delta"
      ? newDeltaLayout(request, tableName)
      : fileLayout(provider, planNewFiles(request, tableName));
  const external = request.location !== undefined;
  return {
    kind: "newTable",
    directory: external
      ? normalizeLocation(request.location)
      : context.newDirectory(databaseLocation, name.table),
    provider,
    layout,
    replaces,
    keepsIdentity: replaces !== undefined && replaces.provider === provider,
    external,
  };
}

function deltaSpec(request: WriteRequest, options: WriteOptions, tableName: string): DeltaWriteSpec {
  return {
    mode: request.mode === "overwrite" ? "overwrite" : "append",
    data: request.schema,
    partitionBy: request.partitionBy,
    mergeSchema: options.mergeSchema,
    overwriteSchema: options.overwriteSchema,
    byPosition: request.byPosition === true,
    tableName,
  };
}

function deltaLayout(plan: DeltaWritePlan): FileLayout {
  const { schema, sources, partitionBy, constraints, statisticsColumns: count } = plan;
  return {
    format: "parquet",
    schema,
    sources,
    partitionBy,
    constraints,
    physicalNames: plan.physicalNames,
    statisticsColumns: count,
  };
}

function newDeltaLayout(request: WriteRequest, tableName: string): FileLayout {
  const configuration = request.properties ?? {};
  const schema = newTableSchema(schemaOfNewTable(request.schema), configuration);
  return {
    format: "parquet",
    schema,
    sources: schema.fields.map((_, i) => i),
    partitionBy: resolvePartitionColumns(schema, request.partitionBy ?? [], tableName),
    constraints: constraintsOf(schema, configuration),
    physicalNames: physicalNames(schema, configuration),
    statisticsColumns: statisticsColumns(schema, configuration),
  };
}

function fileLayout(provider: string, plan: ReturnType<typeof planNewFiles>): FileLayout {
  if (!isFileProvider(provider)) throw unsupported(`tables of provider ${provider}`);
  return { format: provider, ...plan, constraints: [], physicalNames: undefined, statisticsColumns: 0 };
}

export function deltaTableMissing(tableName: string): Error {
  return sparkError("AnalysisException", {
    condition: "DELTA_TABLE_NOT_FOUND",
    messageParameters: { tableName },
  });
}
