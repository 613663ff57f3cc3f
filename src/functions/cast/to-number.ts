import type { DataType, DecimalType } from "../../types/data-type.ts";
import { isIntegral } from "../../types/data-type.ts";
import { isWiderDecimal } from "../decimal-type.ts";
import { duckType } from "../duck-type.ts";
import type { CastContext } from "./cast-sql.ts";
import { castInvalid, castOverflow, decimalOutOfRange, orFail, shownValue } from "./cast-sql.ts";
import { dayTimeToUnit, yearMonthToUnit } from "./interval-sql.ts";
import { textToDecimal } from "./text-to-decimal.ts";
import { decimalText, doubleToText, floatToText, timestampLiteral } from "./to-text.ts";

const BITS: Readonly<Record<string, number>> = { byte: 8, short: 16, integer: 32, long: 64 };
const SPACE = "[\\x00-\\x20\\x7f]*";

/** Casts to byte, short, integer and long. */
export function toIntegral(x: string, from: DataType, to: DataType, ctx: CastContext): string {
  const target = duckType(to);
  switch (from.kind) {
    case "boolean":
      return `${x}::${target}`;
    case "byte":
    case "short":
    case "integer":
    case "long":
      return integralToIntegral(x, from, to, ctx);
    case "float":
    case "double":
      return floatingToIntegral(x, from, to, ctx);
    case "decimal":
      return decimalToIntegral(x, from, to, ctx);
    case "string":
    case "char":
    case "varchar":
      return textToIntegral(x, from, to, ctx);
    case "date":
      return `NULL::${target}`;
    case "timestamp":
      return ctx.let(x, (v) => {
        const seconds = floorSeconds(v);
        if (to.kind === "long") return seconds;
        return narrowed(seconds, v, timestampLiteral(v, ctx), from, to, ctx);
      });
    case "year_month_interval":
      return ctx.let(x, (v) =>
        narrowed(
          yearMonthToUnit(v, from),
          v,
          intervalLiteral(v, from, ctx),
          from,
          to,
          raisingUnlessTried(ctx),
        ),
      );
    case "day_time_interval":
      return ctx.let(x, (v) => {
        const units = dayTimeToUnit(v, from);
        return to.kind === "long"
          ? units
          : narrowed(units, v, intervalLiteral(v, from, ctx), from, to, raisingUnlessTried(ctx));
      });
    case "time":
      return ctx.let(x, (v) => {
        const seconds = `(${v} // 1000000000)`;
        if (to.kind === "long" || to.kind === "integer") return `${seconds}::${target}`;
        const shown = `'TIME ''' || ${ctx.kernel("time_text", `${v}::VARCHAR`)} || ''''`;
        return narrowed(seconds, v, shown, from, to, ctx);
      });
    default:
      throw new Error(`no cast from ${from.kind} to ${to.kind}`);
  }
}

/** Casts of intervals raise in legacy mode too. */
function raisingUnlessTried(ctx: CastContext): CastContext {
  return ctx.mode === "try" ? ctx : { ...ctx, mode: "ansi" };
}

function intervalLiteral(v: string, from: DataType, ctx: CastContext): string {
  if (from.kind === "year_month_interval")
    return ctx.kernel("year_month_text", v, `${from.start}`, `${from.end}`);
  if (from.kind === "day_time_interval")
    return ctx.kernel("day_time_text", `${v}::VARCHAR`, `${from.start}`, `${from.end}`);
  return v;
}

/** Whole seconds of an instant, towards the past. */
export function floorSeconds(v: string): string {
  return `((epoch_us(${v}) - (((epoch_us(${v}) % 1000000) + 1000000) % 1000000)) // 1000000)`;
}

/** A BIGINT expression in a narrower type, with Spark's overflow. */
function narrowed(
  value: string,
  x: string,
  shown: string,
  from: DataType,
  to: DataType,
  ctx: CastContext,
): string {
  const target = duckType(to);
  if (ctx.mode === "legacy" && from.kind !== "timestamp") return wrap(value, BITS[to.kind] as number, target);
  return orFail(ctx, `TRY_CAST(${value} AS ${target})`, x, () => castOverflow(ctx, shown, from, to));
}

