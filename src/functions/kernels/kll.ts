import { sparkError } from "../../errors/spark-error.ts";
import type { Kernel } from "../kernel.ts";
import { doubleText, floatText } from "../number-text.ts";

type Kind = "bigint" | "double" | "float";
type Item = number | bigint;

const M = 8;
const SIZES: Readonly<Record<Kind, number>> = { bigint: 8, double: 8, float: 4 };
const LABELS: Readonly<Record<Kind, string>> = { bigint: "Longs", double: "Doubles", float: "Floats" };

const less = (a: Item, b: Item): number => (a < b ? -1 : a > b ? 1 : 0);

/** How many items a level may have: each is two thirds of the one above. */
function capacity(k: number, levels: number, level: number): number {
  const part = (of: number, depth: number): number =>
    Number((((BigInt(of) << 1n) << BigInt(depth)) / 3n ** BigInt(depth) + 1n) >> 1n);
  const depth = levels - level - 1;
  const half = depth >> 1;
  return Math.max(M, depth <= 30 ? part(k, depth) : part(part(k, half), depth - half));
}

let bits = 0x2545f491;
/** Which half of a level survives. */
function randomBit(): number {
  bits ^= bits << 13;
  bits ^= bits >>> 17;
  bits ^= bits << 5;
  return bits & 1;
}

/** A KLL sketch in the binary form of Apache DataSketches. The lowest level is in the order of arrival, the latest first. */
class Kll {
  readonly k: number;
  readonly kind: Kind;
  minK: number;
  n = 0n;
  min: Item | undefined;
  max: Item | undefined;
  levels: Item[][] = [[]];

  constructor(kind: Kind, k: number) {
    this.kind = kind;
    this.k = k;
    this.minK = k;
  }

  get capacity(): number {
    return this.levels.reduce((sum, _, i) => sum + capacity(this.k, this.levels.length, i), 0);
  }
  get retained(): number {
    return this.levels.reduce((sum, level) => sum + level.length, 0);
  }

  update(item: Item): void {
    if (typeof item === "number" && Number.isNaN(item)) return;
    this.#bound(item);
    if (this.retained >= this.capacity) this.#compact();
    this.n += 1n;
    (this.levels[0] as Item[]).unshift(item);
  }

