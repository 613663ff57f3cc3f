import type { Attr } from "../../functions/expr.ts";
import { quoteIdentifier } from "../../types/format.ts";
import { fail } from "../errors.ts";
import type { Resolved } from "../scope.ts";
import type { AnalysisState } from "../state.ts";
import { candidatesOf, suggest } from "../suggestions.ts";

/** The column that USING names on one side. */
export function findUsing(name: string, side: Resolved, label: "left" | "right", state: AnalysisState): Attr {
  const fold = (text: string) => (state.conf.caseSensitive ? text : text.toLowerCase());
  const attr = side.output.find((a) => fold(a.name) === fold(name));
  if (attr !== undefined) return attr;
  const candidates = candidatesOf(side.output).map((c) => c.slice(-1));
  throw fail("UNRESOLVED_USING_COLUMN_FOR_JOIN", {
    colName: quoteIdentifier(name),
    side: label,
    suggestion: suggest([name], candidates, Number.POSITIVE_INFINITY).join(", "),
  });
}

/** Names that both sides have, in the left's order. */
export function commonColumns(left: Resolved, right: Resolved, state: AnalysisState): readonly string[] {
  const fold = (name: string) => (state.conf.caseSensitive ? name : name.toLowerCase());
  // A name that comes twice is common as often as both sides have it.
  const there = new Map<string, number>();
  for (const a of right.output) there.set(fold(a.name), (there.get(fold(a.name)) ?? 0) + 1);
  return left.output.flatMap((a) => {
    const count = there.get(fold(a.name)) ?? 0;
    if (count === 0) return [];
    there.set(fold(a.name), count - 1);
    return [a.name];
  });
}
