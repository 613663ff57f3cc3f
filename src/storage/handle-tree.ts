import { LakeletError } from "../errors/lakelet-error.ts";
import {
  baseName,
  comparePaths,
  directoryParts,
  joinPath,
  parentOf,
  pathParts,
  TEMPORARY_DIRECTORY,
} from "./paths.ts";
import type { FileInfo } from "./storage.ts";
import { FileNotFoundError } from "./storage.ts";

/** At most this many files are asked for their size at once while listing. */
const PARALLEL_STATS = 16;

/** Reading and removing below a `FileSystemDirectoryHandle`: what OPFS and a picked folder have in common. */
export class HandleTree {
  readonly #root: FileSystemDirectoryHandle;
  /** Directory handles by path: walking down costs a call for each part. */
  readonly #directories = new Map<string, FileSystemDirectoryHandle>();

  constructor(root: FileSystemDirectoryHandle) {
    this.#root = root;
  }

  get root(): FileSystemDirectoryHandle {
    return this.#root;
  }

  async file(path: string): Promise<FileSystemFileHandle> {
    pathParts(path);
    return translating(path, () =>
      this.inDirectory(parentOf(path), false, (d) => d.getFileHandle(baseName(path))),
    );
  }

  async open(path: string): Promise<File> {
    const handle = await this.file(path);
    return translating(path, () => handle.getFile());
  }

  async read(path: string, range?: { readonly start: number; readonly end: number }): Promise<Uint8Array> {
    const file = await this.open(path);
    const blob = range === undefined ? file : file.slice(range.start, range.end);
    return translating(path, async () => new Uint8Array(await blob.arrayBuffer()));
  }

  async stat(path: string): Promise<FileInfo | undefined> {
    try {
      const file = await this.open(path);
      return { path, sizeBytes: file.size, modifiedMs: file.lastModified };
    } catch (error) {
      if (error instanceof FileNotFoundError) return undefined;
      // A directory of that name is no file.
      if (error instanceof LakeletError && error.kind === "corrupt") return undefined;
      throw error;
    }
  }

  async exists(path: string): Promise<boolean> {
    try {
      await this.file(path);
      return true;
    } catch (error) {
      if (error instanceof FileNotFoundError) return false;
      throw error;
    }
  }

  async list(directory: string, recursive: boolean): Promise<readonly FileInfo[]> {
    directoryParts(directory);
    const found: FileInfo[] = [];
    const pending = [directory];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { files, directories } = await this.#entries(next);
      for (let i = 0; i < files.length; i += PARALLEL_STATS) {
        const infos = await Promise.all(files.slice(i, i + PARALLEL_STATS).map((path) => this.stat(path)));
        for (const info of infos) if (info !== undefined) found.push(info);
      }
      if (recursive) pending.push(...directories);
    }
    return found.sort((a, b) => comparePaths(a.path, b.path));
  }

  async listDirectories(directory: string): Promise<readonly string[]> {
    directoryParts(directory);
    const { directories } = await this.#entries(directory);
    return directories.map(baseName).sort(comparePaths);
  }

  async remove(path: string): Promise<boolean> {
    pathParts(path);
    try {
      await translating(path, () =>
        this.inDirectory(parentOf(path), false, (d) => d.removeEntry(baseName(path))),
      );
      return true;
    } catch (error) {
      if (error instanceof FileNotFoundError) return false;
      throw error;
    }
  }

  async removeDirectory(path: string): Promise<void> {
    if (directoryParts(path).length === 0) {
      for (const name of await this.listDirectories("")) await this.removeDirectory(name);
      for (const file of await this.list("", false)) await this.remove(file.path);
      return;
    }
    for (const known of [...this.#directories.keys()]) {
      if (known === path || known.startsWith(`${path}/`)) this.#directories.delete(known);
    }
    try {
      await translating(path, () =>
        this.inDirectory(parentOf(path), false, (d) => d.removeEntry(baseName(path), { recursive: true })),
      );
    } catch (error) {
      if (!(error instanceof FileNotFoundError)) throw error;
    }
  }

  /** Calls `fn` with the handle of a directory. A handle that another realm made stale is looked up once more. */
  async inDirectory<T>(
    path: string,
    create: boolean,
    fn: (directory: FileSystemDirectoryHandle) => Promise<T>,
  ): Promise<T> {
    const known = this.#directories.has(path);
    try {
      return await fn(await this.#directory(path, create));
    } catch (error) {
      if (!known || !isDomException(error, "NotFoundError", "InvalidStateError")) throw error;
      this.#directories.clear();
      return fn(await this.#directory(path, create));
    }
  }

  async #directory(path: string, create: boolean): Promise<FileSystemDirectoryHandle> {
    const known = this.#directories.get(path);
    if (known !== undefined) return known;
    let handle = this.#root;
    let walked = "";
    for (const part of directoryParts(path)) {
      walked = joinPath(walked, part);
      const next = this.#directories.get(walked) ?? (await handle.getDirectoryHandle(part, { create }));
      this.#directories.set(walked, next);
      handle = next;
    }
    return handle;
  }

  async #entries(
    directory: string,
  ): Promise<{ readonly files: readonly string[]; readonly directories: readonly string[] }> {
    const files: string[] = [];
    const directories: string[] = [];
    try {
      await this.inDirectory(directory, false, async (handle) => {
        files.length = 0;
        directories.length = 0;
        for await (const [name, entry] of handle.entries()) {
          if (isHidden(directory, name)) continue;
          (entry.kind === "file" ? files : directories).push(joinPath(directory, name));
        }
      });
    } catch (error) {
      if (!isDomException(error, "NotFoundError")) throw toStorageError(directory, error);
    }
    return { files, directories };
  }
}

/** Chromium shows the swap files of `createWritable`; unfinished files of ours are nobody's business either. */
function isHidden(directory: string, name: string): boolean {
  return name.endsWith(".crswap") || (directory === "" && name === TEMPORARY_DIRECTORY);
}

/** Runs a file system call and gives its failure the storage's own class. */
export async function translating<T>(path: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toStorageError(path, error);
  }
}

export function isDomException(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}

export function toStorageError(path: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  switch (error.name) {
    case "NotFoundError":
      return new FileNotFoundError(path, { cause: error });
    case "QuotaExceededError":
      return new LakeletError(
        "quota",
        `the browser's storage for this site is full (while writing ${path}); remove tables or free disk space`,
        { cause: error },
      );
    case "NoModificationAllowedError":
    case "InvalidStateError":
    case "NotReadableError":
      return new LakeletError("unavailable", `${path} is in use or changed just now: ${error.message}`, {
        retryable: true,
        cause: error,
      });
    case "TypeMismatchError":
      return new LakeletError("corrupt", `${path} is a directory where a file is meant, or the reverse`, {
        cause: error,
      });
    case "SecurityError":
    case "NotAllowedError":
      return new LakeletError(
        "unavailable",
        `the browser does not allow access to ${path}: ${error.message}`,
        {
          cause: error,
        },
      );
    default:
      return error;
  }
}
