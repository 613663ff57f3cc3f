import { type QueryContext, type SparkErrorClass, sparkError } from "../../errors/spark-error.ts";
import { decode, type Message } from "../messages/decode.ts";
import { RpcError, STATUS } from "../service/rpc-error.ts";

/** The JVM's classes that PySpark knows, and its names for them. */
const KNOWN: Readonly<Record<string, SparkErrorClass>> = {
  "org.apache.spark.sql.catalyst.parser.ParseException": "ParseException",
  "org.apache.spark.sql.AnalysisException": "AnalysisException",
  "org.apache.spark.sql.streaming.StreamingQueryException": "StreamingQueryException",
  "org.apache.spark.sql.execution.QueryExecutionException": "QueryExecutionException",
  "java.lang.NumberFormatException": "NumberFormatException",
  "java.lang.IllegalArgumentException": "IllegalArgumentException",
  "java.lang.ArithmeticException": "ArithmeticException",
  "java.lang.UnsupportedOperationException": "UnsupportedOperationException",
  "java.lang.ArrayIndexOutOfBoundsException": "ArrayIndexOutOfBoundsException",
  "java.time.DateTimeException": "DateTimeException",
  "org.apache.spark.SparkRuntimeException": "SparkRuntimeException",
  "org.apache.spark.SparkUpgradeException": "SparkUpgradeException",
  "org.apache.spark.api.python.PythonException": "PythonException",
  "org.apache.spark.SparkNoSuchElementException": "SparkNoSuchElementException",
  "org.apache.spark.SparkException": "PySparkException",
  // Sessions, operations and cursors: as the local engine says it.
  "org.apache.spark.SparkSQLException": "PySparkException",
  "org.apache.spark.sql.connect.common.InvalidPlanInput": "InvalidPlanInput",
};

/** What google.rpc.ErrorInfo says of an error of Spark's. */
export interface ErrorInfo {
  readonly message: string;
  readonly errorClass: SparkErrorClass;
  readonly condition: string;
  readonly sqlState: string | undefined;
  readonly messageParameters: Readonly<Record<string, string>>;
  /** For FetchErrorDetails. */
  readonly errorId: string | undefined;
  /** The server asks to be tried again (google.rpc.RetryInfo). */
  readonly mayRetry: boolean;
}

/** Reads the details of a status; undefined when the error is not one of Spark's. */
export function readErrorInfo(error: RpcError): ErrorInfo | undefined {
  if (error.details === undefined) return undefined;
  const status = decode("google.rpc.Status", error.details);
  let info: Message | undefined;
  let mayRetry = false;
  for (const detail of status.details as readonly {
    readonly typeUrl: string;
    readonly value: Uint8Array;
  }[]) {
    if (detail.typeUrl.endsWith("/google.rpc.ErrorInfo")) info = decode("google.rpc.ErrorInfo", detail.value);
    if (detail.typeUrl.endsWith("/google.rpc.RetryInfo")) mayRetry = true;
  }
  const metadata = (info?.metadata ?? {}) as Readonly<Record<string, string>>;
  const classes = parseJson<readonly string[]>(metadata.classes, []);
  const known = classes.find((name) => name in KNOWN);
  return {
    message: status.message as string,
    errorClass: known === undefined ? "UnknownException" : (KNOWN[known] as SparkErrorClass),
    condition: metadata.errorClass ?? "",
    sqlState: metadata.sqlState,
    messageParameters: parseJson(metadata.messageParameters, {}),
    errorId: metadata.errorId,
    mayRetry,
  };
}

/** The exception that PySpark would raise; `details` is the answer of FetchErrorDetails, which tells more. */
export function toSparkException(error: RpcError, info: ErrorInfo, details: Message | undefined): Error {
  const root = (details?.errors as readonly Message[] | undefined)?.[Number(details?.rootErrorIdx ?? 0)];
  const throwable = root?.sparkThrowable as Message | undefined;
  const parameters = throwable?.messageParameters as Readonly<Record<string, string>> | undefined;
  const condition = info.condition || (throwable?.errorClass as string | undefined) || "";
  return sparkError(info.errorClass, {
    condition,
    message: (root?.message as string | undefined) ?? info.message,
    messageParameters: parameters ?? info.messageParameters,
    queryContexts: (throwable?.queryContexts as readonly QueryContext[] | undefined) ?? [],
    cause: error,
    ...(info.sqlState === undefined ? {} : { sqlState: info.sqlState }),
  });
}

/** Whether the same call, or going on with it, may succeed. */
export function isRetryable(error: unknown): boolean {
  if (!(error instanceof RpcError)) return false;
  if (error.code === STATUS.UNAVAILABLE) return true;
  if (error.code === STATUS.INTERNAL && error.message.includes("INVALID_CURSOR.DISCONNECTED")) return true;
  return readErrorInfo(error)?.mayRetry === true;
}

function parseJson<T>(text: string | undefined, fallback: T): T {
  if (text === undefined) return fallback;
  try {
    return JSON.parse(text) as T;
  } catch {
    // Long values are cut off by some servers.
    return fallback;
  }
}
