import { unsupported } from "../../errors/spark-error.ts";
import type { Expression, Literal } from "../../plan/expression.ts";
import type { Origin } from "../../plan/origin.ts";
import type { JoinType, Relation, SetOperation, Sql } from "../../plan/relation.ts";
import { decode, type Message } from "../messages/decode.ts";
import { messageSpec } from "../messages/table.ts";
import {
  compact,
  enumValue,
  invalidPlan,
  isTrue,
  nonEmpty,
  notSet,
  type PlanContext,
  type Reviver,
  required,
} from "./fields.ts";

/** The members of `rel_type` that no node of ours stands for, by the words in which they are refused. */
const REFUSED: Readonly<Record<string, string>> = {
  withWatermark: "watermarks (withWatermark)",
  applyInPandasWithState: "stateful Python functions (applyInPandasWithState)",
  commonInlineUserDefinedDataSource: "Python data sources",
  relationChanges: "change data capture (changes)",
  mlRelation: "machine learning (pyspark.ml)",
  extension: "relation extensions",
  unknown: "the relation Unknown",
};

function readRelation(message: Message): Relation {
  const common = message.common as { readonly planId?: number; readonly origin?: Origin } | undefined;
  const about = compact({ planId: common?.planId, origin: common?.origin });
  for (const member of messageSpec("Relation").oneofs.relType ?? []) {
    const value = message[member.name];
    if (value === undefined) continue;
    const feature = REFUSED[member.name];
    const relation =
      feature === undefined ? (value as Relation) : { kind: "UnsupportedRelation" as const, feature };
    return { ...relation, ...about };
  }
  // None, or one that only a newer protocol has.
  return notSet("Relation", "rel_type");
}

/** A reviver for a message whose fields are the node's, apart from the required ones that it checks. */
function node(
  kind: Relation["kind"],
  requiredFields: readonly string[] = ["input"],
  messageName: string = kind,
): Reviver {
  return (m) => {
    for (const field of requiredFields) required(m, messageName, field);
    return compact({ kind, ...m });
  };
}

export const JOIN_TYPES: Readonly<Record<string, JoinType>> = {
  JOIN_TYPE_INNER: "inner",
  JOIN_TYPE_FULL_OUTER: "fullOuter",
  JOIN_TYPE_LEFT_OUTER: "leftOuter",
  JOIN_TYPE_RIGHT_OUTER: "rightOuter",
  JOIN_TYPE_LEFT_ANTI: "leftAnti",
  JOIN_TYPE_LEFT_SEMI: "leftSemi",
  JOIN_TYPE_CROSS: "cross",
};
export const SET_OPERATIONS: Readonly<Record<string, SetOperation["setOpType"]>> = {
  SET_OP_TYPE_INTERSECT: "intersect",
  SET_OP_TYPE_UNION: "union",
  SET_OP_TYPE_EXCEPT: "except",
};
export const GROUP_TYPES = {
  GROUP_TYPE_GROUPBY: "groupby",
  GROUP_TYPE_ROLLUP: "rollup",
  GROUP_TYPE_CUBE: "cube",
  GROUP_TYPE_PIVOT: "pivot",
  GROUP_TYPE_GROUPING_SETS: "groupingSets",
} as const;
export const PARSE_FORMATS = {
  PARSE_FORMAT_CSV: "csv",
  PARSE_FORMAT_JSON: "json",
  PARSE_FORMAT_XML: "xml",
} as const;

function readRead(m: Message): unknown {
  const isStreaming = isTrue(m.isStreaming);
  const table = m.namedTable as Message | undefined;
  if (table !== undefined) {
    const { unparsedIdentifier, options } = table;
    return compact({ kind: "ReadTable", unparsedIdentifier, options, isStreaming });
  }
  const source = m.dataSource as Message | undefined;
  if (source === undefined) return notSet("Read", "read_type");
  const { format, options, paths } = source;
  // PySpark says "no schema" with an empty one.
  const schema = source.schema === "" ? undefined : source.schema;
  const predicates = nonEmpty(source.predicates);
  return compact({ kind: "ReadDataSource", format, schema, options, paths, predicates, isStreaming });
}

function readSql(m: Message): Sql {
  const literals = m.args as Readonly<Record<string, Literal>>;
  const named = m.namedArguments as Readonly<Record<string, Expression>>;
  const positional =
    nonEmpty<readonly Expression[]>(m.posArguments) ?? nonEmpty<readonly Literal[]>(m.posArgs);
  const namedArguments = Object.keys(named).length > 0 ? named : literals;
  return compact({
    kind: "SQL",
    query: m.query as string,
    namedArguments: Object.keys(namedArguments).length > 0 ? namedArguments : undefined,
    posArguments: positional,
  });
}

function readCached(m: Message, context: PlanContext): unknown {
  const hash = m.hash as string;
  const bytes = context.artifact?.(`cache/${hash}`);
  if (bytes === undefined) return missing("NOT_FOUND_CACHED_LOCAL_RELATION", hash, context);
  const { data, schema } = decode("LocalRelation", bytes);
  return compact({ kind: "LocalRelation", data, schema });
}

