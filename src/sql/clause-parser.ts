import type { JoinType } from "../plan/relation.ts";
import type { TokenKind } from "./tokens.ts";
import { TypeParser } from "./type-parser.ts";

const QUERY_STARTS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "SELECT",
  "WITH",
  "VALUES",
  "TABLE",
  "FROM",
  "MAP",
  "REDUCE",
]);

const BY_WORDS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "GROUP",
  "ORDER",
  "SORT",
  "CLUSTER",
  "DISTRIBUTE",
]);

const CONDITION_WORDS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "WHERE",
  "HAVING",
  "QUALIFY",
  "LIMIT",
  "OFFSET",
]);
/** What may come right after a name and its column list, so that the pair is an alias. */
const AFTER_ALIAS: ReadonlySet<TokenKind> = new Set<TokenKind>(["end", ";", ")", ",", "|>"]);

/** Words after which `|` is no operator on bits: whatever they mean there. */
const PIPE_WORDS: ReadonlySet<TokenKind> = new Set(
  (
    "SELECT EXTEND SET DROP AS WHERE PIVOT UNPIVOT TABLESAMPLE BIN AGGREGATE INNER CROSS LEFT RIGHT FULL SEMI ANTI " +
    "NATURAL JOIN UNION EXCEPT MINUS INTERSECT ORDER CLUSTER DISTRIBUTE SORT LIMIT OFFSET WINDOW"
  ).split(" ") as TokenKind[],
);

/** Where clauses begin: which words are names, and which are not. */
export abstract class ClauseParser extends TypeParser {
  /** Statements that begin with FROM, in which SELECT may come after a select list. */
  protected openFromStatements = 0;

  /** Whether an expression can begin at an index. Words count: they may be names. */
  protected canStartExpression(index: number): boolean {
    return !NO_OPERAND.has(this.kindAt(index));
  }

  /** Whether the bracket at an index holds a query. */
  protected isQueryParen(index: number): boolean {
    const inner = this.insideBrackets(index);
    if (!this.isQueryStart(inner)) return false;
    // Brackets around a query: each may be closed and followed by more of an expression.
    for (let at = inner - 1; at > index; at--) {
      const close = this.closingOf(at);
      if (close === -1) return true;
      const after = this.kindAt(close + 1);
      if (after !== ")" && !this.isClauseWord(close + 1) && !this.isPipeStart(close + 1)) return false;
    }
    return true;
  }

  protected isQueryStart(index: number): boolean {
    const kind = this.kindAt(index);
    if (!QUERY_STARTS.has(kind)) return false;
    const next = this.kindAt(index + 1);
    switch (kind) {
      case "SELECT":
        return next === "/*+" || this.canStartExpression(index + 1);
      case "WITH":
        return this.isIdentifier(index + 1);
      case "TABLE":
        return this.isIdentifier(index + 1);
      case "MAP":
      case "REDUCE":
        return next !== "(" && this.canStartExpression(index + 1) && this.#hasUsing(index);
      case "FROM":
        return this.#startsRelation(index + 1);
      default:
        return this.canStartExpression(index + 1) && next !== "*";
    }
  }

