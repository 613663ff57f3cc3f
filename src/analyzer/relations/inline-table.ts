import { castTo, widestType } from "../../functions/coercion.ts";
import type { Attr, Expr } from "../../functions/expr.ts";
import type { InlineTable } from "../../plan/relation.ts";
import type { DataType } from "../../types/data-type.ts";
import { quoteIdentifier } from "../../types/format.ts";
import { findAggregate, findGenerator, findWindow, isDeterministic } from "../checks.ts";
import { fail, quotedExpr } from "../errors.ts";
import { resolveExpr, trim } from "../expressions.ts";
import type { RelationScope, Resolved } from "../scope.ts";
import type { AnalysisState } from "../state.ts";
import type { Step } from "../steps.ts";
import { leaf } from "./exact.ts";

/** `VALUES (...), (...)`. */
export function* resolveInlineTable(
  rel: InlineTable,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  const width = rel.columnAliases?.length ?? rel.rows[0]?.length ?? 0;
  const names = rel.columnAliases ?? Array.from({ length: width }, (_, i) => `col${i + 1}`);
  for (const [rowIndex, row] of rel.rows.entries()) {
    if (row.length === width) continue;
    throw fail(
      "INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH",
      { expectedNumCols: `${width}`, actualNumCols: `${row.length}`, rowIndex: `${rowIndex}` },
      rel.origin,
    );
  }
  const { outer: _, ...rest } = scope;
  const env = { inputs: [], scope: { ...rest, outer: undefined } };
  const rows: Expr[][] = [];
  for (const row of rel.rows) {
    const cells: Expr[] = [];
    for (const cell of row) {
      const e = trim((yield resolveExpr(cell, env, state)) as Expr);
      checkCell(e, cell.origin);
      cells.push(e);
    }
    rows.push(cells);
  }
  const types = names.map((name, i): DataType => {
    const type = widestType(
      rows.map((row) => (row[i] as Expr).type),
      state.conf,
    );
    if (type === undefined) {
      throw fail(
        "INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE",
        { colName: quoteIdentifier(name) },
        rel.origin,
      );
    }
    return type;
  });
  const cells = rows.map((row) => row.map((e, i) => castTo(e, types[i] as DataType, state.conf)));
  const columns = names.map(
    (name, i): Attr => ({
      kind: "Attr",
      id: state.nextId(),
      name,
      type: types[i] as DataType,
      nullable: cells.some((row) => (row[i] as Expr).nullable),
      qualifier: [],
    }),
  );
  return leaf({ kind: "RValues", rows: cells, columns }, columns);
}

function checkCell(e: Expr, origin: InlineTable["origin"]): void {
  const isPlain =
    findAggregate(e) === undefined && findWindow(e) === undefined && findGenerator(e) === undefined;
  if (isPlain && isDeterministic(e)) return;
  throw fail(
    "INVALID_INLINE_TABLE.CANNOT_EVALUATE_EXPRESSION_IN_INLINE_TABLE",
    { expr: quotedExpr(e) },
    origin,
  );
}
