import { FAMILIES } from "./families/index.ts";
import type { FunctionEntry } from "./function-entry.ts";
import { findEntry, registeredFunctions, registerFunctions } from "./registry.ts";

for (const family of FAMILIES) registerFunctions(family);

/** Every function by name and alias, internal ones included. */
export const FUNCTIONS: ReadonlyMap<string, FunctionEntry> = registeredFunctions();

/** The function that users call by that name (any case). */
export function lookupFunction(name: string): FunctionEntry | undefined {
  const entry = findEntry(name.toLowerCase());
  return entry?.isInternal === true ? undefined : entry;
}
