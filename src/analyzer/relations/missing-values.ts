import { castTo, sameName } from "../../functions/coercion.ts";
import type { AliasExpr, Attr, Expr, NamedExpr } from "../../functions/expr.ts";
import type { Literal } from "../../plan/expression.ts";
import type { NADrop, NAFill, NAReplace } from "../../plan/relation.ts";
import type { DataType } from "../../types/data-type.ts";
import { DOUBLE, isNumeric, STRING } from "../../types/data-type.ts";
import { AttributeNames } from "../attribute-names.ts";
import { ambiguousReference, unresolvedColumn } from "../errors.ts";
import { splitName } from "../names.ts";
import { resolveRelation } from "../relations.ts";
import type { RelationScope, Resolved } from "../scope.ts";
import type { AnalysisState } from "../state.ts";
import type { Step } from "../steps.ts";
import { over } from "./exact.ts";
import { projection } from "./tables.ts";

/** `na.fill` */
export function* resolveFill(rel: NAFill, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  const perColumn = rel.values.length > 1;
  const chosen = rel.cols.map((name) => columnNamed(name, input, state));
  const columns = input.output.map((a): NamedExpr => {
    const at = chosen.findIndex((c) => c.id === a.id);
    if (rel.cols.length > 0 && at < 0) return a;
    const value = (perColumn ? rel.values[at] : rel.values[0]) as Literal;
    if (!perColumn && !fits(value, a.type)) return a;
    return alias(filled(a, value, state), a.name, state);
  });
  return projection(input, columns);
}

function fits(value: Literal, type: DataType): boolean {
  const { dataType } = value;
  if (isNumeric(dataType)) return isNumeric(type);
  return dataType.kind === type.kind;
}

function filled(a: Attr, value: Literal, state: AnalysisState): Expr {
  const literal = lit(value);
  const base: Expr =
    a.type.kind === "float" || a.type.kind === "double" ? state.call("nanvl", [a, nullOf(a.type)]) : a;
  return state.call("coalesce", [base, castTo(literal, a.type, state.conf)]);
}

function lit(value: Literal): Expr {
  return { kind: "Lit", type: value.dataType, nullable: value.value === null, value: value.value };
}

function nullOf(type: DataType): Expr {
  return { kind: "Lit", type, nullable: true, value: null };
}

function alias(child: Expr, name: string, state: AnalysisState): AliasExpr {
  return { kind: "AliasExpr", child, id: state.nextId(), name, type: child.type, nullable: child.nullable };
}

function columnNamed(name: string, input: Resolved, state: AnalysisState): Attr {
  const parts = splitName(name);
  const { attrs } = AttributeNames.of(input.output, state.conf.caseSensitive).find(parts);
  if (attrs.length > 1) throw ambiguousReference(parts, attrs);
  const [attr] = attrs;
  if (attr === undefined) throw unresolvedColumn(parts, input.output);
  return attr;
}

/** `na.drop`: rows with fewer than so many values (all, unless said otherwise); NaN counts as none. */
export function* resolveDropNulls(rel: NADrop, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  const columns =
    rel.cols.length === 0 ? input.output : rel.cols.map((name) => columnNamed(name, input, state));
  const min = rel.minNonNulls ?? columns.length;
  if (columns.length === 0) return input;
  const condition = state.call("at_least_n_non_nulls", [
    { kind: "Lit", type: { kind: "integer" }, nullable: false, value: min },
    ...columns,
  ]);
  return over(input, (plan) => ({ kind: "RFilter", input: plan, condition }));
}

/** `na.replace`: values of the columns of a matching type, one for one. */
export function* resolveReplace(rel: NAReplace, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  const [first] = rel.replacements;
  if (first === undefined) return input;
  const kind = first.oldValue.value === null ? first.newValue.dataType : first.oldValue.dataType;
  const chosen = rel.cols.length === 0 ? undefined : rel.cols.map((name) => columnNamed(name, input, state));
  const columns = input.output.map((a): NamedExpr => {
    const isChosen = chosen === undefined || chosen.some((c) => sameName(c.name, a.name, state.conf));
    const isRight = isNumeric(kind) ? isNumeric(a.type) : kind.kind === a.type.kind;
    return isChosen && isRight ? alias(replaced(a, rel, state), a.name, state) : a;
  });
  return projection(input, columns);
}

function replaced(a: Attr, rel: NAReplace, state: AnalysisState): Expr {
  const asType = isNumeric(a.type) ? DOUBLE : a.type.kind === "boolean" ? a.type : STRING;
  const args = rel.replacements.flatMap(({ oldValue, newValue }): Expr[] => {
    const old = castTo(castTo(lit(oldValue), asType, state.conf), a.type, state.conf);
    const replacement =
      newValue.value === null
        ? nullOf(a.type)
        : castTo(castTo(lit(newValue), asType, state.conf), a.type, state.conf);
    return [state.call("==", [a, old]), replacement];
  });
  const result = state.call("when", [...args, a]);
  return result.nullable ? result : { ...result, nullable: true };
}
