import { CATALOG_NAME, quotedTableName } from "../../catalog/catalog-entry.ts";
import type { ResolvedTable } from "../../catalog/warehouse-api.ts";
import { analysisError } from "../../errors/spark-error.ts";
import type { DescribeQuery, DescribeRelation } from "../../plan/statement.ts";
import { type StructField, type StructType, struct } from "../../types/data-type.ts";
import { simpleString } from "../../types/format.ts";
import { declaredField } from "./char-types.ts";
import {
  type CommandEnv,
  findRelation,
  quoteName,
  quoteParts,
  relationSchema,
  temporaryView,
} from "./command-env.ts";
import { type CommandOutput, nullableText, text } from "./command-output.ts";
import { partitionInformation } from "./partitions.ts";
import { tableInformation, temporaryViewInformation } from "./table-information.ts";

type Row = readonly (string | null)[];

const DESCRIBE_SCHEMA = struct([text("col_name"), text("data_type"), nullableText("comment")]);

export async function describeQuery(command: DescribeQuery, env: CommandEnv): Promise<CommandOutput> {
  const { query } = await env.runner.prepare(command.query, env.operation);
  return { schema: DESCRIBE_SCHEMA, rows: columnRows(query.schema.fields) };
}

export async function describeRelation(command: DescribeRelation, env: CommandEnv): Promise<CommandOutput> {
  const temporary = temporaryView(command.table, env.session);
  const table = temporary === undefined ? await findRelation(command.table, env) : undefined;
  // A name that is neither raises what a query of it raises.
  const schema =
    table === undefined || /volution/.test(table.entry.view?.schemaMode ?? "")
      ? await relationSchema(command.table, env)
      : (await table.describe()).schema;
  if (command.asJson === true) {
    const { describeJson } = await import("./describe-json.ts");
    const information =
      table === undefined
        ? temporaryViewInformation(command.table, schema, env)
        : await tableInformation(table, env);
    const partitions = (await table?.describe())?.partitionColumns;
    return {
      schema: struct([text("json_metadata")]),
      rows: [[describeJson(information, schema, partitions)]],
    };
  }
  if (command.column !== undefined) return describeColumn(command, schema, env);
  if (temporary !== undefined && command.partition !== undefined) {
    throw analysisError("FORBIDDEN_OPERATION", {
      statement: "DESC PARTITION",
      objectType: "TEMPORARY VIEW",
      objectName: quoteParts(temporary.nameParts),
    });
  }
  const rows: Row[] = [...columnRows(schema.fields)];
  if (table !== undefined) rows.push(...(await tableRows(command, table, env)));
  const defaults = schema.fields.filter((f) => typeof f.metadata?.CURRENT_DEFAULT === "string");
  if (defaults.length > 0) {
    rows.push(["", "", ""], ["# Column Default Values", "", ""]);
    for (const f of defaults) {
      rows.push([f.name, simpleString(f.dataType), f.metadata?.CURRENT_DEFAULT as string]);
    }
  }
  return { schema: DESCRIBE_SCHEMA, rows };
}

async function tableRows(
  command: DescribeRelation,
  table: ResolvedTable,
  env: CommandEnv,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const { schema, partitionColumns } = await table.describe();
  const head = (title: string, columns: readonly string[]): void => {
    if (columns.length === 0) return;
    rows.push([title, "", ""], ["# col_name", "data_type", "comment"]);
    rows.push(...columnRows(columns.flatMap((name) => schema.fields.filter((f) => f.name === name))));
  };
  head("# Partition Information", partitionColumns);
  head(
    "# Clustering Information",
    (table.entry.clusterBy ?? []).map((parts) => parts.join(".")),
  );
  if (command.partition !== undefined) {
    if (table.entry.view !== undefined) {
      throw analysisError("FORBIDDEN_OPERATION", {
        statement: "DESC PARTITION",
        objectType: "VIEW",
        objectName: quoteName(table.entry.table),
      });
    }
    const details = await partitionInformation(table, command.partition, env);
    if (!command.extended) return rows;
    rows.push(["", "", ""], ["# Detailed Partition Information", "", ""]);
    rows.push(["Database", table.entry.database, ""], ["Table", table.entry.table, ""]);
    rows.push(...details.map(([name, value]) => [name, value, ""]));
    const information = await tableInformation(table, env);
    rows.push(["", "", ""], ["# Storage Information", "", ""]);
    for (const { name, value } of information) {
      if (name === "Location" || name === "Storage Properties") rows.push([name, value, ""]);
    }
    return rows;
  }
  if (command.extended) {
    rows.push(["", "", ""], ["# Detailed Table Information", "", ""]);
    rows.push(...(await tableInformation(table, env)).map(({ name, value }) => [name, value, ""]));
  }
  return rows;
}

function columnRows(fields: readonly StructField[]): readonly Row[] {
  return fields.map((f) => [f.name, simpleString(declaredField(f).dataType), commentOf(f)]);
}

export function commentOf(f: StructField): string | null {
  return typeof f.metadata?.comment === "string" ? f.metadata.comment : null;
}

function describeColumn(command: DescribeRelation, schema: StructType, env: CommandEnv): CommandOutput {
  const parts = command.column as readonly string[];
  const same = env.session.conf.nameEquality;
  // The table's own name may stand before its column.
  const rest =
    parts.length > 1 && !schema.fields.some((f) => same(f.name, parts[0] as string)) ? parts.slice(1) : parts;
  const found = schema.fields.find((f) => same(f.name, rest[0] as string));
  if (found === undefined) {
    throw analysisError("COLUMN_NOT_FOUND", {
      colName: quoteParts(parts),
      caseSensitiveConfig: '"spark.sql.caseSensitive"',
    });
  }
  if (rest.length > 1) {
    throw analysisError("_LEGACY_ERROR_TEMP_1060", { command: "DESC TABLE COLUMN", column: parts.join(".") });
  }
  const rows: Row[] = [
    ["col_name", found.name],
    ["data_type", simpleString(declaredField(found).dataType)],
    ["comment", commentOf(found) ?? "NULL"],
  ];
  if (command.extended) {
    for (const name of [
      "min",
      "max",
      "num_nulls",
      "distinct_count",
      "avg_col_len",
      "max_col_len",
      "histogram",
    ]) {
      rows.push([name, "NULL"]);
    }
  }
  if (typeof found.metadata?.CURRENT_DEFAULT === "string")
    rows.push(["default", found.metadata.CURRENT_DEFAULT]);
  return { schema: struct([text("info_name"), text("info_value")]), rows };
}

/** For messages: the catalog's own name for a table. */
export function shownName(table: ResolvedTable): string {
  return quotedTableName(table.entry) || CATALOG_NAME;
}
