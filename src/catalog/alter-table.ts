import { unsupported } from "../errors/spark-error.ts";
import { removeAction } from "../lake/file-actions.ts";
import { changeConfigurationActions, changeSchemaActions } from "../lake/new-table.ts";
import { assertDistinctNames } from "../lake/write-schema.ts";
import type { StructType } from "../types/data-type.ts";
import { struct } from "../types/data-type.ts";
import { quoteIdentifier } from "../types/format.ts";
import type { TableEntry, TableIdentifier } from "./catalog-entry.ts";
import { quotedTableName } from "./catalog-entry.ts";
import {
  dropViewOnTable,
  expectTableNotView,
  expectViewNotTable,
  renameAcrossDatabases,
  renameTargetExists,
  tableNotFound,
} from "./catalog-errors.ts";
import type { WarehouseContext } from "./context.ts";
import { assertValidName, normalizeTableName } from "./names.ts";
import { commitInPlace, existingTable } from "./table-in-place.ts";

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
    // Renaming is the one command that names them by their last part alone.
    const shortName = quoteIdentifier(entry.table);
    if (view && entry.tableType !== "VIEW") {
      throw expectViewNotTable("ALTER VIEW", entry, "USE_ALTER_TABLE", shortName);
    }
    if (!view && entry.tableType === "VIEW") {
      throw expectTableNotView("ALTER TABLE", entry, "USE_ALTER_VIEW", shortName);
    }
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
