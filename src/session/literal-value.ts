import type { Literal, LiteralValue } from "../plan/expression.ts";
import type { DataType } from "../types/data-type.ts";
import {
  CalendarInterval,
  DayTimeInterval,
  Decimal,
  LocalDate,
  LocalTime,
  LocalTimestamp,
  rowFactory,
  safeLong,
  Timestamp,
  YearMonthInterval,
} from "../types/values.ts";

/** A literal as the value that a row would hold. */
export function literalValue({ dataType, value }: Literal): unknown {
  return plainValue(value, dataType);
}

function plainValue(value: LiteralValue, type: DataType): unknown {
  if (value === null) return null;
  switch (type.kind) {
    case "long":
      return safeLong(BigInt(value as bigint));
    case "decimal":
      return Decimal.fromString(String(value));
    case "date":
      return new LocalDate(Number(value));
    case "timestamp":
      return new Timestamp(BigInt(value as bigint));
    case "timestamp_ntz":
      return new LocalTimestamp(BigInt(value as bigint));
    case "time":
      return new LocalTime(BigInt(value as bigint));
    case "year_month_interval":
      return new YearMonthInterval(Number(value), type.start, type.end);
    case "day_time_interval":
      return new DayTimeInterval(BigInt(value as bigint), type.start, type.end);
    case "calendar_interval": {
      const { months, days, microseconds } = value as Extract<LiteralValue, { months: number }>;
      return new CalendarInterval(months, days, microseconds);
    }
    case "array":
      return (value as readonly LiteralValue[]).map((item) => plainValue(item, type.elementType));
    case "map": {
      const { keys, values } = value as Extract<LiteralValue, { keys: readonly LiteralValue[] }>;
      return new Map(
        keys.map((key, i) => [plainValue(key, type.keyType), plainValue(values[i] ?? null, type.valueType)]),
      );
    }
    case "struct": {
      const items = value as readonly LiteralValue[];
      return rowFactory(type.fields.map((f) => f.name))(
        type.fields.map((f, i) => plainValue(items[i] ?? null, f.dataType)),
      );
    }
    default:
      return value;
  }
}
