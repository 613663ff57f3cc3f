import type { Kernel } from "../kernel.ts";
import { memoize } from "../kernel.ts";

const MASK = (1n << 64n) - 1n;
const P1 = 0x9e3779b185ebca87n;
const P2 = 0xc2b2ae3d27d4eb4fn;
const P3 = 0x165667b19e3779f9n;
const P4 = 0x85ebca77c2b2ae63n;
const P5 = 0x27d4eb2f165667c5n;

const rotate32 = (x: number, by: number): number => (x << by) | (x >>> (32 - by));
const rotate64 = (x: bigint, by: bigint): bigint => ((x << by) | (x >> (64n - by))) & MASK;

function mixKey(k: number): number {
  return Math.imul(rotate32(Math.imul(k, 0xcc9e2d51), 15), 0x1b873593);
}
function mixHash(h: number, k: number): number {
  return (Math.imul(rotate32(h ^ k, 13), 5) + 0xe6546b64) | 0;
}
function finish32(hash: number, length: number): number {
  let h = hash ^ length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** MurmurHash3 (x86, 32 bits) of whole words. */
export function murmurWords(words: readonly number[], seed: number): number {
  return finish32(
    words.reduce((h, word) => mixHash(h, mixKey(word)), seed),
    words.length * 4,
  );
}

/** Spark's variant: each byte after the last whole word is mixed in as a word of its own, with its sign. */
export function murmurBytes(bytes: Uint8Array, seed: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const aligned = bytes.length - (bytes.length % 4);
  let h = seed;
  for (let i = 0; i < aligned; i += 4) h = mixHash(h, mixKey(view.getInt32(i, true)));
  for (let i = aligned; i < bytes.length; i++) h = mixHash(h, mixKey(view.getInt8(i)));
  return finish32(h, bytes.length);
}

function finish64(hash: bigint): bigint {
  let h = hash;
  h = ((h ^ (h >> 33n)) * P2) & MASK;
  h = ((h ^ (h >> 29n)) * P3) & MASK;
  return BigInt.asIntN(64, h ^ (h >> 32n));
}

function xxInt(value: number, seed: bigint): bigint {
  const h = ((seed + P5 + 4n) & MASK) ^ ((BigInt(value >>> 0) * P1) & MASK);
  return finish64((rotate64(h, 23n) * P2 + P3) & MASK);
}
const round = (acc: bigint, lane: bigint): bigint => (rotate64((acc + lane * P2) & MASK, 31n) * P1) & MASK;

function xxLong(value: bigint, seed: bigint): bigint {
  const h = ((seed + P5 + 8n) & MASK) ^ round(0n, BigInt.asUintN(64, value));
  return finish64((rotate64(h, 27n) * P1 + P4) & MASK);
}

function xxBytes(bytes: Uint8Array, seed: bigint): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length;
  let at = 0;
  let h: bigint;
  if (length >= 32) {
    const lanes = [(seed + P1 + P2) & MASK, (seed + P2) & MASK, seed & MASK, (seed - P1) & MASK];
    for (; at + 32 <= length; at += 32) {
      for (let i = 0; i < 4; i++) lanes[i] = round(lanes[i] as bigint, view.getBigUint64(at + i * 8, true));
    }
    h = lanes.reduce((sum, lane, i) => (sum + rotate64(lane, [1n, 7n, 12n, 18n][i] as bigint)) & MASK, 0n);
    for (const lane of lanes) h = (((h ^ round(0n, lane)) & MASK) * P1 + P4) & MASK;
  } else h = (seed + P5) & MASK;
  h = (h + BigInt(length)) & MASK;
  for (; at + 8 <= length; at += 8)
    h = (rotate64(h ^ round(0n, view.getBigUint64(at, true)), 27n) * P1 + P4) & MASK;
  if (at + 4 <= length) {
    h = (rotate64(h ^ ((BigInt(view.getUint32(at, true)) * P1) & MASK), 23n) * P2 + P3) & MASK;
    at += 4;
  }
  for (; at < length; at++) h = (rotate64(h ^ ((BigInt(view.getUint8(at)) * P5) & MASK), 11n) * P1) & MASK;
  return finish64(h);
}

