import { childrenOf, isPlanNode, mapChildren, type PlanNode } from "./traverse.ts";

/** Stands in a flat plan for a node: its place in `nodes`. */
interface NodeRef {
  readonly kind: "NodeRef";
  readonly at: number;
}

/**
 * A plan as a list of nodes that refer to each other by index, children before parents and the root last: what crosses
 * between workers, as structured cloning of deeply nested objects overflows the stack.
 */
export interface FlatPlan {
  readonly nodes: readonly object[];
}

export function flattenPlan(root: PlanNode): FlatPlan {
  const at = new Map<PlanNode, number>();
  const nodes: object[] = [];
  const open: PlanNode[] = [root];
  for (let node = open.at(-1); node !== undefined; node = open.at(-1)) {
    if (at.has(node)) {
      open.pop();
      continue;
    }
    const waiting = childrenOf(node).filter((child) => !at.has(child));
    if (waiting.length > 0) {
      for (let i = waiting.length - 1; i >= 0; i--) open.push(waiting[i] as PlanNode);
      continue;
    }
    open.pop();
    at.set(node, nodes.length);
    nodes.push(mapChildren(node, (child) => ref(at.get(child) as number)));
  }
  return { nodes };
}

/** Throws a `TypeError` when the plan is not one that `flattenPlan` made. */
export function unflattenPlan(flat: FlatPlan): PlanNode {
  const built: PlanNode[] = [];
  for (const node of flat.nodes) {
    if (!isPlanNode(node)) throw new TypeError("a flat plan holds something that is not a node");
    built.push(
      mapChildren(node, (child) => {
        const target = built[(child as unknown as NodeRef).at];
        if (target === undefined)
          throw new TypeError("a flat plan refers to a node that does not come before");
        return target;
      }),
    );
  }
  const root = built.at(-1);
  if (root === undefined) throw new TypeError("a flat plan without nodes");
  return root;
}

function ref(at: number): PlanNode {
  return { kind: "NodeRef", at } satisfies NodeRef as unknown as PlanNode;
}
