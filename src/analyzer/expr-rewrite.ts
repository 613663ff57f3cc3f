import type { Attr, Call, Expr, SortExpr, WindowBound } from "../functions/expr.ts";
import { childrenOf } from "../functions/expr-tree.ts";

/** The same expression over other children (in the order of `childrenOf`). */
export function withChildren(e: Expr, children: readonly Expr[]): Expr {
  const old = childrenOf(e);
  if (old.length === children.length && old.every((c, i) => c === children[i])) return e;
  switch (e.kind) {
    case "Lit":
    case "Attr":
    case "OuterAttr":
    case "LambdaVar":
      return e;
    case "Call": {
      let at = e.args.length;
      const args = children.slice(0, at);
      const withinGroup =
        e.withinGroup === undefined
          ? undefined
          : (children.slice(at, (at += e.withinGroup.length)) as SortExpr[]);
      const filter = e.filter === undefined ? undefined : children[at];
      return {
        ...e,
        args,
        ...(withinGroup === undefined ? {} : { withinGroup }),
        ...(filter === undefined ? {} : { filter }),
      };
    }
    case "CastExpr":
    case "AliasExpr":
    case "SortExpr":
      return { ...e, child: children[0] as Expr };
    case "LambdaExpr":
      return { ...e, body: children[0] as Expr };
    case "SubqueryExpr":
      return { ...e, values: children };
    case "WindowExpr": {
      let at = 1;
      const partitionBy = children.slice(at, (at += e.partitionBy.length));
      const orderBy = children.slice(at, (at += e.orderBy.length)) as SortExpr[];
      const bound = (b: WindowBound): WindowBound =>
        b.kind === "offset" ? { ...b, offset: children[at++] as Expr } : b;
      const lower = bound(e.frame.lower);
      const upper = bound(e.frame.upper);
      return { ...e, fn: children[0] as Call, partitionBy, orderBy, frame: { ...e.frame, lower, upper } };
    }
  }
}

/** Visits every expression below and including `root`, parents first. `visit` returns false to leave out what is below. */
export function visitExpr(root: Expr, visit: (e: Expr) => boolean): void {
  const stack: Expr[] = [root];
  for (let e = stack.pop(); e !== undefined; e = stack.pop()) {
    if (!visit(e)) continue;
    const children = childrenOf(e);
    for (let i = children.length - 1; i >= 0; i--) stack.push(children[i] as Expr);
  }
}

/** The first expression, parents first, that satisfies the test. */
export function findExpr(root: Expr, test: (e: Expr) => boolean): Expr | undefined {
  let found: Expr | undefined;
  visitExpr(root, (e) => {
    if (found === undefined && test(e)) found = e;
    return found === undefined;
  });
  return found;
}

/**
 * Rebuilds an expression. `enter` is asked on the way down and may return a replacement, which is not looked into
 * again; `leave` is asked on the way up with the rebuilt node.
 */
export function rewriteExpr(
  root: Expr,
  enter: (e: Expr) => Expr | undefined,
  leave?: (e: Expr) => Expr,
): Expr {
  const results: Expr[] = [];
  const stack: { readonly e: Expr; readonly children?: number }[] = [{ e: root }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { e } = top;
    if (top.children !== undefined) {
      const rebuilt = withChildren(e, results.splice(results.length - top.children, top.children));
      results.push(leave === undefined ? rebuilt : leave(rebuilt));
      continue;
    }
    const replaced = enter(e);
    if (replaced !== undefined) {
      results.push(replaced);
      continue;
    }
    const children = childrenOf(e);
    stack.push({ e, children: children.length });
    for (let i = children.length - 1; i >= 0; i--) stack.push({ e: children[i] as Expr });
  }
  return results[0] as Expr;
}

/** The columns that an expression reads; those of enclosing queries and those inside a subquery's plan are left out. */
export function attrsIn(root: Expr): readonly Attr[] {
  const out: Attr[] = [];
  visitExpr(root, (e) => {
    if (e.kind === "Attr") out.push(e);
    return true;
  });
  return out;
}

/** The expression below any aliases. */
export function trimAlias(e: Expr): Expr {
  let inner = e;
  while (inner.kind === "AliasExpr") inner = inner.child;
  return inner;
}
