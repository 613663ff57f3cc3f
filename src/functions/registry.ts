import type { FunctionEntry } from "./function-entry.ts";

/**
 * The table itself, apart from the families that fill it (function-table.ts), so that what families are made of may
 * look functions up without importing them.
 */
const table = new Map<string, FunctionEntry>();

/** Adds entries under their names and aliases; a name that is taken is a fault of ours. */
export function registerFunctions(entries: readonly FunctionEntry[]): void {
  for (const entry of entries) {
    for (const name of [entry.name, ...(entry.aliases ?? [])]) {
      if (table.has(name)) throw new Error(`two functions are named ${name}`);
      table.set(name, entry);
    }
  }
}

/** The entry under a lower-case name or alias, internal ones included. */
export function findEntry(name: string): FunctionEntry | undefined {
  return table.get(name);
}

/** The entry of a bound call. */
export function entryOf(fn: string): FunctionEntry {
  const entry = table.get(fn);
  if (entry === undefined) throw new Error(`no function is named ${fn}`);
  return entry;
}

export function registeredFunctions(): ReadonlyMap<string, FunctionEntry> {
  return table;
}
