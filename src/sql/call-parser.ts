import type {
  Expression,
  Literal,
  SortOrder,
  UnresolvedFunction,
  UnresolvedNamedLambdaVariable,
  UnresolvedStar,
  Window,
  WindowReference,
} from "../plan/expression.ts";
import type { Relation } from "../plan/relation.ts";
import { STRING } from "../types/data-type.ts";
import { type CallFrame, type Frame, open } from "./expression-frame.ts";
import { unparsed } from "./name-text.ts";
import type { TokenKind } from "./tokens.ts";
import { WindowParser } from "./window-parser.ts";

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

/** Names, calls of functions and what follows a value. */
export abstract class CallParser extends WindowParser {
  /** Names of the lambda parameters in force. */
  protected lambdaNames: string[] = [];

  protected columnOf(parts: readonly string[], first: number): Expression {
    if (this.#isLambdaName(parts[0] as string)) return this.variableOf(parts, first);
    const origin = this.originFrom(first);
    return {
      kind: "UnresolvedAttribute",
      unparsedIdentifier: unparsed(parts),
      nameParts: parts,
      origin,
    };
  }

  #isLambdaName(name: string): boolean {
    if (this.lambdaNames.length === 0) return false;
    const lower = name.toLowerCase();
    return this.lambdaNames.includes(lower);
  }

  protected variableOf(nameParts: readonly string[], first: number): UnresolvedNamedLambdaVariable {
    return { kind: "UnresolvedNamedLambdaVariable", nameParts, origin: this.originFrom(first) };
  }

  protected dereference(base: Expression, start: number): Expression {
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

  protected starOf(first: number, target: readonly string[] | undefined): UnresolvedStar {
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

  protected openLambda(stack: Frame[], names: readonly string[], start: number): undefined {
    this.expect("->");
    stack.push({ type: "lambda", start, names });
    for (const name of names) this.lambdaNames.push(name.toLowerCase());
  }

  protected openCall(
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

  protected resumeCall(
    stack: Frame[],
    frame: CallFrame,
    value: Expression,
  ): { readonly value: Expression; readonly closed: boolean } | undefined {
    let argument = value;
    if (frame.key !== undefined) {
      argument = { kind: "NamedArgument", key: frame.key, value, origin: this.originFrom(frame.start) };
      delete frame.key;
    } else if (frame.keyword === "STRUCT") {
      const first = argument.origin?.kind === "sql" ? this.tokenAt(argument.origin.start) : this.pos - 1;
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
          : this.functionOf("extract", [this.textLiteral(option, start), a], start);
      case "POSITION":
        return separators[0] === "IN" ? this.functionOf("locate", [a, b], start) : undefined;
      case "SUBSTR":
      case "SUBSTRING":
        return separators.some((s) => s !== ",") ? this.functionOf("substring", args, start) : undefined;
      case "OVERLAY":
        return separators[0] === "PLACING" ? this.functionOf("overlay", args, start) : undefined;
    }
    const isAdd = TIMESTAMP_ADD.has(keyword);
    if ((isAdd || TIMESTAMP_DIFF.has(keyword)) && args.length === 3) {
      const unit = this.textOf(start + 2);
      const isSingleToken = this.kindAt(start + 3) === ",";
      if (isSingleToken && DATETIME_UNITS.has(unit.toUpperCase())) {
        const name = isAdd ? "timestampadd" : "timestampdiff";
        return this.functionOf(name, [this.textLiteral(unit, start), b, c], start);
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
    return this.functionOf(name, args, start);
  }

  /** A query whose names are not those of the lambdas around it. */
  protected nestedQuery(): Relation {
    const names = this.lambdaNames;
    this.lambdaNames = [];
    const plan = this.query();
    this.lambdaNames = names;
    return plan;
  }

  protected collated(value: Expression, start: number): Expression {
    this.pos++;
    const first = this.pos;
    const name = this.multipartIdentifier().join(".");
    return this.functionOf("collate", [value, this.textLiteral(name, first)], start);
  }

  /** `col:a.b[0]['c']`: a path into JSON or a variant, as JSONPath. */
  protected semiStructured(value: Expression, start: number): Expression {
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
    return this.functionOf("semi_structured_extract", [value, this.textLiteral(path, start)], start);
  }
}
