import type { Expression } from "../plan/expression.ts";

/** How tightly operators bind; larger is tighter. Brackets are 0. */
export const LEVEL = {
  or: 1,
  and: 2,
  not: 3,
  predicate: 4,
  comparison: 5,
  bitOr: 6,
  bitXor: 7,
  bitAnd: 8,
  shift: 9,
  additive: 10,
  multiplicative: 11,
  unary: 12,
} as const;

interface FrameBase {
  /** The token that the construct begins with, operand on the left included. */
  readonly start: number;
}

/** Waits for its last operand. */
export interface BinaryFrame extends FrameBase {
  readonly type: "binary";
  readonly level: number;
  readonly name: string;
  readonly negated: boolean;
  readonly left: Expression;
}
export interface PrefixFrame extends FrameBase {
  readonly type: "prefix";
  readonly level: number;
  readonly name: string;
}
/** A chain of one logical operator, made a balanced tree when it ends. */
export interface ChainFrame extends FrameBase {
  readonly type: "chain";
  readonly level: number;
  readonly name: "and" | "or";
  readonly operands: Expression[];
}
export interface BetweenFrame extends FrameBase {
  readonly type: "between";
  readonly predicate: number;
  readonly negated: boolean;
  readonly value: Expression;
  lower?: Expression;
}
/** LIKE, RLIKE, ILIKE with one pattern, and IS DISTINCT FROM: a value on the right. */
export interface MatchFrame extends FrameBase {
  readonly type: "match";
  readonly predicate: number;
  readonly negated: boolean;
  readonly name: string;
  readonly value: Expression;
}
/** IN (...), LIKE ANY (...): a list on the right. */
export interface ListFrame extends FrameBase {
  readonly type: "list";
  readonly predicate: number;
  readonly negated: boolean;
  readonly name: string;
  readonly value: Expression;
  readonly items: Expression[];
}
export interface LambdaFrame extends FrameBase {
  readonly type: "lambda";
  readonly names: readonly string[];
}
export interface ParenFrame extends FrameBase {
  readonly type: "paren";
  readonly items: Expression[];
  /** Where the first alias stands: only rows may have any. */
  alias?: number;
}
export interface SubscriptFrame extends FrameBase {
  readonly type: "subscript";
  readonly child: Expression;
}
export interface CaseFrame extends FrameBase {
  readonly type: "case";
  state: "operand" | "when" | "then" | "else";
  operand?: Expression;
  condition?: Expression;
  readonly branches: Expression[];
}
export interface CastFrame extends FrameBase {
  readonly type: "cast";
  readonly isTry: boolean;
}
/** Arguments of a call, and the forms with words between them. */
export interface CallFrame extends FrameBase {
  readonly type: "call";
  readonly nameParts: readonly string[];
  /** The word of the name when it stands alone. */
  readonly keyword: string | undefined;
  readonly isDistinct: boolean;
  readonly args: Expression[];
  /** What stood after each argument but the last. */
  readonly separators: string[];
  /** `BOTH`, `LEADING`, `TRAILING`; the field of EXTRACT. */
  readonly option?: string;
  /** `name =>` before the current argument. */
  key?: string;
  ignoreNulls?: boolean;
}
/** `IDENTIFIER(expr)`. */
export interface IdentifierFrame extends FrameBase {
  readonly type: "identifier";
}
export interface BaseFrame extends FrameBase {
  readonly type: "base";
  readonly valueOnly: boolean;
}

export type Frame =
  | BinaryFrame
  | PrefixFrame
  | ChainFrame
  | BetweenFrame
  | MatchFrame
  | ListFrame
  | LambdaFrame
  | ParenFrame
  | SubscriptFrame
  | CaseFrame
  | CastFrame
  | CallFrame
  | IdentifierFrame
  | BaseFrame;

/** Operators between values: level and the name of the function. */
export const BINARY_OPERATORS: Readonly<Record<string, readonly [level: number, name: string]>> = {
  "=": [LEVEL.comparison, "=="],
  "<=>": [LEVEL.comparison, "<=>"],
  "<>": [LEVEL.comparison, "!="],
  "!=": [LEVEL.comparison, "!="],
  "<": [LEVEL.comparison, "<"],
  "<=": [LEVEL.comparison, "<="],
  ">": [LEVEL.comparison, ">"],
  ">=": [LEVEL.comparison, ">="],
  "|": [LEVEL.bitOr, "|"],
  "^": [LEVEL.bitXor, "^"],
  "&": [LEVEL.bitAnd, "&"],
  "<<": [LEVEL.shift, "<<"],
  ">>": [LEVEL.shift, ">>"],
  ">>>": [LEVEL.shift, ">>>"],
  "+": [LEVEL.additive, "+"],
  "-": [LEVEL.additive, "-"],
  "||": [LEVEL.additive, "||"],
  "*": [LEVEL.multiplicative, "*"],
  "/": [LEVEL.multiplicative, "/"],
  "%": [LEVEL.multiplicative, "%"],
  DIV: [LEVEL.multiplicative, "div"],
};

/** A value after which operators may come. */
export function open(value: Expression): { readonly value: Expression; readonly closed: boolean } {
  return { value, closed: false };
}

/** A value after which only AND and OR may come. */
export function closed(value: Expression): { readonly value: Expression; readonly closed: boolean } {
  return { value, closed: true };
}
