import type { Call, Expr } from "../../functions/expr.ts";

/** The value itself; a null raises Delta's error for a NOT NULL column when the row is written. */
export function notNullGuard(child: Expr, column: string): Call {
  return {
    kind: "Call",
    fn: "assert_not_null",
    args: [child],
    type: child.type,
    nullable: false,
    extra: {
      errorClass: "SparkRuntimeException",
      condition: "DELTA_NOT_NULL_CONSTRAINT_VIOLATED",
      messageParameters: { columnName: column },
    },
  };
}
