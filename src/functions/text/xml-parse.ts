/** The text is no XML. */
export class XmlSyntaxError extends Error {}

/** A node as XPath sees it; names keep their prefixes. */
export interface XmlNode {
  readonly kind: "root" | "element" | "attribute" | "text" | "comment" | "instruction";
  readonly name: string;
  /** Of what has no children. */
  readonly value: string;
  readonly parent: XmlNode | undefined;
  readonly children: XmlNode[];
  readonly attributes: XmlNode[];
  /** Place in the document. */
  readonly order: number;
  /** Text that stood in CDATA. */
  readonly isRaw?: boolean;
}

const NAME = /[\p{L}_:][\p{L}\p{N}_:.\-·]*/uy;
const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
const MAX_DEPTH = 1000;

/** Reads a document. `prefix`: what follows its one element is not looked at. Throws XmlSyntaxError. */
export function parseXml(text: string, prefix = false): XmlNode {
  return new XmlReader(text).document(prefix);
}

class XmlReader {
  readonly #text: string;
  #at = 0;
  #order = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(prefix: boolean): XmlNode {
    const root = this.#node("root", "", "", undefined);
    const open: XmlNode[] = [root];
    let hasElement = false;
    while (this.#at < this.#text.length) {
      const parent = open[open.length - 1] as XmlNode;
      if (open.length === 1 && hasElement && prefix) return root;
      if (this.#text[this.#at] !== "<") this.#characters(parent);
      else if (this.#takes("<!--")) this.#until("-->", "comment", parent);
      else if (this.#takes("<![CDATA[")) {
        if (parent.kind === "root") throw this.#error("text outside of the element");
        this.#until("]]>", "text", parent, true);
      } else if (this.#takes("<?")) this.#instruction(parent);
      else if (this.#takes("<!")) this.#documentType(parent.kind === "root" && !hasElement);
      else if (this.#takes("</")) {
        const name = this.#name();
        this.#space();
        if (parent.kind !== "element" || name !== parent.name || !this.#takes(">"))
          throw this.#error("an end that has no beginning");
        open.pop();
      } else {
        if (parent.kind === "root" && hasElement) throw this.#error("a second element");
        hasElement = true;
        const element = this.#start(parent);
        if (element !== undefined) open.push(element);
        if (open.length > MAX_DEPTH) throw this.#error("nested too deep");
      }
    }
    if (open.length > 1 || !hasElement) throw this.#error("the document ends too early");
    return root;
  }

  #node(
    kind: XmlNode["kind"],
    name: string,
    value: string,
    parent: XmlNode | undefined,
    isRaw = false,
  ): XmlNode {
    const node: XmlNode = {
      kind,
      name,
      value,
      parent,
      children: [],
      attributes: [],
      order: this.#order++,
      ...(isRaw ? { isRaw } : {}),
    };
    return node;
  }

  /** The element that a tag opens; undefined when the tag closes it too. */
  #start(parent: XmlNode): XmlNode | undefined {
    this.#at++;
    const element = this.#node("element", this.#name(), "", parent);
    parent.children.push(element);
    for (;;) {
      const spaced = this.#space();
      if (this.#takes("/>")) return undefined;
      if (this.#takes(">")) return element;
      if (!spaced) throw this.#error("no space before an attribute");
      const name = this.#name();
      this.#space();
      if (!this.#takes("=")) throw this.#error("an attribute without a value");
      this.#space();
      const quote = this.#text[this.#at];
      const end = quote === '"' || quote === "'" ? this.#text.indexOf(quote, this.#at + 1) : -1;
      const value = this.#text.slice(this.#at + 1, end);
      if (end < 0 || value.includes("<") || element.attributes.some((a) => a.name === name))
        throw this.#error("an attribute");
      element.attributes.push(
        this.#node("attribute", name, this.#decoded(value.replace(/\s/g, " ")), element),
      );
      this.#at = end + 1;
    }
  }

  #characters(parent: XmlNode): void {
    const next = this.#text.indexOf("<", this.#at);
    const end = next < 0 ? this.#text.length : next;
    const text = this.#text.slice(this.#at, end);
    if (parent.kind !== "root") parent.children.push(this.#node("text", "", this.#decoded(text), parent));
    else if (text.trim() !== "") throw this.#error("text outside of the element");
    this.#at = end;
  }

  #decoded(text: string): string {
    const plain = text.replace(/\r\n?/g, "\n");
    if (!plain.includes("&")) return plain;
    return plain.replace(/&([^;]*)(;?)/g, (_, name: string, end: string) => {
      const code = /^#(\d+)$/.exec(name)?.[1] ?? /^#(x[\da-fA-F]+)$/.exec(name)?.[1];
      const found =
        code === undefined
          ? ENTITIES[name]
          : String.fromCodePoint(Number(code.startsWith("x") ? `0${code}` : code));
      if (found === undefined || end === "") throw this.#error("an unknown entity");
      return found;
    });
  }

  #until(end: string, kind: "comment" | "text", parent: XmlNode, isRaw = false): void {
    const at = this.#text.indexOf(end, this.#at);
    if (at < 0) throw this.#error(`${end} is missing`);
    parent.children.push(this.#node(kind, "", this.#text.slice(this.#at, at), parent, isRaw));
    this.#at = at + end.length;
  }

  /** Only one that declares nothing of its own. */
  #documentType(isAllowed: boolean): void {
    const end = this.#text.indexOf(">", this.#at);
    const content = this.#text.slice(this.#at, end);
    if (!isAllowed || end < 0 || !content.startsWith("DOCTYPE") || content.includes("["))
      throw this.#error("a document type");
    this.#at = end + 1;
  }

  #instruction(parent: XmlNode): void {
    const at = this.#text.indexOf("?>", this.#at);
    if (at < 0) throw this.#error("?> is missing");
    const [name = "", ...rest] = this.#text.slice(this.#at, at).split(/\s+/);
    if (name.toLowerCase() !== "xml")
      parent.children.push(this.#node("instruction", name, rest.join(" "), parent));
    else if (this.#at !== 2) throw this.#error("a declaration that is not at the beginning");
    this.#at = at + 2;
  }

  #name(): string {
    NAME.lastIndex = this.#at;
    const name = NAME.exec(this.#text)?.[0];
    if (name === undefined) throw this.#error("a name is missing");
    this.#at += name.length;
    return name;
  }

  #space(): boolean {
    const from = this.#at;
    while (" \t\r\n".includes(this.#text[this.#at] ?? "x")) this.#at++;
    return this.#at > from;
  }

  #takes(what: string): boolean {
    if (!this.#text.startsWith(what, this.#at)) return false;
    this.#at += what.length;
    return true;
  }

  #error(what: string): XmlSyntaxError {
    return new XmlSyntaxError(`${what} at ${this.#at}`);
  }
}

/** All text in a node, as XPath's `string()`. */
export function textOfNode(node: XmlNode): string {
  if (node.kind !== "root" && node.kind !== "element") return node.value;
  let text = "";
  const stack = [...node.children].reverse();
  for (let n = stack.pop(); n !== undefined; n = stack.pop()) {
    if (n.kind === "text") text += n.value;
    else if (n.kind === "element") stack.push(...[...n.children].reverse());
  }
  return text;
}
