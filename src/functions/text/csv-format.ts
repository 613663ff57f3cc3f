import { delimiterOf, lineSeparatorOf } from "./csv-options.ts";
import { booleanOption } from "./read-mode.ts";

/** Puts cells together, quoted where they must be, by the options of Spark's writer. */
export class CsvLineFormat {
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
  readonly #comment: string;
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
    this.#comment = character(options.comment, "#");
    this.#lineSeparator = lineSeparatorOf(options.linesep) ?? "\n";
  }

  /** With its end; nothing for a line that has no character. */
  line(cells: readonly (string | null)[]): string {
    const text = this.record(cells);
    return text === "" ? "" : text + this.#lineSeparator;
  }

  record(cells: readonly (string | null)[]): string {
    return cells.map((cell, i) => this.#cell(cell, i === 0)).join(this.#delimiter);
  }

  #cell(cell: string | null, isFirst: boolean): string {
    if (cell === null) return this.#quoteAll && this.#nullValue === "" ? '""' : this.#nullValue;
    let from = 0;
    let to = cell.length;
    if (this.#trimStart) while (from < to && cell.charCodeAt(from) <= 32) from++;
    if (this.#trimEnd) while (to > from && cell.charCodeAt(to - 1) <= 32) to--;
    if (from === to) return this.#emptyValue;
    const text = cell.slice(from, to);
    // A line that begins like a comment would be read as one.
    if (!this.#mustQuote(text) && !(isFirst && text.startsWith(this.#comment))) return text;
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
