import type { DecimalType } from "../../types/data-type.ts";
import { duckType } from "../duck-type.ts";

/**
 * A plain number's text (no exponent) as a decimal, NULL where it is none or does not fit. DuckDB reads decimals of more
 * than 18 digits a hundred times slower than shorter ones, so a shorter one is tried first.
 */
export function textToDecimal(text: string, type: DecimalType): string {
  const target = duckType(type);
  const slow = `TRY_CAST(${text} AS ${target})`;
  if (type.precision <= 18) return slow;
  if (type.scale <= 9) return `coalesce(TRY_CAST(${text} AS DECIMAL(18,${type.scale}))::${target}, ${slow})`;
  return `CASE WHEN ${text} LIKE '%.__________%' THEN ${slow} ELSE coalesce(TRY_CAST(${text} AS DECIMAL(18,9))::${target}, ${slow}) END`;
}
