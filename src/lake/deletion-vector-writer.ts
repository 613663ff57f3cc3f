import { joinPath } from "../storage/paths.ts";
import type { Storage } from "../storage/storage.ts";
import type { DeletionVectorDescriptor } from "./actions.ts";
import { encodeBase85 } from "./base85.ts";
import { crc32 } from "./crc32.ts";
import { encodeRoaringBitmap } from "./roaring-bitmap.ts";

const PORTABLE_MAGIC = 1681511377;
const FORMAT_VERSION = 1;

/**
 * Writes one file of deletion vectors, each of the rows (ascending) of one data file. `uuid` names it. The path is
 * relative to the table's directory.
 */
export async function writeDeletionVectors(
  storage: Storage,
  directory: string,
  uuid: string,
  vectors: readonly (readonly number[])[],
): Promise<{ readonly path: string; readonly vectors: readonly DeletionVectorDescriptor[] }> {
  const pathOrInlineDv = encodeBase85(uuidBytes(uuid));
  const parts: Uint8Array[] = [new Uint8Array([FORMAT_VERSION])];
  const descriptors: DeletionVectorDescriptor[] = [];
  let offset = 1;
  for (const rows of vectors) {
    const bytes = encodeRows(rows);
    const framed = new Uint8Array(bytes.length + 8);
    const view = new DataView(framed.buffer);
    view.setInt32(0, bytes.length);
    framed.set(bytes, 4);
    view.setUint32(4 + bytes.length, crc32(bytes));
    parts.push(framed);
    descriptors.push({
      storageType: "u",
      pathOrInlineDv,
      offset,
      sizeInBytes: bytes.length,
      cardinality: rows.length,
    });
    offset += framed.length;
  }
  const path = `deletion_vector_${uuid}.bin`;
  await storage.writeNew(joinPath(directory, path), concat(parts));
  return { path, vectors: descriptors };
}

/** 64-bit positions as 32-bit bitmaps by their upper half, in the portable framing. */
function encodeRows(rows: readonly number[]): Uint8Array {
  const halves = new Map<number, number[]>();
  for (const row of rows) {
    const high = Math.floor(row / 2 ** 32);
    const low = halves.get(high) ?? [];
    low.push(row % 2 ** 32);
    halves.set(high, low);
  }
  const head = new DataView(new ArrayBuffer(12));
  head.setInt32(0, PORTABLE_MAGIC, true);
  head.setBigInt64(4, BigInt(halves.size), true);
  const parts: Uint8Array[] = [new Uint8Array(head.buffer)];
  for (const [high, low] of halves) {
    const key = new DataView(new ArrayBuffer(4));
    key.setUint32(0, high, true);
    parts.push(new Uint8Array(key.buffer), encodeRoaringBitmap(low));
  }
  return concat(parts);
}

function uuidBytes(uuid: string): Uint8Array {
  const hex = uuid.replaceAll("-", "");
  return Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16));
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
