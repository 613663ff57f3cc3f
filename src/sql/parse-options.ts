import type { Expression } from "../plan/expression.ts";

/** What of a session's configuration changes how a text is read. Absent means Spark's default. */
export interface ParseOptions {
  /** `spark.sql.ansi.enforceReservedKeywords` (with ANSI mode on). */
  readonly reservedKeywords?: boolean;
  /** `spark.sql.ansi.doubleQuotedIdentifiers` (with ANSI mode on): `"x"` is a name instead of a string. */
  readonly doubleQuotedIdentifiers?: boolean;
  /** `spark.sql.parser.escapedStringLiterals`: backslashes in strings stand for themselves. */
  readonly escapedStringLiterals?: boolean;
  /** `spark.sql.parser.quotedRegexColumnNames`: names in backquotes select columns by pattern. */
  readonly quotedRegexColumnNames?: boolean;
  /** `spark.sql.legacy.setopsPrecedence.enabled`: all set operations bind alike. */
  readonly legacySetOpsPrecedence?: boolean;
  /** `spark.sql.legacy.exponentLiteralAsDecimal.enabled`. */
  readonly exponentLiteralAsDecimal?: boolean;
  /** `spark.sql.legacy.interval.enabled`: interval literals are calendar intervals. */
  readonly legacyInterval?: boolean;
  /** `spark.sql.parser.singleCharacterPipeOperator.enabled`, on by default: `|` before a word of a pipe is `|>`. */
  readonly singleCharacterPipe?: boolean;
  /** `spark.sql.legacy.parser.havingWithoutGroupByAsWhere`. */
  readonly havingAsWhere?: boolean;
  /** `spark.sql.legacy.consecutiveStringLiterals.enabled`: `'a''b'` is two texts, put together. */
  readonly consecutiveStrings?: boolean;
  /** `spark.sql.scripting.continueHandlerEnabled`. */
  readonly continueHandlers?: boolean;
  /** `spark.sql.collation.schemaLevel.enabled`. */
  readonly schemaCollations?: boolean;
  /** `spark.sql.ansi.enabled`; true by default. */
  readonly ansiEnabled?: boolean;
  /** `spark.sql.session.timeZone`, for `TIMESTAMP` literals; `UTC` by default. */
  readonly sessionTimeZone?: string;
  /** `spark.sql.timestampType`: what `TIMESTAMP` without more stands for. */
  readonly timestampType?: "TIMESTAMP_LTZ" | "TIMESTAMP_NTZ";
  /** `spark.sql.charAsVarchar`. */
  readonly charAsVarchar?: boolean;
  /** Microseconds since the epoch that `DATE 'today'` and `TIMESTAMP 'now'` refer to. */
  readonly nowMicros?: bigint;
  /** Values for `:name` and `?`. A marker without one stays a `ParameterMarker`. */
  readonly namedParameters?: Readonly<Record<string, Expression>>;
  readonly positionalParameters?: readonly Expression[];
  /** What the text is the body of, for the contexts of errors: `VIEW` and its name. */
  readonly objectType?: string;
  readonly objectName?: string;
}

/** The options that a session's configuration asks for. `get` gives the value in force or undefined. */
export function parseOptionsFromConf(get: (key: string) => string | undefined): ParseOptions {
  const on = (key: string): boolean => get(key)?.toLowerCase() === "true";
  const ansiEnabled = get("spark.sql.ansi.enabled")?.toLowerCase() !== "false";
  const sessionTimeZone = get("spark.sql.session.timeZone");
  return {
    ansiEnabled,
    reservedKeywords: ansiEnabled && on("spark.sql.ansi.enforceReservedKeywords"),
    doubleQuotedIdentifiers: ansiEnabled && on("spark.sql.ansi.doubleQuotedIdentifiers"),
    escapedStringLiterals: on("spark.sql.parser.escapedStringLiterals"),
    quotedRegexColumnNames: on("spark.sql.parser.quotedRegexColumnNames"),
    legacySetOpsPrecedence: on("spark.sql.legacy.setopsPrecedence.enabled"),
    exponentLiteralAsDecimal: on("spark.sql.legacy.exponentLiteralAsDecimal.enabled"),
    legacyInterval: on("spark.sql.legacy.interval.enabled"),
    singleCharacterPipe:
      get("spark.sql.parser.singleCharacterPipeOperator.enabled")?.toLowerCase() !== "false",
    havingAsWhere: on("spark.sql.legacy.parser.havingWithoutGroupByAsWhere"),
    consecutiveStrings: on("spark.sql.legacy.consecutiveStringLiterals.enabled"),
    continueHandlers: on("spark.sql.scripting.continueHandlerEnabled"),
    schemaCollations: on("spark.sql.collation.schemaLevel.enabled"),
    charAsVarchar: on("spark.sql.charAsVarchar"),
    timestampType:
      get("spark.sql.timestampType")?.toUpperCase() === "TIMESTAMP_NTZ" ? "TIMESTAMP_NTZ" : "TIMESTAMP_LTZ",
    ...(sessionTimeZone === undefined ? {} : { sessionTimeZone }),
  };
}
