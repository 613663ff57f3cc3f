import type { DataType } from "../types/data-type.ts";
import type { Origin } from "./origin.ts";
import type { Relation } from "./relation.ts";

/**
 * Unresolved expressions: what a program or a SQL text says, before names and types are known. Plain, immutable,
 * structured-cloneable data, named and shaped as Spark Connect's messages (fields in camel case).
 *
 * Operators are `UnresolvedFunction`s under the names that PySpark sends: `+ - * / % & | ^ ~ == <=> < <= > >=`, `and`,
 * `or`, `not`, `negative`, `positive`, `in`, `like`, `rlike`, `ilike`, `isNull`, `isNotNull`, `isNaN`, `when` (condition,
 * value, ... [, otherwise]), `between` is spelled out. `!=` is `not(==)`. SQL text builds the same nodes.
 */
export type Expression =
  | Literal
  | UnresolvedAttribute
  | UnresolvedFunction
  | CallFunction
  | ExpressionString
  | UnresolvedStar
  | UnresolvedRegex
  | Alias
  | Cast
  | SortOrder
  | LambdaFunction
  | UnresolvedNamedLambdaVariable
  | Window
  | UnresolvedExtractValue
  | UpdateFields
  | NamedArgument
  | SubqueryExpression
  | UserDefinedFunction
  | MergeAction
  | DirectShufflePartitionId
  | ParameterMarker
  | IdentifierClause
  | WindowReference
  | AggregateFilter
  | GroupingAnalytics;

/** Scalar in its type's plain form: long as number or bigint, decimal as its text, date as days, timestamps and day-time intervals as bigint microseconds, year-month as months. */
export type LiteralValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | { readonly months: number; readonly days: number; readonly microseconds: bigint }
  | { readonly keys: readonly LiteralValue[]; readonly values: readonly LiteralValue[] }
  | readonly LiteralValue[];

interface Node {
  readonly origin?: Origin;
}

export interface Literal extends Node {
  readonly kind: "Literal";
  readonly dataType: DataType;
  /** Array and struct: list of values; map: keys and values. */
  readonly value: LiteralValue;
}
export interface UnresolvedAttribute extends Node {
  readonly kind: "UnresolvedAttribute";
  /** As the user wrote it: `a.b`, "`a.b`.c". SQL text gives `nameParts` beside it. */
  readonly unparsedIdentifier: string;
  readonly nameParts?: readonly string[];
  /** The DataFrame that the column was taken from (`df["x"]`). */
  readonly planId?: number;
  readonly isMetadataColumn?: boolean;
}
export interface UnresolvedFunction extends Node {
  readonly kind: "UnresolvedFunction";
  readonly functionName: string;
  readonly arguments: readonly Expression[];
  readonly isDistinct?: boolean;
  readonly isUserDefinedFunction?: boolean;
  readonly isInternal?: boolean;
  /** From SQL text only: qualified names, `IGNORE NULLS`, `WITHIN GROUP (ORDER BY ...)`. */
  readonly nameParts?: readonly string[];
  readonly ignoreNulls?: boolean;
  readonly respectNulls?: boolean;
  readonly withinGroup?: readonly SortOrder[];
}
export interface CallFunction extends Node {
  readonly kind: "CallFunction";
  readonly functionName: string;
  readonly arguments: readonly Expression[];
}
/** SQL text for one expression, as `filter("x > 1")`. */
export interface ExpressionString extends Node {
  readonly kind: "ExpressionString";
  readonly expression: string;
}
export interface UnresolvedStar extends Node {
  readonly kind: "UnresolvedStar";
  /** `t.*` has target `t`; with the final `.*` as Connect sends it. */
  readonly unparsedTarget?: string;
  readonly planId?: number;
  readonly except?: readonly (readonly string[])[];
  readonly replace?: readonly Alias[];
}
export interface UnresolvedRegex extends Node {
  readonly kind: "UnresolvedRegex";
  readonly colName: string;
  readonly planId?: number;
}
export interface Alias extends Node {
  readonly kind: "Alias";
  readonly expr: Expression;
  /** Several names for a generator of several columns. */
  readonly name: readonly string[];
  readonly metadata?: Readonly<Record<string, unknown>>;
}
export interface Cast extends Node {
  readonly kind: "Cast";
  readonly expr: Expression;
  readonly type?: DataType;
  /** The type as DDL text, when the client sent text. */
  readonly typeStr?: string;
  readonly evalMode?: "legacy" | "ansi" | "try";
}
export interface SortOrder extends Node {
  readonly kind: "SortOrder";
  readonly child: Expression;
  readonly direction: "ascending" | "descending";
  readonly nullOrdering?: "first" | "last";
}
export interface LambdaFunction extends Node {
  readonly kind: "LambdaFunction";
  readonly function: Expression;
  readonly arguments: readonly UnresolvedNamedLambdaVariable[];
}
export interface UnresolvedNamedLambdaVariable extends Node {
  readonly kind: "UnresolvedNamedLambdaVariable";
  readonly nameParts: readonly string[];
}
export type FrameBoundary =
  | { readonly kind: "currentRow" }
  | { readonly kind: "unbounded" }
  /** Lower: rows before are negative values; SQL's `n PRECEDING` is `negative(n)`. */
  | { readonly kind: "value"; readonly value: Expression };
