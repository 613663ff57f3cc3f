import { enumSpec, type FieldSpec, type MessageSpec, messageSpec } from "./table.ts";

/** A decoded message: fields in camel case, as the table names them. */
export type Message = Readonly<Record<string, unknown>>;

/** Bytes that are not a message of the protocol. */
export class WireFormatError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "WireFormatError";
  }
}

export interface DecodeOptions {
  /** Called for each message when all that it holds has been decoded; its answer takes the message's place. */
  readonly revive?: (typeName: string, message: Message) => unknown;
  /** Names of messages that stay bytes. */
  readonly opaque?: ReadonlySet<string>;
  /** Messages within messages; more is refused. */
  readonly maxDepth?: number;
}

export const MAX_DEPTH = 20_000;

interface Frame {
  readonly spec: MessageSpec;
  readonly message: Record<string, unknown>;
  readonly end: number;
  /** Where the value goes in the frame below. */
  readonly field: FieldSpec | undefined;
}

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

/**
 * Decodes a message. Absent fields get proto3's default, but optional fields, messages and members of oneofs stay
 * undefined. A 64-bit integer is a number when that is exact, else a bigint; an enum is its name, or its number when
 * that is unknown. Unknown fields are skipped. Depth costs no call stack.
 *
 * @throws WireFormatError when the bytes are malformed
 */
export function decode<T = Message>(typeName: string, bytes: Uint8Array, options: DecodeOptions = {}): T {
  const { revive, opaque, maxDepth = MAX_DEPTH } = options;
  const reader = new Reader(bytes);
  const stack: Frame[] = [newFrame(messageSpec(typeName), bytes.length, undefined)];
  for (;;) {
    const frame = stack[stack.length - 1] as Frame;
    if (reader.position === frame.end) {
      stack.pop();
      const isEntry = frame.field?.label === "map";
      const value = revive !== undefined && !isEntry ? revive(frame.spec.name, frame.message) : frame.message;
      const parent = stack[stack.length - 1];
      if (parent === undefined) return value as T;
      attach(parent.message, parent.spec, frame.field as FieldSpec, value);
      continue;
    }
    if (reader.position > frame.end)
      throw new WireFormatError(`${frame.spec.name}: a field ends after its message`);
    const tag = reader.uint32();
    const field = frame.spec.byNumber.get(tag >>> 3);
    const wireType = tag & 7;
    if (field === undefined || !fits(field, wireType)) {
      reader.skip(wireType, frame.spec.name);
    } else if (field.type === "message" || field.label === "map") {
      const end = reader.lengthEnd(frame.end);
      if (opaque?.has(field.typeName)) {
        attach(frame.message, frame.spec, field, reader.bytesUntil(end));
        continue;
      }
      if (stack.length >= maxDepth)
        throw new WireFormatError(`messages are nested more than ${maxDepth} deep`);
      stack.push(newFrame(field.entry ?? messageSpec(field.typeName), end, field));
    } else if (wireType === LENGTH && field.type !== "string" && field.type !== "bytes") {
      const end = reader.lengthEnd(frame.end);
      while (reader.position < end) attach(frame.message, frame.spec, field, reader.scalar(field, end));
    } else {
      attach(frame.message, frame.spec, field, reader.scalar(field, frame.end));
    }
  }
}

function newFrame(spec: MessageSpec, end: number, field: FieldSpec | undefined): Frame {
  const message: Record<string, unknown> = {};
  for (const f of spec.fields) {
    if (f.label === "repeated") message[f.name] = [];
    else if (f.label === "map") message[f.name] = {};
    else if (f.label === "singular" && f.type !== "message" && f.oneof === undefined) {
      message[f.name] = defaultOf(f);
    }
  }
  return { spec, message, end, field };
}

const EMPTY = new Uint8Array(0);

function defaultOf(field: FieldSpec): unknown {
  switch (field.type) {
    case "string":
      return "";
    case "bytes":
      return EMPTY;
    case "bool":
      return false;
    case "enum":
      return enumSpec(field.typeName)[0];
    default:
      return 0;
  }
}

