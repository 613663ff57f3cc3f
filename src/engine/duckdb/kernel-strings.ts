import type { DuckdbModule } from "./bindings.ts";

// A byte order mark belongs to the value.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

let gathered = new Uint8Array(64 * 1024);

/**
 * Decodes a vector of strings with one call of the decoder: the bytes are gathered, and the text is cut where the
 * UTF-16 lengths say. A value equal to the one before it is not decoded again, which makes constants cheap.
 */
export function decodeStrings(
  heap: Uint8Array,
  pointers: Float64Array,
  lengths: Float64Array,
  validity: Uint8Array | undefined,
): (string | null)[] {
  const rows = pointers.length;
  const ends = new Int32Array(rows);
  let size = 0;
  let units = 0;
  let lastStart = -1;
  let lastLength = -1;
  for (let row = 0; row < rows; row++) {
    if (validity !== undefined && validity[row] === 0) {
      ends[row] = -1;
      continue;
    }
    const start = pointers[row] as number;
    const length = lengths[row] as number;
    if (length === lastLength && sameBytes(heap, start, lastStart, length)) {
      ends[row] = -2;
      continue;
    }
    if (size + length > gathered.length) gathered = grown(gathered, size + length);
    for (let i = 0; i < length; i++) {
      const byte = heap[start + i] as number;
      gathered[size + i] = byte;
      // Bytes 10xxxxxx continue a character; those from 0xf0 begin one that takes two units.
      if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
    }
    size += length;
    ends[row] = units;
    lastStart = start;
    lastLength = length;
  }
  const text = decoder.decode(gathered.subarray(0, size));
  const strings = new Array<string | null>(rows);
  let from = 0;
  let last = "";
  for (let row = 0; row < rows; row++) {
    const end = ends[row] as number;
    if (end === -1) {
      strings[row] = null;
      continue;
    }
    if (end !== -2) {
      last = text.slice(from, end);
      from = end;
    }
    strings[row] = last;
  }
  return strings;
}

function sameBytes(heap: Uint8Array, a: number, b: number, length: number): boolean {
  if (a === b) return true;
  for (let i = 0; i < length; i++) if (heap[a + i] !== heap[b + i]) return false;
  return true;
}

function grown(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const bigger = new Uint8Array(Math.max(size, bytes.length * 2));
  bigger.set(bytes);
  return bigger;
}

/** A region of the wasm heap that grows and is used again and again. */
export class Scratch {
  readonly #mod: DuckdbModule;
  #at = 0;
  #size = 0;

  constructor(mod: DuckdbModule) {
    this.#mod = mod;
  }

  get mod(): DuckdbModule {
    return this.#mod;
  }

  /** Address of at least that many bytes; what was there is lost. */
  reserve(size: number): number {
    if (size > this.#size) {
      if (this.#at !== 0) this.#mod._free(this.#at);
      this.#size = Math.max(size, this.#size * 2, 64 * 1024);
      this.#at = this.#mod._malloc(this.#size);
    }
    return this.#at;
  }
}

/** Writes strings into the heap, as addresses and lengths in doubles, which is how DuckDB's bridge wants them. */
export function encodeStrings(
  scratch: Scratch,
  values: readonly (string | null)[],
): { readonly pointers: number; readonly lengths: number } {
  const rows = values.length;
  const text = values.map((value) => value ?? "").join("");
  const at = scratch.reserve(16 * rows + 3 * text.length + 8);
  const heap = scratch.mod.HEAPU8;
  const bytesAt = at + 16 * rows;
  const { written } = encoder.encodeInto(text, heap.subarray(bytesAt, bytesAt + 3 * text.length));
  const pointers = new Float64Array(heap.buffer, at, rows);
  const lengths = new Float64Array(heap.buffer, at + 8 * rows, rows);
  const ascii = written === text.length;
  let position = bytesAt;
  for (let row = 0; row < rows; row++) {
    const value = values[row] ?? "";
    const length = ascii ? value.length : utf8Length(value);
    pointers[row] = position;
    lengths[row] = length;
    position += length;
  }
  // Halves of a surrogate pair that met where two values join were encoded as one character.
  if (position !== bytesAt + written) return encodeStrings(scratch, values.map(wellFormed));
  return { pointers: at, lengths: at + 8 * rows };
}

function wellFormed(value: string | null): string | null {
  return value === null ? null : value.replace(/\p{Surrogate}/gu, "\ufffd");
}

/** Bytes that the encoder makes of a string on its own. */
function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00 && isLowSurrogate(text.charCodeAt(i + 1))) {
      bytes += 4;
      i++;
    } else bytes += 3;
  }
  return bytes;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
