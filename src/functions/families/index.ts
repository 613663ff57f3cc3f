import type { FunctionEntry } from "../function-entry.ts";
import { MATH } from "./math.ts";
import { STRINGS } from "./strings.ts";

/** Every family of functions, one a line. */
export const FAMILIES: readonly (readonly FunctionEntry[])[] = [MATH, STRINGS];
