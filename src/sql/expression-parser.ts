import { ParseException, type PySparkException, sparkError } from "../errors/spark-error.ts";
import type {
  Alias,
  Expression,
  Literal,
  SortOrder,
  SubqueryExpression,
  UnresolvedFunction,
  UnresolvedNamedLambdaVariable,
  UnresolvedStar,
  Window,
  WindowFrame,
  WindowReference,
} from "../plan/expression.ts";
import type { Relation } from "../plan/relation.ts";
import { BOOLEAN, type DataType, INTEGER, NULL, STRING } from "../types/data-type.ts";
import type { TextProblem } from "../types/parse-interval.ts";
import {
  BINARY_OPERATORS,
  type CallFrame,
  type CaseFrame,
  type ChainFrame,
  type Frame,
  LEVEL,
  type ParenFrame,
} from "./expression-frame.ts";
import { atIntervalLiteral, IntervalReader } from "./interval-reader.ts";
import { numberLiteral } from "./number-literal.ts";
import type { ParseOptions } from "./parse-options.ts";
import type { TokenKind } from "./tokens.ts";
import { TypeParser } from "./type-parser.ts";
import { typedLiteral } from "./typed-literal.ts";

const NUMBERS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "integer",
  "decimal",
  "exponent",
  "long",
  "short",
  "byte",
  "float",
  "double",
  "big-decimal",
]);

/** Tokens that no expression begins with, whatever is a name. */
const NO_OPERAND: ReadonlySet<TokenKind> = new Set<TokenKind>([
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

const CURRENT_LIKE: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "CURRENT_DATE",
  "CURRENT_PATH",
  "CURRENT_TIME",
  "CURRENT_TIMESTAMP",
  "CURRENT_USER",
  "LOCALTIME",
  "SESSION_USER",
  "USER",
]);

const DATETIME_UNITS: ReadonlySet<string> = new Set(
  "YEAR QUARTER MONTH WEEK DAY DAYOFYEAR HOUR MINUTE SECOND MILLISECOND MICROSECOND".split(" "),
);
const TIMESTAMP_ADD: ReadonlySet<string> = new Set(["TIMESTAMPADD", "DATEADD", "DATE_ADD"]);
const TIMESTAMP_DIFF: ReadonlySet<string> = new Set(["TIMESTAMPDIFF", "DATEDIFF", "DATE_DIFF", "TIMEDIFF"]);

/** Words that may stand between the arguments of these functions, by the number of arguments before them. */
const WORD_SEPARATORS: Readonly<Record<string, readonly (readonly TokenKind[])[]>> = {
  SUBSTRING: [["FROM"], ["FOR"]],
  SUBSTR: [["FROM"], ["FOR"]],
  OVERLAY: [["PLACING"], ["FROM"], ["FOR"]],
  POSITION: [["IN"]],
  TRIM: [["FROM"]],
  EXTRACT: [["FROM"]],
};

/**
 * Expressions, with an explicit stack of what is open instead of a call for each level: depth costs memory of the heap
 * only. An operand is read, then operators after it, until something closes the bracket that it stands in.
 */
export abstract class ExpressionParser extends TypeParser {
  /** Names of the lambda parameters in force. */
  #lambdaNames: string[] = [];
  #positionalMarkers = 0;

  constructor(text: string, options: ParseOptions = {}) {
    super(text, options);
  }

  /** A whole query in brackets or after a keyword. */
  protected abstract query(): Relation;
  /** Whether the token at an index is a word of a clause there, rather than a name. */
  protected abstract isClauseWord(index: number): boolean;

  protected expression(): Expression {
    return this.#run(false);
  }

  /** An expression without logical operators and predicates outside brackets. */
  protected valueExpression(): Expression {
    return this.#run(true);
  }

  /** An expression and perhaps an alias. */
  protected namedExpression(): Expression {
    const first = this.pos;
    const expr = this.expression();
    return this.aliased(this.#asPattern(expr, first), first);
  }

  /** A name in backquotes that is no plain name selects columns by pattern, where the session says so. */
  #asPattern(expr: Expression, first: number): Expression {
    const last = this.pos - 1;
    if (this.options.quotedRegexColumnNames !== true || expr.kind !== "UnresolvedAttribute") return expr;
    if (this.kindAt(last) !== "backquoted" || /^`\w+`$/.test(this.textOf(last))) return expr;
    return {
      kind: "UnresolvedRegex",
      colName: this.textBetween(first, last),
      origin: this.originFrom(first),
    };
  }

  protected aliased(expr: Expression, first: number): Expression {
    const name = this.#alias();
    if (name === undefined) return expr;
    return { kind: "Alias", expr, name, origin: this.originFrom(first) } satisfies Alias;
  }

