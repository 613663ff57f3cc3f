import { textOfNode, type XmlNode } from "./xml-parse.ts";

/** The text is no XPath, or asks for what there is not. */
export class XPathError extends Error {}

export type XPathValue = string | number | boolean | readonly XmlNode[];

interface Context {
  readonly node: XmlNode;
  readonly position: number;
  readonly size: number;
}
export type XPath = (context: Context) => XPathValue;
type Step = (nodes: readonly XmlNode[]) => readonly XmlNode[];

const TOKEN =
  /\s*(?:(\d+(?:\.\d*)?|\.\d+)|("[^"]*"|'[^']*')|(\/\/|::|\.\.|!=|<=|>=|[()[\].@,/|+\-=<>*$])|([\p{L}_][\p{L}\p{N}_.-]*(?::(?!:)(?:\*|[\p{L}_][\p{L}\p{N}_.-]*))?))/uy;

interface Token {
  readonly kind: "number" | "text" | "sign" | "name" | "operator" | "end";
  readonly text: string;
}

function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const text = source.trimEnd();
  while (TOKEN.lastIndex < text.length) {
    const from = TOKEN.lastIndex;
    const m = TOKEN.exec(text);
    if (m === null) throw new XPathError(`unknown sign at ${from}`);
    const last = tokens.at(-1);
    // After a value a name or `*` is an operator.
    const afterValue =
      last !== undefined &&
      last.kind !== "operator" &&
      (last.kind !== "sign" || [")", "]", ".", ".."].includes(last.text));
    if (m[1] !== undefined) tokens.push({ kind: "number", text: m[1] });
    else if (m[2] !== undefined) tokens.push({ kind: "text", text: m[2].slice(1, -1) });
    else if (m[4] !== undefined) {
      const isOperator = afterValue && ["and", "or", "div", "mod"].includes(m[4]);
      tokens.push({ kind: isOperator ? "operator" : "name", text: m[4] });
    } else {
      const sign = m[3] as string;
      const isOperator = sign === "*" ? afterValue : /^(?:[|+\-=<>]|!=|<=|>=)$/.test(sign);
      if (sign === "*" && !isOperator) tokens.push({ kind: "name", text: "*" });
      else tokens.push({ kind: isOperator ? "operator" : "sign", text: sign });
    }
  }
  return [...tokens, { kind: "end", text: "" }];
}

export function compileXPath(source: string): XPath {
  const parser = new Parser(tokenize(source));
  return parser.whole();
}

