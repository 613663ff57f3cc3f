import type { Kernel } from "../kernel.ts";
import { murmurBytes, xxhash } from "./hashes.ts";
import { JavaRandom } from "./histogram.ts";
import { BIASES, RAW_ESTIMATES } from "./hyperloglog-tables.ts";

/** The register that a hash belongs to and the rank it puts there, as one number. */
function cell(hash: bigint, precision: number): number {
  const unsigned = BigInt.asUintN(64, hash);
  const bits = BigInt(precision);
  const rest = BigInt.asUintN(64, unsigned << bits) | (1n << (bits - 1n));
  const high = Number(rest >> 32n);
  const zeros = high === 0 ? 32 + Math.clz32(Number(rest & 0xffffffffn)) : Math.clz32(high);
  return Number(unsigned >> (64n - bits)) * 64 + zeros + 1;
}

const THRESHOLDS = [10, 20, 40, 80, 220, 400, 900, 1800, 3100, 6500, 15500, 20000, 50000, 120000, 350000];
const NEIGHBOURS = 6;
const numbers = (line: string): readonly number[] => line.split(" ").map(Number);

/** How much the estimate is too high by: the mean over the nearest ones of the table. */
function bias(estimate: number, precision: number): number {
  const table = numbers(RAW_ESTIMATES[precision - 4] as string);
  const found = table.findIndex((x) => x >= estimate);
  const nearest = found < 0 ? table.length : found;
  const distance = (i: number): number => (estimate - (table[i] as number)) ** 2;
  let low = Math.max(nearest - NEIGHBOURS + 1, 0);
  let high = Math.min(low + NEIGHBOURS, table.length);
  while (high < table.length && distance(high) < distance(low)) {
    low += 1;
    high += 1;
  }
  const sum = numbers(BIASES[precision - 4] as string)
    .slice(low, high)
    .reduce((a, b) => a + b, 0);
  return sum / (high - low);
}

/** HyperLogLog++ over cells joined by commas. */
function estimate(cells: string, precision: number): string {
  const m = 2 ** precision;
  const registers = new Uint8Array(m);
  for (const text of cells === "" ? [] : cells.split(",")) {
    const at = Math.floor(Number(text) / 64);
    registers[at] = Math.max(registers[at] as number, Number(text) % 64);
  }
  let [inverse, zeros] = [0, 0];
  for (const rank of registers) {
    inverse += 2 ** -rank;
    if (rank === 0) zeros++;
  }
  const alpha = { 4: 0.673, 5: 0.697, 6: 0.709 }[precision as 4] ?? 0.7213 / (1 + 1.079 / m);
  const raw = (alpha * m * m) / inverse;
  const hasTable = precision < 19;
  const corrected = hasTable && raw < 5 * m ? raw - bias(raw, precision) : raw;
  const linear = m * Math.log(m / zeros);
  const isSmall = (hasTable && linear <= (THRESHOLDS[precision - 4] as number)) || raw <= 2.5 * m;
  return `${Math.floor((zeros > 0 && isSmall ? linear : corrected) + 0.5)}`;
}

const PRIME = (1n << 31n) - 1n;

/** Spark's count-min sketch of values joined by commas: whole numbers, or bytes in hexadecimal digits. */
function countMin(values: string, isBytes: boolean, eps: number, confidence: number, seed: bigint): string {
  const width = Math.ceil(2 / eps);
  const depth = Math.ceil(-Math.log1p(-confidence) / Math.log(2));
  const random = new JavaRandom(seed);
  const hashes = Array.from({ length: depth }, () => BigInt(random.nextInt(0x7fffffff)));
  const table = new Float64Array(width * depth);
  const items = values === "" ? [] : values.split(",");
  for (const item of items) {
    const text = item.slice(1);
    if (isBytes) {
      const bytes = Uint8Array.from(text.match(/../g) ?? [], (x) => Number.parseInt(x, 16));
      const first = murmurBytes(bytes, 0);
      const second = murmurBytes(bytes, first);
      for (let i = 0; i < depth; i++) add(i, Math.abs(((first + Math.imul(i, second)) | 0) % width));
    } else {
      for (const [i, a] of hashes.entries()) {
        const product = BigInt.asIntN(64, a * BigInt(text));
        const mixed = BigInt.asIntN(64, product + (product >> 32n)) & PRIME;
        add(i, Number(BigInt.asIntN(32, mixed)) % width);
      }
    }
  }
  function add(row: number, column: number): void {
    const at = row * width + column;
    table[at] = (table[at] as number) + 1;
  }
  const hex = (value: bigint | number, bytes: number): string =>
    BigInt(value)
      .toString(16)
      .padStart(2 * bytes, "0");
  const rows = hashes.map((a, i) => [a, ...table.subarray(i * width, (i + 1) * width)]);
  return [
    hex(1, 4) + hex(items.length, 8) + hex(depth, 4) + hex(width, 4),
    ...rows.map(([a]) => hex(a as bigint, 8)),
    ...rows.flatMap(([, ...counts]) => counts.map((n) => hex(n as number, 8))),
  ].join("");
}

export const APPROXIMATION_KERNELS: readonly Kernel[] = [
  {
    name: "hll_cell",
    args: ["string", "string", "int32"],
    result: "int32",
    call: (kind, text, precision) =>
      cell(
        kind === "hash" ? BigInt(text as string) : xxhash(kind as string, text as string, 42n),
        precision as number,
      ),
  },
  {
    name: "hll_estimate",
    args: ["string", "int32"],
    result: "string",
    call: (cells, precision) => estimate(cells as string, precision as number),
  },
  {
    name: "count_min_sketch",
    args: ["string", "int32", "double", "double", "string"],
    result: "string",
    call: (values, isBytes, eps, confidence, seed) =>
      countMin(
        values as string,
        isBytes === 1,
        eps as number,
        confidence as number,
        BigInt.asIntN(32, BigInt(seed as string)),
      ),
  },
];
