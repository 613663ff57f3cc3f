import { LakeletError } from "../errors/lakelet-error.ts";
import { randomUuid } from "../types/random-uuid.ts";
import { HandleTree, isDomException, toStorageError, translating } from "./handle-tree.ts";
import {
  baseName,
  directoryParts,
  joinPath,
  parentOf,
  pathParts,
  TEMPORARY_DIRECTORY,
  TEMPORARY_FILE_LIFETIME_MS,
} from "./paths.ts";
import type { FileInfo, Storage, StorageDescriptor } from "./storage.ts";
import { FileExistsError } from "./storage.ts";
import { WebLocks } from "./web-locks.ts";

/** A sync handle's owner that just died frees it within 60 ms; this is far more. */
const HANDLE_ATTEMPTS = 40;
const HANDLE_PAUSE_MS = 25;

/** Not in the DOM typings yet. */
interface MovableFileHandle extends FileSystemFileHandle {
  move?(directory: FileSystemDirectoryHandle, name: string): Promise<void>;
}

/**
 * The browser's private file system. Writing needs a dedicated worker (sync access handles exist nowhere else);
 * reading works in any realm.
 */
export class OpfsStorage implements Storage {
  readonly #root: string;
  readonly #tree: HandleTree;
  readonly #locks: WebLocks;
  readonly #channel: BroadcastChannel;
  readonly #listeners = new Set<(topic: string) => void>();

  /** Opens (and makes) the directory `root` of the origin's private file system. */
  static async open(root: string): Promise<OpfsStorage> {
    if (globalThis.navigator?.storage?.getDirectory === undefined || navigator.locks === undefined) {
      throw new LakeletError(
        "unavailable",
        "this browser has no private file system (OPFS) or no Web Locks here",
      );
    }
    const handle = await translating(root, async () => {
      let directory = await navigator.storage.getDirectory();
      for (const part of directoryParts(root))
        directory = await directory.getDirectoryHandle(part, { create: true });
      return directory;
    });
    const storage = new OpfsStorage(root, handle);
    void storage.#removeOldTemporaries();
    return storage;
  }

  private constructor(root: string, handle: FileSystemDirectoryHandle) {
    this.#root = root;
    this.#tree = new HandleTree(handle);
    this.#locks = new WebLocks(navigator.locks, `lakelet:${root}:`);
    this.#channel = new BroadcastChannel(`lakelet:${root}`);
    this.#channel.onmessage = (event) => {
      for (const listener of [...this.#listeners]) listener(String(event.data));
    };
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
    const { handle, sizeBytes } = await this.#write(path, data);
    const { lastModified } = await translating(path, () => handle.getFile());
    return { path, sizeBytes, modifiedMs: lastModified };
  }

  async putIfAbsent(path: string, data: Uint8Array): Promise<boolean> {
    pathParts(path);
    const temporary = joinPath(TEMPORARY_DIRECTORY, randomUuid());
    const { handle } = await this.#write(temporary, data);
    let moved = false;
    try {
      // The platform has no put-if-absent: looking and moving are one step only while everybody else is kept out.
      return await this.#locks.exclusive(`put:${path}`, async (lock) => {
        if (await this.#tree.exists(path)) return false;
        await lock.assertHeld();
        await this.#move(handle, path);
        moved = true;
        return true;
      });
    } finally {
      if (!moved) await this.#tree.remove(temporary).catch(() => false);
    }
  }

  async writeHint(path: string, data: Uint8Array): Promise<void> {
    pathParts(path);
    const temporary = joinPath(TEMPORARY_DIRECTORY, randomUuid());
    const { handle } = await this.#write(temporary, data);
    try {
      await this.#locks.exclusive(`put:${path}`, () => this.#move(handle, path));
    } catch (error) {
      await this.#tree.remove(temporary).catch(() => false);
      throw error;
    }
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
    options?: { readonly signal?: AbortSignal },
  ): Promise<T> {
    return this.#locks.exclusive(`lock:${name}`, fn, options);
  }

  shared<T>(name: string, fn: () => Promise<T>): Promise<T> {
    return this.#locks.shared(`lock:${name}`, fn);
  }

  tryExclusive<T>(
    name: string,
    fn: () => Promise<T>,
  ): Promise<{ readonly ran: true; readonly value: T } | { readonly ran: false }> {
    return this.#locks.tryExclusive(`lock:${name}`, fn);
  }

  notify(topic: string): void {
    this.#channel.postMessage(topic);
  }

  subscribe(listener: (topic: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  descriptor(): StorageDescriptor {
    return { kind: "opfs", root: this.#root };
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    this.#channel.close();
  }

  /** Writes, flushes and closes; a failure leaves no file behind. */
  async #write(
    path: string,
    data: Uint8Array | AsyncIterable<Uint8Array>,
  ): Promise<{ readonly handle: FileSystemFileHandle; readonly sizeBytes: number }> {
    const handle = await translating(path, () =>
      this.#tree.inDirectory(parentOf(path), true, (d) => d.getFileHandle(baseName(path), { create: true })),
    );
    const access = await openSync(path, handle);
    try {
      let sizeBytes = 0;
      if (data instanceof Uint8Array) sizeBytes = writeAll(path, access, data, 0);
      else for await (const chunk of data) sizeBytes += writeAll(path, access, chunk, sizeBytes);
      access.flush();
      if (access.getSize() !== sizeBytes) throw storageFull(path);
      access.close();
      return { handle, sizeBytes };
    } catch (error) {
      access.close();
      await this.#tree.remove(path).catch(() => false);
      throw toStorageError(path, error);
    }
  }

  async #move(file: MovableFileHandle, to: string): Promise<void> {
    const move = file.move;
    if (move === undefined) throw new LakeletError("unavailable", "this browser cannot move files in OPFS");
    await translating(to, () =>
      this.#tree.inDirectory(parentOf(to), true, (directory) => move.call(file, directory, baseName(to))),
    );
  }

  async #removeOldTemporaries(): Promise<void> {
    try {
      const oldest = Date.now() - TEMPORARY_FILE_LIFETIME_MS;
      for (const file of await this.#tree.list(TEMPORARY_DIRECTORY, false)) {
        if (file.modifiedMs < oldest) await this.#tree.remove(file.path);
      }
    } catch {
      // Only tidying up: what stays is tried again at the next start.
    }
  }
}

async function openSync(path: string, handle: FileSystemFileHandle): Promise<FileSystemSyncAccessHandle> {
  if (handle.createSyncAccessHandle === undefined) {
    throw new LakeletError("unavailable", `OPFS files can be written in a dedicated worker only (${path})`);
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await handle.createSyncAccessHandle();
    } catch (error) {
      if (
        attempt === HANDLE_ATTEMPTS ||
        !isDomException(error, "NoModificationAllowedError", "InvalidStateError")
      ) {
        throw toStorageError(path, error);
      }
      await new Promise((resolve) => setTimeout(resolve, HANDLE_PAUSE_MS));
    }
  }
}

function writeAll(path: string, access: FileSystemSyncAccessHandle, data: Uint8Array, at: number): number {
  let written = 0;
  while (written < data.byteLength) {
    const count = access.write(data.subarray(written) as Uint8Array<ArrayBuffer>, { at: at + written });
    // Chromium answers a write that fills the quota with an error code as an unsigned number instead of throwing.
    if (count <= 0 || count > data.byteLength - written) throw storageFull(path);
    written += count;
  }
  return written;
}

function storageFull(path: string): LakeletError {
  return new LakeletError(
    "quota",
    `the browser's storage for this site is full: only a part of ${path} was taken; remove tables or free disk space`,
  );
}
