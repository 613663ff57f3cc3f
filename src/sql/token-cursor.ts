import { describeCondition, ParseException, type PySparkException } from "../errors/spark-error.ts";
import type { Expression } from "../plan/expression.ts";
import type { Origin, SqlSource } from "../plan/origin.ts";
import { type Tokens, tokenize } from "./lexer.ts";
import { parseErrorIn, syntaxErrorAt } from "./parse-error.ts";
import type { ParseOptions } from "./parse-options.ts";
import { unquoteIdentifier, unquoteString } from "./string-literal.ts";
import { ANSI_RESERVED, isKeyword, STRICT_NON_RESERVED, type TokenKind } from "./tokens.ts";

/** The place in a text that is being parsed, and what all of the grammar needs: tokens, names, strings, errors. */
export class TokenCursor {
  protected readonly options: ParseOptions;
  protected readonly source: SqlSource;
  protected readonly tokens: Tokens;
  protected readonly kinds: readonly TokenKind[];
  /** Index of the next token. */
  protected pos = 0;
  /** The first error that is not one of syntax: those come only when the whole text is well formed. */
  protected deferred: PySparkException | undefined;
  /** The furthest token that was wrong; -1 while none was. */
  protected failedAt = -1;
  #whole: { readonly condition: string; readonly parameters: Readonly<Record<string, string>> } | undefined;
  #brackets: Brackets | undefined;
  /** Values of parameter markers, by the index of their token. */
  readonly #parameters = new Map<number, Expression>();

  constructor(text: string, options: ParseOptions = {}) {
    this.options = options;
    this.source = {
      text,
      ...(options.objectType === undefined ? {} : { objectType: options.objectType }),
      ...(options.objectName === undefined ? {} : { objectName: options.objectName }),
    };
    const tokens = tokenize(text);
    const hasParameters = options.namedParameters !== undefined || options.positionalParameters !== undefined;
    this.tokens = hasParameters ? this.#withParameters(tokens) : tokens;
    this.kinds = this.tokens.kinds;
  }

  /** Which `?` of the text stands at an index: those whose values are literals are no longer markers. */
  protected readonly markerPositions = new Map<number, number>();

