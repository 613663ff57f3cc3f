import { LakeletError } from "../../errors/lakelet-error.ts";
import { unsupported } from "../../errors/spark-error.ts";
import type { Expression, SubqueryExpression } from "../../plan/expression.ts";
import type {
  Aggregate,
  CoGroupMap,
  GroupMap,
  MapPartitions,
  PythonTableFunction,
  Relation,
} from "../../plan/relation.ts";
import { childrenOf, foreachNode, type PlanNode } from "../../plan/traverse.ts";
import { aggregateFunctions, isPythonAggregate } from "./python-aggregate.ts";

/** Relations that a Python function makes out of whole relations. */
export type PythonRelation = MapPartitions | GroupMap | CoGroupMap | Aggregate | PythonTableFunction;

/** The outermost relations that a function makes, and whether there are functions over columns beside them. */
export function pythonParts(plan: PlanNode): {
  readonly relations: readonly PythonRelation[];
  readonly hasFunctions: boolean;
  /** Relations that expressions refer to by their number. */
  readonly references: ReadonlyMap<number, Relation>;
} {
  const references = new Map<number, Relation>();
  const relations: PythonRelation[] = [];
  let hasFunctions = false;
  const open: PlanNode[] = [plan];
  const seen = new Set<PlanNode>();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.kind === "MapPartitions" || node.kind === "GroupMap" || node.kind === "CoGroupMap") {
      if (node.func.function.language === "python") {
        relations.push(node);
        continue;
      }
    }
    if (node.kind === "PythonTableFunction") {
      relations.push(node);
      continue;
    }
    if (node.kind === "WithRelations") {
      for (const r of node.references) if (r.planId !== undefined) references.set(r.planId, r);
    }
    if (node.kind === "Aggregate" && aggregateFunctions(node).length > 0) {
      relations.push(node);
      continue;
    }
    if (node.kind === "UserDefinedFunction" && node.function.language === "python") {
      if (isPythonAggregate(node))
        throw unsupported(`the Python aggregate function ${node.functionName} in this place`);
      hasFunctions = true;
    }
    open.push(...childrenOf(node));
  }
  return { relations, hasFunctions, references };
}

export function readsColumns(e: Expression): boolean {
  let found = false;
  foreachNode(e, (node) => {
    if (node.kind === "UnresolvedAttribute" || node.kind === "UnresolvedStar") found = true;
  });
  return found;
}

/** A table argument: the columns by which it is partitioned first, sorted by them and by what it is ordered by. */
export function tableArgument(
  e: SubqueryExpression,
  references: ReadonlyMap<number, Relation>,
): { readonly plan: Relation; readonly keyCount: number } {
  const plan = e.plan ?? (e.planId === undefined ? undefined : references.get(e.planId));
  if (plan === undefined) throw new LakeletError("internal", "a table argument without a table");
  const keys = e.tableArgOptions?.partitionSpec ?? [];
  const order = e.tableArgOptions?.orderSpec ?? [];
  const input: Relation = order.length === 0 ? plan : { kind: "Sort", input: plan, isGlobal: true, order };
  return { plan: sortedByKeys(input, keys), keyCount: keys.length };
}

/** Keys first, then all columns, in the order in which Spark sorts what it gives to a function. */
export function sortedByKeys(input: Relation, keys: readonly Expression[]): Relation {
  const names = keys.map((_, i) => `__key_${i}`);
  const keyColumns = keys.map((expr, i): Expression => ({ kind: "Alias", expr, name: [names[i] as string] }));
  const projected: Relation = {
    kind: "Project",
    input,
    expressions: [...keyColumns, { kind: "UnresolvedStar" }],
  };
  if (keys.length === 0) return projected;
  return {
    kind: "Sort",
    input: projected,
    isGlobal: true,
    order: names.map((name) => ({
      kind: "SortOrder",
      child: { kind: "UnresolvedAttribute", unparsedIdentifier: name },
      direction: "ascending",
      nullOrdering: "first",
    })),
  };
}
