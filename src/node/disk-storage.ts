import { openAsBlob } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { link, mkdir, open, readdir, rename, rm, stat, unlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { LakeletError } from "../errors/lakelet-error.ts";
import {
  comparePaths,
  directoryParts,
  joinPath,
  parentOf,
  pathParts,
  TEMPORARY_DIRECTORY,
  TEMPORARY_FILE_LIFETIME_MS,
} from "../storage/paths.ts";
import type { FileInfo, Storage, StorageDescriptor } from "../storage/storage.ts";
import { FileExistsError, FileNotFoundError } from "../storage/storage.ts";
import { randomUuid } from "../types/random-uuid.ts";
import { DiskLocks } from "./disk-locks.ts";

/**
 * A folder on disk that several processes may share. A commit is `link(2)` of a flushed temporary file, which the
 * operating system refuses when the name is taken.
 */
export class DiskStorage implements Storage {
  readonly #root: string;
  readonly #locks: DiskLocks;
  readonly #listeners = new Set<(topic: string) => void>();

  /** Opens (and makes) the folder `root`. */
  static async open(root: string): Promise<DiskStorage> {
    const storage = new DiskStorage(resolve(root));
    await translating(root, () => mkdir(join(storage.#root, TEMPORARY_DIRECTORY), { recursive: true }));
    void storage.#removeOldTemporaries();
    return storage;
  }

  private constructor(root: string) {
    this.#root = root;
    this.#locks = new DiskLocks(join(root, TEMPORARY_DIRECTORY, "locks"));
  }

  async read(path: string, range?: { readonly start: number; readonly end: number }): Promise<Uint8Array> {
    return translating(path, async () => {
      const file = await open(this.#resolve(path), "r");
      try {
        const start = range?.start ?? 0;
        const end = Math.min(range?.end ?? Number.POSITIVE_INFINITY, (await file.stat()).size);
        return await readExactly(file, start, Math.max(0, end - start));
      } finally {
        await file.close();
      }
    });
  }

  async openBlob(path: string): Promise<Blob> {
    const full = this.#resolve(path);
    return translating(path, async () => {
      await stat(full);
      return openAsBlob(full);
    });
  }

  async writeNew(path: string, data: Uint8Array | AsyncIterable<Uint8Array>): Promise<FileInfo> {
    const full = this.#resolve(path);
    await this.#writeFlushed(path, full, data);
    const { size, mtimeMs } = await translating(path, () => stat(full));
    return { path, sizeBytes: size, modifiedMs: Math.floor(mtimeMs) };
  }

  async putIfAbsent(path: string, data: Uint8Array): Promise<boolean> {
    const full = this.#resolve(path);
    const temporary = await this.#writeTemporary(path, data);
    try {
      await translating(path, async () => {
        await linkInto(temporary, full, join(this.#root, parentOf(path)));
        await flushDirectory(join(this.#root, parentOf(path)));
      });
      return true;
    } catch (error) {
      if (error instanceof FileExistsError) return false;
      throw error;
    } finally {
      await unlink(temporary).catch(() => {});
    }
  }

  async writeHint(path: string, data: Uint8Array): Promise<void> {
    const full = this.#resolve(path);
    const temporary = await this.#writeTemporary(path, data);
    try {
      await translating(path, async () => {
        await mkdir(join(this.#root, parentOf(path)), { recursive: true });
        await rename(temporary, full);
      });
    } catch (error) {
      await unlink(temporary).catch(() => {});
      throw error;
    }
  }

  async stat(path: string): Promise<FileInfo | undefined> {
    const full = this.#resolve(path);
    try {
      const found = await translating(path, () => stat(full));
      if (!found.isFile()) return undefined;
      return { path, sizeBytes: found.size, modifiedMs: Math.floor(found.mtimeMs) };
    } catch (error) {
      if (error instanceof FileNotFoundError) return undefined;
      throw error;
    }
  }

  async list(
    directory: string,
    options: { readonly recursive?: boolean } = {},
  ): Promise<readonly FileInfo[]> {
    directoryParts(directory);
    const found: FileInfo[] = [];
    const pending = [directory];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { files, directories } = await this.#entries(next);
      for (const path of files) {
        const info = await this.stat(path);
        if (info !== undefined) found.push(info);
      }
      if (options.recursive) pending.push(...directories.map((name) => joinPath(next as string, name)));
    }
    return found.sort((a, b) => comparePaths(a.path, b.path));
  }

  async listDirectories(directory: string): Promise<readonly string[]> {
    directoryParts(directory);
    return [...(await this.#entries(directory)).directories].sort(comparePaths);
  }

  async remove(path: string): Promise<boolean> {
    const full = this.#resolve(path);
    try {
      await translating(path, () => unlink(full));
      return true;
    } catch (error) {
      if (error instanceof FileNotFoundError) return false;
      throw error;
    }
  }

  async removeDirectory(path: string): Promise<void> {
    directoryParts(path);
    if (path !== "") {
      await translating(path, () => rm(join(this.#root, path), { recursive: true, force: true }));
      return;
    }
    const { files, directories } = await this.#entries("");
    for (const name of directories) await this.removeDirectory(name);
    for (const file of files) await this.remove(file);
  }

  exclusive<T>(
    name: string,
    fn: (lock: { readonly assertHeld: () => Promise<void> }) => Promise<T>,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<T> {
    return this.#locks.run(name, "exclusive", fn, options.signal);
  }

  shared<T>(name: string, fn: () => Promise<T>): Promise<T> {
    return this.#locks.run(name, "shared", fn);
  }

  tryExclusive<T>(
    name: string,
    fn: () => Promise<T>,
  ): Promise<{ readonly ran: true; readonly value: T } | { readonly ran: false }> {
    return this.#locks.tryExclusive(name, fn);
  }

  /** Reaches the sessions of this storage object; other processes find out by looking at the log. */
  notify(topic: string): void {
    for (const listener of [...this.#listeners]) queueMicrotask(() => listener(topic));
  }

  subscribe(listener: (topic: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  descriptor(): StorageDescriptor {
    return { kind: "disk", root: this.#root };
  }

  async close(): Promise<void> {
    this.#listeners.clear();
  }

  #resolve(path: string): string {
    pathParts(path);
    return join(this.#root, path);
  }

  async #writeTemporary(path: string, data: Uint8Array): Promise<string> {
    const temporary = join(this.#root, TEMPORARY_DIRECTORY, randomUuid());
    await this.#writeFlushed(path, temporary, data);
    return temporary;
  }

  async #writeFlushed(
    path: string,
    full: string,
    data: Uint8Array | AsyncIterable<Uint8Array>,
  ): Promise<void> {
    await translating(path, async () => {
      const file = await openNew(full);
      try {
        if (data instanceof Uint8Array) await file.writeFile(data);
        else for await (const chunk of data) await file.writeFile(chunk);
        await file.sync();
        await file.close();
      } catch (error) {
        await file.close().catch(() => {});
        await unlink(full).catch(() => {});
        throw error;
      }
    });
  }

  async #entries(
    directory: string,
  ): Promise<{ readonly files: readonly string[]; readonly directories: readonly string[] }> {
    try {
      const entries = await translating(directory, () =>
        readdir(join(this.#root, directory), { withFileTypes: true }),
      );
      const visible = entries.filter((entry) => directory !== "" || entry.name !== TEMPORARY_DIRECTORY);
      return {
        files: visible.filter((entry) => entry.isFile()).map((entry) => joinPath(directory, entry.name)),
        directories: visible.filter((entry) => entry.isDirectory()).map((entry) => entry.name),
      };
    } catch (error) {
      if (error instanceof FileNotFoundError) return { files: [], directories: [] };
      throw error;
    }
  }

  async #removeOldTemporaries(): Promise<void> {
    try {
      const oldest = Date.now() - TEMPORARY_FILE_LIFETIME_MS;
      const directory = join(this.#root, TEMPORARY_DIRECTORY);
      for (const entry of await readdir(directory, { withFileTypes: true })) {
        const full = join(directory, entry.name);
        if (entry.isFile() && (await stat(full)).mtimeMs < oldest) await unlink(full);
      }
    } catch {
      // Only tidying up: what stays is tried again at the next start.
    }
  }
}

async function openNew(full: string): Promise<FileHandle> {
  try {
    return await open(full, "wx");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    await mkdir(join(full, ".."), { recursive: true });
    return open(full, "wx");
  }
}

async function linkInto(from: string, to: string, directory: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    await mkdir(directory, { recursive: true });
    await link(from, to);
  }
}

/** Without this a power cut may forget the new name although the file's content is safe. */
async function flushDirectory(full: string): Promise<void> {
  const directory = await open(full, "r");
  try {
    await directory.sync();
  } catch (error) {
    // Some file systems (and Windows) cannot flush a directory; there the operating system decides.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EINVAL" && code !== "EPERM" && code !== "ENOTSUP" && code !== "EISDIR") throw error;
  } finally {
    await directory.close();
  }
}

async function readExactly(file: FileHandle, start: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled === length ? bytes : bytes.subarray(0, filled);
}

async function translating<T>(path: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toStorageError(path, error);
  }
}

function toStorageError(path: string, error: unknown): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case "ENOENT":
      return new FileNotFoundError(path, { cause: error });
    case "EEXIST":
      return new FileExistsError(path, { cause: error });
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return new LakeletError("quota", `the disk is full (while writing ${path})`, { cause: error });
    case "EACCES":
    case "EPERM":
    case "EROFS":
    case "ENOTSUP":
      return new LakeletError("unavailable", `no access to ${path}: ${(error as Error).message}`, {
        cause: error,
      });
    case "EISDIR":
    case "ENOTDIR":
      return new LakeletError("corrupt", `${path} is a directory where a file is meant, or the reverse`, {
        cause: error,
      });
    default:
      return error;
  }
}