  #alias(): readonly string[] | undefined {
    const hasName = this.isIdentifier(this.pos + 1) && !this.isClauseWord(this.pos + 1);
    if (this.at("AS") && (hasName || this.peek(1) === "(")) {
      this.pos++;
      return this.at("(") ? this.identifierList() : [this.identifierNoMinus()];
    }
    if (this.at("(")) return this.identifierList();
    return this.atAlias() ? [this.identifierNoMinus()] : undefined;
  }

  /** Whether the next token is an alias without AS. */
  protected atAlias(strict = false): boolean {
    return this.isIdentifier(this.pos, strict) && !this.isClauseWord(this.pos);
  }

  protected sortItem(): SortOrder {
    const first = this.pos;
    const child = this.expression();
    const direction = this.accept("DESC") ? "descending" : "ascending";
    if (direction === "ascending") this.accept("ASC");
    const nullOrdering = this.nullOrdering();
    return {
      kind: "SortOrder",
      child,
      direction,
      ...(nullOrdering === undefined ? {} : { nullOrdering }),
      origin: this.originFrom(first),
    };
  }

  protected nullOrdering(): "first" | "last" | undefined {
    if (this.acceptAll("NULLS", "FIRST")) return "first";
    return this.acceptAll("NULLS", "LAST") ? "last" : undefined;
  }

  /** Whether an expression can begin at an index. Words count: they may be names. */
  protected canStartExpression(index: number): boolean {
    return !NO_OPERAND.has(this.kindAt(index));
  }

  // --- the machine

  #run(valueOnly: boolean): Expression {
    const stack: Frame[] = [{ type: "base", start: this.pos, valueOnly }];
    try {
      return this.#loop(stack);
    } catch (error) {
      throw this.#caseError(stack, error);
    }
  }

  /**
   * Spark's parser takes CASE for a name when what follows is no whole CASE, and then it is the token after WHEN that
   * is wrong.
   */
  #caseError(stack: readonly Frame[], error: unknown): unknown {
    const outer = stack.find((frame) => frame.type === "case");
    if (outer === undefined || this.kindAt(outer.start + 1) !== "WHEN") return error;
    if (!(error instanceof ParseException) || error.getCondition() !== "PARSE_SYNTAX_ERROR") return error;
    return this.unexpectedAt(outer.start + 2);
  }

  #loop(stack: Frame[]): Expression {
    for (;;) {
      const start = this.pos;
      const operand = this.#operand(stack);
      if (operand === undefined) continue;
      // EXISTS is a predicate already.
      const isExists = operand.kind === "SubqueryExpression" && operand.subqueryType === "exists";
      const result = this.#operators(stack, operand, start, isExists);
      if (result !== undefined) return result;
    }
  }

  /** Reads an operand, or opens what one begins with and gives undefined. */
  #operand(stack: Frame[]): Expression | undefined {
    const kind = this.peek();
    switch (kind) {
      case "name":
        return this.#nameOperand(stack);
      case "(":
        return this.#openParen(stack);
      case "string":
        return this.#string();
      case "double-quoted":
        return this.atString() ? this.#string() : this.#nameOperand(stack);
      case "-":
        if (NUMBERS.has(this.peek(1)) && this.parameterAt(this.pos + 1) === undefined) return this.#number();
        return this.#prefix(stack, "negative", LEVEL.unary);
      case "+":
        return this.#prefix(stack, "positive", LEVEL.unary);
      case "~":
        return this.#prefix(stack, "~", LEVEL.unary);
      case "!":
        if (!this.#allowsBoolean(stack)) throw this.unexpected();
        return this.#prefix(stack, "not", LEVEL.not);
      case "*":
        return this.#star(this.pos, undefined);
      case "?":
        return this.#positionalMarker();
      case ":":
        return this.#namedMarker();
      default:
        return NUMBERS.has(kind) ? this.#number() : this.#wordOperand(stack, kind);
    }
  }

  #wordOperand(stack: Frame[], kind: TokenKind): Expression | undefined {
    const next = this.peek(1);
    switch (kind) {
      case "NULL":
        if (next !== "(" && next !== "." && !this.atString(1)) return this.#constant(NULL, null);
        break;
      case "TRUE":
      case "FALSE":
        if (next !== "(" && next !== "." && !this.atString(1))
          return this.#constant(BOOLEAN, kind === "TRUE");
        break;
      case "NOT":
        if (this.#allowsBoolean(stack) && this.canStartExpression(this.pos + 1)) {
          return this.#prefix(stack, "not", LEVEL.not);
        }
        break;
      case "EXISTS":
        if (next === "(" && this.isQueryParen(this.pos + 1) && this.#allowsBoolean(stack))
          return this.#exists();
        break;
      case "CASE":
        if (this.#atCase()) return this.#openCase(stack);
        break;
      case "CAST":
      case "TRY_CAST":
        if (next === "(") {
          stack.push({ type: "cast", start: this.pos, isTry: kind === "TRY_CAST" });
          this.pos += 2;
          return undefined;
        }
        break;
      case "INTERVAL":
        if (atIntervalLiteral(this.kinds, this.pos)) return this.#interval();
        if (next === "integer" || next === "decimal") throw this.unexpectedAt(this.pos + 2);
        break;
      case "IDENTIFIER":
        if (next === "(") return this.#identifierClause(stack);
        break;
      default:
        if (CURRENT_LIKE.has(kind) && this.options.reservedKeywords === true && next !== "(") {
          this.pos++;
          return this.#call(kind.toLowerCase(), [], this.pos - 1);
        }
    }
    return this.#nameOperand(stack);
  }

  #prefix(stack: Frame[], name: string, level: number): undefined {
    stack.push({ type: "prefix", start: this.pos, name, level });
    this.pos++;
  }

  /** Whether logical operators and predicates may stand here: not inside the operand of a tighter operator. */
  #allowsBoolean(stack: readonly Frame[]): boolean {
    const top = stack[stack.length - 1] as Frame;
    switch (top.type) {
      case "binary":
      case "between":
      case "match":
      case "subscript":
        return false;
      case "prefix":
        return top.level === LEVEL.not;
      case "base":
        return !top.valueOnly;
      default:
        return true;
    }
  }

  /** Operators after an operand, until a new operand is needed (undefined) or the whole is complete. */
  #operators(stack: Frame[], operand: Expression, from: number, predicated: boolean): Expression | undefined {
    let value = operand;
    let start = from;
    // After a predicate only AND and OR go on.
    let closed = predicated;
    for (;;) {
      const kind = this.peek();
      if (!closed) {
        switch (kind) {
          case "[":
            stack.push({ type: "subscript", start, child: value });
            this.pos++;
            return undefined;
          case ".":
            value = this.#dereference(value, start);
            continue;
          case "::":
            this.pos++;
            value = { kind: "Cast", expr: value, type: this.dataType(), origin: this.originFrom(start) };
            continue;
          case ":":
            value = this.#semiStructured(value, start);
            continue;
          case "COLLATE":
            if (!this.isIdentifier(this.pos + 1) || this.isClauseWord(this.pos)) break;
            value = this.#collate(value, start);
            continue;
        }
        const operator = BINARY_OPERATORS[kind];
        if (operator !== undefined && this.#isOperator(kind)) {
          const [level, name] = operator;
          ({ value, start } = this.#reduce(stack, value, start, level));
          this.pos++;
          const negated = name === "!=";
          stack.push({ type: "binary", start, level, name: negated ? "==" : name, negated, left: value });
          return undefined;
        }
        const predicate = this.#predicateWord();
        if (predicate !== undefined) {
          ({ value, start } = this.#reduce(stack, value, start, LEVEL.predicate));
          if (this.#allowsBoolean(stack) && !this.#isPositionIn(stack, predicate)) {
            const done = this.#predicate(stack, value, start, predicate);
            if (done === undefined) return undefined;
            value = done;
            closed = true;
            continue;
          }
        }
      }
      if ((kind === "AND" || kind === "OR") && this.canStartExpression(this.pos + 1)) {
        const level = kind === "AND" ? LEVEL.and : LEVEL.or;
        ({ value, start } = this.#reduce(stack, value, start, level + 1));
        if (this.#allowsBoolean(stack)) {
          this.#chain(stack, value, start, kind === "AND" ? "and" : "or", level);
          return undefined;
        }
      }
      // Nothing goes on here: close what is open.
      ({ value, start } = this.#reduce(stack, value, start, 1));
      const frame = stack[stack.length - 1] as Frame;
      if (frame.type === "base") return value;
      const resumed = this.#resume(stack, frame, value);
      if (resumed === undefined) return undefined;
      value = resumed.value;
      start = frame.start;
      closed = resumed.closed;
    }
  }

  #isOperator(kind: TokenKind): boolean {
    if (kind === "DIV") return this.canStartExpression(this.pos + 1);
    return kind !== "|" || !this.isPipeStart(this.pos);
  }

  /** Whether the token at an index begins an operator of a pipe: `|>`, or `|` before a word of one. */
  protected abstract isPipeStart(index: number): boolean;

  /** `POSITION(a IN (b))`: not a list. */
  #isPositionIn(stack: readonly Frame[], predicate: TokenKind): boolean {
    const top = stack[stack.length - 1] as Frame;
    return (
      predicate === "IN" &&
      top.type === "call" &&
      top.keyword === "POSITION" &&
      top.args.length === 0 &&
      this.at("IN")
    );
  }

  /** Completes the operators on top of the stack that bind at least as tightly as `level`. */
  #reduce(
    stack: Frame[],
    operand: Expression,
    from: number,
    level: number,
  ): { readonly value: Expression; readonly start: number } {
    let value = operand;
    let start = from;
    for (;;) {
      const frame = stack[stack.length - 1] as Frame;
      if (frame.type === "binary" || frame.type === "prefix" || frame.type === "chain") {
        // A prefix takes no operand of its own level: `- - 1` nests to the right.
        if (frame.level < level) return { value, start };
        stack.pop();
        if (frame.type === "chain") {
          frame.operands.push(value);
          value = this.#balanced(frame);
        } else if (frame.type === "prefix") {
          value = this.#call(frame.name, [value], frame.start);
        } else {
          value = this.#call(frame.name, [frame.left, value], frame.start);
          if (frame.negated) value = this.#call("not", [value], frame.start);
        }
        start = frame.start;
      } else {
        return { value, start };
      }
    }
  }

  #chain(stack: Frame[], value: Expression, start: number, name: "and" | "or", level: number): void {
    this.pos++;
    const top = stack[stack.length - 1] as Frame;
    if (top.type === "chain" && top.name === name) top.operands.push(value);
    else stack.push({ type: "chain", start, name, level, operands: [value] });
  }

  /** A balanced tree, as Spark builds it: its shape shows in column names. */
  #balanced(frame: ChainFrame): Expression {
    const { operands, name } = frame;
    const origin = this.originFrom(frame.start);
    const build = (low: number, high: number): Expression => {
      if (low === high) return operands[low] as Expression;
      const middle = low + Math.floor((high - low) / 2);
      return {
        kind: "UnresolvedFunction",
        functionName: name,
        arguments: [build(low, middle), build(middle + 1, high)],
        origin,
      };
    };
    return build(0, operands.length - 1);
  }

  /** What happens to a value at which a bracket, a list or a predicate ends. Undefined: another operand comes. */
  #resume(
    stack: Frame[],
    frame: Frame,
    value: Expression,
  ): { readonly value: Expression; readonly closed: boolean } | undefined {
    switch (frame.type) {
      case "paren":
        return this.#resumeParen(stack, frame, value);
      case "call":
        return this.#resumeCall(stack, frame, value);
      case "subscript":
        this.expect("]");
        stack.pop();
        return open({
          kind: "UnresolvedExtractValue",
          child: frame.child,
          extraction: value,
          origin: this.originFrom(frame.start),
        });
      case "between":
        if (frame.lower === undefined) {
          frame.lower = value;
          this.expect("AND");
          return undefined;
        }
        stack.pop();
        return closed(
          this.#negatable(frame.negated, "between", [frame.value, frame.lower, value], frame.predicate),
        );
      case "match":
        stack.pop();
        return closed(this.#match(frame, value));
      case "list":
        frame.items.push(value);
        if (this.accept(",")) return undefined;
        this.expect(")");
        stack.pop();
        return closed(
          this.#negatable(
            frame.negated && !frame.name.startsWith("not_"),
            frame.name,
            [frame.value, ...frame.items],
            frame.predicate,
          ),
        );
      case "lambda":
        stack.pop();
        this.#lambdaNames.length -= frame.names.length;
        return closed({
          kind: "LambdaFunction",
          function: value,
          arguments: frame.names.map((name) => this.#variable([name], frame.start)),
          origin: this.originFrom(frame.start),
        });
      case "case":
        return this.#resumeCase(stack, frame, value);
      case "cast":
        return this.#resumeCast(stack, frame, value);
      case "identifier":
        this.expect(")");
        stack.pop();
        return this.#resumeIdentifier(frame.start, value);
      default:
        throw this.unexpected();
    }
  }

  // --- names and calls

  #nameOperand(stack: Frame[]): Expression | undefined {
    const first = this.pos;
    if (!this.isIdentifier(first)) {
      // Three reserved words are names of functions all the same.
      const word = this.peek();
      if (this.peek(1) !== "(" || (word !== "LEFT" && word !== "RIGHT" && word !== "FILTER"))
        throw this.unexpected();
      return this.#openCall(stack, [this.textOf(this.pos++)], word, first);
    }
    const next = this.peek(1);
    if (next === "->") return this.#openLambda(stack, [this.identifier()], first);
    if (this.atString(1) && this.peek() !== "double-quoted") return this.#typedLiteral();
    const kind = this.peek();
    const parts = [...this.identifierParts()];
    while (this.at(".") && (this.isIdentifier(this.pos + 1) || this.peek(1) === "*")) {
      if (this.peek(1) === "*") {
        this.pos++;
        return this.#star(first, parts);
      }
      this.pos++;
      parts.push(...this.identifierParts());
    }
    if (this.at("("))
      return this.#openCall(stack, parts, parts.length === 1 && kind !== "name" ? kind : undefined, first);
    return this.#column(parts, first);
  }

  #column(parts: readonly string[], first: number): Expression {
    if (this.#isLambdaName(parts[0] as string)) return this.#variable(parts, first);
    const origin = this.originFrom(first);
    return {
      kind: "UnresolvedAttribute",
      unparsedIdentifier: unparsed(parts),
      nameParts: parts,
      origin,
    };
  }

  #isLambdaName(name: string): boolean {
    if (this.#lambdaNames.length === 0) return false;
    const lower = name.toLowerCase();
    return this.#lambdaNames.includes(lower);
  }

  #variable(nameParts: readonly string[], first: number): UnresolvedNamedLambdaVariable {
    return { kind: "UnresolvedNamedLambdaVariable", nameParts, origin: this.originFrom(first) };
  }

  #dereference(base: Expression, start: number): Expression {
    this.pos++;
    const field = this.identifierParts();
    const origin = this.originFrom(start);
    if (base.kind === "UnresolvedAttribute" && base.nameParts !== undefined) {
      const nameParts = [...base.nameParts, ...field];
      return { kind: "UnresolvedAttribute", unparsedIdentifier: unparsed(nameParts), nameParts, origin };
    }
    if (base.kind === "UnresolvedNamedLambdaVariable") {
      return { ...base, nameParts: [...base.nameParts, ...field], origin };
    }
    let child = base;
    for (const name of field) {
      const extraction: Literal = { kind: "Literal", dataType: STRING, value: name, origin };
      child = { kind: "UnresolvedExtractValue", child, extraction, origin };
    }
    return child;
  }

  #star(first: number, target: readonly string[] | undefined): UnresolvedStar {
    this.pos++;
    let except: (readonly string[])[] | undefined;
    if (this.at("EXCEPT") && this.peek(1) === "(" && !this.isQueryParen(this.pos + 1)) {
      this.pos += 2;
      except = this.list(() => this.multipartIdentifier());
      this.expect(")");
    }
    return {
      kind: "UnresolvedStar",
      ...(target === undefined ? {} : { unparsedTarget: unparsed(target) }),
      ...(except === undefined ? {} : { except }),
      origin: this.originFrom(first),
    };
  }

  #openLambda(stack: Frame[], names: readonly string[], start: number): undefined {
    this.expect("->");
    stack.push({ type: "lambda", start, names });
    for (const name of names) this.#lambdaNames.push(name.toLowerCase());
  }

  #openCall(
    stack: Frame[],
    nameParts: readonly string[],
    keyword: TokenKind | undefined,
    start: number,
  ): Expression | undefined {
    this.expect("(");
    let option: string | undefined;
    if (keyword === "TRIM" || keyword === "EXTRACT") {
      const word = this.peek();
      if (keyword === "EXTRACT") {
        if (this.isIdentifier(this.pos) && this.peek(1) === "FROM" && this.canStartExpression(this.pos + 2)) {
          option = this.identifier();
          this.pos++;
        }
      } else if (
        (word === "BOTH" || word === "LEADING" || word === "TRAILING") &&
        this.canStartExpression(this.pos + 1)
      ) {
        option = word;
        this.pos++;
        if (this.at("FROM") && this.canStartExpression(this.pos + 1)) {
          this.pos++;
          option = `${word} FROM`;
        }
      } else if (word === "FROM" && this.canStartExpression(this.pos + 1)) {
        this.pos++;
        option = "BOTH FROM";
      }
    }
    let isDistinct = false;
    if ((this.at("DISTINCT") || this.at("ALL")) && this.canStartExpression(this.pos + 1)) {
      isDistinct = this.at("DISTINCT");
      this.pos++;
    }
    const frame: CallFrame = {
      type: "call",
      start,
      nameParts,
      keyword,
      isDistinct,
      args: [],
      separators: [],
      ...(option === undefined ? {} : { option }),
    };
    if (this.at(")") && option === undefined) {
      this.pos++;
      return this.#finishCall(frame);
    }
    stack.push(frame);
    this.#argumentKey(frame);
    return undefined;
  }

  #argumentKey(frame: CallFrame): void {
    if (this.peek(1) !== "=>" || !this.isIdentifier(this.pos)) return;
    frame.key = this.identifier();
    this.pos++;
  }

  #resumeCall(
    stack: Frame[],
    frame: CallFrame,
    value: Expression,
  ): { readonly value: Expression; readonly closed: boolean } | undefined {
    let argument = value;
    if (frame.key !== undefined) {
      argument = { kind: "NamedArgument", key: frame.key, value, origin: this.originFrom(frame.start) };
      delete frame.key;
    } else if (frame.keyword === "STRUCT") {
      const first = argument.origin?.kind === "sql" ? this.#tokenAt(argument.origin.start) : this.pos - 1;
      argument = this.aliased(value, first);
    }
    frame.args.push(argument);
    if (this.accept(",")) {
      frame.separators.push(",");
      this.#argumentKey(frame);
      return undefined;
    }
    if (this.at(")")) {
      this.pos++;
      stack.pop();
      return open(this.#finishCall(frame));
    }
    const words = WORD_SEPARATORS[frame.keyword ?? ""]?.[frame.args.length - 1];
    if (words?.includes(this.peek()) === true) {
      frame.separators.push(this.peek());
      this.pos++;
      return undefined;
    }
    const isFirstLike =
      frame.keyword === "FIRST" || frame.keyword === "LAST" || frame.keyword === "ANY_VALUE";
    if (isFirstLike && frame.args.length === 1 && this.acceptAll("IGNORE", "NULLS")) {
      frame.ignoreNulls = true;
      this.expect(")");
      stack.pop();
      return open(this.#finishCall(frame));
    }
    throw this.unexpected(")");
  }

  /** The index of the token that begins at a place in the text. */
  #tokenAt(start: number): number {
    let low = 0;
    let high = this.pos;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.tokens.starts[middle] as number) < start) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #finishCall(frame: CallFrame): Expression {
    const special = this.#specialForm(frame);
    if (special !== undefined) return special;
    let withinGroup: SortOrder[] | undefined;
    if (this.atAll("WITHIN", "GROUP", "(", "ORDER", "BY")) {
      this.pos += 5;
      withinGroup = this.list(() => this.sortItem());
      this.expect(")");
    }
    let filter: Expression | undefined;
    if (this.atAll("FILTER", "(", "WHERE")) {
      this.pos += 3;
      filter = this.expression();
      this.expect(")");
    }
    let ignoreNulls = frame.ignoreNulls === true;
    let respectNulls = false;
    if (this.acceptAll("IGNORE", "NULLS")) ignoreNulls = true;
    else if (this.acceptAll("RESPECT", "NULLS")) respectNulls = true;
    const hasWindow =
      this.at("OVER") &&
      (this.peek(1) === "(" || (this.isIdentifier(this.pos + 1) && !this.isClauseWord(this.pos + 1)));
    const overAt = this.pos;
    let call: Expression;
    if (hasWindow) {
      this.pos++;
      const window = this.windowSpec();
      call = this.#functionNode(frame, withinGroup, filter, ignoreNulls, respectNulls);
      const origin = this.originFrom(frame.start);
      return typeof window === "string"
        ? ({ kind: "WindowReference", windowFunction: call, name: window, origin } satisfies WindowReference)
        : ({ kind: "Window", windowFunction: call, ...window, origin } satisfies Window);
    }
    this.pos = overAt;
    call = this.#functionNode(frame, withinGroup, filter, ignoreNulls, respectNulls);
    return call;
  }

  #functionNode(
    frame: CallFrame,
    withinGroup: readonly SortOrder[] | undefined,
    filter: Expression | undefined,
    ignoreNulls: boolean,
    respectNulls: boolean,
  ): Expression {
    const { nameParts } = frame;
    const origin = this.originFrom(frame.start);
    const call: UnresolvedFunction = {
      kind: "UnresolvedFunction",
      functionName: unparsed(nameParts),
      arguments: frame.args,
      ...(nameParts.length > 1 ? { nameParts } : {}),
      ...(frame.isDistinct ? { isDistinct: true } : {}),
      ...(ignoreNulls ? { ignoreNulls } : {}),
      ...(respectNulls ? { respectNulls } : {}),
      ...(withinGroup === undefined ? {} : { withinGroup }),
      origin,
    };
    return filter === undefined
      ? call
      : { kind: "AggregateFilter", aggregate: call, condition: filter, origin };
  }

  /** Calls whose arguments words separate, and units of time that are not expressions. */
  #specialForm(frame: CallFrame): Expression | undefined {
    const { keyword, args, separators, option, start } = frame;
    if (keyword === undefined) return undefined;
    const [a, b, c] = args as [Expression, Expression, Expression];
    switch (keyword) {
      case "TRIM":
        return this.#trim(frame);
      case "EXTRACT":
        return option === undefined
          ? undefined
          : this.#call("extract", [this.#text(option, start), a], start);
      case "POSITION":
        return separators[0] === "IN" ? this.#call("position", [a, b], start) : undefined;
      case "SUBSTR":
      case "SUBSTRING":
        return separators.some((s) => s !== ",") ? this.#call("substring", args, start) : undefined;
      case "OVERLAY":
        return separators[0] === "PLACING" ? this.#call("overlay", args, start) : undefined;
    }
    const isAdd = TIMESTAMP_ADD.has(keyword);
    if ((isAdd || TIMESTAMP_DIFF.has(keyword)) && args.length === 3) {
      const unit = this.textOf(start + 2);
      const isSingleToken = this.kindAt(start + 3) === ",";
      if (isSingleToken && DATETIME_UNITS.has(unit.toUpperCase())) {
        const name = isAdd ? "timestampadd" : "timestampdiff";
        return this.#call(name, [this.#text(unit, start), b, c], start);
      }
      if (a.kind === "Literal" && a.dataType.kind === "string") {
        this.defer(start, this.pos - 1, "INVALID_PARAMETER_VALUE.DATETIME_UNIT", {
          functionName: `\`${this.textOf(start)}\``,
          parameter: "`unit`",
          invalidValue: this.textOf(start + 2),
        });
      }
    }
    return undefined;
  }

  #trim(frame: CallFrame): Expression | undefined {
    const { option, args, separators, start } = frame;
    const side = option?.split(" ")[0];
    const isSpecial = option !== undefined || separators[0] === "FROM";
    if (!isSpecial) return undefined;
    const name = side === "LEADING" ? "ltrim" : side === "TRAILING" ? "rtrim" : "trim";
    if (option?.endsWith(" FROM") !== true && separators[0] !== "FROM") throw this.unexpectedAt(this.pos - 1);
    return this.#call(name, args, start);
  }

  #call(functionName: string, args: readonly Expression[], first: number): UnresolvedFunction {
    return { kind: "UnresolvedFunction", functionName, arguments: args, origin: this.originFrom(first) };
  }

  #text(value: string, first: number): Literal {
    return { kind: "Literal", dataType: STRING, value, origin: this.originFrom(first) };
  }

  #negatable(negated: boolean, name: string, args: readonly Expression[], first: number): Expression {
    const call = this.#call(name, args, first);
    return negated ? this.#call("not", [call], first) : call;
  }

  // --- IDENTIFIER(...)

  #identifierClause(stack: Frame[]): Expression | undefined {
    const first = this.pos;
    if (this.isIdentifierLiteral(first)) {
      const after = this.kindAt(this.closingOf(first + 1) + 1);
      // Alone or before a call it is a clause that is resolved later; as a part of a longer name it is a name.
      if (after === "." || after === "->") return this.#nameOperand(stack);
    }
    stack.push({ type: "identifier", start: first });
    this.pos += 2;
    return undefined;
  }

  #resumeIdentifier(
    start: number,
    expression: Expression,
  ): { value: Expression; closed: boolean } | undefined {
    if (!this.at("(")) {
      return open({ kind: "IdentifierClause", expression, origin: this.originFrom(start) });
    }
    this.pos++;
    if ((this.at("DISTINCT") || this.at("ALL")) && this.canStartExpression(this.pos + 1)) this.pos++;
    const args = this.at(")") ? [] : this.list(() => this.expression());
    this.expect(")");
    return open({ kind: "IdentifierClause", expression, arguments: args, origin: this.originFrom(start) });
  }

  // --- literals

  #constant(dataType: DataType, value: null | boolean): Literal {
    this.pos++;
    return { kind: "Literal", dataType, value, origin: this.originFrom(this.pos - 1) };
  }

  #string(): Expression {
    const first = this.pos;
    const given = this.parameterAt(first);
    if (given !== undefined && !this.atString(1)) {
      this.pos++;
      return given;
    }
    const value = this.stringLiteral();
    return { kind: "Literal", dataType: STRING, value, origin: this.originFrom(first) };
  }

  #number(): Expression {
    const first = this.pos;
    const given = this.parameterAt(first);
    if (given !== undefined) {
      this.pos++;
      return given;
    }
    const sign = this.accept("-") ? "-" : "";
    const kind = this.peek();
    const text = `${sign}${this.textOf(this.pos++)}`;
    const literal = numberLiteral(kind, text, this.options.exponentLiteralAsDecimal === true);
    if ("condition" in literal) {
      if (kind === "integer" || kind === "decimal") this.deferError(plainError(literal));
      else this.defer(first, this.pos - 1, literal.condition, literal.parameters);
      return { kind: "Literal", dataType: INTEGER, value: 0 };
    }
    return { kind: "Literal", ...literal, origin: this.originFrom(first) };
  }

  #typedLiteral(): Literal {
    const first = this.pos;
    const typeName = this.textOf(first).toUpperCase();
    this.pos++;
    const text = this.singleStringLiteral();
    const literal = typedLiteral(typeName, text, this.options, this.textBetween(first, this.pos - 1));
    if ("condition" in literal) {
      if (literal.condition === "INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION")
        this.deferError(plainError(literal));
      this.defer(first, this.pos - 1, literal.condition, literal.parameters);
      return { kind: "Literal", dataType: NULL, value: null };
    }
    return { kind: "Literal", ...literal, origin: this.originFrom(first) };
  }

  #interval(): Expression {
    const first = this.pos;
    this.pos++;
    const reader = new IntervalReader(this.options);
    while (this.#intervalPart(reader));
    const result = reader.finish(this.textBetween(first, this.pos - 1));
    if ("condition" in result) {
      if (result.plain === true) this.deferError(plainError(result));
      else
        this.defer(
          result.body === true ? first + 1 : first,
          this.pos - 1,
          result.condition,
          result.parameters,
        );
      return { kind: "Literal", dataType: NULL, value: null };
    }
    return { kind: "Literal", ...result, origin: this.originFrom(first) };
  }

  /** One value and its unit, or two units with TO between. */
  #intervalPart(reader: IntervalReader): boolean {
    if (!reader.startsAt(this.kinds, this.pos)) return false;
    const sign = this.at("-") ? "-" : "";
    if (this.at("-") || this.at("+")) this.pos++;
    const isString = this.atString();
    const given = isString ? undefined : this.parameterAt(this.pos);
    const value = isString ? this.stringLiteral() : this.textOf(this.pos++);
    const shown = given?.kind === "Literal" ? String(given.value) : value;
    const unit = this.textOf(this.pos++);
    if (reader.isUnitRange(this.kinds, this.pos)) {
      this.pos++;
      reader.range(sign, shown, isString, unit, this.textOf(this.pos++));
    } else {
      reader.unit(sign, shown, isString, unit);
    }
    return true;
  }

  #positionalMarker(): Expression {
    const first = this.pos++;
    const position = this.markerPositions.get(first) ?? this.#positionalMarkers++;
    const given = this.options.positionalParameters?.[position];
    return given ?? { kind: "ParameterMarker", position, origin: this.originFrom(first) };
  }

  #namedMarker(): Expression {
    const first = this.pos++;
    const name = this.identifier();
    const given = this.options.namedParameters?.[name];
    return given ?? { kind: "ParameterMarker", name, origin: this.originFrom(first) };
  }

  // --- brackets

  #openParen(stack: Frame[]): Expression | undefined {
    const start = this.pos;
    if (this.isQueryParen(start)) return this.#subquery("scalar", start);
    if (this.kindAt(this.closingOf(start) + 1) === "->" && this.closingOf(start) > 0) {
      this.pos++;
      const names = this.list(() => this.identifier());
      this.expect(")");
      return this.#openLambda(stack, names, start);
    }
    stack.push({ type: "paren", start, items: [] });
    this.pos++;
    return undefined;
  }

  #resumeParen(
    stack: Frame[],
    frame: ParenFrame,
    value: Expression,
  ): { readonly value: Expression; readonly closed: boolean } | undefined {
    let item = value;
    if (!this.at(",") && !this.at(")")) {
      const aliasAt = this.pos;
      const first = frame.items.length === 0 ? frame.start + 1 : this.#itemStart(value);
      item = this.aliased(value, first);
      if (item === value) throw this.unexpected(")");
      frame.alias ??= aliasAt;
    }
    frame.items.push(item);
    if (this.accept(",")) return undefined;
    this.expect(")");
    stack.pop();
    if (frame.items.length === 1) {
      if (frame.alias !== undefined) throw this.unexpectedAt(this.pos - 1);
      return open(item);
    }
    return open(this.#call("struct", frame.items, frame.start));
  }

  #itemStart(value: Expression): number {
    return value.origin?.kind === "sql" ? this.#tokenAt(value.origin.start) : this.pos - 1;
  }

  #subquery(subqueryType: "scalar" | "exists", start: number): SubqueryExpression {
    this.expect("(");
    const plan = this.nestedQuery();
    this.expectBefore(")", this.at("end"));
    return { kind: "SubqueryExpression", subqueryType, plan, origin: this.originFrom(start) };
  }

  /** A query whose names are not those of the lambdas around it. */
  protected nestedQuery(): Relation {
    const names = this.#lambdaNames;
    this.#lambdaNames = [];
    const plan = this.query();
    this.#lambdaNames = names;
    return plan;
  }

  #exists(): SubqueryExpression {
    const start = this.pos++;
    return this.#subquery("exists", start);
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

  /** Whether a query begins at an index. */
  protected abstract isQueryStart(index: number): boolean;

  // --- CASE, CAST

  #atCase(): boolean {
    const next = this.peek(1);
    if (NO_OPERAND.has(next)) return false;
    return next === "WHEN" || (next !== "AS" && next !== "FROM");
  }

  #openCase(stack: Frame[]): undefined {
    const start = this.pos++;
    const hasOperand = !(this.at("WHEN") && this.canStartExpression(this.pos + 1));
    if (!hasOperand) this.pos++;
    stack.push({ type: "case", start, state: hasOperand ? "operand" : "when", branches: [] });
  }

  #resumeCase(
    stack: Frame[],
    frame: CaseFrame,
    value: Expression,
  ): { readonly value: Expression; readonly closed: boolean } | undefined {
    switch (frame.state) {
      case "operand":
        frame.operand = value;
        this.expect("WHEN");
        frame.state = "when";
        return undefined;
      case "when":
        frame.condition = value;
        this.expect("THEN");
        frame.state = "then";
        return undefined;
      case "then":
        frame.branches.push(frame.condition as Expression, value);
        if (this.accept("WHEN")) {
          frame.state = "when";
          return undefined;
        }
        if (this.accept("ELSE")) {
          frame.state = "else";
          return undefined;
        }
        break;
      case "else":
        frame.branches.push(value);
    }
    this.expect("END");
    stack.pop();
    const { operand, branches, start } = frame;
    const pairs = branches.length - (branches.length % 2);
    const args = branches.map((branch, i) =>
      operand !== undefined && i < pairs && i % 2 === 0 ? this.#call("==", [operand, branch], start) : branch,
    );
    return open(this.#call("when", args, start));
  }

  #resumeCast(
    stack: Frame[],
    frame: Extract<Frame, { type: "cast" }>,
    value: Expression,
  ): { readonly value: Expression; readonly closed: boolean } | undefined {
    stack.pop();
    if (!this.at("AS")) {
      // A function that happens to have the name.
      const call: CallFrame = {
        type: "call",
        start: frame.start,
        nameParts: [this.textOf(frame.start)],
        keyword: undefined,
        isDistinct: false,
        args: [],
        separators: [],
      };
      stack.push(call);
      return this.#resumeCall(stack, call, value);
    }
    this.pos++;
    const type = this.dataType();
    this.expect(")");
    const origin = this.originFrom(frame.start);
    return open(
      frame.isTry
        ? { kind: "Cast", expr: value, type, evalMode: "try", origin }
        : { kind: "Cast", expr: value, type, origin },
    );
  }

  // --- predicates

  /** The word of the predicate that follows, or undefined. */
  #predicateWord(): TokenKind | undefined {
    const kind = this.peek();
    switch (kind) {
      case "IS": {
        const offset = this.peek(1) === "NOT" || this.peek(1) === "!" ? 2 : 1;
        const word = this.peek(offset);
        if (word === "DISTINCT") return this.peek(offset + 1) === "FROM" ? "IS" : undefined;
        return word === "NULL" || word === "TRUE" || word === "FALSE" || word === "UNKNOWN"
          ? "IS"
          : undefined;
      }
      case "NOT":
      case "!":
        return this.#plainPredicate(1);
      default:
        return this.#plainPredicate(0);
    }
  }

  #plainPredicate(offset: number): TokenKind | undefined {
    const kind = this.peek(offset);
    switch (kind) {
      case "IN":
        return this.peek(offset + 1) === "(" ? kind : undefined;
      case "BETWEEN":
      case "LIKE":
      case "ILIKE":
      case "RLIKE":
        return this.canStartExpression(this.pos + offset + 1) ? kind : undefined;
      default:
        return undefined;
    }
  }

  /** Reads a predicate whole, or opens it and gives undefined. */
  #predicate(stack: Frame[], value: Expression, start: number, word: TokenKind): Expression | undefined {
    const predicate = this.pos;
    if (word === "IS") return this.#is(stack, value, start);
    const negated = this.accept("NOT") || this.accept("!");
    this.pos++;
    switch (word) {
      case "BETWEEN":
        stack.push({ type: "between", start, predicate, negated, value });
        return undefined;
      case "IN":
        return this.#in(stack, value, start, predicate, negated);
      case "LIKE":
      case "ILIKE": {
        const quantifier = this.peek();
        if ((quantifier === "ANY" || quantifier === "SOME" || quantifier === "ALL") && this.peek(1) === "(") {
          this.pos += 2;
          const suffix = quantifier === "ALL" ? "all" : "any";
          const name = `${negated ? "not_" : ""}${word.toLowerCase()}_${suffix}`;
          if (this.accept(")")) {
            this.defer(predicate, this.pos - 1, "INVALID_SQL_SYNTAX.EMPTY_QUANTIFIED_PATTERN");
            return value;
          }
          stack.push({ type: "list", start, predicate, negated, name, value, items: [] });
          return undefined;
        }
      }
    }
    stack.push({ type: "match", start, predicate, negated, name: word.toLowerCase(), value });
    return undefined;
  }

  #is(stack: Frame[], value: Expression, start: number): Expression | undefined {
    const predicate = this.pos++;
    const negated = this.accept("NOT") || this.accept("!");
    const word = this.peek();
    this.pos++;
    switch (word) {
      case "NULL":
        return this.#call(negated ? "isNotNull" : "isNull", [value], predicate);
      case "UNKNOWN":
        return this.#call(negated ? "isNotUnknown" : "isUnknown", [value], predicate);
      case "DISTINCT":
        this.expect("FROM");
        stack.push({ type: "match", start, predicate, negated: !negated, name: "<=>", value });
        return undefined;
      default: {
        const literal: Literal = {
          kind: "Literal",
          dataType: BOOLEAN,
          value: word === "TRUE",
          origin: this.originFrom(predicate),
        };
        return this.#negatable(negated, "<=>", [value, literal], predicate);
      }
    }
  }

  #in(
    stack: Frame[],
    value: Expression,
    start: number,
    predicate: number,
    negated: boolean,
  ): Expression | undefined {
    if (this.isQueryParen(this.pos)) {
      this.pos++;
      const plan = this.nestedQuery();
      this.expectBefore(")", this.at("end"));
      const isRow = value.kind === "UnresolvedFunction" && value.functionName === "struct";
      const subquery: SubqueryExpression = {
        kind: "SubqueryExpression",
        subqueryType: "in",
        plan,
        inSubqueryValues: isRow ? value.arguments : [value],
        origin: this.originFrom(predicate),
      };
      return negated ? this.#call("not", [subquery], predicate) : subquery;
    }
    this.pos++;
    if (this.accept(")")) {
      this.defer(predicate, this.pos - 1, "INVALID_SQL_SYNTAX.EMPTY_IN_PREDICATE");
      return value;
    }
    stack.push({ type: "list", start, predicate, negated, name: "in", value, items: [] });
    return undefined;
  }

  #match(frame: Extract<Frame, { type: "match" }>, pattern: Expression): Expression {
    const args = [frame.value, pattern];
    if ((frame.name === "like" || frame.name === "ilike") && this.at("ESCAPE")) {
      this.pos++;
      const first = this.pos;
      const character = this.stringLiteral();
      const literal: Literal = {
        kind: "Literal",
        dataType: STRING,
        value: character,
        origin: this.originFrom(first),
      };
      if (character.length !== 1) {
        this.defer(frame.predicate, this.pos - 1, "INVALID_ESC", { invalidEscape: `'${character}'` });
      }
      args.push(literal);
    }
    return this.#negatable(frame.negated, frame.name, args, frame.predicate);
  }

  // --- what follows a value

  #collate(value: Expression, start: number): Expression {
    this.pos++;
    const first = this.pos;
    const name = this.multipartIdentifier().join(".");
    return this.#call("collate", [value, this.#text(name, first)], start);
  }

  /** `col:a.b[0]['c']`: a path into JSON or a variant, as JSONPath. */
  #semiStructured(value: Expression, start: number): Expression {
    this.pos++;
    let path = "$";
    let isFirst = true;
    for (;;) {
      if (this.at("[")) {
        this.pos++;
        if (this.atString()) path += `["${this.stringLiteral()}"]`;
        else if (this.at("integer")) path += `[${this.textOf(this.pos++)}]`;
        else if (!isFirst) path += `["${this.identifier()}"]`;
        else throw this.unexpected();
        this.expect("]");
      } else if (isFirst || this.at(".")) {
        if (!isFirst) this.pos++;
        path += `.${this.identifier()}`;
      } else {
        break;
      }
      isFirst = false;
    }
    return this.#call("semi_structured_extract", [value, this.#text(path, start)], start);
  }

  // --- windows

  /** A name, or a definition in brackets. */
  protected windowSpec(): string | Pick<Window, "partitionSpec" | "orderSpec" | "frameSpec"> {
    if (!this.at("(")) return this.identifierNoMinus();
    if (this.peek(2) === ")" && this.isIdentifier(this.pos + 1)) {
      this.pos++;
      const name = this.identifierNoMinus();
      this.pos++;
      return name;
    }
    this.pos++;
    let partitionSpec: readonly Expression[] = [];
    let orderSpec: readonly SortOrder[] = [];
    if (this.acceptAll("CLUSTER", "BY")) {
      partitionSpec = this.list(() => this.expression());
    } else {
      if (this.acceptAll("PARTITION", "BY") || this.acceptAll("DISTRIBUTE", "BY")) {
        partitionSpec = this.list(() => this.expression());
      }
      if (this.acceptAll("ORDER", "BY") || this.acceptAll("SORT", "BY")) {
        orderSpec = this.list(() => this.sortItem());
      }
    }
    const frameSpec = this.#windowFrame();
    this.expect(")");
    return { partitionSpec, orderSpec, ...(frameSpec === undefined ? {} : { frameSpec }) };
  }

  #windowFrame(): WindowFrame | undefined {
    if (!this.at("ROWS") && !this.at("RANGE")) return undefined;
    const frameType = this.at("ROWS") ? "row" : "range";
    this.pos++;
    if (!this.accept("BETWEEN")) return { frameType, lower: this.#bound(), upper: { kind: "currentRow" } };
    const lower = this.#bound();
    this.expect("AND");
    return { frameType, lower, upper: this.#bound() };
  }

  #bound(): WindowFrame["lower"] {
    const first = this.pos;
    if (this.at("UNBOUNDED") && (this.peek(1) === "PRECEDING" || this.peek(1) === "FOLLOWING")) {
      this.pos += 2;
      return { kind: "unbounded" };
    }
    if (this.acceptAll("CURRENT", "ROW")) return { kind: "currentRow" };
    const value = this.#frameOffset();
    if (this.accept("FOLLOWING")) return { kind: "value", value };
    this.expect("PRECEDING");
    return { kind: "value", value: this.#call("negative", [value], first) };
  }

  #frameOffset(): Expression {
    const first = this.pos;
    const value = this.expression();
    if (value.kind === "UnresolvedAttribute" || value.kind === "SubqueryExpression") {
      this.defer(first, this.pos - 1, "INVALID_SQL_SYNTAX.FRAME_BOUND_NOT_FOLDABLE");
    }
    return value;
  }
}

function plainError(problem: TextProblem): PySparkException {
  const errorClass = /^(INTERVAL_ARITHMETIC|DECIMAL_PRECISION)/.test(problem.condition)
    ? "ArithmeticException"
    : "IllegalArgumentException";
  return sparkError(errorClass, { condition: problem.condition, messageParameters: problem.parameters });
}

function open(value: Expression): { readonly value: Expression; readonly closed: boolean } {
  return { value, closed: false };
}

function closed(value: Expression): { readonly value: Expression; readonly closed: boolean } {
  return { value, closed: true };
}

/** Parts as one text, with backquotes where a part needs them. */
export function unparsed(parts: readonly string[]): string {
  if (parts.length === 1)
    return /^\w+$/.test(parts[0] as string) ? (parts[0] as string) : quote(parts[0] as string);
  return parts.map((part) => (/^\w+$/.test(part) ? part : quote(part))).join(".");
}

function quote(part: string): string {
  return `\`${part.replaceAll("`", "``")}\``;
}
