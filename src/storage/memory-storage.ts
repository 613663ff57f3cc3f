import { randomUuid } from "../types/random-uuid.ts";
import { gather } from "./bytes.ts";
import { LockQueue } from "./lock-queue.ts";
import { comparePaths, directoryParts, isInside, pathParts } from "./paths.ts";
import { serveStorage } from "./serve-storage.ts";
import type { FileInfo, Storage, StorageDescriptor } from "./storage.ts";
import { FileExistsError, FileNotFoundError } from "./storage.ts";

interface MemoryFile {
  readonly data: Uint8Array;
  readonly modifiedMs: number;
}

/**
 * A private storage in this realm's memory. Other realms reach it through the MessagePort of its descriptor; each
 * call of `descriptor()` opens a new one.
 */
export class MemoryStorage implements Storage {
  readonly #id: string;
  readonly #now: () => number;
  readonly #files = new Map<string, MemoryFile>();
  readonly #locks = new LockQueue();
  readonly #listeners = new Set<(topic: string) => void>();
  readonly #served = new Set<() => void>();

  constructor(options: { readonly id?: string; readonly now?: () => number } = {}) {
    this.#id = options.id ?? randomUuid();
    this.#now = options.now ?? Date.now;
  }

  async read(path: string, range?: { readonly start: number; readonly end: number }): Promise<Uint8Array> {
    const { data } = this.#get(path);
    return range === undefined ? data.slice() : data.slice(range.start, range.end);
  }

  async openBlob(path: string): Promise<Blob> {
    return new Blob([this.#get(path).data as Uint8Array<ArrayBuffer>]);
  }

  async writeNew(path: string, data: Uint8Array | AsyncIterable<Uint8Array>): Promise<FileInfo> {
    pathParts(path);
    const bytes = data instanceof Uint8Array ? data.slice() : await gather(data);
    if (this.#files.has(path)) throw new FileExistsError(path);
    return this.#put(path, bytes);
  }

  async putIfAbsent(path: string, data: Uint8Array): Promise<boolean> {
    pathParts(path);
    if (this.#files.has(path)) return false;
    this.#put(path, data.slice());
    return true;
  }

  async writeHint(path: string, data: Uint8Array): Promise<void> {
    pathParts(path);
    this.#put(path, data.slice());
  }

  async stat(path: string): Promise<FileInfo | undefined> {
    pathParts(path);
    const file = this.#files.get(path);
    return file === undefined ? undefined : infoOf(path, file);
  }

  async list(
    directory: string,
    options: { readonly recursive?: boolean } = {},
  ): Promise<readonly FileInfo[]> {
    directoryParts(directory);
    const found: FileInfo[] = [];
    for (const [path, file] of this.#files) {
      const rest = restBelow(path, directory);
      if (rest !== undefined && (options.recursive || !rest.includes("/"))) found.push(infoOf(path, file));
    }
    return found.sort((a, b) => comparePaths(a.path, b.path));
  }

  async listDirectories(directory: string): Promise<readonly string[]> {
    directoryParts(directory);
    const names = new Set<string>();
    for (const path of this.#files.keys()) {
      const rest = restBelow(path, directory);
      const slash = rest?.indexOf("/") ?? -1;
      if (rest !== undefined && slash > 0) names.add(rest.slice(0, slash));
    }
    return [...names].sort(comparePaths);
  }

  async remove(path: string): Promise<boolean> {
    pathParts(path);
    return this.#files.delete(path);
  }

  async removeDirectory(path: string): Promise<void> {
    directoryParts(path);
    for (const file of [...this.#files.keys()]) if (isInside(file, path)) this.#files.delete(file);
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

  notify(topic: string): void {
    for (const listener of [...this.#listeners]) queueMicrotask(() => listener(topic));
  }

  subscribe(listener: (topic: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Opens a port on this storage; hand it over in the transfer list of the message that carries the descriptor. */
  descriptor(): StorageDescriptor {
    const { port1, port2 } = new MessageChannel();
    const stop = serveStorage(this, port1, { onEnd: () => this.#served.delete(stop) });
    this.#served.add(stop);
    return { kind: "memory", id: this.#id, port: port2 };
  }

  async close(): Promise<void> {
    for (const stop of [...this.#served]) stop();
    this.#listeners.clear();
  }

  #get(path: string): MemoryFile {
    pathParts(path);
    const file = this.#files.get(path);
    if (file === undefined) throw new FileNotFoundError(path);
    return file;
  }

  #put(path: string, data: Uint8Array): FileInfo {
    const file: MemoryFile = { data, modifiedMs: this.#now() };
    this.#files.set(path, file);
    return infoOf(path, file);
  }
}

function infoOf(path: string, file: MemoryFile): FileInfo {
  return { path, sizeBytes: file.data.byteLength, modifiedMs: file.modifiedMs };
}

function restBelow(path: string, directory: string): string | undefined {
  if (directory === "") return path;
  return path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : undefined;
}
