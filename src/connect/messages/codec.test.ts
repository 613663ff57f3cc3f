import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode, type Message, WireFormatError } from "./decode.ts";
import { encode } from "./encode.ts";
import { ENUMS } from "./enums.ts";
import { camelCase, enumSpec, type FieldSpec, MESSAGES, messageSpec } from "./table.ts";

interface Recorded {
  readonly program: string;
  readonly type: string;
  readonly bytes: string;
  readonly json: Message;
}

const recorded = JSON.parse(
  readFileSync(new URL("../../../e2e/spark/connect/messages.json", import.meta.url), "utf8"),
) as readonly Recorded[];

/** Our form of a message in protobuf's JSON form: defaults left out, 64-bit integers and bytes as text. */
function toProtobufJson(typeName: string, message: Message): unknown {
  const json: Record<string, unknown> = {};
  for (const field of messageSpec(typeName).fields) {
    const value = message[field.name];
    if (value === undefined) continue;
    if (field.label === "map") {
      const entries = Object.entries(value as Message);
      if (entries.length > 0)
        json[field.protoName] = Object.fromEntries(entries.map(([k, v]) => [k, jsonValue(field, v)]));
    } else if (field.label === "repeated") {
      const items = value as readonly unknown[];
      if (items.length > 0) json[field.protoName] = items.map((v) => jsonValue(field, v));
    } else if (field.label === "optional" || field.oneof !== undefined || field.type === "message") {
      json[field.protoName] = jsonValue(field, value);
    } else if (!isDefault(field, value)) {
      json[field.protoName] = jsonValue(field, value);
    }
  }
  return json;
}

function isDefault(field: FieldSpec, value: unknown): boolean {
  if (field.type === "bytes") return (value as Uint8Array).length === 0;
  if (field.type === "enum") return value === enumSpec(field.typeName)[0];
  return value === "" || value === false || value === 0;
}

function jsonValue(field: FieldSpec, value: unknown): unknown {
  if (field.type === "message") return toProtobufJson(field.typeName, value as Message);
  if (field.type === "int64") return String(value);
  if (field.type === "bytes") return Buffer.from(value as Uint8Array).toString("base64");
  return value;
}

describe("messages recorded from PySpark", () => {
  test.each(recorded.map((r) => [`${r.program} ${r.type}`, r] as const))("%s", (_, r) => {
    const bytes = Buffer.from(r.bytes, "base64");
    const message = decode(r.type, bytes);
    // Any is written by protobuf with its content spelled out: those have their own test.
    if (r.type !== "google.rpc.Status") expect(toProtobufJson(r.type, message)).toEqual(r.json);
    const again = encode(r.type, message);
    expect(decode(r.type, again)).toEqual(message);
    expect(again.length).toBe(bytes.length);
  });
});

/** A random message of the given type, in the form that `decode` gives. */
function arbitraryMessage(typeName: string, depth: number): fc.Arbitrary<Message> {
  const spec = messageSpec(typeName);
  const groups = new Map<string, FieldSpec[]>();
  const parts: fc.Arbitrary<Message>[] = [];
  for (const field of spec.fields) {
    if (field.oneof !== undefined) groups.set(field.oneof, [...(groups.get(field.oneof) ?? []), field]);
    else parts.push(arbitraryField(field, depth).map((v) => (v === undefined ? {} : { [field.name]: v })));
  }
  for (const members of groups.values()) {
    const usable = members.filter((f) => f.type !== "message" || depth > 0);
    if (usable.length === 0) continue;
    parts.push(
      fc.option(
        fc.oneof(...usable.map((f) => arbitraryValue(f, depth).map((v): Message => ({ [f.name]: v })))),
        { nil: {} },
      ),
    );
  }
  return parts.length === 0
    ? fc.constant({})
    : fc.tuple(...parts).map((all) => Object.assign({}, ...all) as Message);
}

function arbitraryField(field: FieldSpec, depth: number): fc.Arbitrary<unknown> {
  const deep = field.type === "message" && depth <= 0;
  if (field.label === "repeated") {
    return deep ? fc.constant([]) : fc.array(arbitraryValue(field, depth), { maxLength: 2 });
  }
  if (field.label === "map") {
    return deep
      ? fc.constant({})
      : fc.dictionary(fc.string(), arbitraryValue(field, depth), { maxKeys: 2, noNullPrototype: true });
  }
  if (deep) return fc.constant(undefined);
  const value = arbitraryValue(field, depth);
  return field.label === "optional" || field.type === "message"
    ? fc.option(value, { nil: undefined })
    : value;
}

function arbitraryValue(field: FieldSpec, depth: number): fc.Arbitrary<unknown> {
  switch (field.type) {
    case "message":
      return fc.constant(0).chain(() => arbitraryMessage(field.typeName, depth - 1));
    case "string":
      return fc.string({ unit: "grapheme" });
    case "bytes":
      return fc.uint8Array({ maxLength: 300 });
    case "bool":
      return fc.boolean();
    case "int32":
      return fc.integer();
    case "uint32":
      return fc.nat().map((n) => n * 2);
    case "int64":
      return fc
        .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
        .chain((n) => fc.integer({ min: 0, max: 63 }).map((shift) => n >> BigInt(shift)))
        .map((n) => (Number.isSafeInteger(Number(n)) ? Number(n) : n));
    case "double":
      return fc.double();
    case "float":
      return fc.float();
    case "enum":
      return fc.constantFrom(...enumSpec(field.typeName));
  }
}

