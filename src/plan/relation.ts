import type { DataType } from "../types/data-type.ts";
import type { Alias, Expression, Literal, SortOrder, UserDefinedFunction, Window } from "./expression.ts";
import type { Origin } from "./origin.ts";

/** Unresolved relations, named and shaped as Spark Connect's messages; those below the line exist for SQL text only. */
export type Relation =
  | ReadTable
  | ReadDataSource
  | Project
  | Filter
  | Join
  | SetOperation
  | Sort
  | Limit
  | Offset
  | Tail
  | Aggregate
  | Sql
  | LocalRelation
  | CachedLocalRelation
  | CachedRemoteRelation
  | Sample
  | Deduplicate
  | Range
  | SubqueryAlias
  | Repartition
  | RepartitionByExpression
  | ToDF
  | ToSchema
  | WithColumns
  | WithColumnsRenamed
  | Drop
  | Hint
  | Unpivot
  | Transpose
  | ShowString
  | HtmlString
  | NAFill
  | NADrop
  | NAReplace
  | StatSummary
  | StatDescribe
  | StatCrosstab
  | StatCov
  | StatCorr
  | StatApproxQuantile
  | StatFreqItems
  | StatSampleBy
  | CollectMetrics
  | Parse
  | WithRelations
  | UnresolvedTableValuedFunction
  | LateralJoin
  | AsOfJoin
  | NearestByJoin
  | Zip
  | MapPartitions
  | GroupMap
  | CoGroupMap
  | PythonTableFunction
  | CatalogRelation
  | UnsupportedRelation
  // --- from SQL text
  | OneRowRelation
  | InlineTable
  | With
  | LateralView
  | Having
  | Qualify
  | WithWindowDefinition
  | SqlPivot
  | TableSample
  | CommandRelation;

interface Node {
  /** Connect's plan id: what `df["x"]` refers to. */
  readonly planId?: number;
  readonly origin?: Origin;
}

export type JoinType = "inner" | "fullOuter" | "leftOuter" | "rightOuter" | "leftAnti" | "leftSemi" | "cross";

