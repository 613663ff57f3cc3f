import { LakeletError } from "../errors/lakelet-error.ts";
import { gather } from "./bytes.ts";
import type { PlainCall, Refable, Reply, Request } from "./port-messages.ts";
import { serveStorage } from "./serve-storage.ts";
import type { FileInfo, Storage, StorageDescriptor } from "./storage.ts";
import { decodeError } from "./wire-errors.ts";

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
