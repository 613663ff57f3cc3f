import type * as http2 from "node:http2";
import { frame, readFrames } from "../service/framing.ts";
import { RpcError, STATUS } from "../service/rpc-error.ts";
import { SERVICE_NAME } from "../service/service-name.ts";
import { statusOf } from "./grpc-status.ts";
import { type CallOptions, MAX_RESPONSE_BYTES, type RemoteTransport } from "./transport.ts";

const WINDOW_BYTES = 16 * 1024 * 1024;

/** gRPC on Node's http2, which is handed in so that nothing here loads it in a browser. */
export class Http2Transport implements RemoteTransport {
  readonly #http2: typeof http2;
  readonly #authority: string;
  #session: http2.ClientHttp2Session | undefined;
  readonly #calls = new WeakMap<http2.ClientHttp2Session, number>();

  /** @param authority such as `http://localhost:15002` or `https://host:443` */
  constructor(module: typeof http2, authority: string) {
    this.#http2 = module;
    this.#authority = authority;
  }

  async *call(
    method: string,
    requests: readonly Uint8Array[] | AsyncIterable<Uint8Array>,
    { metadata, signal }: CallOptions,
  ): AsyncGenerator<Uint8Array> {
    signal?.throwIfAborted();
    const session = await this.#connect();
    const stream = this.#open(session, method, metadata);
    const headers: http2.IncomingHttpHeaders[] = [];
    stream.on("response", (received) => headers.push(received));
    stream.on("trailers", (received) => headers.push(received));
    const failed = new Promise<never>((_, reject) => stream.once("error", reject));
    // Reported by the loop below; without a handler here an error after the end would be nobody's.
    failed.catch(() => {});
    const abort = () => stream.close(this.#http2.constants.NGHTTP2_CANCEL);
    signal?.addEventListener("abort", abort);
    const sending = send(stream, requests);
    sending.catch(() => {});
    try {
      for await (const { data } of readFrames(stream as AsyncIterable<Uint8Array>, MAX_RESPONSE_BYTES))
        yield data;
      signal?.throwIfAborted();
      const error = statusOf(headers);
      if (error !== undefined) throw error;
      await sending;
    } catch (error) {
      throw this.#explain(error, headers, signal);
    } finally {
      signal?.removeEventListener("abort", abort);
      if (!stream.closed) stream.close(this.#http2.constants.NGHTTP2_CANCEL);
    }
  }

  close(): void {
    this.#session?.close();
    this.#session = undefined;
  }

  #open(
    session: http2.ClientHttp2Session,
    method: string,
    metadata: Readonly<Record<string, string>>,
  ): http2.ClientHttp2Stream {
    const stream = session.request({
      ":method": "POST",
      ":path": `/${SERVICE_NAME}/${method}`,
      "content-type": "application/grpc",
      te: "trailers",
      ...metadata,
    });
    this.#hold(session, 1);
    stream.once("close", () => this.#hold(session, -1));
    return stream;
  }

  /** Only a connection with calls under way keeps the process alive. */
  #hold(session: http2.ClientHttp2Session, change: 1 | -1): void {
    const calls = (this.#calls.get(session) ?? 0) + change;
    this.#calls.set(session, calls);
    if (session.destroyed) return;
    if (calls > 0) session.ref();
    else session.unref();
  }

  #connect(): Promise<http2.ClientHttp2Session> {
    const known = this.#session;
    if (known !== undefined && !known.closed && !known.destroyed) return Promise.resolve(known);
    return new Promise((resolve, reject) => {
      const session = this.#http2.connect(this.#authority, { settings: { initialWindowSize: WINDOW_BYTES } });
      this.#session = session;
      session.once("connect", () => {
        session.setLocalWindowSize(WINDOW_BYTES);
        resolve(session);
      });
      session.on("error", (error) => {
        reject(
          new RpcError(STATUS.UNAVAILABLE, `${this.#authority} cannot be reached: ${error.message}`, {
            cause: error,
          }),
        );
      });
      session.on("goaway", () => {
        if (this.#session === session) this.#session = undefined;
      });
    });
  }

  #explain(
    error: unknown,
    headers: readonly http2.IncomingHttpHeaders[],
    signal: AbortSignal | undefined,
  ): unknown {
    if (error instanceof RpcError && error.code !== STATUS.INTERNAL) return error;
    if (signal?.aborted === true)
      return new RpcError(STATUS.CANCELLED, "the call was cancelled", { cause: error });
    if (error instanceof RpcError && error.details !== undefined) return error;
    // A stream that ends without a status is a connection that broke.
    if (headers.some((h) => h["grpc-status"] !== undefined)) return error;
    const reason = error instanceof Error ? error.message : String(error);
    return new RpcError(STATUS.UNAVAILABLE, `the connection to ${this.#authority} broke: ${reason}`, {
      cause: error,
    });
  }
}

async function send(
  stream: http2.ClientHttp2Stream,
  requests: readonly Uint8Array[] | AsyncIterable<Uint8Array>,
): Promise<void> {
  for await (const request of requests) {
    if (stream.destroyed || stream.writableEnded) return;
    if (stream.write(frame(request))) continue;
    await new Promise<void>((resolve) => {
      const done = () => {
        stream.off("drain", done);
        stream.off("close", done);
        resolve();
      };
      stream.on("drain", done);
      stream.on("close", done);
    });
  }
  stream.end();
}
