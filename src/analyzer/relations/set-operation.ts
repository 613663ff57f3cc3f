import { castTo, commonType, sameName } from "../../functions/coercion.ts";
import type { AliasExpr, Attr, Expr, NamedExpr } from "../../functions/expr.ts";
import type { Origin } from "../../plan/origin.ts";
import type { SetOperation } from "../../plan/relation.ts";
import type { DataType, StructField } from "../../types/data-type.ts";
import { sameType } from "../../types/data-type.ts";
import { quotedSqlType, quoteIdentifier } from "../../types/format.ts";
import { hasType } from "../checks.ts";
import { fail, ordinal } from "../errors.ts";
import { resolveRelation } from "../relations.ts";
import type { ResolvedRelation, RSetOp } from "../resolved-relation.ts";
import type { RelationScope, Resolved } from "../scope.ts";
import type { AnalysisState } from "../state.ts";
import type { Step } from "../steps.ts";
import { exact, joinPlanIds } from "./exact.ts";

export function* resolveSetOperation(
  rel: SetOperation,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  const left = exact((yield resolveRelation(rel.leftInput, scope, state)) as Resolved);
  const right = exact((yield resolveRelation(rel.rightInput, scope, state)) as Resolved);
  if (!rel.byName) return combine(left, right, rel.setOpType, rel.isAll, rel.origin, state);
  const [l, r] = matchedByName(left, right, rel.allowMissingColumns, state);
  return combine(l, r, rel.setOpType, rel.isAll, rel.origin, state);
}

/** UNION, INTERSECT, EXCEPT of two relations by position, types widened. */
export function combine(
  left: Resolved,
  right: Resolved,
  op: RSetOp["op"],
  isAll: boolean,
  origin: Origin | undefined,
  state: AnalysisState,
): Resolved {
  const operator = op.toUpperCase();
  if (left.output.length !== right.output.length) {
    throw fail(
      "NUM_COLUMNS_MISMATCH",
      {
        operator,
        firstNumColumns: `${left.output.length}`,
        invalidOrdinalNum: "second",
        invalidNumColumns: `${right.output.length}`,
      },
      origin,
    );
  }
  const types = left.output.map((a, i) => {
    const b = right.output[i] as Attr;
    const type = mergedStructure(a.type, b.type) ?? commonType(a.type, b.type, state.conf);
    if (type === undefined) {
      throw fail(
        "INCOMPATIBLE_COLUMN_TYPE",
        {
          operator,
          tableOrdinalNumber: "second",
          columnOrdinalNumber: ordinal(i),
          dataType1: quotedSqlType(b.type),
          dataType2: quotedSqlType(a.type),
          hint: "",
        },
        origin,
      );
    }
    return type;
  });
  if (op !== "union" || !isAll) checkSetTypes(left.output, types, origin);
  const columns = left.output.map((a, i): Attr => {
    const b = right.output[i] as Attr;
    const isNullable =
      op === "union" ? a.nullable || b.nullable : op === "intersect" ? a.nullable && b.nullable : a.nullable;
    return {
      kind: "Attr",
      id: state.nextId(),
      name: a.name,
      type: types[i] as DataType,
      nullable: isNullable,
      qualifier: [],
      ...(a.metadata === undefined ? {} : { metadata: a.metadata }),
    };
  });
  const inputs = [castColumns(left, types, state), castColumns(right, types, state)];
  const isDistinctUnion = op === "union" && !isAll;
  const plan: ResolvedRelation = isDistinctUnion
    ? { kind: "RDistinct", input: { kind: "RSetOp", op, isAll: true, inputs: inputs, columns } }
    : { kind: "RSetOp", op, isAll, inputs, columns };
  // Columns keep the left side's names, but a DataFrame's own columns are those of the left side too.
  return {
    plan,
    output: columns,
    hidden: [],
    planIds: renumbered(left, columns, joinPlanIds([left.planIds])),
  };
}

