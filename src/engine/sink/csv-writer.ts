import { analysisError } from "../../errors/spark-error.ts";
import { CsvLineFormat } from "../../functions/text/csv-format.ts";
import { booleanOption } from "../../functions/text/read-mode.ts";
import { type ValueTexts, valueTexts } from "../../functions/text/value-text.ts";
import type { DataType, StructField } from "../../types/data-type.ts";
import { quotedSqlType, quoteIdentifier } from "../../types/format.ts";
import { decodeColumn } from "../arrow/decode.ts";
import type { ArrowBatch } from "../arrow/ipc.ts";
import type { FileWriter } from "./file-writer.ts";
import type { TextOutput } from "./text-output.ts";

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
