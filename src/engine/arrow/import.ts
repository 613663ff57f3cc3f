import type { DataType, StructType } from "../../types/data-type.ts";
import { nullColumn } from "./column.ts";
import { numbersOf } from "./decode.ts";
import type { ArrowColumn } from "./ipc.ts";
import type { ArrowField, ArrowType } from "./schema.ts";
import { arrowField } from "./spark-fields.ts";

/** How a foreign Arrow column becomes one that DuckDB can hold for a Spark type. */
export interface ImportPlan {
  /** The column as DuckDB is to see it. */
  readonly field: ArrowField;
  /** DuckDB must still cast it to the type in which it is held. */
  readonly cast: boolean;
  /** The buffers change; absent means that a new label on them is enough. */
  readonly convert?: (column: ArrowColumn) => ArrowColumn;
}

export interface ImportOptions {
  readonly caseSensitive?: boolean;
  /** What to do with a type that does not become the wanted one; the default is a TypeError. */
  readonly mismatch?: (field: ArrowField, type: DataType) => Error;
}

const PER_SECOND = [1n, 1_000n, 1_000_000n, 1_000_000_000n] as const;

/** Plans the import of a column named `name` for a Spark type. Names and nullability of the source do not matter. */
export function planImport(
  source: ArrowField,
  type: DataType,
  name: string,
  options: ImportOptions = {},
): ImportPlan {
  const target = { ...arrowField(name, type, true, { kind: "held" }), nullable: true };
  const refuse = (): never => {
    throw (
      options.mismatch?.(source, type) ??
      new TypeError(`Arrow ${source.type.kind} does not become ${type.kind}`)
    );
  };
  if (type.kind === "udt") return planImport(source, type.sqlType, name, options);
  if (source.type.kind === "null") {
    return { field: target, cast: false, convert: (column) => nullColumn(target, column.length) };
  }
  if (source.dictionary !== undefined) {
    const { dictionary, ...values } = source;
    const plan = planImport(values, type, name, options);
    if (plan.convert !== undefined) return refuse();
    return { field: { ...plan.field, dictionary }, cast: plan.cast };
  }
  switch (type.kind) {
    case "struct":
      return planStruct(source, type, target, options, refuse);
    case "array": {
      const child = source.children[0];
      if (child === undefined || !isList(source.type)) return refuse();
      const element = planImport(child, type.elementType, "element", options);
      return nested({ ...target, type: source.type, children: [element.field] }, [element]);
    }
    case "map": {
      const [key, value] = source.children[0]?.children ?? [];
      if (source.type.kind !== "map" || key === undefined || value === undefined) return refuse();
      const plans = [
        planImport(key, type.keyType, "key", options),
        planImport(value, type.valueType, "value", options),
      ];
      const entries: ArrowField = {
        name: "entries",
        nullable: false,
        type: { kind: "struct" },
        children: plans.map((p, i) => (i === 0 ? { ...p.field, nullable: false } : p.field)),
      };
      return nested({ ...target, children: [entries] }, [nested(entries, plans)]);
    }
    case "variant": {
      const order = ["value", "metadata"].map((part) => source.children.findIndex((c) => c.name === part));
      if (source.children.length < 2 || order.includes(-1)) return refuse();
      const pick = (column: ArrowColumn): ArrowColumn => ({
        ...column,
        field: target,
        children: order.map((at, i) =>
          relabel(column.children[at] as ArrowColumn, target.children[i] as ArrowField),
        ),
      });
      return { field: target, cast: false, convert: pick };
    }
    case "calendar_interval":
      if (source.type.kind === "interval" && source.type.unit === 2) {
        return { field: target, cast: false, convert: (column) => splitIntervals(column, target) };
      }
      return source.type.kind === "struct" && source.children.length === 3
        ? { field: target, cast: false }
        : refuse();
    default:
      return planLeaf(source, type, target, refuse);
  }
}

function isList(type: ArrowType): boolean {
  return type.kind === "list" || type.kind === "largeList" || type.kind === "fixedSizeList";
}

function nested(field: ArrowField, plans: readonly ImportPlan[]): ImportPlan {
  const plan = { field, cast: plans.some((p) => p.cast) };
  if (plans.every((p) => p.convert === undefined)) return plan;
  return {
    ...plan,
    convert: (column) => ({
      ...column,
      field,
      children: column.children.map((child, i) => applyImport(child, plans[i] as ImportPlan)),
    }),
  };
}

