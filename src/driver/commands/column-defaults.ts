import { analysisError, PySparkException } from "../../errors/spark-error.ts";
import { isUpCast } from "../../functions/coercion.ts";
import { lookupFunction } from "../../functions/function-table.ts";
import type { Expression } from "../../plan/expression.ts";
import { foreachNode } from "../../plan/traverse.ts";
import type { DataType } from "../../types/data-type.ts";
import { quotedSqlType } from "../../types/format.ts";
import { type CommandEnv, quoteName } from "./command-env.ts";

/** Checks that a column's DEFAULT is a constant that the column can hold. */
export async function checkDefault(
  column: {
    readonly name: string;
    readonly dataType: DataType;
    readonly sql: string;
    readonly expression: Expression;
  },
  statement: string,
  env: CommandEnv,
): Promise<void> {
  const parameters = { statement, colName: quoteName(column.name), defaultValue: column.sql };
  foreachNode(column.expression, (node) => {
    if (node.kind === "SubqueryExpression")
      throw analysisError("INVALID_DEFAULT_VALUE.SUBQUERY_EXPRESSION", parameters);
  });
  let type: DataType;
  try {
    const { query } = await env.runner.prepare(
      { kind: "Project", expressions: [column.expression] },
      env.operation,
    );
    type = query.schema.fields[0]?.dataType as DataType;
  } catch (error) {
    if (!(error instanceof PySparkException)) throw error;
    const condition = error.getCondition();
    if (condition.startsWith("UNRESOLVED_COLUMN"))
      throw analysisError("INVALID_DEFAULT_VALUE.NOT_CONSTANT", parameters);
    throw analysisError("INVALID_DEFAULT_VALUE.UNRESOLVED_EXPRESSION", parameters);
  }
  const isLiteral = column.expression.kind === "Literal";
  const isText = column.dataType.kind === "string";
  const fits =
    (isUpCast(type, column.dataType) && (!isText || type.kind === "string" || type.kind === "null")) ||
    (isLiteral && isWhole(type) && isWhole(column.dataType));
  if (!fits) {
    throw analysisError("INVALID_DEFAULT_VALUE.DATA_TYPE", {
      ...parameters,
      expectedType: quotedSqlType(column.dataType),
      actualType: quotedSqlType(type),
    });
  }
  foreachNode(column.expression, (node) => {
    if (node.kind !== "UnresolvedFunction") return;
    if (lookupFunction(node.functionName)?.isNondeterministic === true) {
      throw analysisError("INVALID_DEFAULT_VALUE.NON_DETERMINISTIC", parameters);
    }
  });
}

function isWhole(type: DataType): boolean {
  return ["byte", "short", "integer", "long"].includes(type.kind);
}
