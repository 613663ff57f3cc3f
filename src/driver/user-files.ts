import type { FileRef, ScanFile } from "../engine/engine-api.ts";
import { analysisError } from "../errors/spark-error.ts";
import { DirectoryHandleStorage } from "../storage/directory-handle-storage.ts";
import type { FileInfo, Storage } from "../storage/storage.ts";
import { randomUuid } from "../types/random-uuid.ts";

/** Where the paths lead that users give to `read` and `write`. */
export interface UserFiles {
  readonly storage: Pick<Storage, "stat" | "list" | "remove" | "writeHint"> & Partial<Pick<Storage, "read">>;
  /** How an engine is told of a file: `storage` for the warehouse's own storage, `disk` for absolute paths in Node. */
  readonly target: "storage" | "disk";
  /** The path in `storage` for a path or `file:` URI of the user. */
  toStoragePath(path: string): string;
  /** The path as Spark shows it: `file:/data/x.csv`. */
  display(storagePath: string): string;
  ref(storagePath: string): FileRef;
  /** Whether there is a directory, if only an empty one; absent where directories are nothing but the names of files. */
  isDirectory?(storagePath: string): Promise<boolean>;
  /** Content of a URL of the page's own origin, when `path` is one; undefined when it is not there or not allowed. */
  fetch?(path: string): Promise<FetchedFile | undefined>;
}

export interface FetchedFile {
  readonly content: Blob;
  /** Changes whenever the content does (ETag, modification date). */
  readonly version: string;
}

export interface FoundFile extends ScanFile {
  /** Path below the directory that was asked for, for partition discovery. */
  readonly below: readonly string[];
}

/** Files and handles that clients registered, by the path `lakelet-file:<id>`. */
export class RegisteredFiles {
  readonly #files = new Map<
    string,
    { readonly content: Blob; readonly name: string; readonly key: string }
  >();

  readonly #folders = new Map<string, Storage>();