  #bound(item: Item): void {
    if (this.min === undefined || item < this.min) this.min = item;
    if (this.max === undefined || item > this.max) this.max = item;
  }

  /** Halves the lowest level that is full. */
  #compact(): void {
    const at = this.levels.findIndex((l, i) => l.length >= capacity(this.k, this.levels.length, i));
    if (at === this.levels.length - 1) this.levels.push([]);
    const level = this.levels[at] as Item[];
    const odd = level.length % 2 === 1 ? level.slice(0, 1) : [];
    const even = level.slice(odd.length);
    if (at === 0) even.sort(less);
    const offset = randomBit();
    const half = even.filter((_, i) => i % 2 === offset);
    this.levels[at + 1] = [...half, ...(this.levels[at + 1] as Item[])].sort(less);
    this.levels[at] = odd;
  }

  merge(other: Kll): void {
    if (other.n === 0n) return;
    const total = this.n + other.n;
    for (const item of other.levels[0] as Item[]) this.update(item);
    for (const [i, level] of other.levels.entries()) {
      if (i === 0) continue;
      this.levels[i] = [...(this.levels[i] ?? []), ...level].sort(less);
    }
    for (let i = 0; i < this.levels.length; i++) this.levels[i] ??= [];
    while (this.retained > this.capacity) this.#compact();
    this.n = total;
    this.minK = Math.min(this.minK, other.minK);
    this.#bound(other.min as Item);
    this.#bound(other.max as Item);
  }

  /** Items in order with how many values each stands for. */
  sorted(): readonly (readonly [Item, bigint])[] {
    return this.levels
      .flatMap((level, i) => level.map((item) => [item, 1n << BigInt(i)] as const))
      .sort(([a], [b]) => less(a, b));
  }

  quantile(rank: number): Item {
    const wanted = BigInt(Math.ceil(rank * Number(this.n)));
    let sum = 0n;
    const view = this.sorted();
    for (const [item, weight] of view) {
      sum += weight;
      if (sum >= wanted) return item;
    }
    return (view.at(-1) as readonly [Item, bigint])[0];
  }

  rank(item: Item): number {
    const below = this.sorted().reduce((sum, [x, weight]) => (x <= item ? sum + weight : sum), 0n);
    return Number(below) / Number(this.n);
  }

  toHex(): string {
    const size = SIZES[this.kind];
    const isEmpty = this.n === 0n;
    const isSingle = this.n === 1n;
    const retained = this.retained;
    const count = this.levels.length;
    const view = new DataView(
      new ArrayBuffer(isEmpty ? 8 : isSingle ? 8 + size : 20 + 4 * count + (2 + retained) * size),
    );
    const head = [isEmpty || isSingle ? 2 : 5, isSingle ? 2 : 1, 15, isEmpty ? 1 : isSingle ? 4 : 0];
    for (const [i, byte] of head.entries()) view.setUint8(i, byte);
    view.setUint16(4, this.k, true);
    view.setUint8(6, M);
    let at = 8;
    const put = (item: Item): void => {
      if (this.kind === "bigint") view.setBigInt64(at, BigInt(item), true);
      else if (this.kind === "double") view.setFloat64(at, Number(item), true);
      else view.setFloat32(at, Number(item), true);
      at += size;
    };
    if (isSingle) put((this.levels.flat()[0] as Item) ?? 0);
    else if (!isEmpty) {
      view.setBigInt64(8, this.n, true);
      view.setUint16(16, this.minK, true);
      view.setUint8(18, count);
      at = 20;
      let start = this.capacity - retained;
      for (const level of this.levels) {
        view.setInt32(at, start, true);
        start += level.length;
        at += 4;
      }
      put(this.min as Item);
      put(this.max as Item);
      for (const item of this.levels.flat()) put(item);
    }
    return Array.from(new Uint8Array(view.buffer), (b) => b.toString(16).padStart(2, "0")).join("");
  }

  toString(): string {
    const size = SIZES[this.kind];
    const error = (factor: number, power: number): string =>
      `${((factor / this.minK ** power) * 100).toFixed(3)}%`;
    const shown = (item: Item | undefined): string => {
      if (item === undefined) return "NaN";
      return this.kind === "bigint"
        ? `${item}`
        : this.kind === "double"
          ? doubleText(Number(item))
          : floatText(Number(item));
    };
    const rows: readonly (readonly [string, string | number | bigint])[] = [
      ["K", this.k],
      ["Dynamic min K", this.minK],
      ["M", M],
      ["N", this.n],
      ["Epsilon", error(2.296, 0.9723)],
      ["Epsilon PMF", error(2.446, 0.9433)],
      ["Empty", `${this.n === 0n}`],
      ["Estimation Mode", `${this.levels.length > 1}`],
      ["Levels", this.levels.length],
      ["Level 0 Sorted", "false"],
      ["Capacity Items", this.capacity],
      ["Retained Items", this.retained],
      ["Free Space", this.capacity - this.retained],
      ["ReadOnly", "false"],
      ["Updatable Storage Bytes", 20 + 4 * (this.levels.length + 1) + (2 + this.capacity) * size],
      ["Compact Storage Bytes", this.toHex().length / 2],
      ["Min Item", shown(this.min)],
      ["Max Item", shown(this.max)],
    ];
    const lines = rows.map(([label, value]) => `   ${label.padEnd(23)}: ${value}\n`).join("");
    return `\n### KllKll${LABELS[this.kind]}Sketch Summary:\n${lines}### End sketch summary\n`;
  }
}

