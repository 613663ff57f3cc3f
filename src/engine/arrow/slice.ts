import { byteLength, dataBytes, isValid, offsets32 } from "./column.ts";
import type { ArrowColumn } from "./ipc.ts";

/** The values from `from` (inclusive) to `to` of a column, with buffers of their own where bits or offsets move. */
export function sliceColumn(column: ArrowColumn, from: number, to: number): ArrowColumn {
  const length = to - from;
  if (from === 0 && length === column.length) return column;
  const { field } = column;
  const { kind } = field.type;
  if (kind === "null") return { ...column, length, nullCount: length };
  const { validity: _, ...rest } = column;
  const base = { ...rest, length, ...slicedValidity(column, from, to) };
  switch (kind) {
    case "struct":
      return { ...base, children: column.children.map((c) => sliceColumn(c, from, to)) };
    case "utf8":
    case "binary": {
      const offsets = offsets32(column);
      const [first, last] = [offsets[from] as number, offsets[to] as number];
      const data = (column.buffers[1] ?? new Uint8Array(0)).slice(first, last);
      return { ...base, buffers: [shifted(offsets, from, to), data] };
    }
    case "list":
    case "map": {
      const offsets = offsets32(column);
      const [first, last] = [offsets[from] as number, offsets[to] as number];
      const children = column.children.map((c) => sliceColumn(c, first, last));
      return { ...base, buffers: [shifted(offsets, from, to)], children };
    }
    case "bool":
      return { ...base, buffers: [slicedBits(column.buffers[0] as Uint8Array, from, to)] };
    default: {
      const width = dataBytes(field, 8) / 8;
      return { ...base, buffers: [(column.buffers[0] as Uint8Array).slice(from * width, to * width)] };
    }
  }
}

function slicedValidity(
  column: ArrowColumn,
  from: number,
  to: number,
): { readonly nullCount: number; readonly validity?: Uint8Array } {
  if (column.validity === undefined) return { nullCount: 0 };
  let nullCount = 0;
  for (let i = from; i < to; i++) if (!isValid(column, i)) nullCount++;
  return nullCount === 0 ? { nullCount } : { nullCount, validity: slicedBits(column.validity, from, to) };
}

function slicedBits(bits: Uint8Array, from: number, to: number): Uint8Array {
  if (from % 8 === 0) return bits.slice(from >> 3, byteLength(to));
  const result = new Uint8Array(byteLength(to - from));
  for (let i = from; i < to; i++) {
    if (((bits[i >> 3] as number) & (1 << (i & 7))) === 0) continue;
    const at = i - from;
    result[at >> 3] = (result[at >> 3] as number) | (1 << (at & 7));
  }
  return result;
}

function shifted(offsets: Int32Array, from: number, to: number): Uint8Array {
  const first = offsets[from] as number;
  const result = offsets.slice(from, to + 1);
  for (let i = 0; i < result.length; i++) result[i] = (result[i] as number) - first;
  return new Uint8Array(result.buffer);
}
