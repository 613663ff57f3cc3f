import type { LiteralValue } from "../plan/expression.ts";
import type { Expr } from "./expr.ts";
import { childrenOf } from "./expr-tree.ts";
import { findEntry } from "./registry.ts";

/** Whether the value is the same for all rows: made of literals and deterministic scalar functions alone. */
export function isFoldable(root: Expr): boolean {
  const stack: Expr[] = [root];
  for (let e = stack.pop(); e !== undefined; e = stack.pop()) {
    switch (e.kind) {
      case "Lit":
        continue;
      case "Call": {
        const entry = findEntry(e.fn);
        if (entry === undefined || entry.kind !== "scalar" || entry.isNondeterministic === true) return false;
        break;
      }
      case "CastExpr":
      case "AliasExpr":
      case "LambdaExpr":
        break;
      case "LambdaVar":
        continue;
      default:
        return false;
    }
    stack.push(...childrenOf(e));
  }
  return true;
}

/**
 * The value of a literal, also under a minus or a coercion among numbers, for rules that need it at analysis.
 * `undefined` when it is not that simple.
 */
export function evaluateLiteral(e: Expr): LiteralValue | undefined {
  switch (e.kind) {
    case "Lit":
      return e.value;
    case "AliasExpr":
      return evaluateLiteral(e.child);
    case "CastExpr": {
      const value = evaluateLiteral(e.child);
      if (value === undefined || value === null) return value;
      const from = e.child.type.kind;
      switch (e.type.kind) {
        case "string":
          return typeof value === "string" ? value : undefined;
        case "byte":
        case "short":
        case "integer":
        case "long":
          return from === "byte" || from === "short" || from === "integer" || from === "long"
            ? value
            : undefined;
        case "double":
          if (typeof value === "number" || typeof value === "bigint") return Number(value);
          return from === "decimal" ? Number(value as string) : undefined;
        case "decimal":
          return from === "decimal" || typeof value === "number" || typeof value === "bigint"
            ? `${value}`
            : undefined;
        default:
          return undefined;
      }
    }
    case "Call": {
      if (e.fn !== "negative" || e.args.length !== 1) return undefined;
      const value = evaluateLiteral(e.args[0] as Expr);
      if (typeof value === "number" || typeof value === "bigint") return -value;
      if (e.type.kind === "decimal" && typeof value === "string")
        return value.startsWith("-") ? value.slice(1) : `-${value}`;
      return value === null ? null : undefined;
    }
    default:
      return undefined;
  }
}
