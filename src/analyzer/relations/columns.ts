import { canCast } from "../../functions/cast/can-cast.ts";
import { castTo, sameName } from "../../functions/coercion.ts";
import type { AliasExpr, Attr, Expr, NamedExpr } from "../../functions/expr.ts";
import type { Expression } from "../../plan/expression.ts";
import type { Origin } from "../../plan/origin.ts";
import type {
  Deduplicate,
  Drop,
  SubqueryAlias,
  ToDF,
  ToSchema,
  WithColumns,
  WithColumnsRenamed,
} from "../../plan/relation.ts";
import type { DataType, StructField, StructType } from "../../types/data-type.ts";
import { STRING, sameType } from "../../types/data-type.ts";
import { quotedSqlType, quoteIdentifier } from "../../types/format.ts";
import { hasType } from "../checks.ts";
import { lookUp, nameParts, resolveColumn } from "../column-resolution.ts";
import { fail, unresolvedColumn } from "../errors.ts";
import { extractField } from "../extract-value.ts";
import { resolveRelation } from "../relations.ts";
import type { RelationScope, Resolved } from "../scope.ts";
import { resolveItems, type SelectItem } from "../select-items.ts";
import type { AnalysisState } from "../state.ts";
import type { Step } from "../steps.ts";
import { exact } from "./exact.ts";
import { projectItems, selectFrom } from "./project.ts";
import { projection, qualified } from "./tables.ts";

/** What the parser calls a subquery that has no alias: no name to call it by. */
const UNNAMED = "__auto_generated_subquery_name";

/** `AS t`, `AS t(a, b)`. */
export function* resolveAlias(
  rel: SubqueryAlias,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  const named =
    rel.columnAliases === undefined ? input : renameColumns(input, rel.columnAliases, rel.origin, state);
  return qualified(named, rel.alias === UNNAMED ? [] : [rel.alias]);
}

/** The columns under other names, by position. */
export function renameColumns(
  input: Resolved,
  names: readonly string[],
  origin: Origin | undefined,
  state: AnalysisState,
): Resolved {
  if (names.length !== input.output.length) {
    throw fail(
      "ASSIGNMENT_ARITY_MISMATCH",
      { numTarget: `${input.output.length}`, numExpr: `${names.length}` },
      origin,
    );
  }
  return projection(
    input,
    input.output.map((a, i) => alias(a, names[i] as string, state)),
  );
}

function alias(child: Expr, name: string, state: AnalysisState, metadata?: AliasExpr["metadata"]): AliasExpr {
  const kept = metadata ?? (child.kind === "Attr" ? child.metadata : undefined);
  return {
    kind: "AliasExpr",
    child,
    id: state.nextId(),
    name,
    type: child.type,
    nullable: child.nullable,
    ...(kept === undefined ? {} : { metadata: kept }),
  };
}

export function* resolveToDf(rel: ToDF, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  return renameColumns(input, rel.columnNames, rel.origin, state);
}

/** `withColumns`: columns of that name are replaced where they stand, the others come last. */
export function* resolveWithColumns(
  rel: WithColumns,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  const fold = (name: string) => (state.conf.caseSensitive ? name : name.toLowerCase());
  const seen = new Set<string>();
  for (const { name } of rel.aliases) {
    const key = fold(name[0] as string);
    if (seen.has(key)) throw fail("COLUMN_ALREADY_EXISTS", { columnName: quoteIdentifier(key) });
    seen.add(key);
  }
  const env = { inputs: [input], scope };
  const items = new Map<string, readonly SelectItem[]>();
  for (const a of rel.aliases) {
    items.set(fold(a.name[0] as string), (yield resolveItems([a], env, state)) as readonly SelectItem[]);
  }
  const taken = new Set<string>();
  const all = input.output.flatMap((a): readonly SelectItem[] => {
    const own = items.get(fold(a.name));
    if (own === undefined) return [{ kind: "column", expr: a }];
    if (taken.has(fold(a.name))) return own.map((item) => again(item, state));
    taken.add(fold(a.name));
    return own;
  });
  for (const [key, own] of items) if (!taken.has(key)) all.push(...own);
  return selectFrom(input, all, rel.origin, state);
}

/** The same column a second time, under a number of its own. */
function again(item: SelectItem, state: AnalysisState): SelectItem {
  return item.kind === "column" && item.expr.kind === "AliasExpr"
    ? { ...item, expr: { ...item.expr, id: state.nextId() } }
    : item;
}

export function* resolveRenamed(
  rel: WithColumnsRenamed,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  const columns = input.output.map((a): { attr: Attr; name: string } => ({ attr: a, name: a.name }));
  for (const { colName, newColName } of rel.renames) {
    for (const c of columns) if (sameName(c.name, colName, state.conf)) c.name = newColName;
  }
  const items = columns.map(
    ({ attr, name }): SelectItem => ({
      kind: "column",
      expr: name === attr.name ? attr : alias(attr, name, state),
    }),
  );
  return projectItems(input, items, rel.origin, state);
}

export function* resolveDrop(rel: Drop, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  const env = { inputs: [input], scope };
  const dropped = new Set<number>();
  for (const e of rel.columns) {
    const found = droppedColumn(e, env, state);
    if (found?.kind === "Attr") dropped.add(found.id);
  }
  const names = rel.columnNames;
  const kept = input.output.filter(
    (a) => !dropped.has(a.id) && !names.some((n) => sameName(n, a.name, state.conf)),
  );
  if (kept.length === input.output.length) return input;
  return projectItems(
    input,
    kept.map((expr): SelectItem => ({ kind: "column", expr })),
    rel.origin,
    state,
  );
}

