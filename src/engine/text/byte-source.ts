import { unsupported } from "../../errors/spark-error.ts";

/** Compressed files that we cannot read; Hadoop tells them by their names, too. */
const UNREADABLE = /\.(bz2|snappy|lz4|zst|zstd|lzo|xz)$/i;

/** The bytes of a file in pieces, decompressed if its name ends in `.gz` or `.deflate`. */
export async function* bytesOf(
  blob: Blob,
  name: string,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const codec = /\.(gz|deflate)$/i.exec(name)?.[1]?.toLowerCase();
  const other = UNREADABLE.exec(name)?.[1];
  if (other !== undefined) throw unsupported(`reading files compressed as .${other} (${name})`);
  let stream = blob.stream() as ReadableStream<Uint8Array<ArrayBuffer>>;
  if (codec !== undefined) {
    const format = codec === "gz" ? "gzip" : "deflate";
    stream = stream.pipeThrough(
      new DecompressionStream(format) as ReadableWritablePair<
        Uint8Array<ArrayBuffer>,
        Uint8Array<ArrayBuffer>
      >,
    );
  }
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (codec === undefined) onRead(value.length);
      yield value;
    }
    if (codec !== undefined) onRead(blob.size);
  } finally {
    void reader.cancel().catch(() => {});
  }
}
