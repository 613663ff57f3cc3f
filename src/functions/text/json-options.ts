import { lineSeparatorOf } from "./csv-options.ts";
import { SparkIllegalOption } from "./illegal-option.ts";
import type { JsonFeatures } from "./json-scanner.ts";
import { booleanOption, type ParseMode, parseMode } from "./read-mode.ts";

/** Spark's options of the JSON reader. */
export interface JsonOptions {
  readonly features: JsonFeatures;
  readonly primitivesAsString: boolean;
  readonly prefersDecimal: boolean;
  readonly dropFieldIfAllNull: boolean;
  readonly inferTimestamp: boolean;
  readonly multiLine: boolean;
  readonly lineSeparator?: string;
  readonly charset: string;
  readonly mode: ParseMode;
  readonly corruptColumn: string;
  readonly dateFormat?: string;
  readonly timestampFormat?: string;
  readonly timestampNtzFormat?: string;
  readonly locale?: string;
}

export function jsonOptions(options: Readonly<Record<string, string>>): JsonOptions {
  const on = (name: string, fallback = false): boolean => booleanOption(options[name], fallback);
  const lineSeparator = lineSeparatorOf(options.linesep);
  const charset = options.encoding ?? options.charset ?? "UTF-8";
  const multiLine = on("multiline");
  if (!multiLine && lineSeparator === undefined && !/^utf-?8$/i.test(charset)) {
    throw new SparkIllegalOption(
      `requirement failed: The lineSep option must be specified for the ${charset} encoding`,
    );
  }
  return {
    features: {
      comments: on("allowcomments"),
      unquotedFieldNames: on("allowunquotedfieldnames"),
      singleQuotes: on("allowsinglequotes", true),
      leadingZeros: on("allownumericleadingzeros"),
      nonNumericNumbers: on("allownonnumericnumbers", true),
      anyEscape: on("allowbackslashescapinganycharacter"),
      unquotedControls: on("allowunquotedcontrolchars"),
    },
    primitivesAsString: on("primitivesasstring"),
    prefersDecimal: on("prefersdecimal"),
    dropFieldIfAllNull: on("dropfieldifallnull"),
    inferTimestamp: on("infertimestamp"),
    multiLine,
    charset,
    mode: parseMode(options.mode),
    corruptColumn: options.columnnameofcorruptrecord ?? "_corrupt_record",
    ...(lineSeparator === undefined ? {} : { lineSeparator }),
    ...(options.dateformat === undefined ? {} : { dateFormat: options.dateformat }),
    ...(options.timestampformat === undefined ? {} : { timestampFormat: options.timestampformat }),
    ...(options.timestampntzformat === undefined ? {} : { timestampNtzFormat: options.timestampntzformat }),
    ...(options.locale === undefined ? {} : { locale: options.locale }),
  };
}
