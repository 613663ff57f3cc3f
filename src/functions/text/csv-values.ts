import { unsupported } from "../../errors/spark-error.ts";
import type { DataType } from "../../types/data-type.ts";
import { simpleString } from "../../types/format.ts";
import { parseDayTimeText, parseYearMonthText } from "../../types/interval-text.ts";
import type { CsvOptions } from "./csv-options.ts";
import type { DateTimeValues } from "./datetime-values.ts";
import {
  decimalUnscaled,
  parseDecimal,
  parseDouble,
  parseFloat32,
  parseLong,
  parseWhole,
} from "./number-values.ts";

/** A value as DuckDB is to hold it; undefined when the text is none of the type. */
export type CsvConverter = (text: string) => unknown;

const encoder = new TextEncoder();

/** Reads the text of a value that is not null. */
export function csvConverter(type: DataType, options: CsvOptions, times: DateTimeValues): CsvConverter {
  const special = (text: string): number | undefined => {
    if (text === options.nanValue) return Number.NaN;
    if (text === options.negativeInf) return Number.NEGATIVE_INFINITY;
    return text === options.positiveInf ? Number.POSITIVE_INFINITY : undefined;
  };
  switch (type.kind) {
    case "string":
    case "char":
    case "varchar":
      return (text) => text;
    case "byte":
    case "short":
    case "integer":
      return (text) => parseWhole(text, type.kind);
    case "long":
      return parseLong;
    case "float":
      return (text) => special(text) ?? parseFloat32(text);
    case "double":
      return (text) => special(text) ?? parseDouble(text);
    case "boolean":
      return (text) => {
        const lower = text.toLowerCase();
        return lower === "true" ? true : lower === "false" ? false : undefined;
      };
    case "decimal":
      return (text) => {
        const value = parseDecimal(text);
        return value && decimalUnscaled(value, type.precision, type.scale);
      };
    case "date":
      return times.date;
    case "timestamp":
      return times.timestamp;
    case "timestamp_ntz":
      return times.timestampNtz;
    case "binary":
      return (text) => encoder.encode(text);
    case "year_month_interval":
      return (text) => {
        const months = parseYearMonthText(text, type.start, type.end);
        return typeof months === "number" ? months : undefined;
      };
    case "day_time_interval":
      return (text) => {
        const micros = parseDayTimeText(text, type.start, type.end);
        return typeof micros === "bigint" ? micros : undefined;
      };
    case "udt":
      return csvConverter(type.sqlType, options, times);
    default:
      throw unsupported(`reading ${simpleString(type)} from CSV`);
  }
}
