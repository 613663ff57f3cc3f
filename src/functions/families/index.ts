import type { FunctionEntry } from "../function-entry.ts";

/** Every family of functions, one a line. */
export const FAMILIES: readonly (readonly FunctionEntry[])[] = [];
