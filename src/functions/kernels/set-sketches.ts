import { sparkError } from "../../errors/spark-error.ts";
import type { Kernel } from "../kernel.ts";
import { hash128 } from "./sketch-hash.ts";

/**
 * Theta and tuple sketches in the binary forms of Apache DataSketches: the least hashes of what was seen (tuples have a
 * summary beside each), and the bound below which all of them are there.
 */
interface Sketch {
  readonly theta: bigint;
  /** Summaries by hash; those of theta sketches mean nothing. */
  readonly entries: ReadonlyMap<bigint, number>;
  readonly isEmpty: boolean;
}

const MAX_THETA = (1n << 63n) - 1n;
const EMPTY: Sketch = { theta: MAX_THETA, entries: new Map(), isEmpty: true };
const SEED_HASH = 0x93cc;
const MODES = ["sum", "min", "max", "alwaysone"];

type Kind = "theta" | "double" | "integer";

/** How two summaries become one. */
function combine(mode: string, kind: Kind, a: number, b: number): number {
  switch (mode) {
    case "sum":
      return kind === "integer" ? (a + b) | 0 : a + b;
    case "min":
      return Math.min(a, b);
    case "max":
      return Math.max(a, b);
    default:
      return 1;
  }
}

/** The summary of a key that has none of its own. */
function neutral(mode: string, kind: Kind): number {
  const isInt = kind === "integer";
  if (mode === "min") return isInt ? 2147483647 : Infinity;
  if (mode === "max") return isInt ? -2147483648 : -Infinity;
  return mode === "sum" ? 0 : 1;
}

/** No more than 2 to the lg entries: the least, with the next one as the bound. */
function trimmed({ theta, entries, isEmpty }: Sketch, lg: number): Sketch {
  const least = [...entries].filter(([h]) => h < theta).sort(([a], [b]) => (a < b ? -1 : 1));
  const next = least[2 ** lg];
  return {
    theta: next === undefined ? theta : next[0],
    entries: new Map(least.slice(0, 2 ** lg)),
    isEmpty,
  };
}

function union(a: Sketch, b: Sketch, lg: number, mode: string, kind: Kind): Sketch {
  const entries = new Map<bigint, number>();
  for (const { entries: more } of [a, b]) {
    for (const [h, s] of more) {
      const old = entries.get(h);
      entries.set(h, old === undefined ? s : combine(mode, kind, old, s));
    }
  }
  const theta = a.theta < b.theta ? a.theta : b.theta;
  return trimmed({ theta, entries, isEmpty: a.isEmpty && b.isEmpty }, lg);
}

function intersection(a: Sketch, b: Sketch, mode: string, kind: Kind, isPlain: boolean): Sketch {
  if (a.isEmpty || b.isEmpty) return EMPTY;
  const theta = a.theta < b.theta ? a.theta : b.theta;
  const entries = new Map<bigint, number>();
  for (const [h, s] of a.entries) {
    const other = b.entries.get(h);
    if (h < theta && other !== undefined)
      entries.set(h, isPlain ? combine(mode, kind, s, neutral(mode, kind)) : combine(mode, kind, s, other));
  }
  return { theta, entries, isEmpty: entries.size === 0 && theta === MAX_THETA };
}

function difference(a: Sketch, b: Sketch): Sketch {
  if (a.isEmpty) return EMPTY;
  const theta = a.theta < b.theta ? a.theta : b.theta;
  const entries = new Map([...a.entries].filter(([h]) => h < theta && !b.entries.has(h)));
  return { theta, entries, isEmpty: entries.size === 0 && theta === MAX_THETA };
}

// --- the binary forms

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}
function fromHex(hex: string): DataView {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return new DataView(bytes.buffer);
}

