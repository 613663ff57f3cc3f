/** Spark's types as plain, structured-cloneable data. `kind` is the `typeName` of PySpark's class without parameters. */
export type DataType =
  | { readonly kind: "null" }
  | { readonly kind: "boolean" }
  | { readonly kind: "byte" }
  | { readonly kind: "short" }
  | { readonly kind: "integer" }
  | { readonly kind: "long" }
  | { readonly kind: "float" }
  | { readonly kind: "double" }
  | DecimalType
  | StringType
  | { readonly kind: "char"; readonly length: number }
  | { readonly kind: "varchar"; readonly length: number }
  | { readonly kind: "binary" }
  | { readonly kind: "date" }
  | { readonly kind: "timestamp" }
  | { readonly kind: "timestamp_ntz" }
  | { readonly kind: "time"; readonly precision: number }
  | YearMonthIntervalType
  | DayTimeIntervalType
  | { readonly kind: "calendar_interval" }
  | { readonly kind: "variant" }
  | ArrayType
  | MapType
  | StructType
  | UserDefinedType;

export interface DecimalType {
  readonly kind: "decimal";
  readonly precision: number;
  readonly scale: number;
}
export interface StringType {
  readonly kind: "string";
  /** Absent means UTF8_BINARY. */
  readonly collation?: string;
}
/** Fields: 0 year, 1 month. */
export interface YearMonthIntervalType {
  readonly kind: "year_month_interval";
  readonly start: 0 | 1;
  readonly end: 0 | 1;
}
/** Fields: 0 day, 1 hour, 2 minute, 3 second. */
export interface DayTimeIntervalType {
  readonly kind: "day_time_interval";
  readonly start: 0 | 1 | 2 | 3;
  readonly end: 0 | 1 | 2 | 3;
}
export interface ArrayType {
  readonly kind: "array";
  readonly elementType: DataType;
  readonly containsNull: boolean;
}
export interface MapType {
  readonly kind: "map";
  readonly keyType: DataType;
  readonly valueType: DataType;
  readonly valueContainsNull: boolean;
}
export interface StructField {
  readonly name: string;
  readonly dataType: DataType;
  readonly nullable: boolean;
  /** Column metadata: JSON values. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}
export interface StructType {
  readonly kind: "struct";
  readonly fields: readonly StructField[];
}
export interface UserDefinedType {
  readonly kind: "udt";
  readonly sqlType: DataType;
  readonly pyClass?: string;
  readonly jvmClass?: string;
  /** The pickled Python class, as PySpark sends it. */
  readonly serializedClass?: string;
}

export const NULL: DataType = { kind: "null" };
export const BOOLEAN: DataType = { kind: "boolean" };
export const BYTE: DataType = { kind: "byte" };
export const SHORT: DataType = { kind: "short" };
export const INTEGER: DataType = { kind: "integer" };
export const LONG: DataType = { kind: "long" };
export const FLOAT: DataType = { kind: "float" };
export const DOUBLE: DataType = { kind: "double" };
export const STRING: DataType = { kind: "string" };
export const BINARY: DataType = { kind: "binary" };
export const DATE: DataType = { kind: "date" };
export const TIMESTAMP: DataType = { kind: "timestamp" };
export const TIMESTAMP_NTZ: DataType = { kind: "timestamp_ntz" };
export const CALENDAR_INTERVAL: DataType = { kind: "calendar_interval" };
export const VARIANT: DataType = { kind: "variant" };
export const YEAR_MONTH_INTERVAL: YearMonthIntervalType = { kind: "year_month_interval", start: 0, end: 1 };
export const DAY_TIME_INTERVAL: DayTimeIntervalType = { kind: "day_time_interval", start: 0, end: 3 };

export const MAX_PRECISION = 38;

export function decimal(precision: number, scale: number): DecimalType {
  return { kind: "decimal", precision, scale };
}
export function array(elementType: DataType, containsNull = true): ArrayType {
  return { kind: "array", elementType, containsNull };
}
export function map(keyType: DataType, valueType: DataType, valueContainsNull = true): MapType {
  return { kind: "map", keyType, valueType, valueContainsNull };
}
export function struct(fields: readonly StructField[]): StructType {
  return { kind: "struct", fields };
}
export function field(name: string, dataType: DataType, nullable = true): StructField {
  return { name, dataType, nullable };
}

export function isIntegral(t: DataType): boolean {
  return t.kind === "byte" || t.kind === "short" || t.kind === "integer" || t.kind === "long";
}
export function isFractional(t: DataType): boolean {
  return t.kind === "float" || t.kind === "double";
}
export function isNumeric(t: DataType): boolean {
  return isIntegral(t) || isFractional(t) || t.kind === "decimal";
}
export function isStringLike(t: DataType): boolean {
  return t.kind === "string" || t.kind === "char" || t.kind === "varchar";
}
export function isInterval(t: DataType): boolean {
  return t.kind === "year_month_interval" || t.kind === "day_time_interval" || t.kind === "calendar_interval";
}

/** Equal with nullability of elements, values and fields; metadata is not compared. */
export function sameType(a: DataType, b: DataType): boolean {
  return equalTypes(a, b, true);
}

/** Equal but for nullability inside. */
export function sameTypeIgnoringNullability(a: DataType, b: DataType): boolean {
  return equalTypes(a, b, false);
}

/** Equal but for nullability and the names of fields. */
export function sameStructure(a: DataType, b: DataType): boolean {
  return equalTypes(a, b, false, false);
}

function equalTypes(a: DataType, b: DataType, nullability: boolean, names = true): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case "decimal":
      return b.kind === "decimal" && a.precision === b.precision && a.scale === b.scale;
    case "string":
      return b.kind === "string" && (a.collation ?? "UTF8_BINARY") === (b.collation ?? "UTF8_BINARY");
    case "char":
    case "varchar":
      return b.kind === a.kind && a.length === b.length;
    case "time":
      return b.kind === "time" && a.precision === b.precision;
    case "year_month_interval":
    case "day_time_interval":
      return b.kind === a.kind && a.start === b.start && a.end === b.end;
    case "array":
      return (
        b.kind === "array" &&
        (!nullability || a.containsNull === b.containsNull) &&
        equalTypes(a.elementType, b.elementType, nullability, names)
      );
    case "map":
      return (
        b.kind === "map" &&
        (!nullability || a.valueContainsNull === b.valueContainsNull) &&
        equalTypes(a.keyType, b.keyType, nullability, names) &&
        equalTypes(a.valueType, b.valueType, nullability, names)
      );
    case "struct":
      return (
        b.kind === "struct" &&
        a.fields.length === b.fields.length &&
        a.fields.every((f, i) => {
          const g = b.fields[i];
          return (
            g !== undefined &&
            (!names || f.name === g.name) &&
            (!nullability || f.nullable === g.nullable) &&
            equalTypes(f.dataType, g.dataType, nullability, names)
          );
        })
      );
    case "udt":
      return b.kind === "udt" && equalTypes(a.sqlType, b.sqlType, nullability) && a.pyClass === b.pyClass;
    default:
      return a.kind === b.kind;
  }
}
