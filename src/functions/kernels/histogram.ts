import type { Kernel } from "../kernel.ts";

interface Bin {
  x: number;
  y: number;
}

/** Java's `Random`. */
export class JavaRandom {
  #state: bigint;

  constructor(seed: bigint) {
    this.#state = (seed ^ 0x5deece66dn) & 0xffffffffffffn;
  }

  #next(bits: number): number {
    this.#state = (this.#state * 0x5deece66dn + 0xbn) & 0xffffffffffffn;
    return Number(this.#state >> BigInt(48 - bits));
  }

  /** A whole number below `bound`, which is no power of two. */
  nextInt(bound: number): number {
    for (;;) {
      const bits = this.#next(31);
      const value = bits % bound;
      if (bits - value + (bound - 1) <= 0x7fffffff) return value;
    }
  }

  nextDouble(): number {
    return (this.#next(26) * 2 ** 27 + this.#next(27)) * 2 ** -53;
  }
}

const SEED = 31183n;

/** The streaming histogram of Ben-Haim and Tom-Tov, with at most `limit` bins. */
export function histogram(values: readonly number[], limit: number): readonly Readonly<Bin>[] {
  const bins: Bin[] = [];
  const random = new JavaRandom(SEED);
  for (const v of values) {
    let [low, high] = [0, bins.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((bins[middle] as Bin).x < v) low = middle + 1;
      else high = middle;
    }
    const found = bins[low];
    if (found !== undefined && found.x === v) found.y += 1;
    else {
      bins.splice(low, 0, { x: v, y: 1 });
      if (bins.length > limit) mergeClosest(bins, random);
    }
  }
  return bins;
}

function mergeClosest(bins: Bin[], random: JavaRandom): void {
  const gap = (i: number): number => (bins[i + 1] as Bin).x - (bins[i] as Bin).x;
  let [smallest, at, count] = [gap(0), 0, 1];
  for (let i = 1; i < bins.length - 1; i++) {
    const difference = gap(i);
    if (difference < smallest) [smallest, at, count] = [difference, i, 1];
    else if (difference === smallest) {
      count += 1;
      if (random.nextDouble() <= 1 / count) at = i;
    }
  }
  const [left, right] = [bins[at] as Bin, bins[at + 1] as Bin];
  const total = left.y + right.y;
  left.x = left.x * (left.y / total) + (right.x / total) * right.y;
  left.y = total;
  bins.splice(at + 1, 1);
}

export const HISTOGRAM_KERNELS: readonly Kernel[] = [
  {
    // Values joined by `;`, the number of bins; gives `x,y` of each bin, joined by `;`.
    name: "histogram_numeric",
    args: ["string", "int32"],
    result: "string",
    call: (values, limit) =>
      histogram((values as string).split(";").map(Number), limit as number)
        .map((b) => `${b.x},${b.y}`)
        .join(";"),
  },
];
