import { analysisError } from "../../errors/spark-error.ts";
import type { DataType, StructField } from "../../types/data-type.ts";
import { quotedSqlType, quoteIdentifier } from "../../types/format.ts";
import { decodeColumn } from "../arrow/decode.ts";
import type { ArrowBatch } from "../arrow/ipc.ts";
import { delimiterOf, lineSeparatorOf } from "../text/csv-options.ts";
import { booleanOption } from "../text/read-mode.ts";
import type { FileWriter } from "./file-writer.ts";
import type { TextOutput } from "./text-output.ts";
import { type ValueTexts, valueTexts } from "./value-text.ts";

/** Writes CSV as Spark does. */
export class CsvWriter implements FileWriter {
  readonly #fields: readonly StructField[];
  readonly #output: TextOutput;
  readonly #texts: ValueTexts;
  readonly #line: CsvLineFormat;
  readonly #header: boolean;
  #headerWritten = false;

  constructor(
    fields: readonly StructField[],
    options: Readonly<Record<string, string>>,
    timeZone: string,
    output: TextOutput,
  ) {
    this.#fields = fields;
    for (const f of fields) refuseNested(f, f.dataType);
    this.#output = output;
    this.#texts = valueTexts(options, timeZone);
    this.#line = new CsvLineFormat(options);
    this.#header = booleanOption(options.header, false);
  }

  async write(batch: ArrowBatch): Promise<void> {
    await this.#writeHeader();
    const columns = batch.columns.map((c, i) => decodeColumn(c, (this.#fields[i] as StructField).dataType));
    const lines: string[] = [];
    for (let row = 0; row < batch.length; row++) {
      const cells = columns.map((column, i) => {
        const value = column[row];
        return value === null || value === undefined
          ? null
          : this.#text(value, this.#fields[i] as StructField);
      });
      lines.push(this.#line.line(cells));
    }
    await this.#output.add(lines.join(""));
  }

  #text(value: unknown, { dataType }: StructField): string {
    if (value instanceof Uint8Array) {
      return `[${Array.from(value, (b) => b.toString(16).toUpperCase().padStart(2, "0")).join(" ")}]`;
    }
    return this.#texts.text(value, dataType);
  }

  async #writeHeader(): Promise<void> {
    if (this.#headerWritten || !this.#header) return;
    this.#headerWritten = true;
    await this.#output.add(this.#line.line(this.#fields.map((f) => f.name)));
  }

  async close(): Promise<void> {
    await this.#writeHeader();
    await this.#output.close();
  }

  abort(error: unknown): Promise<void> {
    return this.#output.abort(error);
  }
}

function refuseNested(field: StructField, type: DataType): void {
  if (type.kind === "udt") refuseNested(field, type.sqlType);
  if (type.kind !== "array" && type.kind !== "map" && type.kind !== "struct" && type.kind !== "variant")
    return;
  throw analysisError("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE", {
    format: "CSV",
    columnName: quoteIdentifier(field.name),
    columnType: quotedSqlType(type),
  });
}

/** Puts cells together, quoted where they must be. */
class CsvLineFormat {
  readonly #delimiter: string;
  readonly #quote: string;
  readonly #escape: string;
  readonly #escapeOfEscape: string;
  readonly #escapeQuotes: boolean;
  readonly #quoteAll: boolean;
  readonly #nullValue: string;
  readonly #emptyValue: string;
  readonly #trimStart: boolean;
  readonly #trimEnd: boolean;
  readonly #lineSeparator: string;

  constructor(options: Readonly<Record<string, string>>) {
    const character = (value: string | undefined, fallback: string): string =>
      value === undefined ? fallback : value === "" ? "\u0000" : value;
    this.#delimiter = delimiterOf(options.sep ?? options.delimiter ?? ",");
    this.#quote = character(options.quote, '"');
    this.#escape = character(options.escape, "\\");
    this.#escapeOfEscape =
      options.chartoescapequoteescaping ?? (this.#escape === this.#quote ? "" : this.#escape);
    this.#escapeQuotes = booleanOption(options.escapequotes, true);
    this.#quoteAll = booleanOption(options.quoteall, false);
    this.#nullValue = options.nullvalue ?? "";
    this.#emptyValue = options.emptyvalue ?? '""';
    this.#trimStart = booleanOption(options.ignoreleadingwhitespace, true);
    this.#trimEnd = booleanOption(options.ignoretrailingwhitespace, true);
    this.#lineSeparator = lineSeparatorOf(options.linesep) ?? "\n";
  }

  /** With its end; nothing for a line that has no character. */
  line(cells: readonly (string | null)[]): string {
    const text = cells.map((cell) => this.#cell(cell)).join(this.#delimiter);
    return text === "" ? "" : text + this.#lineSeparator;
  }

  #cell(cell: string | null): string {
    if (cell === null) return this.#quoteAll && this.#nullValue === "" ? '""' : this.#nullValue;
    let from = 0;
    let to = cell.length;
    if (this.#trimStart) while (from < to && cell.charCodeAt(from) <= 32) from++;
    if (this.#trimEnd) while (to > from && cell.charCodeAt(to - 1) <= 32) to--;
    if (from === to) return this.#emptyValue;
    const text = cell.slice(from, to);
    if (!this.#mustQuote(text)) return text;
    return `${this.#quote}${this.#escaped(text)}${this.#quote}`;
  }

  #mustQuote(text: string): boolean {
    if (this.#quoteAll || text.includes(this.#delimiter) || text.includes("\n") || text.includes("\r"))
      return true;
    return this.#escapeQuotes ? text.includes(this.#quote) : text.startsWith(this.#quote);
  }

  #escaped(text: string): string {
    let result = "";
    for (const c of text) {
      if (c === this.#quote) result += this.#escape + c;
      else if (c === this.#escape && this.#escapeOfEscape !== "") result += this.#escapeOfEscape + c;
      else result += c === "\n" ? this.#lineSeparator : c;
    }
    return result;
  }
}