  /** Whether USING comes before the bracket that is open closes. */
  #hasUsing(index: number): boolean {
    for (let at = index; at < this.kinds.length; at++) {
      const kind = this.kindAt(at);
      if (kind === "USING") return true;
      if (kind === ")" || kind === ";") return false;
      if (kind === "(") {
        const close = this.closingOf(at);
        if (close === -1) return false;
        at = close;
      }
    }
    return false;
  }

  protected isClauseWord(index: number): boolean {
    const kind = this.kindAt(index);
    const next = this.kindAt(index + 1);
    switch (kind) {
      case "FROM":
        return this.#startsRelation(index + 1);
      case "WHERE":
      case "HAVING":
      case "QUALIFY":
      case "LIMIT":
      case "OFFSET":
        return (
          this.canStartExpression(index + 1) &&
          !this.isClauseWord(index + 1) &&
          !this.#isAliasWithColumns(index)
        );
      case "GROUP":
      case "ORDER":
      case "SORT":
      case "CLUSTER":
      case "DISTRIBUTE":
        return next === "BY" && this.canStartExpression(index + 2);
      case "SELECT":
        return this.openFromStatements > 0 && this.canStartExpression(index + 1);
      case "INSERT":
        return next === "INTO" || next === "OVERWRITE";
      case "UNION":
      case "EXCEPT":
      case "MINUS":
      case "INTERSECT": {
        const after = next === "ALL" || next === "DISTINCT" ? index + 2 : index + 1;
        return this.kindAt(after) === "(" || this.isQueryStart(after);
      }
      case "WINDOW":
        return this.isIdentifier(index + 1) && this.kindAt(index + 2) === "AS";
      case "LATERAL":
        return next === "VIEW" || this.#startsRelation(index + 1);
      case "PIVOT":
        return next === "(";
      case "UNPIVOT":
        return next === "(" || next === "INCLUDE" || next === "EXCLUDE";
      case "TABLESAMPLE":
        return next === "(" || next === "BERNOULLI" || next === "SYSTEM";
      case "WITH":
        return next === "ROLLUP" || next === "CUBE";
      case "GROUPING":
        return next === "SETS";
      case "FOR":
        return this.#isForClause(index);
      case "WATERMARK":
        return this.isIdentifier(index + 1) && this.kindAt(index + 2) === "DELAY";
      case "ORDINALITY":
        return false;
      case "SET":
        return this.isIdentifier(index + 1) && next !== "SET";
      case "BIN":
        return next === "BY";
      case "CHANGES":
        return next === "FROM";
      case "IDENTIFIED":
        return next === "BY";
      case "NATURAL":
      case "INNER":
      case "CROSS":
      case "LEFT":
      case "RIGHT":
      case "FULL":
      case "SEMI":
      case "ANTI":
      case "JOIN":
      case "ASOF":
        return this.joinAt(index) !== undefined;
      default:
        return this.isStopWord(index);
    }
  }

  /** Words that end a query where it stands inside a statement: `DO`, `THEN`. */
  protected isStopWord(_index: number): boolean {
    return false;
  }

  #isForClause(index: number): boolean {
    const next = this.kindAt(index + 1);
    if (next === "VERSION" || next === "TIMESTAMP" || next === "SYSTEM_VERSION" || next === "SYSTEM_TIME") {
      return this.kindAt(index + 2) === "AS";
    }
    if (next === "READ") return true;
    if (next === "(") return this.kindAt(this.closingOf(index + 1) + 1) === "IN";
    return this.isIdentifier(index + 1) && this.kindAt(index + 2) === "IN";
  }

  #startsRelation(index: number): boolean {
    const kind = this.kindAt(index);
    if (kind === "(") return true;
    if (kind === "FROM" && this.isClauseWord(index)) return false;
    return this.isIdentifier(index) && !this.isClauseWordAfterFrom(index);
  }

  /** `FROM WHERE x`: the word FROM was a name after all. */
  protected isClauseWordAfterFrom(index: number): boolean {
    const kind = this.kindAt(index);
    return (
      kind !== "LATERAL" && (BY_WORDS.has(kind) || CONDITION_WORDS.has(kind)) && this.isClauseWord(index)
    );
  }

  /** `WHERE (a, b)` where nothing of an expression follows: a table's alias with columns, as Spark's grammar has it. */
  #isAliasWithColumns(index: number): boolean {
    if (this.kindAt(index + 1) !== "(") return false;
    const close = this.closingOf(index + 1);
    if (close === -1) return false;
    for (let at = index + 2; at < close; at++) {
      const isName = (at - index) % 2 === 0;
      if (isName ? !this.isIdentifier(at) : this.kindAt(at) !== ",") return false;
    }
    return close > index + 2 && (AFTER_ALIAS.has(this.kindAt(close + 1)) || this.isClauseWord(close + 1));
  }

  protected isPipeStart(index: number): boolean {
    const kind = this.kindAt(index);
    if (kind === "|>") return true;
    return (
      kind === "|" && this.options.singleCharacterPipe !== false && PIPE_WORDS.has(this.kindAt(index + 1))
    );
  }

  /** The kind of join whose words begin at an index, and how many tokens they are. */
  protected joinAt(index: number):
    | {
        readonly joinType: JoinType;
        readonly isNatural: boolean;
        readonly isAsOf: boolean;
        readonly length: number;
      }
    | undefined {
    let at = index;
    const isNatural = this.kindAt(at) === "NATURAL";
    if (isNatural) at++;
    let joinType: JoinType = "inner";
    switch (this.kindAt(at)) {
      case "INNER":
        at++;
        break;
      case "CROSS":
        at++;
        joinType = "cross";
        break;
      case "SEMI":
        at++;
        joinType = "leftSemi";
        break;
      case "ANTI":
        at++;
        joinType = "leftAnti";
        break;
      case "LEFT":
        at++;
        joinType = "leftOuter";
        if (this.kindAt(at) === "SEMI") joinType = "leftSemi";
        if (this.kindAt(at) === "ANTI") joinType = "leftAnti";
        if (joinType !== "leftOuter" || this.kindAt(at) === "OUTER") at++;
        break;
      case "RIGHT":
      case "FULL":
        joinType = this.kindAt(at) === "RIGHT" ? "rightOuter" : "fullOuter";
        at++;
        if (this.kindAt(at) === "OUTER") at++;
        break;
    }
    const isAsOf = this.kindAt(at) === "ASOF" && this.kindAt(at + 1) === "JOIN";
    if (isAsOf) at++;
    if (this.kindAt(at) !== "JOIN") return undefined;
    return { joinType, isNatural, isAsOf, length: at + 1 - index };
  }
}

/** Tokens that no expression begins with, whatever is a name. */
export const NO_OPERAND: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "end",
  ";",
  ")",
  ",",
  ".",
  "]",
  "=",
  "<=>",
  "<>",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "<<",
  ">>",
  ">>>",
  "/",
  "%",
  "&",
  "|",
  "||",
  "|>",
  "^",
  "::",
  "->",
  "=>",
  "/*+",
  "*/",
  "unrecognized",
  "@",
  "@v",
  "dollar-quoted",
]);