  add(content: Blob, name: string): string {
    // Named as the user knows it, so that the path can be read in code; a second file of that name gets a number.
    const dot = name.lastIndexOf(".");
    const [stem, extension] = dot <= 0 ? [name, ""] : [name.slice(0, dot), name.slice(dot)];
    let path = `lakelet-file:${name}`;
    for (let n = 2; this.#files.has(path); n++) path = `lakelet-file:${stem} (${n})${extension}`;
    this.#files.set(path, { content, name, key: `blob:${randomUuid()}` });
    return path;
  }

  /** A folder that the user picked, to write into. */
  addFolder(handle: FileSystemDirectoryHandle): string {
    const path = `lakelet-folder:${randomUuid()}/${handle.name}`;
    this.#folders.set(path, new DirectoryHandleStorage(handle));
    return path;
  }

  folder(path: string): Storage | undefined {
    return this.#folders.get(path);
  }

  get(path: string): ScanFile | undefined {
    const file = this.#files.get(path);
    if (file === undefined) return undefined;
    return {
      ref: { kind: "blob", blob: file.content, name: file.name },
      cacheKey: file.key,
      sizeBytes: file.content.size,
      displayPath: file.name,
    };
  }
}

/** All files behind the paths of one `read`, in order of path. Throws PATH_NOT_FOUND for a path that leads nowhere. */
export async function findFiles(
  paths: readonly string[],
  files: UserFiles,
  registered: RegisteredFiles,
  options: { readonly recursive: boolean; readonly pathGlobFilter?: string },
): Promise<readonly FoundFile[]> {
  const found = await Promise.all(paths.map((path) => findOne(path, files, registered)));
  const filter = options.pathGlobFilter === undefined ? undefined : globToRegExp(options.pathGlobFilter);
  return found.flat().filter((file) => {
    const name = file.below.at(-1) ?? file.displayPath?.split("/").at(-1) ?? "";
    return filter === undefined || filter.test(name);
  });
}

async function findOne(
  path: string,
  files: UserFiles,
  registered: RegisteredFiles,
): Promise<readonly FoundFile[]> {
  if (path.startsWith("lakelet-file:")) {
    const file = registered.get(path);
    if (file === undefined) throw analysisError("PATH_NOT_FOUND", { path });
    return [{ ...file, below: [] }];
  }
  const isUrl = /^(https?|blob|data):/i.test(path);
  if (!isUrl) {
    const stored = await findStored(path, files);
    if (stored.length > 0) return stored;
    if (await files.isDirectory?.(files.toStoragePath(path))) return [];
  }
  const fetched = await files.fetch?.(path);
  if (fetched !== undefined) {
    const name = path.split(/[?#]/)[0]?.split("/").at(-1) || path;
    return [
      {
        ref: { kind: "blob", blob: fetched.content, name },
        cacheKey: `url:${path}:${fetched.content.size}:${fetched.version}`,
        sizeBytes: fetched.content.size,
        displayPath: path,
        below: [],
      },
    ];
  }
  throw analysisError("PATH_NOT_FOUND", { path: isUrl ? path : files.display(files.toStoragePath(path)) });
}

async function findStored(path: string, files: UserFiles): Promise<readonly FoundFile[]> {
  const root = files.toStoragePath(path);
  const glob = /[*?[{]/.test(root);
  if (!glob) {
    const info = await files.storage.stat(root);
    if (info !== undefined) return [scanFile(info, [], files)];
    return listBelow(root, files);
  }
  // The part before the first pattern is listed; the rest is matched, a directory match taking all below it.
  const parts = root.split("/");
  const firstGlob = parts.findIndex((part) => /[*?[{]/.test(part));
  const base = parts.slice(0, firstGlob).join("/");
  const patterns = parts.slice(firstGlob).map(globToRegExp);
  const all = await files.storage.list(base, { recursive: true });
  return all.filter(isData(base)).flatMap((info) => {
    const below = relativeParts(base, info.path);
    if (below.length < patterns.length || !patterns.every((p, i) => p.test(below[i] as string))) return [];
    return [scanFile(info, below.slice(patterns.length), files)];
  });
}

async function listBelow(root: string, files: UserFiles): Promise<readonly FoundFile[]> {
  const infos = await files.storage.list(root, { recursive: true });
  return infos.filter(isData(root)).map((info) => scanFile(info, relativeParts(root, info.path), files));
}

/** Spark passes over names that begin with `_` or `.`, unless they are partition directories. */
function isData(root: string): (info: FileInfo) => boolean {
  return (info) =>
    relativeParts(root, info.path).every(
      (part) => !part.startsWith(".") && !(part.startsWith("_") && !part.includes("=")),
    );
}

function relativeParts(root: string, path: string): readonly string[] {
  return (root === "" ? path : path.slice(root.length + 1)).split("/");
}

function scanFile(info: FileInfo, below: readonly string[], files: UserFiles): FoundFile {
  return {
    ref: files.ref(info.path),
    // Users may replace files outside the lake, so the key holds what changes with the content.
    cacheKey: `${files.target}:${info.path}:${info.sizeBytes}:${info.modifiedMs}`,
    sizeBytes: info.sizeBytes,
    modifiedMs: info.modifiedMs,
    displayPath: files.display(info.path),
    below,
  };
}

/** Hadoop's globs: `*`, `?`, `[a-z]`, `{a,b}`. */
function globToRegExp(glob: string): RegExp {
  let out = "";
  let braces = 0;
  for (const c of glob) {
    if (c === "*") out += "[^/]*";
    else if (c === "?") out += "[^/]";
    else if (c === "{") {
      braces++;
      out += "(?:";
    } else if (c === "}" && braces > 0) {
      braces--;
      out += ")";
    } else if (c === "," && braces > 0) out += "|";
    else if (c === "[" || c === "]" || c === "-") out += c;
    else out += c.replace(/[\\^$.|+()]/g, "\\$&");
  }
  return new RegExp(`^${out}$`);
}
