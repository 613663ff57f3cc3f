import type { Call, Expr } from "../functions/expr.ts";
import { childrenOf } from "../functions/expr-tree.ts";
import { entryOf } from "../functions/registry.ts";
import type { DataType } from "../types/data-type.ts";
import { findExpr } from "./expr-rewrite.ts";
import { isAggregateCall, isGenerator } from "./state.ts";

/** Types that ORDER BY, GROUP BY and comparisons take. */
export function isOrderable(t: DataType): boolean {
  switch (t.kind) {
    case "map":
    case "calendar_interval":
    case "variant":
      return false;
    case "array":
      return isOrderable(t.elementType);
    case "struct":
      return t.fields.every((f) => isOrderable(f.dataType));
    case "udt":
      return isOrderable(t.sqlType);
    default:
      return true;
  }
}

/** Types that GROUP BY and DISTINCT take: those with an order, and maps. */
export function isGroupable(t: DataType): boolean {
  if (t.kind === "map") return isGroupable(t.keyType) && isGroupable(t.valueType);
  if (t.kind === "array") return isGroupable(t.elementType);
  if (t.kind === "struct") return t.fields.every((f) => isGroupable(f.dataType));
  return isOrderable(t);
}

export function hasType(t: DataType, test: (t: DataType) => boolean): boolean {
  if (test(t)) return true;
  switch (t.kind) {
    case "array":
      return hasType(t.elementType, test);
    case "map":
      return hasType(t.keyType, test) || hasType(t.valueType, test);
    case "struct":
      return t.fields.some((f) => hasType(f.dataType, test));
    default:
      return false;
  }
}

/** The first aggregate function that is not the function of a window. */
export function findAggregate(e: Expr): Call | undefined {
  const stack: Expr[] = [e];
  for (let x = stack.pop(); x !== undefined; x = stack.pop()) {
    if (x.kind === "WindowExpr") {
      stack.push(...[...childrenOf(x.fn), ...x.partitionBy, ...x.orderBy].reverse());
      continue;
    }
    if (isAggregateCall(x)) return x;
    stack.push(...[...childrenOf(x)].reverse());
  }
  return undefined;
}

export function hasAggregate(e: Expr): boolean {
  return findAggregate(e) !== undefined;
}

export function findWindow(e: Expr): Expr | undefined {
  return findExpr(e, (x) => x.kind === "WindowExpr");
}

export function findGenerator(e: Expr): Call | undefined {
  return findExpr(e, isGenerator) as Call | undefined;
}

/** Gives the same value for the same row. */
export function isDeterministic(e: Expr): boolean {
  return findExpr(e, (x) => x.kind === "Call" && isNondeterministicCall(x)) === undefined;
}

function isNondeterministicCall(x: Call): boolean {
  return entryOf(x.fn).isNondeterministic === true || (x.fn === "udf" && x.extra?.deterministic === false);
}

export function hasOuter(e: Expr): boolean {
  return findExpr(e, (x) => x.kind === "OuterAttr") !== undefined;
}
