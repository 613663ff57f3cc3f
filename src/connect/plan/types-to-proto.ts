import { unsupported } from "../../errors/spark-error.ts";
import type { DataType, StructField } from "../../types/data-type.ts";
import type { Message } from "../messages/decode.ts";

/** A type as the fields of a `DataType` message; what it holds is turned when its own message is encoded. */
export function lowerType(value: unknown): Message {
  const t = value as DataType;
  switch (t.kind) {
    case "timestamp_ntz":
      return { timestampNtz: {} };
    case "calendar_interval":
      return { calendarInterval: {} };
    case "varchar":
      return { varChar: t };
    case "string":
      return { string: { collation: t.collation ?? "UTF8_BINARY" } };
    case "year_month_interval":
      return { yearMonthInterval: { startField: t.start, endField: t.end } };
    case "day_time_interval":
      return { dayTimeInterval: { startField: t.start, endField: t.end } };
    case "udt":
      return {
        udt: {
          type: "udt",
          sqlType: t.sqlType,
          jvmClass: t.jvmClass,
          pythonClass: t.pyClass,
          serializedPythonClass: t.serializedClass,
        },
      };
    default:
      return { [t.kind]: t };
  }
}

export function lowerField(value: unknown): Message {
  const field = value as StructField;
  const metadata = field.metadata ?? {};
  return {
    name: field.name,
    dataType: field.dataType,
    nullable: field.nullable,
    metadata: Object.keys(metadata).length > 0 ? JSON.stringify(metadata) : undefined,
  };
}

/** Types of the client's realm that no server knows. */
export function refuseType(name: string): never {
  throw unsupported(`the data type ${name} on a remote session`);
}