function attach(message: Record<string, unknown>, spec: MessageSpec, field: FieldSpec, value: unknown): void {
  if (field.label === "repeated") {
    (message[field.name] as unknown[]).push(value);
  } else if (field.label === "map") {
    const { key, value: item } = value as { key: string; value?: unknown };
    // Keys are the client's: `__proto__` must be a key like any other.
    Object.defineProperty(message[field.name], key, {
      value: item,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else {
    if (field.oneof !== undefined) {
      for (const other of spec.oneofs[field.oneof] ?? []) delete message[other.name];
    }
    message[field.name] = value;
  }
}

function fits(field: FieldSpec, wireType: number): boolean {
  if (field.label === "map") return wireType === LENGTH;
  switch (field.type) {
    case "message":
    case "string":
    case "bytes":
      return wireType === LENGTH;
    case "double":
      return wireType === FIXED64 || (wireType === LENGTH && field.label === "repeated");
    case "float":
      return wireType === FIXED32 || (wireType === LENGTH && field.label === "repeated");
    default:
      return wireType === VARINT || (wireType === LENGTH && field.label === "repeated");
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  position = 0;

  constructor(bytes: Uint8Array) {
    // Node's Buffer would hand on its class to every piece.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  scalar(field: FieldSpec, end: number): unknown {
    switch (field.type) {
      case "string": {
        const bytes = this.bytesUntil(this.lengthEnd(end));
        try {
          return utf8.decode(bytes);
        } catch {
          throw new WireFormatError(`${field.protoName} is not UTF-8`);
        }
      }
      case "bytes":
        return this.bytesUntil(this.lengthEnd(end));
      case "double":
        this.#need(8);
        return this.#view.getFloat64((this.position += 8) - 8, true);
      case "float":
        this.#need(4);
        return this.#view.getFloat32((this.position += 4) - 4, true);
      case "int64":
        return this.#int64();
      case "bool":
        return this.#int64() !== 0;
      case "int32":
        return this.uint32() | 0;
      case "uint32":
        return this.uint32();
      default: {
        const number = this.uint32() | 0;
        return enumSpec(field.typeName)[number] ?? number;
      }
    }
  }

  /** The low 32 bits of a varint. */
  uint32(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#byte();
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new WireFormatError("a varint is longer than 10 bytes");
  }

  /** The position behind a length-delimited value whose length stands here. */
  lengthEnd(limit: number): number {
    const end = this.uint32() + this.position;
    if (end > limit) throw new WireFormatError(`a value ends at byte ${end}, its message at ${limit}`);
    return end;
  }

  bytesUntil(end: number): Uint8Array {
    const bytes = this.#bytes.subarray(this.position, end);
    this.position = end;
    return bytes;
  }

  skip(wireType: number, message: string): void {
    if (wireType === VARINT) this.uint32();
    else if (wireType === FIXED64) this.#advance(8);
    else if (wireType === FIXED32) this.#advance(4);
    else if (wireType === LENGTH) this.position = this.lengthEnd(this.#bytes.length);
    else throw new WireFormatError(`${message}: wire type ${wireType} is not part of proto3`);
  }

  #int64(): number | bigint {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#byte();
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high |= bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 0x80) {
        const signed = (high | 0) * 4294967296 + (low >>> 0);
        if (Number.isSafeInteger(signed)) return signed;
        return (BigInt(high | 0) << 32n) | BigInt(low >>> 0);
      }
    }
    throw new WireFormatError("a varint is longer than 10 bytes");
  }

  #byte(): number {
    const byte = this.#bytes[this.position++];
    if (byte === undefined) throw new WireFormatError("the message ends within a value");
    return byte;
  }

  #advance(count: number): void {
    this.#need(count);
    this.position += count;
  }

  #need(count: number): void {
    if (this.position + count > this.#bytes.length)
      throw new WireFormatError("the message ends within a value");
  }
}
