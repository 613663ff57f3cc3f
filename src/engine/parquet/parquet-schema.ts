import type { FileMetaData, SchemaElement } from "hyparquet";
import { analysisError } from "../../errors/spark-error.ts";
import type { DataType, StructField, StructType } from "../../types/data-type.ts";
import { toDdl } from "../../types/format.ts";
import { structFromJson } from "../../types/json.ts";

const ROW_METADATA = "org.apache.spark.sql.parquet.row.metadata";

/** The schema that Spark reads from a Parquet file: its own if it wrote the file, else by the file's types. */
export function sparkSchemaOfParquet(metadata: FileMetaData): StructType {
  const own = metadata.key_value_metadata?.find((pair) => pair.key === ROW_METADATA)?.value;
  if (own !== undefined) {
    try {
      return nullableStruct(structFromJson(JSON.parse(own)));
    } catch {
      // A schema that we cannot read tells no more than the file's own types.
    }
  }
  const { root } = new SchemaTree(metadata.schema);
  return structOf(root.children);
}

/** Data in files may always be missing. */
function nullableStruct(type: StructType): StructType {
  return {
    kind: "struct",
    fields: type.fields.map((f) => ({ ...f, nullable: true, dataType: nullableType(f.dataType) })),
  };
}

export function nullableType(type: DataType): DataType {
  switch (type.kind) {
    case "struct":
      return nullableStruct(type);
    case "array":
      return { ...type, elementType: nullableType(type.elementType), containsNull: true };
    case "map":
      return {
        ...type,
        keyType: nullableType(type.keyType),
        valueType: nullableType(type.valueType),
        valueContainsNull: true,
      };
    default:
      return type;
  }
}

interface Node {
  readonly element: SchemaElement;
  readonly children: readonly Node[];
}

/** The flat list of a footer as the tree it stands for. */
class SchemaTree {
  readonly root: Node;
  readonly #elements: readonly SchemaElement[];
  #at = 0;

  constructor(elements: readonly SchemaElement[]) {
    this.#elements = elements;
    this.root = this.#next();
  }