export interface ReadTable extends Node {
  readonly kind: "ReadTable";
  readonly unparsedIdentifier: string;
  /** Given instead of the text by SQL. */
  readonly nameParts?: readonly string[];
  readonly options: Readonly<Record<string, string>>;
  /** `VERSION AS OF` (number or text), `TIMESTAMP AS OF`. */
  readonly version?: Expression;
  readonly timestamp?: Expression;
  readonly isStreaming?: boolean;
  /** `IDENTIFIER(expr)`, in place of the names. */
  readonly identifierClause?: Expression;
}
export interface ReadDataSource extends Node {
  readonly kind: "ReadDataSource";
  readonly format?: string;
  /** DDL or JSON text. */
  readonly schema?: string;
  readonly options: Readonly<Record<string, string>>;
  /** Paths, or `lakelet-file:<id>` for a File or handle that the client registered. */
  readonly paths: readonly string[];
  readonly predicates?: readonly string[];
  readonly isStreaming?: boolean;
}
export interface Project extends Node {
  readonly kind: "Project";
  readonly input?: Relation;
  readonly expressions: readonly Expression[];
  /** Set by SQL pipes: the operator (`SELECT`, `EXTEND`, `SET`, `DROP`); all but the first refuse aggregate functions. */
  readonly pipeClause?: string;
}
export interface Filter extends Node {
  readonly kind: "Filter";
  readonly input: Relation;
  readonly condition: Expression;
  /** Of a SQL pipe: sees the columns of its input, and none that lie below. */
  readonly isPipe?: boolean;
}
export interface Join extends Node {
  readonly kind: "Join";
  readonly left: Relation;
  readonly right: Relation;
  readonly joinCondition?: Expression;
  readonly joinType: JoinType;
  readonly usingColumns: readonly string[];
  readonly isNatural?: boolean;
}
export interface SetOperation extends Node {
  readonly kind: "SetOperation";
  readonly leftInput: Relation;
  readonly rightInput: Relation;
  readonly setOpType: "union" | "intersect" | "except";
  readonly isAll: boolean;
  readonly byName: boolean;
  readonly allowMissingColumns: boolean;
}
export interface Sort extends Node {
  readonly kind: "Sort";
  readonly input: Relation;
  readonly order: readonly SortOrder[];
  readonly isGlobal: boolean;
  /** `ORDER BY ALL`. */
  readonly all?: {
    readonly direction: SortOrder["direction"];
    readonly nullOrdering?: SortOrder["nullOrdering"];
  };
  /** Of a SQL pipe: sees the columns of its input, and none that lie below. */
  readonly isPipe?: boolean;
}
export interface Limit extends Node {
  readonly kind: "Limit";
  readonly input: Relation;
  /** A number from a DataFrame, any foldable expression from SQL. */
  readonly limit: number | Expression;
  /** `LIMIT ALL`: as good as none, but recursion below it goes on without a limit of rows. */
  readonly isAll?: boolean;
}
export interface Offset extends Node {
  readonly kind: "Offset";
  readonly input: Relation;
  readonly offset: number | Expression;
}
export interface Tail extends Node {
  readonly kind: "Tail";
  readonly input: Relation;
  readonly limit: number;
}
export interface Aggregate extends Node {
  readonly kind: "Aggregate";
  readonly input: Relation;
  /** `all` is SQL's `GROUP BY ALL`; from SQL, grouping expressions may hold `GroupingAnalytics`, ordinals and aliases. */
  readonly groupType: "groupby" | "rollup" | "cube" | "pivot" | "groupingSets" | "all";
  readonly groupingExpressions: readonly Expression[];
  /** From a DataFrame the aggregates (the grouping columns come first in the output); from SQL the whole select list. */
  readonly aggregateExpressions: readonly Expression[];
  /** Set by SQL: `aggregateExpressions` is the whole output. */
  readonly isSelectList?: boolean;
  /** Set by SQL's `|> AGGREGATE`: grouping expressions (possibly aliased) come first in the output, as in a DataFrame. */
  readonly pipeClause?: string;
  readonly pivot?: { readonly col: Expression; readonly values: readonly Literal[] };
  readonly groupingSets?: readonly (readonly Expression[])[];
}
export interface Sql extends Node {
  readonly kind: "SQL";
  readonly query: string;
  readonly namedArguments?: Readonly<Record<string, Expression>>;
  readonly posArguments?: readonly Expression[];
}
export interface LocalRelation extends Node {
  readonly kind: "LocalRelation";
  /** Arrow IPC stream bytes; absent means no rows. */
  readonly data?: Uint8Array;
  /** DDL or JSON text; absent: the Arrow schema's. */
  readonly schema?: string;
}
export interface CachedLocalRelation extends Node {
  readonly kind: "CachedLocalRelation";
  readonly dataHashes: readonly string[];
  readonly schemaHash?: string;
}
export interface CachedRemoteRelation extends Node {
  readonly kind: "CachedRemoteRelation";
  readonly relationId: string;
}
export interface Sample extends Node {
  readonly kind: "Sample";
  readonly input: Relation;
  readonly lowerBound: number;
  readonly upperBound: number;
  readonly withReplacement: boolean;
  readonly seed?: number | bigint;
  readonly deterministicOrder?: boolean;
}
export interface Deduplicate extends Node {
  readonly kind: "Deduplicate";
  readonly input: Relation;
  readonly columnNames: readonly string[];
  readonly allColumnsAsKeys: boolean;
  readonly withinWatermark?: boolean;
}
export interface Range extends Node {
  readonly kind: "Range";
  readonly start: number | bigint;
  readonly end: number | bigint;
  readonly step: number | bigint;
  readonly numPartitions?: number;
}
export interface SubqueryAlias extends Node {
  readonly kind: "SubqueryAlias";
  readonly input: Relation;
  readonly alias: string;
  /** `AS t(a, b)`. */
  readonly columnAliases?: readonly string[];
}
export interface Repartition extends Node {
  readonly kind: "Repartition";
  readonly input: Relation;
  readonly numPartitions: number;
  readonly shuffle: boolean;
}
export interface RepartitionByExpression extends Node {
  readonly kind: "RepartitionByExpression";
  readonly input: Relation;
  readonly partitionExprs: readonly Expression[];
  readonly numPartitions?: number;
}
export interface ToDF extends Node {
  readonly kind: "ToDF";
  readonly input: Relation;
  readonly columnNames: readonly string[];
}
export interface ToSchema extends Node {
  readonly kind: "ToSchema";
  readonly input: Relation;
  readonly schema: DataType;
}
export interface WithColumns extends Node {
  readonly kind: "WithColumns";
  readonly input: Relation;
  readonly aliases: readonly Alias[];
}
export interface WithColumnsRenamed extends Node {
  readonly kind: "WithColumnsRenamed";
  readonly input: Relation;
  readonly renames: readonly { readonly colName: string; readonly newColName: string }[];
}
export interface Drop extends Node {
  readonly kind: "Drop";
  readonly input: Relation;
  readonly columns: readonly Expression[];
  readonly columnNames: readonly string[];
}
export interface Hint extends Node {
  readonly kind: "Hint";
  readonly input: Relation;
  readonly name: string;
  readonly parameters: readonly Expression[];
}
export interface Unpivot extends Node {
  readonly kind: "Unpivot";
  readonly input: Relation;
  readonly ids: readonly Expression[];
  /** Absent: every column that is not an id. */
  readonly values?: readonly Expression[];
  readonly variableColumnName: string;
  readonly valueColumnName: string;
  /** From SQL: several value columns, aliases, nulls kept. */
  readonly multi?: {
    readonly valueColumnNames: readonly string[];
    readonly groups: readonly { readonly columns: readonly Expression[]; readonly alias?: string }[];
  };
  readonly includeNulls?: boolean;
  readonly isSql?: boolean;
}
export interface Transpose extends Node {
  readonly kind: "Transpose";
  readonly input: Relation;
  readonly indexColumns: readonly Expression[];
}
export interface ShowString extends Node {
  readonly kind: "ShowString";
  readonly input: Relation;
  readonly numRows: number;
  readonly truncate: number;
  readonly vertical: boolean;
}
export interface HtmlString extends Node {
  readonly kind: "HtmlString";
  readonly input: Relation;
  readonly numRows: number;
  readonly truncate: number;
}
export interface NAFill extends Node {
  readonly kind: "NAFill";
  readonly input: Relation;
  readonly cols: readonly string[];
  readonly values: readonly Literal[];
}
export interface NADrop extends Node {
  readonly kind: "NADrop";
  readonly input: Relation;
  readonly cols: readonly string[];
  readonly minNonNulls?: number;
}
export interface NAReplace extends Node {
  readonly kind: "NAReplace";
  readonly input: Relation;
  readonly cols: readonly string[];
  readonly replacements: readonly { readonly oldValue: Literal; readonly newValue: Literal }[];
}
export interface StatSummary extends Node {
  readonly kind: "StatSummary";
  readonly input: Relation;
  readonly statistics: readonly string[];
}
export interface StatDescribe extends Node {
  readonly kind: "StatDescribe";
  readonly input: Relation;
  readonly cols: readonly string[];
}
export interface StatCrosstab extends Node {
  readonly kind: "StatCrosstab";
  readonly input: Relation;
  readonly col1: string;
  readonly col2: string;
}
export interface StatCov extends Node {
  readonly kind: "StatCov";
  readonly input: Relation;
  readonly col1: string;
  readonly col2: string;
}
export interface StatCorr extends Node {
  readonly kind: "StatCorr";
  readonly input: Relation;
  readonly col1: string;
  readonly col2: string;
  readonly method?: string;
}
export interface StatApproxQuantile extends Node {
  readonly kind: "StatApproxQuantile";
  readonly input: Relation;
  readonly cols: readonly string[];
  readonly probabilities: readonly number[];
  readonly relativeError: number;
}
export interface StatFreqItems extends Node {
  readonly kind: "StatFreqItems";
  readonly input: Relation;
  readonly cols: readonly string[];
  readonly support?: number;
}
export interface StatSampleBy extends Node {
  readonly kind: "StatSampleBy";
  readonly input: Relation;
  readonly col: Expression;
  readonly fractions: readonly { readonly stratum: Literal; readonly fraction: number }[];
  readonly seed?: number | bigint;
}
export interface CollectMetrics extends Node {
  readonly kind: "CollectMetrics";
  readonly input: Relation;
  readonly name: string;
  readonly metrics: readonly Expression[];
}
export interface Parse extends Node {
  readonly kind: "Parse";
  readonly input: Relation;
  readonly format: "csv" | "json" | "xml";
  readonly schema?: DataType;
  readonly options: Readonly<Record<string, string>>;
}
/** Subqueries and other DataFrames that `root` refers to by plan id. */
export interface WithRelations extends Node {
  readonly kind: "WithRelations";
  readonly root: Relation;
  readonly references: readonly Relation[];
}
export interface UnresolvedTableValuedFunction extends Node {
  readonly kind: "UnresolvedTableValuedFunction";
  readonly functionName: string;
  readonly nameParts?: readonly string[];
  readonly arguments: readonly Expression[];
  /** `UNNEST(...) WITH ORDINALITY`: a last column counts the rows from 1. */
  readonly withOrdinality?: boolean;
}
export interface LateralJoin extends Node {
  readonly kind: "LateralJoin";
  readonly left: Relation;
  readonly right: Relation;
  readonly joinCondition?: Expression;
  readonly joinType: JoinType;
}
export interface AsOfJoin extends Node {
  readonly kind: "AsOfJoin";
  readonly left: Relation;
  readonly right: Relation;
  readonly leftAsOf: Expression;
  readonly rightAsOf: Expression;
  readonly joinExpr?: Expression;
  readonly usingColumns: readonly string[];
  readonly joinType: string;
  readonly tolerance?: Expression;
  readonly allowExactMatches: boolean;
  readonly direction: string;
}
export interface NearestByJoin extends Node {
  readonly kind: "NearestByJoin";
  readonly left: Relation;
  readonly right: Relation;
  readonly rankingExpression: Expression;
  readonly numResults: number;
  readonly joinType: string;
  readonly mode: string;
  readonly direction: string;
}
export interface Zip extends Node {
  readonly kind: "Zip";
  readonly left: Relation;
  readonly right: Relation;
}
export interface MapPartitions extends Node {
  readonly kind: "MapPartitions";
  readonly input: Relation;
  readonly func: UserDefinedFunction;
}
export interface GroupMap extends Node {
  readonly kind: "GroupMap";
  readonly input: Relation;
  readonly groupingExpressions: readonly Expression[];
  readonly func: UserDefinedFunction;
}
export interface CoGroupMap extends Node {
  readonly kind: "CoGroupMap";
  readonly input: Relation;
  readonly inputGroupingExpressions: readonly Expression[];
  readonly other: Relation;
  readonly otherGroupingExpressions: readonly Expression[];
  readonly func: UserDefinedFunction;
}
/** A call of a PySpark table function: what runs PySpark's functions leaves its rows in its place. */
export interface PythonTableFunction extends Node {
  readonly kind: "PythonTableFunction";
  readonly functionName: string;
  readonly arguments: readonly Expression[];
  /** Absent: the function's own `analyze` tells. */
  readonly returnType?: DataType;
  readonly evalType: number;
  readonly command: Uint8Array;
  readonly pythonVer: string;
}
/** `spark.catalog.*`: `operation` is the message's name (`ListTables`), `arguments` its fields in camel case. */
export interface CatalogRelation extends Node {
  readonly kind: "CatalogRelation";
  readonly operation: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}
