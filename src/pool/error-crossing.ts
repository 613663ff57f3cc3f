import { LakeletError } from "../errors/lakelet-error.ts";
import { PySparkException } from "../errors/spark-error.ts";
import { fromWireError, toWireError, type WireError } from "../errors/wire-error.ts";

/** What was thrown, on its way to another realm: as itself where it can be cloned. */
export type CrossedError =
  | { readonly error: WireError }
  | { readonly thrown: unknown; readonly name: string | undefined };

/** A clone keeps an error's class, stack and cause; its name only where it is one of the language's own. */
export function packError(error: unknown): CrossedError {
  if (error instanceof PySparkException || error instanceof LakeletError) {
    return { error: toWireError(error) };
  }
  try {
    return { thrown: structuredClone(error), name: error instanceof Error ? error.name : undefined };
  } catch {
    return { error: toWireError(error) };
  }
}

export function unpackError(crossed: CrossedError): unknown {
  if ("error" in crossed) return fromWireError(crossed.error);
  const { thrown, name } = crossed;
  if (thrown instanceof Error && name !== undefined && thrown.name !== name) thrown.name = name;
  return thrown;
}
