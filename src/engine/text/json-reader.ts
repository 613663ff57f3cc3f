import { analysisError } from "../../errors/spark-error.ts";
import { timesOf } from "../../functions/text/datetime-values.ts";
import { JsonInference } from "../../functions/text/json-infer.ts";
import { type JsonOptions, jsonOptions } from "../../functions/text/json-options.ts";
import { JsonScanner, JsonSyntaxError } from "../../functions/text/json-scanner.ts";
import { MISMATCH, structConverter } from "../../functions/text/json-values.ts";
import { failedRead, refuseOnlyCorrupt } from "../../functions/text/read-mode.ts";
import type { StructType } from "../../types/data-type.ts";
import { quoteIdentifier } from "../../types/format.ts";
import type { TimeZone } from "../../types/time-zone.ts";
import { isBlank, linesOf, wholeText } from "./lines.ts";
import type { Checkpoint, ReadRequest, RowReader, TextFile } from "./text-file.ts";

/** Rows of one record, and whether it has a fault. */
interface Parsed {
  readonly rows: readonly (readonly unknown[])[];
  readonly flawed: boolean;
}

/** Reads JSON rows as Spark does: a record is a line, or a whole file with `multiLine`. */
export function jsonReader({ schema, wanted, options: raw, zone }: ReadRequest): RowReader {
  const options = jsonOptions(raw);
  const corruptAt = wanted.findIndex((f) => f.name === options.corruptColumn);
  refuseOnlyCorrupt(corruptAt >= 0, wanted.length);
  // Without the column for it, a record is checked only as far as its wanted fields go.
  const isRead = (name: string): boolean => name !== options.corruptColumn;
  const fields = (corruptAt >= 0 ? schema.fields : wanted).filter((f) => isRead(f.name));
  const places = wanted.map((w) => fields.findIndex((f) => f.name === w.name));
  const convert = structConverter(fields, timesOf(options, zone));
  const nothing = fields.map(() => null);
  return {
    read: async (file, add, checkpoint) => {
      for await (const records of jsonRecords(file, options)) {
        await checkpoint();
        for (const record of records) {
          const { rows, flawed } = parse(record);
          if (flawed) {
            if (options.mode === "DROPMALFORMED") continue;
            if (options.mode === "FAILFAST") throw failedRead(file.path);
          }
          for (const row of rows) {
            add(places.map((place, i) => (i === corruptAt ? (flawed ? record : null) : row[place])));
          }
        }
      }
    },
  };

  function parse(record: string): Parsed {
    const flaws = { count: 0 };
    try {
      const scanner = new JsonScanner(record, options.features);
      if (scanner.atEnd()) return { rows: [], flawed: false };
      const token = scanner.next();
      if (token === "null") return { rows: [nothing], flawed: false };
      if (token !== "array") {
        const row = convert(scanner, token, flaws);
        if (row === MISMATCH) return { rows: [nothing], flawed: true };
        return { rows: [row as unknown[]], flawed: flaws.count > 0 };
      }
      // Every element of an array at the top is a row.
      const rows: unknown[][] = [];
      for (let first = true; scanner.element(first); first = false) {
        const row = convert(scanner, scanner.next(), flaws);
        if (row === MISMATCH) return { rows: [nothing], flawed: true };
        rows.push(row as unknown[]);
      }
      return { rows, flawed: flaws.count > 0 };
    } catch (error) {
      if (error instanceof JsonSyntaxError) return { rows: [nothing], flawed: true };
      throw error;
    }
  }
}

async function* jsonRecords(file: TextFile, options: JsonOptions): AsyncGenerator<string[]> {
  const { charset, lineSeparator } = options;
  if (options.multiLine) {
    yield [await wholeText(file.source, charset)];
    return;
  }
  const lines = linesOf(file.source, { charset, ...(lineSeparator === undefined ? {} : { lineSeparator }) });
  for await (const batch of lines) yield batch.filter((line) => !isBlank(line));
}

/** The schema of JSON files, from all of their records. */
export async function inferJson(
  files: AsyncIterable<TextFile>,
  raw: Readonly<Record<string, string>>,
  zone: TimeZone,
  checkpoint: Checkpoint,
): Promise<StructType> {
  const options = jsonOptions(raw);
  const inference = new JsonInference(options, timesOf(options, zone));
  for await (const file of files) {
    for await (const records of jsonRecords(file, options)) {
      await checkpoint();
      for (const record of records) inference.add(record);
    }
  }
  const schema = inference.schema();
  const seen = new Set<string>();
  for (const { name } of schema.fields) {
    const lower = name.toLowerCase();
    if (seen.has(lower)) throw analysisError("COLUMN_ALREADY_EXISTS", { columnName: quoteIdentifier(lower) });
    seen.add(lower);
  }
  return schema;
}
