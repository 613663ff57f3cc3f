import { quotedTableName, type TableEntry } from "../../catalog/catalog-entry.ts";
import { normalizeLocation } from "../../catalog/names.ts";
import type { ResolvedTable } from "../../catalog/warehouse-api.ts";
import { analysisError, ParseException, unsupported } from "../../errors/spark-error.ts";
import type {
  AddedColumn,
  AlterTable,
  AlterTableAction,
  ColumnChange,
  ColumnPosition,
  CommentOnColumns,
  CommentOnTable,
} from "../../plan/statement.ts";
import {
  type DataType,
  type StructField,
  type StructType,
  sameTypeIgnoringNullability,
  struct,
} from "../../types/data-type.ts";
import { quotedSqlType, treeString } from "../../types/format.ts";
import { diskPathOf, scanNow } from "../disk-scan.ts";
import { declaredField } from "./char-types.ts";
import { checkDefault } from "./column-defaults.ts";
import {
  type CommandEnv,
  findRelation,
  quoteName,
  quoteParts,
  requireTable,
  tableIdentifier,
  tableNotFound,
  temporaryView,
} from "./command-env.ts";
import { type CommandOutput, NO_OUTPUT } from "./command-output.ts";
import { columnField } from "./create-table.ts";
import { requirePartitioned } from "./maintenance.ts";
import {
  existingPartitions,
  matchesPartition,
  partitionsNotFound,
  partitionValues,
  requirePartition,
  shownPartition,
} from "./partitions.ts";

type Action<T extends AlterTableAction["type"]> = Extract<AlterTableAction, { type: T }>;

/** How messages name a change. */
const OPERATIONS: Readonly<Record<AlterTableAction["type"], string>> = {
  addColumns: "ADD COLUMNS",
  replaceColumns: "REPLACE COLUMNS",
  alterColumns: "ALTER COLUMN",
  renameColumn: "RENAME COLUMN",
  dropColumns: "DROP COLUMN",
  renameTo: "",
  setProperties: "SET TBLPROPERTIES",
  unsetProperties: "UNSET TBLPROPERTIES",
  setLocation: "SET LOCATION ...",
  addPartitions: "ADD PARTITION ...",
  dropPartitions: "DROP PARTITION ...",
  renamePartition: "RENAME TO PARTITION",
  recoverPartitions: "RECOVER PARTITIONS",
  clusterBy: "CLUSTER BY",
  setCollation: "DEFAULT COLLATION",
  setSerde: "SET [SERDE|SERDEPROPERTIES]",
  addConstraint: "ADD CONSTRAINT",
  dropConstraint: "DROP CONSTRAINT",
};

export async function alterTable(command: AlterTable, env: CommandEnv): Promise<CommandOutput> {
  const { action } = command;
  if (action.type === "renameTo") await rename(command, action, env);
  else if (action.type === "setProperties" || action.type === "unsetProperties") {
    await changeProperties(command, action, env);
  } else {
    const table = await requireTable(command.name, `ALTER TABLE ... ${shownOperation(command)}`, env);
    await changeTable(table, action, env);
  }
  return NO_OUTPUT;
}

/** The words by which Spark's parser knew the change. */
function shownOperation({ action }: AlterTable): string {
  if (action.type === "addColumns" && action.columns.length === 1) return "ADD COLUMN";
  if (action.type === "alterColumns" && action.hiveStyle === true) return "CHANGE COLUMN";
  return OPERATIONS[action.type];
}

async function rename(command: AlterTable, action: Action<"renameTo">, env: CommandEnv): Promise<void> {
  const temporary = temporaryView(command.name, env.session);
  if (temporary !== undefined) {
    const views = temporary.nameParts.length > 1 ? env.session.driver.globalTempViews : env.session.tempViews;
    const name = action.to.at(-1) as string;
    views.create({ ...temporary.view, name }, { replace: false });
    views.drop(temporary.view.name);
    return;
  }
  if ((await findRelation(command.name, env)) === undefined) throw tableNotFound(command.name, env.session);
  const from = tableIdentifier(command.name, env.session);
  const to =
    action.to.length === 1
      ? { database: from.database, table: action.to[0] as string }
      : tableIdentifier(action.to, env.session);
  await env.warehouse.renameTable(from, to, { view: command.isView });
}

