import { LakeletError } from "../errors/lakelet-error.ts";

/** The worker that ran a task died before it answered. `cause` is what it died of, as far as that can be known. */
export class WorkerCrashedError extends LakeletError {
  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super("crashed", message, { retryable: true, cause: options.cause });
    this.name = "WorkerCrashedError";
  }
}

/** The queue of a pool is full: `await pool.ready` before the next task. */
export class QueueFullError extends LakeletError {
  constructor(maxQueue: number) {
    super(
      "unavailable",
      `the pool's queue holds ${maxQueue} tasks already; await pool.ready before the next`,
      {
        retryable: true,
      },
    );
    this.name = "QueueFullError";
  }
}

/** The function cannot run in a worker: it uses what is not part of it, or is no function's text. */
export class NotShippableError extends LakeletError {
  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super("unavailable", message, { cause: options.cause });
    this.name = "NotShippableError";
  }
}

export function abortError(message = "the task was aborted"): DOMException {
  return new DOMException(message, "AbortError");
}

export function timeoutError(timeoutMs: number): DOMException {
  return new DOMException(`the task took longer than ${timeoutMs} ms`, "TimeoutError");
}

/** What a task is rejected with when its signal fires: a timeout stays one, all else is an AbortError. */
export function reasonOf(signal: AbortSignal): DOMException {
  const { reason } = signal;
  if (reason instanceof DOMException && (reason.name === "TimeoutError" || reason.name === "AbortError")) {
    return reason;
  }
  return abortError(reason === undefined ? undefined : `the task was aborted: ${String(reason)}`);
}
