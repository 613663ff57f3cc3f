import type { Expr, WindowBound, WindowExpr } from "./expr.ts";
import { evaluateLiteral } from "./fold.ts";

/**
 * `OVER (...)` in DuckDB SQL. `parts` are the lowered partition expressions, sort items and frame offsets, in the order
 * of `childrenOf` after the function.
 */
export function lowerWindow(e: WindowExpr, parts: readonly string[]): string {
  let at = 0;
  const partition = parts.slice(at, (at += e.partitionBy.length));
  const order = parts.slice(at, (at += e.orderBy.length));
  const hasFrame = e.fn.fn !== "lag" && e.fn.fn !== "lead";
  const isRange = e.frame.frameType === "range";
  const bound = (b: WindowBound): string => {
    switch (b.kind) {
      case "unboundedPreceding":
        return "UNBOUNDED PRECEDING";
      case "unboundedFollowing":
        return "UNBOUNDED FOLLOWING";
      case "currentRow":
        return "CURRENT ROW";
      default: {
        const offset = moved(parts[at++] as string, b.offset, isRange ? e.orderBy[0]?.child : undefined);
        // DuckDB wants a direction and a value that is not negative.
        const value = evaluateLiteral(b.offset);
        const isNegative = typeof value === "string" ? value.startsWith("-") : Number(value ?? 0) < 0;
        return isNegative ? `${offset("-")} PRECEDING` : `${offset("")} FOLLOWING`;
      }
    }
  };
  const lower = bound(e.frame.lower);
  const upper = bound(e.frame.upper);
  const frame = !hasFrame ? "" : `${isRange ? "RANGE" : "ROWS"} BETWEEN ${lower} AND ${upper}`;
  return `OVER (${[
    ...(partition.length > 0 ? [`PARTITION BY ${partition.join(", ")}`] : []),
    ...(order.length > 0 ? [`ORDER BY ${order.join(", ")}`] : []),
    ...(frame === "" ? [] : [frame]),
  ].join(" ")})`;
}

/** An offset with a sign before it, as an interval where the ordering column is a date or a timestamp. */
function moved(sql: string, offset: Expr, ordered: Expr | undefined): (sign: "" | "-") => string {
  const signed = (sign: "" | "-"): string => (sign === "" ? sql : `(-(${sql}))`);
  const kind = ordered?.type.kind;
  if (kind !== "date" && kind !== "timestamp" && kind !== "timestamp_ntz") return signed;
  switch (offset.type.kind) {
    case "day_time_interval":
      return (sign) => `to_microseconds(${signed(sign)})`;
    case "year_month_interval":
      return (sign) => `to_months(${signed(sign)})`;
    case "calendar_interval":
      return (sign) =>
        ["months", "days", "microseconds"]
          .map((unit, i) => `to_${unit}(${sign}(struct_extract(${sql}, 'f${i}')))`)
          .join(" + ");
    default:
      return (sign) => `to_days(${signed(sign)})`;
  }
}
