import { decodeColumns } from "../engine/arrow/decode.ts";
import type { LiteralValue } from "../plan/expression.ts";
import type { DataType, StructType } from "../types/data-type.ts";
import {
  CalendarInterval,
  DayTimeInterval,
  Decimal,
  LocalDate,
  LocalTimestamp,
  Timestamp,
  YearMonthInterval,
} from "../types/values.ts";

/** Result rows with values in the plan's literal form. */
export function decodeLiterals(
  chunks: readonly Uint8Array[],
  schema: StructType,
): readonly (readonly LiteralValue[])[] {
  const columns = decodeColumns(chunks, schema);
  const rows: LiteralValue[][] = [];
  for (let row = 0; row < (columns[0]?.length ?? 0); row++) {
    rows.push(schema.fields.map((f, i) => toLiteralValue(columns[i]?.[row], f.dataType)));
  }
  return rows;
}

/** A value as users see it, in the form in which a plan's `Literal` holds it. */
export function toLiteralValue(value: unknown, type: DataType): LiteralValue {
  if (value === null || value === undefined) return null;
  if (value instanceof Decimal) return value.toString();
  if (value instanceof LocalDate) return value.epochDay;
  if (value instanceof Timestamp) return value.epochMicros;
  if (value instanceof LocalTimestamp) return value.localMicros;
  if (value instanceof YearMonthInterval) return value.months;
  if (value instanceof DayTimeInterval) return value.micros;
  if (value instanceof CalendarInterval) {
    return { months: value.months, days: value.days, microseconds: value.micros };
  }
  switch (type.kind) {
    case "array":
      return (value as readonly unknown[]).map((element) => toLiteralValue(element, type.elementType));
    case "map": {
      const entries = [...(value as ReadonlyMap<unknown, unknown>)];
      return {
        keys: entries.map(([key]) => toLiteralValue(key, type.keyType)),
        values: entries.map(([, v]) => toLiteralValue(v, type.valueType)),
      };
    }
    case "struct": {
      const values = [...(value as Iterable<unknown>)];
      return type.fields.map((f, i) => toLiteralValue(values[i], f.dataType));
    }
    default:
      return value as LiteralValue;
  }
}
