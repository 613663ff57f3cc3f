import { SparkRuntimeException } from "../../errors/spark-error.ts";
import { floorDivMod, MICROS_PER_DAY } from "../../types/civil.ts";
import type { DataType } from "../../types/data-type.ts";
import { parseDateText, parseInstantText, parseLocalText } from "../../types/datetime-text.ts";
import { quotedSqlType } from "../../types/format.ts";
import { instantToLocalMicros, localToInstantMicros, type TimeZone } from "../../types/time-zone.ts";
import {
  Decimal,
  type LocalDate,
  type LocalTimestamp,
  type Row,
  type Timestamp,
  type VariantValue,
} from "../../types/values.ts";
import { readVariant } from "../../types/variant-decode.ts";
import { type VariantNode, writeVariant } from "../../types/variant-node.ts";
import { decimalUnscaled, parseDecimal, parseDouble, trimControls } from "./number-values.ts";
import { stripped, variantToJson } from "./variant-text.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A variant's value as one of a type, in the physical form of readers. */
export type VariantCast = (node: VariantNode) => unknown;

/** `strict`: what cannot be cast raises INVALID_VARIANT_CAST, else it is null. */
export function variantCast(type: DataType, zone: TimeZone, strict: boolean): VariantCast {
  const invalid = (node: VariantNode): null => {
    if (!strict) return null;
    throw new SparkRuntimeException({
      condition: "INVALID_VARIANT_CAST",
      messageParameters: { value: variantToJson(node, zone), dataType: quotedSqlType(type) },
    });
  };
  const inner = (t: DataType): VariantCast => variantCast(t, zone, strict);
  const unlessNull =
    (cast: VariantCast): VariantCast =>
    (node) =>
      node.kind === "null" ? null : cast(node);
  switch (type.kind) {
    case "variant":
      return (node) => writeVariant(node);
    case "array": {
      const element = inner(type.elementType);
      return unlessNull((node) => (node.kind === "array" ? node.items.map(element) : invalid(node)));
    }
    case "map": {
      const value = inner(type.valueType);
      return unlessNull((node) =>
        node.kind === "object" ? new Map(node.entries.map(([k, v]) => [k, value(v)])) : invalid(node),
      );
    }
    case "struct": {
      const fields = type.fields.map((f) => [f.name, inner(f.dataType)] as const);
      return unlessNull((node) => {
        if (node.kind !== "object") return invalid(node);
        const known = new Map(node.entries);
        return fields.map(([name, cast]) => {
          const value = known.get(name);
          return value === undefined ? null : cast(value);
        });
      });
    }
    default:
      return unlessNull((node) => {
        const nested = node.kind === "array" || node.kind === "object";
        if (nested && type.kind !== "string") return invalid(node);
        return scalarCast(node, type, zone) ?? invalid(node);
      });
  }
}

const LIMITS: Readonly<Record<string, bigint>> = {
  byte: 1n << 7n,
  short: 1n << 15n,
  integer: 1n << 31n,
  long: 1n << 63n,
};
const TRUE = new Set(["t", "true", "y", "yes", "1"]);
const FALSE = new Set(["f", "false", "n", "no", "0"]);

/** Undefined for what has no value of that type: Spark's `try_cast` between the two. */
function scalarCast(node: VariantNode, type: DataType, zone: TimeZone): unknown {
  switch (type.kind) {
    case "string":
      if (node.kind === "string") return node.value;
      if (node.kind === "binary") return decoder.decode(node.value);
      return timeless(variantToJson(node, zone), node);
    case "binary":
      if (node.kind === "string") return encoder.encode(node.value);
      return node.kind === "binary" ? node.value : undefined;
    case "boolean": {
      if (node.kind === "boolean") return node.value;
      if (node.kind === "string") {
        const word = trimControls(node.value).toLowerCase();
        return TRUE.has(word) ? true : FALSE.has(word) ? false : undefined;
      }
      const number = isTime(node) ? undefined : numberOf(node);
      return number === undefined
        ? undefined
        : number instanceof Decimal
          ? number.unscaled !== 0n
          : Number(number) !== 0;
    }
    case "byte":
    case "short":
    case "integer":
    case "long": {
      const value =
        node.kind === "string"
          ? wholeText(node.value)
          : wholeOf(numberOf(node), node.kind === "timestamp" ? "floor" : "down");
      const limit = LIMITS[type.kind] as bigint;
      if (value === undefined || value < -limit || value >= limit) return undefined;
      return type.kind === "long" ? value : Number(value);
    }
    case "float":
    case "double": {
      const number = node.kind === "string" ? parseDouble(node.value) : numberOf(node);
      if (number === undefined) return undefined;
      const value = number instanceof Decimal ? number.toNumber() : Number(number);
      return type.kind === "float" ? Math.fround(value) : value;
    }
    case "decimal": {
      const number = node.kind === "string" ? parseDecimal(trimControls(node.value)) : numberOf(node);
      if (number === undefined || (typeof number === "number" && !Number.isFinite(number))) return undefined;
      return decimalUnscaled(Decimal.of(number), type.precision, type.scale);
    }
    case "date":
      if (node.kind === "date") return node.value;
      if (node.kind === "string") return parseDateText(node.value);
      return isClock(node) ? dayOf(localOf(node, zone)) : undefined;
    case "timestamp":
      if (node.kind === "timestamp") return node.value;
      if (node.kind === "string") return parseInstantText(node.value, zone);
      if (node.kind === "timestamp_ntz") return localToInstantMicros(node.value, zone);
      if (node.kind === "date") return localToInstantMicros(BigInt(node.value) * MICROS_PER_DAY, zone);
      return node.kind === "boolean" ? undefined : instantOf(numberOf(node));
    case "timestamp_ntz":
      if (node.kind === "string") return parseLocalText(node.value);
      if (node.kind === "date") return BigInt(node.value) * MICROS_PER_DAY;
      return isClock(node) ? localOf(node, zone) : undefined;
    default:
      return undefined;
  }
}

