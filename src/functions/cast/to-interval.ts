import type { DataType, DayTimeIntervalType, YearMonthIntervalType } from "../../types/data-type.ts";
import { quotedSqlType } from "../../types/format.ts";
import { sqlText } from "../raise.ts";
import type { CastContext } from "./cast-sql.ts";
import { castOverflow, orFail, shownValue } from "./cast-sql.ts";
import { microsOfField } from "./interval-sql.ts";

/** Casts to a year-month interval (months). */
export function toYearMonth(x: string, from: DataType, to: YearMonthIntervalType, ctx: CastContext): string {
  if (from.kind === "year_month_interval") {
    // Only the fields of the target are kept.
    return to.end === 0 && from.end === 1 ? `(trunc(${x} / 12)::INTEGER * 12)` : x;
  }
  if (from.kind === "string") {
    return ctx.let(x, (v) => ctx.kernel("parse_year_month", v, `${to.start}`, `${to.end}`, failFlag(ctx)));
  }
  return ctx.let(x, (v) => {
    const whole = from.kind === "decimal" ? `round(${v})` : v;
    const months = to.end === 0 ? `(${whole}::HUGEINT * 12)` : whole;
    return orFail(ctx, `TRY_CAST(${months} AS INTEGER)`, v, () =>
      castOverflow(ctx, shownValue(v, from), from, to),
    );
  });
}

/** Casts to a day-time interval (microseconds). */
export function toDayTime(x: string, from: DataType, to: DayTimeIntervalType, ctx: CastContext): string {
  if (from.kind === "day_time_interval") {
    const unit = microsOfField(to.end);
    return to.end >= from.end ? x : ctx.let(x, (v) => `(${v} - (${v} % ${unit}))`);
  }
  if (from.kind === "string") {
    return ctx.let(
      x,
      (v) => `${ctx.kernel("parse_day_time", v, `${to.start}`, `${to.end}`, failFlag(ctx))}::BIGINT`,
    );
  }
  return ctx.let(x, (v) => {
    const unit = microsOfField(to.end);
    const micros =
      from.kind === "decimal"
        ? `round(${v}::DECIMAL(38,${Math.min(from.scale, 18)}) * ${unit}::DECIMAL(11,0))`
        : `(${v}::HUGEINT * ${unit})`;
    return orFail(ctx, `TRY_CAST(${micros} AS BIGINT)`, v, () =>
      castOverflow(ctx, shownValue(v, from), from, to),
    );
  });
}

/** Casts to a calendar interval, from text only. */
export function toCalendar(x: string, ctx: CastContext): string {
  const kernel = ctx.kernel("parse_calendar_interval", x);
  const bound = ctx.fresh("i");
  return `list_transform([string_split(${kernel}, ' ')], lambda ${bound}: CASE WHEN ${bound} IS NOT NULL THEN {'f0': ${bound}[1]::INTEGER, 'f1': ${bound}[2]::INTEGER, 'f2': ${bound}[3]::BIGINT} END)[1]`;
}

function failFlag(ctx: CastContext): string {
  return ctx.mode === "ansi" ? "1" : "0";
}

export function intervalTypeText(t: DataType): string {
  return sqlText(quotedSqlType(t));
}
