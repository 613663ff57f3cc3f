/**
 * INT96 timestamps hold any day, but Arrow readers turn them into 64-bit nanoseconds, which silently wrap outside of
 * the years 1677 to 2262. The bytes of an INT96 column are laid out exactly as those of a FIXED_LEN_BYTE_ARRAY of 12,
 * so a footer that says so instead makes the reader hand over the bytes, and nothing else of the file changes.
 */

const INT96 = 3;
const FIXED_LEN_BYTE_ARRAY = 7;

/** Types of the compact Thrift protocol. */
const STOP = 0;
const TRUE = 1;
const FALSE = 2;
const BYTE = 3;
const I16 = 4;
const I32 = 5;
const I64 = 6;
const DOUBLE = 7;
const BINARY = 8;
const LIST = 9;
const SET = 10;
const MAP = 11;
const STRUCT = 12;

/** The same metadata (without length and magic) with INT96 columns as bytes. */
export function footerWithInt96AsBytes(footer: Uint8Array): Uint8Array {
  const patcher = new FooterPatcher(footer);
  patcher.fileMetadata();
  return patcher.result();
}

class FooterPatcher {
  readonly #in: Uint8Array;
  readonly #parts: Uint8Array[] = [];
  #at = 0;
  /** Up to here the input was copied or replaced. */
  #copied = 0;

  constructor(bytes: Uint8Array) {
    this.#in = bytes;
  }

  result(): Uint8Array {
    this.#replace(this.#in.length, this.#in.length, []);
    const bytes = new Uint8Array(this.#parts.reduce((sum, p) => sum + p.length, 0));
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  fileMetadata(): void {
    this.#struct((id, type) => {
      if (id === 2) this.#list(() => this.#schemaElement());
      else if (id === 4) this.#list(() => this.#rowGroup());
      else this.#skip(type);
    });
  }

  #rowGroup(): void {
    this.#struct((id, type) => {
      if (id === 1) this.#list(() => this.#columnChunk());
      else this.#skip(type);
    });
  }

  #columnChunk(): void {
    this.#struct((id, type) => {
      if (id !== 3) return this.#skip(type);
      this.#struct((inner, innerType) => {
        if (inner === 1) this.#type();
        else this.#skip(innerType);
      });
    });
  }

  /** `type` is field 1 and `type_length` field 2, which INT96 does not have: it is put between. */
  #schemaElement(): void {
    let wasInt96 = false;
    this.#struct((id, type, headerAt) => {
      if (id === 1) {
        wasInt96 = this.#type();
        return;
      }
      if (wasInt96 && id > 2) {
        const header = this.#in[headerAt] as number;
        // The header counts from the field before it, which is one further now.
        const shortened = header >> 4 === 0 ? header : header - 0x10;
        this.#replace(headerAt, headerAt + 1, [0x10 | I32, zigzag(12), shortened]);
        wasInt96 = false;
      }
      this.#skip(type);
    });
  }

  #type(): boolean {
    const at = this.#at;
    const value = this.#varint();
    if (value !== zigzag(INT96)) return false;
    this.#replace(at, this.#at, [zigzag(FIXED_LEN_BYTE_ARRAY)]);
    return true;
  }

  #replace(from: number, to: number, bytes: readonly number[]): void {
    this.#parts.push(this.#in.subarray(this.#copied, from), Uint8Array.from(bytes));
    this.#copied = to;
  }

  #struct(field: (id: number, type: number, headerAt: number) => void): void {
    let id = 0;
    for (;;) {
      const headerAt = this.#at;
      const header = this.#byte();
      const type = header & 15;
      if (type === STOP) return;
      const delta = header >> 4;
      id = delta === 0 ? unzigzag(this.#varint()) : id + delta;
      field(id, type, headerAt);
    }
  }

  #list(element: () => void): void {
    const { count } = this.#listHeader();
    for (let i = 0; i < count; i++) element();
  }

  #listHeader(): { readonly count: number; readonly type: number } {
    const header = this.#byte();
    const size = header >> 4;
    return { count: size === 15 ? this.#varint() : size, type: header & 15 };
  }

  #skip(type: number, inCollection = false): void {
    switch (type) {
      case TRUE:
      case FALSE:
        if (inCollection) this.#at++;
        return;
      case BYTE:
        this.#at++;
        return;
      case I16:
      case I32:
      case I64:
        this.#varint();
        return;
      case DOUBLE:
        this.#at += 8;
        return;
      case BINARY: {
        const length = this.#varint();
        this.#at += length;
        return;
      }
      case LIST:
      case SET: {
        const list = this.#listHeader();
        for (let i = 0; i < list.count; i++) this.#skip(list.type, true);
        return;
      }
      case MAP: {
        const count = this.#varint();
        const types = count === 0 ? 0 : this.#byte();
        for (let i = 0; i < count; i++) {
          this.#skip(types >> 4, true);
          this.#skip(types & 15, true);
        }
        return;
      }
      case STRUCT:
        this.#struct((_, inner) => this.#skip(inner));
        return;
      default:
        throw new TypeError(`not a Parquet footer: Thrift type ${type}`);
    }
  }

  #byte(): number {
    const byte = this.#in[this.#at++];
    if (byte === undefined) throw new TypeError("not a Parquet footer: it ends too early");
    return byte;
  }

  #varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  }
}

function zigzag(value: number): number {
  return value * 2;
}

function unzigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}
