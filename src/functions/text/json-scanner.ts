/** What the JSON parser lets pass beyond the standard. */
export interface JsonFeatures {
  readonly comments: boolean;
  readonly unquotedFieldNames: boolean;
  readonly singleQuotes: boolean;
  readonly leadingZeros: boolean;
  readonly nonNumericNumbers: boolean;
  readonly anyEscape: boolean;
  readonly unquotedControls: boolean;
}

/** The text is no JSON. */
export class JsonSyntaxError extends Error {}

export type JsonToken = "object" | "array" | "string" | "int" | "float" | "true" | "false" | "null";

const MAX_DEPTH = 1000;
const NON_NUMBERS = /(?:[+-]?INF|[+-]?Infinity|NaN)/y;

/** Walks over one JSON value, token by token, so that a reader takes what it wants and skips the rest. */
export class JsonScanner {
  readonly #text: string;
  readonly #features: JsonFeatures;
  #at = 0;
  #depth = 0;
  /** Place and kind of the scalar read last. */
  #start = 0;
  #value = "";

  constructor(text: string, features: JsonFeatures) {
    this.#text = text;
    this.#features = features;
  }

  /** Skips spaces; whether anything is left. */
  atEnd(): boolean {
    this.#space();
    return this.#at >= this.#text.length;
  }

  get position(): number {
    return this.#at;
  }

  /** The source from a place up to here. */
  sourceFrom(start: number): string {
    return this.#text.slice(start, this.#at);
  }

  /** Place at which the token read last begins. */
  get tokenStart(): number {
    return this.#start;
  }

  /** Text of the scalar read last: a string without quotes and escapes, or a number as it stands. */
  get value(): string {
    return this.#value;
  }