async function changeProperties(
  command: AlterTable,
  action: Action<"setProperties"> | Action<"unsetProperties">,
  env: CommandEnv,
): Promise<void> {
  const temporary = temporaryView(command.name, env.session);
  const table = temporary === undefined ? await findRelation(command.name, env) : undefined;
  if (temporary === undefined && table === undefined) throw tableNotFound(command.name, env.session);
  const isView = table === undefined || table.entry.view !== undefined;
  if (isView && !command.isView) {
    throw analysisError("EXPECT_TABLE_NOT_VIEW.USE_ALTER_VIEW", {
      operation: `ALTER TABLE ... ${OPERATIONS[action.type]}`,
      viewName: table === undefined ? quoteParts(temporary?.nameParts ?? []) : quotedTableName(table.entry),
    });
  }
  if (!isView && command.isView) {
    throw analysisError("EXPECT_VIEW_NOT_TABLE.USE_ALTER_TABLE", {
      operation: `ALTER VIEW ... ${OPERATIONS[action.type]}`,
      tableName: quotedTableName((table as ResolvedTable).entry),
    });
  }
  if (table === undefined) {
    changeTemporaryProperties(temporary as NonNullable<typeof temporary>, action, env);
    return;
  }
  // A property of that name is the comment itself.
  const comment = action.type === "setProperties" ? action.properties.comment : undefined;
  const unsets = action.type === "unsetProperties" && action.keys.includes("comment");
  if (comment !== undefined || unsets) {
    if (isView) await env.warehouse.alterEntry(table.entry, (entry) => withComment(entry, comment));
    else await env.warehouse.alterTableComment(table.entry, comment);
  }
  if (action.type === "setProperties") {
    const { comment: _, ...set } = action.properties;
    if (Object.keys(set).length > 0) await env.warehouse.alterTableProperties(table.entry, { set });
  } else {
    for (const key of action.keys) refuseReserved(key);
    await env.warehouse.alterTableProperties(table.entry, {
      unset: action.keys.filter((k) => k !== "comment"),
    });
  }
}

const RESERVED: Readonly<Record<string, string>> = {
  provider: "please use the USING clause to specify it",
  location: "please use the LOCATION clause to specify it",
  owner: "it will be set to the current user",
};

function refuseReserved(property: string): void {
  const msg = RESERVED[property];
  if (msg === undefined) return;
  throw new ParseException({
    condition: "UNSUPPORTED_FEATURE.SET_TABLE_PROPERTY",
    messageParameters: { property, msg },
  });
}

function withComment(entry: TableEntry, comment: string | undefined): TableEntry {
  const { comment: _, ...rest } = entry;
  return comment === undefined ? rest : { ...rest, comment };
}

function changeTemporaryProperties(
  { view, nameParts }: NonNullable<ReturnType<typeof temporaryView>>,
  action: Action<"setProperties"> | Action<"unsetProperties">,
  env: CommandEnv,
): void {
  const properties: Record<string, string> = { ...view.properties };
  if (action.type === "setProperties") Object.assign(properties, action.properties);
  else for (const key of action.keys) delete properties[key];
  const views = nameParts.length > 1 ? env.session.driver.globalTempViews : env.session.tempViews;
  views.create({ ...view, properties }, { replace: true });
}

async function changeTable(table: ResolvedTable, action: AlterTableAction, env: CommandEnv): Promise<void> {
  switch (action.type) {
    case "addColumns":
      return addColumns(table, action.columns, env);
    case "alterColumns":
      return alterColumns(table, action.changes, env);
    case "renameColumn":
    case "dropColumns":
    case "replaceColumns":
      return reshape(table, action, env);
    case "setLocation":
      return setLocation(table, action, env);
    case "addPartitions":
      return addPartitions(table, action, env);
    case "dropPartitions":
      return dropPartitions(table, action, env);
    case "renamePartition":
      return renamePartition(table, action, env);
    case "recoverPartitions":
      return requirePartitioned(table, "ALTER TABLE RECOVER PARTITIONS");
    case "clusterBy":
      return clusterBy(table, action, env);
    case "setCollation":
      return env.warehouse.alterEntry(table.entry, (entry) => ({ ...entry, collation: action.collation }));
    case "setSerde":
      throw analysisError("UNSUPPORTED_FEATURE.ALTER_TABLE_SERDE_FOR_DATASOURCE_TABLE", {
        tableName: quotedTableName(table.entry),
      });
    case "addConstraint":
    case "dropConstraint":
      return changeConstraint(table, action, env);
    case "renameTo":
    case "setProperties":
    case "unsetProperties":
      return;
  }
}

