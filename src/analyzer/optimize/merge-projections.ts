import type { AliasExpr, Expr, NamedExpr } from "../../functions/expr.ts";
import { foldExpr } from "../../functions/expr-tree.ts";
import { isDeterministic } from "../checks.ts";
import { attrsIn, findExpr, rewriteExpr } from "../expr-rewrite.ts";
import type { ResolvedRelation, RProject } from "../resolved-relation.ts";
import { rewritePlan } from "../resolved-tree.ts";

/** DuckDB takes a thousand expressions in one another; what Spark's one becomes in SQL is several deep. */
const MAX_DEPTH = 60;

/** A projection over a projection becomes one, as long as no work is done twice. */
export function mergeProjections(plan: ResolvedRelation): ResolvedRelation {
  return rewritePlan(plan, (p) => {
    if (p.kind !== "RProject" || p.input.kind !== "RProject") return p;
    return merged(p, p.input) ?? p;
  });
}

function merged(upper: RProject, lower: RProject): RProject | undefined {
  const byId = new Map<number, NamedExpr>();
  for (const c of lower.columns) byId.set(c.id, c);
  const uses = new Map<number, number>();
  let hasSubquery = false;
  for (const c of upper.columns) {
    if (c.kind === "Attr") {
      // Handing a column up is no work.
      continue;
    }
    if (findExpr(c, (e) => e.kind === "SubqueryExpr") !== undefined) hasSubquery = true;
    for (const a of attrsIn(c)) uses.set(a.id, (uses.get(a.id) ?? 0) + 1);
  }
  for (const c of upper.columns) {
    if (c.kind === "Attr") uses.set(c.id, (uses.get(c.id) ?? 0) + 1);
  }
  // A correlated subquery names columns that only it uses.
  if (hasSubquery && lower.columns.some((c) => c.kind === "AliasExpr")) return undefined;
  for (const [id, count] of uses) {
    const c = byId.get(id);
    if (c === undefined || c.kind === "Attr") continue;
    if (!canMove(c, count)) return undefined;
  }
  if (lower.columns.some((c) => c.kind === "AliasExpr" && !isDeterministic(c))) return undefined;
  const isDeep = upper.columns.some((c) => {
    if (c.kind === "Attr") return false;
    const below = Math.max(0, ...attrsIn(c).map((a) => depthOf(byId.get(a.id))));
    return depthOf(c) + below > MAX_DEPTH;
  });
  if (isDeep) return undefined;
  const columns = upper.columns.map((c): NamedExpr => {
    if (c.kind === "Attr") {
      const below = byId.get(c.id);
      return below === undefined || below.kind === "Attr" ? c : below;
    }
    return substituted(c, byId);
  });
  return { kind: "RProject", input: lower.input, columns };
}

const depths = new WeakMap<Expr, number>();

/** How many expressions stand in one another. */
function depthOf(e: Expr | undefined): number {
  if (e === undefined || e.kind === "Attr") return 0;
  let depth = depths.get(e);
  if (depth === undefined) {
    depth = foldExpr<number>(e, (_, parts) => 1 + Math.max(0, ...parts));
    depths.set(e, depth);
  }
  return depth;
}

function canMove(c: AliasExpr, count: number): boolean {
  if (!isDeterministic(c.child)) return false;
  if (
    findExpr(
      c.child,
      (e) => e.kind === "WindowExpr" || e.kind === "SubqueryExpr" || (e.kind === "Call" && e.fn === "udf"),
    ) !== undefined
  ) {
    return false;
  }
  return count <= 1 || isCheap(c.child);
}

function isCheap(e: Expr): boolean {
  return e.kind === "Attr" || e.kind === "Lit" || e.kind === "OuterAttr";
}

function substituted(c: AliasExpr, byId: ReadonlyMap<number, NamedExpr>): AliasExpr {
  return rewriteExpr(c, (e) => {
    if (e.kind !== "Attr") return undefined;
    const below = byId.get(e.id);
    return below === undefined || below.kind === "Attr" ? undefined : below.child;
  }) as AliasExpr;
}
