import { LakeletError } from "../../errors/lakelet-error.ts";
import {
  PySparkException,
  type QueryContext,
  type SparkErrorClass,
  sparkError,
} from "../../errors/spark-error.ts";
import type { Message } from "../messages/decode.ts";
import { encode } from "../messages/encode.ts";
import { jvmClasses } from "./jvm-classes.ts";
import { RpcError, STATUS } from "./rpc-error.ts";

/** What `FetchErrorDetails` tells of an error: the whole of it, where trailers hold only a part. */
export interface ErrorRecord {
  readonly classes: readonly string[];
  readonly message: string;
  readonly condition: string | undefined;
  readonly sqlState: string | undefined;
  readonly messageParameters: Readonly<Record<string, string>>;
  readonly queryContexts: readonly QueryContext[];
}

/** Characters of a message that go into trailers: clients limit all headers together to 8 KiB. */
const MAX_TRAILER_MESSAGE = 1_024;
const MAX_TRAILER_PARAMETERS = 1_024;

/** A Spark error about a session, an operation or a cursor. */
export function handleError(
  condition: string,
  messageParameters: Readonly<Record<string, string>>,
): PySparkException {
  return sparkError("PySparkException", { condition, messageParameters });
}

export function describeError(error: unknown): ErrorRecord {
  if (error instanceof PySparkException) {
    const condition = error.getCondition() || undefined;
    return {
      classes: jvmClasses(error.name as SparkErrorClass, condition ?? ""),
      message: error.message,
      condition,
      sqlState: error.getSqlState(),
      messageParameters: error.getMessageParameters(),
      queryContexts: error.getQueryContext(),
    };
  }
  if (isAbort(error)) return describeError(handleError("OPERATION_CANCELED", {}));
  return {
    classes: jvmClasses(undefined, ""),
    message: error instanceof Error ? error.message : String(error),
    condition: undefined,
    sqlState: undefined,
    messageParameters: {},
    queryContexts: [],
  };
}

function isAbort(error: unknown): boolean {
  if (error instanceof LakeletError) return error.kind === "aborted";
  return error instanceof Error && error.name === "AbortError";
}

/**
 * The error as gRPC carries it: status INTERNAL with google.rpc.ErrorInfo beside the text.
 *
 * @param errorId under which `FetchErrorDetails` will find the rest; without it nobody asks
 */
export function toRpcError(error: unknown, errorId?: string): RpcError {
  if (error instanceof RpcError) return error;
  const record = describeError(error);
  const parameters = JSON.stringify(record.messageParameters);
  const message = abbreviate(record.message, MAX_TRAILER_MESSAGE);
  const metadata: Record<string, string> = { classes: JSON.stringify(record.classes) };
  if (errorId !== undefined) metadata.errorId = errorId;
  if (record.condition !== undefined) metadata.errorClass = record.condition;
  if (record.sqlState !== undefined) metadata.sqlState = record.sqlState;
  if (record.condition !== undefined && parameters.length <= MAX_TRAILER_PARAMETERS) {
    metadata.messageParameters = parameters;
  }
  const info = { reason: record.classes[0] ?? "", domain: "org.apache.spark", metadata };
  const status = {
    code: STATUS.INTERNAL,
    message,
    details: [
      { typeUrl: "type.googleapis.com/google.rpc.ErrorInfo", value: encode("google.rpc.ErrorInfo", info) },
    ],
  };
  return new RpcError(STATUS.INTERNAL, message, {
    details: encode("google.rpc.Status", status),
    cause: error,
  });
}

export function abbreviate(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 3)}...`;
}

/** The error as `FetchErrorDetails` and failed observations tell it. */
export function errorMessage(record: ErrorRecord): Message {
  return {
    errorTypeHierarchy: record.classes,
    message: record.message,
    ...(record.condition === undefined
      ? {}
      : {
          sparkThrowable: {
            errorClass: record.condition,
            messageParameters: record.messageParameters,
            queryContexts: record.queryContexts,
            sqlState: record.sqlState,
          },
        }),
  };
}
