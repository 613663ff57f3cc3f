import type { Message } from "./decode.ts";
import { enumSpec, type FieldSpec, type MessageSpec, messageSpec } from "./table.ts";

export interface EncodeOptions {
  /** Called for each message before it is encoded: turns a value of the caller's into the message's fields. */
  readonly lower?: (typeName: string, value: unknown) => Message;
}

interface Frame {
  readonly spec: MessageSpec;
  readonly message: Message;
  /** Number in the message around it; undefined for the outermost. */
  readonly number: number | undefined;
  /** How much had been written when this message began. */
  readonly start: number;
  fieldIndex: number;
  /** Elements of a repeated message that are still to be written. */
  items?: readonly unknown[];
  itemIndex: number;
}

/**
 * Encodes a message given in the form that `decode` gives. It is written from its end to its beginning, so that
 * lengths are known when they are needed and depth costs no call stack.
 */
export function encode(typeName: string, message: unknown, options: EncodeOptions = {}): Uint8Array {
  const { lower } = options;
  const writer = new Writer();
  const newFrame = (
    spec: MessageSpec,
    value: unknown,
    number: number | undefined,
    isEntry: boolean,
  ): Frame => ({
    spec,
    message: lower !== undefined && !isEntry ? lower(spec.name, value) : (value as Message),
    number,
    start: writer.length,
    fieldIndex: spec.fields.length - 1,
    itemIndex: 0,
  });
  const stack: Frame[] = [newFrame(messageSpec(typeName), message, undefined, false)];
  for (;;) {
    const frame = stack[stack.length - 1] as Frame;
    const field = frame.spec.fields[frame.fieldIndex];
    if (field === undefined) {
      stack.pop();
      if (frame.number === undefined) return writer.finish();
      writer.varint(writer.length - frame.start);
      writer.varint(frame.number * 8 + 2);
      continue;
    }
    const isMap = field.label === "map";
    if (frame.items !== undefined) {
      frame.itemIndex -= 1;
      if (frame.itemIndex >= 0) {
        const spec = field.entry ?? messageSpec(field.typeName);
        stack.push(newFrame(spec, frame.items[frame.itemIndex], field.number, isMap));
      } else {
        delete frame.items;
        frame.fieldIndex -= 1;
      }
      continue;
    }
    const value = frame.message[field.name];
    if (value === undefined || value === null) {
      frame.fieldIndex -= 1;
    } else if (isMap) {
      frame.items = Object.entries(value).map(([key, item]) => ({ key, value: item }));
      frame.itemIndex = frame.items.length;
    } else if (field.label === "repeated") {
      const items = value as readonly unknown[];
      if (field.type === "message") {
        frame.items = items;
        frame.itemIndex = items.length;
      } else {
        writeRepeated(writer, field, items);
        frame.fieldIndex -= 1;
      }
    } else {
      frame.fieldIndex -= 1;
      if (field.type === "message") {
        stack.push(newFrame(messageSpec(field.typeName), value, field.number, false));
      } else if (field.label === "optional" || field.oneof !== undefined || !isDefault(field, value)) {
        writer.scalar(field, value);
        writer.varint(field.number * 8 + wireType(field));
      }
    }
  }
}

function writeRepeated(writer: Writer, field: FieldSpec, items: readonly unknown[]): void {
  const isPacked = field.type !== "string" && field.type !== "bytes";
  const start = writer.length;
  for (let i = items.length - 1; i >= 0; i--) {
    writer.scalar(field, items[i]);
    if (!isPacked) writer.varint(field.number * 8 + 2);
  }
  if (isPacked && items.length > 0) {
    writer.varint(writer.length - start);
    writer.varint(field.number * 8 + 2);
  }
}

function isDefault(field: FieldSpec, value: unknown): boolean {
  switch (field.type) {
    case "string":
      return value === "";
    case "bytes":
      return (value as Uint8Array).length === 0;
    case "bool":
      return value === false;
    case "enum":
      return value === 0 || value === enumSpec(field.typeName)[0];
    case "int64":
      return value === 0 || value === 0n;
    default:
      return Object.is(value, 0);
  }
}

function wireType(field: FieldSpec): number {
  switch (field.type) {
    case "string":
    case "bytes":
      return 2;
    case "double":
      return 1;
    case "float":
      return 5;
    default:
      return 0;
  }
}

const utf8 = new TextEncoder();

/** Grows towards the front. */
class Writer {
  #bytes = new Uint8Array(256);
  #start = 256;

  get length(): number {
    return this.#bytes.length - this.#start;
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(this.#start);
  }

  /** A value without its tag. */
  scalar(field: FieldSpec, value: unknown): void {
    switch (field.type) {
      case "string":
        this.#delimited(utf8.encode(String(value)));
        break;
      case "bytes":
        this.#delimited(value as Uint8Array);
        break;
      case "bool":
        this.varint(value ? 1 : 0);
        break;
      case "double":
        this.#view(8).setFloat64(0, value as number, true);
        break;
      case "float":
        this.#view(4).setFloat32(0, value as number, true);
        break;
      case "enum":
        this.varint(enumNumber(field, value));
        break;
      default:
        this.varint(value as number | bigint);
    }
  }

  /** Negative numbers take ten bytes, as the protocol has it. */
  varint(value: number | bigint): void {
    if (typeof value === "number" && value >= 0 && value < 0x10000000) {
      if (value < 0x80) {
        this.#reserve(1)[0] = value;
        return;
      }
      const size = value < 0x4000 ? 2 : value < 0x200000 ? 3 : 4;
      const target = this.#reserve(size);
      let rest = value;
      for (let i = 0; i < size; i++, rest >>>= 7) target[i] = (rest & 0x7f) | (i < size - 1 ? 0x80 : 0);
      return;
    }
    let rest = BigInt.asUintN(64, BigInt(value));
    const digits: number[] = [];
    do {
      digits.push(Number(rest & 0x7fn));
      rest >>= 7n;
    } while (rest !== 0n);
    const target = this.#reserve(digits.length);
    digits.forEach((digit, i) => {
      target[i] = digit | (i < digits.length - 1 ? 0x80 : 0);
    });
  }

  #delimited(bytes: Uint8Array): void {
    this.#reserve(bytes.length).set(bytes);
    this.varint(bytes.length);
  }

  #view(size: number): DataView {
    const target = this.#reserve(size);
    return new DataView(target.buffer, target.byteOffset, size);
  }

  /** Makes room before what is written and gives it to be filled. */
  #reserve(size: number): Uint8Array {
    if (size > this.#start) {
      const length = this.length;
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, length + size + 256));
      grown.set(this.#bytes.subarray(this.#start), grown.length - length);
      this.#bytes = grown;
      this.#start = grown.length - length;
    }
    this.#start -= size;
    return this.#bytes.subarray(this.#start, this.#start + size);
  }
}

function enumNumber(field: FieldSpec, value: unknown): number {
  if (typeof value === "number") return value;
  const number = enumSpec(field.typeName).indexOf(value as string);
  if (number < 0) throw new Error(`${field.typeName} has no value ${String(value)}`);
  return number;
}