function readChunked(m: Message, context: PlanContext): unknown {
  const { dataHashes, schemaHash } = m as {
    readonly dataHashes: readonly string[];
    readonly schemaHash?: string;
  };
  if (context.artifact !== undefined) {
    for (const hash of schemaHash === undefined ? dataHashes : [...dataHashes, schemaHash]) {
      if (context.artifact(`cache/${hash}`) === undefined) {
        missing("NOT_FOUND_CHUNKED_CACHED_LOCAL_RELATION", hash, context);
      }
    }
  }
  return compact({ kind: "CachedLocalRelation", dataHashes, schemaHash });
}

function missing(condition: string, hash: string, context: PlanContext): never {
  return invalidPlan(condition, { hash, sessionUUID: context.sessionId ?? "" });
}

function readGroupMap(m: Message): unknown {
  const stateful = [m.initialInput, m.isMapGroupsWithState, m.transformWithStateInfo, m.stateSchema];
  if (stateful.some((field) => field !== undefined)) {
    return { kind: "UnsupportedRelation", feature: "stateful processing (transformWithState)" };
  }
  if (nonEmpty(m.sortingExpressions) !== undefined) {
    return { kind: "UnsupportedRelation", feature: "typed groups of the JVM (flatMapSortedGroups)" };
  }
  return {
    kind: "GroupMap",
    input: required(m, "GroupMap", "input"),
    groupingExpressions: m.groupingExpressions,
    func: required(m, "GroupMap", "func"),
  };
}

function readCoGroupMap(m: Message): unknown {
  if (
    nonEmpty(m.inputSortingExpressions) !== undefined ||
    nonEmpty(m.otherSortingExpressions) !== undefined
  ) {
    return { kind: "UnsupportedRelation", feature: "typed groups of the JVM (cogroupSorted)" };
  }
  return {
    kind: "CoGroupMap",
    input: required(m, "CoGroupMap", "input"),
    inputGroupingExpressions: m.inputGroupingExpressions,
    other: required(m, "CoGroupMap", "other"),
    otherGroupingExpressions: m.otherGroupingExpressions,
    func: required(m, "CoGroupMap", "func"),
  };
}

/** The operation is the message's name, its arguments the message's fields. */
function readCatalog(m: Message): unknown {
  for (const member of messageSpec("Catalog").oneofs.catType ?? []) {
    const value = m[member.name];
    if (value === undefined) continue;
    return { kind: "CatalogRelation", operation: member.typeName, arguments: compact(value as Message) };
  }
  return { kind: "UnsupportedRelation", feature: "a catalog call that Spark Connect 4.3 does not have" };
}

const joined = ["left", "right"];

