import type { Expression } from "../plan/expression.ts";
import { notExpectedType } from "./argument-errors.ts";
import { Column, type ColumnOrName } from "./column.ts";
import { INTERNAL, NO_ATTACHMENTS } from "./internal.ts";

/** A Column that needs nothing but its expression. */
export function plainColumn(expression: Expression): Column {
  return new Column({ expression, attachments: NO_ATTACHMENTS });
}

/** A column by name: `a`, `t.a`, `a.b` for a field, "`a.b`" for a name with a dot, `*` and `t.*` for all. */
export function namedColumn(name: string): Column {
  if (name === "*") return plainColumn({ kind: "UnresolvedStar" });
  if (name.endsWith(".*")) return plainColumn({ kind: "UnresolvedStar", unparsedTarget: name });
  return plainColumn({ kind: "UnresolvedAttribute", unparsedIdentifier: name });
}

/** A Column as it is, a string as the name of one. */
export function toCol(value: ColumnOrName, argument = "col"): Column {
  if (value instanceof Column) return value;
  if (typeof value === "string") return namedColumn(value);
  throw notExpectedType(argument, "Column or str", value);
}

export function columnsOf(values: readonly ColumnOrName[], argument = "cols"): readonly Column[] {
  return values.map((value) => toCol(value, argument));
}

/** Arguments given one by one, or as a single array. */
export function flattenColumns<T>(values: readonly (T | readonly T[])[]): readonly T[] {
  return values.length === 1 && Array.isArray(values[0])
    ? (values[0] as readonly T[])
    : (values as readonly T[]);
}

/** The column as an order: ascending unless it says otherwise. */
export function sortColumn(value: ColumnOrName): Column {
  const column = toCol(value);
  return column[INTERNAL].expression.kind === "SortOrder" ? column : column.asc();
}
