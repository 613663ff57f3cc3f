import { analysisError } from "../errors/spark-error.ts";
import type { StructType } from "../types/data-type.ts";
import { sameTypeIgnoringNullability } from "../types/data-type.ts";
import type { Metadata, Protocol } from "./actions.ts";
import { physicalNames } from "./column-mapping.ts";
import type { IdentityColumn } from "./identity-columns.ts";
import { identityColumns } from "./identity-columns.ts";
import { changeSchemaActions, resolvePartitionColumns } from "./new-table.ts";
import type { Snapshot } from "./snapshot.ts";
import { checkConstraints, indexedColumnCount } from "./table-properties.ts";
import { resolveWriteSchema, schemaOfNewTable } from "./write-schema.ts";

/** What somebody wants to write into an existing table, before any file is written. */
export interface DeltaWriteSpec {
  readonly mode: "append" | "overwrite";
  readonly data: StructType;
  /** undefined: as the table has it. */
  readonly partitionBy: readonly string[] | undefined;
  readonly mergeSchema: boolean;
  readonly overwriteSchema: boolean;
  readonly byPosition: boolean;
  /** For messages: `` `spark_catalog`.`db`.`t` `` or a path. */
  readonly tableName: string;
}

export interface WriteConstraint {
  readonly name: string;
  /** `not_null`: `column` must not be null. `check`: the SQL `expression` must be true. */
  readonly kind: "not_null" | "check";
  readonly column?: string;
  readonly expression?: string;
}

/** How the files of a write have to look, and what the table's metadata becomes. */
export interface DeltaWritePlan {
  readonly schema: StructType;
  /** For each column of `schema` the index of the data's column; undefined: NULL. */
  readonly sources: readonly (number | undefined)[];
  readonly partitionBy: readonly string[];
  readonly constraints: readonly WriteConstraint[];
  readonly physicalNames: ReturnType<typeof physicalNames>;
  readonly statisticsColumns: number;
  /** Columns whose values the write numbers. */
  readonly identity: readonly IdentityColumn[];
  /** Only when the schema or partitioning changes. */
  readonly change:
    | { readonly metadata: Metadata; readonly protocol?: Protocol; readonly schema: StructType }
    | undefined;
}

/** Checks a write against the table and says how to do it. Throws Delta's schema and partitioning errors. */
export function planDeltaWrite(snapshot: Snapshot, spec: DeltaWriteSpec): DeltaWritePlan {
  if (spec.mode === "overwrite" && spec.overwriteSchema) return planReplacement(snapshot, spec);
  const resolved = resolveWriteSchema(snapshot.schema, spec.data, {
    mergeSchema: spec.mergeSchema,
    byPosition: spec.byPosition,
    tableId: snapshot.metadata.id,
    tableName: spec.tableName,
    overwrite: spec.mode === "overwrite",
  });
  assertSamePartitioning(snapshot, spec);
  const change = resolved.changed ? changeSchemaActions(snapshot, resolved.table) : undefined;
  const schema = change?.schema ?? resolved.table;
  return finish(snapshot, schema, resolved.sources, snapshot.partitionColumns, change);
}

/** Whether files that were written by one plan are right under another: for a table that changed in the meantime. */
export function plansAgree(written: DeltaWritePlan, now: DeltaWritePlan): boolean {
  const sameList = (a: readonly string[], b: readonly string[]): boolean => a.join("\0") === b.join("\0");
  const names = (plan: DeltaWritePlan): readonly string[] =>
    plan.constraints.map((c) => `${c.kind}\0${c.column ?? ""}\0${c.expression ?? ""}`).sort();
  const numbers = (plan: DeltaWritePlan): readonly string[] =>
    plan.identity.map((c) => `${c.column} ${c.base} ${c.step}`);
  return (
    sameList(written.partitionBy, now.partitionBy) &&
    sameList(names(written), names(now)) &&
    sameList(numbers(written), numbers(now)) &&
    JSON.stringify(written.physicalNames) === JSON.stringify(now.physicalNames) &&
    written.schema.fields.every((f, i) => {
      const other = now.schema.fields.find((g) => g.name === f.name);
      if (other === undefined) return written.sources[i] === undefined;
      return sameTypeIgnoringNullability(f.dataType, other.dataType);
    })
  );
}

