import type { DataType, StructField } from "../../types/data-type.ts";
import { isNumeric, sameType } from "../../types/data-type.ts";
import { forcesNullable } from "./nullability.ts";

/** Whether a nullable `from` may become what `to` says: null must have a place. */
export function resolvesNullability(from: boolean, to: boolean): boolean {
  return !from || to;
}

/** Whether Spark casts between the types explicitly. */
export function canCast(from: DataType, to: DataType, mode: "ansi" | "legacy" | "try"): boolean {
  if (from.kind === "udt") return canCast(from.sqlType, to, mode);
  if (sameType(from, to)) return true;
  if (from.kind === "null") return true;
  if (to.kind === "null") return false;
  if (from.kind === "variant") return to.kind === "variant" || isVariantTarget(to);
  if (to.kind === "variant") return isVariantSource(from);
  if (to.kind === "char" || to.kind === "varchar") return canCast(from, { kind: "string" }, mode);
  if (from.kind === "array" && to.kind === "array")
    return (
      canCast(from.elementType, to.elementType, mode) &&
      resolvesNullability(
        from.containsNull || isForced(from.elementType, to.elementType, mode),
        to.containsNull,
      )
    );
  if (from.kind === "map" && to.kind === "map")
    return (
      canCast(from.keyType, to.keyType, mode) &&
      !isForced(from.keyType, to.keyType, mode) &&
      canCast(from.valueType, to.valueType, mode) &&
      resolvesNullability(
        from.valueContainsNull || isForced(from.valueType, to.valueType, mode),
        to.valueContainsNull,
      )
    );
  if (from.kind === "struct" && to.kind === "struct")
    return (
      from.fields.length === to.fields.length &&
      from.fields.every((f, i) => {
        const g = to.fields[i] as StructField;
        return (
          canCast(f.dataType, g.dataType, mode) &&
          resolvesNullability(f.nullable || isForced(f.dataType, g.dataType, mode), g.nullable)
        );
      })
    );
  return mode === "legacy" ? canCastLegacy(from, to) : canCastAnsi(from, to);
}

/** In ANSI mode a failing cast raises, so that it never makes a null. */
function isForced(from: DataType, to: DataType, mode: "ansi" | "legacy" | "try"): boolean {
  return mode === "ansi" ? false : forcesNullable(from, to);
}

function canCastAnsi(from: DataType, to: DataType): boolean {
  if (to.kind === "string") return true;
  switch (from.kind) {
    case "string":
      return (
        isNumeric(to) ||
        [
          "binary",
          "boolean",
          "date",
          "timestamp",
          "timestamp_ntz",
          "time",
          "calendar_interval",
          "year_month_interval",
          "day_time_interval",
        ].includes(to.kind)
      );
    case "binary":
      return false;
    case "boolean":
      return isNumeric(to);
    case "date":
      return to.kind === "timestamp" || to.kind === "timestamp_ntz";
    case "timestamp":
      return isNumeric(to) || to.kind === "date" || to.kind === "timestamp_ntz" || to.kind === "time";
    case "timestamp_ntz":
      return to.kind === "date" || to.kind === "timestamp" || to.kind === "time";
    case "time":
      return to.kind === "time" || isNumeric(to);
    case "year_month_interval":
      return to.kind === "year_month_interval" || isNumericTarget(to);
    case "day_time_interval":
      return to.kind === "day_time_interval" || isNumericTarget(to);
    default:
      if (!isNumeric(from)) return false;
      if (isNumeric(to) || to.kind === "boolean" || to.kind === "timestamp") return true;
      if (to.kind === "year_month_interval" || to.kind === "day_time_interval")
        return from.kind !== "float" && from.kind !== "double";
      return false;
  }
}

function isNumericTarget(to: DataType): boolean {
  return isNumeric(to) && to.kind !== "float" && to.kind !== "double";
}

