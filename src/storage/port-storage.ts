import { LakeletError } from "../errors/lakelet-error.ts";
import { gather } from "./bytes.ts";
import type { FileInfo, Storage, StorageDescriptor } from "./storage.ts";
import type { WireError } from "./wire-errors.ts";
import { decodeError, encodeError } from "./wire-errors.ts";

/** The calls that travel as they are. */
type PlainCall =
  | "read"
  | "openBlob"
  | "writeNew"
  | "putIfAbsent"
  | "writeHint"
  | "stat"
  | "list"
  | "listDirectories"
  | "remove"
  | "removeDirectory";

type Request =
  | { readonly op: "call"; readonly id: number; readonly call: PlainCall; readonly args: readonly unknown[] }
  | {
      readonly op: "acquire";
      readonly id: number;
      readonly name: string;
      readonly mode: "exclusive" | "shared" | "try";
    }
  /** Gives up waiting for, or gives back, the lock that request `id` asked for. */
  | { readonly op: "release"; readonly id: number }
  | { readonly op: "assertHeld"; readonly id: number; readonly lock: number }
  | { readonly op: "notify"; readonly topic: string };

type Reply =
  | { readonly op: "value"; readonly id: number; readonly value: unknown }
  | { readonly op: "error"; readonly id: number; readonly error: WireError }
  | { readonly op: "topic"; readonly topic: string };

/** In Node a port keeps its process alive unless told otherwise; browsers have neither method. */
interface Refable {
  ref?(): void;
  unref?(): void;
}

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

/** The other end of `serveStorage`: a storage that lives in another realm. */
export class PortStorage implements Storage {
  readonly #id: string;
  readonly #port: MessagePort;
  readonly #pending = new Map<
    number,
    { readonly resolve: (value: unknown) => void; readonly reject: (error: unknown) => void }
  >();
  readonly #listeners = new Set<(topic: string) => void>();
  #lastRequest = 0;
  #closed = false;

  constructor(port: MessagePort, id: string) {
    this.#id = id;
    this.#port = port;
    port.addEventListener("message", (event) => this.#onReply((event as MessageEvent).data as Reply));
    port.addEventListener("close", () => this.#end());
    port.start();
    (port as Refable).unref?.();
  }

  read(path: string, range?: { readonly start: number; readonly end: number }): Promise<Uint8Array> {
    return this.#call("read", [path, range]);
  }

  openBlob(path: string): Promise<Blob> {
    return this.#call("openBlob", [path]);
  }

  async writeNew(path: string, data: Uint8Array | AsyncIterable<Uint8Array>): Promise<FileInfo> {
    return this.#call("writeNew", [path, data instanceof Uint8Array ? data : await gather(data)]);
  }

  putIfAbsent(path: string, data: Uint8Array): Promise<boolean> {
    return this.#call("putIfAbsent", [path, data]);
  }

  writeHint(path: string, data: Uint8Array): Promise<void> {
    return this.#call("writeHint", [path, data]);
  }

  stat(path: string): Promise<FileInfo | undefined> {
    return this.#call("stat", [path]);
  }

  list(directory: string, options?: { readonly recursive?: boolean }): Promise<readonly FileInfo[]> {
    return this.#call("list", [directory, options]);
  }

  listDirectories(directory: string): Promise<readonly string[]> {
    return this.#call("listDirectories", [directory]);
  }

  remove(path: string): Promise<boolean> {
    return this.#call("remove", [path]);
  }

  removeDirectory(path: string): Promise<void> {
    return this.#call("removeDirectory", [path]);
  }

  async exclusive<T>(
    name: string,
    fn: (lock: { readonly assertHeld: () => Promise<void> }) => Promise<T>,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<T> {
    const id = this.#nextId();
    const abandon = (): void => this.#post({ op: "release", id });
    options.signal?.addEventListener("abort", abandon, { once: true });
    try {
      options.signal?.throwIfAborted();
      await this.#request<boolean>(id, { op: "acquire", id, name, mode: "exclusive" });
    } catch (error) {
      if (!options.signal?.aborted) throw error;
      throw new LakeletError("aborted", `stopped while waiting for the lock ${name}`, {
        cause: options.signal.reason,
      });
    } finally {
      options.signal?.removeEventListener("abort", abandon);
    }
    const assertHeld = async (): Promise<void> => {
      const check = this.#nextId();
      await this.#request(check, { op: "assertHeld", id: check, lock: id });
    };
    return this.#holding(id, () => fn({ assertHeld }));
  }

  async shared<T>(name: string, fn: () => Promise<T>): Promise<T> {
    const id = this.#nextId();
    await this.#request(id, { op: "acquire", id, name, mode: "shared" });
    return this.#holding(id, fn);
  }

  async tryExclusive<T>(
    name: string,
    fn: () => Promise<T>,
  ): Promise<{ readonly ran: true; readonly value: T } | { readonly ran: false }> {
    const id = this.#nextId();
    if (!(await this.#request<boolean>(id, { op: "acquire", id, name, mode: "try" }))) return { ran: false };
    return { ran: true, value: await this.#holding(id, fn) };
  }

  notify(topic: string): void {
    this.#post({ op: "notify", topic });
  }

  subscribe(listener: (topic: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A further port on the same storage, by way of this realm: it works as long as this realm does. */
  descriptor(): StorageDescriptor {
    const { port1, port2 } = new MessageChannel();
    const stop = serveStorage(this, port1);
    this.#port.addEventListener("close", stop);
    return { kind: "memory", id: this.#id, port: port2 };
  }

  async close(): Promise<void> {
    this.#end();
    this.#port.close();
  }

  #call<T>(call: PlainCall, args: readonly unknown[]): Promise<T> {
    const id = this.#nextId();
    return this.#request<T>(id, { op: "call", id, call, args });
  }

  #request<T>(id: number, request: Request): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#closed) return reject(portClosed());
      if (this.#pending.size === 0) (this.#port as Refable).ref?.();
      this.#pending.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#post(request);
    });
  }

  async #holding<T>(id: number, fn: () => Promise<T>): Promise<T> {
    try {
      return await fn();
    } finally {
      this.#post({ op: "release", id });
    }
  }

  #onReply(reply: Reply): void {
    if (reply.op === "topic") {
      for (const listener of [...this.#listeners]) listener(reply.topic);
      return;
    }
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (this.#pending.size === 0) (this.#port as Refable).unref?.();
    if (reply.op === "value") pending?.resolve(reply.value);
    else pending?.reject(decodeError(reply.error));
  }

  #post(request: Request): void {
    if (!this.#closed) this.#port.postMessage(request);
  }

  #end(): void {
    this.#closed = true;
    for (const { reject } of this.#pending.values()) reject(portClosed());
    this.#pending.clear();
  }

  #nextId(): number {
    this.#lastRequest += 1;
    return this.#lastRequest;
  }
}

function portClosed(): LakeletError {
  return new LakeletError("crashed", "the realm that holds the storage has ended", { retryable: false });
}

/** `read` makes a copy of its own, which can be given away. */
function transferable(value: unknown): readonly Transferable[] {
  return value instanceof Uint8Array && value.buffer.byteLength === value.byteLength
    ? [value.buffer as ArrayBuffer]
    : [];
}
