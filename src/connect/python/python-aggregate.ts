import { selectColumns } from "../../engine/arrow/columns.ts";
import { analysisError, unsupported } from "../../errors/spark-error.ts";
import type { Expression, UserDefinedFunction } from "../../plan/expression.ts";
import type { Aggregate, Relation } from "../../plan/relation.ts";

/** PySpark's numbers of functions that give one value for a group. */
export const AGGREGATES: ReadonlySet<number> = new Set([202, 217, 252, 254]);

export function isPythonAggregate(e: Expression): e is UserDefinedFunction {
  return (
    e.kind === "UserDefinedFunction" &&
    e.function.language === "python" &&
    AGGREGATES.has(e.function.evalType)
  );
}

function functionOf(e: Expression): Expression {
  return e.kind === "Alias" ? functionOf(e.expr) : e;
}

/** The functions of an aggregation by Python; none when the aggregation is not. */
export function aggregateFunctions(aggregate: Aggregate): readonly UserDefinedFunction[] {
  const functions = aggregate.aggregateExpressions.map(functionOf);
  if (!functions.some(isPythonAggregate)) return [];
  const other = functions.find((e) => !isPythonAggregate(e));
  if (other !== undefined) {
    const names = functions.filter(isPythonAggregate).map((f) => `\`${f.functionName}\``);
    throw analysisError("INVALID_PANDAS_UDF_PLACEMENT", { functionList: names.join(", ") });
  }
  if (aggregate.groupType !== "groupby")
    throw unsupported(`Python aggregate functions with ${aggregate.groupType}`);
  return functions as readonly UserDefinedFunction[];
}

/** A plan whose schema, names included, is the aggregation's: each function stands as one over columns. */
export function shapeOf(aggregate: Aggregate, asColumn: (func: UserDefinedFunction) => Expression): Relation {
  const columns = aggregate.aggregateExpressions.map(function replaced(e): Expression {
    if (e.kind === "Alias") return { ...e, expr: replaced(e.expr) };
    return asColumn(e as UserDefinedFunction);
  });
  return {
    kind: "Project",
    input: aggregate.input,
    expressions: [...aggregate.groupingExpressions, ...columns],
  };
}

/** Keys and the arguments of all functions as columns, sorted by key; where each function's arguments stand. */
export function argumentsOf(
  aggregate: Aggregate,
  functions: readonly UserDefinedFunction[],
): { readonly plan: Relation; readonly places: readonly (readonly number[])[] } {
  const keys = aggregate.groupingExpressions.map((e) => (e.kind === "Alias" ? e.expr : e));
  const columns = [...keys];
  const places = functions.map((f) =>
    f.arguments.map((e) => columns.push(e.kind === "NamedArgument" ? e.value : e) - 1),
  );
  const names = columns.map((_, i) => `__c${i}`);
  const projected: Relation = {
    kind: "Project",
    input: aggregate.input,
    expressions: columns.map((expr, i) => ({ kind: "Alias", expr, name: [names[i] as string] })),
  };
  if (keys.length === 0) return { plan: projected, places };
  const order = names.slice(0, keys.length).map((name) => ({
    kind: "SortOrder" as const,
    child: { kind: "UnresolvedAttribute" as const, unparsedIdentifier: name },
    direction: "ascending" as const,
    nullOrdering: "first" as const,
  }));
  return { plan: { kind: "Sort", input: projected, isGlobal: true, order }, places };
}

/** The keys and one function's arguments out of the columns of all. */
export function argumentColumns(stream: Uint8Array, keyCount: number, places: readonly number[]): Uint8Array {
  return selectColumns(stream, [...Array.from({ length: keyCount }, (_, i) => i), ...places]);
}
