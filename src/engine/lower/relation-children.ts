import type { ResolvedRelation } from "../../analyzer/resolved-relation.ts";

/** The relations right below one, in the order in which `lowerRelation` takes them. */
export function relationChildren(plan: ResolvedRelation): readonly ResolvedRelation[] {
  switch (plan.kind) {
    case "RScan":
    case "RLocal":
    case "RValues":
    case "RRange":
    case "ROneRow":
    case "RCteRef":
      return [];
    case "RJoin":
      return [plan.left, plan.right];
    case "RSetOp":
      return plan.inputs;
    case "RCteDef":
      return [...plan.definitions.map((d) => d.plan), plan.input];
    case "RRecursive":
      return [plan.anchor, plan.step];
    default:
      return [plan.input];
  }
}
