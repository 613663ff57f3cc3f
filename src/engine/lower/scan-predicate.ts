import type { Attr, Expr } from "../../functions/expr.ts";
import { ALWAYS, type FilePredicate, type PredicateValue } from "../../lake/file-predicate.ts";
import type { DataType } from "../../types/data-type.ts";

const COMPARISONS: Readonly<Record<string, "=" | "<=>" | "<" | "<=" | ">" | ">=">> = {
  "==": "=",
  "=": "=",
  "<=>": "<=>",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};
const MIRRORED = { "=": "=", "<=>": "<=>", "<": ">", "<=": ">=", ">": "<", ">=": "<=" } as const;

/**
 * What of a condition files can be judged by. Parts that do not fit are left out, so the predicate holds for every row
 * for which the condition does. `columnName` gives the name in the source, or undefined for what is no column of it.
 */
export function scanPredicate(
  condition: Expr,
  columnName: (attr: Attr) => string | undefined,
): FilePredicate {
  const children: FilePredicate[] = [];
  const open: Expr[] = [condition];
  for (let e = open.pop(); e !== undefined; e = open.pop()) {
    if (e.kind === "Call" && e.fn === "and") {
      open.push(...[...e.args].reverse());
      continue;
    }
    const simple = simplePredicate(e, columnName);
    if (simple !== undefined) children.push(simple);
  }
  if (children.length === 0) return ALWAYS;
  return children.length === 1 ? (children[0] as FilePredicate) : { kind: "and", children };
}

function simplePredicate(e: Expr, columnName: (attr: Attr) => string | undefined): FilePredicate | undefined {
  if (e.kind !== "Call") return undefined;
  const [left, right] = e.args;
  const operator = COMPARISONS[e.fn];
  if (operator !== undefined && left !== undefined && right !== undefined) {
    return compare(left, operator, right, columnName) ?? compare(right, MIRRORED[operator], left, columnName);
  }
  const column = left?.kind === "Attr" ? columnName(left) : undefined;
  if (column === undefined || left === undefined) return undefined;
  const fn = e.fn.toLowerCase();
  if (fn === "isnull" || fn === "isnotnull") {
    return { kind: fn === "isnull" ? "isNull" : "isNotNull", column: [column] };
  }
  if (fn === "in") {
    const values = e.args.slice(1).map((a) => literalOf(a, left.type));
    return values.includes(undefined)
      ? undefined
      : { kind: "in", column: [column], values: values as PredicateValue[] };
  }
  return undefined;
}

function compare(
  left: Expr,
  operator: "=" | "<=>" | "<" | "<=" | ">" | ">=",
  right: Expr,
  columnName: (attr: Attr) => string | undefined,
): FilePredicate | undefined {
  if (left.kind !== "Attr") return undefined;
  const column = columnName(left);
  const value = literalOf(right, left.type);
  if (column === undefined || value === undefined) return undefined;
  return { kind: "compare", column: [column], operator, value };
}

/** A literal of the column's own type; a cast literal is left alone, as its value is not known here. */
function literalOf(e: Expr, type: DataType): PredicateValue | undefined {
  if (e.kind !== "Lit" || e.type.kind !== type.kind) return undefined;
  if (type.kind === "decimal" && (e.type.kind !== "decimal" || e.type.scale !== type.scale)) return undefined;
  // NaN compares as the greatest number in Spark; statistics do not know it.
  if (typeof e.value === "number" && Number.isNaN(e.value)) return undefined;
  switch (type.kind) {
    case "boolean":
    case "byte":
    case "short":
    case "integer":
    case "long":
    case "float":
    case "double":
    case "decimal":
    case "string":
    case "date":
    case "timestamp":
    case "timestamp_ntz":
      return e.value as PredicateValue;
    default:
      return undefined;
  }
}