const LEVELS: readonly (readonly string[])[] = [
  ["or"],
  ["and"],
  ["=", "!="],
  ["<", "<=", ">", ">="],
  ["+", "-"],
  ["*", "div", "mod"],
];

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): XPath {
    const e = this.#binary(0);
    if (this.#peek().kind !== "end") throw this.#error();
    return e;
  }

  #peek(offset = 0): Token {
    return this.#tokens[Math.min(this.#at + offset, this.#tokens.length - 1)] as Token;
  }

  #is(text: string): boolean {
    const { kind, text: found } = this.#peek();
    return found === text && (kind === "sign" || kind === "operator");
  }

  #takes(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#at++;
    return true;
  }

  #expect(text: string): void {
    if (!this.#takes(text)) throw this.#error();
  }

  #error(): XPathError {
    return new XPathError(`unexpected ${this.#peek().text || "end"}`);
  }

  #binary(level: number): XPath {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const { kind, text } = this.#peek();
      if (kind !== "operator" || !operators.includes(text)) return left;
      this.#at++;
      const [a, b] = [left, this.#binary(level + 1)];
      left = (c) => operate(text, a, b, c);
    }
  }

  #unary(): XPath {
    if (this.#takes("-")) {
      const e = this.#unary();
      return (c) => -numberOf(e(c));
    }
    let left = this.#path();
    while (this.#takes("|")) {
      const [a, b] = [left, this.#path()];
      left = (c) => inOrder([...nodesOf(a(c)), ...nodesOf(b(c))]);
    }
    return left;
  }

  #path(): XPath {
    const { kind, text } = this.#peek();
    const isCall =
      kind === "name" && this.#peek(1).text === "(" && !NODE_TESTS.has(text) && this.#peek(1).kind === "sign";
    if (kind === "number" || kind === "text" || text === "(" || isCall) {
      let e = this.#primary();
      const predicates = this.#predicates();
      if (predicates.length > 0) {
        const inner = e;
        e = (c) => predicates.reduce((nodes, p) => p(nodes), nodesOf(inner(c)));
      }
      if (!this.#is("/") && !this.#is("//")) return e;
      const [start, steps] = [e, this.#steps()];
      return (c) => steps.reduce((nodes, step) => step(nodes), nodesOf(start(c)));
    }
    const isAbsolute = this.#is("/") || this.#is("//");
    const steps: Step[] = [];
    if (!isAbsolute) steps.push(this.#step());
    else if (this.#is("/") && !this.#startsStep(1)) {
      this.#at++;
      return (c) => [rootOf(c.node)];
    }
    steps.push(...this.#steps());
    return (c) =>
      steps.reduce((nodes, step) => step(nodes), [
        isAbsolute ? rootOf(c.node) : c.node,
      ] as readonly XmlNode[]);
  }

  #startsStep(offset: number): boolean {
    const { kind, text } = this.#peek(offset);
    return kind === "name" || text === "@" || text === "." || text === "..";
  }

  /** `/step//step` */
  #steps(): Step[] {
    const steps: Step[] = [];
    for (;;) {
      if (this.#takes("//")) {
        steps.push((nodes) => inOrder(nodes.flatMap((n) => AXES["descendant-or-self"]?.(n) ?? [])));
        steps.push(this.#step());
      } else if (this.#takes("/")) steps.push(this.#step());
      else return steps;
    }
  }

  #step(): Step {
    if (this.#takes(".."))
      return (nodes) => inOrder(nodes.flatMap((n) => (n.parent === undefined ? [] : [n.parent])));
    if (this.#takes(".")) return (nodes) => nodes;
    let axis = "child";
    if (this.#takes("@")) axis = "attribute";
    else if (this.#peek().kind === "name" && this.#peek(1).text === "::") {
      axis = this.#peek().text;
      this.#at += 2;
    }
    const along = AXES[axis];
    if (along === undefined) throw this.#error();
    const test = this.#nodeTest(axis);
    const predicates = this.#predicates();
    return (nodes) =>
      inOrder(
        nodes.flatMap((n) =>
          predicates.reduce((found, p) => p(found), along(n).filter(test) as readonly XmlNode[]),
        ),
      );
  }

  #nodeTest(axis: string): (node: XmlNode) => boolean {
    const { kind, text } = this.#peek();
    if (kind !== "name") throw this.#error();
    this.#at++;
    if (this.#is("(")) {
      this.#at++;
      if (text === "processing-instruction" && this.#peek().kind === "text") this.#at++;
      this.#expect(")");
      const wanted = NODE_TESTS.get(text);
      if (wanted === undefined) throw this.#error();
      return (n) => wanted === "" || n.kind === wanted;
    }
    if (text.includes(":")) throw new XPathError(`no namespace for ${text}`);
    const principal = axis === "attribute" ? "attribute" : "element";
    return (n) => n.kind === principal && (text === "*" || n.name.replace(/^.*:/, "") === text);
  }

  #predicates(): Step[] {
    const out: Step[] = [];
    while (this.#takes("[")) {
      const e = this.#binary(0);
      this.#expect("]");
      out.push((nodes) =>
        nodes.filter((node, i) => {
          const value = e({ node, position: i + 1, size: nodes.length });
          return typeof value === "number" ? value === i + 1 : booleanOf(value);
        }),
      );
    }
    return out;
  }

  #primary(): XPath {
    const { kind, text } = this.#peek();
    this.#at++;
    if (kind === "number") return () => Number(text);
    if (kind === "text") return () => text;
    if (kind === "sign") {
      const e = this.#binary(0);
      this.#expect(")");
      return e;
    }
    this.#expect("(");
    const args: XPath[] = [];
    if (!this.#is(")"))
      do args.push(this.#binary(0));
      while (this.#takes(","));
    this.#expect(")");
    const call = FUNCTIONS[text];
    if (call === undefined) throw new XPathError(`no function ${text}`);
    const [least, most, run] = call;
    if (args.length < least || args.length > most) throw new XPathError(`arguments of ${text}`);
    return (c) =>
      run(
        c,
        args.map((a) => a(c)),
      );
  }
}

const NODE_TESTS: ReadonlyMap<string, string> = new Map([
  ["text", "text"],
  ["node", ""],
  ["comment", "comment"],
  ["processing-instruction", "instruction"],
]);

function descendants(node: XmlNode): readonly XmlNode[] {
  const out: XmlNode[] = [];
  const stack = [...node.children].reverse();
  for (let n = stack.pop(); n !== undefined; n = stack.pop()) {
    out.push(n);
    stack.push(...[...n.children].reverse());
  }
  return out;
}

function ancestors(node: XmlNode): readonly XmlNode[] {
  const out: XmlNode[] = [];
  for (let n = node.parent; n !== undefined; n = n.parent) out.push(n);
  return out;
}

function siblings(node: XmlNode): readonly XmlNode[] {
  return node.kind === "attribute" ? [] : (node.parent?.children ?? []);
}

/** Nodes in the order of the axis, reverse ones nearest first. */
const AXES: Readonly<Record<string, (node: XmlNode) => readonly XmlNode[]>> = {
  child: (n) => n.children,
  attribute: (n) => n.attributes,
  self: (n) => [n],
  parent: (n) => (n.parent === undefined ? [] : [n.parent]),
  descendant: descendants,
  "descendant-or-self": (n) => [n, ...descendants(n)],
  ancestor: ancestors,
  "ancestor-or-self": (n) => [n, ...ancestors(n)],
  "following-sibling": (n) => siblings(n).filter((s) => s.order > n.order),
  "preceding-sibling": (n) => [...siblings(n).filter((s) => s.order < n.order)].reverse(),
  following: (n) => {
    const inside = new Set(descendants(n));
    return descendants(rootOf(n)).filter((d) => d.order > n.order && !inside.has(d));
  },
  preceding: (n) => {
    const above = new Set(ancestors(n));
    return descendants(rootOf(n))
      .filter((d) => d.order < n.order && !above.has(d))
      .reverse();
  },
};

function rootOf(node: XmlNode): XmlNode {
  let n = node;
  while (n.parent !== undefined) n = n.parent;
  return n;
}

function inOrder(nodes: readonly XmlNode[]): readonly XmlNode[] {
  return [...new Set(nodes)].sort((a, b) => a.order - b.order);
}

export function nodesOf(value: XPathValue): readonly XmlNode[] {
  if (typeof value !== "object") throw new XPathError("a value is no set of nodes");
  return value;
}

export function textOf(value: XPathValue): string {
  if (typeof value === "object") return value[0] === undefined ? "" : textOfNode(value[0]);
  if (typeof value !== "number") return String(value);
  return Object.is(value, -0) ? "0" : plainNumber(value);
}

/** Without an exponent. */
function plainNumber(value: number): string {
  const text = String(value);
  if (!text.includes("e")) return text;
  return Math.abs(value) >= 1 ? BigInt(value).toString() : value.toFixed(20).replace(/0+$/, "");
}

export function numberOf(value: XPathValue): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  const text = textOf(value).trim();
  return /^-?(?:\d+(?:\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
}

export function booleanOf(value: XPathValue): boolean {
  if (typeof value === "object") return value.length > 0;
  return typeof value === "number"
    ? value !== 0 && !Number.isNaN(value)
    : value === true || (value !== false && value !== "");
}

function operate(operator: string, left: XPath, right: XPath, c: Context): XPathValue {
  if (operator === "or") return booleanOf(left(c)) || booleanOf(right(c));
  if (operator === "and") return booleanOf(left(c)) && booleanOf(right(c));
  const [a, b] = [left(c), right(c)];
  switch (operator) {
    case "+":
      return numberOf(a) + numberOf(b);
    case "-":
      return numberOf(a) - numberOf(b);
    case "*":
      return numberOf(a) * numberOf(b);
    case "div":
      return numberOf(a) / numberOf(b);
    case "mod":
      return numberOf(a) % numberOf(b);
    default:
      return compare(operator, a, b);
  }
}

/** A set of nodes compares as any of its texts. */
function compare(operator: string, a: XPathValue, b: XPathValue): boolean {
  if (typeof a === "object" && typeof b !== "boolean")
    return a.some((n) => compare(operator, textOfNode(n), b));
  if (typeof b === "object" && typeof a !== "boolean")
    return b.some((n) => compare(operator, a, textOfNode(n)));
  if (operator === "=" || operator === "!=") {
    const equal =
      typeof a === "boolean" || typeof b === "boolean"
        ? booleanOf(a) === booleanOf(b)
        : typeof a === "number" || typeof b === "number"
          ? numberOf(a) === numberOf(b)
          : a === b;
    return equal === (operator === "=");
  }
  const [x, y] = [numberOf(a), numberOf(b)];
  if (operator === "<") return x < y;
  if (operator === "<=") return x <= y;
  return operator === ">" ? x > y : x >= y;
}

type Run = (c: Context, args: readonly XPathValue[]) => XPathValue;

/** The argument's text, or that of the node itself. */
const own = (c: Context, args: readonly XPathValue[]): XPathValue => args[0] ?? [c.node];
const text = (args: readonly XPathValue[], i: number): string => textOf(args[i] as XPathValue);
const number = (args: readonly XPathValue[], i: number): number => numberOf(args[i] as XPathValue);

const FUNCTIONS: Readonly<Record<string, readonly [least: number, most: number, run: Run]>> = {
  last: [0, 0, (c) => c.size],
  position: [0, 0, (c) => c.position],
  count: [1, 1, (_, a) => nodesOf(a[0] as XPathValue).length],
  id: [1, 1, () => []],
  name: [0, 1, (c, a) => nodesOf(own(c, a))[0]?.name ?? ""],
  "local-name": [0, 1, (c, a) => nodesOf(own(c, a))[0]?.name.replace(/^.*:/, "") ?? ""],
  "namespace-uri": [0, 1, () => ""],
  string: [0, 1, (c, a) => textOf(own(c, a))],
  concat: [2, 1000, (_, a) => a.map(textOf).join("")],
  "starts-with": [2, 2, (_, a) => text(a, 0).startsWith(text(a, 1))],
  contains: [2, 2, (_, a) => text(a, 0).includes(text(a, 1))],
  "substring-before": [
    2,
    2,
    (_, a) => {
      const at = text(a, 0).indexOf(text(a, 1));
      return at < 0 ? "" : text(a, 0).slice(0, at);
    },
  ],
  "substring-after": [
    2,
    2,
    (_, a) => {
      const at = text(a, 0).indexOf(text(a, 1));
      return at < 0 ? "" : text(a, 0).slice(at + text(a, 1).length);
    },
  ],
  substring: [
    2,
    3,
    (_, a) => {
      const from = Math.round(number(a, 1));
      const to = a.length < 3 ? Number.POSITIVE_INFINITY : from + Math.round(number(a, 2));
      return [...text(a, 0)].filter((_c, i) => i + 1 >= from && i + 1 < to).join("");
    },
  ],
  "string-length": [0, 1, (c, a) => [...textOf(own(c, a))].length],
  "normalize-space": [
    0,
    1,
    (c, a) =>
      textOf(own(c, a))
        .trim()
        .replace(/[ \t\r\n]+/g, " "),
  ],
  translate: [
    3,
    3,
    (_, a) => {
      const [from, to] = [[...text(a, 1)], [...text(a, 2)]];
      return [...text(a, 0)].map((ch) => (from.includes(ch) ? (to[from.indexOf(ch)] ?? "") : ch)).join("");
    },
  ],
  boolean: [1, 1, (_, a) => booleanOf(a[0] as XPathValue)],
  not: [1, 1, (_, a) => !booleanOf(a[0] as XPathValue)],
  true: [0, 0, () => true],
  false: [0, 0, () => false],
  lang: [1, 1, () => false],
  number: [0, 1, (c, a) => numberOf(own(c, a))],
  sum: [1, 1, (_, a) => nodesOf(a[0] as XPathValue).reduce((sum, n) => sum + numberOf([n]), 0)],
  floor: [1, 1, (_, a) => Math.floor(number(a, 0))],
  ceiling: [1, 1, (_, a) => Math.ceil(number(a, 0))],
  round: [1, 1, (_, a) => Math.floor(number(a, 0) + 0.5)],
};