/** Carries out a plan on a column of a batch. */
export function applyImport(column: ArrowColumn, plan: ImportPlan): ArrowColumn {
  return plan.convert === undefined ? relabel(column, plan.field) : plan.convert(column);
}

function relabel(column: ArrowColumn, field: ArrowField): ArrowColumn {
  const children = column.children.map((child, i) => relabel(child, field.children[i] as ArrowField));
  return { ...column, field, children };
}

/** Fields are found by name; what the source lacks is null, what it has beside is left out. */
function planStruct(
  source: ArrowField,
  type: StructType,
  target: ArrowField,
  options: ImportOptions,
  refuse: () => never,
): ImportPlan {
  if (source.type.kind !== "struct") return refuse();
  const at = type.fields.map((f, i) => {
    const physical = f.metadata?.["delta.columnMapping.physicalName"];
    const name = typeof physical === "string" ? physical : f.name;
    return findField(source.children, name, i, options.caseSensitive === true);
  });
  const plans = type.fields.map((f, i) => {
    const child = source.children[at[i] as number];
    return child === undefined ? undefined : planImport(child, f.dataType, `f${i}`, options);
  });
  const field: ArrowField = {
    ...target,
    children: plans.map((p, i) => p?.field ?? (target.children[i] as ArrowField)),
  };
  const plan = { field, cast: plans.some((p) => p?.cast === true) };
  const inPlace = source.children.length === plans.length && at.every((index, i) => index === i);
  if (inPlace && plans.every((p) => p?.convert === undefined)) return plan;
  return {
    ...plan,
    convert: (column) => ({
      ...column,
      field,
      children: plans.map((p, i) => {
        if (p === undefined) return nullColumn(field.children[i] as ArrowField, column.length);
        return applyImport(column.children[at[i] as number] as ArrowColumn, p);
      }),
    }),
  };
}

function findField(
  fields: readonly ArrowField[],
  name: string,
  position: number,
  caseSensitive: boolean,
): number {
  if (fields[position]?.name === name) return position;
  const exact = fields.findIndex((f) => f.name === name);
  if (exact >= 0 || caseSensitive) return exact;
  return fields.findIndex((f) => f.name.toLowerCase() === name.toLowerCase());
}

function planLeaf(source: ArrowField, type: DataType, target: ArrowField, refuse: () => never): ImportPlan {
  const from = source.type;
  const as = (arrow: ArrowType, cast: boolean): ImportPlan => ({ field: { ...target, type: arrow }, cast });
  const units = (perSecond: bigint): ImportPlan => {
    const unit = "unit" in from ? (from.unit as 0 | 1 | 2 | 3) : undefined;
    if (unit === undefined || (PER_SECOND[unit] === perSecond && bitsOf(from) === 64)) {
      return { field: target, cast: false };
    }
    return {
      field: target,
      cast: false,
      convert: (c) => scaled(c, target, PER_SECOND[unit] as bigint, perSecond),
    };
  };
  switch (type.kind) {
    case "null":
      return { field: target, cast: false, convert: (column) => nullColumn(target, column.length) };
    case "boolean":
      return from.kind === "bool" ? as(from, false) : refuse();
    case "byte":
    case "short":
    case "integer":
    case "long":
      if (from.kind === "int") return as(from, !(from.signed && from.bits === bitsOf(target.type)));
      return refuse();
    case "float":
    case "double":
      if (from.kind === "float") return as(from, from.bits !== bitsOf(target.type));
      return from.kind === "int" && (type.kind === "double" || from.bits <= 16) ? as(from, true) : refuse();
    case "decimal":
      if (from.kind === "decimal") {
        const same = from.precision === type.precision && from.scale === type.scale;
        return from.bits > 128 ? refuse() : as(from, !same);
      }
      return from.kind === "int" ? as(from, true) : refuse();
    case "string":
    case "char":
    case "varchar":
      return textual(from, "utf8", as, refuse);
    case "binary":
      return from.kind === "fixedSizeBinary" ? as(from, false) : textual(from, "binary", as, refuse);
    case "date":
      if (from.kind !== "date") return refuse();
      return from.unit === 0 ? as(from, false) : as(from, true);
    case "timestamp":
    case "timestamp_ntz":
      if (from.kind === "date" && from.unit === 0) return as(from, true);
      if (from.kind === "fixedSizeBinary" && from.width === 12) {
        return { field: target, cast: false, convert: (column) => int96Micros(column, target) };
      }
      return from.kind === "timestamp" ? units(1_000_000n) : refuse();
    case "time":
      return from.kind === "time" ? units(1_000_000_000n) : isLong(from) ? as(from, false) : refuse();
    case "day_time_interval":
      return from.kind === "duration" ? units(1_000_000n) : isLong(from) ? as(from, false) : refuse();
    case "year_month_interval":
      if (from.kind === "interval" && from.unit === 0) return { field: target, cast: false };
      return from.kind === "int" && from.bits === 32 ? as(from, false) : refuse();
    default:
      return refuse();
  }
}

