import { gather } from "./bytes.ts";
import type { FileInfo, Storage, StorageDescriptor } from "./storage.ts";

/** A call that the wrapped storage is about to make. */
export interface StorageCall {
  /** Counted from 0 over the life of the storage. */
  readonly index: number;
  readonly operation: StorageOperation;
  /** Path, directory or lock name. */
  readonly target: string;
}

export type StorageOperation =
  | "read"
  | "openBlob"
  | "writeNew"
  | "putIfAbsent"
  | "writeHint"
  | "stat"
  | "list"
  | "listDirectories"
  | "remove"
  | "removeDirectory"
  | "lock"
  | "assertHeld";

/** How far a call that changes something gets before its process dies. */
export type CrashEffect =
  /** It has not begun. */
  | "none"
  /** A new file is there, but empty: nothing of it was flushed. */
  | "empty"
  /** A new file is there up to its middle; of a directory half the files are gone. */
  | "half"
  /** It is done, only nobody is told. */
  | "done";

export type Fault =
  /** The call fails, once, without effect. */
  | { readonly kind: "fail"; readonly error: Error }
  /** The call takes effect and then fails: what the caller is told is not what happened. */
  | { readonly kind: "failAfter"; readonly error: Error }
  /** The process dies in the call; nothing that it does after that has any effect. */
  | { readonly kind: "crash"; readonly effect: CrashEffect };

export class CrashedError extends Error {
  constructor() {
    super("the process is dead");
    this.name = "CrashedError";
  }
}

const CHANGES: Readonly<Partial<Record<StorageOperation, readonly CrashEffect[]>>> = {
  writeNew: ["none", "empty", "half", "done"],
  putIfAbsent: ["none", "done"],
  writeHint: ["none", "done"],
  remove: ["none", "done"],
  removeDirectory: ["none", "half", "done"],
};

/** Each way in which a process can die in such a call. */
export function crashEffects(operation: StorageOperation): readonly CrashEffect[] {
  return CHANGES[operation] ?? ["none"];
}

/**
 * One process's view of a storage, with faults as `decide` wants them: for tests. Without faults it is the storage
 * itself. `calls` records what was asked.
 */
export class FaultyStorage implements Storage {
  readonly calls: StorageCall[] = [];
  readonly #inner: Storage;
  readonly #decide: (call: StorageCall) => Fault | undefined;
  #crashed = false;
  #die: () => void = () => {};
  /** Rejects when the process dies: a dead process holds no locks. */
  readonly #death: Promise<never>;

  constructor(inner: Storage, decide: (call: StorageCall) => Fault | undefined = () => undefined) {
    this.#inner = inner;
    this.#decide = decide;
    this.#death = new Promise((_, reject) => {
      this.#die = () => reject(new CrashedError());
    });
    this.#death.catch(() => {});
  }

  get crashed(): boolean {
    return this.#crashed;
  }

  read(path: string, range?: { readonly start: number; readonly end: number }): Promise<Uint8Array> {
    return this.#call("read", path, () => this.#inner.read(path, range));
  }

  openBlob(path: string): Promise<Blob> {
    return this.#call("openBlob", path, () => this.#inner.openBlob(path));
  }

  async writeNew(path: string, data: Uint8Array | AsyncIterable<Uint8Array>): Promise<FileInfo> {
    const bytes = data instanceof Uint8Array ? data : await gather(data);
    return this.#call("writeNew", path, () => this.#inner.writeNew(path, bytes), {
      empty: () => this.#inner.writeNew(path, new Uint8Array()),
      half: () => this.#inner.writeNew(path, bytes.subarray(0, bytes.byteLength >> 1)),
    });
  }

  putIfAbsent(path: string, data: Uint8Array): Promise<boolean> {
    return this.#call("putIfAbsent", path, () => this.#inner.putIfAbsent(path, data));
  }

  writeHint(path: string, data: Uint8Array): Promise<void> {
    return this.#call("writeHint", path, () => this.#inner.writeHint(path, data));
  }

  stat(path: string): Promise<FileInfo | undefined> {
    return this.#call("stat", path, () => this.#inner.stat(path));
  }

  list(directory: string, options?: { readonly recursive?: boolean }): Promise<readonly FileInfo[]> {
    return this.#call("list", directory, () => this.#inner.list(directory, options));
  }

  listDirectories(directory: string): Promise<readonly string[]> {
    return this.#call("listDirectories", directory, () => this.#inner.listDirectories(directory));
  }

  remove(path: string): Promise<boolean> {
    return this.#call("remove", path, () => this.#inner.remove(path));
  }

  removeDirectory(path: string): Promise<void> {
    return this.#call("removeDirectory", path, () => this.#inner.removeDirectory(path), {
      half: async () => {
        const files = await this.#inner.list(path, { recursive: true });
        for (const file of files.slice(0, Math.ceil(files.length / 2))) await this.#inner.remove(file.path);
      },
    });
  }

  async exclusive<T>(
    name: string,
    fn: (lock: { readonly assertHeld: () => Promise<void> }) => Promise<T>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<T> {
    await this.#call("lock", name, async () => {});
    return this.#inner.exclusive(
      name,
      ({ assertHeld }) =>
        Promise.race([fn({ assertHeld: () => this.#call("assertHeld", name, assertHeld) }), this.#death]),
      options,
    );
  }

  async shared<T>(name: string, fn: () => Promise<T>): Promise<T> {
    await this.#call("lock", name, async () => {});
    return this.#inner.shared(name, () => Promise.race([fn(), this.#death]));
  }

  async tryExclusive<T>(
    name: string,
    fn: () => Promise<T>,
  ): Promise<{ readonly ran: true; readonly value: T } | { readonly ran: false }> {
    await this.#call("lock", name, async () => {});
    return this.#inner.tryExclusive(name, () => Promise.race([fn(), this.#death]));
  }

  notify(topic: string): void {
    if (!this.#crashed) this.#inner.notify(topic);
  }

  subscribe(listener: (topic: string) => void): () => void {
    return this.#inner.subscribe(listener);
  }

  descriptor(): StorageDescriptor {
    return this.#inner.descriptor();
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  async #call<T>(
    operation: StorageOperation,
    target: string,
    run: () => Promise<T>,
    partial: Readonly<Partial<Record<CrashEffect, () => Promise<unknown>>>> = {},
  ): Promise<T> {
    if (this.#crashed) throw new CrashedError();
    const call: StorageCall = { index: this.calls.length, operation, target };
    this.calls.push(call);
    const fault = this.#decide(call);
    if (fault === undefined) {
      const value = await run();
      // The process may have died while this call was under way.
      if (this.#crashed) throw new CrashedError();
      return value;
    }
    if (fault.kind === "fail") throw fault.error;
    if (fault.kind === "failAfter") {
      await run();
      throw fault.error;
    }
    this.#crashed = true;
    this.#die();
    if (fault.effect === "done") await run().catch(() => {});
    else await partial[fault.effect]?.().catch(() => {});
    throw new CrashedError();
  }
}
