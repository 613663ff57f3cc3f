import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

/** The key's fixed other half, from RFC 6455. */
const HANDSHAKE = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const MAX_MESSAGE_BYTES = 160 * 1024 * 1024;

const CONTINUATION = 0x0;
const TEXT = 0x1;
const BINARY = 0x2;
const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0xa;

export interface WebSocketEvents {
  readonly onMessage: (bytes: Uint8Array) => void;
  readonly onClose: () => void;
}

/** The server's end of a WebSocket (RFC 6455) for binary messages, without extensions. */
export class ServerWebSocket {
  readonly #socket: Duplex;
  readonly #events: WebSocketEvents;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #fragments: Uint8Array[] = [];
  #isClosed = false;

  private constructor(socket: Duplex, events: WebSocketEvents) {
    this.#socket = socket;
    this.#events = events;
    socket.on("data", (data: Uint8Array) => this.#receive(data));
    socket.on("close", () => this.#closed());
    socket.on("error", () => this.#closed());
  }

  /** Answers the handshake of an upgrade request; undefined, and the connection ended, when it is none. */
  static accept(
    request: IncomingMessage,
    socket: Duplex,
    head: Uint8Array,
    events: WebSocketEvents,
  ): ServerWebSocket | undefined {
    const key = request.headers["sec-websocket-key"];
    if (request.headers["sec-websocket-version"] !== "13" || key === undefined) {
      socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
      return undefined;
    }
    const accept = createHash("sha1")
      .update(key + HANDSHAKE)
      .digest("base64");
    socket.write(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    const made = new ServerWebSocket(socket, events);
    if (head.length > 0) made.#receive(head);
    return made;
  }

  send(message: Uint8Array): void {
    this.#sendFrame(BINARY, message);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#sendFrame(CLOSE, Uint8Array.of(0x03, 0xe8));
    this.#socket.end();
    this.#closed();
  }

  #sendFrame(opcode: number, payload: Uint8Array): void {
    if (this.#isClosed) return;
    const { length } = payload;
    const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
    header[0] = 0x80 | opcode;
    if (length < 126) header[1] = length;
    else if (length < 65_536) {
      header[1] = 126;
      header.writeUInt16BE(length, 2);
    } else {
      header[1] = 127;
      header.writeBigUInt64BE(BigInt(length), 2);
    }
    this.#socket.write(header);
    this.#socket.write(payload);
  }

  #receive(data: Uint8Array): void {
    this.#pending.push(data);
    this.#pendingBytes += data.length;
    while (!this.#isClosed && this.#readFrame());
  }

  /** Takes one frame if it is there whole. */
  #readFrame(): boolean {
    const start = this.#peek(14);
    if (start.length < 2) return false;
    const [first = 0, second = 0] = start;
    let length = second & 0x7f;
    let headerBytes = 2;
    if (length === 126) {
      if (start.length < 4) return false;
      length = start.readUInt16BE(2);
      headerBytes = 4;
    } else if (length === 127) {
      if (start.length < 10) return false;
      length = Number(start.readBigUInt64BE(2));
      headerBytes = 10;
    }
    // A client masks what it sends; one that does not, or sends too much, is none of ours.
    if ((second & 0x80) === 0 || length > MAX_MESSAGE_BYTES) {
      this.#socket.destroy();
      return false;
    }
    if (this.#pendingBytes < headerBytes + 4 + length) return false;
    const frame = this.#take(headerBytes + 4 + length);
    const mask = frame.subarray(headerBytes, headerBytes + 4);
    const payload = frame.subarray(headerBytes + 4);
    for (let i = 0; i < payload.length; i++) payload[i] = (payload[i] as number) ^ (mask[i & 3] as number);
    this.#handle(first & 0x0f, (first & 0x80) !== 0, payload);
    return true;
  }

  #handle(opcode: number, isLast: boolean, payload: Uint8Array): void {
    switch (opcode) {
      case CONTINUATION:
      case TEXT:
      case BINARY: {
        this.#fragments.push(payload);
        if (!isLast) return;
        const message = this.#fragments.length === 1 ? payload : Buffer.concat(this.#fragments);
        this.#fragments = [];
        this.#events.onMessage(message);
        return;
      }
      case PING:
        this.#sendFrame(PONG, payload);
        return;
      case CLOSE:
        this.close();
        return;
    }
  }

  /** The first bytes, at most so many. */
  #peek(count: number): Buffer {
    const out = Buffer.alloc(Math.min(count, this.#pendingBytes));
    let filled = 0;
    for (const piece of this.#pending) {
      if (filled === out.length) break;
      const part = piece.subarray(0, out.length - filled);
      out.set(part, filled);
      filled += part.length;
    }
    return out;
  }

  /** A copy, so that it can be unmasked in place. */
  #take(count: number): Buffer {
    const all = Buffer.concat(this.#pending);
    const rest = all.subarray(count);
    this.#pending = rest.length > 0 ? [rest] : [];
    this.#pendingBytes = rest.length;
    return all.subarray(0, count);
  }

  #closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#events.onClose();
  }
}
