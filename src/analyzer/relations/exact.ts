import type { Attr } from "../../functions/expr.ts";
import { outputOf } from "../output.ts";
import type { ResolvedRelation } from "../resolved-relation.ts";
import type { PlanIds, Resolved } from "../scope.ts";

/** The relation with a plan that gives exactly its output, nothing hidden and in order. */
export function exact(r: Resolved): Resolved {
  const have = outputOf(r.plan);
  const isExact = have.length === r.output.length && have.every((a, i) => a.id === r.output[i]?.id);
  if (isExact && r.hidden.length === 0) return r;
  return {
    ...r,
    plan: isExact ? r.plan : { kind: "RProject", input: r.plan, columns: r.output },
    hidden: [],
  };
}

/** A relation made of nothing resolved before. */
export function leaf(
  plan: ResolvedRelation,
  output: readonly Attr[] = outputOf(plan),
  hidden: readonly Attr[] = [],
): Resolved {
  return { plan, output, hidden, planIds: undefined };
}

/**
 * A relation that hands up its input's columns as they are (filters, sorts, limits): what its input can hand up more,
 * it can too.
 */
export function over(input: Resolved, wrap: (plan: ResolvedRelation) => ResolvedRelation): Resolved {
  return {
    plan: wrap(input.plan),
    output: input.output,
    hidden: input.hidden,
    planIds: input.planIds,
    below: { input, extend: (wider, extra) => withMore(over(wider, wrap), extra) },
  };
}

/** The same relation with columns that its plan has anyway in the output. */
export function withMore(r: Resolved, extra: readonly Attr[]): Resolved {
  const known = new Set(r.output.map((a) => a.id));
  const added = extra.filter((a) => !known.has(a.id));
  return added.length === 0
    ? r
    : {
        ...r,
        output: [...r.output, ...added],
        hidden: r.hidden.filter((h) => !added.some((a) => a.id === h.id)),
      };
}

/** Where the plan ids of several relations are found. */
export function joinPlanIds(inputs: readonly (PlanIds | undefined)[]): PlanIds | undefined {
  const below = inputs.filter((p) => p !== undefined);
  return below.length < 2 ? below[0] : { below };
}
