import type { FlatBuilder, TableReader } from "./flatbuffer.ts";

export type TimeUnit = 0 | 1 | 2 | 3;
export const SECOND = 0;
export const MILLISECOND = 1;
export const MICROSECOND = 2;
export const NANOSECOND = 3;

/** Arrow's types as plain data. */
export type ArrowType =
  | { readonly kind: PlainKind }
  | { readonly kind: "int"; readonly bits: number; readonly signed: boolean }
  | { readonly kind: "float"; readonly bits: 16 | 32 | 64 }
  | { readonly kind: "decimal"; readonly precision: number; readonly scale: number; readonly bits: number }
  | { readonly kind: "date"; readonly unit: 0 | 1 }
  | { readonly kind: "time"; readonly unit: TimeUnit; readonly bits: 32 | 64 }
  | { readonly kind: "timestamp"; readonly unit: TimeUnit; readonly timezone?: string }
  /** 0 year-month, 1 day-time, 2 month-day-nano. */
  | { readonly kind: "interval"; readonly unit: 0 | 1 | 2 }
  | { readonly kind: "duration"; readonly unit: TimeUnit }
  | { readonly kind: "fixedSizeBinary"; readonly width: number }
  | { readonly kind: "fixedSizeList"; readonly size: number }
  | { readonly kind: "map"; readonly sorted: boolean };

type PlainKind =
  | "null"
  | "bool"
  | "binary"
  | "utf8"
  | "largeBinary"
  | "largeUtf8"
  | "binaryView"
  | "utf8View"
  | "list"
  | "largeList"
  | "listView"
  | "largeListView"
  | "struct"
  | "runEndEncoded";

export interface ArrowField {
  readonly name: string;
  readonly nullable: boolean;
  readonly type: ArrowType;
  readonly children: readonly ArrowField[];
  readonly metadata?: ReadonlyMap<string, string>;
  /** The values are indexes of this type into the dictionary of that id. */
  readonly dictionary?: { readonly id: number; readonly indexBits: number; readonly indexSigned: boolean };
}

export interface ArrowSchema {
  readonly fields: readonly ArrowField[];
  readonly metadata?: ReadonlyMap<string, string>;
}

/** Codes of Arrow's type union. */
const CODES: Readonly<Record<ArrowType["kind"], number>> = {
  null: 1,
  int: 2,
  float: 3,
  binary: 4,
  utf8: 5,
  bool: 6,
  decimal: 7,
  date: 8,
  time: 9,
  timestamp: 10,
  interval: 11,
  list: 12,
  struct: 13,
  fixedSizeBinary: 15,
  fixedSizeList: 16,
  map: 17,
  duration: 18,
  largeBinary: 19,
  largeUtf8: 20,
  largeList: 21,
  runEndEncoded: 22,
  binaryView: 23,
  utf8View: 24,
  listView: 25,
  largeListView: 26,
};
const KINDS = new Map(Object.entries(CODES).map(([kind, code]) => [code, kind as ArrowType["kind"]]));

export function readSchema(table: TableReader): ArrowSchema {
  const metadata = readMetadata(table.tables(2));
  const fields = table.tables(1).map(readField);
  return metadata === undefined ? { fields } : { fields, metadata };
}

function readField(table: TableReader): ArrowField {
  const metadata = readMetadata(table.tables(6));
  const encoding = table.table(4);
  const index = encoding?.table(1);
  return {
    name: table.string(0) ?? "",
    nullable: table.uint8(1) !== 0,
    type: readType(table.uint8(2), table.table(3)),
    children: table.tables(5).map(readField),
    ...(metadata === undefined ? {} : { metadata }),
    ...(encoding === undefined
      ? {}
      : {
          dictionary: {
            id: encoding.long(0),
            indexBits: index?.int32(0) ?? 32,
            indexSigned: index === undefined || index.uint8(1) !== 0,
          },
        }),
  };
}

function readMetadata(pairs: readonly TableReader[]): ReadonlyMap<string, string> | undefined {
  return pairs.length === 0 ? undefined : new Map(pairs.map((p) => [p.string(0) ?? "", p.string(1) ?? ""]));
}

