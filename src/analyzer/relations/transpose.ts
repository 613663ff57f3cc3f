import { castTo, commonType } from "../../functions/coercion.ts";
import type { Attr, Expr } from "../../functions/expr.ts";
import type { LiteralValue } from "../../plan/expression.ts";
import type { Transpose } from "../../plan/relation.ts";
import type { DataType } from "../../types/data-type.ts";
import { STRING } from "../../types/data-type.ts";
import { quotedSqlType } from "../../types/format.ts";
import { isOrderable } from "../checks.ts";
import { fail, quotedExpr } from "../errors.ts";
import { resolveAll } from "../expressions.ts";
import { transposeMax } from "../probes.ts";
import { resolveRelation } from "../relations.ts";
import type { RelationScope, Resolved } from "../scope.ts";
import type { AnalysisState } from "../state.ts";
import type { Step } from "../steps.ts";
import { leaf } from "./exact.ts";

/** Rows become columns, named by the index column's values in order. The rows were collected before analysis. */
export function* resolveTranspose(
  rel: Transpose,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  const [index] =
    rel.indexColumns.length === 0
      ? input.output
      : ((yield resolveAll(rel.indexColumns, { inputs: [input], scope }, state)) as readonly Expr[]);
  const key: Attr = {
    kind: "Attr",
    id: state.nextId(),
    name: "key",
    type: STRING,
    nullable: false,
    qualifier: [],
  };
  if (index === undefined) return leaf({ kind: "RValues", rows: [], columns: [key] }, [key]);
  if (index.kind !== "Attr") {
    throw fail("TRANSPOSE_INVALID_INDEX_COLUMN", { reason: `Index column must be an atomic attribute` });
  }
  if (!isOrderable(index.type) || index.type.kind === "array" || index.type.kind === "struct") {
    throw fail("TRANSPOSE_INVALID_INDEX_COLUMN", {
      reason: `Index column must be of atomic type, but found: ${quotedExpr(index)}`,
    });
  }
  const others = input.output.filter((a) => a.id !== index.id);
  const type = others.reduce<DataType>(
    (t, a) => leastCommon(t, a.type, state),
    others[0]?.type ?? { kind: "null" },
  );
  const at = input.output.findIndex((a) => a.id === index.id);
  const max = transposeMax(state.context);
  const { rows } = state.references.rowsOf(rel);
  if (rows.length > max)
    throw fail("TRANSPOSE_EXCEED_ROW_LIMIT", { maxValues: `${max}`, config: "spark.sql.transposeMaxValues" });
  const kept = rows
    .filter((r) => r[at] !== null)
    .sort((a, b) => compare(a[at] as LiteralValue, b[at] as LiteralValue, index.type));
  const columns: Attr[] = kept.map((r) => ({
    kind: "Attr",
    id: state.nextId(),
    name: textOf(r[at] as LiteralValue, index.type, state),
    type,
    nullable: true,
    qualifier: [],
  }));
  const cells = others.map((a): Expr[] => {
    const column = input.output.findIndex((b) => b.id === a.id);
    return [
      { kind: "Lit", type: STRING, nullable: false, value: a.name },
      ...kept.map((r): Expr => {
        const value = r[column] ?? null;
        return castTo({ kind: "Lit", type: a.type, nullable: value === null, value }, type, state.conf);
      }),
    ];
  });
  return leaf({ kind: "RValues", rows: cells, columns: [key, ...columns] }, [key, ...columns]);
}

function leastCommon(a: DataType, b: DataType, state: AnalysisState): DataType {
  const isMixed = (a.kind === "string") !== (b.kind === "string");
  const type = isMixed ? undefined : commonType(a, b, state.conf);
  if (type === undefined)
    throw fail("TRANSPOSE_NO_LEAST_COMMON_TYPE", { dt1: quotedSqlType(a), dt2: quotedSqlType(b) });
  return type;
}

function compare(a: LiteralValue, b: LiteralValue, type: DataType): number {
  if (type.kind === "decimal") return Number(a) - Number(b);
  if ((typeof a === "number" || typeof a === "bigint") && (typeof b === "number" || typeof b === "bigint"))
    return a < b ? -1 : a > b ? 1 : 0;
  const [x, y] = [String(a), String(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

function textOf(value: LiteralValue, type: DataType, state: AnalysisState): string {
  const text = state.pretty({ kind: "Lit", type, nullable: false, value });
  return /^(?:DATE|TIMESTAMP|TIMESTAMP_NTZ|TIME) '(.*)'$/.exec(text)?.[1] ?? text;
}
