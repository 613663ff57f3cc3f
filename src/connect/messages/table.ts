import { BASE_MESSAGES } from "./base.ts";
import { CATALOG_MESSAGES } from "./catalog.ts";
import { COMMANDS_MESSAGES } from "./commands.ts";
import { COMMON_MESSAGES } from "./common.ts";
import { ENUMS } from "./enums.ts";
import { EXPRESSIONS_MESSAGES } from "./expressions.ts";
import { GOOGLE_MESSAGES } from "./google.ts";
import { ML_MESSAGES } from "./ml.ts";
import { PIPELINES_MESSAGES } from "./pipelines.ts";
import { RELATIONS_MESSAGES } from "./relations.ts";
import { STREAMING_MESSAGES } from "./streaming.ts";
import { TYPES_MESSAGES } from "./types.ts";

/**
 * The protocol as data, one row a message: `name number type` for each field, `;` between fields. A mark follows the
 * name: `?` optional with presence, `*` repeated, `%` map from string. Members of a oneof stand in `group { ... }`.
 * A type that begins with a dot is nested in its message.
 */
export type MessageTable = Readonly<Record<string, string>>;

export type ScalarType = "string" | "bytes" | "bool" | "int32" | "uint32" | "int64" | "float" | "double";

export interface FieldSpec {
  /** As in the protocol. */
  readonly protoName: string;
  /** The key in decoded messages: camel case. */
  readonly name: string;
  readonly number: number;
  readonly label: "singular" | "optional" | "repeated" | "map";
  readonly type: ScalarType | "enum" | "message";
  /** Name of the message or enum. */
  readonly typeName: string;
  readonly oneof?: string;
  /** Of a map: the message of one entry. */
  readonly entry?: MessageSpec;
}

export interface MessageSpec {
  readonly name: string;
  /** In ascending order of number. */
  readonly fields: readonly FieldSpec[];
  readonly byNumber: ReadonlyMap<number, FieldSpec>;
  /** Members of each oneof by its name in camel case. */
  readonly oneofs: Readonly<Record<string, readonly FieldSpec[]>>;
}

export const MESSAGES: MessageTable = {
  ...BASE_MESSAGES,
  ...RELATIONS_MESSAGES,
  ...EXPRESSIONS_MESSAGES,
  ...COMMANDS_MESSAGES,
  ...STREAMING_MESSAGES,
  ...TYPES_MESSAGES,
  ...CATALOG_MESSAGES,
  ...COMMON_MESSAGES,
  ...ML_MESSAGES,
  ...PIPELINES_MESSAGES,
  ...GOOGLE_MESSAGES,
};

const SCALARS = new Set(["string", "bytes", "bool", "int32", "uint32", "int64", "float", "double"]);
const specs = new Map<string, MessageSpec>();
const enumNames = new Map<string, readonly string[]>();

/** The fields of a message. Throws for a name that is not in the table. */
export function messageSpec(name: string): MessageSpec {
  let spec = specs.get(name);
  if (spec === undefined) {
    const row = MESSAGES[name];
    if (row === undefined) throw new Error(`no message of the protocol is named ${name}`);
    spec = parseRow(name, row);
    specs.set(name, spec);
  }
  return spec;
}

/** The names of an enum; their places are their numbers. */
export function enumSpec(name: string): readonly string[] {
  let names = enumNames.get(name);
  if (names === undefined) {
    const row = ENUMS[name];
    if (row === undefined) throw new Error(`no enum of the protocol is named ${name}`);
    names = row.split(" ");
    enumNames.set(name, names);
  }
  return names;
}

export function camelCase(protoName: string): string {
  return protoName.replace(/_([a-z0-9])/g, (_, c: string) => c.toUpperCase());
}

function parseRow(name: string, row: string): MessageSpec {
  const fields: FieldSpec[] = [];
  const oneofs: Record<string, FieldSpec[]> = {};
  let oneof: string | undefined;
  for (const token of row.match(/\w+ \{|\}|\w+[?*%]? \d+ [\w.]+/g) ?? []) {
    if (token === "}") {
      oneof = undefined;
    } else if (token.endsWith("{")) {
      oneof = camelCase(token.slice(0, -2));
      oneofs[oneof] = [];
    } else {
      const field = parseField(name, token, oneof);
      fields.push(field);
      if (oneof !== undefined) oneofs[oneof]?.push(field);
    }
  }
  return specOf(name, fields, oneofs);
}

function specOf(name: string, fields: FieldSpec[], oneofs: MessageSpec["oneofs"]): MessageSpec {
  fields.sort((a, b) => a.number - b.number);
  return { name, fields, byNumber: new Map(fields.map((f) => [f.number, f])), oneofs };
}

const LABELS: Readonly<Record<string, FieldSpec["label"]>> = { "?": "optional", "*": "repeated", "%": "map" };

function parseField(message: string, token: string, oneof: string | undefined): FieldSpec {
  const [marked = "", number = "", type = ""] = token.split(" ");
  const label = LABELS[marked.at(-1) ?? ""] ?? "singular";
  const protoName = label === "singular" ? marked : marked.slice(0, -1);
  const typeName = type.startsWith(".") ? message + type : type;
  const kind = SCALARS.has(typeName) ? (typeName as ScalarType) : typeName in ENUMS ? "enum" : "message";
  const field: FieldSpec = {
    protoName,
    name: camelCase(protoName),
    number: Number(number),
    label,
    type: kind,
    typeName,
    ...(oneof === undefined ? {} : { oneof }),
  };
  if (label !== "map") return field;
  const key: FieldSpec = {
    protoName: "key",
    name: "key",
    number: 1,
    label: "singular",
    type: "string",
    typeName: "string",
  };
  const value: FieldSpec = { ...field, protoName: "value", name: "value", number: 2, label: "singular" };
  return { ...field, entry: specOf(`${message}.${protoName}.Entry`, [key, value], {}) };
}
