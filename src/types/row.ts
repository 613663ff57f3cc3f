import { Decimal } from "./decimal.ts";
import { LocalDate, LocalTimestamp, Timestamp } from "./temporal.ts";

/**
 * A record of a result: its values by position (`row[0]`, `row.get(0)`) and by name (`row.age`, `row.get("age")`).
 * Names that collide with a member, or appear twice, are reached with `get` (the first of that name).
 */
export interface Row extends Iterable<unknown> {
  /** Values by name and by position. */
  readonly [nameOrIndex: string]: unknown;
  readonly length: number;
  get(nameOrIndex: string | number): unknown;
  has(name: string): boolean;
  fieldNames(): readonly string[];
  values(): readonly unknown[];
  /** A plain object; `recursive` turns Rows inside into objects too. */
  asDict(recursive?: boolean): Record<string, unknown>;
  toObject(): Record<string, unknown>;
  toJSON(): Record<string, unknown>;
  equals(other: unknown): boolean;
  toString(): string;
  [Symbol.iterator](): Iterator<unknown>;
}

class RowBase implements Iterable<unknown> {
  readonly #values: readonly unknown[];
  readonly #names: readonly string[];

  constructor(names: readonly string[], values: readonly unknown[]) {
    this.#names = names;
    this.#values = values;
  }

  get length(): number {
    return this.#values.length;
  }

  get(nameOrIndex: string | number): unknown {
    const index = typeof nameOrIndex === "number" ? nameOrIndex : this.#names.indexOf(nameOrIndex);
    if (index < 0 || index >= this.#values.length) {
      throw new RangeError(
        `the row has no field ${JSON.stringify(nameOrIndex)}; it has ${this.#names.join(", ")}`,
      );
    }
    return this.#values[index];
  }

  has(name: string): boolean {
    return this.#names.includes(name);
  }

  fieldNames(): readonly string[] {
    return this.#names;
  }

  values(): readonly unknown[] {
    return this.#values;
  }

  asDict(recursive = false): Record<string, unknown> {
    return Object.fromEntries(
      this.#names.map((name, i) => [name, recursive ? plain(this.#values[i]) : this.#values[i]]),
    );
  }

  toObject(): Record<string, unknown> {
    return this.asDict(true);
  }

  toJSON(): Record<string, unknown> {
    return Object.fromEntries(this.#names.map((name, i) => [name, jsonValue(this.#values[i])]));
  }

  equals(other: unknown): boolean {
    if (!isRow(other) || other.length !== this.length) return false;
    const [names, values] = [other.fieldNames(), other.values()];
    return this.#names.every((name, i) => name === names[i] && sameValue(this.#values[i], values[i]));
  }

  [Symbol.iterator](): Iterator<unknown> {
    return this.#values[Symbol.iterator]();
  }

  /** As PySpark prints it: `Row(age=2, name='Alice')`. */
  toString(): string {
    return `Row(${this.#names.map((name, i) => `${name}=${pythonText(this.#values[i])}`).join(", ")})`;
  }

  get [Symbol.toStringTag](): string {
    return "Row";
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/** Makes the Rows of one schema: `rowFactory(["a", "b"])([1, 2])`. */
export function rowFactory(names: readonly string[]): (values: readonly unknown[]) => Row {
  class SchemaRow extends RowBase {}
  const getter = (key: string, index: number): void => {
    if (key in SchemaRow.prototype) return;
    Object.defineProperty(SchemaRow.prototype, key, {
      enumerable: true,
      get(this: RowBase) {
        return this.get(index);
      },
    });
  };
  names.forEach((name, i) => {
    getter(String(i), i);
    getter(name, i);
  });
  return (values) => new SchemaRow(names, values) as unknown as Row;
}

/** A single Row from a plain object, in the order of its keys. */
export function row(fields: Readonly<Record<string, unknown>>): Row {
  return rowFactory(Object.keys(fields))(Object.values(fields));
}

export function isRow(value: unknown): value is Row {
  return value instanceof RowBase;
}

/** Deep equality of values as Spark returns them. NaN equals itself. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b) || (a === 0 && b === 0)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if ("equals" in a && typeof a.equals === "function") return a.equals(b) as boolean;
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    return a.length === b.length && a.every((byte, i) => byte === b[i]);
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => sameValue(item, b[i]));
  }
  if (a instanceof Map && b instanceof Map) {
    if (a.size !== b.size) return false;
    const others = [...b];
    return [...a].every(([key, value]) => others.some(([k, v]) => sameValue(key, k) && sameValue(value, v)));
  }
  return false;
}

function plain(value: unknown): unknown {
  if (isRow(value)) return value.asDict(true);
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return new Map([...value].map(([k, v]) => [k, plain(v)]));
  return value;
}

function jsonValue(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return value.map(jsonValue);
  if (value instanceof Map) {
    return Object.fromEntries(
      [...value].map(([k, v]) => [isRow(k) ? k.toString() : String(k), jsonValue(v)]),
    );
  }
  if (value instanceof Uint8Array)
    return btoa(Array.from(value, (byte) => String.fromCharCode(byte)).join(""));
  return value;
}

/** A value as Python's `repr` shows it, since that is what the documentation prints. */
export function pythonText(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "string") return pythonString(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return pythonNumber(value);
  if (value instanceof Decimal) return `Decimal('${value}')`;
  if (value instanceof LocalDate) return `datetime.date(${value.year}, ${value.month}, ${value.day})`;
  if (value instanceof Timestamp) return pythonDatetime(value.toString());
  if (value instanceof LocalTimestamp) return pythonDatetime(value.toString());
  if (value instanceof Uint8Array) return pythonBytes(value);
  if (Array.isArray(value)) return `[${value.map(pythonText).join(", ")}]`;
  if (value instanceof Map) {
    return `{${[...value].map(([k, v]) => `${pythonText(k)}: ${pythonText(v)}`).join(", ")}}`;
  }
  return String(value);
}

function pythonString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(/[\\\n\r\t\u0000-\u001f\u007f]|['"]/g, (c) => {
    if (c === "'" || c === '"') return c === quote ? `\\${c}` : c;
    if (c === "\\") return "\\\\";
    if (c === "\n") return "\\n";
    if (c === "\r") return "\\r";
    if (c === "\t") return "\\t";
    return `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  return `${quote}${escaped}${quote}`;
}

/** A JavaScript number has lost whether it was whole by type, so whole ones print as integers. */
function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return String(value).replace(/e([+-])(\d)$/, "e$10$2");
}

function pythonDatetime(text: string): string {
  const parts = text.split(/[^0-9+]+/);
  const numbers = parts.slice(0, 6).map(Number);
  if (numbers[5] === 0 && parts[6] === undefined) numbers.pop();
  if (parts[6] !== undefined) numbers.push(Number(parts[6].padEnd(6, "0")));
  return `datetime.datetime(${numbers.join(", ")})`;
}

function pythonBytes(bytes: Uint8Array): string {
  const text = Array.from(bytes, (b) =>
    b >= 32 && b < 127 && b !== 39 && b !== 92
      ? String.fromCharCode(b)
      : `\\x${b.toString(16).padStart(2, "0")}`,
  );
  return `b'${text.join("")}'`;
}
