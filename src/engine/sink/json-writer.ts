import { lineSeparatorOf } from "../../functions/text/csv-options.ts";
import { JsonFormat } from "../../functions/text/json-format.ts";
import type { StructField, StructType } from "../../types/data-type.ts";
import { decodeColumn } from "../arrow/decode.ts";
import type { ArrowBatch } from "../arrow/ipc.ts";
import type { FileWriter } from "./file-writer.ts";
import type { TextOutput } from "./text-output.ts";

/** Writes JSON records as Spark does, one a line. */
export class JsonWriter implements FileWriter {
  readonly #schema: StructType;
  readonly #output: TextOutput;
  readonly #format: JsonFormat;
  readonly #lineSeparator: string;

  constructor(
    fields: readonly StructField[],
    options: Readonly<Record<string, string>>,
    timeZone: string,
    output: TextOutput,
  ) {
    this.#schema = { kind: "struct", fields };
    this.#output = output;
    this.#format = new JsonFormat(options, timeZone);
    this.#lineSeparator = lineSeparatorOf(options.linesep) ?? "\n";
  }

  async write(batch: ArrowBatch): Promise<void> {
    const { fields } = this.#schema;
    const columns = batch.columns.map((c, i) => decodeColumn(c, (fields[i] as StructField).dataType));
    const lines: string[] = [];
    for (let row = 0; row < batch.length; row++) {
      const values = columns.map((column) => column[row]);
      lines.push(this.#format.object(this.#schema, values, 0), this.#lineSeparator);
    }
    await this.#output.add(lines.join(""));
  }

  close(): Promise<void> {
    return this.#output.close();
  }

  abort(error: unknown): Promise<void> {
    return this.#output.abort(error);
  }
}
