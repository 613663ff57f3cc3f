import { ParseException } from "../errors/spark-error.ts";
import type { Expression, SubqueryExpression } from "../plan/expression.ts";
import { BOOLEAN, NULL } from "../types/data-type.ts";
import {
  BINARY_OPERATORS,
  type ChainFrame,
  closed,
  type Frame,
  LEVEL,
  open,
  type ParenFrame,
} from "./expression-frame.ts";
import { atIntervalLiteral } from "./interval-reader.ts";
import type { ParseOptions } from "./parse-options.ts";
import { PredicateParser } from "./predicate-parser.ts";
import type { TokenKind } from "./tokens.ts";

const COMPARISONS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "=",
  "<>",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "<=>",
]);

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

/**
 * Expressions, with an explicit stack of what is open instead of a call for each level: depth costs memory of the heap
 * only. An operand is read, then operators after it, until something closes the bracket that it stands in.
 */
export abstract class ExpressionParser extends PredicateParser {
  constructor(text: string, options: ParseOptions = {}) {
    super(text, options);
  }

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
        return this.stringOperand();
      case "double-quoted":
        return this.atString() ? this.stringOperand() : this.#nameOperand(stack);
      case "-":
        if (NUMBERS.has(this.peek(1)) && this.parameterAt(this.pos + 1) === undefined)
          return this.numberOperand();
        return this.#prefix(stack, "negative", LEVEL.unary);
      case "+":
        return this.#prefix(stack, "positive", LEVEL.unary);
      case "~":
        return this.#prefix(stack, "~", LEVEL.unary);
      case "!":
        if (!this.#allowsBoolean(stack)) throw this.unexpected();
        return this.#prefix(stack, "not", LEVEL.not);
      case "*":
        return this.starOf(this.pos, undefined);
      case "?":
        return this.positionalMarker();
      case ":":
        return this.namedMarker();
      default:
        return NUMBERS.has(kind) ? this.numberOperand() : this.#wordOperand(stack, kind);
    }
  }

  #wordOperand(stack: Frame[], kind: TokenKind): Expression | undefined {
    const next = this.peek(1);
    switch (kind) {
      case "NULL":
        if (next !== "(" && next !== "." && !this.atString(1)) return this.plainLiteral(NULL, null);
        break;
      case "TRUE":
      case "FALSE":
        if (next !== "(" && next !== "." && !this.atString(1))
          return this.plainLiteral(BOOLEAN, kind === "TRUE");
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
        if (this.atCase()) return this.openCase(stack);
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
        if (atIntervalLiteral(this.kinds, this.pos)) return this.intervalOperand();
        if (next === "integer" || next === "decimal") throw this.unexpectedAt(this.pos + 2);
        break;
      case "IDENTIFIER":
        if (next === "(") return this.#identifierClause(stack);
        break;
      case "ANY":
      case "SOME":
      case "ALL":
        // A comparison with a quantified subquery is none of Spark's.
        if (next === "(" && COMPARISONS.has(this.peek(-1)) && this.isQueryStart(this.pos + 2))
          throw this.unexpectedAt(this.pos + 1);
        break;
      default:
        if (
          CURRENT_LIKE.has(kind) &&
          (kind === "CURRENT_PATH" || this.options.reservedKeywords === true) &&
          next !== "("
        ) {
          this.pos++;
          return this.functionOf(kind.toLowerCase(), [], this.pos - 1);
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
            value = this.dereference(value, start);
            continue;
          case "::":
            this.pos++;
            value = { kind: "Cast", expr: value, type: this.dataType(), origin: this.originFrom(start) };
            continue;
          case ":":
            value = this.semiStructured(value, start);
            continue;
          case "COLLATE":
            if (!this.isIdentifier(this.pos + 1) || this.isClauseWord(this.pos)) break;
            value = this.collated(value, start);
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
        const predicate = this.predicateWord();
        if (predicate !== undefined) {
          ({ value, start } = this.#reduce(stack, value, start, LEVEL.predicate));
          if (this.#allowsBoolean(stack) && !this.isPositionIn(stack, predicate)) {
            const done = this.predicate(stack, value, start, predicate);
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
          value = this.functionOf(frame.name, [value], frame.start);
        } else {
          value = this.functionOf(frame.name, [frame.left, value], frame.start);
          if (frame.negated) value = this.functionOf("not", [value], frame.start);
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
        return this.resumeCall(stack, frame, value);
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
          this.negatable(frame.negated, "between", [frame.value, frame.lower, value], frame.predicate),
        );
      case "match":
        stack.pop();
        return closed(this.match(frame, value));
      case "list":
        frame.items.push(value);
        if (this.accept(",")) return undefined;
        this.expect(")");
        stack.pop();
        return closed(
          this.negatable(
            frame.negated && !frame.name.startsWith("not_"),
            frame.name,
            [frame.value, ...frame.items],
            frame.predicate,
          ),
        );
      case "lambda":
        stack.pop();
        this.lambdaNames.length -= frame.names.length;
        return closed({
          kind: "LambdaFunction",
          function: value,
          arguments: frame.names.map((name) => this.variableOf([name], frame.start)),
          origin: this.originFrom(frame.start),
        });
      case "case":
        return this.resumeCase(stack, frame, value);
      case "cast":
        return this.resumeCast(stack, frame, value);
      case "identifier":
        this.expect(")");
        stack.pop();
        return this.#resumeIdentifier(frame.start, value);
      default:
        throw this.unexpected();
    }
  }

  #nameOperand(stack: Frame[]): Expression | undefined {
    const first = this.pos;
    if (!this.isIdentifier(first)) {
      // Three reserved words are names of functions all the same.
      const word = this.peek();
      if (this.peek(1) !== "(" || (word !== "LEFT" && word !== "RIGHT" && word !== "FILTER"))
        throw this.unexpected();
      return this.openCall(stack, [this.textOf(this.pos++)], word, first);
    }
    const next = this.peek(1);
    if (next === "->") return this.openLambda(stack, [this.identifier()], first);
    if (this.atString(1) && this.peek() !== "double-quoted") return this.typedOperand();
    const kind = this.peek();
    const parts = [...this.identifierParts()];
    while (this.at(".") && (this.isIdentifier(this.pos + 1) || this.peek(1) === "*")) {
      if (this.peek(1) === "*") {
        this.pos++;
        return this.starOf(first, parts);
      }
      this.pos++;
      parts.push(...this.identifierParts());
    }
    if (this.at("("))
      return this.openCall(stack, parts, parts.length === 1 && kind !== "name" ? kind : undefined, first);
    return this.columnOf(parts, first);
  }

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

  #openParen(stack: Frame[]): Expression | undefined {
    const start = this.pos;
    if (this.isQueryParen(start)) return this.#subquery("scalar", start);
    if (this.kindAt(this.closingOf(start) + 1) === "->" && this.closingOf(start) > 0) {
      this.pos++;
      const names = this.list(() => this.identifier());
      this.expect(")");
      return this.openLambda(stack, names, start);
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
    return open(this.functionOf("struct", frame.items, frame.start));
  }

  #itemStart(value: Expression): number {
    return value.origin?.kind === "sql" ? this.tokenAt(value.origin.start) : this.pos - 1;
  }

  #subquery(subqueryType: "scalar" | "exists", start: number): SubqueryExpression {
    this.expect("(");
    const plan = this.nestedQuery();
    this.expectBefore(")", this.at("end"));
    return { kind: "SubqueryExpression", subqueryType, plan, origin: this.originFrom(start) };
  }

  #exists(): SubqueryExpression {
    const start = this.pos++;
    return this.#subquery("exists", start);
  }

  protected expression(): Expression {
    return this.#run(false);
  }

  /** An expression without logical operators and predicates outside brackets. */
  protected valueExpression(): Expression {
    return this.#run(true);
  }
}
