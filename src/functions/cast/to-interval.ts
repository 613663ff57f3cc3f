import type { DataType, DayTimeIntervalType, YearMonthIntervalType } from "../../types/data-type.ts";
import type { CastContext } from "./cast-sql.ts";
import { castOverflow, orFail, shownValue } from "./cast-sql.ts";
import { microsOfField } from "./interval-sql.ts";
import { decimalText } from "./to-text.ts";

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
    const months = scaledBy(v, from, to.end === 0 ? "12" : "1", ctx);
    return orFail(raising(ctx), `TRY_CAST(${months} AS INTEGER)`, v, () =>
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
    const micros = scaledBy(v, from, microsOfField(to.end), ctx);
    return orFail(raising(ctx), `TRY_CAST(${micros} AS BIGINT)`, v, () =>
      castOverflow(ctx, shownValue(v, from), from, to),
    );
  });
}

/** A number of units in the smallest ones, half up. */
function scaledBy(v: string, from: DataType, factor: string, ctx: CastContext): string {
  if (from.kind !== "decimal") return `(${v}::HUGEINT * ${factor})`;
  return ctx.kernel("decimal_arithmetic", "'*'", decimalText(v, from), `'${factor}'`, "38", "0");
}

/** Casts to intervals raise in legacy mode too. */
function raising(ctx: CastContext): CastContext {
  return ctx.mode === "try" ? ctx : { ...ctx, mode: "ansi" };
}

/** Casts to a calendar interval, from text only. */
export function toCalendar(x: string, ctx: CastContext): string {
  const kernel = ctx.kernel("parse_calendar_interval", x);
  const bound = ctx.fresh("i");
  return `list_transform([string_split(${kernel}, ' ')], lambda ${bound}: CASE WHEN ${bound} IS NOT NULL THEN {'f0': ${bound}[1]::INTEGER, 'f1': ${bound}[2]::INTEGER, 'f2': ${bound}[3]::BIGINT} END)[1]`;
}

function failFlag(ctx: CastContext): string {
  return ctx.mode === "try" ? "0" : "1";
}
