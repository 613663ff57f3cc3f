import { castIgnoringNullability, widestType } from "../../functions/coercion.ts";
import type { AliasExpr, Attr, Call, Expr, NamedExpr } from "../../functions/expr.ts";
import type { Expression } from "../../plan/expression.ts";
import type { Unpivot } from "../../plan/relation.ts";
import type { DataType } from "../../types/data-type.ts";
import { STRING } from "../../types/data-type.ts";
import { quotedSqlType, quoteIdentifier } from "../../types/format.ts";
import { fail, quotedExpr } from "../errors.ts";
import { trimAlias } from "../expr-rewrite.ts";
import { resolveRelation } from "../relations.ts";
import type { ResolvedRelation } from "../resolved-relation.ts";
import type { RelationScope, Resolved } from "../scope.ts";
import { resolveItems, type SelectItem } from "../select-items.ts";
import type { AnalysisState } from "../state.ts";
import type { Step } from "../steps.ts";
import { projection } from "./tables.ts";

interface ValueGroup {
  readonly columns: readonly NamedExpr[];
  readonly name: string;
}

/** Turns columns into rows: one row a value column (or group of them), after the id columns. */
export function* resolveUnpivot(rel: Unpivot, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  const named = function* (list: readonly Expression[]): Step<readonly NamedExpr[]> {
    const items = (yield resolveItems(list, { inputs: [input], scope }, state)) as readonly SelectItem[];
    return items.map((i) => (i.kind === "column" ? i.expr : refuse(i)));
  };
  let groups: readonly ValueGroup[];
  let ids = (yield named(rel.ids)) as readonly NamedExpr[];
  if (rel.multi !== undefined) {
    const found: ValueGroup[] = [];
    for (const group of rel.multi.groups) {
      const columns = (yield named(group.columns)) as readonly NamedExpr[];
      found.push({ columns, name: group.alias ?? columns.map((c) => c.name).join("_") });
    }
    groups = found;
  } else if (rel.values !== undefined) {
    groups = ((yield named(rel.values)) as readonly NamedExpr[]).map((c) => ({ columns: [c], name: c.name }));
  } else {
    const taken = new Set(ids.map((i) => i.id));
    groups = input.output.filter((a) => !taken.has(a.id)).map((c) => ({ columns: [c], name: c.name }));
  }
  if (rel.isSql === true) {
    const taken = new Set(groups.flatMap((g) => g.columns.map((c) => c.id)));
    ids = input.output.filter((a) => !taken.has(a.id));
  }
  if (groups.length === 0) throw fail("UNPIVOT_REQUIRES_VALUE_COLUMNS", {});
  return unpivoted(input, ids, groups, rel, state);
}

function refuse(item: SelectItem): never {
  throw fail("UNPIVOT_REQUIRES_ATTRIBUTES", { given: "value", empty: "id", expressions: item.kind });
}

function unpivoted(
  input: Resolved,
  ids: readonly NamedExpr[],
  groups: readonly ValueGroup[],
  rel: Unpivot,
  state: AnalysisState,
): Resolved {
  const names = rel.multi?.valueColumnNames ?? [rel.valueColumnName];
  const wrong = groups.find((g) => g.columns.length !== names.length);
  if (wrong !== undefined) throw fail("UNPIVOT_VALUE_SIZE_MISMATCH", { names: `${names.length}` });
  const types = names.map((_, i): DataType => {
    const columns = groups.map((g) => g.columns[i] as NamedExpr);
    const type = widestType(
      columns.map((c) => c.type),
      state.conf,
    );
    const hasStrings =
      columns.some((c) => c.type.kind === "string") &&
      columns.some((c) => c.type.kind !== "string" && c.type.kind !== "null");
    if (type === undefined || hasStrings) throw mismatch(columns);
    return type;
  });
  const keepNulls = rel.includeNulls === true || rel.isSql !== true;
  const rows = groups.map((g): readonly Expr[] => [
    { kind: "Lit", type: STRING, nullable: false, value: g.name },
    ...g.columns.map((c, i) => castIgnoringNullability(trimAlias(c), types[i] as DataType, state.conf)),
  ]);
  const generated = [rel.variableColumnName, ...names].map(
    (name, i): Attr => ({
      kind: "Attr",
      id: state.nextId(),
      name,
      type: i === 0 ? STRING : (types[i - 1] as DataType),
      nullable: i > 0 && rows.some((row) => (row[i] as Expr).nullable),
      qualifier: [],
    }),
  );
  const stack: Call = {
    kind: "Call",
    fn: "stack",
    args: [{ kind: "Lit", type: { kind: "integer" }, nullable: false, value: rows.length }, ...rows.flat()],
    type: {
      kind: "array",
      elementType: {
        kind: "struct",
        fields: generated.map((g) => ({ name: g.name, dataType: g.type, nullable: g.nullable })),
      },
      containsNull: false,
    },
    nullable: false,
  };
  const base: ResolvedRelation = ids.every((i) => i.kind === "Attr")
    ? input.plan
    : {
        kind: "RProject",
        input: input.plan,
        columns: [...input.output, ...ids.filter((i): i is AliasExpr => i.kind === "AliasExpr")],
      };
  let plan: ResolvedRelation = {
    kind: "RGenerate",
    input: base,
    generator: stack,
    isOuter: false,
    columns: generated,
  };
  if (!keepNulls) {
    const present = generated.slice(1).map((g) => state.call("isnotnull", [g]));
    plan = { kind: "RFilter", input: plan, condition: present.reduce((a, b) => state.call("or", [a, b])) };
  }
  const idAttrs = ids.map(
    (i): Attr =>
      i.kind === "Attr"
        ? i
        : { kind: "Attr", id: i.id, name: i.name, type: i.type, nullable: i.nullable, qualifier: [] },
  );
  return projection({ ...input, plan }, [...idAttrs, ...generated]);
}

function mismatch(columns: readonly NamedExpr[]): Error {
  const byType = new Map<string, string[]>();
  for (const c of columns) {
    const type = quotedSqlType(c.type);
    const list = byType.get(type) ?? [];
    list.push(c.kind === "Attr" ? quoteIdentifier(c.name) : quotedExpr(c));
    byType.set(type, list);
  }
  const types = [...byType]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, list]) => `${type} (${list.slice(0, 3).join(", ")}${list.length > 3 ? ", ..." : ""})`);
  return fail("UNPIVOT_VALUE_DATA_TYPE_MISMATCH", { types: types.join(", ") });
}
