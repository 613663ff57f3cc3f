import { memoize } from "./kernel.ts";

/** A Java regular expression as a JavaScript one. */
export interface JavaRegex {
  /** Without `g` and `y`; add what is needed with `withFlags`. */
  readonly regex: RegExp;
  /** JavaScript's number of Java's group `i`: emulated atomic groups add groups of their own. */
  readonly groups: readonly number[];
  /** How many groups the Java pattern has. */
  readonly groupCount: number;
}

/** Compiles a pattern in Java's syntax; undefined when it is no valid one. Remembers the last patterns. */
export const javaRegex: (pattern: string) => JavaRegex | undefined = memoize((pattern) => {
  try {
    return new Translation(pattern).run();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}, 256);

/** The same pattern for repeated matching. */
export function withFlags(regex: RegExp, flags: string): RegExp {
  return new RegExp(regex.source, regex.flags + flags);
}

const LINE_END = "(?:\\r\\n|[\\n\\r\\u0085\\u2028\\u2029])";
const AT_END = `(?=${LINE_END}?(?![\\s\\S]))`;

/** What stands inside a class for Java's escapes. */
const CLASSES: Readonly<Record<string, string>> = {
  d: "0-9",
  w: "a-zA-Z0-9_",
  s: " \\t\\n\\x0b\\f\\r",
  h: " \\t\\xa0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000",
  v: "\\n\\x0b\\f\\r\\x85\\u2028\\u2029",
};

const PROPERTIES: Readonly<Record<string, string>> = {
  Lower: "a-z",
  Upper: "A-Z",
  ASCII: "\\x00-\\x7f",
  Alpha: "a-zA-Z",
  Digit: "0-9",
  Alnum: "a-zA-Z0-9",
  Punct: "!-\\/:-@\\[-`\\{-~",
  Graph: "!-~",
  Print: " -~",
  Blank: " \\t",
  Cntrl: "\\x00-\\x1f\\x7f",
  XDigit: "0-9a-fA-F",
  Space: " \\t\\n\\x0b\\f\\r",
  javaLowerCase: "\\p{Lowercase}",
  javaUpperCase: "\\p{Uppercase}",
  javaWhitespace: "\\s",
  IsAlphabetic: "\\p{Alphabetic}",
  IsLetter: "\\p{L}",
  IsDigit: "\\p{Nd}",
  IsPunctuation: "\\p{P}",
  IsUppercase: "\\p{Uppercase}",
  IsLowercase: "\\p{Lowercase}",
  IsWhite_Space: "\\p{White_Space}",
};

class Translation {
  readonly #text: string;
  #at = 0;
  #out = "";
  #flags = { i: false, s: false, m: false, x: false };
  #jsGroups = 0;
  readonly #groups: number[] = [0];
  /** Where the last atom begins in the output, for possessive quantifiers. */
  #atom = 0;
  readonly #open: {
    readonly start: number;
    readonly isAtomic: boolean;
    readonly number: number;
    readonly groupsBefore: number;
  }[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  run(): JavaRegex {
    while (this.#at < this.#text.length) this.#step();
    if (this.#open.length > 0) throw new SyntaxError("unclosed group");
    const flags = `v${this.#flags.i ? "i" : ""}${this.#flags.m ? "m" : ""}`;
    return { regex: new RegExp(this.#out, flags), groups: this.#groups, groupCount: this.#groups.length - 1 };
  }

  #step(): void {
    const c = this.#text[this.#at] as string;
    if (this.#flags.x && /\s/.test(c)) {
      this.#at++;
      return;
    }
    if (this.#flags.x && c === "#") {
      const end = this.#text.indexOf("\n", this.#at);
      this.#at = end < 0 ? this.#text.length : end + 1;
      return;
    }
    switch (c) {
      case "\\":
        this.#escape();
        return;
      case "[":
        this.#atomOf(this.#class());
        return;
      case "(":
        this.#group();
        return;
      case ")":
        this.#close();
        return;
      case "*":
      case "+":
      case "?":
        this.#quantifier(c);
        return;
      case "{": {
        const counted = /^\{\d+(?:,\d*)?\}/.exec(this.#text.slice(this.#at));
        if (counted === null) throw new SyntaxError("illegal repetition");
        this.#quantifier(counted[0]);
        return;
      }
      case ".":
        this.#at++;
        this.#atomOf(this.#flags.s ? "[\\s\\S]" : "[^\\n\\r\\u0085\\u2028\\u2029]");
        return;
      case "$":
        this.#at++;
        this.#atomOf(this.#flags.m ? "$" : AT_END);
        return;
      case "^":
      case "|":
        this.#at++;
        this.#atomOf(c);
        return;
      default: {
        const point = String.fromCodePoint(this.#text.codePointAt(this.#at) as number);
        this.#at += point.length;
        this.#atomOf(literal(point, false));
        return;
      }
    }
  }

  #atomOf(js: string): void {
    this.#atom = this.#out.length;
    this.#out += js;
  }

  #quantifier(q: string): void {
    this.#at += q.length;
    const next = this.#text[this.#at];
    if (next === "+") {
      // Possessive: matched once and for all, as an atomic group.
      this.#at++;
      const body = this.#out.slice(this.#atom);
      this.#out = this.#out.slice(0, this.#atom) + this.#atomic(`${body}${q}`);
      return;
    }
    this.#out += q;
    if (next === "?") {
      this.#at++;
      this.#out += "?";
    }
  }

  /** A look-ahead that captures and a reference to it: JavaScript does not go back into look-aheads. */
  #atomic(body: string): string {
    const plain = body.replace(/\\[^0-9k]/g, "").replace(/\[[^\]]*\]/g, "");
    const inside = plain.match(/\((?!\?)|\(\?<[a-zA-Z]/g)?.length ?? 0;
    if (inside > 0 && /\\[0-9k]/.test(plain)) throw new SyntaxError("references inside an atomic group");
    // Our own group opens before those inside it, which count from there on.
    const number = ++this.#jsGroups - inside;
    for (const [i, group] of this.#groups.entries()) if (group >= number) this.#groups[i] = group + 1;
    return `(?:(?=(${body}))\\${number})`;
  }

  #group(): void {
    const rest = this.#text.slice(this.#at);
    const flags = /^\(\?([a-zA-Z]*)(?:-([a-zA-Z]*))?([:)])/.exec(rest);
    if (flags !== null && (flags[1] !== "" || flags[2] !== undefined)) {
      if (flags[3] === ":" || this.#out !== "") throw new SyntaxError("flags inside a pattern");
      for (const f of flags[1] as string) {
        if (f in this.#flags) this.#flags = { ...this.#flags, [f]: true };
        else if (f !== "u" && f !== "d" && f !== "U") throw new SyntaxError(`unknown flag ${f}`);
      }
      this.#at += flags[0].length;
      return;
    }
    const start = this.#out.length;
    const groupsBefore = this.#groups.length;
    for (const form of ["(?:", "(?=", "(?!", "(?<=", "(?<!"]) {
      if (!rest.startsWith(form)) continue;
      this.#at += form.length;
      this.#out += form;
      this.#open.push({ start, isAtomic: false, number: 0, groupsBefore });
      return;
    }
    if (rest.startsWith("(?>")) {
      this.#at += 3;
      this.#open.push({ start, isAtomic: true, number: 0, groupsBefore });
      return;
    }
    const named = /^\(\?<([a-zA-Z][a-zA-Z0-9]*)>/.exec(rest);
    if (named === null && rest.startsWith("(?")) throw new SyntaxError("unknown group");
    const opening = named?.[0] ?? "(";
    this.#at += opening.length;
    this.#out += opening;
    const number = ++this.#jsGroups;
    this.#groups.push(number);
    this.#open.push({ start, isAtomic: false, number, groupsBefore });
  }

  #close(): void {
    const open = this.#open.pop();
    if (open === undefined) throw new SyntaxError("unmatched )");
    this.#at++;
    if (open.isAtomic) {
      const body = this.#out.slice(open.start);
      this.#out = this.#out.slice(0, open.start) + this.#atomic(body);
    } else this.#out += ")";
    this.#atom = open.start;
  }

  #escape(): void {
    const next = this.#text[this.#at + 1];
    if (next === undefined) throw new SyntaxError("\\ at the end");
    if (next === "Q") {
      const end = this.#text.indexOf("\\E", this.#at + 2);
      const quoted = this.#text.slice(this.#at + 2, end < 0 ? undefined : end);
      this.#at = end < 0 ? this.#text.length : end + 2;
      for (const c of quoted) this.#atomOf(literal(c, false));
      return;
    }
    if (next === "E") {
      this.#at += 2;
      return;
    }
    const anchors: Readonly<Record<string, string>> = {
      A: "(?<![\\s\\S])",
      z: "(?![\\s\\S])",
      Z: AT_END,
      b: "\\b",
      B: "\\B",
      R: LINE_END,
    };
    const anchor = anchors[next];
    if (anchor !== undefined) {
      this.#at += 2;
      this.#atomOf(anchor);
      return;
    }
    if (next === "G" || next === "X" || next === "N") throw new SyntaxError(`\\${next} is not known here`);
    if (next === "k") {
      const name = /^\\k<([a-zA-Z][a-zA-Z0-9]*)>/.exec(this.#text.slice(this.#at));
      if (name === null) throw new SyntaxError("\\k without a name");
      this.#at += name[0].length;
      this.#atomOf(name[0]);
      return;
    }
    if (next >= "1" && next <= "9") {
      // As many digits as make a group that exists.
      let digits = next;
      this.#at += 2;
      for (
        let d = this.#text[this.#at];
        d !== undefined && /\d/.test(d) && Number(digits + d) < this.#groups.length;
        d = this.#text[this.#at]
      ) {
        digits += d;
        this.#at++;
      }
      const group = this.#groups[Number(digits)];
      this.#atomOf(group === undefined ? "(?!)" : `(?:\\${group})`);
      return;
    }
    const item = this.#escapedItem(false);
    this.#atomOf(item.isSet ? `[${item.js}]` : item.js);
  }

  /** An escape that stands for a character or a set of them; `js` fits inside a class. */
  #escapedItem(isInClass: boolean): { readonly js: string; readonly isSet: boolean } {
    const rest = this.#text.slice(this.#at);
    const c = rest[1] as string;
    const lower = c.toLowerCase();
    if (CLASSES[lower] !== undefined && /[dwshvDWSHV]/.test(c)) {
      this.#at += 2;
      return { js: c === lower ? (CLASSES[lower] as string) : `[^${CLASSES[lower]}]`, isSet: true };
    }
    if (c === "p" || c === "P") {
      const property = /^\\[pP](?:\{(\^?)([\w=]+)\}|([A-Z]))/.exec(rest);
      if (property === null) throw new SyntaxError("unknown property");
      this.#at += property[0].length;
      const negated = (c === "P") !== (property[1] === "^");
      const set = propertySet((property[2] ?? property[3]) as string);
      return { js: negated ? `[^${set}]` : set, isSet: true };
    }
    const code = /^\\(?:x([\da-fA-F]{2})|x\{([\da-fA-F]+)\}|u([\da-fA-F]{4})|0([0-3]?[0-7]{1,2})|c(.))/s.exec(
      rest,
    );
    if (code !== null) {
      this.#at += code[0].length;
      const hex = code[1] ?? code[2] ?? code[3];
      const point =
        hex !== undefined
          ? Number.parseInt(hex, 16)
          : code[4] !== undefined
            ? Number.parseInt(code[4], 8)
            : (code[5] as string).charCodeAt(0) ^ 64;
      return { js: `\\u{${point.toString(16)}}`, isSet: false };
    }
    const control = (
      { t: "\\t", n: "\\n", r: "\\r", f: "\\f", a: "\\x07", e: "\\x1b" } as Record<string, string>
    )[c];
    if (control !== undefined) {
      this.#at += 2;
      return { js: control, isSet: false };
    }
    if (/[a-zA-Z]/.test(c)) throw new SyntaxError(`unknown escape \\${c}`);
    const point = String.fromCodePoint(rest.codePointAt(1) as number);
    this.#at += 1 + point.length;
    return { js: literal(point, isInClass), isSet: false };
  }

  /** A class, from `[` to its `]`; unions nest, intersections are wrapped. */
  #class(): string {
    this.#at++;
    let negated = "";
    if (this.#text[this.#at] === "^") {
      negated = "^";
      this.#at++;
    }
    const sides: string[] = [];
    let side = "";
    let isFirst = true;
    for (;;) {
      const c = this.#text[this.#at];
      if (c === undefined) throw new SyntaxError("unclosed class");
      if (c === "]" && !isFirst) {
        this.#at++;
        break;
      }
      isFirst = false;
      if (c === "[") side += this.#class();
      else if (c === "&" && this.#text[this.#at + 1] === "&") {
        this.#at += 2;
        sides.push(side);
        side = "";
      } else side += this.#classItem();
    }
    if (sides.length === 0) return `[${negated}${side}]`;
    return `[${negated}${[...sides, side].map((s) => `[${s}]`).join("&&")}]`;
  }

  #classItem(): string {
    const first = this.#classAtom();
    if (first.isSet || this.#text[this.#at] !== "-") return first.js;
    const after = this.#text[this.#at + 1];
    if (after === undefined || after === "]" || after === "[") return first.js;
    this.#at++;
    const last = this.#classAtom();
    return last.isSet ? `${first.js}\\-${last.js}` : `${first.js}-${last.js}`;
  }

  #classAtom(): { readonly js: string; readonly isSet: boolean } {
    if (this.#text[this.#at] === "\\") {
      if (this.#text[this.#at + 1] === "Q") {
        const end = this.#text.indexOf("\\E", this.#at + 2);
        if (end < 0) throw new SyntaxError("\\Q without \\E");
        const quoted = [...this.#text.slice(this.#at + 2, end)].map((c) => literal(c, true)).join("");
        this.#at = end + 2;
        return { js: quoted, isSet: true };
      }
      return this.#escapedItem(true);
    }
    const point = String.fromCodePoint(this.#text.codePointAt(this.#at) as number);
    this.#at += point.length;
    return { js: literal(point, true), isSet: false };
  }
}

/** A character that stands for itself: classes reserve more of them. */
function literal(c: string, isInClass: boolean): string {
  const reserved = isInClass ? /[\^$\\.*+?()[\]{}|/\-&!#%,:;<=>@`~]/ : /[\^$\\.*+?()[\]{}|/]/;
  return reserved.test(c) ? `\\${c}` : c;
}

function propertySet(name: string): string {
  const known = PROPERTIES[name];
  if (known !== undefined) return known;
  const general = /^(?:Is|general_category=|gc=)?([A-Z][a-z]?)$/.exec(name);
  if (general !== null) return `\\p{${general[1]}}`;
  const script = /^(?:Is|script=|sc=)([A-Z][A-Za-z_]+)$/.exec(name);
  if (script !== null) return `\\p{Script=${script[1]}}`;
  throw new SyntaxError(`unknown property ${name}`);
}

/**
 * Whether DuckDB's engine (RE2) finds the same as Java's: letters, digits, spaces, plain classes, groups, alternatives
 * and greedy quantifiers, no anchors that treat line ends differently, nothing with flags, references or look-around.
 */
export function isPlainRegex(pattern: string): boolean {
  if (!/^[\x20-\x7e]*$/.test(pattern)) return false;
  const bare = pattern.replace(/\\[.\\+*?()[\]{}|^$\-/]/g, "a").replace(/\\[dw]/g, "a");
  if (bare.includes("\\") || bare.includes("(?") || bare.includes("$") || bare.includes(".")) return false;
  if (/[*+?}][+]/.test(bare) || /\{(?!\d)/.test(bare) || /\{\d{4,}/.test(bare)) return false;
  // Inside classes: no nested ones, no intersections, no POSIX names.
  return !/\[[^\]]*(\[|&&)/.test(bare) && javaRegex(pattern) !== undefined;
}
