import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { UserFiles } from "../driver/user-files.ts";
import type { FileInfo } from "../storage/storage.ts";

/** Paths of `read` and `write` in Node: the machine's own files, relative ones below the working directory. */
export function diskFiles(workingDirectory: string = process.cwd()): UserFiles {
  return {
    storage: { stat: statFile, list, remove, writeHint },
    target: "disk",
    toStoragePath: (path) =>
      /^file:\/\//i.test(path) ? fileURLToPath(path) : resolve(workingDirectory, path.replace(/^file:/i, "")),
    display: (path) => `file:${path}`,
    ref: (path) => ({ kind: "disk", path }),
    isDirectory: async (path) => (await stat(path).catch(missing))?.isDirectory() === true,
  };
}

async function statFile(path: string): Promise<FileInfo | undefined> {
  const info = await stat(path).catch(missing);
  return info?.isFile() === true ? fileInfo(path, info) : undefined;
}

async function list(
  directory: string,
  options: { readonly recursive?: boolean } = {},
): Promise<readonly FileInfo[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(missing);
  const found: FileInfo[] = [];
  for (const entry of entries ?? []) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      if (options.recursive === true) found.push(...(await list(path, options)));
    } else {
      const info = await statFile(path);
      if (info !== undefined) found.push(info);
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function remove(path: string): Promise<boolean> {
  const there = (await statFile(path)) !== undefined;
  await rm(path, { force: true });
  return there;
}

async function writeHint(path: string, data: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, data);
}

function fileInfo(path: string, info: { readonly size: number; readonly mtimeMs: number }): FileInfo {
  return { path, sizeBytes: info.size, modifiedMs: Math.floor(info.mtimeMs) };
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
  throw error;
}
