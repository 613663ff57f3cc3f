import type { Expression } from "../plan/expression.ts";
import { isRelation } from "../plan/kinds.ts";
import type { Relation } from "../plan/relation.ts";
import { childrenOf, isPlanNode, type PlanNode } from "../plan/traverse.ts";
import { expressionText } from "./column-text.ts";

/** A plan as it was written, one relation a line; what is not resolved yet is marked as Spark marks it. */
export function formatPlan(root: Relation): string {
  const lines: string[] = [];
  const open: { readonly plan: Relation; readonly depth: number }[] = [{ plan: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { plan, depth } = next;
    lines.push(`${depth === 0 ? "" : `${"   ".repeat(depth - 1)}+- `}${line(plan)}`);
    const below = childrenOf(plan).filter(isRelationNode);
    for (const child of [...below].reverse()) open.push({ plan: child, depth: depth + 1 });
  }
  return `${lines.join("\n")}\n`;
}

function isRelationNode(node: PlanNode): node is Relation {
  return isRelation(node as Relation);
}

function line(plan: Relation): string {
  const parts = Object.entries(plan).flatMap(([key, value]) => {
    if (key === "kind" || key === "planId" || key === "origin" || key === "schema") return [];
    const text = fieldText(value);
    return text === undefined ? [] : [text];
  });
  const isDone = plan.kind === "LocalRelation" || plan.kind === "Range" || plan.kind === "OneRowRelation";
  return `${isDone ? "" : "'"}${plan.kind}${parts.length === 0 ? "" : ` ${parts.join(", ")}`}`;
}

function fieldText(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    if (value.length === 0 || value.some((v) => isPlanNode(v) && isRelationNode(v))) return undefined;
    return `[${value.map((v) => fieldText(v) ?? "").join(", ")}]`;
  }
  if (typeof value !== "object" || value === null)
    return value === undefined || value === "" || value === false ? undefined : String(value);
  if (!isPlanNode(value)) return undefined;
  return isRelationNode(value) ? undefined : expressionText(value as Expression);
}
