import type { FunctionEntry } from "../function-entry.ts";
import { AGGREGATES } from "./aggregates.ts";
import { ARITHMETIC } from "./arithmetic.ts";
import { BITWISE } from "./bitwise.ts";
import { BOOLEAN_OPERATORS } from "./boolean.ts";
import { CAST_FUNCTIONS } from "./cast-functions.ts";
import { COMPARISON } from "./comparison.ts";
import { CONCAT } from "./concat.ts";
import { CONDITIONAL } from "./conditional.ts";
import { CONSTRUCTORS } from "./constructors.ts";
import { MISC } from "./misc.ts";
import { ROUNDING } from "./rounding.ts";
import { SHOWN } from "./shown.ts";

/** Families that nearly every program needs: the page's first load has them, all others come when one is missed. */
export const FIRST_FAMILIES: readonly (readonly FunctionEntry[])[] = [
  AGGREGATES,
  ARITHMETIC,
  BITWISE,
  BOOLEAN_OPERATORS,
  CAST_FUNCTIONS,
  COMPARISON,
  CONCAT,
  CONDITIONAL,
  CONSTRUCTORS,
  MISC,
  ROUNDING,
  SHOWN,
];