describe("codec", () => {
  test("every message of the table comes back as it was", () => {
    for (const typeName of Object.keys(MESSAGES)) {
      fc.assert(
        fc.property(arbitraryMessage(typeName, 2), (message) => {
          expect(decode(typeName, encode(typeName, message))).toEqual(message);
        }),
        { numRuns: 5, seed: 20 },
      );
    }
  }, 60_000);

  test("depth costs no stack", () => {
    const inner = { range: { end: 3, step: 1 } };
    let relation: Message = inner;
    for (let i = 0; i < 5_000; i++) relation = { limit: { input: relation, limit: i } };
    let decoded = decode("Relation", encode("Relation", relation));
    for (let i = 0; i < 5_000; i++) decoded = (decoded.limit as Message).input as Message;
    expect(decoded.range).toMatchObject({ end: 3, step: 1 });
  });

  test("too deep is refused", () => {
    let relation: Message = { range: { end: 3, step: 1 } };
    for (let i = 0; i < 40; i++) relation = { limit: { input: relation, limit: i } };
    const bytes = encode("Relation", relation);
    expect(() => decode("Relation", bytes, { maxDepth: 50 })).toThrow(WireFormatError);
  });

  test("unknown fields of every wire type are skipped", () => {
    const known = encode("KeyValue", { key: "k", value: "v" });
    // Field 100 as varint, 64-bit, length-delimited, 32-bit.
    const unknown = [
      0xa0, 6, 0x96, 1, 0xa1, 6, 1, 2, 3, 4, 5, 6, 7, 8, 0xa2, 6, 2, 9, 9, 0xa5, 6, 1, 2, 3, 4,
    ];
    expect(decode("KeyValue", Uint8Array.from([...unknown, ...known, ...unknown]))).toEqual({
      key: "k",
      value: "v",
    });
  });

  test("an unknown enum number stays a number", () => {
    const bytes = encode("Join", { joinType: 77 });
    expect(decode("Join", bytes).joinType).toBe(77);
    expect(encode("Join", decode("Join", bytes))).toEqual(bytes);
  });

  test("the last member of a oneof wins", () => {
    const first = encode("Plan", { root: { range: { end: 1, step: 1 } } });
    const second = encode("Plan", { command: { getResourcesCommand: {} } });
    expect(decode("Plan", Buffer.concat([first, second]))).not.toHaveProperty("root");
  });

  test("a key named __proto__ is a key", () => {
    const options = Object.fromEntries([["__proto__", "x"]]);
    const read = decode("Read.NamedTable", encode("Read.NamedTable", { options }));
    expect(Object.entries(read.options as Message)).toEqual([["__proto__", "x"]]);
  });

  test("opaque messages stay bytes", () => {
    const plan = { root: { range: { end: 1, step: 1 } } };
    const bytes = encode("ExecutePlanRequest", { sessionId: "s", plan });
    const request = decode("ExecutePlanRequest", bytes, { opaque: new Set(["Plan"]) });
    expect(request.plan).toEqual(encode("Plan", plan));
  });

  test("garbage never does anything but throw WireFormatError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decode("ExecutePlanRequest", bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(WireFormatError);
        }
      }),
      { numRuns: 2_000, seed: 7 },
    );
  });
});

interface ProtocolField {
  readonly name: string;
  readonly number: number;
  readonly type: string;
  readonly label: string;
  readonly oneof?: string;
}

/** A JSON description of the protocol made from Spark's .proto files: messages with their fields, and enums. */
const description = process.env.CONNECT_PROTOCOL_JSON;

describe.skipIf(description === undefined)("against a description of the protocol", () => {
  const protocol = JSON.parse(description === undefined ? "{}" : readFileSync(description, "utf8")) as {
    readonly messages: Readonly<Record<string, { readonly fields: readonly ProtocolField[] }>>;
    readonly enums: Readonly<Record<string, Readonly<Record<string, number>>>>;
  };

  test("the table has every message and field, and no more", () => {
    const ours = Object.keys(MESSAGES).filter((name) => !name.startsWith("google."));
    expect(ours.sort()).toEqual(Object.keys(protocol.messages).sort());
    for (const [name, { fields }] of Object.entries(protocol.messages)) {
      const expected = fields.map((f) => ({
        ...f,
        type: f.type.replace(/^map<string,(.*)>$/, "$1"),
        name: f.name,
        oneof: f.oneof === undefined ? undefined : camelCase(f.oneof),
      }));
      const actual = messageSpec(name).fields.map((f) => ({
        name: f.protoName,
        number: f.number,
        type: f.typeName,
        label: f.label,
        oneof: f.oneof,
      }));
      expect(actual, name).toEqual(expected.sort((a, b) => a.number - b.number));
    }
  });

  test("enums have their names at their numbers", () => {
    expect(Object.keys(ENUMS).sort()).toEqual(Object.keys(protocol.enums).sort());
    for (const [name, values] of Object.entries(protocol.enums)) {
      expect(Object.fromEntries(enumSpec(name).map((value, number) => [value, number])), name).toEqual(
        values,
      );
    }
  });
});
