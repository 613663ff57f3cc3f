import { joinPath } from "../storage/paths.ts";
import type { Storage } from "../storage/storage.ts";
import type { DeletionVectorDescriptor } from "./actions.ts";
import { decodeBase85 } from "./base85.ts";
import { corrupt } from "./commit-file.ts";
import { crc32 } from "./crc32.ts";
import { storagePath } from "./file-actions.ts";
import { readRoaringBitmap } from "./roaring-bitmap.ts";

/** Marks the portable form of a bitmap with 64-bit positions, whose framing is little-endian. */
const PORTABLE_MAGIC = 1681511377;
/** Marks Spark's older form, whose framing is big-endian. */
const NATIVE_MAGIC = 1681511376;

/** Positions of the rows that a deletion vector removes, ascending. */
export async function readDeletionVector(
  storage: Storage,
  directory: string,
  descriptor: DeletionVectorDescriptor,
): Promise<readonly number[]> {
  const { bytes, path } = await vectorBytes(storage, directory, descriptor);
  const rows = decodeRows(bytes, path);
  if (rows.length !== descriptor.cardinality) {
    throw corrupt(
      path,
      `a deletion vector has ${rows.length} rows where the log says ${descriptor.cardinality}`,
    );
  }
  return rows;
}

async function vectorBytes(
  storage: Storage,
  directory: string,
  descriptor: DeletionVectorDescriptor,
): Promise<{ readonly bytes: Uint8Array; readonly path: string }> {
  if (descriptor.storageType === "i") {
    const bytes = decodeBase85(descriptor.pathOrInlineDv).subarray(0, descriptor.sizeInBytes);
    return { bytes, path: `the deletion vector in the log of ${directory}` };
  }
  const path =
    descriptor.storageType === "p"
      ? storagePath(directory, { path: descriptor.pathOrInlineDv }, storage)
      : joinPath(directory, relativePath(descriptor));
  const offset = descriptor.offset ?? 0;
  // Size before and checksum behind are big-endian.
  const framed = await storage.read(path, { start: offset, end: offset + descriptor.sizeInBytes + 8 });
  const view = new DataView(framed.buffer, framed.byteOffset, framed.byteLength);
  if (framed.byteLength !== descriptor.sizeInBytes + 8 || view.getInt32(0) !== descriptor.sizeInBytes) {
    throw corrupt(path, "a deletion vector has another size than the log says");
  }
  const bytes = framed.subarray(4, 4 + descriptor.sizeInBytes);
  if (view.getUint32(4 + descriptor.sizeInBytes) !== crc32(bytes)) {
    throw corrupt(path, "the checksum of a deletion vector does not match");
  }
  return { bytes, path };
}

/** Where the vector is, relative to the table's directory; undefined for those in the log itself or elsewhere. */
export function deletionVectorPath(descriptor: DeletionVectorDescriptor): string | undefined {
  return descriptor.storageType === "u" ? relativePath(descriptor) : undefined;
}

/** A directory's name of any length, then the file's UUID in 20 characters. */
function relativePath(descriptor: DeletionVectorDescriptor): string {
  const text = descriptor.pathOrInlineDv;
  const prefix = text.slice(0, -20);
  const hex = [...decodeBase85(text.slice(-20))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
    "-",
  );
  return joinPath(prefix, `deletion_vector_${uuid}.bin`);
}

function decodeRows(bytes: Uint8Array, path: string): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rows: number[] = [];
  const add = (high: number) => (low: number) => {
    rows.push(high * 2 ** 32 + low);
  };
  try {
    if (view.getInt32(0, true) === PORTABLE_MAGIC) {
      const count = Number(view.getBigInt64(4, true));
      let offset = 12;
      for (let i = 0; i < count; i++)
        offset = readRoaringBitmap(view, offset + 4, add(view.getUint32(offset, true)));
      return rows;
    }
    if (view.getInt32(0) === NATIVE_MAGIC) {
      const count = view.getInt32(4);
      let offset = 8;
      for (let i = 0; i < count; i++) {
        readRoaringBitmap(view, offset + 4, add(i));
        offset += 4 + view.getInt32(offset);
      }
      return rows;
    }
  } catch (error) {
    throw corrupt(path, "a deletion vector is not a bitmap", error);
  }
  throw corrupt(path, "a deletion vector in a form that is not known");
}
