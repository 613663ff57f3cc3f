import { unsupported } from "../../errors/spark-error.ts";
import type { Literal, LiteralValue } from "../../plan/expression.ts";
import type { DataType } from "../../types/data-type.ts";
import type { Message } from "../messages/decode.ts";

function literal(dataType: DataType, value: LiteralValue): Literal {
  return { kind: "Literal", dataType, value };
}

function literals(dataType: DataType, items: readonly LiteralValue[]): readonly Literal[] {
  return items.map((item) => literal(dataType, item));
}

/** A literal as the fields of an `Expression.Literal` message. */
export function lowerLiteral(node: unknown): Message {
  const { dataType: t, value } = node as Literal;
  if (value === null) return { null: t };
  switch (t.kind) {
    case "boolean":
    case "byte":
    case "short":
    case "integer":
    case "long":
    case "float":
    case "double":
    case "binary":
    case "date":
    case "timestamp":
      return { [t.kind]: value };
    case "string":
      return t.collation === undefined || t.collation === "UTF8_BINARY"
        ? { string: value }
        : { string: value, dataType: t };
    case "char":
    case "varchar":
      return { string: value };
    case "timestamp_ntz":
      return { timestampNtz: value };
    case "decimal":
      return { decimal: { value: String(value), precision: t.precision, scale: t.scale } };
    case "year_month_interval":
      return { yearMonthInterval: value, dataType: t };
    case "day_time_interval":
      return { dayTimeInterval: value, dataType: t };
    case "calendar_interval":
      return { calendarInterval: value };
    case "time":
      return { time: { nano: value, precision: t.precision } };
    case "array":
      return {
        array: {
          elementType: t.elementType,
          elements: literals(t.elementType, value as readonly LiteralValue[]),
        },
        dataType: t,
      };
    case "map": {
      const { keys, values } = value as {
        readonly keys: readonly LiteralValue[];
        readonly values: readonly LiteralValue[];
      };
      return {
        map: {
          keyType: t.keyType,
          valueType: t.valueType,
          keys: literals(t.keyType, keys),
          values: literals(t.valueType, values),
        },
        dataType: t,
      };
    }
    case "struct": {
      const items = value as readonly LiteralValue[];
      const elements = t.fields.map((field, i) => literal(field.dataType, items[i] ?? null));
      return { struct: { structType: t, elements }, dataType: t };
    }
    default:
      throw unsupported(`a literal of type ${t.kind} on a remote session`);
  }
}
