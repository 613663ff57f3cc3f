import { sparkError, unsupported } from "../../errors/spark-error.ts";
import type { Kernel } from "../kernel.ts";
import { ESTIMATES } from "./hll-tables.ts";
import { hash128 } from "./sketch-hash.ts";

/**
 * HyperLogLog sketches in the updatable binary form of Apache DataSketches with registers of 8 bits. A sketch begins as a
 * list of coupons (a slot of 26 bits and a rank), goes on as a hash table of them, and ends as registers.
 */

const LIST_SIZE = 8;
const SET_BITS = 5;
const SLOT = 0x3ffffff;

/** The cubic through the four points nearest to `x`. */
function interpolate(xs: readonly number[], y: (i: number) => number, x: number): number {
  const last = xs.length - 1;
  if (x === xs[last]) return y(last);
  let at = 0;
  while ((xs[at + 1] as number) <= x) at++;
  const from = at === 0 ? 0 : at === last - 1 ? at - 2 : at - 1;
  const [a, b, c, d] = xs.slice(from, from + 4) as [number, number, number, number];
  const term = (value: number, own: number, p: number, q: number, r: number): number =>
    (value * ((x - p) * (x - q) * (x - r))) / ((own - p) * (own - q) * (own - r));
  return (
    term(y(from), a, b, c, d) +
    term(y(from + 1), b, a, c, d) +
    term(y(from + 2), c, a, b, d) +
    term(y(from + 3), d, a, b, c)
  );
}

/** How many distinct values so many coupons stand for: some have come together. */
const COUPONS = [0, 1, 20, 400, 8000, 160000, 300000, 600000];
const COUNTS = [
  0, 1, 20.00000094374026, 400.0003963713384, 8000.158929460209, 160063.60677637596, 300223.70715976635,
  600895.593385617,
];

/** The sum of 1/i for i up to n. */
function harmonic(n: number): number {
  if (n < 25) {
    let sum = 0;
    for (let i = 1; i <= n; i++) sum += 1 / i;
    return sum;
  }
  const inverse = 1 / (n * n);
  let power = inverse;
  let sum = Math.log(n) + 0.5772156649015329 + 1 / (2 * n);
  for (const factor of [-1 / 12, 1 / 120, -1 / 252, 1 / 240]) {
    sum += factor * power;
    power *= inverse;
  }
  return sum;
}

/** A table that the coupons' own bits choose the places of, or a list. */
class Coupons {
  table: Int32Array;
  count = 0;
  isList = true;

  constructor(size = LIST_SIZE) {
    this.table = new Int32Array(size);
  }

  get bits(): number {
    return 31 - Math.clz32(this.table.length);
  }

  /** Where the coupon is, or else the free place that it would have. */
  #place(coupon: number): number {
    const { table, bits } = this;
    if (this.isList) {
      let i = 0;
      while (table[i] !== 0 && table[i] !== coupon) i++;
      return i;
    }
    const stride = ((coupon & SLOT) >>> bits) | 1;
    let probe = coupon & (table.length - 1);
    while (table[probe] !== 0 && table[probe] !== coupon) probe = (probe + stride) & (table.length - 1);
    return probe;
  }

  #resize(size: number): void {
    const old = this.table;
    this.table = new Int32Array(size);
    for (const coupon of old) if (coupon !== 0) this.table[this.#place(coupon)] = coupon;
  }

  /** Adds a coupon; true when the coupons have become too many for a sketch of that size. */
  add(coupon: number, lgK: number): boolean {
    const at = this.#place(coupon);
    if (this.table[at] === coupon) return false;
    this.table[at] = coupon;
    this.count++;
    if (this.isList) {
      if (this.count < LIST_SIZE) return false;
      if (lgK < 8) return true;
      this.isList = false;
      this.#resize(2 ** SET_BITS);
      return false;
    }
    if (4 * this.count <= 3 * this.table.length) return false;
    if (this.bits === lgK - 3) return true;
    this.#resize(2 * this.table.length);
    return false;
  }

  estimate(): number {
    return Math.max(
      interpolate(COUPONS, (i) => COUNTS[i] as number, this.count),
      this.count,
    );
  }
}

class Hll {
  readonly lgK: number;
  coupons: Coupons | undefined = new Coupons();
  registers = new Uint8Array(0);
  /** The estimate kept while values came one by one; of no use once sketches were merged. */
  hip = 0;
  isMerged = false;
  /** The sum of 2^-rank, for ranks below 32 and for the others. */
  low = 0;
  high = 0;

  constructor(lgK: number) {
    this.lgK = lgK;
  }

  get isEmpty(): boolean {
    return this.coupons?.count === 0;
  }

  add(coupon: number): void {
    if (this.coupons === undefined) this.#register(coupon);
    else if (this.coupons.add(coupon, this.lgK)) {
      const { table } = this.coupons;
      const estimate = this.coupons.estimate();
      this.toRegisters();
      for (const each of table) if (each !== 0) this.#register(each);
      this.hip = estimate;
    }
  }

