/**
 * What passes between a server that listens for clients and the page that answers them, over one WebSocket. Each
 * message belongs to a call: four bytes for its number, one for the kind, then the payload.
 *
 * The server opens calls, sends their requests and may cancel them; the page sends responses and how a call ended.
 * Whoever takes a message of a call acknowledges its size, and nobody sends more than a window ahead.
 */
export type RelayMessage =
  | { readonly kind: "open"; readonly call: number; readonly method: string }
  | { readonly kind: "data"; readonly call: number; readonly data: Uint8Array }
  /** The server has sent all requests; the page has sent all responses. */
  | { readonly kind: "end"; readonly call: number }
  | { readonly kind: "cancel"; readonly call: number }
  | {
      readonly kind: "error";
      readonly call: number;
      readonly code: number;
      readonly message: string;
      readonly details: Uint8Array;
    }
  | { readonly kind: "taken"; readonly call: number; readonly bytes: number };

const KINDS = ["open", "data", "end", "cancel", "error", "taken"] as const;
const HEADER_BYTES = 5;

/** Bytes of one call that may be under way. */
export const WINDOW_BYTES = 32 * 1024 * 1024;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function encodeRelayMessage(message: RelayMessage): Uint8Array<ArrayBuffer> {
  const payload = payloadOf(message);
  const out = new Uint8Array(HEADER_BYTES + payload.length);
  new DataView(out.buffer).setUint32(0, message.call);
  out[4] = KINDS.indexOf(message.kind);
  out.set(payload, HEADER_BYTES);
  return out;
}

function payloadOf(message: RelayMessage): Uint8Array {
  switch (message.kind) {
    case "open":
      return encoder.encode(message.method);
    case "data":
      return message.data;
    case "error": {
      const text = encoder.encode(message.message);
      const out = new Uint8Array(8 + text.length + message.details.length);
      const view = new DataView(out.buffer);
      view.setUint32(0, message.code);
      view.setUint32(4, text.length);
      out.set(text, 8);
      out.set(message.details, 8 + text.length);
      return out;
    }
    case "taken": {
      const out = new Uint8Array(4);
      new DataView(out.buffer).setUint32(0, message.bytes);
      return out;
    }
    default:
      return new Uint8Array(0);
  }
}

/** @throws RangeError for bytes that are no message */
export function decodeRelayMessage(bytes: Uint8Array): RelayMessage {
  if (bytes.length < HEADER_BYTES) throw new RangeError("a relayed message is shorter than its header");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const call = view.getUint32(0);
  const kind = KINDS[bytes[4] as number];
  const payload = bytes.subarray(HEADER_BYTES);
  switch (kind) {
    case "open":
      return { kind, call, method: decoder.decode(payload) };
    case "data":
      return { kind, call, data: payload };
    case "end":
    case "cancel":
      return { kind, call };
    case "error": {
      const length = view.getUint32(HEADER_BYTES + 4);
      const message = decoder.decode(payload.subarray(8, 8 + length));
      return { kind, call, code: view.getUint32(HEADER_BYTES), message, details: payload.slice(8 + length) };
    }
    case "taken":
      return { kind, call, bytes: view.getUint32(HEADER_BYTES) };
    default:
      throw new RangeError(`a relayed message is of the unknown kind ${bytes[4]}`);
  }
}