function unsupportedOperation(table: ResolvedTable, operation: string): Error {
  return analysisError("UNSUPPORTED_FEATURE.TABLE_OPERATION", {
    tableName: quotedTableName(table.entry),
    operation,
  });
}

function unresolved(parts: readonly string[], fields: readonly StructField[]): Error {
  return analysisError("UNRESOLVED_COLUMN.WITH_SUGGESTION", {
    objectName: quoteParts(parts),
    proposal: fields.map((f) => quoteName(f.name)).join(", "),
  });
}

async function addColumns(
  table: ResolvedTable,
  columns: readonly AddedColumn[],
  env: CommandEnv,
): Promise<void> {
  const isDelta = table.entry.provider === "delta";
  const { schema } = await table.describe();
  const same = env.session.conf.nameEquality;
  const added: { readonly column: AddedColumn; readonly field: StructField }[] = [];
  for (const column of columns) {
    if (!isDelta && !column.nullable) throw analysisError("_LEGACY_ERROR_TEMP_1052", {});
    if (!column.nullable) throw unsupported("ADD COLUMN ... NOT NULL");
    if (column.name.length > 1) {
      if (!schema.fields.some((f) => same(f.name, column.name[0] as string))) {
        throw unresolved(column.name.slice(0, -1), schema.fields);
      }
      if (!isDelta) throw unsupportedOperation(table, "ADD COLUMN with qualified column");
      throw unsupported("ADD COLUMN inside of a struct");
    }
    const name = column.name[0] as string;
    const clashes = [...schema.fields.map((f) => f.name), ...added.map((a) => a.field.name)];
    if (clashes.some((other) => same(other, name))) {
      throw analysisError("COLUMN_ALREADY_EXISTS", { columnName: quoteName(name.toLowerCase()) });
    }
    if (column.defaultSql !== undefined && (isDelta || (await hasRows(table, env)))) {
      throw unsupported("ADD COLUMN with a DEFAULT for rows that are there");
    }
    const { position: _, name: __, ...definition } = column;
    const field = await columnField(
      { name, ...definition },
      table.entry.provider ?? "",
      quotedTableName(table.entry),
      "ALTER TABLE ADD COLUMNS",
      env,
    );
    added.push({ column, field });
  }
  await env.warehouse.alterSchema(table.entry, {
    operation: "ADD COLUMNS",
    parameters: {
      columns: JSON.stringify(added.map(({ field }) => ({ column: { name: field.name, nullable: true } }))),
    },
    // Only Delta's tables heed the position.
    change: (current) =>
      added.reduce(
        (s, { column, field }) => place(s, field, isDelta ? column.position : undefined, env),
        current,
      ),
  });
}

async function hasRows(table: ResolvedTable, env: CommandEnv): Promise<boolean> {
  return (await (await scanNow(table, env.session.driver.userFiles)).files()).length > 0;
}

function place(
  schema: StructType,
  field: StructField,
  position: ColumnPosition | undefined,
  env: CommandEnv,
): StructType {
  if (position === undefined) return struct([...schema.fields, field]);
  if (position.type === "first") return struct([field, ...schema.fields]);
  const same = env.session.conf.nameEquality;
  const at = schema.fields.findIndex((f) => same(f.name, position.column));
  if (at < 0) throw unresolved([position.column], schema.fields);
  return struct([...schema.fields.slice(0, at + 1), field, ...schema.fields.slice(at + 1)]);
}

