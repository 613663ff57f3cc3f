import type { DataType, StructType } from "../../types/data-type.ts";
import { CalendarInterval, isRow, VariantValue } from "../../types/values.ts";
import { expectA, fail, fixedWidth, physicalWidth } from "./build-numbers.ts";
import { bitmapOf, byteLength } from "./column.ts";
import { type ArrowColumn, encodeBatch, encodeSchema, streamOf } from "./ipc.ts";
import type { ArrowField } from "./schema.ts";
import { type ArrowForm, arrowField, arrowSchema } from "./spark-fields.ts";

const encoder = new TextEncoder();

/** Rows of one batch, so that offsets of text stay far below 2^31. */
const ROWS_PER_BATCH = 65_536;

/**
 * Rows as an Arrow IPC stream in the form in which Spark Connect takes local data. A row is an array of values by
 * position or a Row; inside, a struct may be an array, a Row or a plain object. A value that its type cannot hold
 * exactly is a TypeError.
 */
export function rowsToArrow(
  rows: readonly (readonly unknown[] | object)[],
  schema: StructType,
  form: ArrowForm = { kind: "wire", timeZone: "UTC" },
): Uint8Array {
  const target = arrowSchema(schema, form);
  const batches: Uint8Array[] = [];
  for (let from = 0; from < rows.length; from += ROWS_PER_BATCH) {
    const part = rows.slice(from, from + ROWS_PER_BATCH);
    const columns = structChildren(part, schema, target.fields);
    batches.push(encodeBatch(part.length, columns));
  }
  return streamOf(encodeSchema(target), batches);
}

/** One column of values as Arrow. */
export function buildColumn(
  values: readonly unknown[],
  type: DataType,
  form: ArrowForm,
  name = "",
): ArrowColumn {
  return build(arrowField(name, type, true, form), type, values);
}

/**
 * A column as DuckDB holds it, from values in their physical form: days for dates, microseconds (number or bigint) for
 * timestamps and day-time intervals, months for year-month intervals, unscaled bigints for decimals; arrays for arrays
 * and structs, Maps for maps.
 */
export function buildHeldColumn(values: readonly unknown[], type: DataType): ArrowColumn {
  return build(arrowField("", type, true, { kind: "held" }), type, values, true);
}

/** Builds columns straight from values held by column, as a whole stream of one batch. */
export function columnsToArrow(
  columns: readonly (readonly unknown[])[],
  schema: StructType,
  form: ArrowForm = { kind: "wire", timeZone: "UTC" },
): Uint8Array {
  const target = arrowSchema(schema, form);
  const built = schema.fields.map((f, i) =>
    build(target.fields[i] as ArrowField, f.dataType, columns[i] ?? []),
  );
  return streamOf(encodeSchema(target), [encodeBatch(columns[0]?.length ?? 0, built)]);
}

function build(field: ArrowField, type: DataType, values: readonly unknown[], physical = false): ArrowColumn {
  const length = values.length;
  if (type.kind === "udt") return build(field, type.sqlType, values, physical);
  if (field.type.kind === "null") return { field, length, nullCount: length, buffers: [], children: [] };
  const { bitmap, unset } = bitmapOf(length, (i) => values[i] !== null && values[i] !== undefined);
  const base = { field, length, nullCount: unset, ...(bitmap === undefined ? {} : { validity: bitmap }) };
  switch (type.kind) {
    case "boolean":
      return { ...base, buffers: [booleans(values)], children: [] };
    case "string":
    case "char":
    case "varchar":
      return { ...base, buffers: texts(values, type, field), children: [] };
    case "binary":
      return { ...base, buffers: binaries(values, type, field), children: [] };
    case "array": {
      const { offsets, items } = flatten(values, (value) =>
        isIterable(value) ? [...value] : fail(value, type),
      );
      return {
        ...base,
        buffers: [offsets],
        children: [build(field.children[0] as ArrowField, type.elementType, items, physical)],
      };
    }
    case "map": {
      const { offsets, items } = flatten(values, (value) => mapEntries(value, type));
      const entries = field.children[0] as ArrowField;
      const children = [
        build(
          entries.children[0] as ArrowField,
          type.keyType,
          items.map((e) => e[0]),
          physical,
        ),
        build(
          entries.children[1] as ArrowField,
          type.valueType,
          items.map((e) => e[1]),
          physical,
        ),
      ];
      const column = { field: entries, length: items.length, nullCount: 0, buffers: [], children };
      return { ...base, buffers: [offsets], children: [column] };
    }
    case "struct":
      return { ...base, buffers: [], children: structChildren(values, type, field.children, physical) };
    case "variant": {
      const parts = values.map((v) =>
        v === null || v === undefined ? null : expectA(v, VariantValue, type),
      );
      const children = [parts.map((v) => v?.value ?? null), parts.map((v) => v?.metadata ?? null)];
      return {
        ...base,
        buffers: [],
        children: children.map((c, i) => build(field.children[i] as ArrowField, { kind: "binary" }, c)),
      };
    }
    case "calendar_interval":
      return calendarIntervals(values, type, field, base);
    default:
      return {
        ...base,
        buffers: [physical ? physicalWidth(values, type) : fixedWidth(values, type)],
        children: [],
      };
  }
}

