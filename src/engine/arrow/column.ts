import type { ArrowColumn } from "./ipc.ts";
import type { ArrowField } from "./schema.ts";

/** Whether the value at that place is there. */
export function isValid(column: ArrowColumn, index: number): boolean {
  const { validity } = column;
  if (validity === undefined) return column.nullCount === 0 || column.field.type.kind !== "null";
  return ((validity[index >> 3] as number) & (1 << (index & 7))) !== 0;
}

/** A bitmap of the given flags, or undefined when all are set. */
export function bitmapOf(
  length: number,
  isSet: (index: number) => boolean,
): { bitmap?: Uint8Array; unset: number } {
  const bitmap = new Uint8Array(byteLength(length));
  let unset = 0;
  for (let i = 0; i < length; i++) {
    if (isSet(i)) bitmap[i >> 3] = (bitmap[i >> 3] as number) | (1 << (i & 7));
    else unset++;
  }
  return unset === 0 ? { unset } : { bitmap, unset };
}

/** Bytes of a bitmap of that many flags. */
export function byteLength(flags: number): number {
  return (flags + 7) >> 3;
}

/** Offsets of a column of 32-bit offsets. Arrow allows none at all when there are no values. */
export function offsets32(column: ArrowColumn, buffer = column.buffers[0]): Int32Array {
  if (buffer === undefined || buffer.length === 0) return new Int32Array(column.length + 1);
  return new Int32Array(buffer.buffer, buffer.byteOffset, column.length + 1);
}

/** Offsets of a column of 64-bit offsets as numbers. */
export function offsets64(column: ArrowColumn): Float64Array {
  const buffer = column.buffers[0];
  const result = new Float64Array(column.length + 1);
  if (buffer === undefined || buffer.length === 0) return result;
  const longs = new BigInt64Array(buffer.buffer, buffer.byteOffset, column.length + 1);
  for (let i = 0; i < longs.length; i++) result[i] = Number(longs[i]);
  return result;
}

/** A column of nulls of the given shape. */
export function nullColumn(field: ArrowField, length: number): ArrowColumn {
  const base = { field, length, nullCount: length };
  const { kind } = field.type;
  if (kind === "null") return { ...base, buffers: [], children: [] };
  const validity = new Uint8Array(byteLength(length));
  switch (kind) {
    case "struct":
      return { ...base, validity, buffers: [], children: field.children.map((c) => nullColumn(c, length)) };
    case "list":
    case "map":
      return {
        ...base,
        validity,
        buffers: [new Uint8Array(4 * (length + 1))],
        children: field.children.map((c) => emptyColumn(c)),
      };
    case "utf8":
    case "binary":
      return {
        ...base,
        validity,
        buffers: [new Uint8Array(4 * (length + 1)), new Uint8Array(0)],
        children: [],
      };
    default:
      return { ...base, validity, buffers: [new Uint8Array(dataBytes(field, length))], children: [] };
  }
}

/** A column of no values. */
export function emptyColumn(field: ArrowField): ArrowColumn {
  const column = nullColumn(field, 0);
  const { validity: _, ...rest } = column;
  return rest;
}

/** Bytes of the data of that many values of fixed width. */
export function dataBytes(field: ArrowField, length: number): number {
  const { type } = field;
  switch (type.kind) {
    case "bool":
      return byteLength(length);
    case "int":
    case "float":
    case "decimal":
    case "time":
      return (length * type.bits) >> 3;
    case "date":
      return type.unit === 0 ? 4 * length : 8 * length;
    case "timestamp":
    case "duration":
      return 8 * length;
    case "interval":
      return length * ([4, 8, 16] as const)[type.unit];
    case "fixedSizeBinary":
      return type.width * length;
    default:
      throw new TypeError(`Arrow ${type.kind} has no fixed width`);
  }
}
