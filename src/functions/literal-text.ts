import type { LiteralValue } from "../plan/expression.ts";
import { formatDays, formatMicros, formatTimeOfDay } from "../types/civil.ts";
import type { DataType } from "../types/data-type.ts";
import { sqlString as typeName } from "../types/format.ts";
import { CalendarInterval, DayTimeInterval, YearMonthInterval } from "../types/interval.ts";
import { instantToLocalMicros, timeZone } from "../types/time-zone.ts";
import { decimalLiteralText, doubleText, floatText } from "./number-text.ts";

/** A literal as SQL text in Spark's spelling: `1L`, `'a'`, `DATE '2020-01-01'`, `ARRAY(1, 2)`. */
export function literalSql(value: LiteralValue, type: DataType, zone = "UTC"): string {
  if (value === null) return type.kind === "null" ? "NULL" : nullSql(type);
  switch (type.kind) {
    case "string":
    case "char":
    case "varchar":
      return `'${(value as string).replace(/\\/g, "\\\\").replace(/'/g, "\\'")}'`;
    case "byte":
      return `${value}Y`;
    case "short":
      return `${value}S`;
    case "long":
      return `${value}L`;
    case "decimal":
      return `${decimalLiteralText(value as string)}BD`;
    case "double":
      return specialDouble(value as number, "DOUBLE") ?? `${doubleText(value as number)}D`;
    case "float":
      return specialDouble(value as number, "FLOAT") ?? `CAST(${floatText(value as number)} AS FLOAT)`;
    case "array":
      return `ARRAY(${(value as readonly LiteralValue[]).map((v) => literalSql(v, type.elementType, zone)).join(", ")})`;
    case "struct":
      return `NAMED_STRUCT(${(value as readonly LiteralValue[])
        .map(
          (v, i) =>
            `'${type.fields[i]?.name}', ${literalSql(v, (type.fields[i] as { dataType: DataType }).dataType, zone)}`,
        )
        .join(", ")})`;
    case "map": {
      const { keys, values } = value as { keys: readonly LiteralValue[]; values: readonly LiteralValue[] };
      return `MAP(${keys
        .map(
          (k, i) =>
            `${literalSql(k, type.keyType, zone)}, ${literalSql(values[i] ?? null, type.valueType, zone)}`,
        )
        .join(", ")})`;
    }
    default:
      return plainText(value, type, zone);
  }
}

/** A literal in a column name: strings bare, numbers without suffix. */
export function literalPretty(value: LiteralValue, type: DataType, zone = "UTC"): string {
  if (value === null) return "NULL";
  switch (type.kind) {
    case "string":
    case "char":
    case "varchar":
      return value as string;
    case "byte":
    case "short":
    case "integer":
    case "long":
      return `${value}`;
    case "decimal":
      return decimalLiteralText(value as string);
    case "double":
      return doubleText(value as number);
    case "float":
      return floatText(value as number);
    default:
      return literalSql(value, type, zone);
  }
}

function plainText(value: LiteralValue, type: DataType, zone: string): string {
  switch (type.kind) {
    case "date":
      return `DATE '${formatDays(Number(value))}'`;
    case "timestamp":
      return `TIMESTAMP '${formatMicros(instantToLocalMicros(BigInt(value as bigint), timeZone(zone)))}'`;
    case "timestamp_ntz":
      return `TIMESTAMP_NTZ '${formatMicros(BigInt(value as bigint))}'`;
    case "time":
      return `TIME '${formatTimeOfDay(BigInt(value as bigint), 1_000_000_000n)}'`;
    case "binary":
      return `X'${[...(value as Uint8Array)].map((b) => b.toString(16).padStart(2, "0").toUpperCase()).join("")}'`;
    case "year_month_interval":
      return new YearMonthInterval(Number(value), type.start, type.end).toString();
    case "day_time_interval":
      return new DayTimeInterval(BigInt(value as bigint), type.start, type.end).toString();
    case "calendar_interval": {
      const v = value as { months: number; days: number; microseconds: bigint };
      return `INTERVAL '${new CalendarInterval(v.months, v.days, v.microseconds)}'`;
    }
    case "udt":
      return literalSql(value, type.sqlType, zone);
    default:
      return `${value}`;
  }
}

function nullSql(type: DataType): string {
  return `CAST(NULL AS ${castTarget(type)})`;
}

function castTarget(type: DataType): string {
  return type.kind === "null" ? "VOID" : typeName(type);
}

function specialDouble(value: number, type: string): string | undefined {
  if (Number.isNaN(value)) return `CAST('NaN' AS ${type})`;
  if (Number.isFinite(value)) return undefined;
  return `CAST('${value > 0 ? "Infinity" : "-Infinity"}' AS ${type})`;
}
