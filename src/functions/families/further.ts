import type { FunctionEntry } from "../function-entry.ts";
import { FAMILIES } from "./index.ts";

/** All but the first families; the page's build puts `undefined` here and so leaves them for later. */
export const FURTHER_FAMILIES: readonly (readonly FunctionEntry[])[] | undefined = FAMILIES;
