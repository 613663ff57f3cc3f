import { outputOf } from "../../analyzer/output.ts";
import type { ResolvedRelation } from "../../analyzer/resolved-relation.ts";

/**
 * Numbers of all attributes that anything in the plan refers to: numbers are unique, so a scan's column that is not
 * among them is never read. Everything nested is looked at, subqueries included.
 */
export function usedAttributes(...roots: readonly unknown[]): ReadonlySet<number> {
  const used = new Set<number>();
  const seen = new Set<unknown>();
  const open: unknown[] = [...roots];
  while (open.length > 0) {
    const node = open.pop();
    if (typeof node !== "object" || node === null || ArrayBuffer.isView(node) || seen.has(node)) continue;
    seen.add(node);
    const { kind } = node as { readonly kind?: unknown };
    if (kind === "Attr") {
      used.add((node as { readonly id: number }).id);
      continue;
    }
    // What a scan offers is not what is used of it; its columns stand here as attributes too.
    if (kind === "RScan" || kind === "RLocal") continue;
    open.push(...takenByPosition(node as ResolvedRelation).map(outputOf));
    for (const [key, value] of Object.entries(node)) {
      if (key === "origin" || key === "type" || key === "extra") continue;
      open.push(value);
    }
  }
  return used;
}

/** Relations below one that takes all their columns by position, so that none is named. */
function takenByPosition(node: ResolvedRelation): readonly ResolvedRelation[] {
  switch (node.kind) {
    case "RSetOp":
      return node.inputs;
    case "RCteDef":
      return node.definitions.map((d) => d.plan);
    case "RRecursive":
      return [node.anchor, node.step];
    case "RDistinct":
      return [node.input];
    default:
      return [];
  }
}
