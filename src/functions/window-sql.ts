import type { WindowBound, WindowExpr } from "./expr.ts";

/**
 * `OVER (...)` in DuckDB SQL. `parts` are the lowered partition expressions, sort items and frame offsets, in the order
 * of `childrenOf` after the function.
 */
export function lowerWindow(e: WindowExpr, parts: readonly string[]): string {
  let at = 0;
  const partition = parts.slice(at, (at += e.partitionBy.length));
  const order = parts.slice(at, (at += e.orderBy.length));
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
        const offset = parts[at++] as string;
        const type = b.offset.type;
        // Negative offsets lie before; DuckDB wants a direction and a value that is not negative.
        const isNegative =
          b.offset.kind === "Lit" && typeof b.offset.value !== "object" && Number(b.offset.value) < 0;
        const amount = isNegative ? `-(${offset})` : offset;
        const direction = isNegative ? "PRECEDING" : "FOLLOWING";
        if (!isRange || type.kind !== "day_time_interval") return `${amount} ${direction}`;
        return `to_microseconds(${amount}) ${direction}`;
      }
    }
  };
  const lower = bound(e.frame.lower);
  const upper = bound(e.frame.upper);
  const frame = `${isRange ? "RANGE" : "ROWS"} BETWEEN ${lower} AND ${upper}`;
  return `OVER (${[
    ...(partition.length > 0 ? [`PARTITION BY ${partition.join(", ")}`] : []),
    ...(order.length > 0 ? [`ORDER BY ${order.join(", ")}`] : []),
    frame,
  ].join(" ")})`;
}