const scratch = new DataView(new ArrayBuffer(8));

/** The double that DuckDB's text names; minus zero is zero. */
function parseDouble(text: string): number {
  if (text === "nan" || text === "-nan") return Number.NaN;
  if (text.endsWith("inf")) return text.startsWith("-") ? -Infinity : Infinity;
  return Number(text) + 0 === 0 ? 0 : Number(text);
}

/** Spark's 64-bit hash of a value. */
export function xxhash(kind: string, text: string, seed: bigint): bigint {
  const value = hashed(kind, text);
  if (typeof value === "number") return xxInt(value, seed);
  return typeof value === "bigint" ? xxLong(value, seed) : xxBytes(value, seed);
}

/** What is hashed for a value: a word of 32 or of 64 bits, or bytes. `kind` says how its text is read. */
function hashed(kind: string, text: string): number | bigint | Uint8Array {
  switch (kind) {
    case "int":
      return Number(text);
    case "long":
      return BigInt(text);
    case "float":
      scratch.setFloat32(0, parseDouble(text));
      return scratch.getInt32(0);
    case "double":
      scratch.setFloat64(0, parseDouble(text));
      return scratch.getBigInt64(0);
    case "binary":
      return Uint8Array.from({ length: text.length / 2 }, (_, i) =>
        Number.parseInt(text.slice(2 * i, 2 * i + 2), 16),
      );
    case "unscaled":
      return twosComplement(BigInt(text));
    default:
      return new TextEncoder().encode(text);
  }
}

/** The fewest bytes that hold the number, the most significant one first. */
function twosComplement(value: bigint): Uint8Array {
  let length = 1;
  while (BigInt.asIntN(length * 8, value) !== value) length++;
  const out = new Uint8Array(length);
  for (let i = 0; i < length; i++) out[length - 1 - i] = Number((value >> BigInt(8 * i)) & 0xffn);
  return out;
}

/** Spark's 64-bit xor-shift generator of a partition. */
class XorShift {
  #state: bigint;
  #gaussian: number | undefined;
  constructor(seed: bigint) {
    scratch.setBigInt64(0, BigInt.asIntN(64, seed));
    const words = [scratch.getInt32(0, true), scratch.getInt32(4, true)];
    const low = murmurWords(words, 0x3c074a61);
    this.#state = (BigInt(murmurWords(words, low) >>> 0) << 32n) | BigInt(low >>> 0);
  }
  #bits(count: bigint): number {
    let s = this.#state;
    s ^= (s << 21n) & MASK;
    s ^= s >> 35n;
    s ^= (s << 4n) & MASK;
    this.#state = s;
    return Number(s & ((1n << count) - 1n));
  }
  word(): number {
    return this.#bits(32n) | 0;
  }
  uniform(): number {
    const high = this.#bits(26n);
    return (high * 2 ** 27 + this.#bits(27n)) * 2 ** -53;
  }
  gaussian(): number {
    if (this.#gaussian !== undefined) {
      const value = this.#gaussian;
      this.#gaussian = undefined;
      return value;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const s = x * x + y * y;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      this.#gaussian = y * scale;
      return x * scale;
    }
  }
}

