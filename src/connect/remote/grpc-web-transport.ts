import { frame, readFrames } from "../service/framing.ts";
import { RpcError, STATUS } from "../service/rpc-error.ts";
import { SERVICE_NAME } from "../service/service-name.ts";
import { httpError, statusOf } from "./grpc-status.ts";
import { type CallOptions, MAX_RESPONSE_BYTES, type RemoteTransport } from "./transport.ts";

const TRAILERS = 0x80;

/** gRPC-Web over fetch, for pages: a proxy (`lakelet proxy`, Envoy) stands before the server. */
export class GrpcWebTransport implements RemoteTransport {
  readonly #origin: string;
  readonly #fetch: typeof fetch;
  readonly #open = new Set<AbortController>();

  /** @param origin such as `http://localhost:15080` */
  constructor(origin: string, options: { readonly fetch?: typeof fetch } = {}) {
    this.#origin = origin;
    this.#fetch = options.fetch ?? ((...args) => fetch(...args));
  }

  async *call(
    method: string,
    requests: readonly Uint8Array[] | AsyncIterable<Uint8Array>,
    { metadata, signal }: CallOptions,
  ): AsyncGenerator<Uint8Array> {
    const abort = new AbortController();
    const forward = () => abort.abort();
    signal?.addEventListener("abort", forward);
    if (signal?.aborted === true) forward();
    this.#open.add(abort);
    try {
      // Browsers cannot stream a request: all of it goes in one body.
      const body: Uint8Array[] = [];
      for await (const request of requests) body.push(frame(request));
      const response = await this.#fetch(`${this.#origin}/${SERVICE_NAME}/${method}`, {
        method: "POST",
        headers: { "content-type": "application/grpc-web+proto", "x-grpc-web": "1", ...metadata },
        body: new Blob(body as BlobPart[]),
        signal: abort.signal,
      });
      // An error before any data comes in the headers, with an empty body.
      const headers = Object.fromEntries(response.headers);
      if (headers["grpc-status"] !== undefined && headers["grpc-status"] !== "0") throw statusOf([headers]);
      if (!response.ok) throw httpError(response.status);
      let trailers: Record<string, string> | undefined;
      for await (const { flag, data } of readFrames(bytesOf(response), MAX_RESPONSE_BYTES)) {
        if ((flag & TRAILERS) !== 0) trailers = parseTrailers(data);
        else yield data;
      }
      const error = statusOf(trailers === undefined ? [headers] : [headers, trailers]);
      if (error !== undefined) throw error;
    } catch (error) {
      throw this.#explain(error, signal);
    } finally {
      signal?.removeEventListener("abort", forward);
      this.#open.delete(abort);
      abort.abort();
    }
  }

  close(): void {
    for (const abort of this.#open) abort.abort();
  }

  #explain(error: unknown, signal: AbortSignal | undefined): unknown {
    if (signal?.aborted === true)
      return new RpcError(STATUS.CANCELLED, "the call was cancelled", { cause: error });
    if (error instanceof RpcError && error.details !== undefined) return error;
    if (error instanceof RpcError && error.message !== "the stream ended within a message") return error;
    const reason = error instanceof Error ? error.message : String(error);
    return new RpcError(STATUS.UNAVAILABLE, `${this.#origin} cannot be reached or broke off: ${reason}`, {
      cause: error,
    });
  }
}

async function* bytesOf(response: Response): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function parseTrailers(data: Uint8Array): Record<string, string> {
  const trailers: Record<string, string> = {};
  for (const line of new TextDecoder().decode(data).split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return trailers;
}
