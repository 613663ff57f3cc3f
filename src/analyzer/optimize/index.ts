import type { ResolvedRelation } from "../resolved-relation.ts";
import { extractUserFunctions } from "./extract-user-functions.ts";
import { mergeProjections } from "./merge-projections.ts";
import { pruneColumns } from "./prune-columns.ts";

/** Prunes columns, merges projections, moves filters and limits down. Changes neither results nor errors. */
export function optimize(plan: ResolvedRelation): ResolvedRelation {
  return mergeProjections(pruneColumns(extractUserFunctions(mergeProjections(plan))));
}
