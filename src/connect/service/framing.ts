import { RpcError, STATUS } from "./rpc-error.ts";

/** One gRPC message with its prefix: a flag and the length. */
export function frame(message: Uint8Array, flag = 0): Uint8Array {
  const out = new Uint8Array(message.length + 5);
  out[0] = flag;
  new DataView(out.buffer).setUint32(1, message.length);
  out.set(message, 5);
  return out;
}

export interface Frame {
  /** 1: compressed. 0x80 (gRPC-Web): trailers. */
  readonly flag: number;
  readonly data: Uint8Array;
}

/**
 * Cuts a stream of bytes into its frames.
 *
 * @throws RpcError RESOURCE_EXHAUSTED as soon as a frame announces more than `maxBytes`; INTERNAL for a frame cut short
 */
export async function* readFrames(
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Frame> {
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  const take = (count: number): Uint8Array => {
    const first = pending[0] as Uint8Array;
    pendingBytes -= count;
    if (first.length === count) return pending.shift() as Uint8Array;
    if (first.length > count) {
      pending[0] = first.subarray(count);
      return first.subarray(0, count);
    }
    const out = new Uint8Array(count);
    let filled = 0;
    while (filled < count) {
      const piece = pending[0] as Uint8Array;
      const part = piece.subarray(0, count - filled);
      out.set(part, filled);
      filled += part.length;
      if (part.length === piece.length) pending.shift();
      else pending[0] = piece.subarray(part.length);
    }
    return out;
  };
  let header: { readonly flag: number; readonly length: number } | undefined;
  for await (const chunk of source) {
    if (chunk.length === 0) continue;
    pending.push(chunk);
    pendingBytes += chunk.length;
    for (;;) {
      if (header === undefined) {
        if (pendingBytes < 5) break;
        const bytes = take(5);
        const length = new DataView(bytes.buffer, bytes.byteOffset, 5).getUint32(1);
        if (length > maxBytes) {
          throw new RpcError(
            STATUS.RESOURCE_EXHAUSTED,
            `a message of ${length} bytes is larger than the limit of ${maxBytes} bytes`,
          );
        }
        header = { flag: bytes[0] as number, length };
      }
      if (pendingBytes < header.length) break;
      const data = header.length === 0 ? new Uint8Array(0) : take(header.length);
      const { flag } = header;
      header = undefined;
      yield { flag, data };
    }
  }
  if (header !== undefined || pendingBytes > 0) {
    pending = [];
    throw new RpcError(STATUS.INTERNAL, "the stream ended within a message");
  }
}