async function alterColumns(
  table: ResolvedTable,
  changes: readonly ColumnChange[],
  env: CommandEnv,
): Promise<void> {
  const { entry } = table;
  const isDelta = entry.provider === "delta";
  const { schema, partitionColumns } = await table.describe();
  const same = env.session.conf.nameEquality;
  if (!isDelta && changes.length > 1) throw unsupportedOperation(table, "ALTER COLUMN in bulk");
  for (const change of changes) {
    const [name] = change.column as readonly [string, ...string[]];
    const field = schema.fields.find((f) => same(f.name, name));
    if (field === undefined) throw unresolved(change.column, schema.fields);
    if (change.column.length > 1) {
      if (!isDelta) throw unsupportedOperation(table, "ALTER COLUMN with qualified column");
      throw unsupported("ALTER COLUMN inside of a struct");
    }
    if (!isDelta) {
      if (change.nullable !== undefined) throw unsupportedOperation(table, "ALTER COLUMN ... SET NOT NULL");
      if (change.position !== undefined) throw unsupportedOperation(table, "ALTER COLUMN ... FIRST | AFTER");
      if (partitionColumns.includes(field.name)) {
        throw analysisError("CANNOT_ALTER_PARTITION_COLUMN", {
          tableName: quotedTableName(entry),
          columnName: quoteName(field.name),
        });
      }
    }
    if (change.nullable === false && field.nullable) throw unsupported("ALTER COLUMN ... SET NOT NULL");
    checkType(table, field, change.dataType);
    if (change.defaultExpression !== undefined) {
      await checkDefault(
        {
          name: field.name,
          dataType: field.dataType,
          sql: change.defaultSql ?? "",
          expression: change.defaultExpression,
        },
        "ALTER TABLE ALTER COLUMN",
        env,
      );
    }
  }
  await env.warehouse.alterSchema(entry, {
    operation: "CHANGE COLUMN",
    parameters: { column: JSON.stringify({ name: changes.map((c) => c.column.join(".")).join(", ") }) },
    change: (current) => changes.reduce((s, change) => changed(s, change, env), current),
  });
}

/** Files hold values of the type that they were written with. */
function checkType(table: ResolvedTable, field: StructField, type: DataType | undefined): void {
  const { dataType } = declaredField(field);
  if (type === undefined || sameTypeIgnoringNullability(type, dataType)) return;
  if (table.entry.provider === "delta") {
    throw analysisError("DELTA_ALTER_TABLE_CHANGE_COL_NOT_SUPPORTED", {
      fieldPath: field.name,
      oldField: quotedSqlType(dataType).replaceAll('"', ""),
      newField: quotedSqlType(type).replaceAll('"', ""),
    });
  }
  throw analysisError("NOT_SUPPORTED_CHANGE_COLUMN", {
    table: quotedTableName(table.entry),
    originName: quoteName(field.name),
    originType: quotedSqlType(dataType),
    newName: quoteName(field.name),
    newType: quotedSqlType(type),
  });
}

function changed(schema: StructType, change: ColumnChange, env: CommandEnv): StructType {
  const same = env.session.conf.nameEquality;
  const name = change.column[0] as string;
  const field = schema.fields.find((f) => same(f.name, name));
  if (field === undefined) throw unresolved(change.column, schema.fields);
  const metadata: Record<string, unknown> = { ...field.metadata };
  if (change.comment !== undefined) metadata.comment = change.comment;
  if (change.defaultSql !== undefined) metadata.CURRENT_DEFAULT = change.defaultSql;
  if (change.dropDefault === true) delete metadata.CURRENT_DEFAULT;
  const { metadata: _, ...rest } = field;
  const next: StructField = {
    ...rest,
    nullable: change.nullable ?? field.nullable,
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  };
  if (change.position === undefined) return struct(schema.fields.map((f) => (f === field ? next : f)));
  return place(struct(schema.fields.filter((f) => f !== field)), next, change.position, env);
}

