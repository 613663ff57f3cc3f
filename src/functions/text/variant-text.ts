import { floorDivMod, formatDays, formatMicros } from "../../types/civil.ts";
import { type DataType, decimal } from "../../types/data-type.ts";
import { quoteIfNeeded, sqlString } from "../../types/format.ts";
import { instantToLocalMicros, type TimeZone } from "../../types/time-zone.ts";
import { Decimal } from "../../types/values.ts";
import { numberNode, type VariantNode } from "../../types/variant-node.ts";
import { doubleText, floatText } from "../number-text.ts";
import { jsonText } from "./json-copy.ts";
import { type JsonScanner, JsonSyntaxError, type JsonToken, jsonNumber } from "./json-scanner.ts";

/** A JSON value whose beginning was read. Throws JsonSyntaxError for a key that comes twice. */
export function variantOfJson(scanner: JsonScanner, token: JsonToken): VariantNode {
  switch (token) {
    case "null":
      return { kind: "null" };
    case "true":
    case "false":
      return { kind: "boolean", value: token === "true" };
    case "string":
      return { kind: "string", value: scanner.value };
    case "int":
      return numberNode(scanner.value);
    case "float": {
      const value = jsonNumber(scanner.value);
      return Number.isFinite(value) ? numberNode(scanner.value) : { kind: "double", value };
    }
    case "array": {
      const items: VariantNode[] = [];
      while (scanner.element(items.length === 0)) items.push(variantOfJson(scanner, scanner.next()));
      return { kind: "array", items };
    }
    case "object": {
      const fields = new Map<string, VariantNode>();
      for (let name = scanner.field(true); name !== undefined; name = scanner.field(false)) {
        if (fields.has(name)) throw new JsonSyntaxError("a key comes twice");
        fields.set(name, variantOfJson(scanner, scanner.next()));
      }
      return { kind: "object", entries: [...fields] };
    }
  }
}

/** A variant as Spark's JSON. */
export function variantToJson(node: VariantNode, zone: TimeZone): string {
  switch (node.kind) {
    case "array":
      return `[${node.items.map((item) => variantToJson(item, zone)).join(",")}]`;
    case "object":
      return `{${node.entries.map(([key, v]) => `${jsonText(key)}:${variantToJson(v, zone)}`).join(",")}}`;
    case "null":
    case "boolean":
    case "long":
    case "decimal":
      return scalarText(node, zone);
    case "float":
    case "double": {
      const text = scalarText(node, zone);
      return Number.isFinite(node.value) ? text : `"${text}"`;
    }
    case "string":
      return jsonText(node.value);
    default:
      return `"${scalarText(node, zone)}"`;
  }
}

/** The text of what is neither array nor object. */
function scalarText(node: VariantNode, zone: TimeZone): string {
  switch (node.kind) {
    case "null":
      return "null";
    case "float":
      return floatText(node.value);
    case "double":
      return doubleText(node.value);
    case "decimal":
      return stripped(node.value).toString();
    case "date":
      return formatDays(node.value);
    case "timestamp_ntz":
      return formatMicros(node.value);
    case "timestamp": {
      const offset = zone.offsetAt(Number(floorDivMod(node.value, 1_000_000n)[0]));
      const minutes = Math.floor(Math.abs(offset) / 60);
      const two = (n: number): string => String(n).padStart(2, "0");
      return `${formatMicros(instantToLocalMicros(node.value, zone))}${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
    }
    case "binary":
      return btoa(Array.from(node.value, (byte) => String.fromCharCode(byte)).join(""));
    case "array":
    case "object":
      return variantToJson(node, zone);
    default:
      return String(node.value);
  }
}

/** Without the zeros at the end of its fraction, as Spark takes decimals out of variants. */
export function stripped({ unscaled, scale }: Decimal): Decimal {
  let [digits, places] = [unscaled, scale];
  while (places > 0 && digits % 10n === 0n) {
    digits /= 10n;
    places--;
  }
  return new Decimal(digits, places);
}

/** The type of a variant in Spark's own words: OBJECT for what has fields, VARIANT for what is mixed. */
export type VariantSchema =
  | DataType
  | { readonly kind: "items"; readonly element: VariantSchema }
  | { readonly kind: "object"; readonly fields: ReadonlyMap<string, VariantSchema> }
  | { readonly kind: "uuid" };

export function schemaOfVariant(node: VariantNode): VariantSchema {
  switch (node.kind) {
    case "array":
      return {
        kind: "items",
        element: node.items.map(schemaOfVariant).reduce(mergeSchemas, { kind: "null" }),
      };
    case "object":
      return { kind: "object", fields: new Map(node.entries.map(([key, v]) => [key, schemaOfVariant(v)])) };
    case "decimal": {
      const value = stripped(node.value);
      return decimal(Math.max(value.precision, value.scale), value.scale);
    }
    default:
      return { kind: node.kind } as VariantSchema;
  }
}

export function mergeSchemas(a: VariantSchema, b: VariantSchema): VariantSchema {
  if (a.kind === "null") return b;
  if (b.kind === "null") return a;
  if (a.kind === "items" && b.kind === "items")
    return { kind: "items", element: mergeSchemas(a.element, b.element) };
  if (a.kind === "object" && b.kind === "object") {
    const fields = new Map(a.fields);
    for (const [key, type] of b.fields) {
      const known = fields.get(key);
      fields.set(key, known === undefined ? type : mergeSchemas(known, type));
    }
    return { kind: "object", fields };
  }
  const numbers = ["long", "decimal", "float", "double"];
  if (a.kind === b.kind && a.kind !== "decimal") return a;
  if (numbers.includes(a.kind) && numbers.includes(b.kind)) return widerNumber(a as DataType, b as DataType);
  const times = ["date", "timestamp", "timestamp_ntz"];
  if (times.includes(a.kind) && times.includes(b.kind))
    return a.kind === "timestamp" || b.kind === "timestamp"
      ? { kind: "timestamp" }
      : { kind: "timestamp_ntz" };
  return { kind: "variant" };
}

function widerNumber(a: DataType, b: DataType): DataType {
  if (a.kind === "double" || b.kind === "double") return { kind: "double" };
  if (a.kind === "float" || b.kind === "float")
    return a.kind === "decimal" || b.kind === "decimal" ? { kind: "double" } : { kind: "float" };
  const digits = (t: DataType): readonly [number, number] =>
    t.kind === "decimal" ? [t.precision - t.scale, t.scale] : [20, 0];
  const [[w1, s1], [w2, s2]] = [digits(a), digits(b)];
  const [whole, scale] = [Math.max(w1, w2), Math.max(s1, s2)];
  return whole + scale > 38 ? { kind: "double" } : decimal(whole + scale, scale);
}

export function schemaText(schema: VariantSchema): string {
  switch (schema.kind) {
    case "items":
      return `ARRAY<${schemaText(schema.element)}>`;
    case "object": {
      const fields = [...schema.fields].sort(([a], [b]) => (a < b ? -1 : 1));
      return `OBJECT<${fields.map(([key, type]) => `${quoteIfNeeded(key)}: ${schemaText(type)}`).join(", ")}>`;
    }
    case "uuid":
      return "UUID";
    default:
      return sqlString(schema);
  }
}