/** Where `df["x"]` of the left side is found in the result: its columns have new numbers there. */
function renumbered(left: Resolved, columns: readonly Attr[], ids: Resolved["planIds"]): Resolved["planIds"] {
  if (ids === undefined) return undefined;
  const byOld = new Map(left.output.map((a, i) => [a.id, columns[i] as Attr]));
  const root = { ...ids };
  const convert = (p: NonNullable<Resolved["planIds"]>): NonNullable<Resolved["planIds"]> => ({
    ...p,
    ...(p.output === undefined
      ? {}
      : {
          output: p.output.flatMap((a) => {
            const now = byOld.get(a.id);
            return now === undefined ? [] : [{ ...now, name: a.name }];
          }),
        }),
    hidden: [],
    below: [],
  });
  return convert(root);
}

/** The first type, when both are built alike but for names of fields and nullability inside; the latter is merged. */
function mergedStructure(a: DataType, b: DataType): DataType | undefined {
  if (a.kind === "array" && b.kind === "array") {
    const elementType = mergedStructure(a.elementType, b.elementType);
    return elementType && { kind: "array", elementType, containsNull: a.containsNull || b.containsNull };
  }
  if (a.kind === "map" && b.kind === "map") {
    const keyType = mergedStructure(a.keyType, b.keyType);
    const valueType = mergedStructure(a.valueType, b.valueType);
    if (keyType === undefined || valueType === undefined) return undefined;
    return { kind: "map", keyType, valueType, valueContainsNull: a.valueContainsNull || b.valueContainsNull };
  }
  if (a.kind === "struct" && b.kind === "struct") {
    if (a.fields.length !== b.fields.length) return undefined;
    const fields: StructField[] = [];
    for (const [i, f] of a.fields.entries()) {
      const g = b.fields[i] as StructField;
      const dataType = mergedStructure(f.dataType, g.dataType);
      if (dataType === undefined) return undefined;
      fields.push({ ...f, dataType, nullable: f.nullable || g.nullable });
    }
    return { kind: "struct", fields };
  }
  return sameType(a, b) ? a : undefined;
}

function checkSetTypes(
  output: readonly Attr[],
  types: readonly DataType[],
  origin: Origin | undefined,
): void {
  for (const [i, t] of types.entries()) {
    const name = quoteIdentifier((output[i] as Attr).name);
    if (hasType(t, (x) => x.kind === "map")) {
      throw fail(
        "UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE",
        { colName: name, dataType: quotedSqlType(t) },
        origin,
      );
    }
    if (hasType(t, (x) => x.kind === "variant")) {
      throw fail(
        "UNSUPPORTED_FEATURE.SET_OPERATION_ON_VARIANT_TYPE",
        { colName: name, dataType: quotedSqlType(t) },
        origin,
      );
    }
  }
}

function castColumns(r: Resolved, types: readonly DataType[], state: AnalysisState): ResolvedRelation {
  const isAlike = (a: Attr, i: number) => mergedStructure(types[i] as DataType, a.type) !== undefined;
  if (r.output.every(isAlike)) return r.plan;
  const columns = r.output.map((a, i): NamedExpr => {
    if (isAlike(a, i)) return a;
    const child = castTo(a, types[i] as DataType, state.conf);
    return child === a ? a : aliased(child, a.name, state);
  });
  return { kind: "RProject", input: r.plan, columns };
}

function aliased(child: Expr, name: string, state: AnalysisState): AliasExpr {
  return { kind: "AliasExpr", child, id: state.nextId(), name, type: child.type, nullable: child.nullable };
}

