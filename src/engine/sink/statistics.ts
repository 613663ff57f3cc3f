import { civilFromDays, floorDivMod, formatYear, MICROS_PER_DAY } from "../../types/civil.ts";
import type { DataType, StructField } from "../../types/data-type.ts";
import { Decimal } from "../../types/values.ts";
import { isValid } from "../arrow/column.ts";
import { eachValue } from "../arrow/decode-bytes.ts";
import type { ArrowColumn } from "../arrow/ipc.ts";

/** Text is cut to this many characters. */
const MAX_TEXT_LENGTH = 32;
/** Sorts behind every character, so that a cut maximum stays an upper bound. */
const LAST_CHARACTER = "\u{10FFFF}";

/** JSON as text: numbers of any size keep their digits. */
type JsonText = string;

interface Collector {
  add(column: ArrowColumn): void;
  min(): JsonText | undefined;
  max(): JsonText | undefined;
  nullCount(): JsonText;
}

/** Gathers Delta's statistics of a file while its batches pass. */
export class FileStatistics {
  readonly #fields: readonly {
    readonly name: string;
    readonly index: number;
    readonly collector: Collector;
  }[];
  #rows = 0;

  /** Statistics for the first `leaves` leaf columns; `fields` are the file's columns by position. */
  constructor(fields: readonly StructField[], leaves: number) {
    const budget = { left: leaves };
    this.#fields = fields.flatMap((f, index) => {
      const collector = budget.left > 0 ? collectorOf(f.dataType, budget) : undefined;
      return collector === undefined ? [] : [{ name: f.name, index, collector }];
    });
  }

  add(length: number, columns: readonly ArrowColumn[]): void {
    this.#rows += length;
    for (const { index, collector } of this.#fields) collector.add(columns[index] as ArrowColumn);
  }

  toJson(): string {
    const part = (read: (c: Collector) => JsonText | undefined): JsonText =>
      objectText(this.#fields.map(({ name, collector }) => [name, read(collector)]));
    const min = part((c) => c.min());
    const max = part((c) => c.max());
    const nulls = part((c) => c.nullCount());
    return `{"numRecords":${this.#rows},"minValues":${min},"maxValues":${max},"nullCount":${nulls},"tightBounds":true}`;
  }
}

function objectText(entries: readonly (readonly [string, JsonText | undefined])[]): JsonText {
  const there = entries.filter(([, value]) => value !== undefined);
  return `{${there.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(",")}}`;
}

function collectorOf(type: DataType, budget: { left: number }): Collector | undefined {
  if (type.kind === "udt") return collectorOf(type.sqlType, budget);
  if (type.kind === "struct") return structCollector(type.fields, budget);
  if (budget.left === 0) return undefined;
  budget.left--;
  switch (type.kind) {
    case "byte":
    case "short":
    case "integer":
      return new NumberCollector(String);
    case "float":
    case "double":
      return new NumberCollector((v) =>
        Number.isFinite(v) ? (Object.is(v, -0) ? "0.0" : floatingText(v)) : undefined,
      );
    case "long":
      return new WideCollector(2, String);
    case "decimal":
      return new WideCollector(4, (v) => new Decimal(v, type.scale).toString());
    case "date":
      return new NumberCollector((days) => JSON.stringify(dateText(days)));
    case "timestamp":
      return new WideCollector(2, (v) => `"${millisText(v)}Z"`);
    case "timestamp_ntz":
      return new WideCollector(2, (v) => `"${millisText(v)}"`);
    case "string":
    case "char":
    case "varchar":
      return new TextCollector();
    default:
      return new NullCollector();
  }
}

function floatingText(value: number): string {
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function dateText(days: number): string {
  const { year, month, day } = civilFromDays(days);
  return `${formatYear(year)}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

/** To the millisecond, cut off: readers of Delta's statistics allow for that. */
function millisText(micros: bigint): string {
  const [days, ofDay] = floorDivMod(micros, MICROS_PER_DAY);
  const millis = Number(ofDay / 1000n);
  const pad = (n: number, width = 2): string => String(n).padStart(width, "0");
  const clock = [
    Math.floor(millis / 3_600_000),
    Math.floor(millis / 60_000) % 60,
    Math.floor(millis / 1000) % 60,
  ];
  return `${dateText(Number(days))}T${clock.map((n) => pad(n)).join(":")}.${pad(millis % 1000, 3)}`;
}

class NullCollector implements Collector {
  #nulls = 0;

  add(column: ArrowColumn): void {
    this.#nulls += nullsOf(column);
  }

  min(): undefined {}
  max(): undefined {}

  nullCount(): JsonText {
    return String(this.#nulls);
  }
}

function nullsOf(column: ArrowColumn): number {
  if (column.validity === undefined) return column.field.type.kind === "null" ? column.length : 0;
  let nulls = 0;
  for (let i = 0; i < column.length; i++) if (!isValid(column, i)) nulls++;
  return nulls;
}

/** Numbers that a JavaScript number holds. NaN is greater than all others, and no bound can say so. */
class NumberCollector implements Collector {
  readonly #text: (value: number) => JsonText | undefined;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #some = false;
  #nan = false;
  #nulls = 0;

  constructor(text: (value: number) => JsonText | undefined) {
    this.#text = text;
  }

  add(column: ArrowColumn): void {
    const values = smallNumbers(column);
    for (let i = 0; i < column.length; i++) {
      if (column.validity !== undefined && !isValid(column, i)) {
        this.#nulls++;
        continue;
      }
      const value = values[i] as number;
      if (Number.isNaN(value)) {
        this.#nan = true;
        continue;
      }
      this.#some = true;
      if (value < this.#min) this.#min = value;
      if (value > this.#max) this.#max = value;
    }
  }

  min(): JsonText | undefined {
    return this.#some ? this.#text(this.#min) : undefined;
  }

  max(): JsonText | undefined {
    return this.#some && !this.#nan ? this.#text(this.#max) : undefined;
  }

  nullCount(): JsonText {
    return String(this.#nulls);
  }
}

function smallNumbers(
  column: ArrowColumn,
): Int8Array | Int16Array | Int32Array | Float32Array | Float64Array {
  const { type } = column.field;
  const bytes = column.buffers[0] ?? new Uint8Array(0);
  const { buffer, byteOffset } = bytes;
  const bits = "bits" in type ? type.bits : 32;
  if (type.kind === "float") {
    return bits === 32
      ? new Float32Array(buffer, byteOffset, bytes.length >> 2)
      : new Float64Array(buffer, byteOffset, bytes.length >> 3);
  }
  if (bits === 8) return new Int8Array(buffer, byteOffset, bytes.length);
  if (bits === 16) return new Int16Array(buffer, byteOffset, bytes.length >> 1);
  return new Int32Array(buffer, byteOffset, bytes.length >> 2);
}

/** Integers of several 32-bit words, compared without making a bigint of each. */
class WideCollector implements Collector {
  readonly #width: number;
  readonly #text: (value: bigint) => JsonText;
  readonly #min: Int32Array;
  readonly #max: Int32Array;
  #some = false;
  #nulls = 0;

  constructor(words: 2 | 4, text: (value: bigint) => JsonText) {
    this.#width = words;
    this.#text = text;
    this.#min = new Int32Array(words);
    this.#max = new Int32Array(words);
  }

  add(column: ArrowColumn): void {
    const width = this.#width;
    const bytes = column.buffers[0] ?? new Uint8Array(0);
    const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
    for (let i = 0; i < column.length; i++) {
      if (column.validity !== undefined && !isValid(column, i)) {
        this.#nulls++;
        continue;
      }
      const at = i * width;
      if (!this.#some) {
        this.#min.set(words.subarray(at, at + width));
        this.#max.set(this.#min);
        this.#some = true;
      } else if (less(words, at, this.#min, 0, width)) this.#min.set(words.subarray(at, at + width));
      else if (less(this.#max, 0, words, at, width)) this.#max.set(words.subarray(at, at + width));
    }
  }

  min(): JsonText | undefined {
    return this.#some ? this.#text(wide(this.#min)) : undefined;
  }

  max(): JsonText | undefined {
    return this.#some ? this.#text(wide(this.#max)) : undefined;
  }

  nullCount(): JsonText {
    return String(this.#nulls);
  }
}

function less(a: Int32Array, aAt: number, b: Int32Array, bAt: number, width: number): boolean {
  const highA = a[aAt + width - 1] as number;
  const highB = b[bAt + width - 1] as number;
  if (highA !== highB) return highA < highB;
  for (let w = width - 2; w >= 0; w--) {
    const [wordA, wordB] = [(a[aAt + w] as number) >>> 0, (b[bAt + w] as number) >>> 0];
    if (wordA !== wordB) return wordA < wordB;
  }
  return false;
}

function wide(words: Int32Array): bigint {
  let value = BigInt(words[words.length - 1] as number);
  for (let w = words.length - 2; w >= 0; w--) value = (value << 32n) | BigInt((words[w] as number) >>> 0);
  return value;
}

/** Text by the order of its bytes, which is Spark's. */
class TextCollector implements Collector {
  #min: Uint8Array | undefined;
  #max: Uint8Array | undefined;
  #nulls = 0;

  add(column: ArrowColumn): void {
    this.#nulls += nullsOf(column);
    eachValue(column, (_, bytes, from, to) => {
      if (this.#min === undefined || this.#max === undefined) {
        this.#min = bytes.slice(from, to);
        this.#max = this.#min;
      } else if (compareBytes(bytes, from, to, this.#min) < 0) this.#min = bytes.slice(from, to);
      else if (compareBytes(bytes, from, to, this.#max) > 0) this.#max = bytes.slice(from, to);
    });
  }

  min(): JsonText | undefined {
    if (this.#min === undefined) return undefined;
    return JSON.stringify([...textOf(this.#min)].slice(0, MAX_TEXT_LENGTH).join(""));
  }

  max(): JsonText | undefined {
    if (this.#max === undefined) return undefined;
    const characters = [...textOf(this.#max)];
    if (characters.length <= MAX_TEXT_LENGTH) return JSON.stringify(characters.join(""));
    const prefix = characters.slice(0, MAX_TEXT_LENGTH).join("");
    // Behind the last character of all nothing sorts that is still short.
    if (characters[MAX_TEXT_LENGTH] === LAST_CHARACTER) return undefined;
    return JSON.stringify(prefix + LAST_CHARACTER);
  }

  nullCount(): JsonText {
    return String(this.#nulls);
  }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

function compareBytes(bytes: Uint8Array, from: number, to: number, other: Uint8Array): number {
  const length = Math.min(to - from, other.length);
  for (let i = 0; i < length; i++) {
    const difference = (bytes[from + i] as number) - (other[i] as number);
    if (difference !== 0) return difference;
  }
  return to - from - other.length;
}

function structCollector(fields: readonly StructField[], budget: { left: number }): Collector {
  const parts = fields.flatMap((f, index) => {
    const collector = collectorOf(f.dataType, budget);
    return collector === undefined ? [] : [{ name: f.name, index, collector }];
  });
  const read = (value: (c: Collector) => JsonText | undefined): JsonText | undefined => {
    const entries = parts.map(({ name, collector }) => [name, value(collector)] as const);
    return entries.some(([, text]) => text !== undefined) ? objectText(entries) : undefined;
  };
  return {
    add: (column) => {
      for (const { index, collector } of parts) collector.add(withParentNulls(column, index));
    },
    min: () => read((c) => c.min()),
    max: () => read((c) => c.max()),
    nullCount: () => read((c) => c.nullCount()) ?? "{}",
  };
}

/** A field of a null struct is null, whatever its own bitmap says. */
function withParentNulls(parent: ArrowColumn, index: number): ArrowColumn {
  const child = parent.children[index] as ArrowColumn;
  const { validity } = parent;
  if (validity === undefined) return child;
  const both = validity.slice();
  if (child.validity !== undefined) {
    for (let i = 0; i < both.length; i++) both[i] = (both[i] as number) & (child.validity[i] as number);
  }
  return { ...child, validity: both, nullCount: child.length };
}
