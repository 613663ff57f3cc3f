import { analysisError, sparkError, unsupported } from "../errors/spark-error.ts";
import type { CommitPlan, DeltaLog } from "../lake/delta-log.ts";
import { removeAction } from "../lake/file-actions.ts";
import {
  changeConfigurationActions,
  changeSchemaActions,
  createTableActions,
  resolvePartitionColumns,
} from "../lake/new-table.ts";
import type { Snapshot } from "../lake/snapshot.ts";
import { assertDistinctNames } from "../lake/write-schema.ts";
import type { StructType } from "../types/data-type.ts";
import { sameTypeIgnoringNullability, struct } from "../types/data-type.ts";
import { treeString } from "../types/format.ts";
import type { CatalogAction } from "./catalog-actions.ts";
import type { TableEntry, TableIdentifier } from "./catalog-entry.ts";
import { quotedTableName } from "./catalog-entry.ts";
import {
  dropViewOnTable,
  expectTableNotView,
  expectViewNotTable,
  renameAcrossDatabases,
  renameTargetExists,
  schemaNotFound,
  tableAlreadyExists,
  tableNotFound,
} from "./catalog-errors.ts";
import type { WarehouseContext } from "./context.ts";
import { directoryLockName } from "./directory-lease.ts";
import { isFileProvider } from "./file-tables.ts";
import { assertValidName, normalizeLocation, normalizeTableName } from "./names.ts";
import type { CreateTableRequest, CreateViewRequest } from "./warehouse-api.ts";
import { deltaTableMissing } from "./write-destination.ts";

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

