import type { Origin } from "../plan/origin.ts";
import type {
  DataType,
  DayTimeIntervalType,
  StructField,
  YearMonthIntervalType,
} from "../types/data-type.ts";
import {
  DATE,
  DOUBLE,
  INTEGER,
  isFractional,
  isIntegral,
  isNumeric,
  LONG,
  NULL,
  STRING,
  sameType,
  sameTypeIgnoringNullability,
  TIMESTAMP,
  TIMESTAMP_NTZ,
} from "../types/data-type.ts";
import { canAnsiStoreAssign } from "./cast/can-cast.ts";
import { forcesNullable } from "./cast/nullability.ts";
import { decimalFor, isWiderDecimal, SYSTEM_DECIMAL, widerDecimal } from "./decimal-type.ts";
import type { CastExpr, Expr, Lit } from "./expr.ts";
import type { AnalysisConf } from "./function-entry.ts";
import type { InputType } from "./input-type.ts";

/** What coercion asks of the configuration. */
export type CoercionConf = Pick<AnalysisConf, "ansiEnabled" | "caseSensitive" | "timeZone">;

const NUMERIC_PRECEDENCE = ["byte", "short", "integer", "long", "float", "double"];

/**
 * A cast to `type`; the expression itself when it has that type already. An untyped NULL becomes a NULL of the type.
 * `implicit` casts are put in by coercion and do not show in names.
 */
export function castTo(
  e: Expr,
  type: DataType,
  conf: Pick<AnalysisConf, "ansiEnabled" | "timeZone">,
  options: { readonly implicit?: boolean; readonly mode?: CastExpr["mode"]; readonly origin?: Origin } = {},
): Expr {
  const { implicit = true, mode = conf.ansiEnabled ? "ansi" : "legacy", origin = e.origin } = options;
  if (implicit && sameType(e.type, type)) return e;
  if (implicit && e.kind === "Lit" && e.value === null) return { ...e, type };
  const isForced = mode === "try" ? !isUpCast(e.type, type) : forcesNullable(e.type, type);
  const epoch = epochLiteral(e, type);
  return {
    kind: "CastExpr",
    child: epoch ?? e,
    type,
    nullable: e.nullable || isForced,
    mode,
    implicit,
    timeZone: conf.timeZone,
    ...(origin === undefined ? {} : { origin }),
  };
}

/** The word `epoch` as a date or timestamp, written out. */
function epochLiteral(e: Expr, type: DataType): Lit | undefined {
  const isText = e.kind === "Lit" && e.type.kind === "string" && typeof e.value === "string";
  if (!isText || !/^[\s]*epoch[\s]*$/i.test(e.value as string)) return undefined;
  if (type.kind === "date") return { ...e, value: "1970-01-01", pretty: e.value as string };
  if (type.kind === "timestamp") return { ...e, value: "1970-01-01 00:00:00Z", pretty: e.value as string };
  return type.kind === "timestamp_ntz"
    ? { ...e, value: "1970-01-01 00:00:00", pretty: e.value as string }
    : undefined;
}