/** The generator of UUIDs: a Mersenne twister, seeded by two words. */
class Twister {
  readonly #state = new Uint32Array(624);
  #at = 624;
  constructor(seed: bigint) {
    const key = [Number((seed >> 32n) & 0xffffffffn), Number(seed & 0xffffffffn)];
    const mt = this.#state;
    mt[0] = 19650218;
    const mixed = (i: number): number => (mt[i - 1] as number) ^ ((mt[i - 1] as number) >>> 30);
    for (let i = 1; i < 624; i++) mt[i] = Math.imul(1812433253, mixed(i)) + i;
    let [i, j] = [1, 0];
    const step = (factor: number, add: number, sign: 1 | -1): void => {
      mt[i] = ((mt[i] as number) ^ Math.imul(factor, mixed(i))) + sign * add;
      i++;
      if (i === 624) {
        mt[0] = mt[623] as number;
        i = 1;
      }
    };
    for (let k = 0; k < 624; k++) {
      step(1664525, (key[j] as number) + j, 1);
      j = 1 - j;
    }
    for (let k = 0; k < 623; k++) step(1566083941, i, -1);
    mt[0] = 0x80000000;
  }
  #next(): number {
    const mt = this.#state;
    if (this.#at === 624) {
      for (let i = 0; i < 624; i++) {
        const y = ((mt[i] as number) & 0x80000000) | ((mt[(i + 1) % 624] as number) & 0x7fffffff);
        mt[i] = (mt[(i + 397) % 624] as number) ^ (y >>> 1) ^ ((y & 1) * 0x9908b0df);
      }
      this.#at = 0;
    }
    let y = mt[this.#at++] as number;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }
  uuid(): string {
    const [a, b, c, d] = [this.#next(), this.#next(), this.#next(), this.#next()];
    const words = [a, ((b & 0xffff0fff) | 0x4000) >>> 0, ((c | 0x80000000) & 0xbfffffff) >>> 0, d];
    const text = words.map((w) => w.toString(16).padStart(8, "0")).join("");
    return text.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }
}

/** Generators of the queries that run, by the number of the call; the oldest are forgotten. */
function generators<T>(make: (seed: bigint) => T): (key: string) => T {
  return memoize((key) => make(BigInt(key.slice(0, key.indexOf("/")))), 256);
}
const generatorOf = generators((seed) => new XorShift(seed));
const twisterOf = generators((seed) => new Twister(seed));

const LETTERS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** How many rows each call has seen. */
const counts = new Map<string, number>();

/** Hashes, random numbers and row numbers. */
export const HASH_KERNELS: readonly Kernel[] = [
  {
    name: "murmur3",
    args: ["string", "string", "int32"],
    result: "int32",
    call: (kind, text, seed) => {
      const value = hashed(kind as string, text as string);
      if (typeof value === "number") return murmurWords([value], seed as number);
      if (typeof value !== "bigint") return murmurBytes(value, seed as number);
      return murmurWords(
        [Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n))],
        seed as number,
      );
    },
  },
  {
    name: "xxhash64",
    args: ["string", "string", "string"],
    result: "string",
    call: (kind, text, seed) => `${xxhash(kind as string, text as string, BigInt(seed as string))}`,
  },
  {
    // The second argument is a number that is another in each row, so that the call is made for each row.
    name: "rand",
    args: ["string", "double"],
    result: "double",
    call: (key) => generatorOf(key as string).uniform(),
  },
  {
    name: "randn",
    args: ["string", "double"],
    result: "double",
    call: (key) => generatorOf(key as string).gaussian(),
  },
  {
    name: "randstr",
    args: ["string", "int32", "double"],
    result: "string",
    call: (key, length) => {
      const generator = generatorOf(key as string);
      let text = "";
      for (let i = 0; i < (length as number); i++) text += LETTERS[Math.abs(generator.word() % 62)];
      return text;
    },
  },
  {
    name: "seeded_uuid",
    args: ["string", "double"],
    result: "string",
    call: (key) => twisterOf(key as string).uuid(),
  },
  {
    name: "rows_seen",
    args: ["string", "double"],
    result: "double",
    call: (key) => {
      const seen = counts.get(key as string) ?? 0;
      if (counts.size >= 256 && seen === 0) counts.delete(counts.keys().next().value as string);
      counts.set(key as string, seen + 1);
      return seen;
    },
  },
];
