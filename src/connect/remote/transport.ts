/** How messages reach a Spark Connect server: gRPC over HTTP/2, or gRPC-Web over fetch. */
export interface RemoteTransport {
  /**
   * Makes one call and gives the messages of the answer as they come. Leaving the loop cancels the call.
   *
   * @param method such as `ExecutePlan`
   * @throws RpcError with the server's status; UNAVAILABLE when the server cannot be reached or the connection broke
   */
  call(
    method: string,
    requests: readonly Uint8Array[] | AsyncIterable<Uint8Array>,
    options: CallOptions,
  ): AsyncIterable<Uint8Array>;
  close(): void;
}

export interface CallOptions {
  /** Beside the ones of gRPC, keys in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Of one message that a server sends: as PySpark has it. */
export const MAX_RESPONSE_BYTES = 128 * 1024 * 1024;