async function registerTable(
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

/** DROP TABLE (which takes views too, as in Spark) or DROP VIEW. */
export async function dropTable(
  context: WarehouseContext,
  request: { readonly name: TableIdentifier; readonly ifExists?: boolean },
  kind: "table" | "view",
): Promise<boolean> {
  const name = normalizeTableName(request.name);
  const entry = (await context.catalog.state()).table(name);
  const drop = (): Promise<boolean> =>
    context.catalog.commit<boolean>((state) => {
      const current = state.table(name);
      if (current === undefined) {
        if (request.ifExists) return { keep: false };
        throw tableNotFound(request.name);
      }
      if (kind === "view" && current.tableType !== "VIEW") throw dropViewOnTable(current);
      return {
        operation: `DROP ${kind.toUpperCase()}`,
        actions: [{ dropTable: { id: current.id } }],
        result: true,
      };
    });
  // The table's lock before the catalog's: a commit that is under way ends first.
  if (entry?.provider !== "delta") return drop();
  return context.storage.exclusive(
    context.deltaLog(entry.directory as string, quotedTableName(entry)).lockName,
    drop,
  );
}

export async function renameTable(
  context: WarehouseContext,
  from: TableIdentifier,
  to: TableIdentifier,
  view: boolean,
): Promise<void> {
  const source = normalizeTableName(from);
  const target = normalizeTableName(to);
  await context.catalog.commit<void>((state) => {
    const entry = state.table(source);
    if (entry === undefined) throw tableNotFound(from);
    if (view && entry.tableType !== "VIEW") throw expectViewNotTable("ALTER VIEW", entry, "USE_ALTER_TABLE");
    if (!view && entry.tableType === "VIEW") throw expectTableNotView("ALTER TABLE", entry, "USE_ALTER_VIEW");
    if (source.database !== target.database) throw renameAcrossDatabases(source.database, target.database);
    assertValidName(to.table);
    if (state.table(target) !== undefined) throw renameTargetExists(target);
    const renamed = { ...entry, ...target, lastModifiedMs: context.env.clock.now() };
    return { operation: "RENAME TABLE", actions: [{ table: renamed }], result: undefined };
  });
}

export async function alterTableProperties(
  context: WarehouseContext,
  name: TableIdentifier,
  change: { readonly set?: Readonly<Record<string, string>>; readonly unset?: readonly string[] },
): Promise<void> {
  const entry = await existingTable(context, name);
  const changed = (before: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
    const after: Record<string, string> = { ...before, ...change.set };
    for (const key of change.unset ?? []) delete after[key];
    return after;
  };
  if (entry.provider !== "delta") {
    await changeEntry(context, entry, (current) => ({ ...current, properties: changed(current.properties) }));
    return;
  }
  await commitInPlace(context, entry, async (latest) => ({
    operation: change.set === undefined ? "UNSET TBLPROPERTIES" : "SET TBLPROPERTIES",
    operationParameters: { properties: JSON.stringify(change.set ?? change.unset ?? []) },
    ...changeConfigurationActions(latest, {
      configuration: changed(latest.configuration),
      description: latest.metadata.description,
    }),
    actions: [],
    readVersion: latest.version,
    isBlindAppend: true,
  }));
}

export async function alterTableComment(
  context: WarehouseContext,
  name: TableIdentifier,
  comment: string | undefined,
): Promise<void> {
  const entry = await existingTable(context, name);
  if (entry.tableType === "VIEW") throw expectTableNotView("COMMENT ON TABLE", entry, "NO_ALTERNATIVE");
  if (entry.provider !== "delta") {
    await changeEntry(context, entry, ({ comment: _old, ...rest }) => ({
      ...rest,
      ...(comment === undefined ? {} : { comment }),
    }));
    return;
  }
  await commitInPlace(context, entry, async (latest) => ({
    operation: "SET TBLPROPERTIES",
    operationParameters: { properties: JSON.stringify({ comment: comment ?? null }) },
    ...changeConfigurationActions(latest, { configuration: latest.configuration, description: comment }),
    actions: [],
    readVersion: latest.version,
    isBlindAppend: true,
  }));
}

export async function addColumns(
  context: WarehouseContext,
  name: TableIdentifier,
  columns: StructType,
): Promise<void> {
  const entry = await existingTable(context, name);
  if (entry.tableType === "VIEW")
    throw expectTableNotView("ALTER TABLE ... ADD COLUMNS", entry, "NO_ALTERNATIVE");
  const added = columns.fields.map((f) => ({ ...f, nullable: true }));
  const extend = (schema: StructType): StructType => {
    const extended = struct([...schema.fields, ...added]);
    assertDistinctNames(extended);
    return extended;
  };
  if (entry.provider !== "delta") {
    await changeEntry(context, entry, (current) => {
      const { fields } = extend(current.schema ?? struct([]));
      // Partition columns stay last.
      const isPartition = (column: string): boolean => current.partitionColumns?.includes(column) ?? false;
      const ordered = [
        ...fields.filter((f) => !isPartition(f.name)),
        ...fields.filter((f) => isPartition(f.name)),
      ];
      return { ...current, schema: struct(ordered) };
    });
    return;
  }
  await commitInPlace(context, entry, async (latest) => ({
    operation: "ADD COLUMNS",
    operationParameters: {
      columns: JSON.stringify(added.map((f) => ({ column: { name: f.name, nullable: true } }))),
    },
    ...changeSchemaActions(latest, extend(latest.schema)),
    actions: [],
    readVersion: latest.version,
    isBlindAppend: true,
  }));
}

export async function truncateTable(context: WarehouseContext, name: TableIdentifier): Promise<void> {
  const entry = await existingTable(context, name);
  if (entry.tableType === "VIEW") throw expectTableNotView("TRUNCATE TABLE", entry, "NO_ALTERNATIVE");
  if (entry.provider !== "delta") {
    if (entry.tableType === "EXTERNAL")
      throw unsupported(`TRUNCATE TABLE on the external table ${quotedTableName(entry)}`);
    await context.catalog.commit<void>((state) => {
      if (state.tableById(entry.id) === undefined) throw tableNotFound(name);
      return { operation: "TRUNCATE TABLE", actions: [{ clearFiles: { id: entry.id } }], result: undefined };
    });
    return;
  }
  await commitInPlace(context, entry, async (latest) => ({
    operation: "TRUNCATE",
    operationMetrics: { numRemovedFiles: String(latest.files.length) },
    actions: latest.files.map((file) => removeAction(file, context.env.clock.now())),
    readVersion: latest.version,
    isBlindAppend: false,
  }));
}

export async function existingTable(context: WarehouseContext, name: TableIdentifier): Promise<TableEntry> {
  const entry = (await context.catalog.state()).table(normalizeTableName(name));
  if (entry === undefined) throw tableNotFound(name);
  return entry;
}

async function changeEntry(
  context: WarehouseContext,
  entry: TableEntry,
  change: (current: TableEntry) => TableEntry,
): Promise<void> {
  await context.catalog.commit<void>((state) => {
    const current = state.tableById(entry.id);
    if (current === undefined) throw tableNotFound(entry);
    const table = { ...change(current), lastModifiedMs: context.env.clock.now() };
    return { operation: "ALTER TABLE", actions: [{ table }], result: undefined };
  });
}

/** A commit that is worked out against the newest version under the lock, as long as the table is the catalog's. */
async function commitInPlace(
  context: WarehouseContext,
  entry: TableEntry,
  plan: (latest: Snapshot) => Promise<CommitPlan>,
): Promise<void> {
  const log: DeltaLog = context.deltaLog(entry.directory as string, quotedTableName(entry));
  await log.commit(
    async ({ latest }) => {
      if (latest === undefined) throw deltaTableMissing(quotedTableName(entry));
      return plan(latest);
    },
    {
      beforeCommit: async () => {
        const current = (await context.catalog.state()).tableById(entry.id);
        if (current?.directory !== entry.directory) throw tableNotFound(entry);
      },
    },
  );
}
