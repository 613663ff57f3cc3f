import { quotedTableName } from "../../catalog/catalog-entry.ts";
import type { ResolvedTable } from "../../catalog/warehouse-api.ts";
import { analysisError } from "../../errors/spark-error.ts";
import type { Expression, LiteralValue } from "../../plan/expression.ts";
import type { PartitionSpec } from "../../plan/statement.ts";
import type { StructField } from "../../types/data-type.ts";
import { scanNow } from "../disk-scan.ts";
import { type CommandEnv, quoteName, quoteParts } from "./command-env.ts";
import { requirePartitioned } from "./maintenance.ts";
import { javaDate } from "./table-information.ts";

/** Values of a partition as the files have them, by column; what a spec leaves open is absent. */
export type PartitionValues = Readonly<Record<string, string | null>>;

/** Hive's name for a null in a path. */
const NULL_NAME = "__HIVE_DEFAULT_PARTITION__";

/** Checks a PARTITION clause against the table's partition columns and evaluates its values as text. */
export async function partitionValues(
  table: ResolvedTable,
  spec: PartitionSpec,
  env: CommandEnv,
  options: { readonly partial: boolean },
): Promise<PartitionValues> {
  const { schema, partitionColumns } = await table.describe();
  const same = env.session.conf.nameEquality;
  const out: Record<string, string | null> = {};
  for (const [key, value] of Object.entries(spec)) {
    const column = partitionColumns.find((name) => same(name, key));
    if (column === undefined) {
      throw analysisError("PARTITIONS_NOT_FOUND", {
        partitionList: quoteName(key),
        tableName: quotedTableName(table.entry),
      });
    }
    if (value === null) {
      if (options.partial) continue;
      throw analysisError("INVALID_SQL_SYNTAX.EMPTY_PARTITION_VALUE", { partKey: quoteName(key) });
    }
    const field = schema.fields.find((f) => f.name === column) as StructField;
    out[column] = await partitionText(value, field, env);
  }
  if (!options.partial && Object.keys(out).length !== partitionColumns.length) {
    throw analysisError("_LEGACY_ERROR_TEMP_1232", {
      specKeys: Object.keys(spec).join(", "),
      partitionColumnNames: partitionColumns.join(", "),
      tableName: quotedTableName(table.entry),
    });
  }
  return out;
}

export const checkPartitionSpec = partitionValues;

/** A value in the column's type, as text: `1`, `2020-01-01`; null for the null partition. */
async function partitionText(value: Expression, field: StructField, env: CommandEnv): Promise<string | null> {
  const typed: Expression = { kind: "Cast", expr: value, type: field.dataType };
  const { rows } = await env.runner.collect(
    { kind: "Project", expressions: [{ kind: "Cast", expr: typed, type: { kind: "string" } }] },
    env.operation,
  );
  const found: LiteralValue = rows[0]?.[0] ?? null;
  return found === null || found === "" ? null : String(found);
}

/** All partitions that files are in, one object each, in order of their names. */
export async function existingPartitions(
  table: ResolvedTable,
  env: CommandEnv,
): Promise<readonly PartitionValues[]> {
  const scan = await scanNow(table, env.session.driver.userFiles);
  const found = new Map<string, PartitionValues>();
  for (const file of await scan.files()) {
    const values = file.partitionValues ?? {};
    const known = Object.fromEntries(scan.partitionColumns.map((name) => [name, values[name] ?? null]));
    found.set(partitionName(known), known);
  }
  for (const values of table.entry.emptyPartitions ?? []) {
    const name = partitionName(values);
    if (!found.has(name)) found.set(name, values);
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, values]) => values);
}

export function matchesPartition(values: PartitionValues, wanted: PartitionValues): boolean {
  return Object.entries(wanted).every(([name, value]) => (values[name] ?? null) === value);
}

/** `p=1/q=a`. */
export function partitionName(values: PartitionValues): string {
  return Object.entries(values)
    .map(([name, value]) => `${escapePath(name)}=${value === null ? NULL_NAME : escapePath(value)}`)
    .join("/");
}

/** Hive's escapes of characters that paths cannot have. */
function escapePath(text: string): string {
  return text.replace(
    /[\u0001-\u001f"#%'*/:=?\\\u007f{[\]^]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

export async function listPartitions(
  table: ResolvedTable,
  spec: PartitionSpec | undefined,
  operation: string,
  env: CommandEnv,
): Promise<readonly string[]> {
  await requirePartitionManagement(table, operation);
  const wanted = spec === undefined ? {} : await partitionValues(table, spec, env, { partial: true });
  const all = await existingPartitions(table, env);
  return all.filter((values) => matchesPartition(values, wanted)).map(partitionName);
}

export async function requirePartitionManagement(table: ResolvedTable, operation: string): Promise<void> {
  const { partitionColumns } = await table.describe();
  if (partitionColumns.length > 0) return;
  if (operation !== "SHOW PARTITIONS") return requirePartitioned(table, operation);
  throw analysisError("INVALID_PARTITION_OPERATION.PARTITION_SCHEMA_IS_EMPTY", {
    name: quotedTableName(table.entry),
  });
}

/** The one partition that a full spec names. Throws PARTITIONS_NOT_FOUND. */
export async function requirePartition(
  table: ResolvedTable,
  spec: PartitionSpec,
  env: CommandEnv,
): Promise<PartitionValues> {
  await requirePartitionManagement(table, "PARTITION");
  const wanted = await partitionValues(table, spec, env, { partial: false });
  const found = (await existingPartitions(table, env)).find((values) => matchesPartition(values, wanted));
  if (found === undefined) throw partitionsNotFound(table, [wanted]);
  return found;
}

export function partitionsNotFound(table: ResolvedTable, wanted: readonly PartitionValues[]): Error {
  return analysisError("PARTITIONS_NOT_FOUND", {
    partitionList: wanted.map(shownPartition).join(", "),
    tableName: quoteParts([table.entry.database, table.entry.table]),
  });
}

/** ``PARTITION (`p` = 1)``. */
export function shownPartition(values: PartitionValues): string {
  const parts = Object.entries(values).map(([name, value]) => `${quoteName(name)} = ${value ?? "null"}`);
  return `PARTITION (${parts.join(", ")})`;
}

export async function partitionInformation(
  table: ResolvedTable,
  spec: PartitionSpec,
  env: CommandEnv,
): Promise<readonly (readonly [string, string])[]> {
  const values = await requirePartition(table, spec, env);
  const { entry } = table;
  const shown = Object.entries(values).map(([name, value]) => `${name}=${value ?? NULL_NAME}`);
  const directory = env.session.driver.userFiles.display(entry.diskPath ?? entry.directory ?? "");
  return [
    ["Partition Values", `[${shown.join(", ")}]`],
    ["Location", `${directory}/${partitionName(values)}`],
    ["Created Time", javaDate(entry.createdMs, env)],
    ["Last Access", "UNKNOWN"],
  ];
}

/** Which files a TRUNCATE or DROP of partitions takes: those of all partitions that match. */
export async function partitionPredicate(
  table: ResolvedTable,
  spec: PartitionSpec,
  env: CommandEnv,
): Promise<PartitionValues> {
  return partitionValues(table, spec, env, { partial: true });
}
