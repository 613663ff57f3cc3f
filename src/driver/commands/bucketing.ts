import type { TableIdentifier } from "../../catalog/catalog-entry.ts";
import { analysisError } from "../../errors/spark-error.ts";
import type { WriteOperation } from "../../plan/command.ts";
import type { Expression } from "../../plan/expression.ts";
import type { Relation } from "../../plan/relation.ts";
import { quoteIdentifier } from "../../types/format.ts";
import type { CommandEnv } from "./command-env.ts";

/** The table property that keeps how a table is bucketed, in Spark's words. */
export const BUCKETING = "lakelet.bucketing";
const MAX_BUCKETS = 100_000;

/** Refuses what Spark refuses of `bucketBy` and `sortBy` before it looks at the table. */
export function checkBucketing(command: WriteOperation): void {
  const { bucketBy, sortColumnNames, table } = command;
  const isSaved = table !== undefined && table.saveMethod !== "insertInto";
  if (bucketBy === undefined && sortColumnNames.length === 0) return;
  if (!isSaved) {
    throw analysisError("_LEGACY_ERROR_TEMP_1312", {
      operation: table === undefined ? "save" : "insertInto",
    });
  }
  if (bucketBy === undefined) throw analysisError("SORT_BY_WITHOUT_BUCKETING", {});
}

/**
 * How the table is bucketed that a write makes or adds to; undefined when it is not. Buckets are kept as the order of
 * rows in the files and as a property of the table; which table is bucketed how, a later write must know.
 */
export async function bucketingOf(
  command: WriteOperation,
  name: TableIdentifier,
  env: CommandEnv,
): Promise<string | undefined> {
  const existing = await env.warehouse.findTable(name);
  const known = existing?.entry.properties?.[BUCKETING];
  const { bucketBy, sortColumnNames } = command;
  const specified = bucketBy === undefined ? undefined : words(bucketBy, sortColumnNames);
  if (command.mode === "append" && existing !== undefined && known !== specified) {
    throw analysisError("_LEGACY_ERROR_TEMP_1164", {
      tableName: `spark_catalog.${name.database}.${name.table}`,
      specifiedBucketString: specified ?? "not bucketed",
      existingBucketString: known ?? "not bucketed",
    });
  }
  if (bucketBy === undefined) return undefined;
  if (existing !== undefined && (command.mode === "errorIfExists" || command.mode === "ignore"))
    return specified;
  const { numBuckets } = bucketBy;
  if (numBuckets <= 0 || numBuckets > MAX_BUCKETS) {
    throw analysisError("INVALID_BUCKET_COUNT", {
      bucketingMaxBuckets: `${MAX_BUCKETS}`,
      numBuckets: `${numBuckets}`,
    });
  }
  const { fields } = (await env.runner.prepare(command.input, env.operation)).query.schema;
  for (const [colType, names] of [
    ["bucket", bucketBy.bucketColumnNames],
    ["sort", sortColumnNames],
  ] as const) {
    for (const column of names) {
      if (fields.some((f) => f.name.toLowerCase() === column.toLowerCase())) continue;
      throw analysisError("COLUMN_NOT_DEFINED_IN_TABLE", {
        colType,
        colName: quoteIdentifier(column),
        tableName: `\`spark_catalog\`.${quoteIdentifier(name.database)}.${quoteIdentifier(name.table)}`,
        tableCols: fields.map((f) => quoteIdentifier(f.name)).join(", "),
      });
    }
  }
  return specified;
}

function words(bucketBy: NonNullable<WriteOperation["bucketBy"]>, sorted: readonly string[]): string {
  const sort = sorted.length === 0 ? "" : `, sort columns: [${sorted.join(", ")}]`;
  return `${bucketBy.numBuckets} buckets, bucket columns: [${bucketBy.bucketColumnNames.join(", ")}]${sort}`;
}

/** The rows to be written, bucket by bucket, each in its order. */
export function inBuckets(command: WriteOperation): Relation {
  const { bucketBy, sortColumnNames, input } = command;
  if (bucketBy === undefined) return input;
  const column = (unparsedIdentifier: string): Expression => ({
    kind: "UnresolvedAttribute",
    unparsedIdentifier,
  });
  const buckets: Relation = {
    kind: "RepartitionByExpression",
    input,
    partitionExprs: bucketBy.bucketColumnNames.map(column),
    numPartitions: bucketBy.numBuckets,
  };
  if (sortColumnNames.length === 0) return buckets;
  const order = sortColumnNames.map((name) => ({
    kind: "SortOrder" as const,
    child: column(name),
    direction: "ascending" as const,
    nullOrdering: "first" as const,
  }));
  return { kind: "Sort", input: buckets, isGlobal: false, order };
}