/** Instants are plain text without their offset. */
function timeless(json: string, node: VariantNode): string {
  if (node.kind === "timestamp") return json.slice(1, -7);
  return json.startsWith('"') ? json.slice(1, -1) : json;
}

function isTime(node: VariantNode): boolean {
  return node.kind === "timestamp" || node.kind === "timestamp_ntz" || node.kind === "date";
}

type Clock = Extract<VariantNode, { kind: "timestamp" | "timestamp_ntz" }>;
function isClock(node: VariantNode): node is Clock {
  return node.kind === "timestamp" || node.kind === "timestamp_ntz";
}

function localOf(node: Clock, zone: TimeZone): bigint {
  return node.kind === "timestamp" ? instantToLocalMicros(node.value, zone) : node.value;
}

function dayOf(micros: bigint): number {
  return Number(floorDivMod(micros, MICROS_PER_DAY)[0]);
}

/** Numbers, booleans and, in seconds, instants. */
function numberOf(node: VariantNode): bigint | number | Decimal | undefined {
  switch (node.kind) {
    case "boolean":
      return node.value ? 1n : 0n;
    case "long":
    case "float":
    case "double":
      return node.value;
    case "decimal":
      return stripped(node.value);
    case "timestamp":
      return new Decimal(node.value, 6);
    default:
      return undefined;
  }
}

function wholeOf(
  number: bigint | number | Decimal | undefined,
  rounding: "floor" | "down",
): bigint | undefined {
  if (number instanceof Decimal) return number.setScale(0, rounding).unscaled;
  if (typeof number !== "number") return number;
  return Number.isFinite(number) ? BigInt(Math.trunc(number)) : undefined;
}

function wholeText(text: string): bigint | undefined {
  const trimmed = trimControls(text);
  return /^[+-]?\d+$/.test(trimmed) ? BigInt(trimmed.replace("+", "")) : undefined;
}

function instantOf(number: bigint | number | Decimal | undefined): bigint | undefined {
  if (number === undefined) return undefined;
  let micros: bigint;
  if (number instanceof Decimal) micros = new Decimal(number.unscaled * 1_000_000n, number.scale).toBigInt();
  else if (typeof number === "bigint") micros = number * 1_000_000n;
  else if (Number.isFinite(number)) micros = BigInt(Math.trunc(number * 1e6));
  else return undefined;
  return BigInt.asIntN(64, micros) === micros ? micros : undefined;
}

/** A value of a row as a variant. */
export function variantOf(value: unknown, type: DataType): VariantNode {
  if (value === null || value === undefined) return { kind: "null" };
  switch (type.kind) {
    case "boolean":
      return { kind: "boolean", value: value as boolean };
    case "byte":
    case "short":
    case "integer":
    case "long":
      return { kind: "long", value: BigInt(value as number | bigint) };
    case "float":
    case "double":
      return { kind: type.kind, value: value as number };
    case "decimal":
      return { kind: "decimal", value: value as Decimal };
    case "string":
    case "char":
    case "varchar":
      return { kind: "string", value: value as string };
    case "binary":
      return { kind: "binary", value: value as Uint8Array };
    case "date":
      return { kind: "date", value: (value as LocalDate).epochDay };
    case "timestamp":
      return { kind: "timestamp", value: (value as Timestamp).epochMicros };
    case "timestamp_ntz":
      return { kind: "timestamp_ntz", value: (value as LocalTimestamp).localMicros };
    case "variant":
      return nodeOf(value as VariantValue);
    case "array":
      return {
        kind: "array",
        items: (value as readonly unknown[]).map((v) => variantOf(v, type.elementType)),
      };
    case "map": {
      const entries = [...(value as ReadonlyMap<string, unknown>)];
      return { kind: "object", entries: entries.map(([k, v]) => [k, variantOf(v, type.valueType)]) };
    }
    case "struct": {
      const values = (value as Row).values();
      return {
        kind: "object",
        entries: type.fields.map((f, i) => [f.name, variantOf(values[i], f.dataType)]),
      };
    }
    default:
      throw new TypeError(`a variant cannot hold ${type.kind}`);
  }
}

export function nodeOf(variant: VariantValue): VariantNode {
  return readVariant(variant.value, variant.metadata);
}