/** What Spark's own tables refuse, and Delta allows where it maps columns. */
async function reshape(
  table: ResolvedTable,
  action: Action<"renameColumn"> | Action<"dropColumns"> | Action<"replaceColumns">,
  env: CommandEnv,
): Promise<void> {
  const { entry } = table;
  if (entry.provider !== "delta") throw unsupportedOperation(table, OPERATIONS[action.type]);
  const { schema, partitionColumns, properties } = await table.describe();
  const same = env.session.conf.nameEquality;
  const isMapped = (properties["delta.columnMapping.mode"] ?? "none") !== "none";
  if (action.type === "replaceColumns") throw unsupported("ALTER TABLE ... REPLACE COLUMNS");
  const find = (parts: readonly string[]): StructField | undefined => {
    if (parts.length > 1) throw unsupported(`${OPERATIONS[action.type]} inside of a struct`);
    return schema.fields.find((f) => same(f.name, parts[0] as string));
  };
  if (action.type === "renameColumn") {
    const field = find(action.column);
    if (field === undefined) throw unresolved(action.column, schema.fields);
    if (!isMapped) throw analysisError("DELTA_UNSUPPORTED_RENAME_COLUMN", {});
    if (partitionColumns.includes(field.name)) throw unsupported("RENAME COLUMN of a partition column");
    if (schema.fields.some((f) => same(f.name, action.to))) {
      throw analysisError("COLUMN_ALREADY_EXISTS", { columnName: quoteName(action.to.toLowerCase()) });
    }
    return env.warehouse.alterSchema(entry, {
      operation: "RENAME COLUMN",
      parameters: { oldColumnPath: field.name, newColumnPath: action.to },
      change: (current) =>
        struct(current.fields.map((f) => (f.name === field.name ? { ...f, name: action.to } : f))),
    });
  }
  const gone = new Set<string>();
  for (const column of action.columns) {
    const field = find(column);
    if (field === undefined && !action.ifExists) throw unresolved(column, schema.fields);
    if (field !== undefined) gone.add(field.name);
  }
  if (gone.size === 0) return;
  if (!isMapped) throw analysisError("DELTA_UNSUPPORTED_DROP_COLUMN", {});
  if (partitionColumns.some((name) => gone.has(name))) throw unsupported("DROP COLUMN of a partition column");
  await env.warehouse.alterSchema(entry, {
    operation: "DROP COLUMNS",
    parameters: { columns: JSON.stringify([...gone]) },
    change: (current) => struct(current.fields.filter((f) => !gone.has(f.name))),
  });
}

async function setLocation(
  table: ResolvedTable,
  action: Action<"setLocation">,
  env: CommandEnv,
): Promise<void> {
  if (action.partition !== undefined) {
    await requirePartition(table, action.partition, env);
    throw unsupported("a location of a single partition");
  }
  const { userFiles } = env.session.driver;
  const location = userFiles.toStoragePath(action.location);
  const directory = normalizeLocation(location);
  const diskPath = diskPathOf(location, table.entry.provider, userFiles);
  // Files are listed where nobody keeps a list of them.
  await env.warehouse.alterEntry(table.entry, ({ diskPath: _, ...entry }) => ({
    ...entry,
    directory,
    ...(diskPath === undefined ? {} : { diskPath }),
    tableType: "EXTERNAL",
  }));
}

async function addPartitions(
  table: ResolvedTable,
  action: Action<"addPartitions">,
  env: CommandEnv,
): Promise<void> {
  await managedPartitions(table, "ADD PARTITION");
  const wanted = [];
  for (const { spec, location } of action.partitions) {
    if (location !== undefined) throw unsupported("ADD PARTITION with a LOCATION");
    wanted.push(await partitionValues(table, spec, env, { partial: false }));
  }
  const existing = await existingPartitions(table, env);
  const known = wanted.filter((values) => existing.some((other) => matchesPartition(other, values)));
  if (known.length > 0 && !action.ifNotExists) {
    throw analysisError("PARTITIONS_ALREADY_EXIST", {
      partitionList: known.map(shownPartition).join(", "),
      tableName: quoteParts([table.entry.database, table.entry.table]),
    });
  }
  const { partitionColumns } = await table.describe();
  const added = wanted
    .filter((values) => !known.includes(values))
    .map((values) => Object.fromEntries(partitionColumns.map((name) => [name, values[name] ?? null])));
  await env.warehouse.alterEntry(table.entry, (entry) => ({
    ...entry,
    emptyPartitions: [...(entry.emptyPartitions ?? []), ...added],
  }));
}

/** Delta knows partitions by their files alone. */
async function managedPartitions(table: ResolvedTable, action: string): Promise<void> {
  const { partitionColumns } = await table.describe();
  if (partitionColumns.length === 0 && table.entry.provider !== "delta") {
    throw analysisError("_LEGACY_ERROR_TEMP_1251", {
      action: `ALTER TABLE ${action}`,
      tableName: table.entry.table,
    });
  }
  if (table.entry.provider === "delta") {
    throw analysisError("INVALID_PARTITION_OPERATION.PARTITION_MANAGEMENT_IS_UNSUPPORTED", {
      name: quotedTableName(table.entry),
    });
  }
}

