import type { Attr, Expr, NamedExpr } from "../../functions/expr.ts";
import type { Zip } from "../../plan/relation.ts";
import { fail } from "../errors.ts";
import { findExpr, rewriteExpr } from "../expr-rewrite.ts";
import { formatResolved } from "../format-resolved.ts";
import { outputOf } from "../output.ts";
import { resolveRelation } from "../relations.ts";
import type { ResolvedRelation, RProject } from "../resolved-relation.ts";
import type { RelationScope, Resolved } from "../scope.ts";
import type { AnalysisState } from "../state.ts";
import type { Step } from "../steps.ts";
import { exact, joinPlanIds } from "./exact.ts";

/** Columns of two selections from the same relation beside each other: one selection from it. */
export function* resolveZip(rel: Zip, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  const left = exact((yield resolveRelation(rel.left, scope, state)) as Resolved);
  const right = exact((yield resolveRelation(rel.right, scope, state)) as Resolved);
  const [l, r] = [unfold(left.plan), unfold(right.plan)];
  const same = (plan: ResolvedRelation): string => formatResolved(plan, { isCanonical: true });
  if (same(l.base) !== same(r.base)) throw fail("ZIP_PLANS_NOT_MERGEABLE", {});
  // The right's columns come from the left's relation, by position.
  const columns = outputOf(l.base);
  const known = new Map(outputOf(r.base).map((a, i) => [a.id, columns[i] as Attr]));
  const moved = (c: NamedExpr): NamedExpr => {
    const to = rewriteExpr(c, (e) => (e.kind === "Attr" ? known.get(e.id) : undefined));
    if (c.kind !== "Attr" || to === c) return to as NamedExpr;
    return { kind: "AliasExpr", child: to, id: c.id, name: c.name, type: c.type, nullable: c.nullable };
  };
  const through = r.projections.map((p) => p.map(moved));
  const passed = r.projections.length === 0 ? [outputOf(r.base).map(moved)] : through;
  let plan = l.base;
  const carry = (list: readonly NamedExpr[], kept: readonly Attr[]): void => {
    plan = { kind: "RProject", input: plan, columns: unique([...columns, ...kept, ...list]) };
  };
  for (const list of l.projections) carry(list, []);
  for (const list of passed) carry(list, left.output);
  const output = [...left.output, ...right.output];
  return {
    plan: { kind: "RProject", input: plan, columns: output },
    output,
    hidden: [],
    planIds: joinPlanIds([left.planIds, right.planIds]),
  };
}

/** What projections stand above which relation; a projection with windows is no longer a row's own. */
function unfold(plan: ResolvedRelation): {
  readonly base: ResolvedRelation;
  readonly projections: readonly (readonly NamedExpr[])[];
} {
  const projections: RProject["columns"][] = [];
  let base = plan;
  while (base.kind === "RProject" && !base.columns.some(hasWindow)) {
    projections.push(base.columns);
    base = base.input;
  }
  return { base, projections: projections.reverse() };
}

function hasWindow(e: Expr): boolean {
  return findExpr(e, (x) => x.kind === "WindowExpr") !== undefined;
}

function unique(columns: readonly NamedExpr[]): readonly NamedExpr[] {
  const seen = new Set<number>();
  return columns.filter((c) => !seen.has(c.id) && seen.add(c.id) !== undefined);
}
