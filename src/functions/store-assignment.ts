import type { DataType } from "../types/data-type.ts";
import { isStringLike } from "../types/data-type.ts";
import { canAnsiStoreAssign, canCast } from "./cast/can-cast.ts";
import { type CoercionConf, castTo, isUpCast } from "./coercion.ts";
import type { Expr } from "./expr.ts";

/** Whether a value may be stored in a column of another type, by `spark.sql.storeAssignmentPolicy`. */
export function canStoreAssign(from: DataType, to: DataType, policy: string): boolean {
  switch (policy.toUpperCase()) {
    case "LEGACY":
      return canCast(from, to, "legacy");
    case "STRICT":
      return isUpCast(from, to);
    default:
      return canAnsiStoreAssign(from, to);
  }
}

/** The value in the column's type: overflow is an error whatever the session's mode, as in an INSERT. */
export function castForStore(e: Expr, type: DataType, conf: CoercionConf): Expr {
  const target: DataType = isStringLike(type) ? { kind: "string" } : type;
  return castTo(e, target, { ...conf, ansiEnabled: true });
}
