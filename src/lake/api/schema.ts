import type { DataType, StructField, StructType } from "../../types/data-type.ts";
import {
  BINARY,
  BOOLEAN,
  DATE,
  DOUBLE,
  decimal,
  FLOAT,
  INTEGER,
  LONG,
  STRING,
  TIMESTAMP,
} from "../../types/data-type.ts";
import { simpleString } from "../../types/format.ts";

/** The types of columns of this API. `decimal(p,s)` has at most 18 digits. */
export type FieldType =
  | "long"
  | "int"
  | "double"
  | "float"
  | "boolean"
  | "string"
  | "binary"
  | "date"
  | "timestamp"
  | `decimal(${number},${number})`;

export interface Field {
  readonly id: number;
  readonly name: string;
  readonly type: FieldType;
  /** Whether null is refused. */
  readonly required?: boolean;
}

const TYPES: Readonly<Record<string, DataType>> = {
  long: LONG,
  bigint: LONG,
  int: INTEGER,
  integer: INTEGER,
  double: DOUBLE,
  float: FLOAT,
  boolean: BOOLEAN,
  string: STRING,
  binary: BINARY,
  date: DATE,
  timestamp: TIMESTAMP,
};

const FIELD_ID = "lakelet.fieldId";
const SCHEMA_ID = "lakelet.schemaId";
const MAX_DECIMAL_DIGITS = 18;

/**
 * The columns of a table.
 *
 * @example
 * ```ts
 * const schema = new Schema({
 *   schemaId: 1,
 *   fields: [
 *     { id: 1, name: "record_id", type: "long", required: true },
 *     { id: 2, name: "value", type: "string", required: true },
 *   ],
 * });
 * ```
 */
export class Schema {
  readonly schemaId: number;
  readonly fields: readonly Field[];

  constructor(init: { readonly schemaId: number; readonly fields: readonly Field[] }) {
    this.schemaId = init.schemaId;
    this.fields = init.fields.map((f) => ({ ...f, required: f.required ?? false }));
    if (this.fields.length === 0) throw new TypeError("a schema needs a field at least");
    for (const key of ["id", "name"] as const) {
      const seen = new Set<unknown>();
      for (const f of this.fields) {
        const value = typeof f[key] === "string" ? f[key].toLowerCase() : f[key];
        if (seen.has(value)) throw new TypeError(`two fields have the ${key} ${f[key]}`);
        seen.add(value);
      }
    }
    for (const f of this.fields) typeOf(f.type);
  }

  /** Whether both have the same fields, by name, type and whether null is refused. */
  equals(other: Schema): boolean {
    const told = (schema: Schema): string =>
      JSON.stringify(schema.fields.map((f) => [f.name, simpleString(typeOf(f.type)), f.required]));
    return told(this) === told(other);
  }
}

export function typeOf(type: string): DataType {
  const known = TYPES[type.toLowerCase()];
  if (known !== undefined) return known;
  const match = /^decimal\(\s*(\d+)\s*,\s*(\d+)\s*\)$/i.exec(type);
  if (match !== null) {
    const [precision, scale] = [Number(match[1]), Number(match[2])];
    if (precision >= 1 && precision <= MAX_DECIMAL_DIGITS && scale <= precision)
      return decimal(precision, scale);
  }
  throw new TypeError(
    `${type} is no type of a field; these are: ${Object.keys(TYPES).join(", ")}, decimal(p,s) of at most ${MAX_DECIMAL_DIGITS} digits`,
  );
}

/** As Delta keeps it, with the ids beside. */
export function toStruct(schema: Schema): StructType {
  return {
    kind: "struct",
    fields: schema.fields.map((f) => ({
      name: f.name,
      dataType: typeOf(f.type),
      nullable: f.required !== true,
      metadata: { [FIELD_ID]: f.id, [SCHEMA_ID]: schema.schemaId },
    })),
  };
}

/** Of any Delta table; columns of types that this API does not have keep Spark's name for theirs. */
export function fromStruct(struct: StructType): Schema {
  const numbered = (f: StructField, key: string, otherwise: number): number => {
    const value = f.metadata?.[key];
    return typeof value === "number" ? value : otherwise;
  };
  const fields = struct.fields.map(
    (f, i): Field => ({
      id: numbered(f, FIELD_ID, i + 1),
      name: f.name,
      type: typeName(f.dataType) as FieldType,
      required: !f.nullable,
    }),
  );
  const schemaId = struct.fields[0] === undefined ? 0 : numbered(struct.fields[0], SCHEMA_ID, 0);
  return Object.assign(Object.create(Schema.prototype) as Schema, { schemaId, fields });
}

function typeName(type: DataType): string {
  const found = Object.entries(TYPES).find(([, t]) => t.kind === type.kind);
  return found === undefined ? simpleString(type) : found[0];
}
