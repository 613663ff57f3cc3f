import {
  civilFromDays,
  daysFromCivil,
  floorDivMod,
  formatTimeOfDay,
  MICROS_PER_DAY,
} from "../../types/civil.ts";
import type { DataType } from "../../types/data-type.ts";
import {
  CalendarInterval,
  DayTimeInterval,
  Decimal,
  LocalDate,
  LocalTime,
  LocalTimestamp,
  rowFactory,
  safeLong,
  Timestamp,
  VariantValue,
  YearMonthInterval,
} from "../../types/values.ts";

/**
 * Nested values pass between SQL and kernels as DuckDB's own text for them, since casts to and from that text run at
 * the speed of vectors: `['a', {'f0': 1}]`, `{k=v}`. In: `parseNested` of `[value]::VARCHAR`. Out: `nestedText`, cast
 * to the type.
 */
type Read = (reader: TextReader) => unknown;

/** A reader of `[value]::VARCHAR`: gives the value as rows hold it. */
export function nestedReader(type: DataType): (text: string) => unknown {
  const read = readerOf(type);
  return (text) => {
    const reader = new TextReader(text);
    reader.skip(1);
    return read(reader);
  };
}

class TextReader {
  readonly #text: string;
  #at = 0;
  /** Whether the scalar read last stood in quotes. */
  quoted = false;

  constructor(text: string) {
    this.#text = text;
  }

  skip(count: number): void {
    this.#at += count;
  }

  isAt(c: number): boolean {
    return this.#text.charCodeAt(this.#at) === c;
  }

