import type { DataType, StructType } from "../../types/data-type.ts";
import {
  CalendarInterval,
  DayTimeInterval,
  Decimal,
  LocalDate,
  LocalTime,
  LocalTimestamp,
  type Row,
  rowFactory,
  safeLong,
  Timestamp,
  VariantValue,
  YearMonthInterval,
} from "../../types/values.ts";
import { isValid, offsets32, offsets64 } from "./column.ts";
import { decodeBinary, decodeText } from "./decode-bytes.ts";
import { type ArrowColumn, batchesOf } from "./ipc.ts";
import type { TimeUnit } from "./schema.ts";

/**
 * The rows of a result: one Row of values (see `values.ts`) for each. Takes what an engine returns as well as what
 * Spark Connect sends, since columns are read by position and by their own Arrow type.
 */
export function decodeRows(chunks: readonly Uint8Array[], schema: StructType): Row[] {
  const make = rowFactory(schema.fields.map((f) => f.name));
  const rows: Row[] = [];
  for (const chunk of chunks) {
    for (const batch of batchesOf(chunk)) {
      const columns = ownColumns(batch.columns, schema).map((c, i) => decodeColumn(c, typeAt(schema, i)));
      for (let row = 0; row < batch.length; row++) rows.push(make(columns.map((column) => column[row])));
    }
  }
  return rows;
}

/** The values of a result column by column. */
export function decodeColumns(chunks: readonly Uint8Array[], schema: StructType): unknown[][] {
  const columns: unknown[][] = schema.fields.map(() => []);
  for (const chunk of chunks) {
    for (const batch of batchesOf(chunk)) {
      ownColumns(batch.columns, schema).forEach((column, i) => {
        const target = columns[i] as unknown[];
        for (const value of decodeColumn(column, typeAt(schema, i))) target.push(value);
      });
    }
  }
  return columns;
}

/** Number of rows in the streams, without decoding them. */
export function countRows(chunks: readonly Uint8Array[]): number {
  let rows = 0;
  for (const chunk of chunks) for (const batch of batchesOf(chunk)) rows += batch.length;
  return rows;
}

/** Rows of no columns come with one that nobody asked for: DuckDB knows no others. */
function ownColumns(columns: readonly ArrowColumn[], schema: StructType): readonly ArrowColumn[] {
  return schema.fields.length === 0 ? [] : columns;
}

function typeAt(schema: StructType, index: number): DataType {
  const field = schema.fields[index];
  if (field === undefined)
    throw new RangeError(`the result has more columns than its schema (${schema.fields.length})`);
  return field.dataType;
}

/** The values of one column; null where there is none. */
export function decodeColumn(column: ArrowColumn, type: DataType): unknown[] {
  if (column.field.dictionary !== undefined) return decodeDictionary(column, type);
  switch (type.kind) {
    case "null":
      return new Array<null>(column.length).fill(null);
    case "boolean": {
      const bits = column.buffers[0] as Uint8Array;
      return present(column, (i) => ((bits[i >> 3] as number) & (1 << (i & 7))) !== 0);
    }
    case "byte":
    case "short":
    case "integer":
    case "float":
    case "double":
      return decodeNumbers(column);
    case "long":
      return decodeLongs(column);
    case "decimal":
      return decodeDecimals(column, type.scale);
    case "string":
    case "char":
    case "varchar":
      return decodeText(column);
    case "binary":
      return decodeBinary(column);
    case "date":
      return decodeDates(column);
    case "timestamp":
      return mapMicros(column, (micros) => new Timestamp(micros));
    case "timestamp_ntz":
      return mapMicros(column, (micros) => new LocalTimestamp(micros));
    case "time":
      return mapUnits(column, 1_000_000_000n, (nanos) => new LocalTime(nanos));
    case "day_time_interval":
      return mapMicros(column, (micros) => new DayTimeInterval(micros, type.start, type.end));
    case "year_month_interval": {
      const months = numbersOf(column);
      return present(column, (i) => new YearMonthInterval(months[i] as number, type.start, type.end));
    }
    case "calendar_interval":
      return decodeCalendarIntervals(column);
    case "variant": {
      const [value, metadata] = column.children.map(decodeBinary);
      return present(column, (i) => new VariantValue(value?.[i] as Uint8Array, metadata?.[i] as Uint8Array));
    }
    case "array": {
      const items = decodeColumn(column.children[0] as ArrowColumn, type.elementType);
      return decodeLists(column, (from, to) => items.slice(from, to));
    }
    case "map": {
      const [keyColumn, valueColumn] = (column.children[0] as ArrowColumn).children;
      const keys = decodeColumn(keyColumn as ArrowColumn, type.keyType);
      const values = decodeColumn(valueColumn as ArrowColumn, type.valueType);
      return decodeLists(column, (from, to) => {
        const map = new Map<unknown, unknown>();
        for (let i = from; i < to; i++) map.set(keys[i], values[i]);
        return map;
      });
    }
    case "struct": {
      const make = rowFactory(type.fields.map((f) => f.name));
      const fields = column.children.map((c, i) => decodeColumn(c, typeAt(type, i)));
      return present(column, (i) => make(fields.map((f) => f[i])));
    }
    case "udt":
      return decodeColumn(column, type.sqlType);
  }
}