function canCastLegacy(from: DataType, to: DataType): boolean {
  if (to.kind === "string") return true;
  switch (from.kind) {
    case "string":
      return canCastAnsi(from, to);
    case "binary":
      return false;
    case "boolean":
      return isNumeric(to) || to.kind === "timestamp";
    case "date":
      return isNumeric(to) || to.kind === "boolean" || to.kind === "timestamp" || to.kind === "timestamp_ntz";
    case "timestamp":
      return isNumeric(to) || ["boolean", "date", "timestamp_ntz", "time"].includes(to.kind);
    case "timestamp_ntz":
    case "time":
    case "year_month_interval":
    case "day_time_interval":
      return canCastAnsi(from, to);
    default:
      if (!isNumeric(from)) return false;
      if (from.kind !== "decimal" && to.kind === "binary" && from.kind !== "float" && from.kind !== "double")
        return true;
      return canCastAnsi(from, to);
  }
}

function isVariantTarget(to: DataType): boolean {
  switch (to.kind) {
    case "array":
      return isVariantTarget(to.elementType);
    case "map":
      return to.keyType.kind === "string" && isVariantTarget(to.valueType);
    case "struct":
      return to.fields.every((f) => isVariantTarget(f.dataType));
    case "variant":
    case "string":
    case "boolean":
    case "binary":
    case "date":
    case "timestamp":
    case "timestamp_ntz":
      return true;
    default:
      return isNumeric(to);
  }
}

function isVariantSource(from: DataType): boolean {
  switch (from.kind) {
    case "array":
      return isVariantSource(from.elementType);
    case "map":
    case "struct":
      return false;
    default:
      return isVariantTarget(from);
  }
}

/** Whether `to_variant_object` takes a value as a whole: of arrays, maps and structs. */
export function canBecomeVariantObject(from: DataType): boolean {
  return (from.kind === "array" || from.kind === "map" || from.kind === "struct") && isVariantPart(from);
}

function isVariantPart(from: DataType): boolean {
  switch (from.kind) {
    case "array":
      return isVariantPart(from.elementType);
    case "map":
      return from.keyType.kind === "string" && isVariantPart(from.valueType);
    case "struct":
      return from.fields.every((f) => isVariantPart(f.dataType));
    default:
      return isVariantTarget(from);
  }
}

/** Whether a value may be stored in a column of another type under the ANSI rule (also the test for implicit casts). */
export function canAnsiStoreAssign(from: DataType, to: DataType): boolean {
  if (sameType(from, to) || from.kind === "null") return true;
  if (isNumeric(from) && isNumeric(to)) return true;
  if (to.kind === "string" || to.kind === "char" || to.kind === "varchar") {
    return (
      from.kind !== "array" &&
      from.kind !== "map" &&
      from.kind !== "struct" &&
      from.kind !== "variant" &&
      from.kind !== "udt"
    );
  }
  const datetime = ["date", "timestamp", "timestamp_ntz"];
  if (datetime.includes(from.kind) && datetime.includes(to.kind)) return true;
  if (from.kind === "time" && to.kind === "time") return true;
  if (from.kind === "array" && to.kind === "array")
    return (
      resolvesNullability(from.containsNull, to.containsNull) &&
      canAnsiStoreAssign(from.elementType, to.elementType)
    );
  if (from.kind === "map" && to.kind === "map")
    return (
      resolvesNullability(from.valueContainsNull, to.valueContainsNull) &&
      canAnsiStoreAssign(from.keyType, to.keyType) &&
      canAnsiStoreAssign(from.valueType, to.valueType)
    );
  if (from.kind === "struct" && to.kind === "struct")
    return (
      from.fields.length === to.fields.length &&
      from.fields.every((f, i) => {
        const g = to.fields[i] as StructField;
        return resolvesNullability(f.nullable, g.nullable) && canAnsiStoreAssign(f.dataType, g.dataType);
      })
    );
  if (from.kind === "year_month_interval" && to.kind === "year_month_interval") return true;
  if (from.kind === "day_time_interval" && to.kind === "day_time_interval") return true;
  return false;
}