export interface WindowFrame {
  readonly frameType: "row" | "range";
  readonly lower: FrameBoundary;
  readonly upper: FrameBoundary;
}
export interface Window extends Node {
  readonly kind: "Window";
  readonly windowFunction: Expression;
  readonly partitionSpec: readonly Expression[];
  readonly orderSpec: readonly SortOrder[];
  readonly frameSpec?: WindowFrame;
}
/** `OVER w`; definitions stand in the `WithWindowDefinition` relation. */
export interface WindowReference extends Node {
  readonly kind: "WindowReference";
  readonly windowFunction: Expression;
  readonly name: string;
}
export interface UnresolvedExtractValue extends Node {
  readonly kind: "UnresolvedExtractValue";
  readonly child: Expression;
  readonly extraction: Expression;
}
/** `withField` (with a value) or `dropFields` (without). */
export interface UpdateFields extends Node {
  readonly kind: "UpdateFields";
  readonly structExpression: Expression;
  readonly fieldName: string;
  readonly valueExpression?: Expression;
}
export interface NamedArgument extends Node {
  readonly kind: "NamedArgument";
  readonly key: string;
  readonly value: Expression;
}
export interface SubqueryExpression extends Node {
  readonly kind: "SubqueryExpression";
  readonly subqueryType: "scalar" | "exists" | "in" | "table_arg";
  /** The plan itself (SQL text), or the id of a reference in an enclosing `WithRelations`. */
  readonly plan?: Relation;
  readonly planId?: number;
  readonly inSubqueryValues?: readonly Expression[];
  readonly tableArgOptions?: {
    readonly partitionSpec: readonly Expression[];
    readonly orderSpec: readonly SortOrder[];
    readonly withSinglePartition?: boolean;
  };
}
export interface UserDefinedFunction extends Node {
  readonly kind: "UserDefinedFunction";
  readonly functionName: string;
  readonly deterministic: boolean;
  readonly arguments: readonly Expression[];
  readonly isDistinct?: boolean;
  readonly function:
    | {
        readonly language: "python";
        readonly outputType: DataType;
        readonly evalType: number;
        readonly command: Uint8Array;
        readonly pythonVer: string;
      }
    /** Called back in the client's realm by its id, a batch at a time. */
    | { readonly language: "javascript"; readonly outputType: DataType; readonly id: string }
    | { readonly language: "jvm"; readonly className?: string };
}
export interface MergeAction extends Node {
  readonly kind: "MergeAction";
  readonly actionType: "delete" | "insert" | "insertStar" | "update" | "updateStar";
  readonly condition?: Expression;
  readonly assignments: readonly { readonly key: Expression; readonly value: Expression }[];
}
export interface DirectShufflePartitionId extends Node {
  readonly kind: "DirectShufflePartitionId";
  readonly child: Expression;
}
/** `:name` or `?` in SQL text; replaced before analysis. */
export interface ParameterMarker extends Node {
  readonly kind: "ParameterMarker";
  readonly name?: string;
  readonly position?: number;
}
/** `IDENTIFIER(expr)` where an attribute or function name stands. */
export interface IdentifierClause extends Node {
  readonly kind: "IdentifierClause";
  readonly expression: Expression;
  /** Present when it names a function. */
  readonly arguments?: readonly Expression[];
}
/** `agg(...) FILTER (WHERE condition)`. */
export interface AggregateFilter extends Node {
  readonly kind: "AggregateFilter";
  readonly aggregate: Expression;
  readonly condition: Expression;
}
/** `ROLLUP(...)`, `CUBE(...)`, `GROUPING SETS(...)` as items of a SQL GROUP BY. */
export interface GroupingAnalytics extends Node {
  readonly kind: "GroupingAnalytics";
  readonly type: "rollup" | "cube" | "groupingSets";
  /** Each a set of expressions; nested analytics stand as single items. */
  readonly sets: readonly (readonly Expression[])[];
}
