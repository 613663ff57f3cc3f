/** The little of FlatBuffers that Arrow's metadata needs: reading tables in place, and building them back to front. */

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** A table inside a buffer; fields are found by their number in the schema. */
export class TableReader {
  readonly #view: DataView;
  readonly #position: number;
  readonly #vtable: number;
  readonly #vtableSize: number;

  constructor(view: DataView, position: number) {
    this.#view = view;
    this.#position = position;
    this.#vtable = position - view.getInt32(position, true);
    this.#vtableSize = view.getUint16(this.#vtable, true);
  }

  static root(bytes: Uint8Array): TableReader {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new TableReader(view, view.getUint32(0, true));
  }

  #at(field: number): number {
    const slot = 4 + 2 * field;
    const offset = slot < this.#vtableSize ? this.#view.getUint16(this.#vtable + slot, true) : 0;
    return offset === 0 ? 0 : this.#position + offset;
  }

  uint8(field: number, fallback = 0): number {
    const at = this.#at(field);
    return at === 0 ? fallback : this.#view.getUint8(at);
  }

  int16(field: number, fallback = 0): number {
    const at = this.#at(field);
    return at === 0 ? fallback : this.#view.getInt16(at, true);
  }

  int32(field: number, fallback = 0): number {
    const at = this.#at(field);
    return at === 0 ? fallback : this.#view.getInt32(at, true);
  }

  /** A 64-bit number that is known to be a length or id. */
  long(field: number, fallback = 0): number {
    const at = this.#at(field);
    return at === 0 ? fallback : Number(this.#view.getBigInt64(at, true));
  }

  #indirect(field: number): number {
    const at = this.#at(field);
    return at === 0 ? 0 : at + this.#view.getUint32(at, true);
  }

  string(field: number): string | undefined {
    const at = this.#indirect(field);
    if (at === 0) return undefined;
    const length = this.#view.getUint32(at, true);
    return decoder.decode(new Uint8Array(this.#view.buffer, this.#view.byteOffset + at + 4, length));
  }

  table(field: number): TableReader | undefined {
    const at = this.#indirect(field);
    return at === 0 ? undefined : new TableReader(this.#view, at);
  }

  vectorLength(field: number): number {
    const at = this.#indirect(field);
    return at === 0 ? 0 : this.#view.getUint32(at, true);
  }

  tables(field: number): TableReader[] {
    const at = this.#indirect(field);
    if (at === 0) return [];
    return Array.from({ length: this.#view.getUint32(at, true) }, (_, i) => {
      const entry = at + 4 + 4 * i;
      return new TableReader(this.#view, entry + this.#view.getUint32(entry, true));
    });
  }

  /** A vector of structs made of 64-bit numbers, flat. */
  longs(field: number, perStruct = 1): number[] {
    const at = this.#indirect(field);
    if (at === 0) return [];
    const count = this.#view.getUint32(at, true) * perStruct;
    const numbers = new Array<number>(count);
    for (let i = 0; i < count; i++) {
      const entry = at + 4 + 8 * i;
      numbers[i] = this.#view.getUint32(entry, true) + this.#view.getInt32(entry + 4, true) * 4_294_967_296;
    }
    return numbers;
  }
}

/** Builds a buffer from its end; offsets are distances from the end. */
export class FlatBuilder {
  #bytes: Uint8Array = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #head = 1024;
  #minAlign = 1;
  #slots: number[] = [];
  #tableStart = 0;

  get offset(): number {
    return this.#bytes.length - this.#head;
  }

  #prepare(align: number, extra: number): void {
    if (align > this.#minAlign) this.#minAlign = align;
    const padding = -(this.offset + extra) & (align - 1);
    while (this.#head < padding + align + extra) this.#grow();
    this.#head -= padding;
  }

  #grow(): void {
    const bigger = new Uint8Array(this.#bytes.length * 2);
    bigger.set(this.#bytes, this.#bytes.length);
    this.#head += this.#bytes.length;
    this.#bytes = bigger;
    this.#view = new DataView(bigger.buffer);
  }

  #pushInt32(value: number): void {
    this.#prepare(4, 0);
    this.#head -= 4;
    this.#view.setInt32(this.#head, value, true);
  }

  #pushInt16(value: number): void {
    this.#prepare(2, 0);
    this.#head -= 2;
    this.#view.setInt16(this.#head, value, true);
  }

  #pushOffset(target: number): void {
    this.#prepare(4, 0);
    this.#pushInt32(this.offset - target + 4);
  }

  string(text: string): number {
    const utf8 = encoder.encode(text);
    this.#prepare(4, utf8.length + 1);
    this.#head -= utf8.length + 1;
    this.#bytes.set(utf8, this.#head);
    this.#bytes[this.#head + utf8.length] = 0;
    this.#pushInt32(utf8.length);
    return this.offset;
  }

  offsets(targets: readonly number[]): number {
    this.#prepare(4, 4 * targets.length);
    for (let i = targets.length - 1; i >= 0; i--) this.#pushOffset(targets[i] as number);
    this.#pushInt32(targets.length);
    return this.offset;
  }

  /** A vector of structs of 64-bit numbers. */
  longs(numbers: readonly number[], perStruct: number): number {
    this.#prepare(4, 8 * numbers.length);
    this.#prepare(8, 8 * numbers.length);
    for (let i = numbers.length - 1; i >= 0; i--) {
      this.#prepare(8, 0);
      this.#head -= 8;
      this.#view.setBigInt64(this.#head, BigInt(numbers[i] as number), true);
    }
    this.#pushInt32(numbers.length / perStruct);
    return this.offset;
  }

  startTable(fields: number): void {
    this.#slots = new Array<number>(fields).fill(0);
    this.#tableStart = this.offset;
  }

  uint8(field: number, value: number): void {
    this.#prepare(1, 0);
    this.#head -= 1;
    this.#view.setUint8(this.#head, value);
    this.#slots[field] = this.offset;
  }

  int16(field: number, value: number): void {
    this.#pushInt16(value);
    this.#slots[field] = this.offset;
  }

  int32(field: number, value: number): void {
    this.#pushInt32(value);
    this.#slots[field] = this.offset;
  }

  long(field: number, value: number): void {
    this.#prepare(8, 0);
    this.#head -= 8;
    this.#view.setBigInt64(this.#head, BigInt(value), true);
    this.#slots[field] = this.offset;
  }

  reference(field: number, target: number): void {
    this.#pushOffset(target);
    this.#slots[field] = this.offset;
  }

  endTable(): number {
    this.#pushInt32(0);
    const table = this.offset;
    for (let i = this.#slots.length - 1; i >= 0; i--) {
      const slot = this.#slots[i] as number;
      this.#pushInt16(slot === 0 ? 0 : table - slot);
    }
    this.#pushInt16(table - this.#tableStart);
    this.#pushInt16(4 + 2 * this.#slots.length);
    this.#view.setInt32(this.#bytes.length - table, this.offset - table, true);
    return table;
  }

  finish(root: number): Uint8Array {
    this.#prepare(this.#minAlign, 4);
    this.#pushOffset(root);
    return this.#bytes.slice(this.#head);
  }
}
