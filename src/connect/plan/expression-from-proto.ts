import { unsupported } from "../../errors/spark-error.ts";
import type {
  Alias,
  Expression,
  FrameBoundary,
  MergeAction,
  SortOrder,
  SubqueryExpression,
  UnresolvedNamedLambdaVariable,
  UserDefinedFunction,
  WindowFrame,
} from "../../plan/expression.ts";
import type { Origin } from "../../plan/origin.ts";
import type { DataType } from "../../types/data-type.ts";
import type { Message } from "../messages/decode.ts";
import { messageSpec } from "../messages/table.ts";
import { compact, enumValue, isTrue, nonEmpty, notSet, type Reviver, required } from "./fields.ts";
import { readMetadata } from "./types-from-proto.ts";

/** The members of `expr_type` that no node of ours stands for. */
const REFUSED: Readonly<Record<string, string>> = {
  typedAggregateExpression: "typed aggregators of the JVM",
  extension: "expression extensions",
};

function readExpression(message: Message): Expression {
  for (const member of messageSpec("Expression").oneofs.exprType ?? []) {
    const value = message[member.name];
    if (value === undefined) continue;
    const refused = REFUSED[member.name];
    if (refused !== undefined) throw unsupported(refused);
    const origin = (message.common as { readonly origin?: Origin } | undefined)?.origin;
    return origin === undefined ? (value as Expression) : { ...(value as Expression), origin };
  }
  return notSet("Expression", "expr_type");
}

function readOrigin(message: Message): Origin | undefined {
  const python = message.pythonOrigin as Message | undefined;
  if (python === undefined) return undefined;
  return { kind: "program", fragment: python.fragment as string, callSite: python.callSite as string };
}

export function expressions(value: unknown): readonly Expression[] {
  return value as readonly Expression[];
}

const DIRECTIONS: Readonly<Record<string, SortOrder["direction"]>> = {
  SORT_DIRECTION_UNSPECIFIED: "ascending",
  SORT_DIRECTION_ASCENDING: "ascending",
  SORT_DIRECTION_DESCENDING: "descending",
};

function readSortOrder(m: Message): SortOrder {
  const nulls = m.nullOrdering;
  return compact({
    kind: "SortOrder",
    child: required<Expression>(m, "Expression.SortOrder", "child"),
    direction: enumValue(
      m,
      "Expression.SortOrder",
      "direction",
      "Expression.SortOrder.SortDirection",
      DIRECTIONS,
    ),
    nullOrdering: nulls === "SORT_NULLS_FIRST" ? "first" : nulls === "SORT_NULLS_LAST" ? "last" : undefined,
  });
}

const FRAME_TYPES: Readonly<Record<string, WindowFrame["frameType"]>> = {
  FRAME_TYPE_ROW: "row",
  FRAME_TYPE_RANGE: "range",
};

function readFrame(m: Message): WindowFrame {
  const name = "Expression.Window.WindowFrame";
  return {
    frameType: enumValue(m, name, "frameType", `${name}.FrameType`, FRAME_TYPES),
    lower: required(m, name, "lower"),
    upper: required(m, name, "upper"),
  };
}

function readBoundary(m: Message): FrameBoundary {
  if (m.currentRow === true) return { kind: "currentRow" };
  if (m.unbounded === true) return { kind: "unbounded" };
  if (m.value !== undefined) return { kind: "value", value: m.value as Expression };
  return notSet("Expression.Window.WindowFrame.FrameBoundary", "boundary");
}

const EVAL_MODES = { EVAL_MODE_LEGACY: "legacy", EVAL_MODE_ANSI: "ansi", EVAL_MODE_TRY: "try" } as const;

const MERGE_ACTIONS: Readonly<Record<string, MergeAction["actionType"]>> = {
  ACTION_TYPE_DELETE: "delete",
  ACTION_TYPE_INSERT: "insert",
  ACTION_TYPE_INSERT_STAR: "insertStar",
  ACTION_TYPE_UPDATE: "update",
  ACTION_TYPE_UPDATE_STAR: "updateStar",
};

const SUBQUERY_TYPES: Readonly<Record<string, SubqueryExpression["subqueryType"]>> = {
  SUBQUERY_TYPE_SCALAR: "scalar",
  SUBQUERY_TYPE_EXISTS: "exists",
  SUBQUERY_TYPE_TABLE_ARG: "table_arg",
  SUBQUERY_TYPE_IN: "in",
};

function readFunction(m: Message): UserDefinedFunction {
  const python = m.pythonUdf as Message | undefined;
  const java = m.javaUdf as Message | undefined;
  let implementation: UserDefinedFunction["function"];
  if (python !== undefined) {
    implementation = {
      language: "python",
      outputType: required<DataType>(python, "PythonUDF", "outputType"),
      evalType: python.evalType as number,
      command: python.command as Uint8Array,
      pythonVer: python.pythonVer as string,
    };
  } else {
    implementation = compact({ language: "jvm", className: java?.className as string | undefined });
  }
  return compact({
    kind: "UserDefinedFunction",
    functionName: m.functionName as string,
    deterministic: m.deterministic as boolean,
    arguments: expressions(m.arguments),
    isDistinct: isTrue(m.isDistinct),
    function: implementation,
  });
}