function readType(code: number, table: TableReader | undefined): ArrowType {
  const kind = KINDS.get(code);
  if (kind === undefined || table === undefined) throw new TypeError(`Arrow type ${code} is not supported`);
  switch (kind) {
    case "int":
      return { kind, bits: table.int32(0), signed: table.uint8(1) !== 0 };
    case "float":
      return { kind, bits: ([16, 32, 64] as const)[table.int16(0) as 0 | 1 | 2] };
    case "decimal":
      return { kind, precision: table.int32(0), scale: table.int32(1), bits: table.int32(2, 128) };
    case "date":
      return { kind, unit: table.int16(0, 1) as 0 | 1 };
    case "time":
      return { kind, unit: table.int16(0, 1) as TimeUnit, bits: table.int32(1, 32) as 32 | 64 };
    case "timestamp": {
      const timezone = table.string(1);
      const unit = table.int16(0) as TimeUnit;
      return timezone === undefined || timezone === "" ? { kind, unit } : { kind, unit, timezone };
    }
    case "interval":
      return { kind, unit: table.int16(0) as 0 | 1 | 2 };
    case "duration":
      return { kind, unit: table.int16(0, 1) as TimeUnit };
    case "fixedSizeBinary":
      return { kind, width: table.int32(0) };
    case "fixedSizeList":
      return { kind, size: table.int32(0) };
    case "map":
      return { kind, sorted: table.uint8(0) !== 0 };
    default:
      return { kind };
  }
}

/** Writes the schema table; the offset of it. */
export function writeSchema(builder: FlatBuilder, schema: ArrowSchema): number {
  const fields = builder.offsets(schema.fields.map((f) => writeField(builder, f)));
  const metadata = writeMetadata(builder, schema.metadata);
  builder.startTable(4);
  if (metadata !== 0) builder.reference(2, metadata);
  builder.reference(1, fields);
  return builder.endTable();
}

function writeField(builder: FlatBuilder, field: ArrowField): number {
  const children = builder.offsets(field.children.map((c) => writeField(builder, c)));
  const name = builder.string(field.name);
  const metadata = writeMetadata(builder, field.metadata);
  const type = writeType(builder, field.type);
  const dictionary = writeDictionary(builder, field.dictionary);
  builder.startTable(7);
  builder.reference(0, name);
  builder.reference(3, type);
  if (dictionary !== 0) builder.reference(4, dictionary);
  builder.reference(5, children);
  if (metadata !== 0) builder.reference(6, metadata);
  builder.uint8(1, field.nullable ? 1 : 0);
  builder.uint8(2, CODES[field.type.kind]);
  return builder.endTable();
}

function writeMetadata(builder: FlatBuilder, metadata: ReadonlyMap<string, string> | undefined): number {
  if (metadata === undefined || metadata.size === 0) return 0;
  return builder.offsets(
    [...metadata].map(([key, value]) => {
      const v = builder.string(value);
      const k = builder.string(key);
      builder.startTable(2);
      builder.reference(0, k);
      builder.reference(1, v);
      return builder.endTable();
    }),
  );
}

function writeDictionary(builder: FlatBuilder, dictionary: ArrowField["dictionary"]): number {
  if (dictionary === undefined) return 0;
  const index = writeType(builder, {
    kind: "int",
    bits: dictionary.indexBits,
    signed: dictionary.indexSigned,
  });
  builder.startTable(4);
  builder.long(0, dictionary.id);
  builder.reference(1, index);
  return builder.endTable();
}

function writeType(builder: FlatBuilder, type: ArrowType): number {
  const timezone =
    type.kind === "timestamp" && type.timezone !== undefined ? builder.string(type.timezone) : 0;
  builder.startTable(3);
  switch (type.kind) {
    case "int":
      builder.int32(0, type.bits);
      builder.uint8(1, type.signed ? 1 : 0);
      break;
    case "float":
      builder.int16(0, type.bits === 16 ? 0 : type.bits === 32 ? 1 : 2);
      break;
    case "decimal":
      builder.int32(0, type.precision);
      builder.int32(1, type.scale);
      builder.int32(2, type.bits);
      break;
    case "date":
    case "interval":
    case "duration":
      builder.int16(0, type.unit);
      break;
    case "time":
      builder.int32(1, type.bits);
      builder.int16(0, type.unit);
      break;
    case "timestamp":
      if (timezone !== 0) builder.reference(1, timezone);
      builder.int16(0, type.unit);
      break;
    case "fixedSizeBinary":
      builder.int32(0, type.width);
      break;
    case "fixedSizeList":
      builder.int32(0, type.size);
      break;
    case "map":
      builder.uint8(0, type.sorted ? 1 : 0);
      break;
  }
  return builder.endTable();
}
