import type { LiteralValue } from "../plan/expression.ts";
import type { DataType } from "../types/data-type.ts";
import { duckType, nullOfType } from "./duck-type.ts";
import { sqlText } from "./raise.ts";

/** A literal as DuckDB SQL, its type written out. */
export function literalToDuck(value: LiteralValue, type: DataType): string {
  if (value === null) return nullOfType(type);
  switch (type.kind) {
    case "null":
      return "NULL::INTEGER";
    case "boolean":
      return value === true ? "true" : "false";
    case "byte":
    case "short":
    case "integer":
    case "long":
    case "year_month_interval":
    case "day_time_interval":
    case "time":
      return wholeNumber(value as number | bigint, duckType(type));
    case "float":
    case "double":
      return floating(Number(value), duckType(type));
    case "decimal":
      return `CAST('${value}' AS ${duckType(type)})`;
    case "string":
    case "char":
    case "varchar":
      return sqlText(value as string);
    case "binary":
      return bytes(value as Uint8Array);
    case "date":
      return `(DATE '1970-01-01' + ${wholeNumber(value as number, "INTEGER")})`;
    case "timestamp":
    case "timestamp_ntz":
      return `make_timestamp(${wholeNumber(value as bigint, "BIGINT")})`;
    case "calendar_interval": {
      const v = value as { months: number; days: number; microseconds: bigint };
      return `{'f0': ${wholeNumber(v.months, "INTEGER")}, 'f1': ${wholeNumber(v.days, "INTEGER")}, 'f2': ${wholeNumber(v.microseconds, "BIGINT")}}`;
    }
    case "variant": {
      const [content, metadata] = value as readonly Uint8Array[];
      return `{'f0': ${bytes(content as Uint8Array)}, 'f1': ${bytes(metadata as Uint8Array)}}`;
    }
    case "array": {
      const items = value as readonly LiteralValue[];
      return `CAST([${items.map((v) => literalToDuck(v, type.elementType)).join(", ")}] AS ${duckType(type)})`;
    }
    case "map": {
      const { keys, values } = value as { keys: readonly LiteralValue[]; values: readonly LiteralValue[] };
      const list = (items: readonly LiteralValue[], t: DataType): string =>
        `CAST([${items.map((v) => literalToDuck(v, t)).join(", ")}] AS ${duckType(t)}[])`;
      return `MAP(${list(keys, type.keyType)}, ${list(values, type.valueType)})`;
    }
    case "struct": {
      const items = value as readonly LiteralValue[];
      if (items.length === 0) return `NULL::${duckType(type)}`;
      return `{${items.map((v, i) => `'f${i}': ${literalToDuck(v, (type.fields[i] as { dataType: DataType }).dataType)}`).join(", ")}}`;
    }
    case "udt":
      return literalToDuck(value, type.sqlType);
  }
}

function wholeNumber(value: number | bigint, type: string): string {
  const text = `${value}`;
  return text.startsWith("-") ? `(${text})::${type}` : `${text}::${type}`;
}

function floating(value: number, type: string): string {
  if (Number.isNaN(value)) return `'nan'::${type}`;
  if (!Number.isFinite(value)) return `'${value > 0 ? "" : "-"}infinity'::${type}`;
  const text = Object.is(value, -0) ? "-0e0" : value.toExponential();
  return text.startsWith("-") ? `(${text})::${type}` : `${text}::${type}`;
}

function bytes(value: Uint8Array): string {
  let hex = "";
  for (const b of value) hex += b.toString(16).padStart(2, "0");
  return `unhex('${hex}')`;
}
