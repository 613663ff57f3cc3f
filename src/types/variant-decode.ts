import { Decimal } from "./decimal.ts";
import { LocalDate, LocalTimestamp, Timestamp } from "./temporal.ts";
import type { VariantNode } from "./variant-node.ts";

const BASIC_TYPE = { primitive: 0, shortString: 1, object: 2, array: 3 } as const;
const decoder = new TextDecoder("utf-8", { fatal: true });

/** A value that a variant holds: objects are plain objects, numbers as in rows. */
export type VariantContent =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Decimal
  | LocalDate
  | Timestamp
  | LocalTimestamp
  | readonly VariantContent[]
  | { readonly [key: string]: VariantContent };

/**
 * Reads Spark's binary form of variants (the "Variant Binary Encoding" of Parquet). Throws RangeError for bytes that
 * are not in that form.
 */
export function decodeVariant(value: Uint8Array, metadata: Uint8Array): VariantContent {
  return contentOf(readVariant(value, metadata));
}

/** The same with the types that values are stored as; fields in the order in which they are found. */
export function readVariant(value: Uint8Array, metadata: Uint8Array): VariantNode {
  return new Reader(value, variantKeys(metadata)).valueAt(0);
}

function contentOf(node: VariantNode): VariantContent {
  switch (node.kind) {
    case "null":
      return null;
    case "long": {
      const { value } = node;
      return BigInt.asIntN(54, value) === value ? Number(value) : value;
    }
    case "date":
      return new LocalDate(node.value);
    case "timestamp":
      return new Timestamp(node.value);
    case "timestamp_ntz":
      return new LocalTimestamp(node.value);
    case "array":
      return node.items.map(contentOf);
    case "object":
      return Object.fromEntries(node.entries.map(([key, inner]) => [key, contentOf(inner)]));
    default:
      return node.value;
  }
}

/** The dictionary of keys. */
export function variantKeys(metadata: Uint8Array): readonly string[] {
  const header = metadata[0] ?? 0;
  if ((header & 0x0f) !== 1) throw new RangeError(`a variant of version ${header & 0x0f} cannot be read`);
  const size = (header >> 6) + 1;
  const count = unsigned(metadata, 1, size);
  const offset = (i: number): number => unsigned(metadata, 1 + size * (i + 1), size);
  const text = 1 + size * (count + 2);
  return Array.from({ length: count }, (_, i) =>
    decoder.decode(metadata.subarray(text + offset(i), text + offset(i + 1))),
  );
}

