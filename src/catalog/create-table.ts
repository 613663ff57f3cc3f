import { analysisError, sparkError, unsupported } from "../errors/spark-error.ts";
import type { CommitPlan } from "../lake/delta-log.ts";
import { removeAction } from "../lake/file-actions.ts";
import { changeSchemaActions, createTableActions, resolvePartitionColumns } from "../lake/new-table.ts";
import type { Snapshot } from "../lake/snapshot.ts";
import { assertDistinctNames } from "../lake/write-schema.ts";
import type { StructType } from "../types/data-type.ts";
import { sameTypeIgnoringNullability, struct } from "../types/data-type.ts";
import { treeString } from "../types/format.ts";
import type { CatalogAction } from "./catalog-actions.ts";
import type { TableEntry } from "./catalog-entry.ts";
import { quotedTableName } from "./catalog-entry.ts";
import { expectViewNotTable, schemaNotFound, tableAlreadyExists } from "./catalog-errors.ts";
import type { WarehouseContext } from "./context.ts";
import { directoryLockName } from "./directory-lease.ts";
import { isFileProvider } from "./file-tables.ts";
import { assertValidName, normalizeLocation, normalizeTableName } from "./names.ts";
import { commitInPlace } from "./table-in-place.ts";
import type { CreateTableRequest, CreateViewRequest } from "./warehouse-api.ts";

/** CREATE TABLE without data. False: it exists and `ifNotExists` was given. */
export async function createTable(context: WarehouseContext, request: CreateTableRequest): Promise<boolean> {
  const name = normalizeTableName(request.name);
  const provider = (request.provider ?? "delta").toLowerCase();
  if (provider !== "delta" && !isFileProvider(provider)) throw unsupported(`tables of provider ${provider}`);
  const state = await context.catalog.state();
  const database = state.database(name.database);
  if (database === undefined) throw schemaNotFound(request.name.database);
  const existing = state.table(name);
  if (existing !== undefined) {
    if (request.ifNotExists) return false;
    if (!request.orReplace) throw tableAlreadyExists(request.name);
    if (existing.provider === "delta" && provider === "delta" && request.location === undefined) {
      await replaceDeltaTable(context, existing, request);
      return true;
    }
  }
  assertValidName(name.table);
  const external = request.location !== undefined;
  const directory = external
    ? normalizeLocation(request.location)
    : context.newDirectory(database.location, name.table);
  // The directory is held so that nobody collects it before the catalog names it.
  return context.storage.shared(directoryLockName(directory), async () => {
    const definition =
      provider === "delta"
        ? await createDeltaDirectory(context, request, directory, external)
        : fileTableDefinition(request);
    return registerTable(context, request, { ...definition, provider, directory, external }, existing);
  });
}

interface NewEntry {
  readonly provider: string;
  readonly directory: string;
  readonly external: boolean;
  readonly schema?: StructType;
  readonly partitionColumns?: readonly string[];
}

/** Names a directory that is ready; false: it exists and `ifNotExists` was given. */
export async function registerTable(
  context: WarehouseContext,
  request: CreateTableRequest,
  made: NewEntry,
  replaces: TableEntry | undefined,
): Promise<boolean> {
  const name = normalizeTableName(request.name);
  const { external, ...definition } = made;
  const created = await context.catalog
    .commit<boolean>((state) => {
      if (state.database(name.database) === undefined) throw schemaNotFound(request.name.database);
      const current = state.table(name);
      if (current !== undefined && !request.orReplace) {
        if (request.ifNotExists) return { keep: false };
        throw tableAlreadyExists(request.name);
      }
      const now = context.env.clock.now();
      const entry: TableEntry = {
        ...name,
        ...definition,
        id: context.env.random.uuid(),
        tableType: external ? "EXTERNAL" : "MANAGED",
        ...(request.comment === undefined ? {} : { comment: request.comment }),
        properties: request.properties ?? {},
        options: request.options ?? {},
        createdMs: now,
        lastModifiedMs: now,
      };
      const actions: CatalogAction[] = current === undefined ? [] : [{ dropTable: { id: current.id } }];
      actions.push({ table: entry });
      return {
        operation: replaces === undefined ? "CREATE TABLE" : "CREATE OR REPLACE TABLE",
        actions,
        result: true,
      };
    })
    .catch(async (error: unknown) => {
      await discard(context, made);
      throw error;
    });
  if (!created) await discard(context, made);
  return created;
}

/** Removes a directory that was made for an entry that did not come to be; what stays is collected later. */
async function discard(context: WarehouseContext, made: NewEntry): Promise<void> {
  if (made.external) return;
  try {
    const state = await context.catalog.state();
    if (state.allTables().some((entry) => entry.directory === made.directory)) return;
    await context.deltaLog(made.directory, made.directory).settled();
    context.forget(made.directory);
    await context.storage.removeDirectory(made.directory);
  } catch (error) {
    context.env.logger.warn("a directory stays behind", { directory: made.directory, error: String(error) });
  }
}

async function createDeltaDirectory(
  context: WarehouseContext,
  request: CreateTableRequest,
  directory: string,
  external: boolean,
): Promise<Pick<NewEntry, "schema" | "partitionColumns">> {
  const tableName = quotedTableName(normalizeTableName(request.name));
  const log = context.deltaLog(directory, tableName);
  const warehouse = await context.catalog.ensureCatalogId();
  const result = await log.commit(async ({ latest }): Promise<CommitPlan | undefined> => {
    if (latest !== undefined) {
      assertDescribes(request, latest, directory);
      return undefined;
    }
    if (request.schema === undefined) {
      throw sparkError("AnalysisException", {
        condition: "DELTA_CREATE_EXTERNAL_TABLE_WITHOUT_TXN_LOG",
        messageParameters: { tableName, path: directory, logPath: `${directory}/_delta_log` },
      });
    }
    return {
      operation: "CREATE TABLE",
      operationParameters: {
        isManaged: String(!external),
        description: request.comment ?? null,
        partitionBy: JSON.stringify(request.partitionBy ?? []),
        properties: JSON.stringify(request.properties ?? {}),
      },
      ...(external ? {} : { warehouse }),
      ...createTableActions(definitionOf(request, request.schema), context.env, tableName),
      actions: [],
      isBlindAppend: true,
    };
  });
  context.env.logger.debug("a table directory is ready", { directory, created: result.committed });
  return {};
}

