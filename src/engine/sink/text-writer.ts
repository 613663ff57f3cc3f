import { AnalysisException, analysisError } from "../../errors/spark-error.ts";
import { lineSeparatorOf } from "../../functions/text/csv-options.ts";
import { isStringLike, type StructField } from "../../types/data-type.ts";
import { quotedSqlType, quoteIdentifier } from "../../types/format.ts";
import { decodeColumn } from "../arrow/decode.ts";
import type { ArrowBatch } from "../arrow/ipc.ts";
import type { FileWriter } from "./file-writer.ts";
import type { TextOutput } from "./text-output.ts";

/** Writes the one column of text there is, a value a line; null is an empty line. */
export class TextWriter implements FileWriter {
  readonly #field: StructField;
  readonly #output: TextOutput;
  readonly #lineSeparator: string;

  constructor(fields: readonly StructField[], options: Readonly<Record<string, string>>, output: TextOutput) {
    this.#field = onlyField(fields);
    this.#output = output;
    this.#lineSeparator = lineSeparatorOf(options.linesep) ?? "\n";
  }

  async write(batch: ArrowBatch): Promise<void> {
    const [column] = batch.columns;
    if (column === undefined) return;
    const values = decodeColumn(column, this.#field.dataType) as (string | null)[];
    await this.#output.add(values.map((v) => (v ?? "") + this.#lineSeparator).join(""));
  }

  close(): Promise<void> {
    return this.#output.close();
  }

  abort(error: unknown): Promise<void> {
    return this.#output.abort(error);
  }
}

function onlyField(fields: readonly StructField[]): StructField {
  const [field] = fields;
  if (field === undefined || fields.length > 1) {
    throw new AnalysisException({
      condition: "_LEGACY_ERROR_TEMP_1290",
      messageParameters: { schemaSize: String(fields.length) },
      message: `Text data source supports only a single column, and you have ${fields.length} columns.`,
    });
  }
  if (!isStringLike(field.dataType)) {
    throw analysisError("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE", {
      format: "Text",
      columnName: quoteIdentifier(field.name),
      columnType: quotedSqlType(field.dataType),
    });
  }
  return field;
}
