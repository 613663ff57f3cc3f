import { Decimal } from "./decimal.ts";
import { LocalDate, LocalTimestamp, Timestamp } from "./temporal.ts";

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
  return new Reader(value, keysOf(metadata)).valueAt(0);
}

/** The dictionary of keys. */
function keysOf(metadata: Uint8Array): readonly string[] {
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

  valueAt(at: number): VariantContent {
    const header = unsigned(this.#bytes, at, 1);
    const info = header >> 2;
    switch (header & 3) {
      case BASIC_TYPE.shortString:
        return this.#text(at + 1, info);
      case BASIC_TYPE.object:
        return this.#object(at + 1, (info & 3) + 1, ((info >> 2) & 3) + 1, (info & 16) !== 0);
      case BASIC_TYPE.array:
        return this.#array(at + 1, (info & 3) + 1, (info & 4) !== 0);
      default:
        return this.#primitive(at + 1, info);
    }
  }

  #object(at: number, offsetSize: number, idSize: number, isLarge: boolean): VariantContent {
    const countSize = isLarge ? 4 : 1;
    const count = unsigned(this.#bytes, at, countSize);
    const ids = at + countSize;
    const offsets = ids + count * idSize;
    const values = offsets + (count + 1) * offsetSize;
    const entries = Array.from({ length: count }, (_, i): [string, VariantContent] => {
      const key = this.#keys[unsigned(this.#bytes, ids + i * idSize, idSize)];
      if (key === undefined) throw new RangeError("a variant has a key that is not in its dictionary");
      return [key, this.valueAt(values + unsigned(this.#bytes, offsets + i * offsetSize, offsetSize))];
    });
    return Object.fromEntries(entries);
  }

  #array(at: number, offsetSize: number, isLarge: boolean): VariantContent {
    const countSize = isLarge ? 4 : 1;
    const count = unsigned(this.#bytes, at, countSize);
    const offsets = at + countSize;
    const values = offsets + (count + 1) * offsetSize;
    return Array.from({ length: count }, (_, i) =>
      this.valueAt(values + unsigned(this.#bytes, offsets + i * offsetSize, offsetSize)),
    );
  }

  #primitive(at: number, type: number): VariantContent {
    const view = this.#view;
    switch (type) {
      case 0:
        return null;
      case 1:
        return true;
      case 2:
        return false;
      case 3:
        return view.getInt8(at);
      case 4:
        return view.getInt16(at, true);
      case 5:
        return view.getInt32(at, true);
      case 6: {
        const value = view.getBigInt64(at, true);
        return BigInt.asIntN(54, value) === value ? Number(value) : value;
      }
      case 7:
        return view.getFloat64(at, true);
      case 8:
        return new Decimal(BigInt(view.getInt32(at + 1, true)), view.getUint8(at));
      case 9:
        return new Decimal(view.getBigInt64(at + 1, true), view.getUint8(at));
      case 10: {
        const unscaled = (view.getBigInt64(at + 9, true) << 64n) | view.getBigUint64(at + 1, true);
        return new Decimal(unscaled, view.getUint8(at));
      }
      case 11:
        return new LocalDate(view.getInt32(at, true));
      case 12:
        return new Timestamp(view.getBigInt64(at, true));
      case 13:
        return new LocalTimestamp(view.getBigInt64(at, true));
      case 14:
        return view.getFloat32(at, true);
      case 15:
        return this.#slice(at + 4, unsigned(this.#bytes, at, 4));
      case 16:
        return this.#text(at + 4, unsigned(this.#bytes, at, 4));
      case 20: {
        const hex = Array.from(this.#slice(at, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
        return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
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
