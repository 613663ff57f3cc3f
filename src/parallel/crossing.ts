import { row } from "../types/row.ts";
import {
  CalendarInterval,
  DayTimeInterval,
  Decimal,
  isRow,
  LocalDate,
  LocalTime,
  LocalTimestamp,
  Timestamp,
  VariantValue,
  YearMonthInterval,
} from "../types/values.ts";

const TAG = "lakelet:class";

type Revive = (fields: readonly unknown[]) => unknown;

/** Classes whose values lose them in a structured clone: what they are made of, and how they are made again. */
const CLASSES: readonly (readonly [
  name: string,
  type: abstract new (...args: never[]) => object,
  fields: (value: never) => readonly unknown[],
  revive: Revive,
])[] = [
  entry(
    "Decimal",
    Decimal,
    (v) => [v.unscaled, v.scale],
    ([a, b]) => new Decimal(a as bigint, b as number),
  ),
  entry(
    "LocalDate",
    LocalDate,
    (v) => [v.epochDay],
    ([a]) => new LocalDate(a as number),
  ),
  entry(
    "Timestamp",
    Timestamp,
    (v) => [v.epochMicros],
    ([a]) => new Timestamp(a as bigint),
  ),
  entry(
    "LocalTimestamp",
    LocalTimestamp,
    (v) => [v.localMicros],
    ([a]) => new LocalTimestamp(a as bigint),
  ),
  entry(
    "LocalTime",
    LocalTime,
    (v) => [v.nanosOfDay],
    ([a]) => new LocalTime(a as bigint),
  ),
  entry(
    "YearMonthInterval",
    YearMonthInterval,
    (v) => [v.months, v.start, v.end],
    ([a, b, c]) => new YearMonthInterval(a as number, b as 0, c as 1),
  ),
  entry(
    "DayTimeInterval",
    DayTimeInterval,
    (v) => [v.micros, v.start, v.end],
    ([a, b, c]) => new DayTimeInterval(a as bigint, b as 0, c as 3),
  ),
  entry(
    "CalendarInterval",
    CalendarInterval,
    (v) => [v.months, v.days, v.micros],
    ([a, b, c]) => new CalendarInterval(a as number, b as number, c as bigint),
  ),
  entry(
    "VariantValue",
    VariantValue,
    (v) => [v.value, v.metadata],
    ([a, b]) => new VariantValue(a as Uint8Array, b as Uint8Array),
  ),
];

function entry<T extends object>(
  name: string,
  type: abstract new (...args: never[]) => T,
  fields: (value: T) => readonly unknown[],
  revive: Revive,
): (typeof CLASSES)[number] {
  return [name, type, fields as (value: never) => readonly unknown[], revive];
}

/** Values on their way between realms; `isTagged` spares the other side the search when there is nothing to revive. */
export interface Crossing {
  readonly values: readonly unknown[];
  readonly isTagged: boolean;
}

/** Marks Spark's values (decimals, dates, rows, ...) so that they arrive as what they are. The rest goes as it is. */
export function packValues(values: readonly unknown[]): Crossing {
  let packed: unknown[] | undefined;
  for (let i = 0; i < values.length; i++) {
    const value = pack(values[i]);
    if (value === values[i]) continue;
    packed ??= [...values];
    packed[i] = value;
  }
  return { values: packed ?? values, isTagged: packed !== undefined };
}

export function unpackValues({ values, isTagged }: Crossing): readonly unknown[] {
  return isTagged ? values.map(unpack) : values;
}

/** As deep as a record is nested: tens of levels at most. */
function pack(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(pack);
    return items.some((item, i) => item !== value[i]) ? items : value;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) {
    let copy: Record<string, unknown> | undefined;
    for (const key in value) {
      const before = (value as Record<string, unknown>)[key];
      if (typeof before !== "object" || before === null) continue;
      const after = pack(before);
      if (after === before) continue;
      copy ??= { ...value };
      copy[key] = after;
    }
    return copy ?? value;
  }
  if (isRow(value)) return { [TAG]: "Row", fields: [pack(value.asDict())] };
  if (value instanceof Map) {
    const entries = [...value].map(([key, item]): [unknown, unknown] => [pack(key), pack(item)]);
    return new Map(entries);
  }
  for (const [name, type, fields] of CLASSES) {
    if (value instanceof type) return { [TAG]: name, fields: fields(value as never) };
  }
  return value;
}

function unpack(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(unpack);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [unpack(key), unpack(item)]));
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const tagged = value as { readonly [TAG]?: string; readonly fields?: readonly unknown[] };
  if (tagged[TAG] !== undefined && tagged.fields !== undefined) {
    if (tagged[TAG] === "Row") return row(unpack(tagged.fields[0]) as Record<string, unknown>);
    const found = CLASSES.find(([name]) => name === tagged[TAG]);
    if (found !== undefined) return found[3](tagged.fields);
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unpack(item)]));
}
