import { castTo } from "../../functions/coercion.ts";
import type { AliasExpr, Attr, Call, Expr, NamedExpr } from "../../functions/expr.ts";
import { isFoldable } from "../../functions/fold.ts";
import type { Expression, LiteralValue } from "../../plan/expression.ts";
import type { Aggregate, SqlPivot } from "../../plan/relation.ts";
import type { DataType } from "../../types/data-type.ts";
import { sameTypeIgnoringNullability } from "../../types/data-type.ts";
import { simpleString } from "../../types/format.ts";
import { hasAggregate, isOrderable } from "../checks.ts";
import { fail, qualifiedText, quotedExpr } from "../errors.ts";
import { attrsIn, trimAlias } from "../expr-rewrite.ts";
import { resolveExpr, trim } from "../expressions.ts";
import { pivotMax } from "../probes.ts";
import { resolveRelation } from "../relations.ts";
import type { ExprEnv, RelationScope, Resolved } from "../scope.ts";
import { nameExpr, resolveItems, type SelectItem } from "../select-items.ts";
import type { AnalysisState } from "../state.ts";
import type { Step } from "../steps.ts";
import { groupItems } from "./aggregate.ts";
import { exprOf } from "./project.ts";
import { projection } from "./tables.ts";

interface PivotValue {
  readonly value: Expr;
  readonly name: string;
}

/** `groupBy(...).pivot(col, values).agg(...)`. */
export function* resolvePivot(rel: Aggregate, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  const pivot = rel.pivot as NonNullable<Aggregate["pivot"]>;
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  const env = { inputs: [input], scope };
  const grouping: NamedExpr[] = [];
  for (const e of rel.groupingExpressions)
    grouping.push(nameExpr((yield resolveExpr(e, env, state)) as Expr, e, state));
  const column = trim((yield resolveExpr(pivot.col, env, state)) as Expr);
  checkColumn(column, rel.origin);
  const items = (yield resolveItems(rel.aggregateExpressions, env, state)) as readonly SelectItem[];
  const written: readonly { readonly type: DataType; readonly value: LiteralValue }[] =
    pivot.values.length > 0
      ? pivot.values.map((v) => ({ type: v.dataType, value: v.value }))
      : foundValues(rel, column, state);
  const values = written.map((v): PivotValue => {
    const literal: Expr = { kind: "Lit", type: v.type, nullable: v.value === null, value: v.value };
    return { value: castTo(literal, column.type, state.conf), name: valueName(literal, state) };
  });
  return pivoted(input, grouping, column, values, items, state);
}

/** The values that are in the data, in order. */
function foundValues(rel: Aggregate, column: Expr, state: AnalysisState) {
  const { rows } = state.references.rowsOf(rel);
  const max = pivotMax(state.context);
  if (rows.length > max) {
    throw fail("_LEGACY_ERROR_TEMP_1324", {
      pivotColumn: quotedExpr(column).slice(1, -1),
      maxValues: `${max}`,
    });
  }
  return rows.map((row) => ({ type: column.type, value: row[0] as LiteralValue }));
}

function checkColumn(column: Expr, origin: Aggregate["origin"]): void {
  if (isOrderable(column.type)) return;
  throw fail("INCOMPARABLE_PIVOT_COLUMN", { columnName: quotedExpr(column).slice(1, -1) }, origin);
}

/** How a value names its column: as a cast to string prints it. */
function valueName(value: Expr, state: AnalysisState): string {
  if (value.kind === "Lit" && value.value === null) return "null";
  if (value.kind === "CastExpr") return valueName(value.child, state);
  if (value.kind === "Call" && (value.fn === "struct" || value.fn === "named_struct")) {
    return `{${value.args.map((f) => valueName(trimAlias(f), state)).join(", ")}}`;
  }
  if (value.kind === "Call" && value.fn === "array")
    return `[${value.args.map((a) => valueName(a, state)).join(", ")}]`;
  if (value.kind === "Call" && value.fn === "map") {
    const entries = value.args.flatMap((k, i) =>
      i % 2 === 0 ? [`${valueName(k, state)} -> ${valueName(value.args[i + 1] as Expr, state)}`] : [],
    );
    return `{${entries.join(", ")}}`;
  }
  const text = state.pretty(value);
  return /^(?:DATE|TIMESTAMP|TIMESTAMP_NTZ|TIME) '(.*)'$/.exec(text)?.[1] ?? text;
}