/** A relation that Lakelet does not know: refused by this name at analysis. */
export interface UnsupportedRelation extends Node {
  readonly kind: "UnsupportedRelation";
  readonly feature: string;
}

export interface OneRowRelation extends Node {
  readonly kind: "OneRowRelation";
}
/** `VALUES (1, 'a'), (2, 'b')`; columns `col1`, `col2` unless aliased above. */
export interface InlineTable extends Node {
  readonly kind: "InlineTable";
  readonly rows: readonly (readonly Expression[])[];
  readonly columnAliases?: readonly string[];
}
export interface CommonTableExpression {
  readonly name: string;
  readonly columnAliases?: readonly string[];
  readonly plan: Relation;
  readonly maxRecursion?: number;
}
export interface With extends Node {
  readonly kind: "With";
  readonly isRecursive: boolean;
  readonly relations: readonly CommonTableExpression[];
  readonly input: Relation;
}
export interface LateralView extends Node {
  readonly kind: "LateralView";
  readonly input: Relation;
  readonly generator: Expression;
  readonly isOuter: boolean;
  readonly tableAlias?: string;
  readonly columnAliases: readonly string[];
}
/** Stands directly above the `Aggregate` (or the select list) that it filters. */
export interface Having extends Node {
  readonly kind: "Having";
  readonly input: Relation;
  readonly condition: Expression;
}
export interface Qualify extends Node {
  readonly kind: "Qualify";
  readonly input: Relation;
  readonly condition: Expression;
}
export interface WithWindowDefinition extends Node {
  readonly kind: "WithWindowDefinition";
  readonly input: Relation;
  readonly definitions: Readonly<
    Record<string, Pick<Window, "partitionSpec" | "orderSpec" | "frameSpec"> & { readonly base?: string }>
  >;
}
export interface SqlPivot extends Node {
  readonly kind: "SqlPivot";
  readonly input: Relation;
  readonly aggregates: readonly Expression[];
  readonly columns: readonly Expression[];
  /** Each value an expression (a struct for several columns), possibly under an `Alias`. */
  readonly values: readonly Expression[];
}
export interface TableSample extends Node {
  readonly kind: "TableSample";
  readonly input: Relation;
  readonly method:
    | { readonly kind: "percent"; readonly percent: Expression }
    | { readonly kind: "rows"; readonly rows: Expression }
    | {
        readonly kind: "bucket";
        readonly numerator: number;
        readonly denominator: number;
        readonly on?: Expression;
      };
  readonly seed?: number | bigint;
}
/** A statement that gives rows and stands where a relation may: `SHOW ...`, `DESCRIBE ...` in a pipe or subquery. */
export interface CommandRelation extends Node {
  readonly kind: "CommandRelation";
  readonly command: import("./command.ts").Command;
}
