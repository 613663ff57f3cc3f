import { unsupported } from "../../errors/spark-error.ts";
import type { Command, WriteOperation, WriteOperationV2 } from "../../plan/command.ts";
import type {
  Alias,
  Cast,
  Expression,
  FrameBoundary,
  MergeAction,
  SortOrder,
  SubqueryExpression,
  UserDefinedFunction,
  Window,
  WindowFrame,
} from "../../plan/expression.ts";
import type { Origin } from "../../plan/origin.ts";
import type {
  Aggregate,
  CatalogRelation,
  Join,
  LateralJoin,
  Parse,
  ReadDataSource,
  ReadTable,
  Relation,
  SetOperation,
} from "../../plan/relation.ts";
import type { DataType } from "../../types/data-type.ts";
import type { Message } from "../messages/decode.ts";
import { encode } from "../messages/encode.ts";
import { messageSpec } from "../messages/table.ts";
import { SAVE_MODES, TABLE_SAVE_METHODS, WRITE_V2_MODES } from "./command-from-proto.ts";
import { lowerLiteral } from "./literal-to-proto.ts";
import { GROUP_TYPES, JOIN_TYPES, PARSE_FORMATS, SET_OPERATIONS } from "./relation-from-proto.ts";
import { lowerField, lowerType } from "./types-to-proto.ts";

/** The member of `Relation.rel_type` for each kind; kinds that are not here exist for SQL text only. */
const RELATION_MEMBERS: Readonly<Record<string, string>> = {
  ReadTable: "read",
  ReadDataSource: "read",
  Project: "project",
  Filter: "filter",
  Join: "join",
  SetOperation: "setOp",
  Sort: "sort",
  Limit: "limit",
  Offset: "offset",
  Tail: "tail",
  Aggregate: "aggregate",
  SQL: "sql",
  LocalRelation: "localRelation",
  CachedLocalRelation: "chunkedCachedLocalRelation",
  CachedRemoteRelation: "cachedRemoteRelation",
  Sample: "sample",
  Deduplicate: "deduplicate",
  Range: "range",
  SubqueryAlias: "subqueryAlias",
  Repartition: "repartition",
  RepartitionByExpression: "repartitionByExpression",
  ToDF: "toDf",
  ToSchema: "toSchema",
  WithColumns: "withColumns",
  WithColumnsRenamed: "withColumnsRenamed",
  Drop: "drop",
  Hint: "hint",
  Unpivot: "unpivot",
  Transpose: "transpose",
  ShowString: "showString",
  HtmlString: "htmlString",
  NAFill: "fillNa",
  NADrop: "dropNa",
  NAReplace: "replace",
  StatSummary: "summary",
  StatDescribe: "describe",
  StatCrosstab: "crosstab",
  StatCov: "cov",
  StatCorr: "corr",
  StatApproxQuantile: "approxQuantile",
  StatFreqItems: "freqItems",
  StatSampleBy: "sampleBy",
  CollectMetrics: "collectMetrics",
  Parse: "parse",
  WithRelations: "withRelations",
  UnresolvedTableValuedFunction: "unresolvedTableValuedFunction",
  LateralJoin: "lateralJoin",
  AsOfJoin: "asOfJoin",
  NearestByJoin: "nearestByJoin",
  Zip: "zip",
  MapPartitions: "mapPartitions",
  GroupMap: "groupMap",
  CoGroupMap: "coGroupMap",
  CatalogRelation: "catalog",
};

