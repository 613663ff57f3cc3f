import type { Kernel } from "../kernel.ts";

const MULTIPLIER = 0x5deece66dn;
const MASK_48 = (1n << 48n) - 1n;

/** The n-th `nextLong` (from 0) of `new java.util.Random(seed)`. */
function javaLong(seed: bigint, n: number): bigint {
  let state = (seed ^ MULTIPLIER) & MASK_48;
  const next = (): bigint => {
    state = (state * MULTIPLIER + 0xbn) & MASK_48;
    return BigInt.asIntN(32, state >> 16n);
  };
  let value = 0n;
  for (let i = 0; i <= n; i++) {
    const high = next();
    value = BigInt.asIntN(64, (high << 32n) + next());
  }
  return value;
}

const WORDS = 624;

/** The generator WELL19937c of Panneton, L'Ecuyer and Matsumoto, seeded as Commons Math does it. */
class Well19937c {
  readonly #v = new Int32Array(WORDS);
  #index = 0;

  constructor(seed: bigint) {
    const v = this.#v;
    v[0] = Number(BigInt.asIntN(32, seed >> 32n));
    v[1] = Number(BigInt.asIntN(32, seed));
    for (let i = 2; i < WORDS; i++) {
      const l = BigInt(v[i - 2] as number);
      v[i] = Number(BigInt.asIntN(32, 1812433253n * (l ^ (l >> 30n)) + BigInt(i)));
    }
  }

  #bits(count: number): number {
    const v = this.#v;
    const i = this.#index;
    const at = (offset: number): number => v[(i + offset) % WORDS] as number;
    const before = (i + WORDS - 1) % WORDS;
    const before2 = (i + WORDS - 2) % WORDS;
    const z0 = (0x80000000 & (v[before] as number)) ^ (0x7fffffff & (v[before2] as number));
    const [v0, m1, m2, m3] = [at(0), at(70), at(179), at(449)];
    const z1 = v0 ^ (v0 << 25) ^ (m1 ^ (m1 >>> 27));
    const z2 = (m2 >>> 9) ^ (m3 ^ (m3 >>> 1));
    const z3 = z1 ^ z2;
    let z4 = z0 ^ (z1 ^ (z1 << 9)) ^ (z2 ^ (z2 << 21)) ^ (z3 ^ (z3 >>> 21));
    v[i] = z3;
    v[before] = z4;
    v[before2] = (v[before2] as number) & 0x80000000;
    this.#index = before;
    z4 ^= (z4 << 7) & 0xe46e1700;
    z4 ^= (z4 << 15) & 0x9b868000;
    return z4 >>> (32 - count);
  }

  uniform(): number {
    const high = this.#bits(26);
    return (high * 2 ** 26 + this.#bits(26)) * 2 ** -52;
  }

  /** A number of the Poisson distribution with a small mean. */
  poisson(mean: number): number {
    const p = Math.exp(-mean);
    let n = 0;
    let r = 1;
    while (n < 1000 * mean) {
      r *= this.uniform();
      if (r < p) return n;
      n += 1;
    }
    return n;
  }
}

const samplers = new Map<string, () => number>();

/** `seed/mean/call/partition`. */
function samplerOf(key: string): () => number {
  const known = samplers.get(key);
  if (known !== undefined) return known;
  const [seed, mean, , partition] = key.split("/") as [string, string, string, string];
  const generator = new Well19937c(javaLong(BigInt(seed), Number(partition)));
  const sampler = Number(mean) <= 0 ? () => 0 : () => generator.poisson(Number(mean));
  if (samplers.size >= 256) samplers.delete(samplers.keys().next().value as string);
  samplers.set(key, sampler);
  return sampler;
}

/** How often a row comes in a sample with replacement. */
export const POISSON_KERNELS: readonly Kernel[] = [
  {
    // The second argument is another in each row, so that the call is made for each row.
    name: "poisson_count",
    args: ["string", "double"],
    result: "int32",
    call: (key) => samplerOf(key as string)(),
  },
];
