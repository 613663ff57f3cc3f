import { unsupported } from "../../errors/spark-error.ts";
import type { DataType, StructField, StructType } from "../../types/data-type.ts";
import { isStringLike, sameTypeIgnoringNullability } from "../../types/data-type.ts";
import { nullOfType } from "../duck-type.ts";
import { asNestedText, ofNestedText, ofVariantText, textSpecSql } from "../nested-sql.ts";
import type { CastContext } from "./cast-sql.ts";
import { toDate, toTimestamp, toTimestampNtz } from "./to-datetime.ts";
import { toCalendar, toDayTime, toYearMonth } from "./to-interval.ts";
import { toBoolean, toDecimal, toFloating, toIntegral } from "./to-number.ts";
import { fieldSql, toText } from "./to-text.ts";

export type { CastContext } from "./cast-sql.ts";

/** DuckDB SQL of a cast by Spark's rules. `sql` is self-contained, so is the result. */
export function lowerCast(sql: string, from: DataType, to: DataType, ctx: CastContext): string {
  if (from.kind === "udt") return lowerCast(sql, from.sqlType, to, ctx);
  if (to.kind === "udt") return lowerCast(sql, from, to.sqlType, ctx);
  if (from.kind === "null") return nullOfType(to);
  if (isNoOp(from, to)) return sql;
  if (from.kind === "variant") {
    const spec = textSpecSql(ctx.mode === "try" ? "try_variant_get" : "variant_get", to, ctx.timeZone);
    return ofNestedText(ctx.kernel("variant_cast", asNestedText(sql), "'$'", spec), to);
  }
  if (to.kind === "variant") {
    const spec = textSpecSql("to_variant", from, ctx.timeZone);
    return ofVariantText(ctx.kernel("to_variant", asNestedText(sql), spec), ctx);
  }
  switch (to.kind) {
    case "string":
    case "char":
    case "varchar":
      return toText(sql, from, ctx);
    case "boolean":
      return toBoolean(sql, from, ctx);
    case "byte":
    case "short":
    case "integer":
    case "long":
      return toIntegral(sql, from, to, ctx);
    case "float":
    case "double":
      return toFloating(sql, from, to, ctx);
    case "decimal":
      return toDecimal(sql, from, to, ctx);
    case "binary":
      return toBinary(sql, from);
    case "date":
      return toDate(sql, from, ctx);
    case "timestamp":
      return toTimestamp(sql, from, ctx);
    case "timestamp_ntz":
      return toTimestampNtz(sql, from, ctx);
    case "year_month_interval":
      return toYearMonth(sql, from, to, ctx);
    case "day_time_interval":
      return toDayTime(sql, from, to, ctx);
    case "calendar_interval":
      return toCalendar(sql, ctx);
    case "array": {
      if (from.kind !== "array") break;
      const e = ctx.fresh("e");
      return `list_transform(${sql}, lambda ${e}: ${lowerCast(e, from.elementType, to.elementType, ctx)})`;
    }
    case "map": {
      if (from.kind !== "map") break;
      return ctx.let(sql, (v) => {
        const [k, w] = [ctx.fresh("k"), ctx.fresh("w")];
        const keys = `list_transform(map_keys(${v}), lambda ${k}: ${lowerCast(k, from.keyType, to.keyType, ctx)})`;
        const values = `list_transform(map_values(${v}), lambda ${w}: ${lowerCast(w, from.valueType, to.valueType, ctx)})`;
        return `CASE WHEN ${v} IS NOT NULL THEN MAP(${keys}, ${values}) END`;
      });
    }
    case "struct":
      if (from.kind === "struct") return structToStruct(sql, from, to, ctx);
      break;
    default:
  }
  throw unsupported(`a cast from ${from.kind} to ${to.kind}`);
}

/** Whether values of both types are the same for DuckDB. */
function isNoOp(from: DataType, to: DataType): boolean {
  if (isStringLike(from) && isStringLike(to)) return true;
  if (sameTypeIgnoringNullability(from, to)) return true;
  if (from.kind === "array" && to.kind === "array") return isNoOp(from.elementType, to.elementType);
  if (from.kind === "map" && to.kind === "map")
    return isNoOp(from.keyType, to.keyType) && isNoOp(from.valueType, to.valueType);
  if (from.kind === "struct" && to.kind === "struct")
    return (
      from.fields.length === to.fields.length &&
      from.fields.every((f, i) => isNoOp(f.dataType, (to.fields[i] as StructField).dataType))
    );
  return false;
}

function structToStruct(sql: string, from: StructType, to: StructType, ctx: CastContext): string {
  return ctx.let(sql, (v) => {
    const fields = from.fields.map(
      (f, i) =>
        `'f${i}': ${lowerCast(fieldSql(v, i), f.dataType, (to.fields[i] as StructField).dataType, ctx)}`,
    );
    return `CASE WHEN ${v} IS NOT NULL THEN {${fields.join(", ")}} END`;
  });
}

const BYTES: Readonly<Record<string, number>> = { byte: 1, short: 2, integer: 4, long: 8 };

function toBinary(sql: string, from: DataType): string {
  if (isStringLike(from)) return `encode(${sql})`;
  const width = BYTES[from.kind];
  if (width === undefined) throw unsupported(`a cast from ${from.kind} to binary`);
  // Big-endian bytes (legacy mode only).
  return `unhex(right(lpad(to_hex(${sql}::BIGINT), 16, '0'), ${2 * width}))`;
}
