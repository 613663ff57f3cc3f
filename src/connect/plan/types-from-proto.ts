import { unsupported } from "../../errors/spark-error.ts";
import { array, type DataType, decimal, map, type StructField } from "../../types/data-type.ts";
import type { Message } from "../messages/decode.ts";
import { messageSpec } from "../messages/table.ts";
import { compact, notSet, type PlanContext, type Reviver, required } from "./fields.ts";

type TypeReader = (message: Message, context: PlanContext) => DataType;

function simple(kind: Exclude<DataType, { readonly precision: number }>["kind"]): TypeReader {
  return () => ({ kind }) as DataType;
}

function refused(name: string): TypeReader {
  return () => {
    throw unsupported(`the data type ${name}`);
  };
}

/** By the member of `DataType.kind`. */
const READERS: Readonly<Record<string, TypeReader>> = {
  null: simple("null"),
  binary: simple("binary"),
  boolean: simple("boolean"),
  byte: simple("byte"),
  short: simple("short"),
  integer: simple("integer"),
  long: simple("long"),
  float: simple("float"),
  double: simple("double"),
  date: simple("date"),
  timestamp: simple("timestamp"),
  timestampNtz: simple("timestamp_ntz"),
  calendarInterval: simple("calendar_interval"),
  variant: simple("variant"),
  decimal: (m) => decimal((m.precision as number | undefined) ?? 10, (m.scale as number | undefined) ?? 0),
  string: (m) =>
    m.collation === "" || m.collation === "UTF8_BINARY"
      ? { kind: "string" }
      : { kind: "string", collation: m.collation as string },
  char: (m) => ({ kind: "char", length: m.length as number }),
  varChar: (m) => ({ kind: "varchar", length: m.length as number }),
  time: (m) => ({ kind: "time", precision: (m.precision as number | undefined) ?? 6 }),
  yearMonthInterval: (m) => ({
    kind: "year_month_interval",
    start: ((m.startField as number | undefined) ?? 0) as 0 | 1,
    end: ((m.endField as number | undefined) ?? 1) as 0 | 1,
  }),
  dayTimeInterval: (m) => ({
    kind: "day_time_interval",
    start: ((m.startField as number | undefined) ?? 0) as 0 | 1 | 2 | 3,
    end: ((m.endField as number | undefined) ?? 3) as 0 | 1 | 2 | 3,
  }),
  array: (m) => array(required(m, "DataType.Array", "elementType"), m.containsNull as boolean),
  map: (m) =>
    map(
      required(m, "DataType.Map", "keyType"),
      required(m, "DataType.Map", "valueType"),
      m.valueContainsNull as boolean,
    ),
  struct: (m) => ({ kind: "struct", fields: m.fields as readonly StructField[] }),
  udt: (m) =>
    compact({
      kind: "udt",
      sqlType: required<DataType>(m, "DataType.UDT", "sqlType"),
      pyClass: m.pythonClass as string | undefined,
      jvmClass: m.jvmClass as string | undefined,
      serializedClass: m.serializedPythonClass as string | undefined,
    }),
  unparsed: (m, context) => context.parseDdl(m.dataTypeString as string),
  geometry: refused("GEOMETRY"),
  geography: refused("GEOGRAPHY"),
  timestampNtzNanos: refused("TIMESTAMP_NTZ with nanoseconds"),
  timestampLtzNanos: refused("TIMESTAMP_LTZ with nanoseconds"),
};

function readType(message: Message, context: PlanContext): DataType {
  for (const member of messageSpec("DataType").oneofs.kind ?? []) {
    const value = message[member.name];
    if (value !== undefined) return (READERS[member.name] as TypeReader)(value as Message, context);
  }
  return notSet("DataType", "kind");
}

function readField(message: Message): StructField {
  return compact({
    name: message.name as string,
    dataType: required<DataType>(message, "DataType.StructField", "dataType"),
    nullable: message.nullable as boolean,
    metadata: readMetadata(message.metadata as string | undefined),
  });
}

/** Metadata travels as JSON text. */
export function readMetadata(json: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (json === undefined || json === "") return undefined;
  const metadata = JSON.parse(json) as Readonly<Record<string, unknown>>;
  return Object.keys(metadata).length > 0 ? metadata : undefined;
}

export const TYPE_REVIVERS: Readonly<Record<string, Reviver>> = {
  DataType: readType,
  "DataType.StructField": readField,
};
