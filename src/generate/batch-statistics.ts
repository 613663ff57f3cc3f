import type { DataType, StructType } from "../types/data-type.ts";
import type { GeneratedBatch, LeafColumn } from "./generated-columns.ts";

/** Delta cuts texts to this many characters. */
const MAX_TEXT_LENGTH = 32;

interface Tree {
  [name: string]: Tree | string | number | undefined;
}

/** Delta's `stats` of a file with this batch: rows, and of the first `leaves` columns bounds and nulls. */
export function batchStatistics(batch: GeneratedBatch, schema: StructType, leaves: number): string {
  const minValues: Tree = {};
  const maxValues: Tree = {};
  const nullCount: Tree = {};
  for (const column of batch.columns.slice(0, leaves)) {
    put(nullCount, column.path, column.nullCount);
    const bounds = boundsOf(column, leafType(schema, column.path), batch.rowCount);
    if (bounds === undefined) continue;
    put(minValues, column.path, bounds[0]);
    put(maxValues, column.path, bounds[1]);
  }
  return JSON.stringify({ numRecords: batch.rowCount, minValues, maxValues, nullCount, tightBounds: true });
}

function put(tree: Tree, path: readonly string[], value: string | number): void {
  let node = tree;
  for (const name of path.slice(0, -1)) node = (node[name] ??= {}) as Tree;
  node[path[path.length - 1] as string] = value;
}

function leafType(schema: StructType, path: readonly string[]): DataType {
  let type: DataType = schema;
  for (const name of path) {
    if (type.kind !== "struct") break;
    type = (type.fields.find((field) => field.name === name) as StructType["fields"][number]).dataType;
  }
  return type;
}

function boundsOf(
  { values, levels, path }: LeafColumn,
  type: DataType,
  rowCount: number,
): readonly [string | number, string | number] | undefined {
  const depth = path.length;
  const range = (at: (row: number) => number): readonly [number, number] | undefined => {
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (let row = 0; row < rowCount; row++) {
      if (levels !== undefined && levels[row] !== depth) continue;
      const value = at(row);
      if (value < min) min = value;
      if (value > max) max = value;
    }
    return min > max ? undefined : [min, max];
  };
  switch (values.kind) {
    case "int32": {
      const found = range((row) => values.values[row] as number);
      return found === undefined || type.kind !== "date" ? found : [day(found[0]), day(found[1])];
    }
    case "int64": {
      const found = range(
        (row) => (values.high[row] as number) * 4_294_967_296 + ((values.low[row] as number) >>> 0),
      );
      if (found === undefined || type.kind !== "timestamp") return found;
      // Delta has milliseconds there: down for the least, up for the greatest.
      return [instant(Math.floor(found[0] / 1_000)), instant(Math.ceil(found[1] / 1_000))];
    }
    case "double":
      return range((row) => values.values[row] as number);
    case "dictionary": {
      const used = new Set<number>();
      for (let row = 0; row < rowCount; row++) {
        if (levels === undefined || levels[row] === depth) used.add(values.codes[row] as number);
      }
      const found = [...used].map((code) => values.values[code] as string | number);
      if (found.length === 0) return undefined;
      if (typeof found[0] === "number")
        return [Math.min(...(found as number[])), Math.max(...(found as number[]))];
      return textBounds(found as string[]);
    }
    case "text": {
      let min = -1;
      let max = -1;
      for (let row = 0; row < rowCount; row++) {
        if (levels !== undefined && levels[row] !== depth) continue;
        if (min < 0 || compareRows(values.bytes, values.width, row, min) < 0) min = row;
        if (max < 0 || compareRows(values.bytes, values.width, row, max) > 0) max = row;
      }
      if (min < 0) return undefined;
      const text = (row: number): string =>
        new TextDecoder().decode(values.bytes.subarray(row * values.width, (row + 1) * values.width));
      return textBounds([text(min), text(max)]);
    }
    case "boolean":
      return undefined;
  }
}

function compareRows(bytes: Uint8Array, width: number, a: number, b: number): number {
  for (let i = 0, x = a * width, y = b * width; i < width; i++, x++, y++) {
    const difference = (bytes[x] as number) - (bytes[y] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The least and the greatest by their bytes. A cut greatest gets what sorts behind every character. */
function textBounds(texts: readonly string[]): readonly [string, string] {
  const encoder = new TextEncoder();
  const ordered = texts
    .map((text) => ({ text, bytes: encoder.encode(text) }))
    .sort((a, b) => compareBytes(a.bytes, b.bytes));
  const min = (ordered[0] as { text: string }).text;
  const max = (ordered[ordered.length - 1] as { text: string }).text;
  const cut = (text: string): string => [...text].slice(0, MAX_TEXT_LENGTH).join("");
  return [cut(min), cut(max) === max ? max : `${cut(max)}\u{10FFFF}`];
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function day(days: number): string {
  return new Date(days * 86_400_000).toISOString().slice(0, 10);
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
