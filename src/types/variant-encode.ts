/** Writes a JSON text in Spark's binary form of variants, as `parse_json` does. Throws SyntaxError for what is no JSON. */
export function encodeVariantJson(text: string): {
  readonly value: Uint8Array;
  readonly metadata: Uint8Array;
} {
  const keys = new Map<string, number>();
  const parser = new JsonParser(text, keys);
  const value = Uint8Array.from(parser.whole());
  return { value, metadata: Uint8Array.from(dictionary([...keys.keys()])) };
}

const encoder = new TextEncoder();
const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;
const MAX_PRECISION = 38;
const MAX_SHORT_STRING = 63;
/** As deep as Spark's own parser goes. */
const MAX_DEPTH = 1000;

function dictionary(keys: readonly string[]): number[] {
  const texts = keys.map((key) => encoder.encode(key));
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  const size = bytesFor(Math.max(length, keys.length));
  const offsets = [0];
  for (const text of texts) offsets.push((offsets.at(-1) as number) + text.length);
  return [
    1 | ((size - 1) << 6),
    ...little(keys.length, size),
    ...offsets.flatMap((offset) => little(offset, size)),
    ...texts.flatMap((text) => [...text]),
  ];
}

function bytesFor(value: number): number {
  if (value <= 0xff) return 1;
  if (value <= 0xffff) return 2;
  return value <= 0xff_ffff ? 3 : 4;
}

function little(value: number | bigint, size: number): number[] {
  let rest = BigInt.asUintN(size * 8, BigInt(value));
  return Array.from({ length: size }, () => {
    const byte = Number(rest & 0xffn);
    rest >>= 8n;
    return byte;
  });
}

class JsonParser {
  readonly #text: string;
  readonly #keys: Map<string, number>;
  #at = 0;
  #depth = 0;

  constructor(text: string, keys: Map<string, number>) {
    this.#text = text;
    this.#keys = keys;
  }

  whole(): number[] {
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) throw this.#error();
    return value;
  }

  #value(): number[] {
    this.#space();
    switch (this.#text[this.#at]) {
      case "{":
        return this.#nested(() => this.#object());
      case "[":
        return this.#nested(() => this.#array());
      case '"':
        return stringBytes(this.#string());
      case "t":
        return this.#word("true", 1);
      case "f":
        return this.#word("false", 2);
      case "n":
        return this.#word("null", 0);
      default:
        return this.#number();
    }
  }

  #nested(read: () => number[]): number[] {
    this.#depth++;
    if (this.#depth > MAX_DEPTH) throw new SyntaxError(`JSON is nested more than ${MAX_DEPTH} levels deep`);
    const bytes = read();
    this.#depth--;
    return bytes;
  }

  #object(): number[] {
    const fields = new Map<string, number[]>();
    this.#at++;
    this.#space();
    if (!this.#accept("}")) {
      do {
        this.#space();
        const key = this.#string();
        this.#space();
        this.#expect(":");
        if (fields.has(key)) throw new SyntaxError(`the key ${JSON.stringify(key)} comes twice in an object`);
        if (!this.#keys.has(key)) this.#keys.set(key, this.#keys.size);
        fields.set(key, this.#value());
        this.#space();
      } while (this.#accept(","));
      this.#expect("}");
    }
    const offsets = new Map<string, number>();
    let length = 0;
    for (const [key, bytes] of fields) {
      offsets.set(key, length);
      length += bytes.length;
    }
    // Fields are found by key, so their ids stand in the order of keys; the values stay where they were written.
    const sorted = [...fields.keys()].sort((a, b) => (a < b ? -1 : 1));
    const ids = sorted.map((key) => this.#keys.get(key) as number);
    const idSize = bytesFor(Math.max(0, ...ids));
    const offsetSize = bytesFor(length);
    const isLarge = fields.size > 0xff;
    const header = 2 | ((offsetSize - 1) << 2) | ((idSize - 1) << 4) | ((isLarge ? 1 : 0) << 6);
    return [
      header,
      ...little(fields.size, isLarge ? 4 : 1),
      ...ids.flatMap((id) => little(id, idSize)),
      ...sorted.flatMap((key) => little(offsets.get(key) as number, offsetSize)),
      ...little(length, offsetSize),
      ...[...fields.values()].flat(),
    ];
  }

  #array(): number[] {
    const items: number[][] = [];
    this.#at++;
    this.#space();
    if (!this.#accept("]")) {
      do {
        items.push(this.#value());
        this.#space();
      } while (this.#accept(","));
      this.#expect("]");
    }
    const offsets = [0];
    for (const item of items) offsets.push((offsets.at(-1) as number) + item.length);
    const offsetSize = bytesFor(offsets.at(-1) as number);
    const isLarge = items.length > 0xff;
    return [
      3 | ((offsetSize - 1) << 2) | ((isLarge ? 1 : 0) << 4),
      ...little(items.length, isLarge ? 4 : 1),
      ...offsets.flatMap((offset) => little(offset, offsetSize)),
      ...items.flat(),
    ];
  }

  #word(word: string, type: number): number[] {
    if (!this.#text.startsWith(word, this.#at)) throw this.#error();
    this.#at += word.length;
    return [type << 2];
  }

  #string(): string {
    const pattern = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) throw this.#error();
    this.#at += match[0].length;
    return JSON.parse(match[0]) as string;
  }

  #number(): number[] {
    const pattern = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) throw this.#error();
    this.#at += match[0].length;
    const [text, fraction, exponent] = match;
    if (exponent === undefined) {
      const scale = fraction === undefined ? 0 : fraction.length - 1;
      const unscaled = BigInt(text.replace(".", ""));
      if (fraction === undefined && unscaled >= LONG_MIN && unscaled <= LONG_MAX) return wholeBytes(unscaled);
      const precision = (unscaled < 0n ? -unscaled : unscaled).toString().length;
      if (precision <= MAX_PRECISION && scale <= MAX_PRECISION)
        return decimalBytes(unscaled, scale, precision);
    }
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, Number(text), true);
    return [7 << 2, ...bytes];
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

function stringBytes(text: string): number[] {
  const bytes = encoder.encode(text);
  return bytes.length <= MAX_SHORT_STRING
    ? [1 | (bytes.length << 2), ...bytes]
    : [16 << 2, ...little(bytes.length, 4), ...bytes];
}

function wholeBytes(value: bigint): number[] {
  const [type, size] =
    BigInt.asIntN(8, value) === value
      ? [3, 1]
      : BigInt.asIntN(16, value) === value
        ? [4, 2]
        : BigInt.asIntN(32, value) === value
          ? [5, 4]
          : [6, 8];
  return [type << 2, ...little(value, size)];
}

function decimalBytes(unscaled: bigint, scale: number, precision: number): number[] {
  const digits = Math.max(precision, scale);
  const [type, size] = digits <= 9 ? [8, 4] : digits <= 18 ? [9, 8] : [10, 16];
  return [type << 2, scale, ...little(unscaled, size)];
}