  /** Reads the beginning of a value: a whole scalar, or the bracket that opens an object or array. */
  next(): JsonToken {
    this.#space();
    const text = this.#text;
    this.#start = this.#at;
    const c = text[this.#at];
    switch (c) {
      case undefined:
        throw this.#error("the value is missing");
      case "{":
      case "[":
        this.#at++;
        if (++this.#depth > MAX_DEPTH) throw this.#error(`nested deeper than ${MAX_DEPTH} levels`);
        return c === "{" ? "object" : "array";
      case '"':
        this.#value = this.#string('"');
        return "string";
      case "'":
        if (!this.#features.singleQuotes) break;
        this.#value = this.#string("'");
        return "string";
      case "t":
        return this.#word("true");
      case "f":
        return this.#word("false");
      case "n":
        return this.#word("null");
    }
    return this.#number();
  }

  /** The name of the next field of the object that is open, or undefined at its end. */
  field(first: boolean): string | undefined {
    this.#space();
    if (this.#closes("}")) return undefined;
    if (!first) this.#expect(",");
    const name = this.#name();
    this.#expect(":");
    return name;
  }

  /** Whether the array that is open has another element. */
  element(first: boolean): boolean {
    this.#space();
    if (this.#closes("]")) return false;
    if (!first) this.#expect(",");
    return true;
  }

  /** Goes to the end of the value whose beginning was read. */
  skip(token: JsonToken): void {
    if (token !== "object" && token !== "array") return;
    const open: { readonly kind: JsonToken; first: boolean }[] = [{ kind: token, first: true }];
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const more = top.kind === "object" ? this.field(top.first) !== undefined : this.element(top.first);
      top.first = false;
      if (!more) open.pop();
      else {
        const inner = this.next();
        if (inner === "object" || inner === "array") open.push({ kind: inner, first: true });
      }
    }
  }

  #closes(bracket: string): boolean {
    if (this.#text[this.#at] !== bracket) return false;
    this.#at++;
    this.#depth--;
    return true;
  }

  #expect(c: string): void {
    this.#space();
    if (this.#text[this.#at] !== c) throw this.#error(`${c} is missing`);
    this.#at++;
    this.#space();
  }

  #name(): string {
    const c = this.#text[this.#at];
    if (c === '"') return this.#string('"');
    if (c === "'" && this.#features.singleQuotes) return this.#string("'");
    if (this.#features.unquotedFieldNames) {
      const match = /[\p{L}\p{N}_$@#*+-]+/uy;
      match.lastIndex = this.#at;
      const name = match.exec(this.#text)?.[0];
      if (name !== undefined) {
        this.#at += name.length;
        return name;
      }
    }
    throw this.#error("the name of a field is missing");
  }

  #space(): void {
    for (;;) {
      const c = this.#text.charCodeAt(this.#at);
      if (c === 32 || c === 10 || c === 13 || c === 9) this.#at++;
      else if (c === 47 && this.#features.comments) this.#comment();
      else return;
    }
  }

  #comment(): void {
    const kind = this.#text[this.#at + 1];
    if (kind === "/") {
      const end = this.#text.indexOf("\n", this.#at);
      this.#at = end < 0 ? this.#text.length : end + 1;
    } else if (kind === "*") {
      const end = this.#text.indexOf("*/", this.#at + 2);
      if (end < 0) throw this.#error("a comment does not end");
      this.#at = end + 2;
    } else throw this.#error("no comment");
  }

  #word<W extends "true" | "false" | "null">(word: W): W {
    if (!this.#text.startsWith(word, this.#at)) throw this.#error("an unknown word");
    this.#at += word.length;
    this.#value = word;
    this.#mustEnd();
    return word;
  }

  /** Nothing may stick to a scalar. */
  #mustEnd(): void {
    const c = this.#text[this.#at];
    if (c !== undefined && /[\p{L}\p{N}_$.]/u.test(c)) throw this.#error("a value goes on");
  }

  #string(quote: string): string {
    const text = this.#text;
    const from = ++this.#at;
    for (let at = from; ; at++) {
      const c = text.charCodeAt(at);
      if (Number.isNaN(c)) throw this.#error("a string does not end");
      if (c === 92) return this.#escaped(quote, from, at);
      if (c < 32 && !this.#features.unquotedControls) throw this.#error("a control character in a string");
      if (text[at] === quote) {
        this.#at = at + 1;
        return text.slice(from, at);
      }
    }
  }

  #escaped(quote: string, from: number, firstEscape: number): string {
    const text = this.#text;
    let result = text.slice(from, firstEscape);
    for (let at = firstEscape; ; at++) {
      const c = text[at];
      if (c === undefined) throw this.#error("a string does not end");
      if (c === quote) {
        this.#at = at + 1;
        // Half of a pair has no UTF-8 form; Java writes a question mark for it.
        return result.replace(/\p{Surrogate}/gu, "?");
      }
      if (c !== "\\") {
        if (c < " " && !this.#features.unquotedControls) throw this.#error("a control character in a string");
        result += c;
        continue;
      }
      const kind = text[++at] ?? "";
      const known = ESCAPES.get(kind);
      if (known !== undefined) result += known;
      else if (kind === "u") {
        const code = text.slice(at + 1, at + 5);
        if (!/^[\da-fA-F]{4}$/.test(code)) throw this.#error("an escape without its code");
        result += String.fromCharCode(Number.parseInt(code, 16));
        at += 4;
      } else if (kind !== "" && (this.#features.anyEscape || (kind === "'" && this.#features.singleQuotes)))
        result += kind;
      else throw this.#error("an unknown escape");
    }
  }

  #number(): "int" | "float" {
    const match = this.#features.leadingZeros
      ? /-?\d+(\.\d+)?([eE][+-]?\d+)?/y
      : /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
    match.lastIndex = this.#at;
    const found = match.exec(this.#text);
    if (found === null) return this.#nonNumber();
    this.#value = found[0];
    this.#at += this.#value.length;
    this.#mustEnd();
    return found[1] === undefined && found[2] === undefined ? "int" : "float";
  }

  #nonNumber(): "float" {
    NON_NUMBERS.lastIndex = this.#at;
    const found = this.#features.nonNumericNumbers ? NON_NUMBERS.exec(this.#text) : null;
    if (found === null) throw this.#error("no value");
    this.#value = found[0];
    this.#at += this.#value.length;
    this.#mustEnd();
    return "float";
  }

  #error(what: string): JsonSyntaxError {
    return new JsonSyntaxError(`${what} at ${this.#at}`);
  }
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/** The number that a token stands for; the words for infinities included. */
export function jsonNumber(text: string): number {
  switch (text) {
    case "NaN":
      return Number.NaN;
    case "INF":
    case "+INF":
    case "Infinity":
    case "+Infinity":
      return Number.POSITIVE_INFINITY;
    case "-INF":
    case "-Infinity":
      return Number.NEGATIVE_INFINITY;
    default:
      return Number(text);
  }
}
