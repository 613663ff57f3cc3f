import type { FunctionEntry } from "../function-entry.ts";
import { AGGREGATES } from "./aggregates.ts";
import { ARITHMETIC } from "./arithmetic.ts";
import { ARRAYS } from "./arrays.ts";
import { BITMAPS } from "./bitmaps.ts";
import { BITWISE } from "./bitwise.ts";
import { BOOLEAN_OPERATORS } from "./boolean.ts";
import { CAST_FUNCTIONS } from "./cast-functions.ts";
import { CIPHERS } from "./ciphers.ts";
import { COMPARISON } from "./comparison.ts";
import { CONCAT } from "./concat.ts";
import { CONDITIONAL } from "./conditional.ts";
import { CONSTRUCTORS } from "./constructors.ts";
import { DATES } from "./dates.ts";
import { DATETIME_OPERATORS } from "./datetime-operators.ts";
import { ENCODINGS } from "./encodings.ts";
import { FORMATTING } from "./formatting.ts";
import { GENERATORS } from "./generators.ts";
import { HISTOGRAMS } from "./histograms.ts";
import { INTERVAL_PARTS } from "./interval-parts.ts";
import { INTERVALS } from "./intervals.ts";
import { LAMBDAS } from "./lambdas.ts";
import { MAPS } from "./maps.ts";
import { MATCHING } from "./matching.ts";
import { MATH } from "./math.ts";
import { MISC } from "./misc.ts";
import { NUMBER_FORMATS } from "./number-formats.ts";
import { PERCENTILES } from "./percentiles.ts";
import { RANDOM } from "./random.ts";
import { REGULAR_EXPRESSIONS } from "./regular-expressions.ts";
import { ROUNDING } from "./rounding.ts";
import { SEQUENCES } from "./sequences.ts";
import { SHOWN } from "./shown.ts";
import { STATISTICS } from "./statistics.ts";
import { STRINGS } from "./strings.ts";
import { VECTORS } from "./vectors.ts";
import { WINDOWS } from "./windows.ts";

/** Every family of functions, one a line. */
export const FAMILIES: readonly (readonly FunctionEntry[])[] = [
  AGGREGATES,
  ARITHMETIC,
  BITWISE,
  BOOLEAN_OPERATORS,
  CAST_FUNCTIONS,
  COMPARISON,
  CONCAT,
  CONDITIONAL,
  CONSTRUCTORS,
  DATES,
  DATETIME_OPERATORS,
  ENCODINGS,
  FORMATTING,
  MATCHING,
  MATH,
  PERCENTILES,
  SHOWN,
  STATISTICS,
  REGULAR_EXPRESSIONS,
  ROUNDING,
  STRINGS,
  WINDOWS,
  HISTOGRAMS,
  INTERVALS,
  INTERVAL_PARTS,
  LAMBDAS,
  GENERATORS,
  ARRAYS,
  MAPS,
  MISC,
  SEQUENCES,
  BITMAPS,
  CIPHERS,
  NUMBER_FORMATS,
  RANDOM,
  VECTORS,
];
