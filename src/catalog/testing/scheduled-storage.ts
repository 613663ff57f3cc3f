import type { Scheduler } from "fast-check";
import type { FileInfo, Storage, StorageDescriptor } from "../../storage/storage.ts";

/** One session's view of a storage in which every call waits until a scheduler lets it go on: for tests. */
export class ScheduledStorage implements Storage {
  readonly #inner: Storage;
  readonly #scheduler: Scheduler;

  constructor(inner: Storage, scheduler: Scheduler) {
    this.#inner = inner;
    this.#scheduler = scheduler;
  }

  async read(path: string, range?: { readonly start: number; readonly end: number }): Promise<Uint8Array> {
    await this.#turn();
    return this.#inner.read(path, range);
  }
  async openBlob(path: string): Promise<Blob> {
    await this.#turn();
    return this.#inner.openBlob(path);
  }
  async writeNew(path: string, data: Uint8Array | AsyncIterable<Uint8Array>): Promise<FileInfo> {
    await this.#turn();
    return this.#inner.writeNew(path, data);
  }
  async putIfAbsent(path: string, data: Uint8Array): Promise<boolean> {
    await this.#turn();
    const created = await this.#inner.putIfAbsent(path, data);
    // The answer takes its time too: others may see the file first.
    await this.#turn();
    return created;
  }
  async writeHint(path: string, data: Uint8Array): Promise<void> {
    await this.#turn();
    return this.#inner.writeHint(path, data);
  }
  async stat(path: string): Promise<FileInfo | undefined> {
    await this.#turn();
    return this.#inner.stat(path);
  }
  async list(directory: string, options?: { readonly recursive?: boolean }): Promise<readonly FileInfo[]> {
    await this.#turn();
    return this.#inner.list(directory, options);
  }
  async listDirectories(directory: string): Promise<readonly string[]> {
    await this.#turn();
    return this.#inner.listDirectories(directory);
  }
  async remove(path: string): Promise<boolean> {
    await this.#turn();
    return this.#inner.remove(path);
  }
  async removeDirectory(path: string): Promise<void> {
    await this.#turn();
    return this.#inner.removeDirectory(path);
  }
  async exclusive<T>(
    name: string,
    fn: (lock: { readonly assertHeld: () => Promise<void> }) => Promise<T>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<T> {
    await this.#turn();
    return this.#inner.exclusive(name, fn, options);
  }
  async shared<T>(name: string, fn: () => Promise<T>): Promise<T> {
    await this.#turn();
    return this.#inner.shared(name, fn);
  }
  async tryExclusive<T>(
    name: string,
    fn: () => Promise<T>,
  ): Promise<{ readonly ran: true; readonly value: T } | { readonly ran: false }> {
    await this.#turn();
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

  #turn(): Promise<void> {
    return this.#scheduler.schedule(Promise.resolve());
  }
}
