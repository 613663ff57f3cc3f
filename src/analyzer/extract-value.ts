import { castTo, implicitCast } from "../functions/coercion.ts";
import type { Expr } from "../functions/expr.ts";
import { arrayItemNullable } from "../functions/families/constructors.ts";
import { T } from "../functions/input-type.ts";
import type { Origin } from "../plan/origin.ts";
import type { DataType, StructField } from "../types/data-type.ts";
import { INTEGER, isIntegral, STRING } from "../types/data-type.ts";
import { quotedSqlType, quoteIdentifier } from "../types/format.ts";
import { fail, quotedExpr } from "./errors.ts";
import type { AnalysisState } from "./state.ts";

/** `child.name` where `name` is a part of a dotted name. */
export function extractField(
  child: Expr,
  name: string,
  state: AnalysisState,
  origin: Origin | undefined,
): Expr {
  const e = extractValue(child, { kind: "Lit", type: STRING, nullable: false, value: name }, state, origin);
  return e.kind === "Call" && e.extra?.written === undefined
    ? { ...e, extra: { ...e.extra, written: name } }
    : e;
}

/** `child[extraction]`: a struct's field, an array's element, a map's value, a field of every struct in an array. */
export function extractValue(
  child: Expr,
  extraction: Expr,
  state: AnalysisState,
  origin: Origin | undefined,
): Expr {
  const base = child.type;
  const at = origin === undefined ? {} : { origin };
  const name =
    extraction.kind === "Lit" && extraction.type.kind === "string" ? (extraction.value as string) : undefined;
  if (base.kind === "struct" && name !== undefined) {
    const index = findField(base.fields, name, state, origin);
    const field = base.fields[index] as StructField;
    return {
      kind: "Call",
      fn: "getstructfield",
      args: [child],
      type: field.dataType,
      nullable: child.nullable || field.nullable,
      extra: { index, name: field.name, written: name },
      ...at,
    };
  }
  if (base.kind === "array" && base.elementType.kind === "struct" && name !== undefined) {
    const index = findField(base.elementType.fields, name, state, origin);
    const field = base.elementType.fields[index] as StructField;
    return {
      kind: "Call",
      fn: "getarraystructfields",
      args: [child],
      type: { kind: "array", elementType: field.dataType, containsNull: base.containsNull || field.nullable },
      nullable: child.nullable,
      extra: { index, name: field.name, written: name, fieldCount: base.elementType.fields.length },
      ...at,
    };
  }
  if (base.kind === "array") return elementAt(child, extraction, base.elementType, state, origin);
  if (base.kind === "map") {
    const key = castMapKey(extraction, base.keyType, state);
    const call: Expr = {
      kind: "Call",
      fn: "getmapvalue",
      args: [child, key],
      type: base.valueType,
      nullable: true,
      ...at,
    };
    if (JSON.stringify(key.type) !== JSON.stringify(base.keyType) && !sameKind(key.type, base.keyType)) {
      throw fail(
        "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
        {
          sqlExpr: quotedExpr(call),
          paramIndex: "second",
          requiredType: quotedSqlType(base.keyType),
          inputSql: quotedExpr(extraction),
          inputType: quotedSqlType(extraction.type),
        },
        origin,
      );
    }
    return call;
  }
  if (base.kind === "struct") {
    throw fail("INVALID_EXTRACT_FIELD_TYPE", { extraction: quotedExpr(extraction) }, origin);
  }
  throw fail(
    "INVALID_EXTRACT_BASE_FIELD_TYPE",
    { base: quotedExpr(child), other: quotedSqlType(base) },
    origin,
  );
}

function elementAt(
  child: Expr,
  extraction: Expr,
  elementType: DataType,
  state: AnalysisState,
  origin: Origin | undefined,
): Expr {
  let index = extraction;
  if (index.type.kind === "string" || index.type.kind === "null")
    index = implicitCast(index, T.integral, state.conf);
  const call: Expr = {
    kind: "Call",
    fn: "getarrayitem",
    args: [child, index],
    type: elementType,
    nullable: arrayItemNullable(child, index, state.conf.ansiEnabled),
    extra: { failOnError: state.conf.ansiEnabled },
    ...(origin === undefined ? {} : { origin }),
  };
  if (!isIntegral(index.type)) {
    throw fail(
      "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
      {
        sqlExpr: quotedExpr(call),
        paramIndex: "second",
        requiredType: '"INTEGRAL"',
        inputSql: quotedExpr(extraction),
        inputType: quotedSqlType(extraction.type),
      },
      origin,
    );
  }
  return index.type.kind === "integer" || index.type.kind === "long"
    ? call
    : { ...call, args: [child, castTo(index, INTEGER, state.conf)] };
}

function castMapKey(key: Expr, keyType: DataType, state: AnalysisState): Expr {
  if (sameKind(key.type, keyType)) return key;
  return implicitCast(key, T.of(keyType), state.conf);
}

function sameKind(a: DataType, b: DataType): boolean {
  return T.of(b).accepts(a);
}

function findField(
  fields: readonly StructField[],
  name: string,
  state: AnalysisState,
  origin: Origin | undefined,
): number {
  const same = (f: StructField) =>
    state.conf.caseSensitive ? f.name === name : f.name.toLowerCase() === name.toLowerCase();
  const found = fields.findIndex(same);
  if (found < 0) {
    throw fail(
      "FIELD_NOT_FOUND",
      { fieldName: quoteIdentifier(name), fields: fields.map((f) => quoteIdentifier(f.name)).join(", ") },
      origin,
    );
  }
  if (fields.some((f, i) => i > found && same(f))) {
    throw fail(
      "AMBIGUOUS_REFERENCE_TO_FIELDS",
      { field: quoteIdentifier(name), count: `${fields.filter(same).length}` },
      origin,
    );
  }
  return found;
}