/** The low bits of a BIGINT as a signed number, as Java narrows. */
export function wrap(value: string, bits: number, target: string): string {
  if (bits === 64) return value;
  const half = 2 ** (bits - 1);
  const mask = 2 ** bits - 1;
  return `((((${value})::BIGINT & ${mask}) + ${half} & ${mask}) - ${half})::${target}`;
}

function integralToIntegral(x: string, from: DataType, to: DataType, ctx: CastContext): string {
  const target = duckType(to);
  if ((BITS[to.kind] as number) >= (BITS[from.kind] as number)) return `${x}::${target}`;
  if (ctx.mode === "legacy") return wrap(x, BITS[to.kind] as number, target);
  if (ctx.mode === "try") return `TRY_CAST(${x} AS ${target})`;
  return ctx.let(x, (v) => narrowed(v, v, shownValue(v, from), from, to, ctx));
}

function floatingToIntegral(x: string, from: DataType, to: DataType, ctx: CastContext): string {
  const target = duckType(to);
  const bits = BITS[to.kind] as number;
  if (ctx.mode === "legacy") {
    // As Java: NaN is 0, too large is the largest, byte and short go through int.
    const [type, limit] = bits === 64 ? ["BIGINT", "9223372036854775807"] : ["INTEGER", "2147483647"];
    const whole = ctx.let(
      `${x}::DOUBLE`,
      (v) =>
        `CASE WHEN isnan(${v}) THEN 0::${type} WHEN ${v} >= ${limit}.0::DOUBLE THEN ${limit}::${type} WHEN ${v} <= -${limit}.0::DOUBLE - 1 THEN (-${limit} - 1)::${type} ELSE trunc(${v})::${type} END`,
    );
    return bits < 32 ? ctx.let(whole, (v) => wrap(v, bits, target)) : whole;
  }
  const shown = (v: string): string =>
    from.kind === "float" ? floatToText(v, ctx) : shownValue(v, from, doubleToText(v, ctx));
  return ctx.let(x, (v) =>
    orFail(ctx, `TRY_CAST(trunc(${v}::DOUBLE) AS ${target})`, v, () => castOverflow(ctx, shown(v), from, to)),
  );
}

function decimalToIntegral(x: string, from: DecimalType, to: DataType, ctx: CastContext): string {
  const target = duckType(to);
  const whole = (v: string): string => (from.scale === 0 ? v : `trunc(${v})`);
  if (ctx.mode === "legacy") {
    const bits = BITS[to.kind] as number;
    if (from.precision - from.scale < 10 && bits >= 32) return `${whole(x)}::${target}`;
    const modulus = (1n << 64n).toString();
    const half = (1n << 63n).toString();
    const low = `((((${whole(x)})::HUGEINT % ${modulus}::HUGEINT + ${modulus}::HUGEINT + ${half}::HUGEINT) % ${modulus}::HUGEINT - ${half}::HUGEINT)::BIGINT)`;
    return wrap(low, bits, target);
  }
  return ctx.let(x, (v) =>
    orFail(ctx, `TRY_CAST(${whole(v)} AS ${target})`, v, () =>
      castOverflow(ctx, shownValue(v, from, decimalText(v, from)), from, to),
    ),
  );
}

function textToIntegral(x: string, from: DataType, to: DataType, ctx: CastContext): string {
  const target = duckType(to);
  const isLegacy = ctx.mode === "legacy";
  const pattern = `'^${SPACE}([+-]?[0-9]+)${isLegacy ? "(?:\\.[0-9]*)?" : ""}${SPACE}$'`;
  return ctx.let(x, (v) => {
    const attempt = `TRY_CAST(regexp_extract(${v}, ${pattern}, 1) AS ${target})`;
    // Legacy mode cuts the fraction off, even where nothing stands before the point.
    if (isLegacy)
      return `CASE WHEN regexp_full_match(${v}, '${SPACE}[+-]?\\.[0-9]*${SPACE}') THEN 0::${target} ELSE ${attempt} END`;
    return orFail(ctx, attempt, v, () => castInvalid(ctx, shownValue(v, from), from, to));
  });
}

