import type { ResolvedRelation } from "../../../analyzer/resolved-relation.ts";
import { castTo } from "../../../functions/coercion.ts";
import type { Attr, Expr, NamedExpr } from "../../../functions/expr.ts";
import { someExpr } from "../../../functions/expr-tree.ts";
import type { WriteConstraint } from "../../../lake/delta-write-plan.ts";
import { identityColumns } from "../../../lake/identity-columns.ts";
import { STRING, type StructField, type StructType } from "../../../types/data-type.ts";
import type { PreparedQuery } from "../../query-runner.ts";
import { type CheckedConstraint, checked, fitted, notNull } from "./guards.ts";
import { attrOf, StatementAnalysis } from "./statement-analysis.ts";

/** What a value must be so that Spark would compute it itself; undefined for plain columns. */
export function generationOf(field: StructField): string | undefined {
  const text = field.metadata?.["delta.generationExpression"];
  return typeof text === "string" ? text : undefined;
}

/** SQL text of the value that a column has when none is given. */
export function defaultOf(field: StructField): string | undefined {
  const text = field.metadata?.CURRENT_DEFAULT;
  return typeof text === "string" ? text : undefined;
}

/** `char(5)` or `varchar(5)` of a column that was declared so. */
function declaredLength(field: StructField): [kind: string, limit: number] | undefined {
  const declared = field.metadata?.__CHAR_VARCHAR_TYPE_STRING;
  const [, kind, limit] =
    /^(char|varchar)\((\d+)\)$/.exec(typeof declared === "string" ? declared : "") ?? [];
  return kind === undefined ? undefined : [kind, Number(limit)];
}

export interface RowsTarget {
  readonly schema: StructType;
  readonly constraints: readonly WriteConstraint[];
}

/**
 * Rows as a table stores them: a value for each column (undefined: none was given), defaults and generated columns
 * filled in, constraints checked when the row is written.
 */
export function tableRows(
  analysis: StatementAnalysis,
  input: ResolvedRelation,
  values: readonly (Expr | undefined)[],
  target: RowsTarget,
): { readonly plan: ResolvedRelation; readonly columns: readonly Attr[] } {
  const { fields } = target.schema;
  const numbered = identityColumns(target.schema, (i) => values[i] !== undefined, true);
  const given = fields.map((f, i) => {
    const value = values[i];
    if (value !== undefined) return analysis.alias(analysis.cast(value, f.dataType), f.name);
    const identity = numbered.find((c) => c.column === f.name);
    if (identity !== undefined) {
      const number = analysis.call(
        "*",
        analysis.call("distributed_sequence_id"),
        analysis.long(identity.step),
      );
      return analysis.alias(analysis.call("+", analysis.long(identity.base), number), f.name);
    }
    const text = generationOf(f) === undefined ? defaultOf(f) : undefined;
    const filled = text === undefined ? analysis.nothing(f.dataType) : analysis.text(text, []);
    return analysis.alias(analysis.cast(filled, f.dataType), f.name);
  });
  let plan: ResolvedRelation = { kind: "RProject", input, columns: given };
  let columns = given.map(attrOf);
  if (fields.some((f) => declaredLength(f) !== undefined)) {
    const lengths = fields.map((f, i): NamedExpr => {
      const declared = declaredLength(f);
      const column = columns[i] as Attr;
      return declared === undefined ? column : analysis.alias(fitted(column, ...declared), f.name);
    });
    plan = { kind: "RProject", input: plan, columns: lengths };
    columns = lengths.map((c) => (c.kind === "Attr" ? c : attrOf(c)));
  }
  const checks: CheckedConstraint[] = [];
  if (fields.some((f) => generationOf(f) !== undefined)) {
    const plain = columns.filter((_, i) => generationOf(fields[i] as StructField) === undefined);
    const computed = fields.map((f, i): NamedExpr => {
      const text = generationOf(f);
      const column = columns[i] as Attr;
      if (text === undefined) return column;
      const value = analysis.cast(analysis.text(text, plain), f.dataType);
      return analysis.alias(value, f.name);
    });
    const before = columns;
    columns = computed.map((c) => (c.kind === "Attr" ? c : attrOf(c)));
    plan = {
      kind: "RProject",
      input: plan,
      columns: [...computed, ...before.filter((c) => !computed.includes(c))],
    };
    for (const [i, f] of fields.entries()) {
      const text = generationOf(f);
      if (text === undefined || values[i] === undefined) continue;
      const was = before[i] as Attr;
      checks.push({
        name: "Generated Column",
        text: `(${f.name} <=> ${text})`,
        condition: analysis.call("<=>", was, columns[i] as Attr),
        columns: [was, ...plain.filter((c) => mentions(analysis.text(text, plain), c))].map((c) => ({
          name: c.name,
          value: asText(c, analysis),
        })),
      });
    }
  }
  for (const constraint of target.constraints) {
    if (constraint.kind !== "check" || constraint.expression === undefined) continue;
    const condition = analysis.text(constraint.expression, columns);
    checks.push({
      name: constraint.name,
      text: `(${analysis.pretty(condition).replace(/^\((.*)\)$/, "$1")})`,
      condition,
      columns: columns
        .filter((c) => mentions(condition, c))
        .map((c) => ({ name: c.name, value: asText(c, analysis) })),
    });
  }
  const required = new Set(target.constraints.flatMap((c) => (c.kind === "not_null" ? [c.column] : [])));
  const nulls = columns.filter((c) => c.nullable && required.has(c.name));
  const guarded = columns.map((column, i): NamedExpr => {
    let value: Expr = column;
    if (i === 0 && checks.length > 0) {
      // One column carries what the whole row must satisfy. Nulls are told first: the outermost guard.
      for (const check of checks) value = checked(value, check);
      for (const other of nulls) value = notNull(value, other);
    }
    if (nulls.includes(column)) value = notNull(value, column);
    return value === column ? column : analysis.alias(value, column.name);
  });
  if (guarded.some((c, i) => c !== columns[i]) || columns.length !== columnsOf(plan)) {
    plan = { kind: "RProject", input: plan, columns: guarded };
    columns = guarded.map((c) => (c.kind === "Attr" ? c : attrOf(c)));
  }
  return { plan, columns };
}

/** The same over a query that was analysed by itself. New columns are numbered from `firstId`. */
export function guardedRows(
  prepared: PreparedQuery,
  values: readonly (Expr | undefined)[],
  target: RowsTarget,
  firstId: number,
): ResolvedRelation {
  return tableRows(StatementAnalysis.over(prepared, firstId), prepared.query.plan, values, target).plan;
}

function columnsOf(plan: ResolvedRelation): number {
  return plan.kind === "RProject" ? plan.columns.length : -1;
}

function mentions(e: Expr, column: Attr): boolean {
  return someExpr(e, (x) => x.kind === "Attr" && x.id === column.id);
}

function asText(column: Attr, analysis: StatementAnalysis): Expr {
  return castTo(column, STRING, analysis.context.conf);
}