const EXPRESSION_MEMBERS: Readonly<Record<string, string>> = {
  Literal: "literal",
  UnresolvedAttribute: "unresolvedAttribute",
  UnresolvedFunction: "unresolvedFunction",
  CallFunction: "callFunction",
  ExpressionString: "expressionString",
  UnresolvedStar: "unresolvedStar",
  UnresolvedRegex: "unresolvedRegex",
  Alias: "alias",
  Cast: "cast",
  SortOrder: "sortOrder",
  LambdaFunction: "lambdaFunction",
  UnresolvedNamedLambdaVariable: "unresolvedNamedLambdaVariable",
  Window: "window",
  UnresolvedExtractValue: "unresolvedExtractValue",
  UpdateFields: "updateFields",
  NamedArgument: "namedArgumentExpression",
  SubqueryExpression: "subqueryExpression",
  UserDefinedFunction: "commonInlineUserDefinedFunction",
  MergeAction: "mergeAction",
  DirectShufflePartitionId: "directShufflePartitionId",
};

const COMMAND_MEMBERS: Readonly<Record<string, string>> = {
  WriteOperation: "writeOperation",
  WriteOperationV2: "writeOperationV2",
  CreateDataFrameViewCommand: "createDataframeView",
  SqlCommand: "sqlCommand",
  RegisterFunction: "registerFunction",
  CheckpointCommand: "checkpointCommand",
  RemoveCachedRemoteRelationCommand: "removeCachedRemoteRelationCommand",
  MergeIntoTableCommand: "mergeIntoTableCommand",
};

/** The enum's value for our word. */
function enumOf(words: Readonly<Record<string, string>>, word: string): string {
  for (const [value, w] of Object.entries(words))
    if (w === word && !value.endsWith("_UNSPECIFIED")) return value;
  throw unsupported(`${word} on a remote session`);
}

/** Fields that every node may have and that travel elsewhere. */
const ABOUT = new Set(["kind", "planId", "origin"]);

/** The node itself stands for its message, provided that the message has all that the node says. */
function checked(node: object, messageName: string, kind: string, handled: readonly string[] = []): Message {
  const { fields } = messageSpec(messageName);
  for (const [key, value] of Object.entries(node)) {
    if (value === undefined || ABOUT.has(key) || handled.includes(key)) continue;
    if (!fields.some((field) => field.name === key))
      throw unsupported(`${kind} with ${key} on a remote session`);
  }
  return node as Message;
}

function lowerOrigin(origin: Origin | undefined): Message | undefined {
  if (origin?.kind !== "program") return undefined;
  return { pythonOrigin: { fragment: origin.fragment, callSite: origin.callSite } };
}

/** Type and name of the message behind a member of a oneof. */
function memberType(messageName: string, member: string): string {
  const field = messageSpec(messageName).fields.find((f) => f.name === member);
  return field?.typeName ?? messageName;
}

function lowerRelation(value: unknown): Message {
  const relation = value as Relation;
  const member = RELATION_MEMBERS[relation.kind];
  if (member === undefined) {
    const feature = relation.kind === "UnsupportedRelation" ? relation.feature : relation.kind;
    throw unsupported(`${feature} on a remote session`);
  }
  const origin = lowerOrigin(relation.origin);
  const { planId } = relation;
  const common = planId === undefined && origin === undefined ? undefined : { planId, origin };
  const typeName = memberType("Relation", member);
  const message = LOWERINGS[typeName] === undefined ? checked(relation, typeName, relation.kind) : relation;
  return { common, [member]: message };
}

function lowerExpression(value: unknown): Message {
  const expression = value as Expression;
  const member = EXPRESSION_MEMBERS[expression.kind];
  if (member === undefined) throw unsupported(`${expression.kind} on a remote session`);
  const typeName = memberType("Expression", member);
  const isOwn = LOWERINGS[typeName] !== undefined || expression.kind === "UnresolvedAttribute";
  const message = isOwn ? expression : checked(expression, typeName, expression.kind);
  const origin = lowerOrigin(expression.origin);
  return { [member]: message, ...(origin === undefined ? {} : { common: { origin } }) };
}