  /** Gives markers whose values are strings or whole numbers the kind of these, so that they go where such literals do. */
  #withParameters(tokens: Tokens): Tokens {
    const kinds: TokenKind[] = [];
    const starts: number[] = [];
    const ends: number[] = [];
    let position = 0;
    for (let i = 0; i < tokens.kinds.length; i++) {
      const kind = tokens.kinds[i] as TokenKind;
      const start = tokens.starts[i] as number;
      let given: Expression | undefined;
      let last = i;
      if (kind === "?") {
        this.markerPositions.set(kinds.length, position);
        given = this.options.positionalParameters?.[position++];
      } else if (kind === ":" && isWord(tokens.kinds[i + 1])) {
        last = i + 1;
        given = this.options.namedParameters?.[tokens.text.slice(tokens.starts[last], tokens.ends[last])];
      }
      const literalKind = given === undefined ? undefined : literalKindOf(given);
      if (given !== undefined && literalKind !== undefined) {
        this.#parameters.set(kinds.length, given);
        i = last;
      }
      kinds.push(literalKind ?? kind);
      starts.push(start);
      ends.push(tokens.ends[i] as number);
    }
    return { ...tokens, kinds, starts, ends };
  }

  /** The value that stands for the marker at an index. */
  protected parameterAt(index: number): Expression | undefined {
    return this.#parameters.size === 0 ? undefined : this.#parameters.get(index);
  }

  protected peek(offset = 0): TokenKind {
    return this.kinds[this.pos + offset] ?? "end";
  }

  protected kindAt(index: number): TokenKind {
    return this.kinds[index] ?? "end";
  }

  protected at(kind: TokenKind): boolean {
    return this.kinds[this.pos] === kind;
  }

  /** Whether these tokens come next. */
  protected atAll(...kinds: readonly TokenKind[]): boolean {
    return kinds.every((kind, i) => this.kinds[this.pos + i] === kind);
  }

  protected accept(kind: TokenKind): boolean {
    if (this.kinds[this.pos] !== kind) return false;
    this.pos++;
    return true;
  }

  /** Takes all of these tokens or none. */
  protected acceptAll(...kinds: readonly TokenKind[]): boolean {
    if (!this.atAll(...kinds)) return false;
    this.pos += kinds.length;
    return true;
  }

  protected expect(kind: TokenKind): void {
    if (this.kinds[this.pos] !== kind) throw this.unexpected(kind);
    this.pos++;
  }

  /** As `expect`, where the text would go on well had the token been there: the error says what is missing. */
  protected expectBefore(kind: TokenKind, fits: boolean): void {
    if (this.kinds[this.pos] !== kind && fits && this.peek(1) !== kind) {
      const shown = kind === "=" ? "EQ" : `'${kind}'`;
      throw this.unexpectedAt(this.pos, `: missing ${shown}`);
    }
    this.expect(kind);
  }

  protected expectAll(...kinds: readonly TokenKind[]): void {
    for (const kind of kinds) this.expect(kind);
  }

  /** The text of a token. */
  protected textOf(index: number): string {
    return this.tokens.text.slice(this.tokens.starts[index], this.tokens.ends[index]);
  }

  /** The text from one token to another, both included. */
  protected textBetween(first: number, last: number): string {
    return this.tokens.text.slice(this.tokens.starts[first], this.tokens.ends[last]);
  }

  /** The range from a token to the one before the cursor. */
  protected originFrom(first: number): Origin {
    return this.origin(first, this.pos - 1);
  }

  protected origin(first: number, last: number): Origin {
    return {
      kind: "sql",
      source: this.source,
      start: this.tokens.starts[first] as number,
      stop: (this.tokens.ends[Math.max(last, first)] as number) - 1,
    };
  }

  /** The index of the bracket that closes each opening one; -1 where there is none. */
  protected closingOf(index: number): number {
    return (this.#brackets ??= matchBrackets(this.kinds)).closing[index] ?? -1;
  }

  /** The index of the first token that is no opening bracket, from one on. */
  protected insideBrackets(index: number): number {
    return (this.#brackets ??= matchBrackets(this.kinds)).inside[index] ?? index;
  }

  /** An error of syntax at the cursor. `expected` is the only token that could have come, if there is just one. */
  protected unexpected(expected?: TokenKind): ParseException {
    const extra = expected !== undefined && this.peek(1) === expected && !this.at("end");
    return this.unexpectedAt(this.pos, extra ? `: extra input ${this.#display(this.pos)}` : "");
  }

  protected unexpectedAt(index: number, hint = ""): ParseException {
    this.failedAt = Math.max(this.failedAt, index);
    return this.errorAt(index, "PARSE_SYNTAX_ERROR", { error: this.#display(index), hint });
  }

  #display(index: number): string {
    const kind = this.kindAt(index);
    if (kind === "end") return "end of input";
    const text = this.textOf(index);
    return kind === "dollar-quoted" ? `'${text.slice(0, text.indexOf("$", 1) + 1)}'` : `'${text}'`;
  }

  /** Remembers an error in well-formed text, to be thrown once the whole text is known to be well formed. */
  protected defer(
    first: number,
    last: number,
    condition: string,
    parameters: Readonly<Record<string, string>> = {},
  ): void {
    this.deferred ??= this.errorIn(first, last, condition, parameters);
  }

  protected deferError(error: PySparkException): void {
    this.deferred ??= error;
  }

  /** An error that has no place in the text. */
  protected deferPlain(condition: string, messageParameters: Readonly<Record<string, string>>): void {
    const message = `\n${describeCondition(condition, messageParameters)}\n== SQL ==\n${this.tokens.text}`;
    this.deferError(new ParseException({ condition, messageParameters, message }));
  }

  protected errorIn(
    first: number,
    last: number,
    condition: string,
    parameters: Readonly<Record<string, string>> = {},
  ): ParseException {
    const { start, stop } = this.origin(first, last) as Extract<Origin, { kind: "sql" }>;
    return parseErrorIn(this.source, start, stop, condition, parameters);
  }

  /** An error that names its place by line and position alone. */
  protected errorAt(
    index: number,
    condition: string,
    parameters: Readonly<Record<string, string>> = {},
  ): ParseException {
    const at = this.tokens.starts[index] ?? this.tokens.text.length;
    return syntaxErrorAt(this.tokens.text, at, condition, parameters);
  }

  /** An error about the whole statement, whose end is not known yet. */
  protected deferWhole(condition: string, parameters: Readonly<Record<string, string>> = {}): void {
    this.#whole ??= { condition, parameters };
  }

  /** Makes errors about the whole of a statement, now that it is read. */
  protected settle(first: number): void {
    if (this.#whole === undefined) return;
    this.defer(first, this.pos - 1, this.#whole.condition, this.#whole.parameters);
    this.#whole = undefined;
  }

  protected throwDeferred(): void {
    if (this.tokens.hasUnclosedComment) {
      this.deferred = undefined;
      this.deferPlain("UNCLOSED_BRACKETED_COMMENT", {});
    }
    if (this.deferred !== undefined) throw this.deferred;
  }

  /** Whether a token may be a name (`strict`: also where words of joins and set operations may not). */
  protected isIdentifier(index: number, strict = false): boolean {
    const kind = this.kinds[index];
    switch (kind) {
      case "name":
      case "backquoted":
        return true;
      case "double-quoted":
        return this.options.doubleQuotedIdentifiers === true;
      case undefined:
        return false;
      default:
        if (!isKeyword(kind)) return false;
        if (this.options.reservedKeywords === true) {
          return !ANSI_RESERVED.has(kind) && !STRICT_NON_RESERVED.has(kind);
        }
        return !strict || !STRICT_NON_RESERVED.has(kind);
    }
  }

  protected atIdentifier(strict = false): boolean {
    return this.isIdentifier(this.pos, strict);
  }

  /** A name where one has to be. */
  protected identifier(strict = false): string {
    const parts = this.identifierParts(strict);
    return parts.length === 1 ? (parts[0] as string) : parts.join(".");
  }

  /** As `identifier`; `IDENTIFIER('a.b')` may stand for several. */
  protected identifierParts(strict = false): readonly string[] {
    const index = this.pos;
    const kind = this.kinds[index];
    if (!this.isIdentifier(index, strict)) throw this.unexpected();
    if (kind === "IDENTIFIER" && this.isIdentifierLiteral(index)) return this.#identifierLiteral();
    this.pos++;
    const text = this.textOf(index);
    if (kind === "backquoted" || kind === "double-quoted") {
      return [unquoteIdentifier(text)];
    }
    if (kind === "name" && !/^\w+$/.test(text)) {
      throw this.errorAt(index, "INVALID_IDENTIFIER", { ident: text });
    }
    return [text];
  }

  /** `IDENTIFIER('text')`: a literal, not an expression. */
  protected isIdentifierLiteral(index: number): boolean {
    if (this.kindAt(index) !== "IDENTIFIER" || this.kindAt(index + 1) !== "(") return false;
    let at = index + 2;
    while (this.#isString(at)) at++;
    return at > index + 2 && this.kindAt(at) === ")";
  }

  #identifierLiteral(): readonly string[] {
    const first = this.pos;
    this.pos += 2;
    const text = this.stringLiteral();
    this.expect(")");
    return this.splitIdentifier(text, first);
  }

  /** The parts of a name in a string, as in `IDENTIFIER('a.b')`. */
  protected splitIdentifier(text: string, first: number): readonly string[] {
    const inner = new TokenCursor(text, this.options);
    try {
      const parts = inner.multipartIdentifier();
      if (!inner.at("end")) throw inner.unexpected("end");
      return parts;
    } catch {
      throw this.errorIn(first, this.pos - 1, "INVALID_ATTRIBUTE_NAME_SYNTAX", { attributeName: text });
    }
  }

  /** A name after which no expression goes on: `a-b` without backquotes is refused as such. */
  protected identifierNoMinus(strict = false): string {
    const first = this.pos;
    const name = this.identifier(strict);
    this.#refuseMinus(first);
    return name;
  }

  #refuseMinus(first: number): void {
    if (!this.at("-") || !this.isIdentifier(this.pos + 1)) return;
    const minus = this.pos;
    while (this.at("-") && this.isIdentifier(this.pos + 1)) this.pos += 2;
    const ident = this.textBetween(first, this.pos - 1).replace(/\s/g, "");
    throw this.errorAt(minus, "INVALID_IDENTIFIER", { ident });
  }

  /** `a.b.c`. */
  protected multipartIdentifier(strict = false): readonly string[] {
    const first = this.pos;
    const parts = [...this.identifierParts(strict)];
    this.#refuseMinus(first);
    while (this.at(".")) {
      this.pos++;
      const part = this.pos;
      parts.push(...this.identifierParts());
      this.#refuseMinus(part);
    }
    return parts;
  }

  protected identifierList(): readonly string[] {
    this.expect("(");
    const names = this.list(() => this.identifierNoMinus());
    this.expect(")");
    return names;
  }

  protected list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.accept(",")) items.push(item());
    return items;
  }

  #isString(index: number): boolean {
    const kind = this.kinds[index];
    return kind === "string" || (kind === "double-quoted" && this.options.doubleQuotedIdentifiers !== true);
  }

  protected atString(offset = 0): boolean {
    return this.#isString(this.pos + offset);
  }

  /** One string, or several that stand side by side. */
  protected stringLiteral(): string {
    let value = this.singleStringLiteral();
    while (this.atString()) value += this.singleStringLiteral();
    return value;
  }

  protected singleStringLiteral(): string {
    if (!this.atString()) throw this.unexpected();
    const given = this.parameterAt(this.pos);
    if (given?.kind === "Literal") return String(this.pos++ >= 0 ? given.value : "");
    return unquoteString(
      this.textOf(this.pos++),
      this.options.escapedStringLiterals === true,
      this.options.consecutiveStrings === true ? "" : undefined,
    );
  }

  /** A whole number without a sign. */
  protected integerValue(): number {
    if (!this.at("integer")) throw this.unexpected("integer");
    const given = this.parameterAt(this.pos);
    if (given?.kind === "Literal") return Number(this.pos++ >= 0 ? given.value : 0);
    return Number(this.textOf(this.pos++));
  }
}