function textual(
  from: ArrowType,
  wanted: "utf8" | "binary",
  as: (type: ArrowType, cast: boolean) => ImportPlan,
  refuse: () => never,
): ImportPlan {
  const text = wanted === "utf8";
  switch (from.kind) {
    case "utf8":
    case "binary":
      return as({ kind: wanted }, false);
    case "largeUtf8":
    case "largeBinary":
      return as({ kind: text ? "largeUtf8" : "largeBinary" }, false);
    case "utf8View":
    case "binaryView":
      return as({ kind: text ? "utf8View" : "binaryView" }, false);
    default:
      return refuse();
  }
}

function isLong(type: ArrowType): boolean {
  return type.kind === "int" && type.bits === 64 && type.signed;
}

function bitsOf(type: ArrowType): number {
  return "bits" in type ? type.bits : 64;
}

/** Values of a time unit in another one, rounded down, as 64-bit numbers. */
function scaled(column: ArrowColumn, field: ArrowField, from: bigint, to: bigint): ArrowColumn {
  const source = numbersOf(column);
  const result = new BigInt64Array(column.length);
  for (let i = 0; i < result.length; i++) {
    const value = BigInt(source[i] as number | bigint);
    if (to >= from) result[i] = value * (to / from);
    else {
      const divisor = from / to;
      const remainder = value % divisor;
      result[i] = remainder < 0n ? value / divisor - 1n : value / divisor;
    }
  }
  return { ...column, field, buffers: [new Uint8Array(result.buffer)] };
}

/** Parquet's INT96: nanoseconds of the day, then the Julian day. */
function int96Micros(column: ArrowColumn, field: ArrowField): ArrowColumn {
  const bytes = column.buffers[0] ?? new Uint8Array(0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const result = new BigInt64Array(column.length);
  for (let i = 0; i < result.length && 12 * i < bytes.length; i++) {
    const micros = view.getUint32(12 * i, true) + view.getInt32(12 * i + 4, true) * 4_294_967_296;
    const days = view.getInt32(12 * i + 8, true) - 2_440_588;
    result[i] = BigInt(days) * 86_400_000_000n + BigInt(Math.floor(micros / 1000));
  }
  return { ...column, field, buffers: [new Uint8Array(result.buffer)] };
}

/** Months, days and nanoseconds interleaved become three columns. */
function splitIntervals(column: ArrowColumn, field: ArrowField): ArrowColumn {
  const { length } = column;
  const bytes = column.buffers[0] ?? new Uint8Array(0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [months, days, micros] = [
    new Int32Array(length),
    new Int32Array(length),
    new BigInt64Array(length),
  ] as const;
  for (let i = 0; 16 * i < bytes.length && i < length; i++) {
    months[i] = view.getInt32(16 * i, true);
    days[i] = view.getInt32(16 * i + 4, true);
    micros[i] = view.getBigInt64(16 * i + 8, true) / 1000n;
  }
  const children = [months, days, micros].map((part, i) => ({
    field: field.children[i] as ArrowField,
    length,
    nullCount: column.nullCount,
    ...(column.validity === undefined ? {} : { validity: column.validity }),
    buffers: [new Uint8Array(part.buffer)],
    children: [],
  }));
  return { ...column, field, buffers: [], children };
}
