import { SparkRuntimeException, unsupported } from "../../errors/spark-error.ts";
import type { CsvOptions } from "./csv-options.ts";

/** The values of one record, and where it ends in the text. */
export interface CsvRecord {
  readonly tokens: readonly string[];
  /** Behind the record's separator. */
  readonly end: number;
  /** The text ended inside a quoted value: more of it may complete the record. */
  readonly open: boolean;
}

type TokenizerOptions = Pick<
  CsvOptions,
  | "delimiter"
  | "quote"
  | "escape"
  | "escapeOfEscape"
  | "ignoreLeadingSpace"
  | "ignoreTrailingSpace"
  | "nullValue"
  | "emptyValue"
  | "maxColumns"
  | "maxCharsPerColumn"
  | "unescapedQuotes"
>;

/**
 * Splits records into values as the parser in Spark does, down to what it makes of quotes that are not escaped: such a
 * value is taken as it stands, from its opening quote to the next delimiter.
 */
export class CsvTokenizer {
  readonly #options: TokenizerOptions;
  /** Ends a record; empty when the text is a single line. */
  readonly #newline: string;
  #text = "";
  #at = 0;
  #open = false;

  constructor(options: TokenizerOptions, newline = "") {
    this.#options = options;
    this.#newline = newline;
  }

  /** The values of a line. */
  line(line: string): readonly string[] {
    const {
      quote,
      delimiter,
      ignoreLeadingSpace,
      ignoreTrailingSpace,
      nullValue,
      maxColumns,
      maxCharsPerColumn,
    } = this.#options;
    if (
      (quote === "" || !line.includes(quote)) &&
      !ignoreLeadingSpace &&
      !ignoreTrailingSpace &&
      maxCharsPerColumn < 0
    ) {
      const tokens = line.split(delimiter);
      if (tokens.length > maxColumns) throw malformed(line);
      for (let i = 0; i < tokens.length; i++) if (tokens[i] === "") tokens[i] = nullValue;
      return tokens;
    }
    return this.record(line, 0).tokens;
  }

  /** The record that begins at a place of the text. */
  record(text: string, start: number): CsvRecord {
    const { delimiter, quote, ignoreLeadingSpace, nullValue, maxColumns, maxCharsPerColumn } = this.#options;
    this.#text = text;
    this.#at = start;
    this.#open = false;
    const tokens: string[] = [];
    for (;;) {
      if (ignoreLeadingSpace) this.#skipSpace();
      let token: string | undefined;
      if (this.#atEnd() || this.#atDelimiter()) token = nullValue;
      else if (quote !== "" && text[this.#at] === quote) token = this.#quoted();
      else token = this.#plain();
      if (maxCharsPerColumn >= 0 && token.length > maxCharsPerColumn)
        throw malformed(this.#recordText(start));
      tokens.push(token);
      if (tokens.length > maxColumns) throw malformed(this.#recordText(start));
      if (this.#atEnd()) break;
      this.#at += delimiter.length;
    }
    const end = this.#at < text.length ? this.#at + this.#newline.length : this.#at;
    return { tokens, end, open: this.#open };
  }

  #recordText(start: number): string {
    const end = this.#newline === "" ? -1 : this.#text.indexOf(this.#newline, start);
    return this.#text.slice(start, end < 0 ? undefined : end);
  }

  #atEnd(): boolean {
    return (
      this.#at >= this.#text.length ||
      (this.#newline !== "" && this.#text.startsWith(this.#newline, this.#at))
    );
  }

  #atDelimiter(): boolean {
    return this.#text.startsWith(this.#options.delimiter, this.#at);
  }

  #skipSpace(): void {
    while (!this.#atEnd() && !this.#atDelimiter() && this.#text.charCodeAt(this.#at) <= 32) this.#at++;
  }

  /** Everything up to the next delimiter. */
  #rest(): string {
    const from = this.#at;
    const delimiter = this.#text.indexOf(this.#options.delimiter, from);
    const newline = this.#newline === "" ? -1 : this.#text.indexOf(this.#newline, from);
    let to = this.#text.length;
    if (delimiter >= 0) to = delimiter;
    if (newline >= 0 && newline < to) to = newline;
    this.#at = to;
    return this.#text.slice(from, to);
  }

  #plain(): string {
    const value = this.#trimmedEnd(this.#rest());
    return value === "" ? this.#options.nullValue : value;
  }

  #trimmedEnd(value: string): string {
    if (!this.#options.ignoreTrailingSpace) return value;
    let end = value.length;
    while (end > 0 && value.charCodeAt(end - 1) <= 32) end--;
    return value.slice(0, end);
  }

  #quoted(): string {
    const { quote, escape, escapeOfEscape, emptyValue } = this.#options;
    const text = this.#text;
    let value = "";
    this.#at++;
    for (;;) {
      const from = this.#at;
      const next = this.#nextSpecial(from);
      if (next < 0) {
        this.#at = text.length;
        this.#open = true;
        value += text.slice(from);
        return value === "" ? emptyValue : value;
      }
      value += text.slice(from, next);
      const c = text[next] as string;
      const following = text[next + 1];
      this.#at = next + 1;
      if (c === escape && escape !== quote && following === quote) {
        value += quote;
        this.#at++;
      } else if (c === escapeOfEscape && escapeOfEscape !== "" && following === escape && c !== quote) {
        value += escape;
        this.#at++;
      } else if (c !== quote) {
        value += c;
      } else if (escape === quote && following === quote) {
        value += quote;
        this.#at++;
      } else {
        // Quotes that follow one another stand for themselves, but for the last.
        while (escape !== quote && text[this.#at] === quote) {
          value += quote;
          this.#at++;
        }
        const closed = this.#afterQuote(value);
        if (closed !== undefined) return closed;
        value += quote;
      }
    }
  }

  /** Position of the next character that means something inside quotes. */
  #nextSpecial(from: number): number {
    const { quote, escape, escapeOfEscape } = this.#options;
    let best = this.#text.indexOf(quote, from);
    for (const c of [escape, escapeOfEscape]) {
      if (c === "" || c === quote) continue;
      const at = this.#text.indexOf(c, from);
      if (at >= 0 && (best < 0 || at < best)) best = at;
    }
    return best;
  }

  /** The value, if the quote just read ends it; undefined when it goes on behind that quote. */
  #afterQuote(value: string): string | undefined {
    const { quote, emptyValue, unescapedQuotes } = this.#options;
    const from = this.#at;
    this.#skipSpace();
    if (this.#atEnd() || this.#atDelimiter()) return value === "" ? emptyValue : value;
    switch (unescapedQuotes) {
      case "STOP_AT_DELIMITER":
        this.#at = from;
        return this.#trimmedEnd(`${quote}${value}${quote}${this.#rest()}`);
      case "STOP_AT_CLOSING_QUOTE":
        this.#at = from;
        return undefined;
      case "SKIP_VALUE":
        this.#rest();
        return this.#options.nullValue;
      case "RAISE_ERROR":
        throw malformed(this.#text);
      case "BACK_TO_DELIMITER":
        throw unsupported("the CSV option unescapedQuoteHandling = BACK_TO_DELIMITER");
    }
  }
}

function malformed(badRecord: string): SparkRuntimeException {
  return new SparkRuntimeException({ condition: "MALFORMED_CSV_RECORD", messageParameters: { badRecord } });
}
