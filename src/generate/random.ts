/** Scrambles 32 bits; no two inputs give the same. */
export function mix32(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}

/** A 32-bit number of a text, or of a number of any size. */
export function hashSeed(seed: number | string): number {
  let hash = 0x811c9dc5;
  for (const character of String(seed))
    hash = Math.imul(hash ^ (character.codePointAt(0) as number), 0x01000193);
  return mix32(hash);
}

/**
 * Random numbers that a seed and the number of a batch fix (xoshiro128**), so that a batch has the same rows whoever
 * makes it, and when.
 */
export class BatchRandom {
  #a: number;
  #b: number;
  #c: number;
  #d: number;
  #spareNormal: number | undefined;

  constructor(seed: number, batch: number, stream = 0) {
    const low = batch >>> 0;
    const high = Math.floor(batch / 2 ** 32) >>> 0;
    this.#a = mix32(seed ^ 0x9e3779b9) | 0;
    this.#b = mix32(low ^ mix32(seed)) | 0;
    this.#c = mix32(high ^ mix32(low + 0x7f4a7c15) ^ mix32(stream)) | 0;
    // Not all four may be zero.
    this.#d = mix32(stream + 0x632be5ab) | 1;
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /** 0 to 2^32 - 1. */
  uint32(): number {
    const b5 = Math.imul(this.#b, 5);
    const result = Math.imul((b5 << 7) | (b5 >>> 25), 9);
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result >>> 0;
  }

  /** From 0 (inclusive) to 1 (exclusive). */
  next(): number {
    return this.uint32() / 4_294_967_296;
  }

  /** With 53 random bits, for ranges that 32 do not fill. */
  nextFine(): number {
    return ((this.uint32() >>> 5) * 67_108_864 + (this.uint32() >>> 6)) / 9_007_199_254_740_992;
  }

  /** A whole number below `limit`. */
  below(limit: number): number {
    return limit <= 65_536 ? Math.floor(this.next() * limit) : Math.floor(this.nextFine() * limit);
  }

  /** Of mean 0 and standard deviation 1. */
  normal(): number {
    const spare = this.#spareNormal;
    if (spare !== undefined) {
      this.#spareNormal = undefined;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    const angle = 2 * Math.PI * this.next();
    this.#spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Of mean 1. */
  exponential(): number {
    return -Math.log(1 - this.next());
  }
}
