import type { DataType } from "../../types/data-type.ts";
import { duckType } from "../duck-type.ts";
import type { CastExpr } from "../expr.ts";
import type { LowerContext } from "../function-entry.ts";

/** What the lowering of a cast may use. */
export interface CastContext extends Pick<LowerContext, "kernel" | "let" | "raise" | "fresh"> {
  readonly mode: CastExpr["mode"];
  readonly timeZone: string;
}

/** DuckDB SQL of a cast by Spark's rules. `sql` is self-contained, so is the result. */
export function lowerCast(sql: string, from: DataType, to: DataType, _ctx: CastContext): string {
  if (from.kind === "null") return `NULL::${duckType(to)}`;
  return `CAST(${sql} AS ${duckType(to)})`;
}
