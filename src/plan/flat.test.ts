import { describe, expect, it } from "vitest";
import type { Expression } from "./expression.ts";
import { flattenPlan, unflattenPlan } from "./flat.ts";
import type { Relation } from "./relation.ts";
import { childrenOf, foreachNode, transformUp } from "./traverse.ts";

const table: Relation = { kind: "ReadTable", unparsedIdentifier: "t", options: {} };
const column = (name: string): Expression => ({ kind: "UnresolvedAttribute", unparsedIdentifier: name });

function deep(levels: number): Relation {
  let plan: Relation = table;
  for (let i = 0; i < levels; i++) plan = { kind: "Filter", input: plan, condition: column(`c${i}`) };
  return plan;
}

describe("a flat plan", () => {
  it("comes back as it was, with every kind of nesting", () => {
    const plan: Relation = {
      kind: "Aggregate",
      input: { kind: "With", isRecursive: false, relations: [{ name: "x", plan: table }], input: table },
      groupType: "groupby",
      groupingExpressions: [column("a")],
      aggregateExpressions: [
        {
          kind: "Window",
          windowFunction: { kind: "UnresolvedFunction", functionName: "sum", arguments: [column("b")] },
          partitionSpec: [],
          orderSpec: [{ kind: "SortOrder", child: column("a"), direction: "ascending" }],
          frameSpec: {
            frameType: "row",
            lower: { kind: "unbounded" },
            upper: { kind: "value", value: { kind: "Literal", dataType: { kind: "integer" }, value: 1 } },
          },
        },
      ],
    };
    const back = unflattenPlan(structuredClone(flattenPlan(plan)));
    expect(back).toEqual(plan);
  });

  it("crosses a worker boundary at a depth where nested objects do not", () => {
    const flat = structuredClone(flattenPlan(deep(10_000)));
    expect(flat.nodes).toHaveLength(20_001);
    let levels = 0;
    foreachNode(unflattenPlan(flat), (node) => {
      if (node.kind === "Filter") levels++;
    });
    expect(levels).toBe(10_000);
  });

  it("keeps shared subtrees shared", () => {
    const plan: Relation = { kind: "Join", left: table, right: table, joinType: "inner", usingColumns: [] };
    expect(flattenPlan(plan).nodes).toHaveLength(2);
    const back = unflattenPlan(flattenPlan(plan)) as Extract<Relation, { kind: "Join" }>;
    expect(back.left).toBe(back.right);
  });

  it("is refused when it is not whole", () => {
    const { nodes } = flattenPlan(deep(1));
    expect(() => unflattenPlan({ nodes: nodes.slice(1) })).toThrow(TypeError);
    expect(() => unflattenPlan({ nodes: [] })).toThrow(TypeError);
  });
});

describe("traversal", () => {
  it("finds children in the order of the text and nothing else", () => {
    const filter = deep(1) as Extract<Relation, { kind: "Filter" }>;
    expect(childrenOf(filter)).toEqual([filter.input, filter.condition]);
  });

  it("rebuilds only what changes", () => {
    const plan = deep(5000) as Extract<Relation, { kind: "Filter" }>;
    expect(transformUp(plan, (node) => node) === plan).toBe(true);
    const changed = transformUp(plan, (node) =>
      node.kind === "ReadTable" ? { ...node, unparsedIdentifier: "u" } : node,
    );
    expect(changed === plan).toBe(false);
    expect(changed.condition === plan.condition).toBe(true);
  });
});