async function dropPartitions(
  table: ResolvedTable,
  action: Action<"dropPartitions">,
  env: CommandEnv,
): Promise<void> {
  await managedPartitions(table, "DROP PARTITION");
  const existing = await existingPartitions(table, env);
  const { partitionColumns } = await table.describe();
  const wanted = [];
  for (const spec of action.partitions) {
    wanted.push(await partitionValues(table, spec, env, { partial: true }));
  }
  const missing = wanted.filter(
    (values) =>
      Object.keys(values).length < partitionColumns.length ||
      !existing.some((other) => matchesPartition(other, values)),
  );
  if (missing.length > 0 && !action.ifExists) throw partitionsNotFound(table, missing);
  const found = wanted.filter((values) => !missing.includes(values));
  if (found.length > 0)
    await env.warehouse.dropPartitions(table.entry, found, { operation: "DROP PARTITION" });
}

async function renamePartition(
  table: ResolvedTable,
  action: Action<"renamePartition">,
  env: CommandEnv,
): Promise<void> {
  await managedPartitions(table, "RENAME PARTITION");
  const from = await partitionValues(table, action.from, env, { partial: false });
  const to = await partitionValues(table, action.to, env, { partial: false });
  const existing = await existingPartitions(table, env);
  if (!existing.some((values) => matchesPartition(values, from))) throw partitionsNotFound(table, [from]);
  if (existing.some((values) => matchesPartition(values, to))) {
    throw analysisError("PARTITIONS_ALREADY_EXIST", {
      partitionList: shownPartition(to),
      tableName: quoteParts([table.entry.database, table.entry.table]),
    });
  }
  const { partitionColumns } = await table.describe();
  const whole = Object.fromEntries(partitionColumns.map((name) => [name, to[name] ?? null]));
  await env.warehouse.renamePartition(table.entry, from, whole);
}

async function clusterBy(table: ResolvedTable, action: Action<"clusterBy">, env: CommandEnv): Promise<void> {
  const { schema } = await table.describe();
  const same = env.session.conf.nameEquality;
  for (const parts of action.columns) {
    if (schema.fields.some((f) => same(f.name, parts[0] as string))) continue;
    throw analysisError("_LEGACY_ERROR_TEMP_3060", { i: parts.join("."), schema: treeString(schema) });
  }
  await env.warehouse.alterEntry(table.entry, (entry) => ({ ...entry, clusterBy: action.columns }));
}

async function changeConstraint(
  table: ResolvedTable,
  action: Action<"addConstraint"> | Action<"dropConstraint">,
  env: CommandEnv,
): Promise<void> {
  const { entry } = table;
  if (entry.provider !== "delta") throw unsupportedOperation(table, OPERATIONS[action.type]);
  const { properties } = await table.describe();
  const tableName = quotedTableName(entry);
  if (action.type === "dropConstraint") {
    const key = `delta.constraints.${action.constraintName.toLowerCase()}`;
    if (key in properties) await env.warehouse.alterTableProperties(entry, { unset: [key] });
    else if (!action.ifExists) {
      throw analysisError("DELTA_CONSTRAINT_DOES_NOT_EXIST", {
        constraintName: action.constraintName,
        tableName,
      });
    }
    return;
  }
  const { constraint } = action;
  if (constraint.type !== "check") throw unsupportedOperation(table, OPERATIONS[action.type]);
  const name = constraint.name ?? `check_${Object.keys(properties).length}`;
  const { addCheckConstraint } = await import("./delta/constraints.ts");
  const { condition, conditionSql: sql } = constraint;
  await addCheckConstraint({ kind: "table", name: entry }, { name, condition, sql }, env);
}

export async function commentOnTable(command: CommentOnTable, env: CommandEnv): Promise<CommandOutput> {
  const table = await requireTable(command.name, "COMMENT ON TABLE", env);
  await env.warehouse.alterTableComment(table.entry, command.comment ?? "");
  return NO_OUTPUT;
}

export async function commentOnColumns(command: CommentOnColumns, env: CommandEnv): Promise<CommandOutput> {
  for (const { column, comment } of command.columns) {
    // The table may be named by the column's own parts: `t.a`.
    const isWhole = command.name.length === 0;
    const name = isWhole ? column.slice(0, -1) : command.name;
    const table = await requireTable(name, "COMMENT ON COLUMN", env);
    await alterColumns(table, [{ column: isWhole ? column.slice(-1) : column, comment: comment ?? "" }], env);
  }
  return NO_OUTPUT;
}
