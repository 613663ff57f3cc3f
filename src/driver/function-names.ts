import { FUNCTIONS } from "../functions/function-table.ts";

/** Names of all functions that users can call, in order. */
export function functionNames(): readonly string[] {
  const names = new Set<string>();
  for (const [name, entry] of FUNCTIONS) if (entry.isInternal !== true) names.add(name);
  return [...names].sort();
}
