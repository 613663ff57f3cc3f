import type { CsvOptions } from "../../functions/text/csv-options.ts";
import { CsvTokenizer } from "../../functions/text/csv-tokenizer.ts";
import { textStream } from "./decode-stream.ts";
import { isBlank, linesOf } from "./lines.ts";

/** A record as it stands in the file. */
export interface CsvLine {
  readonly text: string;
  readonly tokens: () => readonly string[];
}

/** The records of a file, many at a time, without comments and blank lines; a header is still among them. */
export async function* csvRecords(
  source: AsyncIterable<Uint8Array>,
  options: CsvOptions,
): AsyncGenerator<CsvLine[]> {
  if (options.multiLine) {
    yield* multiLineRecords(source, options);
    return;
  }
  const tokenizer = new CsvTokenizer(options);
  const { charset, lineSeparator, comment } = options;
  const lines = linesOf(source, { charset, ...(lineSeparator === undefined ? {} : { lineSeparator }) });
  for await (const batch of lines) {
    const records: CsvLine[] = [];
    for (const text of batch) {
      if (isBlank(text) || (comment !== "" && text.startsWith(comment))) continue;
      records.push({ text, tokens: () => tokenizer.line(text) });
    }
    if (records.length > 0) yield records;
  }
}

/** Records that go over lines; the file's own kind of line end, as its first one tells, becomes `\n`. */
async function* multiLineRecords(
  source: AsyncIterable<Uint8Array>,
  options: CsvOptions,
): AsyncGenerator<CsvLine[]> {
  const text = textStream(options.charset);
  const own = options.lineSeparator;
  const newline = own ?? "\n";
  const tokenizer = new CsvTokenizer(options, newline);
  let ending: string | undefined;
  let rest = "";
  let held = "";
  const normalized = (part: string, last: boolean): string => {
    if (own !== undefined) return part;
    const whole = held + part;
    held = "";
    ending ??= /\r\n?|\n/.exec(whole)?.[0];
    // Half of a separator waits for its other half.
    if (!last && whole.endsWith("\r") && ending !== "\n") {
      held = "\r";
      return normalizeEnds(whole.slice(0, -1), ending);
    }
    return normalizeEnds(whole, ending);
  };
  function* records(last: boolean): Generator<CsvLine> {
    let at = 0;
    while (at < rest.length) {
      if (options.comment !== "" && rest.startsWith(options.comment, at)) {
        const end = rest.indexOf(newline, at);
        if (end < 0 && !last) break;
        at = end < 0 ? rest.length : end + newline.length;
        continue;
      }
      if (rest.startsWith(newline, at)) {
        at += newline.length;
        continue;
      }
      const record = tokenizer.record(rest, at);
      // What ends with the text may be only a part.
      if (!last && (record.open || record.end >= rest.length)) break;
      const line = rest.slice(at, record.end);
      at = record.end;
      const { tokens } = record;
      yield { text: line.endsWith(newline) ? line.slice(0, -newline.length) : line, tokens: () => tokens };
    }
    rest = rest.slice(at);
  }
  for await (const bytes of source) {
    rest += normalized(text.decode(bytes), false);
    const batch = [...records(false)];
    if (batch.length > 0) yield batch;
  }
  rest += normalized(text.end(), true);
  const batch = [...records(true)];
  if (batch.length > 0) yield batch;
}

function normalizeEnds(text: string, ending: string | undefined): string {
  if (ending === "\r\n") return text.replaceAll("\r\n", "\n");
  return ending === "\r" ? text.replaceAll("\r", "\n") : text;
}
