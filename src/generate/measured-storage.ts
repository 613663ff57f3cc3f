import type { FileInfo, Storage, StorageDescriptor } from "../storage/storage.ts";

/** A storage that counts the milliseconds spent in it, and those spent waiting for its exclusive locks. */
export class MeasuredStorage implements Storage {
  readonly #inner: Storage;
  storageMs = 0;
  lockMs = 0;

  constructor(inner: Storage) {
    this.#inner = inner;
  }

  read(path: string, range?: { readonly start: number; readonly end: number }): Promise<Uint8Array> {
    return this.#timed(this.#inner.read(path, range));
  }
  openBlob(path: string): Promise<Blob> {
    return this.#timed(this.#inner.openBlob(path));
  }
  writeNew(path: string, data: Uint8Array | AsyncIterable<Uint8Array>): Promise<FileInfo> {
    return this.#timed(this.#inner.writeNew(path, data));
  }
  putIfAbsent(path: string, data: Uint8Array): Promise<boolean> {
    return this.#timed(this.#inner.putIfAbsent(path, data));
  }
  writeHint(path: string, data: Uint8Array): Promise<void> {
    return this.#timed(this.#inner.writeHint(path, data));
  }
  stat(path: string): Promise<FileInfo | undefined> {
    return this.#timed(this.#inner.stat(path));
  }
  list(directory: string, options?: { readonly recursive?: boolean }): Promise<readonly FileInfo[]> {
    return this.#timed(this.#inner.list(directory, options));
  }
  listDirectories(directory: string): Promise<readonly string[]> {
    return this.#timed(this.#inner.listDirectories(directory));
  }
  remove(path: string): Promise<boolean> {
    return this.#timed(this.#inner.remove(path));
  }
  removeDirectory(path: string): Promise<void> {
    return this.#timed(this.#inner.removeDirectory(path));
  }

  exclusive<T>(
    name: string,
    fn: (lock: { readonly assertHeld: () => Promise<void> }) => Promise<T>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<T> {
    const askedAt = performance.now();
    return this.#inner.exclusive(
      name,
      (lock) => {
        this.lockMs += performance.now() - askedAt;
        return fn(lock);
      },
      options,
    );
  }
  shared<T>(name: string, fn: () => Promise<T>): Promise<T> {
    return this.#inner.shared(name, fn);
  }
  tryExclusive<T>(
    name: string,
    fn: () => Promise<T>,
  ): Promise<{ readonly ran: true; readonly value: T } | { readonly ran: false }> {
    return this.#inner.tryExclusive(name, fn);
  }
  notify(topic: string): void {
    this.#inner.notify(topic);
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

  async #timed<T>(work: Promise<T>): Promise<T> {
    const startedAt = performance.now();
    try {
      return await work;
    } finally {
      this.storageMs += performance.now() - startedAt;
    }
  }
}