/** Whether a cast never fails and never loses anything: what `try_cast` keeps not null. */
export function isUpCast(from: DataType, to: DataType): boolean {
  if (sameType(from, to)) return true;
  if (from.kind === "null" || (from.kind === "string" && to.kind === "binary")) return true;
  if (isNumeric(from) && to.kind === "decimal") return isWiderDecimal(to, from);
  if (from.kind === "decimal" && isNumeric(to)) return isNarrowDecimalFor(from.precision, from.scale, to);
  const [i, j] = [NUMERIC_PRECEDENCE.indexOf(from.kind), NUMERIC_PRECEDENCE.indexOf(to.kind)];
  if (i >= 0 && j >= 0) return i < j;
  if (from.kind === "date" && (to.kind === "timestamp" || to.kind === "timestamp_ntz")) return true;
  if (
    (from.kind === "timestamp" && to.kind === "timestamp_ntz") ||
    (from.kind === "timestamp_ntz" && to.kind === "timestamp")
  )
    return true;
  if ((from.kind === "timestamp" && to.kind === "long") || (from.kind === "long" && to.kind === "timestamp"))
    return true;
  if (to.kind === "string")
    return from.kind !== "array" && from.kind !== "map" && from.kind !== "struct" && from.kind !== "variant";
  if (from.kind === "year_month_interval" && to.kind === "year_month_interval") return true;
  if (from.kind === "day_time_interval" && to.kind === "day_time_interval") return true;
  if (from.kind === "array" && to.kind === "array")
    return (!from.containsNull || to.containsNull) && isUpCast(from.elementType, to.elementType);
  if (from.kind === "map" && to.kind === "map")
    return (
      (!from.valueContainsNull || to.valueContainsNull) &&
      isUpCast(from.keyType, to.keyType) &&
      isUpCast(from.valueType, to.valueType)
    );
  if (from.kind === "struct" && to.kind === "struct")
    return (
      from.fields.length === to.fields.length &&
      from.fields.every((f, i) => {
        const g = to.fields[i] as StructField;
        return (!f.nullable || g.nullable) && isUpCast(f.dataType, g.dataType);
      })
    );
  return false;
}

function isNarrowDecimalFor(precision: number, scale: number, to: DataType): boolean {
  if (scale > 0) return false;
  const digits = { byte: 2, short: 4, integer: 9, long: 18 }[to.kind as "byte"];
  return digits !== undefined && precision <= digits;
}

type PairRule = (a: DataType, b: DataType) => DataType | undefined;

/** The narrowest type that both convert to without loss, if there is one. */
export function tightestCommonType(a: DataType, b: DataType, conf: CoercionConf): DataType | undefined {
  if (sameType(a, b)) return a;
  if (a.kind === "null") return b;
  if (b.kind === "null") return a;
  if (isIntegral(a) && b.kind === "decimal" && isWiderDecimal(b, a)) return b;
  if (a.kind === "decimal" && isIntegral(b) && isWiderDecimal(a, b)) return a;
  const [i, j] = [NUMERIC_PRECEDENCE.indexOf(a.kind), NUMERIC_PRECEDENCE.indexOf(b.kind)];
  if (i >= 0 && j >= 0) {
    const wider = i > j ? a : b;
    // A float cannot hold every integer: ANSI goes on to double.
    return conf.ansiEnabled && wider.kind === "float" && a.kind !== b.kind ? DOUBLE : wider;
  }
  const datetime = widerDatetime(a, b);
  if (datetime !== undefined) return datetime;
  if (a.kind === "day_time_interval" && b.kind === "day_time_interval") {
    return {
      kind: a.kind,
      start: Math.min(a.start, b.start) as DayTimeIntervalType["start"],
      end: Math.max(a.end, b.end) as DayTimeIntervalType["end"],
    };
  }
  if (a.kind === "year_month_interval" && b.kind === "year_month_interval") {
    return {
      kind: a.kind,
      start: Math.min(a.start, b.start) as YearMonthIntervalType["start"],
      end: Math.max(a.end, b.end) as YearMonthIntervalType["end"],
    };
  }
  if (a.kind === "time" && b.kind === "time") return a.precision >= b.precision ? a : b;
  return nestedCommonType(a, b, conf, (x, y) => tightestCommonType(x, y, conf));
}

function widerDatetime(a: DataType, b: DataType): DataType | undefined {
  const kinds = ["date", "timestamp_ntz", "timestamp"];
  const [i, j] = [kinds.indexOf(a.kind), kinds.indexOf(b.kind)];
  if (i < 0 || j < 0) return undefined;
  return [DATE, TIMESTAMP_NTZ, TIMESTAMP][Math.max(i, j)];
}

