import type { DataType } from "../../types/data-type.ts";
import { isFractional, isIntegral, isNumeric, sameType } from "../../types/data-type.ts";
import { isWiderDecimal } from "../decimal-type.ts";

/** Whether Spark takes the result of a cast for nullable whatever the input is. */
export function forcesNullable(from: DataType, to: DataType): boolean {
  if (from.kind === "null" || sameType(from, to)) return false;
  if (from.kind === "variant") return true;
  if (from.kind === "string") return to.kind !== "binary" && to.kind !== "string";
  if (to.kind === "string") return false;
  if (from.kind === "timestamp" && (to.kind === "byte" || to.kind === "short" || to.kind === "integer"))
    return true;
  if (from.kind === "time" && (to.kind === "byte" || to.kind === "short")) return true;
  if (isFractional(from) && to.kind === "timestamp") return true;
  if (from.kind === "timestamp" && to.kind === "date") return false;
  if (to.kind === "date") return true;
  if (from.kind === "date") return to.kind !== "timestamp";
  if (to.kind === "calendar_interval") return true;
  if (to.kind === "decimal") return !fitsDecimal(from, to.precision, to.scale);
  if ((isFractional(from) || from.kind === "decimal") && isIntegral(to)) return true;
  return false;
}

function fitsDecimal(from: DataType, precision: number, scale: number): boolean {
  if (from.kind === "boolean") return precision - scale >= 1;
  if (from.kind === "decimal" && precision - scale > from.precision - from.scale) return true;
  return (
    isNumeric(from) && !isFractional(from) && isWiderDecimal({ kind: "decimal", precision, scale }, from)
  );
}
