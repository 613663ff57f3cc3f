/** The partition before the first one to which Spark's round robin deals the rows of a partition. */
export function roundRobinStart(partition: number, count: number): number {
  return firstInt(byteswap32(partition), count);
}

/** Scala's `hashing.byteswap32`. */
function byteswap32(value: number): number {
  const h = Math.imul(value, 0x9e3775cd);
  const reversed = ((h & 0xff) << 24) | ((h & 0xff00) << 8) | ((h >>> 8) & 0xff00) | (h >>> 24);
  return Math.imul(reversed, 0x9e3775cd);
}

const MULTIPLIER = 0x5deece66dn;
const MASK = (1n << 48n) - 1n;

/** `new java.util.Random(seed).nextInt(bound)`. */
function firstInt(seed: number, bound: number): number {
  let state = (BigInt(seed) ^ MULTIPLIER) & MASK;
  for (;;) {
    state = (state * MULTIPLIER + 0xbn) & MASK;
    const bits = Number(state >> 17n);
    if ((bound & -bound) === bound) return Number((BigInt(bound) * BigInt(bits)) >> 31n);
    const value = bits % bound;
    // Numbers at the end of the range that would make some values more likely.
    if (bits - value + (bound - 1) < 2 ** 31) return value;
  }
}
