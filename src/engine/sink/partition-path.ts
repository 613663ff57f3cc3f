import { doubleText, floatText } from "../../functions/number-text.ts";
import type { DataType } from "../../types/data-type.ts";
import { Timestamp } from "../../types/values.ts";

const DEFAULT_PARTITION = "__HIVE_DEFAULT_PARTITION__";

/** Characters that do not stand for themselves in the name of a directory. */
const ESCAPED = /[\u0001-\u001f"#%'*/:=?\\\u007f{[\]^]/g;

export function escapePathName(text: string): string {
  return text.replace(ESCAPED, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
}

/** `col=value`; null and the empty string share one directory. */
export function partitionDirectory(name: string, value: string | null): string {
  const shown = value === null || value === "" ? DEFAULT_PARTITION : escapePathName(value);
  return `${escapePathName(name)}=${shown}`;
}

/** A value as Spark's cast to string shows it, which is what the directory is named after. */
export function partitionText(value: unknown, type: DataType, timeZone: string): string | null {
  if (value === null || value === undefined) return null;
  switch (type.kind) {
    case "float":
      return floatText(value as number);
    case "double":
      return doubleText(value as number);
    case "timestamp":
      return (value as Timestamp).toString(timeZone);
    case "binary":
      return new TextDecoder().decode(value as Uint8Array);
    case "udt":
      return partitionText(value, type.sqlType, timeZone);
    default:
      return String(value);
  }
}

/** The value as it stands in the Delta log: as in the path, but instants are ISO 8601 in UTC; empty text is null. */
export function logText(value: unknown, type: DataType, timeZone: string): string | null {
  if (value instanceof Timestamp) {
    const [day, clock = ""] = value.toString().split(" ");
    const [time, fraction = ""] = clock.split(".");
    return `${day}T${time}.${fraction.padEnd(6, "0")}Z`;
  }
  const text = partitionText(value, type, timeZone);
  return text === "" ? null : text;
}