  toRegisters(): void {
    this.coupons = undefined;
    this.registers = new Uint8Array(2 ** this.lgK);
    this.low = 2 ** this.lgK;
  }

  #register(coupon: number): void {
    const slot = coupon & (2 ** this.lgK - 1);
    const [old, rank] = [this.registers[slot] as number, coupon >>> 26];
    if (rank <= old) return;
    this.registers[slot] = rank;
    if (!this.isMerged) this.hip += 2 ** this.lgK / (this.low + this.high);
    if (old < 32) this.low -= 2 ** -old;
    else this.high -= 2 ** -old;
    if (rank < 32) this.low += 2 ** -rank;
    else this.high += 2 ** -rank;
  }

  /** The slots in use, as coupons. */
  *pairs(): Generator<number> {
    if (this.coupons !== undefined) {
      for (const coupon of this.coupons.table) if (coupon !== 0) yield coupon;
      return;
    }
    for (const [slot, rank] of this.registers.entries()) if (rank !== 0) yield (rank << 26) | slot;
  }

  /** The same with fewer registers. */
  shrunk(lgK: number): Hll {
    const result = new Hll(lgK);
    if (this.coupons === undefined) result.toRegisters();
    for (const pair of this.pairs()) result.add(pair);
    if (this.coupons === undefined) [result.hip, result.isMerged] = [this.hip, this.isMerged];
    return result;
  }

  /** The registers of another of the same size or a greater one, each where it is the higher one. */
  merge(other: Hll): void {
    this.isMerged = true;
    this.hip = 0;
    const mask = 2 ** this.lgK - 1;
    for (const [i, rank] of other.registers.entries())
      if (rank > (this.registers[i & mask] as number)) this.registers[i & mask] = rank;
    [this.low, this.high] = [0, 0];
    for (const rank of this.registers) {
      if (rank < 32) this.low += 2 ** -rank;
      else this.high += 2 ** -rank;
    }
  }

  /** How many registers have this rank. */
  count(rank: number): number {
    return this.registers.reduce((n, each) => n + (each === rank ? 1 : 0), 0);
  }

  estimate(): number {
    if (this.coupons !== undefined) return this.coupons.estimate();
    return this.isMerged ? this.#composite() : this.hip;
  }

  #composite(): number {
    const { lgK } = this;
    const k = 2 ** lgK;
    const factor = { 4: 0.673, 5: 0.697, 6: 0.709 }[lgK as 4] ?? 0.7213 / (1 + 1.079 / k);
    const raw = (factor * k * k) / (this.low + this.high);
    const xs = (ESTIMATES[lgK - 4] as string).split(" ").map(Number);
    const stride = [1, 2, 3, 5][lgK - 4] ?? 10 * 2 ** (lgK - 8);
    const last = xs.length - 1;
    if (raw < (xs[0] as number)) return 0;
    if (raw > (xs[last] as number)) return raw * ((stride * last) / (xs[last] as number));
    const adjusted = interpolate(xs, (i) => stride * i, raw);
    if (adjusted > 3 * k) return adjusted;
    const unused = this.count(0);
    const linear = unused === 0 ? k * Math.log(k / 0.5) : k * (harmonic(k) - harmonic(unused));
    const bound = { 4: 0.718, 5: 0.672 }[lgK as 4] ?? 0.64;
    return (adjusted + linear) / 2 > bound * k ? adjusted : linear;
  }
}

/** What two sketches have seen together, with no more registers than either has. */
function union(into: Hll, from: Hll, most: number): Hll {
  if (from.isEmpty) return into;
  if (from.coupons !== undefined) {
    if (into.isEmpty && from.lgK === into.lgK) return from;
    for (const coupon of from.coupons.table) if (coupon !== 0) into.add(coupon);
    return into;
  }
  if (into.coupons !== undefined) {
    const result = from.lgK > most ? from.shrunk(most) : from;
    for (const coupon of into.pairs()) result.add(coupon);
    return result;
  }
  const result = from.lgK < into.lgK ? into.shrunk(from.lgK) : into;
  result.merge(from);
  return result;
}

