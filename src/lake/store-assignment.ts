import type { DataType } from "../types/data-type.ts";
import { isInterval, isNumeric, isStringLike } from "../types/data-type.ts";

/** Whether a value of type `from` may be written into a column of type `to` under Spark's ANSI store assignment. */
export function canStoreAssign(from: DataType, to: DataType): boolean {
  if (from.kind === "null") return true;
  if (from.kind === "struct" && to.kind === "struct") {
    return (
      from.fields.length === to.fields.length &&
      from.fields.every((f, i) => {
        const target = to.fields[i];
        return (
          target !== undefined &&
          target.name.toLowerCase() === f.name.toLowerCase() &&
          canStoreAssign(f.dataType, target.dataType)
        );
      })
    );
  }
  if (from.kind === "array" && to.kind === "array") return canStoreAssign(from.elementType, to.elementType);
  if (from.kind === "map" && to.kind === "map") {
    return canStoreAssign(from.keyType, to.keyType) && canStoreAssign(from.valueType, to.valueType);
  }
  if (isNumeric(from) && isNumeric(to)) return true;
  if (isDatetime(from) && isDatetime(to)) return true;
  if (isStringLike(to)) return isAtomic(from);
  if (isInterval(from) || isInterval(to)) return from.kind === to.kind && from.kind !== "calendar_interval";
  return from.kind === to.kind;
}

function isDatetime(t: DataType): boolean {
  return t.kind === "date" || t.kind === "timestamp" || t.kind === "timestamp_ntz";
}

function isAtomic(t: DataType): boolean {
  const others: readonly DataType["kind"][] = [
    "struct",
    "array",
    "map",
    "calendar_interval",
    "variant",
    "udt",
  ];
  return !others.includes(t.kind);
}
