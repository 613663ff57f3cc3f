import { PySparkTypeError } from "../../errors/spark-error.ts";
import type {
  ArrayType as PlainArray,
  MapType as PlainMap,
  StructType as PlainStruct,
} from "../../types/data-type.ts";
import { simpleString, toDdl, treeString } from "../../types/format.ts";
import { fromJson, structFromJson } from "../../types/json.ts";
import { notExpectedType } from "../argument-errors.ts";
import { StringType, UserDefinedType } from "./atomic-types.ts";
import { DataType, type DataTypeLike, isDataType, plainType } from "./data-type-class.ts";
import { parseDataType, parseTableSchema } from "./ddl.ts";
import { classOf, registerType } from "./registry.ts";

/** Column metadata: JSON values by name. */
export type Metadata = Readonly<Record<string, unknown>>;

/** Any number of values of one type. */
export class ArrayType extends DataType {
  readonly kind = "array";
  readonly elementType: DataType;
  readonly containsNull: boolean;

  constructor(elementType: DataTypeLike, containsNull = true) {
    super();
    this.elementType = asClass(elementType);
    this.containsNull = containsNull;
  }

  static fromJson(json: unknown): ArrayType {
    return classOf(fromJson(json)) as ArrayType;
  }

  /** The same type with nulls allowed at every level. */
  toNullable(): ArrayType {
    return new ArrayType(nullable(this.elementType), true);
  }

  override needConversion(): boolean {
    return this.elementType.needConversion();
  }
  override toInternal(value: unknown): unknown {
    return Array.isArray(value) ? value.map((item) => this.elementType.toInternal(item)) : value;
  }
  override fromInternal(value: unknown): unknown {
    return Array.isArray(value) ? value.map((item) => this.elementType.fromInternal(item)) : value;
  }
  override toString(): string {
    return `ArrayType(${this.elementType}, ${pythonBoolean(this.containsNull)})`;
  }
}

/** Values by key. Keys are never null. */
export class MapType extends DataType {
  readonly kind = "map";
  readonly keyType: DataType;
  readonly valueType: DataType;
  readonly valueContainsNull: boolean;

  constructor(keyType: DataTypeLike, valueType: DataTypeLike, valueContainsNull = true) {
    super();
    this.keyType = asClass(keyType);
    this.valueType = asClass(valueType);
    this.valueContainsNull = valueContainsNull;
  }

  static fromJson(json: unknown): MapType {
    return classOf(fromJson(json)) as MapType;
  }

  /** The same type with nulls allowed at every level. */
  toNullable(): MapType {
    return new MapType(nullable(this.keyType), nullable(this.valueType), true);
  }

  override needConversion(): boolean {
    return this.keyType.needConversion() || this.valueType.needConversion();
  }
  override toInternal(value: unknown): unknown {
    if (!(value instanceof Map)) return value;
    return new Map([...value].map(([k, v]) => [this.keyType.toInternal(k), this.valueType.toInternal(v)]));
  }
  override fromInternal(value: unknown): unknown {
    if (!(value instanceof Map)) return value;
    return new Map(
      [...value].map(([k, v]) => [this.keyType.fromInternal(k), this.valueType.fromInternal(v)]),
    );
  }
  override toString(): string {
    return `MapType(${this.keyType}, ${this.valueType}, ${pythonBoolean(this.valueContainsNull)})`;
  }
}

/** A column of a schema: its name, type, whether it may hold null, and metadata. */
export class StructField {
  readonly name: string;
  readonly dataType: DataType;
  readonly nullable: boolean;
  readonly metadata: Metadata;

  constructor(name: string, dataType: DataTypeLike | string, nullable = true, metadata: Metadata = {}) {
    this.name = name;
    this.dataType = typeof dataType === "string" ? classOf(parseDataType(dataType)) : asClass(dataType);
    this.nullable = nullable;
    this.metadata = metadata;
  }

  static fromJson(json: unknown): StructField {
    return StructType.fromJson({ type: "struct", fields: [json] }).fields[0] as StructField;
  }

  /** A field has no type of its own to read: use `StructType.fromDDL`. Gives that for the text. */
  static fromDDL(ddl: string): DataType {
    return DataType.fromDDL(ddl);
  }

  /** The collations of texts in this field by their path, as Spark keeps them in metadata. */
  getCollationMetadata(): Record<string, string> {
    const found: Record<string, string> = {};
    const visit = (type: DataType, path: string): void => {
      if (type instanceof ArrayType) visit(type.elementType, `${path}.element`);
      else if (type instanceof MapType) {
        visit(type.keyType, `${path}.key`);
        visit(type.valueType, `${path}.value`);
      } else if (type instanceof StringType && !type.isUTF8BinaryCollation()) {
        found[path] = this.schemaCollationValue(type);
      }
    };
    visit(this.dataType, this.name);
    return found;
  }

  /** Names of collations by path, out of a field's metadata. */
  getCollationsMap(metadata: Metadata): Record<string, string> {
    const collations = (metadata.__COLLATIONS ?? {}) as Readonly<Record<string, string>>;
    return Object.fromEntries(
      Object.entries(collations).map(([path, value]) => [path, value.slice(value.indexOf(".") + 1)]),
    );
  }

  /** A collation with its provider: `spark.UTF8_LCASE`. */
  schemaCollationValue(dataType: StringType): string {
    const name = dataType.collation ?? "UTF8_BINARY";
    return `${StringType.collationProvider(name)}.${name}`;
  }

  typeName(): string {
    throw new PySparkTypeError({
      condition: "INVALID_TYPE",
      messageParameters: { arg_name: "StructField", arg_type: "typeName; ask its dataType" },
    });
  }

