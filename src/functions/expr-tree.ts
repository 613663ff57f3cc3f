import type { Call, Expr } from "./expr.ts";

/** The expressions directly below one, in a fixed order. */
export function childrenOf(e: Expr): readonly Expr[] {
  switch (e.kind) {
    case "Call":
      return callChildren(e);
    case "CastExpr":
    case "AliasExpr":
    case "SortExpr":
      return [e.child];
    case "LambdaExpr":
      return [e.body];
    case "SubqueryExpr":
      return e.values ?? [];
    case "WindowExpr":
      return [
        e.fn,
        ...e.partitionBy,
        ...e.orderBy,
        ...(e.frame.lower.kind === "offset" ? [e.frame.lower.offset] : []),
        ...(e.frame.upper.kind === "offset" ? [e.frame.upper.offset] : []),
      ];
    default:
      return [];
  }
}

function callChildren(e: Call): readonly Expr[] {
  if (e.filter === undefined && e.withinGroup === undefined) return e.args;
  return [...e.args, ...(e.withinGroup ?? []), ...(e.filter === undefined ? [] : [e.filter])];
}

/** Computes a value from the leaves up, without recursion. `children` may choose other expressions than `childrenOf`. */
export function foldExpr<R>(
  root: Expr,
  combine: (e: Expr, results: readonly R[]) => R,
  children: (e: Expr) => readonly Expr[] = childrenOf,
): R {
  interface Frame {
    readonly expr: Expr;
    readonly below: readonly Expr[];
    readonly results: R[];
  }
  const stack: Frame[] = [{ expr: root, below: children(root), results: [] }];
  for (;;) {
    const top = stack[stack.length - 1] as Frame;
    const next = top.below[top.results.length];
    if (next !== undefined) {
      const below = children(next);
      if (below.length === 0) top.results.push(combine(next, []));
      else stack.push({ expr: next, below, results: [] });
      continue;
    }
    stack.pop();
    const value = combine(top.expr, top.results);
    const parent = stack[stack.length - 1];
    if (parent === undefined) return value;
    parent.results.push(value);
  }
}

/** Whether the expression or one below it satisfies the test. */
export function someExpr(root: Expr, test: (e: Expr) => boolean): boolean {
  const stack: Expr[] = [root];
  for (let e = stack.pop(); e !== undefined; e = stack.pop()) {
    if (test(e)) return true;
    stack.push(...childrenOf(e));
  }
  return false;
}
