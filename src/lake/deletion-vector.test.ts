import { describe, expect, test } from "vitest";
import { MemoryStorage } from "../storage/memory-storage.ts";
import { decodeBase85 } from "./base85.ts";
import { crc32 } from "./crc32.ts";
import { readDeletionVector } from "./deletion-vector.ts";
import { readRoaringBitmap } from "./roaring-bitmap.ts";

// The example of the Delta protocol's specification.
const INLINE = "wi5b=000010000siXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L";

test("reads the inline vector of the specification", async () => {
  const rows = await readDeletionVector(new MemoryStorage(), "t", {
    storageType: "i",
    pathOrInlineDv: INLINE,
    sizeInBytes: 40,
    cardinality: 6,
  });
  expect(rows).toEqual([3, 4, 7, 11, 18, 29]);
});

test("reads the portable form", async () => {
  const bytes = decodeBase85("^Bg9^0rr910000000000iXQKl0rr91000625c8Xg0rri41POJ5").subarray(0, 38);
  expect(new DataView(bytes.buffer).getInt32(0, true)).toBe(1681511377);
  const rows = await readDeletionVector(new MemoryStorage(), "t", {
    storageType: "i",
    pathOrInlineDv: "^Bg9^0rr910000000000iXQKl0rr91000625c8Xg0rri41POJ5",
    sizeInBytes: 38,
    cardinality: 3,
  });
  // The bytes hold one array container with these three 16-bit numbers at its end.
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  expect(rows).toEqual([32, 34, 36].map((at) => view.getUint16(at, true)));
});

describe("a vector in a file", () => {
  const uuid = "ab^-aqEH.-t@S}K{vb[*k^";
  const vector = decodeBase85(INLINE).subarray(0, 40);
  function framed(checksum: number): Uint8Array {
    const bytes = new Uint8Array(1 + 4 + 40 + 4);
    const view = new DataView(bytes.buffer);
    bytes[0] = 1;
    view.setInt32(1, 40);
    bytes.set(vector, 5);
    view.setUint32(45, checksum);
    return bytes;
  }
  const descriptor = {
    storageType: "u",
    pathOrInlineDv: uuid,
    offset: 1,
    sizeInBytes: 40,
    cardinality: 6,
  } as const;
  // The file that the specification names for this UUID with the prefix `ab`.
  const path = "t/ab/deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin";

  test("is found and read", async () => {
    const storage = new MemoryStorage();
    await storage.writeNew(path, framed(crc32(vector)));
    expect(await readDeletionVector(storage, "t", descriptor)).toEqual([3, 4, 7, 11, 18, 29]);
  });

  test("is refused when its checksum or its count is wrong", async () => {
    const storage = new MemoryStorage();
    await storage.writeNew(path, framed(crc32(vector) ^ 1));
    await expect(readDeletionVector(storage, "t", descriptor)).rejects.toMatchObject({ kind: "corrupt" });
    const good = new MemoryStorage();
    await good.writeNew(path, framed(crc32(vector)));
    await expect(readDeletionVector(good, "t", { ...descriptor, cardinality: 5 })).rejects.toMatchObject({
      kind: "corrupt",
    });
  });
});

test("CRC-32 of the usual check text", () => {
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
});

describe("containers of a Roaring bitmap", () => {
  const values = (bytes: readonly number[]): { readonly found: number[]; readonly end: number } => {
    const found: number[] = [];
    const end = readRoaringBitmap(new DataView(Uint8Array.from(bytes).buffer), 0, (v) => found.push(v));
    return { found, end };
  };
  const u16 = (n: number): number[] => [n & 255, n >> 8];
  const u32 = (n: number): number[] => [...u16(n & 0xffff), ...u16(n >>> 16)];

  test("runs, without a table of offsets", () => {
    // One container, with runs: 10 to 12 and 100.
    const bytes = [
      ...u16(12347),
      ...u16(0),
      1,
      ...u16(2),
      ...u16(3),
      ...u16(2),
      ...u16(10),
      ...u16(2),
      ...u16(100),
      ...u16(0),
    ];
    expect(values(bytes)).toEqual({ found: [131082, 131083, 131084, 131172], end: bytes.length });
  });

  test("plain bits, for many values", () => {
    const bits = new Array<number>(8192).fill(0xff);
    bits[0] = 0xfe;
    const bytes = [...u32(12346), ...u32(1), ...u16(0), ...u16(65534), ...u32(16), ...bits];
    const { found, end } = values(bytes);
    expect(found).toHaveLength(65535);
    expect([found[0], found[65534]]).toEqual([1, 65535]);
    expect(end).toBe(bytes.length);
  });
});