/** `PIVOT (aggregates FOR columns IN (values))`: every other column groups. */
export function* resolveSqlPivot(rel: SqlPivot, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  const env = { inputs: [input], scope };
  const columns: Expr[] = [];
  for (const e of rel.columns) columns.push(trim((yield resolveExpr(e, env, state)) as Expr));
  const items = (yield resolveItems(rel.aggregates, env, state)) as readonly SelectItem[];
  for (const item of items) checkAggregate(item);
  const column = columns.length === 1 ? (columns[0] as Expr) : state.call("struct", columns);
  checkColumn(column, rel.origin);
  const values: PivotValue[] = [];
  for (const e of rel.values) values.push((yield pivotValue(e, column, env, state)) as PivotValue);
  const used = new Set([...columns, ...items.map(exprOf)].flatMap(attrsIn).map((a) => a.id));
  const grouping = input.output.filter((a) => !used.has(a.id));
  return pivoted(input, grouping, column, values, items, state);
}

function checkAggregate(item: SelectItem): void {
  const e = trimAlias(exprOf(item));
  if (!hasAggregate(e)) throw fail("_LEGACY_ERROR_TEMP_1006", { sql: qualifiedText(e) });
}

function* pivotValue(e: Expression, column: Expr, env: ExprEnv, state: AnalysisState): Step<PivotValue> {
  const inner = e.kind === "Alias" ? e.expr : e;
  const value = trim((yield resolveExpr(inner, env, state)) as Expr);
  if (!isFoldable(value)) throw fail("NON_LITERAL_PIVOT_VALUES", { expression: quotedExpr(value) }, e.origin);
  if (!sameTypeIgnoringNullability(value.type, column.type) && !isCastable(value.type, column.type)) {
    throw fail(
      "PIVOT_VALUE_DATA_TYPE_MISMATCH",
      {
        value: quotedExpr(value).slice(1, -1),
        valueType: simpleString(value.type),
        pivotType: simpleString(column.type),
      },
      e.origin,
    );
  }
  const name = e.kind === "Alias" ? (e.name[0] as string) : valueName(value, state);
  return { value: castTo(value, column.type, state.conf), name };
}

function isCastable(from: DataType, to: DataType): boolean {
  const numbers = ["byte", "short", "integer", "long", "float", "double", "decimal"];
  if (from.kind === "null") return true;
  return (
    (numbers.includes(from.kind) && numbers.includes(to.kind)) ||
    (from.kind === "string" && to.kind !== "struct") ||
    to.kind === "string" ||
    from.kind === "struct"
  );
}

/** Groups by the grouping columns and the pivot column, then once more: each value's aggregates in columns of its own. */
function pivoted(
  input: Resolved,
  grouping: readonly NamedExpr[],
  column: Expr,
  values: readonly PivotValue[],
  items: readonly SelectItem[],
  state: AnalysisState,
): Resolved {
  const pivotColumn: AliasExpr = {
    kind: "AliasExpr",
    child: column,
    id: state.nextId(),
    name: "pivot",
    type: column.type,
    nullable: column.nullable,
  };
  const keys = [...grouping.map((g) => trimAlias(g)), column];
  const inner = groupItems(
    input,
    keys,
    undefined,
    [...grouping, pivotColumn].map((expr): SelectItem => ({ kind: "column", expr })).concat(items),
    undefined,
    state,
  );
  const groupAttrs = inner.output.slice(0, grouping.length);
  const pivotAttr = inner.output[grouping.length] as Attr;
  const aggregates = inner.output.slice(grouping.length + 1);
  const isSingle = aggregates.length === 1;
  const outerItems: SelectItem[] = groupAttrs.map((expr) => ({ kind: "column", expr }));
  for (const { value, name } of values) {
    const filter = state.call("<=>", [pivotAttr, value]);
    for (const a of aggregates) {
      const first = state.call("first", [a]) as Call;
      outerItems.push({
        kind: "column",
        expr: {
          kind: "AliasExpr",
          child: { ...first, filter, nullable: true },
          id: state.nextId(),
          name: isSingle ? name : `${name}_${a.name}`,
          type: a.type,
          nullable: true,
        },
      });
    }
  }
  const outer = groupItems(inner, groupAttrs, undefined, outerItems, undefined, state);
  return projection(outer, outer.output);
}
