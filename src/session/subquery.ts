import type { Relation } from "../plan/relation.ts";
import { type Attachments, INTERNAL } from "./internal.ts";

/** What stands in for a DataFrame here, so that Columns need not know the class. */
interface PlanHolder {
  readonly [INTERNAL]: { readonly plan: Relation; readonly attachments: Attachments };
}

/** A DataFrame as the subject of a subquery expression; undefined when the value is no DataFrame. */
export function subqueryOf(
  value: unknown,
): { readonly planId: number; readonly attachments: Attachments } | undefined {
  if (typeof value !== "object" || value === null || !(INTERNAL in value)) return undefined;
  const state = (value as PlanHolder)[INTERNAL];
  if (state.plan === undefined || state.plan.planId === undefined) return undefined;
  return {
    planId: state.plan.planId,
    attachments: [...state.attachments, { kind: "subquery", plan: state.plan }],
  };
}
