import type { LiteralValue } from "../plan/expression.ts";
import {
  BINARY,
  CALENDAR_INTERVAL,
  DATE,
  type DataType,
  TIMESTAMP,
  TIMESTAMP_NTZ,
} from "../types/data-type.ts";
import {
  parseDateText,
  parseTimestampNtzText,
  parseTimestampText,
  parseTimeText,
  specialDate,
  specialTimestamp,
  splitTimestampText,
} from "../types/parse-datetime.ts";
import { parseIntervalText, type TextProblem } from "../types/parse-interval.ts";
import { findTimeZone, type TimeZone, timeZone } from "../types/time-zone.ts";
import { intervalOfUnits } from "./interval-reader.ts";
import type { ParseOptions } from "./parse-options.ts";

export interface TypedLiteral {
  readonly dataType: DataType;
  readonly value: LiteralValue;
}

/** The literal that `TYPE 'text'` stands for; `typeName` in upper case, `source` all of it as written. */
export function typedLiteral(
  typeName: string,
  text: string,
  options: ParseOptions,
  source: string,
): TypedLiteral | TextProblem {
  const literal = read(typeName, text, options, source);
  if (literal !== undefined) return literal;
  return {
    condition: "INVALID_TYPED_LITERAL",
    parameters: { valueType: `"${typeName}"`, value: quoted(text) },
  };
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

function read(
  typeName: string,
  text: string,
  options: ParseOptions,
  source: string,
): TypedLiteral | TextProblem | undefined {
  switch (typeName) {
    case "DATE": {
      const value = specialDate(text, sessionZone(options), options.nowMicros) ?? parseDateText(text);
      return value === undefined ? undefined : { dataType: DATE, value };
    }
    case "TIMESTAMP":
      return options.timestampType === "TIMESTAMP_NTZ" && splitTimestampText(text)?.zone === undefined
        ? timestampNtz(text, options)
        : timestampLtz(text, options);
    case "TIMESTAMP_LTZ":
      return timestampLtz(text, options);
    case "TIMESTAMP_NTZ":
      return timestampNtz(text, options);
    case "TIME": {
      const time = parseTimeText(text);
      if (time === undefined) return undefined;
      if (time.precision > 9) {
        return { condition: "INVALID_TIME_LITERAL_PRECISION", parameters: { value: quoted(text) } };
      }
      return { dataType: { kind: "time", precision: time.precision }, value: time.nanos };
    }
    case "INTERVAL":
      return interval(text, options, source);
    case "X": {
      const value = bytesOf(text);
      return value === undefined ? undefined : { dataType: BINARY, value };
    }
    default:
      return {
        condition: "UNSUPPORTED_TYPED_LITERAL",
        parameters: {
          unsupportedType: `"${typeName}"`,
          supportedTypes: '"DATE", "TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP", "INTERVAL", "X", "TIME"',
        },
      };
  }
}

function timestampLtz(text: string, options: ParseOptions): TypedLiteral | undefined {
  const zone = sessionZone(options);
  const value =
    specialTimestamp(text, zone, false, options.nowMicros) ??
    parseTimestampText(text, zone, options.nowMicros);
  return value === undefined ? undefined : { dataType: TIMESTAMP, value };
}

function timestampNtz(text: string, options: ParseOptions): TypedLiteral | undefined {
  const value =
    specialTimestamp(text, sessionZone(options), true, options.nowMicros) ?? parseTimestampNtzText(text);
  return value === undefined ? undefined : { dataType: TIMESTAMP_NTZ, value };
}

function sessionZone(options: ParseOptions): TimeZone {
  return findTimeZone(options.sessionTimeZone ?? "UTC") ?? timeZone("UTC");
}

function interval(
  text: string,
  options: ParseOptions,
  source: string,
): TypedLiteral | TextProblem | undefined {
  const parts = parseIntervalText(text);
  if ("condition" in parts) return undefined;
  if (options.legacyInterval === true) return { dataType: CALENDAR_INTERVAL, value: { ...parts } };
  const units = text
    .toLowerCase()
    .split(/\s/)
    .map((word) => word.replace(/s$/, ""))
    .filter((word) => word !== "interval" && /^[a-z]+$/.test(word));
  return intervalOfUnits(parts, units, source);
}

/** The bytes of hexadecimal digits; of an odd number of them the first stands alone. */
function bytesOf(text: string): Uint8Array | undefined {
  if (!/^[0-9a-fA-F]*$/.test(text)) return undefined;
  const even = text.length % 2 === 0 ? text : `0${text}`;
  return Uint8Array.from({ length: even.length / 2 }, (_, i) =>
    Number.parseInt(even.slice(2 * i, 2 * i + 2), 16),
  );
}
