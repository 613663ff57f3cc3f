import type { SchemaElement } from "hyparquet";
import type { DataType, StructType } from "../types/data-type.ts";
import { simpleString } from "../types/format.ts";
import type { ParquetWriter } from "./environment.ts";

/** Encodes small tables of plain objects (checkpoints) as Parquet, in this realm. Data files are the engines' business. */
export const writeParquet: ParquetWriter = async (rows, schema) => {
  // Few sessions write a checkpoint.
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const elements: SchemaElement[] = [{ name: "spark_schema", num_children: schema.fields.length }];
  for (const f of schema.fields) addElements(elements, f.name, f.dataType, "OPTIONAL");
  const columnData = schema.fields.map((f) => ({
    name: f.name,
    data: rows.map((row) => toParquetValue(row[f.name], f.dataType)),
  }));
  return new Uint8Array(parquetWriteBuffer({ schema: elements, columnData, rowGroupSize: 100_000 }));
};

function addElements(
  out: SchemaElement[],
  name: string,
  type: DataType,
  repetition: "OPTIONAL" | "REQUIRED",
): void {
  const base = { name, repetition_type: repetition };
  switch (type.kind) {
    case "string":
      out.push({ ...base, type: "BYTE_ARRAY", converted_type: "UTF8" });
      return;
    case "boolean":
      out.push({ ...base, type: "BOOLEAN" });
      return;
    case "integer":
      out.push({ ...base, type: "INT32" });
      return;
    case "long":
      out.push({ ...base, type: "INT64" });
      return;
    case "double":
      out.push({ ...base, type: "DOUBLE" });
      return;
    case "struct":
      out.push({ ...base, num_children: type.fields.length });
      for (const f of type.fields) addElements(out, f.name, f.dataType, "OPTIONAL");
      return;
    case "array":
      out.push({ ...base, converted_type: "LIST", num_children: 1 });
      out.push({ name: "list", repetition_type: "REPEATED", num_children: 1 });
      addElements(out, "element", type.elementType, "OPTIONAL");
      return;
    case "map":
      out.push({ ...base, converted_type: "MAP", num_children: 1 });
      out.push({ name: "key_value", repetition_type: "REPEATED", num_children: 2 });
      addElements(out, "key", type.keyType, "REQUIRED");
      addElements(out, "value", type.valueType, "OPTIONAL");
      return;
    default:
      throw new TypeError(`no Parquet form for ${simpleString(type)} here`);
  }
}

function toParquetValue(value: unknown, type: DataType): unknown {
  if (value === null || value === undefined) return null;
  if (type.kind === "long") return BigInt(value as number | bigint);
  if (type.kind === "struct") return structValue(value as Readonly<Record<string, unknown>>, type);
  if (type.kind === "array")
    return (value as readonly unknown[]).map((v) => toParquetValue(v, type.elementType));
  return value;
}

function structValue(value: Readonly<Record<string, unknown>>, type: StructType): Record<string, unknown> {
  return Object.fromEntries(type.fields.map((f) => [f.name, toParquetValue(value[f.name], f.dataType)]));
}
