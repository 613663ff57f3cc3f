import type { DataType, DecimalType } from "../../types/data-type.ts";
import { asNestedText } from "../nested-sql.ts";
import { sqlText } from "../raise.ts";
import { instantToLocalSql } from "../zone-sql.ts";
import type { CastContext } from "./cast-sql.ts";

/** A double as Java prints it: DuckDB's text where both agree, a kernel elsewhere. */
export function doubleToText(x: string, ctx: Pick<CastContext, "kernel" | "let">): string {
  return ctx.let(
    x,
    (v) =>
      `CASE WHEN abs(${v}) >= 0.001::DOUBLE AND abs(${v}) < 10000000.0::DOUBLE THEN ${v}::VARCHAR ELSE ${ctx.kernel("double_text", v)} END`,
  );
}

export function floatToText(x: string, ctx: Pick<CastContext, "kernel" | "let">): string {
  return ctx.let(
    x,
    (v) =>
      `CASE WHEN abs(${v}) >= 0.001::FLOAT AND abs(${v}) < 10000000.0::FLOAT THEN ${v}::VARCHAR ELSE ${ctx.kernel("float_text", `${v}::DOUBLE`)} END`,
  );
}

/** A decimal with all digits; DuckDB leaves the zero before the point out when there are no integral digits. */
export function decimalText(x: string, type: DecimalType): string {
  if (type.precision > type.scale) return `${x}::VARCHAR`;
  if (type.precision < 38) return `${x}::DECIMAL(${type.precision + 1},${type.scale})::VARCHAR`;
  return `regexp_replace(${x}::VARCHAR, '^(-?)\\.', '\\10.')`;
}

/** `yyyy-MM-dd`, with Spark's sign for years of more than four digits. */
export function dateToText(x: string, ctx: Pick<CastContext, "kernel" | "let">): string {
  return ctx.let(
    x,
    (v) =>
      `CASE WHEN ${v} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN ${v}::VARCHAR ELSE ${ctx.kernel("date_text", `(${v} - DATE '1970-01-01')::INTEGER`)} END`,
  );
}

/** Wall clock time with the fraction as far as it is not zero. */
export function wallClockText(x: string, ctx: Pick<CastContext, "kernel" | "let">): string {
  return ctx.let(
    x,
    (v) =>
      `CASE WHEN ${v} BETWEEN TIMESTAMP '0001-01-01 00:00:00' AND TIMESTAMP '9999-12-31 23:59:59.999999' THEN ${v}::VARCHAR ELSE ${ctx.kernel("timestamp_text", `epoch_us(${v})::VARCHAR`)} END`,
  );
}

/** `TIMESTAMP '...'` in the session's zone, for messages. */
export function timestampLiteral(x: string, ctx: CastContext): string {
  return `'TIMESTAMP ''' || ${wallClockText(instantToLocalSql(x, ctx.timeZone, ctx), ctx)} || ''''`;
}

/** What texts of nested values look like: as a cast makes them, or as `show()` does. */
export interface TextStyle {
  readonly nullText: string;
  /** `show()` prints bytes in hex, `[41 42]`. */
  readonly hexBinary: boolean;
}

const CAST_STYLE: TextStyle = { nullText: "null", hexBinary: false };

/** Casts to string, which never fail. NULL stays NULL, inside nested values it is `null`. */
export function toText(x: string, from: DataType, ctx: CastContext, style: TextStyle = CAST_STYLE): string {
  switch (from.kind) {
    case "null":
      return "NULL::VARCHAR";
    case "string":
    case "char":
    case "varchar":
      return x;
    case "boolean":
    case "byte":
    case "short":
    case "integer":
    case "long":
      return `${x}::VARCHAR`;
    case "float":
      return floatToText(x, ctx);
    case "double":
      return doubleToText(x, ctx);
    case "decimal": {
      const text = decimalText(x, from);
      // Legacy mode prints small numbers with an exponent.
      if (ctx.mode !== "legacy" || from.scale <= 6) return text;
      return ctx.let(
        x,
        (v) =>
          `CASE WHEN abs(${v}) >= 0.000001 THEN ${decimalText(v, from)} ELSE ${ctx.kernel("decimal_text", decimalText(v, from))} END`,
      );
    }
    case "date":
      return dateToText(x, ctx);
    case "timestamp":
      return wallClockText(instantToLocalSql(x, ctx.timeZone, ctx), ctx);
    case "timestamp_ntz":
      return wallClockText(x, ctx);
    case "time":
      return ctx.kernel("time_text", `${x}::VARCHAR`);
    case "binary":
      if (style.hexBinary)
        return `('[' || rtrim(regexp_replace(hex(${x}), '(..)', '\\1 ', 'g'), ' ') || ']')`;
      // Bytes that are no UTF-8 become replacement characters.
      return ctx.let(x, (v) => `coalesce(TRY(decode(${v})), ${ctx.kernel("lossy_utf8", `hex(${v})`)})`);
    case "year_month_interval":
      return ctx.kernel("year_month_text", x, `${from.start}`, `${from.end}`);
    case "day_time_interval":
      return ctx.kernel("day_time_text", `${x}::VARCHAR`, `${from.start}`, `${from.end}`);
    case "calendar_interval":
      return ctx.let(x, (v) =>
        ctx.kernel("calendar_interval_text", fieldSql(v, 0), fieldSql(v, 1), `${fieldSql(v, 2)}::VARCHAR`),
      );
    case "array":
      return `('[' || ${joined(x, from.elementType, ctx, style)} || ']')`;
    case "map": {
      const e = ctx.fresh("e");
      const entry = `${inner(`struct_extract(${e}, 'key')`, from.keyType, ctx, style)} || ' ->' || ${nested(`struct_extract(${e}, 'value')`, from.valueType, ctx, style)}`;
      return `('{' || array_to_string(list_transform(map_entries(${x}), lambda ${e}: ${entry}), ', ') || '}')`;
    }
    case "struct":
      return ctx.let(x, (v) => {
        const parts = from.fields.map((f, i) => {
          const field = fieldSql(v, i);
          return i === 0
            ? inner(field, f.dataType, ctx, style)
            : `','${" || "}${nested(field, f.dataType, ctx, style)}`;
        });
        return `CASE WHEN ${v} IS NOT NULL THEN '{' || ${parts.length === 0 ? "''" : parts.join(" || ")} || '}' END`;
      });
    case "udt":
      return toText(x, from.sqlType, ctx, style);
    case "variant":
      return ctx.kernel("variant_json", asNestedText(x), sqlText(ctx.timeZone));
  }
}

function joined(x: string, element: DataType, ctx: CastContext, style: TextStyle): string {
  const e = ctx.fresh("e");
  return `array_to_string(list_transform(${x}, lambda ${e}: ${inner(e, element, ctx, style)}), ', ')`;
}

/** A value inside another; an untyped NULL has no text to cast. */
function inner(x: string, type: DataType, ctx: CastContext, style: TextStyle): string {
  return `coalesce(${toText(x, type, ctx, style)}, '${style.nullText}')`;
}

function nested(x: string, type: DataType, ctx: CastContext, style: TextStyle): string {
  return `' ' || ${inner(x, type, ctx, style)}`;
}

/** Field number `i` of a struct. */
export function fieldSql(struct: string, i: number): string {
  return `struct_extract(${struct}, 'f${i}')`;
}