function read(hex: string, name: string): Hll {
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (x) => Number.parseInt(x, 16));
  const view = new DataView(bytes.buffer);
  const [ints, version, family, lgK, bits, flags, count, mode] = bytes as unknown as readonly number[];
  const invalid = (): never => {
    throw sparkError("SparkRuntimeException", {
      condition: "HLL_INVALID_INPUT_SKETCH_BUFFER",
      messageParameters: { function: `\`${name}\`` },
    });
  };
  if (mode === undefined || version !== 1 || family !== 7 || lgK === undefined || lgK < 4 || lgK > 21)
    return invalid();
  const kind = mode & 3;
  if (kind === 3 || ints !== ([2, 3, 10] as const)[kind]) return invalid();
  const isCompact = ((flags as number) & 8) !== 0;
  const result = new Hll(lgK);
  if (kind === 2) {
    if (mode >> 2 !== 2) throw unsupported("HyperLogLog sketches with registers of 4 or 6 bits");
    if (bytes.length < 40 + 2 ** lgK) return invalid();
    result.coupons = undefined;
    result.registers = bytes.slice(40, 40 + 2 ** lgK);
    result.hip = view.getFloat64(8, true);
    result.low = view.getFloat64(16, true);
    result.high = view.getFloat64(24, true);
    result.isMerged = ((flags as number) & 16) !== 0;
    return result;
  }
  const start = kind === 0 ? 8 : 12;
  if (bytes.length < start) return invalid();
  const coupons = kind === 0 ? (count as number) : view.getInt32(8, true);
  const length = isCompact ? coupons : 2 ** (bits as number);
  if (bytes.length < start + 4 * length) return invalid();
  if (isCompact) {
    for (let i = 0; i < length; i++) result.add(view.getInt32(start + 4 * i, true));
    return result;
  }
  const table = new Coupons(length);
  table.isList = kind === 0;
  table.count = coupons;
  for (let i = 0; i < length; i++) table.table[i] = view.getInt32(start + 4 * i, true);
  result.coupons = table;
  return result;
}

function write(sketch: Hll): string {
  const { coupons, lgK } = sketch;
  const start = coupons === undefined ? 40 : coupons.isList ? 8 : 12;
  const bytes = new Uint8Array(start + (coupons === undefined ? 2 ** lgK : 4 * coupons.table.length));
  const view = new DataView(bytes.buffer);
  const mode = coupons === undefined ? 2 : coupons.isList ? 0 : 1;
  bytes.set([[2, 3, 10][mode] as number, 1, 7, lgK, coupons?.bits ?? 0, 0, 0, 8 | mode]);
  if (coupons === undefined) {
    // Only a merge looks for the least register; values that come one by one count the empty ones.
    const least = sketch.isMerged ? sketch.registers.reduce((a, b) => Math.min(a, b)) : 0;
    [bytes[5], bytes[6]] = [sketch.isMerged ? 16 : 0, least];
    view.setFloat64(8, sketch.hip, true);
    view.setFloat64(16, sketch.low, true);
    view.setFloat64(24, sketch.high, true);
    view.setInt32(32, sketch.count(least), true);
    bytes.set(sketch.registers, start);
  } else {
    if (coupons.isList) [bytes[5], bytes[6]] = [coupons.count === 0 ? 4 : 0, coupons.count];
    else view.setInt32(8, coupons.count, true);
    for (const [i, coupon] of coupons.table.entries()) view.setInt32(start + 4 * i, coupon, true);
  }
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

function build(keys: string, lgK: number, name: string): string {
  if (lgK < 4 || lgK > 21) {
    throw sparkError("SparkRuntimeException", {
      condition: "HLL_INVALID_LG_K",
      messageParameters: { function: `\`${name}\``, min: "4", max: "21", value: `${lgK}` },
    });
  }
  const sketch = new Hll(lgK);
  for (const key of keys === "" ? [] : keys.split(",")) {
    const hash = hash128(key);
    if (hash === undefined) continue;
    const high = Number(hash[1] >> 32n);
    const zeros = high === 0 ? 32 + Math.clz32(Number(hash[1] & 0xffffffffn)) : Math.clz32(high);
    sketch.add(((Math.min(zeros, 62) + 1) << 26) | Number(hash[0] & BigInt(SLOT)));
  }
  return write(sketch);
}

function unite(sketches: string, mayDiffer: boolean, name: string): string {
  let result: Hll | undefined;
  let most = 21;
  for (const hex of sketches === "" ? [] : sketches.split(",")) {
    const sketch = read(hex, name);
    if (result === undefined) result = new Hll(sketch.lgK);
    else if (result.lgK !== sketch.lgK && !mayDiffer) {
      throw sparkError("SparkRuntimeException", {
        condition: "HLL_UNION_DIFFERENT_LG_K",
        messageParameters: { left: `${result.lgK}`, right: `${sketch.lgK}`, function: `\`${name}\`` },
      });
    }
    most = Math.min(most, sketch.lgK);
    if (result.lgK > most) result = result.isEmpty ? new Hll(most) : result.shrunk(most);
    result = union(result, sketch, most);
  }
  return write(result ?? new Hll(12));
}

export const HLL_KERNELS: readonly Kernel[] = [
  {
    // The name of the function, what it takes joined by commas, and the size or whether sizes may differ.
    name: "hll",
    args: ["string", "string", "int32"],
    result: "string",
    call: (name, text, option) => {
      switch (name) {
        case "hll_sketch_agg":
          return build(text as string, option as number, name);
        case "hll_sketch_estimate":
          return `${Math.floor(read(text as string, name).estimate() + 0.5)}`;
        default:
          return unite(text as string, option === 1, name as string);
      }
    },
  },
];