function widerForDecimal(a: DataType, b: DataType): DataType | undefined {
  if (a.kind === "decimal" && b.kind === "decimal") return widerDecimal(a, b);
  if (isIntegral(a) && b.kind === "decimal") return widerDecimal(decimalFor(a), b);
  if (a.kind === "decimal" && isIntegral(b)) return widerDecimal(a, decimalFor(b));
  if ((a.kind === "decimal" && isFractional(b)) || (isFractional(a) && b.kind === "decimal")) return DOUBLE;
  return undefined;
}

/** What a string meets in a common type: ANSI turns the string into the other's class, else both become strings. */
export function widerForString(a: DataType, b: DataType, conf: CoercionConf): DataType | undefined {
  if (a.kind === "string" && b.kind === "string") return a;
  if (a.kind !== "string" && b.kind !== "string") return undefined;
  const other = a.kind === "string" ? b : a;
  if (!isAtomic(other)) return undefined;
  if (!conf.ansiEnabled) return other.kind === "binary" || other.kind === "boolean" ? undefined : STRING;
  if (isIntegral(other)) return LONG;
  if (isFractional(other) || other.kind === "decimal") return DOUBLE;
  if (other.kind === "year_month_interval" || other.kind === "day_time_interval") return undefined;
  return other;
}

/** Spark's AtomicType: neither nested nor null, calendar interval or variant. */
export function isAtomic(t: DataType): boolean {
  switch (t.kind) {
    case "null":
    case "array":
    case "map":
    case "struct":
    case "calendar_interval":
    case "udt":
      return false;
    default:
      return true;
  }
}

/** The common type of two in CASE, COALESCE, UNION, arrays and the like. */
export function commonType(a: DataType, b: DataType, conf: CoercionConf): DataType | undefined {
  return (
    tightestCommonType(a, b, conf) ??
    widerForDecimal(a, b) ??
    widerForString(a, b, conf) ??
    nestedCommonType(a, b, conf, (x, y) => commonType(x, y, conf))
  );
}

/** As `commonType`, but strings do not mix with other types (legacy IN, set operations). */
export function commonTypeWithoutStrings(a: DataType, b: DataType, conf: CoercionConf): DataType | undefined {
  return (
    tightestCommonType(a, b, conf) ??
    widerForDecimal(a, b) ??
    nestedCommonType(a, b, conf, (x, y) => commonTypeWithoutStrings(x, y, conf))
  );
}

/** The common type of any number of types; NULL for none. */
export function widestType(types: readonly DataType[], conf: CoercionConf): DataType | undefined {
  // Strings first, so that the result does not depend on the order in legacy mode.
  const ordered = conf.ansiEnabled
    ? types
    : [...types.filter(hasString), ...types.filter((t) => !hasString(t))];
  let result: DataType | undefined = NULL;
  for (const t of ordered) {
    result = commonType(result, t, conf);
    if (result === undefined) return undefined;
  }
  return result;
}

function hasString(t: DataType): boolean {
  return t.kind === "string" || (t.kind === "array" && hasString(t.elementType));
}

function nestedCommonType(
  a: DataType,
  b: DataType,
  conf: CoercionConf,
  rule: PairRule,
): DataType | undefined {
  if (a.kind === "array" && b.kind === "array") {
    const elementType = rule(a.elementType, b.elementType);
    if (elementType === undefined) return undefined;
    const containsNull =
      a.containsNull ||
      b.containsNull ||
      forcesNullable(a.elementType, elementType) ||
      forcesNullable(b.elementType, elementType);
    return { kind: "array", elementType, containsNull };
  }
  if (a.kind === "map" && b.kind === "map") {
    const keyType = rule(a.keyType, b.keyType);
    if (keyType === undefined || forcesNullable(a.keyType, keyType) || forcesNullable(b.keyType, keyType))
      return undefined;
    const valueType = rule(a.valueType, b.valueType);
    if (valueType === undefined) return undefined;
    const valueContainsNull =
      a.valueContainsNull ||
      b.valueContainsNull ||
      forcesNullable(a.valueType, valueType) ||
      forcesNullable(b.valueType, valueType);
    return { kind: "map", keyType, valueType, valueContainsNull };
  }
  if (a.kind === "struct" && b.kind === "struct" && a.fields.length === b.fields.length) {
    const fields: StructField[] = [];
    for (const [i, f] of a.fields.entries()) {
      const g = b.fields[i] as StructField;
      if (!sameName(f.name, g.name, conf)) return undefined;
      const dataType = rule(f.dataType, g.dataType);
      if (dataType === undefined) return undefined;
      const nullable =
        f.nullable ||
        g.nullable ||
        forcesNullable(f.dataType, dataType) ||
        forcesNullable(g.dataType, dataType);
      fields.push({ name: f.name, dataType, nullable });
    }
    return { kind: "struct", fields };
  }
  return undefined;
}

