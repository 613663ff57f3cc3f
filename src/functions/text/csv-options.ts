import { IllegalArgumentException, SparkRuntimeException } from "../../errors/spark-error.ts";
import { SparkIllegalOption } from "./illegal-option.ts";
import { booleanOption, type ParseMode, parseMode } from "./read-mode.ts";

export type UnescapedQuotes =
  | "STOP_AT_DELIMITER"
  | "STOP_AT_CLOSING_QUOTE"
  | "BACK_TO_DELIMITER"
  | "SKIP_VALUE"
  | "RAISE_ERROR";

/** Spark's options of the CSV reader. Characters are empty strings where they are switched off. */
export interface CsvOptions {
  readonly delimiter: string;
  readonly quote: string;
  readonly escape: string;
  readonly escapeOfEscape: string;
  readonly comment: string;
  readonly header: boolean;
  readonly inferSchema: boolean;
  readonly multiLine: boolean;
  readonly lineSeparator?: string;
  readonly charset: string;
  readonly ignoreLeadingSpace: boolean;
  readonly ignoreTrailingSpace: boolean;
  readonly nullValue: string;
  readonly emptyValue: string;
  readonly nanValue: string;
  readonly positiveInf: string;
  readonly negativeInf: string;
  readonly dateFormat?: string;
  readonly timestampFormat?: string;
  readonly timestampNtzFormat?: string;
  readonly locale?: string;
  readonly mode: ParseMode;
  readonly corruptColumn: string;
  readonly maxColumns: number;
  readonly maxCharsPerColumn: number;
  readonly enforceSchema: boolean;
  readonly preferDate: boolean;
  readonly unescapedQuotes: UnescapedQuotes;
}

export function csvOptions(options: Readonly<Record<string, string>>): CsvOptions {
  const character = (name: string, fallback: string): string => {
    const value = options[name];
    if (value === undefined) return fallback;
    if (value === "" || value === "\u0000") return "";
    if (value.length > 1) {
      throw new SparkRuntimeException({
        condition: "OPTION_VALUE_EXCEEDS_ONE_CHARACTER",
        messageParameters: { paramName: name, actualValue: value },
      });
    }
    return value;
  };
  const quote = character("quote", '"');
  const escape = character("escape", "\\");
  const unescaped = options.unescapedquotehandling?.toUpperCase();
  return {
    delimiter: delimiterOf(options.sep ?? options.delimiter ?? ","),
    quote,
    escape,
    escapeOfEscape: character("chartoescapequoteescaping", quote === escape ? "" : escape),
    comment: character("comment", ""),
    header: booleanOption(options.header, false),
    inferSchema: booleanOption(options.inferschema, false),
    multiLine: booleanOption(options.multiline, false),
    ...optional("lineSeparator", lineSeparatorOf(options.linesep)),
    charset: options.encoding ?? options.charset ?? "UTF-8",
    ignoreLeadingSpace: booleanOption(options.ignoreleadingwhitespace, false),
    ignoreTrailingSpace: booleanOption(options.ignoretrailingwhitespace, false),
    nullValue: options.nullvalue ?? "",
    emptyValue: options.emptyvalue ?? "",
    nanValue: options.nanvalue ?? "NaN",
    positiveInf: options.positiveinf ?? "Inf",
    negativeInf: options.negativeinf ?? "-Inf",
    ...optional("dateFormat", options.dateformat),
    ...optional("timestampFormat", options.timestampformat),
    ...optional("timestampNtzFormat", options.timestampntzformat),
    ...optional("locale", options.locale),
    mode: parseMode(options.mode),
    corruptColumn: options.columnnameofcorruptrecord ?? "_corrupt_record",
    maxColumns: Number(options.maxcolumns ?? 20_480),
    maxCharsPerColumn: Number(options.maxcharspercolumn ?? -1),
    enforceSchema: booleanOption(options.enforceschema, true),
    preferDate: booleanOption(options.preferdate, true),
    unescapedQuotes: isHandling(unescaped) ? unescaped : "STOP_AT_DELIMITER",
  };
}

function isHandling(value: string | undefined): value is UnescapedQuotes {
  return [
    "STOP_AT_DELIMITER",
    "STOP_AT_CLOSING_QUOTE",
    "BACK_TO_DELIMITER",
    "SKIP_VALUE",
    "RAISE_ERROR",
  ].includes(value ?? "");
}

function optional<K extends string>(name: K, value: string | undefined): { readonly [P in K]?: string } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [P in K]?: string };
}

export function lineSeparatorOf(option: string | undefined): string | undefined {
  if (option === "") throw new SparkIllegalOption("'lineSep' cannot be an empty string.");
  return option;
}

/** One or more characters, with the escapes that Spark knows. */
export function delimiterOf(text: string): string {
  const refuse = (kind: string, parameters: Readonly<Record<string, string>> = {}): never => {
    throw new IllegalArgumentException({
      condition: `INVALID_DELIMITER_VALUE.${kind}`,
      messageParameters: parameters,
    });
  };
  if (text === "") return refuse("EMPTY_STRING");
  let result = "";
  for (let at = 0; at < text.length; at++) {
    const c = text[at] as string;
    if (c !== "\\") {
      result += c;
      continue;
    }
    const next = text[at + 1];
    if (next === undefined) return refuse("SINGLE_BACKSLASH");
    if (text === "\\u0000") return "\0";
    const known = ESCAPES.get(next);
    if (known === undefined) return refuse("UNSUPPORTED_SPECIAL_CHARACTER", { str: text });
    result += known;
    at++;
  }
  return result;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["t", "\t"],
  ["r", "\r"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["0", "\0"],
  ['"', '"'],
  ["'", "'"],
  ["\\", "\\"],
]);
