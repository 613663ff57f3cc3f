import type { Attr, Expr, NamedExpr } from "../../functions/expr.ts";
import { visitExpr } from "../expr-rewrite.ts";
import { outputOf } from "../output.ts";
import type { ResolvedRelation } from "../resolved-relation.ts";
import { expressionsOf, planOf, visitPlan } from "../resolved-tree.ts";

type Needed = ReadonlySet<number>;

/** Columns that nothing above uses are not read, computed or carried. */
export function pruneColumns(plan: ResolvedRelation): ResolvedRelation {
  const needed = new Set(outputOf(plan).map((a) => a.id));
  const results: ResolvedRelation[] = [];
  const stack: Task[] = [{ kind: "visit", plan, needed }];
  for (let task = stack.pop(); task !== undefined; task = stack.pop()) {
    if (task.kind === "build") {
      results.push(task.build(results.splice(results.length - task.count, task.count)));
      continue;
    }
    const { inputs, build } = pruned(task.plan, task.needed);
    stack.push({ kind: "build", count: inputs.length, build });
    for (let i = inputs.length - 1; i >= 0; i--) stack.push({ kind: "visit", ...(inputs[i] as Input) });
  }
  return results[0] as ResolvedRelation;
}

interface Input {
  readonly plan: ResolvedRelation;
  readonly needed: Needed;
}
type Task =
  | ({ readonly kind: "visit" } & Input)
  | {
      readonly kind: "build";
      readonly count: number;
      readonly build: (inputs: readonly ResolvedRelation[]) => ResolvedRelation;
    };

interface Pruned {
  readonly inputs: readonly Input[];
  readonly build: (inputs: readonly ResolvedRelation[]) => ResolvedRelation;
}

function pruned(p: ResolvedRelation, needed: Needed): Pruned {
  switch (p.kind) {
    case "RScan":
      return { inputs: [], build: () => ({ ...p, columns: atLeastOne(p.columns, needed) }) };
    case "RProject": {
      const columns = p.columns.filter((c) => needed.has(c.id));
      const kept = columns.length === 0 ? p.columns.slice(0, 1) : columns;
      return over(p.input, usedBy(kept), (input) => ({ ...p, input, columns: kept }));
    }
    case "RAggregate": {
      const columns = p.columns.filter((c) => needed.has(c.id) || isGroupingColumn(c, p.grouping));
      return over(p.input, usedBy([...p.grouping, ...columns]), (input) => ({ ...p, input, columns }));
    }
    case "RFilter":
    case "RSort":
    case "RGenerate":
    case "RUdfStage":
    case "RRepartition":
      return over(p.input, union(needed, usedBy(expressionsOf(p))), (input) => ({ ...p, input }));
    case "RLimit":
    case "RTail":
    case "RSample":
    case "RObserve":
      return over(p.input, needed, (input) => ({ ...p, input }));
    case "RDistinct":
      return p.keys === undefined
        ? over(p.input, ids(outputOf(p.input)), (input) => ({ ...p, input }))
        : over(p.input, union(needed, ids(p.keys)), (input) => ({ ...p, input }));
    case "RJoin": {
      const used = union(
        needed,
        union(usedBy(expressionsOf(p)), p.isLateral === true ? outerIn(p.right) : new Set()),
      );
      return {
        inputs: [
          { plan: p.left, needed: used },
          { plan: p.right, needed: used },
        ],
        build: ([left, right]) => ({
          ...p,
          left: left as ResolvedRelation,
          right: right as ResolvedRelation,
        }),
      };
    }
    case "RSetOp": {
      // By position: all of an input's columns, or the same positions of each.
      const positions =
        p.op === "union" && p.isAll
          ? p.columns.flatMap((c, i) => (needed.has(c.id) ? [i] : []))
          : p.columns.map((_, i) => i);
      const kept = positions.length === 0 ? [0].slice(0, p.columns.length) : positions;
      const isWhole = kept.length === p.columns.length;
      return {
        inputs: p.inputs.map((input) => {
          const output = outputOf(input);
          const chosen = kept.map((i) => output[i] as Attr);
          return {
            plan: isWhole ? input : { kind: "RProject", input, columns: chosen },
            needed: ids(chosen),
          };
        }),
        build: (inputs) => ({ ...p, inputs, columns: kept.map((i) => p.columns[i] as Attr) }),
      };
    }
    case "RCteDef":
      return {
        inputs: [
          ...p.definitions.map((d): Input => ({ plan: d.plan, needed: ids(outputOf(d.plan)) })),
          { plan: p.input, needed },
        ],
        build: (inputs) => ({
          ...p,
          definitions: p.definitions.map((d, i) => ({ ...d, plan: inputs[i] as ResolvedRelation })),
          input: inputs[inputs.length - 1] as ResolvedRelation,
        }),
      };
    case "RRecursive":
      return {
        inputs: [
          { plan: p.anchor, needed: ids(outputOf(p.anchor)) },
          { plan: p.step, needed: ids(outputOf(p.step)) },
        ],
        build: ([anchor, step]) => ({
          ...p,
          anchor: anchor as ResolvedRelation,
          step: step as ResolvedRelation,
        }),
      };
    default:
      return { inputs: [], build: () => p };
  }
}

function over(
  plan: ResolvedRelation,
  needed: Needed,
  build: (input: ResolvedRelation) => ResolvedRelation,
): Pruned {
  return { inputs: [{ plan, needed }], build: ([input]) => build(input as ResolvedRelation) };
}

function atLeastOne<C extends Attr>(columns: readonly C[], needed: Needed): readonly C[] {
  const kept = columns.filter((c) => needed.has(c.id));
  return kept.length === 0 ? columns.slice(0, 1) : kept;
}

function isGroupingColumn(c: NamedExpr, grouping: readonly Expr[]): boolean {
  return c.kind === "Attr" && grouping.some((g) => g.kind === "Attr" && g.id === c.id);
}

function ids(attrs: readonly Attr[]): Needed {
  return new Set(attrs.map((a) => a.id));
}

function union(a: Needed, b: Needed): Needed {
  if (b.size === 0) return a;
  const out = new Set(a);
  for (const id of b) out.add(id);
  return out;
}

/** Columns that expressions read, subqueries in them included. */
function usedBy(exprs: readonly Expr[]): Needed {
  const out = new Set<number>();
  for (const e of exprs) {
    visitExpr(e, (x) => {
      if (x.kind === "Attr") out.add(x.id);
      if (x.kind === "SubqueryExpr") for (const id of outerIn(planOf(x))) out.add(id);
      return true;
    });
  }
  return out;
}

/** Columns of enclosing queries that a plan reads. */
function outerIn(plan: ResolvedRelation): Needed {
  const out = new Set<number>();
  visitPlan(plan, (p) => {
    for (const e of expressionsOf(p)) {
      visitExpr(e, (x) => {
        if (x.kind === "OuterAttr") out.add(x.attr.id);
        if (x.kind === "SubqueryExpr") for (const id of outerIn(planOf(x))) out.add(id);
        return true;
      });
    }
    return true;
  });
  return out;
}
