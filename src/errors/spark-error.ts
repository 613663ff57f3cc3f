import { CONDITIONS } from "./conditions/index.ts";

/** The part of the user's text or program that an error is about, as Spark's `QueryContext`. Indexes are 0-based, `stopIndex` inclusive. */
export interface QueryContext {
  readonly contextType: "SQL" | "DATAFRAME";
  readonly objectType: string;
  readonly objectName: string;
  readonly startIndex: number;
  readonly stopIndex: number;
  readonly fragment: string;
  readonly callSite: string;
  readonly summary: string;
}

export interface SparkErrorInit {
  readonly condition: string;
  readonly messageParameters?: Readonly<Record<string, string>>;
  readonly queryContexts?: readonly QueryContext[];
  readonly cause?: unknown;
  /** Overrides the text that is built from the condition's template. */
  readonly message?: string;
  /** For conditions that only a server knows; others have their SQLSTATE by name. */
  readonly sqlState?: string;
}

/** The plain form in which an error crosses a worker boundary or leaves DuckDB. */
export interface SerializedSparkError extends Omit<SparkErrorInit, "cause"> {
  readonly errorClass: SparkErrorClass;
}

/**
 * Root of the exceptions that Spark would raise, named as in `pyspark.errors`.
 *
 * `getCondition()` is stable and is what programs should test; the message is Spark's text.
 */
export class PySparkException extends Error {
  readonly #condition: string;
  readonly #parameters: Readonly<Record<string, string>>;
  readonly #contexts: readonly QueryContext[];
  readonly #sqlState: string | undefined;

  constructor(init: SparkErrorInit) {
    super(init.message ?? formatMessage(init), init.cause === undefined ? undefined : { cause: init.cause });
    this.name = new.target.name;
    this.#condition = init.condition;
    this.#parameters = init.messageParameters ?? {};
    this.#contexts = init.queryContexts ?? [];
    this.#sqlState = init.sqlState ?? sqlStateOf(init.condition);
  }

  getCondition(): string {
    return this.#condition;
  }

  /** The older name of `getCondition`. */
  getErrorClass(): string {
    return this.#condition;
  }

  getSqlState(): string | undefined {
    return this.#sqlState;
  }

  getMessageParameters(): Readonly<Record<string, string>> {
    return this.#parameters;
  }

  getMessage(): string {
    return this.message;
  }

  /** What Spark says about a change of its own behaviour behind an error; Lakelet has none to tell of. */
  getBreakingChangeInfo(): undefined {
    return undefined;
  }

  getQueryContext(): readonly QueryContext[] {
    return this.#contexts;
  }
}

export class AnalysisException extends PySparkException {}
export class SparkException extends PySparkException {}
export class ParseException extends AnalysisException {}
export class IllegalArgumentException extends PySparkException {}
export class ArithmeticException extends PySparkException {}
export class UnsupportedOperationException extends PySparkException {}
export class ArrayIndexOutOfBoundsException extends PySparkException {}
export class DateTimeException extends PySparkException {}
export class NumberFormatException extends IllegalArgumentException {}
export class SparkRuntimeException extends PySparkException {}
export class SparkUpgradeException extends PySparkException {}
export class SparkNoSuchElementException extends PySparkException {}
export class QueryExecutionException extends PySparkException {}
export class StreamingQueryException extends PySparkException {}
export class PythonException extends PySparkException {}
/** A plan that came over Spark Connect and is not one. */
export class InvalidPlanInput extends PySparkException {}
export class PySparkValueError extends PySparkException {}
export class PySparkTypeError extends PySparkException {}
export class PySparkAttributeError extends PySparkException {}
export class PySparkAssertionError extends PySparkException {}
export class PySparkNotImplementedError extends PySparkException {}
export class UnknownException extends PySparkException {}
export class TempTableAlreadyExistsException extends AnalysisException {}
export class SessionNotSameException extends PySparkException {}
export class PySparkPicklingError extends PySparkException {}
export class PySparkImportError extends PySparkException {}
export class PySparkKeyError extends PySparkException {}
export class PySparkRuntimeError extends PySparkException {}
export class PySparkIndexError extends PySparkException {}