export function sameName(a: string, b: string, conf: Pick<AnalysisConf, "caseSensitive">): boolean {
  return conf.caseSensitive ? a === b : a.toLowerCase() === b.toLowerCase();
}

/** The type that an argument of type `from` is cast to where `expected` is asked for; undefined when it does not fit. */
export function implicitCastType(
  from: DataType,
  expected: InputType,
  conf: CoercionConf,
): DataType | undefined {
  if (expected.accepts(from)) return from;
  return conf.ansiEnabled ? ansiImplicitCast(from, expected, conf) : legacyImplicitCast(from, expected, conf);
}

function ansiImplicitCast(from: DataType, expected: InputType, conf: CoercionConf): DataType | undefined {
  if (expected.kind === "oneOf") {
    const found = (expected.alternatives as readonly InputType[])
      .map((alternative) => ({ alternative, type: implicitCastType(from, alternative, conf) }))
      .filter((c) => c.type !== undefined) as { alternative: InputType; type: DataType }[];
    const closest = found.find(({ type }) =>
      found.every((other) => implicitCastType(type, exactInput(other.type), conf) !== undefined),
    );
    if (closest?.type.kind === "float" && found.some((c) => c.type.kind === "double")) return DOUBLE;
    return closest?.type;
  }
  if (isNumeric(from) && expected.kind === "decimal") return decimalFor(from);
  if (from.kind === "null") return expected.concrete;
  if (from.kind === "string") {
    if (expected.type !== undefined && isAtomic(expected.type)) return expected.type;
    if (expected.kind === "numeric" || expected.kind === "fractional") return DOUBLE;
    if (expected.kind === "decimal") return SYSTEM_DECIMAL;
    if (expected.kind === "anyTimestamp") return TIMESTAMP;
  }
  if (from.kind === "date" && expected.kind === "anyTimestamp") return TIMESTAMP;
  if (from.kind === "variant" && expected.type?.kind === "string") return expected.type;
  if (expected.type !== undefined) return canAnsiStoreAssign(from, expected.type) ? expected.type : undefined;
  if (expected.kind === "array" && expected.element !== undefined && from.kind === "array") {
    const elementType = implicitCastType(from.elementType, expected.element, conf);
    return elementType === undefined ? undefined : { kind: "array", elementType, containsNull: true };
  }
  return undefined;
}

