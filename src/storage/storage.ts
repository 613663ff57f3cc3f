/** What `list` and `stat` say of a file. */
export interface FileInfo {
  /** Relative to the storage's root, `/` between parts, no leading slash. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/**
 * How another realm (an engine worker) opens the same storage. `memory` and `handle` storages travel as a
 * MessagePort or directory handle; the plain ones are opened anew.
 */
export type StorageDescriptor =
  | { readonly kind: "opfs"; readonly root: string }
  | { readonly kind: "disk"; readonly root: string }
  | { readonly kind: "memory"; readonly id: string; readonly port?: MessagePort }
  | { readonly kind: "handle"; readonly handle: FileSystemDirectoryHandle };

/**
 * A tree of immutable files with the two primitives on which commits rest. Paths are relative, `/`-separated, and
 * never climb out (`..`, empty parts and absolute paths are refused).
 *
 * Errors: a missing file is `FileNotFoundError`; a full disk is `LakeletError` of kind `quota`; the rest carries its cause.
 */
export interface Storage {
  /** Whole content, or the bytes from `start` (inclusive) to `end` (exclusive). */
  read(path: string, range?: { readonly start: number; readonly end: number }): Promise<Uint8Array>;
  /** A `Blob` on the file for readers that seek (Parquet); it stays valid as files never change. */
  openBlob(path: string): Promise<Blob>;
  /** Writes a new file and flushes it; the name must not exist (`FileExistsError`). Parents are made. */
  writeNew(path: string, data: Uint8Array | AsyncIterable<Uint8Array>): Promise<FileInfo>;
  /**
   * Puts `data` at `path` unless something is there; true when this call created it. Atomic against every other
   * writer and against being killed: the file is there whole and flushed, or not at all.
   */
  putIfAbsent(path: string, data: Uint8Array): Promise<boolean>;
  /** Replaces a file that is only a hint (never the truth). Readers see the old or the new content. */
  writeHint(path: string, data: Uint8Array): Promise<void>;
  stat(path: string): Promise<FileInfo | undefined>;
  /** Files below a directory, in order of path; `recursive` goes into subdirectories. A missing directory has none. */
  list(directory: string, options?: { readonly recursive?: boolean }): Promise<readonly FileInfo[]>;
  /** Names of the direct subdirectories. */
  listDirectories(directory: string): Promise<readonly string[]>;
  /** Removes a file; whether it was there. */
  remove(path: string): Promise<boolean>;
  /** Removes a directory with all it holds. */
  removeDirectory(path: string): Promise<void>;
  /**
   * Runs `fn` while holding the named lock (FIFO). `shared` lets other shared holders in. `ifAvailable` gives
   * `undefined` at once when the lock is taken. `fn` gets a check to call right before its commit point.
   */
  exclusive<T>(
    name: string,
    fn: (lock: { readonly assertHeld: () => Promise<void> }) => Promise<T>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<T>;
  shared<T>(name: string, fn: () => Promise<T>): Promise<T>;
  tryExclusive<T>(
    name: string,
    fn: () => Promise<T>,
  ): Promise<{ readonly ran: true; readonly value: T } | { readonly ran: false }>;
  /** Tells other tabs or sessions that something changed: a hint, may be lost. */
  notify(topic: string): void;
  /** Calls back on hints of others; returns the unsubscriber. */
  subscribe(listener: (topic: string) => void): () => void;
  descriptor(): StorageDescriptor;
  close(): Promise<void>;
}

export class FileNotFoundError extends Error {
  readonly path: string;
  constructor(path: string, options?: ErrorOptions) {
    super(`file not found: ${path}`, options);
    this.name = "FileNotFoundError";
    this.path = path;
  }
}

export class FileExistsError extends Error {
  readonly path: string;
  constructor(path: string, options?: ErrorOptions) {
    super(`file exists already: ${path}`, options);
    this.name = "FileExistsError";
    this.path = path;
  }
}