class Writer {
  readonly #bytes: number[] = [];
  int(value: number | bigint, size: number): void {
    for (let i = 0; i < size; i++) this.#bytes.push(Number((BigInt(value) >> BigInt(8 * i)) & 0xffn));
  }
  double(value: number): void {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value, true);
    for (let i = 0; i < 8; i++) this.#bytes.push(view.getUint8(i));
  }
  /** Numbers of that many bits each, the highest bit first. */
  bits(values: readonly bigint[], width: number): void {
    let [buffer, count] = [0n, 0];
    for (const v of values) {
      buffer = (buffer << BigInt(width)) | v;
      count += width;
      while (count >= 8) {
        count -= 8;
        this.#bytes.push(Number((buffer >> BigInt(count)) & 0xffn));
        buffer &= (1n << BigInt(count)) - 1n;
      }
    }
    if (count > 0) this.#bytes.push(Number((buffer << BigInt(8 - count)) & 0xffn));
  }
  hex(): string {
    return toHex(Uint8Array.from(this.#bytes));
  }
}

const [EMPTY_FLAG, COMPACT, ORDERED, SINGLE] = [4, 2 | 8, 16, 32];

function writeTheta({ theta, entries, isEmpty }: Sketch): string {
  const out = new Writer();
  const hashes = [...entries.keys()].sort((a, b) => (a < b ? -1 : 1));
  const head = (pre: number, version: number, a: number, b: number, flags: number): void => {
    for (const byte of [pre, version, 3, a, b, COMPACT | ORDERED | flags]) out.int(byte, 1);
    out.int(isEmpty ? 0 : SEED_HASH, 2);
  };
  const isExact = theta === MAX_THETA;
  if (isEmpty) head(1, 3, 0, 0, EMPTY_FLAG);
  else if (hashes.length === 0) {
    head(3, 3, 0, 0, 0);
    out.int(0, 4);
    out.int(0x3f800000, 4);
    out.int(theta, 8);
  } else if (hashes.length === 1 && isExact) {
    head(1, 3, 0, 0, SINGLE);
    out.int(hashes[0] as bigint, 8);
  } else {
    const gaps = hashes.map((h, i) => h - (i === 0 ? 0n : (hashes[i - 1] as bigint)));
    const width = gaps.reduce((a, b) => a | b).toString(2).length;
    const size = Math.ceil(hashes.length.toString(2).length / 8);
    head(isExact ? 1 : 2, 4, width, size, 0);
    if (!isExact) out.int(theta, 8);
    out.int(hashes.length, size);
    out.bits(gaps, width);
  }
  return out.hex();
}

function writeTuple({ theta, entries, isEmpty }: Sketch, kind: Kind, mode: string): string {
  const out = new Writer();
  const isExact = theta === MAX_THETA;
  const pre = !isExact ? 3 : isEmpty || entries.size === 1 ? 1 : 2;
  for (const byte of [pre, 3, 9, 1, 0, COMPACT | (isEmpty ? EMPTY_FLAG : 0)]) out.int(byte, 1);
  out.int(SEED_HASH, 2);
  if (pre > 1) out.int(entries.size, 8);
  if (pre > 2) out.int(theta, 8);
  for (const [h, s] of entries) {
    out.int(h, 8);
    if (kind === "double") out.double(s);
    else out.int(s, 4);
    out.int(MODES.indexOf(mode), 1);
  }
  return out.hex();
}

function invalid(name: string, isTheta: boolean): Error {
  return sparkError("SparkRuntimeException", {
    condition: isTheta ? "THETA_INVALID_INPUT_SKETCH_BUFFER" : "TUPLE_INVALID_INPUT_SKETCH_BUFFER",
    messageParameters: { function: `\`${name}\`` },
  });
}

/** The families of sketches by their numbers. */
const FAMILIES: Readonly<Record<number, string>> = { 3: "COMPACT", 7: "HLL", 9: "TUPLE", 15: "KLL" };

/** A sketch, but of a family that was not asked for. */
class OtherFamily extends Error {
  readonly family: string | undefined;
  constructor(family: number) {
    super("a sketch of another family");
    this.family = FAMILIES[family];
  }
}

function readTheta(view: DataView): Sketch {
  const [pre, version, family, flags] = [0, 1, 2, 5].map((i) => view.getUint8(i)) as [
    number,
    number,
    number,
    number,
  ];
  if (version !== 3 && version !== 4) throw new RangeError("no theta sketch");
  if (family !== 3) throw new OtherFamily(family);
  if ((flags & EMPTY_FLAG) !== 0) return EMPTY;
  const hashes: bigint[] = [];
  let theta = MAX_THETA;
  if (version === 3) {
    const count = pre === 1 ? 1 : view.getInt32(8, true);
    if (pre > 2) theta = view.getBigInt64(16, true);
    for (let i = 0; i < count; i++) hashes.push(view.getBigInt64(8 * (pre + i), true));
  } else {
    const [width, size] = [view.getUint8(3), view.getUint8(4)];
    let at = 8;
    if (pre > 1) {
      theta = view.getBigInt64(8, true);
      at = 16;
    }
    let count = 0;
    for (let i = 0; i < size; i++) count += view.getUint8(at++) * 256 ** i;
    let [buffer, bits, last] = [0n, 0, 0n];
    for (let i = 0; i < count; i++) {
      while (bits < width) {
        buffer = (buffer << 8n) | BigInt(view.getUint8(at++));
        bits += 8;
      }
      bits -= width;
      last += buffer >> BigInt(bits);
      buffer &= (1n << BigInt(bits)) - 1n;
      hashes.push(last);
    }
  }
  return { theta, entries: new Map(hashes.map((h) => [h, 0])), isEmpty: false };
}

function readTuple(view: DataView, kind: Kind): Sketch {
  const [pre, version, family, flags] = [0, 1, 2, 5].map((i) => view.getUint8(i)) as [
    number,
    number,
    number,
    number,
  ];
  if (version !== 3 && version !== 4) throw new RangeError("no tuple sketch");
  if (family !== 9) throw new OtherFamily(family);
  if ((flags & EMPTY_FLAG) !== 0) return EMPTY;
  const count = pre === 1 ? 1 : view.getInt32(8, true);
  const theta = pre > 2 ? view.getBigInt64(16, true) : MAX_THETA;
  const width = (view.byteLength - 8 * pre) / count - 8;
  if (width !== (kind === "double" ? 9 : 5)) throw new RangeError("summaries of another type");
  const entries = new Map<bigint, number>();
  for (let i = 0; i < count; i++) {
    const at = 8 * pre + i * (8 + width);
    const summary = kind === "double" ? view.getFloat64(at + 8, true) : view.getInt32(at + 8, true);
    entries.set(view.getBigInt64(at, true), summary);
  }
  return { theta, entries, isEmpty: false };
}

function read(hex: string, kind: Kind, name: string): Sketch {
  try {
    return kind === "theta" ? readTheta(fromHex(hex)) : readTuple(fromHex(hex), kind);
  } catch (error) {
    const isTheta = kind === "theta";
    if (error instanceof OtherFamily && error.family !== undefined) {
      throw sparkError("SparkRuntimeException", {
        condition: `${isTheta ? "THETA" : "TUPLE"}_INVALID_INPUT_SKETCH_BUFFER_FAMILY`,
        messageParameters: {
          function: `\`${name}\``,
          expectedFamily: isTheta ? "COMPACT" : "TUPLE",
          actualFamily: error.family,
        },
      });
    }
    if (error instanceof RangeError || error instanceof OtherFamily) throw invalid(name, isTheta);
    throw error;
  }
}

const write = (s: Sketch, kind: Kind, mode: string): string =>
  kind === "theta" ? writeTheta(s) : writeTuple(s, kind, mode);

const estimateOf = ({ theta, entries }: Sketch): number =>
  theta === MAX_THETA ? entries.size : entries.size / (Number(theta) / 2 ** 63);

function checkedSize(lg: number, name: string): number {
  if (lg >= 4 && lg <= 26) return lg;
  throw sparkError("SparkRuntimeException", {
    condition: "SKETCH_INVALID_LG_NOM_ENTRIES",
    messageParameters: { function: `\`${name}\``, min: "4", max: "26", value: `${lg}` },
  });
}

const parse = (text: string): number =>
  text.endsWith("inf")
    ? text.startsWith("-")
      ? -Infinity
      : Infinity
    : text.endsWith("nan")
      ? Number.NaN
      : Number(text);

/** A sketch of keys joined by commas, with their summaries after an equals sign. */
function sketchOf(items: string, kind: Kind, lg: number, mode: string): Sketch {
  const entries = new Map<bigint, number>();
  for (const item of items === "" ? [] : items.split(",")) {
    const [key, summary] = item.split("=") as [string, string?];
    const hash = hash128(key);
    if (hash === undefined) continue;
    const h = hash[0] >> 1n;
    const value = summary === undefined ? 0 : mode === "alwaysone" ? 1 : parse(summary);
    const old = entries.get(h);
    entries.set(h, old === undefined ? value : combine(mode, kind, old, value));
  }
  return trimmed({ theta: MAX_THETA, entries, isEmpty: entries.size === 0 }, lg);
}

function isPlainTheta(name: string): boolean {
  return /^tuple_.*_theta_/.test(name);
}

/** All functions of the two families by their names; sketches and lists of sketches are in hexadecimal digits. */
function compute(name: string, a: string, b: string, lg: number, mode: string): string {
  const kind: Kind = name.startsWith("theta") ? "theta" : name.endsWith("double") ? "double" : "integer";
  const operation = name.replace(/^(theta|tuple)_/, "").replace(/_(double|integer)$/, "");
  const isWith = isPlainTheta(name);
  const lists = (text: string): readonly Sketch[] =>
    text === "" ? [] : text.split(",").map((hex) => read(hex, kind, name));
  const other = (): Sketch => {
    const found = read(b, isWith ? "theta" : kind, name);
    if (!isWith) return found;
    const summary = neutral(mode, kind);
    return { ...found, entries: new Map([...found.entries.keys()].map((h) => [h, summary])) };
  };
  switch (operation) {
    case "sketch_agg":
      return write(sketchOf(a, kind, checkedSize(lg, name), mode), kind, mode);
    case "sketch_estimate": {
      const estimate = estimateOf(read(a, kind, name));
      return kind === "theta" ? `${Math.floor(estimate + 0.5)}` : `${estimate}`;
    }
    case "sketch_theta":
      return `${Number(read(a, kind, name).theta) / 2 ** 63}`;
    case "sketch_summary": {
      const summaries = [...read(a, kind, name).entries.values()];
      if (mode === "alwaysone" || summaries.length === 0) return `${summaries.length}`;
      const total = summaries.reduce((x, y) => combine(mode, "double", x, y), neutral(mode, "double"));
      return Number.isFinite(total) ? `${total}` : total > 0 ? "inf" : Number.isNaN(total) ? "nan" : "-inf";
    }
    case "union":
    case "union_theta":
      return write(union(read(a, kind, name), other(), checkedSize(lg, name), mode, kind), kind, mode);
    case "union_agg":
      checkedSize(lg, name);
      return write(
        lists(a).reduce((x, y) => union(x, y, lg, mode, kind), EMPTY),
        kind,
        mode,
      );
    case "intersection":
    case "intersection_theta":
      return write(intersection(read(a, kind, name), other(), mode, kind, isWith), kind, mode);
    case "intersection_agg": {
      const [first, ...rest] = lists(a);
      const all =
        first === undefined ? EMPTY : rest.reduce((x, y) => intersection(x, y, mode, kind, false), first);
      return write(all, kind, mode);
    }
    default:
      return write(difference(read(a, kind, name), other()), kind, mode);
  }
}

export const SET_SKETCH_KERNELS: readonly Kernel[] = [
  {
    name: "set_sketch",
    args: ["string", "string", "string", "int32", "string"],
    result: "string",
    call: (name, a, b, lg, mode) =>
      compute(name as string, a as string, b as string, lg as number, (mode as string).toLowerCase()),
  },
];