export const RELATION_REVIVERS: Readonly<Record<string, Reviver>> = {
  Relation: readRelation,
  Read: readRead,
  Catalog: readCatalog,
  Project: node("Project", []),
  Filter: node("Filter", ["input", "condition"]),
  Join: (m) => {
    if (m.joinDataType !== undefined) throw unsupported("typed joins of the JVM (joinWith)");
    return compact({
      kind: "Join",
      left: required(m, "Join", "left"),
      right: required(m, "Join", "right"),
      joinCondition: m.joinCondition,
      joinType: enumValue(m, "Join", "joinType", "Join.JoinType", JOIN_TYPES),
      usingColumns: m.usingColumns,
    });
  },
  SetOperation: (m) => ({
    kind: "SetOperation",
    leftInput: required(m, "SetOperation", "leftInput"),
    rightInput: required(m, "SetOperation", "rightInput"),
    setOpType: enumValue(m, "SetOperation", "setOpType", "SetOperation.SetOpType", SET_OPERATIONS),
    isAll: m.isAll ?? false,
    byName: m.byName ?? false,
    allowMissingColumns: m.allowMissingColumns ?? false,
  }),
  Limit: node("Limit"),
  Offset: node("Offset"),
  Tail: node("Tail"),
  Aggregate: (m) =>
    compact({
      kind: "Aggregate",
      input: required(m, "Aggregate", "input"),
      groupType: enumValue(m, "Aggregate", "groupType", "Aggregate.GroupType", GROUP_TYPES),
      groupingExpressions: m.groupingExpressions,
      aggregateExpressions: m.aggregateExpressions,
      pivot: m.pivot,
      groupingSets: nonEmpty(m.groupingSets),
    }),
  "Aggregate.Pivot": (m) => ({ col: required(m, "Aggregate.Pivot", "col"), values: m.values }),
  "Aggregate.GroupingSets": (m) => m.groupingSet,
  Sort: (m) => ({
    kind: "Sort",
    input: required(m, "Sort", "input"),
    order: m.order,
    isGlobal: m.isGlobal ?? false,
  }),
  Drop: node("Drop"),
  Deduplicate: (m) =>
    compact({
      kind: "Deduplicate",
      input: required(m, "Deduplicate", "input"),
      columnNames: m.columnNames,
      allColumnsAsKeys: m.allColumnsAsKeys ?? false,
      withinWatermark: isTrue(m.withinWatermark),
    }),
  LocalRelation: node("LocalRelation", []),
  CachedLocalRelation: readCached,
  ChunkedCachedLocalRelation: readChunked,
  CachedRemoteRelation: node("CachedRemoteRelation", []),
  Sample: (m) =>
    compact({
      kind: "Sample",
      input: required(m, "Sample", "input"),
      lowerBound: m.lowerBound,
      upperBound: m.upperBound,
      withReplacement: m.withReplacement ?? false,
      seed: m.seed,
      deterministicOrder: isTrue(m.deterministicOrder),
    }),
  Range: (m) => compact({ ...m, kind: "Range", start: m.start ?? 0 }),
  SubqueryAlias: (m) => {
    if (nonEmpty(m.qualifier) !== undefined) throw unsupported("a qualified alias of a relation");
    return { kind: "SubqueryAlias", input: required(m, "SubqueryAlias", "input"), alias: m.alias };
  },
  Repartition: (m) => ({
    kind: "Repartition",
    input: required(m, "Repartition", "input"),
    numPartitions: m.numPartitions,
    shuffle: m.shuffle ?? false,
  }),
  RepartitionByExpression: node("RepartitionByExpression"),
  ToDF: node("ToDF"),
  ToSchema: node("ToSchema", ["input", "schema"]),
  WithColumns: node("WithColumns"),
  WithColumnsRenamed: (m) => {
    const asMap = Object.entries(m.renameColumnsMap as Readonly<Record<string, string>>);
    const renames = nonEmpty(m.renames) ?? asMap.map(([colName, newColName]) => ({ colName, newColName }));
    return { kind: "WithColumnsRenamed", input: required(m, "WithColumnsRenamed", "input"), renames };
  },
  Hint: node("Hint"),
  Unpivot: node("Unpivot"),
  "Unpivot.Values": (m) => m.values,
  Transpose: node("Transpose"),
  ShowString: node("ShowString"),
  HtmlString: node("HtmlString"),
  NAFill: node("NAFill"),
  NADrop: node("NADrop"),
  NAReplace: node("NAReplace"),
  "NAReplace.Replacement": (m) => ({
    oldValue: required(m, "NAReplace.Replacement", "oldValue"),
    newValue: required(m, "NAReplace.Replacement", "newValue"),
  }),
  StatSummary: node("StatSummary"),
  StatDescribe: node("StatDescribe"),
  StatCrosstab: node("StatCrosstab"),
  StatCov: node("StatCov"),
  StatCorr: node("StatCorr"),
  StatApproxQuantile: node("StatApproxQuantile"),
  StatFreqItems: node("StatFreqItems"),
  StatSampleBy: node("StatSampleBy", ["input", "col"]),
  "StatSampleBy.Fraction": (m) => ({
    stratum: required(m, "StatSampleBy.Fraction", "stratum"),
    fraction: m.fraction,
  }),
  CollectMetrics: node("CollectMetrics"),
  Parse: (m) =>
    compact({
      kind: "Parse",
      input: required(m, "Parse", "input"),
      format: enumValue(m, "Parse", "format", "Parse.ParseFormat", PARSE_FORMATS),
      schema: m.schema,
      options: m.options,
    }),
  SQL: readSql,
  WithRelations: node("WithRelations", ["root"]),
  UnresolvedTableValuedFunction: node("UnresolvedTableValuedFunction", []),
  LateralJoin: (m) =>
    compact({
      kind: "LateralJoin",
      left: required(m, "LateralJoin", "left"),
      right: required(m, "LateralJoin", "right"),
      joinCondition: m.joinCondition,
      joinType: enumValue(m, "LateralJoin", "joinType", "Join.JoinType", JOIN_TYPES),
    }),
  AsOfJoin: node("AsOfJoin", [...joined, "leftAsOf", "rightAsOf"]),
  NearestByJoin: node("NearestByJoin", [...joined, "rankingExpression"]),
  Zip: node("Zip", joined),
  // Barrier scheduling and resource profiles change where a function runs, not what it answers.
  MapPartitions: (m) => ({
    kind: "MapPartitions",
    input: required(m, "MapPartitions", "input"),
    func: required(m, "MapPartitions", "func"),
  }),
  GroupMap: readGroupMap,
  CoGroupMap: readCoGroupMap,
  CommonInlineUserDefinedTableFunction: (m) => {
    const python = required<Message>(m, "CommonInlineUserDefinedTableFunction", "pythonUdtf");
    const { returnType, evalType, command, pythonVer } = python;
    const { functionName, arguments: args } = m;
    return compact({
      kind: "PythonTableFunction",
      functionName,
      arguments: args,
      returnType,
      evalType,
      command,
      pythonVer,
    });
  },
};
