/** A path that would leave its storage, or that no storage could hold. */
export class InvalidPathError extends Error {
  readonly path: string;
  constructor(path: string, reason: string) {
    super(`not a path inside the storage: ${JSON.stringify(path)} (${reason})`);
    this.name = "InvalidPathError";
    this.path = path;
  }
}

/** Checks a file's path and gives its parts. */
export function pathParts(path: string): readonly string[] {
  if (path === "") throw new InvalidPathError(path, "empty");
  return partsOf(path);
}

/** Checks a directory's path and gives its parts; the root is the empty path. */
export function directoryParts(path: string): readonly string[] {
  return path === "" ? [] : partsOf(path);
}

function partsOf(path: string): readonly string[] {
  const parts = path.split("/");
  for (const part of parts) {
    if (part === "") throw new InvalidPathError(path, "empty part");
    if (part === "." || part === "..") throw new InvalidPathError(path, `part ${JSON.stringify(part)}`);
    if (/[\\\0]/.test(part)) throw new InvalidPathError(path, "backslash or NUL");
  }
  return parts;
}

export function joinPath(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("/");
}

export function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Whether `path` is `directory` or lies below it. A sibling that shares the prefix of a name does not. */
export function isInside(path: string, directory: string): boolean {
  return directory === "" || path === directory || path.startsWith(`${directory}/`);
}

/** The order in which storages list: by code unit, so that it is the same on every platform. */
export function comparePaths(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Where storages keep unfinished files, below their root and hidden from their listings. */
export const TEMPORARY_DIRECTORY = "_tmp";

/** Older than this, what lies in the temporary directory belongs to nobody any more. */
export const TEMPORARY_FILE_LIFETIME_MS = 60 * 60 * 1000;
