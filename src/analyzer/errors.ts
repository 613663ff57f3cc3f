import { AnalysisException } from "../errors/spark-error.ts";
import type { Attr, Expr } from "../functions/expr.ts";
import { prettyExpr } from "../functions/pretty.ts";
import type { Origin } from "../plan/origin.ts";
import { queryContexts } from "../plan/query-context.ts";
import { quoteIdentifier, quoteIfNeeded } from "../types/format.ts";
import { rewriteExpr } from "./expr-rewrite.ts";
import { candidatesOf, quoteParts, suggest } from "./suggestions.ts";

export { ordinal, quotedExpr } from "../functions/type-error.ts";

/** An `AnalysisException` of the condition at the origin. */
export function fail(
  condition: string,
  messageParameters: Readonly<Record<string, string>> = {},
  origin?: Origin,
): AnalysisException {
  return new AnalysisException({ condition, messageParameters, queryContexts: queryContexts(origin) });
}

/** UNRESOLVED_COLUMN with the nearest of the columns that are there. */
export function unresolvedColumn(
  parts: readonly string[],
  inputs: readonly Attr[],
  origin?: Origin,
): AnalysisException {
  const proposal = suggest(parts, candidatesOf(inputs));
  const objectName = quoteParts(parts);
  if (proposal.length === 0) return fail("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", { objectName }, origin);
  return fail("UNRESOLVED_COLUMN.WITH_SUGGESTION", { objectName, proposal: proposal.join(", ") }, origin);
}

export function ambiguousReference(
  parts: readonly string[],
  found: readonly Attr[],
  origin?: Origin,
): AnalysisException {
  const names = found.map((a) => quoteParts([...a.qualifier, a.name])).sort();
  return fail(
    "AMBIGUOUS_REFERENCE",
    { name: quoteParts(parts), referenceNames: `[${names.join(", ")}]` },
    origin,
  );
}

/** An expression as Spark's `sql` prints it, columns with all their qualifiers: `sum(t.a)`. */
export function qualifiedText(root: Expr): string {
  return prettyExpr(qualify(root));
}

function qualify(root: Expr): Expr {
  return rewriteExpr(
    root,
    (e) => {
      if (e.kind === "Attr") return { ...e, name: [...e.qualifier, e.name].map(quoteIfNeeded).join(".") };
      return undefined;
    },
    (e) => (e.kind === "Call" && e.shown !== undefined ? { ...e, shown: e.shown.map(qualify) } : e),
  );
}

export function quotedNames(names: readonly string[]): string {
  return names.map(quoteIdentifier).join(", ");
}
