import type { Expr } from "./expr.ts";
import { someExpr } from "./expr-tree.ts";

const HARMLESS = new Set([
  "and",
  "or",
  "not",
  "==",
  "<=>",
  "<",
  "<=",
  ">",
  ">=",
  "in",
  "isnull",
  "isnotnull",
  "between",
  "coalesce",
  "like",
  "ilike",
  "upper",
  "lower",
  "length",
  "trim",
  "isnan",
  "getstructfield",
]);

/** Whether evaluating the expression may raise an error. */
export function mayRaise(e: Expr): boolean {
  return someExpr(e, (x) => {
    if (x.kind === "Call") return !HARMLESS.has(x.fn);
    return (
      x.kind === "CastExpr" &&
      x.mode === "ansi" &&
      x.child.type.kind !== "null" &&
      x.nullable &&
      !x.child.nullable
    );
  });
}