function present<T>(column: ArrowColumn, value: (index: number) => T): (T | null)[] {
  const values = new Array<T | null>(column.length);
  if (column.validity === undefined) {
    for (let i = 0; i < column.length; i++) values[i] = value(i);
  } else {
    for (let i = 0; i < column.length; i++) values[i] = isValid(column, i) ? value(i) : null;
  }
  return values;
}

function decodeDictionary(column: ArrowColumn, type: DataType): unknown[] {
  const values = column.dictionary === undefined ? [] : decodeColumn(column.dictionary, type);
  const { indexBits, indexSigned } = column.field.dictionary as NonNullable<typeof column.field.dictionary>;
  const indexField = {
    ...column.field,
    type: { kind: "int" as const, bits: indexBits, signed: indexSigned },
  };
  const indexes = numbersOf({ ...column, field: indexField });
  return present(column, (i) => values[Number(indexes[i])]);
}

type NumberArray =
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** The data of a column of plain numbers, in place. */
export function numbersOf(column: ArrowColumn): NumberArray {
  const bytes = column.buffers[0] ?? new Uint8Array(0);
  const { type } = column.field;
  const at = bytes.byteOffset;
  const view = <T>(make: new (buffer: ArrayBufferLike, offset: number, length: number) => T): T =>
    new make(bytes.buffer, at, bytes.length === 0 ? 0 : column.length);
  switch (type.kind) {
    case "int":
      if (type.bits === 8) return type.signed ? view(Int8Array) : view(Uint8Array);
      if (type.bits === 16) return type.signed ? view(Int16Array) : view(Uint16Array);
      if (type.bits === 32) return type.signed ? view(Int32Array) : view(Uint32Array);
      return type.signed ? view(BigInt64Array) : view(BigUint64Array);
    case "float":
      if (type.bits === 16) throw new TypeError("Arrow half floats are not supported");
      return type.bits === 32 ? view(Float32Array) : view(Float64Array);
    case "date":
      return type.unit === 0 ? view(Int32Array) : view(BigInt64Array);
    case "time":
      return type.bits === 32 ? view(Int32Array) : view(BigInt64Array);
    case "timestamp":
    case "duration":
      return view(BigInt64Array);
    case "interval":
      if (type.unit === 0) return view(Int32Array);
      break;
  }
  throw new TypeError(`Arrow ${type.kind} holds no plain numbers`);
}

function decodeNumbers(column: ArrowColumn): unknown[] {
  const numbers = numbersOf(column);
  if (numbers instanceof BigInt64Array || numbers instanceof BigUint64Array) return decodeLongs(column);
  return present(column, (i) => numbers[i]);
}

