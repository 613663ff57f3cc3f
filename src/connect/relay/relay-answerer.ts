import type { ConnectService } from "../service/connect-service.ts";
import { RpcError, STATUS } from "../service/rpc-error.ts";
import { Inbox, SendWindow } from "./inbox.ts";
import { decodeRelayMessage, encodeRelayMessage, type RelayMessage, WINDOW_BYTES } from "./relay-message.ts";

interface Call {
  readonly requests: Inbox<Uint8Array>;
  readonly abort: AbortController;
  readonly window: SendWindow;
}

/** The page's side of the relay: calls come in as messages and are answered by the service here. */
export class RelayAnswerer {
  readonly #service: Pick<ConnectService, "handle">;
  readonly #send: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly #calls = new Map<number, Call>();

  constructor(service: Pick<ConnectService, "handle">, send: (bytes: Uint8Array<ArrayBuffer>) => void) {
    this.#service = service;
    this.#send = send;
  }

  receive(bytes: Uint8Array): void {
    const message = decodeRelayMessage(bytes);
    if (message.kind === "open") {
      this.#open(message.call, message.method);
      return;
    }
    const call = this.#calls.get(message.call);
    switch (message.kind) {
      case "data":
        call?.requests.put(message.data);
        break;
      case "end":
        call?.requests.end();
        break;
      case "cancel":
        call?.abort.abort();
        call?.requests.end();
        call?.window.close();
        break;
      case "taken":
        call?.window.giveBack(message.bytes);
        break;
    }
  }

  /** The connection is gone: nobody waits for answers any more. */
  close(): void {
    for (const call of this.#calls.values()) {
      call.abort.abort();
      call.requests.end();
      call.window.close();
    }
    this.#calls.clear();
  }

  #open(id: number, method: string): void {
    const requests = new Inbox<Uint8Array>((data) =>
      this.#post({ kind: "taken", call: id, bytes: data.length }),
    );
    const call: Call = { requests, abort: new AbortController(), window: new SendWindow(WINDOW_BYTES) };
    this.#calls.set(id, call);
    void this.#answer(id, method, call);
  }

  async #answer(id: number, method: string, call: Call): Promise<void> {
    try {
      const { requests, abort, window } = call;
      for await (const data of this.#service.handle(method, { requests, signal: abort.signal })) {
        await window.take(data.length);
        if (abort.signal.aborted) break;
        this.#post({ kind: "data", call: id, data });
      }
      this.#post({ kind: "end", call: id });
    } catch (error) {
      const known = error instanceof RpcError ? error : new RpcError(STATUS.UNKNOWN, String(error));
      const { code, message, details = new Uint8Array(0) } = known;
      this.#post({ kind: "error", call: id, code, message, details });
    } finally {
      this.#calls.delete(id);
    }
  }

  #post(message: RelayMessage): void {
    this.#send(encodeRelayMessage(message));
  }
}