  simpleString(): string {
    return `${this.name}:${this.dataType.simpleString()}`;
  }

  jsonValue(): unknown {
    const struct = new StructType([this]).jsonValue() as unknown as { fields: readonly unknown[] };
    return struct.fields[0];
  }

  json(): string {
    const text = new StructType([this]).json();
    return text.slice(text.indexOf("[") + 1, text.lastIndexOf("]"));
  }

  needConversion(): boolean {
    return this.dataType.needConversion();
  }
  toInternal(value: unknown): unknown {
    return this.dataType.toInternal(value);
  }
  fromInternal(value: unknown): unknown {
    return this.dataType.fromInternal(value);
  }

  equals(other: unknown): boolean {
    return (
      other instanceof StructField &&
      this.name === other.name &&
      this.nullable === other.nullable &&
      this.dataType.equals(other.dataType)
    );
  }

  /** As PySpark's `repr`: `StructField('a', IntegerType(), True)`. */
  toString(): string {
    return `StructField('${this.name}', ${this.dataType}, ${pythonBoolean(this.nullable)})`;
  }
}

/**
 * A schema: fields in order. Iterates over its fields.
 *
 * @example
 * ```ts
 * import { IntegerType, StringType, StructField, StructType } from "lakelet";
 * const schema = new StructType([new StructField("id", new IntegerType(), false)]).add("name", new StringType());
 * console.log(schema.simpleString()); // struct<id:int,name:string>
 * ```
 */
export class StructType extends DataType implements Iterable<StructField> {
  readonly kind = "struct";
  readonly fields: readonly StructField[];

  constructor(fields: readonly (StructField | PlainStruct["fields"][number])[] = []) {
    super();
    this.fields = fields.map(asField);
  }

  /** Reads the columns of a table as DDL: `"id INT NOT NULL, name STRING"`. */
  static override fromDDL(ddl: string): StructType {
    return classOf(parseTableSchema(ddl)) as StructType;
  }

  static fromJson(json: unknown): StructType {
    return classOf(structFromJson(json)) as StructType;
  }

  /** Adds a field at the end, as PySpark does in place, and returns the schema. */
  add(field: StructField): this;
  add(name: string, dataType: DataTypeLike | string, nullable?: boolean, metadata?: Metadata): this;
  add(
    field: StructField | string,
    dataType?: DataTypeLike | string,
    nullable = true,
    metadata: Metadata = {},
  ): this {
    if (typeof field === "string" && dataType === undefined) {
      throw notExpectedType("dataType", "DataType or string", dataType);
    }
    const added =
      typeof field === "string" ? new StructField(field, dataType ?? "void", nullable, metadata) : field;
    (this.fields as StructField[]).push(added);
    return this;
  }

  get names(): string[] {
    return this.fieldNames();
  }

  fieldNames(): string[] {
    return this.fields.map((f) => f.name);
  }

  get length(): number {
    return this.fields.length;
  }

  /** The field of that name or position. Throws RangeError when there is none. */
  get(nameOrIndex: string | number): StructField {
    const found =
      typeof nameOrIndex === "number"
        ? this.fields[nameOrIndex]
        : this.fields.find((f) => f.name === nameOrIndex);
    if (found === undefined) {
      throw new RangeError(
        `no field ${JSON.stringify(nameOrIndex)}; there are ${this.fieldNames().join(", ")}`,
      );
    }
    return found;
  }

  has(name: string): boolean {
    return this.fields.some((f) => f.name === name);
  }

  [Symbol.iterator](): Iterator<StructField> {
    return this.fields[Symbol.iterator]();
  }

  /** As `printSchema` prints it; `level` limits the nesting. */
  treeString(level?: number): string {
    return treeString(plainStruct(this), level);
  }

  toDDL(): string {
    return toDdl(plainStruct(this));
  }

  /** The same schema with nulls allowed at every level. */
  toNullable(): StructType {
    return new StructType(
      this.fields.map((f) => new StructField(f.name, nullable(f.dataType), true, f.metadata)),
    );
  }

  override needConversion(): boolean {
    return true;
  }
  override toInternal(value: unknown): unknown {
    return Array.isArray(value) ? value.map((item, i) => this.fields[i]?.toInternal(item)) : value;
  }
  override fromInternal(value: unknown): unknown {
    return Array.isArray(value) ? value.map((item, i) => this.fields[i]?.fromInternal(item)) : value;
  }

  override simpleString(): string {
    return simpleString(plainStruct(this));
  }

  override toString(): string {
    return `StructType([${this.fields.join(", ")}])`;
  }
}

/** Either form of a type as the class. */
export function asClass(type: DataTypeLike): DataType {
  if (type instanceof DataType) return type;
  if (!isDataType(type)) throw notExpectedType("dataType", "DataType", type);
  return classOf(type);
}

function plainStruct(type: StructType): PlainStruct {
  return plainType(type) as PlainStruct;
}

function asField(field: StructField | PlainStruct["fields"][number]): StructField {
  return field instanceof StructField
    ? field
    : new StructField(field.name, field.dataType, field.nullable, field.metadata);
}

function nullable(type: DataType): DataType {
  return type instanceof ArrayType || type instanceof MapType || type instanceof StructType
    ? type.toNullable()
    : type;
}

function pythonBoolean(value: boolean): string {
  return value ? "True" : "False";
}

registerType("array", (t: PlainArray) => new ArrayType(t.elementType, t.containsNull));
registerType("map", (t: PlainMap) => new MapType(t.keyType, t.valueType, t.valueContainsNull));
registerType("struct", (t: PlainStruct) => new StructType(t.fields));
registerType("udt", (t) => new UserDefinedType(asClass(t.sqlType), t));
