import {
  CATALOG_NAME,
  plainTableName,
  quotedTableName,
  type TableEntry,
} from "../../catalog/catalog-entry.ts";
import type { ResolvedTable } from "../../catalog/warehouse-api.ts";
import { analysisError } from "../../errors/spark-error.ts";
import type {
  ShowColumns,
  ShowCreateTable,
  ShowPartitions,
  ShowTableExtended,
  ShowTableProperties,
  ShowTables,
  ShowViews,
} from "../../plan/statement.ts";
import { type StructType, struct } from "../../types/data-type.ts";
import { quoteIfNeeded, treeString } from "../../types/format.ts";
import { escapeSql, fieldDdl } from "../../types/table-ddl.ts";
import { GLOBAL_TEMP_DATABASE } from "../session-state.ts";
import { declaredField } from "./char-types.ts";
import {
  type CommandEnv,
  databaseName,
  quoteName,
  quoteParts,
  relationSchema,
  requireRelation,
  requireTable,
  tableNotFound,
  temporaryView,
} from "./command-env.ts";
import { type CommandOutput, flag, showPattern, text } from "./command-output.ts";
import { listPartitions, partitionInformation } from "./partitions.ts";
import {
  redacted,
  SCHEMA_MODES,
  shownProperties,
  tableInformation,
  temporaryViewInformation,
} from "./table-information.ts";

export async function showTables(command: ShowTables, env: CommandEnv): Promise<CommandOutput> {
  const output = await listRelations(command, "tableName", () => true, env);
  if (command.asJson !== true) return output;
  const tables = output.rows.map(([database, name, isTemporary]) => ({
    name,
    namespace: database === "" ? [] : [database],
    isTemporary,
  }));
  return { schema: struct([text("json_metadata")]), rows: [[JSON.stringify({ tables })]] };
}

export async function showViews(command: ShowViews, env: CommandEnv): Promise<CommandOutput> {
  return listRelations(command, "viewName", (isView) => isView, env);
}

async function listRelations(
  command: Pick<ShowTables, "namespace" | "pattern">,
  column: string,
  wanted: (isView: boolean) => boolean,
  env: CommandEnv,
): Promise<CommandOutput> {
  const database =
    command.namespace === undefined ? env.session.currentDatabase : databaseName(command.namespace);
  const matches = showPattern(command.pattern);
  const rows: (readonly unknown[])[] = [];
  if (database.toLowerCase() === GLOBAL_TEMP_DATABASE) {
    for (const view of env.session.driver.globalTempViews.list()) {
      rows.push([GLOBAL_TEMP_DATABASE, view.name.toLowerCase(), true]);
    }
  } else {
    for (const table of await env.warehouse.listTables(database)) {
      if (wanted(table.view !== undefined)) rows.push([table.database, table.table, false]);
    }
  }
  for (const view of env.session.tempViews.list()) rows.push(["", view.name.toLowerCase(), true]);
  return {
    schema: struct([text("namespace"), text(column), flag("isTemporary")]),
    rows: rows.filter((row) => matches(row[1] as string)),
  };
}

export async function showTableExtended(command: ShowTableExtended, env: CommandEnv): Promise<CommandOutput> {
  const schema = struct([text("namespace"), text("tableName"), flag("isTemporary"), text("information")]);
  if (command.partition !== undefined) {
    const database =
      command.namespace === undefined ? env.session.currentDatabase : databaseName(command.namespace);
    const nameParts = [database, command.pattern];
    const table = await env.warehouse.findTable({ database, table: command.pattern });
    if (table === undefined) throw tableNotFound(nameParts, env.session);
    const details = await partitionInformation(table, command.partition, env);
    const { entry } = table;
    return { schema, rows: [[entry.database, entry.table, false, linesOf(details)]] };
  }
  const { rows } = await listRelations(command, "tableName", () => true, env);
  const described: (readonly unknown[])[] = [];
  for (const [database, name, isTemporary] of rows as readonly (readonly [string, string, boolean])[]) {
    const nameParts = database === "" ? [name] : [database, name];
    let information: readonly (readonly [string, string])[];
    let columns: StructType;
    if (isTemporary) {
      columns = await relationSchema(nameParts, env);
      information = temporaryViewInformation(nameParts, columns, env).map((i) => [i.name, i.value]);
    } else {
      const table = await env.warehouse.getTable({ database, table: name });
      const details = await table.describe();
      columns = details.schema;
      information = (await tableInformation(table, env)).map((i) => [i.name, i.value]);
      if (details.partitionColumns.length > 0) {
        information = [
          ...information,
          ["Partition Columns", `[${details.partitionColumns.map(quoteName).join(", ")}]`],
        ];
      }
    }
    described.push([database, name, isTemporary, `${linesOf(information)}Schema: ${treeString(columns)}\n`]);
  }
  return { schema, rows: described };
}

function linesOf(information: readonly (readonly [string, string])[]): string {
  return information.map(([name, value]) => `${name}: ${value}\n`).join("");
}

export async function showColumns(command: ShowColumns, env: CommandEnv): Promise<CommandOutput> {
  const { namespace, table } = command;
  const own = table.length > 1 ? (table.at(-2) as string) : undefined;
  const given = namespace?.at(-1);
  if (own !== undefined && given !== undefined && !env.session.conf.nameEquality(own, given)) {
    throw analysisError("SHOW_COLUMNS_WITH_CONFLICT_NAMESPACE", {
      namespaceA: quoteName(given),
      namespaceB: quoteName(own),
    });
  }
  const nameParts = namespace === undefined || own !== undefined ? table : [...namespace, ...table];
  const schema =
    temporaryView(nameParts, env.session) === undefined
      ? (await (await requireRelation(nameParts, env)).describe()).schema
      : await relationSchema(nameParts, env);
  return { schema: struct([text("col_name")]), rows: schema.fields.map((f) => [f.name]) };
}