  #next(): Node {
    const element = this.#elements[this.#at++] as SchemaElement;
    return { element, children: Array.from({ length: element.num_children ?? 0 }, () => this.#next()) };
  }
}

function structOf(nodes: readonly Node[]): StructType {
  return {
    kind: "struct",
    fields: nodes.map((node) => ({ name: node.element.name, dataType: fieldType(node), nullable: true })),
  };
}

/** A repeated field that is no list's is an array of what it is. */
function fieldType(node: Node): DataType {
  const type = singleType(node);
  return node.element.repetition_type === "REPEATED"
    ? { kind: "array", elementType: type, containsNull: true }
    : type;
}

function singleType(node: Node): DataType {
  return node.element.num_children === undefined || node.element.type !== undefined
    ? primitiveType(node.element)
    : groupType(node);
}

function groupType(node: Node): DataType {
  const { element, children } = node;
  const annotation = element.logical_type?.type ?? element.converted_type;
  if (annotation === "LIST") return listType(node);
  if (annotation === "MAP" || annotation === "MAP_KEY_VALUE") {
    const [key, value] = children[0]?.children ?? [];
    if (key !== undefined && value !== undefined) {
      return { kind: "map", keyType: fieldType(key), valueType: fieldType(value), valueContainsNull: true };
    }
  }
  return structOf(children);
}

/** Three levels by the standard; older writers left the middle one out or named it their own way. */
function listType(node: Node): DataType {
  const repeated = node.children[0];
  if (repeated === undefined) throw illegal(node.element);
  const { name, num_children } = repeated.element;
  const isElement =
    num_children === undefined ||
    repeated.children.length > 1 ||
    name === "array" ||
    name === `${node.element.name}_tuple`;
  const element = isElement ? singleType(repeated) : fieldType(repeated.children[0] as Node);
  return { kind: "array", elementType: element, containsNull: true };
}

function primitiveType(element: SchemaElement): DataType {
  const { type, converted_type: converted, logical_type: logical, precision = 0, scale = 0 } = element;
  const decimal: DataType = {
    kind: "decimal",
    precision: logical?.type === "DECIMAL" ? logical.precision : precision,
    scale: logical?.type === "DECIMAL" ? logical.scale : scale,
  };
  const isDecimal = logical?.type === "DECIMAL" || converted === "DECIMAL";
  switch (type) {
    case "BOOLEAN":
      return { kind: "boolean" };
    case "FLOAT":
      return { kind: "float" };
    case "DOUBLE":
      return { kind: "double" };
    case "INT96":
      return { kind: "timestamp" };
    case "INT32":
      if (isDecimal) return decimal;
      if (converted === "DATE" || logical?.type === "DATE") return { kind: "date" };
      return integerType(element, 32);
    case "INT64":
      if (isDecimal) return decimal;
      if (logical?.type === "TIMESTAMP") {
        if (logical.unit === "NANOS") throw illegal(element);
        return { kind: logical.isAdjustedToUTC ? "timestamp" : "timestamp_ntz" };
      }
      if (converted === "TIMESTAMP_MICROS" || converted === "TIMESTAMP_MILLIS") return { kind: "timestamp" };
      return integerType(element, 64);
    case "BYTE_ARRAY":
      if (isDecimal) return decimal;
      if (converted === "UTF8" || converted === "ENUM" || converted === "JSON") return { kind: "string" };
      if (logical?.type === "STRING" || logical?.type === "ENUM" || logical?.type === "JSON")
        return { kind: "string" };
      return { kind: "binary" };
    case "FIXED_LEN_BYTE_ARRAY":
      if (isDecimal) return decimal;
      if (converted === "INTERVAL") throw illegal(element);
      return { kind: "binary" };
    default:
      throw illegal(element);
  }
}

function integerType(
  { converted_type: converted, logical_type: logical, ...element }: SchemaElement,
  width: number,
): DataType {
  const kinds = { 8: "byte", 16: "short", 32: "integer", 64: "long" } as const;
  const plain = /^(U?)INT_(8|16|32|64)$/.exec(converted ?? "");
  const annotated =
    logical?.type === "INTEGER"
      ? { bits: logical.bitWidth, signed: logical.isSigned }
      : plain !== null
        ? { bits: Number(plain[2]), signed: plain[1] === "" }
        : converted === undefined && logical === undefined
          ? { bits: width, signed: true }
          : undefined;
  if (annotated === undefined)
    throw illegal({ ...element, converted_type: converted, logical_type: logical } as SchemaElement);
  if (!annotated.signed && annotated.bits === 64) return { kind: "decimal", precision: 20, scale: 0 };
  const bits = (annotated.signed ? annotated.bits : annotated.bits * 2) as keyof typeof kinds;
  return { kind: kinds[bits] };
}

function illegal(element: SchemaElement): Error {
  const { type, logical_type: logical, converted_type: converted } = element;
  const unit = logical?.type === "TIMESTAMP" || logical?.type === "TIME" ? logical : undefined;
  const annotation =
    unit !== undefined
      ? ` (${unit.type}(${unit.unit},${unit.isAdjustedToUTC}))`
      : converted === undefined
        ? ""
        : ` (${converted})`;
  return analysisError("PARQUET_TYPE_ILLEGAL", { parquetType: `${type ?? "GROUP"}${annotation}` });
}

/** One schema for files that differ: all fields, by name. A field of two types cannot be merged. */
export function mergeSchemas(left: StructType, right: StructType): StructType {
  try {
    return mergeStructs(left, right);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw analysisError("CANNOT_MERGE_SCHEMAS", { left: `"${toDdl(left)}"`, right: `"${toDdl(right)}"` });
  }
}

function mergeStructs(left: StructType, right: StructType): StructType {
  const more = new Map(right.fields.map((f) => [f.name.toLowerCase(), f]));
  const fields = left.fields.map((f): StructField => {
    const other = more.get(f.name.toLowerCase());
    more.delete(f.name.toLowerCase());
    return other === undefined ? f : { ...f, dataType: mergeTypes(f.dataType, other.dataType) };
  });
  return { kind: "struct", fields: [...fields, ...more.values()] };
}

function mergeTypes(left: DataType, right: DataType): DataType {
  if (left.kind === "struct" && right.kind === "struct") return mergeStructs(left, right);
  if (left.kind === "array" && right.kind === "array") {
    return { ...left, elementType: mergeTypes(left.elementType, right.elementType) };
  }
  if (left.kind === "map" && right.kind === "map") {
    const keyType = mergeTypes(left.keyType, right.keyType);
    return { ...left, keyType, valueType: mergeTypes(left.valueType, right.valueType) };
  }
  if (left.kind === "decimal" && right.kind === "decimal" && left.scale === right.scale) {
    return left.precision >= right.precision ? left : right;
  }
  if (JSON.stringify(left) === JSON.stringify(right)) return left;
  throw new RangeError("types differ");
}
