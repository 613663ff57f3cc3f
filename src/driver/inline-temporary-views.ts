import { isRelation } from "../plan/kinds.ts";
import type { Relation } from "../plan/relation.ts";
import { foreachNode, transformUp } from "../plan/traverse.ts";
import { parseStatement } from "../sql/parse.ts";
import { GLOBAL_TEMP_DATABASE } from "./session-state.ts";
import type { TempViews } from "./temp-views.ts";

/**
 * Puts the plans of temporary views in the place of their names, so that a view stays what it was when it was made:
 * also when a view that it reads is replaced, or it replaces one of the same name.
 */
export function inlineTemporaryViews(plan: Relation, session: TempViews, global: TempViews): Relation {
  if (session.size === 0 && global.size === 0) return plan;
  const parsed = transformUp(plan, (node) => {
    if (node.kind !== "SQL" || node.namedArguments !== undefined || node.posArguments !== undefined)
      return node;
    const inner = parseStatement(node.query);
    return isRelation(inner)
      ? { ...inner, ...(node.planId === undefined ? {} : { planId: node.planId }) }
      : node;
  });
  // A common table hides a view of the same name wherever it is defined: such names are left alone.
  const hidden = new Set<string>();
  foreachNode(parsed, (node) => {
    if (node.kind === "With") for (const { name } of node.relations) hidden.add(name.toLowerCase());
  });
  return transformUp(parsed, (node) => {
    if (node.kind !== "ReadTable" || node.identifierClause !== undefined) return node;
    const parts = node.nameParts ?? splitPlain(node.unparsedIdentifier);
    const name = parts.at(-1) as string;
    const view =
      parts.length === 1 && !hidden.has(name.toLowerCase())
        ? session.find(name)
        : parts.length === 2 && parts[0]?.toLowerCase() === GLOBAL_TEMP_DATABASE
          ? global.find(name)
          : undefined;
    if (view === undefined) return node;
    const alias: Relation = { kind: "SubqueryAlias", input: view.plan, alias: name };
    return node.planId === undefined ? alias : { ...alias, planId: node.planId };
  });
}

function splitPlain(identifier: string): readonly string[] {
  return identifier.includes("`") ? [identifier] : identifier.split(".");
}
