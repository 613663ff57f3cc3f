import { canCast } from "../functions/cast/can-cast.ts";
import { castTo } from "../functions/coercion.ts";
import type { CastExpr, Expr } from "../functions/expr.ts";
import { prettyExpr } from "../functions/pretty.ts";
import type { Cast } from "../plan/expression.ts";
import type { DataType } from "../types/data-type.ts";
import { isNumeric } from "../types/data-type.ts";
import { quotedSqlType } from "../types/format.ts";
import { specialDate, specialTimestamp } from "../types/parse-datetime.ts";
import { timeZone } from "../types/time-zone.ts";
import { fail } from "./errors.ts";
import type { AnalysisState } from "./state.ts";

/** `CAST(child AS type)` as written, checked. */
export function bindCast(child: Expr, e: Cast, state: AnalysisState): Expr {
  const written = e.type ?? state.references.parsedType(e.typeStr ?? "");
  const type = withoutLengths(written);
  const mode = e.evalMode ?? (state.conf.ansiEnabled ? "ansi" : "legacy");
  const cast = castTo(child, type, state.conf, {
    implicit: false,
    mode,
    ...(e.origin === undefined ? {} : { origin: e.origin }),
  }) as CastExpr;
  if (!canCast(child.type, type, mode)) throw cannotCast(cast, type, mode, e);
  const moment = momentOf(child, type, state);
  return moment === undefined ? cast : { ...cast, child: moment };
}

/** `now`, `today` and their kin, which are read as times where they are literals. */
function momentOf(child: Expr, type: DataType, state: AnalysisState): Expr | undefined {
  if (child.kind !== "Lit" || child.type.kind !== "string" || typeof child.value !== "string")
    return undefined;
  const zone = timeZone(state.conf.timeZone);
  const now = state.context.queryTimeMicros;
  const value =
    type.kind === "date"
      ? specialDate(child.value, zone, now)
      : type.kind === "timestamp" || type.kind === "timestamp_ntz"
        ? specialTimestamp(child.value, zone, type.kind === "timestamp_ntz", now)
        : undefined;
  return value === undefined ? undefined : { ...child, type, value, pretty: child.value };
}

/** CHAR and VARCHAR are plain strings where a value is cast. */
export function withoutLengths(t: DataType): DataType {
  switch (t.kind) {
    case "char":
    case "varchar":
      return { kind: "string" };
    case "array":
      return { ...t, elementType: withoutLengths(t.elementType) };
    case "map":
      return { ...t, keyType: withoutLengths(t.keyType), valueType: withoutLengths(t.valueType) };
    case "struct":
      return { ...t, fields: t.fields.map((f) => ({ ...f, dataType: withoutLengths(f.dataType) })) };
    default:
      return t;
  }
}

function cannotCast(cast: CastExpr, to: DataType, mode: CastExpr["mode"], e: Cast): Error {
  const from = cast.child.type;
  const parameters = {
    sqlExpr: `"${prettyExpr(cast)}"`,
    srcType: quotedSqlType(from),
    targetType: quotedSqlType(to),
  };
  if (mode !== "legacy") {
    const functionNames = insteadOf(from, to);
    if (functionNames !== undefined) {
      return fail("DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION", { ...parameters, functionNames }, e.origin);
    }
    if (mode === "ansi" && canCast(from, to, "legacy")) {
      return fail(
        "DATATYPE_MISMATCH.CAST_WITH_CONF_SUGGESTION",
        { ...parameters, config: '"spark.sql.ansi.enabled"', configVal: "'false'" },
        e.origin,
      );
    }
  }
  return fail("DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION", parameters, e.origin);
}

/** Functions that do what a cast does not. */
function insteadOf(from: DataType, to: DataType): string | undefined {
  if (isNumeric(from) && to.kind === "date") return "`DATE_FROM_UNIX_DATE`";
  if (from.kind === "date" && isNumeric(to)) return "`UNIX_DATE`";
  return undefined;
}
