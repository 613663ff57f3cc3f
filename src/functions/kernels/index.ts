import type { Kernel } from "../kernel.ts";
import { DATETIME_PATTERN_KERNELS } from "./datetime-pattern.ts";
import { DATETIME_TEXT_KERNELS } from "./datetime-text.ts";
import { DECIMAL_ARITHMETIC_KERNELS } from "./decimal-arithmetic.ts";
import { ENCODING_KERNELS } from "./encodings.ts";
import { FORMATTING_KERNELS } from "./formatting.ts";
import { HASH_KERNELS } from "./hashes.ts";
import { HISTOGRAM_KERNELS } from "./histogram.ts";
import { INTERVAL_TEXT_KERNELS } from "./interval-text.ts";
import { MATCHING_KERNELS } from "./matching.ts";
import { MATH_KERNELS } from "./math.ts";
import { NUMBER_TEXT_KERNELS } from "./number-text.ts";
import { REGULAR_EXPRESSION_KERNELS } from "./regular-expressions.ts";
import { ROUNDING_KERNELS } from "./rounding.ts";
import { ROW_COUNTER_KERNELS } from "./row-counter.ts";
import { TEXT_KERNELS } from "./text.ts";

const ALL: readonly (readonly Kernel[])[] = [
  NUMBER_TEXT_KERNELS,
  DATETIME_PATTERN_KERNELS,
  DATETIME_TEXT_KERNELS,
  ENCODING_KERNELS,
  FORMATTING_KERNELS,
  HASH_KERNELS,
  HISTOGRAM_KERNELS,
  INTERVAL_TEXT_KERNELS,
  DECIMAL_ARITHMETIC_KERNELS,
  MATCHING_KERNELS,
  MATH_KERNELS,
  REGULAR_EXPRESSION_KERNELS,
  ROUNDING_KERNELS,
  ROW_COUNTER_KERNELS,
  TEXT_KERNELS,
];

/** Every kernel by name. */
export const KERNELS: ReadonlyMap<string, Kernel> = new Map(ALL.flat().map((k) => [k.name, k]));
