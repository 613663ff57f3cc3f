import { rewriteExpr } from "../../analyzer/expr-rewrite.ts";
import { outputOf } from "../../analyzer/output.ts";
import type { ResolvedRelation, RProject } from "../../analyzer/resolved-relation.ts";
import { planOf, rewritePlan } from "../../analyzer/resolved-tree.ts";
import type { AliasExpr, Attr, Call, Expr, NamedExpr, SortExpr, SubqueryExpr } from "../../functions/expr.ts";
import { childrenOf, someExpr } from "../../functions/expr-tree.ts";

/** Rewrites what Spark allows and DuckDB does not, or evaluates otherwise, into what means the same there. */
export function normalize(plan: ResolvedRelation): ResolvedRelation {
  let id = 1_000_000_000;
  const nextId = (): number => id++;
  const walk = (root: ResolvedRelation): ResolvedRelation =>
    rewritePlan(root, (p) => normalizeOne(p, nextId, walk));
  return walk(plan);
}

type Walk = (plan: ResolvedRelation) => ResolvedRelation;

function normalizeOne(p: ResolvedRelation, nextId: () => number, walk: Walk): ResolvedRelation {
  const value = (e: Expr): Expr => inSubqueries(subplans(e, walk));
  switch (p.kind) {
    case "RProject":
      return separateWindows({ ...p, columns: p.columns.map((c) => value(c) as NamedExpr) }, nextId);
    case "RFilter":
      return { ...p, condition: conjuncts(subplans(p.condition, walk)) };
    case "RJoin":
      return p.condition === undefined ? p : { ...p, condition: conjuncts(subplans(p.condition, walk)) };
    case "RAggregate":
      return { ...p, grouping: p.grouping.map(value), columns: p.columns.map((c) => value(c) as NamedExpr) };
    case "RSort":
      return { ...p, order: p.order.map((o) => value(o) as SortExpr) };
    case "RGenerate":
      return { ...p, generator: value(p.generator) as Call };
    case "RUdfStage":
      return { ...p, calls: p.calls.map((c) => ({ ...c, args: c.args.map(value) })) };
    default:
      return p;
  }
}

/** The plans of subqueries, normalized too. */
function subplans(root: Expr, walk: Walk): Expr {
  if (!someExpr(root, (e) => e.kind === "SubqueryExpr")) return root;
  return rewriteExpr(
    root,
    () => undefined,
    (e) => (e.kind === "SubqueryExpr" ? { ...e, plan: walk(planOf(e)) } : e),
  );
}

/**
 * Spark computes IN (SELECT ...) as the existence of a match, so that it is never null: no match is false. NOT IN is
 * the absence of a match, a null counting as one. As a condition of its own a filter cannot tell.
 */
function inSubqueries(root: Expr): Expr {
  if (!someExpr(root, isIn)) return root;
  return rewriteExpr(root, (e) => {
    if (e.kind === "Call" && e.fn === "not" && e.args[0] !== undefined && isIn(e.args[0])) {
      return { ...e, args: [orElse(e.args[0] as SubqueryExpr, true)] };
    }
    return isIn(e) ? orElse(e as SubqueryExpr, false) : undefined;
  });
}

function isIn(e: Expr): boolean {
  return e.kind === "SubqueryExpr" && e.subqueryType === "in";
}

function orElse(e: SubqueryExpr, value: boolean): Expr {
  const otherwise: Expr = { kind: "Lit", type: { kind: "boolean" }, nullable: false, value };
  return { kind: "Call", fn: "coalesce", args: [e, otherwise], type: { kind: "boolean" }, nullable: false };
}

function conjuncts(e: Expr): Expr {
  if (e.kind === "Call" && e.fn === "and") return { ...e, args: e.args.map(conjuncts) };
  const inner = e.kind === "Call" && e.fn === "not" ? (e.args[0] as Expr) : e;
  return isIn(inner) ? e : inSubqueries(e);
}

/** Window functions over window functions are computed one projection above the other. */
function separateWindows(p: RProject, nextId: () => number): ResolvedRelation {
  const isNested = (e: Expr): boolean =>
    someExpr(
      e,
      (x) =>
        x.kind === "WindowExpr" && childrenOf(x).some((c) => someExpr(c, (y) => y.kind === "WindowExpr")),
    );
  if (!p.columns.some(isNested)) return p;
  const inner: AliasExpr[] = [];
  const columns = p.columns.map((c) => liftWindows(c, inner, nextId) as NamedExpr);
  const below = separateWindows(
    { kind: "RProject", input: p.input, columns: [...outputOf(p.input), ...inner] },
    nextId,
  );
  return { ...p, input: below, columns };
}

function liftWindows(root: Expr, lifted: AliasExpr[], nextId: () => number): Expr {
  return rewriteExpr(root, (e) => {
    if (e.kind !== "WindowExpr") return undefined;
    const within = (x: Expr): Expr =>
      rewriteExpr(x, (y) => {
        if (y.kind !== "WindowExpr") return undefined;
        const alias: AliasExpr = {
          kind: "AliasExpr",
          child: y,
          id: nextId(),
          name: "window",
          type: y.type,
          nullable: y.nullable,
        };
        lifted.push(alias);
        const attr: Attr = {
          kind: "Attr",
          id: alias.id,
          name: "window",
          type: y.type,
          nullable: y.nullable,
          qualifier: [],
        };
        return attr;
      });
    return {
      ...e,
      fn: { ...e.fn, args: e.fn.args.map(within) },
      partitionBy: e.partitionBy.map(within),
      orderBy: e.orderBy.map((o) => within(o) as SortExpr),
    };
  });
}
