import type { Relation } from "../plan/relation.ts";
import type { Column } from "./column.ts";
import { type Attachments, INTERNAL, mergeAttachments, nextPlanId } from "./internal.ts";

/** A plan with what it needs beyond its nodes. */
export interface Plan {
  readonly plan: Relation;
  readonly attachments: Attachments;
}

type WithoutId<R> = R extends Relation ? Omit<R, "planId"> : never;

/**
 * A numbered relation over its inputs and columns. DataFrames that the columns refer to as subqueries become references
 * of a `WithRelations` around it, as Spark Connect has it.
 */
export function buildRelation(
  node: WithoutId<Relation>,
  inputs: readonly { readonly attachments: Attachments }[] = [],
  columns: readonly Column[] = [],
): Plan {
  const root = { ...node, planId: nextPlanId() } as Relation;
  const ofColumns = mergeAttachments(...columns.map((column) => column[INTERNAL].attachments));
  const references = ofColumns.flatMap((attachment) =>
    attachment.kind === "subquery" ? [attachment.plan] : [],
  );
  const attachments = mergeAttachments(
    ...inputs.map((input) => input.attachments),
    ofColumns.filter((attachment) => attachment.kind !== "subquery"),
  );
  if (references.length === 0) return { plan: root, attachments };
  return { plan: { kind: "WithRelations", root, references, planId: nextPlanId() }, attachments };
}

/**
 * A plan whose nodes are only known when an action runs: what it rests on has to be asked first. `inputs` are the plans
 * that it is made from.
 */
export function deferredRelation(
  resolve: () => Promise<Relation>,
  inputs: readonly { readonly attachments: Attachments }[] = [],
): Plan {
  const planId = nextPlanId();
  const placeholder: Relation = {
    kind: "UnsupportedRelation",
    feature: "a plan that was not made ready",
    planId,
  };
  const attachments = mergeAttachments(...inputs.map((input) => input.attachments), [
    {
      kind: "deferred",
      placeholder,
      resolve: async () => ({ ...(await resolve()), planId }),
    },
  ]);
  return { plan: placeholder, attachments };
}