export const EXPRESSION_REVIVERS: Readonly<Record<string, Reviver>> = {
  Expression: readExpression,
  Origin: readOrigin,
  "Expression.UnresolvedAttribute": (m) =>
    compact({
      kind: "UnresolvedAttribute",
      unparsedIdentifier: m.unparsedIdentifier,
      planId: m.planId,
      isMetadataColumn: isTrue(m.isMetadataColumn),
    }),
  "Expression.UnresolvedFunction": (m) =>
    compact({
      kind: "UnresolvedFunction",
      functionName: m.functionName,
      arguments: m.arguments,
      isDistinct: isTrue(m.isDistinct),
      isUserDefinedFunction: isTrue(m.isUserDefinedFunction),
      isInternal: isTrue(m.isInternal),
    }),
  CallFunction: (m) => ({ kind: "CallFunction", functionName: m.functionName, arguments: m.arguments }),
  "Expression.ExpressionString": (m) => ({ kind: "ExpressionString", expression: m.expression }),
  "Expression.UnresolvedStar": (m) =>
    compact({ kind: "UnresolvedStar", unparsedTarget: m.unparsedTarget, planId: m.planId }),
  "Expression.UnresolvedRegex": (m) =>
    compact({ kind: "UnresolvedRegex", colName: m.colName, planId: m.planId }),
  "Expression.Alias": (m): Alias =>
    compact({
      kind: "Alias",
      expr: required<Expression>(m, "Expression.Alias", "expr"),
      name: m.name as readonly string[],
      // An alias with metadata `{}` is told from one without: it clears what the column had.
      metadata: m.metadata === undefined ? undefined : (readMetadata(m.metadata as string) ?? {}),
    }),
  "Expression.Cast": (m) =>
    compact({
      kind: "Cast",
      expr: required(m, "Expression.Cast", "expr"),
      type: m.type,
      typeStr:
        m.type === undefined && m.typeStr === undefined
          ? notSet("Expression.Cast", "cast_to_type")
          : m.typeStr,
      evalMode: EVAL_MODES[m.evalMode as keyof typeof EVAL_MODES],
    }),
  "Expression.SortOrder": readSortOrder,
  "Expression.LambdaFunction": (m) => ({
    kind: "LambdaFunction",
    function: required(m, "Expression.LambdaFunction", "function"),
    arguments: m.arguments as readonly UnresolvedNamedLambdaVariable[],
  }),
  "Expression.UnresolvedNamedLambdaVariable": (m) => ({
    kind: "UnresolvedNamedLambdaVariable",
    nameParts: m.nameParts,
  }),
  "Expression.Window": (m) =>
    compact({
      kind: "Window",
      windowFunction: required(m, "Expression.Window", "windowFunction"),
      partitionSpec: m.partitionSpec,
      orderSpec: m.orderSpec,
      frameSpec: m.frameSpec,
    }),
  "Expression.Window.WindowFrame": readFrame,
  "Expression.Window.WindowFrame.FrameBoundary": readBoundary,
  "Expression.UnresolvedExtractValue": (m) => ({
    kind: "UnresolvedExtractValue",
    child: required(m, "Expression.UnresolvedExtractValue", "child"),
    extraction: required(m, "Expression.UnresolvedExtractValue", "extraction"),
  }),
  "Expression.UpdateFields": (m) =>
    compact({
      kind: "UpdateFields",
      structExpression: required(m, "Expression.UpdateFields", "structExpression"),
      fieldName: m.fieldName,
      valueExpression: m.valueExpression,
    }),
  "Expression.DirectShufflePartitionID": (m) => ({
    kind: "DirectShufflePartitionId",
    child: required(m, "Expression.DirectShufflePartitionID", "child"),
  }),
  NamedArgumentExpression: (m) => ({
    kind: "NamedArgument",
    key: m.key,
    value: required(m, "NamedArgumentExpression", "value"),
  }),
  MergeAction: (m) =>
    compact({
      kind: "MergeAction",
      actionType: enumValue(m, "MergeAction", "actionType", "MergeAction.ActionType", MERGE_ACTIONS),
      condition: m.condition,
      assignments: m.assignments,
    }),
  "MergeAction.Assignment": (m) => ({
    key: required(m, "MergeAction.Assignment", "key"),
    value: required(m, "MergeAction.Assignment", "value"),
  }),
  SubqueryExpression: (m) =>
    compact({
      kind: "SubqueryExpression",
      subqueryType: enumValue(
        m,
        "SubqueryExpression",
        "subqueryType",
        "SubqueryExpression.SubqueryType",
        SUBQUERY_TYPES,
      ),
      planId: m.planId,
      inSubqueryValues: nonEmpty(m.inSubqueryValues),
      tableArgOptions: m.tableArgOptions,
    }),
  "SubqueryExpression.TableArgOptions": (m) =>
    compact({
      partitionSpec: m.partitionSpec,
      orderSpec: m.orderSpec,
      withSinglePartition: isTrue(m.withSinglePartition),
    }),
  CommonInlineUserDefinedFunction: readFunction,
};
