/** A VARIANT in its binary form: the value and the dictionary of keys that it refers to. */
export class VariantValue {
  readonly value: Uint8Array;
  readonly metadata: Uint8Array;

  constructor(value: Uint8Array, metadata: Uint8Array) {
    this.value = value;
    this.metadata = metadata;
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