/** Casts to float and double. */
export function toFloating(x: string, from: DataType, to: DataType, ctx: CastContext): string {
  const target = duckType(to);
  switch (from.kind) {
    case "double":
      // Out of FLOAT's range is infinite, not an error.
      return ctx.let(
        x,
        (v) =>
          `CASE WHEN abs(${v}) >= 3.4028235677973366e38::DOUBLE THEN (CASE WHEN isnan(${v}) THEN 'nan' WHEN ${v} > 0 THEN 'infinity' ELSE '-infinity' END)::FLOAT ELSE TRY_CAST(${v} AS FLOAT) END`,
      );
    case "timestamp":
      return `(epoch_us(${x}) / 1000000.0::DOUBLE)::${target}`;
    case "decimal":
      return to.kind === "double" && from.precision <= 15 && from.scale <= 22
        ? `${x}::${target}`
        : `${decimalText(x, from)}::${target}`;
    case "string":
    case "char":
    case "varchar":
      return ctx.let(x, (v) =>
        orFail(ctx, textToFloating(v, to, ctx), v, () => castInvalid(ctx, shownValue(v, from), from, to)),
      );
    case "date":
      return `NULL::${target}`;
    default:
      return `${x}::${target}`;
  }
}

function textToFloating(v: string, to: DataType, ctx: CastContext): string {
  const target = duckType(to);
  // Plain numbers that are surely in range here; Java's other spellings in a kernel.
  const plain = `regexp_full_match(${v}, '[+-]?[0-9]{1,20}(\\.[0-9]{0,17})?')`;
  const other = ctx.kernel(to.kind === "float" ? "parse_float" : "parse_double", v);
  return `CASE WHEN ${plain} THEN TRY_CAST(${v} AS ${target}) ELSE ${other}::${target} END`;
}

/** Casts to decimal. */
export function toDecimal(x: string, from: DataType, to: DecimalType, ctx: CastContext): string {
  const target = duckType(to);
  const raising = raisingUnlessTried(ctx);
  const checked = (v: string, value: string, shown: string): string =>
    orFail(ctx, `TRY_CAST(${value} AS ${target})`, v, () =>
      decimalOutOfRange(ctx, shown, to.precision, to.scale),
    );
  switch (from.kind) {
    case "decimal":
      if (isWiderDecimal(to, from)) return `${x}::${target}`;
      return ctx.let(x, (v) => checked(v, v, decimalText(v, from)));
    case "boolean":
      if (to.precision > to.scale) return `${x}::INTEGER::${target}`;
      return ctx.let(`${x}::INTEGER`, (v) => checked(v, v, `${v}::VARCHAR`));
    case "float":
    case "double":
      // By way of the shortest text, as Java's BigDecimal; infinities and NaN have none.
      return ctx.let(x, (v) => {
        // A float goes to double first, with all the digits that this shows. DuckDB misreads exponents.
        const value = `${v}::DOUBLE`;
        const isPlain = `abs(${v}) >= 0.001::DOUBLE AND abs(${v}) < 10000000.0::DOUBLE`;
        const text = `CASE WHEN ${isPlain} THEN (${value})::VARCHAR WHEN isfinite(${v}) THEN ${ctx.kernel("plain_double", value)} END`;
        const viaText = ctx.let(text, (t) => textToDecimal(t, to));
        return orFail(
          ctx,
          `CASE WHEN ${isFarFromTie(value, to)} THEN TRY_CAST(${value} AS ${target}) ELSE ${viaText} END`,
          `CASE WHEN isfinite(${v}) THEN 0 END`,
          () => decimalOutOfRange(ctx, ctx.kernel("plain_double", value), to.precision, to.scale),
        );
      });
    case "timestamp":
      return toDecimal(
        `(epoch_us(${x})::DECIMAL(20,0) * 0.000001::DECIMAL(6,6))`,
        { kind: "decimal", precision: 26, scale: 6 },
        to,
        ctx,
      );
    case "time":
      return toDecimal(
        `(${x}::DECIMAL(14,0) * 0.000000001::DECIMAL(9,9))`,
        { kind: "decimal", precision: 23, scale: 9 },
        to,
        ctx,
      );
    case "string":
    case "char":
    case "varchar":
      return ctx.let(x, (v) => {
        const number = `regexp_extract(${v}, '^${SPACE}([+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?)${SPACE}$', 1)`;
        return ctx.let(number, (text) => {
          // DuckDB misreads exponents; the kernel writes them out.
          const plain = `CASE WHEN ${text} ~ '.*[eE].*' THEN ${ctx.kernel("plain_decimal", text)} ELSE ${text} END`;
          return orFail(ctx, `TRY_CAST(${plain} AS ${target})`, v, () =>
            textToDecimalFailure(v, text, from, to, ctx),
          );
        });
      });
    case "year_month_interval":
      return toDecimal(yearMonthToUnit(x, from), { kind: "integer" }, to, raising);
    case "day_time_interval":
      if (from.end < 3) return toDecimal(dayTimeToUnit(x, from), { kind: "long" }, to, raising);
      return toDecimal(
        `(${x}::DECIMAL(19,0) * 0.000001::DECIMAL(6,6))`,
        { kind: "decimal", precision: 25, scale: 6 },
        to,
        raising,
      );
    default:
      if (isIntegral(from) && isWiderDecimal(to, from)) return `${x}::${target}`;
      return ctx.let(x, (v) => checked(v, v, `${v}::VARCHAR`));
  }
}

