import { numberNode, type VariantBytes, type VariantNode, writeVariant } from "./variant-node.ts";

/** Writes a JSON text in Spark's binary form of variants, as `parse_json` does. Throws SyntaxError for what is no JSON. */
export function encodeVariantJson(text: string): VariantBytes {
  return writeVariant(new JsonParser(text).whole());
}

/** As deep as Spark's own parser goes. */
const MAX_DEPTH = 1000;

class JsonParser {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): VariantNode {
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) throw this.#error();
    return value;
  }

  #value(): VariantNode {
    this.#space();
    switch (this.#text[this.#at]) {
      case "{":
        return this.#nested(() => this.#object());
      case "[":
        return this.#nested(() => this.#array());
      case '"':
        return { kind: "string", value: this.#string() };
      case "t":
        return this.#word("true", { kind: "boolean", value: true });
      case "f":
        return this.#word("false", { kind: "boolean", value: false });
      case "n":
        return this.#word("null", { kind: "null" });
      default:
        return this.#number();
    }
  }

  #nested(read: () => VariantNode): VariantNode {
    this.#depth++;
    if (this.#depth > MAX_DEPTH) throw new SyntaxError(`JSON is nested more than ${MAX_DEPTH} levels deep`);
    const node = read();
    this.#depth--;
    return node;
  }

  #object(): VariantNode {
    const fields = new Map<string, VariantNode>();
    this.#at++;
    this.#space();
    if (!this.#accept("}")) {
      do {
        this.#space();
        const key = this.#string();
        this.#space();
        this.#expect(":");
        if (fields.has(key)) throw new SyntaxError(`the key ${JSON.stringify(key)} comes twice in an object`);
        fields.set(key, this.#value());
        this.#space();
      } while (this.#accept(","));
      this.#expect("}");
    }
    return { kind: "object", entries: [...fields] };
  }

  #array(): VariantNode {
    const items: VariantNode[] = [];
    this.#at++;
    this.#space();
    if (!this.#accept("]")) {
      do {
        items.push(this.#value());
        this.#space();
      } while (this.#accept(","));
      this.#expect("]");
    }
    return { kind: "array", items };
  }

  #word(word: string, node: VariantNode): VariantNode {
    if (!this.#text.startsWith(word, this.#at)) throw this.#error();
    this.#at += word.length;
    return node;
  }

  #string(): string {
    const pattern = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) throw this.#error();
    this.#at += match[0].length;
    return JSON.parse(match[0]) as string;
  }

  #number(): VariantNode {
    const pattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) throw this.#error();
    this.#at += match[0].length;
    return numberNode(match[0]);
  }

  #space(): void {
    while (" \t\n\r".includes(this.#text[this.#at] ?? "x")) this.#at++;
  }

  #accept(symbol: string): boolean {
    if (this.#text[this.#at] !== symbol) return false;
    this.#at++;
    return true;
  }

  #expect(symbol: string): void {
    if (!this.#accept(symbol)) throw this.#error();
  }

  #error(): SyntaxError {
    const found = this.#text[this.#at];
    const what = found === undefined ? "the end" : JSON.stringify(found);
    return new SyntaxError(`no JSON: ${what} at position ${this.#at}`);
  }
}
