/**
 * What went wrong, in a form that tells the caller what to do.
 *
 * `aborted`: the user stopped it. `timeout`: it took longer than was allowed. `crashed`: a worker died.
 * `quota`: storage is full. `corrupt`: a file is not what its log says. `conflict`: another writer came first.
 * `unavailable`: the browser or machine lacks something. `internal`: a fault of ours.
 */
export type LakeletErrorKind =
  | "aborted"
  | "timeout"
  | "crashed"
  | "quota"
  | "corrupt"
  | "conflict"
  | "unavailable"
  | "memory"
  | "internal";

/** An error that is Lakelet's own, for what Spark has no condition for. */
export class LakeletError extends Error {
  readonly kind: LakeletErrorKind;
  /** Whether the same call may succeed when it is made again. */
  readonly retryable: boolean;

  constructor(
    kind: LakeletErrorKind,
    message: string,
    options: { retryable?: boolean; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "LakeletError";
    this.kind = kind;
    this.retryable = options.retryable ?? false;
  }
}
