import { keywordOf, type TokenKind } from "./tokens.ts";

/** The tokens of a text, side by side; the last is `end`. Comments and blanks are left out. */
export interface Tokens {
  readonly text: string;
  readonly kinds: readonly TokenKind[];
  /** Where each token begins, and the place after its last character. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** A comment that begins with `/*` and is never closed. */
  readonly hasUnclosedComment: boolean;
}

const OTHER_LETTER = /\p{L}/u;
const URI_CHARACTER = /[\p{L}0-9_/\-.?=&#%]/u;

/** Cuts a text into tokens, by the longest match as Spark does. Never fails: what it does not know is `unrecognized`. */
export function tokenize(text: string): Tokens {
  return new Lexer(text).run();
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

class Lexer {
  readonly #text: string;
  readonly #kinds: TokenKind[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  #at = 0;
  #hasUnclosedComment = false;
  /** Open `ARRAY`, `MAP`, `STRUCT`: while there are any, `>>` closes two of them instead of shifting. */
  #openComplexTypes = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(): Tokens {
    const text = this.#text;
    while (this.#at < text.length) this.#next(text.charCodeAt(this.#at));
    this.#push("end", text.length);
    return {
      text,
      kinds: this.#kinds,
      starts: this.#starts,
      ends: this.#ends,
      hasUnclosedComment: this.#hasUnclosedComment,
    };
  }

  #push(kind: TokenKind, end: number): TokenKind {
    this.#kinds.push(kind);
    this.#starts.push(this.#at);
    this.#ends.push(end);
    this.#at = end;
    return kind;
  }

  /** Goes on after a blank or a comment. */
  #skip(end: number): undefined {
    this.#at = end;
  }

  /** The token at the current place, or undefined for what is skipped. */
  #next(code: number): TokenKind | undefined {
    if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95) return this.#word(code);
    if (code === 32 || code === 10 || code === 13 || code === 9 || code === 12) {
      return this.#skip(this.#at + 1);
    }
    if (isDigit(code)) return this.#number();
    switch (code) {
      case 39: // '
        return this.#quoted("string", 39, true);
      case 34: // "
        return this.#quoted("double-quoted", 34, true);
      case 96: // `
        return this.#quoted("backquoted", 96, false);
      case 36: // $
        return this.#dollarQuoted();
      case 45: // -
        if (this.#text.charCodeAt(this.#at + 1) === 45) return this.#lineComment();
        break;
      case 47: // /
        if (this.#text.charCodeAt(this.#at + 1) === 42 && this.#text.charCodeAt(this.#at + 2) !== 43) {
          return this.#blockComment();
        }
        break;
      case 46: // .
        if (isDigit(this.#text.charCodeAt(this.#at + 1))) {
          return this.#decimal(this.#at) ?? this.#push(".", this.#at + 1);
        }
        break;
    }
    if (code > 127) {
      if (this.#isLetterAt(this.#at)) return this.#word(code);
      if (/[\u2000-\u200A\u00a0\u1680\u2028\u2029\u202F\u205F\u3000]/.test(this.#text[this.#at] as string)) {
        return this.#skip(this.#at + 1);
      }
    }
    return this.#punctuation(code);
  }

  #isLetterAt(at: number): boolean {
    const code = this.#text.codePointAt(at);
    return code !== undefined && OTHER_LETTER.test(String.fromCodePoint(code));
  }

  /** The end of the letters, digits and underscores that begin at a place. */
  #wordEnd(from: number): number {
    const text = this.#text;
    let at = from;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (
        (code >= 97 && code <= 122) ||
        (code >= 65 && code <= 90) ||
        (code >= 48 && code <= 57) ||
        code === 95
      ) {
        continue;
      }
      if (code < 128 || !this.#isLetterAt(at)) break;
      if (code >= 0xd800 && code <= 0xdbff) at++;
    }
    return at;
  }

  #word(first: number): TokenKind {
    const text = this.#text;
    const start = this.#at;
    const raw = first === 82 || first === 114 ? this.#rawString() : undefined;
    if (raw !== undefined) return raw;
    const end = this.#wordEnd(start);
    if (text.charCodeAt(end) === 58 && text.charCodeAt(end + 1) === 47 && text.charCodeAt(end + 2) === 47) {
      const uri = this.#uri(end);
      if (uri !== undefined) return uri;
    }
    const keyword = keywordOf(text.slice(start, end));
    if (keyword === undefined) return this.#push("name", end);
    if (keyword === "ARRAY" || keyword === "MAP" || keyword === "STRUCT") this.#openComplexTypes++;
    return this.#push(keyword, end);
  }

  /** `scheme://...` without quotes is one (bad) name, so that it can be refused as such. */
  #uri(schemeEnd: number): TokenKind | undefined {
    if (/[0-9_]/.test(this.#text.slice(this.#at, schemeEnd))) return undefined;
    let end = schemeEnd + 3;
    while (end < this.#text.length && URI_CHARACTER.test(this.#text[end] as string)) end++;
    if (end === schemeEnd + 3) return undefined;
    return this.#push("name", end);
  }

  #rawString(): TokenKind | undefined {
    const quote = this.#text.charCodeAt(this.#at + 1);
    if (quote !== 39 && quote !== 34) return undefined;
    const close = this.#text.indexOf(String.fromCharCode(quote), this.#at + 2);
    return close === -1 ? undefined : this.#push("string", close + 1);
  }

  #quoted(kind: "string" | "double-quoted" | "backquoted", quote: number, escapes: boolean): TokenKind {
    const text = this.#text;
    let at = this.#at + 1;
    // A doubled quote belongs to the text only if another quote closes it after all.
    let close = -1;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === quote) {
        close = at;
        if (text.charCodeAt(at + 1) !== quote) break;
        at++;
      } else if (escapes && code === 92) {
        at++;
      }
    }
    return close === -1 ? this.#push("unrecognized", this.#at + 1) : this.#push(kind, close + 1);
  }

  #dollarQuoted(): TokenKind {
    const tag = /\$[A-Za-z_]*\$/y;
    tag.lastIndex = this.#at;
    const open = tag.exec(this.#text)?.[0];
    const close = open === undefined ? -1 : this.#text.indexOf(open, this.#at + open.length);
    if (open === undefined || close === -1) return this.#push("unrecognized", this.#at + 1);
    return this.#push("dollar-quoted", close + open.length);
  }

  #number(): TokenKind {
    const text = this.#text;
    let digits = this.#at;
    while (isDigit(text.charCodeAt(digits))) digits++;
    const decimal = text.charCodeAt(digits) === 46 ? this.#decimal(digits) : undefined;
    if (decimal !== undefined) return decimal;
    const exponent = this.#exponentEnd(digits);
    const word = this.#wordEnd(digits);
    if (exponent !== digits) {
      const suffixed = this.#suffix(exponent);
      if (suffixed !== undefined && suffixed.end >= word) return this.#push(suffixed.kind, suffixed.end);
      if (exponent >= word) return this.#push("exponent", exponent);
    }
    if (word === digits) return this.#push("integer", digits);
    if (word === digits + 1) {
      switch (text.charCodeAt(digits) | 32) {
        case 108:
          return this.#push("long", word);
        case 115:
          return this.#push("short", word);
        case 121:
          return this.#push("byte", word);
      }
    }
    const suffixed = this.#suffix(digits);
    if (suffixed !== undefined && suffixed.end >= word) return this.#push(suffixed.kind, suffixed.end);
    return this.#push("name", word);
  }

  /** A number with a point at `dot`; valid only if no letter, digit or underscore follows it. */
  #decimal(dot: number): TokenKind | undefined {
    const text = this.#text;
    let end = dot + 1;
    while (isDigit(text.charCodeAt(end))) end++;
    const exponent = this.#exponentEnd(end);
    const suffixed = this.#suffix(exponent);
    if (suffixed !== undefined && this.#isFree(suffixed.end)) return this.#push(suffixed.kind, suffixed.end);
    if (exponent !== end && this.#isFree(exponent)) return this.#push("exponent", exponent);
    return this.#isFree(end) ? this.#push("decimal", end) : undefined;
  }

  #isFree(at: number): boolean {
    const code = this.#text.charCodeAt(at);
    return !(isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95);
  }

  #exponentEnd(from: number): number {
    const text = this.#text;
    if ((text.charCodeAt(from) | 32) !== 101) return from;
    let at = from + 1;
    const sign = text.charCodeAt(at);
    if (sign === 43 || sign === 45) at++;
    if (!isDigit(text.charCodeAt(at))) return from;
    while (isDigit(text.charCodeAt(at))) at++;
    return at;
  }

  #suffix(
    from: number,
  ): { readonly kind: "float" | "double" | "big-decimal"; readonly end: number } | undefined {
    switch (this.#text.charCodeAt(from) | 32) {
      case 102:
        return { kind: "float", end: from + 1 };
      case 100:
        return { kind: "double", end: from + 1 };
      case 98:
        return (this.#text.charCodeAt(from + 1) | 32) === 100
          ? { kind: "big-decimal", end: from + 2 }
          : undefined;
      default:
        return undefined;
    }
  }

  #lineComment(): undefined {
    const text = this.#text;
    let at = this.#at + 2;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      // A backslash at the end of the line continues the comment on the next.
      if (code === 92 && text.charCodeAt(at + 1) === 10) at++;
      else if (code === 10 || code === 13) break;
    }
    return this.#skip(at);
  }

  #blockComment(): undefined {
    const text = this.#text;
    let depth = 1;
    let at = this.#at + 2;
    while (at < text.length && depth > 0) {
      const code = text.charCodeAt(at);
      const next = text.charCodeAt(at + 1);
      if (code === 42 && next === 47) {
        depth--;
        at += 2;
      } else if (code === 47 && next === 42 && text.charCodeAt(at + 2) !== 43) {
        depth++;
        at += 2;
      } else {
        at++;
      }
    }
    if (depth > 0) this.#hasUnclosedComment = true;
    return this.#skip(Math.min(at, text.length));
  }

  #punctuation(code: number): TokenKind {
    const at = this.#at;
    const next = this.#text.charCodeAt(at + 1);
    switch (code) {
      case 60: // <
        if (next === 61) {
          return this.#text.charCodeAt(at + 2) === 62 ? this.#push("<=>", at + 3) : this.#push("<=", at + 2);
        }
        if (next === 62) return this.#push("<>", at + 2);
        return next === 60 ? this.#push("<<", at + 2) : this.#push("<", at + 1);
      case 62: // >
        return this.#greater(next);
      case 61: // =
        if (next === 61) return this.#push("=", at + 2);
        return next === 62 ? this.#push("=>", at + 2) : this.#push("=", at + 1);
      case 33: // !
        if (next === 61) return this.#push("!=", at + 2);
        if (next === 62) return this.#push("<=", at + 2);
        return next === 60 ? this.#push(">=", at + 2) : this.#push("!", at + 1);
      case 124: // |
        if (next === 124) return this.#push("||", at + 2);
        return next === 62 ? this.#push("|>", at + 2) : this.#push("|", at + 1);
      case 58: // :
        return next === 58 ? this.#push("::", at + 2) : this.#push(":", at + 1);
      case 45: // -
        return next === 62 ? this.#push("->", at + 2) : this.#push("-", at + 1);
      case 64: // @
        return (next | 32) === 118 ? this.#push("@v", at + 2) : this.#push("@", at + 1);
      case 42: // *
        return next === 47 ? this.#push("*/", at + 2) : this.#push("*", at + 1);
      case 47: // /
        return next === 42 ? this.#push("/*+", at + 3) : this.#push("/", at + 1);
      default:
        return this.#push(SINGLE.get(code) ?? "unrecognized", at + 1);
    }
  }

  #greater(next: number): TokenKind {
    const at = this.#at;
    if (next === 61) return this.#push(">=", at + 2);
    if (next === 62 && this.#openComplexTypes === 0) {
      return this.#text.charCodeAt(at + 2) === 62 ? this.#push(">>>", at + 3) : this.#push(">>", at + 2);
    }
    if (this.#openComplexTypes > 0) this.#openComplexTypes--;
    return this.#push(">", at + 1);
  }
}

const SINGLE: ReadonlyMap<number, TokenKind> = new Map(
  ([";", "(", ")", ",", ".", "[", "]", "+", "%", "~", "&", "^", "?"] as const).map((c) => [
    c.charCodeAt(0),
    c,
  ]),
);