/** The sides with columns in the left's order by name; with nulls for columns that one of them lacks, if allowed. */
function matchedByName(
  left: Resolved,
  right: Resolved,
  allowMissing: boolean,
  state: AnalysisState,
): readonly [Resolved, Resolved] {
  checkDuplicates(left, state);
  checkDuplicates(right, state);
  const find = (name: string, r: Resolved) => r.output.find((a) => sameName(a.name, name, state.conf));
  const rightColumns: NamedExpr[] = [];
  const leftColumns: NamedExpr[] = [];
  for (const a of left.output) {
    const b = find(a.name, right);
    if (b === undefined) {
      if (!allowMissing) throw missingColumn(a.name, right);
      leftColumns.push(a);
      rightColumns.push(aliased(nullOf(a.type), a.name, state));
      continue;
    }
    if (allowMissing && a.type.kind === "struct" && b.type.kind === "struct") {
      const merged = mergeStructs(a.type, b.type, state);
      leftColumns.push(fillStruct(a, merged, state));
      rightColumns.push(fillStruct(b, merged, state));
    } else {
      leftColumns.push(a);
      rightColumns.push(b);
    }
  }
  for (const b of right.output) {
    if (find(b.name, left) !== undefined) continue;
    if (!allowMissing) throw missingColumn(b.name, left);
    leftColumns.push(aliased(nullOf(b.type), b.name, state));
    rightColumns.push(b);
  }
  return [projected(left, leftColumns), projected(right, rightColumns)];
}

function checkDuplicates(r: Resolved, state: AnalysisState): void {
  const seen = new Set<string>();
  for (const a of r.output) {
    const key = state.conf.caseSensitive ? a.name : a.name.toLowerCase();
    if (seen.has(key)) throw fail("COLUMN_ALREADY_EXISTS", { columnName: quoteIdentifier(key) });
    seen.add(key);
  }
}

function missingColumn(name: string, r: Resolved): Error {
  return fail("UNRESOLVED_COLUMN_AMONG_FIELD_NAMES", {
    colName: name,
    fieldNames: r.output.map((a) => a.name).join(", "),
  });
}

function nullOf(type: DataType): Expr {
  return { kind: "Lit", type, nullable: true, value: null };
}

function projected(r: Resolved, columns: readonly NamedExpr[]): Resolved {
  const output = columns.map(
    (c): Attr =>
      c.kind === "Attr"
        ? c
        : { kind: "Attr", id: c.id, name: c.name, type: c.type, nullable: c.nullable, qualifier: [] },
  );
  return { ...r, plan: { kind: "RProject", input: r.plan, columns }, output };
}

/** The fields of both structs by name, those of the first in front. */
function mergeStructs(a: DataType, b: DataType, state: AnalysisState): DataType {
  if (a.kind !== "struct" || b.kind !== "struct") return a;
  const fields: StructField[] = a.fields.map((f) => {
    const g = b.fields.find((x) => sameName(x.name, f.name, state.conf));
    if (g === undefined) return { ...f, nullable: true };
    return {
      ...f,
      dataType: mergeStructs(f.dataType, g.dataType, state),
      nullable: f.nullable || g.nullable,
    };
  });
  for (const g of b.fields) {
    if (!a.fields.some((f) => sameName(f.name, g.name, state.conf))) fields.push({ ...g, nullable: true });
  }
  return { kind: "struct", fields };
}

function fillStruct(a: Attr, target: DataType, state: AnalysisState): NamedExpr {
  if (sameType(a.type, target)) return a;
  return aliased(filled(a, target, state), a.name, state);
}

function filled(e: Expr, target: DataType, state: AnalysisState): Expr {
  if (e.type.kind !== "struct" || target.kind !== "struct") return e;
  const own = e.type.fields;
  const args = target.fields.flatMap((f): Expr[] => {
    const index = own.findIndex((x) => sameName(x.name, f.name, state.conf));
    const name: Expr = { kind: "Lit", type: { kind: "string" }, nullable: false, value: f.name };
    if (index < 0) return [name, nullOf(f.dataType)];
    const field = own[index] as StructField;
    const value: Expr = {
      kind: "Call",
      fn: "getstructfield",
      args: [e],
      type: field.dataType,
      nullable: e.nullable || field.nullable,
      extra: { index, name: field.name, written: field.name },
    };
    return [name, filled(value, f.dataType, state)];
  });
  const built = state.call("named_struct", args);
  return e.nullable ? state.call("if", [state.call("isnull", [e]), nullOf(built.type), built]) : built;
}
