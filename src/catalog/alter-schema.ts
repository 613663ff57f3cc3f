import { unsupported } from "../errors/spark-error.ts";
import { removeAction } from "../lake/file-actions.ts";
import { changeSchemaActions } from "../lake/new-table.ts";
import type { StructType } from "../types/data-type.ts";
import { struct } from "../types/data-type.ts";
import type { TableFile } from "./catalog-actions.ts";
import type { TableEntry, TableIdentifier } from "./catalog-entry.ts";
import { quotedTableName } from "./catalog-entry.ts";
import { tableNotFound } from "./catalog-errors.ts";
import type { WarehouseContext } from "./context.ts";
import { deltaScan } from "./delta-scan.ts";
import { commitInPlace, existingTable } from "./table-in-place.ts";

export type PartitionText = Readonly<Record<string, string | null>>;

export interface SchemaChange {
  /** For the history of a Delta table: `CHANGE COLUMN`. */
  readonly operation: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Worked out against the newest schema, perhaps more than once. */
  readonly change: (schema: StructType) => StructType;
}

/** Another schema for a table, whose files stay as they are. */
export async function alterSchema(
  context: WarehouseContext,
  name: TableIdentifier,
  { operation, parameters = {}, change }: SchemaChange,
): Promise<void> {
  const entry = await existingTable(context, name);
  if (entry.provider !== "delta") {
    await alterEntry(context, entry, (current) => {
      const { fields } = change(current.schema ?? struct([]));
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
    operation,
    operationParameters: parameters,
    ...changeSchemaActions(latest, change(latest.schema)),
    actions: [],
    readVersion: latest.version,
    isBlindAppend: true,
  }));
}

/** Another entry for a table or view in the catalog, worked out against the newest one. */
export async function alterEntry(
  context: WarehouseContext,
  name: TableIdentifier,
  change: (current: TableEntry) => TableEntry,
): Promise<void> {
  const entry = await existingTable(context, name);
  await context.catalog.commit<void>((state) => {
    const current = state.tableById(entry.id);
    if (current === undefined) throw tableNotFound(name);
    const table = { ...change(current), lastModifiedMs: context.env.clock.now() };
    return { operation: "ALTER TABLE", actions: [{ table }], result: undefined };
  });
}

/** Takes the rows of partitions out of a table; each of `partitions` may leave columns open. */
export async function dropPartitions(
  context: WarehouseContext,
  name: TableIdentifier,
  partitions: readonly PartitionText[],
  options: {
    readonly operation: string;
    /** TRUNCATE: the partitions stay, without rows. */
    readonly keepEmpty?: boolean;
  },
): Promise<void> {
  const entry = await existingTable(context, name);
  const matches = (values: PartitionText): boolean =>
    partitions.some((wanted) =>
      Object.entries(wanted).every(([column, value]) => (values[column] || null) === (value || null)),
    );
  if (entry.provider === "delta") {
    await commitInPlace(context, entry, async (latest) => {
      const log = context.deltaLog(entry.directory as string, quotedTableName(entry));
      const scanned = await deltaScan(log, latest).files();
      const now = context.env.clock.now();
      const gone = latest.files.filter((_, i) => matches(scanned[i]?.partitionValues ?? {}));
      return {
        operation: options.operation,
        operationMetrics: { numRemovedFiles: String(gone.length) },
        actions: gone.map((file) => removeAction(file, now)),
        readVersion: latest.version,
        isBlindAppend: false,
      };
    });
    return;
  }
  await changeFiles(context, entry, options.operation, (files, current) => {
    const gone = files.filter((file) => matches(file.partitionValues));
    const before = current.emptyPartitions ?? [];
    const emptied = options.keepEmpty === true ? gone.map((file) => file.partitionValues) : [];
    return {
      files: files.filter((file) => !gone.includes(file)),
      emptyPartitions: [...before.filter((p) => options.keepEmpty === true || !matches(p)), ...emptied],
    };
  });
}

/** Gives the rows of a partition other values of its columns: the files stay where they are. */
export async function renamePartition(
  context: WarehouseContext,
  name: TableIdentifier,
  from: PartitionText,
  to: PartitionText,
): Promise<void> {
  const entry = await existingTable(context, name);
  const isIt = (values: PartitionText): boolean =>
    Object.entries(from).every(([column, value]) => (values[column] || null) === (value || null));
  await changeFiles(context, entry, "RENAME PARTITION", (files, current) => ({
    files: files.map((file) => (isIt(file.partitionValues) ? { ...file, partitionValues: to } : file)),
    emptyPartitions: (current.emptyPartitions ?? []).map((p) => (isIt(p) ? to : p)),
  }));
}

async function changeFiles(
  context: WarehouseContext,
  entry: TableEntry,
  operation: string,
  change: (
    files: readonly TableFile[],
    current: TableEntry,
  ) => { readonly files: readonly TableFile[]; readonly emptyPartitions: readonly PartitionText[] },
): Promise<void> {
  if (entry.tableType === "EXTERNAL") {
    throw unsupported(`${operation} on the external table ${quotedTableName(entry)}`);
  }
  await context.catalog.commit<void>((state) => {
    const current = state.tableById(entry.id);
    if (current === undefined) throw tableNotFound(entry);
    const { files, emptyPartitions } = change(state.files(entry.id), current);
    const table: TableEntry = { ...current, emptyPartitions, lastModifiedMs: context.env.clock.now() };
    return {
      operation,
      actions: [{ table }, { clearFiles: { id: entry.id } }, { addFiles: { id: entry.id, files } }],
      result: undefined,
    };
  });
}
