import { Decimal } from "./decimal.ts";

/** What a variant holds, with the type that it is stored as; fields in their order. */
export type VariantNode =
  | { readonly kind: "null" }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "long"; readonly value: bigint }
  | { readonly kind: "float" | "double"; readonly value: number }
  | { readonly kind: "decimal"; readonly value: Decimal }
  | { readonly kind: "string" | "uuid"; readonly value: string }
  /** Days. */
  | { readonly kind: "date"; readonly value: number }
  /** Microseconds. */
  | { readonly kind: "timestamp" | "timestamp_ntz"; readonly value: bigint }
  | { readonly kind: "binary"; readonly value: Uint8Array }
  | { readonly kind: "array"; readonly items: readonly VariantNode[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [key: string, VariantNode])[] };

export interface VariantBytes {
  readonly value: Uint8Array;
  readonly metadata: Uint8Array;
}

const encoder = new TextEncoder();
const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;
const MAX_PRECISION = 38;
const MAX_SHORT_STRING = 63;

/** A number of JSON: a long, a decimal when it has no exponent and fits, else a double. */
export function numberNode(text: string): VariantNode {
  const match = /^-?\d+(\.\d+)?$/.exec(text);
  if (match !== null) {
    const fraction = match[1];
    const scale = fraction === undefined ? 0 : fraction.length - 1;
    const unscaled = BigInt(text.replace(".", ""));
    if (fraction === undefined && unscaled >= LONG_MIN && unscaled <= LONG_MAX)
      return { kind: "long", value: unscaled };
    if (precisionOf(unscaled) <= MAX_PRECISION && scale <= MAX_PRECISION)
      return { kind: "decimal", value: new Decimal(unscaled, scale) };
  }
  return { kind: "double", value: Number(text) };
}

function precisionOf(unscaled: bigint): number {
  return (unscaled < 0n ? -unscaled : unscaled).toString().length;
}

/**
 * The binary form. With the metadata of another variant, whose keys must be all there are, the value refers to that
 * dictionary.
 */
export function writeVariant(
  node: VariantNode,
  known?: { readonly keys: readonly string[]; readonly metadata: Uint8Array },
): VariantBytes {
  const keys = new Map<string, number>(known?.keys.map((key, id) => [key, id]));
  const value = bytesOf(node, keys);
  return { value, metadata: known?.metadata ?? dictionary([...keys.keys()]) };
}

function dictionary(keys: readonly string[]): Uint8Array {
  const texts = keys.map((key) => encoder.encode(key));
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  const size = bytesFor(Math.max(length, keys.length));
  const out = new Uint8Array(1 + size * (keys.length + 2) + length);
  out[0] = 1 | ((size - 1) << 6);
  put(out, 1, keys.length, size);
  let offset = 0;
  let at = 1 + size;
  for (const text of texts) {
    put(out, at, offset, size);
    at += size;
    out.set(text, 1 + size * (keys.length + 2) + offset);
    offset += text.length;
  }
  put(out, at, offset, size);
  return out;
}

function bytesFor(value: number): number {
  if (value <= 0xff) return 1;
  if (value <= 0xffff) return 2;
  return value <= 0xff_ffff ? 3 : 4;
}

function put(out: Uint8Array, at: number, value: number, size: number): void {
  let rest = value;
  for (let i = 0; i < size; i++) {
    out[at + i] = rest & 0xff;
    rest = Math.floor(rest / 256);
  }
}

