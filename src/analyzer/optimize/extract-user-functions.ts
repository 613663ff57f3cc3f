import { unsupported } from "../../errors/spark-error.ts";
import type { Attr, Call, Expr, NamedExpr, SortExpr } from "../../functions/expr.ts";
import { isDeterministic } from "../checks.ts";
import { exprKey } from "../expr-key.ts";
import { findExpr, rewriteExpr, visitExpr } from "../expr-rewrite.ts";
import { outputOf } from "../output.ts";
import type { ResolvedRelation, RUdfStage } from "../resolved-relation.ts";
import { expressionsOf, rewritePlan } from "../resolved-tree.ts";
import { isAggregateCall } from "../state.ts";

/** Numbers of the columns that hold results of user functions: far above those that the analyzer gives. */
const FIRST_RESULT_ID = 1_900_000_000;

/**
 * Moves calls of user functions out of expressions, into stages below that compute them as columns. A function of a
 * function's result is a stage above that one's.
 */
export function extractUserFunctions(plan: ResolvedRelation): ResolvedRelation {
  let nextId = FIRST_RESULT_ID;
  return rewritePlan(plan, (p) => {
    if (p.kind === "RUdfStage" || !expressionsOf(p).some(hasUserFunction)) return p;
    switch (p.kind) {
      case "RProject":
      case "RFilter":
      case "RSort":
      case "RAggregate": {
        const stages = new Stages(p.input, () => nextId++);
        return withStages(p, stages);
      }
      default:
        throw unsupported(`user functions in ${PLACES[p.kind] ?? "this place"}`);
    }
  });
}

const PLACES: Readonly<Record<string, string>> = {
  RJoin: "the condition of a join",
  RGenerate: "the arguments of a generator",
  RValues: "an inline table",
};

export function isUserFunction(e: Expr): e is Call {
  return e.kind === "Call" && e.fn === "udf";
}

function hasUserFunction(e: Expr): boolean {
  return findExpr(e, isUserFunction) !== undefined;
}

/** The stages below one relation, and the columns that stand for the calls. */
class Stages {
  input: ResolvedRelation;
  readonly #newId: () => number;
  /** Calls that give the same for the same arguments are made once. */
  readonly #results = new Map<string, Attr>();

  constructor(input: ResolvedRelation, newId: () => number) {
    this.input = input;
    this.#newId = newId;
  }

  /** The expressions with a column in the place of each call. */
  extract<T extends Expr>(expressions: readonly T[]): readonly T[] {
    let rest: readonly T[] = expressions;
    while (rest.some(hasUserFunction)) {
      const calls: RUdfStage["calls"][number][] = [];
      const known = new Map<Expr, Attr>();
      for (const e of rest) {
        visitExpr(e, (x) => {
          if (!isUserFunction(x) || x.args.some(hasUserFunction)) return true;
          known.set(x, this.#resultOf(x, calls));
          return false;
        });
      }
      this.input = { kind: "RUdfStage", input: this.input, calls };
      rest = rest.map((e) => rewriteExpr(e, (x) => known.get(x)) as T);
    }
    return rest;
  }

  #resultOf(call: Call, calls: RUdfStage["calls"][number][]): Attr {
    const key = isDeterministic(call)
      ? `${String(call.extra?.id)} ${call.args.map(exprKey).join(" ")}`
      : undefined;
    const same = key === undefined ? undefined : this.#results.get(key);
    if (same !== undefined) return same;
    const aggregate = call.args.some((arg) => findExpr(arg, isAggregateCall) !== undefined);
    if (aggregate) throw unsupported("user functions of aggregates; select the aggregates first");
    const id = this.#newId();
    const result: Attr = {
      kind: "Attr",
      id,
      name: call.name ?? "udf",
      type: call.type,
      nullable: true,
      qualifier: [],
    };
    if (key !== undefined) this.#results.set(key, result);
    calls.push({ id: String(call.extra?.id), args: call.args, result, resultType: call.type });
    return result;
  }
}

function withStages(
  p: Extract<ResolvedRelation, { kind: "RProject" | "RFilter" | "RSort" | "RAggregate" }>,
  stages: Stages,
): ResolvedRelation {
  switch (p.kind) {
    case "RProject": {
      const columns = stages.extract<NamedExpr>(p.columns);
      return { ...p, input: stages.input, columns };
    }
    case "RAggregate": {
      const all = stages.extract<Expr>([...p.grouping, ...p.columns]);
      const grouping = all.slice(0, p.grouping.length);
      return {
        ...p,
        input: stages.input,
        grouping,
        columns: all.slice(p.grouping.length) as readonly NamedExpr[],
      };
    }
    case "RFilter": {
      const [condition] = stages.extract([p.condition]) as [Expr];
      return onlyColumnsOf(p, { ...p, input: stages.input, condition });
    }
    case "RSort": {
      const order = stages.extract<SortExpr>(p.order);
      return onlyColumnsOf(p, { ...p, input: stages.input, order });
    }
  }
}

/** Without the columns that were added below. */
function onlyColumnsOf(before: ResolvedRelation, after: ResolvedRelation): ResolvedRelation {
  return { kind: "RProject", input: after, columns: outputOf(before) };
}
