import { LakeletError } from "../../errors/lakelet-error.ts";

export interface ZipEntry {
  readonly name: string;
  readonly content: () => Promise<Blob>;
}

/** The directory at the end of a zip says where its files are; at most so far from the end does it begin. */
const MAX_TAIL_BYTES = 65_557;
const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;

/** The files in a zip, stored or deflated. Their contents are read when asked for. */
export async function zipEntries(zip: Blob, name: string): Promise<ZipEntry[]> {
  const corrupt = (why: string): LakeletError =>
    new LakeletError("corrupt", `${name} is no zip that can be read: ${why}`);
  const tail = new DataView(await zip.slice(Math.max(0, zip.size - MAX_TAIL_BYTES)).arrayBuffer());
  let end = tail.byteLength - 22;
  while (end >= 0 && tail.getUint32(end, true) !== END_OF_DIRECTORY) end--;
  if (end < 0) throw corrupt("its directory is missing");
  const count = tail.getUint16(end + 10, true);
  const size = tail.getUint32(end + 12, true);
  const offset = tail.getUint32(end + 16, true);
  if (count === 0xffff || offset === 0xffffffff) throw corrupt("it is of the 64-bit kind");
  const directory = new DataView(await zip.slice(offset, offset + size).arrayBuffer());
  const entries: ZipEntry[] = [];
  for (let i = 0, at = 0; i < count; i++) {
    if (at + 46 > directory.byteLength || directory.getUint32(at, true) !== DIRECTORY_ENTRY) {
      throw corrupt("its directory is cut off");
    }
    const flags = directory.getUint16(at + 8, true);
    const method = directory.getUint16(at + 10, true);
    const packed = directory.getUint32(at + 20, true);
    const lengths = [28, 30, 32].map((field) => directory.getUint16(at + field, true)) as [
      number,
      number,
      number,
    ];
    const header = directory.getUint32(at + 42, true);
    const entryName = new TextDecoder().decode(new Uint8Array(directory.buffer, at + 46, lengths[0]));
    at += 46 + lengths[0] + lengths[1] + lengths[2];
    if (entryName.endsWith("/")) continue;
    entries.push({
      name: entryName,
      content: async () => {
        if ((flags & 1) !== 0) throw corrupt(`${entryName} is encrypted`);
        if (method !== 0 && method !== 8)
          throw corrupt(`${entryName} is compressed in another way (${method})`);
        const local = new DataView(await zip.slice(header, header + 30).arrayBuffer());
        const start = header + 30 + local.getUint16(26, true) + local.getUint16(28, true);
        const content = zip.slice(start, start + packed);
        if (method === 0) return content;
        return new Response(content.stream().pipeThrough(new DecompressionStream("deflate-raw"))).blob();
      },
    });
  }
  return entries;
}
