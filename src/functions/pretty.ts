import type { DataType } from "../types/data-type.ts";
import { quoteIfNeeded, sqlString } from "../types/format.ts";
import type { Call, Expr, SortExpr, SubqueryExpr, WindowBound, WindowExpr } from "./expr.ts";
import { childrenOf, foldExpr } from "./expr-tree.ts";
import { literalPretty } from "./literal-text.ts";
import { findEntry } from "./registry.ts";

/**
 * An expression as Spark prints it in output column names and in messages (its "pretty SQL"): `(a + 1)`,
 * `CAST(x AS INT)`, `count(DISTINCT b)`. The zone is for timestamp literals.
 */
export function prettyExpr(root: Expr, zone = "UTC"): string {
  return foldExpr<string>(root, (e, parts) => text(e, parts, zone), shownChildren);
}

function shownChildren(e: Expr): readonly Expr[] {
  if (e.kind === "Call" && e.shown !== undefined) return childrenOf({ ...e, args: e.shown });
  if (e.kind === "LambdaExpr") return [e.body, ...e.params];
  return childrenOf(e);
}

function text(e: Expr, parts: readonly string[], zone: string): string {
  switch (e.kind) {
    case "Lit":
      return e.pretty ?? literalPretty(e.value, e.type, zone);
    case "Attr":
      return e.name;
    case "OuterAttr":
      return `outer(${e.attr.qualifier.length === 0 ? e.attr.name : [...e.attr.qualifier, e.attr.name].join(".")})`;
    case "Call":
      return callText(e, parts);
    case "CastExpr":
      // Casts to nested types show their argument alone, as Spark's do.
      if (e.implicit || e.type.kind === "array" || e.type.kind === "map" || e.type.kind === "struct")
        return parts[0] as string;
      return `${e.mode === "try" ? "TRY_CAST" : "CAST"}(${parts[0]} AS ${typeText(e.type)})`;
    case "AliasExpr":
      return `${parts[0]} AS ${quoteIfNeeded(e.name)}`;
    case "LambdaExpr":
      return `lambdafunction(${parts.join(", ")})`;
    case "LambdaVar":
      return "namedlambdavariable()";
    case "SubqueryExpr":
      return subqueryText(e, parts);
    case "SortExpr":
      return sortText(e, parts[0] as string);
    case "WindowExpr":
      return windowText(e, parts);
  }
}

function subqueryText(e: SubqueryExpr, parts: readonly string[]): string {
  const outer = (e.outer ?? []).map((a) => a.name).join(", ");
  if (e.subqueryType === "scalar") return `scalarsubquery(${outer})`;
  if (e.subqueryType === "exists") return `exists(${outer})`;
  const values = parts.length === 1 ? parts[0] : `named_struct(${parts.join(", ")})`;
  return `(${values} IN (listquery(${outer})))`;
}

function typeText(t: DataType): string {
  return t.kind === "null" ? "VOID" : sqlString(t);
}

function callText(e: Call, parts: readonly string[]): string {
  const shown = e.shown ?? e.args;
  const args = parts.slice(0, shown.length);
  const entry = findEntry(e.fn);
  let result: string;
  if (entry?.pretty !== undefined) result = entry.pretty(args, e);
  else result = `${e.name ?? e.fn}(${e.distinct === true ? "DISTINCT " : ""}${args.join(", ")})`;
  const order = parts.slice(shown.length, shown.length + (e.withinGroup?.length ?? 0));
  if (order.length > 0 && entry?.pretty === undefined)
    result += ` WITHIN GROUP (ORDER BY ${order.join(", ")})`;
  if (e.ignoreNulls === true && entry?.pretty === undefined && entry?.kind === "window")
    result += " ignore nulls";
  if (e.filter !== undefined) result += ` FILTER (WHERE ${parts[parts.length - 1]})`;
  return result;
}

function sortText(e: SortExpr, child: string): string {
  return `${child} ${e.direction === "ascending" ? "ASC" : "DESC"} NULLS ${e.nullsFirst ? "FIRST" : "LAST"}`;
}

function windowText(e: WindowExpr, parts: readonly string[]): string {
  let at = 1;
  const partition = parts.slice(at, (at += e.partitionBy.length));
  const order = parts.slice(at, (at += e.orderBy.length));
  const bound = (b: WindowBound): string => {
    switch (b.kind) {
      case "unboundedPreceding":
        return "UNBOUNDED PRECEDING";
      case "unboundedFollowing":
        return "UNBOUNDED FOLLOWING";
      case "currentRow":
        return "CURRENT ROW";
      default: {
        const offset = parts[at++] as string;
        // A cast around the sign hides it from Spark's printer.
        const negated = b.offset.kind === "Call" ? /^\(- (.*)\)$|^negative\((.*)\)$/s.exec(offset) : null;
        if (negated !== null) return `${negated[1] ?? negated[2]} PRECEDING`;
        return `${offset.replace(/^negative\(/s, "(- ")} FOLLOWING`;
      }
    }
  };
  const lower = bound(e.frame.lower);
  const upper = bound(e.frame.upper);
  const spec = [
    ...(partition.length > 0 ? [`PARTITION BY ${partition.join(", ")}`] : []),
    ...(order.length > 0 ? [`ORDER BY ${order.join(", ")}`] : []),
    `${e.frame.frameType === "row" ? "ROWS" : "RANGE"} BETWEEN ${lower} AND ${upper}`,
  ];
  return `${parts[0]} OVER (${spec.join(" ")})`;
}
