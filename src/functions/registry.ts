import type { FunctionEntry } from "./function-entry.ts";

/**
 * The table itself, apart from the families that fill it (function-table.ts), so that what families are made of may
 * look functions up without importing them.
 */
const table = new Map<string, FunctionEntry>();

/** Names that were looked up and not found, while some families were still to be loaded. */
let misses = 0;
let loadRest: (() => Promise<readonly (readonly FunctionEntry[])[]>) | undefined;
let loading: Promise<void> | undefined;

/** Says that more families come with `load`, for a build whose first script should be small. */
export function leaveFamilies(load: () => Promise<readonly (readonly FunctionEntry[])[]>): void {
  loadRest = load;
}

/** Loads the families that were left out, if any were. */
export function loadFamilies(): Promise<void> {
  if (loadRest === undefined) return Promise.resolve();
  loading ??= loadRest().then(
    (families) => {
      for (const family of families) registerFunctions(family);
      loadRest = undefined;
    },
    (error: unknown) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

/**
 * Runs what looks functions up and has no other effect; once more if it missed one while families were left out. It is
 * the miss that counts, not the outcome: what is not there may lead astray without an error.
 */
export async function withFamilies<T>(run: () => T | Promise<T>): Promise<T> {
  if (loadRest === undefined) return run();
  const before = misses;
  try {
    const result = await run();
    if (misses === before) return result;
  } catch (error) {
    if (misses === before) throw error;
  }
  await loadFamilies();
  return run();
}

export function isRegistered(name: string): boolean {
  return table.has(name);
}

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
  const entry = table.get(name);
  if (entry === undefined) misses++;
  return entry;
}

/** The entry of a bound call. */
export function entryOf(fn: string): FunctionEntry {
  const entry = findEntry(fn);
  if (entry === undefined) throw new Error(`no function is named ${fn}`);
  return entry;
}

export function registeredFunctions(): ReadonlyMap<string, FunctionEntry> {
  return table;
}
