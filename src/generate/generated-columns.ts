import type { ColumnRule, Distribution, RecordRules } from "./column-rules.ts";
import { BatchRandom, hashSeed, mix32 } from "./random.ts";

/** Values of one leaf column, in the form in which Parquet wants them. Nulls have a place too, with any value. */
export type LeafValues =
  | {
      readonly kind: "dictionary";
      readonly values: readonly (string | number)[];
      readonly codes: Uint16Array;
    }
  | { readonly kind: "int32"; readonly values: Int32Array }
  /** Whole numbers as two 32-bit halves. */
  | { readonly kind: "int64"; readonly low: Int32Array; readonly high: Int32Array }
  | { readonly kind: "double"; readonly values: Float64Array }
  | { readonly kind: "boolean"; readonly values: Uint8Array }
  /** ASCII of one width. */
  | { readonly kind: "text"; readonly bytes: Uint8Array; readonly width: number };

export interface LeafColumn {
  readonly path: readonly string[];
  readonly values: LeafValues;
  /** For each row how deep it is there: the depth of the path, or less where it, or a struct above it, is null. Absent: all there. */
  readonly levels: Uint8Array | undefined;
  /** Nulls of the column itself and above it. */
  readonly nullCount: number;
}

export interface GeneratedBatch {
  readonly rowCount: number;
  readonly columns: readonly LeafColumn[];
}

/** The rows of a batch: the same for the same seed and number of the batch, whatever else there is. */
export function generateBatch(
  rules: RecordRules,
  options: {
    readonly seed: number | string;
    readonly batch: number;
    readonly firstRow: number;
    readonly rowCount: number;
  },
): GeneratedBatch {
  const seed = hashSeed(options.seed);
  const columns: LeafColumn[] = [];
  let stream = 0;
  const add = (path: readonly string[], rule: ColumnRule, above: Uint8Array | undefined): void => {
    const random = new BatchRandom(seed, options.batch, stream++);
    const levels = nullLevels(rule, above, path.length, options.rowCount, random);
    if (rule.kind === "struct") {
      for (const [name, field] of Object.entries(rule.fields)) add([...path, name], field, levels);
      return;
    }
    const values = valuesOf(rule, random, { ...options, seed: mix32(seed ^ stream) });
    columns.push({ path, values, levels, nullCount: countBelow(levels, path.length) });
  };
  for (const [name, rule] of Object.entries(rules)) add([name], rule, undefined);
  return { rowCount: options.rowCount, columns };
}

function nullLevels(
  { nullShare = 0 }: ColumnRule,
  above: Uint8Array | undefined,
  depth: number,
  rowCount: number,
  random: BatchRandom,
): Uint8Array | undefined {
  if (nullShare === 0 && above === undefined) return undefined;
  const levels = new Uint8Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    const parent = above === undefined ? depth - 1 : (above[row] as number);
    const isNull = nullShare > 0 && random.next() < nullShare;
    levels[row] = parent < depth - 1 ? parent : isNull ? depth - 1 : depth;
  }
  return levels;
}

function countBelow(levels: Uint8Array | undefined, depth: number): number {
  if (levels === undefined) return 0;
  let count = 0;
  for (let row = 0; row < levels.length; row++) if ((levels[row] as number) < depth) count++;
  return count;
}

interface Place {
  readonly seed: number;
  readonly firstRow: number;
  readonly rowCount: number;
}

function valuesOf(
  rule: Exclude<ColumnRule, { readonly kind: "struct" }>,
  random: BatchRandom,
  place: Place,
): LeafValues {
  const { rowCount, firstRow } = place;
  switch (rule.kind) {
    case "uuid":
      return { kind: "text", bytes: uuids(random, place), width: 36 };
    case "sequence": {
      const { start = 0, step = 1 } = rule;
      return int64(rowCount, (row) => start + (firstRow + row) * step);
    }
    case "int": {
      const next = numbers(rule.min, rule.max, rule.distribution, random);
      const values = new Int32Array(rowCount);
      for (let row = 0; row < rowCount; row++) values[row] = next();
      return { kind: "int32", values };
    }
    case "long":
      return int64(rowCount, numbers(rule.min, rule.max, rule.distribution, random));
    case "double": {
      const next = reals(rule.min, rule.max, rule.distribution, random);
      const factor = rule.decimals === undefined ? 0 : 10 ** rule.decimals;
      const values = new Float64Array(rowCount);
      for (let row = 0; row < rowCount; row++) {
        const value = next();
        values[row] = factor === 0 ? value : Math.round(value * factor) / factor;
      }
      return { kind: "double", values };
    }
    case "boolean": {
      const { trueShare = 0.5 } = rule;
      const values = new Uint8Array(rowCount);
      for (let row = 0; row < rowCount; row++) values[row] = random.next() < trueShare ? 1 : 0;
      return { kind: "boolean", values };
    }
    case "choice":
      return {
        kind: "dictionary",
        values: rule.values,
        codes: choices(rule.values.length, rule.weights, random, rowCount),
      };
    case "pattern":
      return patternTexts(rule.pattern, random, rowCount);
    case "timestamp": {
      const from = Date.parse(rule.from);
      const { stepMs } = rule;
      if (stepMs !== undefined) return int64(rowCount, (row) => (from + (firstRow + row) * stepMs) * 1_000);
      const span = Date.parse(rule.to as string) - from + 1;
      return int64(rowCount, () => (from + random.below(span)) * 1_000);
    }
    case "date": {
      const from = Math.floor(Date.parse(rule.from) / 86_400_000);
      const days = Math.floor(Date.parse(rule.to) / 86_400_000) - from + 1;
      const values = new Int32Array(rowCount);
      for (let row = 0; row < rowCount; row++) values[row] = from + random.below(days);
      return { kind: "int32", values };
    }
  }
}

