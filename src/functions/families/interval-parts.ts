import type { DataType } from "../../types/data-type.ts";
import { BYTE, decimal, INTEGER } from "../../types/data-type.ts";
import { p, scalar } from "../define.ts";
import type { Expr } from "../expr.ts";
import type { BindContext, FunctionEntry } from "../function-entry.ts";
import { T } from "../input-type.ts";

const DAY_US = 86_400_000_000;

/** A unit of intervals: the function of dates that reads it, its place in each type, its type, its SQL. */
interface Part {
  readonly unit: string;
  readonly yearMonth?: number;
  readonly dayTime?: number;
  readonly type: DataType;
  readonly sql: (months: string, days: string | undefined, micros: string) => string;
}

const PARTS: readonly Part[] = [
  { unit: "year", yearMonth: 0, type: INTEGER, sql: (m) => `${m} // 12` },
  { unit: "month", yearMonth: 1, type: BYTE, sql: (m) => `${m} % 12` },
  {
    unit: "day",
    dayTime: 0,
    type: INTEGER,
    sql: (_, d, us) => `${d === undefined ? "" : `${d} + `}${us} // ${DAY_US}`,
  },
  { unit: "hour", dayTime: 1, type: BYTE, sql: (_, __, us) => `${us} % ${DAY_US} // 3600000000` },
  { unit: "minute", dayTime: 2, type: BYTE, sql: (_, __, us) => `${us} % 3600000000 // 60000000` },
  { unit: "second_fraction", dayTime: 3, type: decimal(8, 6), sql: (_, __, us) => `${us} % 60000000` },
];

/** What `extract` reads off intervals, one function a unit. */
export const INTERVAL_PARTS: readonly FunctionEntry[] = PARTS.map((part) =>
  scalar({
    name: `interval_${part.unit}`,
    isInternal: true,
    params: [p("interval", T.any)],
    returns: part.type,
    usage: "",
    group: "datetime_funcs",
    lower: ([x], ctx) => {
      const isCalendar = ctx.call.args[0]?.type.kind === "calendar_interval";
      return ctx.let(x as string, (i) => {
        const sql = isCalendar ? part.sql(`(${i}).f0`, `(${i}).f1`, `(${i}).f2`) : part.sql(i, undefined, i);
        return part.unit === "second_fraction"
          ? `((${sql})::DECIMAL(18,0) * 0.000001)::DECIMAL(8,6)`
          : `CAST(${sql} AS ${part.type.kind === "byte" ? "TINYINT" : "INTEGER"})`;
      });
    },
  }),
);

const BY_UNIT = new Map(
  PARTS.map((part, i) => [part.unit, { part, entry: INTERVAL_PARTS[i] as FunctionEntry }]),
);

/** The part of an interval that a unit names; absent where its type has no such unit. */
export function intervalPart(unit: string | undefined, source: Expr, ctx: BindContext): Expr | undefined {
  const found = BY_UNIT.get(unit ?? "");
  if (found === undefined) return undefined;
  const { type } = source;
  if (type.kind === "year_month_interval" || type.kind === "day_time_interval") {
    const at = type.kind === "year_month_interval" ? found.part.yearMonth : found.part.dayTime;
    if (at === undefined || at < type.start || at > type.end) return undefined;
  }
  return found.entry.bind([source], { ...ctx, name: found.entry.name });
}