function bytesOf(node: VariantNode, keys: Map<string, number>): Uint8Array {
  switch (node.kind) {
    case "null":
      return Uint8Array.of(0);
    case "boolean":
      return Uint8Array.of((node.value ? 1 : 2) << 2);
    case "long":
      return wholeBytes(node.value);
    case "double":
    case "float": {
      const isDouble = node.kind === "double";
      const out = new Uint8Array(isDouble ? 9 : 5);
      out[0] = (isDouble ? 7 : 14) << 2;
      const view = new DataView(out.buffer);
      if (isDouble) view.setFloat64(1, node.value, true);
      else view.setFloat32(1, node.value, true);
      return out;
    }
    case "decimal":
      return decimalBytes(node.value);
    case "string": {
      const text = encoder.encode(node.value);
      if (text.length > MAX_SHORT_STRING) return sized(16, text);
      const out = new Uint8Array(1 + text.length);
      out[0] = 1 | (text.length << 2);
      out.set(text, 1);
      return out;
    }
    case "binary":
      return sized(15, node.value);
    case "date":
      return integerBytes(11, BigInt(node.value), 4);
    case "timestamp":
      return integerBytes(12, node.value, 8);
    case "timestamp_ntz":
      return integerBytes(13, node.value, 8);
    case "uuid": {
      const out = new Uint8Array(17);
      out[0] = 20 << 2;
      for (const [i, pair] of (node.value.replaceAll("-", "").match(/../g) ?? []).entries())
        out[i + 1] = Number.parseInt(pair, 16);
      return out;
    }
    case "array": {
      const items = node.items.map((item) => bytesOf(item, keys));
      return container(3, items, undefined, items);
    }
    case "object": {
      const fields = node.entries.map(([key, value]) => {
        let id = keys.get(key);
        if (id === undefined) keys.set(key, (id = keys.size));
        return { key, id, bytes: bytesOf(value, keys), offset: 0 };
      });
      let offset = 0;
      for (const f of fields) {
        f.offset = offset;
        offset += f.bytes.length;
      }
      // Fields are found by key, so their ids stand in the order of keys; the values stay where they were written.
      const sorted = [...fields].sort((a, b) => (a.key < b.key ? -1 : 1));
      return container(
        2,
        fields.map((f) => f.bytes),
        sorted.map((f) => f.id),
        undefined,
        sorted.map((f) => f.offset),
      );
    }
  }
}

/** An object (with ids) or an array; offsets are those of the parts unless given. */
function container(
  basicType: 2 | 3,
  parts: readonly Uint8Array[],
  ids: readonly number[] | undefined,
  inOrder: readonly Uint8Array[] | undefined,
  offsets: readonly number[] = [],
): Uint8Array {
  const count = parts.length;
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const idSize = ids === undefined ? 0 : bytesFor(Math.max(0, ...ids));
  const offsetSize = bytesFor(length);
  const isLarge = count > 0xff;
  const countSize = isLarge ? 4 : 1;
  const data = 1 + countSize + count * idSize + (count + 1) * offsetSize;
  const out = new Uint8Array(data + length);
  out[0] =
    ids === undefined
      ? basicType | ((offsetSize - 1) << 2) | ((isLarge ? 1 : 0) << 4)
      : basicType | ((offsetSize - 1) << 2) | ((idSize - 1) << 4) | ((isLarge ? 1 : 0) << 6);
  put(out, 1, count, countSize);
  let at = 1 + countSize;
  for (const id of ids ?? []) {
    put(out, at, id, idSize);
    at += idSize;
  }
  let place = 0;
  for (const [i, part] of (inOrder ?? parts).entries()) {
    put(out, at, inOrder === undefined ? (offsets[i] as number) : place, offsetSize);
    at += offsetSize;
    place += part.length;
  }
  put(out, at, length, offsetSize);
  place = data;
  for (const part of parts) {
    out.set(part, place);
    place += part.length;
  }
  return out;
}

function sized(type: number, content: Uint8Array): Uint8Array {
  const out = new Uint8Array(5 + content.length);
  out[0] = type << 2;
  put(out, 1, content.length, 4);
  out.set(content, 5);
  return out;
}

function integerBytes(type: number, value: bigint, size: number, scale?: number): Uint8Array {
  const start = scale === undefined ? 1 : 2;
  const out = new Uint8Array(start + size);
  out[0] = type << 2;
  if (scale !== undefined) out[1] = scale;
  let rest = BigInt.asUintN(size * 8, value);
  for (let i = 0; i < size; i++) {
    out[start + i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return out;
}

function wholeBytes(value: bigint): Uint8Array {
  if (value >= -128n && value < 128n) return Uint8Array.of(3 << 2, Number(value) & 0xff);
  if (BigInt.asIntN(16, value) === value) return integerBytes(4, value, 2);
  return BigInt.asIntN(32, value) === value ? integerBytes(5, value, 4) : integerBytes(6, value, 8);
}

function decimalBytes({ unscaled, scale }: Decimal): Uint8Array {
  const digits = Math.max(precisionOf(unscaled), scale);
  const [type, size] = digits <= 9 ? [8, 4] : digits <= 18 ? [9, 8] : [10, 16];
  return integerBytes(type as number, unscaled, size as number, scale);
}