function isWord(kind: TokenKind | undefined): boolean {
  return kind !== undefined && (kind === "name" || isKeyword(kind));
}

/** The kind of token that a parameter's value reads like, if it is a plain string or whole number. */
function literalKindOf(value: Expression): TokenKind | undefined {
  if (value.kind !== "Literal" || value.value === null) return undefined;
  switch (value.dataType.kind) {
    case "string":
      return "string";
    case "integer":
    case "long":
      return Number(value.value) >= 0 ? "integer" : undefined;
    default:
      return undefined;
  }
}

interface Brackets {
  readonly closing: Int32Array;
  readonly inside: Int32Array;
}

function matchBrackets(kinds: readonly TokenKind[]): Brackets {
  const closing = new Int32Array(kinds.length).fill(-1);
  const inside = new Int32Array(kinds.length);
  const open: number[] = [];
  kinds.forEach((kind, i) => {
    if (kind === "(" || kind === "[") {
      open.push(i);
    } else if (kind === ")" || kind === "]") {
      const start = open.pop();
      if (start !== undefined) closing[start] = i;
    }
  });
  for (let i = kinds.length - 1; i >= 0; i--) inside[i] = kinds[i] === "(" ? (inside[i + 1] ?? i + 1) : i;
  return { closing, inside };
}