function unsigned(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let i = size - 1; i >= 0; i--) {
    const byte = bytes[at + i];
    if (byte === undefined) throw new RangeError("a variant ends before its content");
    value = value * 256 + byte;
  }
  return value;
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #keys: readonly string[];

  constructor(bytes: Uint8Array, keys: readonly string[]) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#keys = keys;
  }

  valueAt(at: number): VariantNode {
    const header = unsigned(this.#bytes, at, 1);
    const info = header >> 2;
    switch (header & 3) {
      case BASIC_TYPE.shortString:
        return { kind: "string", value: this.#text(at + 1, info) };
      case BASIC_TYPE.object:
        return this.#object(at + 1, (info & 3) + 1, ((info >> 2) & 3) + 1, (info & 16) !== 0);
      case BASIC_TYPE.array:
        return this.#array(at + 1, (info & 3) + 1, (info & 4) !== 0);
      default:
        return this.#primitive(at + 1, info);
    }
  }

  #object(at: number, offsetSize: number, idSize: number, isLarge: boolean): VariantNode {
    const countSize = isLarge ? 4 : 1;
    const count = unsigned(this.#bytes, at, countSize);
    const ids = at + countSize;
    const offsets = ids + count * idSize;
    const values = offsets + (count + 1) * offsetSize;
    const entries = Array.from({ length: count }, (_, i): [string, VariantNode] => {
      const key = this.#keys[unsigned(this.#bytes, ids + i * idSize, idSize)];
      if (key === undefined) throw new RangeError("a variant has a key that is not in its dictionary");
      return [key, this.valueAt(values + unsigned(this.#bytes, offsets + i * offsetSize, offsetSize))];
    });
    return { kind: "object", entries };
  }

  #array(at: number, offsetSize: number, isLarge: boolean): VariantNode {
    const countSize = isLarge ? 4 : 1;
    const count = unsigned(this.#bytes, at, countSize);
    const offsets = at + countSize;
    const values = offsets + (count + 1) * offsetSize;
    const items = Array.from({ length: count }, (_, i) =>
      this.valueAt(values + unsigned(this.#bytes, offsets + i * offsetSize, offsetSize)),
    );
    return { kind: "array", items };
  }

  #primitive(at: number, type: number): VariantNode {
    const view = this.#view;
    switch (type) {
      case 0:
        return { kind: "null" };
      case 1:
      case 2:
        return { kind: "boolean", value: type === 1 };
      case 3:
        return { kind: "long", value: BigInt(view.getInt8(at)) };
      case 4:
        return { kind: "long", value: BigInt(view.getInt16(at, true)) };
      case 5:
        return { kind: "long", value: BigInt(view.getInt32(at, true)) };
      case 6:
        return { kind: "long", value: view.getBigInt64(at, true) };
      case 7:
        return { kind: "double", value: view.getFloat64(at, true) };
      case 8:
        return decimal(BigInt(view.getInt32(at + 1, true)), view.getUint8(at));
      case 9:
        return decimal(view.getBigInt64(at + 1, true), view.getUint8(at));
      case 10:
        return decimal(
          (view.getBigInt64(at + 9, true) << 64n) | view.getBigUint64(at + 1, true),
          view.getUint8(at),
        );
      case 11:
        return { kind: "date", value: view.getInt32(at, true) };
      case 12:
        return { kind: "timestamp", value: view.getBigInt64(at, true) };
      case 13:
        return { kind: "timestamp_ntz", value: view.getBigInt64(at, true) };
      case 14:
        return { kind: "float", value: view.getFloat32(at, true) };
      case 15:
        return { kind: "binary", value: this.#slice(at + 4, unsigned(this.#bytes, at, 4)) };
      case 16:
        return { kind: "string", value: this.#text(at + 4, unsigned(this.#bytes, at, 4)) };
      case 20: {
        const hex = Array.from(this.#slice(at, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
        return { kind: "uuid", value: hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-") };
      }
      default:
        throw new RangeError(`a variant of the primitive type ${type} cannot be read`);
    }
  }

  #text(at: number, length: number): string {
    return decoder.decode(this.#slice(at, length));
  }

  #slice(at: number, length: number): Uint8Array {
    if (at + length > this.#bytes.length) throw new RangeError("a variant ends before its content");
    return this.#bytes.slice(at, at + length);
  }
}

function decimal(unscaled: bigint, scale: number): VariantNode {
  return { kind: "decimal", value: new Decimal(unscaled, scale) };
}

/** A variant as JSON, as PySpark's `VariantVal.toJson`: times as text, binary in Base64. */
export function variantJson(content: VariantContent, zone = "UTC"): string {
  if (content === null) return "null";
  if (typeof content === "string") return JSON.stringify(content);
  if (typeof content === "number")
    return Number.isFinite(content) ? String(content) : JSON.stringify(numberName(content));
  if (typeof content === "boolean" || typeof content === "bigint" || content instanceof Decimal)
    return String(content);
  if (content instanceof LocalDate) return `"${content}"`;
  if (content instanceof LocalTimestamp) return `"${content}"`;
  if (content instanceof Timestamp) return `"${content.toString(zone)}${offsetText(content, zone)}"`;
  if (content instanceof Uint8Array) {
    return `"${btoa(Array.from(content, (byte) => String.fromCharCode(byte)).join(""))}"`;
  }
  if (Array.isArray(content)) {
    return `[${(content as readonly VariantContent[]).map((item) => variantJson(item, zone)).join(",")}]`;
  }
  const entries = Object.entries(content as { readonly [key: string]: VariantContent });
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${variantJson(item, zone)}`).join(",")}}`;
}

function numberName(value: number): string {
  return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}

function offsetText(instant: Timestamp, zone: string): string {
  const seconds = Number((instant.toLocal(zone).localMicros - instant.epochMicros) / 1_000_000n);
  const minutes = Math.floor(Math.abs(seconds) / 60);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${seconds < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
