import type { DataType, StructType } from "../../types/data-type.ts";
import type { CsvOptions } from "./csv-options.ts";
import { type DateTimeValues, isoDate, readingPattern } from "./datetime-values.ts";
import { javaPrecisionAndScale, parseDouble, parseLong, parseWhole } from "./number-values.ts";

/** Names of columns from the first record, or by number. */
export function csvColumnNames(first: readonly string[], options: CsvOptions): string[] {
  if (!options.header) return first.map((_, i) => `_c${i}`);
  const counts = new Map<string, number>();
  for (const name of first) counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1);
  return first.map((name, i) => {
    if (name === "" || name === options.nullValue) return `_c${i}`;
    return (counts.get(name.toLowerCase()) ?? 0) > 1 ? `${name}${i}` : name;
  });
}

const NULL: DataType = { kind: "null" };
const STRING: DataType = { kind: "string" };

/** Types of columns, widened value by value. */
export class CsvInference {
  readonly #options: CsvOptions;
  readonly #times: DateTimeValues;
  readonly #isDate: (text: string) => boolean;
  readonly #names: readonly string[];
  readonly #types: DataType[];

  constructor(names: readonly string[], options: CsvOptions, times: DateTimeValues) {
    this.#names = names;
    this.#types = names.map(() => NULL);
    this.#options = options;
    this.#times = times;
    // While types are looked for a date has to have the usual form exactly; reading it is lenient.
    const pattern =
      options.dateFormat === undefined ? undefined : readingPattern(options.dateFormat, options.locale);
    this.#isDate = pattern === undefined ? isIsoDate : (text) => pattern.parse(text) !== undefined;
  }

  add(tokens: readonly string[]): void {
    const { nullValue } = this.#options;
    for (let i = 0; i < this.#types.length && i < tokens.length; i++) {
      const token = tokens[i] as string;
      const known = this.#types[i] as DataType;
      if (known.kind === "string" || token === "" || token === nullValue) continue;
      this.#types[i] = compatible(known, this.#typeOf(token, known));
    }
  }

  schema(): StructType {
    return {
      kind: "struct",
      fields: this.#names.map((name, i) => {
        const type = this.#types[i] as DataType;
        return { name, dataType: type.kind === "null" ? STRING : type, nullable: true };
      }),
    };
  }

  /** The narrowest type of a value that is not narrower than what is known of its column. */
  #typeOf(text: string, known: DataType): DataType {
    switch (known.kind) {
      case "null":
      case "integer":
        if (parseWhole(text, "integer") !== undefined) return { kind: "integer" };
        return this.#longOrWider(text);
      case "long":
        return this.#longOrWider(text);
      case "decimal":
        return this.#decimalOrWider(text);
      case "double":
        return this.#doubleOrWider(text);
      case "date":
        return this.#dateOrWider(text);
      case "timestamp":
        return this.#timestampOrWider(text);
      case "boolean":
        return booleanOrText(text);
      default:
        return STRING;
    }
  }

  #longOrWider(text: string): DataType {
    return parseLong(text) !== undefined ? { kind: "long" } : this.#decimalOrWider(text);
  }

  /** Only whole numbers become decimals: fractions are doubles. */
  #decimalOrWider(text: string): DataType {
    const digits = javaPrecisionAndScale(text);
    if (digits !== undefined && digits.scale === 0 && digits.precision <= 38) {
      return { kind: "decimal", precision: digits.precision, scale: 0 };
    }
    return this.#doubleOrWider(text);
  }

  #doubleOrWider(text: string): DataType {
    const { nanValue, positiveInf, negativeInf, preferDate } = this.#options;
    if (
      text === nanValue ||
      text === positiveInf ||
      text === negativeInf ||
      parseDouble(text) !== undefined
    ) {
      return { kind: "double" };
    }
    return preferDate ? this.#dateOrWider(text) : this.#timestampOrWider(text);
  }

  #dateOrWider(text: string): DataType {
    return this.#isDate(text) ? { kind: "date" } : this.#timestampOrWider(text);
  }

  #timestampOrWider(text: string): DataType {
    return this.#times.timestamp(text) !== undefined ? { kind: "timestamp" } : booleanOrText(text);
  }
}

function isIsoDate(text: string): boolean {
  return isoDate(text.startsWith("-") ? text.slice(1) : text) !== undefined;
}

function booleanOrText(text: string): DataType {
  return /^(true|false)$/i.test(text) ? { kind: "boolean" } : STRING;
}

const RANK: Readonly<Record<string, number>> = { integer: 1, long: 2, double: 4 };

function compatible(a: DataType, b: DataType): DataType {
  if (a.kind === "null") return b;
  if (b.kind === "null") return a;
  if (a.kind === "decimal" && b.kind === "decimal") return widerDecimal(a, b);
  if (a.kind === b.kind) return a;
  if (a.kind === "decimal" || b.kind === "decimal") {
    const decimal = (a.kind === "decimal" ? a : b) as Extract<DataType, { kind: "decimal" }>;
    const other = a.kind === "decimal" ? b : a;
    if (other.kind === "double") return other;
    const digits = other.kind === "integer" ? 10 : other.kind === "long" ? 20 : undefined;
    if (digits === undefined) return STRING;
    return widerDecimal(decimal, { kind: "decimal", precision: digits, scale: 0 });
  }
  const [x, y] = [RANK[a.kind], RANK[b.kind]];
  if (x !== undefined && y !== undefined) return x > y ? a : b;
  const kinds = new Set([a.kind, b.kind]);
  if (kinds.has("date") && kinds.has("timestamp")) return { kind: "timestamp" };
  return STRING;
}

function widerDecimal(
  a: Extract<DataType, { kind: "decimal" }>,
  b: Extract<DataType, { kind: "decimal" }>,
): DataType {
  const scale = Math.max(a.scale, b.scale);
  const whole = Math.max(a.precision - a.scale, b.precision - b.scale);
  return whole + scale > 38 ? { kind: "double" } : { kind: "decimal", precision: whole + scale, scale };
}
