import type { Expression, Literal, SubqueryExpression } from "../plan/expression.ts";
import { BOOLEAN, STRING } from "../types/data-type.ts";
import { CallParser } from "./call-parser.ts";
import { NO_OPERAND } from "./clause-parser.ts";
import { type CallFrame, type CaseFrame, type Frame, open } from "./expression-frame.ts";
import type { TokenKind } from "./tokens.ts";

/** Predicates, CASE and CAST. */
export abstract class PredicateParser extends CallParser {
  /** `POSITION(a IN (b))`: not a list. */
  protected isPositionIn(stack: readonly Frame[], predicate: TokenKind): boolean {
    const top = stack[stack.length - 1] as Frame;
    return (
      predicate === "IN" &&
      top.type === "call" &&
      top.keyword === "POSITION" &&
      top.args.length === 0 &&
      this.at("IN")
    );
  }

  protected atCase(): boolean {
    const next = this.peek(1);
    if (NO_OPERAND.has(next)) return false;
    return next === "WHEN" || (next !== "AS" && next !== "FROM");
  }

  protected openCase(stack: Frame[]): undefined {
    const start = this.pos++;
    const hasOperand = !(this.at("WHEN") && this.canStartExpression(this.pos + 1));
    if (!hasOperand) this.pos++;
    stack.push({ type: "case", start, state: hasOperand ? "operand" : "when", branches: [] });
  }

  protected resumeCase(
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
      operand !== undefined && i < pairs && i % 2 === 0
        ? this.functionOf("==", [operand, branch], start)
        : branch,
    );
    return open(this.functionOf("when", args, start));
  }

  protected resumeCast(
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
      return this.resumeCall(stack, call, value);
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

  /** The word of the predicate that follows, or undefined. */
  protected predicateWord(): TokenKind | undefined {
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
  protected predicate(
    stack: Frame[],
    value: Expression,
    start: number,
    word: TokenKind,
  ): Expression | undefined {
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
        return this.functionOf(negated ? "isNotNull" : "isNull", [value], predicate);
      case "UNKNOWN":
        return this.functionOf(negated ? "isNotUnknown" : "isUnknown", [value], predicate);
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
        return this.negatable(negated, "<=>", [value, literal], predicate);
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
      return negated ? this.functionOf("not", [subquery], predicate) : subquery;
    }
    this.pos++;
    if (this.accept(")")) {
      this.defer(predicate, this.pos - 1, "INVALID_SQL_SYNTAX.EMPTY_IN_PREDICATE");
      return value;
    }
    stack.push({ type: "list", start, predicate, negated, name: "in", value, items: [] });
    return undefined;
  }

  protected match(frame: Extract<Frame, { type: "match" }>, pattern: Expression): Expression {
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
    return this.negatable(frame.negated, frame.name, args, frame.predicate);
  }
}
