import { LakeletError } from "../errors/lakelet-error.ts";
import { gather } from "./bytes.ts";
import { HandleTree, toStorageError, translating } from "./handle-tree.ts";
import { LockQueue } from "./lock-queue.ts";
import { baseName, parentOf, pathParts } from "./paths.ts";
import type { FileInfo, Storage, StorageDescriptor } from "./storage.ts";
import { FileExistsError } from "./storage.ts";

/**
 * A folder that the user picked, for import and export. It has neither sync access handles nor a lock that other
 * programs would honour, so it refuses to be the home of a commit log (`putIfAbsent`).
 */
export class DirectoryHandleStorage implements Storage {
  readonly #tree: HandleTree;
  readonly #locks = new LockQueue();

  constructor(handle: FileSystemDirectoryHandle) {
    this.#tree = new HandleTree(handle);
  }

  read(path: string, range?: { readonly start: number; readonly end: number }): Promise<Uint8Array> {
    return this.#tree.read(path, range);
  }

  openBlob(path: string): Promise<Blob> {
    return this.#tree.open(path);
  }

  async writeNew(path: string, data: Uint8Array | AsyncIterable<Uint8Array>): Promise<FileInfo> {
    pathParts(path);
    if (await this.#tree.exists(path)) throw new FileExistsError(path);
    await this.#write(path, data);
    const file = await this.#tree.open(path);
    return { path, sizeBytes: file.size, modifiedMs: file.lastModified };
  }

  async putIfAbsent(path: string): Promise<boolean> {
    throw new LakeletError(
      "unavailable",
      `a folder picked on this computer is for import and export only; ${path} cannot be committed there`,
    );
  }

  async writeHint(path: string, data: Uint8Array): Promise<void> {
    pathParts(path);
    await this.#write(path, data);
  }

  stat(path: string): Promise<FileInfo | undefined> {
    return this.#tree.stat(path);
  }

  list(directory: string, options: { readonly recursive?: boolean } = {}): Promise<readonly FileInfo[]> {
    return this.#tree.list(directory, options.recursive ?? false);
  }

  listDirectories(directory: string): Promise<readonly string[]> {
    return this.#tree.listDirectories(directory);
  }

  remove(path: string): Promise<boolean> {
    return this.#tree.remove(path);
  }

  removeDirectory(path: string): Promise<void> {
    return this.#tree.removeDirectory(path);
  }

  exclusive<T>(
    name: string,
    fn: (lock: { readonly assertHeld: () => Promise<void> }) => Promise<T>,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<T> {
    return this.#locks.run(name, "exclusive", () => fn({ assertHeld: async () => {} }), options.signal);
  }

  shared<T>(name: string, fn: () => Promise<T>): Promise<T> {
    return this.#locks.run(name, "shared", fn);
  }

  tryExclusive<T>(
    name: string,
    fn: () => Promise<T>,
  ): Promise<{ readonly ran: true; readonly value: T } | { readonly ran: false }> {
    return this.#locks.tryRun(name, "exclusive", fn);
  }

  notify(): void {}

  subscribe(): () => void {
    return () => {};
  }

  descriptor(): StorageDescriptor {
    return { kind: "handle", handle: this.#tree.root };
  }

  async close(): Promise<void> {}

  async #write(path: string, data: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
    const handle = await translating(path, () =>
      this.#tree.inDirectory(parentOf(path), true, (d) => d.getFileHandle(baseName(path), { create: true })),
    );
    const writable = await translating(path, () => handle.createWritable());
    try {
      const bytes = data instanceof Uint8Array ? data : await gather(data);
      await writable.write(bytes as Uint8Array<ArrayBuffer>);
      // The content shows up only here: until now the browser wrote to a swap file.
      await writable.close();
    } catch (error) {
      await writable.abort().catch(() => {});
      throw toStorageError(path, error);
    }
  }
}
