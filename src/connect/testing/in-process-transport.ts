import type { CallOptions, RemoteTransport } from "../remote/transport.ts";
import type { ConnectService } from "../service/connect-service.ts";
import { RpcError, STATUS } from "../service/rpc-error.ts";

/** A transport for tests: straight into a service, with a connection that can be made to break. */
export class InProcessTransport implements RemoteTransport {
  readonly #service: Pick<ConnectService, "handle">;
  /** Called before each message of an answer; true breaks the connection there. */
  breakBefore: (method: string, index: number) => boolean = () => false;
  readonly calls: string[] = [];
  readonly metadata: Readonly<Record<string, string>>[] = [];

  constructor(service: Pick<ConnectService, "handle">) {
    this.#service = service;
  }

  async *call(
    method: string,
    requests: readonly Uint8Array[] | AsyncIterable<Uint8Array>,
    options: CallOptions,
  ): AsyncGenerator<Uint8Array> {
    this.calls.push(method);
    this.metadata.push(options.metadata);
    const abort = new AbortController();
    options.signal?.addEventListener("abort", () => abort.abort());
    let index = 0;
    const check = (): void => {
      if (options.signal?.aborted === true) throw new RpcError(STATUS.CANCELLED, "the call was cancelled");
    };
    try {
      check();
      const stream = (async function* () {
        yield* requests;
      })();
      for await (const message of this.#service.handle(method, { requests: stream, signal: abort.signal })) {
        if (this.breakBefore(method, index++)) throw new RpcError(STATUS.UNAVAILABLE, "the connection broke");
        yield message;
      }
      check();
      if (this.breakBefore(method, index)) throw new RpcError(STATUS.UNAVAILABLE, "the connection broke");
    } finally {
      abort.abort();
    }
  }

  close(): void {}
}
