import type { AliasExpr, NamedExpr } from "../../functions/expr.ts";
import type { HtmlString, ShowString } from "../../plan/relation.ts";
import { resolveRelation } from "../relations.ts";
import type { RelationScope, Resolved } from "../scope.ts";
import type { AnalysisState } from "../state.ts";
import type { Step } from "../steps.ts";
import { exact } from "./exact.ts";
import { projection } from "./tables.ts";

/** The cells of `show()` as text; the driver draws the table. One row more than asked for tells that there are more. */
export function* resolveShown(
  rel: ShowString | HtmlString,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  const input = exact((yield resolveRelation(rel.input, scope, state)) as Resolved);
  const numRows = Math.min(Math.max(rel.numRows, 0), 2_147_483_631);
  const limited: Resolved = { ...input, plan: { kind: "RLimit", input: input.plan, limit: numRows + 1 } };
  const columns = input.output.map((a): NamedExpr => {
    const child = state.call("to_pretty_string", [a]);
    const alias: AliasExpr = {
      kind: "AliasExpr",
      child,
      id: state.nextId(),
      name: a.name,
      type: child.type,
      nullable: child.nullable,
    };
    return alias;
  });
  return projection(limited, columns);
}
