/** The gRPC status codes that the service answers with. */
export const STATUS = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  RESOURCE_EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

/** How a call fails: what a transport writes into the trailers. */
export class RpcError extends Error {
  /** A gRPC status code. */
  readonly code: number;
  /** `grpc-status-details-bin`: a serialized google.rpc.Status. */
  readonly details: Uint8Array | undefined;

  constructor(code: number, message: string, options: { details?: Uint8Array; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "RpcError";
    this.code = code;
    this.details = options.details;
  }
}