function lowerCommand(value: unknown): Message {
  const command = value as Command;
  const member = COMMAND_MEMBERS[command.kind];
  if (member === undefined) {
    const feature = command.kind === "UnsupportedCommand" ? command.feature : command.kind;
    throw unsupported(`${feature} on a remote session`);
  }
  if (command.kind === "RegisterFunction") return { [member]: command.function };
  const typeName = memberType("Command", member);
  const message = LOWERINGS[typeName] === undefined ? checked(command, typeName, command.kind) : command;
  return { [member]: message };
}

function lowerCatalog(value: unknown): Message {
  const { operation, arguments: args } = value as CatalogRelation;
  const member = messageSpec("Catalog").fields.find((field) => field.typeName === operation);
  if (member === undefined) throw unsupported(`the catalog call ${operation} on a remote session`);
  return { [member.name]: checked(args, operation, operation) };
}

function lowerFunction(value: unknown): Message {
  const { function: implementation, ...rest } = value as UserDefinedFunction;
  if (implementation.language !== "python") {
    throw unsupported(`functions in ${implementation.language} on a remote session`);
  }
  const { outputType, evalType, command, pythonVer } = implementation;
  return { ...rest, pythonUdf: { outputType, evalType, command, pythonVer } };
}

function lowerCast(value: unknown): Message {
  const { expr, type, typeStr, evalMode } = value as Cast;
  return {
    expr,
    ...(type === undefined ? { typeStr } : { type }),
    evalMode: evalMode === undefined ? undefined : `EVAL_MODE_${evalMode.toUpperCase()}`,
  };
}

function lowerSortOrder(value: unknown): Message {
  const { child, direction, nullOrdering } = value as SortOrder;
  // Spark's defaults are written out, as PySpark does.
  const nulls = nullOrdering ?? (direction === "ascending" ? "first" : "last");
  return {
    child,
    direction: direction === "ascending" ? "SORT_DIRECTION_ASCENDING" : "SORT_DIRECTION_DESCENDING",
    nullOrdering: nulls === "first" ? "SORT_NULLS_FIRST" : "SORT_NULLS_LAST",
  };
}

function lowerBoundary(value: unknown): Message {
  const boundary = value as FrameBoundary;
  return boundary.kind === "value" ? { value: boundary.value } : { [boundary.kind]: true };
}

const SUBQUERY_TYPES: Readonly<Record<SubqueryExpression["subqueryType"], string>> = {
  scalar: "SUBQUERY_TYPE_SCALAR",
  exists: "SUBQUERY_TYPE_EXISTS",
  in: "SUBQUERY_TYPE_IN",
  table_arg: "SUBQUERY_TYPE_TABLE_ARG",
};

const MERGE_ACTIONS: Readonly<Record<MergeAction["actionType"], string>> = {
  delete: "ACTION_TYPE_DELETE",
  insert: "ACTION_TYPE_INSERT",
  insertStar: "ACTION_TYPE_INSERT_STAR",
  update: "ACTION_TYPE_UPDATE",
  updateStar: "ACTION_TYPE_UPDATE_STAR",
};