function planReplacement(snapshot: Snapshot, spec: DeltaWriteSpec): DeltaWritePlan {
  const schema = schemaOfNewTable(spec.data);
  const partitionBy = resolvePartitionColumns(schema, spec.partitionBy ?? [], spec.tableName);
  const same =
    partitionBy.join("\0") === snapshot.partitionColumns.join("\0") &&
    schema.fields.length === snapshot.schema.fields.length &&
    schema.fields.every((f, i) => {
      const g = snapshot.schema.fields[i];
      return (
        g !== undefined &&
        f.name === g.name &&
        g.nullable &&
        sameTypeIgnoringNullability(f.dataType, g.dataType)
      );
    });
  const change = same ? undefined : changeSchemaActions(snapshot, schema, partitionBy);
  const sources = schema.fields.map((_, i) => i);
  return finish(snapshot, change?.schema ?? snapshot.schema, sources, partitionBy, change);
}

function finish(
  snapshot: Snapshot,
  schema: StructType,
  sources: readonly (number | undefined)[],
  partitionBy: readonly string[],
  change: DeltaWritePlan["change"],
): DeltaWritePlan {
  const { configuration } = snapshot;
  return {
    schema,
    sources,
    partitionBy,
    constraints: constraintsOf(schema, configuration),
    physicalNames: physicalNames(schema, configuration),
    statisticsColumns: statisticsColumns(schema, configuration),
    identity: identityColumns(schema, (i) => sources[i] !== undefined),
    change,
  };
}

/** NOT NULL columns, invariants of columns, and CHECK constraints. */
export function constraintsOf(
  schema: StructType,
  configuration: Readonly<Record<string, string>>,
): readonly WriteConstraint[] {
  const constraints: WriteConstraint[] = [];
  for (const f of schema.fields) {
    if (!f.nullable) constraints.push({ kind: "not_null", name: f.name, column: f.name });
    const invariant = invariantOf(f.metadata?.["delta.invariants"]);
    if (invariant !== undefined) {
      constraints.push({
        kind: "check",
        name: `EXPRESSION(${invariant})`,
        column: f.name,
        expression: invariant,
      });
    }
  }
  for (const [name, expression] of Object.entries(checkConstraints(configuration))) {
    constraints.push({ kind: "check", name, expression });
  }
  return constraints;
}

export function statisticsColumns(
  schema: StructType,
  configuration: Readonly<Record<string, string>>,
): number {
  const count = indexedColumnCount(configuration);
  return count < 0 ? Math.max(schema.fields.length, 1_000_000) : count;
}

/** Delta keeps an invariant as JSON within JSON: `{"expression":{"expression":"x > 0"}}`. */
function invariantOf(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const parsed = JSON.parse(value) as { expression?: { expression?: unknown } };
  return typeof parsed.expression?.expression === "string" ? parsed.expression.expression : undefined;
}

function assertSamePartitioning(snapshot: Snapshot, spec: DeltaWriteSpec): void {
  if (spec.partitionBy === undefined) return;
  const lower = (names: readonly string[]): string => names.map((name) => name.toLowerCase()).join("\0");
  if (lower(spec.partitionBy) === lower(snapshot.partitionColumns)) return;
  const list = (names: readonly string[]): string => `[${names.map((name) => `\`${name}\``).join(", ")}]`;
  const hint =
    spec.mode === "overwrite"
      ? '\nTo overwrite your schema or change partitioning, please set:\n\'.option("overwriteSchema", "true")\'.\n'
      : "";
  throw analysisError("_LEGACY_ERROR_TEMP_DELTA_0007", {
    message: `Partition columns do not match the partition columns of the table.\nGiven: ${list(spec.partitionBy)}\nTable: ${list(snapshot.partitionColumns)}\n${hint}`,
  });
}