function structChildren(
  values: readonly unknown[],
  type: StructType,
  fields: readonly ArrowField[],
  physical = false,
): ArrowColumn[] {
  const tuples = values.map((value) => fieldValues(value, type));
  return type.fields.map((f, i) =>
    build(
      fields[i] as ArrowField,
      f.dataType,
      tuples.map((t) => t?.[i]),
      physical,
    ),
  );
}

/** The values of a struct by position; undefined for null. */
function fieldValues(value: unknown, type: StructType): readonly unknown[] | undefined {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return tupleOf(value, type);
  if (isRow(value)) return tupleOf(value.values(), type);
  if (typeof value !== "object") return fail(value, type);
  const fields = value instanceof Map ? value : new Map(Object.entries(value));
  return type.fields.map((f) => fields.get(f.name));
}

function tupleOf(values: readonly unknown[], type: StructType): readonly unknown[] {
  if (values.length !== type.fields.length) {
    throw new TypeError(`a struct of ${type.fields.length} fields cannot hold ${values.length} values`);
  }
  return values;
}

function mapEntries(value: unknown, type: DataType): (readonly [unknown, unknown])[] {
  const entries =
    value instanceof Map ? [...value] : isPlainObject(value) ? Object.entries(value) : fail(value, type);
  for (const [key] of entries) {
    if (key === null || key === undefined) throw new TypeError("a map key cannot be null");
  }
  return entries;
}

function isPlainObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}

function flatten<T>(
  values: readonly unknown[],
  items: (value: unknown) => readonly T[],
): { offsets: Uint8Array; items: T[] } {
  const offsets = new Int32Array(values.length + 1);
  const all: T[] = [];
  values.forEach((value, i) => {
    if (value !== null && value !== undefined) for (const item of items(value)) all.push(item);
    offsets[i + 1] = all.length;
  });
  return { offsets: new Uint8Array(offsets.buffer), items: all };
}

function booleans(values: readonly unknown[]): Uint8Array {
  const bits = new Uint8Array(byteLength(values.length));
  values.forEach((value, i) => {
    if (value === null || value === undefined) return;
    if (typeof value !== "boolean") fail(value, { kind: "boolean" });
    if (value) bits[i >> 3] = (bits[i >> 3] as number) | (1 << (i & 7));
  });
  return bits;
}

function texts(values: readonly unknown[], type: DataType, field: ArrowField): Uint8Array[] {
  const strings = values.map((value) => {
    if (value === null || value === undefined) return "";
    return typeof value === "string" ? value : fail(value, type);
  });
  const text = strings.join("");
  const data = new Uint8Array(3 * text.length);
  const { written } = encoder.encodeInto(text, data);
  const lengths =
    written === text.length ? strings.map((s) => s.length) : strings.map((s) => encoder.encode(s).length);
  // Halves of a surrogate pair may have met where two values join.
  if (lengths.reduce((a, b) => a + b, 0) !== written)
    return binariesFrom(
      strings.map((s) => encoder.encode(s)),
      field,
    );
  return [offsetsOf(lengths, field), data.subarray(0, written)];
}

function binaries(values: readonly unknown[], type: DataType, field: ArrowField): Uint8Array[] {
  return binariesFrom(
    values.map((value) => {
      if (value === null || value === undefined) return new Uint8Array(0);
      if (value instanceof ArrayBuffer) return new Uint8Array(value);
      return value instanceof Uint8Array ? value : fail(value, type);
    }),
    field,
  );
}

function binariesFrom(parts: readonly Uint8Array[], field: ArrowField): Uint8Array[] {
  const lengths = parts.map((p) => p.length);
  const data = new Uint8Array(lengths.reduce((a, b) => a + b, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return [offsetsOf(lengths, field), data];
}

function offsetsOf(lengths: readonly number[], field: ArrowField): Uint8Array {
  let at = 0;
  if (field.type.kind.startsWith("large")) {
    const offsets = new BigInt64Array(lengths.length + 1);
    lengths.forEach((length, i) => {
      offsets[i + 1] = BigInt((at += length));
    });
    return new Uint8Array(offsets.buffer);
  }
  const offsets = new Int32Array(lengths.length + 1);
  lengths.forEach((length, i) => {
    offsets[i + 1] = at += length;
  });
  if (at > 0x7fffffff) throw new RangeError(`${at} bytes of text do not fit one Arrow batch`);
  return new Uint8Array(offsets.buffer);
}

function calendarIntervals(
  values: readonly unknown[],
  type: DataType,
  field: ArrowField,
  base: Omit<ArrowColumn, "buffers" | "children">,
): ArrowColumn {
  const intervals = values.map((v) =>
    v === null || v === undefined ? null : expectA(v, CalendarInterval, type),
  );
  if (field.type.kind === "struct") {
    const parts: readonly [DataType, unknown[]][] = [
      [{ kind: "integer" }, intervals.map((v) => v?.months)],
      [{ kind: "integer" }, intervals.map((v) => v?.days)],
      [{ kind: "long" }, intervals.map((v) => v?.micros)],
    ];
    const children = parts.map(([t, column], i) => build(field.children[i] as ArrowField, t, column));
    return { ...base, buffers: [], children };
  }
  const bytes = new Uint8Array(16 * values.length);
  const view = new DataView(bytes.buffer);
  intervals.forEach((v, i) => {
    if (v === null) return;
    view.setInt32(16 * i, v.months, true);
    view.setInt32(16 * i + 4, v.days, true);
    view.setBigInt64(16 * i + 8, v.micros * 1000n, true);
  });
  return { ...base, buffers: [bytes], children: [] };
}
