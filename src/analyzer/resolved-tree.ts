import type { Expr, SubqueryExpr } from "../functions/expr.ts";
import { visitExpr } from "./expr-rewrite.ts";
import type { ResolvedRelation } from "./resolved-relation.ts";

/** The relations directly below one. */
export function inputsOf(p: ResolvedRelation): readonly ResolvedRelation[] {
  switch (p.kind) {
    case "RScan":
    case "RLocal":
    case "RValues":
    case "RRange":
    case "ROneRow":
    case "RCteRef":
      return [];
    case "RJoin":
      return [p.left, p.right];
    case "RSetOp":
      return p.inputs;
    case "RCteDef":
      return [...p.definitions.map((d) => d.plan), p.input];
    case "RRecursive":
      return [p.anchor, p.step];
    default:
      return [p.input];
  }
}

/** The same relation over other inputs, in the order of `inputsOf`. */
export function withInputs(p: ResolvedRelation, inputs: readonly ResolvedRelation[]): ResolvedRelation {
  const old = inputsOf(p);
  if (old.every((x, i) => x === inputs[i])) return p;
  const [first, second] = inputs as [ResolvedRelation, ResolvedRelation];
  switch (p.kind) {
    case "RScan":
    case "RLocal":
    case "RValues":
    case "RRange":
    case "ROneRow":
    case "RCteRef":
      return p;
    case "RJoin":
      return { ...p, left: first, right: second };
    case "RSetOp":
      return { ...p, inputs };
    case "RCteDef":
      return {
        ...p,
        definitions: p.definitions.map((d, i) => ({ ...d, plan: inputs[i] as ResolvedRelation })),
        input: inputs[inputs.length - 1] as ResolvedRelation,
      };
    case "RRecursive":
      return { ...p, anchor: first, step: second };
    default:
      return { ...p, input: first };
  }
}

/** The expressions that a relation itself evaluates. */
export function expressionsOf(p: ResolvedRelation): readonly Expr[] {
  switch (p.kind) {
    case "RProject":
      return p.columns;
    case "RFilter":
      return [p.condition];
    case "RJoin":
      return p.condition === undefined ? [] : [p.condition];
    case "RAggregate":
      return [...p.grouping, ...p.columns];
    case "RSort":
      return p.order;
    case "RGenerate":
      return [p.generator];
    case "RValues":
      return p.rows.flat();
    case "RRepartition":
      return p.expressions;
    case "RUdfStage":
      return p.calls.flatMap((c) => c.args);
    default:
      return [];
  }
}

/** Visits the relation and all below it, parents first, not those inside subquery expressions. `visit` returns false to stop there. */
export function visitPlan(root: ResolvedRelation, visit: (p: ResolvedRelation) => boolean): void {
  const stack: ResolvedRelation[] = [root];
  for (let p = stack.pop(); p !== undefined; p = stack.pop()) {
    if (!visit(p)) continue;
    const inputs = inputsOf(p);
    for (let i = inputs.length - 1; i >= 0; i--) stack.push(inputs[i] as ResolvedRelation);
  }
}

export function subqueriesIn(e: Expr): readonly SubqueryExpr[] {
  const out: SubqueryExpr[] = [];
  visitExpr(e, (x) => {
    if (x.kind === "SubqueryExpr") out.push(x);
    return true;
  });
  return out;
}

export function planOf(e: SubqueryExpr): ResolvedRelation {
  return e.plan as ResolvedRelation;
}

/** Rebuilds a plan from the leaves up, without recursion over its depth. */
export function rewritePlan(
  root: ResolvedRelation,
  leave: (p: ResolvedRelation) => ResolvedRelation,
): ResolvedRelation {
  const results: ResolvedRelation[] = [];
  const stack: { readonly p: ResolvedRelation; readonly isDone: boolean }[] = [{ p: root, isDone: false }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { p } = top;
    const inputs = inputsOf(p);
    if (top.isDone || inputs.length === 0) {
      results.push(leave(withInputs(p, results.splice(results.length - inputs.length, inputs.length))));
      continue;
    }
    stack.push({ p, isDone: true });
    for (let i = inputs.length - 1; i >= 0; i--)
      stack.push({ p: inputs[i] as ResolvedRelation, isDone: false });
  }
  return results[0] as ResolvedRelation;
}
