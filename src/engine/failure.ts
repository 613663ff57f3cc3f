import { LakeletError } from "../errors/lakelet-error.ts";
import { PySparkException, type SerializedSparkError, serializeSparkError } from "../errors/spark-error.ts";
import { sparkErrorOfDuckdb } from "../functions/native-error.ts";
import { FileNotFoundError } from "../storage/storage.ts";
import type { EngineFailure } from "./engine-api.ts";

/** Every promise of an engine that rejects carries one of these, or its `failure` as plain data across a worker. */
export class EngineError extends Error {
  readonly failure: EngineFailure;

  constructor(failure: EngineFailure, options?: ErrorOptions) {
    super(describeFailure(failure), options);
    this.name = "EngineError";
    this.failure = failure;
  }
}

export function describeFailure(failure: EngineFailure): string {
  if (failure.kind === "spark") return failure.error.message ?? failure.error.condition;
  if (failure.kind === "cancelled") return "the task was cancelled";
  return failure.path === undefined ? failure.message : `${failure.message} (${failure.path})`;
}

export function cancelledError(): EngineError {
  return new EngineError({ kind: "cancelled" });
}

/** The failure that an engine's rejection carries, whether it was caught in the same realm or came from a worker. */
export function failureOf(error: unknown): EngineFailure {
  if (typeof error === "object" && error !== null && "failure" in error) {
    const failure = error.failure as EngineFailure | undefined;
    if (typeof failure?.kind === "string") return failure;
  }
  if (error instanceof PySparkException) return { kind: "spark", error: serializeSparkError(error) };
  if (error instanceof FileNotFoundError)
    return { kind: "missing", message: error.message, path: error.path };
  if (error instanceof LakeletError) {
    const { kind, message } = error;
    if (kind === "aborted") return { kind: "cancelled" };
    return { kind: kind === "quota" || kind === "corrupt" || kind === "memory" ? kind : "internal", message };
  }
  return { kind: "internal", message: messageOf(error) };
}

export function toEngineError(error: unknown): EngineError {
  return error instanceof EngineError ? error : new EngineError(failureOf(error), { cause: error });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What DuckDB's error text stands for: Spark's error raised in SQL or by a kernel, a lack of memory, or a fault. */
export function failureFromDuckdb(text: string): EngineFailure {
  const message = unwrapped(text);
  const spark = raisedError(message) ?? sparkErrorOfDuckdb(message);
  if (spark !== undefined) return { kind: "spark", error: spark };
  if (/^(Out of Memory Error|.*Allocation failure|.*std::bad_alloc)/m.test(message)) {
    return { kind: "memory", message: message.split("\n")[0] as string };
  }
  return { kind: "internal", message };
}

/** Errors of streamed results come wrapped in JSON, once or more. */
function unwrapped(text: string): string {
  let message = text;
  for (let i = 0; i < 4; i++) {
    const start = message.indexOf('{"exception_type":');
    if (start < 0) break;
    try {
      const inner = JSON.parse(message.slice(start)) as { exception_message?: unknown };
      if (typeof inner.exception_message !== "string") break;
      message = inner.exception_message;
    } catch {
      break;
    }
  }
  return message.replace(
    /^Attempting to execute an unsuccessful or closed pending query result\nError: /,
    "",
  );
}

function raisedError(message: string): SerializedSparkError | undefined {
  const start = message.indexOf('{"errorClass":');
  if (start < 0) return undefined;
  const json = message.slice(start, endOfObject(message, start));
  try {
    const raw = JSON.parse(escapeControls(json)) as Partial<SerializedSparkError>;
    if (typeof raw.errorClass !== "string" || typeof raw.condition !== "string") return undefined;
    return raw as SerializedSparkError;
  } catch {
    return undefined;
  }
}

/** Just past the brace that closes the object which begins at `start`; DuckDB may append a position in the SQL. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let i = start; i < text.length; i++) {
    const c = text[i];
    if (inString) {
      if (c === "\\") i++;
      else if (c === '"') inString = false;
    } else if (c === '"') inString = true;
    else if (c === "{") depth++;
    else if (c === "}" && --depth === 0) return i + 1;
  }
  return text.length;
}

/** SQL escapes only quotes and backslashes; JSON wants control characters escaped too. */
function escapeControls(json: string): string {
  return json.replace(/[\u0000-\u001f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
