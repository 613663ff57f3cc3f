import type { LiteralValue } from "../plan/expression.ts";
import type { Origin } from "../plan/origin.ts";
import type { DataType } from "../types/data-type.ts";
import type { Call, Expr, SortExpr } from "./expr.ts";

/** One Spark function: its signature, its type rule and its lowering. Adding a function is adding one entry. */
export interface FunctionEntry {
  /** Canonical name, lower case (operators: their sign). */
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly kind: "scalar" | "aggregate" | "window" | "generator";
  /** `upper(str) - Returns str with all characters in upper case.` Shown as help; our own words. */
  readonly usage: string;
  /** Spark's documentation group: `string_funcs`, `math_funcs`, ... */
  readonly group: string;
  /** Parameter names in order, for named arguments; a trailing `?` marks an optional one. */
  readonly params?: readonly string[];
  /** A generator that stands in FROM only. */
  readonly isTableFunction?: boolean;
  /** Not found by users' names (made by the analyzer or another entry only). */
  readonly isInternal?: boolean;
  /** Gives another value each time: never folded, never pushed down. */
  readonly isNondeterministic?: boolean;
  /**
   * Types of a lambda argument's parameters, when the arguments before it are bound. `index` is the argument's position,
   * `arity` how many parameters the lambda has.
   */
  readonly lambda?: (
    args: readonly (Expr | undefined)[],
    index: number,
    arity: number,
    ctx: BindContext,
  ) => readonly LambdaParam[];
  /**
   * Spark's analysis of a call: number and types of arguments checked with Spark's errors, implicit casts put in,
   * result type and nullability decided. May return any expression (a rewrite into others), usually a `Call`.
   */
  readonly bind: (args: readonly Expr[], ctx: BindContext) => Expr;
  /**
   * The DuckDB SQL of a bound call. `args` are the lowered arguments: each a self-contained SQL expression (already
   * parenthesized where needed). The result must be self-contained too. Not needed when `bind` rewrites.
   * Aggregates give the whole aggregate call; `ctx.call` knows distinct, filter and order.
   */
  readonly lower?: (args: readonly string[], ctx: LowerContext) => string;
  /** Column name as Spark prints it; default `name(arg, arg)`. */
  readonly pretty?: (args: readonly string[], call: Call) => string;
  /** Generators: the columns they make. */
  readonly generates?: (
    call: Call,
  ) => readonly { readonly name: string; readonly type: DataType; readonly nullable: boolean }[];
  /** Window functions that need ORDER BY, or do not allow a frame. */
  readonly windowOnly?: {
    readonly needsOrder: boolean;
    readonly frame?: "rows-to-current" | "range-to-current" | "whole";
  };
  /** An aggregate that takes neither order nor frame in a window. */
  readonly isUnorderedInWindows?: boolean;
}

export interface LambdaParam {
  readonly type: DataType;
  readonly nullable: boolean;
}

/** What a function may know of its surroundings while it is bound. */
export interface BindContext {
  /** The name as the user wrote it. */
  readonly name: string;
  readonly origin?: Origin;
  readonly conf: AnalysisConf;
  readonly distinct: boolean;
  readonly ignoreNulls: boolean;
  readonly withinGroup: readonly SortExpr[];
  /** Fixed for the query: microseconds since the epoch. */
  readonly queryTimeMicros: bigint;
  readonly currentDatabase: string;
  readonly currentUser: string;
  /** A new attribute number or lambda variable number. */
  readonly nextId: () => number;
  /** The value of an argument that had to be known before the query was analysed, as far as it was found out. */
  readonly constant?: (index: number) => LiteralValue | undefined;
  /** A schema in DDL, or a type in JSON. */
  readonly parseSchema?: (text: string) => DataType;
  /** A seed for `rand()` and the like without one. */
  readonly nextSeed: () => bigint;
}

export interface AnalysisConf {
  readonly ansiEnabled: boolean;
  readonly timeZone: string;
  readonly caseSensitive: boolean;
  readonly get: (key: string) => string | undefined;
}

export interface LowerContext {
  readonly call: Call;
  readonly timeZone: string;
  readonly ansiEnabled: boolean;
  /** SQL that calls a kernel; notes that the engine must register it. */
  readonly kernel: (name: string, ...args: readonly string[]) => string;
  /**
   * Uses a SQL text more than once without repeating its work or its length: short texts are repeated, long ones are
   * bound by a one-element lambda.
   */
  readonly let: (sql: string, use: (bound: string) => string) => string;
  /** SQL that raises Spark's error when evaluated; parameters are SQL texts of VARCHAR expressions. */
  readonly raise: (
    errorClass:
      | "AnalysisException"
      | "ArithmeticException"
      | "SparkRuntimeException"
      | "ArrayIndexOutOfBoundsException"
      | "DateTimeException"
      | "NumberFormatException"
      | "IllegalArgumentException"
      | "UnsupportedOperationException",
    condition: string,
    parameters: Readonly<Record<string, string>>,
  ) => string;
  /**
   * One aggregate call in DuckDB's terms, with the DISTINCT, ORDER BY, FILTER and OVER of the Spark call. An aggregate's
   * lowering may combine several.
   */
  readonly agg: (
    name: string,
    args: readonly string[],
    options?: {
      readonly distinct?: boolean;
      readonly orderBy?: readonly string[];
      readonly filter?: string;
      /** Leaves NULLs of the first argument out. */
      readonly ignoreNulls?: boolean;
    },
  ) => string;
  /** Lowers another bound expression in the same place. */
  readonly lower: (expr: Expr) => string;
  /** A lambda variable's or attribute's SQL name. */
  readonly fresh: (prefix: string) => string;
}