/** Root of Delta's conflicts: another transaction came first. The operation may be tried again from a fresh read. */
export class ConcurrentModificationException extends PySparkException {}
export class ConcurrentWriteException extends ConcurrentModificationException {}
export class ConcurrentAppendException extends ConcurrentModificationException {}
export class ConcurrentDeleteReadException extends ConcurrentModificationException {}
export class ConcurrentDeleteDeleteException extends ConcurrentModificationException {}
export class MetadataChangedException extends ConcurrentModificationException {}
export class ProtocolChangedException extends ConcurrentModificationException {}
export class ConcurrentTransactionException extends ConcurrentModificationException {}

const CLASSES = {
  PySparkException,
  UnknownException,
  AnalysisException,
  SparkException,
  ParseException,
  IllegalArgumentException,
  ArithmeticException,
  UnsupportedOperationException,
  ArrayIndexOutOfBoundsException,
  DateTimeException,
  NumberFormatException,
  SparkRuntimeException,
  SparkUpgradeException,
  SparkNoSuchElementException,
  QueryExecutionException,
  StreamingQueryException,
  PythonException,
  InvalidPlanInput,
  PySparkValueError,
  PySparkTypeError,
  PySparkAttributeError,
  PySparkAssertionError,
  PySparkNotImplementedError,
  ConcurrentModificationException,
  ConcurrentWriteException,
  ConcurrentAppendException,
  ConcurrentDeleteReadException,
  ConcurrentDeleteDeleteException,
  MetadataChangedException,
  ProtocolChangedException,
  ConcurrentTransactionException,
} as const;

export type SparkErrorClass = keyof typeof CLASSES;

/** Builds the exception of the given class; the message comes from the condition's template. */
export function sparkError(errorClass: SparkErrorClass, init: SparkErrorInit): PySparkException {
  return new CLASSES[errorClass](init);
}

/** An `AnalysisException` with the given condition and parameters: the most frequent case. */
export function analysisError(
  condition: string,
  messageParameters: Readonly<Record<string, string>> = {},
  queryContexts: readonly QueryContext[] = [],
): AnalysisException {
  return new AnalysisException({ condition, messageParameters, queryContexts });
}

/** What we cannot do as Spark does: refused by name, never answered wrongly. */
export function unsupported(feature: string): UnsupportedOperationException {
  return new UnsupportedOperationException({
    condition: "UNSUPPORTED_FEATURE",
    messageParameters: { feature },
  });
}

export function sqlStateOf(condition: string): string | undefined {
  const own = CONDITIONS[condition];
  if (own?.sqlState !== undefined) return own.sqlState;
  const dot = condition.indexOf(".");
  return dot < 0 ? undefined : CONDITIONS[condition.slice(0, dot)]?.sqlState;
}

/** `[CONDITION] text SQLSTATE: 42601`: the condition's template with its parameters in place. */
export function describeCondition(
  condition: string,
  messageParameters: Readonly<Record<string, string>> = {},
): string {
  const dot = condition.indexOf(".");
  // UNSUPPORTED_FEATURE alone names the feature; above a sub-condition it is just the heading.
  const main =
    dot < 0 ? undefined : CONDITIONS[condition.slice(0, dot)]?.message.replace(/ <feature>\.$/, "");
  const own = CONDITIONS[condition]?.message ?? `(no text for ${condition})`;
  const template = main === undefined ? own : `${main} ${own}`;
  const text = template.replace(
    /<([a-zA-Z0-9_-]+)>/g,
    (whole, name: string) => messageParameters[name] ?? whole,
  );
  // Conditions that Spark has not named yet show their text alone.
  if (condition.startsWith("_LEGACY_ERROR_")) return text;
  const state = sqlStateOf(condition);
  return `[${condition}] ${text}${state === undefined ? "" : ` SQLSTATE: ${state}`}`;
}

function formatMessage(init: SparkErrorInit): string {
  const { condition, messageParameters, queryContexts = [] } = init;
  return `${describeCondition(condition, messageParameters)}${queryContexts.map((c) => `\n${c.summary}`).join("")}`;
}

export function serializeSparkError(error: PySparkException): SerializedSparkError {
  return {
    errorClass: error.name as SparkErrorClass,
    condition: error.getCondition(),
    messageParameters: error.getMessageParameters(),
    queryContexts: error.getQueryContext(),
    message: error.message,
  };
}

export function deserializeSparkError(plain: SerializedSparkError): PySparkException {
  return sparkError(plain.errorClass in CLASSES ? plain.errorClass : "PySparkException", plain);
}