function decodeLongs(column: ArrowColumn): unknown[] {
  const numbers = numbersOf(column);
  if (!(numbers instanceof BigInt64Array)) {
    return present(column, (i) => (typeof numbers[i] === "bigint" ? safeLong(numbers[i]) : numbers[i]));
  }
  // Two 32-bit reads are several times faster than one bigint.
  const halves = new Int32Array(numbers.buffer, numbers.byteOffset, 2 * numbers.length);
  return present(column, (i) => {
    const value = (halves[2 * i + 1] as number) * 4_294_967_296 + ((halves[2 * i] as number) >>> 0);
    return Number.isSafeInteger(value) ? value : safeLong(numbers[i] as bigint);
  });
}

function decodeDecimals(column: ArrowColumn, scale: number): unknown[] {
  const { type } = column.field;
  if (type.kind !== "decimal") {
    const numbers = numbersOf(column);
    return present(column, (i) => Decimal.of(numbers[i] as number | bigint).setScale(scale));
  }
  const bytes = column.buffers[0] as Uint8Array;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const unscaled = (i: number): bigint => {
    if (type.bits === 32) return BigInt(view.getInt32(4 * i, true));
    if (type.bits === 64) return view.getBigInt64(8 * i, true);
    const words = type.bits / 64;
    let value = view.getBigInt64(8 * (words * i + words - 1), true);
    for (let w = words - 2; w >= 0; w--)
      value = (value << 64n) | view.getBigUint64(8 * (words * i + w), true);
    return value;
  };
  if (type.scale === scale) return present(column, (i) => new Decimal(unscaled(i), scale));
  return present(column, (i) => new Decimal(unscaled(i), type.scale).setScale(scale));
}

function decodeDates(column: ArrowColumn): unknown[] {
  const numbers = numbersOf(column);
  if (numbers instanceof BigInt64Array) {
    return present(column, (i) => new LocalDate(Math.floor(Number(numbers[i]) / 86_400_000)));
  }
  return present(column, (i) => new LocalDate(numbers[i] as number));
}

const PER_SECOND = [1n, 1_000n, 1_000_000n, 1_000_000_000n] as const;

function mapMicros<T>(column: ArrowColumn, make: (micros: bigint) => T): (T | null)[] {
  return mapUnits(column, 1_000_000n, make);
}

/** Values of a time unit (plain integers are in the wanted one already), rounded down where digits are lost. */
function mapUnits<T>(column: ArrowColumn, perSecond: bigint, make: (value: bigint) => T): (T | null)[] {
  const numbers = numbersOf(column);
  const { type } = column.field;
  const unit: TimeUnit | undefined = "unit" in type ? (type.unit as TimeUnit) : undefined;
  const from = unit === undefined ? perSecond : PER_SECOND[unit];
  if (from === perSecond) return present(column, (i) => make(BigInt(numbers[i] as number | bigint)));
  return present(column, (i) => {
    const scaled = BigInt(numbers[i] as number | bigint) * perSecond;
    const remainder = scaled % from;
    return make(remainder < 0n ? scaled / from - 1n : scaled / from);
  });
}

function decodeCalendarIntervals(column: ArrowColumn): unknown[] {
  if (column.children.length === 3) {
    const [months, days, micros] = column.children.map(numbersOf) as [Int32Array, Int32Array, BigInt64Array];
    return present(
      column,
      (i) => new CalendarInterval(months[i] as number, days[i] as number, micros[i] as bigint),
    );
  }
  const bytes = column.buffers[0] as Uint8Array;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return present(column, (i) => {
    const nanos = view.getBigInt64(16 * i + 8, true);
    return new CalendarInterval(view.getInt32(16 * i, true), view.getInt32(16 * i + 4, true), nanos / 1000n);
  });
}

function decodeLists<T>(column: ArrowColumn, make: (from: number, to: number) => T): (T | null)[] {
  const { type } = column.field;
  if (type.kind === "fixedSizeList") return present(column, (i) => make(i * type.size, (i + 1) * type.size));
  if (type.kind === "listView" || type.kind === "largeListView") {
    throw new TypeError("Arrow list views are not supported");
  }
  const offsets = type.kind === "largeList" ? offsets64(column) : offsets32(column);
  return present(column, (i) => make(offsets[i] as number, offsets[i + 1] as number));
}
