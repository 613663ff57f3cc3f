import type { Resolved } from "../../../analyzer/scope.ts";
import { analysisError, unsupported } from "../../../errors/spark-error.ts";
import type { Attr, Expr } from "../../../functions/expr.ts";
import { childrenOf } from "../../../functions/expr-tree.ts";
import type { Expression } from "../../../plan/expression.ts";
import type { Assignment } from "../../../plan/statement.ts";
import type { DataType, StructField, StructType } from "../../../types/data-type.ts";
import { quoteIdentifier } from "../../../types/format.ts";
import type { StatementAnalysis } from "./statement-analysis.ts";

/** Values by the target's columns, by position; `default`: what the column has when none is given. */
export type ColumnValues = ReadonlyMap<number, Expr | "default">;

/**
 * What `SET a = x, s.f = y` gives each column. Keys name the target's columns, values see `inputs`. Fields of structs
 * may be set one by one; the others keep what they had.
 */
export function resolveAssignments(
  analysis: StatementAnalysis,
  assignments: readonly Assignment[],
  target: Resolved,
  schema: StructType,
  inputs: readonly Resolved[],
  fieldsAllowed = true,
): ColumnValues {
  const changes = assignments.map(({ key, value }) => {
    const resolved = analysis.expression(key, [target]);
    const column = columnBelow(resolved);
    const index = target.output.findIndex((a) => a.id === column?.id);
    if (column === undefined || index < 0) throw unsupported(`setting ${analysis.pretty(resolved)}`);
    const names = resolved === column ? [] : fieldNames(key, column.name);
    if (names.length > 0 && !fieldsAllowed) throw unsupported("inserting fields of structs one by one");
    const shown = [quoteIdentifier(writtenName(key, column.name)), ...names.map(quoteIdentifier)].join(".");
    return { index, names: fieldPath(schema.fields[index] as StructField, names), value, shown };
  });
  assertNoConflict(changes, schema);
  const values = new Map<number, Expr | "default">();
  for (const { index, names, value } of changes) {
    if (isDefault(value)) {
      values.set(index, "default");
      continue;
    }
    const given = analysis.expression(value, inputs);
    if (names.length === 0) {
      values.set(index, given);
      continue;
    }
    const known = values.get(index);
    const base = known === undefined || known === "default" ? (target.output[index] as Attr) : known;
    values.set(index, withField(analysis, base, names, given));
  }
  return values;
}

function isDefault(value: Expression): boolean {
  if (value.kind !== "UnresolvedAttribute") return false;
  const parts = value.nameParts ?? [value.unparsedIdentifier];
  return parts.length === 1 && parts[0]?.toUpperCase() === "DEFAULT";
}

function columnBelow(e: Expr): Attr | undefined {
  let found: Expr | undefined = e;
  while (found !== undefined && found.kind !== "Attr") found = childrenOf(found)[0];
  return found;
}

/** The names behind the column's own. */
function fieldNames(key: Expression, column: string): readonly string[] {
  if (key.kind !== "UnresolvedAttribute") throw unsupported("setting what is not a column or a field of one");
  const parts = key.nameParts ?? key.unparsedIdentifier.split(".");
  const at = parts.findIndex((part) => part.toLowerCase() === column.toLowerCase());
  return parts.slice(at + 1);
}

/** The column's name as the user spelled it. */
function writtenName(key: Expression, column: string): string {
  if (key.kind !== "UnresolvedAttribute") return column;
  const parts = key.nameParts ?? key.unparsedIdentifier.split(".");
  return parts.find((part) => part.toLowerCase() === column.toLowerCase()) ?? column;
}

/** In the schema's spelling. */
function fieldPath(column: StructField, names: readonly string[]): readonly string[] {
  let type: DataType = column.dataType;
  return names.map((name) => {
    if (type.kind !== "struct") throw unsupported("setting elements of arrays and maps one by one");
    const field: StructField | undefined = type.fields.find(
      (f) => f.name.toLowerCase() === name.toLowerCase(),
    );
    if (field === undefined) throw unsupported(`setting the field ${name}`);
    type = field.dataType;
    return field.name;
  });
}

function withField(analysis: StatementAnalysis, base: Expr, names: readonly string[], value: Expr): Expr {
  if (base.type.kind !== "struct") throw unsupported("setting fields of what is no struct");
  const [name, ...rest] = names as readonly [string, ...string[]];
  const args = base.type.fields.flatMap((f) => {
    const field = analysis.field(base, f.name);
    const changed =
      f.name !== name
        ? field
        : rest.length > 0
          ? withField(analysis, field, rest, value)
          : analysis.cast(value, f.dataType);
    return [analysis.string(f.name), changed];
  });
  // A struct that is null becomes one of nulls but for what is set.
  return analysis.call("named_struct", ...args);
}

function assertNoConflict(
  changes: readonly { readonly index: number; readonly names: readonly string[]; readonly shown: string }[],
  schema: StructType,
): void {
  const paths = changes.map(({ index, names }) => [(schema.fields[index] as StructField).name, ...names]);
  for (const [i, a] of paths.entries()) {
    for (const [j, b] of paths.entries()) {
      const shorter = Math.min(a.length, b.length);
      if (j <= i || a.slice(0, shorter).join("\0") !== b.slice(0, shorter).join("\0")) continue;
      throw analysisError("DELTA_CONFLICT_SET_COLUMN", {
        columnList: `[${changes[i]?.shown}, ${changes[j]?.shown}]`,
      });
    }
  }
}
