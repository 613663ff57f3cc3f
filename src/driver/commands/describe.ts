import { CATALOG_NAME } from "../../catalog/catalog-entry.ts";
import { analysisError } from "../../errors/spark-error.ts";
import type { DescribeQuery, DescribeRelation } from "../../plan/statement.ts";
import { type StructType, struct } from "../../types/data-type.ts";
import { quoteIdentifier, simpleString } from "../../types/format.ts";
import { type CommandEnv, tableIdentifier } from "./command-env.ts";
import { type CommandOutput, nullableText, text } from "./command-output.ts";

const DESCRIBE_SCHEMA = struct([text("col_name"), text("data_type"), nullableText("comment")]);

export async function describeQuery(command: DescribeQuery, env: CommandEnv): Promise<CommandOutput> {
  const { query } = await env.runner.prepare(command.query, env.operation);
  return { schema: DESCRIBE_SCHEMA, rows: columnRows(query.schema) };
}

export async function describeRelation(command: DescribeRelation, env: CommandEnv): Promise<CommandOutput> {
  const { query } = await env.runner.prepare(
    {
      kind: "ReadTable",
      unparsedIdentifier: command.table.map(quoteIdentifier).join("."),
      nameParts: command.table,
      options: {},
    },
    env.operation,
  );
  if (command.column !== undefined) return describeColumn(command, query.schema);
  const rows: (readonly (string | null)[])[] = [...columnRows(query.schema)];
  const isTemporary =
    command.table.length === 1 && env.session.tempViews.find(command.table[0] as string) !== undefined;
  const table = isTemporary
    ? undefined
    : await env.warehouse.findTable(tableIdentifier(command.table, env.session));
  if (table === undefined) return { schema: DESCRIBE_SCHEMA, rows };
  const { entry } = table;
  const partitionColumns = entry.view === undefined ? (await table.scan()).partitionColumns : [];
  if (partitionColumns.length > 0) {
    rows.push(["# Partition Information", "", ""], ["# col_name", "data_type", "comment"]);
    rows.push(
      ...columnRows({
        kind: "struct",
        fields: query.schema.fields.filter((f) => partitionColumns.includes(f.name)),
      }),
    );
  }
  if (command.extended) {
    rows.push(["", "", ""], ["# Detailed Table Information", "", ""]);
    const detail: [string, string | undefined][] = [
      ["Catalog", CATALOG_NAME],
      ["Database", entry.database],
      ["Table", entry.table],
      ["Created Time", new Date(entry.createdMs).toUTCString()],
      ["Last Access", "UNKNOWN"],
      ["Type", entry.tableType],
      ["Provider", entry.provider],
      ["Comment", entry.comment],
      [
        "Location",
        entry.directory === undefined ? undefined : env.session.driver.userFiles.display(entry.directory),
      ],
      ["View Text", entry.view?.text],
    ];
    for (const [name, value] of detail) if (value !== undefined) rows.push([name, value, ""]);
  }
  return { schema: DESCRIBE_SCHEMA, rows };
}

function columnRows(schema: StructType): readonly (readonly (string | null)[])[] {
  return schema.fields.map((f) => [
    f.name,
    simpleString(f.dataType),
    typeof f.metadata?.comment === "string" ? f.metadata.comment : null,
  ]);
}

function describeColumn(command: DescribeRelation, schema: StructType): CommandOutput {
  const parts = command.column as readonly string[];
  if (parts.length > 1) {
    throw analysisError("UNSUPPORTED_FEATURE.DESC_TABLE_COLUMN_PARTITION", {});
  }
  const found = schema.fields.find((f) => f.name.toLowerCase() === parts[0]?.toLowerCase());
  if (found === undefined) {
    throw analysisError("UNRESOLVED_COLUMN.WITH_SUGGESTION", {
      objectName: parts.map(quoteIdentifier).join("."),
      proposal: schema.fields
        .slice(0, 5)
        .map((f) => quoteIdentifier(f.name))
        .join(", "),
    });
  }
  return {
    schema: struct([text("info_name"), text("info_value")]),
    rows: [
      ["col_name", found.name],
      ["data_type", simpleString(found.dataType)],
      ["comment", typeof found.metadata?.comment === "string" ? found.metadata.comment : "NULL"],
    ],
  };
}
