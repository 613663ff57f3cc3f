import type { FunctionEntry } from "../function-entry.ts";
import { ABOUT_VALUES } from "./about-values.ts";
import { APPROXIMATIONS } from "./approximations.ts";
import { ARRAYS } from "./arrays.ts";
import { BITMAPS } from "./bitmaps.ts";
import { CIPHERS } from "./ciphers.ts";
import { DATES } from "./dates.ts";
import { DATETIME_OPERATORS } from "./datetime-operators.ts";
import { ENCODINGS } from "./encodings.ts";
import { FORMATTING } from "./formatting.ts";
import { GENERATORS } from "./generators.ts";
import { HISTOGRAMS } from "./histograms.ts";
import { HLL_SKETCHES } from "./hll-sketches.ts";
import { INTERVAL_PARTS } from "./interval-parts.ts";
import { INTERVALS } from "./intervals.ts";
import { KLL_SKETCHES } from "./kll-sketches.ts";
import { LAMBDAS } from "./lambdas.ts";
import { MAKE_TIMESTAMPS } from "./make-timestamps.ts";
import { MAPS } from "./maps.ts";
import { MATCHING } from "./matching.ts";
import { MATH } from "./math.ts";
import { NUMBER_FORMATS } from "./number-formats.ts";
import { PERCENTILES } from "./percentiles.ts";
import { RANDOM } from "./random.ts";
import { REGULAR_EXPRESSIONS } from "./regular-expressions.ts";
import { SEQUENCES } from "./sequences.ts";
import { SET_SKETCHES } from "./set-sketches.ts";
import { STATISTICS } from "./statistics.ts";
import { STRINGS } from "./strings.ts";
import { STRUCTURED_TEXT } from "./structured-text.ts";
import { TIME_UNITS } from "./time-units.ts";
import { TIME_WINDOWS } from "./time-windows.ts";
// from "./time-units.ts";
import { VARIANTS } from "./variants.ts";
import { VECTORS } from "./vectors.ts";
import { WINDOWS } from "./windows.ts";

/** Every family of functions but the first ones, one a line. */
export const FAMILIES: readonly (readonly FunctionEntry[])[] = [
  DATES,
  DATETIME_OPERATORS,
  ENCODINGS,
  FORMATTING,
  MATCHING,
  MATH,
  PERCENTILES,
  STATISTICS,
  REGULAR_EXPRESSIONS,
  STRINGS,
  WINDOWS,
  HISTOGRAMS,
  INTERVALS,
  INTERVAL_PARTS,
  LAMBDAS,
  GENERATORS,
  ARRAYS,
  MAPS,
  SEQUENCES,
  BITMAPS,
  CIPHERS,
  ABOUT_VALUES,
  APPROXIMATIONS,
  MAKE_TIMESTAMPS,
  NUMBER_FORMATS,
  TIME_UNITS,
  TIME_WINDOWS,
  SET_SKETCHES,
  KLL_SKETCHES,
  HLL_SKETCHES,
  RANDOM,
  VECTORS,
  STRUCTURED_TEXT,
  VARIANTS,
];
