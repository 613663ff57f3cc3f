import { formatResolved } from "../analyzer/format-resolved.ts";
import { outputOf } from "../analyzer/output.ts";
import type { ResolvedRelation } from "../analyzer/resolved-relation.ts";
import { inputsOf } from "../analyzer/resolved-tree.ts";
import { isSortAggregate, joinOrder } from "../engine/lower/row-order.ts";
import { prettyExpr } from "../functions/pretty.ts";

/** The text by which a plan is known again: the same for plans that mean the same, whatever their columns are called. */
export function canonicalText(plan: ResolvedRelation): string {
  return formatResolved(plan, { isCanonical: true });
}

/**
 * The operators by which Spark would run a plan, in its words: what Lakelet takes the order of rows from. A part that
 * is persisted is read from memory.
 */
export function physicalPlan(root: ResolvedRelation, isPersisted: (text: string) => boolean): string {
  const lines: string[] = [];
  const open: { readonly plan: ResolvedRelation; readonly depth: number }[] = [{ plan: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { plan, depth } = next;
    const start = depth === 0 ? "" : `${"   ".repeat(depth - 1)}+- `;
    if (isPersisted(canonicalText(plan))) {
      lines.push(`${start}InMemoryTableScan ${names(plan)}`);
      continue;
    }
    lines.push(`${start}${operator(plan)}`);
    const inputs = inputsOf(plan);
    for (let i = inputs.length - 1; i >= 0; i--)
      open.push({ plan: inputs[i] as ResolvedRelation, depth: depth + 1 });
  }
  return lines.join("\n");
}

const names = (plan: ResolvedRelation): string =>
  `[${outputOf(plan)
    .map((a) => a.name)
    .join(", ")}]`;

const list = (items: readonly Parameters<typeof prettyExpr>[0][]): string =>
  `[${items.map((e) => prettyExpr(e)).join(", ")}]`;

function operator(plan: ResolvedRelation): string {
  switch (plan.kind) {
    case "RScan":
      return `FileScan ${plan.source.format} ${plan.source.displayName} ${names(plan)}`;
    case "RLocal":
    case "RValues":
      return `LocalTableScan ${names(plan)}`;
    case "RRange":
      return `Range (${plan.start}, ${plan.end}, step=${plan.step})`;
    case "ROneRow":
      return "Scan OneRowRelation[]";
    case "RProject":
      return `Project ${list(plan.columns)}`;
    case "RFilter":
      return `Filter ${prettyExpr(plan.condition)}`;
    case "RJoin":
      return join(plan);
    case "RAggregate":
      return `${isSortAggregate(plan) ? "Sort" : "Hash"}Aggregate(keys=${list(plan.grouping)}, output=${names(plan)})`;
    case "RSort":
      return `Sort ${list(plan.order)}, ${plan.isGlobal}`;
    case "RLimit":
      return `CollectLimit ${plan.limit ?? "all"}${plan.offset === undefined ? "" : `, ${plan.offset}`}`;
    case "RTail":
      return `CollectTail ${plan.limit}`;
    case "RSetOp":
      return plan.op === "union" && plan.isAll
        ? "Union"
        : `HashAggregate(${plan.op}${plan.isAll ? " all" : ""})`;
    case "RDistinct":
      return `HashAggregate(keys=${plan.keys === undefined ? names(plan.input) : list(plan.keys)})`;
    case "RGenerate":
      return `Generate ${prettyExpr(plan.generator)}, ${plan.isOuter}`;
    case "RSample":
      return `Sample ${plan.lowerBound}, ${plan.upperBound}, ${plan.withReplacement}, ${plan.seed}`;
    case "RRepartition":
      return plan.how === "coalesce"
        ? `Coalesce ${plan.numPartitions}`
        : `Exchange ${plan.how}partitioning(${[...plan.expressions.map((e) => prettyExpr(e)), ...(plan.numPartitions === undefined ? [] : [`${plan.numPartitions}`])].join(", ")})`;
    case "RCteDef":
      return "WithCTE";
    case "RCteRef":
      return `CTERelationRef ${names(plan)}`;
    case "RRecursive":
      return `UnionLoop ${names(plan)}`;
    case "RUdfStage":
      return `EvalFunctions [${plan.calls.map((c) => c.result.name).join(", ")}]`;
    case "RObserve":
      return `CollectMetrics ${plan.name}, ${list(plan.metrics)}`;
  }
}

const JOIN_NAMES: Readonly<Record<string, string>> = {
  inner: "Inner",
  cross: "Cross",
  leftOuter: "LeftOuter",
  rightOuter: "RightOuter",
  fullOuter: "FullOuter",
  leftSemi: "LeftSemi",
  leftAnti: "LeftAnti",
};

function join(plan: Extract<ResolvedRelation, { kind: "RJoin" }>): string {
  const { outer, isReversed, keys } = joinOrder(plan);
  const isSemi = plan.joinType === "leftSemi" || plan.joinType === "leftAnti";
  const hasKeys = isReversed || (isSemi && plan.condition !== undefined);
  const how =
    keys !== undefined ? "SortMergeJoin" : hasKeys ? "BroadcastHashJoin" : "BroadcastNestedLoopJoin";
  const side = keys !== undefined ? "" : `, Build${outer === "left" ? "Right" : "Left"}`;
  const condition = plan.condition === undefined ? "" : `, ${prettyExpr(plan.condition)}`;
  return `${how} ${JOIN_NAMES[plan.joinType]}${side}${condition}`;
}