function fromHex(hex: string, kind: Kind): Kll {
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (b) => Number.parseInt(b, 16));
  const view = new DataView(bytes.buffer);
  const [version, family, flags] = [1, 2, 3].map((i) => view.getUint8(i)) as [number, number, number];
  if (family !== 15 || (version !== 1 && version !== 2)) throw new RangeError("no KLL sketch");
  const sketch = new Kll(kind, view.getUint16(4, true));
  if ((flags & 1) !== 0) return sketch;
  const size = SIZES[kind];
  const item = (at: number): Item =>
    kind === "bigint"
      ? view.getBigInt64(at, true)
      : kind === "double"
        ? view.getFloat64(at, true)
        : view.getFloat32(at, true);
  if ((flags & 4) !== 0) {
    sketch.update(item(8));
    return sketch;
  }
  sketch.n = view.getBigInt64(8, true);
  sketch.minK = view.getUint16(16, true);
  const count = view.getUint8(18);
  const starts = Array.from({ length: count }, (_, i) => view.getInt32(20 + 4 * i, true));
  let at = 20 + 4 * count;
  sketch.min = item(at);
  sketch.max = item(at + size);
  at += 2 * size;
  const end = (starts[0] as number) + (bytes.length - at) / size;
  if (!Number.isInteger(end) || starts.some((start) => start > end)) throw new RangeError("no KLL sketch");
  sketch.levels = starts.map((start, i) => {
    const length = (starts[i + 1] ?? end) - start;
    const level = Array.from({ length }, (_, j) => item(at + j * size));
    at += length * size;
    return level;
  });
  return sketch;
}

function parse(text: string, kind: Kind): Item {
  if (kind === "bigint") return BigInt(text);
  if (text.endsWith("inf")) return text.startsWith("-") ? -Infinity : Infinity;
  return text.endsWith("nan") ? Number.NaN : Number(text);
}

function print(item: Item): string {
  if (typeof item === "bigint" || Number.isFinite(item)) return `${item}`;
  return Number.isNaN(item) ? "nan" : item > 0 ? "inf" : "-inf";
}

/** All functions of the family by their names; sketches are in hexadecimal digits. */
function compute(name: string, a: string, b: string, k: number): string {
  const kind = name.slice(name.lastIndexOf("_") + 1) as Kind;
  const invalid = (): Error =>
    sparkError("SparkRuntimeException", {
      condition: "KLL_INVALID_INPUT_SKETCH_BUFFER",
      messageParameters: { function: `\`${name}\`` },
    });
  const read = (hex: string): Kll => {
    try {
      return fromHex(hex, kind);
    } catch (error) {
      throw error instanceof RangeError ? invalid() : error;
    }
  };
  const items = a === "" ? [] : a.split(",");
  switch (name.replace(`_${kind}`, "")) {
    case "kll_sketch_agg": {
      const sketch = new Kll(kind, k === 0 ? 200 : k);
      for (const item of items) sketch.update(parse(item, kind));
      // Spark merges what a partition has seen into a new sketch, which turns the order.
      sketch.levels[0]?.reverse();
      return sketch.toHex();
    }
    case "kll_merge_agg": {
      const sketches = items.map(read);
      const merged = new Kll(kind, k !== 0 ? k : (sketches[0]?.k ?? 200));
      for (const sketch of sketches) merged.merge(sketch);
      return merged.toHex();
    }
    case "kll_sketch_merge": {
      const merged = read(a);
      merged.merge(read(b));
      return merged.toHex();
    }
    case "kll_sketch_get_n":
      return `${read(a).n}`;
    case "kll_sketch_to_string":
      return read(a).toString();
    default: {
      const sketch = read(a);
      const isQuantile = name.includes("get_quantile");
      const asked = (b === "" ? [] : b.split(";")).map((x) => parse(x, isQuantile ? "double" : kind));
      if (isQuantile && asked.some((x) => !(Number(x) >= 0 && Number(x) <= 1))) {
        throw sparkError("SparkRuntimeException", {
          condition: "KLL_SKETCH_INVALID_QUANTILE_RANGE",
          messageParameters: { functionName: `\`${name}\`` },
        });
      }
      if (sketch.n === 0n || (!isQuantile && asked.some(Number.isNaN))) throw invalid();
      return asked
        .map((x) => (isQuantile ? print(sketch.quantile(Number(x))) : `${sketch.rank(x)}`))
        .join(";");
    }
  }
}

export const KLL_KERNELS: readonly Kernel[] = [
  {
    name: "kll",
    args: ["string", "string", "string", "int32"],
    result: "string",
    call: (name, a, b, k) => compute(name as string, a as string, b as string, k as number),
  },
];
