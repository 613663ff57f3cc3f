import type { Expression } from "../plan/expression.ts";
import type { Relation } from "../plan/relation.ts";
import type { PlanNode } from "../plan/traverse.ts";
import type { AnalysisContext } from "./analyzed-query.ts";

/** Rows of a transposed DataFrame that become columns, at most. */
export const DEFAULT_TRANSPOSE_MAX = 500;
export const DEFAULT_PIVOT_MAX = 10_000;

/** The small query whose rows a relation needs before it can be analysed: the values of a pivot and the like. */
export function probesFor(node: PlanNode, context: AnalysisContext): Relation | undefined {
  switch (node.kind) {
    case "Aggregate":
      if (node.pivot === undefined || node.pivot.values.length > 0) return undefined;
      return distinctValues(node.input, node.pivot.col, pivotMax(context));
    case "StatCrosstab":
      return {
        kind: "Aggregate",
        input: node.input,
        groupType: "groupby",
        groupingExpressions: [asString(node.col1), asString(node.col2)],
        aggregateExpressions: [call("count", [{ kind: "Literal", dataType: { kind: "integer" }, value: 1 }])],
      };
    case "StatFreqItems":
      return { kind: "Project", input: node.input, expressions: node.cols.map(column) };
    case "Transpose":
      return { kind: "Limit", input: node.input, limit: transposeMax(context) + 1 };
    default:
      return undefined;
  }
}

export function pivotMax(context: AnalysisContext): number {
  return Number(context.conf.get("spark.sql.pivotMaxValues") ?? DEFAULT_PIVOT_MAX);
}

export function transposeMax(context: AnalysisContext): number {
  return Number(context.conf.get("spark.sql.transposeMaxValues") ?? DEFAULT_TRANSPOSE_MAX);
}

function distinctValues(input: Relation, col: Expression, max: number): Relation {
  const value: Expression = { kind: "Alias", expr: col, name: ["value"] };
  return {
    kind: "Sort",
    isGlobal: true,
    order: [{ kind: "SortOrder", child: column("value"), direction: "ascending" }],
    input: {
      kind: "Limit",
      limit: max + 1,
      input: {
        kind: "Deduplicate",
        input: { kind: "Project", input, expressions: [value] },
        columnNames: [],
        allColumnsAsKeys: true,
      },
    },
  };
}

export function column(name: string): Expression {
  return { kind: "UnresolvedAttribute", unparsedIdentifier: name };
}

export function call(functionName: string, args: readonly Expression[]): Expression {
  return { kind: "UnresolvedFunction", functionName, arguments: args };
}

function asString(name: string): Expression {
  return {
    kind: "Alias",
    expr: { kind: "Cast", expr: column(name), type: { kind: "string" } },
    name: [name],
  };
}
