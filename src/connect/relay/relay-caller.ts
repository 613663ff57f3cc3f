import type { RpcCall } from "../service/connect-service.ts";
import { RpcError, STATUS } from "../service/rpc-error.ts";
import { Inbox, SendWindow } from "./inbox.ts";
import { decodeRelayMessage, encodeRelayMessage, type RelayMessage, WINDOW_BYTES } from "./relay-message.ts";

interface Call {
  readonly responses: Inbox<Uint8Array>;
  readonly window: SendWindow;
}

/** The listening side of the relay: hands calls on to a page and gives what it answers. */
export class RelayCaller {
  readonly #send: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly #calls = new Map<number, Call>();
  #lastId = 0;

  constructor(send: (bytes: Uint8Array<ArrayBuffer>) => void) {
    this.#send = send;
  }

  receive(bytes: Uint8Array): void {
    const message = decodeRelayMessage(bytes);
    const call = this.#calls.get(message.call);
    switch (message.kind) {
      case "data":
        call?.responses.put(message.data);
        break;
      case "end":
        call?.responses.end();
        break;
      case "error": {
        const details = message.details.length === 0 ? {} : { details: message.details };
        call?.responses.fail(new RpcError(message.code, message.message, details));
        break;
      }
      case "taken":
        call?.window.giveBack(message.bytes);
        break;
    }
  }

  /** The page is gone: all calls fail in a way that clients try again. */
  close(): void {
    for (const { responses, window } of this.#calls.values()) {
      responses.fail(new RpcError(STATUS.UNAVAILABLE, "the page that answers has been closed"));
      window.close();
    }
    this.#calls.clear();
  }

  /** One call, as `ConnectService.handle`. */
  async *handle(method: string, { requests, signal }: RpcCall): AsyncGenerator<Uint8Array> {
    this.#lastId = (this.#lastId + 1) >>> 0;
    const id = this.#lastId;
    const responses = new Inbox<Uint8Array>((data) =>
      this.#post({ kind: "taken", call: id, bytes: data.length }),
    );
    const call: Call = { responses, window: new SendWindow(WINDOW_BYTES) };
    this.#calls.set(id, call);
    const cancel = (): void => {
      this.#post({ kind: "cancel", call: id });
      responses.end();
      call.window.close();
    };
    signal.addEventListener("abort", cancel);
    try {
      this.#post({ kind: "open", call: id, method });
      this.#sendAll(id, call, requests).catch((error) => {
        // A client that sends nonsense: the page need not go on.
        responses.fail(error);
        this.#post({ kind: "cancel", call: id });
      });
      yield* responses;
    } finally {
      signal.removeEventListener("abort", cancel);
      this.#calls.delete(id);
    }
  }

  async #sendAll(id: number, call: Call, requests: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const data of requests) {
      await call.window.take(data.length);
      this.#post({ kind: "data", call: id, data });
    }
    this.#post({ kind: "end", call: id });
  }

  #post(message: RelayMessage): void {
    this.#send(encodeRelayMessage(message));
  }
}
