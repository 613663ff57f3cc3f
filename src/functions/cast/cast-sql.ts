import type { DataType } from "../../types/data-type.ts";
import { isStringLike } from "../../types/data-type.ts";
import { quotedSqlType } from "../../types/format.ts";
import type { CastExpr } from "../expr.ts";
import type { LowerContext } from "../function-entry.ts";
import { sqlText } from "../raise.ts";

/** What the lowering of a cast may use. */
export interface CastContext extends Pick<LowerContext, "kernel" | "let" | "raise" | "fresh"> {
  readonly mode: CastExpr["mode"];
  readonly timeZone: string;
}

const ANSI_CONFIG = sqlText('"spark.sql.ansi.enabled"');

/** SQL of a value as Spark's messages show it: strings quoted, numbers with their suffix. */
export function shownValue(x: string, type: DataType, text = `${x}::VARCHAR`): string {
  if (isStringLike(type)) return `'''' || replace(replace(${x}, '\\', '\\\\'), '''', '\\''') || ''''`;
  switch (type.kind) {
    case "byte":
      return `${text} || 'Y'`;
    case "short":
      return `${text} || 'S'`;
    case "long":
      return `${text} || 'L'`;
    case "double":
      return `${text} || CASE WHEN isfinite(${x}) THEN 'D' ELSE '' END`;
    case "decimal":
      return `${text} || 'BD'`;
    default:
      return text;
  }
}

/** Raises CAST_OVERFLOW for the value. */
export function castOverflow(ctx: CastContext, value: string, from: DataType, to: DataType): string {
  return ctx.raise("ArithmeticException", "CAST_OVERFLOW", {
    value,
    sourceType: sqlText(quotedSqlType(from)),
    targetType: sqlText(quotedSqlType(to)),
    ansiConfig: ANSI_CONFIG,
  });
}

/** Raises CAST_INVALID_INPUT for the value, with the exception's class that Spark uses for the target. */
export function castInvalid(ctx: CastContext, expression: string, from: DataType, to: DataType): string {
  const errorClass =
    to.kind === "boolean"
      ? "SparkRuntimeException"
      : to.kind === "date" || to.kind === "timestamp" || to.kind === "timestamp_ntz" || to.kind === "time"
        ? "DateTimeException"
        : "NumberFormatException";
  return ctx.raise(errorClass, "CAST_INVALID_INPUT", {
    expression,
    sourceType: sqlText(quotedSqlType(from)),
    targetType: sqlText(quotedSqlType(to)),
    ansiConfig: ANSI_CONFIG,
  });
}

/** Raises NUMERIC_VALUE_OUT_OF_RANGE for a decimal that does not fit. */
export function decimalOutOfRange(
  ctx: Pick<CastContext, "raise">,
  value: string,
  precision: number,
  scale: number,
): string {
  return ctx.raise("ArithmeticException", "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION", {
    value,
    precision: sqlText(`${precision}`),
    scale: sqlText(`${scale}`),
    config: ANSI_CONFIG,
  });
}

/**
 * `attempt` gives NULL where the cast fails: in ANSI mode that raises unless the input was NULL. `x` must be short
 * (see `let`).
 */
export function orFail(ctx: CastContext, attempt: string, x: string, failure: () => string): string {
  if (ctx.mode !== "ansi") return attempt;
  return `coalesce(${attempt}, CASE WHEN ${x} IS NOT NULL THEN ${failure()} END)`;
}
