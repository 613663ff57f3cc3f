import { mkdir, open, rm } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";
import type { FileTarget } from "../engine/platform.ts";
import { LakeletError } from "../errors/lakelet-error.ts";
import { FileExistsError, type FileInfo } from "../storage/storage.ts";

/** A folder of the user's that files are written into. Nothing but these files is left in it. */
export class DiskFolder implements FileTarget {
  readonly #root: string;

  constructor(root: string) {
    this.#root = resolve(root);
  }

  async writeNew(path: string, data: Uint8Array | AsyncIterable<Uint8Array>): Promise<FileInfo> {
    const full = this.#resolve(path);
    await mkdir(dirname(full), { recursive: true });
    const file = await open(full, "wx").catch((error: unknown) => {
      throw isCode(error, "EEXIST") ? new FileExistsError(path, { cause: error }) : error;
    });
    try {
      try {
        if (data instanceof Uint8Array) await file.appendFile(data);
        else for await (const bytes of data) await file.appendFile(bytes);
        await file.sync();
        const { size, mtimeMs } = await file.stat();
        return { path, sizeBytes: size, modifiedMs: Math.floor(mtimeMs) };
      } finally {
        await file.close();
      }
    } catch (error) {
      await rm(full, { force: true });
      if (isCode(error, "ENOSPC") || isCode(error, "EDQUOT")) {
        throw new LakeletError("quota", `the disk is full: ${path} was not written`, { cause: error });
      }
      throw error;
    }
  }

  async remove(path: string): Promise<boolean> {
    try {
      await rm(this.#resolve(path));
      return true;
    } catch (error) {
      if (isCode(error, "ENOENT")) return false;
      throw error;
    }
  }

  #resolve(path: string): string {
    const full = resolve(this.#root, path);
    if (!full.startsWith(this.#root + sep)) throw new RangeError(`${path} is outside of ${this.#root}`);
    return full;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code;
}