function int64(rowCount: number, valueAt: (row: number) => number): LeafValues {
  const low = new Int32Array(rowCount);
  const high = new Int32Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    const value = valueAt(row);
    low[row] = (value % 4_294_967_296) | 0;
    high[row] = Math.floor(value / 4_294_967_296);
    // The remainder of a negative number is negative: as 32 bits it is the right one.
  }
  return { kind: "int64", low, high };
}

function reals(
  min: number,
  max: number,
  distribution: Distribution = "uniform",
  random: BatchRandom,
): () => number {
  if (distribution === "uniform") return () => min + random.nextFine() * (max - min);
  if (distribution.kind === "exponential") {
    const { mean } = distribution;
    return () => Math.min(max, min + mean * random.exponential());
  }
  const { mean = (min + max) / 2, stddev = (max - min) / 6 } = distribution;
  return () => Math.min(max, Math.max(min, mean + stddev * random.normal()));
}

function numbers(
  min: number,
  max: number,
  distribution: Distribution = "uniform",
  random: BatchRandom,
): () => number {
  if (distribution === "uniform") return () => min + random.below(max - min + 1);
  const next = reals(min, max, distribution, random);
  return () => Math.round(next());
}

function choices(
  count: number,
  weights: readonly number[] | undefined,
  random: BatchRandom,
  rowCount: number,
): Uint16Array {
  const codes = new Uint16Array(rowCount);
  if (weights === undefined) {
    for (let row = 0; row < rowCount; row++) codes[row] = random.below(count);
    return codes;
  }
  // Walker's alias method: one draw a row, however many values there are.
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const share = weights.map((weight) => (weight * count) / total);
  const alias = new Uint16Array(count);
  const small = share.flatMap((part, i) => (part < 1 ? [i] : []));
  const large = share.flatMap((part, i) => (part < 1 ? [] : [i]));
  while (small.length > 0 && large.length > 0) {
    const less = small.pop() as number;
    const more = large[large.length - 1] as number;
    alias[less] = more;
    share[more] = (share[more] as number) + (share[less] as number) - 1;
    if ((share[more] as number) < 1) small.push(large.pop() as number);
  }
  for (const rest of [...small, ...large]) share[rest] = 1;
  for (let row = 0; row < rowCount; row++) {
    const draw = random.nextFine() * count;
    const at = Math.floor(draw);
    codes[row] = draw - at < (share[at] as number) ? at : (alias[at] as number);
  }
  return codes;
}

const HEX = new TextEncoder().encode("0123456789abcdef");

/**
 * Random UUIDs of version 4, no two of them alike in one run: 64 of their bits are the number of the row, scrambled
 * without loss.
 */
function uuids(random: BatchRandom, { seed, firstRow, rowCount }: Place): Uint8Array {
  const out = new Uint8Array(rowCount * 36);
  for (let row = 0, at = 0; row < rowCount; row++, at += 36) {
    const number = firstRow + row;
    const first = mix32((number >>> 0) ^ seed);
    const last =
      mix32((Math.floor(number / 4_294_967_296) >>> 0) ^ mix32(seed ^ 0x5bd1e995)) ^
      mix32(first ^ 0x2545f491);
    const middle = random.uint32();
    const second = random.uint32();
    hex(out, at, first, 8);
    out[at + 8] = 45;
    hex(out, at + 9, second >>> 16, 4);
    out[at + 13] = 45;
    hex(out, at + 14, 0x4000 | (second & 0xfff), 4);
    out[at + 18] = 45;
    hex(out, at + 19, 0x8000 | (middle & 0x3fff), 4);
    out[at + 23] = 45;
    hex(out, at + 24, middle >>> 16, 4);
    hex(out, at + 28, last, 8);
  }
  return out;
}

function hex(out: Uint8Array, at: number, value: number, digits: number): void {
  for (let i = digits - 1, rest = value; i >= 0; i--, rest >>>= 4) out[at + i] = HEX[rest & 15] as number;
}

function patternTexts(pattern: string, random: BatchRandom, rowCount: number): LeafValues {
  // Of each place: the bytes to choose from.
  const places: Uint8Array[] = [];
  const encoder = new TextEncoder();
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i] as string;
    if (character === "#") places.push(encoder.encode("0123456789"));
    else if (character === "?") places.push(encoder.encode("ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
    else if (character === "*") places.push(HEX);
    else {
      const point = String.fromCodePoint(pattern.codePointAt(character === "\\" ? ++i : i) ?? 92);
      if (point.length === 2) i++;
      for (const byte of encoder.encode(point)) places.push(Uint8Array.of(byte));
    }
  }
  const width = places.length;
  const bytes = new Uint8Array(rowCount * width);
  for (let at = 0; at < bytes.length; ) {
    for (const choice of places) {
      bytes[at++] = choice[choice.length === 1 ? 0 : random.below(choice.length)] as number;
    }
  }
  return { kind: "text", bytes, width };
}
