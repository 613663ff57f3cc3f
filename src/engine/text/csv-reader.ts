import { CsvInference, csvColumnNames } from "../../functions/text/csv-infer.ts";
import { csvOptions } from "../../functions/text/csv-options.ts";
import { type CsvConverter, csvConverter } from "../../functions/text/csv-values.ts";
import { timesOf } from "../../functions/text/datetime-values.ts";
import { failedRead, refuseOnlyCorrupt } from "../../functions/text/read-mode.ts";
import type { StructType } from "../../types/data-type.ts";
import type { TimeZone } from "../../types/time-zone.ts";
import { type CsvLine, csvRecords } from "./csv-records.ts";
import type { Checkpoint, ReadRequest, RowReader, TextFile } from "./text-file.ts";

/** Where a wanted column is in a record; -1 for the one that takes records that cannot be read. */
interface Column {
  readonly index: number;
  readonly convert: CsvConverter;
}

/** Reads CSV rows as Spark does. */
export function csvReader({ schema, wanted, options: raw, zone }: ReadRequest): RowReader {
  const options = csvOptions(raw);
  const times = timesOf(options, zone);
  const names = schema.fields.map((f) => f.name);
  const data = schema.fields.filter((f) => f.name !== options.corruptColumn);
  const columns = wanted.map((f): Column => {
    if (f.name === options.corruptColumn) return { index: -1, convert: (text) => text };
    return {
      index: data.findIndex((d) => d.name === f.name),
      convert: csvConverter(f.dataType, options, times),
    };
  });
  const wantsCorrupt = columns.some((c) => c.index === -1);
  refuseOnlyCorrupt(wantsCorrupt, columns.length);
  // A record of another length is malformed, but that shows only when all of its columns are read.
  const wholeRecord = columns.filter((c) => c.index >= 0).length === data.length;
  return {
    read: async (file, add, checkpoint) => {
      let headerDue = options.header;
      for await (const records of csvRecords(file.source, options)) {
        await checkpoint();
        for (const record of records) {
          if (headerDue) {
            headerDue = false;
            if (!options.enforceSchema) checkHeader(record.tokens(), names, file);
            continue;
          }
          if (columns.length === 0) add([]);
          else addRecord(record, file, add);
        }
      }
    },
  };

  function addRecord(record: CsvLine, file: TextFile, add: (values: readonly unknown[]) => void): void {
    const tokens = record.tokens();
    let bad = wholeRecord && tokens.length !== data.length;
    const values = columns.map(({ index, convert }) => {
      const token = tokens[index];
      if (token === undefined || token === options.nullValue) return null;
      const value = convert(token);
      if (value === undefined) bad = true;
      return value;
    });
    if (bad) {
      if (options.mode === "DROPMALFORMED") return;
      if (options.mode === "FAILFAST") throw failedRead(file.path);
    }
    if (wantsCorrupt) {
      columns.forEach((column, i) => {
        if (column.index === -1) values[i] = bad ? record.text : null;
      });
    }
    add(values);
  }
}

function checkHeader(header: readonly string[], names: readonly string[], file: TextFile): void {
  const same =
    header.length === names.length && header.every((h, i) => h.toLowerCase() === names[i]?.toLowerCase());
  if (!same) throw failedRead(file.path, new Error("the header does not match the schema"));
}

/** The schema of CSV files: names from the first record, types (if asked for) from all values. */
export async function inferCsv(
  files: AsyncIterable<TextFile>,
  raw: Readonly<Record<string, string>>,
  zone: TimeZone,
  checkpoint: Checkpoint,
): Promise<StructType> {
  const options = csvOptions(raw);
  let inference: CsvInference | undefined;
  let firstLine = "";
  for await (const file of files) {
    let headerDue = options.header && options.multiLine;
    for await (const records of csvRecords(file.source, options)) {
      await checkpoint();
      for (const record of records) {
        if (inference === undefined) {
          firstLine = record.text;
          inference = new CsvInference(
            csvColumnNames(record.tokens(), options),
            options,
            timesOf(options, zone),
          );
          // No value was looked at: every column is text.
          if (!options.inferSchema) return inference.schema();
        }
        if (headerDue) {
          headerDue = false;
          continue;
        }
        // Lines like the header are taken for headers, wherever they are.
        if (options.header && !options.multiLine && record.text === firstLine) continue;
        inference.add(record.tokens());
      }
    }
  }
  return inference?.schema() ?? { kind: "struct", fields: [] };
}