function definitionOf(
  request: CreateTableRequest,
  schema: StructType,
): Parameters<typeof createTableActions>[0] {
  return {
    schema,
    partitionColumns: request.partitionBy ?? [],
    configuration: request.properties ?? {},
    ...(request.comment === undefined ? {} : { description: request.comment }),
  };
}

/** CREATE TABLE over a Delta table that is there: what is said of it must be true. */
function assertDescribes(request: CreateTableRequest, latest: Snapshot, path: string): void {
  const { schema } = request;
  if (schema !== undefined && !sameColumns(schema, latest.schema)) {
    throw analysisError("DELTA_CREATE_TABLE_SCHEME_MISMATCH", {
      path,
      specifiedSchema: treeString(schema),
      existingSchema: treeString(latest.schema),
      schemaDifferences: "The columns are not the same.",
    });
  }
  const specified = request.partitionBy ?? [];
  if (schema === undefined && specified.length === 0) return;
  if (specified.join("\0") === latest.partitionColumns.join("\0")) return;
  throw analysisError("DELTA_CREATE_TABLE_WITH_DIFFERENT_PARTITIONING", {
    path,
    specifiedColumns: specified.join(", "),
    existingColumns: latest.partitionColumns.join(", "),
  });
}

function sameColumns(a: StructType, b: StructType): boolean {
  return (
    a.fields.length === b.fields.length &&
    a.fields.every((f, i) => {
      const g = b.fields[i];
      return (
        g !== undefined &&
        f.name === g.name &&
        f.nullable === g.nullable &&
        sameTypeIgnoringNullability(f.dataType, g.dataType)
      );
    })
  );
}

/** CREATE OR REPLACE: another schema and no rows, in the same log, so that history goes on. */
async function replaceDeltaTable(
  context: WarehouseContext,
  entry: TableEntry,
  request: CreateTableRequest,
): Promise<void> {
  const { schema } = request;
  if (schema === undefined) throw unsupported("CREATE OR REPLACE TABLE without columns");
  const tableName = quotedTableName(entry);
  await commitInPlace(context, entry, async (latest) => {
    const fresh = createTableActions(definitionOf(request, schema), context.env, tableName);
    const now = context.env.clock.now();
    const protocol = changeSchemaActions(
      {
        metadata: { ...latest.metadata, configuration: fresh.metadata.configuration },
        protocol: latest.protocol,
      },
      schema,
      fresh.metadata.partitionColumns,
    ).protocol;
    return {
      operation: "CREATE OR REPLACE TABLE",
      operationParameters: {
        isManaged: String(entry.tableType === "MANAGED"),
        description: request.comment ?? null,
        partitionBy: JSON.stringify(request.partitionBy ?? []),
        properties: JSON.stringify(request.properties ?? {}),
      },
      metadata: { ...fresh.metadata, id: latest.metadata.id },
      ...(protocol === undefined ? {} : { protocol }),
      actions: latest.files.map((file) => removeAction(file, now)),
      readVersion: latest.version,
      isBlindAppend: false,
    };
  });
}

function fileTableDefinition(request: CreateTableRequest): Pick<NewEntry, "schema" | "partitionColumns"> {
  const tableName = quotedTableName(normalizeTableName(request.name));
  const schema = request.schema ?? struct([]);
  assertDistinctNames(schema);
  const partitionColumns = resolvePartitionColumns(schema, request.partitionBy ?? [], tableName);
  const isPartition = (name: string): boolean => partitionColumns.includes(name);
  const fields = [
    ...schema.fields.filter((f) => !isPartition(f.name)),
    ...partitionColumns.map(
      (name) => schema.fields.find((f) => f.name === name) as StructType["fields"][number],
    ),
  ];
  // Spark's file tables do not keep NOT NULL.
  return { schema: struct(fields.map((f) => ({ ...f, nullable: true }))), partitionColumns };
}

export async function createView(context: WarehouseContext, request: CreateViewRequest): Promise<boolean> {
  const name = normalizeTableName(request.name);
  assertValidName(name.table);
  return context.catalog.commit<boolean>((state) => {
    if (state.database(name.database) === undefined) throw schemaNotFound(request.name.database);
    const current = state.table(name);
    if (current !== undefined) {
      if (request.ifNotExists) return { keep: false };
      if (!request.orReplace) throw tableAlreadyExists(request.name);
      if (current.tableType !== "VIEW")
        throw expectViewNotTable("CREATE OR REPLACE VIEW", current, "NO_ALTERNATIVE");
    }
    const now = context.env.clock.now();
    const entry: TableEntry = {
      ...name,
      id: current?.id ?? context.env.random.uuid(),
      tableType: "VIEW",
      schema: request.schema,
      ...(request.comment === undefined ? {} : { comment: request.comment }),
      properties: request.properties ?? {},
      options: {},
      createdMs: now,
      lastModifiedMs: now,
      view: request.view,
    };
    return { operation: "CREATE VIEW", actions: [{ table: entry }], result: true };
  });
}
