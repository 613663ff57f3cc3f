import { LakeletError } from "../errors/lakelet-error.ts";
import type { Refable, Reply, Request } from "./port-messages.ts";
import type { Storage } from "./storage.ts";
import { encodeError } from "./wire-errors.ts";

interface ServedLock {
  readonly release: () => void;
  readonly abandon: AbortController;
  assertHeld?: () => Promise<void>;
}

/**
 * Lets another realm use `storage` through `port` (see `PortStorage`). When the port closes, as when the other realm
 * dies, its locks are given back. Returns a function that ends the service.
 */
export function serveStorage(
  storage: Storage,
  port: MessagePort,
  options: { readonly onEnd?: () => void } = {},
): () => void {
  const locks = new Map<number, ServedLock>();
  let ended = false;
  const send = (reply: Reply, transfer: readonly Transferable[] = []): void => {
    if (!ended) port.postMessage(reply, [...transfer]);
  };
  const fail = (id: number, error: unknown): void => send({ op: "error", id, error: encodeError(error) });
  const unsubscribe = storage.subscribe((topic) => send({ op: "topic", topic }));

  const call = async (request: Extract<Request, { op: "call" }>): Promise<void> => {
    try {
      const method = storage[request.call] as (...args: unknown[]) => Promise<unknown>;
      const value = await method.apply(storage, [...request.args]);
      send({ op: "value", id: request.id, value }, transferable(value));
    } catch (error) {
      fail(request.id, error);
    }
  };

  const acquire = async ({ id, name, mode }: Extract<Request, { op: "acquire" }>): Promise<void> => {
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const lock: ServedLock = { release: () => release(), abandon: new AbortController() };
    locks.set(id, lock);
    const granted = (): Promise<void> => {
      send({ op: "value", id, value: true });
      return released;
    };
    try {
      if (mode === "exclusive") {
        await storage.exclusive(
          name,
          (held) => {
            lock.assertHeld = held.assertHeld;
            return granted();
          },
          { signal: lock.abandon.signal },
        );
      } else if (mode === "shared") {
        await storage.shared(name, granted);
      } else if (!(await storage.tryExclusive(name, granted)).ran) {
        send({ op: "value", id, value: false });
      }
    } catch (error) {
      fail(id, error);
    } finally {
      locks.delete(id);
    }
  };

  const onMessage = (event: MessageEvent): void => {
    const request = event.data as Request;
    switch (request.op) {
      case "call":
        void call(request);
        break;
      case "acquire":
        void acquire(request);
        break;
      case "release": {
        const lock = locks.get(request.id);
        lock?.abandon.abort();
        lock?.release();
        break;
      }
      case "assertHeld": {
        const check = locks.get(request.lock)?.assertHeld;
        const held =
          check?.() ?? Promise.reject(new LakeletError("conflict", "the lock is not held any more"));
        held.then(
          () => send({ op: "value", id: request.id, value: true }),
          (error: unknown) => fail(request.id, error),
        );
        break;
      }
      case "notify":
        storage.notify(request.topic);
        break;
    }
  };

  const end = (): void => {
    if (ended) return;
    ended = true;
    unsubscribe();
    port.removeEventListener("message", onMessage);
    for (const lock of locks.values()) {
      lock.abandon.abort();
      lock.release();
    }
    port.close();
    options.onEnd?.();
  };
  port.addEventListener("message", onMessage);
  port.addEventListener("close", end);
  port.start();
  (port as Refable).unref?.();
  return end;
}

/** `read` makes a copy of its own, which can be given away. */
function transferable(value: unknown): readonly Transferable[] {
  return value instanceof Uint8Array && value.buffer.byteLength === value.byteLength
    ? [value.buffer as ArrayBuffer]
    : [];
}
