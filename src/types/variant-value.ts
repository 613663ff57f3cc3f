import { decodeVariant, type VariantContent, variantJson } from "./variant-decode.ts";
import { encodeVariantJson } from "./variant-encode.ts";

/** A VARIANT in its binary form: the value and the dictionary of keys that it refers to. */
export class VariantValue {
  readonly value: Uint8Array;
  readonly metadata: Uint8Array;

  constructor(value: Uint8Array, metadata: Uint8Array) {
    this.value = value;
    this.metadata = metadata;
  }

  /** A JSON text as a variant. Throws SyntaxError for what is no JSON. */
  static parseJson(json: string): VariantValue {
    const { value, metadata } = encodeVariantJson(json);
    return new VariantValue(value, metadata);
  }

  /** What the variant holds, as values of JavaScript; PySpark's name for it. */
  toPython(): VariantContent {
    return decodeVariant(this.value, this.metadata);
  }

  /** The variant as JSON; instants are shown in a time zone. */
  toJson(zoneId = "UTC"): string {
    return variantJson(this.toPython(), zoneId);
  }

  toString(): string {
    return this.toJson();
  }

  toJSON(): unknown {
    return JSON.parse(this.toJson());
  }

  equals(other: unknown): boolean {
    return (
      other instanceof VariantValue &&
      sameBytes(this.value, other.value) &&
      sameBytes(this.metadata, other.metadata)
    );
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
