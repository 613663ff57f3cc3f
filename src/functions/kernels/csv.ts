import { SparkException, UnsupportedOperationException } from "../../errors/spark-error.ts";
import type { DataType, StructType } from "../../types/data-type.ts";
import { quotedSqlType, sqlString } from "../../types/format.ts";
import type { Row } from "../../types/values.ts";
import type { Kernel } from "../kernel.ts";
import { CsvLineFormat } from "../text/csv-format.ts";
import { CsvInference } from "../text/csv-infer.ts";
import { type CsvOptions, csvOptions } from "../text/csv-options.ts";
import { CsvTokenizer } from "../text/csv-tokenizer.ts";
import { csvConverter } from "../text/csv-values.ts";
import { timesOf } from "../text/datetime-values.ts";
import { nestedReader, nestedWriter } from "../text/nested-text.ts";
import { checkReading, forSpec, internalText, malformed, type TextSpec } from "../text/text-spec.ts";
import { type ValueTexts, valueTexts } from "../text/value-text.ts";

/** The text as one record, be there line ends in it or not; undefined when there is none. */
function firstRecord(options: CsvOptions): (text: string) => readonly string[] | undefined {
  const tokenizer = new CsvTokenizer(options);
  return (text) => {
    const { comment } = options;
    if (text === "" || (comment !== "" && text.startsWith(comment))) return undefined;
    return tokenizer.line(text);
  };
}

const NESTED = new Set<DataType["kind"]>(["array", "map", "struct", "variant"]);

function fromCsv(spec: TextSpec): (text: string) => string | null {
  const options = csvOptions(spec.options);
  const { fields, corruptAt } = checkReading(spec, options.mode, options.corruptColumn);
  const data = fields.filter((_, i) => i !== corruptAt);
  for (const { dataType } of data) {
    if (NESTED.has(dataType.kind))
      throw new UnsupportedOperationException({
        condition: "UNSUPPORTED_DATATYPE",
        messageParameters: { typeName: quotedSqlType(dataType) },
      });
  }
  const times = timesOf(options, spec.zone);
  const converters = data.map((f) => csvConverter(f.dataType, options, times));
  const write = nestedWriter(spec.type);
  const tokensOf = firstRecord(options);
  return (text) => {
    const tokens = tokensOf(text);
    let bad = tokens === undefined || tokens.length !== data.length;
    const row = converters.map((convert, i): unknown => {
      const token = tokens?.[i];
      if (token === undefined || token === options.nullValue) return null;
      const value = convert(token);
      if (value === undefined) bad = true;
      return value ?? null;
    });
    if (bad && options.mode === "FAILFAST") throw malformed(internalText(row));
    return write(
      corruptAt < 0
        ? row
        : [
            ...row.slice(0, corruptAt),
            bad && tokens !== undefined ? text.replace(/\r?\n$/, "") : null,
            ...row.slice(corruptAt),
          ],
    );
  };
}

/** Nested values as CSV has them: `[1, 2]`, `{a -> 1}`, `{1, x}`. */
class CellTexts {
  readonly #texts: ValueTexts;
  readonly #nullValue: string;

  constructor(texts: ValueTexts, nullValue: string) {
    this.#texts = texts;
    this.#nullValue = nullValue;
  }

  text(value: unknown, type: DataType): string {
    switch (type.kind) {
      case "array":
        return `[${this.#joined((value as readonly unknown[]).map((v) => [v, type.elementType]))}]`;
      case "struct":
        return `{${this.#joined((value as Row).values().map((v, i) => [v, (type.fields[i] as { dataType: DataType }).dataType]))}}`;
      case "map": {
        const entries = [...(value as ReadonlyMap<unknown, unknown>)].map(([k, v]) => {
          const key = `${this.text(k, type.keyType)} ->`;
          return v === null ? `${key}${this.#nullText()}` : `${key} ${this.text(v, type.valueType)}`;
        });
        return `{${entries.join(", ")}}`;
      }
      case "binary": {
        const hex = Array.from(value as Uint8Array, (b) => b.toString(16).toUpperCase().padStart(2, "0"));
        return `[${hex.join(" ")}]`;
      }
      case "udt":
        return this.text(value, type.sqlType);
      default:
        return this.#texts.text(value, type);
    }
  }

  #nullText(): string {
    return this.#nullValue === "" ? "" : ` ${this.#nullValue}`;
  }

  #joined(values: readonly (readonly [unknown, DataType])[]): string {
    return values
      .map(([v, t], i) => {
        if (v === null) return this.#nullText();
        return i === 0 ? this.text(v, t) : ` ${this.text(v, t)}`;
      })
      .join(",");
  }
}

function toCsv(spec: TextSpec): (text: string) => string | null {
  const { fields } = spec.type as StructType;
  const read = nestedReader(spec.type);
  const cells = new CellTexts(valueTexts(spec.options, spec.zoneId), spec.options.nullvalue ?? "");
  // Line ends stay as they are.
  const format = new CsvLineFormat({ ...spec.options, linesep: "\n" });
  return (text) => {
    const row = read(text) as Row | null;
    if (row === null) return null;
    const line = format.record(
      row
        .values()
        .map((v, i) => (v === null ? null : cells.text(v, (fields[i] as { dataType: DataType }).dataType))),
    );
    return line === "" ? null : line;
  };
}

function schemaOfCsv(spec: TextSpec): (text: string) => string {
  const options = csvOptions(spec.options);
  const tokensOf = firstRecord(options);
  return (text) => {
    const tokens = tokensOf(text);
    if (tokens === undefined)
      throw new SparkException({
        condition: "INTERNAL_ERROR",
        messageParameters: { message: "The text of schema_of_csv holds no record." },
      });
    const names = tokens.map((_, i) => `_c${i}`);
    const inference = new CsvInference(names, options, timesOf(options, spec.zone));
    inference.add(tokens);
    return sqlString(inference.schema());
  };
}

const reading = forSpec(fromCsv);
const writing = forSpec(toCsv);
const inferring = forSpec(schemaOfCsv);

const kernel = (name: string, run: (text: string, spec: string) => string | null): Kernel => ({
  name,
  args: ["string", "string"],
  result: "string",
  call: (text, spec) => run(text as string, spec as string),
});

export const CSV_KERNELS: readonly Kernel[] = [
  kernel("from_csv", (text, spec) => reading(spec)(text)),
  kernel("to_csv", (text, spec) => writing(spec)(text)),
  kernel("schema_of_csv", (text, spec) => inferring(spec)(text)),
];