  /** Whether the value is NULL, which is then read. */
  takeNull(): boolean {
    if (!this.#text.startsWith("NULL", this.#at)) return false;
    this.#at += 4;
    return true;
  }

  /** A `,` with its space, if one follows. */
  takeComma(): boolean {
    if (!this.isAt(44)) return false;
    this.#at += 2;
    return true;
  }

  /** `AB\\x00`; in quotes the backslashes are doubled. */
  blob(): Uint8Array {
    const text = this.#text;
    const quoted = text.charCodeAt(this.#at) === 39;
    if (quoted) this.#at++;
    let bytes = new Uint8Array(64);
    let length = 0;
    for (let at = this.#at; ; at++) {
      let c = text.charCodeAt(at);
      if (quoted ? c === 39 : c === 44 || c === 93 || c === 125 || c === 61) {
        this.#at = quoted ? at + 1 : at;
        return bytes.subarray(0, length);
      }
      if (Number.isNaN(c)) throw new Error("a nested value ends too early");
      if (quoted && c === 92) c = text.charCodeAt(++at);
      if (c === 92) {
        c = hexDigit(text.charCodeAt(at + 2)) * 16 + hexDigit(text.charCodeAt(at + 3));
        at += 3;
      }
      if (length === bytes.length) {
        const bigger = new Uint8Array(length * 2);
        bigger.set(bytes);
        bytes = bigger;
      }
      bytes[length++] = c;
    }
  }

  scalar(): string {
    const text = this.#text;
    this.quoted = text.charCodeAt(this.#at) === 39;
    if (!this.quoted) {
      const from = this.#at;
      for (let at = from; ; at++) {
        const c = text.charCodeAt(at);
        // Texts with any of these in them are quoted: , ] } =
        if (c === 44 || c === 93 || c === 125 || c === 61 || Number.isNaN(c)) {
          this.#at = at;
          return text.slice(from, at);
        }
      }
    }
    const from = ++this.#at;
    let result: string | undefined;
    let copied = from;
    for (let at = from; ; at++) {
      const c = text.charCodeAt(at);
      if (c === 92) {
        result = (result ?? "") + text.slice(copied, at);
        copied = ++at;
      } else if (c === 39 || Number.isNaN(c)) {
        this.#at = at + 1;
        return result === undefined ? text.slice(from, at) : result + text.slice(copied, at);
      }
    }
  }
}

const blob: Read = (reader) => (reader.takeNull() ? null : reader.blob());

function hexDigit(c: number): number {
  return c < 58 ? c - 48 : (c | 32) - 87;
}

const scalar =
  (read: (text: string) => unknown): Read =>
  (reader) =>
    reader.takeNull() ? null : read(reader.scalar());

function readerOf(type: DataType): Read {
  switch (type.kind) {
    case "null":
      return scalar(() => null);
    case "boolean":
      return scalar((t) => t === "true");
    case "byte":
    case "short":
    case "integer":
      return scalar(Number);
    case "long":
      return scalar((t) => (t.length < 16 ? Number(t) : safeLong(BigInt(t))));
    case "float":
    case "double":
      return scalar((t) => (t === "inf" ? Infinity : t === "-inf" ? -Infinity : Number(t)));
    case "decimal":
      return scalar((t) => Decimal.fromString(t).setScale(type.scale));
    case "string":
    case "char":
    case "varchar":
      return scalar((t) => t);
    case "binary":
      return blob;
    case "date":
      return scalar((t) => new LocalDate(Number(duckMicros(t) / MICROS_PER_DAY)));
    case "timestamp":
      return scalar((t) => new Timestamp(duckMicros(t)));
    case "timestamp_ntz":
      return scalar((t) => new LocalTimestamp(duckMicros(t)));
    case "time":
      return scalar((t) => new LocalTime(BigInt(t)));
    case "year_month_interval":
      return scalar((t) => new YearMonthInterval(Number(t), type.start, type.end));
    case "day_time_interval":
      return scalar((t) => new DayTimeInterval(BigInt(t), type.start, type.end));
    case "calendar_interval":
      return structReader([Number, Number, BigInt].map(scalar), (v) => {
        const [months, days, micros] = v as [number, number, bigint];
        return new CalendarInterval(months, days, micros);
      });
    case "variant":
      return structReader([blob, blob], (v) => {
        const [value, metadata] = v as [Uint8Array, Uint8Array];
        return new VariantValue(value, metadata);
      });
    case "array": {
      const element = readerOf(type.elementType);
      return (reader) => {
        if (reader.takeNull()) return null;
        const items: unknown[] = [];
        reader.skip(1);
        if (!reader.isAt(93))
          do items.push(element(reader));
          while (reader.takeComma());
        reader.skip(1);
        return items;
      };
    }
    case "map": {
      const [key, value] = [readerOf(type.keyType), readerOf(type.valueType)];
      return (reader) => {
        if (reader.takeNull()) return null;
        const map = new Map<unknown, unknown>();
        reader.skip(1);
        if (!reader.isAt(125)) {
          do {
            const k = key(reader);
            reader.skip(1);
            map.set(k, value(reader));
          } while (reader.takeComma());
        }
        reader.skip(1);
        return map;
      };
    }
    case "struct": {
      const make = rowFactory(type.fields.map((f) => f.name));
      return structReader(
        type.fields.map((f) => readerOf(f.dataType)),
        (values) => make(values),
      );
    }
    case "udt":
      return readerOf(type.sqlType);
  }
}

/** `{'f0': 1, 'f1': 2}`. */
function structReader(fields: readonly Read[], make: (values: readonly unknown[]) => unknown): Read {
  const names = fields.map((_, i) => `'f${i}': `.length);
  return (reader) => {
    if (reader.takeNull()) return null;
    reader.skip(1);
    const values = fields.map((read, i) => {
      reader.skip((names[i] as number) + (i === 0 ? 0 : 2));
      return read(reader);
    });
    reader.skip(1);
    return make(values);
  };
}

const DUCK_TIME = /^(\d+)-(\d\d)-(\d\d)( \(BC\))?(?: (\d\d):(\d\d):(\d\d)(?:\.(\d+))?)?$/;

/** Microseconds of `2020-01-02`, `0044-03-15 (BC) 10:00:00.5`. */
function duckMicros(text: string): bigint {
  const m = DUCK_TIME.exec(text);
  if (m === null) return text.startsWith("-") ? -(2n ** 63n) + 1n : 2n ** 63n - 1n;
  const [, y, mo, d, bc, h = "0", mi = "0", s = "0", f = ""] = m;
  const days = daysFromCivil(bc === undefined ? Number(y) : 1 - Number(y), Number(mo), Number(d));
  const seconds = days * 86_400 + Number(h) * 3600 + Number(mi) * 60 + Number(s);
  return BigInt(seconds) * 1_000_000n + BigInt(f.padEnd(6, "0"));
}

/** `0044-03-15 (BC)` is the year -43. */
function duckDateText(days: number): string {
  const { year, month, day } = civilFromDays(days);
  const two = (n: number): string => String(n).padStart(2, "0");
  const text = `${String(year > 0 ? year : 1 - year).padStart(4, "0")}-${two(month)}-${two(day)}`;
  return year > 0 ? text : `${text} (BC)`;
}

function duckTimestampText(micros: number | bigint): string {
  const [days, ofDay] = floorDivMod(BigInt(micros), MICROS_PER_DAY);
  return `${duckDateText(Number(days))} ${formatTimeOfDay(ofDay, 1_000_000n)}`;
}

/** A writer of values in the physical form of readers (structs as arrays, times as numbers) as text to be cast. */
export function nestedWriter(type: DataType): (value: unknown) => string | null {
  const write = writerOf(type);
  const nested = isNested(type);
  return (value) =>
    value === null || value === undefined ? null : nested ? write(value) : unquoted(write(value));
}

function isNested(type: DataType): boolean {
  switch (type.kind) {
    case "array":
    case "map":
    case "struct":
    case "variant":
    case "calendar_interval":
      return true;
    default:
      return type.kind === "udt" && isNested(type.sqlType);
  }
}

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/gs, "$1") : text;
}

type Write = (value: unknown) => string;

function quote(text: string): string {
  return /["\\]/.test(text) ? `"${text.replace(/["\\]/g, "\\$&")}"` : `"${text}"`;
}

function writerOf(type: DataType): Write {
  switch (type.kind) {
    case "null":
      return () => "NULL";
    case "string":
    case "char":
    case "varchar":
      return (v) => quote(v as string);
    case "decimal":
      return (v) => new Decimal(v as bigint, type.scale).toString();
    case "binary":
      return blobText;
    case "date":
      return (v) => `"${duckDateText(v as number)}"`;
    case "timestamp":
    case "timestamp_ntz":
      return (v) => `"${duckTimestampText(v as number | bigint)}"`;
    case "calendar_interval":
      return (v) => {
        const [months, days, micros] = v as readonly [number, number, bigint];
        return `{"f0":${months},"f1":${days},"f2":${micros}}`;
      };
    case "variant":
      return (v) => {
        const { value, metadata } = v as { readonly value: Uint8Array; readonly metadata: Uint8Array };
        return `{"f0":${blobText(value)},"f1":${blobText(metadata)}}`;
      };
    case "array": {
      const item = orNull(writerOf(type.elementType));
      return (v) => `[${(v as readonly unknown[]).map(item).join(",")}]`;
    }
    case "map": {
      const [key, value] = [orNull(writerOf(type.keyType)), orNull(writerOf(type.valueType))];
      return (v) =>
        `{${Array.from(v as Iterable<readonly [unknown, unknown]>, ([k, w]) => `${key(k)}=${value(w)}`).join(",")}}`;
    }
    case "struct": {
      const fields = type.fields.map((f) => orNull(writerOf(f.dataType)));
      return (v) => {
        let text = "{";
        for (let i = 0; i < fields.length; i++) {
          text += `${i === 0 ? "" : ","}"f${i}":${(fields[i] as Write)((v as readonly unknown[])[i])}`;
        }
        return `${text}}`;
      };
    }
    case "udt":
      return writerOf(type.sqlType);
    default:
      return String;
  }
}

function orNull(write: Write): Write {
  return (v) => (v === null || v === undefined ? "NULL" : write(v));
}

const HEX = Array.from({ length: 256 }, (_, b) => `\\\\x${b.toString(16).padStart(2, "0")}`);

function blobText(value: unknown): string {
  let text = '"';
  for (const byte of value as Uint8Array) text += HEX[byte];
  return `${text}"`;
}
