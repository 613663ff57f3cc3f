import { isValid, offsets32, offsets64 } from "./column.ts";
import type { ArrowColumn } from "./ipc.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Calls back with the bytes of each value that is there, as a place in a buffer. */
export function eachValue(
  column: ArrowColumn,
  visit: (index: number, bytes: Uint8Array, from: number, to: number) => void,
): void {
  const { type } = column.field;
  switch (type.kind) {
    case "utf8":
    case "binary":
    case "largeUtf8":
    case "largeBinary": {
      const offsets = type.kind.startsWith("large") ? offsets64(column) : offsets32(column);
      const data = column.buffers[1] ?? new Uint8Array(0);
      for (let i = 0; i < column.length; i++) {
        if (isValid(column, i)) visit(i, data, offsets[i] as number, offsets[i + 1] as number);
      }
      return;
    }
    case "fixedSizeBinary": {
      const data = column.buffers[0] as Uint8Array;
      for (let i = 0; i < column.length; i++) {
        if (isValid(column, i)) visit(i, data, i * type.width, (i + 1) * type.width);
      }
      return;
    }
    case "utf8View":
    case "binaryView": {
      const views = column.buffers[0] as Uint8Array;
      const words = new Int32Array(views.buffer, views.byteOffset, 4 * column.length);
      for (let i = 0; i < column.length; i++) {
        if (!isValid(column, i)) continue;
        const length = words[4 * i] as number;
        if (length <= 12) visit(i, views, 16 * i + 4, 16 * i + 4 + length);
        else {
          const offset = words[4 * i + 3] as number;
          visit(i, column.buffers[1 + (words[4 * i + 2] as number)] as Uint8Array, offset, offset + length);
        }
      }
      return;
    }
    default:
      throw new TypeError(`Arrow ${type.kind} holds no bytes`);
  }
}

export function decodeBinary(column: ArrowColumn): (Uint8Array | null)[] {
  const values = new Array<Uint8Array | null>(column.length).fill(null);
  eachValue(column, (i, bytes, from, to) => {
    values[i] = bytes.slice(from, to);
  });
  return values;
}

export function decodeText(column: ArrowColumn): (string | null)[] {
  const values = new Array<string | null>(column.length).fill(null);
  if (column.field.type.kind === "utf8" && column.length > 0) {
    const offsets = offsets32(column);
    const data = column.buffers[1] ?? new Uint8Array(0);
    const [first, last] = [offsets[0] as number, offsets[column.length] as number];
    const text = decoder.decode(data.subarray(first, last));
    // One unit for each byte: the text is ASCII, and can be cut where the bytes are.
    if (text.length === last - first) {
      for (let i = 0; i < column.length; i++) {
        if (isValid(column, i))
          values[i] = text.slice((offsets[i] as number) - first, (offsets[i + 1] as number) - first);
      }
      return values;
    }
  }
  eachValue(column, (i, bytes, from, to) => {
    values[i] = decoder.decode(bytes.subarray(from, to));
  });
  return values;
}
