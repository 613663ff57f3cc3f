import type { LakeletErrorKind } from "../errors/lakelet-error.ts";
import { LakeletError } from "../errors/lakelet-error.ts";
import { InvalidPathError } from "./paths.ts";
import { FileExistsError, FileNotFoundError } from "./storage.ts";

/** A storage's errors in the form that crosses a MessagePort: the class must survive, callers decide by it. */
export type WireError =
  | { readonly type: "missing" | "exists"; readonly path: string }
  | { readonly type: "path"; readonly path: string; readonly message: string }
  | {
      readonly type: "lakelet";
      readonly kind: LakeletErrorKind;
      readonly message: string;
      readonly retryable: boolean;
    }
  | { readonly type: "other"; readonly message: string };

export function encodeError(error: unknown): WireError {
  if (error instanceof FileNotFoundError) return { type: "missing", path: error.path };
  if (error instanceof FileExistsError) return { type: "exists", path: error.path };
  if (error instanceof InvalidPathError) return { type: "path", path: error.path, message: error.message };
  if (error instanceof LakeletError) {
    return { type: "lakelet", kind: error.kind, message: error.message, retryable: error.retryable };
  }
  return {
    type: "other",
    message: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
  };
}

export function decodeError(error: WireError): Error {
  switch (error.type) {
    case "missing":
      return new FileNotFoundError(error.path);
    case "exists":
      return new FileExistsError(error.path);
    case "path":
      return new InvalidPathError(error.path, error.message);
    case "lakelet":
      return new LakeletError(error.kind, error.message, { retryable: error.retryable });
    case "other":
      return new LakeletError("internal", error.message);
  }
}
