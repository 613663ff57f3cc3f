import type { Storage } from "../../storage/storage.ts";
import { FileNotFoundError } from "../../storage/storage.ts";
import type { FileRef } from "../engine-api.ts";
import { EngineError, messageOf } from "../failure.ts";

/** Opens the files that tasks name. */
export interface FileOpener {
  open(ref: FileRef): Promise<Blob>;
}

export function fileOpener(
  storage: () => Storage | undefined,
  openDisk: ((path: string) => Promise<Blob>) | undefined,
): FileOpener {
  return {
    open: async (ref) => {
      if (ref.kind === "blob") return ref.blob;
      try {
        if (ref.kind === "storage") {
          const opened = storage();
          if (opened === undefined) throw new Error("the engine has no storage");
          return await opened.openBlob(ref.path);
        }
        if (openDisk === undefined) throw new Error("this engine cannot read files of the machine's disk");
        return await openDisk(ref.path);
      } catch (error) {
        throw fileError(error, ref.path);
      }
    },
  };
}

/** What a failed read means to the caller: the file is gone, or something else went wrong with it. */
export function fileError(error: unknown, path: string): EngineError {
  if (error instanceof EngineError) return error;
  const name = error instanceof Error ? error.name : "";
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  const gone = error instanceof FileNotFoundError || name === "NotFoundError" || code === "ENOENT";
  return new EngineError(
    gone
      ? { kind: "missing", message: `the file does not exist: ${path}`, path }
      : { kind: "internal", message: `cannot read ${path}: ${messageOf(error)}`, path },
    { cause: error },
  );
}