export async function showPartitions(command: ShowPartitions, env: CommandEnv): Promise<CommandOutput> {
  const table = await requireTable(command.name, "SHOW PARTITIONS", env);
  const partitions = await listPartitions(table, command.partition, "SHOW PARTITIONS", env);
  return { schema: struct([text("partition")]), rows: partitions.map((name) => [name]) };
}

export async function showTableProperties(
  command: ShowTableProperties,
  env: CommandEnv,
): Promise<CommandOutput> {
  const temporary = temporaryView(command.name, env.session);
  const table = temporary === undefined ? await requireRelation(command.name, env) : undefined;
  const properties =
    table === undefined
      ? (temporary?.view.properties ?? {})
      : shownProperties(table.entry.clusterBy, (await table.describe()).properties);
  const schema = struct([text("key"), text("value")]);
  const { key } = command;
  if (key === undefined) {
    return { schema, rows: Object.entries(properties).map(([k, v]) => [k, redacted({ [k]: v })[0]?.[1]]) };
  }
  const shown = table === undefined ? (temporary?.nameParts ?? []).join(".") : plainTableName(table.entry);
  const missing = `Table ${shown} does not have property: ${key}`;
  return { schema, rows: [[key, properties[key] ?? missing]] };
}

export async function showCreateTable(command: ShowCreateTable, env: CommandEnv): Promise<CommandOutput> {
  const temporary = temporaryView(command.name, env.session);
  if (temporary !== undefined) {
    throw analysisError("EXPECT_PERMANENT_VIEW_NOT_TEMP", {
      operation: "SHOW CREATE TABLE",
      viewName: quoteParts(temporary.nameParts),
    });
  }
  const table = await requireRelation(command.name, env);
  if (command.asSerde && table.entry.view === undefined) {
    throw analysisError("UNSUPPORTED_SHOW_CREATE_TABLE.ON_DATA_SOURCE_TABLE_WITH_AS_SERDE", {
      tableName: quotedTableName(table.entry),
    });
  }
  return { schema: struct([text("createtab_stmt")]), rows: [[await createStatement(table, env)]] };
}

function buckets(spec: TableEntry["bucketBy"]): string {
  if (spec === undefined) return "";
  const names = (columns: readonly string[]): string => columns.map(quoteIfNeeded).join(", ");
  const sorted = spec.sortColumnNames.length === 0 ? "" : `SORTED BY (${names(spec.sortColumnNames)})\n`;
  return `CLUSTERED BY (${names(spec.bucketColumnNames)})\n${sorted}INTO ${spec.numBuckets} BUCKETS\n`;
}

/** The statement that makes a table or view again. */
export async function createStatement(table: ResolvedTable, env: CommandEnv): Promise<string> {
  const { entry } = table;
  const { schema, partitionColumns, properties, comment } = await table.describe();
  const block = (head: string, lines: readonly string[]): string =>
    lines.length === 0 ? "" : `${head} (\n  ${lines.join(",\n  ")})\n`;
  const pairs = (entries: readonly (readonly [string, string])[]): readonly string[] =>
    entries.map(([key, value]) => `'${escapeSql(key)}' = '${escapeSql(value)}'`);
  const shown = shownProperties(entry.clusterBy, properties);
  const tail = {
    comment: comment === undefined ? "" : `COMMENT '${escapeSql(comment)}'\n`,
    properties: block("TBLPROPERTIES", pairs(redacted(shown))),
  };
  if (entry.view !== undefined) {
    const mode = entry.view.schemaMode ?? "compensation";
    const columns = schema.fields.map((f) => {
      const text = f.metadata?.comment;
      return `${quoteIfNeeded(f.name)}${typeof text === "string" ? ` COMMENT '${escapeSql(text)}'` : ""}`;
    });
    const name = [entry.database, entry.table].map(quoteIfNeeded).join(".");
    return [
      `CREATE VIEW ${name} `,
      block("", columns).trimStart(),
      tail.comment,
      entry.collation === undefined ? "" : `DEFAULT COLLATION ${entry.collation}\n`,
      tail.properties,
      `WITH SCHEMA ${SCHEMA_MODES[mode]}\n`,
      `AS ${entry.view.text}\n`,
    ].join("");
  }
  const name = [CATALOG_NAME, entry.database, entry.table].map(quoteIfNeeded).join(".");
  const partitioning = [
    ...partitionColumns.map(quoteIfNeeded),
    ...(entry.clusterBy === undefined
      ? []
      : [`cluster_by(${entry.clusterBy.map((parts) => parts.map(quoteIfNeeded).join(".")).join(", ")})`]),
  ];
  return [
    `CREATE TABLE ${name} `,
    block(
      "",
      schema.fields.map((f) => fieldDdl(declaredField(f))),
    ).trimStart() || "\n",
    `USING ${entry.provider ?? "delta"}\n`,
    block("OPTIONS", pairs(redacted(entry.options))),
    partitioning.length === 0 ? "" : `PARTITIONED BY (${partitioning.join(", ")})\n`,
    buckets(entry.bucketBy),
    tail.comment,
    entry.collation === undefined ? "" : `DEFAULT COLLATION ${entry.collation}\n`,
    entry.tableType === "EXTERNAL" && entry.directory !== undefined
      ? `LOCATION '${escapeSql(env.session.driver.userFiles.display(entry.diskPath ?? entry.directory))}'\n`
      : "",
    tail.properties,
  ].join("");
}