/** A column that is not there is dropped already. */
function droppedColumn(
  e: Expression,
  env: { inputs: readonly Resolved[]; scope: RelationScope },
  state: AnalysisState,
): Expr | undefined {
  if (e.kind !== "UnresolvedAttribute")
    throw fail("INTERNAL_ERROR", { message: "only columns can be dropped" }, e.origin);
  if (e.planId !== undefined) {
    try {
      return resolveColumn(e, env, state);
    } catch (error) {
      if ((error as { getCondition?: () => string }).getCondition?.() === "CANNOT_RESOLVE_DATAFRAME_COLUMN")
        return undefined;
      throw error;
    }
  }
  return lookUp(nameParts(e), env, state, e.origin);
}

export function* resolveDeduplicate(
  rel: Deduplicate,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  const resolved = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  const input = exact(resolved);
  const keys =
    rel.allColumnsAsKeys || rel.columnNames.length === 0
      ? undefined
      : rel.columnNames.flatMap((name) => {
          const found = input.output.filter((a) => sameName(a.name, name, state.conf));
          if (found.length === 0) {
            throw fail("UNRESOLVED_COLUMN_AMONG_FIELD_NAMES", {
              colName: name,
              fieldNames: input.output.map((a) => a.name).join(", "),
            });
          }
          return found;
        });
  for (const a of keys ?? input.output) {
    const dataType = quotedSqlType(a.type);
    const colName = quoteIdentifier(a.name);
    if (hasType(a.type, (t) => t.kind === "map"))
      throw fail("UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE", { colName, dataType }, rel.origin);
    if (hasType(a.type, (t) => t.kind === "variant")) {
      throw fail("UNSUPPORTED_FEATURE.SET_OPERATION_ON_VARIANT_TYPE", { colName, dataType }, rel.origin);
    }
  }
  return {
    plan: { kind: "RDistinct", input: input.plan, ...(keys === undefined ? {} : { keys }) },
    output: input.output,
    hidden: [],
    planIds: input.planIds,
  };
}

/** `df.to(schema)`: columns and fields matched by name and cast as a table write would. */
export function* resolveToSchema(rel: ToSchema, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  const target = rel.schema as StructType;
  const columns = target.fields.map((f): NamedExpr => {
    const found = input.output.filter((a) => sameName(a.name, f.name, state.conf));
    if (found.length > 1)
      throw fail("AMBIGUOUS_COLUMN_OR_FIELD", { name: quoteIdentifier(f.name), n: `${found.length}` });
    const [attr] = found;
    if (attr === undefined) {
      if (!f.nullable) throw unresolvedColumn([f.name], input.output);
      return alias({ kind: "Lit", type: f.dataType, nullable: true, value: null }, f.name, state, f.metadata);
    }
    if (attr.nullable && !f.nullable)
      throw fail("NULLABLE_COLUMN_OR_FIELD", { name: quoteIdentifier(f.name) });
    return {
      ...alias(reconciled(attr, f.dataType, [f.name], state), f.name, state, f.metadata),
      nullable: f.nullable,
    };
  });
  return projection(input, columns);
}

function reconciled(e: Expr, to: DataType, path: readonly string[], state: AnalysisState): Expr {
  const from = e.type;
  const nullOf = (type: DataType): Expr => ({ kind: "Lit", type, nullable: true, value: null });
  if (sameType(from, to)) return e;
  if (from.kind === "struct" && to.kind === "struct") {
    const args = to.fields.flatMap((f: StructField): Expr[] => {
      const name: Expr = { kind: "Lit", type: STRING, nullable: false, value: f.name };
      const own = from.fields.filter((g) => sameName(g.name, f.name, state.conf));
      const [found] = own;
      if (own.length > 1)
        throw fail("AMBIGUOUS_COLUMN_OR_FIELD", {
          name: [...path, f.name].map(quoteIdentifier).join("."),
          n: `${own.length}`,
        });
      if (found === undefined) {
        if (!f.nullable) {
          throw fail("UNRESOLVED_FIELD.WITH_SUGGESTION", {
            fieldName: quoteIdentifier(f.name),
            columnPath: path.map(quoteIdentifier).join("."),
            proposal: from.fields.map((g) => quoteIdentifier(g.name)).join(", "),
          });
        }
        return [name, nullOf(f.dataType)];
      }
      if (found.nullable && !f.nullable) {
        throw fail("NULLABLE_COLUMN_OR_FIELD", { name: [...path, f.name].map(quoteIdentifier).join(".") });
      }
      return [
        name,
        reconciled(extractField(e, found.name, state, undefined), f.dataType, [...path, f.name], state),
      ];
    });
    const built = state.call("named_struct", args);
    return e.nullable ? state.call("if", [state.call("isnull", [e]), nullOf(built.type), built]) : built;
  }
  if (from.kind === "array" && to.kind === "array" && from.containsNull && !to.containsNull) {
    throw fail("NOT_NULL_CONSTRAINT_VIOLATION.ARRAY_ELEMENT", {
      columnPath: path.map(quoteIdentifier).join("."),
    });
  }
  if (from.kind === "map" && to.kind === "map" && from.valueContainsNull && !to.valueContainsNull) {
    throw fail("NOT_NULL_CONSTRAINT_VIOLATION.MAP_VALUE", {
      columnPath: path.map(quoteIdentifier).join("."),
    });
  }
  if (!canCast(from, to, state.conf.ansiEnabled ? "ansi" : "legacy")) {
    throw fail("INVALID_COLUMN_OR_FIELD_DATA_TYPE", {
      name: path.map(quoteIdentifier).join("."),
      type: quotedSqlType(from),
      expectedType: quotedSqlType(to),
    });
  }
  return castTo(e, to, state.conf);
}