function legacyImplicitCast(from: DataType, expected: InputType, conf: CoercionConf): DataType | undefined {
  if (from.kind === "null" && expected.kind !== "oneOf") return expected.concrete;
  const to = expected.type;
  if (from.kind === "string") {
    if (expected.kind === "numeric" || expected.kind === "fractional") return DOUBLE;
    if (expected.kind === "integral") return undefined;
    if (expected.kind === "decimal") return SYSTEM_DECIMAL;
    if (expected.kind === "anyTimestamp") return TIMESTAMP;
    if (to !== undefined && (isNumeric(to) || isDatetime(to) || to.kind === "binary")) return to;
  }
  if (isNumeric(from)) {
    if (expected.kind === "decimal") return decimalFor(from);
    if (to !== undefined && isNumeric(to)) return to;
  }
  if (isDatetime(from)) {
    if (expected.kind === "anyTimestamp") return TIMESTAMP;
    if (to !== undefined && isDatetime(to)) return to;
  }
  if (to?.kind === "string" && (isAtomic(from) || from.kind === "variant")) return STRING;
  if (expected.kind === "oneOf") {
    for (const alternative of expected.alternatives as readonly InputType[]) {
      const type = implicitCastType(from, alternative, conf);
      if (type !== undefined) return type;
    }
    return undefined;
  }
  if (to?.kind === "array" && from.kind === "array") {
    if (from.containsNull && !to.containsNull) return undefined;
    const elementType = implicitCastType(from.elementType, exactInput(to.elementType), conf);
    return elementType === undefined
      ? undefined
      : { kind: "array", elementType, containsNull: to.containsNull };
  }
  if (to?.kind === "map" && from.kind === "map") {
    if (from.valueContainsNull && !to.valueContainsNull) return undefined;
    const keyType = implicitCastType(from.keyType, exactInput(to.keyType), conf);
    const valueType = implicitCastType(from.valueType, exactInput(to.valueType), conf);
    if (keyType === undefined || valueType === undefined) return undefined;
    return { kind: "map", keyType, valueType, valueContainsNull: to.valueContainsNull };
  }
  return undefined;
}

function isDatetime(t: DataType): boolean {
  return t.kind === "date" || t.kind === "timestamp" || t.kind === "timestamp_ntz";
}

function exactInput(type: DataType): InputType {
  return {
    kind: "exact",
    sql: "",
    accepts: (t) => sameTypeIgnoringNullability(t, type),
    concrete: type,
    type,
  };
}

/** The argument cast to what is expected; unchanged when no implicit cast exists. */
export function implicitCast(e: Expr, expected: InputType, conf: CoercionConf): Expr {
  const type = implicitCastType(e.type, expected, conf);
  return type === undefined ? e : castTo(e, type, conf);
}

/** Casts all to one type; undefined when they have none in common. */
export function toCommonType(args: readonly Expr[], conf: CoercionConf): readonly Expr[] | undefined {
  const type = widestType(
    args.map((a) => a.type),
    conf,
  );
  return type === undefined ? undefined : args.map((a) => castIgnoringNullability(a, type, conf));
}

/** No cast where types differ in the nullability of what is inside only. */
export function castIgnoringNullability(e: Expr, type: DataType, conf: CoercionConf): Expr {
  return sameTypeIgnoringNullability(e.type, type) ? e : castTo(e, type, conf);
}

/** Types that are equal but for nullability inside, merged. */
export function mergeNullability(types: readonly DataType[]): DataType {
  return types.reduce((a, b) => merge(a, b));
}

function merge(a: DataType, b: DataType): DataType {
  if (a.kind === "array" && b.kind === "array")
    return {
      kind: "array",
      elementType: merge(a.elementType, b.elementType),
      containsNull: a.containsNull || b.containsNull,
    };
  if (a.kind === "map" && b.kind === "map")
    return {
      kind: "map",
      keyType: merge(a.keyType, b.keyType),
      valueType: merge(a.valueType, b.valueType),
      valueContainsNull: a.valueContainsNull || b.valueContainsNull,
    };
  if (a.kind === "struct" && b.kind === "struct")
    return {
      kind: "struct",
      fields: a.fields.map((f, i) => {
        const g = b.fields[i] as StructField;
        return { ...f, dataType: merge(f.dataType, g.dataType), nullable: f.nullable || g.nullable };
      }),
    };
  return a;
}

/** Casts an integral argument to INT where Spark's rule does so without naming a type. */
export function toInt(e: Expr, conf: CoercionConf): Expr {
  return castTo(e, INTEGER, conf);
}
