import type { Alias, Expression, SortOrder, Window, WindowFrame } from "../plan/expression.ts";
import type { Relation } from "../plan/relation.ts";
import { foreachNode, type PlanNode } from "../plan/traverse.ts";
import { LiteralParser } from "./literal-parser.ts";

/** Expressions with aliases and orders, and windows. */
export abstract class WindowParser extends LiteralParser {
  protected abstract expression(): Expression;

  /** An expression without logical operators and predicates outside brackets. */
  protected abstract valueExpression(): Expression;

  /** A whole query in brackets or after a keyword. */
  protected abstract query(): Relation;

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
    return { kind: "value", value: this.functionOf("negative", [value], first) };
  }

  #frameOffset(): Expression {
    const first = this.pos;
    const value = this.expression();
    let isConstant = true;
    foreachNode(value, (node) => {
      isConstant &&= CONSTANTS.has(node.kind) && !this.#isCall(node);
    });
    if (!isConstant) this.defer(first, this.pos, "INVALID_SQL_SYNTAX.INVALID_WINDOW_FRAME_BOUND");
    return value;
  }

  /** Whether a function is written as `name(...)`; operators are functions as well. */
  #isCall(node: PlanNode): boolean {
    if (node.kind !== "UnresolvedFunction" || node.functionName === "not" || node.functionName === "in") {
      return false;
    }
    if (node.nameParts !== undefined) return true;
    const start = node.origin?.kind === "sql" ? node.origin.start : 0;
    const { length } = node.functionName;
    const name = this.tokens.text.slice(start, start + length);
    return (
      name.toLowerCase() === node.functionName.toLowerCase() &&
      /^\s*\(/.test(this.tokens.text.slice(start + length, start + length + 50))
    );
  }
}

/** What a frame's bound may be made of. */
const CONSTANTS: ReadonlySet<string> = new Set(["Literal", "Cast", "UnresolvedFunction", "ParameterMarker"]);
