import type { LiteralValue } from "../plan/expression.ts";
import type { Origin } from "../plan/origin.ts";
import type { DataType } from "../types/data-type.ts";

/**
 * Resolved expressions: names are numbers, types and nullability are known, every cast is written out. Immutable.
 * They are made by the analyzer (and by function entries when they bind), and turned into DuckDB SQL by the lowering.
 */
export type Expr =
  | Lit
  | Attr
  | OuterAttr
  | Call
  | CastExpr
  | AliasExpr
  | LambdaExpr
  | LambdaVar
  | SubqueryExpr
  | WindowExpr
  | SortExpr;

interface Typed {
  readonly type: DataType;
  readonly nullable: boolean;
  readonly origin?: Origin;
}

export interface Lit extends Typed {
  readonly kind: "Lit";
  /** Plain form, as in the plan's `Literal`. */
  readonly value: LiteralValue;
  /** What Spark prints for it where that is not the value's own text. */
  readonly pretty?: string;
}
/** A column of a relation below, known by its number (Spark's exprId). DuckDB sees it as `c<id>`. */
export interface Attr extends Typed {
  readonly kind: "Attr";
  readonly id: number;
  readonly name: string;
  /** Names that may stand before it: `["t"]`, `["spark_catalog", "default", "t"]`. */
  readonly qualifier: readonly string[];
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** `_metadata` and the like: not in `*`. */
  readonly isMetadataColumn?: boolean;
}
/** A column of an enclosing query, inside a correlated subquery. */
export interface OuterAttr extends Typed {
  readonly kind: "OuterAttr";
  readonly attr: Attr;
}
/** A function of the table, operators included. */
export interface Call extends Typed {
  readonly kind: "Call";
  /** Canonical name: the key in the function table. */
  readonly fn: string;
  readonly args: readonly Expr[];
  /** The name as written, for pretty printing (an alias of the function keeps its own name where Spark keeps it). */
  readonly name?: string;
  /** Arguments as they stood before coercion and default filling, for pretty printing. */
  readonly shown?: readonly Expr[];
  /** Plain data fixed at binding: evaluation mode, field index, seed, options. */
  readonly extra?: Readonly<Record<string, unknown>>;
  // Aggregates only:
  readonly distinct?: boolean;
  readonly filter?: Expr;
  readonly withinGroup?: readonly SortExpr[];
  readonly ignoreNulls?: boolean;
}
export interface CastExpr extends Typed {
  readonly kind: "CastExpr";
  readonly child: Expr;
  readonly mode: "ansi" | "legacy" | "try";
  /** Put in by coercion: not shown in names. */
  readonly implicit: boolean;
  /** Zone for casts between text and instants, fixed at analysis. */
  readonly timeZone?: string;
}
/** Names an output column; `id` becomes the attribute's number. */
export interface AliasExpr extends Typed {
  readonly kind: "AliasExpr";
  readonly child: Expr;
  readonly id: number;
  readonly name: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** The name was made by us from the expression's text. */
  readonly isAuto?: boolean;
}
export interface LambdaExpr extends Typed {
  readonly kind: "LambdaExpr";
  readonly params: readonly LambdaVar[];
  readonly body: Expr;
}
export interface LambdaVar extends Typed {
  readonly kind: "LambdaVar";
  readonly id: number;
  readonly name: string;
}
export interface SubqueryExpr extends Typed {
  readonly kind: "SubqueryExpr";
  readonly subqueryType: "scalar" | "exists" | "in";
  /** A resolved relation (src/analyzer/resolved-relation.ts); opaque here. */
  readonly plan: unknown;
  /** `in`: the values compared, already coerced to the plan's columns. */
  readonly values?: readonly Expr[];
  /** Columns of the enclosing query that the plan uses: printed as `scalarsubquery(a)`. */
  readonly outer?: readonly Attr[];
}
export interface WindowExpr extends Typed {
  readonly kind: "WindowExpr";
  readonly fn: Call;
  readonly partitionBy: readonly Expr[];
  readonly orderBy: readonly SortExpr[];
  readonly frame: {
    readonly frameType: "row" | "range";
    readonly lower: WindowBound;
    readonly upper: WindowBound;
  };
  readonly isDefaultFrame: boolean;
}
export type WindowBound =
  | { readonly kind: "unboundedPreceding" | "unboundedFollowing" | "currentRow" }
  /** Negative is before. A literal or foldable expression of an integral, decimal, double or interval type. */
  | { readonly kind: "offset"; readonly offset: Expr };
export interface SortExpr extends Typed {
  readonly kind: "SortExpr";
  readonly child: Expr;
  readonly direction: "ascending" | "descending";
  readonly nullsFirst: boolean;
}

/** An output column: an attribute or an alias. */
export type NamedExpr = Attr | AliasExpr;

export function toAttr(e: NamedExpr, qualifier: readonly string[] = []): Attr {
  if (e.kind === "Attr") return e;
  return {
    kind: "Attr",
    id: e.id,
    name: e.name,
    type: e.type,
    nullable: e.nullable,
    qualifier,
    ...(e.metadata === undefined ? {} : { metadata: e.metadata }),
  };
}
