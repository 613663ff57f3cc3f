import type { AliasExpr, Attr, Expr } from "../functions/expr.ts";
import type { Window } from "../plan/expression.ts";
import type { Relation } from "../plan/relation.ts";
import type { ResolvedRelation } from "./resolved-relation.ts";

/** A relation that analysis has finished with. */
export interface Resolved {
  /** Its columns may be more than `output`: what is hidden is still there for those who may ask. */
  readonly plan: ResolvedRelation;
  readonly output: readonly Attr[];
  /** Columns that `*` leaves out and a name may still reach: `_metadata`, the other side's key of a USING join. */
  readonly hidden: readonly Attr[];
  readonly planIds: PlanIds | undefined;
  /** Windows of time that calls in the list above stand for, by the call's key. */
  readonly timeWindows?: ReadonlyMap<string, Attr>;
  /** How ORDER BY and filters above reach columns that are not in the output. Absent where that ends (`DISTINCT`, aliases). */
  readonly below?: Below;
  /** Set for a grouped query and what filters it: HAVING and ORDER BY may use its aggregates. */
  readonly grouped?: Grouped;
}

/** The relation under one that can hand up more columns than it does. */
export interface Below {
  readonly input: Resolved;
  /** The same relation over `input` (perhaps itself extended) with these columns of it in the output too; undefined when that is impossible. */
  readonly extend: (input: Resolved, extra: readonly Attr[]) => Resolved | undefined;
}

/** A grouped query whose aggregates are still open for more. */
export interface Grouped {
  /** What is grouped. */
  readonly input: Resolved;
  /**
   * Adds expressions over `input` or over the query's output to it. The attributes stand for them in the new relation's
   * columns, whose `output` stays as it was.
   */
  readonly add: (exprs: readonly Expr[]) => { readonly resolved: Resolved; readonly exprs: readonly Expr[] };
  /** Whether an expression over `input` can be told from the groups alone. */
  readonly covers: (e: Expr) => boolean;
  /** Of a query with window functions: what ORDER BY sees, which are its columns and what it is grouped by. */
  readonly windowed?: Resolved;
  /** Filters the groups before windows and generators see them. */
  readonly having: (condition: Expr, aggregates: readonly AliasExpr[]) => Resolved;
}

/** Where `df["x"]` finds the DataFrame it was taken from: the relations below, each with what it gave out. */
export interface PlanIds {
  readonly planId?: number;
  readonly output?: readonly Attr[];
  readonly hidden?: readonly Attr[];
  readonly below: readonly PlanIds[];
}

/** A common table in scope: resolved when its definition was met. */
export interface CommonTable {
  readonly id: number;
  readonly name: string;
  readonly output: readonly Attr[];
  /** Set while a recursive definition's own body is resolved. */
  readonly recursion?: { isUsed: boolean };
}

export interface CommonTables {
  readonly tables: ReadonlyMap<string, CommonTable>;
  readonly outer: CommonTables | undefined;
}

/** An enclosing query whose columns a subquery may use. */
export interface OuterQuery {
  readonly env: ExprEnv;
}

/** What surrounds a relation. */
export interface RelationScope {
  readonly commonTables: CommonTables | undefined;
  readonly outer: OuterQuery | undefined;
  readonly currentDatabase: string;
  /** Inside a persistent view: names of temporary views mean nothing. */
  readonly isInView: boolean;
  readonly viewDepth: number;
  /** Relations that subquery expressions name by plan id. */
  readonly references: ReadonlyMap<number, Relation> | undefined;
  readonly windows: ReadonlyMap<string, WindowDefinition> | undefined;
}

export type WindowDefinition = Pick<Window, "partitionSpec" | "orderSpec" | "frameSpec"> & {
  readonly base?: string;
};

/** Lambda variables in scope, innermost first. */
export interface LambdaScope {
  readonly variables: ReadonlyMap<string, Expr>;
  readonly outer: LambdaScope | undefined;
}

/** What an expression may refer to. */
export interface ExprEnv {
  /** The relations whose columns it sees. */
  readonly inputs: readonly Resolved[];
  readonly scope: RelationScope;
  /** Where else columns may come from when `inputs` have none of the name: the relations further below, nearest first. */
  readonly lookups?: () => Iterable<Resolved>;
  /** Relations below whose hidden columns (the other key of a USING join) a qualified name still reaches. */
  readonly hiddenBelow?: () => Iterable<Resolved>;
  /** Of a grouped query's HAVING: grouping columns come before those of the select list. */
  readonly grouped?: Grouped;
  /** A name that several columns have is taken for none: it may still be found elsewhere (ORDER BY). */
  readonly passesAmbiguity?: boolean;
  /** Aggregates of this query that stand in subqueries of its HAVING, filled while these are resolved. */
  readonly outerAggregates?: Map<string, AliasExpr>;
  /** Inside aggregate functions these come first (HAVING). */
  readonly insideAggregate?: Resolved;
  readonly lambdas?: LambdaScope;
  /** Aliases of the same select list, left of this expression. */
  readonly lateral?: LateralAliases;
  /** Parameters of a SQL function. */
  readonly parameters?: ReadonlyMap<string, Expr>;
  /** The call is a table function's. */
  readonly isTableFunction?: boolean;
  /** True while the arguments of an aggregate function are resolved. */
  readonly isInAggregate?: boolean;
}

export interface LateralAliases {
  readonly find: (name: string) => readonly AliasExpr[];
}
