/** Writes Thrift's compact protocol, as Parquet's headers and footers are in. */
export class ThriftWriter {
  #bytes = new Uint8Array(1_024);
  #length = 0;
  readonly #lastIds: number[] = [0];

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  i32(id: number, value: number): this {
    this.#field(id, 5);
    this.#zigzag(BigInt(value));
    return this;
  }

  i64(id: number, value: number): this {
    this.#field(id, 6);
    this.#zigzag(BigInt(value));
    return this;
  }

  bool(id: number, value: boolean): this {
    this.#field(id, value ? 1 : 2);
    return this;
  }

  text(id: number, value: string | Uint8Array): this {
    this.#field(id, 8);
    this.#binary(value);
    return this;
  }

  struct(id: number, write: () => void): this {
    this.#field(id, 12);
    this.#nested(write);
    return this;
  }

  list<T>(id: number, type: "i32" | "text" | "struct", items: readonly T[], write: (item: T) => void): this {
    this.#field(id, 9);
    const code = type === "i32" ? 5 : type === "text" ? 8 : 12;
    if (items.length < 15) this.#byte((items.length << 4) | code);
    else {
      this.#byte(0xf0 | code);
      this.#varint(BigInt(items.length));
    }
    for (const item of items) {
      if (type === "i32") this.#zigzag(BigInt(item as number));
      else if (type === "text") this.#binary(item as string);
      else this.#nested(() => write(item));
    }
    return this;
  }

  /** The end of the outermost struct. */
  end(): Uint8Array {
    this.#byte(0);
    return this.bytes;
  }

  #nested(write: () => void): void {
    this.#lastIds.push(0);
    write();
    this.#byte(0);
    this.#lastIds.pop();
  }

  #field(id: number, type: number): void {
    const last = this.#lastIds.length - 1;
    const delta = id - (this.#lastIds[last] as number);
    if (delta > 0 && delta < 16) this.#byte((delta << 4) | type);
    else {
      this.#byte(type);
      this.#zigzag(BigInt(id));
    }
    this.#lastIds[last] = id;
  }

  #binary(value: string | Uint8Array): void {
    const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
    this.#varint(BigInt(bytes.length));
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #zigzag(value: bigint): void {
    this.#varint(value < 0n ? -2n * value - 1n : 2n * value);
  }

  #varint(value: bigint): void {
    let rest = value;
    while (rest > 0x7fn) {
      this.#byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.#byte(Number(rest));
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + size));
    larger.set(this.bytes);
    this.#bytes = larger;
  }
}
