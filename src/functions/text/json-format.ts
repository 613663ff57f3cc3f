import { unsupported } from "../../errors/spark-error.ts";
import type { DataType, StructType } from "../../types/data-type.ts";
import { timeZone as findZone, type TimeZone } from "../../types/time-zone.ts";
import type { LocalDate, LocalTimestamp, Row, Timestamp, VariantValue } from "../../types/values.ts";
import { isRow } from "../../types/values.ts";
import { readVariant } from "../../types/variant-decode.ts";
import { codePoint, jsonText } from "./json-copy.ts";
import { booleanOption } from "./read-mode.ts";
import { type ValueTexts, valueTexts } from "./value-text.ts";
import { variantToJson } from "./variant-text.ts";

/** JSON texts of values, by the options of Spark's writer. */
export class JsonFormat {
  readonly #texts: ValueTexts;
  readonly #zone: TimeZone;
  readonly #ignoreNulls: boolean;
  readonly #pretty: boolean;
  readonly #codePoints: boolean;

  constructor(options: Readonly<Record<string, string>>, timeZone: string) {
    this.#texts = valueTexts(options, timeZone);
    this.#zone = findZone(timeZone);
    this.#ignoreNulls = booleanOption(options.ignorenullfields, true);
    this.#pretty = booleanOption(options.pretty, false);
    this.#codePoints = booleanOption(options.writenonasciicharacterascodepoint, false);
  }

  /** Any value but null. */
  text(value: unknown, type: DataType): string {
    return this.#value(value, type, 0);
  }

  object(type: StructType, values: readonly unknown[], depth: number): string {
    const entries: [string, string][] = [];
    type.fields.forEach((f, i) => {
      const value = values[i];
      if (!isNull(value)) entries.push([f.name, this.#value(value, f.dataType, depth + 1)]);
      else if (!this.#ignoreNulls) entries.push([f.name, "null"]);
    });
    return this.#entries(entries, depth);
  }

  #entries(entries: readonly (readonly [string, string])[], depth: number): string {
    if (!this.#pretty) return `{${entries.map(([k, v]) => `${this.#string(k)}:${v}`).join(",")}}`;
    if (entries.length === 0) return "{ }";
    const indent = "  ".repeat(depth + 1);
    const lines = entries.map(([k, v]) => `${indent}${this.#string(k)} : ${v}`);
    return `{\n${lines.join(",\n")}\n${"  ".repeat(depth)}}`;
  }

  #list(items: readonly string[]): string {
    if (!this.#pretty) return `[${items.join(",")}]`;
    return items.length === 0 ? "[ ]" : `[ ${items.join(", ")} ]`;
  }

  #value(value: unknown, type: DataType, depth: number): string {
    if (isNull(value)) return "null";
    switch (type.kind) {
      case "boolean":
      case "byte":
      case "short":
      case "integer":
      case "long":
      case "decimal":
        return this.#texts.text(value, type);
      case "float":
      case "double": {
        const text = this.#texts.text(value, type);
        return Number.isFinite(value) ? text : `"${text}"`;
      }
      case "binary":
        return `"${base64(value as Uint8Array)}"`;
      case "array":
        return this.#list((value as readonly unknown[]).map((v) => this.#value(v, type.elementType, depth)));
      case "map":
        return this.#entries(
          [...(value as ReadonlyMap<unknown, unknown>)].map(([k, v]) => [
            this.#key(k, type.keyType),
            this.#value(v, type.valueType, depth + 1),
          ]),
          depth,
        );
      case "struct":
        return this.object(type, (value as Row).values(), depth);
      case "udt":
        return this.#value(value, type.sqlType, depth);
      case "variant":
        return variantToJson(
          readVariant((value as VariantValue).value, (value as VariantValue).metadata),
          this.#zone,
        );
      default:
        return this.#string(this.#texts.text(value, type));
    }
  }

  /** Keys are the values as text. */
  #key(value: unknown, type: DataType): string {
    if (isRow(value)) return `[${value.values().map(String).join(",")}]`;
    switch (type.kind) {
      case "date":
        return String((value as LocalDate).epochDay);
      case "timestamp":
        return String((value as Timestamp).epochMicros);
      case "timestamp_ntz":
        return String((value as LocalTimestamp).localMicros);
      case "binary":
        throw unsupported("keys of binary in JSON");
      default:
        return this.#texts.text(value, type);
    }
  }

  #string(text: string): string {
    const escaped = jsonText(text);
    return this.#codePoints ? escaped.replace(/[\u0080-\uffff]/g, codePoint) : escaped;
  }
}

function isNull(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += 8192)
    binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
}
