import { LakeletError, type LakeletErrorKind } from "./lakelet-error.ts";
import {
  deserializeSparkError,
  PySparkException,
  type SerializedSparkError,
  serializeSparkError,
} from "./spark-error.ts";

/** An error in the plain form in which it crosses between workers, so that its class survives. */
export type WireError =
  | { readonly kind: "spark"; readonly error: SerializedSparkError }
  | {
      readonly kind: "lakelet";
      readonly error: {
        readonly kind: LakeletErrorKind;
        readonly message: string;
        readonly retryable: boolean;
      };
    }
  | { readonly kind: "other"; readonly name: string; readonly message: string; readonly stack?: string };

export function toWireError(error: unknown): WireError {
  if (error instanceof PySparkException) return { kind: "spark", error: serializeSparkError(error) };
  if (error instanceof LakeletError) {
    return {
      kind: "lakelet",
      error: { kind: error.kind, message: error.message, retryable: error.retryable },
    };
  }
  if (error instanceof Error) {
    const plain = { kind: "other" as const, name: error.name, message: error.message };
    return error.stack === undefined ? plain : { ...plain, stack: error.stack };
  }
  return { kind: "other", name: "Error", message: String(error) };
}

export function fromWireError(wire: WireError): Error {
  switch (wire.kind) {
    case "spark":
      return deserializeSparkError(wire.error);
    case "lakelet":
      return new LakeletError(wire.error.kind, wire.error.message, { retryable: wire.error.retryable });
    case "other": {
      if (wire.name === "AbortError") return new DOMException(wire.message, "AbortError");
      const error = new Error(wire.message);
      error.name = wire.name;
      if (wire.stack !== undefined) error.stack = wire.stack;
      return error;
    }
  }
}