/** Messages whose fields differ from our nodes'. */
const LOWERINGS: Readonly<Record<string, (value: unknown) => Message>> = {
  Relation: lowerRelation,
  Expression: lowerExpression,
  Command: lowerCommand,
  DataType: lowerType,
  "DataType.StructField": lowerField,
  "Expression.Literal": lowerLiteral,
  Catalog: lowerCatalog,
  Read: (value) => {
    const read = value as ReadTable | ReadDataSource;
    const { isStreaming } = read;
    if (read.kind === "ReadTable") {
      return { namedTable: checked(read, "Read.NamedTable", "ReadTable", ["isStreaming"]), isStreaming };
    }
    return { dataSource: checked(read, "Read.DataSource", "ReadDataSource", ["isStreaming"]), isStreaming };
  },
  Join: (value) => {
    const join = checked(value as Join, "Join", "Join") as unknown as Join;
    return { ...join, joinType: enumOf(JOIN_TYPES, join.joinType) };
  },
  LateralJoin: (value) => {
    const join = value as LateralJoin;
    return { ...join, joinType: enumOf(JOIN_TYPES, join.joinType) };
  },
  SetOperation: (value) => {
    const operation = value as SetOperation;
    return { ...operation, setOpType: enumOf(SET_OPERATIONS, operation.setOpType) };
  },
  Aggregate: (value) => {
    const aggregate = value as Aggregate;
    if (aggregate.isSelectList === true) throw unsupported("an aggregate from SQL text on a remote session");
    return { ...aggregate, groupType: enumOf(GROUP_TYPES, aggregate.groupType) };
  },
  "Aggregate.GroupingSets": (value) => ({ groupingSet: value }),
  Parse: (value) => {
    const parse = value as Parse;
    return { ...parse, format: enumOf(PARSE_FORMATS, parse.format) };
  },
  "Unpivot.Values": (value) => ({ values: value }),
  Limit: (value) => onlyNumber(value, "limit"),
  Offset: (value) => onlyNumber(value, "offset"),
  CommonInlineUserDefinedFunction: lowerFunction,
  "Expression.Alias": (value) => {
    const { expr, name, metadata } = value as Alias;
    return { expr, name, metadata: metadata === undefined ? undefined : JSON.stringify(metadata) };
  },
  "Expression.Cast": lowerCast,
  "Expression.SortOrder": lowerSortOrder,
  "Expression.Window": (value) => {
    const { windowFunction, partitionSpec, orderSpec, frameSpec } = value as Window;
    return { windowFunction, partitionSpec, orderSpec, frameSpec };
  },
  "Expression.Window.WindowFrame": (value) => {
    const { frameType, lower, upper } = value as WindowFrame;
    return { frameType: frameType === "row" ? "FRAME_TYPE_ROW" : "FRAME_TYPE_RANGE", lower, upper };
  },
  "Expression.Window.WindowFrame.FrameBoundary": lowerBoundary,
  SubqueryExpression: (value) => {
    const subquery = value as SubqueryExpression;
    if (subquery.planId === undefined) throw unsupported("a subquery without a plan id on a remote session");
    return { ...subquery, subqueryType: SUBQUERY_TYPES[subquery.subqueryType] };
  },
  MergeAction: (value) => {
    const action = value as MergeAction;
    return { ...action, actionType: MERGE_ACTIONS[action.actionType] };
  },
  WriteOperation: (value) => {
    const write = value as WriteOperation;
    const table = write.table && {
      tableName: write.table.tableName,
      saveMethod: enumOf(TABLE_SAVE_METHODS, write.table.saveMethod),
    };
    return { ...write, mode: enumOf(SAVE_MODES, write.mode), table };
  },
  WriteOperationV2: (value) => {
    const write = value as WriteOperationV2;
    return { ...write, mode: enumOf(WRITE_V2_MODES, write.mode) };
  },
  RemoveCachedRemoteRelationCommand: (value) => ({ relation: value }),
};

function onlyNumber(value: unknown, field: "limit" | "offset"): Message {
  const node = value as Message;
  if (typeof node[field] !== "number") throw unsupported(`${field} by an expression on a remote session`);
  return node;
}

/**
 * Encodes a message in which plans, expressions and types are our own objects.
 *
 * @throws UNSUPPORTED_FEATURE for what the protocol has no message for
 */
export function encodePlan(typeName: string, value: unknown): Uint8Array {
  return encode(typeName, value, { lower: (name, v) => LOWERINGS[name]?.(v) ?? (v as Message) });
}

/** A `Plan` message's bytes. */
export function planToProto(
  plan: { readonly relation: Relation } | { readonly command: Command },
): Uint8Array {
  return encodePlan("Plan", "relation" in plan ? { root: plan.relation } : { command: plan.command });
}

export function relationToProto(relation: Relation): Uint8Array {
  return encodePlan("Relation", relation);
}

export function typeToProto(type: DataType): Uint8Array {
  return encodePlan("DataType", type);
}
