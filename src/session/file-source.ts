import type { SessionBackend } from "./backend.ts";

/** What can be read: a path or URL, or content that the program holds or the user picked. */
export type ReadSource =
  | string
  | Blob
  | Uint8Array
  | ArrayBuffer
  | FileSystemFileHandle
  | FileSystemDirectoryHandle;

export type FileSource = Exclude<ReadSource, string>;

export function isFileSource(value: unknown): value is FileSource {
  return (
    value instanceof Blob || value instanceof Uint8Array || value instanceof ArrayBuffer || isHandle(value)
  );
}

function isHandle(value: unknown): value is FileSystemFileHandle | FileSystemDirectoryHandle {
  return (
    typeof value === "object" &&
    value !== null &&
    "kind" in value &&
    (value.kind === "file" || value.kind === "directory")
  );
}

/** The paths of sources: what is no path is registered with the backend and gets one. */
export async function registeredPaths(
  sources: readonly ReadSource[],
  backend: SessionBackend,
): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const source of sources) {
    if (typeof source === "string") {
      paths.push(source);
    } else {
      for await (const { content, name } of filesOf(source))
        paths.push(await backend.registerFile(content, name));
    }
  }
  return paths;
}

interface NamedContent {
  readonly content: Blob;
  readonly name: string;
}

async function* filesOf(source: FileSource): AsyncGenerator<NamedContent> {
  if (source instanceof Blob) {
    yield { content: source, name: source instanceof File ? source.name : "data" };
  } else if (source instanceof Uint8Array || source instanceof ArrayBuffer) {
    yield { content: new Blob([source as BlobPart]), name: "data" };
  } else if (source.kind === "file") {
    const content = await source.getFile();
    yield { content, name: content.name };
  } else {
    yield* filesBelow(source, `${source.name}/`);
  }
}

/** The files of a folder and of those in it, in order of name; hidden ones and those of Spark's own are left out. */
async function* filesBelow(folder: FileSystemDirectoryHandle, prefix: string): AsyncGenerator<NamedContent> {
  const entries: [string, FileSystemHandle][] = [];
  for await (const entry of folder.entries()) entries.push(entry);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, handle] of entries) {
    if (name.startsWith(".") || (name.startsWith("_") && !name.includes("="))) continue;
    if (handle.kind === "directory") {
      yield* filesBelow(handle as FileSystemDirectoryHandle, `${prefix}${name}/`);
    } else {
      yield { content: await (handle as FileSystemFileHandle).getFile(), name: `${prefix}${name}` };
    }
  }
}
