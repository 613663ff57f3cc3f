import { unsupported } from "../errors/spark-error.ts";
import type { DataType, StructType } from "../types/data-type.ts";
import { simpleString } from "../types/format.ts";
import {
  CalendarInterval,
  DayTimeInterval,
  Decimal,
  LocalDate,
  LocalTime,
  LocalTimestamp,
  Timestamp,
  YearMonthInterval,
} from "../types/values.ts";

export interface TestDataOptions {
  /** How many rows (10). */
  readonly rows?: number;
  /** The same seed gives the same rows (0). */
  readonly seed?: number;
  /** The share of nulls where null is allowed (0.1). */
  readonly nullRatio?: number;
}

type Random = () => number;

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const DAY_MICROS = 86_400_000_000n;
/** 2000-01-01 and the days of the fifty years after it. */
const FIRST_DAY = 10_957;
const DAYS = 18_263;

/** Made-up rows of a schema, the same for the same seed. */
export function generateRows(schema: StructType, options: TestDataOptions): readonly (readonly unknown[])[] {
  const { rows = 10, seed = 0, nullRatio = 0.1 } = options;
  const random = mulberry32(seed);
  return Array.from({ length: rows }, () => structValues(schema, random, nullRatio));
}

function structValues(type: StructType, random: Random, nullRatio: number): readonly unknown[] {
  return type.fields.map((f) => valueFor(f.dataType, f.nullable, random, nullRatio));
}

function valueFor(type: DataType, nullable: boolean, random: Random, nullRatio: number): unknown {
  // The number is drawn in any case, so that nullability does not move what comes after.
  const isNull = random() < nullRatio;
  if (nullable && isNull) return null;
  const whole = (below: number): number => Math.floor(random() * below);
  const micros = (): bigint =>
    BigInt(FIRST_DAY + whole(DAYS)) * DAY_MICROS + BigInt(whole(86_400)) * 1_000_000n;
  switch (type.kind) {
    case "null":
      return null;
    case "boolean":
      return random() < 0.5;
    case "byte":
      return whole(256) - 128;
    case "short":
      return whole(65_536) - 32_768;
    case "integer":
      return whole(2 ** 32) - 2 ** 31;
    case "long":
      return BigInt(whole(2 ** 53)) - 2n ** 52n;
    case "float":
      return Math.fround(random() * 2000 - 1000);
    case "double":
      return random() * 2000 - 1000;
    case "decimal": {
      const digits = Array.from({ length: type.precision }, () => whole(10)).join("");
      return new Decimal(BigInt(digits) * (random() < 0.5 ? -1n : 1n), type.scale);
    }
    case "string":
      return word(1 + whole(12), whole);
    case "varchar":
      return word(1 + whole(Math.max(1, type.length)), whole).slice(0, type.length);
    case "char":
      return word(type.length, whole);
    case "binary":
      return Uint8Array.from({ length: whole(16) }, () => whole(256));
    case "date":
      return new LocalDate(FIRST_DAY + whole(DAYS));
    case "timestamp":
      return new Timestamp(micros());
    case "timestamp_ntz":
      return new LocalTimestamp(micros());
    case "time":
      return new LocalTime(BigInt(whole(86_400)) * 1_000_000_000n);
    case "year_month_interval":
      return new YearMonthInterval(whole(240) - 120, type.start, type.end);
    case "day_time_interval":
      return new DayTimeInterval(BigInt(whole(2_000_000) - 1_000_000) * 1_000_000n, type.start, type.end);
    case "calendar_interval":
      return new CalendarInterval(whole(24), whole(31), BigInt(whole(86_400)) * 1_000_000n);
    case "array":
      return Array.from({ length: whole(4) }, () =>
        valueFor(type.elementType, type.containsNull, random, nullRatio),
      );
    case "map":
      return new Map(
        Array.from({ length: whole(4) }, () => [
          valueFor(type.keyType, false, random, nullRatio),
          valueFor(type.valueType, type.valueContainsNull, random, nullRatio),
        ]),
      );
    case "struct":
      return structValues(type, random, nullRatio);
    case "udt":
      return valueFor(type.sqlType, nullable, random, nullRatio);
    default:
      throw unsupported(`test data of the type ${simpleString(type)}`);
  }
}

function word(length: number, whole: (below: number) => number): string {
  return Array.from({ length }, () => LETTERS[whole(LETTERS.length)]).join("");
}

/** A small generator of numbers from 0 to below 1 with 32 bits of state (Mulberry32). */
function mulberry32(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