/** Whether DuckDB's own conversion rounds as the digits would: small enough to be exact, and not near a half. */
function isFarFromTie(value: string, to: DecimalType): string {
  if (to.scale > 8) return "false";
  const factor = `1${"0".repeat(to.scale)}.0::DOUBLE`;
  const scaled = `abs(${value} * ${factor})`;
  return `${scaled} < 1e11::DOUBLE AND abs(${scaled} - floor(${scaled}) - 0.5::DOUBLE) > 0.001::DOUBLE`;
}

function textToDecimalFailure(
  v: string,
  text: string,
  from: DataType,
  to: DecimalType,
  ctx: CastContext,
): string {
  const plain = ctx.kernel("plain_decimal", text);
  const tooLong = ctx.raise("ArithmeticException", "NUMERIC_OUT_OF_SUPPORTED_RANGE", { value: v });
  const invalid = castInvalid(ctx, shownValue(v, from), from, to);
  const outOfRange = decimalOutOfRange(ctx, plain, to.precision, to.scale);
  return `CASE WHEN ${text} = '' THEN ${invalid} WHEN length(regexp_extract(${plain}, '^-?0*([0-9]*)', 1)) > 38 THEN ${tooLong} ELSE ${outOfRange} END`;
}

/** Casts to boolean. */
export function toBoolean(x: string, from: DataType, ctx: CastContext): string {
  switch (from.kind) {
    case "string":
    case "char":
    case "varchar":
      return ctx.let(x, (v) => {
        const text = `lower(trim(${v}, ' \t\n\r' || chr(11) || chr(12)))`;
        const attempt = `CASE WHEN ${text} IN ('t', 'true', 'y', 'yes', '1') THEN true WHEN ${text} IN ('f', 'false', 'n', 'no', '0') THEN false END`;
        return orFail(ctx, attempt, v, () =>
          castInvalid(ctx, shownValue(v, from), from, { kind: "boolean" }),
        );
      });
    case "date":
      return "NULL::BOOLEAN";
    case "timestamp":
      return `(epoch_us(${x}) <> 0)`;
    default:
      return `(${x} <> 0)`;
  }
}
