import { FIRST_FAMILIES } from "./families/first.ts";
import { FURTHER_FAMILIES } from "./families/further.ts";
import type { FunctionEntry } from "./function-entry.ts";
import { findEntry, leaveFamilies, registeredFunctions, registerFunctions } from "./registry.ts";

for (const family of FIRST_FAMILIES) registerFunctions(family);
if (FURTHER_FAMILIES === undefined) leaveFamilies(async () => (await import("./families/index.ts")).FAMILIES);
else for (const family of FURTHER_FAMILIES) registerFunctions(family);

/** Every function by name and alias, internal ones included. In the page only after `loadFamilies()`. */
export const FUNCTIONS: ReadonlyMap<string, FunctionEntry> = registeredFunctions();

/** The function that users call by that name (any case). */
export function lookupFunction(name: string): FunctionEntry | undefined {
  const entry = findEntry(name.toLowerCase());
  return entry?.isInternal === true ? undefined : entry;
}
