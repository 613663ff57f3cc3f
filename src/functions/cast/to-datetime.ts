import type { DataType } from "../../types/data-type.ts";
import { DOUBLE, LONG } from "../../types/data-type.ts";
import { sqlText } from "../raise.ts";
import { instantToLocalSql, localToInstantSql } from "../zone-sql.ts";
import type { CastContext } from "./cast-sql.ts";
import { castInvalid, castOverflow, orFail, shownValue } from "./cast-sql.ts";
import { toIntegral } from "./to-number.ts";
import { decimalText, doubleToText } from "./to-text.ts";

const DATE = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";
const TIME = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?";

/** Casts to date. */
export function toDate(x: string, from: DataType, ctx: CastContext): string {
  switch (from.kind) {
    case "timestamp":
      return `${instantToLocalSql(x, ctx.timeZone, ctx)}::DATE`;
    case "timestamp_ntz":
      return `${x}::DATE`;
    case "string":
    case "char":
    case "varchar":
      return ctx.let(x, (v) =>
        orFail(ctx, textToDate(v, ctx), v, () =>
          castInvalid(ctx, shownValue(v, from), from, { kind: "date" }),
        ),
      );
    default:
      throw new Error(`no cast from ${from.kind} to date`);
  }
}

/** NULL for what is no date. */
export function textToDate(v: string, ctx: Pick<CastContext, "kernel">): string {
  // The usual form, which DuckDB reads alike; a sign or a space would make it another.
  return `CASE WHEN ${v} LIKE '____-__-__' AND ${v} >= '0' THEN TRY_CAST(${v} AS DATE) ELSE (DATE '1970-01-01' + ${ctx.kernel("parse_date", v)}) END`;
}

/** Casts to timestamp, an instant. */
export function toTimestamp(x: string, from: DataType, ctx: CastContext): string {
  switch (from.kind) {
    case "date":
      return localToInstantSql(`${x}::TIMESTAMP`, ctx.timeZone, ctx);
    case "timestamp_ntz":
      return localToInstantSql(x, ctx.timeZone, ctx);
    case "string":
    case "char":
    case "varchar":
      return ctx.let(x, (v) =>
        orFail(ctx, textToTimestamp(v, ctx), v, () =>
          castInvalid(ctx, shownValue(v, from), from, { kind: "timestamp" }),
        ),
      );
    case "boolean":
      return `make_timestamp(${x}::BIGINT)`;
    case "byte":
    case "short":
    case "integer":
      return `make_timestamp(${x}::BIGINT * 1000000)`;
    case "long":
      // Seconds that do not fit are cut to the last microsecond there is.
      return ctx.let(
        x,
        (v) =>
          `make_timestamp(greatest(least(${v}::HUGEINT * 1000000, 9223372036854775806), -9223372036854775806)::BIGINT)`,
      );
    case "decimal":
      return ctx.let(x, (v) =>
        from.precision <= 30
          ? `make_timestamp(trunc(${v}::DECIMAL(${Math.max(from.precision, 19)},${from.scale}) * 1000000::DECIMAL(7,0))::BIGINT)`
          : `make_timestamp(${ctx.kernel("decimal_arithmetic", "'div'", decimalText(v, from), "'0.000001'", "38", "0")}::BIGINT)`,
      );
    case "float":
    case "double":
      return ctx.let(`${x}::DOUBLE`, (v) => {
        const micros = `(${v} * 1000000.0::DOUBLE)`;
        if (ctx.mode === "ansi") {
          return `CASE WHEN isfinite(${v}) THEN make_timestamp(coalesce(TRY_CAST(trunc(${micros}) AS BIGINT), ${castOverflow(ctx, shownValue(micros, DOUBLE, doubleToText(micros, ctx)), DOUBLE, LONG)})) WHEN ${v} IS NOT NULL THEN ${castInvalid(ctx, doubleToText(v, ctx), DOUBLE, { kind: "timestamp" })} END`;
        }
        if (ctx.mode === "try")
          return `CASE WHEN isfinite(${v}) THEN make_timestamp(TRY_CAST(trunc(${micros}) AS BIGINT)) END`;
        const clamped = `greatest(least(${toIntegral(micros, DOUBLE, LONG, { ...ctx, mode: "legacy" })}, 9223372036854775806), -9223372036854775806)`;
        return `CASE WHEN isfinite(${v}) THEN make_timestamp(${clamped}) END`;
      });
    default:
      throw new Error(`no cast from ${from.kind} to timestamp`);
  }
}

/** Whether a text has the form that DuckDB reads as Spark does. */
function isUsualTimestamp(v: string): string {
  return `CASE WHEN length(${v}) = 19 THEN ${v} LIKE '____-__-__ __:__:__' AND ${v} >= '0' AND ${v} NOT LIKE '% 24:%' ELSE regexp_full_match(${v}, '${DATE}[ T]${TIME}') END`;
}

/** NULL for what is no timestamp. */
export function textToTimestamp(v: string, ctx: Pick<CastContext, "kernel" | "let" | "timeZone">): string {
  const usual = isUsualTimestamp(v);
  return `CASE WHEN ${usual} THEN ${localToInstantSql(`TRY_CAST(${v} AS TIMESTAMP)`, ctx.timeZone, ctx)} ELSE make_timestamp(${ctx.kernel("parse_timestamp", v, sqlText(ctx.timeZone))}::BIGINT) END`;
}

/** Casts to timestamp_ntz, a wall clock time. */
export function toTimestampNtz(x: string, from: DataType, ctx: CastContext): string {
  switch (from.kind) {
    case "date":
      return `${x}::TIMESTAMP`;
    case "timestamp":
      return instantToLocalSql(x, ctx.timeZone, ctx);
    case "string":
    case "char":
    case "varchar":
      return ctx.let(x, (v) => {
        const attempt = `CASE WHEN ${isUsualTimestamp(v)} THEN TRY_CAST(${v} AS TIMESTAMP) ELSE make_timestamp(${ctx.kernel("parse_timestamp_ntz", v)}::BIGINT) END`;
        return orFail(ctx, attempt, v, () =>
          castInvalid(ctx, shownValue(v, from), from, { kind: "timestamp_ntz" }),
        );
      });
    default:
      throw new Error(`no cast from ${from.kind} to timestamp_ntz`);
  }
}
